package scan

import (
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/suppress"
)

// TestProvenAgain: a flow under another tool's comment is shown, says so, and does not gate.
func TestProvenAgain(t *testing.T) {
	text := "run(x)  # nosec B602\n"
	for _, tt := range []struct {
		foreign           suppress.Foreign
		flow              bool
		suppressed, gates bool
	}{
		{suppress.Recheck, true, false, false},
		{suppress.Recheck, false, true, false},
		{suppress.Honour, true, true, false},
		{suppress.Ignore, true, false, true},
	} {
		r := &rule.Rule{Rule: finding.Rule{ID: "shell", Aliases: map[string][]string{"bandit": {"B602"}}}}
		p := program.New(program.Options{})
		f := source.New("app.py", text)
		j := &job{file: f, module: p.Add(f), policy: &Policy{FailOn: finding.High, Foreign: tt.foreign}}
		found := &finding.Finding{Rule: &r.Rule, File: f, Span: source.Span{End: 6}, Message: "m", Severity: finding.High, Confidence: finding.Sure}
		if tt.flow {
			found.Trace = []finding.Step{{File: f}}
		}
		j.findings = []*finding.Finding{found}
		s := &state{o: Options{Rules: &rule.Set{Rules: []*rule.Rule{r}}}}
		s.suppress(j)
		if got := found.Suppressed != nil; got != tt.suppressed {
			t.Errorf("%+v: suppressed %v", tt, got)
		}
		if got := j.policy.gates(found); got != tt.gates {
			t.Errorf("%+v: gates %v", tt, got)
		}
		if got := strings.Contains(found.Message, "proven since"); got != (found.Again != nil) {
			t.Errorf("%+v: message %q", tt, found.Message)
		}
	}
}

// TestIdle: which comments are said to silence nothing, under which profile.
func TestIdle(t *testing.T) {
	const text = `a  # wadjet: ignore[shell]
b  # wadjet: ignore[other]
c  # wadjet: ignore
d  # nosec B602
e  # noqa: E501
f  # nosec
g  # nosec B602, B999
`
	rules := []*rule.Rule{{Rule: finding.Rule{ID: "shell", Aliases: map[string][]string{"bandit": {"B602"}}}}}
	for _, tt := range []struct {
		profile rule.Profile
		active  []bool
		lines   []int
		counted int
	}{
		{rule.Default, nil, []int{1}, 2},
		{rule.Strict, nil, []int{1, 4, 7}, 0},
		{rule.Audit, nil, []int{1, 3, 4, 7}, 0},
		{rule.Audit, []bool{false}, nil, 0},
	} {
		p := program.New(program.Options{})
		f := source.New("app.py", text)
		j := &job{file: f, module: p.Add(f), policy: &Policy{Profile: tt.profile, Active: tt.active}}
		s := &state{o: Options{Rules: &rule.Set{Rules: rules}}}
		s.suppress(j)
		var lines []int
		for _, i := range j.incidents {
			if i.Code == "unused-suppression" {
				lines = append(lines, i.Line)
			}
		}
		if !slices.Equal(lines, tt.lines) || j.idle != tt.counted {
			t.Errorf("%s: lines %v and %d more, want %v and %d", tt.profile, lines, j.idle, tt.lines, tt.counted)
		}
	}
}
