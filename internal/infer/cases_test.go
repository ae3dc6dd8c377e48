package infer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/wadjet-security/wadjet/internal/cli"
)

// A program is one case of a feature: a folder of an archive in testdata/calls, whose main.py is run by TestTruth
// and read by TestCalls. What must hold is stated in comments:
//
//	f()            # calls: main.f, main.g        the function that this line is in calls both; that it calls nothing else
//	                                              of the program is checked without saying so
//	len(x)         # calls: <builtin>.len         callables from elsewhere count where they are stated, and only there
//	f()            # not: main.g                  worth saying: the mistake that this case is about
//	if rare: f()   # may-call: main.f             true, though this run does not come here
//	at_exit(f)     # later: main.f                handed over here; who calls it when it runs is another
//	d.get(k, f)()  # maybe: main.f                right to find, and right to rule out
//	k = lambda: f()  # main.<lambda1> calls: main.f    another caller than the function of the line
//	x = f()        # type: x: int | str           the types of x once the line ran; also self.x, d["a"], b[0]; ?str when
//	                                              the run does not see it, ~str when it may be ruled out besides
//	u.m()          # by-name: main.A.m            nothing is known of u: an edge of which only the name tells; these are checked
//	               #                              where a case states one
//	u.m()          # may-by-name: main.B.m        the same, though this run does not come here
//	def f(a):      # returns: int; param: a: str  on the line of the def
//	f()            # todo calls: main.f           a known gap; so are `todo not:`, an edge that should not be, and
//	                                              `todo type:`; each fails once the gap is closed
//
// A comment holds several, parted by semicolons. On the line of a def they speak of that function; on the line of a class
// and of a decorator, of the scope around.
type program struct {
	feature, name string
	files         []txtar.File // names without the case's folder
	states        []statement
}

type statement struct {
	file   string
	line   int
	caller string // the function that it speaks of
	kind   string // calls, may-call, later, maybe, by-name, may-by-name, not, type, returns, param
	todo   bool
	what   string   // the variable of a type or param
	names  []string // callees or types
}

func (s statement) String() string {
	kind := s.kind
	if s.todo {
		kind = "todo " + kind
	}
	if s.what != "" {
		kind += ": " + s.what
	}
	return fmt.Sprintf("%s:%d: %s: %s", s.file, s.line, kind, strings.Join(s.names, ", "))
}

var (
	comment = regexp.MustCompile(`#\s*((?:\S+ )?(?:todo )?(?:calls|may-call|later|maybe|by-name|may-by-name|not|type|returns|param):.*)$`)
	clause  = regexp.MustCompile(`^(?:(\S+) )??(todo )?(calls|may-call|later|maybe|by-name|may-by-name|not|type|returns|param):\s*(.*)$`)
	header  = regexp.MustCompile(`^( *)(?:async )?(def|class)\s+(\w+)`)
)

// module is the name of the module in a file of a program.
func module(file string) string {
	name := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", ".")
	return strings.TrimSuffix(name, ".__init__")
}

func programs(t *testing.T) []*program {
	t.Helper()
	archives, err := filepath.Glob("testdata/calls/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var all []*program
	for _, path := range archives {
		feature := strings.TrimSuffix(filepath.Base(path), ".txtar")
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]*program{}
		for _, f := range archive.Files {
			name, file, ok := strings.Cut(f.Name, "/")
			if !ok {
				t.Fatalf("%s: %s: want CASE/FILE", path, f.Name)
			}
			p := byName[name]
			if p == nil {
				p = &program{feature: feature, name: name}
				byName[name] = p
				all = append(all, p)
			}
			if slices.ContainsFunc(p.files, func(g txtar.File) bool { return g.Name == file }) {
				t.Fatalf("%s: two files %s", path, f.Name)
			}
			p.files = append(p.files, txtar.File{Name: file, Data: f.Data})
			p.states = append(p.states, statements(t, feature+"/"+f.Name, file, string(f.Data))...)
		}
	}
	return all
}

func statements(t *testing.T, where, file, text string) []statement {
	t.Helper()
	var out []statement
	type scope struct {
		indent int
		name   string
	}
	stack := []scope{{-1, module(file)}}
	for i, line := range strings.Split(text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if strings.TrimSpace(line) == "" {
			continue
		}
		for stack[len(stack)-1].indent >= indent {
			stack = stack[:len(stack)-1]
		}
		caller := stack[len(stack)-1].name
		if m := header.FindStringSubmatch(line); m != nil {
			inner := caller + "." + m[3]
			if m[2] == "def" {
				caller = inner
			}
			stack = append(stack, scope{indent, inner})
		}
		m := comment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for part := range strings.SplitSeq(m[1], ";") {
			c := clause.FindStringSubmatch(strings.TrimSpace(part))
			if c == nil {
				t.Fatalf("%s:%d: cannot read %q", where, i+1, part)
			}
			s := statement{file: file, line: i + 1, caller: caller, kind: c[3], todo: c[2] != ""}
			if c[1] != "" {
				s.caller = c[1]
			}
			rest, by := c[4], ","
			switch s.kind {
			case "type", "param":
				at := strings.LastIndex(rest, ":")
				if at < 0 {
					t.Fatalf("%s:%d: %s wants a name and its types", where, i+1, s.kind)
				}
				s.what, rest, by = strings.TrimSpace(rest[:at]), rest[at+1:], "|"
			case "returns":
				by = "|"
			}
			for name := range strings.SplitSeq(rest, by) {
				if name = strings.TrimSpace(name); name == "" {
					t.Fatalf("%s:%d: an empty name in %q", where, i+1, part)
				}
				s.names = append(s.names, name)
			}
			out = append(out, s)
		}
	}
	return out
}

// write lays a program out in a folder.
func (p *program) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range p.files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// inside says whether a name is one of the program's functions.
func (p *program) inside(name string) bool {
	for _, f := range p.files {
		if m := module(f.Name); name == m || strings.HasPrefix(name, m+".") {
			return true
		}
	}
	return false
}

// edges are callees by caller.
type edges map[string]map[string]bool

func (e edges) add(caller, callee string) {
	if e[caller] == nil {
		e[caller] = map[string]bool{}
	}
	e[caller][callee] = true
}

func sortedSet(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// wadjet runs the command line in process and decodes the JSON that it prints.
func wadjet(t *testing.T, into any, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	s := cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" }, Dir: "."}
	if code := cli.Main(args, s); code != 0 {
		t.Fatalf("wadjet %s: exit code %d\n%s", strings.Join(args, " "), code, errs.Bytes())
	}
	if err := json.Unmarshal(out.Bytes(), into); err != nil {
		t.Fatalf("wadjet %s: %v\n%.2000s", strings.Join(args, " "), err, out.Bytes())
	}
}

func callgraph(t *testing.T, dir string) edges {
	t.Helper()
	var graph map[string][]string
	wadjet(t, &graph, "debug", "callgraph", dir)
	got := edges{}
	for caller, callees := range graph {
		got[caller] = map[string]bool{}
		for _, c := range callees {
			got[caller][c] = true
		}
	}
	return got
}

// A fact is one line of `wadjet debug types`, and of TypeEvalPy's truth.
type fact struct {
	File      string   `json:"file"`
	Line      int      `json:"line_number"`
	Col       int      `json:"col_offset"`
	Function  string   `json:"function"`
	Parameter string   `json:"parameter"`
	Variable  string   `json:"variable"`
	Type      []string `json:"type"`
}

// TestCalls holds the engine to what the cases state.
func TestCalls(t *testing.T) {
	for _, p := range programs(t) {
		t.Run(p.feature+"/"+p.name, func(t *testing.T) {
			dir := p.write(t)
			p.checkEdges(t, callgraph(t, dir))
			if slices.ContainsFunc(p.states, func(s statement) bool { return s.kind == "by-name" || s.kind == "may-by-name" }) {
				p.checkNames(t, sites(t, dir))
			}
			if slices.ContainsFunc(p.states, func(s statement) bool { return s.what != "" || s.kind == "returns" }) {
				var facts []fact
				wadjet(t, &facts, "debug", "types", dir)
				p.checkTypes(t, facts)
			}
		})
	}
}

func (p *program) checkEdges(t *testing.T, got edges) {
	t.Helper()
	allowed, stated := edges{}, edges{}
	for _, s := range p.states {
		for _, name := range s.names {
			has := got[s.caller][name]
			switch {
			case s.kind == "calls" || s.kind == "may-call" || s.kind == "later":
				allowed.add(s.caller, name)
				stated.add(s.caller, name)
				if !s.todo && !has {
					t.Errorf("%s: missing %s → %s", s, s.caller, name)
				} else if s.todo && has {
					t.Errorf("%s: %s → %s is found now: drop the todo", s, s.caller, name)
				}
			case s.kind == "maybe":
				allowed.add(s.caller, name)
			case s.kind == "not" && s.todo:
				allowed.add(s.caller, name)
				if !has {
					t.Errorf("%s: %s → %s is gone now: drop the todo", s, s.caller, name)
				}
			case s.kind == "not" && has:
				t.Errorf("%s: there is %s → %s", s, s.caller, name)
			}
		}
	}
	for _, caller := range slices.Sorted(maps.Keys(got)) {
		for _, callee := range sortedSet(got[caller]) {
			if p.inside(callee) && !allowed[caller][callee] {
				t.Errorf("extra %s → %s (stated: %s)", caller, callee, strings.Join(sortedSet(stated[caller]), ", "))
			}
		}
	}
}

// checkNames checks the edges by name, and that there are no others.
func (p *program) checkNames(t *testing.T, all []site) {
	t.Helper()
	got, stated := edges{}, edges{}
	for _, s := range all {
		for _, c := range s.Callees {
			if c.How == "by-name" {
				got.add(s.Caller, c.Name)
			}
		}
	}
	for _, s := range p.states {
		for _, name := range s.names {
			switch has := got[s.caller][name]; s.kind {
			case "by-name", "may-by-name":
				stated.add(s.caller, name)
				if has == s.todo {
					t.Errorf("%s: found by name: %v", s, has)
				}
			case "not":
				if has {
					t.Errorf("%s: there is %s → %s by name", s, s.caller, name)
				}
			}
		}
	}
	for caller, callees := range got {
		for _, callee := range sortedSet(callees) {
			if !stated[caller][callee] {
				t.Errorf("extra %s → %s by name", caller, callee)
			}
		}
	}
}

func (p *program) checkTypes(t *testing.T, facts []fact) {
	t.Helper()
	for _, s := range p.states {
		var match func(fact) bool
		switch s.kind {
		case "type":
			match = func(f fact) bool { return f.Variable == strings.ReplaceAll(s.what, `"`, "'") }
		case "param":
			match = func(f fact) bool { return f.Parameter == s.what }
		case "returns":
			match = func(f fact) bool { return f.Variable == "" && f.Parameter == "" }
		default:
			continue
		}
		found := map[string]bool{}
		for _, f := range facts {
			if f.File == s.file && f.Line == s.line && match(f) {
				for _, name := range f.Type {
					found[name] = true
				}
			}
		}
		want, either := map[string]bool{}, map[string]bool{}
		for _, name := range s.names {
			if name, ok := strings.CutPrefix(name, "~"); ok {
				either[name] = true
				continue
			}
			want[strings.TrimPrefix(name, "?")] = true
		}
		maps.DeleteFunc(found, func(name string, _ bool) bool { return either[name] })
		same := maps.Equal(found, want)
		if !s.todo && !same {
			t.Errorf("%s: got %s", s, strings.Join(sortedSet(found), " | "))
		} else if s.todo && same {
			t.Errorf("%s: is found now: drop the todo", s)
		}
	}
}

// TestCasesAreMany keeps the table from shrinking unseen.
func TestCasesAreMany(t *testing.T) {
	features := map[string]int{}
	all := programs(t)
	for _, p := range all {
		features[p.feature]++
		if !slices.ContainsFunc(p.files, func(f txtar.File) bool { return f.Name == "main.py" }) {
			t.Errorf("%s/%s has no main.py", p.feature, p.name)
		}
		if len(p.states) == 0 {
			t.Errorf("%s/%s states nothing", p.feature, p.name)
		}
	}
	t.Logf("%d cases of %d features", len(all), len(features))
	if len(all) < 240 {
		t.Errorf("%d cases, want 240 at least", len(all))
	}
}
