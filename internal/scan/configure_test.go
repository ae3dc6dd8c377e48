package scan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/settings"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// shown keeps what a scan shows, as FILE RULE SEVERITY.
type shown struct{ lines []string }

func (s *shown) Start(finding.Tool, []*finding.Rule) error { return nil }
func (s *shown) Incident(*finding.Incident) error          { return nil }
func (s *shown) Finish(*finding.Summary) error             { return nil }

func (s *shown) Finding(f *finding.Finding) error {
	if f.Suppressed == nil {
		s.lines = append(s.lines, fmt.Sprint(path.Base(f.File.Path), " ", f.Rule.ID, " ", f.Severity, " ", f.Confidence))
	}
	return nil
}

const anywhereRules = `rules:
  - {id: r0, languages: [python], severity: HIGH, message: m, pattern: r0(...)}
  - {id: r1, languages: [python], severity: LOW, message: m, pattern: r1(...), metadata: {confidence: LOW}}
  - {id: r2, languages: [python], severity: MEDIUM, message: m, pattern: r2(...), metadata: {profile: audit}}
  - {id: r3, languages: [python], severity: CRITICAL, message: m, pattern: r3(...), metadata: {cwe: "CWE-78"}}
`

// TestSameFromAnywhere: what is said of a file does not depend on how a scan came to it: from the root, a folder above it, by name, from another
// working directory, through a link. The trees and their settings are random.
func TestSameFromAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 5))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	words := func() string { return pick(`"r0"`, `"r1"`, `"r2"`, `"r3"`, `"cwe:78"`, `"r0", "r2"`, `"all"`) }
	lines := func() string {
		var b strings.Builder
		for _, line := range []string{
			fmt.Sprintf("profile = %q", pick("default", "strict", "audit")),
			fmt.Sprintf("select = [%s]", words()),
			fmt.Sprintf("extend-select = [%s]", words()),
			fmt.Sprintf("ignore = [%s]", words()),
			fmt.Sprintf("severity-level = %q", pick("low", "medium", "high")),
			fmt.Sprintf("confidence-level = %q", pick("low", "medium", "high")),
			fmt.Sprintf("rule.%s = {severity = %q, exclude = [%q]}", pick("r0", "r1", "r2", `"cwe:78"`), pick("low", "critical"), pick("a*.py", "sub/", "f3.py")),
			fmt.Sprintf("rule.r3.confidence = %q", pick("low", "high")),
			fmt.Sprintf("exclude = [%q]", pick("f1.py", "none/")),
			fmt.Sprintf("per-file-ignores = {%q = [%s]}", pick("f2.py", "deep/", "*.py", "/f0.py"), words()),
		} {
			if r.IntN(4) == 0 {
				b.WriteString(line + "\n")
			}
		}
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "[[overrides]]\npaths = [%q]\nignore = [%s]\nprofile = %q\n", pick("f0.py", "deep/*.py", "sub/**"), words(), pick("default", "audit"))
		}
		return b.String()
	}
	differ := 0
	for range 40 {
		root, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		write := func(name, text string) {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write(".git/HEAD", "")
		write("rules/r.yaml", anywhereRules)
		write("wadjet.toml", "builtin = false\nrules = [\"rules\"]\n"+strings.ReplaceAll(lines(), "exclude = [\"f1.py\"]", "exclude = [\"none/\"]"))
		var files []string
		for i, dir := range []string{"", "sub", "sub/deep", "other"} {
			if dir != "" && r.IntN(2) == 0 {
				write(path.Join(dir, "wadjet.toml"), strings.ReplaceAll(lines(), "exclude = [\"f1.py\"]", "exclude = [\"none/\"]"))
			}
			for j := range 2 {
				name := path.Join(dir, fmt.Sprintf("f%d%d.py", i, j))
				write(name, "r0()\nr1()\nr2()\nr3()\n")
				files = append(files, name)
			}
			name := path.Join(dir, fmt.Sprintf("f%d.py", i))
			write(name, "r0()\nr1()\nr2()\nr3()\n")
			files = append(files, name)
		}
		scan := func(from string, paths ...string) []string {
			t.Helper()
			tree, err := settings.Open(settings.Options{Root: from, Paths: paths})
			if err != nil {
				t.Fatal(err)
			}
			// Relative paths are those of the process: a front gives them as it finds them.
			var abs []string
			for _, p := range paths {
				abs = append(abs, filepath.Join(from, p))
			}
			o := Options{Paths: abs, Walk: walk.Options{Root: from}, Jobs: 1}
			if err := o.Configure(tree, func() (rule.Loaded, error) { return rule.Loaded{}, nil }); err != nil {
				t.Fatal(err)
			}
			var h shown
			if _, err := Run(context.Background(), o, &h); err != nil {
				t.Fatal(err)
			}
			slices.Sort(h.lines)
			return h.lines
		}
		whole := scan(root, ".")
		if len(whole) > 0 && len(whole) < 4*len(files) {
			differ++
		}
		of := func(base string) (out []string) {
			for _, l := range whole {
				if strings.HasPrefix(l, base+" ") {
					out = append(out, l)
				}
			}
			return out
		}
		for _, f := range files {
			want := of(path.Base(f))
			for from, p := range map[string]string{root: f, filepath.Join(root, path.Dir(f)): path.Base(f), filepath.Join(root, "other"): path.Join("..", f)} {
				if got := scan(from, p); !slices.Equal(got, want) {
					t.Errorf("%s from %s: %q, and of the whole %q", p, from, got, want)
				}
			}
			dir := scan(root, path.Dir(f))
			for _, l := range want {
				if !slices.Contains(dir, l) {
					t.Errorf("%s of folder %s: %q lacks %q", f, path.Dir(f), dir, l)
				}
			}
		}
		if t.Failed() {
			filepath.WalkDir(root, func(p string, e os.DirEntry, _ error) error {
				if e.Name() == "wadjet.toml" {
					text, _ := os.ReadFile(p)
					t.Logf("%s:\n%s", p, text)
				}
				return nil
			})
			return
		}
	}
	if differ < 10 {
		t.Errorf("only %d of the trees show something and not everything", differ)
	}
}
