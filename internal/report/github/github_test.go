package github

import (
	"bytes"
	"flag"
	"regexp"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
	"github.com/wadjet-security/wadjet/internal/source"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var stories = []sample.Story{
	{Name: "mixed", New: New, Replay: sample.Mixed},
	{Name: "clean", New: New, Replay: sample.Clean},
	{Name: "blind", New: New, Replay: sample.Blind},
}

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

// form is what GitHub's runner reads as a command: a name, properties that hold no comma and no colon, then the message.
var form = regexp.MustCompile(`^::(error|warning|notice) (?:(?:file|title|line|endLine|col|endColumn)=[^,:]*,)*title=[^,:]*::`)

func TestEveryLineIsOneCommand(t *testing.T) {
	for _, s := range stories {
		lines := strings.Split(strings.TrimSuffix(string(s.Render(t)), "\n"), "\n")
		for _, line := range lines[:len(lines)-1] {
			if !form.MatchString(line) {
				t.Errorf("%s: %q is no command", s.Name, line)
			}
		}
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "wadjet: ") {
			t.Errorf("%s: the last line is %q", s.Name, last)
		}
	}
}

// TestEscapes: nothing that a file is named or a message says ends a property or the command, and GitHub reads back what was meant.
func TestEscapes(t *testing.T) {
	f := sample.Findings()[0]
	copied := *f
	copied.File = source.New("a,line=1::error::b%0A.py", f.File.Text)
	copied.Trace, copied.Message = nil, "100%\n::set-output name=x::y\r\n50%25"
	var b bytes.Buffer
	h := New(&b)
	if err := h.Finding(&copied); err != nil {
		t.Fatal(err)
	}
	if err := h.Finish(&finding.Summary{}); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(b.String(), "\n")
	want := "::error file=a%2Cline=1%3A%3Aerror%3A%3Ab%250A.py,line=8,endLine=8,col=9,endColumn=74,title=SQL text is put together from data (sql-string)" +
		"::100%25%0A::set-output name=x::y%0A50%2525%0AInstead: "
	if !strings.HasPrefix(first, want) {
		t.Errorf("got  %s\nwant %s…", first, want)
	}
	if strings.Count(b.String(), "\n") != 2 {
		t.Errorf("more than one command:\n%s", b.String())
	}
}
