package regex

import (
	"math"
	"strings"
)

// Growth is how the time of a backtracking matcher grows with the length of a text that an
// attacker chooses.
type Growth uint8

const (
	Linear      Growth = iota // or unknown: see [Verdict.Known]
	Polynomial                // two loops can share what they take: \s*\s*$
	Exponential               // one loop can take the same text in two ways: (a+)+$
)

func (g Growth) String() string {
	return [...]string{"linear", "polynomial", "exponential"}[g]
}

// A Method says which call of Python's re is asked.
type Method uint8

const (
	Match     Method = iota // re.match: begins at the start of the text, ends anywhere
	Search                  // re.search, findall, finditer, split, sub: begins anywhere
	FullMatch               // re.fullmatch: takes the whole text
)

// A Verdict is what [Redos] found out about an expression.
type Verdict struct {
	Growth Growth
	// Known is false when the expression does not parse, or is too large to be judged; Growth is then Linear.
	Known bool
	// Degree is about the power of the length that the time grows with, as counted on the attack; for
	// an exponential expression it means nothing.
	Degree float64
	// Prefix + Pump repeated + Suffix is a text that shows the growth; empty when the growth is linear.
	Prefix, Pump, Suffix string
}

// Attack is the text that shows a verdict, with the pump so many times.
func (v Verdict) Attack(pumps int) string {
	return v.Prefix + strings.Repeat(v.Pump, pumps) + v.Suffix
}

// Redos tells how the time of Python's re grows with a text that an attacker chooses.
//
// The expression is read as an automaton, and that is searched for ambiguity: two ways from a state back to itself over one text
// can make a failed match exponential, two loops in a row that take the same text can make it polynomial; a search is a loop of its
// own before all others. Each ambiguity gives a text: how to come to it, what to repeat, and something that the match fails on.
// Then the text is tried: a matcher that does what Python's does counts its steps on it at growing lengths. So whether a match can fail
// at all after the loop, whether a lookaround holds, and what atomic groups cut off need no reasoning: only what
// was seen to grow is reported.
func Redos(expr string, flags Flags, method Method) Verdict {
	tree, p, err := parse(expr, flags|Python)
	if err != nil {
		return Verdict{}
	}
	run := optimized(tree)
	a := &automaton{}
	if !a.read(run, method) {
		return Verdict{}
	}
	t := &trial{tree: run, groups: len(p.names) - 1, method: method}
	out := t.exponential(a)
	if out.Growth != Linear {
		return out
	}
	pumps := mostPumps
	if a.counted {
		pumps = mostPumpsCounted
	}
	a.polynomial(func(at attack) bool {
		if out = t.judge(a, at, pumps, mostRunPolynomial); out.Growth == Exponential {
			out.Growth = Polynomial // of a high degree
		}
		return out.Growth == Linear && t.spent < mostTrial
	})
	return out
}

// IsExponential is [Redos] for those who ask for no more than that: most expressions have no loop that could be, and are not tried.
func IsExponential(expr string, flags Flags, method Method) bool {
	tree, p, err := parse(expr, flags|Python)
	if err != nil || !tree.any(func(n *node) bool { return n.op == opRepeat && n.max != 0 && n.max != 1 }) {
		return false
	}
	run := optimized(tree)
	a := &automaton{}
	if !a.read(run, method) {
		return false
	}
	t := &trial{tree: run, groups: len(p.names) - 1, method: method}
	return t.exponential(a).Growth == Exponential
}

// exponential tries the loops that take one text in two ways.
func (t *trial) exponential(a *automaton) Verdict {
	out := Verdict{Known: true}
	for _, at := range a.exponential() {
		prefixes := []string{""}
		if t.method == Search && a.behind {
			// What a lookbehind asks for stands before.
			for _, s := range a.sets[:min(8, len(a.sets))] {
				if len(s.ranges) > 0 {
					prefixes = append(prefixes, string(s.sample()))
				}
			}
		}
		for _, before := range prefixes {
			if t.spent > mostTrial {
				return out
			}
			v := t.judge(a, attack{prefix: before + at.prefix, pump: at.pump}, mostPumpsExponential, mostRun)
			if v.Growth > out.Growth {
				out = v
			}
			if out.Growth == Exponential {
				return out
			}
		}
	}
	return out
}

// Bounds of a trial, in steps of the matcher, and of its texts.
const (
	mostRun              = 800_000 // steps of one match
	mostRunPolynomial    = 120_000 // and of one that grows by a power, which shows sooner
	mostProbe            = 60_000  // and of one that only looks for what the match fails on
	mostTrial            = 12_000_000
	mostPumpsExponential = 96
	mostPumps            = 256
	mostPumpsCounted     = 2000 // where a count that is a loop here ends one there
	enoughPumps          = 60   // after which a slope that is far from the bound says all
	probePumps           = 14
	probePumpsLong       = 40
	// No polynomial that is told from an exponential by counting has a degree above this; (.*a){20} is called exponential.
	degreeExponential = 5.5
	degreePolynomial  = 1.5
)

// A trial runs the expression on texts and counts.
type trial struct {
	tree   *node
	groups int
	method Method
	prog   *prog // made when it is needed
	m      machine
	spent  int
}

func (t *trial) program() *prog {
	if t.prog == nil {
		run := t.tree
		if t.method == FullMatch {
			run = &node{op: opConcat, subs: []*node{run, {op: opTextEnd}}}
		}
		t.prog = compile(run, t.groups, true, true)
	}
	return t.prog
}

// steps counts what one match takes; most when it takes at least so many.
func (t *trial) steps(text string, most int) int {
	t.m.reset(t.program(), text)
	t.m.limit, t.m.late = most, math.MaxInt
	if t.method == Search {
		t.m.find(0)
	} else {
		t.m.from = 0
		t.m.try(0)
	}
	n := t.m.steps
	if t.m.err != nil {
		n = most
	}
	t.spent += n
	t.m.release()
	return n
}

// A point is what a match took for a text of some length.
type point struct{ length, steps float64 }

// slope is the power with which the steps grow, by the last of some points.
func slope(seen []point) float64 {
	last, first := seen[len(seen)-1], seen[len(seen)-3]
	return math.Log(last.steps/first.steps) / math.Log(last.length/first.length)
}

// judge tries an attack with each of some endings, and measures the growth with the worst of them.
func (t *trial) judge(a *automaton, at attack, pumps, most int) Verdict {
	v := Verdict{Known: true, Prefix: at.prefix, Pump: at.pump}
	probe := probePumps
	if pumps >= mostPumps {
		probe = probePumpsLong
	}
	worst := -1
	endings := a.endings()
	if pumps != mostPumpsExponential && len(endings) > 12 {
		endings = append(endings[:11:11], "")
	}
	for _, end := range endings {
		for _, n := range [...]int{probe, 4 * probe} { // four times: what hides behind a count
			v.Suffix = end
			got := t.steps(v.Attack(n), mostProbe)
			if got > worst {
				worst, at.suffix = got, end
			}
			if pumps >= mostPumps {
				break
			}
		}
		if worst >= mostProbe || t.spent > mostTrial {
			break
		}
	}
	v.Suffix = at.suffix
	var seen []point
	for n := 1; n <= pumps; n += max(1, n/3) {
		text := v.Attack(n)
		s := t.steps(text, most)
		if s >= most {
			break
		}
		seen = append(seen, point{float64(len(text)), float64(s)})
		if pumps == mostPumps && n >= enoughPumps {
			if d := slope(seen); d >= degreePolynomial+0.2 || d < 1.1 {
				break // it will not change any more
			}
		}
		if t.spent > mostTrial {
			break
		}
	}
	if len(seen) < 3 {
		return Verdict{Known: true}
	}
	// The slope at the end: what is constant and what is linear weighs little there.
	v.Degree = slope(seen)
	switch {
	case v.Degree >= degreeExponential:
		v.Growth = Exponential
	case v.Degree >= degreePolynomial:
		v.Growth = Polynomial
	default:
		return Verdict{Known: true}
	}
	return v
}

// optimized is the tree that Python's compiler makes: alternatives of single characters become one class, and what all alternatives
// begin with stands before them. Neither changes what matches, both take ambiguity away: (?:[ab]|[ac])* is one loop.
func optimized(n *node) *node {
	if len(n.subs) == 0 {
		return n
	}
	out := *n
	out.subs = make([]*node, len(n.subs))
	for i, s := range n.subs {
		if s != nil {
			out.subs[i] = optimized(s)
		}
	}
	if n.op != opAlt {
		return &out
	}
	var lead []*node
	branches := make([][]*node, len(out.subs))
	for i, s := range out.subs {
		branches[i] = items(s)
	}
	for {
		same := true
		for _, b := range branches {
			same = same && len(b) > 0 && equal(b[0], branches[0][0])
		}
		if !same {
			break
		}
		lead = append(lead, branches[0][0])
		for i := range branches {
			branches[i] = branches[i][1:]
		}
	}
	var pairs []rune
	merges := true
	for _, b := range branches {
		// Negated classes and the dot are left alone.
		if len(b) != 1 || !b[0].single() || b[0].negated {
			merges = false
			break
		}
		if b[0].op == opRune {
			pairs = append(pairs, b[0].r, b[0].r)
		} else {
			pairs = append(pairs, b[0].set.ranges...)
		}
	}
	rest := &node{op: opAlt}
	if merges {
		rest = &node{op: opSet, set: newSet(pairs)}
	} else {
		for _, b := range branches {
			rest.subs = append(rest.subs, sequence(b))
		}
	}
	if len(lead) == 0 {
		return rest
	}
	return &node{op: opConcat, subs: append(lead, rest)}
}

func items(n *node) []*node {
	switch n.op {
	case opEmpty:
		return nil
	case opConcat:
		return n.subs
	}
	return []*node{n}
}

func sequence(items []*node) *node {
	switch len(items) {
	case 0:
		return &node{op: opEmpty}
	case 1:
		return items[0]
	}
	return &node{op: opConcat, subs: items}
}

// equal reports whether two nodes are written alike.
func equal(a, b *node) bool {
	if a.op != b.op || a.mode != b.mode || a.negated != b.negated || a.behind != b.behind || a.fold != b.fold || a.unicode != b.unicode ||
		a.r != b.r || a.written != b.written || a.index != b.index || a.min != b.min || a.max != b.max || len(a.subs) != len(b.subs) || (a.set == nil) != (b.set == nil) {
		return false
	}
	if a.set != nil && !a.set.equal(b.set) {
		return false
	}
	for i := range a.subs {
		if (a.subs[i] == nil) != (b.subs[i] == nil) || a.subs[i] != nil && !equal(a.subs[i], b.subs[i]) {
			return false
		}
	}
	return true
}
