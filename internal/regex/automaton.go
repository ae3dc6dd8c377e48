package regex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An automaton has one state for each place of the expression that takes a rune (Glushkov's). An edge that is there twice is
// two ways: (a|a)* has two states, (a*)* one state with its edge doubled. Assertions are taken to hold, atomic groups to be
// plain, the inside of a lookahead to be a way that ends, a back-reference to be what its group is: it may show
// more ambiguity than there is, and a [trial] tells.
type automaton struct {
	sets   []*charSet
	next   [][]int32
	entry  []int32
	groups map[int]*node
	depth  int
	edges  int
	over   bool
	// counted says that a loop is one of so many turns.
	counted bool
	behind  bool // there is a lookbehind
	steps   int

	component []int32 // of each state, in the order that a search finishes them: those further on have lower numbers
	loops     [][]int32
	ends      []string
	walked    walk
}

const (
	mostStates = 1200
	mostEdges  = 40_000
	// mostCounted is the longest counted run that is written out.
	mostCounted = 64
	mostPairs   = 3_000_000 // pairs and triples of states looked at
	// mostAttacks bounds the texts of one kind that are tried.
	mostAttacks = 8
)

// An attack is a text in three parts.
type attack struct{ prefix, pump, suffix string }

// A part is a piece of the automaton: where it may be entered and left.
type part struct {
	first, last []int32
	empty       int8 // ways to take nothing: none, one, or several
}

// read builds the automaton; false when it is too large.
func (a *automaton) read(tree *node, method Method) bool {
	a.groups = map[int]*node{}
	tree.any(func(n *node) bool {
		if n.op == opGroup {
			a.groups[n.index] = n
		}
		return false
	})
	p := a.build(tree)
	a.entry = p.first
	if method == Search && !begins(tree) {
		// The search itself: it passes over anything, and may begin a match at each place.
		s := []int32{a.state(newSet(slices.Clone(anything)))}
		if !a.over {
			a.connect(s, s)
			a.connect(s, p.first)
			a.entry = append(slices.Clone(p.first), s...)
		}
	}
	if a.over {
		return false
	}
	a.components()
	return true
}

// begins reports whether a match can only begin at the start of the text.
func begins(n *node) bool {
	switch n.op {
	case opTextStart:
		return true
	case opConcat, opGroup, opAtomic:
		return begins(n.subs[0])
	case opAlt:
		for _, s := range n.subs {
			if !begins(s) {
				return false
			}
		}
		return true
	}
	return false
}

// several is the most that is told apart of ways to take nothing.
const several = 2

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
	if a.edges += len(from) * len(to); a.edges > mostEdges {
		a.over = true
		return
	}
	for _, f := range from {
		a.next[f] = append(a.next[f], to...)
	}
}

func (a *automaton) join(x, y part) part {
	a.connect(x.last, y.first)
	out := part{first: x.first, last: y.last, empty: min(x.empty*y.empty, several)}
	for range x.empty {
		out.first = append(slices.Clone(out.first), y.first...)
	}
	for range y.empty {
		out.last = append(slices.Clone(out.last), x.last...)
	}
	return out
}

func (a *automaton) build(n *node) part {
	nothing := part{empty: 1}
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
	case opAlt:
		return a.branches(n.subs)
	case opCond:
		return a.branches(n.subs[:2])
	case opGroup, opAtomic:
		return a.build(n.subs[0])
	case opLook:
		inner := a.build(n.subs[0]) // of a lookbehind, for what it is made of
		if !n.behind {
			return part{first: inner.first, empty: 1}
		}
		a.behind = true
	case opBackref:
		if g := a.groups[n.index]; g != nil && a.depth < 4 {
			a.depth++
			defer func() { a.depth-- }()
			return a.build(g.subs[0])
		}
	case opRepeat:
		return a.repeat(n)
	}
	return nothing
}

func (a *automaton) branches(subs []*node) part {
	out := part{}
	for _, s := range subs {
		p := a.build(s)
		out.first = append(out.first, p.first...)
		out.last = append(out.last, p.last...)
		out.empty = min(out.empty+p.empty, several)
	}
	return out
}

func (a *automaton) repeat(n *node) part {
	sub := n.subs[0]
	if n.max == 0 {
		return part{empty: 1}
	}
	loops := n.max < 0 ||
		// A large count over what takes now more, now less is as bad as no bound,
		n.max > 8 && sub.any(func(s *node) bool { return s.op == opRepeat && s.min != s.max }) ||
		// and a long run of any length is nearly one without a bound.
		n.max > mostCounted && n.min < n.max
	if !loops && n.max > mostCounted {
		n = &node{op: opRepeat, mode: n.mode, min: mostCounted, max: mostCounted, subs: n.subs}
	}
	if loops {
		a.counted = a.counted || n.max > 0
		p := a.build(sub)
		a.connect(p.last, p.first)
		if p.empty > 0 && n.min > 8 {
			a.connect(p.last, p.first) // Any of the turns may be the one that takes nothing: (a?){30}.
		}
		if n.min == 0 {
			p.empty = min(p.empty+1, several)
		}
		return p
	}
	// x{1,3} is x(x(x)?)?: with x(x)?(x)? there would be two ways to take two.
	out := part{empty: 1}
	for i := range n.max {
		out = a.join(a.build(sub), out)
		if a.over {
			return out
		}
		if i < n.max-n.min {
			out.empty = min(out.empty+1, several)
		}
	}
	return out
}

// components finds the loops: Tarjan's strongly connected components, without recursion.
func (a *automaton) components() {
	n := len(a.sets)
	a.component = make([]int32, n)
	index, low := make([]int32, n), make([]int32, n)
	onStack := make([]bool, n)
	var stack []int32
	type frame struct {
		s    int32
		edge int
	}
	count, numbered := int32(0), int32(0)
	for root := range int32(n) {
		if index[root] != 0 {
			continue
		}
		work := []frame{{root, 0}}
		for len(work) > 0 {
			f := &work[len(work)-1]
			if f.edge == 0 {
				numbered++
				index[f.s], low[f.s] = numbered, numbered
				stack = append(stack, f.s)
				onStack[f.s] = true
			}
			if f.edge < len(a.next[f.s]) {
				t := a.next[f.s][f.edge]
				f.edge++
				if index[t] == 0 {
					work = append(work, frame{t, 0})
				} else if onStack[t] {
					low[f.s] = min(low[f.s], index[t])
				}
				continue
			}
			s := f.s
			work = work[:len(work)-1]
			if len(work) > 0 {
				up := work[len(work)-1].s
				low[up] = min(low[up], low[s])
			}
			if low[s] != index[s] {
				continue
			}
			var members []int32
			for {
				t := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				onStack[t] = false
				a.component[t] = count
				members = append(members, t)
				if t == s {
					break
				}
			}
			count++
			if len(members) > 1 || slices.Contains(a.next[s], s) {
				slices.Sort(members)
				a.loops = append(a.loops, members)
			}
		}
	}
}

// exponential gives a text for each loop that takes one text in two ways.
func (a *automaton) exponential() []attack {
	var out []attack
	for _, loop := range a.loops {
		out = a.twoWays(loop, out)
		if len(out) >= mostAttacks || a.steps > mostPairs {
			break
		}
	}
	return out
}

// twoWays looks, within one loop, for two ways from a state to a state over one text. Which states does not matter: from the
// last there is a way back to the first.
func (a *automaton) twoWays(loop []int32, out []attack) []attack {
	n := int32(len(loop))
	place := map[int32]int32{}
	for i, s := range loop {
		place[s] = int32(i)
	}
	// A pair stands at x*n+y; came says from which pair, and by what rune.
	const none = -1
	type step struct {
		from int32
		r    rune
	}
	came := make([]step, n*n)
	for i := range came {
		came[i].from = none
	}
	var work []int32
	for i := range n {
		p := i*n + i
		came[p].from = p
		work = append(work, p)
	}
	path := func(p int32) (text []rune, root int32) {
		for came[p].from != p {
			text = append(text, came[p].r)
			p = came[p].from
		}
		slices.Reverse(text)
		return text, p / n
	}
	before := len(out)
	found := func(text []rune, from, to int32) {
		back, ok := a.way(loop[to], loop[from], a.component[loop[from]])
		prefix, reached := a.prefix(loop[from])
		if !ok || !reached {
			return
		}
		pump := string(append(text, back...))
		if at := (attack{prefix: prefix, pump: pump}); pump != "" && !slices.Contains(out, at) && len(out)-before < mostAttacks {
			out = append(out, at)
		}
	}
	for at := 0; at < len(work) && len(out)-before < mostAttacks; at++ {
		p := work[at]
		x, y := p/n, p%n
		for i, s := range a.next[loop[x]] {
			sx, inside := place[s]
			if !inside {
				continue
			}
			for j, t := range a.next[loop[y]] {
				ty, inside := place[t]
				if !inside {
					continue
				}
				if a.steps++; a.steps > mostPairs {
					return out
				}
				if x == y && (j < i || i == j) {
					continue // one way, or what the other order shows
				}
				r, ok := common2(a.sets[s], a.sets[t])
				if !ok {
					continue
				}
				q := sx*n + ty
				switch {
				case sx == ty:
					// The ways have parted (x ≠ y, or by a doubled edge), and meet.
					text, root := path(p)
					found(append(text, r), root, sx)
				case came[q].from == none:
					came[q] = step{p, r}
					work = append(work, q)
				}
			}
		}
	}
	return out
}

// way is the shortest text from one state to another within a component; nothing from a state to itself.
func (a *automaton) way(from, to, component int32) ([]rune, bool) {
	if from == to {
		return nil, true
	}
	return a.walk([]int32{from}, to, func(s int32) bool { return a.component[s] == component })
}

// prefix is the shortest text with which a state is reached.
func (a *automaton) prefix(to int32) (string, bool) {
	// To be in a state is to have taken a rune of it.
	for _, s := range a.entry {
		if s == to {
			return string(a.sets[s].sample()), len(a.sets[s].ranges) > 0
		}
	}
	text, ok := a.walk(a.entry, to, func(int32) bool { return true })
	if !ok {
		return "", false
	}
	first := a.lead(a.entry, text, to)
	return first + string(text), true
}

// lead is a rune that is taken by the entry from which walk came to a state.
func (a *automaton) lead(entry []int32, text []rune, to int32) string {
	for _, s := range entry {
		if len(a.sets[s].ranges) == 0 {
			continue
		}
		if again, ok := a.walk([]int32{s}, to, func(int32) bool { return true }); ok && len(again) == len(text) {
			copy(text, again)
			return string(a.sets[s].sample())
		}
	}
	return ""
}

// walk is a shortest text that leads from one of some states to another.
func (a *automaton) walk(from []int32, to int32, in func(int32) bool) ([]rune, bool) {
	came := make([]int32, len(a.sets))
	for i := range came {
		came[i] = -1
	}
	work := slices.Clone(from)
	for _, s := range from {
		came[s] = s
	}
	for at := 0; at < len(work); at++ {
		s := work[at]
		for _, t := range a.next[s] {
			if came[t] >= 0 || !in(t) || len(a.sets[t].ranges) == 0 {
				continue
			}
			came[t] = s
			if t == to {
				var out []rune
				for t != came[t] {
					out = append(out, a.sets[t].sample())
					t = came[t]
				}
				slices.Reverse(out)
				return out, true
			}
			work = append(work, t)
		}
	}
	return nil, false
}

// polynomial gives a text for two loops that take the same text one after the other, as long as more asks for another.
func (a *automaton) polynomial(more func(attack) bool) {
	given := map[attack]bool{}
	reach := make([][]bool, len(a.loops))
	for i, loop := range a.loops {
		reach[i] = a.after(loop[0])
	}
	for i := len(a.loops) - 1; i >= 0; i-- { // the search and other early loops first
		for j := len(a.loops) - 1; j >= 0; j-- {
			first, second := a.loops[i], a.loops[j]
			if i == j || !reach[i][second[0]] || !a.alike(first, second) {
				continue
			}
			pairs := 0
			for _, s := range first {
				for _, t := range second {
					if pairs++; pairs > 48 || a.steps > mostPairs {
						break
					}
					pump, ok := a.shared(s, t, reach[i])
					if !ok {
						continue
					}
					prefix, reached := a.prefix(s)
					at := attack{prefix: prefix, pump: pump}
					if !reached || given[at] {
						continue
					}
					given[at] = true
					if !more(at) || len(given) >= 3*mostAttacks {
						return
					}
				}
			}
		}
	}
}

// after are the states that can be reached from one.
func (a *automaton) after(s int32) []bool {
	seen := make([]bool, len(a.sets))
	work := []int32{s}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		for _, t := range a.next[at] {
			if !seen[t] {
				seen[t] = true
				work = append(work, t)
			}
		}
	}
	return seen
}

// alike reports whether two loops take a rune in common.
func (a *automaton) alike(x, y []int32) bool {
	for _, s := range x {
		for _, t := range y {
			if a.sets[s].overlaps(a.sets[t]) {
				return true
			}
		}
	}
	return false
}

// shared is a text that leads from s to s, from s to t and from t to t.
func (a *automaton) shared(s, t int32, between []bool) (string, bool) {
	first, last := a.component[s], a.component[t]
	w := &a.walked
	w.reset()
	start := triple{s, s, t}
	w.add(start, 0, 0)
	for at := 0; at < len(w.list); at++ {
		p := w.list[at].triple
		for _, x := range a.next[p.x] {
			if a.component[x] != first {
				continue
			}
			for _, z := range a.next[p.z] {
				if a.component[z] != last || !a.sets[z].overlaps(a.sets[x]) {
					continue
				}
				for _, y := range a.next[p.y] {
					if a.steps++; a.steps > mostPairs {
						return "", false
					}
					// y must be on the way from s to t.
					if !between[y] && a.component[y] != first || a.component[y] < last {
						continue
					}
					to := triple{x, y, z}
					if w.has(to) {
						continue
					}
					r, ok := common3(a.sets[x], a.sets[y], a.sets[z])
					if !ok {
						continue
					}
					w.add(to, int32(at), r)
					if to == (triple{s, t, t}) {
						var text []rune
						for i := len(w.list) - 1; i > 0; i = int(w.list[i].from) {
							text = append(text, w.list[i].r)
						}
						slices.Reverse(text)
						return string(text), true
					}
				}
			}
		}
	}
	return "", false
}

// A triple is a state each of three walks through the automaton.
type triple struct{ x, y, z int32 }

func (t triple) hash() uint32 {
	h := uint32(t.x)*0x9E3779B1 ^ uint32(t.y)*0x85EBCA6B ^ uint32(t.z)*0xC2B2AE35
	return h ^ h>>15
}

// A walk is the triples that a search came by. One serves all searches: there are many, and most end soon.
type walk struct {
	list  []walked
	table []int32 // 1 + index in list, by hash; its length is a power of two
}

type walked struct {
	triple
	from int32 // index in list
	r    rune
}

func (w *walk) reset() {
	const small = 64
	if cap(w.table) < small {
		w.table = make([]int32, small)
	}
	w.table = w.table[:small]
	clear(w.table)
	w.list = w.list[:0]
}

func (w *walk) has(t triple) bool {
	mask := uint32(len(w.table) - 1)
	for i := t.hash() & mask; w.table[i] != 0; i = (i + 1) & mask {
		if w.list[w.table[i]-1].triple == t {
			return true
		}
	}
	return false
}

func (w *walk) add(t triple, from int32, r rune) {
	w.list = append(w.list, walked{t, from, r})
	if 2*len(w.list) > len(w.table) {
		n := 4 * len(w.table)
		w.table = slices.Grow(w.table[:0], n)[:n]
		clear(w.table)
		for i := range w.list {
			w.put(int32(i))
		}
		return
	}
	w.put(int32(len(w.list) - 1))
}

func (w *walk) put(i int32) {
	mask := uint32(len(w.table) - 1)
	at := w.list[i].hash() & mask
	for w.table[at] != 0 {
		at = (at + 1) & mask
	}
	w.table[at] = i + 1
}

// endings are texts that a match may fail on: what no state takes, one rune of each class of the expression, and last
// nothing, since a short text may fail where a longer one has enough of everything.
func (a *automaton) endings() []string {
	if a.ends != nil {
		return a.ends
	}
	var all []rune
	for _, s := range a.sets {
		if len(s.ranges) != 2 || s.ranges[0] != 0 || s.ranges[1] != unicode.MaxRune {
			all = append(all, s.ranges...)
		}
	}
	add := func(s string) {
		if len(a.ends) < 24 && utf8.ValidString(s) && !slices.Contains(a.ends, s) {
			a.ends = append(a.ends, s)
		}
	}
	if rest := newSet(negate(all)); len(rest.ranges) > 0 {
		add(string(rest.sample()))
	}
	for _, s := range []string{"!", "\n!", "\n!\n!", "\n\n", "\x00", " ", "a", "0"} {
		add(s)
	}
	for _, s := range a.sets {
		if len(s.ranges) > 0 {
			add(string(s.sample()))
			if other := newSet(negate(slices.Clone(s.ranges))); len(other.ranges) > 0 {
				add(string(other.sample()))
			}
		}
	}
	a.ends = append(a.ends, "")
	return a.ends
}

// preferred are the runes that an attack is made of where there is a choice: those that are
// read easily, and that assertions such as \b and (?!-) seldom speak of.
const preferred = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -_.,:;/=+@#%&*~!?'\"<>()[]{}|^$`\\\t\n"

// sample is a rune of a set that is not empty.
func (s *charSet) sample() rune {
	r, _ := common3(s, s, s)
	return r
}

func common2(s, t *charSet) (rune, bool) { return common3(s, t, t) }

// common3 is a rune that is in three sets.
func common3(s, t, u *charSet) (rune, bool) {
	if s.ascii[0]&t.ascii[0]&u.ascii[0]|s.ascii[1]&t.ascii[1]&u.ascii[1] != 0 {
		if i := strings.IndexFunc(preferred, func(r rune) bool { return s.has(r) && t.has(r) && u.has(r) }); i >= 0 {
			return rune(preferred[i]), true
		}
	}
	for i, j, k := 0, 0, 0; i < len(s.ranges) && j < len(t.ranges) && k < len(u.ranges); {
		lo := max(s.ranges[i], t.ranges[j], u.ranges[k])
		hi := min(s.ranges[i+1], t.ranges[j+1], u.ranges[k+1])
		if lo <= hi {
			// No surrogate can stand in a text.
			if lo >= 0xD800 && lo <= 0xDFFF {
				lo = 0xE000
			}
			if lo <= hi {
				return lo, true
			}
		}
		switch hi = min(s.ranges[i+1], t.ranges[j+1], u.ranges[k+1]); hi {
		case s.ranges[i+1]:
			i += 2
		case t.ranges[j+1]:
			j += 2
		default:
			k += 2
		}
	}
	return 0, false
}
