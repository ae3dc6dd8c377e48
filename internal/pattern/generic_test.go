package pattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

// genericMatches lists what a pattern matches, white space made even, and what it binds.
func genericMatches(t testing.TB, pattern, text string, set func(*Options)) string {
	t.Helper()
	o := DefaultOptions()
	if set != nil {
		set(&o)
	}
	g, err := compileGeneric(pattern, o)
	if err != nil {
		t.Fatalf("%q: %v", pattern, err)
	}
	var out []string
	budget := 1_000_000
	g.match(text, source.Span{End: uint32(len(text))}, &budget, func(s source.Span, b []Binding) {
		m := strings.Join(strings.Fields(text[s.Start:s.End]), " ")
		for _, b := range b {
			if text[b.Span.Start:b.Span.End] != b.Text {
				t.Errorf("%q: %s is %q, and its span %v is not", pattern, b.Name, b.Text, b.Span)
			}
			m += fmt.Sprintf(" %s=%q", b.Name, b.Text)
		}
		out = append(out, m)
	})
	return strings.Join(out, "\n")
}

func TestGeneric(t *testing.T) {
	span := func(n int) func(*Options) { return func(o *Options) { o.GenericEllipsisMaxSpan = n } }
	lines := func(n int) string { return strings.Repeat("x\n", n) }
	tests := []struct {
		name, pattern, text string
		set                 func(*Options)
		want                string
	}{
		{"a word", "key", "my key, keys; key", nil, "key\nkey"},
		{"case counts", "key", "Key", nil, ""},
		{"case does not count", "key", "Key KEYS", func(o *Options) { o.GenericCaseless = true }, "Key"},
		{"white space is free", "a+b", "a + b a\n+\nb", nil, "a + b\na + b"},
		{"a word is whole", "data", "database data_", nil, ""},
		{"a number is a word", "1.5", "1.5 11.5", nil, "1.5"},
		{"beyond ASCII", "é=1", "é = 1 è = 1", nil, "é = 1"},
		{"a metavariable is a word", "set($X)", "set(a) set(a.b) set()", nil, `set(a) $X="a"`},
		{"metavariables are equal", "$X = $X", "a = b; b = b", nil, `b = b $X="b"`},
		{"names are sorted", "$B $A", "x y", nil, `x y $A="y" $B="x"`},
		{"no metavariables", "$_GET[$x]", "$_GET[$x]", nil, "$_GET[$x]"},
		{"dots that are dots", "a..b", "a..b a...b", nil, "a..b"},
		{"four dots", "a....b", "a....b a x b", nil, "a....b"},
		{"an ellipsis", "FROM ... AS", "FROM python:3 AS x", nil, "FROM python:3 AS"},
		{"an ellipsis over nothing", "f(...)", "f()", nil, "f()"},
		{"an ellipsis ends at the first end", "f(...)", "f((a)) b)", nil, "f((a)"},
		{"over ten lines", "a ... b", "a\n" + lines(9) + "b", nil, "a" + strings.Repeat(" x", 9) + " b"},
		{"over eleven lines", "a ... b", "a\n" + lines(10) + "b", nil, ""},
		{"twice", "a ... ... b", "a\n" + lines(10) + "b", nil, "a" + strings.Repeat(" x", 10) + " b"},
		{"within a line", "a ... b", "a x b\na\nb", span(0), "a x b"},
		{"named", "a $...X b", "a x, y b", nil, `a x, y b $...X=" x, y"`},
		{"named, of nothing", "a $...X b", "a b", nil, `a b $...X=""`},
		{"named twice", "<$...X></$...X>", "<p q></p> <p q></p q>", nil, `<p q></p q> $...X="p q"`},
		{"at the end", "a ...", "a b\nc", nil, "a b c"},
		{"at the end of a line", "a ...", "a b\nc", span(0), "a b"},
		{"at the beginning", "... b", "x\n  a b\n  c b", nil, "a b"},
		{"the shorter of two", "begin ... end", "begin begin x end", nil, "begin x end"},
		{"overlapping", "$A $B", "1 2 3", nil, "1 2 $A=\"1\" $B=\"2\"\n2 3 $A=\"2\" $B=\"3\""},

		{"a flat pattern, an indented text", "a: b c", "a:\n  b\n    c\n", nil, "a: b c"},
		{"an indented pattern, a flat text", "a:\n  b\n", "a: b", nil, ""},
		{"a block whole", "a:\n  b: 1\n", "a:\n  b: 1\n  c: 2\n", nil, ""},
		{"a block in part", "a:\n  ...\n  b: 1\n  ...\n", "a:\n    c: 2\n    b: 1\n    d: 3\n", nil, "a: c: 2 b: 1 d: 3"},
		{"not beyond a block", "a:\n  ...\n  b: 1\n  ...\n", "a:\n  c: 2\nd:\n  b: 1\n", nil, ""},
		{"a block of brackets", "f(\n  ... x ...\n)", "f(g(x), y)\nf() x", nil, "f(g(x), y)"},
		{"an empty block", "{\n  ...\n}", "{} {\n}", nil, "{}\n{ }"},
		{"a block that is longer than dots", "{\n  a\n  ...\n}", "{\n  a\n" + strings.Repeat("  x\n", 12) + "}", nil, "{ a" + strings.Repeat(" x", 12) + " }"},
		{"unclosed brackets", "f(...]", "f(a ] f[)", nil, "f(a ]"},
		{"a pattern indented as a whole", "  a\n  b\n", "a b", nil, "a b"},
		{"tabs", "a\n\tb", "a\n\tb", nil, "a b"},
		{"a lone return in the pattern", " \ra", "a", nil, "a"},
		{"ends of lines", "a\r\n  b\r\n", "a\r  b", nil, "a b"},

		{"comments of C", "a b", "a /* x\n */ b // c", func(o *Options) { o.GenericCommentStyle = "c" }, "a /* x */ b"},
		{"comments of C++", "a b", "a // x\n b", func(o *Options) { o.GenericCommentStyle = "cpp" }, "a // x b"},
		{"comments of the shell", "a b", "a # b\n b", func(o *Options) { o.GenericCommentStyle = "shell" }, "a # b b"},
		{"more word characters", "$X = 1", "a-b = 1", func(o *Options) { o.GenericExtraWordCharacters = []string{"-"} }, `a-b = 1 $X="a-b"`},
		{"more brackets", "<\n  ... x\n>", "<a x>", func(o *Options) { o.GenericExtraBraces = [][2]string{{"<", ">"}} }, "<a x>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := genericMatches(t, tt.pattern, tt.text, tt.set); got != tt.want {
				t.Errorf("%q on %q: got\n%s\nwant\n%s", tt.pattern, tt.text, got, tt.want)
			}
		})
	}
}

func TestGenericAliengrep(t *testing.T) {
	tests := []struct {
		name, pattern, text string
		oneLine             bool
		want                string
	}{
		{"brackets nest", "f(...)", "f((a), b) c)", false, "f((a), b)"},
		{"indentation is nothing", "a:\n  b", "a: b", false, "a: b"},
		{"any number of lines", "a ... b", "a" + strings.Repeat("\n", 30) + "b", false, "a b"},
		{"an ellipsis does not leave its brackets", "(a ... b)", "(a) b)", false, ""},
		{"matches do not overlap", "$A $B", "1 2 3 4", false, "1 2 $A=\"1\" $B=\"2\"\n3 4 $A=\"3\" $B=\"4\""},
		{"within a line", "a ... b", "a\nb\na x b", true, "a x b"},
		{"a line end is matched", "a\nb", "a b\na\nb", true, "a b"},
		{"four dots go beyond the line", "a .... b", "a\nx\nb", true, "a x b"},
		{"named", "[$....X]", "[a,\nb]", true, "[a, b] $...X=\"a,\\nb\""},
		{"quotes are brackets", "(...)", `(")")`, true, `(")")`},
		{"but not over lines", "(...)", `(") ")`, false, `(")`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := genericMatches(t, tt.pattern, tt.text, func(o *Options) {
				o.GenericEngine, o.GenericMultiline = "aliengrep", !tt.oneLine
			})
			if got != tt.want {
				t.Errorf("%q on %q: got\n%s\nwant\n%s", tt.pattern, tt.text, got, tt.want)
			}
		})
	}
}

func TestGenericErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		"":                          "empty",
		"\n \n":                     "empty",
		"a ... $...X":               "another ellipsis",
		strings.Repeat("a ", 10000): "split it",
	} {
		if _, err := compileGeneric(pattern, DefaultOptions()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: got %v, want an error with %q", pattern, err, want)
		}
	}
}

// A pattern made to explode ends at its budget, or before.
func TestGenericBudget(t *testing.T) {
	text := strings.Repeat("a ", 2000)
	for _, pattern := range []string{
		"a ... a ... a ... a ... a ... b",
		"$A ... $B ... $C ... $A ... $B ... $C ... b",
		"$...A a $...B a $...C a $...A b",
	} {
		for _, limit := range []int{1, 1000, 3_000_000} {
			g, err := compileGeneric(pattern, DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			budget := limit
			g.match(text+" b", source.Span{End: uint32(len(text))}, &budget, func(source.Span, []Binding) { t.Errorf("%q matched", pattern) })
			if budget < -10 {
				t.Errorf("%q: a budget of %d was overdrawn by %d", pattern, limit, -budget)
			}
		}
	}
	// Without back-references the third ellipsis costs no more than the first.
	g, _ := compileGeneric("a ... a ... a ... a ... a ... b", DefaultOptions())
	budget := 30_000_000
	g.needs = "" // or the text would not even be read
	g.match(text, source.Span{End: uint32(len(text))}, &budget, func(source.Span, []Binding) {})
	if budget <= 0 {
		t.Error("a pattern of five ellipses used up its budget on 2,000 words")
	}
}

func FuzzGeneric(f *testing.F) {
	f.Add("a ... $X (\n  $...Y\n)", "a b c (\n  x, (y)\n)\n", uint8(0))
	f.Add("\"...\" .... [x]", "a \"(\" \r\n\t[x])", uint8(7))
	f.Fuzz(func(t *testing.T, pattern, text string, set uint8) {
		if len(pattern) > 200 || len(text) > 2000 {
			return
		}
		o := DefaultOptions()
		if set&1 != 0 {
			o.GenericEngine = "aliengrep"
		}
		o.GenericMultiline = set&2 == 0
		o.GenericCaseless = set&4 != 0
		if set&8 != 0 {
			o.GenericCommentStyle = "cpp"
		}
		g, err := compileGeneric(pattern, o)
		if err != nil {
			return
		}
		budget := 200_000
		span := source.Span{End: uint32(len(text))}
		g.match(text, span, &budget, func(s source.Span, b []Binding) {
			if s.Start > s.End || !span.Contains(s) {
				t.Fatalf("a match at %v", s)
			}
			for _, b := range b {
				if b.Span.Start > b.Span.End || !span.Contains(b.Span) || text[b.Span.Start:b.Span.End] != b.Text {
					t.Fatalf("%s at %v", b.Name, b.Span)
				}
			}
		})
	})
}
