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
	"constprop_dataflow":             "a name assigned in one place has that value wherever it has one, even after an if",
	"cp_exception":                   "$X == $X binds the name, not the value that it is known to have",
	"cp_rlval":                       "a literal alone is looked for where it is written, not where names hold it",
	"dots_pattern_comprehension":     "the file is Python 2 in one line that Python 3 reads as a subscript with an error",
	"generic/dots_args":              "of a block that is longer than the ellipsis reaches the rest is let be: collections of rules count on it",
	"generic/minified":               "the other engine skips a file of one long line, which is read here",
	"generic/misc_else_blocks_brace": "the comment stands above the if, and the pattern begins at the else",
	"scoped_wildcard":                "a star import brings any name, so x may be A.x",
}

var expectation = regexp.MustCompile(`\b(ERROR|MATCH)\b:?`)

// TestOpenSuite runs the patterns of opengrep's engine tests, where WADJET_OPENGREP names a copy of that project. Each x.sgrep, or the
// one that all languages share, is matched in x.py or x.generic; a comment ERROR: or MATCH: stands above each line that has to match.
func TestOpenSuite(t *testing.T) {
	root := os.Getenv("WADJET_OPENGREP")
	if root == "" {
		t.Skip("WADJET_OPENGREP does not name a copy of opengrep")
	}
	for _, suite := range []struct {
		folder, ext string
		lang        Language
	}{{"python", ".py", Python}, {"generic", ".generic", Generic}} {
		files, err := filepath.Glob(filepath.Join(root, "tests/patterns", suite.folder, "*"+suite.ext))
		if err != nil || len(files) == 0 {
			t.Fatal("no patterns there: ", err)
		}
		passed, total := 0, 0
		for _, f := range files {
			name := strings.TrimSuffix(filepath.Base(f), suite.ext)
			text, err := os.ReadFile(strings.TrimSuffix(f, suite.ext) + ".sgrep")
			if err != nil {
				text, err = os.ReadFile(filepath.Join(root, "tests/patterns/POLYGLOT", name+".sgrep"))
			}
			code, codeErr := os.ReadFile(f)
			if err != nil || codeErr != nil {
				t.Errorf("%s has no pattern: %v %v", name, err, codeErr)
				continue
			}
			total++
			want := expectedLines(string(code), suite.lang)
			got, reason := suiteLines(name, string(text), string(code), suite.lang)
			same := reason == "" && slices.Equal(got, want)
			key := name
			if suite.lang == Generic {
				key = "generic/" + name
			}
			switch {
			case same && apart[key] != "":
				t.Errorf("%s passes: take it out of the list", key)
			case !same && apart[key] == "":
				t.Errorf("%s: lines %v, want %v %s\n%s", key, got, want, reason, text)
			}
			if same {
				passed++
			}
		}
		t.Logf("%s: %d of %d", suite.folder, passed, total)
	}
}

// expectedLines are those below a comment that says so.
func expectedLines(code string, lang Language) (want []int) {
	for i, l := range strings.Split(code, "\n") {
		j := strings.IndexByte(l, '#')
		if lang == Generic {
			j = 0
		}
		if j >= 0 && expectation.MatchString(l[j:]) {
			want = append(want, i+2)
		}
	}
	return want
}

func suiteLines(name, text, code string, lang Language) (got []int, reason string) {
	set, wrong := Compile([]Rule{{ID: name, Lang: lang, F: &Leaf{Text: text, Lang: lang}, Options: DefaultOptions()}})
	if len(wrong) > 0 {
		return nil, wrong[0].Error()
	}
	var found []Match
	file := source.New(name+".py", code)
	if lang == Python {
		p := program.New(program.Options{Apart: true})
		m := p.Add(file)
		p.Link()
		found, _ = set.Match(m, nil)
	} else {
		found, _ = set.MatchText(file, nil)
	}
	for _, x := range found {
		line, _ := file.Position(x.Span.Start)
		got = append(got, line)
	}
	slices.Sort(got)
	return slices.Compact(got), ""
}
