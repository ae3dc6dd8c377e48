package pattern

import (
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// conditionSiteOf reads a module of `x = …` lines and binds $X to the right side of the last.
func conditionSiteOf(t testing.TB, text string) (*conditionSite, []Binding) {
	t.Helper()
	file := source.New("a.py", text)
	p := program.New(program.Options{})
	m := p.Add(file)
	p.Link()
	assign, ok := m.Tree.Body[len(m.Tree.Body)-1].(*syntax.Assign)
	if !ok {
		t.Fatalf("%q does not end with an assignment", text)
	}
	return &conditionSite{module: m, text: text}, []Binding{
		{Name: "$...A", Text: "a, b", Span: source.Span{}},
		{Name: "$1", Text: "42"},
		{Name: "$ID", Text: "name"},
		{Name: "$X", Text: file.Slice(assign.Value.Span()), Span: assign.Value.Span(), Node: assign.Value},
	}
}

func TestConditions(t *testing.T) {
	regexp := func(re string, value bool) Condition {
		return &MetavarRegex{Metavar: "$X", Regex: re, ConstantPropagation: value}
	}
	compare := func(expr string) Condition { return &MetavarComparison{Metavar: "$X", Comparison: expr} }
	tests := []struct {
		name, text string
		cond       Condition
		want       bool
	}{
		{"regex at the start", "x = foobar", regexp("foo", false), true},
		{"regex not at the start", "x = foobar", regexp("bar", false), false},
		{"regex over a call", "x = f(1, 2)", regexp(`.*\(1`, false), true},
		{"regex sees quotes", "x = 'abc'", regexp("abc", false), false},
		{"regex sees quotes 2", "x = 'abc'", regexp("['\"]abc", false), true},
		{"regex on the constant", "x = 'abc'", regexp("abc", true), true},
		{"regex on a folded constant", "x = 'a' + 'bc'", regexp("abc$", true), true},
		{"regex on a name's constant", "y = 'abc'\nx = y", regexp("abc", true), true},
		{"regex on a name", "y = 'abc'\nx = y", regexp("abc", false), false},
		{"regex on a number", "x = 0x10", regexp("16", true), true},
		{"regex with a lookahead", "x = foobar", regexp("(?!.*bar)", false), false},
		{"regex unbound", "x = 1", &MetavarRegex{Metavar: "$Y", Regex: ""}, false},
		{"regex on an identifier", "x = 1", &MetavarRegex{Metavar: "$ID", Regex: "^na.e$"}, true},

		{"number", "x = 5", compare("$X > 4"), true},
		{"octal", "x = 0o777", compare("$X > 0o650"), true},
		{"name of a number", "y = 5\nx = y", compare("$X == 5"), true},
		{"folded", "x = 2 ** 10", compare("$X == 1024"), true},
		{"negative", "x = -1", compare("$X < 0"), true},
		{"string", "x = 'a'", compare("$X == 'a'"), true},
		{"list", "x = ['a', 1]", compare("1 in $X"), true},
		{"a call is no number", "x = f(5)", compare("$X > 4"), false},
		{"a call's text", "x = f(5)", compare("str($X) == 'f(5)'"), true},
		{"other kinds", "x = 'a'", compare("$X > 4"), false},
		{"another metavariable", "x = 42", &MetavarComparison{Comparison: "$X == $1"}, true},
		{"an unbound one", "x = 42", &MetavarComparison{Metavar: "$Z", Comparison: "$X == 42"}, false},
		{"base", "x = 777", &MetavarComparison{Metavar: "$X", Comparison: "$X > 0o650", Base: 8}, true},
		{"base, with prefix", "x = 0o777", &MetavarComparison{Metavar: "$X", Comparison: "$X == 511", Base: 8}, true},
		{"base of another", "x = 11", &MetavarComparison{Metavar: "$1", Comparison: "$X == 11 and $1 == 34", Base: 8}, true},
		{"strip", "x = '2147483648'", &MetavarComparison{Metavar: "$X", Comparison: "$X >= 2147483647", Strip: true}, true},
		{"no strip", "x = '2147483648'", compare("$X >= 2147483647"), false},
		{"strip and base", "x = '0777'", &MetavarComparison{Metavar: "$X", Comparison: "$X == 511", Strip: true, Base: 8}, true},

		{"entropy", "x = 'x8Zk2LmQ9vR4tYw7Bn3Jd6Fs1Hc5Gp0Ke'", &MetavarAnalysis{Metavar: "$X", Analyzer: "entropy"}, true},
		{"no entropy", "x = 'secret'", &MetavarAnalysis{Metavar: "$X", Analyzer: "entropy_v2"}, false},
		{"redos", "x = r'(a+)+$'", &MetavarAnalysis{Metavar: "$X", Analyzer: "redos"}, true},
		{"redos of a name", "y = '^(a|aa)+$'\nx = y", &MetavarAnalysis{Metavar: "$X", Analyzer: "redos"}, true},
		{"no redos", "x = r'(\\w+,)*$'", &MetavarAnalysis{Metavar: "$X", Analyzer: "redos"}, false},

		{"type of a literal", "x = 'a'", &MetavarType{Metavar: "$X", Types: []string{"int", "str"}}, true},
		{"type of another", "x = 'a'", &MetavarType{Metavar: "$X", Types: []string{"int"}}, false},
		{"type of a call", "import sqlite3\ny = sqlite3.connect('')\nx = y", &MetavarType{Metavar: "$X", Types: []string{"sqlite3.Connection"}}, true},
		{"type without its module", "import sqlite3\nx = sqlite3.connect('')", &MetavarType{Metavar: "$X", Types: []string{"Connection"}}, true},
		{"type with arguments", "x = [1]", &MetavarType{Metavar: "$X", Types: []string{"typing.List[int]"}}, true},
		{"type unknown", "x = f()", &MetavarType{Metavar: "$X", Types: []string{"int"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, cerr := compileCondition(tt.cond, Python, DefaultOptions(), nil)
			if cerr != nil {
				t.Fatal(cerr)
			}
			s, b := conditionSiteOf(t, tt.text+"\n")
			if got := len(c.apply(s, b)) > 0; got != tt.want {
				t.Errorf("holds: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestConditionGroups(t *testing.T) {
	s, b := conditionSiteOf(t, "x = foo_bar\n")
	c, cerr := compileCondition(&MetavarRegex{Metavar: "$X", Regex: `(?P<A>[a-z]+)_(?P<ID>\w+)?`}, Python, DefaultOptions(), nil)
	if cerr != nil {
		t.Fatal(cerr)
	}
	if got := c.apply(s, b); got != nil {
		t.Errorf("$ID is name, and took bar: got %v", got)
	}
	b = slices.DeleteFunc(slices.Clone(b), func(x Binding) bool { return x.Name == "$ID" || x.Name == "$1" })
	got := c.apply(s, b)
	if len(got) != 1 {
		t.Fatalf("got %v", got)
	}
	text := ""
	for _, x := range got[0] {
		text += x.Name + "=" + x.Text + " "
		if x.Node == nil && x.Name != "$...A" && s.text[x.Span.Start:x.Span.End] != x.Text {
			t.Errorf("%s is %q at %v", x.Name, x.Text, x.Span)
		}
	}
	if want := "$...A=a, b $1=foo $2=bar $A=foo $ID=bar $X=foo_bar "; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestConditionTargets(t *testing.T) {
	generic, python := Generic, Python
	tests := []struct {
		name, text string
		lang       *Language
		want       string
		node       bool
		mapped     bool
		none       bool
	}{
		{"the node itself", "x = f(1)", nil, "f(1)", true, true, false},
		{"a string as text", "x = 'a b'", &generic, "a b", false, true, false},
		{"a raw string", `x = r"\d"`, &generic, `\d`, false, true, false},
		{"escapes", `x = "a\n"`, &generic, "a\n", false, false, false},
		{"joined", `x = "a" "b"`, &generic, "ab", false, false, false},
		{"triple", `x = """a"""`, &generic, "a", false, true, false},
		{"Python in a string", "x = 'f(1)'", &python, "f(1)", false, true, false},
		{"Python in a name's string", "y = 'f(1)'\nx = y", &python, "f(1)", false, false, false},
		{"anything as text", "x = f(1)", &generic, "f(1)", false, true, false},
		{"a call is no Python text", "x = f(1)", &python, "", false, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cond := &MetavarPattern{Metavar: "$X", Lang: tt.lang, F: &Leaf{Text: "a"}}
			c, cerr := compileCondition(cond, Python, DefaultOptions(), func(f Formula, _ Language) (any, *Error) { return f, nil })
			if cerr != nil {
				t.Fatal(cerr)
			}
			s, b := conditionSiteOf(t, tt.text+"\n")
			var got *nestedTarget
			s.nested = func(f any, target nestedTarget, b []Binding) [][]Binding {
				if f != cond.F {
					t.Errorf("the formula is %v", f)
				}
				got = &target
				return [][]Binding{b}
			}
			held := len(c.apply(s, b)) > 0
			if held == tt.none || (got == nil) != tt.none {
				t.Fatalf("held: %v, target %v", held, got)
			}
			if got == nil {
				return
			}
			if got.Text != tt.want || (got.Node != nil) != tt.node || got.Mapped != tt.mapped {
				t.Errorf("got %+v", *got)
			}
			if got.Mapped && s.text[got.Span.Start:got.Span.End] != got.Text {
				t.Errorf("%q does not stand at %v", got.Text, got.Span)
			}
		})
	}
}

func TestConditionErrors(t *testing.T) {
	for _, tt := range []struct {
		cond Condition
		want string
	}{
		{&MetavarRegex{Metavar: "X", Regex: "a"}, "metavariable: $X"},
		{&MetavarRegex{Metavar: "$X", Regex: "("}, "never closed"},
		{&MetavarComparison{Metavar: "$X", Comparison: "$X >"}, "ends"},
		{&MetavarComparison{Metavar: "$X", Comparison: "1 > 0"}, "names no metavariable"},
		{&MetavarComparison{Metavar: "$X", Comparison: "$X > 0", Base: 1}, "between 2 and 36"},
		{&MetavarAnalysis{Metavar: "$X", Analyzer: "magic"}, "no analyzer magic"},
		{&MetavarType{Metavar: "$X"}, "no type"},
	} {
		_, err := compileCondition(tt.cond, Python, DefaultOptions(), nil)
		if err == nil || !strings.Contains(err.Message, tt.want) {
			t.Errorf("%+v: got %v, want an error with %q", tt.cond, err, tt.want)
		}
	}
}
