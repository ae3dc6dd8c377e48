package syntax

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wadjet-security/wadjet/internal/source"
)

// benchFiles are files of CPython's standard library, in memory.
func benchFiles(b *testing.B) (files []*source.File, paths []string, size int64) {
	python, _ := newestPython(b)
	out, err := exec.Command(python, "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	if err != nil {
		b.Fatal(err)
	}
	err = filepath.WalkDir(strings.TrimSpace(string(out)), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "site-packages" || d.Name() == "dist-packages" || strings.Contains(d.Name(), "test")) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".py") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files = append(files, source.New(path, string(data)))
		paths = append(paths, path)
		size += int64(len(data))
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return files, paths, size
}

func BenchmarkParse(b *testing.B) {
	files, _, size := benchFiles(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range files {
			Parse(f)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	files, _, size := benchFiles(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, f := range files {
			var s scanner
			s.init(f.Text)
			for s.scan(); s.kind != tEOF; s.scan() {
			}
		}
	}
}

// BenchmarkAgainstCPython reads the same files with both, one after the other on one core, and reports how many times
// faster Parse is, and how many bytes of tree it makes of a byte of text.
func BenchmarkAgainstCPython(b *testing.B) {
	files, paths, size := benchFiles(b)
	python, _ := newestPython(b)
	const program = `
import ast, sys, time, warnings, gc
warnings.simplefilter("ignore")
texts = [open(p.rstrip("\n"), "rb").read() for p in sys.stdin]
gc.disable()
start = time.process_time()
for t in texts: ast.parse(t)
print(time.process_time() - start)
`
	for b.Loop() {
		cmd := exec.Command(python, "-c", program)
		cmd.Stdin = strings.NewReader(strings.Join(paths, "\n") + "\n")
		out, err := cmd.Output()
		if err != nil {
			b.Fatal(err)
		}
		theirs, err := time.ParseDuration(strings.TrimSpace(string(out)) + "s")
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		old := runtime.GOMAXPROCS(1)
		start := time.Now()
		for _, f := range files {
			Parse(f)
		}
		ours := time.Since(start)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		trees := make([]*File, len(files))
		for i, f := range files {
			trees[i] = Parse(f)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.GOMAXPROCS(old)
		b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times-CPython")
		b.ReportMetric(float64(size)/ours.Seconds()/1e6, "MB/s")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(size), "tree-bytes/byte")
		runtime.KeepAlive(trees)
	}
}
