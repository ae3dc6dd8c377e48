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

// libraryFiles are the files of the machine's standard library, but for tests.
func libraryFiles(b testing.TB) (files []*source.File) {
	out, err := exec.Command("python3", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	if err != nil {
		b.Skip("there is no python3 whose library could be read")
	}
	dir := strings.TrimSpace(string(out))
	for _, pattern := range []string{"*.py", "*/*.py", "*/*/*.py"} {
		names, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, name := range names {
			if strings.Contains(name, "test") || strings.Contains(name, "-packages") {
				continue
			}
			if text, err := os.ReadFile(name); err == nil {
				files = append(files, source.New(name, string(text)))
			}
		}
	}
	return files
}

// BenchmarkParse is what to compare with: lowering is to cost less than half of it.
func BenchmarkParse(b *testing.B) {
	files := libraryFiles(b)
	nodes := 0
	b.ReportAllocs()
	for b.Loop() {
		nodes = 0
		for _, f := range files {
			nodes += int(syntax.Parse(f).NumNodes)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
}

func BenchmarkLower(b *testing.B) {
	var infos []*resolve.Info
	nodes := 0
	for _, f := range libraryFiles(b) {
		tree := syntax.Parse(f)
		infos = append(infos, resolve.Resolve(tree))
		nodes += int(tree.NumNodes)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, in := range infos {
			NewUnit(in).LowerAll()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
}

// BenchmarkConst looks for the constants of every function.
func BenchmarkConst(b *testing.B) {
	var units []*Unit
	nodes := 0
	for _, f := range libraryFiles(b) {
		tree := syntax.Parse(f)
		u := NewUnit(resolve.Resolve(tree))
		u.LowerAll()
		units = append(units, u)
		nodes += int(tree.NumNodes)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, u := range units {
			for _, f := range u.Funcs {
				f.propagate(nil)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/node")
}
