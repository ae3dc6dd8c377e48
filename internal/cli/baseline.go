package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/baseline"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/scan"
	"github.com/wadjet-security/wadjet/internal/settings"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// whole makes a scan show all that is there: what a list holds may have been shown under another profile.
var whole = [][]string{{"profile", "audit"}, {"severity-level", "low"}, {"confidence-level", "low"}}

// defaultBaseline is the file that baseline commands use when neither a flag nor settings name one.
const defaultBaseline = "wadjet-baseline.json"

func baselineCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline",
		Short: "Keep a list of known findings, so that a scan shows new ones only",
		Long: `A baseline lists the findings that are known. A scan that is given one (--baseline, or the setting of that name) does not show
them, and does not count them for the exit code. It is a JSON file to be kept in the repository: one finding a line, no line numbers,
no dates, nothing of a secret. See docs/baselines.md.`,
		Example: `  wadjet baseline create                         list what there is today
  wadjet scan --baseline wadjet-baseline.json    only what is new
  wadjet baseline prune                          take out what was mended
  wadjet baseline update --reason "accepted in SEC-12" --author kim src/legacy.py
  wadjet baseline audit                          what is listed, why, and whether it is still there
  wadjet baseline import bandit-baseline.json    of Bandit, detect-secrets or Gitleaks`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(baselineCreate(s), baselineUpdate(s), baselinePrune(s), baselineAudit(s), baselineImport(s))
	return cmd
}

// baselineFlags are what all of these commands take.
type baselineFlags struct {
	rules   ruleFlags
	file    string
	reason  string
	author  string
	expires string
	exclude []string
	noGit   bool
}

func (f *baselineFlags) register(cmd *cobra.Command, adds bool) {
	f.rules.register(cmd)
	fl := cmd.Flags()
	fl.StringVarP(&f.file, "baseline", "b", "", "the `file` (default: the setting baseline, else "+defaultBaseline+")")
	fl.StringArrayVarP(&f.exclude, "exclude", "x", nil, "leave out what fits this `glob`, as in .gitignore (repeatable)")
	if adds {
		fl.StringVar(&f.reason, "reason", "", "a `text` for each new entry: why it is not mended")
		fl.StringVar(&f.author, "author", "", "a `name` for each new entry: who says so")
		fl.StringVar(&f.expires, "expires", "", "a `day` for each new entry, as 2026-12-31: after it the finding counts as new")
	}
}

// A looked is a scan for a baseline.
type looked struct {
	file     string // of the baseline, absolute
	shown    string
	findings []*finding.Finding // what would be shown without a baseline
	place    func(path string) string
	within   func(path string) bool // whether a path of the list lies in what was looked at
	blind    bool
}

// look scans as `wadjet scan` would, without a baseline.
func (f *baselineFlags) look(cmd *cobra.Command, s *Streams, paths []string, forced ...[]string) (*looked, error) {
	if f.expires != "" {
		if _, err := time.Parse(time.DateOnly, f.expires); err != nil {
			return nil, usage("--expires %q is no day: write 2026-12-31", f.expires)
		}
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	tree, err := f.rules.settings(cmd, s, paths, forced...)
	if err != nil {
		return nil, err
	}
	l := &looked{}
	if l.file, err = f.where(s, tree); err != nil {
		return nil, err
	}
	l.shown = l.file
	if rel, err := filepath.Rel(tree.Root(), l.file); err == nil {
		l.shown = filepath.ToSlash(rel)
	}
	o := scan.Options{Paths: paths, NoBaselines: true, Tool: tool(), Today: s.now().UTC().Format(time.DateOnly),
		Walk: walk.Options{Root: s.Dir, Exclude: f.exclude, Stdin: s.In}}
	if err := o.Configure(tree, builtin); err != nil {
		return nil, failed(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var got collected
	result, err := scan.Run(ctx, o, &got)
	if errors.Is(err, context.Canceled) {
		return nil, interrupted
	}
	if err != nil {
		return nil, failed(err)
	}
	for _, i := range got.Incidents {
		if i.Blind || i.Lost {
			fmt.Fprintf(s.Err, "wadjet: %s: %s\n", finding.Plain(i.Path), finding.Plain(i.Message))
		}
	}
	l.findings, l.blind = got.Findings, result.Blind
	l.place = scan.PlaceIn(tree.Root(), filepath.Dir(l.file))
	var roots []string
	for _, p := range paths {
		if rel, err := filepath.Rel(filepath.Dir(l.file), tree.Path(p)); err == nil {
			roots = append(roots, filepath.ToSlash(rel))
		}
	}
	l.within = func(path string) bool {
		return slices.ContainsFunc(roots, func(r string) bool {
			if strings.Trim(r, "./") == "" { // the folder of the list, or one above it
				return strings.Count(path, "../") <= strings.Count(r, "..")
			}
			return path == r || strings.HasPrefix(path, r+"/")
		})
	}
	return l, nil
}

// where is the file of the baseline: of the flag, of the settings, or the usual one.
func (f *baselineFlags) where(s *Streams, tree *settings.Tree) (string, error) {
	file := ""
	if f.file != "" {
		file = s.path(f.file)
	} else if v, ok := tree.Start().Value("baseline"); ok {
		file = v.Text
		// The tree may be a stranger's: what is written there stays there.
		if folder, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil && folder != filepath.Dir(file) {
			return "", usage("%s: the baseline %s leads elsewhere: name it with --baseline", v.Origin, file)
		}
	} else {
		file = filepath.Join(tree.Root(), defaultBaseline)
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return "", usage("there is no folder for %s: make it first", file)
	}
	return filepath.Join(folder, filepath.Base(file)), nil
}

// read is the list in the file. It must be there.
func (l *looked) read() (*baseline.List, error) {
	raw, err := baseline.Read(l.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, exit{exitBlind, fmt.Errorf("there is no %s: make it with `wadjet baseline create`", l.shown)}
	}
	var list *baseline.List
	if err == nil {
		list, err = baseline.Parse(raw)
	}
	if err != nil {
		return nil, exit{exitBlind, fmt.Errorf("%s cannot be read: %w", l.shown, err)}
	}
	return list, nil
}

// write puts a list in the place of the old one, wholly or not at all.
func (l *looked) write(list *baseline.List) error {
	temp, err := os.CreateTemp(filepath.Dir(l.file), ".wadjet-baseline-*")
	if err == nil {
		_, err = temp.Write(list.Encode())
		err = errors.Join(err, temp.Chmod(0o644), temp.Close())
		if err == nil {
			err = os.Rename(temp.Name(), l.file)
		}
		if err != nil {
			os.Remove(temp.Name())
		}
	}
	if err != nil {
		return exit{exitUsage, fmt.Errorf("%s cannot be written: %w", l.shown, err)}
	}
	return nil
}

// done is how a command ends that has written: a scan that was blind makes an incomplete list.
func (l *looked) done() error {
	if l.blind {
		return exit{exitBlind, errors.New("not all was looked at, so the list may lack something")}
	}
	return nil
}

// sign gives new entries what the flags say of them.
func (f *baselineFlags) sign(e *baseline.Entry) {
	if e.Reason == "" {
		e.Reason = f.reason
	}
	if e.Author == "" {
		e.Author = f.author
	}
	if e.Expires == "" {
		e.Expires = f.expires
	}
}

func entries(n int) string {
	if n == 1 {
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", n)
}

func total(list []baseline.Entry) (n int) {
	for _, e := range list {
		n += max(1, e.Count)
	}
	return n
}

func baselineCreate(s *Streams) *cobra.Command {
	var f baselineFlags
	var force bool
	cmd := &cobra.Command{
		Use:   "create [paths…]",
		Short: "List what a scan finds now",
		Long: `Create scans as wadjet scan would (same paths, settings and flags) and lists what is found. What comments silence is not listed.

Below a git repository it also sees to it that branches merge the list without conflict, by a line in .gitattributes beside it.`,
		Example: `  wadjet baseline create
  wadjet baseline create --profile strict --reason "before wadjet came" --expires 2027-06-30`,
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := f.look(cmd, s, args)
			if err != nil {
				return err
			}
			if _, err := os.Lstat(l.file); err == nil && !force {
				return usage("%s is there already: use `wadjet baseline update`, or --force to write it anew", l.shown)
			}
			list := baseline.Of(l.findings, l.place)
			for i := range list.Entries {
				f.sign(&list.Entries[i])
			}
			if err := l.write(list); err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s in %s\n", entries(total(list.Entries)), finding.Plain(l.shown))
			if !f.noGit {
				if err := mergeByLine(l.file, s); err != nil {
					return exit{exitUsage, err}
				}
			}
			if f.file != "" || filepath.Base(l.file) == defaultBaseline {
				fmt.Fprintf(s.Out, "To use it: wadjet scan --baseline %s, or baseline = %q in the settings\n", finding.Plain(l.shown), finding.Plain(l.shown))
			}
			return l.done()
		},
	}
	f.register(cmd, true)
	cmd.Flags().BoolVar(&force, "force", false, "write the file anew when it is there; reasons in it are lost")
	cmd.Flags().BoolVar(&f.noGit, "no-gitattributes", false, "leave .gitattributes as it is")
	return cmd
}

// mergeByLine makes Git keep the lines of both sides when branches change the list.
func mergeByLine(file string, s *Streams) error {
	for at := filepath.Dir(file); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			break
		}
		if filepath.Dir(at) == at {
			return nil
		}
	}
	attributes := filepath.Join(filepath.Dir(file), ".gitattributes")
	if info, err := os.Lstat(attributes); err == nil && !info.Mode().IsRegular() {
		return nil // a link is somebody else's
	}
	raw, err := os.ReadFile(attributes)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	name := filepath.Base(file)
	if strings.Contains(string(raw), name) || strings.ContainsAny(name, " \"") {
		return nil
	}
	text := string(raw)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if err := os.WriteFile(attributes, []byte(text+"/"+name+" merge=union\n"), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(s.Out, ".gitattributes says now that branches merge it line by line\n")
	return nil
}

// still is what of a list is still there, with its reasons, or was not looked at, and how many findings are gone or past their day. What
// the scan does not show is looked for under all profiles before it is said to be gone.
func (f *baselineFlags) still(cmd *cobra.Command, s *Streams, args []string, l *looked, old *baseline.List, today string) (st standing, err error) {
	st.list, st.there = &baseline.List{}, map[[2]string]int{}
	keep := func(of *looked) func(*finding.Finding, *baseline.Entry) {
		return func(x *finding.Finding, e *baseline.Entry) {
			one := baseline.Of([]*finding.Finding{x}, of.place).Entries[0]
			one.Reason, one.Author, one.Expires = e.Reason, e.Author, e.Expires
			st.list.Add(one)
			st.there[[2]string{e.Fingerprint, e.Path}]++
		}
	}
	left, expired := old.Match(l.findings, l.place, today, keep(l))
	if len(left) > 0 {
		all, err := f.look(cmd, s, args, whole...)
		if err != nil {
			return st, err
		}
		st.blind = all.blind
		// Without those that were found already.
		seen := baseline.Of(l.findings, l.place)
		found := map[*finding.Finding]bool{}
		seen.Match(all.findings, all.place, "", func(x *finding.Finding, _ *baseline.Entry) { found[x] = true })
		all.findings = slices.DeleteFunc(all.findings, func(x *finding.Finding) bool { return found[x] })
		rest := &baseline.List{Entries: left}
		left, _ = rest.Match(all.findings, all.place, "", keep(all))
	}
	for _, e := range left {
		if l.within(e.Path) {
			st.gone += max(1, e.Count)
		} else {
			st.list.Add(e)
		}
	}
	st.expired = expired
	return st, nil
}

// A standing is what became of a list.
type standing struct {
	list    *baseline.List
	there   map[[2]string]int // how many are there still, by fingerprint and path as they were listed
	gone    int
	expired []baseline.Entry
	blind   bool
}

func baselineUpdate(s *Streams) *cobra.Command {
	var f baselineFlags
	cmd := &cobra.Command{
		Use:   "update [paths…]",
		Short: "Add what is new, and take out what is gone",
		Long: `Update makes the list what a scan finds now. Entries that stay keep their reason, author and day. With paths, entries of other files
stay as they are.`,
		Example: `  wadjet baseline update
  wadjet baseline update --reason "accepted in SEC-12" --author kim src/legacy.py`,
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := f.look(cmd, s, args)
			if err != nil {
				return err
			}
			old, err := l.read()
			if err != nil {
				return err
			}
			said := map[*finding.Finding]bool{}
			old.Match(l.findings, l.place, "", func(f *finding.Finding, e *baseline.Entry) { said[f] = true })
			st, err := f.still(cmd, s, args, l, old, "")
			if err != nil {
				return err
			}
			list, gone := st.list, st.gone
			added := 0
			for _, x := range l.findings {
				if !said[x] {
					one := baseline.Of([]*finding.Finding{x}, l.place).Entries[0]
					added++
					f.sign(&one)
					list.Add(one)
				}
			}
			if err := l.write(list); err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s in %s: %d new, %d gone\n", entries(total(list.Entries)), finding.Plain(l.shown), added, gone)
			return l.done()
		},
	}
	f.register(cmd, true)
	return cmd
}

func baselinePrune(s *Streams) *cobra.Command {
	var f baselineFlags
	cmd := &cobra.Command{
		Use:   "prune [paths…]",
		Short: "Take out what is gone or past its day",
		Long:  `Prune takes entries out, and adds none: of findings that are not there any more under any profile, and those past their day.`,
		Example: `  wadjet baseline prune
  wadjet baseline prune src`,
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := f.look(cmd, s, args)
			if err != nil {
				return err
			}
			old, err := l.read()
			if err != nil {
				return err
			}
			st, err := f.still(cmd, s, args, l, old, s.now().UTC().Format(time.DateOnly))
			if err != nil {
				return err
			}
			if l.blind || st.blind {
				return exit{exitBlind, errors.New("not all was looked at: what is gone is not known, and nothing was taken out")}
			}
			list, gone, past := st.list, st.gone, total(st.expired)
			if err := l.write(list); err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s in %s: %d gone, %d past their day\n", entries(total(list.Entries)), finding.Plain(l.shown), gone, past)
			return nil
		},
	}
	f.register(cmd, false)
	return cmd
}

func baselineAudit(s *Streams) *cobra.Command {
	var f baselineFlags
	cmd := &cobra.Command{
		Use:   "audit [paths…]",
		Short: "Say what is listed, why, and whether it is still there",
		Long: `Audit prints each entry with what is to be said of it: gone, past its day, without a reason. The exit code is 1 when there is
something to do: an entry that is gone or past its day.`,
		Example: `  wadjet baseline audit`,
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := f.look(cmd, s, args)
			if err != nil {
				return err
			}
			list, err := l.read()
			if err != nil {
				return err
			}
			st, err := f.still(cmd, s, args, l, list, s.now().UTC().Format(time.DateOnly))
			if err != nil {
				return err
			}
			past := map[[2]string]bool{}
			for _, e := range st.expired {
				past[[2]string{e.Fingerprint, e.Path}] = true
			}
			bad, bare := 0, 0
			for i := range list.Entries {
				e := &list.Entries[i]
				if !l.within(e.Path) {
					continue
				}
				var notes []string
				n, there := max(1, e.Count), st.there[[2]string{e.Fingerprint, e.Path}]
				switch {
				case past[[2]string{e.Fingerprint, e.Path}]:
					notes = append(notes, "past its day, "+e.Expires)
					bad++
				case there == 0:
					notes = append(notes, "gone")
					bad++
				case there < n:
					notes = append(notes, fmt.Sprintf("%d of %d gone", n-there, n))
					bad++
				case e.Expires != "":
					notes = append(notes, "until "+e.Expires)
				}
				if e.Reason == "" {
					bare++
					notes = append(notes, "no reason given")
				} else {
					why := e.Reason
					if e.Author != "" {
						why += " (" + e.Author + ")"
					}
					notes = append(notes, why)
				}
				place := e.Path
				if e.In != "" {
					place += ", in " + e.In
				}
				if n > 1 {
					place += fmt.Sprintf(", %d times", n)
				}
				fmt.Fprintln(s.Out, finding.Plain(fmt.Sprintf("%s: %s: %s", place, e.Rule, strings.Join(notes, "; "))))
			}
			fmt.Fprintf(s.Out, "%s in %s, %d entries without a reason\n", entries(total(list.Entries)), finding.Plain(l.shown), bare)
			switch {
			case bad > 0:
				return exit{code: exitFindings}
			case l.blind:
				return exit{code: exitBlind}
			}
			return nil
		},
	}
	f.register(cmd, false)
	return cmd
}

func baselineImport(s *Streams) *cobra.Command {
	var f baselineFlags
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Bring over what other tools know: Bandit, detect-secrets, Gitleaks",
		Long: `Import scans this folder under the profile audit, and lists those findings that another tool's file says are known: a JSON report of
Bandit, as its --baseline takes it; detect-secrets' .secrets.baseline; a JSON report of Gitleaks, or a .gitleaksignore. They are matched by
file, line and id, secrets by file and line or their hash. What is not found here is counted. The list is made when it is not there.`,
		Example: `  wadjet baseline import bandit-baseline.json
  wadjet baseline import .secrets.baseline .gitleaksignore`,
		Args: atLeastOne("the file of another tool"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var foreign []baseline.Foreign
			for _, a := range args {
				raw, err := os.ReadFile(s.path(a))
				if err != nil {
					return exit{exitBlind, fmt.Errorf("%s cannot be read: %w", a, err)}
				}
				found, err := baseline.ReadForeign(a, raw)
				if err != nil {
					return exit{exitBlind, fmt.Errorf("%s: %w", a, err)}
				}
				foreign = append(foreign, found...)
			}
			l, err := f.look(cmd, s, nil, whole...)
			if err != nil {
				return err
			}
			list := &baseline.List{}
			if _, err := os.Lstat(l.file); err == nil {
				if list, err = l.read(); err != nil {
					return err
				}
			}
			var fresh []*finding.Finding
			said := map[*finding.Finding]bool{}
			list.Match(l.findings, l.place, "", func(x *finding.Finding, _ *baseline.Entry) { said[x] = true })
			matched, missed := baseline.Pick(foreign, l.findings)
			for _, x := range matched {
				if !said[x.Finding] {
					fresh = append(fresh, x.Finding)
					one := baseline.Of([]*finding.Finding{x.Finding}, l.place).Entries[0]
					f.sign(&one)
					if one.Reason == "" {
						one.Reason = "from " + x.Foreign.From
					}
					list.Add(one)
				}
			}
			if err := l.write(list); err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s in %s: %d new; %d of %d that were listed are not found here\n", entries(total(list.Entries)), finding.Plain(l.shown), len(fresh), len(missed), len(foreign))
			return l.done()
		},
	}
	f.register(cmd, true)
	return cmd
}

// failed is the exit of a scan that could not take place.
func failed(err error) error {
	var blind scan.Blind
	if errors.As(err, &blind) {
		return exit{exitBlind, err}
	}
	return exit{exitUsage, err}
}
