package resolve

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// oracle prints what CPython's own symtable says of files: one line a file, its scopes each as
// "kind name line: name=class …". Given no names on standard input, the files are those of the standard library.
const oracle = `
import json, os, re, sys, symtable, sysconfig, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
kinds = {"lambda": "lambda", "genexpr": "comprehension", "listcomp": "comprehension", "setcomp": "comprehension", "dictcomp": "comprehension"}

def scopes(t, out):
    module = t.get_type() == "module"
    kind = "function" if t.get_type() == "function" else t.get_type()
    name = t.get_name()
    if kind == "function" and name in kinds and ".0" in t.get_identifiers():
        kind, name = "comprehension", ""
    elif kind == "function" and name == "lambda":
        kind, name = "lambda", ""
    elif module:
        name = ""
    names = []
    for s in t.get_symbols():
        n = s.get_name()
        if n.startswith(".") or n == "__class__":  # the interpreter's own
            continue
        flags, scope = s._Symbol__flags, s._Symbol__scope
        if not flags & (2 | 4 | 16 | 128):
            continue           # only named by a global or nonlocal statement, or passed on to an inner scope
        if module:
            word = "local" if flags & (2 | 4 | 128) else "global"
        else:
            word = {1: "local", 2: "global", 3: "global", 4: "free", 5: "local"}[scope]
            if flags & 4:
                word = "param"
            if scope == 5:
                word += "*"    # a cell: inner functions use it
        names.append(n + "=" + word)
    line = 0 if module else t.get_lineno()
    out.append(f"{kind} {name} {line}: " + " ".join(sorted(names)))
    for c in t.get_children():
        scopes(c, out)

files = [l.rstrip("\n") for l in sys.stdin]
if not files:
    for top, dirs, names in os.walk(sysconfig.get_paths()["stdlib"]):
        dirs[:] = sorted(d for d in dirs if d not in ("site-packages", "dist-packages", "__pycache__"))
        files += [os.path.join(top, n) for n in sorted(names) if n.endswith(".py")]
for path in files:
    with open(path, "rb") as f:
        data = f.read()
    try:
        # annotations that are never evaluated would not count
        data = re.sub(rb"(from __future__ import [^\n#]*)\bannotations\b", rb"\1division", data)
        out = []
        scopes(symtable.symtable(data, path, "exec"), out)
        print(json.dumps({"path": path, "scopes": sorted(out)}))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
`

var lazy = regexp.MustCompile(`(from __future__ import [^\n#]*)\bannotations\b`)

// summary is what the oracle prints, from our tables.
func summary(in *Info) []string {
	type meaning struct {
		word string
		is   *Binding
	}
	names := make([]map[string]meaning, len(in.Scopes))
	for i := range names {
		names[i] = map[string]meaning{}
	}
	cells := map[*Binding]bool{}
	see := func(at *Scope, name string, n syntax.Node) {
		b, word := in.Defined(n), "global"
		switch {
		case b == nil:
		case b.Scope == at:
			if at != in.Module || slices.ContainsFunc(b.Defs, func(d Def) bool { return in.ScopeOf(d.Node).Function() == at }) {
				word = "local" // else only functions bind it, by global
			}
		case b.Scope == in.Module:
		default:
			word = "free"
			cells[b] = true
		}
		if name == "__class__" {
			return // the oracle leaves it out: within a function, it is a cell of the class around
		}
		name = private(at, name)
		if old := names[at.Index][name].word; old != "" && old != word {
			word = old + "/" + word // two answers for one name
		}
		names[at.Index][name] = meaning{word, b}
	}
	for _, s := range in.Tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			if n == nil {
				return false
			}
			at := in.ScopeOf(n)
			switch n := n.(type) {
			case *syntax.Name:
				see(at, n.Name, n)
				if w, ok := in.Parent(n).(*syntax.Walrus); ok && w.Target == syntax.Expr(n) {
					for at.Kind == CompScope { // it is said to occur in both
						at = at.Parent
					}
					see(at, n.Name, n)
				}
			case *syntax.Nonlocal:
				for _, name := range n.Names { // makes a cell, even if nothing uses it
					for up := at.Parent; up != nil; up = up.Parent {
						if b := up.Lookup(name.Name); b != nil && up.Kind != ClassScope {
							cells[b] = true
							break
						}
					}
				}
			case *syntax.FunctionDef:
				see(at, n.Name.Name, n)
			case *syntax.ClassDef:
				see(at, n.Name.Name, n)
			case *syntax.Alias:
				if n.AsName != "" {
					see(at, n.AsName, n)
				} else if n.Name != "*" {
					see(at, in.Defined(n).Name, n)
				}
			case *syntax.Param:
				if n.Name != "" {
					see(at, n.Name, n)
				}
			case *syntax.Handler:
				if n.Name.Name != "" {
					see(at, n.Name.Name, n)
				}
			case *syntax.MatchAs:
				if n.Name.Name != "" {
					see(at, n.Name.Name, n)
				}
			case *syntax.MatchStar:
				if n.Name.Name != "" {
					see(at, n.Name.Name, n)
				}
			case *syntax.MatchMapping:
				if n.Rest.Name != "" {
					see(at, n.Rest.Name, n)
				}
			}
			return true
		})
	}
	var out []string
	for i := range in.Scopes {
		s := &in.Scopes[i]
		name, line := "", 0
		switch n := s.Node.(type) {
		case *syntax.FunctionDef:
			name = n.Name.Name
		case *syntax.ClassDef:
			name = n.Name.Name
		}
		if s.Node != nil {
			line, _ = in.Tree.Source.Position(s.Node.Span().Start)
		}
		var words []string
		for name, m := range names[i] {
			b, word := m.is, m.word
			if word == "local" {
				if slices.ContainsFunc(b.Defs, func(d Def) bool { return d.Kind == Param }) {
					word = "param"
				}
				if cells[b] && s.Kind != ClassScope {
					word += "*"
				}
			}
			words = append(words, name+"="+word)
		}
		slices.Sort(words)
		out = append(out, fmt.Sprintf("%s %s %d: %s", s.Kind, name, line, strings.Join(words, " ")))
	}
	slices.Sort(out)
	return out
}

// private is a name as the class around it spells it: __x in class C is _C__x.
func private(at *Scope, name string) string {
	for ; at != nil; at = at.Parent {
		if at.Kind == ClassScope {
			class := strings.TrimLeft(at.Node.(*syntax.ClassDef).Name.Name, "_")
			if class != "" && strings.HasPrefix(name, "__") && !strings.HasSuffix(name, "__") && !strings.Contains(name, ".") {
				return "_" + class + name
			}
			break
		}
	}
	return name
}

// TestSymtable compares the scopes of every file of the standard library, and what each name is in each of them, with
// CPython's symtable. WADJET_CORPUS adds the files of a folder.
func TestSymtable(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on this machine: nothing to compare with")
	}
	if testing.Short() {
		t.Skip("reads the whole standard library twice")
	}
	runs := []string{""}
	if dir := os.Getenv("WADJET_CORPUS"); dir != "" {
		var list strings.Builder
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".py") && !strings.Contains(path, "\n") {
				list.WriteString(path + "\n")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, list.String())
	}
	n, bad := 0, 0
	for _, files := range runs {
		cmd := exec.Command(python, "-c", oracle)
		cmd.Stdin, cmd.Stderr = strings.NewReader(files), os.Stderr
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for r := bufio.NewReaderSize(pipe, 1<<20); ; {
			line, err := r.ReadBytes('\n')
			if err != nil {
				break
			}
			var want struct {
				Path   string
				Scopes []string
			}
			if err := json.Unmarshal(line, &want); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(want.Path)
			if err != nil {
				t.Fatal(err)
			}
			data = bytes.TrimPrefix(data, []byte("\uFEFF"))
			if !utf8.Valid(data) {
				continue // decoding is walk's
			}
			tree := syntax.Parse(source.New(want.Path, lazy.ReplaceAllString(string(data), "${1}division")))
			if len(tree.Errors) > 0 {
				continue // syntax's own test says so
			}
			n++
			if diff := difference(summary(Resolve(tree)), want.Scopes); diff != "" {
				if bad++; bad <= 20 {
					t.Errorf("%s:\n%s", want.Path, diff)
				}
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files, %d differ", n, bad)
	if n < 100 {
		t.Errorf("only %d files were compared", n)
	}
}

// difference is the first lines that only one of two sorted lists has.
func difference(got, want []string) string {
	var out []string
	for i, j := 0, 0; (i < len(got) || j < len(want)) && len(out) < 6; {
		switch {
		case j == len(want) || i < len(got) && got[i] < want[j]:
			out = append(out, " got "+got[i])
			i++
		case i == len(got) || want[j] < got[i]:
			out = append(out, "want "+want[j])
			j++
		default:
			i++
			j++
		}
	}
	return strings.Join(out, "\n")
}
