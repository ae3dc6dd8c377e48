package model

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// skipImports are modules whose import has effects: it opens a window, a browser or a game, or warns that they are gone.
var skipImports = []string{"this", "antigravity", "idlelib", "turtledemo", "lib2to3", "__main__", "_typeshed", "tkinter", "turtle", "distutils", "pyexpat", "msilib", "_win", "win", "nt", "_curses", "curses"}

// TestNamesOracle asks python3 of every name of the standard library's modules: is it there, is it of that kind, and where two names
// are one to us, is it one object?
func TestNamesOracle(t *testing.T) {
	exe, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to ask")
	}
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	type question struct {
		asked string
		s     *Symbol
	}
	stdlib := l.tables[len(l.tables)-1]
	var ask []question
	var in strings.Builder
	everySymbol(l, func(asked string, s, in *Symbol) {
		if in != nil {
			return
		}
		module, _, dotted := cutLast(asked)
		if !dotted {
			module = builtins
		}
		if stdlib.module(module) == 0 || slices.ContainsFunc(skipImports, func(p string) bool { return strings.HasPrefix(module, p) }) {
			return
		}
		ask = append(ask, question{asked, s})
	})
	slices.SortFunc(ask, func(a, b question) int { return strings.Compare(a.asked, b.asked) })
	for _, q := range ask {
		in.WriteString(q.asked + " " + q.s.Name + "\n")
	}
	cmd := exec.Command(exe, "-W", "ignore", "testdata/names.py")
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(answers) != len(ask) {
		t.Fatalf("%d answers to %d questions", len(answers), len(ask))
	}
	var present, kinds, two, same int
	for i, q := range ask {
		kind, one, _ := strings.Cut(answers[i], " ")
		if kind == "missing" {
			continue
		}
		present++
		if kind == q.s.Kind.String() {
			kinds++
		} else {
			t.Logf("%s is a %s, not a %s", q.asked, kind, q.s.Kind)
		}
		if q.asked != q.s.Name && !strings.HasPrefix(q.asked, "typing") { // typing.List is an object of its own that stands for list
			two++
			if one == "same" {
				same++
			} else {
				t.Logf("%s is not %s", q.asked, q.s.Name)
			}
		}
	}
	share := func(what string, n, of int, least float64) {
		got := 100 * float64(n) / float64(of)
		t.Logf("%s: %d of %d, %.1f %%", what, n, of, got)
		if got < least {
			t.Errorf("%s: %.1f %%, want at least %.1f %%", what, got, least)
		}
	}
	share("names that this Python has", present, len(ask), 80) // the stubs are of a later one, and of other systems too
	share("of the kind that it says", kinds, present, 98)
	share("other names of one object", same, two, 95)
}

func cutLast(q string) (before, after string, found bool) {
	i := strings.LastIndexByte(q, '.')
	if i < 0 {
		return "", q, false
	}
	return q[:i], q[i+1:], true
}

// TestExportsOracle asks python3 for __all__ of modules.
func TestExportsOracle(t *testing.T) {
	exe, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to ask")
	}
	l := open(t)
	const script = `import importlib, sys
for name in sys.argv[1:]:
    try:
        names = importlib.import_module(name).__all__
    except (ImportError, AttributeError):
        continue
    print(name, *names)
`
	out, err := exec.Command(exe, append([]string{"-W", "ignore", "-c", script, "os", "os.path", "typing", "math", "re"}, oracleModules...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all, known int
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		have := l.Exports(names[0])
		for _, n := range names[1:] {
			all++
			if slices.Contains(have, n) {
				known++
			} else {
				t.Logf("%s: %s", names[0], n)
			}
		}
	}
	if known*100 < all*98 || all < 1500 {
		t.Errorf("%d of %d exported names known, want 98 %%", known, all)
	}
	t.Logf("%d of %d exported names known", known, all)
}
