package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/baseline"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/git"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/suppress"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// A Blind error says that something which was asked for is not there to be looked at: a baseline, a revision. The
// exit code is 3.
type Blind struct{ Err error }

func (b Blind) Error() string { return b.Err.Error() }
func (b Blind) Unwrap() error { return b.Err }

// A knownList is a baseline, or what was there before a change.
type knownList struct {
	*baseline.List
	file  string // absolute; empty for what was there before
	shown string
}

// place says where a list has a file that is shown as p: lists hold paths relative to their own folder.
func (k *knownList) place(root string) func(p string) string {
	if k.file == "" {
		return func(p string) string { return p }
	}
	return PlaceIn(root, filepath.Dir(k.file))
}

// PlaceIn says how a file that is shown as p, relative to root, is called from a folder.
func PlaceIn(root, folder string) func(p string) string {
	prefix, err := filepath.Rel(folder, root)
	if err != nil {
		return func(p string) string { return p }
	}
	prefix = filepath.ToSlash(prefix)
	return func(p string) string {
		if filepath.IsAbs(filepath.FromSlash(p)) {
			return p
		}
		return path.Join(prefix, p)
	}
}

// loadBaselines reads the baselines that policies name.
func (o *Options) loadBaselines(root string, policies []*Policy) error {
	o.baselines = map[string]*knownList{}
	for _, p := range policies {
		if p.Baseline == "" || o.baselines[p.Baseline] != nil {
			continue
		}
		shown := p.Baseline
		if rel, err := filepath.Rel(root, p.Baseline); err == nil && filepath.IsLocal(rel) {
			shown = filepath.ToSlash(rel)
		}
		raw, err := baseline.Read(p.Baseline)
		if errors.Is(err, os.ErrNotExist) {
			return Blind{fmt.Errorf("the baseline %s is not there: make it with `wadjet baseline create`", shown)}
		}
		var l *baseline.List
		if err == nil {
			l, err = baseline.Parse(raw)
		}
		if err != nil {
			return Blind{fmt.Errorf("the baseline %s cannot be read: %w", shown, err)}
		}
		file := p.Baseline
		if folder, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
			file = filepath.Join(folder, filepath.Base(file))
		}
		o.baselines[p.Baseline] = &knownList{l, file, shown}
	}
	return nil
}

// known takes out what baselines list, and what was there before the change.
func (s *state) known(sum *finding.Summary) {
	root := s.root()
	names := make([]string, 0, len(s.o.baselines))
	for name := range s.o.baselines {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		k := s.o.baselines[name]
		place := k.place(root)
		looked := map[string]*Policy{}
		fs := s.open(func(j *job) bool {
			if j.policy.Baseline != name {
				return false
			}
			if !j.lost && len(j.hidden) == 0 { // else it may be there, and this profile does not show it
				looked[place(j.entry.Path)] = j.policy
			}
			return true
		})
		left, expired := k.Match(fs, place, s.o.Today, func(f *finding.Finding, e *baseline.Entry) {
			f.Suppressed = &finding.Suppression{Kind: "baseline", Text: k.shown, Reason: e.Reason}
			sum.Known++
		})
		gone := 0
		for _, e := range left {
			if p := looked[e.Path]; p != nil && s.ran(p, e.Rule) {
				gone += e.Count
			}
		}
		if gone > 0 {
			sum.Notes = append(sum.Notes, fmt.Sprintf("%d findings of %s are gone: wadjet baseline prune takes them out", gone, k.shown))
		}
		if len(expired) > 0 {
			sum.Notes = append(sum.Notes, fmt.Sprintf("%d entries of %s are past their day, and count as new", len(expired), k.shown))
		}
	}
	s.gitleaksIgnore(root, sum)
	if s.o.before != nil {
		all := s.open(func(*job) bool { return true })
		s.o.before.Match(all, s.o.before.place(root), "", func(f *finding.Finding, _ *baseline.Entry) {
			f.Suppressed = &finding.Suppression{Kind: "since", Text: s.o.before.shown}
			sum.Known++
		})
	}
}

// gitleaksName is Gitleaks' list of secrets that are known, by file and line.
const gitleaksName = ".gitleaksignore"

// gitleaksIgnore obeys Gitleaks' list in the folder of the scan, of secrets alone, where comments for other tools are obeyed.
func (s *state) gitleaksIgnore(root string, sum *finding.Summary) {
	if s.o.IgnoreSuppressions {
		return
	}
	raw, err := baseline.Read(filepath.Join(root, gitleaksName))
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	var list []baseline.Foreign
	if err == nil {
		list, err = baseline.ReadForeign(gitleaksName, raw)
	}
	if err != nil {
		sum.Notes = append(sum.Notes, fmt.Sprintf("%s is not obeyed: %v", gitleaksName, err))
		return
	}
	matched, _ := baseline.Pick(list, s.open(func(j *job) bool { return j.policy.Foreign != suppress.Ignore }))
	for _, m := range matched {
		m.Finding.Suppressed = &finding.Suppression{Kind: "baseline", Text: gitleaksName}
		sum.Known++
	}
}

// ran reports whether a rule is one that looks at the files of a policy.
func (s *state) ran(p *Policy, id string) bool {
	i := slices.IndexFunc(s.o.Rules.Rules, func(r *rule.Rule) bool { return r.ID == id })
	return i >= 0 && (p.Active == nil || p.Active[i])
}

func (s *state) root() string {
	root, err := filepath.Abs(s.o.Walk.Root)
	if err != nil {
		return s.o.Walk.Root
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		return real
	}
	return root
}

// open are the findings of such files that nothing silences yet, in the order of places: of several alike, the first are the known ones.
func (s *state) open(of func(*job) bool) (all []*finding.Finding) {
	for i := range s.jobs {
		if j := &s.jobs[i]; of(j) {
			for _, f := range j.findings {
				if f.Suppressed == nil {
					all = append(all, f)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *finding.Finding) int {
		return cmp.Or(strings.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return all
}

// Since lets a scan show only what a change brought: what was not there at the commit from which the work tree and a revision went apart. That
// tree is scanned as well, with the rules and settings of today, from Git's own store: the work tree is not touched. To be called
// after Configure.
func (o *Options) Since(ctx context.Context, revision string) error {
	root, err := filepath.Abs(o.Walk.Root)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil {
		return err
	}
	repo, err := git.Open(ctx, root)
	if err != nil {
		return Blind{fmt.Errorf("--since needs a git repository: %w", err)}
	}
	base, err := repo.MergeBase(ctx, revision)
	if err != nil {
		return Blind{fmt.Errorf("--since %s: %w", revision, err)}
	}
	rel, err := filepath.Rel(repo.Top, root)
	if err != nil || !filepath.IsLocal(rel) {
		return Blind{fmt.Errorf("--since: %s is not in the work tree %s", root, repo.Top)}
	}
	dir, err := os.MkdirTemp("", "wadjet-since-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	into, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	missing, err := repo.Extract(ctx, base, into, o.wanted(filepath.ToSlash(rel)))
	into.Close()
	if err != nil {
		return Blind{fmt.Errorf("--since %s: the tree of %.10s cannot be read: %w", revision, base, err)}
	}
	old := *o
	old.Listing, old.Progress, old.Notes, old.RuleErrors = nil, nil, nil, nil
	old.Walk.Root = filepath.Join(dir, rel)
	if err := os.MkdirAll(old.Walk.Root, 0o700); err != nil { // a folder that is new
		return err
	}
	today := func(p string) string { // where a file of the old tree is, or was, in that of today
		inner, err := filepath.Rel(dir, p)
		if err != nil {
			return p
		}
		return filepath.Join(repo.Top, inner)
	}
	old.Paths = nil
	for _, p := range o.Paths {
		if p == "-" {
			return Blind{errors.New("--since compares files: it cannot be had with standard input")}
		}
		abs := p
		if !filepath.IsAbs(p) {
			abs = filepath.Join(root, p)
		}
		if folder, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
			abs = filepath.Join(folder, filepath.Base(abs))
		}
		inner, err := filepath.Rel(repo.Top, abs)
		if err != nil || !filepath.IsLocal(inner) {
			return Blind{fmt.Errorf("--since: %s is not in the work tree %s", p, repo.Top)}
		}
		if there := filepath.Join(dir, inner); exists(there) {
			old.Paths = append(old.Paths, there)
		}
	}
	before := &baseline.List{}
	if len(old.Paths) > 0 {
		if settings := o.Walk.Settings; settings != nil {
			old.Walk.Settings = func(dir string, _ bool) (exclude, include []string) { return settings(today(dir), true) }
		}
		old.Walk.Text = o.Rules.Reads()
		if old.Listing, err = walk.Walk(old.Paths, old.Walk); err != nil {
			return err
		}
		abs := map[string]string{}
		for _, e := range old.Listing.Entries {
			abs[e.Path] = e.Abs
		}
		if o.policyOf != nil {
			old.PolicyOf = func(p string) *Policy { return o.policyOf(today(abs[p])) }
		}
		s := &state{o: old, program: program.New(program.Options{}), python: newPython(o.Walk), today: today}
		if err := s.scan(ctx, old.Listing); err != nil {
			return err
		}
		var all []*finding.Finding
		for i := range s.jobs {
			all = append(all, s.jobs[i].findings...)
		}
		o.Rules.Forget()
		finding.Fingerprints(all)
		before = baseline.Of(s.open(func(*job) bool { return true }), func(p string) string { return p })
	}
	o.before = &knownList{List: before, shown: "before " + revision}
	o.Notes = append(o.Notes, fmt.Sprintf("only what came since %s (commit %.10s)", revision, base))
	for _, m := range missing {
		o.Notes = append(o.Notes, fmt.Sprintf("the old state of the submodule %s is not here: all in it counts as new", walk.Display(m)))
	}
	return nil
}

func exists(p string) bool {
	_, err := os.Lstat(p)
	return err == nil
}

// wanted says which files of an old tree a scan may look at: what package walk lists, and what it learns from.
func (o *Options) wanted(below string) func(p string, size int64) bool {
	limit := o.Walk.MaxBytes
	if limit <= 0 {
		limit = walk.DefaultMaxBytes
	}
	reads := o.Rules.Reads()
	prefix := ""
	if below != "." {
		prefix = below + "/"
	}
	return func(p string, size int64) bool {
		name := path.Base(p)
		if strings.HasPrefix(name, ".") || !strings.Contains(name, ".") || name == "pyvenv.cfg" || strings.EqualFold(name, "CACHEDIR.TAG") {
			return size <= limit
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".py", ".pyi", ".pyw", ".ipynb":
			return size <= 8*limit
		}
		if size > limit {
			return false
		}
		shown, inside := strings.CutPrefix(p, prefix)
		return reads != nil && inside && reads(shown) || slices.ContainsFunc(o.Paths, func(given string) bool { return strings.HasSuffix(filepath.ToSlash(given), name) })
	}
}
