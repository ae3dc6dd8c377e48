package model

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wadjet-security/wadjet/models"
)

// A Library answers questions about libraries. It is safe for concurrent use.
type Library struct {
	tables []*table // an earlier one's word counts more

	modules sync.Map // name → *module
	symbols sync.Map // canonical name → *Symbol
	asked   sync.Map // any other spelling → *Symbol
}

// Default is what comes with the program. It is the same library each time.
func Default() (*Library, error) { return defaultLibrary() }

var defaultLibrary = sync.OnceValues(func() (*Library, error) { return Open(models.Libraries, models.Stdlib) })

// Open is a library of tables, as [Encode] writes them. Where two say something of one name, the earlier counts.
func Open(tables ...string) (*Library, error) {
	l := &Library{}
	for _, data := range tables {
		t, err := openTable(data)
		if err != nil {
			return nil, err
		}
		l.tables = append(l.tables, t)
	}
	return l, nil
}

// With is a library that knows what a table says too, which counts more.
func (l *Library) With(data string) (*Library, error) {
	t, err := openTable(data)
	if err != nil {
		return nil, err
	}
	return &Library{tables: append([]*table{t}, l.tables...)}, nil
}

// A module is what the tables say of one.
type module struct {
	name    string
	exports []string
	parts   []members
	symbol  *Symbol
}

func (l *Library) module(name string) *module {
	if m, ok := l.modules.Load(name); ok {
		return m.(*module)
	}
	var m *module
	for _, t := range l.tables {
		at := t.module(name)
		if at == 0 {
			continue
		}
		if m == nil {
			m = &module{name: name, symbol: &Symbol{Kind: Module, Name: name}}
		}
		r := reader{t, at}
		m.symbol.Flags |= Flags(r.num())
		if n := r.num(); n > 0 {
			exports := make([]string, n-1)
			for i := range exports {
				exports[i] = r.str()
			}
			if m.exports == nil {
				m.exports = exports
			}
		}
		part := members{t: t, at: r.at}
		part.where = r.members()
		m.parts = append(m.parts, part)
	}
	if m == nil {
		return nil // not kept: programs ask for names without bound
	}
	kept, _ := l.modules.LoadOrStore(name, m)
	return kept.(*module)
}

// Exports are the names that `from m import *` brings, nil when the module or its exports are not known.
func (l *Library) Exports(name string) []string {
	m := l.module(name)
	if m == nil {
		return nil
	}
	if self := l.in(m, "", maxHops); self != nil {
		m = l.module(self.Name)
	}
	return m.exports
}

// Modules calls f with the name of each module that the tables know.
func (l *Library) Modules(f func(name string)) {
	for _, t := range l.tables {
		for i := range t.nmodules {
			f(t.moduleName(i))
		}
	}
}

// builtins is the module whose names are written without it.
const builtins = "builtins"

// maxHops bounds how many aliases lead from one name to the next: no chain of imports is as long, and a circle ends.
const maxHops = 16

// Symbol is what a qualified name means, or nil. A variable's attributes are those of its type: sys.stdout.write is a method.
func (l *Library) Symbol(q string) *Symbol { return l.symbol(q, maxHops) }

func (l *Library) symbol(q string, hops int) *Symbol {
	if s, ok := l.symbols.Load(q); ok {
		return s.(*Symbol)
	}
	if s, ok := l.asked.Load(q); ok {
		return s.(*Symbol)
	}
	if hops == 0 || q == "" {
		return nil
	}
	s := l.find(q, hops)
	if s != nil && s.Name != q {
		l.asked.Store(q, s)
	}
	return s
}

func (l *Library) find(q string, hops int) *Symbol {
	first, _, _ := strings.Cut(q, ".")
	if !l.top(first) { // most names that a program asks for are its own
		return l.within(l.module(builtins), q, hops)
	}
	// The longest prefix that is a module counts: os.path is one, and not an attribute of os.
	for end := len(q); end > 0; end = strings.LastIndexByte(q[:end], '.') {
		m := l.module(q[:end])
		if m == nil {
			continue
		}
		if end == len(q) {
			// A package may give the name of one of its modules to something else: unittest.main is a class.
			if dot := strings.LastIndexByte(q, '.'); dot > 0 {
				if p := l.module(q[:dot]); p != nil {
					if s := l.in(p, q[dot+1:], hops); s != nil && s.Kind != Module {
						return s
					}
				}
			}
			if self := l.in(m, "", hops); self != nil {
				return self // the module is another's other name
			}
			return m.symbol
		}
		if s := l.within(m, q[end+1:], hops); s != nil {
			return s
		}
		return nil
	}
	return l.within(l.module(builtins), q, hops)
}

// top reports that modules' names begin with a word.
func (l *Library) top(word string) bool {
	for _, t := range l.tables {
		if t.hasTop(word) {
			return true
		}
	}
	return false
}

// within is what a dotted path means from a module on.
func (l *Library) within(m *module, path string, hops int) *Symbol {
	if m == nil {
		return nil
	}
	first, rest, more := strings.Cut(path, ".")
	s := l.in(m, first, hops)
	if s == nil {
		if self := l.in(m, "", hops); self != nil {
			return l.symbol(self.Name+"."+path, hops-1)
		}
	}
	for more && s != nil {
		first, rest, more = strings.Cut(rest, ".")
		switch s.Kind {
		case Module:
			if sub := l.module(s.Name + "." + first); sub != nil {
				s = l.symbol(sub.name, hops-1)
			} else {
				s = l.symbol(s.Name+"."+first, hops-1)
			}
		case Class:
			s = l.Member(s, first)
		case Var:
			if s.Type.Kind != Instance {
				return nil
			}
			if c := l.symbol(s.Type.Name, hops-1); c != nil && c.Kind == Class {
				s = l.Member(c, first)
			} else {
				return nil
			}
		default:
			return nil
		}
	}
	return s
}

// in is the symbol of a name that a module defines.
func (l *Library) in(m *module, name string, hops int) *Symbol {
	for _, p := range m.parts {
		if at, ok := p.where[name]; ok {
			q := name
			if m.name != builtins {
				q = m.name + "." + name
			}
			return l.read(p.t, at, q, hops)
		}
	}
	return nil
}

// read is the one symbol of a canonical name, or what an alias leads to.
func (l *Library) read(t *table, at uint32, q string, hops int) *Symbol {
	if s, ok := l.symbols.Load(q); ok {
		return s.(*Symbol)
	}
	s, alias := t.symbol(at)
	if s == nil {
		if hops == 0 {
			return nil
		}
		return l.symbol(alias, hops-1)
	}
	s.Name = q
	kept, _ := l.symbols.LoadOrStore(q, s)
	return kept.(*Symbol)
}

// Own is the attribute that a class defines itself, or nil.
func (l *Library) Own(class *Symbol, name string) *Symbol {
	if class == nil || class.Kind != Class || class.own.t == nil {
		return nil
	}
	if at, ok := class.members()[name]; ok {
		return l.read(class.own.t, at, class.Name+"."+name, maxHops)
	}
	return nil
}

// Names calls f with each name that a class or module defines itself, in no order.
func (l *Library) Names(s *Symbol, f func(name string)) {
	switch {
	case s.Kind == Class && s.own.t != nil:
		for name := range s.members() {
			f(name)
		}
	case s.Kind == Module:
		if m := l.module(s.Name); m != nil {
			for _, p := range m.parts {
				for name := range p.where {
					f(name)
				}
			}
		}
	}
}

// classCache keeps what is found out about a class once.
type classCache struct {
	members atomic.Pointer[map[string]uint32]
	mro     atomic.Pointer[[]*Symbol]
	found   sync.Map // name → *Symbol, own and inherited
}

func (s *Symbol) members() map[string]uint32 {
	if m := s.class.members.Load(); m != nil {
		return *m
	}
	r := reader{s.own.t, s.own.at}
	m := r.members()
	s.class.members.Store(&m)
	return m
}

// Member is the attribute of a class that its instances have: its own, or that of the first class of its MRO. It is nil when unknown.
func (l *Library) Member(class *Symbol, name string) *Symbol {
	if class == nil || class.Kind != Class {
		return nil
	}
	if s, ok := class.class.found.Load(name); ok {
		return s.(*Symbol)
	}
	for _, c := range l.MRO(class) {
		if s := l.Own(c, name); s != nil {
			class.class.found.Store(name, s)
			return s
		}
	}
	return nil // not kept: programs ask for names without bound
}
