package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/control"
	"github.com/wadjet-security/wadjet/internal/finding"
)

func rulesStandardsCommand(s *Streams) *cobra.Command {
	var f ruleFlags
	cmd := &cobra.Command{
		Use:   "standards [STANDARD]",
		Short: "List the standards whose demands rules watch, or the demands of one",
		Long: `Standards lists what published standards ask and how many rules watch it: the OWASP Top 10, the CWE Top 25, ASVS, PCI DSS,
HIPAA, GDPR and SSDF. The titles are ours, and short: read the standard itself for what it says. A demand that no rule watches, or
one that is not listed, is for other means than reading code.

What it prints in the first column is what --select and --ignore take.`,
		Example: `  wadjet rules standards
  wadjet rules standards asvs
  wadjet rules list --profile audit --select asvs:v5.0.0-1.2.5`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			rules, _, err := f.load(cmd, s, everything...)
			if err != nil {
				return err
			}
			watched := map[*finding.Control]int{}
			by := map[*finding.Standard]int{}
			for _, r := range rules {
				last := (*finding.Standard)(nil)
				for _, c := range r.Standards {
					watched[c]++
					if c.Standard != last {
						by[c.Standard]++
					}
					last = c.Standard
				}
			}
			w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
			if len(args) == 0 {
				for _, x := range control.Builtin().Standards {
					n := 0
					for _, c := range x.Controls {
						if watched[c] > 0 {
							n++
						}
					}
					fmt.Fprintf(w, "%s\t%s\t%d of %d listed here\t%s\n", standardRef(x), x.Name, n, len(x.Controls), ruleCount(by[x]))
				}
				return w.Flush()
			}
			test, ok := control.Builtin().Select(args[0])
			if !ok {
				var keys []string
				for _, x := range control.Builtin().Standards {
					keys = append(keys, x.Key)
				}
				if near := nearest(args[0], keys); near != "" {
					return usage("%q is no standard: did you mean %s?", args[0], near)
				}
				return usage("%q is no standard: see wadjet rules standards", args[0])
			}
			n := 0
			for _, x := range control.Builtin().Standards {
				for _, c := range x.Controls {
					if test([]*finding.Control{c}) {
						n++
						fmt.Fprintf(w, "%s\t%s\t%s\n", c.Ref(), ruleCount(watched[c]), c.Title)
					}
				}
			}
			if n == 0 {
				return usage("%q has no such demand, or none that reading code can answer", args[0])
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringArray("rules", nil, "also count the rules of this `file or folder` (repeatable)")
	cmd.Flags().Bool("no-builtin", false, "leave the built-in rules out")
	return cmd
}

func ruleCount(n int) string {
	if n == 1 {
		return "1 rule"
	}
	return fmt.Sprintf("%d rules", n)
}

// standardRef is what --select calls one edition of a standard.
func standardRef(s *finding.Standard) string {
	if s.Edition == "" {
		return s.Key
	}
	return s.Key + ":" + s.Edition
}
