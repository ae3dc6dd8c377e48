package pattern

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// apart are files of the open suite on which we differ, with the reason.
var apart = map[string]string{
	"constprop_dataflow":         "a name assigned in one place has that value wherever it has one, even after an if",
	"cp_exception":               "$X == $X binds the name, not the value that it is known to have",
	"cp_rlval":                   "a literal alone is looked for where it is written, not where names hold it",
	"dots_pattern_comprehension": "the file is Python 2 in one line that Python 3 reads as a subscript with an error",
	"scoped_wildcard":            "a star import brings any name, so x may be A.x",
}

var expectation = regexp.MustCompile(`\b(ERROR|MATCH)\b:?`)

// TestOpenSuite runs the patterns of opengrep's engine tests, where WADJET_OPENGREP names a copy of that project. Each x.sgrep
// is matched in x.py; a comment ERROR: or MATCH: stands above each line that has to match.
func TestOpenSuite(t *testing.T) {
	root := os.Getenv("WADJET_OPENGREP")
	if root == "" {
		t.Skip("WADJET_OPENGREP does not name a copy of opengrep")
	}
	files, err := filepath.Glob(filepath.Join(root, "tests/patterns/python/*.sgrep"))
	if err != nil || len(files) == 0 {
		t.Fatal("no patterns there: ", err)
	}
	passed, total := 0, 0
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".sgrep")
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code, err := os.ReadFile(strings.TrimSuffix(f, ".sgrep") + ".py")
		if err != nil {
			continue
		}
		total++
		var want, got []int
		for i, l := range strings.Split(string(code), "\n") {
			if j := strings.IndexByte(l, '#'); j >= 0 && expectation.MatchString(l[j:]) {
				want = append(want, i+2)
			}
		}
		set, wrong := Compile([]Rule{{ID: name, F: pat(string(text)), Options: DefaultOptions()}})
		reason := ""
		if len(wrong) > 0 {
			reason = wrong[0].Error()
		} else {
			p := program.New(program.Options{})
			m := p.Add(source.New(name+".py", string(code)))
			p.Link()
			found, _ := set.Match(m, nil)
			for _, x := range found {
				line, _ := m.File.Position(x.Span.Start)
				got = append(got, line)
			}
			slices.Sort(got)
			got = slices.Compact(got)
		}
		same := reason == "" && slices.Equal(got, want)
		if same {
			passed++
			if apart[name] != "" {
				t.Errorf("%s passes: take it out of the list", name)
			}
			continue
		}
		if apart[name] == "" {
			t.Errorf("%s: lines %v, want %v %s\n%s", name, got, want, reason, text)
		}
	}
	t.Logf("%d of %d", passed, total)
}
