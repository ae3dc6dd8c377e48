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
