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
	"time"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/text"
	"github.com/wadjet-security/wadjet/internal/scan"
	"github.com/wadjet-security/wadjet/internal/settings"
	"github.com/wadjet-security/wadjet/internal/walk"
)

type scanFlags struct {
	rules          ruleFlags
	format         string
	outputs        []string
	excludes       []string
	includes       []string
	forceExclude   bool
	noIgnore       bool
	since          string
	stdinName      string
	exitZero       bool
	exitCode       int
	ignoreComments bool
	showSuppressed bool
	noColor        bool
	quiet, verbose bool
	jobs           int
}

func scanCommand(s *Streams) *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan [paths…]",
		Short: "Say what is wrong with a Python program",
		Long: `Scan reads the files and folders given (default: this folder), and says what is wrong in them, worst first.

Files that .gitignore, .ignore, .semgrepignore or .wadjetignore leave out are left out here too, and so are virtual
environments, caches and version control; files given by name are always read. What was not analysed is said.

Settings are found without a flag: [tool.wadjet] of pyproject.toml, or wadjet.toml. Flags beat them; wadjet config show says
what holds.

Exit codes: 0 clean or under --fail-on, 1 findings at or over it, 2 usage, settings or internal error, 3 blind: something that
was asked for was not looked at, or a baseline or revision not to be read.`,
		Example: `  wadjet scan                                      this folder
  wadjet scan --profile audit src                  everything, for a person who reads all of it
  wadjet scan -f json -o report.json .             one report to a file
  wadjet scan -o sarif=out.sarif -o html=out.html  several, and the terminal's as well
  wadjet scan --rules my-rules/ --no-builtin .     with rules of your own, in Semgrep's format
  wadjet scan --since main                         what this branch brought
  wadjet scan --baseline wadjet-baseline.json      what is not known yet (wadjet baseline create)
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
	fl.StringP("baseline", "b", "", "do not show what this `file` lists: see wadjet baseline")
	fl.StringVar(&f.since, "since", "", "only what came since this git `revision`: compared is the commit from which it and HEAD went apart")
	fl.BoolVar(&f.noIgnore, "no-ignore", false, "read what ignore files leave out")
	fl.StringVar(&f.stdinName, "stdin-filename", "", "the `name` of what comes from standard input (path -)")
	fl.Int64("max-file-size", 0, "largest file that is read, in `bytes` (default 10 MiB; larger ones are reported)")
	fl.String("fail-on", "high", "exit 1 from this `severity` on, with at least medium confidence: low, medium, high, critical")
	fl.BoolVar(&f.exitZero, "exit-zero", false, "exit 0 whatever is found")
	fl.IntVar(&f.exitCode, "exit-code", exitFindings, "exit with this `code` for findings at or over --fail-on")
	fl.Bool("require-complete", false, "exit 3 when any file was not analysed")
	fl.String("severity-level", "", "show only this `severity` and worse")
	fl.String("confidence-level", "", "show only this `confidence` and surer: low, medium, high")
	fl.String("python-version", "", "the oldest Python that the code is to run on, a `version` as 3.11")
	fl.String("foreign-suppressions", "recheck", "what comments for other tools may silence, a `word`: recheck, honour or ignore")
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

// targets are the reports to write: what flags say, else what the settings do.
func (f *scanFlags) targets(s *settings.Settings) ([]*output, error) {
	format, named, err := outputsOf(s)
	if err != nil {
		return nil, err
	}
	if len(f.outputs) > 0 {
		named = nil
	}
	if f.format != "" {
		format = f.format
	}
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
	o := scan.Options{Paths: args, Jobs: f.jobs, IgnoreSuppressions: f.ignoreComments, Tool: tool(), Today: s.now().UTC().Format(time.DateOnly)}
	if len(args) == 0 {
		o.Paths = []string{"."}
	}
	if f.exitCode < 0 || f.exitCode > 125 {
		return usage("--exit-code %d: use 0 to 125", f.exitCode)
	}
	if f.jobs < 0 {
		return usage("--jobs %d: give 1 or more", f.jobs)
	}
	tree, err := f.rules.settings(cmd, s, o.Paths)
	if err != nil {
		return err
	}
	outputs, err := f.targets(tree.Start())
	if err != nil {
		return err
	}
	for _, out := range outputs { // before the work, not after it
		if out.file == "" || out.file == "-" {
			continue
		}
		if err := writable(s.path(out.file)); err != nil {
			return usage("--output %s: %w", out.file, err)
		}
	}
	o.Walk = walk.Options{Root: s.Dir, Exclude: f.excludes, Include: f.includes, ForceExclude: f.forceExclude,
		NoIgnore: f.noIgnore, Stdin: s.In, StdinName: f.stdinName}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.Configure(tree, builtin); err != nil {
		return failed(err)
	}
	if f.since != "" || cmd.Flags().Changed("since") {
		if err := o.Since(ctx, f.since); err != nil {
			if ctx.Err() != nil {
				return interrupted
			}
			return failed(err)
		}
	}
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
	result, err := scan.Run(ctx, o, handlers)
	if errors.Is(err, context.Canceled) {
		return interrupted
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
	return f.verdict(result, tree.Start().On("require-complete"))
}

// verdict is the exit code: findings beat blindness, and --exit-zero beats both.
func (f *scanFlags) verdict(r *scan.Result, requireComplete bool) error {
	switch {
	case f.exitZero:
		return nil
	case r.Gated > 0 && f.exitCode == 0:
		return nil
	case r.Gated > 0:
		return exit{code: f.exitCode}
	case r.Blind || requireComplete && r.Lost > 0:
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
