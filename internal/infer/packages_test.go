package infer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPackages says of how many calls in real packages the callee is known. WADJET_PACKAGES names a folder whose subfolders
// are programs; those that WADJET_PACKAGES_ONLY lists (by commas), or all. With -v it prints calls to read by eye, drawn
// evenly from each.
func TestPackages(t *testing.T) {
	root := os.Getenv("WADJET_PACKAGES")
	if root == "" {
		t.Skip("WADJET_PACKAGES does not name a folder of packages")
	}
	only := os.Getenv("WADJET_PACKAGES_ONLY")
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var drawn []string
	fmt.Fprintf(&b, "\n%-28s %8s %8s %9s %8s %7s %6s %8s\n", "package", "calls", "resolved", "hierarchy", "by name", "open", "none", "targets")
	for _, f := range folders {
		if !f.IsDir() || only != "" && !slices.Contains(strings.Split(only, ","), f.Name()) {
			continue
		}
		counts := map[string]int{}
		calls := slices.DeleteFunc(sites(t, filepath.Join(root, f.Name())), func(s site) bool { return s.Kind != "call" })
		for i, s := range calls {
			best := ""
			for _, how := range []string{"open", "by-name", "hierarchy", "resolved"} {
				if slices.ContainsFunc(s.Callees, func(c callee) bool { return c.How == how }) {
					best = how
				}
			}
			counts[best]++
			if i%max(1, len(calls)/15) == 0 {
				drawn = append(drawn, fmt.Sprintf("%s %s:%d in %s: %v", f.Name(), s.File, s.Line, s.Caller, s.Callees))
			}
		}
		n := max(len(calls), 1)
		fmt.Fprintf(&b, "%-28s %8d %7.1f%% %8.1f%% %7.1f%% %6.1f%% %5.1f%% %8.2f\n", f.Name(), len(calls), percent(counts["resolved"], n), percent(counts["hierarchy"], n),
			percent(counts["by-name"], n), percent(counts["open"], n), percent(counts[""], n), mean(calls, "resolved", "hierarchy"))
	}
	t.Log(b.String())
	if testing.Verbose() {
		t.Log(strings.Join(drawn, "\n"))
	}
}
