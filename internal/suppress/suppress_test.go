package suppress

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// comments finds them as the parser would; the tests have no # in strings.
func comments(f *source.File) (out []source.Span) {
	for line := 1; line <= f.NumLines(); line++ {
		span := f.LineSpan(line)
		if i := strings.IndexByte(f.Slice(span), '#'); i >= 0 {
			out = append(out, source.Span{Start: span.Start + uint32(i), End: span.End})
		}
	}
	return out
}

// statements says that lines first to last of each pair are one statement.
func statements(pairs ...[2]int) func(int) (int, int) {
	return func(line int) (int, int) {
		for _, p := range pairs {
			if p[0] <= line && line <= p[1] {
				return p[0], p[1]
			}
		}
		return line, line
	}
}

var shell = &finding.Rule{ID: "subprocess-shell", Weakness: "os-command", Aliases: map[string][]string{
	"bandit": {"B602"}, "ruff": {"S602"}, "semgrep": {"python.lang.security.audit.subprocess-shell-true"}, "codeql": {"py/command-line-injection"}}}

func onLine(rule *finding.Rule, f *source.File, line int) *finding.Finding {
	return &finding.Finding{Rule: rule, File: f, Span: f.LineSpan(line), Aliases: rule.Aliases}
}

// Each comment stands behind a finding of the rule above.
func TestComments(t *testing.T) {
	for _, tt := range []struct {
		comment string
		want    string // how it ends: "", "named" or "blanket"
		reason  string
	}{
		{"# wadjet: ignore[subprocess-shell]", "named", ""},
		{"# wadjet: ignore[subprocess-shell] the command is ours", "named", "the command is ours"},
		{"#wadjet:ignore[subprocess-shell]: see issue #12", "named", "see issue #12"},
		{"# WADJET : Ignore[other, B602]", "named", ""},
		{"# wadjet: ignore[os-command]", "named", ""},
		{"# wadjet: ignore[other]", "", ""},
		{"# wadjet: ignore[]", "", ""},
		{"# wadjet: ignore[*] all", "blanket", "all"},
		{"# wadjet: ignore", "blanket", ""},
		{"# wadjet: ignore -- the input is trusted", "blanket", "the input is trusted"},
		{"# wadjet: ignore subprocess-shell", "named", ""},
		{"# wadjet: ignore other-rule, and why", "", ""},
		{"# wadjet: ignored", "", ""},
		{"# wadjet: ignore-next", "", ""},
		{"# says wadjet: ignore[subprocess-shell]", "", ""},
		{"# use `wadjet: ignore` here", "", ""},
		{"# why # wadjet: ignore[subprocess-shell]", "named", ""},

		{"# nosec", "blanket", ""},
		{"#nosec", "blanket", ""},
		{"# NOSEC", "blanket", ""},
		{"# nosec the input is trusted", "blanket", "the input is trusted"},
		{"# nosec - trusted", "blanket", "trusted"},
		{"# nosec B602", "named", ""},
		{"# nosec: B602", "named", ""},
		{"# nosec B101, B602 trusted", "named", "trusted"},
		{"# nosec B101 B602", "named", ""},
		{"# nosec B101,B602,B607", "named", ""},
		{"# nosec subprocess_popen_with_shell_equals_true", "named", ""},
		{"# nosec subprocess-shell", "named", ""},
		{"# nosec S602", "named", ""},
		{"# nosec B101", "", ""},
		{"# nosec assert_used", "", ""},
		{"# nosecurity here", "", ""},
		{"# there is nosec here", "", ""},
		{"# noqa: E501 # nosec B602 # pylint: disable=all", "named", ""},

		{"# noqa", "blanket", ""},
		{"# NoQA", "blanket", ""},
		{"# noqa: S602", "named", ""},
		{"# noqa:S602,E501", "named", ""},
		{"# noqa: E501 S602 why", "named", "why"},
		{"# noqa: S6", "named", ""},
		{"# noqa: S", "named", ""},
		{"# noqa: E501", "", ""},
		{"# noqa: S60 2", "named", "2"},
		{"# noqa: ???", "", ""},
		{"# noqa : S602", "named", ""},
		{"# ruff: ignore[S602] why", "named", "why"},
		{"# ruff: ignore", "", ""},

		{"# nosemgrep", "blanket", ""},
		{"# nosem", "blanket", ""},
		{"# nosemgrep: subprocess-shell", "named", ""},
		{"# nosemgrep: other, python.lang.security.audit.subprocess-shell-true", "named", ""},
		{"# NoSemgrep:rules.subprocess-shell-true", "named", ""},
		{"# nosemgrep: other", "", ""},

		{"# NOSONAR", "blanket", ""},
		{"# NOSONAR(S4721)", "", ""},
		{"# codeql[py/command-line-injection]", "named", ""},
		{"# codeql[py/other]", "", ""},
		{"# codeql", "", ""},
		{"# lgtm[py/command-line-injection]", "named", ""},

		{"# gitleaks:allow", "", ""},
		{"# pragma: allowlist secret", "", ""},
		{"# pragma: no cover", "", ""},
		{"#", "", ""},
		{"###", "", ""},
	} {
		f := source.New("a.py", "run(x)  "+tt.comment+"\n")
		s := Scan(f, comments(f), statements())
		got := s.Match(onLine(shell, f, 1))
		verdict := ""
		switch {
		case got != nil && len(s.Blanket()) > 0:
			verdict = "blanket"
		case got != nil:
			verdict = "named"
		}
		if verdict != tt.want {
			t.Errorf("%s: %q, want %q", tt.comment, verdict, tt.want)
		} else if got != nil && (got.Reason != tt.reason || got.Kind != "inline" || got.Line != 1) {
			t.Errorf("%s: %+v, want reason %q", tt.comment, got, tt.reason)
		}
	}
}

// In each text the lines with ! are silenced for the rule above, those with ? are not.
func TestReach(t *testing.T) {
	for _, tt := range []struct {
		name       string
		statements [][2]int
		text       string
	}{
		{"the line alone", nil, "?\n! # nosec\n?"},
		{"any line of the statement", [][2]int{{1, 4}}, "!\n!\n! # nosec B602\n!\n?"},
		{"own line within the statement", [][2]int{{1, 3}}, "!\n# nosec\n!\n?"},
		{"own line, Bandit's: nothing", nil, "# nosec\n?"},
		{"own line, ours: the next statement", [][2]int{{2, 3}}, "# wadjet: ignore[subprocess-shell]\n!\n!\n?"},
		{"own line, others between", nil, "# wadjet: ignore[subprocess-shell]\n# why\n\n!\n?"},
		{"own line, first of a body", [][2]int{{1, 2}}, "?\n    # wadjet: ignore[subprocess-shell]\n    !\n    ?"},
		{"own line, last of the file", nil, "?\n# wadjet: ignore"},
		{"behind code: not the next line", nil, "! # wadjet: ignore\n?"},
		{"nosemgrep above", nil, "# nosemgrep\n!\n?"},
		{"codeql above", nil, "# codeql[py/command-line-injection]\n!\n?"},
		{"noqa above: nothing", nil, "# noqa\n?"},
		{"file", nil, "!\n# wadjet: ignore-file[subprocess-shell] generated\n!"},
		{"file, other rule", nil, "# wadjet: ignore-file[other]\n?"},
		{"ruff file", nil, "# ruff: noqa: S602\n!\n!"},
		{"ruff file, bare", nil, "# ruff: noqa\n!"},
		{"ruff file-ignore", nil, "# ruff: file-ignore[S602]\n!"},
		{"flake8 file", nil, "# flake8: noqa\n!"},
		{"flake8 file, other", nil, "# flake8: noqa: E501\n?"},
		{"ruff range", nil, "?\n# ruff: disable[S602, E501]\n!\n# ruff: enable[S602]\n?"},
		{"ruff range, another code ends", nil, "# ruff: disable[S602, E501]\n!\n# ruff: enable[E501]\n!"},
		{"ruff range without end", nil, "# ruff: disable[S602]\n!\n!"},
		{"CRLF", nil, "! # nosec\r\n?\r\n# wadjet: ignore\r\n!"},
	} {
		f := source.New("a.py", tt.text)
		s := Scan(f, comments(f), statements(tt.statements...))
		for line := 1; line <= f.NumLines(); line++ {
			text := strings.TrimSpace(f.Line(line))
			if !strings.HasPrefix(text, "!") && !strings.HasPrefix(text, "?") {
				continue
			}
			got := s.Match(onLine(shell, f, line)) != nil
			if want := text[0] == '!'; got != want {
				t.Errorf("%s: line %d silenced: %v", tt.name, line, got)
			}
		}
	}
}

func TestFlowsAndSecrets(t *testing.T) {
	f := source.New("a.py", "a  # noqa\nb  # nosemgrep\nc  # NOSONAR\nd  # noqa: S602\ne  # nosec\ng  # gitleaks:allow\nh = 1 # pragma: allowlist secret\n# pragma: allowlist nextline secret\nj\n")
	s := Scan(f, comments(f), statements())
	for line, want := range map[int]bool{1: false, 2: false, 3: false, 4: true, 5: true} {
		flow := onLine(shell, f, line)
		flow.Trace = []finding.Step{{File: f}}
		if got := s.Match(flow) != nil; got != want {
			t.Errorf("flow on line %d silenced: %v", line, got)
		}
	}
	secret := &finding.Rule{ID: "password", Secret: true}
	for _, line := range []int{5, 6, 7, 9} {
		if s.Match(onLine(secret, f, line)) == nil {
			t.Errorf("secret on line %d is not silenced", line)
		}
	}
	if s.Match(onLine(secret, f, 1)) != nil {
		t.Error("a bare noqa silences what Ruff does not report")
	}
	for _, b := range s.Blanket() {
		if strings.Contains(b.Text, "allow") {
			t.Errorf("%q is about secrets, and no blanket", b.Text)
		}
	}
}

func TestUnusedAndBlanket(t *testing.T) {
	f := source.New("a.py", `a  # wadjet: ignore[subprocess-shell] why
b  # wadjet: ignore[other]
c  # wadjet: ignore
d  # nosec
e  # nosec B101
g  # noqa: E501
h  # wadjet: ignore[]
# wadjet: ignore-file[more]
i  # nosec # wadjet: ignore[subprocess-shell]
`)
	s := Scan(f, comments(f), statements())
	for _, line := range []int{1, 4, 9} {
		s.Match(onLine(shell, f, line))
	}
	list := func(items []Item) (out []string) {
		for _, i := range items {
			out = append(out, fmt.Sprint(i.Line, " ", i.Text))
		}
		return out
	}
	want := []string{"2 # wadjet: ignore[other]", "3 # wadjet: ignore", "7 # wadjet: ignore[]", "8 # wadjet: ignore-file[more]"}
	if got := list(s.Unused()); !slices.Equal(got, want) {
		t.Errorf("unused: %q, want %q", got, want)
	}
	if got := list(s.Blanket()); !slices.Equal(got, []string{"4 # nosec"}) {
		t.Errorf("blanket: %q", got)
	}
}

func TestNames(t *testing.T) {
	for id, want := range map[string]bool{"subprocess-shell": true, "os-command": true, "b602": true, "S602": true, "subprocess_popen_with_shell_equals_true": true,
		"B101": false, "shell": false, "": false} {
		if Names(shell, id) != want {
			t.Errorf("Names(%q) is %v", id, !want)
		}
	}
}

// TestNotebook: lines are those of the cell.
func TestNotebook(t *testing.T) {
	f := source.New("a.ipynb", "x\n! # nosec\n")
	f.Segments = []source.Segment{{Start: 0, Cell: 1, Line: 1}, {Start: 2, Cell: 2, Line: 1}}
	s := Scan(f, comments(f), statements())
	if got := s.Match(onLine(shell, f, 2)); got == nil || got.Line != 1 {
		t.Errorf("got %+v", got)
	}
}

// FuzzScan: no comment makes it fail, and what it says of a comment is in the comment.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"# nosec B602", "# wadjet: ignore[a, b] c", "# ruff: disable[S1]\n# ruff: enable[S1]", "# noqa : : ,", "# pragma: allowlist nextline secret", "# wadjet: ignore[", "# nosonar("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := source.New("a.py", text)
		s := Scan(file, comments(file), statements())
		for line := 1; line <= min(file.NumLines(), 50); line++ {
			if m := s.Match(onLine(shell, file, line)); m != nil && (!strings.Contains(text, m.Text) || !strings.Contains(m.Text, m.Reason)) {
				t.Errorf("%q: %+v", text, m)
			}
		}
		s.Unused()
		s.Blanket()
	})
}

// TestKeepForeign: in an audit only what names a rule, or was written for security, silences.
func TestKeepForeign(t *testing.T) {
	for comment, want := range map[string]bool{
		"# noqa": false, "# nosem": false, "# NOSONAR": false,
		"# noqa: S602": true, "# nosemgrep: subprocess-shell": true, "# nosec": true, "# wadjet: ignore": true,
	} {
		f := source.New("a.py", "run(x)  "+comment+"\n")
		s := Scan(f, comments(f), statements())
		s.KeepForeign = true
		if got := s.Match(onLine(shell, f, 1)) != nil; got != want {
			t.Errorf("%s: silenced %v, want %v", comment, got, want)
		}
	}
}
