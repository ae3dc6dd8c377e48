package infer_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/cli"
)

// runner matches the functions that pick tests by their names.
var runner = regexp.MustCompile(`^unittest\.(case\.TestCase\._call\w+|case\.TestCase\.run|suite\..*|loader\..*)$`)

// A site is one line of `wadjet debug callgraph --sites`.
type site struct {
	File    string   `json:"file"`
	Line    int      `json:"line"`
	EndLine int      `json:"end_line"`
	Caller  string   `json:"caller"`
	Kind    string   `json:"kind"`
	Callees []callee `json:"callees"`
}

type callee struct {
	Name string `json:"name"`
	How  string `json:"how"` // resolved, hierarchy, by-name, open
	File string `json:"file"`
}

func sites(t *testing.T, dir string) []site {
	t.Helper()
	var out, errs bytes.Buffer
	s := cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" }, Dir: "."}
	if code := cli.Main([]string{"debug", "callgraph", "--sites", dir}, s); code != 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	var all []site
	for lines := json.NewDecoder(&out); ; {
		var one site
		if err := lines.Decode(&one); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

// An event is a call that happened, as record.py writes it.
type event struct {
	caller, callee string
	line           int
	kind           string // "", generator, finalizer, outside
}

func (e *event) UnmarshalJSON(text []byte) error {
	var defined int
	return json.Unmarshal(text, &[]any{&e.caller, &e.line, &e.callee, &defined, &e.kind})
}

// TestOracle compares call graphs with what happened. WADJET_ORACLE names the folder that scripts/oracle fills: in
// it a folder for each project, with its tree and its calls. The one named library is the whole standard library as one
// program, and counted by itself.
func TestOracle(t *testing.T) {
	root := os.Getenv("WADJET_ORACLE")
	if root == "" {
		t.Skip("WADJET_ORACLE does not name what scripts/oracle made")
	}
	trees, err := filepath.Glob(filepath.Join(root, "*", "tree"))
	if err != nil || len(trees) == 0 {
		t.Fatalf("no trees under %s: %v", root, err)
	}
	var projects, library measure
	for _, tree := range trees {
		dir := filepath.Dir(tree)
		records, err := filepath.Glob(filepath.Join(dir, "calls", "*.json"))
		if err != nil || len(records) == 0 {
			t.Fatalf("no calls in %s: %v", dir, err)
		}
		var happened []event
		for _, record := range records {
			happened = append(happened, events(t, record)...)
		}
		m := &projects
		if filepath.Base(dir) == "library" {
			m = &library
		}
		m.add(filepath.Base(dir), tree, sites(t, tree), happened)
	}
	for name, m := range map[string]*measure{"projects": &projects, "library": &library} {
		if len(m.sites) == 0 {
			continue
		}
		t.Logf("%s\n%s", name, m)
		if err := os.WriteFile(filepath.Join(root, name+"-misses.txt"), []byte(strings.Join(m.missed, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// 97 with those by name is the aim; 95 is what is held, since recordings differ by a few edges from run to run and by version.
	projects.want(t, 88, 95, 2)
}

// TestPrograms does the same for the programs in testdata/programs, which it runs.
func TestPrograms(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))").Run() != nil {
		t.Skip("no python3 of 3.11 or newer to run the programs with")
	}
	mains, err := filepath.Glob("testdata/programs/*/main.py")
	if err != nil || len(mains) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	var m measure
	for _, main := range mains {
		record := filepath.Join(t.TempDir(), "calls.json")
		if out, err := exec.Command(python, "-B", "testdata/record.py", record, "script", main).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", main, err, out)
		}
		m.add(filepath.Base(filepath.Dir(main)), filepath.Dir(main), sites(t, filepath.Dir(main)), events(t, record))
	}
	t.Logf("%s\n%s", m.String(), strings.Join(m.missed, "\n"))
	m.want(t, 88, 97, 2)
}

func events(t *testing.T, record string) []event {
	t.Helper()
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	var all []event
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("%s: %v", record, err)
	}
	if len(all) == 0 {
		t.Fatalf("%s: nothing was called", record)
	}
	return all
}

// A measure is how much of what happened is known. An edge counts once, however often it happened.
//
// Not counted with the others: what unittest calls by the names of test methods, since no analysis sees which tests a run picks;
// functions that make generators and coroutines, of which CPython shows only who resumes them: these are found when any
// function is known to call them; finalizers, which run wherever the last reference happens to go (__del__, callbacks of weak references); and what
// code from outside of the tree calls of it by importing it itself, as parts of the standard library do of each other.
//
// Counted with the others, and besides: what is called by text that the program makes up (eval, exec) or by a name that it makes up (getattr).
type measure struct {
	computed map[string]int // missed for that, by reason
	classes  map[string]*figures
	misses   map[string]int // by reason
	missed   []string
	sites    []site
}

type figures struct{ edges, resolved, hierarchy, byName, missed int }

// add counts a program.
func (m *measure) add(name, tree string, all []site, events []event) {
	if m.classes == nil {
		m.classes, m.misses, m.computed = map[string]*figures{}, map[string]int{}, map[string]int{}
	}
	m.sites = append(m.sites, all...)
	happened := map[[2]string]event{}
	for _, e := range events {
		if old, ok := happened[[2]string{e.caller, e.callee}]; !ok || old.kind != "" { // the plainest counts
			happened[[2]string{e.caller, e.callee}] = e
		}
	}
	known := map[[2]string]string{} // how, the surest
	called := map[string]string{}
	byCaller := map[string][]site{}
	rank := map[string]int{"resolved": 4, "hierarchy": 3, "by-name": 2, "open": 1}
	for _, s := range all {
		byCaller[s.Caller] = append(byCaller[s.Caller], s)
		for _, c := range s.Callees {
			if e := [2]string{s.Caller, c.Name}; rank[c.How] > rank[known[e]] {
				known[e] = c.How
			}
			if rank[c.How] > rank[called[c.Name]] {
				called[c.Name] = c.How
			}
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(happened), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		e := happened[key]
		class, how := "within", known[key]
		switch {
		case runner.MatchString(e.caller):
			class = "test runner"
		case strings.HasSuffix(e.callee, ".__del__") || e.kind == "finalizer":
			class = "finalizers"
		case e.kind == "outside":
			class = "from outside"
		case e.kind == "generator":
			class = "generators"
			if how == "" {
				how = called[e.callee]
			}
		case strings.HasPrefix(e.caller, "test.") && strings.HasPrefix(e.callee, "unittest."):
			class = "tests to unittest"
		case strings.HasPrefix(e.caller, "test."):
			class = "tests to library"
		}
		in := []*figures{entry(m.classes, class)}
		if !slices.Contains([]string{"test runner", "generators", "finalizers", "from outside"}, class) {
			in = append(in, entry(m.classes, "all"))
		}
		lost := how == "" || how == "open"
		for _, f := range in {
			f.edges++
			f.resolved += bit(how == "resolved")
			f.hierarchy += bit(how == "hierarchy")
			f.byName += bit(how == "by-name")
			f.missed += bit(lost)
		}
		if lost {
			why := reason(byCaller[e.caller], e)
			if len(in) > 1 {
				m.misses[why]++
				if c := computed(tree, byCaller[e.caller], e); c != "" {
					m.computed[c]++
					why += ", " + c
				}
			}
			m.missed = append(m.missed, fmt.Sprintf("%s\t%s\t%s\t%s:%d → %s", name, class, why, e.caller, e.line, e.callee))
		}
	}
}

func (m *measure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-18s %7s %9s %9s %8s %7s %18s %8s\n", "", "edges", "resolved", "hierarchy", "by name", "missed", "resolved+hierarchy", "+by name")
	for _, class := range slices.SortedFunc(maps.Keys(m.classes), allLast) {
		f := m.classes[class]
		fmt.Fprintf(&b, "%-18s %7d %9d %9d %8d %7d %17.1f%% %7.1f%%\n", class, f.edges, f.resolved, f.hierarchy, f.byName, f.missed,
			percent(f.resolved+f.hierarchy, f.edges), percent(f.resolved+f.hierarchy+f.byName, f.edges))
	}
	made, f := 0, entry(m.classes, "all")
	for _, why := range slices.Sorted(maps.Keys(m.computed)) {
		fmt.Fprintf(&b, "%6d of the missed: %s\n", m.computed[why], why)
		made += m.computed[why]
	}
	fmt.Fprintf(&b, "%.1f%% with those by name of all but these\n", percent(f.resolved+f.hierarchy+f.byName, f.edges-made))
	fmt.Fprintf(&b, "targets a site: %.2f resolved, %.2f resolved and by hierarchy, %.2f with those by name\nmisses:\n", mean(m.sites, "resolved"),
		mean(m.sites, "resolved", "hierarchy"), mean(m.sites, "resolved", "hierarchy", "by-name"))
	for _, why := range slices.SortedFunc(maps.Keys(m.misses), func(a, b string) int {
		return cmp.Or(m.misses[b]-m.misses[a], strings.Compare(a, b))
	}) {
		fmt.Fprintf(&b, "%6d %s\n", m.misses[why], why)
	}
	return b.String()
}

// want holds the figures to the least that is good enough, in percent, and the targets a site to the most.
func (m *measure) want(t *testing.T, resolved, named, targets float64) {
	t.Helper()
	f := entry(m.classes, "all")
	if got := percent(f.resolved+f.hierarchy, f.edges); got < resolved {
		t.Errorf("%.1f%% of the edges are found by resolved and hierarchy edges, want %v%%", got, resolved)
	}
	if got := percent(f.resolved+f.hierarchy+f.byName, f.edges); got < named {
		t.Errorf("%.1f%% of the edges are found with those by name, want %v%%", got, named)
	}
	if got := mean(m.sites, "resolved", "hierarchy"); got >= targets {
		t.Errorf("%.2f targets a site, want under %v", got, targets)
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// mean is the number of targets of a site that has one.
func mean(all []site, hows ...string) float64 {
	n, targets := 0, 0
	for _, s := range all {
		here := 0
		for _, c := range s.Callees {
			here += bit(slices.Contains(hows, c.How))
		}
		n += bit(here > 0)
		targets += here
	}
	return float64(targets) / float64(max(n, 1))
}

var (
	byText   = []string{"<builtin>.eval", "<builtin>.exec"}
	madeName = regexp.MustCompile(`\bgetattr\(\s*[^,()]+,\s*[^'"\s]`)
	assigned = regexp.MustCompile(`^\s*(\w+) = getattr\(\s*[^,()]+,\s*[^'"\s]`)
)

// computed says whether what is called at a line is made up when the program runs: it evaluates a text there, or calls what
// getattr gave it by a name that is no constant, there or in a line of that function before.
func computed(tree string, here []site, e event) string {
	file := ""
	first, last := e.line, e.line
	for _, s := range here {
		file = s.File
		if s.Line > e.line || e.line > max(s.Line, s.EndLine) {
			continue
		}
		first, last = min(first, s.Line), max(last, s.EndLine)
		for _, c := range s.Callees {
			if slices.Contains(byText, c.Name) {
				return "evaluated text"
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(tree, filepath.FromSlash(file)))
	if file == "" || err != nil {
		return ""
	}
	lines := strings.Split(string(text), "\n")
	for at := first; at <= last && at <= len(lines); at++ {
		if madeName.MatchString(lines[at-1]) {
			return "computed name"
		}
		for before := max(at-100, 1); before < at; before++ {
			m := assigned.FindStringSubmatch(lines[before-1])
			if m != nil && strings.Contains(lines[at-1], m[1]+"(") {
				return "computed name"
			}
		}
	}
	return ""
}

// reason says what is known at the line where a call happened that was not found.
func reason(here []site, e event) string {
	what := "call"
	if name := e.callee[strings.LastIndex(e.callee, ".")+1:]; strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") {
		what = name
	}
	if len(here) == 0 {
		return what + ": the caller is not known"
	}
	kind, others := "", false
	for _, s := range here {
		if s.Line <= e.line && e.line <= max(s.Line, s.EndLine) {
			kind = s.Kind
			others = others || len(s.Callees) > 0
			if len(s.Callees) == 0 || s.Callees[0].How == "open" {
				return what + ": an open " + s.Kind
			}
		}
	}
	switch {
	case others:
		return what + ": a " + kind + " that is taken for others"
	case kind != "":
		return what + ": " + kind
	}
	return what + ": no site on the line"
}
