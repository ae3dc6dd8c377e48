package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/near"
	"github.com/wadjet-security/wadjet/internal/query"
)

func rulesFieldsCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "fields [NAME…]",
		Short: "Tell what rules of mode: query can ask",
		Long: `Fields lists the collections that a rule of mode: query looks through, what can be asked of each thing, and the
functions. With names, only those types, members and functions that are called so.`,
		Example: "  wadjet rules fields\n  wadjet rules fields Value\n  wadjet rules fields arg same",
		RunE: func(cmd *cobra.Command, args []string) error {
			var out strings.Builder
			found := map[string]bool{}
			wanted := func(names ...string) bool {
				if len(args) == 0 {
					return true
				}
				hit := false
				for _, a := range args {
					for _, n := range names {
						if strings.EqualFold(a, n) {
							found[a], hit = true, true
						}
					}
				}
				return hit
			}
			if len(args) == 0 {
				out.WriteString("Collections\n")
				for _, c := range query.Collections {
					fmt.Fprintf(&out, "  over: %-10s %s is a %s: %s\n", c.Name, c.Variable, c.Type, c.Doc)
				}
			}
			known := []string{}
			item := func(signature, doc, example string) {
				fmt.Fprintf(&out, "  %s\n      %s\n      %s\n", signature, doc, example)
			}
			for _, t := range query.Types() {
				known = append(known, t.Name)
				whole := wanted(t.Name)
				begun := false
				for i := range t.Members {
					m := &t.Members[i]
					known = append(known, m.Name)
					if !whole && !wanted(m.Name) {
						continue
					}
					if !begun {
						begun = true
						fmt.Fprintf(&out, "\n%s: %s\n", t.Name, t.Doc)
					}
					item(m.Signature(), m.Doc, m.Example)
				}
			}
			begun := false
			for i := range query.Functions {
				f := &query.Functions[i]
				known = append(known, f.Name)
				if !wanted(f.Name) {
					continue
				}
				if !begun {
					begun = true
					out.WriteString("\nFunctions\n")
				}
				item(f.Signature(), f.Doc, f.Example)
			}
			for _, a := range args {
				if found[a] {
					continue
				}
				if n := near.Name(a, known); n != "" {
					return usage("nothing is called %q: did you mean %s?", a, n)
				}
				return usage("nothing is called %q: `wadjet rules fields` lists all", a)
			}
			fmt.Fprint(s.Out, strings.TrimPrefix(out.String(), "\n"))
			return nil
		},
	}
}
