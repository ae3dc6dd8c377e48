package json

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
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

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

// TestSchema validates every document against the schema that docs publish, and sees that the schema names all there is.
func TestSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "..", "docs", "schema", "report-1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range stories {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(tt.Render(t)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", tt.Name, err)
		}
	}
	for _, bad := range []string{`{}`, `{"version": "2.0"}`, `[]`} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(doc) == nil {
			t.Errorf("the schema takes %s", bad)
		}
	}
}

// TestShape holds what readers were promised, by the names they use.
func TestShape(t *testing.T) {
	var doc struct {
		Version  string
		Findings []struct {
			RuleID   string `json:"rule_id"`
			CWE      []string
			Location struct {
				Path       string
				Cell       int
				Start, End struct{ Line, Column int }
			}
			Aliases map[string][]string
			Fix     *struct{ Safe bool }
		}
		Summary struct{ Suppressed int }
	}
	if err := json.Unmarshal(sample.Story{New: plain, Replay: sample.Mixed}.Render(t), &doc); err != nil {
		t.Fatal(err)
	}
	first := doc.Findings[0]
	if doc.Version != Version || first.RuleID != "sql-string" || first.CWE[0] != "CWE-89" || first.Aliases["bandit"][0] != "B608" || doc.Summary.Suppressed != 2 {
		t.Errorf("%+v", doc)
	}
	for _, f := range doc.Findings {
		l := f.Location
		switch l.Path {
		case "book.ipynb":
			if l.Cell != 3 || l.Start.Line != 2 || l.Start.Column != 1 || l.End.Line != 2 || l.End.Column != 22 {
				t.Errorf("notebook: %+v", l)
			}
		case "app/日本 語.py":
			if l.Start.Column != 20 || l.End.Column != 29 {
				t.Errorf("wide characters: %+v", l)
			}
		case "app/secrets.py":
			if f.Fix != nil {
				t.Error("a fix that holds a secret is offered")
			}
		}
	}
}

// TestNothingIsNull: lists and objects that are empty are there, so that readers need not ask.
func TestNothingIsNull(t *testing.T) {
	doc := sample.Story{New: plain, Replay: func(h finding.Handler) error { return h.Finish(&finding.Summary{}) }}.Render(t)
	if bytes.Contains(doc, []byte("null")) {
		t.Errorf("%s", doc)
	}
}
