package ir

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TestReach asks which definitions of x reach probe(x): their lines; "none" where x has no value, "elsewhere" where another function, the
// module or a builtin tells.
func TestReach(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"import x\nprobe(x)\nimport y as x", "1"},
		{"import x\nimport y as x\nprobe(x)", "2"},
		{"probe(x)\nimport x", "elsewhere"},
		{"def x(): pass\nfrom a import x\nprobe(x)", "2"},
		{"from a import x\ndef x(): pass\nprobe(x)", "2"},
		{"import x\nif c:\n    import y as x\nprobe(x)", "1 3"},
		{"import x\nif c:\n    import y as x\n    probe(x)", "3"},
		{"import x\nif c:\n    probe(x)\nimport y as x", "1"},
		{"import x\nfor a in b:\n    probe(x)\n    import y as x", "1 4"},
		{"import x\ndef f():\n    probe(x)\nimport y as x", "elsewhere"},
		{"def f():\n    probe(x)\n    x = 1", "none"},
		{"def f(x):\n    probe(x)\n    x = 1", "1"},
		{"try:\n    import x\nexcept ImportError:\n    import y as x\nprobe(x)", "2 4"},
		{"try:\n    import x\nexcept ImportError:\n    probe(x)", "2"},
		{"import x\n@probe(x)\ndef f(): pass\nx = 1", "1"},
		{"import x\nx: int\nprobe(x)", "1"},
		{"with a as x:\n    probe(x)\nimport x", "1"},
		{"import x\nprobe([x for y in z])\nx = 1", "1"},
		{"import x\nprobe(lambda: x)\nx = 1", "elsewhere"},
		{"match a:\n    case x:\n        probe(x)", "1"},
		{"import x\nclass C:\n    probe(x)\nx = 1", "elsewhere"},

		{"x = 1\nif c:\n  x = 2\nelif d:\n  x = 3\nelse:\n  x = 4\nprobe(x)", "3 5 7"},
		{"x = 1\nif c:\n  x = 2\n  raise E\nprobe(x)", "1"},
		{"def f():\n  x = 1\n  if c: return\n  else: x = 2\n  probe(x)", "4"},
		{"while c:\n  x = 1\nelse:\n  x = 2\nprobe(x)", "4"},
		{"x = 0\nwhile c:\n  x = 1\n  break\nelse:\n  x = 2\nprobe(x)", "3 6"},
		{"x = 0\nwhile True:\n  x = 1\n  if c: break\n  x = 2\nprobe(x)", "3"},
		{"x = 0\nwhile True:\n  probe(x)\n  if c:\n    x = 1\n    continue\n  x = 2", "1 5 7"},
		{"for x in a:\n  pass\nelse:\n  probe(x)", "1"},
		{"x = 0\nfor a in b:\n  for c in d:\n    x = 1\n    break\n  else:\n    continue\n  break\nprobe(x)", "1 4"},
		{"x = 0\nfor a in b:\n  for c in d:\n    pass\n  else:\n    x = 1\n    break\nelse:\n  probe(x)", "1"},
		{"x = 0\ntry:\n  x = 1\n  x = 2\nexcept E:\n  probe(x)", "1 3 4"},
		{"x = 0\ntry:\n  x = 1\nexcept E:\n  x = 2\nelse:\n  probe(x)", "3"},
		{"x = 0\ntry:\n  x = 1\nfinally:\n  probe(x)", "1 3"},
		{"x = 0\ntry:\n  x = 1\nfinally:\n  pass\nprobe(x)", "3"},
		{"def f():\n  x = 0\n  try:\n    x = 1\n    return\n  finally:\n    probe(x)", "2 4"},
		{"x = 0\nwhile c:\n  try:\n    x = 1\n    break\n  finally:\n    y = 2\nprobe(x)", "1 4"},
		{"x = 0\nwhile c:\n  try:\n    x = 1\n    continue\n  finally:\n    x = 2\nprobe(x)", "1 7"},
		{"x = 0\ntry:\n  try:\n    x = 1\n  finally:\n    x = 2\nexcept E:\n  probe(x)", "1 4 6"},
		{"x = 0\ntry:\n  x = 1\nexcept A:\n  x = 2\nexcept B:\n  probe(x)", "1 3"},
		{"try:\n  pass\nexcept E as x:\n  probe(x)", "3"},
		{"x = 0\ntry:\n  pass\nexcept E as x:\n  pass\nprobe(x)", "1"},
		{"def f():\n  try:\n    pass\n  except E as x:\n    pass\n  else:\n    return\n  probe(x)", "none"},
		{"x = 0\nwith suppress(E):\n  x = 1\n  x = 2\nprobe(x)", "1 3 4"},
		{"x = 0\nwith open(f):\n  x = 1\n  x = 2\nprobe(x)", "4"},
		{"x = 0\nmatch a:\n  case 1:\n    x = 1\n  case [x, _]:\n    probe(x)", "5"},
		{"x = 0\nmatch a:\n  case 1 | 2:\n    x = 1\n  case _:\n    x = 2\nprobe(x)", "4 6"},
		{"x = 0\nmatch a:\n  case x if c:\n    pass\n  case _:\n    probe(x)", "2"},
		{"match a:\n  case [x, 1] | [1, x]:\n    probe(x)", "2"},
		{"match a:\n  case {'k': x}: probe(x)", "2"},
		{"match a:\n  case C(x, y=z): probe(x)", "2"},
		{"x = 0\n(y := (x := 1))\nprobe(x)", "2"},
		{"x = 0\nif a and (x := b):\n  probe(x)", "2"},
		{"x = 0\nif a and (x := b): pass\nprobe(x)", "1 2"},
		{"x = 0\nif a or (x := b):\n  probe(x)", "1 2"},
		{"x = 0\na < (x := b) < (\n x := c)\nprobe(x)", "2 3"},
		{"x = 0\n[(x := y) for y in z]\nprobe(x)", "1 2"},
		{"x = 0\n[x for x in y]\nprobe(x)", "1"},
		{"x = 0\n[probe(x) for x in y]", "2"},
		{"x = 0\n[y for x in a for y in probe(x)]", "2"},
		{"def f():\n  x = 0\n  del x\n  probe(x)", "none"},
		{"def f():\n  x = 0\n  if c: del x\n  probe(x)", "2"},
		{"x = 0\nx += 1\nprobe(x)", "2"},
		{"(x, *y) = a\nprobe(x)", "1"},
		{"def f():\n  x = 1\n  def g():\n    nonlocal x\n    x = 2\n  g()\n  probe(x)", "elsewhere"},
		{"x = 1\ndef f():\n  global x\n  x = 2\n  probe(x)", "elsewhere"},
		{"x = 1\nclass C:\n  x = 2\n  probe(x)", "3"},
		{"x = 1\nclass C:\n  if c: x = 2\n  probe(x)", "3 elsewhere"},
		{"class C:\n  x = 2\n  def f(self):\n    probe(x)", "elsewhere"},
		{"class C:\n  x = 2\n  y = [probe(x) for z in w]", "elsewhere"},
		{"class C:\n  x = 2\n  y = [z for z in probe(x)]", "2"},
		{"try:\n  max\nexcept NameError:\n  x = max = 1\nx = max\nprobe(x)", "4 builtin"},
		{"def f(a=probe(x)): x = 1", "elsewhere"},
		{"x = 1\ndef f(a: probe(x)): x = 2", "1"},
		{"x = 1\nf = lambda x: probe(x)", "2"},
		{"print x\ntry: pass\nexcept E, x: probe(x)", "3"},
		{"def f(a, (b, x)):\n  probe(x)", "1"},
		{"x = 1 if a else (\n 2)\nprobe(x)", "1 2"},
		{"x = a or (\n b)\nprobe(x)", "1 2"},
		{"def f():\n  return\n  x = 1\n  probe(x)", "3"},
		{"x = 1\nassert (x := a), probe(x)", "2"},
		{"async def f():\n  async for x in y:\n    probe(x)\n  async with z as x: pass", "2"},
		{"for x.a in b: pass\nx = 1\nprobe(x)", "2"},
		{"type x = int\nprobe(x)", "1"},
	} {
		got := reaching(t, c.code)
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.code, got, c.want)
		}
	}
}

func reaching(t *testing.T, code string) string {
	file := source.New("app.py", code)
	u := NewUnit(resolve.Resolve(syntax.Parse(file)))
	var lines []string
	add := func(s string) {
		if !slices.Contains(lines, s) {
			lines = append(lines, s)
		}
	}
	use := func(x *syntax.Name) {
		f := u.Enclosing(x)
		if err := f.Check(); err != nil {
			t.Errorf("%q: %v", code, err)
		}
		for _, nv := range f.ValuesOf(x) {
			leaves, _ := f.Leaves(nv.value, 100)
			for _, v := range leaves {
				switch in := &f.Instrs[v]; {
				case in.Op == Cell, in.Op == Global && u.Syms[in.A] == "x":
					add("elsewhere")
				default:
					if n := u.Names.Node(in.Node); n != nil {
						add(fmt.Sprint(1 + strings.Count(code[:n.Span().Start], "\n")))
					} else {
						add("builtin")
					}
				}
			}
		}
	}
	for _, s := range u.Names.Tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			call, ok := n.(*syntax.Call)
			if !ok {
				return true
			}
			if f, ok := call.Func.(*syntax.Name); ok && f.Name == "probe" {
				syntax.Inspect(call.Args[0], func(n syntax.Node) bool {
					if x, ok := n.(*syntax.Name); ok && x.Name == "x" {
						use(x)
					}
					return true
				})
			}
			return true
		})
	}
	if len(lines) == 0 {
		return "none"
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}
