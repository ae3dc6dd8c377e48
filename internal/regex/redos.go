package regex

// Growth is how the time of a backtracking matcher grows with the length of a text that an
// attacker chooses.
type Growth uint8

const (
	Linear      Growth = iota // or unknown: the expression is too large to tell
	Polynomial                // two loops can share what they take: \s*\s*$
	Exponential               // one loop can take the same text in two ways: (a+)+$
)

// Backtracking tells how an expression fares with a matcher that has no protection, such as
// Python's re. The expression is read as an automaton, and that is searched for ambiguity: two ways from a state back to itself
// over one text make a failed match exponential, two loops in a row that take the same text make it polynomial.
//
// It is told only when the match can fail after the loop: (a+)+ alone is harmless, since
// the first way through succeeds. Lookarounds are taken to hold, back-references to be empty; atomic groups and possessive quantifiers are never entered twice, and so
// hold nothing back. An expression that does not parse is Linear.
func Backtracking(expr string, flags Flags) Growth {
	tree, _, err := parse(expr, flags)
	if err != nil {
		return Linear
	}
	a := &automaton{}
	a.finish(tree, false)
	if a.over {
		return Linear
	}
	return a.growth()
}

// An automaton has one state for each place of the expression that takes a rune (Glushkov's).
type automaton struct {
	sets  []*charSet
	next  [][]int32
	over  bool
	steps int
}

const (
	accept     = -1 // the end of the expression
	held       = -2 // the end, if an assertion holds there
	mostStates = 400
	// mostCounted is the longest counted run that is written out.
	mostCounted = 64
	mostPairs   = 4_000_000 // pairs of states looked at
)

// A part is a piece of the automaton: where it may be entered and left.
type part struct {
	first, last []int32
	empty       bool // may take nothing
	asserted    bool // and an assertion must hold then; known to finish only
}

// finish builds what ends the expression; fails says that an assertion follows. Alternatives end on their own, so that
// (a+)+$|b is seen to fail where (a+)+|b$ does not. Of the result, last means nothing.
func (a *automaton) finish(n *node, fails bool) part {
	switch n.op {
	case opGroup:
		return a.finish(n.subs[0], fails)
	case opAlt:
		out := part{}
		for _, s := range n.subs {
			p := a.finish(s, fails)
			out.first = append(out.first, p.first...)
			out.empty = out.empty || p.empty
			out.asserted = out.asserted || p.asserted
		}
		return out
	case opConcat:
		i := len(n.subs)
		for i > 0 && asserts(n.subs[i-1]) {
			i--
			fails = true
		}
		if i == 0 {
			return part{empty: true, asserted: true}
		}
		lead := part{empty: true}
		for _, s := range n.subs[:i-1] {
			lead = a.join(lead, a.build(s))
		}
		tail := a.finish(n.subs[i-1], fails)
		a.connect(lead.last, tail.first)
		if tail.empty {
			a.end(lead.last, fails || tail.asserted)
		}
		out := part{first: lead.first, empty: lead.empty && tail.empty, asserted: tail.asserted}
		if lead.empty {
			out.first = append(append([]int32(nil), lead.first...), tail.first...)
		}
		return out
	}
	p := a.build(n)
	a.end(p.last, fails)
	p.asserted = asserts(n)
	return p
}

func (a *automaton) end(last []int32, fails bool) {
	to := int32(accept)
	if fails {
		to = held
	}
	a.connect(last, []int32{to})
}

// asserts reports whether a node takes nothing and may yet not hold.
func asserts(n *node) bool {
	switch n.op {
	case opLook, opLineStart, opLineEnd, opTextStart, opTextEnd, opFinalEnd, opWordEdge:
		return true
	case opGroup, opAtomic:
		return asserts(n.subs[0])
	case opAlt:
		for _, s := range n.subs {
			if !asserts(s) {
				return false
			}
		}
		return true
	}
	return false
}

func (a *automaton) state(set *charSet) int32 {
	if len(a.sets) >= mostStates {
		a.over = true
		return 0
	}
	a.sets = append(a.sets, set)
	a.next = append(a.next, nil)
	return int32(len(a.sets) - 1)
}

func (a *automaton) connect(from, to []int32) {
	for _, f := range from {
		a.next[f] = append(a.next[f], to...)
	}
}

func (a *automaton) join(x, y part) part {
	a.connect(x.last, y.first)
	out := part{first: x.first, last: y.last, empty: x.empty && y.empty}
	if x.empty {
		out.first = append(append([]int32(nil), x.first...), y.first...)
	}
	if y.empty {
		out.last = append(append([]int32(nil), y.last...), x.last...)
	}
	return out
}

func (a *automaton) build(n *node) part {
	nothing := part{empty: true}
	if a.over {
		return nothing
	}
	switch n.op {
	case opRune, opSet:
		set := n.set
		if set == nil {
			set = newSet([]rune{n.r, n.r})
		}
		s := []int32{a.state(set)}
		if a.over {
			return nothing
		}
		return part{first: s, last: s}
	case opConcat:
		out := nothing
		for _, s := range n.subs {
			out = a.join(out, a.build(s))
		}
		return out
	case opAlt, opCond:
		out := part{}
		for _, s := range n.subs {
			if s.op == opLook {
				continue
			}
			p := a.build(s)
			out.first = append(out.first, p.first...)
			out.last = append(out.last, p.last...)
			out.empty = out.empty || p.empty
		}
		return out
	case opGroup:
		return a.build(n.subs[0])
	case opRepeat:
		return a.repeat(n)
	case opAtomic:
		return a.sealed(n.subs[0])
	}
	return nothing
}

// sealed stands for something that is never entered twice: one rune that nothing else takes,
// so that no ambiguity passes through it.
func (a *automaton) sealed(n *node) part {
	p := a.build(&node{op: opSet, set: &charSet{}})
	p.empty = n.nullable()
	return p
}

func (a *automaton) repeat(n *node) part {
	sub := n.subs[0]
	if n.max == 0 {
		return part{empty: true}
	}
	if n.mode == possessive {
		return a.sealed(sub)
	}
	if n.max < 0 || n.max > 1 && sub.any(func(s *node) bool { return s.op == opRepeat && s.max < 0 }) && n.max > 8 {
		// A large count over a loop is as bad as no bound.
		p := a.build(sub)
		a.connect(p.last, p.first)
		p.empty = p.empty || n.min == 0
		return p
	}
	if sub.single() && n.max > mostCounted && n.min < n.max {
		// A long run of any length is nearly one without a bound.
		p := a.build(sub)
		a.connect(p.last, p.first)
		p.empty = n.min == 0
		return p
	}
	// x{1,3} is x(x(x)?)?: with x(x)?(x)? there would be two ways to take two.
	out := part{empty: true}
	for i := range n.max {
		out = a.join(a.build(sub), out)
		if a.over {
			return out
		}
		out.empty = out.empty || i < n.max-n.min
	}
	return out
}

// growth looks for the worst ambiguity that a match can fail after.
func (a *automaton) growth() Growth {
	n := len(a.sets)
	if n == 0 {
		return Linear
	}
	reach := a.reachable()
	// Edges that are there twice are two ways in themselves: (a|a)* has two states, (a*)* one
	// state with its edge doubled.
	for s := range int32(n) {
		if !reach[s][s] || !a.canFail(s, reach) {
			continue
		}
		if a.ambiguous(s) {
			return Exponential
		}
	}
	for s := range int32(n) {
		for t := range int32(n) {
			if s != t && reach[s][s] && reach[t][t] && reach[s][t] && !reach[t][s] && a.canFail(t, reach) && a.shared(s, t) {
				return Polynomial
			}
		}
	}
	return Linear
}

func (a *automaton) reachable() [][]bool {
	n := len(a.sets)
	out := make([][]bool, n)
	for s := range out {
		seen := make([]bool, n)
		work := []int32{int32(s)}
		for len(work) > 0 {
			at := work[len(work)-1]
			work = work[:len(work)-1]
			for _, t := range a.next[at] {
				if t >= 0 && !seen[t] {
					seen[t] = true
					work = append(work, t)
				}
			}
		}
		out[s] = seen
	}
	return out
}

// canFail reports whether a match may still fail once the loop of a state is entered: not
// when the expression may end right there, with nothing more to hold.
func (a *automaton) canFail(s int32, reach [][]bool) bool {
	for t := range int32(len(a.sets)) {
		if t != s && !(reach[s][t] && reach[t][s]) {
			continue
		}
		for _, u := range a.next[t] {
			if u == accept {
				return false
			}
		}
	}
	return true
}

// ambiguous reports whether there are two different ways from s back to s over one text.
func (a *automaton) ambiguous(s int32) bool {
	n := int32(len(a.sets))
	type pair struct{ x, y int32 }
	// A pair carries whether the two ways have parted: once parted they must meet in s.
	seen := make([]bool, int(n)*int(n)*2)
	index := func(p pair, parted bool) int {
		i := (int(p.x)*int(n) + int(p.y)) * 2
		if parted {
			i++
		}
		return i
	}
	type item struct {
		pair
		parted bool
	}
	work := []item{{pair{s, s}, false}}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		for i, x := range a.next[at.x] {
			for j, y := range a.next[at.y] {
				if a.steps++; a.steps > mostPairs {
					return false
				}
				if x < 0 || y < 0 || !a.sets[x].overlaps(a.sets[y]) {
					continue
				}
				parted := at.parted || x != y || at.x == at.y && i != j
				if parted && x == s && y == s {
					return true
				}
				if k := index(pair{x, y}, parted); !seen[k] {
					seen[k] = true
					work = append(work, item{pair{x, y}, parted})
				}
			}
		}
	}
	return false
}

// shared reports whether one text leads from s to s, from s to t and from t to t.
func (a *automaton) shared(s, t int32) bool {
	type triple struct{ x, y, z int32 }
	seen := map[triple]bool{}
	work := []triple{{s, s, t}}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		for _, x := range a.next[at.x] {
			for _, y := range a.next[at.y] {
				if x < 0 || y < 0 || !a.sets[x].overlaps(a.sets[y]) {
					continue
				}
				for _, z := range a.next[at.z] {
					if a.steps++; a.steps > mostPairs {
						return false
					}
					if z < 0 || !a.sets[z].overlaps(a.sets[x]) || !a.sets[z].overlaps(a.sets[y]) {
						continue
					}
					to := triple{x, y, z}
					if to == (triple{s, t, t}) {
						return true
					}
					if !seen[to] {
						seen[to] = true
						work = append(work, to)
					}
				}
			}
		}
	}
	return false
}
