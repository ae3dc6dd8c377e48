package gitlab

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var stories = []sample.Story{
	{Name: "mixed", New: plain, Replay: sample.Mixed},
	{Name: "clean", New: plain, Replay: sample.Clean},
	{Name: "blind", New: plain, Replay: sample.Blind},
}

func plain(w io.Writer) finding.Handler {
	start := time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("CET", 3600))
	return New(w, Options{Started: start, Now: func() time.Time { return start.Add(90 * time.Second) }})
}

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

// TestSchema validates every report against a schema of just what is written, with GitLab's demands; and against GitLab's own where
// WADJET_GITLAB_SCHEMA names a copy of its sast-report-format.json.
func TestSchema(t *testing.T) {
	files := []string{filepath.Join("testdata", "gitlab.schema.json")}
	if own := os.Getenv("WADJET_GITLAB_SCHEMA"); own != "" {
		files = append(files, own)
	}
	for _, file := range files {
		schema, err := jsonschema.NewCompiler().Compile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stories {
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(s.Render(t)))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s, %s: %v", file, s.Name, err)
			}
		}
		for _, bad := range []string{`{}`, `[]`, `{"version": "15.2.1", "vulnerabilities": []}`} {
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(doc) == nil {
				t.Errorf("%s takes %s", file, bad)
			}
		}
	}
}

func TestIDs(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	var doc struct {
		Vulnerabilities []struct {
			ID          string
			Identifiers []struct{ Type, Value string }
		}
	}
	if err := json.Unmarshal(stories[0].Render(t), &doc); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, v := range doc.Vulnerabilities {
		if !form.MatchString(v.ID) || seen[v.ID] {
			t.Errorf("%s is no UUID of version 5, or there twice", v.ID)
		}
		seen[v.ID] = true
		if first := v.Identifiers[0]; first.Type != "wadjet_rule" {
			t.Errorf("the first identifier is %v: GitLab takes it for the finding's name", first)
		}
	}
	if len(seen) == 0 {
		t.Error("there are no findings")
	}
	// By uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/wadjet-security/wadjet"), "0123:1") of Python.
	if got := uuid("0123:1"); got != "2f347626-5a3c-5321-8725-15e808cc7720" {
		t.Errorf("uuid is %s", got)
	}
}
