package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/text"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/scan"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// ruleFlags are the flags that say which rules run; scan and rules share them.
type ruleFlags struct {
	files     []string
	noBuiltin bool
	profile   string
	selects   []string
	ignores   []string
}

func (r *ruleFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&r.files, "rules", nil, "also run the rules of this `file or folder`, in Semgrep's format (repeatable)")
	f.BoolVar(&r.noBuiltin, "no-builtin", false, "leave the built-in rules out")
	f.StringVar(&r.profile, "profile", "default", "how much to show, a `profile`: default, strict or audit (everything)")
	f.StringSliceVar(&r.selects, "select", nil, "only these rules: `ids` of wadjet, Bandit or Ruff, cwe:78, owasp:A05, cwe-top25, asvs:1.2, pci:6.2.4")
	f.StringSliceVar(&r.ignores, "ignore", nil, "all but these rules: `ids` as for --select")
}

// load reads and chooses the rules.
func (r *ruleFlags) load(s *Streams) (rules []*rule.Rule, profile rule.Profile, wrong []rule.Error, foreign int, err error) {
	profile, ok := rule.ParseProfile(r.profile)
	if !ok {
		return nil, 0, nil, 0, usage("--profile %q is not known: use default, strict or audit", r.profile)
	}
	var parts []rule.Loaded
	if !r.noBuiltin {
		l, err := builtin()
		if err != nil {
			return nil, 0, nil, 0, exit{exitUsage, err}
		}
		parts = append(parts, l)
	}
	for _, f := range r.files {
		l, err := rule.Load(s.path(f))
		if err != nil {
			return nil, 0, nil, 0, exit{exitUsage, err}
		}
		parts = append(parts, l)
	}
	all := rule.Join(parts...)
	chosen, err := rule.Choose(all.Rules, rule.Choice{Profile: profile, Select: r.selects, Ignore: r.ignores})
	if err != nil {
		return nil, 0, nil, 0, exit{exitUsage, err}
	}
	return chosen, profile, all.Errors, all.Foreign, nil
}

// path is a file name of the command line, relative to the working directory.
func (s *Streams) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.Dir, name)
}

type scanFlags struct {
	rules           ruleFlags
	format          string
	outputs         []string
	excludes        []string
	includes        []string
	forceExclude    bool
	noIgnore        bool
	stdinName       string
	maxBytes        int64
	failOn          string
	exitZero        bool
	exitCode        int
	requireComplete bool
	severity        string
	confidence      string
	ignoreComments  bool
	showSuppressed  bool
	noColor         bool
	quiet, verbose  bool
	jobs            int
}

func scanCommand(s *Streams) *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [paths…]",
		Short: "Say what is wrong with a Python program",
		Long: `Scan reads the files and folders given (default: this folder), and says what is wrong in them, worst first.

Files that .gitignore, .ignore, .semgrepignore or .wadjetignore leave out are left out here too, and so are virtual
environments, caches and version control; files given by name are always read. What was not analysed is said.

Exit codes: 0 clean or under --fail-on, 1 findings at or over it, 2 usage or internal error, 3 blind: something that was
asked for was not looked at.`,
		Example: `  wadjet scan                                      this folder
  wadjet scan --profile audit src                  everything, for a person who reads all of it
  wadjet scan -f json -o report.json .             one report to a file
  wadjet scan -o sarif=out.sarif -o html=out.html  several, and the terminal's as well
  wadjet scan --rules my-rules/ --no-builtin .     with rules of your own, in Semgrep's format
  cat app.py | wadjet scan --stdin-filename app.py -`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, s, args) },
	}
	f.rules.register(cmd)
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVarP(&f.format, "format", "f", "", "the `format` of the report: "+strings.Join(formats, ", ")+" (default text)")
	fl.StringArrayVarP(&f.outputs, "output", "o", nil, "write to this `file`; FORMAT=FILE for several (repeatable)")
	fl.StringArrayVarP(&f.excludes, "exclude", "x", nil, "leave out what fits this `glob`, as in .gitignore (repeatable)")
	fl.StringArrayVar(&f.includes, "include", nil, "read only what fits this `glob` (repeatable)")
	fl.BoolVar(&f.forceExclude, "force-exclude", false, "leave out excluded files even when they are given by name")
	fl.BoolVar(&f.noIgnore, "no-ignore", false, "read what ignore files leave out")
	fl.StringVar(&f.stdinName, "stdin-filename", "", "the `name` of what comes from standard input (path -)")
	fl.Int64Var(&f.maxBytes, "max-file-size", 0, "largest file that is read, in `bytes` (default 10 MiB; larger ones are reported)")
	fl.StringVar(&f.failOn, "fail-on", "high", "exit 1 from this `severity` on, with at least medium confidence: low, medium, high, critical")
	fl.BoolVar(&f.exitZero, "exit-zero", false, "exit 0 whatever is found")
	fl.IntVar(&f.exitCode, "exit-code", exitFindings, "exit with this `code` for findings at or over --fail-on")
	fl.BoolVar(&f.requireComplete, "require-complete", false, "exit 3 when any file was not analysed")
	fl.StringVar(&f.severity, "severity-level", "", "show only this `severity` and worse")
	fl.StringVar(&f.confidence, "confidence-level", "", "show only this `confidence` and surer: low, medium, high")
	fl.BoolVar(&f.ignoreComments, "ignore-suppressions", false, "show findings that comments silence")
	fl.BoolVar(&f.showSuppressed, "show-suppressed", false, "keep silenced findings in json, sarif, html, junit and csv, marked")
	fl.BoolVar(&f.noColor, "no-color", false, "no colour (NO_COLOR works as well)")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "findings only, no summary")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "every finding with its code, and what was left out, by name")
	completeFormats(cmd)
	fl.IntVarP(&f.jobs, "jobs", "j", 0, "this `number` of files at a time (default: one for each processor)")
	return cmd
}

// An output is one report to be written.
type output struct {
	format string
	file   string // "" or "-": standard output
	buf    bytes.Buffer
}

func (f *scanFlags) targets() ([]*output, error) {
	var named []*output
	plain := ""
	for _, o := range f.outputs {
		format, file, ok := strings.Cut(o, "=")
		switch {
		case ok && slices.Contains(formats, format) && file != "":
			named = append(named, &output{format: format, file: file})
		case o == "" || ok && file == "" && slices.Contains(formats, format):
			return nil, usage("--output %s names no file: write FILE, or %s=FILE", o, cmp.Or(format, "sarif"))
		case ok && !strings.ContainsAny(format, "./\\"):
			return nil, usage("--output %s: %q is not a format: use %s", o, format, strings.Join(formats, ", "))
		case plain != "":
			return nil, usage("--output is given twice without a format: write -o json=%s -o sarif=%s", plain, o)
		default:
			plain = o
		}
	}
	format := f.format
	if format != "" && !slices.Contains(formats, format) {
		return nil, usage("--format %q is not known: use %s", format, strings.Join(formats, ", "))
	}
	if plain != "" || format != "" || !slices.ContainsFunc(named, func(o *output) bool { return o.file == "-" }) {
		if format == "" {
			format = "text"
		}
		named = append(named, &output{format: format, file: plain})
	}
	for i, o := range named {
		for _, p := range named[:i] {
			if o.file == p.file {
				return nil, usage("two reports go to %s: give each a file of its own", cmpOr(o.file, "standard output"))
			}
		}
	}
	return named, nil
}

// writable is what stands in the way of writing a file, as far as can be told without touching it.
func writable(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errors.New("is a folder: name a file in it")
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s: make it first", folder)
	}
	return nil
}

func cmpOr(s, otherwise string) string {
	if s == "" || s == "-" {
		return otherwise
	}
	return s
}

func (f *scanFlags) run(cmd *cobra.Command, s *Streams, args []string) error {
	outputs, err := f.targets()
	if err != nil {
		return err
	}
	o := scan.Options{Paths: args, Jobs: f.jobs, IgnoreSuppressions: f.ignoreComments, Tool: tool()}
	if len(args) == 0 {
		o.Paths = []string{"."}
	}
	var ok bool
	if o.FailOn, ok = finding.ParseSeverity(f.failOn); !ok {
		return usage("--fail-on %q is not a severity: use low, medium, high or critical", f.failOn)
	}
	if o.MinSeverity, ok = finding.ParseSeverity(f.severity); !ok && f.severity != "" {
		return usage("--severity-level %q is not a severity: use low, medium, high or critical", f.severity)
	}
	if o.MinConfidence, ok = finding.ParseConfidence(f.confidence); !ok && f.confidence != "" {
		return usage("--confidence-level %q is not a confidence: use low, medium or high", f.confidence)
	}
	if f.exitCode < 0 || f.exitCode > 125 {
		return usage("--exit-code %d: use 0 to 125", f.exitCode)
	}
	if f.maxBytes < 0 {
		return usage("--max-file-size %d: give a number of bytes", f.maxBytes)
	}
	if f.jobs < 0 {
		return usage("--jobs %d: give 1 or more", f.jobs)
	}
	for _, out := range outputs { // before the work, not after it
		if out.file == "" || out.file == "-" {
			continue
		}
		if err := writable(s.path(out.file)); err != nil {
			return usage("--output %s: %w", out.file, err)
		}
	}
	rules, profile, wrong, foreign, err := f.rules.load(s)
	if err != nil {
		return err
	}
	set, broken := rule.Compile(rules)
	o.Rules, o.Profile, o.RuleErrors = set, profile, append(wrong, broken...)
	if foreign > 0 {
		o.Notes = append(o.Notes, fmt.Sprintf("%d rules are for languages that wadjet does not read, and did not run", foreign))
	}
	o.Walk = walk.Options{Root: s.Dir, Exclude: f.excludes, Include: f.includes, ForceExclude: f.forceExclude,
		NoIgnore: f.noIgnore, MaxBytes: f.maxBytes, Stdin: s.In, StdinName: f.stdinName}
	if s.ErrTTY && !f.quiet {
		o.Progress = text.NewProgress(s.Err)
	}

	var handlers fanOut
	for _, out := range outputs {
		w := io.Writer(&out.buf)
		if out.file == "" || out.file == "-" {
			w = s.Out
		}
		handlers = append(handlers, f.handler(out, w, s))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := scan.Run(ctx, o, handlers)
	if errors.Is(err, context.Canceled) {
		return exit{130, errors.New("interrupted: nothing was reported")}
	}
	if err != nil {
		return exit{exitUsage, err}
	}
	for _, out := range outputs {
		if out.file == "" || out.file == "-" {
			continue
		}
		if err := os.WriteFile(s.path(out.file), out.buf.Bytes(), 0o644); err != nil {
			return exit{exitUsage, fmt.Errorf("the report could not be written: %w", err)}
		}
	}
	return f.verdict(result)
}

// verdict is the exit code: findings beat blindness, and --exit-zero beats both.
func (f *scanFlags) verdict(r *scan.Result) error {
	switch {
	case f.exitZero:
		return nil
	case r.Gated > 0 && f.exitCode == 0:
		return nil
	case r.Gated > 0:
		return exit{code: f.exitCode}
	case r.Blind || f.requireComplete && r.Lost > 0:
		return exit{code: exitBlind}
	}
	return nil
}

// A fanOut hands a stream to several reports.
type fanOut []finding.Handler

func (h fanOut) each(f func(finding.Handler) error) error {
	var err error
	for _, one := range h {
		err = errors.Join(err, f(one))
	}
	return err
}

func (h fanOut) Start(t finding.Tool, rules []*finding.Rule) error {
	return h.each(func(one finding.Handler) error { return one.Start(t, rules) })
}

func (h fanOut) Finding(f *finding.Finding) error {
	return h.each(func(one finding.Handler) error { return one.Finding(f) })
}

func (h fanOut) Incident(i *finding.Incident) error {
	return h.each(func(one finding.Handler) error { return one.Incident(i) })
}

func (h fanOut) Finish(s *finding.Summary) error {
	return h.each(func(one finding.Handler) error { return one.Finish(s) })
}
