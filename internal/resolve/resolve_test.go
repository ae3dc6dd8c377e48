package resolve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TestBindings checks what the name x means where it is the argument of a call of probe: the kind of scope that binds it, and the kinds of its definitions.
func TestBindings(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"x = 1\nprobe(x)", "module assign"},
		{"probe(x)", ""},
		{"x = 1\nx += 1\ndel x\nprobe(x)", "module assign augassign del"},
		{"x = 1\ndef f():\n    probe(x)", "module assign"},
		{"x = 1\ndef f():\n    x = 2\n    probe(x)", "function assign"},
		{"x = 1\ndef f(x):\n    probe(x)", "function param"},
		{"def f():\n    global x\n    x = 1\nprobe(x)", "module assign"},
		{"def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    probe(x)", "function assign assign"},
		{"class C:\n    x = 1\n    def f(self):\n        probe(x)", ""},
		{"class C:\n    x = 1\n    probe(x)", "class assign"},
		{"x = 1\n[probe(x) for x in y]", "comprehension for"},
		{"def f():\n    [x := 1 for y in z]\n    probe(x)", "function walrus"},
		{"import x\nprobe(x)", "module import"},
		{"import a.b as x\nprobe(x)", "module import"},
		{"from a import b as x\nprobe(x)", "module import"},
		{"try: pass\nexcept E as x:\n    probe(x)", "module except"},
		{"with a as x: probe(x)", "module with"},
		{"for x, y in z: probe(x)", "module for"},
		{"match a:\n    case [x, *y]: probe(x)", "module match"},
		{"match a:\n    case {'k': 1, **x}: probe(x)", "module match"},
		{"def x(): pass\nprobe(x)", "module def"},
		{"class x: pass\nprobe(x)", "module class"},
		{"def f[x](a: x):\n    probe(x)", "typeparams typeparam"},
		{"type x = int\nprobe(x)", "module typealias"},
		{"lambda x: probe(x)", "lambda param"},
		{"x: int\nprobe(x)", "module declared"},
		{"def f(a, x=probe(x)): pass\nx = 1", "module assign"},
		{"(x): int\nprobe(x)", ""},
		{"x = 1\ndef f():\n    (x): int\n    probe(x)", "module assign"},
		{"def f():\n    (x): int = 1\n    probe(x)", "function assign"},
		{"def f():\n    x: int\n    probe(x)", "function declared"},
		// Comprehensions.
		{"class C:\n    x = 1\n    [y for y in probe(x)]", "class assign"},
		{"class C:\n    x = 1\n    [probe(x) for y in z]", ""},
		{"class C:\n    x = 1\n    [y for y in z for w in probe(x)]", ""},
		{"x = 1\n[x for x in probe(x)]", "module assign"},
		{"[[probe(x) for y in x] for x in z]", "comprehension for"},
		{"[y for y in z if (x := y)]\nprobe(x)", "module walrus"},
		{"def f():\n    global x\n    [x := y for y in z]\nprobe(x)", "module walrus"},
		{"def f():\n    x = 1\n    def g():\n        nonlocal x\n        [x := y for y in z]\n    probe(x)", "function assign walrus"},
		{"f = lambda: [x := y for y in z] and probe(x)", "lambda walrus"},
		// Classes.
		{"x = 1\ndef f():\n    x = 2\n    class C:\n        global x\n        x = 3\n        def m(self):\n            probe(x)", "function assign"},
		{"def f():\n    x = 1\n    class C:\n        x = x\n        def m(self): probe(x)", "function assign"},
		{"def f():\n    x = 1\n    class C:\n        nonlocal x\n        x = 2\n    probe(x)", "function assign assign"},
		{"class x(probe(x)): pass", "module class"},
		{"class C:\n    x = 1\n    def f(self, y=probe(x)): pass", "class assign"},
		{"class C:\n    x = 1\n    f = lambda y=probe(x): y", "class assign"},
		{"class C:\n    x = 1\n    @probe(x)\n    def f(self): pass", "class assign"},
		// Type parameters see the class that they stand in; a body does not.
		{"class C:\n    x = int\n    def f[T](self, a: probe(x)): pass", "class assign"},
		{"class C:\n    x = int\n    def f[T](self): probe(x)", ""},
		{"class C[x]:\n    def f(self): probe(x)", "typeparams typeparam"},
		{"class C[x](probe(x)): pass", "typeparams typeparam"},
		{"def f[x, T: probe(x)](): pass", "typeparams typeparam"},
		{"def f[x]():\n    x = 1\n    probe(x)", "function assign"},
		{"type A[x] = probe(x)", "typeparams typeparam"},
		{"class C:\n    x = int\n    type A[T] = probe(x)", "class assign"},
		// What is bound once more.
		{"try: pass\nexcept E as x: pass\nprobe(x)", "module except"},
		{"x = 1\ntry: pass\nexcept* E as x: pass\nprobe(x)", "module assign except"},
		{"match a:\n    case {'k': x} | C(k=x) as y if probe(x): pass", "module match match"},
		{"def f():\n    global x, y\n    import x\nprobe(x)", "module import"},
		{"def f():\n    def g(): probe(x)\n    global x\n    x = 1\nx = 2", "module assign assign"},
		{"def f():\n    global x\n    x = 1\n    def g(): probe(x)", "module assign"},
	} {
		tree := syntax.Parse(source.New("a.py", c.code))
		in := Resolve(tree)
		got, found := "", false
		for _, s := range tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				call, ok := n.(*syntax.Call)
				if !ok || found {
					return true
				}
				if f, ok := call.Func.(*syntax.Name); !ok || f.Name != "probe" {
					return true
				}
				found = true
				if b := in.Binding(call.Args[0].(*syntax.Name)); b != nil {
					parts := []string{scopeKindNames[b.Scope.Kind]}
					for _, d := range b.Defs {
						parts = append(parts, d.Kind.String())
					}
					got = strings.Join(parts, " ")
				}
				if p := in.Parent(call.Args[0]); p != syntax.Node(call) {
					t.Errorf("%q: the parent of the argument is %s", c.code, fmt.Sprint(p))
				}
				return true
			})
		}
		if !found || got != c.want {
			t.Errorf("%q: %q, want %q", c.code, got, c.want)
		}
	}
}

// TestPrivate is about names that Python spells with their class in front.
func TestPrivate(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"class C:\n    __x = 1\n    probe(__x)", "class __x"},
		{"__x = 1\nclass C:\n    def f(self): probe(__x)", ""},
		{"_C__x = 1\nclass C:\n    def f(self): probe(__x)", "module _C__x"},
		{"_C__x = 1\nclass __C:\n    def f(self): probe(__x)", "module _C__x"},
		{"__x = 1\nclass _:\n    def f(self): probe(__x)", "module __x"},
		{"__x__ = 1\nclass C:\n    def f(self): probe(__x__)", "module __x__"},
		{"class C:\n    def f(self):\n        global __x\n        __x = 1\n        probe(__x)", "module _C__x"},
		{"class C:\n    def f(self, __x): probe(__x)", "function __x"},
		{"class C:\n    def f(self, __x):\n        class D:\n            probe(_C__x)", "function __x"},
		{"class C:\n    def f(self, __x):\n        class D:\n            probe(__x)", ""},
		{"class C:\n    class D: pass\n    __x = 1\n    probe(__x)", "class __x"},
		{"__x = 1\nclass C(probe(__x)): pass", "module __x"},
		{"class C:\n    import __x\n    probe(_C__x)", "class __x"},
		{"class C[__x]:\n    def f(self): probe(__x)", "typeparams __x"},
		{"class C:\n    def f(self): probe(__class__)", ""}, // the class's own cell, which is no name of any scope
	} {
		tree := syntax.Parse(source.New("a.py", c.code))
		in := Resolve(tree)
		got, found := "", false
		for _, s := range tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				if call, ok := n.(*syntax.Call); ok && call.Func.(*syntax.Name).Name == "probe" {
					found = true
					if b := in.Binding(call.Args[0].(*syntax.Name)); b != nil {
						got = b.Scope.Kind.String() + " " + b.Name
						if b.Scope.Lookup(b.Name) != b {
							t.Errorf("%q: %s is not found by its name", c.code, b.Name)
						}
					}
				}
				return true
			})
		}
		if !found || got != c.want {
			t.Errorf("%q: %q, want %q", c.code, got, c.want)
		}
	}
}
