package infer_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// typeEvalPyFloor is how many facts must match exactly; raise it with the engine.
const typeEvalPyFloor = 815

var subscript = regexp.MustCompile(`\[.*\]`)

// typeSet is a fact's types as TypeEvalPy's result_analyzer compares them: lower case, without type arguments, None and
// Unknown both Nonetype, Optional and Union opened.
func typeSet(types []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range types {
		parts := []string{name}
		for _, wrapper := range []string{"Union[", "Optional[", "Type["} {
			if inner, ok := strings.CutPrefix(name, wrapper); ok {
				inner, _, _ = strings.Cut(inner, "]")
				parts = strings.Split(strings.ReplaceAll(inner, " ", ""), ",")
				if wrapper == "Optional[" {
					parts = append(parts, "nonetype")
				}
			}
		}
		for _, part := range parts {
			if part == "None" || part == "Unknown" {
				part = "Nonetype"
			}
			set[subscript.ReplaceAllString(strings.ToLower(part), "")] = true
		}
	}
	return set
}

// element is what TypeEvalPy takes for the same element: all of these must agree.
type element struct {
	file                          string
	line, col                     int
	function, parameter, variable string
}

func (f fact) element() element {
	return element{f.File, f.Line, f.Col, f.Function, f.Parameter, f.Variable}
}

func (f fact) kind() string {
	switch {
	case f.Variable != "":
		return "variables"
	case f.Parameter != "":
		return "parameters"
	}
	return "returns"
}

// TestTypeEvalPy measures on TypeEvalPy's micro-benchmark as its tooling does: a fact of the ground truth is found when a
// fact of ours about the same element (file, line, column, function, parameter, variable) has exactly its set of types. It
// runs where WADJET_TYPEEVALPY names a folder of it (micro-benchmark, or the generated autogen_typeevalpy_benchmark).
func TestTypeEvalPy(t *testing.T) {
	root := os.Getenv("WADJET_TYPEEVALPY")
	if root == "" {
		t.Skip("WADJET_TYPEEVALPY does not name TypeEvalPy's micro-benchmark")
	}
	type figures struct{ facts, exact, partial, absent int }
	byCategory, byKind := map[string]*figures{}, map[string]*figures{}
	misses := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_gt.json") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var truth, facts []fact
		if err := json.Unmarshal(text, &truth); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		dir := filepath.Dir(path)
		wadjet(t, &facts, "debug", "types", dir)
		found := map[element][]map[string]bool{}
		for _, f := range facts {
			found[f.element()] = append(found[f.element()], typeSet(f.Type))
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return err
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		category := parts[max(0, len(parts)-2)]
		for _, f := range truth {
			want := typeSet(f.Type)
			got := found[f.element()]
			exact := slices.ContainsFunc(got, func(g map[string]bool) bool { return maps.Equal(g, want) })
			partial := slices.ContainsFunc(got, func(g map[string]bool) bool {
				return slices.ContainsFunc(sortedSet(g), func(name string) bool { return want[name] })
			})
			for _, to := range []*figures{entry(byCategory, category), entry(byCategory, "all"), entry(byKind, f.kind())} {
				to.facts++
				to.exact += bit(exact)
				to.partial += bit(partial && !exact)
				to.absent += bit(len(got) == 0)
			}
			if !exact {
				var sets []string
				for _, g := range got {
					sets = append(sets, strings.Join(sortedSet(g), " | "))
				}
				misses[category] = append(misses[category], fmt.Sprintf("%s %+v: want %s, got %q", rel, f.element(), strings.Join(sortedSet(want), " | "), sets))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(byCategory) == 0 {
		t.Fatalf("no ground truth under %s", root)
	}
	for _, table := range []map[string]*figures{byCategory, byKind} {
		var b strings.Builder
		fmt.Fprintf(&b, "\n%-28s %6s %6s %8s %7s\n", "", "facts", "exact", "partial", "absent")
		for _, c := range slices.SortedFunc(maps.Keys(table), allLast) {
			f := table[c]
			fmt.Fprintf(&b, "%-28s %6d %6d %8d %7d\n", c, f.facts, f.exact, f.partial, f.absent)
		}
		t.Log(b.String())
	}
	if testing.Verbose() {
		for _, c := range slices.Sorted(maps.Keys(misses)) {
			for _, m := range misses[c][:min(len(misses[c]), 40)] {
				t.Logf("%s", m)
			}
		}
	}
	if got := byCategory["all"].exact; got < typeEvalPyFloor {
		t.Errorf("%d facts match exactly, want %d at least", got, typeEvalPyFloor)
	}
}

func entry[T any](in map[string]*T, key string) *T {
	if in[key] == nil {
		in[key] = new(T)
	}
	return in[key]
}
