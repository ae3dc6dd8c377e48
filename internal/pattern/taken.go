package pattern

import (
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/program"
)

// An offer is something that a module has from another one, if it spells a name.
type offer struct {
	by     string          // dotted; "": in any case
	symbol int32           // -1: none, but a module of which there is more
	module *program.Module // nil: anything
}

// A market remembers what the modules of a program offer each other, as far as patterns are concerned.
type market struct {
	program *program.Program
	mu      sync.Mutex
	offers  map[*program.Module][]offer
}

func (s *Set) marketOf(p *program.Program) *market {
	t := s.market.Load()
	if t == nil || t.program != p {
		t = &market{program: p, offers: map[*program.Module][]offer{}}
		s.market.Store(t)
	}
	return t
}

func (t *market) of(s *Set, m *program.Module) []offer {
	t.mu.Lock()
	defer t.mu.Unlock()
	list, ok := t.offers[m]
	if !ok {
		m.EachOffered(s.taker(&list))
		t.offers[m] = list
	}
	return list
}

// taker gathers what a [program.Taker] is told.
func (s *Set) taker(list *[]offer) *program.Taker {
	return &program.Taker{
		Name: func(dotted, by string) {
			for part := range strings.SplitSeq(dotted, ".") {
				if sym, ok := s.symbol(part); ok && part != by { // else it is spelled
					*list = append(*list, offer{by: by, symbol: sym})
				}
			}
		},
		Module: func(m *program.Module, by string) { *list = append(*list, offer{by, -1, m}) },
	}
}

// mostModules bounds the modules through which names are followed: of a module that has more of them, nothing is ruled out.
const mostModules = 256

// take notes what the module has from others of its program, after the walk, which notes what it spells.
func (x *index) take(m *program.Module) {
	if len(m.Program().Modules) < 2 {
		return
	}
	var queue []*program.Module
	seen := map[*program.Module]bool{m: true}
	add := func(list []offer) {
		for i := range list {
			switch o := &list[i]; {
			case o.symbol >= 0:
				if !x.taken[o.symbol] && x.spells(o.by) {
					x.taken[o.symbol] = true
					x.took = append(x.took, o.symbol)
				}
			case o.module == nil:
				x.wild = true
			case !seen[o.module] && x.spells(o.by):
				seen[o.module] = true
				queue = append(queue, o.module)
			}
		}
	}
	var own []offer
	m.EachTaken(x.set.taker(&own))
	add(own)
	t := x.set.marketOf(m.Program())
	for i := 0; i < len(queue); i++ {
		if i == mostModules {
			x.wild = true
			return
		}
		add(t.of(x.set, queue[i]))
	}
}

// symbol is the number of a name of the file that some pattern needs: see [Set.symbol].
func (x *index) symbol(name string) (int32, bool) {
	if name == "" {
		return 0, false
	}
	l := likeness(name)
	at, bit := l>>6, uint64(1)<<(l&63)
	x.spelled[at] |= bit
	if x.set.alike[at]&bit == 0 {
		return 0, false
	}
	s, ok := x.set.symbols[name]
	return s, ok
}

// spells reports whether all components of a name may occur in the file.
func (x *index) spells(dotted string) bool {
	for dotted != "" {
		first, rest, _ := strings.Cut(dotted, ".")
		if first != "" {
			if l := likeness(first); x.spelled[l>>6]&(1<<(l&63)) == 0 {
				return false
			}
		}
		dotted = rest
	}
	return true
}
