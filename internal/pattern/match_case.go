package pattern

import (
	"slices"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// casePattern matches what stands behind case.
func (m *matcher) casePattern(p, n syntax.CasePattern, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	switch p := p.(type) {
	case *syntax.MatchAs:
		if p.Pattern == nil {
			switch {
			case isMetavar(p.Name.Name):
				if x, ok := n.(*syntax.MatchAs); ok && x.Pattern == nil && x.Name.Name != "" {
					return m.defined(p.Name, x.Name, e, k) // a name that the body may use
				}
				return m.node(e, p.Name.Name, n, k)
			case p.Name.Name == "...":
				return k(e)
			}
		}
		x, ok := n.(*syntax.MatchAs)
		if !ok || (p.Pattern == nil) != (x.Pattern == nil) || (p.Name.Name == "") != (x.Name.Name == "") {
			return false
		}
		name := func(e *env) bool { return m.defined(p.Name, x.Name, e, k) }
		if p.Pattern == nil {
			return name(e)
		}
		return m.casePattern(p.Pattern, x.Pattern, e, name)
	case *syntax.MatchValue:
		x, ok := n.(*syntax.MatchValue)
		return ok && m.expr(p.X, x.X, e, k)
	case *syntax.MatchSingleton:
		x, ok := n.(*syntax.MatchSingleton)
		return ok && p.Kind == x.Kind && k(e)
	case *syntax.MatchStar:
		x, ok := n.(*syntax.MatchStar)
		return ok && (p.Name.Name == "") == (x.Name.Name == "") && m.defined(p.Name, x.Name, e, k)
	case *syntax.MatchSequence:
		x, ok := n.(*syntax.MatchSequence)
		return ok && m.casePatterns(p.Patterns, x.Patterns, e, k)
	case *syntax.MatchOr:
		x, ok := n.(*syntax.MatchOr)
		return ok && m.casePatterns(p.Patterns, x.Patterns, e, k)
	case *syntax.MatchMapping:
		x, ok := n.(*syntax.MatchMapping)
		return ok && m.caseItems(p, x, 0, e, func(e *env) bool {
			if p.Rest.Name == "" {
				return k(e)
			}
			return x.Rest.Name != "" && m.defined(p.Rest, x.Rest, e, k)
		})
	case *syntax.MatchClass:
		x, ok := n.(*syntax.MatchClass)
		return ok && m.expr(p.Class, x.Class, e, func(e *env) bool {
			return m.casePatterns(p.Patterns, x.Patterns, e, func(e *env) bool {
				if !slices.ContainsFunc(p.Patterns, anyCases) && len(p.Keywords) < len(x.Keywords) {
					return false
				}
				return m.caseKeywords(p, x, 0, e, k)
			})
		})
	}
	return false
}

// anyCases reports whether a pattern stands for any number of them.
func anyCases(p syntax.CasePattern) bool {
	x, ok := p.(*syntax.MatchAs)
	return ok && x.Pattern == nil && x.Name.Name == "..."
}

// casePatterns matches in order; an ellipsis stands for any number.
func (m *matcher) casePatterns(ps, ns []syntax.CasePattern, e *env, k cont) bool {
	if !m.ev.spend() {
		return true
	}
	if len(ps) == 0 {
		return len(ns) == 0 && k(e)
	}
	if anyCases(ps[0]) {
		for i := 0; i <= len(ns); i++ {
			if m.casePatterns(ps[1:], ns[i:], e, k) {
				return true
			}
		}
		return false
	}
	return len(ns) > 0 && m.casePattern(ps[0], ns[0], e, func(e *env) bool { return m.casePatterns(ps[1:], ns[1:], e, k) })
}

// caseItems matches the items of a mapping from the i-th on, in any order. A mapping pattern lets other keys be, in Python as well.
func (m *matcher) caseItems(p, n *syntax.MatchMapping, i int, e *env, k cont) bool {
	if i == len(p.Patterns) {
		return k(e)
	}
	for j := range n.Patterns {
		if m.expr(p.Keys[i], n.Keys[j], e, func(e *env) bool {
			return m.casePattern(p.Patterns[i], n.Patterns[j], e, func(e *env) bool { return m.caseItems(p, n, i+1, e, k) })
		}) {
			return true
		}
	}
	return false
}

// caseKeywords matches the named attributes of a class pattern from the i-th on, in any order.
func (m *matcher) caseKeywords(p, n *syntax.MatchClass, i int, e *env, k cont) bool {
	if i == len(p.Keywords) {
		return k(e)
	}
	for j := range n.Keywords {
		if m.defined(p.Keywords[i], n.Keywords[j], e, func(e *env) bool {
			return m.casePattern(p.KwPatterns[i], n.KwPatterns[j], e, func(e *env) bool { return m.caseKeywords(p, n, i+1, e, k) })
		}) {
			return true
		}
	}
	return false
}
