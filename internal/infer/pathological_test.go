package infer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/cli"
)

// A hostile input is a program that a generator made, at a size; what it makes at twice the size must not take more than a
// little over twice the steps.
type hostile struct {
	name string
	size int
	make func(n int) map[string]string
	want map[string]string // an edge that must be found: caller to callee
}

func one(text string) map[string]string { return map[string]string{"main.py": text} }

// repeat joins f(0) … f(n-1).
func repeat(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

var hostiles = []hostile{
	{
		"mutually_recursive_functions", 10_000, func(n int) map[string]string {
			return one(repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d(x):\n    return f%d(x)\n", i, (i*7919+1)%n)
			}) + "f0(f1)\n")
		}, map[string]string{"main": "main.f0"},
	},
	{
		"all_call_their_argument", 2_000, func(n int) map[string]string {
			return one(repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d(g, x):\n    return g(x, f%d)\n", i, (i+1)%n)
			}) + "f0(f1, f2)\n")
		}, map[string]string{"main": "main.f0"},
	},
	{
		"classes_in_one_chain", 5_000, func(n int) map[string]string {
			return one("class C0:\n    def f(self):\n        return self.g()\n    def g(self):\n        pass\n" + repeat(n-1, func(i int) string {
				return fmt.Sprintf("class C%d(C%d):\n    pass\n", i+1, i)
			}) + fmt.Sprintf("C%d().f()\n", n-1))
		}, map[string]string{"main": "main.C0.f"},
	},
	{
		"classes_of_one_base_that_override", 5_000, func(n int) map[string]string {
			return one("class Base:\n    def run(self):\n        return self.step()\n    def step(self):\n        pass\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("class C%d(Base):\n    def step(self):\n        return %d\nC%d().run()\n", i, i, i)
			}))
		}, map[string]string{"main": "main.Base.run"},
	},
	{
		"diamonds_on_diamonds", 300, func(n int) map[string]string {
			return one("class A0:\n    def f(self):\n        pass\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("class B%d(A%d): pass\nclass C%d(A%d): pass\nclass A%d(B%d, C%d): pass\n", i, i, i, i, i+1, i, i)
			}) + fmt.Sprintf("A%d().f()\n", n))
		}, map[string]string{"main": "main.A0.f"},
	},
	{
		"mros_that_contradict", 1_000, func(n int) map[string]string {
			return one("class A:\n    def f(self):\n        pass\nclass B:\n    pass\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("class X%d(A, B): pass\nclass Y%d(B, A): pass\nclass Z%d(X%d, Y%d): pass\nZ%d().f()\n", i, i, i, i, i, i)
			}))
		}, nil,
	},
	{
		"classes_that_inherit_from_themselves", 1_000, func(n int) map[string]string {
			return one("class A(B): pass\nclass B(A):\n    def f(self):\n        pass\nB().f()\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("class L%d(L%d):\n    pass\nL%d().f()\n", i, (i+1)%n, i)
			}))
		}, nil,
	},
	{
		"imports_in_a_ring", 1_000, func(n int) map[string]string {
			files := map[string]string{"main.py": "import m0\nm0.f()\n"}
			for i := range n {
				files[fmt.Sprintf("m%d.py", i)] = fmt.Sprintf("import m%d\nfrom m%d import *\ndef f():\n    return m%d.f()\n", (i+1)%n, (i+2)%n, (i+1)%n)
			}
			return files
		}, map[string]string{"main": "m0.f"},
	},
	{
		"names_from_names_in_a_ring", 1_000, func(n int) map[string]string {
			files := map[string]string{"main.py": "from m0 import f\nf()\n"}
			for i := range n {
				files[fmt.Sprintf("m%d.py", i)] = fmt.Sprintf("from m%d import f\n", (i+1)%n)
			}
			return files
		}, nil,
	},
	{
		"attributes_a_thousand_deep", 1_000, func(n int) map[string]string {
			return one("class A:\n    def __init__(self):\n        self.a = self\n    def f(self):\n        pass\nx = A()\nx" +
				strings.Repeat(".a", n) + ".f()\n")
		}, map[string]string{"main": "main.A.__init__"},
	},
	{
		"objects_a_thousand_deep", 1_000, func(n int) map[string]string {
			return one("class A:\n    pass\nx = A()\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("y = A()\ny.a%d = x\nx = y\n", i)
			}))
		}, nil,
	},
	{
		"calls_in_a_chain", 1_000, func(n int) map[string]string {
			return one("class A:\n    def a(self):\n        return self\nA()" + strings.Repeat(".a()", n) + "\n")
		}, map[string]string{"main": "main.A.a"},
	},
	{
		"dict_of_functions", 50_000, func(n int) map[string]string {
			return one(repeat(n, func(i int) string { return fmt.Sprintf("def f%d(): pass\n", i) }) + "d = {\n" +
				repeat(n, func(i int) string { return fmt.Sprintf("  'k%d': f%d,\n", i, i) }) + "}\nd['k7']()\ndef run(k):\n    d[k]()\n")
		}, map[string]string{"main": "main.f7"},
	},
	{
		"names_rebound_in_loops", 2_000, func(n int) map[string]string {
			return one("def f(): pass\n" + repeat(n, func(i int) string { return fmt.Sprintf("v%d = f\n", i) }) + "while f():\n" +
				repeat(n, func(i int) string { return fmt.Sprintf("    v%d = v%d\n", i, (i+1)%n) }) + "v0()\n")
		}, map[string]string{"main": "main.f"},
	},
	{
		"loops_within_loops", 19, func(n int) map[string]string {
			text := "def f(x): return x\nx = f\n"
			for i := range n {
				text += strings.Repeat(" ", i) + fmt.Sprintf("for i%d in x(x):\n", i)
			}
			return one(text + strings.Repeat(" ", n) + "x = i0(x)\n")
		}, map[string]string{"main": "main.f"},
	},
	{
		"branches_that_bind", 3_000, func(n int) map[string]string {
			return one("import sys\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d(): pass\nif sys.argv[%d]:\n    g = f%d\n", i, i, i)
			}) + "g()\n")
		}, nil,
	},
	{
		"list_of_numbers", 20_000, func(n int) map[string]string {
			return one("xs = [" + repeat(n, func(i int) string { return fmt.Sprintf("%d, ", i) }) + "]\nxs[3]\n")
		}, nil,
	},
	{
		"list_of_objects", 20_000, func(n int) map[string]string {
			return one("class A:\n    def f(self): pass\nxs = [\n" + strings.Repeat("A(),\n", n) + "]\nxs[9].f()\nfor x in xs:\n    x.f()\n")
		}, map[string]string{"main": "main.A.f"},
	},
	{
		"lists_within_lists", 90, func(n int) map[string]string {
			return one("def f(): pass\nx = " + strings.Repeat("[", n) + "f" + strings.Repeat("]", n) + "\nx" + strings.Repeat("[0]", n) + "()\n")
		}, nil,
	},
	{
		"closures_in_closures", 90, func(n int) map[string]string {
			text := "def base(): pass\n"
			for i := range n {
				text += strings.Repeat(" ", i) + fmt.Sprintf("def f%d(g%d=base):\n", i, i)
			}
			text += strings.Repeat(" ", n) + "return g0()\n"
			for i := n - 1; i > 0; i-- {
				text += strings.Repeat(" ", i) + fmt.Sprintf("return f%d()\n", i)
			}
			return one(text + "f0()\n")
		}, map[string]string{"main": "main.f0"},
	},
	{
		"overloads_of_one_method_name", 3_000, func(n int) map[string]string {
			return one(repeat(n, func(i int) string {
				return fmt.Sprintf("class C%d:\n    def run(self):\n        return %d\n", i, i)
			}) + "def use(x):\n    return x.run()\nfor c in [" + repeat(n, func(i int) string { return fmt.Sprintf("C%d, ", i) }) + "]:\n    use(c())\n")
		}, map[string]string{"main": "main.use"},
	},
	{
		"one_name_in_every_unknown_call", 2_000, func(n int) map[string]string {
			return one(repeat(n, func(i int) string {
				return fmt.Sprintf("class C%d:\n    def run(self): pass\ndef u%d(x):\n    x.run()\n", i, i)
			}))
		}, nil,
	},
	{
		"decorators_on_decorators", 500, func(n int) map[string]string {
			return one("def d(f):\n    def inner(*a):\n        return f(*a)\n    return inner\n" + strings.Repeat("@d\n", n) + "def g(): pass\ng()\n")
		}, map[string]string{"main": "main.d"},
	},
	{
		"identity_called_everywhere", 5_000, func(n int) map[string]string {
			return one("def ident(x):\n    return x\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d(): pass\nident(f%d)()\n", i, i)
			}))
		}, map[string]string{"main": "main.ident"},
	},
	{
		"globals_written_by_all", 3_000, func(n int) map[string]string {
			return one("h = None\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d():\n    global h\n    h = f%d\n    h()\n", i, (i+1)%n)
			}))
		}, nil,
	},
	{
		"attribute_written_by_all", 3_000, func(n int) map[string]string {
			return one("class A: pass\na = A()\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d(x):\n    x.h = f%d\n    x.h(x)\nf%d(a)\n", i, (i+1)%n, i)
			}))
		}, map[string]string{"main": "main.f0"},
	},
	{
		"keys_without_end", 3_000, func(n int) map[string]string {
			return one("d = {}\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("def f%d(): pass\nd['k%d'] = {'n': d, 'f': f%d}\n", i, i, i)
			}) + "d['k1']['n']['k2']['f']()\n")
		}, nil,
	},
	{
		"tuples_that_grow", 200, func(n int) map[string]string {
			return one("def f(): pass\nt = ()\nwhile f():\n    t = (t, f)\n" + repeat(n, func(int) string { return "t = (t, t)\n" }))
		}, map[string]string{"main": "main.f"},
	},
	{
		"strings_that_double", 200, func(n int) map[string]string {
			return one("s = 'abcdefgh'\n" + repeat(n, func(int) string { return "s = s + s\n" }) + "getattr(s, s)()\n")
		}, nil,
	},
	{
		"functions_that_return_closures_of_themselves", 500, func(n int) map[string]string {
			return one("def y(f):\n    def inner(x):\n        return y(inner)(x)\n    return inner\n" + repeat(n, func(i int) string {
				return fmt.Sprintf("y(y)(y)(lambda z: z(%d))\n", i)
			}))
		}, map[string]string{"main": "main.y"},
	},
	{
		"one_huge_function", 30_000, func(n int) map[string]string {
			return one("def g(x): return x\ndef f(a):\n" + repeat(n, func(i int) string { return fmt.Sprintf("    v%d = g(a)\n", i%50) }) + "f(1)\n")
		}, map[string]string{"main.f": "main.g"},
	},
	{
		"one_huge_module", 60_000, func(n int) map[string]string {
			return one("def g(x): return x\n" + repeat(n, func(i int) string { return fmt.Sprintf("V%d = g(V%d)\n", i, max(i-1, 0)) }))
		}, map[string]string{"main": "main.g"},
	},
	{
		"arms_of_one_match", 3_000, func(n int) map[string]string {
			return one(repeat(n, func(i int) string { return fmt.Sprintf("def f%d(): pass\n", i) }) + "def run(x):\n    match x:\n" +
				repeat(n, func(i int) string { return fmt.Sprintf("        case 'k%d':\n            return f%d()\n", i, i) }) + "run('k1')\n")
		}, map[string]string{"main": "main.run"},
	},
	{
		"ten_thousand_arguments", 10_000, func(n int) map[string]string {
			return one("def f(*a, **k):\n    return a[1]()\ndef g(): pass\nf(" + strings.Repeat("g, ", n) + ")\n")
		}, map[string]string{"main": "main.f"},
	},
}

func run(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	s := cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" }, Dir: "."}
	if code := cli.Main(append(args, dir), s); code != 0 {
		t.Fatalf("wadjet %s: exit code %d\n%s", strings.Join(args, " "), code, &errs)
	}
	return out.Bytes()
}

func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// stats is what `wadjet debug callgraph --stats` prints.
type stats struct {
	Functions, Sites, Steps int
	Bounds                  []struct{ What, File string }
}

// TestHostileInputs holds that programs made to be hard are read in steps that grow with their size, and always alike: at a
// twentieth of the sizes above, and at these where WADJET_HOSTILE is set.
func TestHostileInputs(t *testing.T) {
	before, counted := runtime.GOMAXPROCS(0), 0
	defer runtime.GOMAXPROCS(before)
	for _, h := range hostiles {
		t.Run(h.name, func(t *testing.T) {
			size := h.size
			if os.Getenv("WADJET_HOSTILE") == "" {
				size = max(min(size, 20), size/20)
			}
			dir := writeFiles(t, h.make(size))
			var graph, types []byte
			for _, procs := range []int{1, 2, 8} {
				runtime.GOMAXPROCS(procs)
				g, ty := run(t, dir, "debug", "callgraph"), run(t, dir, "debug", "types")
				if graph == nil {
					graph, types = g, ty
					continue
				}
				if !bytes.Equal(g, graph) {
					t.Errorf("the call graph differs with GOMAXPROCS=%d: %s", procs, differ(graph, g))
				}
				if !bytes.Equal(ty, types) {
					t.Errorf("the types differ with GOMAXPROCS=%d: %s", procs, differ(types, ty))
				}
			}
			var got map[string][]string
			if err := json.Unmarshal(graph, &got); err != nil {
				t.Fatal(err)
			}
			for caller, callee := range h.want {
				found := false
				for _, c := range got[caller] {
					found = found || c == callee
				}
				if !found {
					t.Errorf("no edge %s → %s", caller, callee)
				}
			}
			// Steps at half the size, and at the full one.
			half := steps(t, h.make(max(size/2, 1)))
			full := steps(t, h.make(size))
			counted += full.Steps
			if allowed := 2.6*float64(half.Steps) + 20_000; float64(full.Steps) > allowed {
				t.Errorf("%d steps at size %d, %d at %d: more than in proportion", half.Steps, size/2, full.Steps, size)
			}
			t.Logf("size %d: %d functions, %d sites, %d steps (%d at half), bounds %v", size, full.Functions, full.Sites, full.Steps, half.Steps, full.Bounds)
		})
	}
	if counted == 0 {
		t.Error("no steps are counted")
	}
}

func steps(t *testing.T, files map[string]string) stats {
	t.Helper()
	var s stats
	if err := json.Unmarshal(run(t, writeFiles(t, files), "debug", "callgraph", "--stats"), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// differ says where two outputs part.
func differ(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("%q, then %q and %q", a[from:i], a[i:min(len(a), i+60)], b[i:min(len(b), i+60)])
}
