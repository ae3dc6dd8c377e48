package infer_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// truth is what truth.py saw of one program.
type truth struct {
	Error   string              `json:"error"`
	Edges   [][3]any            `json:"edges"`
	Outside [][3]any            `json:"outside"`
	Types   map[string][]string `json:"types"`
	Returns map[string][]string `json:"returns"`
	Params  map[string][]string `json:"params"`
}

// TestTruth runs every case under CPython and holds the statements themselves to what happens: each stated edge and type is
// seen, and no edge between functions of the program goes unstated.
func TestTruth(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the cases: their statements are not checked, the engine is (TestCalls)")
	}
	if exec.Command(python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))").Run() != nil {
		t.Skip("python3 is older than 3.11, which the cases are written for")
	}
	for _, script := range []string{"truth.py", "names.py"} {
		// go test keeps results by the files that it sees the test read.
		if _, err := os.ReadFile(filepath.Join("testdata", script)); err != nil {
			t.Fatal(err)
		}
	}
	all := programs(t)
	type job struct {
		Dir   string   `json:"dir"`
		Watch [][3]any `json:"watch"`
	}
	var jobs []job
	for _, p := range all {
		j := job{Dir: p.write(t), Watch: [][3]any{}}
		for _, s := range p.states {
			if s.kind == "type" {
				j.Watch = append(j.Watch, [3]any{filepath.FromSlash(s.file), s.line, s.what})
			}
		}
		jobs = append(jobs, j)
	}
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-B", "testdata/truth.py")
	cmd.Stdin = bytes.NewReader(input)
	var errs strings.Builder
	cmd.Stderr = &errs
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("truth.py: %v\n%s", err, &errs)
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	if len(lines) != len(all) {
		t.Fatalf("truth.py gave %d results for %d programs", len(lines), len(all))
	}
	for i, p := range all {
		t.Run(p.feature+"/"+p.name, func(t *testing.T) {
			var seen truth
			if err := json.Unmarshal([]byte(lines[i]), &seen); err != nil {
				t.Fatal(err)
			}
			if missing := lacks(seen.Error); missing != "" {
				t.Skipf("this python3 has no %s to run the case with", missing)
			}
			if seen.Error != "" {
				t.Fatalf("the program ends with %s", seen.Error)
			}
			p.checkTruth(t, seen)
		})
	}
}

// lacks names the third-party module that a case could not import.
func lacks(message string) string {
	for _, name := range []string{"attr", "attrs", "pydantic", "celery", "flask", "django", "sqlalchemy"} {
		if message == "ModuleNotFoundError: No module named '"+name+"'" {
			return name
		}
	}
	return ""
}

func (p *program) checkTruth(t *testing.T, seen truth) {
	t.Helper()
	happened, called, later := edges{}, map[string]bool{}, map[string]bool{}
	for _, e := range seen.Edges {
		happened.add(e[0].(string), e[1].(string))
		called[e[1].(string)] = true
	}
	outside := edges{}
	for _, e := range seen.Outside {
		outside.add(e[0].(string), e[1].(string))
	}
	stated := edges{}
	for _, s := range p.states {
		switch s.kind {
		case "calls", "may-call", "later", "maybe", "by-name", "may-by-name":
			for _, name := range s.names {
				stated.add(s.caller, name)
				switch s.kind {
				case "later":
					if later[name] = true; !called[name] {
						t.Errorf("%s: %s was not called at all", s, name)
					}
					continue
				case "may-call", "maybe", "may-by-name":
					continue
				}
				if p.inside(name) {
					// What a thread runs has no caller of the program; who handed it over is taken at its word.
					if !happened[s.caller][name] && !happened["?"][name] {
						t.Errorf("%s: %s → %s did not happen", s, s.caller, name)
					}
				} else if !sawOutside(outside[s.caller], name) {
					t.Errorf("%s: %s calls no %s, but %s", s, s.caller, name, strings.Join(sortedSet(outside[s.caller]), ", "))
				}
			}
		case "not":
			for _, name := range s.names {
				if happened[s.caller][name] || outside[s.caller][name] {
					t.Errorf("%s: %s → %s did happen", s, s.caller, name)
				}
			}
		case "type", "returns", "param":
			var got []string
			switch s.kind {
			case "type":
				got = seen.Types[strings.Join([]string{s.file, itoa(s.line), s.what}, ":")]
			case "returns":
				got = seen.Returns[s.caller]
			case "param":
				got = seen.Params[s.caller+":"+s.what]
			}
			var want []string
			for _, name := range s.names {
				if either, ok := strings.CutPrefix(name, "~"); ok {
					got = slices.DeleteFunc(got, func(seen string) bool { return seen == either })
				} else if name[0] != '?' {
					want = append(want, name)
				}
			}
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: seen %s", s, strings.Join(got, " | "))
			}
		}
	}
	for caller, callees := range happened {
		for _, callee := range sortedSet(callees) {
			if caller != "?" && !stated[caller][callee] && !later[callee] {
				t.Errorf("unstated: %s → %s", caller, callee)
			}
			if caller == "?" && !statedBySome(stated, callee) {
				t.Errorf("unstated: a thread runs %s", callee)
			}
		}
	}
}

func statedBySome(stated edges, callee string) bool {
	for _, callees := range stated {
		if callees[callee] {
			return true
		}
	}
	return false
}

// sawOutside says whether a stated name is among those that CPython showed: these are of where a thing is defined
// (posixpath.join), the stated ones as users write them (os.path.join), so that only the last part counts
// for libraries.
func sawOutside(seen map[string]bool, name string) bool {
	if strings.HasPrefix(name, "<") {
		return seen[name]
	}
	last := name[strings.LastIndex(name, ".")+1:]
	for s := range seen {
		if s[strings.LastIndex(s, ".")+1:] == last {
			return true
		}
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }
