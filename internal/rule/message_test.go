package rule

import (
	"regexp"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// TestBuiltinMessages holds the messages of the built-in rules to words of the user's: a metavariable that a finding does not bind, because
// only some of the rule's patterns have it, would be read as `$X`.
func TestBuiltinMessages(t *testing.T) {
	metavariable := regexp.MustCompile(`\$[A-Z][A-Z0-9_]*`)
	byFile := map[string][]*Rule{}
	for _, r := range builtin(t).Rules {
		byFile[r.File] = append(byFile[r.File], r)
	}
	said := 0
	for file, rules := range byFile {
		set, errors := Compile(rules)
		for _, e := range errors {
			t.Error(e)
		}
		set.filtered = false
		tests, err := testFiles(file)
		if err != nil {
			t.Fatal(err)
		}
		units, err := readUnits(file, tests)
		if err != nil {
			t.Fatal(err)
		}
		templates := map[string][]string{}
		for _, r := range rules {
			templates[r.ID] = metavariable.FindAllString(r.Message, -1)
		}
		for _, u := range units {
			set.Run(u, func(f *finding.Finding) {
				said++
				for _, name := range templates[f.Rule.ID] {
					if strings.Contains(f.Message, name) {
						line, _ := u.File.Position(f.Span.Start)
						t.Errorf("%s:%d: the message of %s says %s", u.File.Path, line, f.Rule.ID, name)
					}
				}
			})
		}
	}
	if said == 0 {
		t.Fatal("no rule finds anything in its tests")
	}
}
