package ir

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// lowerAny lowers any text; it gives how many nodes the tree has, and how many instructions and operands came of it.
func lowerAny(t testing.TB, text string) (nodes, size int) {
	tree := syntax.Parse(&source.File{Path: "t.py", Text: text})
	u := NewUnit(resolve.Resolve(tree))
	u.LowerAll()
	for _, f := range u.Funcs {
		if err := f.Check(); err != nil {
			t.Fatalf("%s: %v\n%.2000s", f.Name, err, text)
		}
		f.propagate(nil)
		size += len(f.Instrs) + len(f.Args)
		for i := range f.Blocks {
			size += len(f.Blocks[i].Preds)
		}
	}
	return int(tree.NumNodes), size
}

// The bounds on what a node of the tree may cost. A finally is lowered twice, and four times within another.
const (
	maxPerNode = 40
	slack      = 2000
)

func FuzzLower(f *testing.F) {
	for i := range uint64(20) {
		f.Add(generate(i))
	}
	for _, text := range hostile(3) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if nodes, size := lowerAny(t, text); size > maxPerNode*nodes+slack {
			t.Errorf("%d instructions, operands and edges of %d nodes", size, nodes)
		}
	})
}

// hostile are programs made to be slow, of a size that grows with n.
func hostile(n int) map[string]string {
	rep := func(format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	// nest writes the lines of open, each time deeper by one, then inner, then those of end on the way back.
	nest := func(depth int, open, inner, end string) string {
		text := ""
		for i := range depth {
			text += indented(i, open)
		}
		text += indented(depth, inner)
		for i := depth - 1; i >= 0 && end != ""; i-- {
			text += indented(i, end)
		}
		return text
	}
	all := rep("    use(v#)\n")
	return map[string]string{
		"elifs":                  "def f(a):\n    if a == 0: pass\n" + rep("    elif a == #: v# = #\n") + all,
		"elifs of names":         "def f(" + rep("a#,") + "):\n    if 0: pass\n" + rep("    elif a#: v# = #\n") + all,
		"elifs that assign":      "def f(a):\n    if a == 0: pass\n" + rep("    elif (v# := a(#)): pass\n") + all,
		"nested elses":           "def f(a):\n" + rep("    v# = 1 if a == # else v#\n") + all,
		"ifs":                    "def f(a):\n    x = 0\n" + rep("    if a: x = #\n") + "    use(x)\n",
		"ifs of names":           "def f(a):\n" + rep("    if a != #: v# = #\n") + all,
		"returns":                "def f(a):\n" + rep("    if a == #: return v#\n") + "    use(a)\n",
		"asserts":                "def f(a):\n" + rep("    assert a != #\n") + "    use(a)\n",
		"breaks":                 "def f(a):\n    while a:\n" + rep("        v# = a(#)\n        if v#: break\n") + all,
		"continues":              "def f(a):\n    while a:\n" + rep("        v# = a(#)\n        if v#: continue\n") + all,
		"tries":                  "def f(a):\n    x = 0\n" + rep("    try:\n        x = a(#)\n    except E:\n        pass\n") + "    use(x)\n",
		"finallies":              "def f(a):\n    x = 0\n" + rep("    try:\n        x = a(#)\n    finally:\n        use(x)\n") + "    use(x)\n",
		"handlers":               "def f(a):\n    try:\n" + rep("        x = a(#)\n") + rep("    except E#: use(x)\n"),
		"loops":                  "def f(a):\n    x = 0\n" + rep("    for i in a:\n        x = x + i\n") + "    use(x)\n",
		"loops in a loop":        "def f(a):\n  while a:\n" + rep("    for i in a:\n        v# = v# + i\n") + all,
		"ors":                    "def f(" + rep("a#,") + "):\n    return " + rep("a# or ") + "0\n",
		"ands that branch":       "def f(" + rep("a#,") + "):\n    if " + rep("a# and ") + "0:\n        x = 1\n    use(x)\n",
		"ors that assign":        "def f(a):\n    x = " + rep("(v# := a(#)) or ") + "0\n" + all,
		"ors and ands":           "def f(a):\n    if " + rep("(a(#) and (v# := a) or ") + "0" + strings.Repeat(")", n) + ":\n        x = 1\n" + all,
		"comparisons":            "def f(a):\n    return " + rep("(v# := a(#)) < ") + "0\n",
		"conditional":            "def f(a):\n    return " + rep("# if a == # else ") + "0\n",
		"cases":                  "def f(a):\n    match a:\n" + rep("        case [v#, #]: x = v#\n") + all,
		"guards":                 "def f(a):\n    match a:\n" + rep("        case v# if v# > #: x = v#\n") + all,
		"or-patterns":            "def f(a):\n    match a:\n        case " + rep("[x, #] | ") + "[_, x]: use(x)\n",
		"lines":                  "def f(a):\n" + rep("    v# = a(#, v)\n    a.b[#] = v#\n"),
		"globals":                rep("v# = #\n") + rep("def f#(x=v#): return v#\n"),
		"cells":                  "def f(a):\n" + rep("    v# = a\n    def g#(): return v#\n"),
		"sums":                   "x = " + rep("a# + ") + "0\n",
		"attributes":             "x = a" + rep(".b#") + "\n",
		"calls":                  "x = a" + rep("(#)") + "\n",
		"lists":                  "x = [" + rep("#,") + "]\n",
		"dicts":                  "x = {" + rep("#: a#,") + "}\n",
		"targets":                rep("v# = ") + "0\n",
		"comprehension":          "x = [a " + rep("for v# in a if v# ") + "]\n",
		"withs":                  "def f(a):\n    x = 0\n" + rep("    with suppress(E#):\n        x = a(#)\n") + "    use(x)\n",
		"dels":                   rep("v# = 1\ndel v#\n") + rep("use(v#)\n"),
		"nested loops":           "def f(a):\n" + indented(1, nest(min(n, 90), "while a:", rep("v# = v# + 1\nif a: break\n"), "")) + all,
		"nested ifs":             "def f(a):\n" + indented(1, nest(min(n, 90), "if a:", rep("v# = a\n"), "")) + all,
		"nested tries":           "def f(a):\n" + indented(1, nest(min(n, 45), "try:", rep("v# = a\n"), "except E:\n use(v0)")) + all,
		"nested finallies":       "def f(a):\n" + indented(1, nest(min(n, 45), "try:", rep("v# = a\n"), "finally:\n use(v0)")) + all,
		"finallies in finallies": "def f(a):\n" + indented(1, nest(min(n, 45), "try: a()\nfinally:", rep("v# = a\n"), "")),
		"nested functions":       nest(min(n, 90), "def f(a, b=1):", "return a", ""),
		"nested classes":         nest(min(n, 90), "class A:", "x = 1", ""),
		"nested comprehensions":  "x = " + strings.Repeat("[", min(n, 90)) + "a" + strings.Repeat(" for a in b]", min(n, 90)) + "\n",
		"decorators":             rep("@d#\n") + "def f(): pass\n",
		"imports":                rep("from a import b#\nimport c.d#\n"),
		"augmented":              "x = ''\n" + rep("x += 'a#'\n"),
		"flow":                   "def f(a):\n    x = 0\n    while a:\n" + rep("        if a == #: x = x + #\n        elif a: continue\n") + "    use(x)\n",
	}
}

func indented(n int, text string) string {
	pad := strings.Repeat(" ", n)
	return pad + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+pad) + "\n"
}

// TestHostile lowers programs made to be slow: what comes of them grows no faster than they do, and none takes seconds where
// milliseconds do.
func TestHostile(t *testing.T) {
	for name, text := range hostile(2500) {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			nodes, size := lowerAny(t, text)
			took := time.Since(start)
			t.Logf("%d nodes, %d made of them, %v", nodes, size, took)
			if size > maxPerNode*nodes+slack {
				t.Errorf("%d instructions, operands and edges of %d nodes", size, nodes)
			}
			if took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
