package query

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// examples are a query for each member and function that can be asked of a collection's things by itself.
func examples(t testing.TB, over string) (list []*Query) {
	variable := CollectionNamed(over).Variable
	add := func(text string) {
		if !strings.Contains(text, variable+".") {
			return
		}
		for _, c := range Collections {
			if c.Variable != variable && strings.Contains(" "+strings.ReplaceAll(text, "(", " "), " "+c.Variable+".") {
				return
			}
		}
		q := New(Spec{Over: over, Where: text})
		if err := q.Check(); len(err) > 0 {
			if q = New(Spec{Over: over, Where: "[" + text + "].size() == 1"}); len(q.Check()) > 0 {
				t.Fatalf("%s: %v", text, err)
			}
		}
		list = append(list, q)
	}
	for _, typ := range Types() {
		for _, m := range typ.Members {
			add(m.Example)
		}
	}
	for _, f := range Functions {
		add(f.Example)
	}
	return list
}

// things are the nodes of a file that a collection has, if all are asked for.
func things(m *program.Module, over string) (out []syntax.Node) {
	for _, s := range m.Tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			ok := false
			switch n.(type) {
			case *syntax.Call:
				ok = over == "calls" || over == "objects"
			case *syntax.FunctionDef:
				ok = over == "functions"
			case *syntax.ClassDef:
				ok = over == "classes"
			case *syntax.Assign:
				ok = over == "assignments"
			}
			if ok {
				out = append(out, n)
			}
			return true
		})
	}
	if over == "modules" && len(m.Tree.Body) > 0 {
		out = append(out, m.Tree.Body[0])
	}
	return out
}

// TestCorpus asks everything about everything in real code (WADJET_CORPUS is a folder of it): nothing may panic, and what it costs, and where
// a bound cuts in, is said. (No rule asks about every call of a file; one of ten thousand of them meets the bound for a file.) WADJET_CORPUS_SKIP=N looks at each Nth file only.
func TestCorpus(t *testing.T) {
	root := os.Getenv("WADJET_CORPUS")
	if root == "" {
		t.Skip("WADJET_CORPUS is a folder of Python code to ask everything about")
	}
	each := 1
	fmt.Sscan(os.Getenv("WADJET_CORPUS_SKIP"), &each)
	p := program.New(program.Options{})
	n := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !strings.HasSuffix(path, ".py") {
			return err
		}
		if n++; n%each != 0 {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && len(text) < 1<<20 {
			p.Add(source.New(strings.TrimPrefix(path, root+"/"), strings.ToValidUTF8(string(text), "?"))).Drop()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Link()
	type cost struct {
		where          string
		yes, open, all int
		times          []time.Duration
		slowest        time.Duration
		at             string
	}
	most, where := 0, ""
	for _, c := range Collections {
		list := examples(t, c.Name)
		costs := make([]cost, len(list))
		for _, m := range p.Modules {
			m.Load()
			nodes := things(m, c.Name)
			for i, q := range list {
				file := NewFile(m, nil) // for each rule, since no scan asks so many things about everything
				costs[i].where = q.spec.Where
				for _, n := range nodes {
					begin := time.Now()
					out := q.Eval(file, n)
					took := time.Since(begin)
					costs[i].times = append(costs[i].times, took)
					costs[i].all++
					switch out.Holds {
					case Yes:
						costs[i].yes++
					case Unknown:
						costs[i].open++
					}
					if file.steps > most {
						most, where = file.steps, m.File.Path+": "+q.spec.Where
					}
					if took > costs[i].slowest {
						costs[i].slowest = took
						line, _ := m.File.Position(n.Span().Start)
						costs[i].at = fmt.Sprintf("%s:%d", m.File.Path, line)
					}
					if out.Tired {
						t.Logf("%s met its bound in %s", q.spec.Where, m.File.Path)
					}
				}
			}
			m.Drop()
		}
		middle := func(k *cost, part int) time.Duration {
			if len(k.times) == 0 {
				return 0
			}
			return k.times[len(k.times)*part/100]
		}
		for i := range costs {
			slices.Sort(costs[i].times)
		}
		slices.SortFunc(costs, func(a, b cost) int { return int(middle(&b, 95) - middle(&a, 95)) })
		for i := range costs {
			if k := &costs[i]; k.all > 0 {
				t.Logf("%-11s median %6d ns, 95 %% %6d ns  %7d asked %6d yes %6d unknown  slowest %8v at %s  %s", c.Name, middle(k, 50), middle(k, 95), k.all, k.yes, k.open, k.slowest.Round(time.Microsecond), k.at, k.where)
			}
		}
		runtime.GC()
	}
	t.Logf("at most %d steps in one file, %s", most, where)
}
