package syntax

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/source"
)

var fuzzSeeds = []string{
	"x = 1\n", "def f(a, /, b: int = 2, *c, d, **e) -> None:\n    return a if b else c\n",
	"f'{x!r:>{w}} {{}} {y = }' \"a\"\n", "match x:\n  case [1, *_] | {'a': b, **r} if c:\n    pass\n",
	"try:\n  pass\nexcept* A as e:\n  pass\n", "with (a as b, c):\n  pass\n", "print 'x' % y\nexec 'a' in b\n",
	"type X[T: int = str] = list[T]\n", "x = [a for b in c if d async for e in f]\n", "'''", "f'{", "f'{a:{b", "((((", "a\\\nb",
	"if x:\n\ty\n        z\n", "x = 0777 + 10L <> `y`\n", "lambda *, a: (yield)\n", "\"\\N{BULLET}\\x\\ud800\"", "match (a\n", "a....b",
	"class A(B, *c, d=e): x: int = 3; del y[1:2, ...]\n", "@a.b\nasync def f(): await x\n", "t'{a}' f'{b}'", "x = {**a, b: c}\n{*d, e}\n",
}

// check holds what has to hold of any text: spans lie within each other and the text, IDs are dense and unique.
func check(t *testing.T, f *File) {
	seen := make([]bool, f.NumNodes+1)
	var visit func(n Node, in source.Span)
	visit = func(n Node, in source.Span) {
		s := n.Span()
		if s.Start > s.End || int(s.End) > len(f.Source.Text) {
			t.Fatalf("%T has the span %v in a text of %d bytes", n, s, len(f.Source.Text))
		}
		id := n.ID()
		if id == 0 || uint32(id) > f.NumNodes || seen[id] {
			t.Fatalf("%T at %v has the ID %d, of %d", n, s, id, f.NumNodes)
		}
		seen[id] = true
		Children(n, func(c Node) { visit(c, s) })
	}
	for _, s := range f.Body {
		visit(s, source.Span{End: uint32(len(f.Source.Text))})
	}
	for i := 1; i < len(f.Errors); i++ {
		if f.Errors[i].Span.Start <= f.Errors[i-1].Span.Start {
			t.Fatalf("errors out of order: %v", f.Errors)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := Parse(source.New("a.py", text))
		check(t, tree)
		if utf8.ValidString(text) && len(text) < 1000 {
			Dump(tree)
		}
	})
}

func FuzzScan(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s scanner
		s.init(text)
		last := uint32(0)
		for n := 0; ; n++ {
			s.scan()
			if s.kind == tEOF {
				break
			}
			if s.start < last || s.end < s.start {
				t.Fatalf("token %v at %d–%d after %d", s.kind, s.start, s.end, last)
			}
			last = s.end
			if n > 4*len(text)+200 {
				t.Fatalf("%d tokens of %d bytes", n, len(text))
			}
		}
	})
}

func FuzzPattern(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s)
	}
	for _, s := range []string{"$X", "foo(..., $...A, x=<... $Y ...>)", "($X : str)", "$A. ... .b()", "except $E: ...", "{..., 'a': $V}", "@$D", "def $F(..., $P, ...): ..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePattern(text)
		if (p == nil) == (err == nil) {
			t.Fatal("either a pattern or an error")
		}
	})
}

// TestHostile reads texts made to be deep or slow. None may crash, and each must be read in time linear in its length.
func TestHostile(t *testing.T) {
	const n = 200_000
	for name, text := range map[string]string{
		"parentheses": strings.Repeat("(", n), "brackets": strings.Repeat("[", n) + strings.Repeat("]", n),
		"not": strings.Repeat("not ", n) + "x", "minus": strings.Repeat("-", n) + "x", "lambda": strings.Repeat("lambda:", n) + "x",
		"power": strings.Repeat("x**", n) + "x", "plus": strings.Repeat("x+", n) + "x", "attributes": "x" + strings.Repeat(".x", n),
		"calls": "x" + strings.Repeat("()", n), "conditionals": strings.Repeat("x if x else ", n) + "x", "await": strings.Repeat("await ", n) + "x",
		"f-strings": strings.Repeat("f'{", n), "triple": strings.Repeat("f'''{", n), "open lines": strings.Repeat("(\n", n),
		"open calls": strings.Repeat("f(\ndef g():\n", n), "indents": indents(400), "match": strings.Repeat("match (\n", n),
		"match stars": strings.Repeat("match *", n), "elif": "if x: pass\n" + strings.Repeat("elif x: pass\n", n), "strings": strings.Repeat("'a' ", n),
		"backslashes": strings.Repeat("\\\n", n), "backquotes": strings.Repeat("`", n), "case": "match x:\n case " + strings.Repeat("[", n),
		"unary calls": strings.Repeat("-f(", n), "dict": strings.Repeat("{1:", n), "starred": strings.Repeat("*", n), "semicolons": strings.Repeat("x;", n),
		"decorators": strings.Repeat("@x\n", n), "comments": strings.Repeat("#\n", n), "spec": strings.Repeat("f'{x:", n), "nul": strings.Repeat("\x00", n),
		"subscripts": strings.Repeat("x[", n), "comprehension": "[" + strings.Repeat("x for x in ", n), "compare": strings.Repeat("x<", n) + "x",
		"generics": "type X = " + strings.Repeat("X[", n), "print": strings.Repeat("print ", n), "unpack": strings.Repeat("*a, ", n) + "= b",
	} {
		t.Run(name, func(t *testing.T) {
			tree := Parse(source.New("a.py", text))
			if tree.NumNodes > uint32(4*len(text)+10) {
				t.Errorf("%d nodes of %d bytes", tree.NumNodes, len(text))
			}
			check(t, tree)
		})
	}
}

func indents(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	return b.String()
}
