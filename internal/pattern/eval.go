package pattern

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An evaluator runs the rules of a set over one file.
type evaluator struct {
	set       *Set
	module    *program.Module // nil for text that is not Python
	file      *source.File
	index     *index // nil for text that is not Python
	rule      int
	steps     int // left to the rule
	exhausted bool
	region    *source.Span // of a metavariable-pattern: nothing outside of it is looked at
	start     *rng         // what the metavariable stands for
	symbolic  bool         // the rule asks for symbolic propagation
	extra     []Binding    // what the condition that was just asked adds
	guards    []guard      // of the leaf that is being matched
	near      *nearby      // nothing else is looked for; nil: everything is
	ascii     uint8        // 1 when the file is ASCII alone, 2 when not, 0 when nobody has asked
}

// plain reports whether the file is ASCII alone.
func (ev *evaluator) plain() bool {
	if ev.ascii == 0 {
		ev.ascii = 1
		for i := range len(ev.file.Text) {
			if ev.file.Text[i] >= utf8.RuneSelf {
				ev.ascii = 2
				break
			}
		}
	}
	return ev.ascii == 1
}

// A rng is a place where a formula holds, with what its metavariables stand for.
type rng struct {
	span source.Span
	node syntax.Node // nil for text and for runs of statements
	env  *env
}

// spend counts a step, and tells whether there was one left.
func (ev *evaluator) spend() bool {
	ev.steps--
	if ev.steps < 0 {
		ev.exhausted = true
		return false
	}
	return true
}

// possible tells quickly that a formula cannot hold in the file.
func (ev *evaluator) possible(f compiledFormula) bool {
	switch f := f.(type) {
	case *leafF:
		if ev.index == nil {
			return false
		}
		for _, s := range f.leaf.anchor.needs {
			if !ev.index.present[s] {
				return false
			}
		}
		for _, s := range f.leaf.anchor.roots {
			if !ev.index.knows(s) {
				return false
			}
		}
		a := &f.leaf.anchor
		if len(a.syms) > 0 {
			return ev.index.present[a.syms[0]]
		}
		return a.kind == anyNode || a.text > 0 && len(ev.index.texts[a.text-1]) > 0 || len(ev.index.kinds[a.kind]) > 0 || a.also != anyNode && len(ev.index.kinds[a.also]) > 0
	case *regexF:
		return !(f.re.BeyondASCII() && ev.plain()) && f.re.May(ev.file.Text)
	case *genericF:
		return f.pattern.may(ev.file.Text)
	case *insideF:
		return ev.possible(f.f)
	case *asF:
		return ev.possible(f.f)
	case *orF:
		return slices.ContainsFunc(f.of, ev.possible)
	case *andF:
		for _, x := range f.positives {
			if !ev.possible(x) {
				return false
			}
		}
		for _, x := range f.insides {
			if !ev.possible(x.f) {
				return false
			}
		}
		for _, names := range f.types {
			if ev.index != nil && !slices.ContainsFunc(names, ev.index.knows) {
				return false
			}
		}
	}
	return true
}

// eval finds where a formula holds.
func (ev *evaluator) eval(f compiledFormula) []rng {
	switch f := f.(type) {
	case *leafF:
		found := ev.inRegion(ev.leaf(f.leaf))
		if ev.start != nil {
			found = dedupe(append(ev.atStart(f.leaf), found...))
		}
		return found
	case *regexF:
		return ev.inRegion(ev.regex(f))
	case *genericF:
		return ev.inRegion(ev.generic(f))
	case *insideF:
		return ev.eval(f.f)
	case *asF:
		return ev.named(ev.eval(f.f), f.name)
	case *orF:
		var all []rng
		for _, x := range f.of {
			if ev.possible(x) {
				all = append(all, ev.eval(x)...)
			}
		}
		return dedupe(all)
	case *andF:
		return ev.and(f, nil)
	}
	return nil
}

// inRegion keeps what lies in the region of a metavariable-pattern.
func (ev *evaluator) inRegion(all []rng) []rng {
	if ev.region == nil {
		return all
	}
	var out []rng
	for _, r := range all {
		if ev.region.Contains(r.span) {
			out = append(out, r)
		}
	}
	return out
}

// dedupe takes out what was found twice, and leaves the order as it is.
func dedupe(all []rng) []rng {
	if len(all) < 2 || inOrder(all) {
		return all
	}
	out := all[:0:0]
	if len(all) <= 16 {
	each:
		for _, r := range all {
			for i := range out {
				if out[i].span == r.span && sameEnv(out[i].env, r.env) {
					continue each
				}
			}
			out = append(out, r)
		}
		return out
	}
	type key struct {
		span source.Span
		env  uint64
	}
	seen := make(map[key][]int, len(all))
next:
	for _, r := range all {
		k := key{r.span, r.env.hash()}
		for _, i := range seen[k] {
			if sameEnv(out[i].env, r.env) {
				continue next
			}
		}
		seen[k] = append(seen[k], len(out))
		out = append(out, r)
	}
	return out
}

// inOrder reports whether ranges stand in the order of a walk, outer before inner: then none is there twice. So it is with what one
// pattern finds.
func inOrder(all []rng) bool {
	for i := 1; i < len(all); i++ {
		a, b := all[i-1].span, all[i].span
		if a.Start > b.Start || a.Start == b.Start && a.End <= b.End {
			return false
		}
	}
	return true
}

// wildcard is the metavariable that a formula is, when it is nothing else: it holds everywhere.
func wildcard(f compiledFormula) (string, bool) {
	l, ok := f.(*leafF)
	if !ok || l.leaf.pattern.Expr == nil {
		return "", false
	}
	n, ok := l.leaf.pattern.Expr.(*syntax.Name)
	if !ok || !isMetavar(n.Name) || isRun(n.Name) {
		return "", false
	}
	return n.Name, true
}

// and evaluates `patterns:`. A start, when there is one, is the range that a metavariable-pattern looks at: what says only what must not
// be is asked of it.
func (ev *evaluator) and(f *andF, start []rng) []rng {
	cur := start
	have := start != nil && len(f.positives) == 0 && len(f.insides) == 0
	var small [][]*leaf
	var parts []compiledFormula
	for _, p := range f.positives {
		if l := smallLeaves(p); l != nil && (len(f.positives) > 1 || have) {
			small = append(small, l)
		} else {
			parts = append(parts, p)
		}
	}
	if len(start) == 1 {
		for _, p := range parts {
			found := ev.at(p, start[0])
			if !have {
				cur, have = found, true
			} else {
				cur = ev.intersect(cur, found)
			}
			if len(cur) == 0 {
				return nil
			}
		}
	} else if len(parts) > 0 {
		if cur, have = ev.all(parts), true; len(cur) == 0 {
			return nil
		}
	}
	if !have && len(small) > 0 {
		cur, have = ev.eval(f.positives[0]), true
		small = small[1:]
	}
	for _, leaves := range small {
		var all []rng
		for _, l := range leaves {
			all = append(all, ev.narrow(cur, l)...)
		}
		if cur = dedupe(all); len(cur) == 0 {
			return nil
		}
	}
	for _, in := range f.insides {
		var found []rng
		if in.anywhere {
			found = ev.evalAnywhere(in.f)
		} else {
			found = ev.evalNear(in.f, cur)
		}
		if !have {
			cur, have = found, true
		} else {
			cur = ev.within(cur, found, in.anywhere)
		}
		if len(cur) == 0 {
			return nil
		}
	}
	for _, n := range f.nots {
		if cur = ev.subtract(cur, n.f); len(cur) == 0 {
			return nil
		}
	}
	if len(f.where) > 0 {
		if cur = ev.filter(cur, f.where); len(cur) == 0 {
			return nil
		}
	}
	for _, names := range f.focus {
		cur = ev.focus(cur, names)
	}
	return dedupe(cur)
}

// smallLeaves are those that a formula is, or is one of; nil when there are others.
func smallLeaves(f compiledFormula) []*leaf {
	or, ok := f.(*orF)
	if !ok {
		if l := smallLeaf(f); l != nil {
			return []*leaf{l}
		}
		return nil
	}
	var all []*leaf
	for _, x := range or.of {
		l := smallLeaves(x)
		if l == nil {
			return nil
		}
		all = append(all, l...)
	}
	return all
}

// smallLeaf is the pattern that a formula is, when that is a metavariable or a literal alone. There is so much that it matches that it
// is looked for only in what the others leave: see [evaluator.narrow].
func smallLeaf(f compiledFormula) *leaf {
	l, ok := f.(*leafF)
	if !ok {
		return nil
	}
	switch p := l.leaf.pattern.Expr.(type) {
	case *syntax.Name:
		if isMetavar(p.Name) && !isRun(p.Name) {
			return l.leaf
		}
	case *syntax.Str, *syntax.Num:
		return l.leaf
	case *syntax.Const:
		if p.Kind != syntax.Ellipsis {
			return l.leaf
		}
	}
	return nil
}

// narrow intersects with the places of a small leaf: of each range it keeps the expressions in it that the leaf matches. A literal
// matches names that are known to hold it, too.
func (ev *evaluator) narrow(cur []rng, l *leaf) []rng {
	if len(cur) == 0 || ev.index == nil {
		return nil
	}
	var all []rng // for runs of statements
	var out []rng
	m := ev.matcher(l)
	for _, x := range cur {
		if x.node == nil {
			if all == nil {
				all = ev.evalAnywhere(&leafF{l})
			}
			out = append(out, ev.intersect([]rng{x}, all)...)
			continue
		}
		syntax.Inspect(x.node, func(n syntax.Node) bool {
			if n == nil || !ev.spend() {
				return false // of steps, too, none comes back
			}
			e, ok := n.(syntax.Expr)
			if !ok {
				return true
			}
			if kw, ok := e.(*syntax.Keyword); ok && n != x.node && kw.Value != nil {
				return true // what it holds follows
			}
			m.expr(l.pattern.Expr, e, x.env, func(env *env) bool {
				out = append(out, rng{span: n.Span(), node: n, env: env})
				return ev.tooMany(out)
			})
			return true
		})
	}
	return dedupe(out)
}

// named binds a metavariable to each of the places.
func (ev *evaluator) named(cur []rng, name string) []rng {
	out := cur[:0:0]
	for _, r := range cur {
		b := bound{node: r.node}
		if r.node == nil {
			b = bound{isText: true, text: ev.file.Slice(r.span), span: r.span}
		}
		if e, ok := ev.extend(r.env, name, b); ok {
			r.env = e
			out = append(out, r)
		}
	}
	return out
}

// intersect keeps of two sets what lies in something of the other.
func (ev *evaluator) intersect(xs, ys []rng) []rng {
	var out []rng
	for _, x := range xs {
		for _, y := range ys {
			inner := x
			switch {
			case y.span.Contains(x.span):
			case x.span.Contains(y.span):
				inner = y
			default:
				continue
			}
			if !ev.spend() {
				return nil
			}
			if e, ok := ev.merge(x.env, y.env); ok {
				inner.env = e
				if out = append(out, inner); ev.tooMany(out) {
					return nil
				}
			}
		}
	}
	return dedupe(out)
}

// within keeps what lies in one of the ranges, or anywhere beside one.
func (ev *evaluator) within(xs, ins []rng, anywhere bool) []rng {
	var out []rng
	for _, x := range xs {
		for _, in := range ins {
			if !anywhere && !in.span.Contains(x.span) {
				continue
			}
			if !ev.spend() {
				return nil
			}
			if e, ok := ev.merge(x.env, in.env); ok {
				x := x
				x.env = e
				if out = append(out, x); ev.tooMany(out) {
					return nil
				}
			}
		}
	}
	return dedupe(out)
}

// mostRanges bounds what a formula holds at any time, so that steps cannot fill the memory.
const mostRanges = 1 << 17

// tooMany reports that a rule has more ranges than it may; what is left of its steps is taken from it.
func (ev *evaluator) tooMany(out []rng) bool {
	if len(out) < mostRanges {
		return false
	}
	ev.steps, ev.exhausted = -1, true
	return true
}

// subtract takes out what a negated formula holds for: of the same range, or for pattern-not-inside of one around it.
func (ev *evaluator) subtract(cur []rng, f compiledFormula) []rng {
	inside, isInside := f.(*insideF)
	anywhere := false
	if isInside {
		f, anywhere = inside.f, inside.anywhere
	}
	if _, ok := wildcard(f); ok && !isInside {
		return nil
	}
	if l, ok := f.(*leafF); ok && !isInside && l.leaf.pattern.Expr != nil && ev.index != nil {
		return ev.subtractLeaf(cur, l.leaf)
	}
	if !ev.possible(f) {
		return cur
	}
	_, isRegex := f.(*regexF)
	var found []rng
	if anywhere {
		found = ev.evalAnywhere(f)
	} else {
		found = ev.evalNear(f, cur)
	}
	if len(found) == 0 {
		return cur
	}
	out := cur[:0:0]
next:
	for _, x := range cur {
		for _, y := range found {
			if !ev.spend() {
				return nil
			}
			if x.span == y.span || anywhere || isInside && y.span.Contains(x.span) || isRegex && y.span.Overlaps(x.span) {
				if _, ok := ev.merge(x.env, y.env); ok {
					continue next
				}
			}
		}
		out = append(out, x)
	}
	return out
}

// subtractLeaf takes out the expressions that a pattern matches: it is tried at them alone.
func (ev *evaluator) subtractLeaf(cur []rng, l *leaf) []rng {
	out := cur[:0:0]
	for _, x := range cur {
		if !ev.matchesAt(l, x) {
			out = append(out, x)
		}
	}
	return out
}

// matchesAt reports whether a pattern matches the very expression of a range, in agreement with its metavariables.
func (ev *evaluator) matchesAt(l *leaf, x rng) bool {
	n, ok := x.node.(syntax.Expr)
	if s, isStmt := x.node.(*syntax.ExprStmt); isStmt {
		n, ok = s.X, true
	}
	if !ok {
		return false
	}
	m := ev.matcher(l)
	if m.matchesOnce(l.pattern.Expr) {
		if _, v := m.once(l.pattern.Expr, n, x.env); v != several {
			return v == yes
		}
	}
	found := false
	m.expr(l.pattern.Expr, n, x.env, func(*env) bool {
		found = true
		return true
	})
	return found
}

// filter keeps what all conditions hold for. What a metavariable-pattern binds does not constrain the next one: two of them that
// say $B each have their own, and the first is kept.
func (ev *evaluator) filter(cur []rng, where []condCompiled) []rng {
	out := cur[:0:0]
next:
	for _, x := range cur {
		for _, w := range where {
			if ev.rejects(w, x.env) {
				continue next
			}
		}
		plain := ev.bindings(x.env)
		full := plain
		for _, w := range where {
			if !ev.spend() {
				return nil
			}
			ev.extra = nil
			b := full
			if name, nested := w.nested(); nested && binding(plain, name) != nil {
				b = plain
			}
			if !w.holds(ev, b) {
				continue next
			}
			for _, b := range ev.extra {
				if x.env.lookup(b.Name) == nil {
					x.env = ev.newEnv(b.Name, b.bound(), x.env)
				}
			}
			if len(ev.extra) > 0 {
				full = ev.bindings(x.env)
			}
		}
		out = append(out, x)
	}
	ev.extra = nil
	return out
}

// rejects tells quickly that a condition cannot hold, before the metavariables are made ready to be asked about.
func (ev *evaluator) rejects(w condCompiled, e *env) bool {
	if ev.module == nil {
		return false
	}
	asked, _ := w.(askedCondition)
	switch c := asked.c.(type) {
	case *regexCondition:
		b := e.lookup(c.metavar)
		if b == nil || c.value {
			return false
		}
		g := guard{re: c.re, memo: c.memo}
		text, node := ev.textOfBound(b), b.node
		for follow := 0; !ev.lets(&g, text); follow++ { // as the condition itself does
			name, isName := node.(*syntax.Name)
			if !c.assigned || !isName || follow == maxFollow {
				return true
			}
			d := ev.module.Definition(name)
			if d == nil {
				return true
			}
			text, node = ev.file.Slice(d.Span()), d
		}
	case *patternCondition:
		b := e.lookup(c.metavar)
		if b == nil || c.lang != Python || c.reread {
			return false
		}
		x, ok := b.node.(syntax.Expr)
		return ok && ev.cannotHold(c.formula, x)
	case *typeCondition:
		b := e.lookup(c.metavar)
		if b == nil {
			return false
		}
		x, ok := b.node.(syntax.Expr)
		return ok && !typeMatches(ev.module, ev.module.TypeOf(x), c.types)
	}
	return false
}

// bound is a binding as an environment holds it.
func (b *Binding) bound() bound {
	if len(b.run) > 0 {
		return bound{run: b.run}
	}
	return bound{node: b.Node, text: b.Text, span: b.Span, isText: b.Node == nil}
}

// focus narrows each range to the place of a metavariable; of several names, to the place of each. A place around the range leaves
// it as it is, and one beside it takes it away.
func (ev *evaluator) focus(cur []rng, names []string) []rng {
	var out []rng
	for _, x := range cur {
		for _, name := range names {
			b := x.env.lookup(name)
			if b == nil {
				continue
			}
			switch place := b.place(); {
			case x.span.Contains(place):
				out = append(out, rng{span: place, node: b.node, env: x.env})
			case place.Contains(x.span):
				out = append(out, x)
			}
		}
	}
	return out
}

// formulaMatches evaluates a formula within the place of a metavariable, for metavariable-pattern. What its metavariables stand for has
// to agree with the outer ones; the result holds those that are new.
func (ev *evaluator) formulaMatches(f compiledFormula, at Binding, outer []Binding) ([]Binding, bool) {
	inner := *ev
	inner.region = &at.Span
	inner.near = nil
	if at.Node != nil {
		inner.near = &nearby{spans: []source.Span{at.Span}, nodes: []syntax.Node{at.Node}}
	}
	start := rng{span: at.Span, node: at.Node}
	for i := range outer {
		b := &outer[i]
		start.env = ev.newEnv(b.Name, b.bound(), start.env)
	}
	inner.start = &start
	found := inner.at(f, start)
	ev.steps, ev.exhausted = inner.steps, inner.exhausted
	for _, x := range found {
		merged, ok := ev.merge(start.env, x.env)
		if !ok {
			continue
		}
		var fresh []Binding
		for _, b := range ev.bindings(merged) {
			if start.env.lookup(b.Name) == nil {
				fresh = append(fresh, b)
			}
		}
		return fresh, true
	}
	return nil, false
}

// at evaluates a formula for a start: one that only says what must not be, or that is a bare metavariable, is about the start itself.
func (ev *evaluator) at(f compiledFormula, start rng) []rng {
	switch f := f.(type) {
	case *andF:
		return ev.and(f, []rng{start})
	case *notF:
		return ev.subtract([]rng{start}, f.f)
	case *orF:
		var out []rng
		for _, part := range f.of {
			out = append(out, ev.at(part, start)...)
		}
		return dedupe(out)
	}
	if name, ok := wildcard(f); ok {
		return ev.named([]rng{start}, name)
	}
	return ev.eval(f)
}

// atStart matches an expression with what a metavariable stands for. The index of the file knows nodes as they are
// written, and a name may hold what the pattern asks for.
func (ev *evaluator) atStart(l *leaf) []rng {
	n, ok := ev.start.node.(syntax.Expr)
	if !ok || l.pattern.Expr == nil {
		return nil
	}
	m := ev.matcher(l)
	if m.matchesOnce(l.pattern.Expr) {
		if e, v := m.once(l.pattern.Expr, n, ev.start.env); v != several {
			if v == yes {
				return []rng{{span: ev.start.span, node: n, env: e}}
			}
			return nil
		}
	}
	var out []rng
	m.expr(l.pattern.Expr, n, ev.start.env, func(e *env) bool {
		out = append(out, rng{span: ev.start.span, node: n, env: e})
		return len(out) >= defaultMatches
	})
	return out
}

func (ev *evaluator) regex(f *regexF) []rng {
	text := ev.file.Text
	base := uint32(0)
	if ev.region != nil {
		text, base = text[ev.region.Start:ev.region.End], ev.region.Start
	}
	var out []rng
	err := f.re.All(text, func(loc []int) bool {
		if !ev.spend() {
			return false
		}
		r := rng{span: source.Span{Start: base + uint32(loc[0]), End: base + uint32(loc[1])}}
		for i, name := range f.names {
			j := 2 * (i + 1)
			if j+1 >= len(loc) || loc[j] < 0 {
				continue
			}
			span := source.Span{Start: base + uint32(loc[j]), End: base + uint32(loc[j+1])}
			r.env = &env{name, bound{isText: true, text: text[loc[j]:loc[j+1]], span: span}, r.env}
		}
		out = append(out, r)
		return true
	})
	if err != nil {
		ev.exhausted = true
	}
	return out
}

func (ev *evaluator) generic(f *genericF) []rng {
	span := source.Span{End: uint32(len(ev.file.Text))}
	if ev.region != nil {
		span = *ev.region
	}
	var out []rng
	f.pattern.match(ev.file.Text, span, &ev.steps, func(s source.Span, b []Binding) {
		r := rng{span: s}
		for _, b := range b {
			r.env = &env{b.Name, bound{isText: true, text: b.Text, span: b.Span}, r.env}
		}
		out = append(out, r)
	})
	if ev.steps < 0 {
		ev.exhausted = true
	}
	return out
}

func decoratorsOf(s syntax.Stmt) []syntax.Expr {
	switch s := s.(type) {
	case *syntax.FunctionDef:
		return s.Decorators
	case *syntax.ClassDef:
		return s.Decorators
	}
	return nil
}

// bindings are the metavariables of an environment, as conditions and reports see them.
func (ev *evaluator) bindings(e *env) []Binding {
	var out []Binding
	for ; e != nil; e = e.next {
		b := Binding{Name: e.name, Span: e.place(), Node: e.node, run: e.run}
		switch {
		case e.isText:
			b.Text = e.text
		default:
			b.Text = ev.file.Slice(b.Span)
		}
		out = append(out, b)
	}
	slices.SortStableFunc(out, func(a, b Binding) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b Binding) bool { return a.Name == b.Name })
}

// constants adds what is known of the values of bindings, for messages.
func (ev *evaluator) constants(list []Binding) {
	if ev.module == nil {
		return
	}
	for i := range list {
		b := &list[i]
		switch x := b.Node.(type) {
		case *syntax.Str, *syntax.Num, *syntax.Const, *syntax.Call:
		case syntax.Expr:
			if c, ok := ev.module.Const(x); ok && c.Size() < 1<<10 {
				b.Const = c.String()
				if s, ok := c.Str(); ok {
					b.Const = s
				}
			}
		}
	}
}
