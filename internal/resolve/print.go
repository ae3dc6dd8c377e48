package resolve

import (
	"bufio"
	"fmt"
	"io"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Print writes the scopes of a file as people read them.
func (in *Info) Print(out io.Writer) error {
	w := bufio.NewWriter(out)
	line := func(n syntax.Node) int { line, _ := in.Tree.Source.Position(n.Span().Start); return line }
	for i := range in.Scopes {
		s := &in.Scopes[i]
		fmt.Fprintf(w, "%d %s", i, s.Kind)
		switch n := s.Node.(type) {
		case *syntax.FunctionDef:
			fmt.Fprintf(w, " %s", n.Name.Name)
		case *syntax.ClassDef:
			fmt.Fprintf(w, " %s", n.Name.Name)
		}
		if s.Node != nil {
			fmt.Fprintf(w, ", line %d, within %d", line(s.Node), s.Parent.Index)
		}
		fmt.Fprintln(w)
		for j := range s.Bindings {
			b := &s.Bindings[j]
			fmt.Fprintf(w, "  %s:", b.Name)
			for _, d := range b.Defs {
				fmt.Fprintf(w, " %s %d", d.Kind, line(d.Node))
			}
			if b.Captured {
				fmt.Fprint(w, " captured")
			}
			if b.Remote {
				fmt.Fprint(w, " remote")
			}
			fmt.Fprintln(w)
		}
	}
	return w.Flush()
}
