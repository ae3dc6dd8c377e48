package baseline

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// found makes findings: each word is PATH/NAME, and equal names are of equal code.
func found(words string) (out []*finding.Finding) {
	files := map[string]*source.File{}
	for _, w := range strings.Fields(words) {
		path, name, _ := strings.Cut(w, "/")
		f := files[path]
		if f == nil {
			f = source.New(path, "x\n")
			files[path] = f
		}
		sum := sha1.Sum([]byte(name))
		out = append(out, &finding.Finding{Rule: &finding.Rule{ID: "rule-" + name}, File: f, Fingerprint: hex.EncodeToString(sum[:16]) + ":1"})
	}
	return out
}

func same(p string) string { return p }

// names is what a list holds, as found reads it.
func names(l []Entry) string {
	var out []string
	for _, e := range l {
		for range e.n() {
			out = append(out, e.Path+"/"+strings.TrimPrefix(e.Rule, "rule-"))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct{ name, listed, now, fresh, left string }{
		{"nothing new", "a.py/x b.py/y", "a.py/x b.py/y", "", ""},
		{"one new", "a.py/x", "a.py/x a.py/z", "a.py/z", ""},
		{"one gone", "a.py/x a.py/z", "a.py/x", "", "a.py/z"},
		{"one of two alike mended", "a.py/x a.py/x", "a.py/x", "", "a.py/x"},
		{"one more alike", "a.py/x", "a.py/x a.py/x", "a.py/x", ""},
		{"a file renamed", "a.py/x a.py/y", "b.py/x b.py/y", "", ""},
		{"renamed, and one more", "a.py/x", "b.py/x c.py/x", "c.py/x", ""},
		{"alike elsewhere is new", "a.py/x", "a.py/x b.py/x", "b.py/x", ""},
		{"its own file first", "b.py/x", "a.py/x b.py/x", "a.py/x", ""},
		{"nothing listed", "", "a.py/x", "a.py/x", ""},
		{"nothing found", "a.py/x", "", "", "a.py/x"},
	} {
		l, err := Parse(Of(found(tt.listed), same).Encode())
		if err != nil {
			t.Fatal(err)
		}
		known := map[*finding.Finding]bool{}
		now := found(tt.now)
		left, expired := l.Match(now, same, "2026-11-25", func(f *finding.Finding, _ *Entry) { known[f] = true })
		var fresh []*finding.Finding
		for _, f := range now {
			if !known[f] {
				fresh = append(fresh, f)
			}
		}
		if got := names(Of(fresh, same).Entries); got != tt.fresh {
			t.Errorf("%s: new %q, want %q", tt.name, got, tt.fresh)
		}
		if got := names(left); got != tt.left || expired != nil {
			t.Errorf("%s: left %q and %v, want %q", tt.name, got, expired, tt.left)
		}
	}
}

func TestExpiry(t *testing.T) {
	l := Of(found("a.py/x a.py/y"), same)
	l.Entries[0].Expires = "2026-11-24"
	l.Entries[1].Expires = "2026-11-25"
	n := 0
	left, expired := l.Match(found("a.py/x a.py/y"), same, "2026-11-25", func(*finding.Finding, *Entry) { n++ })
	if n != 1 || len(left) != 0 || len(expired) != 1 {
		t.Errorf("%d known, %v left, %v expired", n, left, expired)
	}
	n = 0
	if l.Match(found("a.py/x a.py/y"), same, "", func(*finding.Finding, *Entry) { n++ }); n != 2 {
		t.Errorf("without a day %d are known", n)
	}
}

// TestFile: sorted, a line a finding, nothing that changes by itself, and read back as it was.
func TestFile(t *testing.T) {
	l := Of(found("b.py/x a.py/x a.py/x c.py/y"), same)
	l.Entries[0].Reason, l.Entries[0].Author, l.Entries[0].Expires = "it is ours <&> \u202e", "kim", "2026-12-31"
	text := string(l.Encode())
	again, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if string(again.Encode()) != text {
		t.Errorf("read back it is\n%s\nand was\n%s", again.Encode(), text)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 3+3+2 {
		t.Errorf("%d lines:\n%s", len(lines), text)
	}
	entries := lines[3:6]
	if !slices.IsSorted(entries) || strings.Contains(text, "\u202e") || !strings.Contains(text, `"count":2`) {
		t.Errorf("got\n%s", text)
	}
	for _, line := range entries {
		if !strings.HasSuffix(line, "},") {
			t.Errorf("%q does not end as the others", line)
		}
	}
	for wrong, want := range map[string]string{
		"":                "EOF",
		"[]":              "cannot unmarshal",
		`{"version": 2}`:  "version 2",
		`{"results": []}`: "unknown field",
		`{"version": 1, "findings": [{"fingerprint": "zz"}]}`:                                  "no proper fingerprint",
		`{"version": 1, "findings": [{"fingerprint": "0123456789abcdef", "expires": "soon"}]}`: "is no day",
		"{\n\"version\": 1,\n<<<<<<< main\n":                                                   "line 3 is of a merge",
		"{\n\"version\": 1,\n\"findings\": [\n}]}":                                             "line 4: ",
	} {
		if _, err := Parse([]byte(wrong)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", wrong, err, want)
		}
	}
}

func TestSchema(t *testing.T) {
	raw, err := os.ReadFile("../../docs/schema/baseline-1.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("b.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("b.json")
	if err != nil {
		t.Fatal(err)
	}
	l := Of(found("a.py/x a.py/x b.py/y"), same)
	l.Entries[0].Reason, l.Entries[0].Author, l.Entries[0].Expires, l.Entries[0].In = "r", "a", "2026-12-31", "f"
	for text, want := range map[string]bool{string(l.Encode()): true, `{"version": 1, "findings": [null]}`: true, `{"version": 3, "findings": []}`: false,
		`{"version": 1, "findings": [{"fingerprint": "x"}]}`: false} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestMerge: two branches change a list at random. Git keeps the lines of both, what comes out can be read, and holds all that either
// has, but for what one of them took out and the other did not touch, at places that are apart.
func TestMerge(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed: there is nothing to merge with")
	}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(7, 7))
	write := func(name string, l *List) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, l.Encode(), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	clean := 0
	const rounds = 60
	for range rounds {
		var words []string
		for i := range r.IntN(40) {
			words = append(words, fmt.Sprintf("f%d.py/n%d", r.IntN(5), i))
		}
		change := func(side string) string {
			mine := slices.Clone(words)
			for range r.IntN(4) {
				if len(mine) > 0 {
					i := r.IntN(len(mine))
					mine = slices.Delete(mine, i, i+1)
				}
			}
			for i := range 1 + r.IntN(4) {
				mine = append(mine, fmt.Sprintf("f%d.py/%s%d", r.IntN(5), side, i))
			}
			return strings.Join(mine, " ")
		}
		a, b := change("a"), change("b")
		base := write("base", Of(found(strings.Join(words, " ")), same))
		left, right := write("left", Of(found(a), same)), write("right", Of(found(b), same))
		if exec.Command(git, "merge-file", "-p", left, base, right).Run() == nil {
			clean++
		}
		out, err := exec.Command(git, "merge-file", "-p", "--union", left, base, right).Output()
		if err != nil {
			t.Fatalf("a union of\n%s\nand\n%s: %v", a, b, err)
		}
		merged, err := Parse(out)
		if err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		have := map[string]bool{}
		for _, w := range strings.Fields(names(merged.Entries)) {
			if have[w] {
				t.Errorf("%s is there twice", w)
			}
			have[w] = true
		}
		for _, side := range []string{a, b} {
			for _, w := range strings.Fields(side) {
				added := !slices.Contains(words, w)
				both := slices.Contains(strings.Fields(a), w) && slices.Contains(strings.Fields(b), w)
				if (added || both) && !have[w] {
					t.Errorf("%s is lost in the merge of\n%s\nand\n%s", w, a, b)
				}
			}
		}
	}
	// Even without the attribute most merges go well, because lines are sorted by what is as good as random.
	if clean < rounds/4 {
		t.Errorf("only %d of %d merges have no conflict without merge=union", clean, rounds)
	}
	t.Logf("%d of %d merges have no conflict without merge=union, all with it", clean, rounds)
}

// A finding that a merge left on two lines counts with the larger number.
func TestTwice(t *testing.T) {
	l := &List{Entries: []Entry{
		{Fingerprint: "0123456789abcdef", Path: "a.py", Count: 2},
		{Fingerprint: "0123456789abcdef", Path: "a.py", Count: 3, Reason: "why"},
	}}
	again, err := Parse(l.Encode())
	if err != nil || len(again.Entries) != 1 || again.Entries[0].Count != 3 || again.Entries[0].Reason != "why" {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestImport(t *testing.T) {
	secretRule := &finding.Rule{ID: "password", Secret: true, Aliases: map[string][]string{"bandit": {"B105"}}}
	shell := &finding.Rule{ID: "shell", Aliases: map[string][]string{"bandit": {"B602", "B605"}}}
	file := source.New("src/app.py", "password = \"hunter2\"\nrun(a)\nx = 1\nrun(b)\ntoken = 'tops3cret'\n")
	on := func(r *finding.Rule, line int) *finding.Finding {
		return &finding.Finding{Rule: r, File: file, Span: file.LineSpan(line), Aliases: r.Aliases}
	}
	all := []*finding.Finding{on(secretRule, 1), on(shell, 2), on(shell, 4), on(secretRule, 5)}
	sum := sha1.Sum([]byte("tops3cret"))
	for _, tt := range []struct {
		name, file, text string
		lines            []int
		missed           int
	}{
		{"Bandit", "b.json", `{"results": [
			{"filename": "./src/app.py", "line_number": 4, "line_range": [4], "test_id": "B602"},
			{"filename": "src/app.py", "line_number": 3, "test_id": "B605"},
			{"filename": "src/app.py", "line_number": 2, "test_id": "B101"},
			{"filename": "src/other.py", "line_number": 2, "test_id": "B602"}]}`, []int{2, 4}, 2},
		{"detect-secrets", ".secrets.baseline", `{"version": "1.5.0", "results": {"src/app.py": [
			{"type": "Secret Keyword", "hashed_secret": "` + hex.EncodeToString(sum[:]) + `", "line_number": 1},
			{"type": "Secret Keyword", "hashed_secret": "` + strings.Repeat("0", 40) + `", "line_number": 1}]}}`, []int{5}, 1},
		{"Gitleaks", "report.json", `[{"RuleID": "generic", "File": "src/app.py", "StartLine": 9, "EndLine": 9, "Secret": "hunter2"},
			{"RuleID": "generic", "File": "src/app.py", "StartLine": 5, "EndLine": 5, "Secret": "REDACTED"},
			{"RuleID": "generic", "File": "src/app.py", "StartLine": 2, "EndLine": 2, "Secret": ""}]`, []int{1, 5}, 1},
		{".gitleaksignore", "x/.gitleaksignore", "# known\nsrc/app.py:generic:1\n0123abc:src/app.py:generic:5\n\nsrc/app.py:generic:4\n", []int{1, 5}, 1},
	} {
		foreign, err := ReadForeign(tt.file, []byte(tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		matched, missed := Pick(foreign, all)
		var lines []int
		for _, m := range matched {
			line, _ := file.Position(m.Finding.Span.Start)
			lines = append(lines, line)
			if !strings.HasSuffix(m.Foreign.From, tt.file) {
				t.Errorf("%s: from %q", tt.name, m.Foreign.From)
			}
		}
		slices.Sort(lines)
		if !slices.Equal(lines, tt.lines) || len(missed) != tt.missed {
			t.Errorf("%s: lines %v and %d missed, want %v and %d", tt.name, lines, len(missed), tt.lines, tt.missed)
		}
	}
	for name, text := range map[string]string{"a.json": "{}", "b.json": `{"results": [{}]}`, "c.json": "[{}]", "d.txt": "text", ".gitleaksignore": "a:b",
		"e.json": `{"results": {"a": [{"hashed_secret": "x"}]}}`, "f.json": "{", "g.json": "[1]"} {
		if _, err := ReadForeign(name, []byte(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// TestSecrets: nothing of a value gets into a list.
func TestSecrets(t *testing.T) {
	entry := func(value string) string {
		f := source.New("a.py", "password = \""+value+"\"\n")
		x := &finding.Finding{Rule: &finding.Rule{ID: "password", Secret: true}, File: f, Span: f.LineSpan(1), Message: value}
		finding.Fingerprints([]*finding.Finding{x})
		return string(Of([]*finding.Finding{x}, same).Encode())
	}
	if a, b := entry("hunter2"), entry("a-much-longer-value-with-8-random-words"); a != b || strings.Contains(a, "hunter2") {
		t.Errorf("lists of different secrets differ:\n%s%s", a, b)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(Of(found("a.py/x a.py/x b.py/y"), same).Encode()))
	f.Add(`{"version": 1, "findings": [null, {"fingerprint": "0123456789abcdef", "count": 9223372036854775807}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse([]byte(text))
		if err != nil {
			return
		}
		again, err := Parse(l.Encode())
		if err != nil || string(again.Encode()) != string(l.Encode()) {
			t.Errorf("%q is not read back: %v", text, err)
		}
		l.Match(found("a.py/x b.py/y"), same, "2026-11-25", func(*finding.Finding, *Entry) {})
		ReadForeign("x.json", []byte(text)) // must not fail in another way than by an error
	})
}
