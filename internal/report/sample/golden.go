package sample

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// A Story is a report of one of the scans here, and the name of its golden file.
type Story struct {
	Name   string
	New    func(io.Writer) finding.Handler
	Replay func(finding.Handler) error
	Part   func(*testing.T, []byte) []byte // what of the report the golden file holds; nil: all of it
}

// Render makes the report of a story.
func (s Story) Render(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Replay(s.New(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Golden holds reports to testdata/NAME.golden, and to what every report keeps: it is the same twice, shows no secret, and has
// nothing in it that a terminal obeys.
func Golden(t *testing.T, update bool, stories ...Story) {
	t.Helper()
	for _, s := range stories {
		whole := s.Render(t)
		got := whole
		if s.Part != nil {
			got = s.Part(t, whole)
		}
		file := filepath.Join("testdata", s.Name+".golden")
		if update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs (-update rewrites it):\n%s", file, got)
		}
		if again := s.Render(t); !bytes.Equal(whole, again) {
			t.Errorf("%s is not the same twice", s.Name)
		}
		for _, secret := range Secrets {
			if bytes.Contains(whole, []byte(secret)) {
				t.Errorf("%s shows the secret %q", s.Name, secret)
			}
		}
		for i, line := range strings.Split(string(whole), "\n") {
			line = strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "")
			if finding.Plain(line) != line {
				t.Errorf("%s, line %d has what a terminal obeys: %q", s.Name, i+1, line)
			}
		}
	}
}
