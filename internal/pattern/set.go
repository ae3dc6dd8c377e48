package pattern

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/source"
)

// A Set is rules that are matched together, in one walk of each tree. It may be used from several goroutines.
type Set struct {
	rules   []compiledRule
	leaves  []*leaf
	symbols map[string]int32             // the names that some pattern needs
	texts   map[string]int32             // the texts that some pattern is
	alike   [1 << (alikeBits - 6)]uint64 // by likeness: a symbol or a text may have it
	words   wordFinder
	asked   map[string]int // the expressions of guards: a number for each

	market atomic.Pointer[market] // of the program that was asked about last

	bySymbol  [][]int32          // symbol -> rules that can match only where it occurs
	always    []int32            // rules without such a symbol
	wantKinds [numNodeKinds]bool // kinds of node that some leaf is tried at
	wantExprs bool               // some leaf is tried at every expression
	wantStmts bool               // some leaf is tried at every statement
	pool      sync.Pool          // *index
	strings   sync.Map           // of "=~/re/": text -> *regex.Regexp
}

type compiledRule struct {
	f        compiledFormula // nil when the rule is wrong
	lang     Language
	steps    int
	limit    int
	symbolic bool
	values   bool
}

// link prepares the tables that say which rules a file can concern.
func (s *Set) link() {
	s.bySymbol = make([][]int32, len(s.symbols))
	for name := range s.symbols {
		if name != "" {
			s.alike[likeness(name)>>6] |= 1 << (likeness(name) & 63)
		}
	}
	for text := range s.texts {
		s.alike[likeness(text)>>6] |= 1 << (likeness(text) & 63)
	}
	for i := range s.rules {
		r := &s.rules[i]
		if r.f == nil || r.lang != Python {
			continue
		}
		syms := requires(r.f)
		if len(syms) == 0 {
			s.always = append(s.always, int32(i))
		}
		for _, sym := range syms {
			if l := s.bySymbol[sym]; len(l) == 0 || l[len(l)-1] != int32(i) {
				s.bySymbol[sym] = append(l, int32(i))
			}
		}
	}
	for _, l := range s.leaves {
		a := l.anchor
		switch {
		case len(a.syms) > 0:
		case a.kind != anyNode:
			s.wantKinds[a.kind] = true
			s.wantKinds[a.also] = s.wantKinds[a.also] || a.also != anyNode
		case a.stmt:
			s.wantStmts = true
		default:
			s.wantExprs = true
		}
	}
	s.words.link()
	s.pool.New = func() any { return newIndex(s) }
}

// symbol is the number of a name that some pattern needs. Most names of a program none needs, and few of those look alike by their length
// and ends.
func (s *Set) symbol(name string) (int32, bool) {
	if name == "" || s.alike[likeness(name)>>6]&(1<<(likeness(name)&63)) == 0 {
		return 0, false
	}
	sym, ok := s.symbols[name]
	return sym, ok
}

// text is the number of a text that some pattern is.
func (s *Set) text(text string) (int32, bool) {
	if text == "" || s.alike[likeness(text)>>6]&(1<<(likeness(text)&63)) == 0 {
		return 0, false
	}
	t, ok := s.texts[text]
	return t, ok
}

func likeness(name string) uint {
	n := uint(len(name))
	return (uint(name[0])*31 + uint(name[n-1])*131 + uint(name[n/2])*1031 + n*517) & (1<<alikeBits - 1)
}

const alikeBits = 15

// requires is a set of names one of which has to occur where the formula holds; nil when there is none.
func requires(f compiledFormula) []int32 {
	switch f := f.(type) {
	case *leafF:
		if len(f.leaf.anchor.syms) > 0 {
			return f.leaf.anchor.syms
		}
		if n := f.leaf.anchor.needs; len(n) > 0 {
			return n[:1]
		}
	case *insideF:
		return requires(f.f)
	case *asF:
		return requires(f.f)
	case *orF:
		var all []int32
		for _, x := range f.of {
			r := requires(x)
			if len(r) == 0 {
				return nil
			}
			all = append(all, r...)
		}
		return all
	case *andF:
		var best []int32
		for _, x := range f.positives {
			if r := requires(x); len(r) > 0 && (best == nil || len(r) < len(best)) {
				best = r
			}
		}
		for _, x := range f.insides {
			if r := requires(x); len(r) > 0 && best == nil {
				best = r
			}
		}
		return best
	}
	return nil
}

// Match finds where the active Python rules hold in a module. The matches are sorted by rule and place.
func (s *Set) Match(m *program.Module, active func(rule int) bool) ([]Match, []Exhausted) {
	x := s.pool.Get().(*index)
	defer func() {
		x.release()
		s.pool.Put(x)
	}()
	x.build(m)
	ev := &evaluator{set: s, module: m, file: m.File, index: x}
	var out []Match
	var tired []Exhausted
	for _, i := range x.candidates() {
		if active != nil && !active(int(i)) {
			continue
		}
		out, tired = ev.run(int(i), out, tired)
	}
	return out, tired
}

// MatchText finds where the active rules for text of any kind hold.
func (s *Set) MatchText(f *source.File, active func(rule int) bool) ([]Match, []Exhausted) {
	ev := &evaluator{set: s, file: f}
	var out []Match
	var tired []Exhausted
	for i := range s.rules {
		if s.rules[i].f == nil || s.rules[i].lang == Python || active != nil && !active(i) {
			continue
		}
		out, tired = ev.run(i, out, tired)
	}
	return out, tired
}

// run evaluates one rule.
func (ev *evaluator) run(i int, out []Match, tired []Exhausted) ([]Match, []Exhausted) {
	r := &ev.set.rules[i]
	ev.rule, ev.steps, ev.exhausted, ev.symbolic = i, r.steps, false, r.symbolic
	if !ev.possible(r.f) {
		return out, tired
	}
	found := ev.eval(r.f)
	first := len(out)
	for _, f := range found {
		out = append(out, Match{Rule: i, Span: f.span, Node: f.node, Bindings: ev.bindings(f.env)})
	}
	mine := out[first:]
	slices.SortStableFunc(mine, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	mine = slices.CompactFunc(mine, sameMatch)
	bound := Exhausted{Rule: i, Steps: r.steps}
	if len(mine) > r.limit {
		mine = mine[:r.limit]
		bound.Matches = r.limit
	}
	for i := range mine {
		if r.values {
			ev.constants(mine[i].Bindings)
		}
	}
	if ev.exhausted || bound.Matches > 0 {
		tired = append(tired, bound)
	}
	return out[:first+len(mine)], tired
}

func sameMatch(a, b Match) bool {
	return a.Span == b.Span && slices.EqualFunc(a.Bindings, b.Bindings, func(a, b Binding) bool {
		return a.Name == b.Name && a.Span == b.Span && a.Text == b.Text
	})
}

// stringRegex is the expression of "=~/re/", compiled once.
func (s *Set) stringRegex(expr string, flags regex.Flags) (*regex.Regexp, error) {
	type key struct {
		expr  string
		flags regex.Flags
	}
	if re, ok := s.strings.Load(key{expr, flags}); ok {
		return re.(*regex.Regexp), nil
	}
	re, err := regex.Compile(expr, flags)
	if err != nil {
		return nil, err
	}
	s.strings.Store(key{expr, flags}, re)
	return re, nil
}
