package rule

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// apart are rule files of the open suite on which we differ, with the reason.
var apart = map[string]string{
	"metavar_pattern_lang":     "a metavariable-pattern in C: the error says that C is not read",
	"metavar_pattern_lang1":    "the same",
	"metavar_pattern_lang2":    "a metavariable-pattern in JavaScript: the error says so",
	"metavariable_pattern_php": "a metavariable-pattern in PHP: the error says so",
	"sym_prop_merge":           "todoruleid: what the other engine is still to find after a loop, we find",
	"taint-rescue":             "the file is not YAML, and for another language",
}

// TestOpenSuite runs the rule files of opengrep's engine tests that are for Python, generic or regex, where WADJET_OPENGREP names a
// copy of that project. Every file x.yaml is run against x.py, x.test.yaml or the like by the comments there. Rules of `mode: taint`
// have to load and to be valid, and are counted: they are not run yet.
func TestOpenSuite(t *testing.T) {
	root := os.Getenv("WADJET_OPENGREP")
	if root == "" {
		t.Skip("WADJET_OPENGREP does not name a copy of opengrep")
	}
	var files []string
	for _, folder := range []string{"tests/rules", "tests/tainting_rules"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(p string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() && IsRuleFile(e.Name()) {
				files = append(files, p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	total, passed, taint, lines, foreign := 0, 0, 0, 0, 0
	for _, f := range files {
		var l Loaded
		l.addFile(f, true)
		if len(l.Rules) == 0 && len(l.Errors) == 0 {
			foreign++
			continue
		}
		name := strings.TrimSuffix(filepath.Base(f), filepath.Ext(f))
		total++
		result, err := TestPath(f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		taint, lines = taint+result.NotRun, lines+result.Lines
		var wrong []string
		for _, e := range result.Errors {
			wrong = append(wrong, e.Error())
		}
		for _, m := range result.Mismatches {
			wrong = append(wrong, m.String())
		}
		if len(result.Untested) > 0 {
			wrong = append(wrong, "no test file: "+strings.Join(result.Untested, ", "))
		}
		seen[name] = true
		switch {
		case len(wrong) == 0 && apart[name] != "":
			t.Errorf("%s passes: take it out of the list", name)
		case len(wrong) > 0 && apart[name] == "":
			slices.Sort(wrong)
			t.Errorf("%s:\n\t%s", name, strings.Join(wrong, "\n\t"))
		}
		if len(wrong) == 0 {
			passed++
		}
	}
	for name := range apart {
		if !seen[name] {
			t.Errorf("%s is in the list and not in the suite", name)
		}
	}
	t.Logf("%d of %d files as expected, %d lines; %d taint rules loaded and not run; %d files for other languages", passed, total, lines, taint, foreign)
}
