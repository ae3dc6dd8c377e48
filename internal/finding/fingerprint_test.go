package finding

import (
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

func fingerprint(t *testing.T, path, code string) string {
	t.Helper()
	f := at(t, rule("r", High, Sure), path, code)
	Fingerprints([]*Finding{f})
	return f.Fingerprint
}

// Each line holds code that a person or a formatter may turn into the other without a change of sense.
func TestFingerprintSurvives(t *testing.T) {
	for _, tt := range []struct{ name, a, b string }{
		{"moved lines", "«run(x)»", "import os\n\n\n    «run(x)»\n"},
		{"blanks", "«run( x,y )»", "«run(x, y)»"},
		{"line breaks", "«run(x, y)»", "«run(\n    x,\n    y,\n)»"},
		{"CRLF", "«run(x,\n y)»", "«run(x,\r\n y)»"},
		{"continuation", "«x + y»", "«x \\\n  + y»"},
		{"comments", "«run(x)»", "«run(  # why\n  x)»"},
		{"quote style", `«run('x')»`, `«run("x")»`},
		{"escaped quotes", `«run('a"b')»`, `«run("a\"b")»`},
		{"triple quotes", `«run("x")»`, `«run("""x""")»`},
		{"prefix case", `«run(RB'x')»`, `«run(br"x")»`},
		{"u prefix", `«run(u'x')»`, `«run("x")»`},
		{"trailing comma", "«run(x,)»", "«run(x)»"},
		{"trailing comma in a list", "«[x, y,]»", "«[x, y]»"},
		{"trailing comma in a longer tuple", "«(x, y,)»", "«(x, y)»"},
		{"parentheses around a value", "«return (x + y)»", "«return x + y»"},
		{"parentheses of an assignment", "«z = (\n  x + y\n)»", "«z = x + y»"},
		{"parentheses around a name", "«run((x))»", "«run(x)»"},
		{"doubled parentheses", "«run(((x + y)))»", "«run(x + y)»"},
		{"number case", "«chmod(p, 0O777, 0XFF)»", "«chmod(p, 0o777, 0xff)»"},
		{"tuple that is returned", "«return (x, y)»", "«return x, y»"},
		{"condition", "«if (x):»", "«if x:»"},
		{"semicolon", "«x = 1;y = 2»", "«x = 1\ny = 2»"},
	} {
		a, b := fingerprint(t, "a.py", tt.a), fingerprint(t, "elsewhere/b.py", tt.b)
		if a != b {
			t.Errorf("%s: %q and %q differ", tt.name, tt.a, tt.b)
		}
	}
}

func TestFingerprintDiffers(t *testing.T) {
	for _, tt := range []struct{ a, b string }{
		{"«run(x)»", "«run(y)»"},
		{"«run(x, y)»", "«run((x, y))»"},
		{"«run((x,))»", "«run((x))»"},
		{"«a[x,]»", "«a[x]»"},
		{"«(x + y) * z»", "«x + y * z»"},
		{`«run("x y")»`, `«run("x  y")»`},
		{`«run(b"x")»`, `«run("x")»`},
		{`«run(r"\n")»`, `«run("\n")»`},
		{`«run("x")»`, `«run(x)»`},
		{`«run("a", "b")»`, `«run("a" "b")»`},
		{`«x in (y)»`, `«x in (y,)»`},
	} {
		if fingerprint(t, "a.py", tt.a) == fingerprint(t, "a.py", tt.b) {
			t.Errorf("%q and %q are alike", tt.a, tt.b)
		}
	}
	a := at(t, rule("r", High, Sure), "a.py", "«run(x)»")
	b := at(t, rule("r", High, Sure), "a.py", "«run(x)»")
	b.Context = "Shop.pay"
	Fingerprints([]*Finding{a, b})
	if a.Fingerprint == b.Fingerprint {
		t.Error("the enclosing function does not count")
	}
	c := at(t, &Rule{ID: "other", Weakness: "w"}, "a.py", "«run(x)»")
	d := at(t, &Rule{ID: "more", Weakness: "w"}, "b.py", "«run(x)»")
	e := at(t, &Rule{ID: "w"}, "c.py", "«run(x)»")
	Fingerprints([]*Finding{c})
	Fingerprints([]*Finding{d})
	Fingerprints([]*Finding{e})
	if c.Fingerprint != d.Fingerprint || d.Fingerprint != e.Fingerprint {
		t.Error("the rule counts beside the weakness")
	}
}

// TestFingerprintMultiset: equal findings are numbered, whatever order they come in and whatever files are called.
func TestFingerprintMultiset(t *testing.T) {
	r := rule("r", High, Sure)
	numbers := func(paths ...string) []string {
		var all []*Finding
		for _, p := range paths {
			all = append(all, at(t, r, p, "«run(x)»"))
		}
		slices.Reverse(all)
		Fingerprints(all)
		var out []string
		for _, f := range all {
			out = append(out, f.Fingerprint)
		}
		slices.Sort(out)
		return out
	}
	before, renamed, mended := numbers("a.py", "b.py", "c.py"), numbers("a.py", "x.py", "c.py"), numbers("a.py", "c.py")
	if !slices.Equal(before, renamed) {
		t.Errorf("a rename changes %v to %v", before, renamed)
	}
	if !slices.Equal(mended, before[:2]) {
		t.Errorf("after mending one of three: %v, before: %v", mended, before)
	}
	if !strings.HasSuffix(before[2], ":3") {
		t.Errorf("the third is %s", before[2])
	}
}

// TestFingerprintOfSecrets: no part of a secret goes into its fingerprint, and its name does.
func TestFingerprintOfSecrets(t *testing.T) {
	r := &Rule{ID: "password", Secret: true}
	of := func(path, code string) string {
		f := at(t, r, path, code)
		if strings.HasSuffix(path, ".env") {
			f.File.Kind = source.Other
		}
		Fingerprints([]*Finding{f})
		return f.Fingerprint
	}
	for _, group := range [][]string{
		{`«password = "one"»`, `«password = 'two and three'»`, `password = «"four"»`, `password = "«five»"`},
		{`connect(«password="one"»)`, `connect(«password='two'»)`, `connect(password="«two»")`},
		{`«token: one»`, `«token: two»`, `token: «three»`},
	} {
		for _, code := range group[1:] {
			if of("a.py", code) != of("a.py", group[0]) {
				t.Errorf("%q and %q differ", group[0], code)
			}
		}
	}
	if of("a.py", `«password = "x"»`) == of("a.py", `«api_key = "x"»`) {
		t.Error("the name does not count")
	}
	if of("a.env", "DB_PASSWORD=«x»") == of("a.env", "AWS_SECRET=«x»") {
		t.Error("the name does not count in text")
	}
}

// FuzzTokens: any text becomes tokens that lie in it, in order, and the canonical form never fails.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "x = (1,)", `f"{a!r}" 'b`, `"""x`, "((((", "a\\\n b # c", "0x1e+5 1e+5 .5", "\"\\", "漢 = '字'", ")]}", "x[a,]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		tokens := tokenize(text)
		for _, tok := range tokens {
			if tok.start < last || tok.end < tok.start || tok.end > len(text) {
				t.Fatalf("token %+v after %d in %q", tok, last, text)
			}
			last = tok.end
		}
		canonical(tokens)
		Redact(text)
		file := source.New("a.py", text)
		span := source.Span{End: uint32(len(text))}
		for _, secret := range []bool{false, true} {
			x := &Finding{Rule: &Rule{ID: "r", Secret: secret}, File: file, Span: span}
			Fingerprints([]*Finding{x})
			NewMask([]*Finding{x}).Slice(file, span)
		}
	})
}
