package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/explain"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/text"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/scan"
	"github.com/wadjet-security/wadjet/internal/walk"
)

type explainFlags struct {
	rules   ruleFlags
	report  string
	noColor bool
}

func explainCommand(s *Streams) *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain RULE|FINGERPRINT [paths…]",
		Short: "Tell what is wrong, why it matters, and what to write instead",
		Long: `Explain tells of a rule what it finds, why that matters, what to write instead, which standards ask for it, and how to silence it.
The rule may be given by its id, or by what Bandit, Ruff, dlint, SonarQube, CodeQL or Semgrep call it.

Given the fingerprint of a finding, or its beginning, it shows that finding first: as a report has it, in json or sarif, with --report, else
by scanning the paths (default: this folder).`,
		Example: `  wadjet explain subprocess-shell
  wadjet explain B602
  wadjet explain 9520913e src/
  wadjet explain 9520913eb2ee45da5502d580d84215cf:1 --report out.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("%s needs the id of a rule, or the fingerprint of a finding; see %s --help", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault // paths
			}
			return ruleIDs(begun)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, s, args[0], args[1:]) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.report, "report", "", "look the fingerprint up in this `file`, a report in json or sarif")
	fl.StringArray("rules", nil, "also look in this `file or folder` of rules (repeatable)")
	fl.Bool("no-builtin", false, "leave the built-in rules out")
	fl.BoolVar(&f.noColor, "no-color", false, "no colour (NO_COLOR works as well)")
	return cmd
}

// ruleIDs are those of the built-in rules that a shell may complete.
func ruleIDs(begun string) ([]string, cobra.ShellCompDirective) {
	l, err := builtin()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []string
	for _, r := range l.Rules {
		if strings.HasPrefix(r.ID, begun) {
			out = append(out, r.ID+"\t"+r.Title)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// fingerprints are 32 digits and a number; seven tell one from another as well as they do commits.
var fingerprints = regexp.MustCompile(`^[0-9a-f]{7,32}(:[0-9]+)?$`)

func (f *explainFlags) run(cmd *cobra.Command, s *Streams, what string, paths []string) error {
	rules, _, err := f.rules.load(cmd, s, everything...)
	if err != nil {
		return err
	}
	named, failed := rule.Choose(rules, rule.Choice{Select: []string{what}})
	switch {
	case failed == nil && (f.report != "" || len(paths) > 0):
		return usage("%q is a rule: paths and --report go with a fingerprint", what)
	case failed == nil:
		return f.show(s, named)
	case f.report != "":
		return f.fromReport(s, what, rules)
	case fingerprints.MatchString(what):
		return f.fromScan(cmd, s, what, paths, rules)
	}
	return usage("%v, or the fingerprint of a finding", failed)
}

func (f *explainFlags) show(s *Streams, rules []*rule.Rule) error {
	for i, r := range rules {
		if i > 0 {
			fmt.Fprintln(s.Out)
		}
		fmt.Fprint(s.Out, explain.Text(r))
	}
	return nil
}

// matches reports whether a fingerprint is, or begins with, what was given.
func matches(fingerprint, given string) bool {
	hash, number, numbered := strings.Cut(given, ":")
	whole, n, _ := strings.Cut(fingerprint, ":")
	return strings.HasPrefix(whole, hash) && (!numbered || n == number)
}

// fromScan looks for a finding in the program itself, with all rules, and shows it with its code.
func (f *explainFlags) fromScan(cmd *cobra.Command, s *Streams, given string, paths []string, rules []*rule.Rule) error {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	tree, err := f.rules.settings(cmd, s, paths, everything...)
	if err != nil {
		return err
	}
	o := scan.Options{Paths: paths, Tool: tool(), Today: s.now().UTC().Format(time.DateOnly), Walk: walk.Options{Root: s.Dir}}
	if err := o.Configure(tree, builtin); err != nil {
		return failed(err)
	}
	o.IgnoreSuppressions = true
	if s.ErrTTY {
		o.Progress = text.NewProgress(s.Err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var all collected
	result, err := scan.Run(ctx, o, &all)
	if errors.Is(err, context.Canceled) {
		return interrupted
	}
	if err != nil {
		return exit{exitUsage, err}
	}
	var found []*finding.Finding
	every := all.All(true) // what a baseline lists is asked for, too
	for _, x := range every {
		if matches(x.Fingerprint, given) {
			found = append(found, x)
		}
	}
	if len(found) == 0 {
		if result.Summary.Files == 0 {
			return exit{exitBlind, fmt.Errorf("nothing was analysed in %s: give the paths that were scanned", strings.Join(paths, ", "))}
		}
		return usage("no finding of %s has the fingerprint %s: it may be mended, or give the paths that were scanned, or --report FILE", strings.Join(paths, ", "), given)
	}
	if err := text.Show(s.Out, text.Options{Width: s.Width, Color: s.colour(f.noColor)}, found, every); err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, x := range found {
		ids[x.Rule.ID] = true
	}
	return f.show(s, choose(rules, ids))
}

type collected struct{ finding.Collector }

func (*collected) Finish(*finding.Summary) error { return nil }

func choose(rules []*rule.Rule, ids map[string]bool) (out []*rule.Rule) {
	for _, r := range rules {
		if ids[r.ID] {
			out = append(out, r)
		}
	}
	return out
}

// A reported finding is what a report says of one.
type reported struct {
	rule, fingerprint, severity, message, place, code string
	steps                                             []string
}

// fromReport looks for a finding in a report in json or sarif.
func (f *explainFlags) fromReport(s *Streams, given string, rules []*rule.Rule) error {
	doc, err := os.ReadFile(s.path(f.report))
	if err != nil {
		return usage("--report %s cannot be read: %v", f.report, errors.Unwrap(err))
	}
	all, err := readReport(doc)
	if err != nil {
		return usage("--report %s: %v", f.report, err)
	}
	ids := map[string]bool{}
	var b strings.Builder
	for _, x := range all {
		if !matches(x.fingerprint, given) {
			continue
		}
		ids[x.rule] = true
		fmt.Fprintf(&b, "%s: %s\n\n", x.place, x.message)
		if x.severity != "" {
			fmt.Fprintf(&b, "  severity %s, fingerprint %s\n\n", x.severity, x.fingerprint)
		}
		for line := range strings.Lines(strings.TrimRight(x.code, "\n")) {
			b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
		}
		for i, step := range x.steps {
			fmt.Fprintf(&b, "  %d. %s\n", i+1, step)
		}
		b.WriteByte('\n')
	}
	if len(ids) == 0 {
		return usage("%s has no finding with the fingerprint %s", f.report, given)
	}
	fmt.Fprint(s.Out, finding.PlainLines(b.String()))
	known := choose(rules, ids)
	if len(known) < len(ids) {
		fmt.Fprintf(s.Out, "%d of the rules are not known here: give --rules FILE\n", len(ids)-len(known))
	}
	return f.show(s, known)
}

// readReport reads the findings of a report of ours, in either form.
func readReport(doc []byte) ([]reported, error) {
	type position struct{ Line, Column int }
	type location struct {
		Path  string
		Cell  int
		Start position
	}
	type physical struct {
		Physical struct {
			Artifact struct{ URI string } `json:"artifactLocation"`
			Region   struct {
				Line    int `json:"startLine"`
				Column  int `json:"startColumn"`
				Snippet struct{ Text string }
			}
		} `json:"physicalLocation"`
		Message struct{ Text string }
	}
	var in struct {
		Findings []struct {
			Rule        string `json:"rule_id"`
			Message     string
			Severity    string
			Fingerprint string
			Code        string
			Location    location
			Trace       []struct {
				Message  string
				Location location
			}
		}
		Runs []struct {
			Results []struct {
				Rule         string `json:"ruleId"`
				Message      struct{ Text string }
				Fingerprints map[string]string `json:"partialFingerprints"`
				Locations    []physical
				Properties   struct{ Severity string }
				CodeFlows    []struct {
					ThreadFlows []struct {
						Locations []struct{ Location physical }
					}
				}
			}
		}
	}
	if err := json.NewDecoder(bytes.NewReader(doc)).Decode(&in); err != nil {
		return nil, fmt.Errorf("is neither json nor sarif of wadjet (%w)", err)
	}
	if in.Findings == nil && in.Runs == nil {
		return nil, errors.New("is neither json nor sarif of wadjet: make one with -o json=FILE")
	}
	at := func(l location) string {
		if l.Cell > 0 {
			return fmt.Sprintf("%s:cell %d:%d:%d", l.Path, l.Cell, l.Start.Line, l.Start.Column)
		}
		return fmt.Sprintf("%s:%d:%d", l.Path, l.Start.Line, l.Start.Column)
	}
	on := func(p physical) string {
		return fmt.Sprintf("%s:%d:%d", p.Physical.Artifact.URI, p.Physical.Region.Line, max(1, p.Physical.Region.Column))
	}
	var out []reported
	for _, x := range in.Findings {
		r := reported{rule: x.Rule, fingerprint: x.Fingerprint, severity: x.Severity, message: x.Message, place: at(x.Location), code: x.Code}
		for _, step := range x.Trace {
			r.steps = append(r.steps, at(step.Location)+" "+step.Message)
		}
		out = append(out, r)
	}
	for _, run := range in.Runs {
		for _, x := range run.Results {
			r := reported{rule: x.Rule, fingerprint: x.Fingerprints["wadjet/v1"], severity: x.Properties.Severity, message: x.Message.Text}
			if len(x.Locations) > 0 {
				r.place, r.code = on(x.Locations[0]), x.Locations[0].Physical.Region.Snippet.Text
			}
			for _, flow := range x.CodeFlows {
				for _, thread := range flow.ThreadFlows {
					for _, step := range thread.Locations {
						r.steps = append(r.steps, on(step.Location)+" "+step.Location.Message.Text)
					}
				}
			}
			out = append(out, r)
		}
	}
	return out, nil
}
