package pattern

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A guard is a metavariable-regex that is asked when the metavariable is bound, and not once everything has been matched:
// `$NAME = "$VALUE"` fits most assignments of a program, and a rule about passwords wants one in a thousand of them. The
// condition itself is still asked, of the few that are left.
type guard struct {
	name string // "": it is bound to something within the node that the pattern matches
	re   *regex.Regexp
	memo int // which of [index.asked] knows what it said
	list int // of the words that it needs within the node that the pattern matches; -1 when that is not known: see [wordFinder]
}

// lets is true when the search was given up: then the condition says so.
func (g *guard) lets(text string) bool {
	ok, err := g.re.HasPrefix(text)
	return ok || err != nil
}

const (
	longestAsked = 256     // names are shorter, most expressions are
	mostAsked    = 1 << 14 // a guard remembers so many texts before it forgets them all
)

// lets asks a guard about what a metavariable stands for. Most are names, and most names of a program occur again and again.
func (ev *evaluator) lets(g *guard, text string) bool {
	if !g.re.May(text) {
		return false
	}
	if ev.index == nil || len(text) > longestAsked {
		return g.lets(text)
	}
	known := ev.index.asked[g.memo]
	said, ok := known[text]
	if !ok {
		if len(known) >= mostAsked || known == nil {
			known = map[string]bool{}
			ev.index.asked[g.memo] = known
		}
		said = g.lets(text)
		known[strings.Clone(text)] = said
	}
	return said
}

// guardOf is the guard that a condition makes. One that is asked of constants, or of what names were assigned, looks at other things than
// what is bound.
func guardOf(w condCompiled) (guard, bool) {
	if asked, ok := w.(askedCondition); ok {
		if re, ok := asked.c.(*regexCondition); ok && !re.value && !re.assigned {
			return guard{name: re.metavar, re: re.re, memo: re.memo, list: -1}, true
		}
	}
	return guard{}, false
}

// guard hands the conditions of `patterns:` down to the patterns that bind what they ask about. That is the first pattern that names the
// metavariable: later ones must agree with it, perhaps in another spelling.
func (c *compiler) guard(and *andF) {
	for _, w := range and.where {
		if g, ok := guardOf(w); ok {
			c.guardFirst(and, g)
		}
	}
}

func (c *compiler) guardFirst(and *andF, g guard) {
	lone, others := false, 0 // a metavariable alone: it is bound last, within what the others match
	for _, p := range and.positives {
		if smallLeaves(p) == nil || len(and.positives) == 1 {
			others++
		} else if name, ok := wildcard(p); ok && name == g.name {
			lone = true
		}
	}
	for i, p := range and.positives {
		if smallLeaves(p) != nil && len(and.positives) > 1 {
			continue
		}
		if names(p, g.name) {
			and.positives[i] = c.guarded(p, g)
			return
		}
		if lone && others == 1 {
			and.positives[i] = c.guarded(p, guard{re: g.re, memo: g.memo, list: -1})
			return
		}
	}
	for _, p := range and.positives {
		if names(p, g.name) {
			return
		}
	}
	for _, in := range and.insides {
		if names(in.f, g.name) {
			in.f = c.guarded(in.f, g)
			return
		}
	}
}

// names reports whether a formula may bind a metavariable.
func names(f compiledFormula, name string) bool {
	within := func(f compiledFormula) bool { return names(f, name) }
	switch f := f.(type) {
	case *leafF:
		return strings.Contains(f.leaf.text, name)
	case *orF:
		return slices.ContainsFunc(f.of, within)
	case *insideF:
		return within(f.f)
	case *asF:
		return f.name == name || within(f.f)
	case *andF: // conditions bind, too
		return len(f.where) > 0 || slices.ContainsFunc(f.positives, within) || slices.ContainsFunc(f.insides, func(in *insideF) bool { return within(in.f) })
	}
	return true
}

// guarded is a formula whose patterns ask the guard.
func (c *compiler) guarded(f compiledFormula, g guard) compiledFormula {
	switch f := f.(type) {
	case *leafF:
		return &leafF{c.guardedLeaf(f.leaf, g)}
	case *orF:
		out := &orF{of: make([]compiledFormula, len(f.of))}
		for i, x := range f.of {
			out.of[i] = c.guarded(x, g)
		}
		return out
	case *insideF:
		return &insideF{f: c.guarded(f.f, g), anywhere: f.anywhere}
	case *asF:
		if f.name == g.name {
			return f
		}
		return &asF{c.guarded(f.f, g), f.name}
	case *andF:
		if g.name == "" {
			return f // what it finds may be a part of what its patterns match
		}
		out := *f
		out.positives = append([]compiledFormula(nil), f.positives...)
		out.insides = nil
		for _, in := range f.insides {
			in := *in
			out.insides = append(out.insides, &in)
		}
		c.guardFirst(&out, g)
		return &out
	}
	return f
}

// brief reports whether a pattern is an assignment, a comparison or a function: there the guard is asked at once, and what it says of
// names is remembered.
func (l *leaf) brief() bool {
	if len(l.pattern.Body) == 1 {
		switch l.pattern.Body[0].(type) {
		case *syntax.Assign, *syntax.AnnAssign, *syntax.FunctionDef:
			return true
		}
	}
	_, ok := l.pattern.Expr.(*syntax.Compare)
	return ok
}

func (c *compiler) guardedLeaf(l *leaf, g guard) *leaf {
	key := leafKey{l.options, l.text, ""}
	out := *l
	if g.name != "" && !l.brief() && l.spelled(g.name) {
		g.list = c.set.words.add(g.re)
	}
	out.guards = append(append([]guard(nil), l.guards...), g)
	for _, g := range out.guards {
		key.guards += g.name + "\x00" + g.re.String() + "\x00"
	}
	if known := c.leaves[key]; known != nil {
		return known
	}
	out.id = len(c.set.leaves)
	c.set.leaves = append(c.set.leaves, &out)
	c.leaves[key] = &out
	return &out
}

// cannotHold tells quickly that a formula holds for no part of an expression: what is put together is no name and no literal.
func (ev *evaluator) cannotHold(f compiledFormula, n syntax.Expr) bool {
	cannot := func(f compiledFormula) bool { return ev.cannotHold(f, n) }
	switch f := f.(type) {
	case *orF:
		return !slices.ContainsFunc(f.of, func(f compiledFormula) bool { return !cannot(f) })
	case *andF:
		return slices.ContainsFunc(f.positives, cannot)
	case *leafF:
		switch f.leaf.pattern.Expr.(type) {
		case *syntax.BinOp, *syntax.FString, *syntax.Call:
		default:
			return false
		}
		switch n := n.(type) {
		case *syntax.Str, *syntax.Num, *syntax.Const:
			return true
		case *syntax.Name:
			return !ev.index.isDecorator(n) && (f.leaf.options&optSymbolic == 0 || ev.module.Definition(n) == nil)
		}
	}
	return false
}
