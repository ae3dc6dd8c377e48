package explain

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/rules"
)

func builtin(t *testing.T) []*rule.Rule {
	t.Helper()
	l, err := rule.LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	return l.Rules
}

// TestPagesAreCurrent: docs/rules says what the rules say.
func TestPagesAreCurrent(t *testing.T) {
	pages := Pages(builtin(t))
	folder := filepath.Join("..", "..", "docs", "rules")
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if pages[filepath.Base(f)] == "" {
			t.Errorf("%s is of no area: run go generate ./rules", f)
		}
	}
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != want {
			t.Errorf("%s is not what the rules say: run go generate ./rules (%v)", filepath.Join(folder, name), err)
		}
	}
	for name, want := range Pages(builtin(t)) {
		if pages[name] != want {
			t.Errorf("%s is not the same twice", name)
		}
	}
}

// TestLinks: every link of the pages leads to a page and a heading that are there.
func TestLinks(t *testing.T) {
	pages := Pages(builtin(t))
	headings := map[string]bool{}
	for name, text := range pages {
		headings[name] = true
		for _, m := range regexp.MustCompile(`(?m)^## ([a-z][-.a-z0-9]*)$`).FindAllStringSubmatch(text, -1) {
			headings[name+"#"+anchor(m[1])] = true
		}
	}
	n := 0
	code := regexp.MustCompile("(?s)```.*?\n```|`[^`\n]*`|(?m)^> .*$") // where brackets are no links
	for name, text := range pages {
		text = code.ReplaceAllString(text, "")
		for _, m := range regexp.MustCompile(`\]\(([^()\s:]*)\)`).FindAllStringSubmatch(text, -1) {
			to := m[1]
			if strings.HasPrefix(to, "#") {
				to = name + to
			}
			n++
			if !headings[to] {
				t.Errorf("%s: the link to %s leads nowhere", name, m[1])
			}
		}
	}
	if n < 2*len(builtin(t)) {
		t.Errorf("only %d links", n)
	}
}

// TestText: every rule says all of it, on a terminal as on its page.
func TestText(t *testing.T) {
	pages := Pages(builtin(t))
	for _, r := range builtin(t) {
		text, page := Text(r), pages[r.Area()+".md"]
		for _, want := range []string{r.ID, r.Title, finding.CWEName(r.CWE[0]), "# wadjet: ignore[" + r.ID + "]", strings.TrimSpace(strings.SplitN(r.Why, "\n", 2)[0]), r.References[0]} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q on a terminal", r.ID, want)
			}
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q on its page", r.ID, want)
			}
		}
		if finding.PlainLines(text) != text {
			t.Errorf("%s has what a terminal obeys", r.ID)
		}
	}
}

func TestAliases(t *testing.T) {
	r := &finding.Rule{Aliases: map[string][]string{"ruff": {"S1"}, "zeta": {"Z"}, "bandit": {"B1", "B2"}, "alpha": {"A"}}}
	if got := strings.Join(aliases(r), "; "); got != "Bandit B1, B2; Ruff S1; alpha A; zeta Z" {
		t.Errorf("got %s", got)
	}
}
