package query

import (
	"fmt"
	"strings"
	"testing"
)

// hostile are programs of which each is large in its own way. The last call of f is asked about.
func hostile(n int) map[string]string {
	repeat := func(format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	const begin = "import ssl\nfrom lib import f\ndef g(x):\n  c = ssl.SSLContext()\n"
	return map[string]string{
		"branches":      begin + repeat("  if x#:\n    c.verify_mode = #\n") + "  f(c)",
		"uses":          begin + repeat("  f(c)\n"),
		"calls":         begin + repeat("  unknown#()\n") + "  f(c)",
		"stores":        "import ssl\nfrom lib import f\nclass A:\n  def g(self):\n    self.c = ssl.SSLContext()\n" + repeat("    self.a# = self.c\n    h#(1)\n") + "    f(self.c)",
		"names":         "import ssl\nfrom lib import f\nc0 = ssl.SSLContext()\n" + repeat("c = c0\nc0 = c\n") + "f(c0)",
		"circle":        "from lib import f\ndef g(a, b):\n  while a:\n    a, b = b, a\n  f(a)",
		"self-circle":   "from lib import f\nclass A:\n  def g(self):\n    self.a = self.b\n    self.b = self.a\n    f(self.a)",
		"deep-path":     begin + "  f(c" + strings.Repeat(".a", min(n, 500)) + ")",
		"deep-dict":     "from lib import f\nf(" + strings.Repeat("{'a': ", min(n, 80)) + "1" + strings.Repeat("}", min(n, 80)) + ")",
		"dict-spread":   "from lib import f\nd0 = {'K': 1}\n" + repeat("d0 = {**d0, **d0}\n") + "f(**d0)",
		"dict-updates":  "from lib import f\ndef g(x):\n  d = {'a': x}\n" + repeat("  d['k#'] = x\n") + "  f(d, **d)",
		"methods":       "import ssl\nfrom lib import f\nclass A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n" + repeat("  def m#(self):\n    self.c.verify_mode = #\n") + "  def g(self):\n    f(self.c)",
		"closures":      "import ssl\nfrom lib import f\nc = ssl.SSLContext()\n" + repeat("def g#():\n  c.load()\n") + "def g():\n  f(c)",
		"loops":         begin + strings.Repeat("", 0) + repeat("  for i# in x:\n    c.a = #\n    f(c)\n"),
		"nested-loops":  begin + nested(min(n, 18), "for i in x:", "c.verify_mode = i") + "  f(c)",
		"tries":         begin + repeat("  try:\n    c.verify_mode = #\n  except E:\n    pass\n") + "  f(c)",
		"long-function": begin + repeat("  a# = b#.c#(d#)\n") + "  f(c)",
		"many-args":     "from lib import f\nf(" + repeat("a#=#, ") + "**x)",
		"recursion":     "from lib import f\ndef a(): return b()\ndef b(): return a()\nf(a())",
		"lambdas":       "from lib import f\nf(" + strings.Repeat("lambda: ", min(n, 80)) + "True)",
		"no-end":        "import ssl\nfrom lib import f\ndef g():\n  c = ssl.SSLContext()\n  while True:\n    f(c)",
		"dead":          "import ssl\nfrom lib import f\ndef g():\n  return\n  c = ssl.SSLContext()\n  f(c)",
		"nothing":       "from lib import f\nf(c, *c, **c)",
	}
}

func nested(depth int, head, body string) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i+2) + head + "\n")
	}
	b.WriteString(strings.Repeat(" ", depth+2) + body + "\n")
	return b.String()
}

// Whatever a program looks like, each question ends, without a panic, within its bounds.
func TestHostile(t *testing.T) {
	for name, code := range hostile(1000) {
		t.Run(name, func(t *testing.T) {
			m := load(t, code)
			last := lastCall(t, m, "lib.f")
			for _, over := range []string{"calls", "objects", "functions", "assignments", "modules"} {
				for _, q := range examples(t, over) {
					file := NewFile(m, nil)
					list := things(m, over)
					if over == "calls" {
						list = append(list[:min(len(list), 3)], last)
					}
					for _, n := range list[:min(len(list), 5)] {
						q.Eval(file, n)
					}
					if file.steps > maxFileSteps+maxInstrs {
						t.Errorf("%s took %d steps", q.spec.Where, file.steps)
					}
				}
			}
		})
	}
}

// The steps of all questions about one file are bounded: what is asked beyond is unknown, and that is said once.
func TestFileBound(t *testing.T) {
	m := load(t, hostile(10)["uses"])
	file := NewFile(m, nil)
	file.steps = maxFileSteps
	q := New(Spec{Over: "calls", Where: `call.arg(0).attr("verify_mode").missing`})
	n := lastCall(t, m, "lib.f")
	if out := q.Eval(file, n); out.Holds != Unknown || !out.Tired {
		t.Errorf("%v", out)
	}
	if out := q.Eval(file, n); out.Holds != Unknown || out.Tired {
		t.Errorf("again: %v", out)
	}
}
