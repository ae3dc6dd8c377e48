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
	whole := a.build(tree, 0)
	if a.over {
		return Linear
	}
	a.connect(whole.last, []int32{accept})
	return a.growth(whole)
}

// An automaton has one state for each place of the expression that takes a rune (Glushkov's).
type automaton struct {
	sets  []*charSet
	next  [][]int32
	loops []int // how many unbounded loops are around the state
	over  bool
	steps int
}

const (
	accept     = -1 // the end of the expression
	mostStates = 400
	mostPairs  = 4_000_000 // pairs of states looked at
)

// A part is a piece of the automaton: where it may be entered and left.
type part struct {
	first, last []int32
	empty       bool // may take nothing
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
		for _, t := range to {
			a.next[f] = append(a.next[f], t)
		}
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

func (a *automaton) build(n *node, depth int) part {
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
			out = a.join(out, a.build(s, depth))
		}
		return out
	case opAlt, opCond:
		out := part{}
		for _, s := range n.subs {
			if s.op == opLook {
				continue
			}
			p := a.build(s, depth)
			out.first = append(out.first, p.first...)
			out.last = append(out.last, p.last...)
			out.empty = out.empty || p.empty
		}
		return out
	case opGroup:
		return a.build(n.subs[0], depth)
	case opRepeat:
		return a.repeat(n, depth)
	case opAtomic:
		return a.sealed(n.subs[0])
	}
	return nothing
}

// sealed stands for something that is never entered twice: one rune that nothing else takes,
// so that no ambiguity passes through it.
func (a *automaton) sealed(n *node) part {
	p := a.build(&node{op: opSet, set: &charSet{}}, 0)
	p.empty = n.nullable()
	return p
}

func (a *automaton) repeat(n *node, depth int) part {
	sub := n.subs[0]
	if n.max == 0 {
		return part{empty: true}
	}
	if n.mode == possessive {
		return a.sealed(sub)
	}
	if n.max < 0 || n.max > 1 && sub.any(func(s *node) bool { return s.op == opRepeat && s.max < 0 }) && n.max > 8 {
		// A large count over a loop is as bad as no bound.
		p := a.build(sub, depth+1)
		a.connect(p.last, p.first)
		p.empty = p.empty || n.min == 0
		return p
	}
	out := part{empty: true}
	for i := range n.max {
		p := a.build(sub, depth)
		p.empty = p.empty || i >= n.min
		out = a.join(out, p)
	}
	return out
}

// growth looks for the worst ambiguity that a match can fail after.
func (a *automaton) growth(whole part) Growth {
	n := len(a.sets)
	if n == 0 {
		return Linear
	}
	reach := a.reachable()
	exponential, polynomial := false, false
	// Edges that are there twice are two ways in themselves: (a|a)* has two states, (a*)* one
	// state with its edge doubled.
	for s := range int32(n) {
		if !reach[s][s] || !a.canFail(s, reach) {
			continue
		}
		if a.ambiguous(s) {
			exponential = true
			break
		}
	}
	if exponential {
		return Exponential
	}
	for s := int32(0); s < int32(n) && !polynomial; s++ {
		for t := int32(0); t < int32(n); t++ {
			if s != t && reach[s][s] && reach[t][t] && reach[s][t] && !reach[t][s] && a.canFail(t, reach) && a.shared(s, t) {
				polynomial = true
				break
			}
		}
	}
	if polynomial {
		return Polynomial
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
				if t != accept && !seen[t] {
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
				if x == accept || y == accept || !a.sets[x].overlaps(a.sets[y]) {
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
				if x == accept || y == accept || !a.sets[x].overlaps(a.sets[y]) {
					continue
				}
				for _, z := range a.next[at.z] {
					if a.steps++; a.steps > mostPairs {
						return false
					}
					if z == accept || !a.sets[z].overlaps(a.sets[x]) || !a.sets[z].overlaps(a.sets[y]) {
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
