package resolve

import (
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// FuzzResolve resolves any text, and holds what has to hold of the tables.
func FuzzResolve(f *testing.F) {
	for _, s := range []string{
		"x = 1\ndef f(x, *a, y=x):\n    global z\n    z = [x := y for y in z]\n",
		"class C[T](B):\n    __x = 1\n    def m(self): nonlocal q; return __class__, __x\n",
		"try: pass\nexcept E as x: del x\nmatch x:\n case {'a': b, **r} | C(k=d) as e: pass\n",
		"type A[*T, **P] = lambda T: P\nfrom a import *\nimport b.c, d as e\n", "def f((a, b)):\n    print >>a, b\n    exec c in d\n",
		"nonlocal x\nglobal y\nx = y\ndef g():\n nonlocal w\n w = 1\n", "f'{x:{y}}' if (z := t'{w}') else `v`\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := syntax.Parse(source.New("a.py", text))
		in := Resolve(tree)
		if len(in.Scopes) == 0 || in.Module != &in.Scopes[0] {
			t.Fatal("no module")
		}
		for i := range in.Scopes {
			s := &in.Scopes[i]
			if s.Index != i || (s.Parent == nil) != (i == 0) || i > 0 && s.Parent.Index >= i {
				t.Fatalf("scope %d has the index %d and the parent %v", i, s.Index, s.Parent)
			}
		}
		for i := range in.AllBindings() {
			b := &in.AllBindings()[i]
			switch {
			case b.Index != i, b.Scope == nil, len(b.Defs) == 0, b.Kind != b.Defs[0].Kind && !b.Remote:
				t.Fatalf("binding %d: %+v", i, b)
			case b.Scope.Lookup(b.Name) == nil:
				t.Fatalf("%s is not found in its scope", b.Name)
			}
			for j, d := range b.Defs {
				if in.Defined(d.Node) != b {
					t.Fatalf("%s is not what its own definition means", b.Name)
				}
				if j > 0 && b.Remote && d.Node.Span().Start < b.Defs[j-1].Node.Span().Start {
					t.Fatalf("the definitions of %s are out of order", b.Name)
				}
			}
		}
		for _, s := range tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				if n == nil {
					return false
				}
				if p := in.Parent(n); p == nil && n != syntax.Node(s) {
					t.Fatalf("%T at %v has no parent", n, n.Span())
				}
				if at := in.ScopeOf(n); at.Index >= len(in.Scopes) {
					t.Fatalf("%T at %v is in no scope", n, n.Span())
				}
				return true
			})
		}
	})
}
