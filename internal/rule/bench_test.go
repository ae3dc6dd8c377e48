package rule

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/walk"
	"github.com/wadjet-security/wadjet/rules"
)

// WADJET_CODE is the folder whose files BenchmarkRulesEach reads; the standard library of the machine's python3 when it is not set.
func benchCode(b *testing.B) string {
	if dir := os.Getenv("WADJET_CODE"); dir != "" {
		return dir
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		b.Skip("there is no python3, whose standard library is what the rules are run on: set WADJET_CODE to a folder of Python files")
	}
	out, err := exec.Command(python, "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'], end='')").Output()
	if err != nil {
		b.Fatal(err)
	}
	return string(out)
}

// BenchmarkRulesEach tells what each built-in rule costs: the time of a set of it alone, over that of a set of a rule that is never tried.
// Every fourth file is read, and nothing is known of it from the rule before.
func BenchmarkRulesEach(b *testing.B) {
	dir := benchCode(b)
	listing, err := walk.Walk([]string{dir}, walk.Options{})
	if err != nil {
		b.Fatal(err)
	}
	p := program.New(program.Options{})
	lines := 0
	for i, e := range listing.Entries {
		if i%4 != 0 || strings.Contains(filepath.ToSlash(e.Path), "-packages/") {
			continue
		}
		if f, problem := walk.Read(e, walk.Options{}); problem == nil {
			p.Add(f)
			lines += f.NumLines()
		}
	}
	p.Link()
	run := func(s *Set) (sum time.Duration) { // of the best of each file: what else runs on the machine hits one now and then
		for _, m := range p.Modules {
			best := time.Duration(0)
			for range 4 {
				m.Drop()
				m.Load()
				start := time.Now()
				s.Run(check.Unit{File: m.File, Module: m}, func(*finding.Finding) {})
				if d := time.Since(start); best == 0 || d < best {
					best = d
				}
			}
			sum += best
		}
		return sum
	}
	pack, err := LoadPack(rules.Pack)
	if err != nil {
		b.Fatal(err)
	}
	set := func(list ...*Rule) *Set {
		s, wrong := Compile(list)
		if len(wrong) > 0 {
			b.Fatal(wrong[0])
		}
		return s
	}
	type cost struct {
		id string
		of time.Duration
	}
	for b.Loop() {
		none := *pack.Rules[0]
		none.Exclude = []string{"**"}
		walked, all := run(set(&none)), run(set(pack.Rules...))
		walked = min(walked, run(set(&none)))
		var costs []cost
		for _, r := range pack.Rules {
			costs = append(costs, cost{r.ID, run(set(r)) - walked})
		}
		slices.SortFunc(costs, func(x, y cost) int { return cmp.Compare(y.of, x.of) })
		perLine := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(lines) }
		b.ReportMetric(perLine(walked), "walk-ns/line")
		b.ReportMetric(perLine(all), "rules-ns/line")
		var table strings.Builder
		fmt.Fprintf(&table, "\n%d files, %d lines; nanoseconds a line: %.0f for the walk, %.0f with all %d rules. The dearest, each alone:\n",
			len(p.Modules), lines, perLine(walked), perLine(all), len(pack.Rules))
		for _, c := range costs[:min(len(costs), 25)] {
			fmt.Fprintf(&table, "%7.1f  %4.1f %%  %s\n", perLine(c.of), 100*float64(c.of)/float64(all), c.id)
		}
		os.Stdout.WriteString(table.String()) // a benchmark's log is cut after ten lines
	}
}
