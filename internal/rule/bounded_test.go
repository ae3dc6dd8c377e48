package rule

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// list is n items made of a format, with a separator between.
func list(n int, sep, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)))
	}
	return b.String()
}

// TestBounded runs rules that are made to explode on a file that lets them. Each has to end within its counted steps, in memory that
// a scan can afford, whether it ends by its bound or not.
func TestBounded(t *testing.T) {
	code := "f(" + list(300, ", ", "#") + ")\n" + list(300, "\n", "a# = b#") + "\n" +
		"x = " + list(40, " | ", "v#") + "\nx = a and " + list(40, " and ", "v#") + "\nx = {" + list(100, ", ", "#: #") + "}\n" +
		"a" + strings.Repeat(".b(1)", 200) + "\nx = " + list(300, " + ", "v#") + "\nf('" + strings.Repeat("a", 3000) + "')\n" +
		list(30, "\n", "@d#") + "\ndef g(): pass\nclass C(" + list(30, ", ", "D#") + "):\n" + list(60, "\n", "  a# = b#") + "\n" +
		"try: pass\n" + list(30, "\n", "except E#: pass") + "\nf(" + list(40, ", ", "k#=#") + ")\n" +
		"match z:\n  case {" + list(40, ", ", "#: #") + "}: pass\ndef h():\n" + list(200, "\n", "  c# = d#") + "\n" +
		"y0 = y300\n" + list(300, "\n", "y# = y0") + "\nf(y300)\nf(" + strings.Repeat("g(", 80) + "1" + strings.Repeat(")", 80) + ")\nzz = 1\n"
	for name, body := range map[string]string{
		"ellipses in arguments":  "pattern: f(" + strings.Repeat("..., 1, ", 20) + "2)",
		"metavariables between":  "pattern: f(" + list(12, ", ", "..., $A#") + ", ..., zz)",
		"named arguments":        "pattern: f(" + list(9, ", ", "$K#=$V#") + ", zz=1, ...)",
		"statements":             "pattern: |\n  " + list(8, "\n  ...\n  ", "$X# = $Y#") + "\n  ...\n  zz()",
		"any order":              "pattern: " + list(8, " | ", "$X#") + " | zz",
		"any order of and":       "options: {commutative_boolop: true}\npattern: a and " + list(8, " and ", "$X#") + " and zz",
		"dictionary":             "pattern: '{" + list(9, ", ", "$K#: $V#") + ", 1: 2, ...}'",
		"mapping of case":        "pattern: |\n  match $X:\n    case {" + list(9, ", ", "$K#: $V#") + ", 'zz': 1}: ...",
		"sequence of case":       "pattern: |\n  match $X:\n    case [" + list(9, ", ", "..., $V#") + ", 'zz']: ...",
		"chain":                  "pattern: $X" + strings.Repeat(". ... ", 9) + ".zz()",
		"deep in deep":           "pattern: <... $A + <... $B + <... $C + <... zz ...> ...> ...> ...>",
		"decorators":             "pattern: |\n  " + list(9, "\n  ", "@$D#") + "\n  @zz\n  def $F(...): ...",
		"bases":                  "pattern: 'class $C(" + list(9, ", ", "$D#") + ", zz): ...'",
		"members":                "pattern: |\n  class $C:\n" + list(9, "\n", "    $X# = $Y#") + "\n    zz = 1",
		"handlers":               "pattern: |\n  try: ...\n  " + list(9, "\n  ", "except $X#: $Y#") + "\n  except zz: ...",
		"string":                 "pattern: f(\"" + strings.Repeat("...a", 40) + "...b\")",
		"symbolic circle":        "options: {symbolic_propagation: true}\npattern: f(g(h(i(zz))))",
		"metavariables alone":    "patterns:\n" + list(6, "\n", "- pattern: $X#"),
		"insides":                "patterns:\n- pattern: $X\n" + list(4, "\n", "- pattern-inside: |\n    $A# = $B#\n    ..."),
		"anywhere":               "patterns:\n- pattern: $X\n" + list(3, "\n", "- anywhere: $A#"),
		"matches of matches":     "match:\n  all:\n" + list(4, "\n", "  - {pattern: $X#, as: $A#}"),
		"conditions":             "patterns:\n- pattern: f(...)\n- pattern: $X\n- metavariable-pattern: {metavariable: $X, patterns: [{pattern: $Y}, {pattern: $Z}, {pattern: $W}]}",
		"backtracking":           "pattern-regex: (a+)+$",
		"expressions everywhere": "patterns:\n- pattern-regex: .*\n- pattern-regex: .",
		"words":                  "languages: [generic]\npattern: $A ... $B ... $C ... $D ... zz zz",
	} {
		t.Run(name, func(t *testing.T) {
			head := "rules:\n- id: r\n  severity: LOW\n  message: m\n"
			if !strings.Contains(body, "languages:") {
				head += "  languages: [python]\n"
			}
			doc, err := parseYAML([]byte(head + "  " + strings.ReplaceAll(body, "\n", "\n  ") + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			rules, _, errors := decodeFile("r.yaml", doc)
			for _, r := range rules {
				r.Pattern.Options.MaxStepsPerFile = 300_000 // of 2,000,000, so that the test is short
			}
			set, wrong := Compile(rules)
			for _, e := range append(errors, wrong...) {
				t.Fatal(e)
			}
			p := program.New(program.Options{})
			u := check.Unit{File: source.New("app.py", code)}
			u.Module = p.Add(u.File)
			p.Link()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			n := 0
			bounds := set.Run(u, func(*finding.Finding) { n++ })
			runtime.ReadMemStats(&after)
			// All that was ever allocated, collected or not.
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 250 {
				t.Errorf("%d MB for %d findings, bounds %v", mb, n, bounds)
			} else if testing.Verbose() {
				t.Logf("%d MB, %d findings, bounds %v", mb, n, bounds)
			}
		})
	}
}
