package regex

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFind(t *testing.T) {
	tests := []struct {
		expr  string
		flags Flags
		text  string
		want  []int
	}{
		{`abc`, 0, "xabcx", []int{1, 4}},
		{`(?i)ABC`, 0, "xaBcx", []int{1, 4}},
		{`k`, Fold, "\u212A", nil}, // the Kelvin sign is no k
		{`é`, Fold, "É", []int{0, 2}},
		{`^b`, 0, "a\nb", nil},
		{`^b`, MultiLine, "a\nb", []int{2, 3}},
		{`a$`, 0, "a\n", []int{0, 1}},
		{`a\Z`, 0, "a\n", []int{0, 1}},
		{`a\Z`, Python, "a\n", nil},
		{`a\z`, 0, "a\n", nil},
		{`a$`, MultiLine, "a\nb", []int{0, 1}},
		{`^$`, MultiLine, "a\n", nil},
		{`^$`, MultiLine | Python, "a\n", []int{2, 2}},
		{`a.c`, 0, "a\nc", nil},
		{`(?s)a.c`, 0, "a\nc", []int{0, 3}},
		{"(?x) a b # comment\n c", 0, "abc", []int{0, 3}},
		{`(?P<x>a)(?<y>b)(?'z'c)`, 0, "abc", []int{0, 3, 0, 1, 1, 2, 2, 3}},
		{`(?P<q>['"]).*?(?P=q)`, 0, `x "a'b" y`, []int{2, 7, 2, 3}},
		{`(['"])(.*?)\1`, 0, `x 'a' "b"`, []int{2, 5, 2, 3, 3, 4}},
		{`\bfoo\b`, 0, "xfoo foo", []int{5, 8}},
		{`(?<!x)foo`, 0, "xfoo foo", []int{5, 8}},
		{`(?<=x+y)foo`, 0, "yfoo xxyfoo", []int{8, 11}},
		{`foo(?!bar)`, 0, "foobar foobaz", []int{7, 10}},
		{`foo(?=(b.)z)`, 0, "foobar foobaz", []int{7, 10, 10, 12}},
		{`^(?!.*secret).*$`, 0, "no such thing", []int{0, 13}},
		{`^(?!.*secret).*$`, 0, "a secret thing", nil},
		{`(?!ab)a`, 0, "abac", []int{2, 3}},
		{`a++b`, 0, "aaab", []int{0, 4}},
		{`a++ab`, 0, "aaab", nil},
		{`(?>a|ab)c`, 0, "abc", nil},
		{`(a)?(?(1)b|c)`, 0, "ab", []int{0, 2, 0, 1}},
		{`^(a)?(?(1)b|c)$`, 0, "c", []int{0, 1, -1, -1}},
		{`(?(?=a)ab|cd)`, 0, "xcd", []int{1, 3}},
		{`(?i)(ab)\1`, 0, "abAB", []int{0, 4, 0, 2}},
		{`(a)\g{-1}\g1\g{1}`, 0, "aaaa", []int{0, 4, 0, 1}},
		{`(?<n>a)\k<n>\k{n}\k'n'`, 0, "aaaa", []int{0, 4, 0, 1}},
		{`[[:alpha:]_]+`, 0, "1ab_2", []int{1, 4}},
		{`[[:^digit:]]+`, 0, "1ab2", []int{1, 3}},
		{`[]a]+`, 0, "x]a]", []int{1, 4}},
		{`[^]a]+`, 0, "]xy]", []int{1, 3}},
		{`[a\-z]+`, 0, "b-az", []int{1, 4}},
		{`[\w-]+`, 0, " a-b ", []int{1, 4}},
		{`[a-\d]+`, 0, "b-1", []int{1, 3}},
		{`a{,2}b`, 0, "aaab", []int{1, 4}},
		{`a{2}`, 0, "aaa", []int{0, 2}},
		{`a{x}`, 0, "a{x}", []int{0, 4}},
		{`{a}`, 0, "{a}", []int{0, 3}},
		{`a{`, 0, "a{", []int{0, 2}},
		{`\x41\x{e9}\u00e9\101\0`, 0, "Aéé" + "A\x00", []int{0, 7}},
		{`\h+\R`, 0, "a \t\r\n", []int{1, 5}},
		{`foo\Kbar`, 0, "foobar", []int{3, 6}},
		{`\Qa.b\E+`, 0, "a.bb", []int{0, 4}},
		{`[\Q]^\E]+`, 0, "a]^", []int{1, 3}},
		{`(?#note)a(?#again)b`, 0, "ab", []int{0, 2}},
		{`(?:a(?i)b)c`, 0, "aBC", nil},
		{`(?:a(?i)b)c`, 0, "aBc", []int{0, 3}},
		{`a(?i:b)c`, 0, "aBc", []int{0, 3}},
		{`\p{Lu}\P{Lu}`, 0, "aÉé", []int{1, 5}},
		{`\w+`, 0, "é", nil},
		{`\w+`, Unicode, "é", []int{0, 2}},
		{`(*UCP)\w+`, 0, "é", []int{0, 2}},
		{`(a|b)*?c`, 0, "abc", []int{0, 3, 1, 2}},
		{`(?:)`, 0, "", []int{0, 0}},
		{``, 0, "a", []int{0, 0}},
		{`(a*)*b`, 0, "aab", []int{0, 3, 2, 2}},
		{`(?:a?)*?b`, 0, "aab", []int{0, 3}},
		{`(?<=^|,)x(?=,|$)`, 0, "yx,x", []int{3, 4}},
		{`(?<=(a)(b))c`, 0, "abc", []int{2, 3, 0, 1, 1, 2}},
		{`(?<!(?:a|bb))c`, 0, "ac bbc bc", []int{8, 9}},
		{`\Gab`, 0, "xab", nil},
		{`(?U)a+`, 0, "aaa", []int{0, 1}},
		{`(\d+)(?:px|em)(?=;)`, 0, "10px 12em;", []int{5, 9, 5, 7}},
		{`\d{3}-\d{4}(?!\d)`, 0, "555-12345 555-1234", []int{10, 18}},
		{`(?<![\w.])eval\s*\(`, 0, "ast.literal_eval(x); eval (y)", []int{21, 27}},
		{`[^\x00-\x{10FFFF}]`, 0, "a", nil},
		{"\\x{fffd}", 0, "\xff", []int{0, 1}},
	}
	for _, tt := range tests {
		r, err := Compile(tt.expr, tt.flags)
		if err != nil {
			t.Errorf("%q: %v", tt.expr, err)
			continue
		}
		loc, ok, err := r.Find(tt.text, 0)
		if err != nil || ok != (tt.want != nil) || !reflect.DeepEqual(loc, tt.want) {
			t.Errorf("%q on %q: got %v %v, want %v", tt.expr, tt.text, loc, err, tt.want)
		}
		if tt.want != nil && !r.May(tt.text) {
			t.Errorf("%q: its literals %v are not in %q, which it matches", tt.expr, r.Literals(), tt.text)
		}
		// The backtracker alone gives the same.
		s := r.search(tt.text)
		s.linear = false
		if loc := s.find(0); !reflect.DeepEqual(loc, tt.want) {
			t.Errorf("%q on %q: the backtracker gives %v, want %v", tt.expr, tt.text, loc, tt.want)
		}
		s.close()
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ expr, want string }{
		{`(`, "never closed"},
		{`a)`, "closes nothing"},
		{`[a`, "never closed"},
		{`*a`, "nothing stands before"},
		{`a**`, "quantifier after a quantifier"},
		{`a{2}{3}`, "quantifier after a quantifier"},
		{`a{3,2}`, "wrong order"},
		{`a{99999}`, "count over"},
		{`\`, "at the end"},
		{`\q`, "unknown escape"},
		{`\1`, "no group 1"},
		{`(?P=x)`, `named "x"`},
		{`(?P<x>a)(?P<x>b)`, `named "x"`},
		{`(?P<1>a)`, "no name"},
		{`(?R)`, "recursion"},
		{`(?1)`, "recursion"},
		{`(*SKIP)`, "verbs"},
		{`(?|a)`, "branch reset"},
		{`(?<a`, "name"},
		{`[z-a]`, "backwards"},
		{`[[:foo:]]`, "unknown class"},
		{`\p{Foo}`, "unknown property"},
		{`(?q)`, "unknown construct"},
		{`(?#`, "comment"},
		{`((a{1000}){1000}){1000}`, "too large"},
		{strings.Repeat("(", 1000) + strings.Repeat(")", 1000), "nested too deeply"},
	}
	for _, tt := range tests {
		_, err := Compile(tt.expr, 0)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40q: got %v, want an error with %q", tt.expr, err, tt.want)
		}
	}
}

func TestAll(t *testing.T) {
	tests := []struct {
		expr  string
		flags Flags
		text  string
		want  string
	}{
		{`a`, 0, "aXaa", "[0 1][2 3][3 4]"},
		{`a*`, 0, "aab", "[0 2][3 3]"},
		{`a*(?!x)`, 0, "aab", "[0 2][3 3]"},
		{`^a`, 0, "aa\na", "[0 1]"},
		{`^a`, MultiLine, "aa\na", "[0 1][3 4]"},
		{`\ba`, 0, "aa a", "[0 1][3 4]"},
		{`(?<=a)a`, 0, "aaa", "[1 2][2 3]"},
		{`a(?=a)`, 0, "aaa", "[0 1][1 2]"},
		{`\Ga`, 0, "aaba", "[0 1][1 2]"},
		{`(?<=\s)\d+(?=\s)`, 0, " 12 345 6", "[1 3][4 7]"},
	}
	for _, tt := range tests {
		r := must(t, tt.expr, tt.flags)
		got := ""
		if err := r.All(tt.text, func(loc []int) bool { got += fmt.Sprint(loc[:2]); return true }); err != nil {
			t.Errorf("%q: %v", tt.expr, err)
		}
		if got != tt.want {
			t.Errorf("%q on %q: got %s, want %s", tt.expr, tt.text, got, tt.want)
		}
	}
}

func TestMatchPrefix(t *testing.T) {
	for _, tt := range []struct {
		expr, text string
		want       bool
	}{
		{`a`, "ab", true}, {`b`, "ab", false}, {`a|b`, "ba", true}, {`.*b`, "ab", true},
		{`(?!a).`, "ab", false}, {`(?=a)`, "ab", true}, {`(?<!a)b`, "b", true}, {`x(?!y)`, "axz", false},
	} {
		if _, ok, err := must(t, tt.expr, 0).MatchPrefix(tt.text); ok != tt.want || err != nil {
			t.Errorf("%q on %q: got %v, %v", tt.expr, tt.text, ok, err)
		}
	}
}

func TestFindFrom(t *testing.T) {
	for _, tt := range []struct {
		expr, text string
		from, want int
	}{
		{`\ba`, "aa a", 1, 3}, {`^a`, "aa", 1, -1}, {`a`, "aaa", 2, 2}, {`(?<=a)a`, "aaa", 1, 1}, {`a`, "a", 5, -1},
	} {
		loc, ok, _ := must(t, tt.expr, 0).Find(tt.text, tt.from)
		if ok != (tt.want >= 0) || ok && loc[0] != tt.want {
			t.Errorf("%q on %q from %d: got %v, want %d", tt.expr, tt.text, tt.from, loc, tt.want)
		}
	}
}

func TestLiterals(t *testing.T) {
	tests := []struct{ expr, want string }{
		{`password`, "password"},
		{`(?i)PassWord`, "password/i"},
		{`foo\d+barbaz`, "barbaz"},
		{`(?:foo|quux)\s*=`, "foo quux"},
		{`a[bc]d`, "abd acd"},
		{`\w+`, ""},
		{`a?b?`, ""},
		{`(?<!x)secret(?!y)`, "secret"},
		{`(?=.*needle).*`, "needle"},
		{`(?:ab){2}`, "abab"},
		{`(?:needle)+`, "needle"},
		{`(?:needle)*`, ""},
		{`(?i)key[12]`, "key1/i key2/i"},
		{`(?:foo|b*)x`, ""},
		{`AKIA[0-9A-Z]{16}`, "AKIA"},
		{`\bAKIA(?:foo)?`, "AKIA"},
		{`(?i)\d12\.34`, "12.34"},
		{`(abc)\1`, "abc"},
	}
	for _, tt := range tests {
		var got []string
		for _, l := range must(t, tt.expr, 0).Literals() {
			if l.Fold {
				l.Text += "/i"
			}
			got = append(got, l.Text)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q: got %q, want %q", tt.expr, got, tt.want)
		}
	}
	if !(Literal{"key", true}).In("my KeY") || (Literal{"key", true}).In("k ey") || (Literal{"key", false}).In("KEY") {
		t.Error("Literal.In")
	}
}

// The usual catastrophes end, and what ends within the bound has the right answer.
func TestCatastrophes(t *testing.T) {
	long := strings.Repeat("a", 5000) + "!"
	tests := []struct {
		expr, text string
		steps      bool // the bound may be hit
	}{
		{`^(a+)+$(?!z)`, long, false},
		{`^(a|aa)+$(?!z)`, long, false},
		{`^(a*)*$(?!z)`, long, false},
		{`^(?:a|a?)+$(?!z)`, long, false},
		{`^(.*a){12}$(?!z)`, long, true},
		{`(x+x+)+y(?!z)`, strings.Repeat("x", 3000), false},
		{`(?=(a+)+$)b`, long, false},
		{`^(a+)+\1$`, long, true},
		{`(.)(.)(.)(.)(.).*\1\2\3\4\5!!`, strings.Repeat("ab", 5000), true},
		{`(?:a?){30}a{30}(?!z)b`, strings.Repeat("a", 30), false},
	}
	for _, tt := range tests {
		start := time.Now()
		_, ok, err := must(t, tt.expr, 0).Find(tt.text, 0)
		if ok || err != nil && !tt.steps {
			t.Errorf("%q: got %v, %v", tt.expr, ok, err)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%q took %v", tt.expr, d)
		}
	}
}

func must(t testing.TB, expr string, flags Flags) *Regexp {
	t.Helper()
	r, err := Compile(expr, flags)
	if err != nil {
		t.Fatalf("%q: %v", expr, err)
	}
	return r
}

// TestByLine checks that what is searched for line by line is found as in the whole.
func TestByLine(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"http://", "HTTPS://x", "?token=", "&key=", "%s", "{", " ", "\n", "\n\n", "\r\n", "abc", "\u00e9", "_", "'", "tok"}
	for _, expr := range []string{`(?i)https?://[^"'\s]*[?&](?:token|key)=(?:\{|%s)`, `\btok\b`, `(?i)\bHTTP[^\n]*?(x)?`, `tok|key=`, `(abc)+\b`} {
		re, err := Compile(expr, MultiLine)
		if err != nil {
			t.Fatal(err)
		}
		if !re.byLine {
			t.Errorf("%s is not searched by line", expr)
		}
		whole, _ := Compile(expr, MultiLine)
		whole.byLine = false
		for range 300 {
			var b strings.Builder
			b.WriteString(strings.Repeat("x = 1\n", 100))
			for range random.IntN(40) {
				b.WriteString(pieces[random.IntN(len(pieces))])
			}
			gather := func(re *Regexp) (out [][]int) {
				if err := re.All(b.String(), func(loc []int) bool { out = append(out, slices.Clone(loc)); return true }); err != nil {
					t.Fatal(err)
				}
				return out
			}
			if got, want := gather(re), gather(whole); !slices.EqualFunc(got, want, slices.Equal[[]int]) {
				t.Fatalf("%s in %q: %v, want %v", expr, b.String()[600:], got, want)
			}
		}
	}
	for _, expr := range []string{`a\sb`, `^ab`, `ab$`, `ab(?=c)`, `a[^b]c`, `(?s)ab.`} {
		if re, _ := Compile(expr, 0); re.byLine {
			t.Errorf("%s is searched by line", expr)
		}
	}
}
