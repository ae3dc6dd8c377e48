package pattern

import (
	"cmp"
	"slices"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A nearby is what is left to look at, once a part of `patterns:` has found something: what lies in one of some places or around one. A
// pattern that fits every call of a file is then tried at a handful of them.
type nearby struct {
	spans []source.Span // in order, none in another
	nodes []syntax.Node // of the spans; nil when one of them is of a run of statements
}

// evalNear finds where a formula holds in one of some places or around one. No places are no reason to look elsewhere than until now.
func (ev *evaluator) evalNear(f compiledFormula, places []rng) []rng {
	outer := ev.near
	defer func() { ev.near = outer }()
	if len(places) > 0 && ev.region == nil {
		ev.near = nearTo(places)
	}
	return ev.eval(f)
}

// evalAnywhere finds where a formula holds in all of the file.
func (ev *evaluator) evalAnywhere(f compiledFormula) []rng {
	outer := ev.near
	defer func() { ev.near = outer }()
	ev.near = nil
	return ev.eval(f)
}

// all finds where all of some formulas hold. The one that may hold at the fewest places is asked first, and the others near to those.
func (ev *evaluator) all(parts []compiledFormula) []rng {
	if len(parts) == 1 {
		return ev.eval(parts[0])
	}
	type part struct {
		f     compiledFormula
		cost  int
		found []rng
		known bool
	}
	list := make([]part, len(parts))
	for i, f := range parts {
		list[i] = part{f: f, cost: ev.cost(f)}
	}
	var places []rng
	for range list {
		var next *part
		for i := range list {
			if p := &list[i]; !p.known && (next == nil || p.cost < next.cost) {
				next = p
			}
		}
		next.found, next.known = ev.evalNear(next.f, places), true
		if len(next.found) == 0 {
			return nil
		}
		if places == nil || len(next.found) < len(places) {
			places = next.found
		}
	}
	cur := list[0].found // in the order in which the rule has them: the first to name a metavariable says what it stands for
	for i := range list[1:] {
		if cur = ev.intersect(cur, list[1+i].found); len(cur) == 0 {
			return nil
		}
	}
	return cur
}

// mostCost is that of a formula of which nothing is known.
const mostCost = 1 << 20

// cost estimates at how many nodes the patterns of a formula have to be tried.
func (ev *evaluator) cost(f compiledFormula) int {
	switch f := f.(type) {
	case *leafF:
		if ev.index == nil {
			return mostCost
		}
		if res := &ev.index.results[f.leaf.id]; res.known {
			return len(res.found)
		}
		a := &f.leaf.anchor
		if len(a.syms) == 0 && a.text == 0 && a.kind == anyNode {
			return mostCost
		}
		nodes, others := ev.index.nodes(a)
		return len(nodes) + len(others)
	case *orF:
		sum := 0
		for _, x := range f.of {
			if ev.possible(x) {
				sum += ev.cost(x)
			}
		}
		return min(sum, mostCost)
	case *andF:
		least := mostCost
		for _, x := range f.positives {
			if smallLeaves(x) == nil {
				least = min(least, ev.cost(x))
			}
		}
		return least
	case *asF:
		return ev.cost(f.f)
	}
	return mostCost
}

// nearTo takes the places that lie in no other one: what is near to the others is near to these.
func nearTo(places []rng) *nearby {
	if len(places) == 1 {
		n := &nearby{spans: []source.Span{places[0].span}}
		if places[0].node != nil {
			n.nodes = []syntax.Node{places[0].node}
		}
		return n
	}
	order := slices.Clone(places)
	slices.SortStableFunc(order, func(a, b rng) int {
		return cmp.Or(cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(b.span.End, a.span.End))
	})
	n := &nearby{}
	runs := false
	for _, r := range order {
		if k := len(n.spans); k > 0 && n.spans[k-1].Contains(r.span) {
			continue
		}
		n.spans, n.nodes = append(n.spans, r.span), append(n.nodes, r.node)
		runs = runs || r.node == nil
	}
	if runs {
		n.nodes = nil
	}
	return n
}

// reaches reports whether a node may be looked at.
func (n *nearby) reaches(span source.Span) bool {
	if n == nil {
		return true
	}
	i, _ := slices.BinarySearchFunc(n.spans, span.Start, func(s source.Span, start uint32) int { return cmp.Compare(s.Start, start) })
	if i < len(n.spans) && (span.Contains(n.spans[i]) || n.spans[i].Contains(span)) {
		return true
	}
	return i > 0 && n.spans[i-1].Contains(span)
}

// bytesOfNode is how much text stands for a node of a tree, about.
const bytesOfNode = 12

// among are the nodes of a kind that are near, when to walk through what is near is sooner done than to look at all of the kind.
func (x *index) among(n *nearby, kind nodeKind, all int) ([]syntax.Node, bool) {
	if n == nil || n.nodes == nil {
		return nil, false
	}
	cost := 0
	for _, s := range n.spans {
		if cost += 8 + s.Len()/bytesOfNode; cost > all {
			return nil, false
		}
	}
	var out []syntax.Node
	for i, node := range n.nodes {
		for p := x.module.Names.Parent(node); p != nil; p = x.module.Names.Parent(p) {
			if i > 0 && p.Span().Contains(n.spans[i-1]) {
				break // and so are those around it known
			}
			if x.isKind(p, kind) {
				out = append(out, p)
			}
		}
		syntax.Inspect(node, func(c syntax.Node) bool {
			if c != nil && x.isKind(c, kind) {
				out = append(out, c)
			}
			return true
		})
	}
	return out, true
}

// isKind reports whether [index.visit] counts a node among those of a kind.
func (x *index) isKind(n syntax.Node, kind nodeKind) bool {
	k := kindOf(n)
	switch kind {
	case kCall:
		switch n := n.(type) {
		case *syntax.Call:
			return true
		case *syntax.Name, *syntax.Attribute:
			return x.isDecorator(n.(syntax.Expr))
		}
		return false
	case kNamedCall, kUnpackCall:
		c, ok := n.(*syntax.Call)
		return ok && slices.ContainsFunc(c.Args, func(a syntax.Expr) bool {
			kw, ok := a.(*syntax.Keyword)
			return ok && (kw.Name == "") == (kind == kUnpackCall)
		})
	case kStr:
		return k == kStr || k == kFString
	case kTextAssign, kTextCompare, kTextFunction:
		return textKindOf(k) == kind && x.ofText(n)
	}
	return k == kind
}
