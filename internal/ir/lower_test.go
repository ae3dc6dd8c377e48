package ir

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the printed forms in testdata")

// TestLower lowers the programs of testdata, each X.py of which is followed by X.ir, what Print makes of it.
func TestLower(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		var out txtar.Archive
		for _, f := range archive.Files {
			want[f.Name] = string(f.Data)
		}
		for _, f := range archive.Files {
			name, ok := strings.CutSuffix(f.Name, ".py")
			if !ok {
				if _, ok := want[strings.TrimSuffix(f.Name, ".ir")+".py"]; !ok {
					t.Errorf("%s: no program for %s", path, f.Name)
				}
				continue
			}
			u := lowerText(t, string(f.Data))
			var b bytes.Buffer
			for _, f := range u.Funcs {
				if f.Index == 0 && len(u.Funcs) > 1 && len(f.Instrs) <= 3 {
					continue // it only makes the function
				}
				f.Print(&b)
			}
			out.Files = append(out.Files, f, txtar.File{Name: name + ".ir", Data: b.Bytes()})
			if !*update && b.String() != want[name+".ir"] {
				t.Errorf("%s: %s:\n%s\nwant\n%s", path, name, b.String(), want[name+".ir"])
			}
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(&out), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}
