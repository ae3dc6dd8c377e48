package ir

import (
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TestLast asks which definition of x reaches probe(x): its line, "none" or "?".
func TestLast(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"import x\nprobe(x)\nimport y as x", "1"},
		{"import x\nimport y as x\nprobe(x)", "2"},
		{"probe(x)\nimport x", "none"},
		{"def x(): pass\nfrom a import x\nprobe(x)", "2"},
		{"from a import x\ndef x(): pass\nprobe(x)", "2"},
		{"import x\nif c:\n    import y as x\nprobe(x)", "?"},
		{"import x\nif c:\n    import y as x\n    probe(x)", "3"},
		{"import x\nif c:\n    probe(x)\nimport y as x", "1"},
		{"import x\nfor a in b:\n    probe(x)\n    import y as x", "?"},
		{"import x\ndef f():\n    probe(x)\nimport y as x", "?"},
		{"def f():\n    probe(x)\n    x = 1", "none"},
		{"def f(x):\n    probe(x)\n    x = 1", "?"},
		{"try:\n    import x\nexcept ImportError:\n    import y as x\nprobe(x)", "?"},
		{"try:\n    import x\nexcept ImportError:\n    probe(x)", "?"},
		{"import x\n@probe(x)\ndef f(): pass\nx = 1", "1"},
		{"import x\nx: int\nprobe(x)", "1"},
		{"with a as x:\n    probe(x)\nimport x", "?"},
		{"import x\nprobe([x for y in z])\nx = 1", "1"},
		{"import x\nprobe(lambda: x)\nx = 1", "?"},
		{"match a:\n    case x:\n        probe(x)", "?"},
		{"import x\nclass C:\n    probe(x)\nx = 1", "?"},
	} {
		file := source.New("app.py", c.code)
		in := resolve.Resolve(syntax.Parse(file))
		got := ""
		visit := func(n syntax.Node) bool {
			call, ok := n.(*syntax.Call)
			if !ok {
				return true
			}
			if f, ok := call.Func.(*syntax.Name); !ok || f.Name != "probe" {
				return true
			}
			syntax.Inspect(call.Args[0], func(n syntax.Node) bool {
				use, ok := n.(*syntax.Name)
				if !ok || use.Name != "x" {
					return true
				}
				def, none := Last(in, use)
				switch {
				case none:
					got = "none"
				case def == nil:
					got = "?"
				default:
					got = string(rune('1' + strings.Count(c.code[:def.Node.Span().Start], "\n")))
				}
				return true
			})
			return true
		}
		for _, s := range in.Tree.Body {
			syntax.Inspect(s, visit)
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.code, got, c.want)
		}
	}
}
