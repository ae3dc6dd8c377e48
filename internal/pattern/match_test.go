package pattern

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// lines are those on which the formula matches in a module.
func lines(t testing.TB, f Formula, options Options, code string) []int {
	t.Helper()
	set, wrong := Compile([]Rule{{ID: "rule", F: f, Options: options}})
	for _, e := range wrong {
		t.Fatalf("%v", e)
	}
	p := program.New(program.Options{})
	m := p.Add(source.New("app.py", code))
	p.Link()
	found, tired := set.Match(m, nil)
	if len(tired) > 0 {
		t.Fatal("out of steps")
	}
	out := []int{}
	for _, x := range found {
		line, _ := m.File.Position(x.Span.Start)
		out = append(out, line)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func pat(text string) *Leaf { return &Leaf{Text: text} }

// TestLeaf checks single patterns, corner by corner: code, and the lines that match.
func TestLeaf(t *testing.T) {
	for _, c := range []struct {
		pattern, code string
		want          []int
	}{
		{"foo(...)", "foo()\nfoo(1, x=2)\nx = foo(a)\nbar(foo)", []int{1, 2, 3}},
		{"foo($X)", "foo()\nfoo(1)\nfoo(1, 2)\nfoo(x=1)", []int{2}},
		{"foo(..., 2, ...)", "foo(1, 2)\nfoo(2)\nfoo(1)\nfoo(1, 2, 3, a=4)", []int{1, 2, 4}},
		{"foo(a=1, ...)", "foo(b=2, a=1)\nfoo(a=2)\nfoo(0, a=1)", []int{1, 3}},
		{"foo(..., shell=True, ...)", "foo(x, shell=True)\nON = True\nfoo(x, shell=ON)\nfoo(x, shell=False)", []int{1, 3}},
		{"$X == $X", "a == a\na == b\nf(1) == f(1)\nf(1) == f(2)", []int{1, 3}},
		{"subprocess.run(...)", "import subprocess as sp\nsp.run(1)\nfrom subprocess import run\nrun(2)\nfrom subprocess import run as r\nr(3)\nrun2(4)", []int{2, 4, 6}},
		{"subprocess.run(...)", "import subprocess\ngo = subprocess.run\ngo(1)", []int{3}},
		{"subprocess.run(...)", "import importlib\nm = importlib.import_module('subprocess')\nm.run(1)", []int{3}},
		{"a.b.c(...)", "from a import b\nb.c()\nimport a.b as x\nx.c()\nfrom a.b import c as d\nd()", []int{2, 4, 6}},
		{"open(...)", "open(1)\ndef f(open):\n    open(2)\nfrom io import open\nopen(3)", []int{1, 5}},
		{"eval(...)", "e = eval\ne(1)\nfrom builtins import eval as f\nx.eval(2)", []int{2}},
		{"foo(\"...\")", "foo('a')\nfoo(f'{x}')\nfoo(x)\nA = 'a'\nfoo(A)\nfoo('a' 'b')", []int{1, 5, 6}},
		{"foo(\"$X\", $X)", "foo('a', a)\nfoo('a', b)", []int{1}},
		{"foo(\"=~/^ab/\")", "foo('abc')\nfoo('cab')", []int{1}},
		{"foo(\"a...z\")", "foo('abcz')\nfoo('bz')", []int{1}},
		{"foo(f\"...\")", "foo(f'{x}')\nfoo('a')", []int{1}},
		{"foo(f\"...{$X}...\")", "foo(f'{x}')\nfoo(f'a{x}b{y}')\nfoo(f'a')", []int{1, 2}},
		{"foo(<... bar(...) ...>)", "foo(1 + bar(2))\nfoo(f'{bar(1)}')\nfoo([x for x in bar()])\nfoo(baz)\nfoo(k=bar())", []int{1, 2, 3}},
		{"$F(<... shlex.quote(...) ...>, ...)", "import shlex, os\nos.system(f'rm {shlex.quote(x)}')\nos.system(x)", []int{2}},
		{"$X. ... .f()", "a.b.c.f()\na.f()\na.b().c(1).f()\nf()", []int{1, 2, 3}},
		{"$X.$M(...)", "a.b(1)\nc(2)", []int{1}},
		{"[..., 2, ...]", "x = [1, 2]\ny = [1]\nz = (1, 2)", []int{1}},
		{"{..., 'a': $X, ...}", "x = {'b': 1, 'a': 2}\ny = {'b': 1}", []int{1}},
		{"{}", "x = {}\ny = {1: 2}", []int{1}},
		{"$X = $Y", "a = 1\nb: int = 2\nc += 3\nd = e = 4\nf: int", []int{1, 2, 4}},
		{"$X += $Y", "a += 1\na -= 1", []int{1}},
		{"($X: str).format(...)", "'a'.format(1)\nx = 'b'\nx.format(2)\ndef f(y: str, z):\n    y.format(3)\n    z.format(4)", []int{1, 3, 5}},
		{"return $X", "def f():\n    return 1\n    return", []int{2}},
		{"def $F(...): ...", "def f(a, b=1): pass\nasync def g(): pass\nclass C: pass", []int{1, 2}},
		{"def $F(..., $P, ...):\n  ...\n  return $P", "def f(a, b):\n    x = 1\n    return b\ndef g(a):\n    return 1", []int{1}},
		{"async def $F(...): ...", "def f(): pass\nasync def g(): pass", []int{2}},
		{"@app.route(...)\ndef $F(...): ...", "@app.route('/')\n@login\ndef f(): pass\ndef g(): pass", []int{1}},
		{"class $C($B): ...", "class A(B): pass\nclass C: pass\nclass D(E, F): pass", []int{1, 3}},
		{"class $C(...):\n  ...\n  def $F(self, ...): ...", "class A:\n    x = 1\n    def f(self): pass\nclass B:\n    x = 1", []int{1}},
		{"a()\n...\nb()", "a()\nx = 1\nif x:\n    b()\n", []int{1}},
		{"a()\nb()", "a()\nb()\na()\nc()\nb()", []int{1}},
		{"$X = a()\n...\nf($X)", "v = a()\nw = 2\nreturn_ = f(v)\nf(w)", []int{1}},
		{"try: ...\nexcept $E: ...", "try:\n    a\nexcept B:\n    c\ntry:\n    a\nfinally:\n    b", []int{1}},
		{"except: ...", "try:\n    a\nexcept B:\n    c\nexcept:\n    d", []int{5}},
		{"try: ...\nexcept: pass", "try:\n    a\nexcept:\n    pass\ntry:\n    a\nexcept B:\n    pass", []int{1}},
		{"with open(...) as $F: ...", "with open(x) as f:\n    pass\nwith open(x): pass", []int{1}},
		{"if $X: ...", "if a: b\nelif c: d", []int{1, 2}},
		{"for $X in $Y: ...", "for a in b: c", []int{1}},
		{"import $X", "import a\nimport b as c\nfrom d import e", []int{1, 2, 3}},
		{"import pickle", "import pickle\nimport pickle as p\nfrom pickle import loads\nimport picklex", []int{1, 2, 3}},
		{"from a import $X", "from a import b\nfrom c import d", []int{1}},
		{"$X if $C else $Y", "a if b else c", []int{1}},
		{"lambda ...: $X", "lambda a, b: c", []int{1}},
		{"$X + $Y", "a + b\na - b", []int{1}},
		{"not $X", "not a\n-a", []int{1}},
		{"$X and $Y", "a and b\na or b\na and b and c", []int{1, 3}},
		{"$X in $Y", "a in b\na not in b", []int{1}},
		{"foo(1 << 3)", "foo(1 << 3)\nfoo(8)", []int{1}},
		{"foo(8)", "foo(1 << 3)\nN = 4\nfoo(N * 2)\nfoo(9)", []int{1, 3}},
		{"assert $X", "assert a\nassert b, c", []int{1, 2}},
		{"raise $X", "raise A\nraise", []int{1}},
		{"print $X", "print 'a'\n", []int{1}},
		{"foo($...A, 1)", "foo(1)\nfoo(2, 3, 1)\nfoo(2)", []int{1, 2}},
		{"foo(**$K)", "foo(**a)\nfoo(*a)", []int{1}},
		{"foo(*$A)", "foo(**a)\nfoo(*a)", []int{2}},
		{"self.$X = $Y", "class A:\n    def f(self):\n        self.a = 1", []int{3}},
		{"$X[...]", "a[1]\nb", []int{1}},
		{"foo($X, ..., $X)", "foo(a, b, a)\nfoo(a, b)", []int{1}},
		{"foo()(...)", "foo()(1)\nfoo()", []int{1}},
		{"foo($_, $_)", "foo(a, b)", []int{1}},
		{"yield $X", "def f():\n    yield a", []int{2}},
		{"await $X", "async def f():\n    await a", []int{2}},
		{"$D[$K] = $V", "a['b'] = c", []int{1}},
		{"f(); g()", "f(); g()\nf()", []int{1}},
		{"global $X", "def f():\n    global a", []int{2}},
		{"del $X", "del a", []int{1}},
		{"while True: ...", "while True: pass\nwhile a: pass", []int{1}},
		{"def f(...)", "def f(a): pass\ndef g(): pass", []int{1}},
		{"foo(None)", "foo(None)\nfoo(0)", []int{1}},
		{"foo(-1)", "foo(-1)\nfoo(1)", []int{1}},
		{"self.run(...)", "import subprocess\nclass A:\n    def __init__(self):\n        self.p = subprocess.Popen\n    def f(self):\n        self.run()\n        self.p(1)", []int{6}},
		{"subprocess.Popen(...)", "import subprocess\nclass A:\n    def __init__(self):\n        self.p = subprocess.Popen\n    def f(self):\n        self.p(1)", []int{6}},
		{"@cache\ndef $F(...): ...", "@cache\ndef f(): pass\n@cache()\ndef g(): pass\n@cache(1)\ndef h(): pass", []int{1, 3}},
		{"@cache(...)\ndef $F(...): ...", "@cache\ndef f(): pass\n@cache(1)\ndef g(): pass", []int{1, 3}},
		{"@$D\nclass $C: ...", "@a.b\nclass C: pass\n@a.b(1)\nclass D: pass", []int{1}},
		{"@$D(1)", "@a(1)\n@b\ndef f(): pass", []int{1}},
		{"m.cache(...)", "from m import cache\n@cache\ndef f(): pass\ncache\n@cache(1)\ndef g(): pass", []int{2, 5}},
		{"class $C(..., $A, ..., $A, ...): ...", "class C(A, B): pass\nclass D(A, A): pass", []int{2}},
		{"a()\n...\nif $C: b()\nd()", "a()\nif c:\n    b()\nd()", []int{1}},
		{"for $X in $Y:\n    ...\n    if $C:\n        ...\n        b()\n        ...\n    d()", "for x in y:\n    if c:\n        b()\n    d()", []int{1}},
		{"a()\n...\nb()\nd()", "a()\nif c:\n    b()\n    d()\na()\nif c:\n    b()\nx", []int{1}},
		{"'...' '...'", "x = 'a'\nx = 'a' 'b'\nx = f'{a}'\nx = 'a' f'{a}'", []int{2, 4}},
		{"foo('...')", "def f(c):\n    a = 'x' if c else 'y'\n    foo(a)\n    foo(a * c)\n    foo(c and 'x' or 'y')\n    foo(c and 'x')\n    foo(c or 'x')\n    foo(a + c)", []int{3, 4, 5}},
		{"foo('...')", "def f(c):\n    if c:\n        a = 'x'\n    else:\n        a = 'y'\n    foo(a)\n    if c:\n        a = c\n    foo(a)", []int{6}},
		{"[...]", "x = [1]\nx = [a for a in b]\nx = (1,)", []int{1, 2}},
		{"$D = {... for ... in ...}", "x = {a for a in b}\nx = {a: 1 for a in b}\nx = {1}", []int{1, 2}},
		{"if $C: $S\nelse: $S", "if c:\n    from a import x\nelse:\n    from .a import x\nif c:\n    from a import x\nelse:\n    from a import x", []int{5}},
		{"$A or b or b", "x = a or b or b\nx = a or (b or b)\nx = a or b or b or c", []int{1, 2}},
		{"match $X:\n    case $P as $N: ...", "match a:\n    case 1 as b: pass\nmatch a:\n    case 1: pass\nmatch a:\n    case [1 as b]: pass", []int{1}},
		{"match $X:\n    case [..., $P as $N, ...]: ...", "match a:\n    case [c, 1 as b]: pass\nmatch a:\n    case 1 as b: pass", []int{1}},
		{"match $X:\n    case $C(..., name=$P): ...", "match a:\n    case User(1, age=2, name='x'): pass\nmatch a:\n    case User(age=2): pass", []int{1}},
		{"match $X:\n    case $C($P): ...", "match a:\n    case User(1): pass\nmatch a:\n    case User(1, age=2): pass\nmatch a:\n    case User(1, 2): pass", []int{1}},
		{"match $X:\n    case {'k': $P}: ...", "match a:\n    case {'j': 1, 'k': 2}: pass\nmatch a:\n    case {'j': 1}: pass", []int{1}},
		{"match $X:\n    case {'k': $P, **$R}: ...", "match a:\n    case {'k': 2, **r}: pass\nmatch a:\n    case {'k': 1}: pass", []int{1}},
		{"match $X:\n    case 1 | ...: ...", "match a:\n    case 1 | 2 | 3: pass\nmatch a:\n    case 2 | 1: pass", []int{1}},
		{"match $X:\n    case [1, *$R]: ...", "match a:\n    case [1, *r]: pass\nmatch a:\n    case [1, *_]: pass\nmatch a:\n    case [1]: pass", []int{1}},
		{"match $X:\n    case None: ...", "match a:\n    case None: pass\nmatch a:\n    case True: pass", []int{1}},
		{"match $X:\n    case _: ...", "match a:\n    case _: pass\nmatch a:\n    case b: pass", []int{1}},
		{"match $X:\n    case $N: f($N)", "match a:\n    case b: f(b)\nmatch a:\n    case b: f(c)", []int{1}},
		{"yaml.load(...)", "try:\n    import ruamel as yaml\nexcept ImportError:\n    import yaml\nyaml.load(x)", []int{5}},
	} {
		t.Run(fmt.Sprintf("%s/%q", c.pattern, c.code), func(t *testing.T) {
			if got := lines(t, pat(c.pattern), DefaultOptions(), c.code); !slices.Equal(got, c.want) {
				t.Errorf("lines %v, want %v", got, c.want)
			}
		})
	}
}
