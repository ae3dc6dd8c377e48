package markdown

import (
	"flag"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var stories = []sample.Story{
	{Name: "mixed", New: New, Replay: sample.Mixed},
	{Name: "clean", New: New, Replay: sample.Clean},
	{Name: "blind", New: New, Replay: sample.Blind},
}

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

func many(n int) sample.Story {
	return sample.Story{New: New, Replay: func(h finding.Handler) error { return sample.Many(h, n) }}
}

// TestBound: however much is found, a comment takes the report, and what is left out is counted.
func TestBound(t *testing.T) {
	for _, n := range []int{1, 20, 21, 220, 221, 5000} {
		got := string(many(n).Render(t))
		if len(got) > 65536 {
			t.Errorf("%d findings make %d bytes", n, len(got))
		}
		listed := strings.Count(got, "app/many.py:")
		if left := n - listed; left > 0 != strings.Contains(got, "more findings, none of them worse") {
			t.Errorf("%d findings: %d are listed, and the rest is not counted", n, listed)
		}
		if n <= 20 && listed != n {
			t.Errorf("%d findings: only %d are listed", n, listed)
		}
		if !strings.Contains(got, "profile default.") {
			t.Errorf("%d findings: the end is missing", n)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain words, a.b(c) and x = 1", "plain words, a.b(c) and x = 1"},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"**x** _y_ `z` [a](b)", "\\*\\*x\\*\\* \\_y\\_ \\`z\\` \\[a\\](b)"},
		{"@admin see #12", "@<!-- -->admin see #<!-- -->12"},
		{"https://evil.example", "https:<!-- -->//evil.example"},
		{"a|b", `a\|b`},
		{"&lt;", "&amp;lt;"},
	} {
		if got := Escape(tt.in); got != tt.want {
			t.Errorf("Escape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMessage(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"use `a_b` or *c*", "use `a_b` or \\*c\\*"},
		{"one ` alone *b*", "one \\` alone \\*b\\*"},
		{"``", ""},
		{"`<b>` <b>", "`<b>` &lt;b&gt;"},
	} {
		if got := Message(tt.in); got != tt.want {
			t.Errorf("Message(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDedent(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"  a\n    b\n\n  c", "a\n  b\n\nc"},
		{"\ta\n  b", "\ta\n  b"},
		{"a\n  b", "a\n  b"},
		{"    a\n  b", "  a\nb"},
	} {
		if got := dedent(tt.in); got != tt.want {
			t.Errorf("dedent(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a.py:1", "`a.py:1`"},
		{"a`b", "``a`b``"},
		{"`a``b`", "``` `a``b` ```"},
		{"a\nb", "`a\\nb`"},
	} {
		if got := code(tt.in); got != tt.want {
			t.Errorf("code(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := fence("python", "x\n```\n</details>\n````\n"); got != "`````python\nx\n```\n</details>\n````\n`````\n\n" {
		t.Errorf("the fence can be ended: %q", got)
	}
	if got := prose("use `a < b`, <b>not</b> <!-- this"); got != "use `a < b`, &lt;b>not&lt;/b> &lt;!-- this" {
		t.Errorf("got %q", got)
	}
	if got := cell("`a|b` x\\|y"); got != "`a\\|b` x\\|y" {
		t.Errorf("got %q", got)
	}
}
