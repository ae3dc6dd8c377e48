package scan

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/walk"
	"github.com/wadjet-security/wadjet/rules"
)

// TestBanditExamples asks that whatever Bandit reports in its own examples is reported on the same line, under --profile audit, by
// a finding that has Bandit's id as an alias. WADJET_BANDIT names a checkout of Bandit, which is run as it lies there: that takes a
// python3 with PyYAML, stevedore and rich.
func TestBanditExamples(t *testing.T) {
	checkout := os.Getenv("WADJET_BANDIT")
	if checkout == "" {
		t.Skip("WADJET_BANDIT names no checkout of Bandit, whose examples and verdicts this test is about")
	}
	examples := filepath.Join(checkout, "examples")
	reported := runBandit(t, checkout, examples)

	pack, err := rule.LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := rule.Choose(rule.Join(pack).Rules, rule.Choice{Profile: rule.Audit})
	if err != nil {
		t.Fatal(err)
	}
	set, wrong := rule.Compile(chosen)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	got := &collected{}
	o := Options{Paths: []string{examples}, Walk: walk.Options{Root: examples}, Rules: set, Policy: Policy{Profile: rule.Audit, FailOn: finding.High}}
	if _, err := Run(context.Background(), o, got); err != nil {
		t.Fatal(err)
	}
	ours := map[string]bool{}
	for _, f := range got.findings {
		line, _ := f.File.Position(f.Span.Start)
		for _, id := range slices.Concat(f.Aliases["bandit"], f.Rule.Aliases["bandit"]) {
			ours[fmt.Sprintf("%s:%d: %s", filepath.ToSlash(f.File.Path), line, id)] = f.Suppressed == nil
		}
	}
	missed := 0
	for _, r := range reported {
		path, err := filepath.Rel(examples, r.Filename)
		if err != nil {
			t.Fatal(err)
		}
		if at := fmt.Sprintf("%s:%d: %s", filepath.ToSlash(path), r.Line, r.ID); !ours[at] {
			missed++
			t.Errorf("%s is not reported", at)
		}
	}
	t.Logf("%d of the %d places that Bandit reports", len(reported)-missed, len(reported))
	if len(reported) < 500 {
		t.Errorf("Bandit reports %d places in its examples: too few to be all", len(reported))
	}
}

type banditResult struct {
	Filename string `json:"filename"`
	Line     int    `json:"line_number"`
	ID       string `json:"test_id"`
}

// runBandit runs Bandit out of its checkout. Its plugins are found by the entry points of an installed package, so the package's
// metadata is written to a folder of the test.
func runBandit(t *testing.T, checkout, examples string) []banditResult {
	t.Helper()
	meta := t.TempDir()
	info := filepath.Join(meta, "bandit-0.dist-info")
	if err := os.Mkdir(info, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"METADATA":         "Metadata-Version: 2.1\nName: bandit\nVersion: 0\n",
		"entry_points.txt": entryPoints(t, filepath.Join(checkout, "setup.cfg")),
	} {
		if err := os.WriteFile(filepath.Join(info, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	why := ""
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		cmd := exec.Command(python, "-m", "bandit", "-q", "-r", "-f", "json", "--exit-zero", examples)
		cmd.Env = append(os.Environ(), "PYTHONPATH="+checkout+string(os.PathListSeparator)+meta, "PYTHONDONTWRITEBYTECODE=1")
		var errors strings.Builder
		cmd.Stderr = &errors
		out, err := cmd.Output()
		if err != nil {
			lines := strings.Split(strings.TrimSpace(errors.String()), "\n")
			why += fmt.Sprintf("\n%s: %v: %s", python, err, lines[len(lines)-1])
			continue
		}
		var report struct{ Results []banditResult }
		if err := json.Unmarshal(out, &report); err != nil {
			t.Fatal(err)
		}
		return report.Results
	}
	t.Skip("Bandit does not run here, which takes a python3 with PyYAML, stevedore and rich: " + why)
	return nil
}

// entryPoints is the section [entry_points] of a setup.cfg, in the form that installed packages have.
func entryPoints(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n[entry_points]\n")
	if !ok {
		t.Fatalf("%s has no entry points", path)
	}
	section, _, _ = strings.Cut(section, "\n[")
	var b strings.Builder
	for line := range strings.SplitSeq(section, "\n") {
		switch name, _, _ := strings.Cut(line, " ="); {
		case strings.HasPrefix(strings.TrimSpace(line), "#"):
		case line != "" && line == strings.TrimSpace(line):
			fmt.Fprintf(&b, "[%s]\n", name)
		default:
			b.WriteString(strings.TrimSpace(line) + "\n")
		}
	}
	return b.String()
}
