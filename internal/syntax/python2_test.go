package syntax

import (
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

func TestPython2(t *testing.T) {
	for name, text := range map[string]string{
		"print":       "print 'a' % b\nprint\nprint >>f, x, y,\nprint a, b\nprint -1\nprint not x\n",
		"print dict":  "print 'x'\nprint {}\nprint [1]\n",
		"except":      "print 'x'\ntry:\n  f()\nexcept A, e:\n  pass\nexcept (B, C), x.y:\n  pass\n",
		"exec":        "exec 'a'\nexec a in b\nexec a in b, c\n",
		"backquotes":  "x = `y`\n",
		"not equal":   "x = a <> b\n",
		"octal":       "x = 0777\n",
		"long":        "x = 10L + 0xFFl\n",
		"ur":          "x = ur'a' + UR\"\"\"b\"\"\"\n",
		"raise":       "raise A, 'b'\nraise A, 'b', tb\n",
		"tuples":      "def f(a, (b, c), (d, e)=(1, 2)): pass\nlambda (a, b): a\n",
		"tabs":        "if x:\n        a\n\tb\n",
		"comp":        "print 'x'\nx = [a for a in 1, 2, 3]\n",
		"names":       "print 'x'\nTrue = 1\nnonlocal = 2\n",
		"async names": "f(async=True)\nx.async = 1\nasync = 3\nawait = 4\ndef async(): pass\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := Parse(source.New("a.py", text))
			if len(f.Errors) == 0 {
				t.Fatal("nothing was said")
			}
			for _, e := range f.Errors {
				if !e.Python2 {
					line, col := f.Source.Position(e.Span.Start)
					t.Errorf("%d:%d: %s", line, col, e.Message)
				}
			}
			if !f.Python2 && name != "async names" {
				t.Error("not seen to be Python 2")
			}
			for _, s := range f.Body {
				Inspect(s, func(n Node) bool {
					switch n.(type) {
					case *BadStmt, *BadExpr:
						t.Errorf("%T at %v", n, n.Span())
					}
					return true
				})
			}
		})
	}
}

// TestRecovery checks that an error costs its line, and no more.
func TestRecovery(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		calls int // of f, which have to be in the tree all the same
	}{
		"simple":          {"f()\nx = = 1\nf()\n", 2},
		"open bracket":    {"f()\nx = (1,\ndef g():\n    f()\nf()\n", 3},
		"open call":       {"f()\ng(1, 2\nf()\n", 2},
		"header":          {"if x = 1:\n    f()\nelse:\n    f()\nf()\n", 3},
		"def header":      {"def g(a b):\n    f()\nf()\n", 2},
		"open header":     {"if g(x:  # comment\n    f()\nelse:\n    f()\nf()\n", 3},
		"open def":        {"def g(:\n    f()\n\ndef h(a b:\n    f()\nf()\n", 3},
		"open while":      {"while (x:\n    f()\n\nwith g(a as b:\n    f()\nf()\n", 3},
		"class header":    {"class A(:\n    def g(self):\n        f()\n    f()\nf()\n", 3},
		"no block":        {"def g():\nf()\n", 1},
		"unexpected":      {"f()\n    f()\nf()\n", 3},
		"bad dedent":      {"if x:\n        f()\n    f()\nf()\n", 3},
		"in a block":      {"def g():\n    f()\n    x y z\n    f()\nf()\n", 3},
		"open string":     {"f()\nx = 'abc\nf()\n", 2},
		"open f-string":   {"f()\nx = f'{a\ndef g(): f()\nf()\n", 3},
		"stray bracket":   {"f()\n)\nf()\n", 2},
		"conflict":        {"f()\n<<<<<<< HEAD\nf()\n=======\nf()\n>>>>>>> other\nf()\n", 4},
		"nul":             {"f()\nx = \x00\nf()\n", 2},
		"decorator":       {"@a b\ndef g():\n    f()\nf()\n", 2},
		"bad case":        {"match x:\n    case 1:\n        f()\n    case a + b:\n        f()\n    f()\nf()\n", 3},
		"bad characters":  {"f()\nx = “a”\nf()\n", 2},
		"open at the end": {"f()\nf()\nx = [\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			tree := Parse(source.New("a.py", c.text))
			if len(tree.Errors) == 0 {
				t.Error("no error")
			}
			n := 0
			for _, s := range tree.Body {
				Inspect(s, func(x Node) bool {
					if call, ok := x.(*Call); ok && tree.Source.Slice(call.Func.Span()) == "f" {
						n++
					}
					return true
				})
			}
			if n != c.calls {
				t.Errorf("%d calls of f, want %d\n%s", n, c.calls, Dump(tree))
			}
			check(t, tree)
		})
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"if x = 3:\n    pass\n", "expected ':' here, found '='; == compares"},
		{"if x\n    pass\n", "expected ':' here, found the end of the line"},
		{"x = 1\n<<<<<<< HEAD\ny\n", "expected an expression here, found the mark of a merge conflict"},
		{"a b\n", "expected the end of the line here, found the name b"},
		{"x = (1,\n     2\ny = 3\n", "expected ')' here, found the name y"},
		{"x = 'abc\n", "this string has no end"},
		{"def f():\nreturn 1\n", "a block has to follow here, indented more than the line that opens it"},
		{"  x = 1\n", "this line is indented more than the one above, and opens no block"},
		{"try:\n    pass\nx = 1\n", "except or finally has to follow a try block"},
	} {
		tree := Parse(source.New("a.py", c.text))
		if len(tree.Errors) == 0 || tree.Errors[0].Message != c.want {
			t.Errorf("%q: %v, want %q", c.text, tree.Errors, c.want)
		}
	}
}

func TestPattern(t *testing.T) {
	for _, text := range []string{
		"$X", "$X == $X", "foo(...)", "foo($A, ..., b=$C, ...)", "$F($...ARGS)", "f(x=1, ...)", "f(..., x=$V, y)", "<... $X ...>", "f(<... $X ...>)",
		"($X : str)", "($X: a.B).f(...)", "$X. ... .f()", "$A.$B", "$X[...]", "[..., $X, ...]", "{..., $K: $V, ...}", "{...}", "{..., 'a': $X}", "{$...X}",
		"\"...\"", "\"$X\"", "\"=~/re/\"", "f\"...\"", "f\"...{$X}...\"", "$X = $Y", "$X: $T = $Y", "$X += 1", "$X, $Y = $Z", "for $X in $Y: ...", "for $X in $Y:\n  ...",
		"def $F(...): ...", "def $F(..., $P, ...):\n  ...\n  return $X", "def $F(..., $P=$V, ...) -> $T: ...", "def $F($...PARAMS): ...", "async def $F(...): ...",
		"class $C(...): ...", "class $C($B): ...", "class $C:\n  ...\n  def $F(...): ...", "import $X", "import $X as $Y", "from $X import $Y", "from $X import ($Y, ...)",
		"from ... import $X", "try:\n  ...\nexcept $E: ...", "try:\n  ...\nexcept $E as $X:\n  ...\nfinally: ...", "with $X as $Y: ...", "with ...: ...", "if $X: ...", "if $X:\n  ...\nelse:\n  ...",
		"@$D\ndef $F(...): ...", "@$D(...)\nclass $C: ...", "return $X", "return", "raise $X", "assert $X", "del $X", "lambda ...: $X", "lambda $X: $Y", "$X if $C else $Y", "[$X for $Y in $Z]",
		"yield $X", "await $X", "print $X", "print(...)", "exec($X)", "...\n$X = 1\n...\nf($X)", "global $X", "while $X: ...", "not $X", "$X and ...", "$X in $Y", "*$X", "$X % $Y", "$X % (..., $Y, ...)",
		"except: ...", "except $E: pass", "finally: ...", "else: ...", "case $X: ...", "def $F(...)", "class $C", "class $C(...)", "@$D", "@foo.bar(...)", "if $X:", "with open(...) as $F:", "**$X",
		"match $X:\n  ...", "match $X:\n  case $Y: ...", "x: $T", "type $X = $Y", "a....b()", "  foo()\n  bar()", "$X.__class__", "$_", "f($_, ...)", "0o777", "$X << 1", "$X < $Y", "$X <= ...",
		"$X\n...\n$Y", "\"a\" \"b\"", "b\"...\"", "$1", "f(*$ARGS, **$KW)", "if $X: return $Y", "nonlocal $X", "(...)", "(..., $X)", "[...]", "$X(...)(...)", "`$X`", "try: ...\nexcept ($A, ...): ...",
		"class $C:\n  $F = $X", "$F(..., $K=$V, ...)", "def $F(..., *$A, **$K): ...", "def $F(self, ...): ...", "with $A as $B, ...: ...", "raise ...", "return ...", "print(\"...\", ...)", "$X ... $Y",
	} {
		p, err := ParsePattern(text)
		if text == "$X ... $Y" {
			if err == nil {
				t.Errorf("%q was read", text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if p.Expr == nil && p.Body == nil && p.Partial == nil && p.Decorators == nil {
			t.Errorf("%q: nothing was read", text)
		}
	}
}
