package sarif

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
	"github.com/wadjet-security/wadjet/internal/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func plain(w io.Writer) finding.Handler { return New(w, Options{}) }

func all(w io.Writer) finding.Handler { return New(w, Options{Suppressed: true}) }

var stories = []sample.Story{
	{Name: "mixed", New: plain, Replay: sample.Mixed},
	{Name: "suppressed", New: all, Replay: sample.Mixed},
	{Name: "clean", New: plain, Replay: sample.Clean},
	{Name: "blind", New: plain, Replay: sample.Blind},
}

func parse(t *testing.T, doc []byte) run {
	t.Helper()
	var l log
	if err := json.Unmarshal(doc, &l); err != nil {
		t.Fatal(err)
	}
	return l.Runs[0]
}

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

func validate(t *testing.T, file string) {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range stories {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(tt.Render(t)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %#v", tt.Name, err)
		}
	}
}

// TestGitHubSchema holds the files to the part of the standard that they use, which is stricter than the standard's own schema:
// nothing unknown, and the limits that GitHub documents.
func TestGitHubSchema(t *testing.T) { validate(t, filepath.Join("testdata", "github.schema.json")) }

// TestStandardSchema holds the files to the schema that OASIS publishes with the standard.
func TestStandardSchema(t *testing.T) {
	file := os.Getenv("WADJET_SARIF_SCHEMA")
	if file == "" {
		t.Skip("WADJET_SARIF_SCHEMA names no copy of OASIS's sarif-schema-2.1.0.json; TestGitHubSchema checks the same files")
	}
	validate(t, file)
}

func TestResults(t *testing.T) {
	r := parse(t, sample.Story{New: plain, Replay: sample.Mixed}.Render(t))
	rules := r.Tool.Driver.Rules
	if !slices.IsSortedFunc(rules, func(a, b rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("rules are not sorted")
	}
	for _, x := range r.Results {
		if rules[x.RuleIndex].ID != x.RuleID {
			t.Errorf("%s has the index of %s", x.RuleID, rules[x.RuleIndex].ID)
		}
		_, hashed := x.PartialFingerprints["primaryLocationLineHash"]
		region := x.Locations[0].Physical.Region
		switch uri := x.Locations[0].Physical.Artifact.URI; uri {
		case "book.ipynb":
			if region.StartLine != 31 || region.StartColumn != 0 || hashed || !strings.HasSuffix(x.Message.Text, "(cell 3, line 2)") || x.Fixes != nil {
				t.Errorf("notebook: %+v, %+v", x, region)
			}
		case "app/secrets.py", "deploy/.env":
			if hashed || x.Fixes != nil {
				t.Errorf("secrets: %+v", x)
			}
		case "app/end.py":
			if region.EndColumn != region.StartColumn+1 {
				t.Errorf("empty span: %+v", region)
			}
		case "app/views.py":
			flow := x.CodeFlows[0].ThreadFlows[0].Locations
			if len(flow) != 3 || flow[2].Location.Physical.Region.StartLine != region.StartLine || len(x.RelatedLocations) != 1 || !strings.Contains(x.Message.Text, "](1)") {
				t.Errorf("flow: %+v", x)
			}
			if rules[x.RuleIndex].Properties.Tags[0] != "external/cwe/cwe-089" || !hashed {
				t.Errorf("%+v", x)
			}
		case "app/config.py":
			if len(x.Fixes) != 1 {
				t.Errorf("fix: %+v", x)
			}
		case "app/%E6%97%A5%E6%9C%AC%20%E8%AA%9E.py":
			if region.StartColumn != 20 || region.EndColumn != 29 {
				t.Errorf("wide: %+v", region)
			}
		case "app/known.py", "app/known2.py":
			t.Errorf("%s is silenced", uri)
		}
	}
	if r.Invocations[0].ExecutionSuccessful || len(r.Invocations[0].ToolConfigurationNotices) != 1 {
		t.Errorf("%+v", r.Invocations[0])
	}
}

func TestCut(t *testing.T) {
	r := parse(t, sample.Story{New: plain, Replay: func(h finding.Handler) error { return sample.Many(h, maxResults+3) }}.Render(t))
	notices := r.Invocations[0].ToolExecutionNotifications
	if len(r.Results) != maxResults || len(notices) != 1 || !strings.HasPrefix(notices[0].Message.Text, "3 more findings") {
		t.Errorf("%d results, %+v", len(r.Results), notices)
	}
}

func TestArtifact(t *testing.T) {
	for path, want := range map[string]artifact{
		"app/views.py":    {"app/views.py", baseID},
		"a b/ü#?%.py":     {"a%20b/%C3%BC%23%3F%25.py", baseID},
		"c:d.py":          {"c%3Ad.py", baseID},
		"../up.py":        {"../up.py", baseID},
		"<stdin>":         {"%3Cstdin%3E", baseID},
		"/srv/x y.py":     {"file:///srv/x%20y.py", ""},
		"C:/srv/views.py": {"file:///C:/srv/views.py", ""},
	} {
		if got := artifactOf(path); got != want {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
}

func TestSemantic(t *testing.T) {
	for version, want := range map[string]string{"1.2.3": "1.2.3", "0.1.0-dev": "0.1.0-dev", "1.2.3+abc": "1.2.3+abc", "1.2": "", "unknown": "", "v1.2.3": "", "01.2.3": "", "1.2.x": ""} {
		if got := semantic(version); got != want {
			t.Errorf("semantic(%s) = %q, want %q", version, got, want)
		}
	}
}

func TestRuleText(t *testing.T) {
	r := &finding.Rule{ID: "a-b.c_d", Why: strings.Repeat("é", 2000), Bad: "x = '```'", Severity: finding.Low, Confidence: finding.Unsure,
		CWE: []int{1, 22, 333, 4444, 5, 6, 7}, OWASP2021: []string{"A01", "A02", "A03"}, OWASP2025: []string{"A01", "A02", "A03"},
		References: []string{"RFC 1", "https://example.org/a b", "https://example.org/a"}}
	got := describe(r)
	if got.Name != "ABCD" || len([]rune(got.FullDescription.Text)) != maxDescription || len(got.Properties.Tags) != maxTags ||
		got.HelpURI != "https://example.org/a" || !strings.Contains(got.Help.Markdown, "````python\n") {
		t.Errorf("%+v", got)
	}
	want := []string{"external/cwe/cwe-001", "external/cwe/cwe-022", "external/cwe/cwe-333", "external/cwe/cwe-4444", "external/cwe/cwe-005", "security"}
	if !slices.Equal(got.Properties.Tags[:6], want) {
		t.Errorf("tags %v", got.Properties.Tags)
	}
}

// TestLineHashes has values that GitHub's upload step gives.
func TestLineHashes(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{"import os\n\tos.system( name )\n", []string{"70190eb7fd80d27f:1", "44d3a8b519a267d8:1", "c129715d7a2bc9a3:1"}},
	} {
		if got := lineHashes(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.text, got, tt.want)
		}
	}
	unix := "x = 1\n\n\nif x:\n\ty = '👍'\n"
	want := lineHashes(unix)
	if len(want) != 6 {
		t.Errorf("%d hashes of 6 lines", len(want))
	}
	for _, end := range []string{"\r\n", "\r"} {
		if got := lineHashes(strings.ReplaceAll(unix, "\n", end)); !slices.Equal(got, want) {
			t.Errorf("with %q: %v, want %v", end, got, want)
		}
	}
	again := lineHashes(strings.Repeat("a line that is there again and again\n", 8))
	if first, _, _ := strings.Cut(again[0], ":"); again[3] != first+":4" {
		t.Errorf("equal lines: %v", again)
	}
}

// FuzzReport: any text and span make a file that is JSON, with a hash for each line.
func FuzzReport(f *testing.F) {
	f.Add("x = 1\r\ny\rz\x00\u202e👍", uint(2), uint(9), "a b.py", true)
	f.Fuzz(func(t *testing.T, text string, start, end uint, path string, secret bool) {
		n := uint(len(text)) + 1
		start, end = start%n, end%n
		if start > end {
			start, end = end, start
		}
		file := source.New(path, text)
		if got := len(lineHashes(text)); got != file.NumLines() {
			t.Errorf("%d hashes of %d lines of %q", got, file.NumLines(), text)
		}
		span := source.Span{Start: uint32(start), End: uint32(end)}
		var b bytes.Buffer
		h := New(&b, Options{Suppressed: secret})
		err := h.Finding(&finding.Finding{Rule: &finding.Rule{ID: text, Title: text, Why: text, Bad: text, Secret: secret, Severity: finding.High, Confidence: finding.Sure},
			Severity: finding.High, Confidence: finding.Sure, Message: text, File: file, Span: span,
			Edits: []finding.Edit{{Span: span, New: text}}, Trace: []finding.Step{{File: file, Span: span, Message: text}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Finish(&finding.Summary{}); err != nil || !json.Valid(b.Bytes()) {
			t.Errorf("%v: %s", err, b.Bytes())
		}
	})
}
