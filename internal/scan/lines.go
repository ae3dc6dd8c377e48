package scan

import (
	"sort"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// statementLines tells, for a line, the lines of the statement that it belongs to: all lines of a simple
// statement, the header's lines of a compound one. A comment on any of them is about the whole.
func statementLines(tree *syntax.File) func(line int) (first, last int) {
	type lines struct{ first, last int }
	var all []lines
	f := tree.Source
	var block func([]syntax.Stmt)
	add := func(n syntax.Node, bodies ...[]syntax.Stmt) {
		span := n.Span()
		first, _ := f.Position(span.Start)
		last, _ := f.Position(max(span.Start, span.End-1))
		for _, body := range bodies {
			if len(body) > 0 {
				if line, _ := f.Position(body[0].Span().Start); line <= last {
					last = max(first, line-1)
				}
				break
			}
		}
		if last > first {
			all = append(all, lines{first, last})
		}
		for _, body := range bodies {
			block(body)
		}
	}
	block = func(body []syntax.Stmt) {
		for _, s := range body {
			switch s := s.(type) {
			case *syntax.FunctionDef:
				add(s, s.Body)
			case *syntax.ClassDef:
				add(s, s.Body)
			case *syntax.If:
				add(s, s.Body, s.Else)
			case *syntax.For:
				add(s, s.Body, s.Else)
			case *syntax.While:
				add(s, s.Body, s.Else)
			case *syntax.With:
				add(s, s.Body)
			case *syntax.Try:
				add(s, s.Body)
				for _, h := range s.Handlers {
					add(h, h.Body)
				}
				block(s.Else)
				block(s.Finally)
			case *syntax.Match:
				for _, c := range s.Cases {
					add(c, c.Body)
				}
			default:
				add(s)
			}
		}
	}
	block(tree.Body)
	sort.Slice(all, func(i, j int) bool { return all[i].first < all[j].first })
	return func(line int) (int, int) {
		i := sort.Search(len(all), func(i int) bool { return all[i].first > line }) - 1
		if i >= 0 && line <= all[i].last {
			return all[i].first, all[i].last
		}
		return line, line
	}
}
