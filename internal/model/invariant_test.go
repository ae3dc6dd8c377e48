package model

import (
	"strings"
	"testing"
)

// everySymbol calls f with each symbol of the tables, classes before their members. Aliases come with the name they are found by.
func everySymbol(l *Library, f func(asked string, s *Symbol, in *Symbol)) {
	var members func(c *Symbol)
	members = func(c *Symbol) {
		l.Names(c, func(name string) {
			s := l.Own(c, name)
			f(c.Name+"."+name, s, c)
			if s != nil && s.Kind == Class && s.Name == c.Name+"."+name {
				members(s)
			}
		})
	}
	l.Modules(func(name string) {
		m := l.module(name)
		for _, p := range m.parts {
			for n := range p.where {
				if n == "" {
					continue
				}
				q := name + "." + n
				if name == builtins {
					q = n
				}
				s := l.in(m, n, maxHops)
				f(q, s, nil)
				if s != nil && s.Kind == Class && s.Name == q {
					members(s)
				}
			}
		}
	})
}

// TestTables holds what every symbol of every table must keep to.
func TestTables(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var symbols, aliases, classes, funcs, unknown int
	everySymbol(l, func(asked string, s, in *Symbol) {
		if s == nil {
			t.Errorf("%s leads nowhere", asked)
			return
		}
		if s.Name != asked {
			aliases++
			if again := l.Symbol(s.Name); again != s {
				t.Errorf("%s is %s, which is %s", asked, s.Name, show(again))
			}
			return
		}
		symbols++
		if in == nil && l.Symbol(s.Name) != s {
			t.Errorf("%s is not found by its own name: %s", s.Name, show(l.Symbol(s.Name)))
		}
		params := 0
		if in != nil {
			params = len(in.Params)
		}
		check := func(u Type) { checkType(t, l, s, params, u) }
		switch s.Kind {
		case Class:
			classes++
			params = len(s.Params)
			for _, b := range s.Bases {
				check(b)
				if c := l.Symbol(b.Name); c == nil || c.Kind != Class {
					t.Errorf("%s has the base %q", s.Name, b.Name)
				}
			}
			if mro := l.MRO(s); mro[0] != s || mro[len(mro)-1].Name != "object" {
				t.Errorf("%s: MRO %v", s.Name, names(mro))
			}
			if s.Meta != "" && l.Symbol(s.Meta) == nil {
				t.Errorf("%s has the metaclass %s", s.Name, s.Meta)
			}
		case Func:
			funcs++
			if len(s.Sigs) == 0 {
				t.Errorf("%s has no signature", s.Name)
			}
			for _, g := range s.Sigs {
				for _, p := range g.Params {
					check(p.Type)
				}
				check(g.Returns)
				for _, c := range g.Calls {
					check(c)
				}
				if g.Returns.Kind == Unknown {
					unknown++
				}
			}
		case Var:
			check(s.Type)
		}
	})
	t.Logf("%d symbols (%d classes, %d functions), %d other names, %d signatures with an unknown result", symbols, classes, funcs, aliases, unknown)
	if symbols < 25000 || aliases < 5000 {
		t.Errorf("%d symbols and %d aliases are too few", symbols, aliases)
	}
}

func checkType(t *testing.T, l *Library, s *Symbol, params int, u Type) {
	t.Helper()
	switch u.Kind {
	case Instance:
		if c := l.Symbol(u.Name); c == nil || c.Kind != Class || c.Name != u.Name {
			t.Errorf("%s speaks of %q, which is %s", s.Name, u.Name, show(c))
		} else if len(u.Args) > 0 && len(c.Params) == 0 {
			t.Errorf("%s speaks of %s, and %s has no parameters", s.Name, u, u.Name)
		}
	case Literal:
		if c := l.Symbol(u.Name); c == nil || c.Kind != Class {
			t.Errorf("%s has a literal of %q", s.Name, u.Name)
		}
	case ClassVar:
		if u.Index >= params {
			t.Errorf("%s speaks of type parameter %d of %d", s.Name, u.Index, params)
		}
	case Union:
		if len(u.Args) < 2 {
			t.Errorf("%s has a union of %d", s.Name, len(u.Args))
		}
	case Callable:
		if len(u.Args) == 0 {
			t.Errorf("%s has a callable without a result", s.Name)
		}
	case ClassObject:
		if len(u.Args) != 1 {
			t.Errorf("%s has a class object of %d", s.Name, len(u.Args))
		}
	case Unknown:
		if u.Text != "" {
			t.Errorf("%s: the mark of Any has stayed", s.Name)
		}
	}
	for _, a := range u.Args {
		checkType(t, l, s, params, a)
	}
}

func names(ss []*Symbol) string {
	var out []string
	for _, s := range ss {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}
