package suppress

import (
	"fmt"
	"math/rand/v2"
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

// match is the comment that silences a finding, or nil.
func match(s *Set, f *finding.Finding) *finding.Suppression {
	if by, again := s.Match(f); !again {
		return by
	}
	return nil
}

var shell = &finding.Rule{ID: "subprocess-shell", Weakness: "os-command", Aliases: map[string][]string{
	"bandit": {"B602"}, "ruff": {"S602"}, "semgrep": {"python.lang.security.audit.subprocess-shell-true"}, "codeql": {"py/command-line-injection"},
	"dlint": {"DUO116"}, "sonar": {"python:S4721"}, "checkov": {"CKV_X_1"}, "trivy": {"AVD-X-0001"}, "zizmor": {"template-injection"}}}

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
		{"# nosec(B602)", "named", ""},
		{"# nosec[B602] why", "named", "why"},
		{"# nosec (B101)", "", ""},
		{"# nosec, B602", "named", ""},
		{"# nosec because B602 is fine", "named", "because B602 is fine"},
		{"# nosec - B101", "", ""},
		{"# nosec the eval is ours", "", ""},
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
		{"# ruff: ignore[]", "", ""},
		{"# ruff: ignore[S6]", "", ""},
		{"# ruff:ignore[E501,subprocess-popen-with-shell-equals-true]", "named", ""},
		{"# ruff: ignore[subprocess-without-shell-equals-true]", "", ""},
		{"# noqa: subprocess-popen-with-shell-equals-true", "", ""},
		{"# ruff: disable[S602]", "", ""},
		{"# ruff: file-ignore[S602]", "", ""},
		{"# fmt: skip # ruff: ignore[S602]", "named", ""},

		{"# nosemgrep", "blanket", ""},
		{"# nosem", "blanket", ""},
		{"# nosemgrep: subprocess-shell", "named", ""},
		{"# nosemgrep: other, python.lang.security.audit.subprocess-shell-true", "named", ""},
		{"# NoSemgrep:rules.subprocess-shell-true", "named", ""},
		{"# nosemgrep: other", "", ""},

		{"# NOSONAR", "blanket", ""},
		{"# NOSONAR(S4721)", "named", ""},
		{"# NOSONAR(S1313, python:S4721) why", "named", "why"},
		{"# NOSONAR(S1313)", "", ""},
		{"# NOSONAR(S602)", "", ""},
		{"# noqa: S4721", "", ""},
		{"# noqa: DUO116", "named", ""},
		{"# noqa: DUO", "", ""},
		{"# codeql[py/command-line-injection]", "named", ""},
		{"# codeql[py/other]", "", ""},
		{"# codeql", "", ""},
		{"# lgtm[py/command-line-injection]", "named", ""},

		{"# trivy:ignore:AVD-X-0001", "named", ""},
		{"#trivy:ignore:AVD-X-0001:exp:2099-01-31", "named", ""},
		{"#trivy:ignore:AVD-X-0001:exp:2026-11-25", "named", ""},
		{"#trivy:ignore:AVD-X-0001:exp:2026-11-24", "", ""},
		{"#trivy:ignore:AVD-X-0002", "", ""},
		{"# trivy:ignore", "", ""},
		{"# checkov:skip=CKV_X_1:the bucket is public", "named", "the bucket is public"},
		{"#checkov:skip=CKV_X_2,CKV_X_1", "named", ""},
		{"# checkov:skip=CKV_X_2", "", ""},
		{"# zizmor: ignore[template-injection]", "named", ""},
		{"# zizmor: ignore[other]", "", ""},
		{"# zizmor: ignore", "", ""},

		{"# gitleaks:allow", "", ""},
		{"# pragma: allowlist secret", "", ""},
		{"# pragma: no cover", "", ""},
		{"#", "", ""},
		{"###", "", ""},
	} {
		f := source.New("a.py", "run(x)  "+tt.comment+"\n")
		s := Scan(f, comments(f), statements())
		s.Today = "2026-11-25"
		got := match(s, onLine(shell, f, 1))
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
		{"ruff range, names", nil, "# ruff: disable[subprocess-popen-with-shell-equals-true]\n!\n# ruff: enable[subprocess-popen-with-shell-equals-true]\n?"},
		{"ruff range, its block", nil, "if a:\n    # ruff: disable[S602]\n    !\n    if b:\n        !\n\n  # a comment, further left\n    !\n?"},
		{"ruff range, last block", nil, "if a:\n    # ruff: disable[S602]\n    !"},
		{"ruff range, text further left", [][2]int{{3, 5}}, "if a:\n    # ruff: disable[S602]\n    !\nx\n\n    !\n?"},
		{"ruff range, ended elsewhere", nil, "# ruff: disable[S602]\nif a:\n    !\n    # ruff: enable[S602]\n    !\n!"},
		{"ruff range, twice", nil, "# ruff: disable[S602]\n!\n# ruff: enable[S602]\n?\n# ruff: disable[S602]\n!\n# ruff: enable[S602]\n?"},
		{"ruff range, nested blocks", nil, "if a:\n    # ruff: disable[S602]\n    if b:\n        # ruff: disable[S602]\n        !\n    !\n?"},
		{"ruff range behind code: nothing", nil, "? # ruff: disable[S602]\n?"},
		{"ruff file-ignore in a block: nothing", nil, "if a:\n    # ruff: file-ignore[S602]\n    ?"},
		{"ruff ignore above", [][2]int{{3, 4}}, "# ruff: ignore[S602] why\n# and more\n!\n!\n?"},
		{"ruff ignore within a statement", [][2]int{{1, 3}}, "!\n    # ruff: ignore[S602]\n!\n?"},
		{"nosemgrep, the line before", nil, "?\n# nosemgrep: subprocess-shell\n!\n?"},
		{"checkov above", nil, "# checkov:skip=CKV_X_1:why\n!\n?"},
		{"CRLF", nil, "! # nosec\r\n?\r\n# wadjet: ignore\r\n!"},
	} {
		f := source.New("a.py", tt.text)
		s := Scan(f, comments(f), statements(tt.statements...))
		for line := 1; line <= f.NumLines(); line++ {
			text := strings.TrimSpace(f.Line(line))
			if !strings.HasPrefix(text, "!") && !strings.HasPrefix(text, "?") {
				continue
			}
			got := match(s, onLine(shell, f, line)) != nil
			if want := text[0] == '!'; got != want {
				t.Errorf("%s: line %d silenced: %v", tt.name, line, got)
			}
		}
	}
}

func TestSecrets(t *testing.T) {
	f := source.New("a.py", "a  # noqa\n\n\n\ne  # nosec\ng  # gitleaks:allow\nh = 1 # pragma: allowlist secret\n# pragma: allowlist nextline secret\nj\n")
	s := Scan(f, comments(f), statements())
	secret := &finding.Rule{ID: "password", Secret: true}
	for _, line := range []int{5, 6, 7, 9} {
		if match(s, onLine(secret, f, line)) == nil {
			t.Errorf("secret on line %d is not silenced", line)
		}
	}
	if match(s, onLine(secret, f, 1)) != nil {
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
j  # nosec B101, B602 why
`)
	s := Scan(f, comments(f), statements())
	for _, line := range []int{1, 4, 9, 10} {
		match(s, onLine(shell, f, line))
	}
	list := func(items []Item) (out []string) {
		for _, i := range items {
			text := fmt.Sprint(i.Line, " ", i.Text)
			if i.Foreign {
				text += " (foreign)"
			}
			if i.Part {
				text += fmt.Sprint(" but for ", i.IDs)
			}
			out = append(out, text)
		}
		return out
	}
	want := []string{"2 # wadjet: ignore[other]", "3 # wadjet: ignore", "5 # nosec B101 (foreign)", "6 # noqa: E501 (foreign)", "7 # wadjet: ignore[]", "8 # wadjet: ignore-file[more]", "10 # nosec B101, B602 why (foreign) but for [B101]"}
	if got := list(s.Unused()); !slices.Equal(got, want) {
		t.Errorf("unused: %q, want %q", got, want)
	}
	if got := list(s.Blanket()); !slices.Equal(got, []string{"4 # nosec (foreign)"}) {
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
	if got := match(s, onLine(shell, f, 2)); got == nil || got.Line != 1 {
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
			if m := match(s, onLine(shell, file, line)); m != nil && (!strings.Contains(text, m.Text) || !strings.Contains(m.Text, m.Reason)) {
				t.Errorf("%q: %+v", text, m)
			}
		}
		s.Unused()
		s.Blanket()
	})
}

// TestForeign: what each comment does to what was found by a pattern, answered a query, and was proven by a flow.
func TestForeign(t *testing.T) {
	type by struct{ pattern, query, flow string }
	yes, no := by{"silenced", "silenced", "silenced"}, by{"shown", "shown", "shown"}
	again := by{"silenced", "silenced", "again"}
	bare := by{"silenced", "shown", "shown"}
	for _, tt := range []struct {
		comment                        string
		recheck, audit, honour, ignore by
	}{
		{"# wadjet: ignore", yes, yes, yes, yes},
		{"# wadjet: ignore[B602]", yes, yes, yes, yes},
		{"# nosec", again, again, yes, no},
		{"# nosec B602", again, again, yes, no},
		{"# noqa", bare, no, yes, no},
		{"# noqa: S602", again, again, yes, no},
		{"# ruff: ignore[S602]", again, again, yes, no},
		{"# nosemgrep", bare, no, yes, no},
		{"# nosemgrep: subprocess-shell", again, again, yes, no},
		{"# NOSONAR", bare, no, yes, no},
		{"# NOSONAR(S4721)", again, again, yes, no},
		{"# lgtm", bare, no, yes, no},
		{"# codeql[py/command-line-injection]", again, again, yes, no},
		{"# checkov:skip=CKV_X_1", again, again, yes, no},
	} {
		for _, mode := range []struct {
			name string
			Options
			want by
		}{
			{"recheck", Options{}, tt.recheck},
			{"audit", Options{KeepForeign: true}, tt.audit},
			{"honour", Options{Foreign: Honour, KeepForeign: true}, tt.honour},
			{"ignore", Options{Foreign: Ignore}, tt.ignore},
		} {
			f := source.New("a.py", "run(x)  "+tt.comment+"\n")
			s := Scan(f, comments(f), statements())
			s.Options = mode.Options
			verdict := func(f *finding.Finding) string {
				switch by, again := s.Match(f); {
				case again:
					return "again"
				case by != nil:
					return "silenced"
				}
				return "shown"
			}
			asked := *shell
			asked.Asked = true
			flow := onLine(shell, f, 1)
			flow.Trace = []finding.Step{{File: f}}
			if got := (by{verdict(onLine(shell, f, 1)), verdict(onLine(&asked, f, 1)), verdict(flow)}); got != mode.want {
				t.Errorf("%s, %s: %+v, want %+v", tt.comment, mode.name, got, mode.want)
			}
		}
	}
	for _, name := range []string{"recheck", "honour", "ignore"} {
		if f, ok := ParseForeign(name); !ok || f.String() != name {
			t.Errorf("%s is read as %v", name, f)
		}
	}
	if _, ok := ParseForeign("honor"); ok {
		t.Error("honor is no word for it")
	}
}

// TestInside: Bandit's comment may stand inside what the finding is about, but in a function or class it must name the test.
func TestInside(t *testing.T) {
	for text, want := range map[string]bool{
		"except E:\n    pass  # nosec\n":          true,
		"except E:\n    # nosec\n    pass\n":      true,
		"except E:\n    pass  # nosec B602\n":     true,
		"except E:\n    pass  # noqa\n":           false,
		"def f(a=1):\n    pass  # nosec\n":        false,
		"async def f():\n    pass  # nosec\n":     false,
		"@a\ndef f(a=1):\n    pass  # nosec\n":    false,
		"class A:\n    pass  # nosec\n":           false,
		"def f(a=1):\n    pass  # nosec B602\n":   true,
		"except E:\n    pass\n\nx = 1  # nosec\n": false,
	} {
		f := source.New("a.py", text)
		s := Scan(f, comments(f), statements())
		found := onLine(shell, f, 1)
		found.Span = source.Span{End: uint32(strings.Index(text, "pass") + 4)}
		if got := match(s, found) != nil; got != want {
			t.Errorf("%q silenced: %v", text, got)
		}
	}
}

func TestExpired(t *testing.T) {
	f := source.New("a.py", "a  # trivy:ignore:AVD-X-0001:exp:2026-01-31\nb  # trivy:ignore:AVD-X-0001:exp:2026-12-31\n")
	s := Scan(f, comments(f), statements())
	s.Today = "2026-11-25"
	if got := s.Expired(); len(got) != 1 || got[0].Line != 1 {
		t.Errorf("expired: %+v", got)
	}
	if got := s.Unused(); len(got) != 1 || got[0].Line != 2 {
		t.Errorf("unused: %+v", got)
	}
}

// TestHostile puts comments together from what means something in them. Nothing may fail, a comment must be repeated as it
// stands, and no finding may be silenced on a line that no comment with a directive is near.
func TestHostile(t *testing.T) {
	parts := []string{"#", "# ", " ", "\n", "\n    ", "\t", "\r\n", "\x00", "é", "\u202e", "]", "[", "[]", "[*]", ":", "=", ",", "(", ")", "x", "def f():",
		"nosec", "noqa", "nosem", "nosemgrep", "NOSONAR", "wadjet: ignore", "wadjet:ignore-file", "ruff: disable", "ruff: enable", "ruff: ignore",
		"ruff: file-ignore", "ruff: noqa", "flake8: noqa", "codeql", "lgtm", "trivy:ignore:", "checkov:skip=", "zizmor: ignore", "exp:2026-01-01",
		"gitleaks:allow", "pragma: allowlist nextline secret", "S602", "B602", "subprocess-shell", "[S602]", "[S602, E501]", "AVD-X-0001"}
	r := rand.New(rand.NewPCG(4, 2))
	silenced := 0
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(14) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := b.String()
		f := source.New("a.py", text)
		s := Scan(f, comments(f), statements())
		for line := 1; line <= f.NumLines(); line++ {
			by, _ := s.Match(onLine(shell, f, line))
			if by == nil {
				continue
			}
			silenced++
			if !strings.Contains(text, by.Text) || !strings.Contains(by.Text, by.Reason) || !strings.HasPrefix(by.Text, "#") {
				t.Fatalf("%q: %+v", text, by)
			}
			if by.Line > f.NumLines() || !strings.Contains(f.Line(by.Line), strings.TrimRight(by.Text, " \t")) {
				t.Fatalf("%q: %q is not on line %d", text, by.Text, by.Line)
			}
		}
		s.Unused()
		s.Blanket()
		s.Expired()
	}
	if silenced < 300 {
		t.Errorf("only %d findings were silenced: the parts say nothing", silenced)
	}
}

// TestMany: the time that a file of nothing but comments takes grows with its size, not with its square.
func TestMany(t *testing.T) {
	for _, line := range []string{"# wadjet: ignore[a]\n", "# wadjet: ignore-file[a]\n", "# ruff: disable[S1]\n", " # ruff: disable[S1]\nx\n", "x # nosec # nosec # nosec\n", "# nosem\n\n"} {
		cost := func(n int) int {
			f := source.New("a.py", strings.Repeat(line, n))
			all := comments(f)
			asked := 0
			s := Scan(f, all, func(line int) (int, int) { asked++; return line, line })
			looked := 0
			for at := 1; at <= f.NumLines(); at += 1 + n/100 {
				for _, list := range [][]*directive{s.wide, s.near(at, at)} {
					looked += len(list)
				}
			}
			return asked + looked
		}
		if small, large := cost(2000), cost(20000); large > 20*small+1000 {
			t.Errorf("%q: %d steps for 2,000 lines, %d for 20,000", line, small, large)
		}
	}
	f := source.New("a.py", strings.Repeat("# wadjet: ignore-file[a]\n", maxWide+maxNear+10))
	if s := Scan(f, comments(f), statements()); s.Dropped == 0 {
		t.Error("nothing is said of comments that are not obeyed")
	}
}
