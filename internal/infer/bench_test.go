package infer

import (
	"os"
	"testing"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// BenchmarkSolve solves the Python files of the folder that WADJET_BENCH names; reading and parsing are not counted. It reports
// how large the graph became.
func BenchmarkSolve(b *testing.B) {
	dir := os.Getenv("WADJET_BENCH")
	if dir == "" {
		b.Skip("WADJET_BENCH does not name a folder")
	}
	l, err := model.Default()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		p := load(b, dir)
		b.StartTimer()
		r := Solve(p, l)
		s := r.s
		b.ReportMetric(float64(s.steps), "steps")
		b.ReportMetric(float64(len(s.cells)), "nodes")
		b.ReportMetric(float64(len(s.edges)), "edges")
		b.ReportMetric(float64(len(s.variants)), "variants")
		b.ReportMetric(float64(len(s.funcs)), "functions")
		b.ReportMetric(float64(len(s.objects)), "objects")
		b.ReportMetric(float64(len(s.callbs)), "calls")
		b.ReportMetric(float64(len(s.binds)), "binds")
		b.ReportMetric(float64(r.Bounds.WideValues), "wide")
	}
}

func load(b *testing.B, dir string) *program.Program {
	o := walk.Options{Root: dir, NoIgnore: true}
	list, err := walk.Walk([]string{dir}, o)
	if err != nil {
		b.Fatal(err)
	}
	p := program.New(program.Options{})
	for _, e := range list.Entries {
		if file, problem := walk.Read(e, o); problem == nil {
			p.Add(file)
		}
	}
	p.Link()
	return p
}
