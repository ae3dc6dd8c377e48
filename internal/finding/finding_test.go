package finding

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

// at makes a finding of the text between « and » in code.
func at(t *testing.T, rule *Rule, path, code string) *Finding {
	t.Helper()
	before, rest, ok := strings.Cut(code, "«")
	inside, after, ok2 := strings.Cut(rest, "»")
	if !ok || !ok2 {
		t.Fatalf("no «…» in %q", code)
	}
	f := source.New(path, before+inside+after)
	span := source.Span{Start: uint32(len(before)), End: uint32(len(before) + len(inside))}
	return &Finding{Rule: rule, File: f, Span: span, Severity: rule.Severity, Confidence: rule.Confidence, Message: "m"}
}

func rule(id string, s Severity, c Confidence) *Rule {
	return &Rule{ID: id, Severity: s, Confidence: c}
}

func TestNames(t *testing.T) {
	for s := Low; s <= Critical; s++ {
		if got, ok := ParseSeverity(s.String()); got != s || !ok {
			t.Errorf("ParseSeverity(%q) = %v, %v", s.String(), got, ok)
		}
	}
	for c := Unsure; c <= Sure; c++ {
		if got, ok := ParseConfidence(c.String()); got != c || !ok {
			t.Errorf("ParseConfidence(%q) = %v, %v", c.String(), got, ok)
		}
	}
	for _, bad := range []string{"", "HIGH", "severe"} {
		if _, ok := ParseSeverity(bad); ok {
			t.Errorf("ParseSeverity(%q) is ok", bad)
		}
		if _, ok := ParseConfidence(bad); ok {
			t.Errorf("ParseConfidence(%q) is ok", bad)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"plain text", "plain text"},
		{"naïve 漢字 👩‍🚀", "naïve 漢字 👩‍🚀"},
		{"a\x1b[31mred", `a\x1b[31mred`},
		{"one\ntwo\rthree\tfour", `one\ntwo\rthree\tfour`},
		{"nul\x00 del\x7f c1\u0085", `nul\x00 del\x7f c1\x85`},
		{"admin\u202e\u2066 live", `admin\u202e\u2066 live`},
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`},
		{"broken \xff byte", `broken \xff byte`},
		{"tag \U000e0041", `tag \U000e0041`},
	} {
		if got := Plain(tt.in); got != tt.want {
			t.Errorf("Plain(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSuppressions(t *testing.T) {
	for _, tt := range []struct {
		s    Suppression
		want string
	}{
		{Suppression{Kind: "inline", Text: "# nosec B602", Reason: "r"}, "# nosec B602"},
		{Suppression{Kind: "baseline", Text: "b.json"}, "listed in b.json"},
		{Suppression{Kind: "baseline", Text: "b.json", Reason: "old"}, "listed in b.json: old"},
		{Suppression{Kind: "since", Text: "main"}, "there before main"},
		{Suppression{Kind: "inline"}, "inline"},
	} {
		if got := tt.s.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestPlainLines(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"a\tb\r\nc\rd\n", "a\tb\nc\nd\n"},
		{"a\x1b[31m\n\u202e", "a\\x1b[31m\n\\u202e"},
	} {
		if got := PlainLines(tt.in); got != tt.want {
			t.Errorf("PlainLines(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestCollector(t *testing.T) {
	a := at(t, rule("a", High, Sure), "a.py", "«x»")
	b := at(t, rule("b", Critical, Sure), "a.py", "«x»")
	b.Suppressed = &Suppression{Kind: "inline"}
	var c Collector
	for _, f := range []*Finding{a, b} {
		if err := c.Finding(f); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.All(true); !slices.Equal(got, []*Finding{b, a}) {
		t.Error("silenced findings are not in their order")
	}
	if got := c.All(false); !slices.Equal(got, []*Finding{a}) {
		t.Error("silenced findings are shown")
	}
}

func TestPlainJSON(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"a": "é 漢 \u001b"}`, `{"a": "é 漢 \u001b"}`},
		{"{\"a\": \"x\u202ey\u0085\x7f\"}\n", "{\"a\": \"x\\u202ey\\u0085\\u007f\"}\n"},
		{"\"\U000e0041\"", `"\udb40\udc41"`},
	} {
		if got := string(PlainJSON([]byte(tt.in))); got != tt.want {
			t.Errorf("PlainJSON(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestOrder shuffles findings and expects one order back.
func TestOrder(t *testing.T) {
	a := at(t, rule("a", Critical, Unsure), "z.py", "«x»")
	b := at(t, rule("b", High, Sure), "z.py", "«x»")
	c := at(t, rule("c", High, Likely), "a.py", "  «x»")
	d := at(t, rule("d", High, Likely), "b.py", "«f(y)»")
	e := at(t, rule("a", High, Likely), "b.py", "«f(y)») z")
	g := at(t, rule("a", High, Likely), "b.py", "«f»(y)")
	h := at(t, rule("a", Low, Sure), "a.py", "«x»")
	want := []*Finding{a, b, c, e, d, g, h}
	got := slices.Clone(want)
	for range 20 {
		rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		Sort(got)
		if !slices.Equal(got, want) {
			for _, f := range got {
				t.Log(f.Rule.ID, f.Severity, f.File.Path, f.Span)
			}
			t.Fatal("not in order")
		}
	}
}

func TestMerge(t *testing.T) {
	file := source.New("a.py", "md5(md5(x))\nrun(y)\nrun(y)\n")
	make := func(id, weakness string, start, end uint32, s Severity, c Confidence) *Finding {
		r := &Rule{ID: id, Weakness: weakness, Severity: s, Confidence: c, Aliases: map[string][]string{"bandit": {"B-" + id}}}
		return &Finding{Rule: r, File: file, Span: source.Span{Start: start, End: end}, Severity: s, Confidence: c, Message: id}
	}
	for _, tt := range []struct {
		name string
		in   []*Finding
		want []string // rule, merged ids
	}{
		{"none", nil, nil},
		{"two rules at one node: the worse speaks",
			[]*Finding{make("a", "w", 12, 18, Medium, Sure), make("b", "w", 12, 18, High, Likely)}, []string{"b+a"}},
		{"a doubtful proof does not outvote a likely one",
			[]*Finding{make("a", "w", 12, 18, Medium, Likely), make("b", "w", 12, 18, Critical, Unsure)}, []string{"a+b"}},
		{"other weaknesses stay apart",
			[]*Finding{make("a", "w", 12, 18, Medium, Sure), make("b", "v", 12, 18, High, Likely)}, []string{"b", "a"}},
		{"one rule, a call in a call: two",
			[]*Finding{make("a", "w", 0, 11, High, Sure), make("a", "w", 4, 10, High, Sure)}, []string{"a", "a"}},
		{"two rules, statement and call: one",
			[]*Finding{make("a", "w", 12, 18, High, Sure), make("b", "w", 12, 15, High, Sure)}, []string{"a+b"}},
		{"other lines stay apart",
			[]*Finding{make("a", "w", 12, 18, High, Sure), make("b", "w", 19, 25, High, Sure)}, []string{"a", "b"}},
		{"twice the same is once",
			[]*Finding{make("a", "w", 12, 18, High, Sure), make("a", "w", 12, 18, High, Sure)}, []string{"a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 4 {
				rand.Shuffle(len(tt.in), func(i, j int) { tt.in[i], tt.in[j] = tt.in[j], tt.in[i] })
				var got []string
				for _, f := range Merge(tt.in) {
					s := f.Rule.ID
					for _, id := range f.Merged {
						s += "+" + id
						if !slices.Contains(f.Aliases["bandit"], "B-"+id) {
							t.Errorf("alias of %s is lost: %v", id, f.Aliases)
						}
					}
					got = append(got, s)
				}
				if !slices.Equal(got, tt.want) {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestMergeTakesOverFixAndTrace(t *testing.T) {
	f := source.New("a.py", "run(x)")
	span := source.Span{End: 6}
	a := &Finding{Rule: &Rule{ID: "a", Weakness: "w"}, File: f, Span: span, Severity: High, Confidence: Sure}
	b := &Finding{Rule: &Rule{ID: "b", Weakness: "w"}, File: f, Span: span, Severity: Low, Confidence: Sure,
		Edits: []Edit{{span, "go(x)"}}, FixSafe: true, Trace: []Step{{f, span, "here"}}}
	got := Merge([]*Finding{a, b})
	if len(got) != 1 || got[0].Rule.ID != "a" || len(got[0].Edits) != 1 || !got[0].FixSafe || len(got[0].Trace) != 1 {
		t.Errorf("got %+v", got)
	}
	if len(a.Edits) != 0 || a.Merged != nil {
		t.Error("a finding that was given has been written to")
	}
}
