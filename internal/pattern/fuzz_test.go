package pattern

import (
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// FuzzMatch compiles any pattern and matches it in any module, alone and within formulas: nothing panics, and what is found lies in the file.
func FuzzMatch(f *testing.F) {
	for _, c := range [][2]string{
		{"foo(..., $X, k=$V, ...)", "foo(1, 2, k=3)"},
		{"a()\n...\nif $C: b()\nd()", "a()\nif c:\n    b()\nd()"},
		{"match $X:\n    case [..., $P as $N, *$R]: ...", "match a:\n    case [c, 1 as b, *r]: pass"},
		{"@$D(...)\ndef $F(..., $P=$V, ...) -> $T: $...BODY", "@d\nasync def f(a, b=1) -> int:\n    return a"},
		{"class $C(..., $B, ...):\n    ...\n    $X: $T = $Y", "class C(B, metaclass=M):\n    x: int = 1"},
		{"try: ...\nexcept ($A, ...) as $E: ...\nfinally: $S", "try: a\nexcept (B, C) as e: d\nfinally: f"},
		{"f(\"=~/a+b/\", f\"...{$X}...\", '...' '...')", "f('aab', f'{x}', 'a' f'{b}')"},
		{"<... $A or b or $X. ... .c() ...>", "x = (a or (b or d.e().c()))"},
		{"{..., $K: $V, **$R}", "x = {1: 2, **y}"},
		{"[$X for $Y in $Z if ...]", "x = [a for b in c if d if e]"},
		{"from $M import $A as $B", "from . import a as b, c"},
		{"($X : a.B).m($...ARGS)", "import a\nx = a.B()\nx.m(1, *b, **c)"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, text, code string) {
		if len(text) > 500 || len(code) > 2000 {
			return
		}
		options := DefaultOptions()
		options.SymbolicPropagation = true
		options.CommutativeBoolop = true
		options.MaxStepsPerFile = 20_000
		leaf := &Leaf{Text: text}
		set, _ := Compile([]Rule{
			{F: leaf, Options: options},
			{F: &And{Of: []Formula{&Leaf{Text: "$X"}, &Inside{F: leaf}, &Not{F: leaf}}, Focus: [][]string{{"$X"}}}, Options: options},
			{F: &And{Of: []Formula{&As{F: leaf, Name: "$M"}}, Where: []Condition{&MetavarPattern{Metavar: "$M", F: leaf}}}, Options: options},
		})
		p := program.New(program.Options{})
		m := p.Add(source.New("app.py", code))
		p.Link()
		found, _ := set.Match(m, nil)
		for _, x := range found {
			if x.Span.Start > x.Span.End || int(x.Span.End) > len(m.File.Text) {
				t.Errorf("%q in %q: %v is not in the file", text, code, x.Span)
			}
		}
	})
}
