package program

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TestVaries holds what a look says against what the intermediate representation finds: nothing that it knows may be said to vary. A
// third at least of what it does not know has to be, or the look is not worth its time.
func TestVaries(t *testing.T) {
	p := New(Options{})
	p.Add(source.New("odd.py", `
import os, settings
NAME = "n"
class A:
    NAME = NAME + "x"
    def f(self, a, b="d", *c):
        self.v = "one"
        if a == "x": g(f"{a}y", a + "z", a.upper())
        match b:
            case "q" as r: g(f"{r}{b}")
        for k in ("a", "b"): g(k, k + "c", f"{self.v}{k}")
        with open(a) as h: g(h.name, self.v + "2", str(3) + NAME, os.sep, settings.X)
        a[b] = a.w = b = "s"
        y = "l" if c else "l"
        z = a or "m"
        return y + z + (lambda: y)(), -len("abc"), NAME[0], "%s" % NAME, "{}".format(y), a.NAME, A.NAME
`))
	p.Add(source.New("settings.py", "X = 'y' * 2\nZ = X + X\n"))
	err := filepath.WalkDir("../../examples", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".py") {
			return err
		}
		text, err := os.ReadFile(path)
		p.Add(source.New(filepath.ToSlash(path), string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Link()
	unknown, told := 0, 0
	for _, m := range p.Modules {
		for _, s := range m.Tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				e, ok := n.(syntax.Expr)
				if !ok {
					return true
				}
				varies := m.Varies(e)
				c, known := m.valueConst(e)
				switch {
				case known && varies:
					t.Errorf("%s: %s is said to vary, and is %v", m.File.Path, m.File.Slice(e.Span()), c)
				case !known:
					unknown++
					if varies {
						told++
					}
				}
				return true
			})
		}
	}
	if told*3 < unknown {
		t.Errorf("of %d expressions that are not known %d are told by a look", unknown, told)
	}
}
