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
	"assoc_matching_free1":       "a group of a longer chain is matched at its right end, too",
	"constprop_dataflow":         "a name assigned in one place has that value wherever it has one, even after an if; and of two strings none is told",
	"cp_exception":               "$X == $X binds the name, not the value that it is known to have",
	"cp_python_mult_string1":     "a string times a number that is not known is not known",
	"cp_rlval":                   "a literal alone is looked for where it is written, not where names hold it",
	"cp_strings":                 "\"...\" is a string: bytes are matched by b\"...\"",
	"dots_list":                  "a list within a default is found on the line where it stands, which the expectation does not count",
	"dots_pattern_comprehension": "the file is Python 2 in one line that Python 3 reads as a subscript with an error",
	"match_as":                   "patterns within case are compared whole: only $P and ... stand for parts",
	"match_as_nested":            "the same",
	"match_as_with_guard":        "the same",
	"metavar_anno":               "a metavariable as a decorator also binds one with arguments",
	"metavar_anno_fqn":           "a decorator with parentheses and one without are told apart",
	"misc_import":                "$S stands for a statement; two imports of one name under other modules are told apart by place only",
	"scoped_wildcard":            "a star import brings any name, so x may be A.x",
	"standalone_decorator":       "a decorator with parentheses and one without are told apart",
	"static_method":              "a decorator with parentheses and one without are told apart",
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
