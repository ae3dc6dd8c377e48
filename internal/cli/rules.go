package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/explain"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/rules"
)

// builtin is the pack that the binary carries.
func builtin() (rule.Loaded, error) { return rule.LoadPack(rules.Pack) }

func rulesCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List, show and test rules",
		Example: `  wadjet rules list
  wadjet rules show B602
  wadjet rules standards asvs
  wadjet rules fields Value
  wadjet rules test my-rules/`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(rulesListCommand(s), rulesShowCommand(s), rulesStandardsCommand(s), rulesTestCommand(s), rulesFieldsCommand(s))
	return cmd
}

func rulesListCommand(s *Streams) *cobra.Command {
	var f ruleFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the rules that a scan with the same flags would run",
		Example: `  wadjet rules list
  wadjet rules list --profile audit --select owasp:A05:2025
  wadjet rules list --profile audit --select asvs:1.2`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			chosen, wrong, err := f.load(cmd, s)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
			for _, r := range chosen {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Severity, r.Profile, cweList(&r.Rule), finding.Plain(r.Title))
			}
			if err := w.Flush(); err != nil {
				return exit{exitUsage, err}
			}
			return complain(s.Err, wrong)
		},
	}
	f.register(cmd)
	return cmd
}

func cweList(r *finding.Rule) string {
	var out []string
	for _, c := range r.CWE {
		out = append(out, fmt.Sprintf("CWE-%d", c))
	}
	return strings.Join(out, " ")
}

// complain prints what is wrong with rules, and is an error when there is something.
func complain(w io.Writer, wrong []rule.Error) error {
	for _, e := range wrong {
		fmt.Fprintln(w, finding.Plain(e.Error()))
	}
	if len(wrong) > 0 {
		return exit{exitUsage, fmt.Errorf("%d rules are wrong, and do not run", len(wrong))}
	}
	return nil
}

func rulesShowCommand(s *Streams) *cobra.Command {
	var f ruleFlags
	cmd := &cobra.Command{
		Use:     "show ID…",
		Short:   "Tell what a rule finds, why it matters, and what to write instead",
		Example: "  wadjet rules show subprocess-shell\n  wadjet rules show B602",
		Args:    atLeastOne("the id of a rule"),
		ValidArgsFunction: func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(begun)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, _, err := f.load(cmd, s, []string{"profile", "audit"}, append([]string{"select"}, args...))
			if err != nil {
				return err
			}
			for i, r := range chosen {
				if i > 0 {
					fmt.Fprintln(s.Out)
				}
				fmt.Fprint(s.Out, explain.Text(r))
			}
			return nil
		},
	}
	cmd.Flags().StringArray("rules", nil, "also look in this `file or folder` (repeatable)")
	cmd.Flags().Bool("no-builtin", false, "leave the built-in rules out")
	return cmd
}

func rulesTestCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "test PATH…",
		Short: "Run rules against the test files beside them",
		Long: `Test runs the rules of each <name>.yaml against <name>.py, or the files of the folder <name>/, beside it.
A comment above a line says what is wanted there:

  # ruleid: some-rule      a finding on the next line
  # ok: some-rule          none
  # todoruleid: some-rule  one, which is still missing
  # todook: some-rule      none, and one is still reported

Missing findings fail, findings that no comment expects fail, and so does a todo that begins to pass.
Where there is a <name>.fixed.py, the file after all fixes must equal it.`,
		Example: "  wadjet rules test my-rules/\n  wadjet rules test my-rules/no-eval.yaml",
		Args:    atLeastOne("a rule file, or a folder of them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var bad, tested, lines, todo, notRun int
			for _, a := range args {
				t, err := rule.TestPath(s.path(a))
				if err != nil {
					return exit{exitUsage, err}
				}
				tested, lines, todo, notRun = tested+t.Rules, lines+t.Lines, todo+t.Todo, notRun+t.NotRun
				for _, e := range t.Errors {
					bad++
					fmt.Fprintln(s.Out, finding.Plain(e.Error()))
				}
				for _, m := range t.Mismatches {
					bad++
					fmt.Fprintln(s.Out, finding.Plain(m.String()))
				}
				for _, id := range t.Untested {
					fmt.Fprintf(s.Out, "%s: has no test file\n", id)
				}
			}
			if notRun > 0 {
				fmt.Fprintf(s.Out, "%d taint rules were read and found valid, and not run: this version runs `mode: search` only\n", notRun)
			}
			fmt.Fprintf(s.Out, "%d rules, %d expectations (%d known gaps), %d failures\n", tested, lines, todo, bad)
			switch {
			case bad > 0:
				return exit{code: exitFindings}
			case tested == 0 && notRun == 0:
				return exit{exitBlind, fmt.Errorf("no rule with a test file was found")}
			}
			return nil
		},
	}
}
