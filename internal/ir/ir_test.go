package ir

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

func lowerText(t testing.TB, text string) *Unit {
	t.Helper()
	u := NewUnit(resolve.Resolve(syntax.Parse(&source.File{Path: "t.py", Text: text})))
	u.LowerAll()
	for _, f := range u.Funcs {
		if err := f.Check(); err != nil {
			var b strings.Builder
			f.Print(&b)
			t.Fatalf("%s: %v\n%s", f.Name, err, b.String())
		}
	}
	return u
}

// TestLibrary lowers the standard library of the machine's Python; the sanity check finds nothing.
func TestLibrary(t *testing.T) {
	out, err := exec.Command("python3", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	if err != nil {
		t.Skip("there is no python3 whose library could be read")
	}
	files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*.py"))
	more, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*", "*.py"))
	files = append(files, more...)
	if testing.Short() {
		files = files[:50]
	}
	n := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		u := NewUnit(resolve.Resolve(syntax.Parse(&source.File{Path: name, Text: string(text)})))
		u.LowerAll()
		for _, f := range u.Funcs {
			if err := f.Check(); err != nil {
				t.Errorf("%s: %s: %v", filepath.Base(name), f.Name, err)
			}
			n += len(f.Instrs)
		}
	}
	t.Logf("%d instructions in %d files", n, len(files))
}
