package text

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
	"github.com/wadjet-security/wadjet/internal/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		name   string
		o      Options
		replay func(finding.Handler) error
	}{
		{"mixed", Options{}, sample.Mixed},
		{"verbose", Options{Verbose: true}, sample.Mixed},
		{"narrow", Options{Width: 60}, sample.Mixed},
		{"quiet", Options{Quiet: true}, sample.Mixed},
		{"color", Options{Color: true, Width: 80}, sample.Mixed},
		{"clean", Options{}, sample.Clean},
		{"clean-quiet", Options{Quiet: true}, sample.Clean},
		{"blind", Options{}, sample.Blind},
		{"many", Options{}, func(h finding.Handler) error { return sample.Many(h, 130) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := tt.replay(New(&b, tt.o)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", tt.name+".golden")
			if *update {
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s differs (-update rewrites it):\n%s", file, b.String())
			}
			for _, secret := range sample.Secrets {
				if strings.Contains(b.String(), secret) {
					t.Errorf("shows the secret %q", secret)
				}
			}
			for i, line := range strings.Split(b.String(), "\n") {
				if !tt.o.Color && finding.Plain(line) != line {
					t.Errorf("line %d has what a terminal obeys: %q", i+1, line)
				}
				if strings.TrimRight(line, " ") != line {
					t.Errorf("line %d ends in blanks: %q", i+1, line)
				}
			}
		})
	}
}

// TestCarets: the carets stand under what is meant, whatever stands before it.
func TestCarets(t *testing.T) {
	for _, tt := range []struct{ code, line, carets string }{
		{"«x»", "x", "^"},
		{"a «b» c", "a b c", "  ^"},
		{"\ta\t«b»", "    a   b", "        ^"},
		{"漢字 «漢»", "漢字 漢", "     ^^"},
		{"e\u0301 «x»", "e\u0301 x", "  ^"},
		{"\x00«x»", `\x00x`, "    ^"},
		{"«\x1b»x", `\x1bx`, "^^^^"},
		{"x«»", "x", " ^"},
		{"«x\n»y", "x", "^"},
		{"«»\ty", "    y", "^"},
		{"\xff«x»", `\xffx`, "    ^"},
	} {
		before, rest, _ := strings.Cut(tt.code, "«")
		inside, after, _ := strings.Cut(rest, "»")
		f := source.New("a.py", before+inside+after)
		fr := &frame{p: &palette{}, mask: finding.NewMask(nil), width: 80, mark: func(s string) string { return s }}
		var b strings.Builder
		fr.write(&b, f, source.Span{Start: uint32(len(before)), End: uint32(len(before + inside))}, 1)
		got := strings.Split(b.String(), "\n")
		if got[1] != "1 | "+tt.line || got[2] != "  | "+tt.carets {
			t.Errorf("%q:\n%s", tt.code, b.String())
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		used  int
		want  string
	}{
		{"", 10, 0, ""},
		{"one two three", 20, 0, "one two three"},
		{"one two three", 8, 0, "one two|three"},
		{"one two three", 8, 4, "one|two|three"},
		{"immeasurable", 5, 0, "immeasurable"},
		{"漢字 漢字", 8, 0, "漢字|漢字"},
	} {
		if got := strings.Join(wrap(tt.text, tt.limit, tt.used), "|"); got != tt.want {
			t.Errorf("wrap(%q, %d, %d) = %q, want %q", tt.text, tt.limit, tt.used, got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %s", n, got)
		}
	}
}

func TestProgress(t *testing.T) {
	for done, want := range map[int64]string{
		-1: "scanning [..............................]   0 %", 50: "scanning [###############...............]  50 %", 200: "scanning [##############################] 100 %",
	} {
		if got := bar(done, 100); got != want {
			t.Errorf("bar(%d) = %q", done, got)
		}
	}
	bar(0, 0)
	var b bytes.Buffer
	p := NewProgress(&b)
	p.Stop()
	p.Start(10)
	p.Add(3)
	time.Sleep(time.Millisecond)
	p.Stop()
	p.Stop()
	if b.Len() > 0 {
		t.Errorf("a short scan shows a bar: %q", b.String())
	}
}

// FuzzFrame: no text and no span makes a frame fail, or print what a terminal obeys.
func FuzzFrame(f *testing.F) {
	f.Add("x = 1\r\n\ty = (\n2)\x1b", uint(3), uint(12), 80)
	f.Add("漢字\u202e", uint(0), uint(3), 20)
	f.Add("", uint(0), uint(0), 40)
	f.Fuzz(func(t *testing.T, text string, start, end uint, width int) {
		n := uint(len(text)) + 1
		start, end = start%n, end%n
		if start > end {
			start, end = end, start
		}
		file := source.New("a.py", text)
		span := source.Span{Start: uint32(start), End: uint32(end)}
		x := &finding.Finding{Rule: &finding.Rule{ID: "r", Severity: finding.High, Confidence: finding.Sure, Secret: width%2 == 0}, Severity: finding.High, Confidence: finding.Sure,
			Message: text, File: file, Span: span, Edits: []finding.Edit{{Span: span, New: text}}}
		var b bytes.Buffer
		h := New(&b, Options{Width: width % 200})
		if err := h.Finding(x); err != nil {
			t.Fatal(err)
		}
		if err := h.Finish(&finding.Summary{}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if finding.Plain(line) != line {
				t.Errorf("%q", line)
			}
		}
	})
}
