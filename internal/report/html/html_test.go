package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
	"github.com/wadjet-security/wadjet/internal/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func plain(w io.Writer) finding.Handler { return New(w, Options{}) }

func all(w io.Writer) finding.Handler { return New(w, Options{Suppressed: true}) }

var stories = []sample.Story{
	{Name: "mixed", New: plain, Replay: sample.Mixed, Part: contents},
	{Name: "suppressed", New: all, Replay: sample.Mixed, Part: contents},
	{Name: "clean", New: plain, Replay: sample.Clean, Part: contents},
	{Name: "blind", New: plain, Replay: sample.Blind, Part: contents},
}

// contents is what the page holds as data, indented.
func contents(t *testing.T, page []byte) []byte {
	t.Helper()
	_, rest, ok := strings.Cut(string(page), `<script type="application/json" id="data">`)
	data, _, ok2 := strings.Cut(rest, "</script>")
	if !ok || !ok2 {
		t.Fatal("the page has no data")
	}
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(data), "", " "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

// TestGolden: the golden files hold the data of the pages.
func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

// TestPage: the page needs nothing else, and its policy allows its own style and script alone.
func TestPage(t *testing.T) {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	for _, s := range stories {
		page := string(s.Render(t))
		policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
		if policy == nil || !strings.Contains(policy[1], "default-src 'none'") || strings.Contains(policy[1], "unsafe") {
			t.Fatalf("%s: the policy is %q", s.Name, policy)
		}
		for tag, rule := range map[string]string{"style": "style-src ", "script": "script-src "} {
			element := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(page, -1)
			if len(element) != 1 || !strings.Contains(policy[1], rule+hash(element[0][1])) {
				t.Errorf("%s: the policy does not allow the one <%s> there is", s.Name, tag)
			}
		}
		markup := strings.Replace(strings.Replace(page, style, "", 1), script, "", 1)
		if i := strings.Index(markup, `<script type="application/json"`); i > 0 {
			markup = markup[:i]
		}
		if m := regexp.MustCompile(`(?i)\s(src|srcset|href|action|style|on[a-z]+)\s*=\s*"?([^"\s>]*)`).FindAllStringSubmatch(markup, -1); len(m) != 1 || m[0][2] != "#findings" {
			t.Errorf("%s: the markup reaches out, or acts by itself: %q", s.Name, m)
		}
		if strings.Contains(page, "{{") {
			t.Errorf("%s: a place of the page was not filled", s.Name)
		}
	}
}

// TestParts: the parts of the page make no markup out of text, reach for nothing, and cannot end their own element.
func TestParts(t *testing.T) {
	for name, bad := range map[string][]string{
		script: {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc", "fetch(", "XMLHttpRequest", "import(", "setAttribute(\"style", "</script", "<!--"},
		style:  {"url(", "@import", "expression(", "</style"},
	} {
		for _, word := range bad {
			if strings.Contains(name, word) {
				t.Errorf("a part of the page has %q in it", word)
			}
		}
	}
}

const evil = `</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>{{script}}{{data}}"'&amp;` + "\u2028"

// TestHostile puts markup wherever text comes from outside. The page has as many elements as without it, and the text comes back whole.
func TestHostile(t *testing.T) {
	standard := &finding.Standard{Key: "x", Name: evil, URL: "javascript:alert(1)"}
	control := &finding.Control{Standard: standard, ID: evil, Title: evil}
	standard.Controls = append(standard.Controls, control)
	rule := &finding.Rule{ID: evil, Title: evil, Why: evil, Mend: evil, Bad: evil, Good: evil, References: []string{"javascript:alert(1)"}, Severity: finding.High,
		Confidence: finding.Sure, Aliases: map[string][]string{"bandit": {evil}}, Standards: []*finding.Control{control}}
	file := source.New(evil+".py", "before "+evil+"\n"+evil+"\nafter\n")
	span := source.Span{Start: 7, End: 20}
	f := &finding.Finding{Rule: rule, Message: evil, Severity: finding.High, Confidence: finding.Sure, File: file, Span: span, Context: evil, Merged: []string{evil},
		Fingerprint: evil, Trace: []finding.Step{{File: file, Span: span, Message: evil}, {File: file, Span: span, Message: evil}}, Edits: []finding.Edit{{Span: span, New: evil}},
		Suppressed: &finding.Suppression{Kind: "inline", Text: evil}}
	shown := *f
	shown.Suppressed = nil
	var b bytes.Buffer
	h := New(&b, Options{Suppressed: true})
	err := h.Start(finding.Tool{Name: evil, Version: evil}, []*finding.Rule{rule})
	for _, x := range []*finding.Finding{f, &shown} {
		if e := h.Finding(x); e != nil {
			err = e
		}
	}
	if e := h.Incident(&finding.Incident{Path: evil, Message: evil, Code: evil, Lost: true}); e != nil {
		err = e
	}
	if e := h.Finish(&finding.Summary{Roots: []string{evil}, Profile: evil, Gate: evil, Hidden: map[string]int{evil: 1}, Notes: []string{evil},
		Areas: []finding.Area{{Name: evil, Note: evil}}, Skipped: []finding.Skip{{Reason: evil, Files: 1, Paths: []string{evil}}}}); e != nil {
		err = e
	}
	if err != nil {
		t.Fatal(err)
	}
	got, want := b.String(), string(stories[2].Render(t))
	for _, mark := range []string{"<script", "</script", "<!--", "<img", "<style", "</style"} {
		if g, w := strings.Count(strings.ToLower(got), mark), strings.Count(strings.ToLower(want), mark); g != w {
			t.Errorf("%q is there %d times, in a harmless page %d", mark, g, w)
		}
	}
	var doc struct {
		Rules    []struct{ Title string }
		Findings []struct {
			M string
			K struct{ T []any }
		}
		Incidents []struct{ Path string }
	}
	if err := json.Unmarshal(contents(t, b.Bytes()), &doc); err != nil {
		t.Fatal(err)
	}
	text := finding.Plain(evil) // the line separator is an escape by then
	if doc.Rules[0].Title != text || doc.Findings[0].M != text || doc.Incidents[0].Path != text {
		t.Errorf("the text does not come back: %+v", doc)
	}
}

func TestFrame(t *testing.T) {
	for _, tt := range []struct{ name, code, want string }{
		{"one line", "a = 1\nb = «eval(x)» # c\nd = 2\n", `{"n":1,"t":["a = 1",["b = ","eval(x)"," # c"],"d = 2"]}`},
		{"the last line", "x = («»", `{"n":1,"t":[["x = ("," ",""]]}`},
		{"a line's end", "a\n«b\n»c", `{"n":1,"t":["a",["","b",""],"c"]}`},
		{"several lines", "f(«1,\r\n  2»)\r\n", `{"n":1,"t":[["f(","1,",""],["  ","2",")"]]}`},
		{"two around", "1\n2\n3\n«4»\n5\n6\n7\n", `{"n":2,"t":["2","3",["","4",""],"5","6"]}`},
		{"tabs stay, what is hidden shows", "\tx = «\x1b»\u202e\n", `{"n":1,"t":[["\tx = ","\\x1b","\\u202e"]]}`},
		{"a long line", "x = «y» # " + strings.Repeat("é", 200) + "\n", `{"n":1,"t":[["x = ","y"," # ` + strings.Repeat("é", 48) + `…"]]}`},
		{"far into a long line", strings.Repeat("0,", 20000) + "«y»" + strings.Repeat(",1", 20000), `{"n":1,"t":[["…` + strings.Repeat("0,", 50) + `","y","` + strings.Repeat(",1", 50) + `…"]]}`},
		{"much is meant", "«" + strings.Repeat("ab", 20000) + "»", `{"n":1,"t":[["","` + strings.Repeat("ab", 150) + `…",""]]}`},
	} {
		before, rest, _ := strings.Cut(tt.code, "«")
		inside, after, _ := strings.Cut(rest, "»")
		f := source.New("a.py", before+inside+after)
		h := &handler{mask: finding.NewMask(nil)}
		got, err := json.Marshal(h.frame(f, source.Span{Start: uint32(len(before)), End: uint32(len(before + inside))}, around))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestFrameOfSecrets: wherever the border of what is meant falls, no part of a secret shows.
func TestFrameOfSecrets(t *testing.T) {
	const secret = "Tr0ub4dor&3-horse"
	f := source.New("a.py", "password = \""+secret+"\"\nprint(\""+secret+"\")\n")
	rule := &finding.Rule{ID: "r", Secret: true}
	first := &finding.Finding{Rule: rule, File: f, Span: source.Span{Start: 0, End: 30}}
	h := &handler{mask: finding.NewMask([]*finding.Finding{first})}
	for start := uint32(0); start < uint32(len(f.Text)); start++ {
		for end := start; end <= uint32(len(f.Text)); end += 3 {
			got, err := json.Marshal(h.frame(f, source.Span{Start: start, End: end}, around))
			if err != nil {
				t.Fatal(err)
			}
			for i := 2; i+4 <= len(secret); i++ { // its first characters are shown
				if strings.Contains(string(got), secret[i:i+4]) {
					t.Fatalf("from %d to %d: %s", start, end, got)
				}
			}
		}
	}
}

// FuzzFrame: no text and no span makes a frame fail.
func FuzzFrame(f *testing.F) {
	f.Add("x = 1\r\n\ty = (\n2)\x1b", uint(3), uint(12))
	f.Add("漢字\u202e", uint(1), uint(2))
	f.Fuzz(func(t *testing.T, text string, start, end uint) {
		n := uint(len(text)) + 1
		start, end = start%n, end%n
		if start > end {
			start, end = end, start
		}
		h := &handler{mask: finding.NewMask(nil)}
		k := h.frame(source.New("a.py", text), source.Span{Start: uint32(start), End: uint32(end)}, around)
		if len(k.Lines) == 0 || k.First < 1 {
			t.Errorf("%+v", k)
		}
	})
}
