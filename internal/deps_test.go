package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// depsRules says which of our packages may import which, in the form of Go's own go/build/deps_test.go:
// "a, b < c" means that c may import a and b and all that those may import. A new edge is a reviewed line.
const depsRules = `
	NONE < source, regex, rules, models, near, manifest, git;
	source < finding, walk, syntax;
	syntax < resolve;
	models < model;
	model, syntax < model/compile;
	model/compile < model/gentypes;
	resolve < ir;
	ir, model < program;
	program < infer;
	regex < evaluate;
	evaluate, program, regex < pattern;
	finding, program < check;
	finding, rules < control;
	evaluate, pattern, manifest, near < query;
	query, check, walk, control < rule;
	finding, syntax < suppress;
	finding < baseline;
	finding < report/text, report/json, report/sarif, report/html, report/markdown, report/junit, report/github, report/csv, report/sample;
	report/markdown < report/gitlab;
	walk, near < settings;
	rule < explain;
	rule, suppress, settings, baseline, git < scan;
	scan, explain, infer, report/text, report/json, report/sarif, report/html, report/gitlab, report/junit, report/github, report/csv, rules < cli;
	explain < rule/genpack;
`

// modules are what the project depends on beside the standard library, each with its reason. A test
// may use more: those are below.
var modules = map[string]string{
	"github.com/spf13/cobra": "commands, help and completion of the command line",
	"github.com/spf13/pflag": "cobra's flags, to name the nearest one in an error",
	"go.yaml.in/yaml/v3":     "rule files, models",
	"cel.dev/cel-go":         "the expressions of query rules, with their types and their calculation with unknowns",
	"golang.org/x/term":      "is this a terminal, and how wide",
	"golang.org/x/text":      "encodings of source files (PEP 263), NFKC of identifiers (PEP 3131)",
	"golang.org/x/sys":       "what x/term stands on",

	"github.com/pelletier/go-toml/v2": "settings, with the line of each key",
}

var testModules = map[string]string{
	"github.com/rogpeppe/go-internal":       "testscript: the command line's tests",
	"github.com/santhosh-tekuri/jsonschema": "reports and models against their schemas",
	"golang.org/x/tools":                    "txtar: small trees of files in tests",
}

func allowed(t *testing.T) map[string]map[string]bool {
	t.Helper()
	may := map[string]map[string]bool{}
	for rule := range strings.SplitSeq(depsRules, ";") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		left, right, ok := strings.Cut(rule, "<")
		if !ok {
			t.Fatalf("rule %q has no <", rule)
		}
		for to := range strings.SplitSeq(right, ",") {
			to = strings.TrimSpace(to)
			if may[to] == nil {
				may[to] = map[string]bool{}
			}
			for from := range strings.SplitSeq(left, ",") {
				from = strings.TrimSpace(from)
				if from == "NONE" {
					continue
				}
				if may[from] == nil {
					t.Fatalf("%q is used before it is defined", from)
				}
				may[to][from] = true
				for f := range may[from] {
					may[to][f] = true
				}
			}
		}
	}
	return may
}

func TestImports(t *testing.T) {
	const prefix = "github.com/wadjet-security/wadjet/"
	may := allowed(t)
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(p, ".go") {
			if err == nil && e.IsDir() && e.Name() == "testdata" {
				return filepath.SkipDir
			}
			return err
		}
		dir := path.Dir(filepath.ToSlash(p))
		if dir == "." {
			return nil
		}
		isTest := strings.HasSuffix(p, "_test.go")
		if may[dir] == nil {
			t.Errorf("package %s is not in the table of imports", dir)
			return nil
		}
		seen[dir] = true
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if name, ours := strings.CutPrefix(target, prefix); ours {
				name = strings.TrimPrefix(name, "internal/")
				if !may[dir][name] && name != dir && !isTest {
					t.Errorf("%s imports %s, which the table does not allow", p, name)
				}
				continue
			}
			if first, _, _ := strings.Cut(target, "/"); !strings.Contains(first, ".") {
				continue
			}
			if !listed(target, modules) && !(isTest && listed(target, testModules)) {
				t.Errorf("%s imports %s, which is in no list of modules", p, target)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range may {
		if dir != "rules" && dir != "models" && !seen[dir] {
			t.Errorf("the table names %s, which does not exist", dir)
		}
	}
}

func listed(target string, list map[string]string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(list)), func(m string) bool {
		return target == m || strings.HasPrefix(target, m+"/")
	})
}
