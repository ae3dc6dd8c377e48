package pattern

import (
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Conditions as whole rules have them, over a module.
func TestConditionsInRules(t *testing.T) {
	generic, python, re := Generic, Python, Regexp
	call := &Leaf{Text: "f($X)"}
	tests := []struct {
		name  string
		text  string
		where []Condition
		want  string // the text of each match, and what $Y and $1 are bound to
	}{
		{"regex", "f(ab)\nf(cd)\n", []Condition{&MetavarRegex{Metavar: "$X", Regex: "c"}}, "f(cd)"},
		{"regex binds its groups", "f(ab_cd)\n", []Condition{&MetavarRegex{Metavar: "$X", Regex: `(\w+)_`}}, "f(ab_cd) $1=ab"},
		{"groups in a later condition", "f(a_12)\nf(a_7)\n", []Condition{
			&MetavarRegex{Metavar: "$X", Regex: `\w_(\d+)`}, &MetavarComparison{Comparison: "$1 > 10"},
		}, "f(a_12) $1=12"},
		{"comparison", "N = 5\nf(3)\nf(N)\nf(2 * 4)\nf(g())\n", []Condition{&MetavarComparison{Metavar: "$X", Comparison: "$X > 4"}}, "f(N)\nf(2 * 4)"},
		{"pattern", "f(g(1))\nf(h(1))\n", []Condition{&MetavarPattern{Metavar: "$X", F: &Leaf{Text: "g($Y)"}}}, "f(g(1)) $Y=1"},
		{"pattern deeper", "f(h(g(1)))\n", []Condition{&MetavarPattern{Metavar: "$X", F: &Leaf{Text: "g($Y)"}}}, "f(h(g(1))) $Y=1"},
		{"pattern with conditions", "f(g(1))\nf(g(2))\n", []Condition{&MetavarPattern{Metavar: "$X", F: &And{
			Of: []Formula{&Leaf{Text: "g($Y)"}}, Where: []Condition{&MetavarComparison{Comparison: "$Y == 2"}},
		}}}, "f(g(2)) $Y=2"},
		{"pattern that must not be", "f(g(1))\nf('a')\nf(b)\n", []Condition{&MetavarPattern{Metavar: "$X", F: &And{
			Of: []Formula{&Not{F: &Leaf{Text: "g(...)"}}, &Not{F: &Leaf{Text: `"..."`}}},
		}}}, "f(b)"},
		{"a string as text", "f('SELECT x FROM y')\nf('no')\n", []Condition{&MetavarPattern{Metavar: "$X", Lang: &generic, F: &Leaf{Text: "FROM $Y", Lang: Generic}}}, "f('SELECT x FROM y') $Y=y"},
		{"a string with escapes as text", "f('FROM\\ny')\n", []Condition{&MetavarPattern{Metavar: "$X", Lang: &generic, F: &Leaf{Text: "FROM $Y", Lang: Generic}}}, "f('FROM\\ny') $Y=y"},
		{"a string by regular expressions", "f('key=1')\nf('no')\n", []Condition{&MetavarPattern{Metavar: "$X", Lang: &re, F: &Regex{Text: `key=(\d)`}}}, "f('key=1') $1=1"},
		{"a string as Python", "f('g(1)')\nf('x y')\nf(g(1))\n", []Condition{&MetavarPattern{Metavar: "$X", Lang: &python, F: &Leaf{Text: "g($Y)"}}}, "f('g(1)') $Y=1"},
		{"a name's string as Python", "s = 'g(1)'\nf(s)\n", []Condition{&MetavarPattern{Metavar: "$X", Lang: &python, F: &Leaf{Text: "g($Y)"}}}, "f(s) $Y=1"},
		{"entropy", "f('x8Zk2LmQ9vR4tYw7Bn3Jd6Fs1Hc5Gp0Ke')\nf('secret')\n", []Condition{&MetavarAnalysis{Metavar: "$X", Analyzer: "entropy"}}, "f('x8Zk2LmQ9vR4tYw7Bn3Jd6Fs1Hc5Gp0Ke')"},
		{"type", "f('a')\nf(1)\n", []Condition{&MetavarType{Metavar: "$X", Types: []string{"int"}}}, "f(1)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, wrong := Compile([]Rule{{ID: "r", F: &And{Of: []Formula{call}, Where: tt.where}, Options: DefaultOptions()}})
			if len(wrong) > 0 {
				t.Fatal(wrong)
			}
			p := program.New(program.Options{})
			m := p.Add(source.New("a.py", tt.text))
			p.Link()
			found, _ := set.Match(m, nil)
			var got []string
			for _, f := range found {
				line := m.File.Slice(f.Span)
				for _, b := range f.Bindings {
					if b.Name == "$Y" || b.Name == "$1" {
						line += " " + b.Name + "=" + b.Text
					}
				}
				got = append(got, line)
			}
			if s := strings.Join(got, "\n"); s != tt.want {
				t.Errorf("got\n%s\nwant\n%s", s, tt.want)
			}
		})
	}
}
