package csv

import (
	"bytes"
	"encoding/csv"
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var stories = []sample.Story{
	{Name: "mixed", New: plain, Replay: sample.Mixed},
	{Name: "suppressed", New: all, Replay: sample.Mixed},
	{Name: "clean", New: plain, Replay: sample.Clean},
}

func plain(w io.Writer) finding.Handler { return New(w, Options{}) }

func all(w io.Writer) finding.Handler { return New(w, Options{Suppressed: true}) }

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

// TestReads: what is written is a table whose every line has every column, with a line for each finding.
func TestReads(t *testing.T) {
	for _, s := range stories {
		got := s.Render(t)
		rows, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if len(rows[0]) != len(header) {
			t.Errorf("%s: %d names, want %d", s.Name, len(rows[0]), len(header))
		}
		if bare := strings.ReplaceAll(string(got), "\r\n", ""); strings.ContainsAny(bare, "\r\n") {
			t.Errorf("%s: a line does not end with CR and LF", s.Name)
		}
	}
	shown, silenced := 0, 0
	for _, f := range sample.Findings() {
		if f.Suppressed == nil {
			shown++
		} else {
			silenced++
		}
	}
	for i, want := range []int{shown, shown + silenced, 0} {
		rows, err := csv.NewReader(bytes.NewReader(stories[i].Render(t))).ReadAll()
		if err != nil || len(rows)-1 != want {
			t.Errorf("%s: %d rows (%v), want %d", stories[i].Name, len(rows)-1, err, want)
		}
	}
}

func TestGuard(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"app/views.py", "app/views.py"},
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"  =1", "'  =1"},
		{"\uff1d1", "'\uff1d1"},
		{"a=b", "a=b"},
	} {
		if got := guard(tt.in); got != tt.want {
			t.Errorf("guard(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	// A tab or line end before the sign is an escape by then.
	if got := guard(finding.Plain("\t=1")); got != `\t=1` {
		t.Errorf("got %q", got)
	}
}
