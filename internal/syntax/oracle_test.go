package syntax

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// oracle is what CPython says of files named on its standard input, one JSON line each. Files that are not
// UTF-8 are read as Python reads them; empty lists and absent fields are left out, as Python 3.13 and later do by themselves.
const oracle = `
import ast, json, sys, warnings, sysconfig, os
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
inside = sys.version_info < (3, 12)   # places within f-strings are wrong

def dump(node, places=True):
    if isinstance(node, ast.AST):
        fields = []
        for name in node._fields:
            value = getattr(node, name, None)
            if value == [] or value is None and getattr(type(node), name, ...) is None:
                continue
            fields.append(f"{name}={dump(value, places and not (inside and isinstance(node, ast.JoinedStr)))}")
        if node._attributes and (places or not inside):
            for name in node._attributes:
                fields.append(f"{name}={getattr(node, name)!r}")
        return f"{type(node).__name__}({', '.join(fields)})"
    if isinstance(node, list):
        return "[" + ", ".join(dump(x, places) for x in node) + "]"
    return repr(node)

files = []
if len(sys.argv) > 1:
    files = [l.rstrip("\n") for l in sys.stdin]
else:
    for top, dirs, names in os.walk(sysconfig.get_paths()["stdlib"]):
        dirs[:] = sorted(d for d in dirs if d not in ("site-packages", "dist-packages", "__pycache__"))
        files += [os.path.join(top, n) for n in sorted(names) if n.endswith(".py")]
for path in files:
    with open(path, "rb") as f:
        data = f.read()
    try:
        tree = ast.parse(data, path)
        out = {"path": path, "ok": True, "dump": dump(tree)}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        out = {"path": path, "ok": False, "error": str(e), "line": getattr(e, "lineno", 0) or 0}
    print(json.dumps(out))
`

type verdict struct {
	Path  string `json:"path"`
	OK    bool   `json:"ok"`
	Dump  string `json:"dump"`
	Error string `json:"error"`
	Line  int    `json:"line"`
	Text  string `json:"text"`
}

// newestPython is the newest CPython at hand, of those that have the grammar of 3.8 and later.
func newestPython(t testing.TB) (path string, minor int) {
	for _, name := range []string{"python3.14", "python3.13", "python3.12", "python3"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, "-c", "import sys; print(sys.version_info[1])").Output()
		if err != nil {
			continue
		}
		for _, c := range strings.TrimSpace(string(out)) {
			minor = minor*10 + int(c-'0')
		}
		return path, minor
	}
	t.Skip("no python3 on this machine: nothing to compare with")
	return "", 0
}

// TestStandardLibrary compares the trees of all files of CPython's standard library, its tests included, with those of
// CPython itself.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the whole standard library twice")
	}
	python, minor := newestPython(t)
	if p := os.Getenv("WADJET_PYTHON"); p != "" {
		python = p
		out, err := exec.Command(p, "-c", "import sys; print(sys.version_info[1])").Output()
		if err != nil {
			t.Fatal(err)
		}
		minor = 0
		for _, c := range strings.TrimSpace(string(out)) {
			minor = minor*10 + int(c-'0')
		}
	}
	if minor < 9 {
		t.Skipf("python3 is 3.%d: its trees have another shape", minor)
	}
	cmd := exec.Command(python, "-c", oracle)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReaderSize(pipe, 1<<20)
	n, bad := 0, 0
	for {
		line, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
		var want verdict
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		n++
		if !compare(t, want, minor) {
			bad++
		}
		if err != nil {
			break
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d differ, Python 3.%d", n, bad, minor)
	if n < 100 {
		t.Errorf("only %d files were compared", n)
	}
}

func compare(t *testing.T, want verdict, minor int) bool {
	list, err := walk.Walk([]string{want.Path}, walk.Options{MaxBytes: 1 << 30})
	if err != nil || len(list.Entries) != 1 {
		t.Errorf("%s: not read: %v", want.Path, err)
		return false
	}
	src, problem := walk.Read(list.Entries[0], walk.Options{MaxBytes: 1 << 30})
	if src == nil {
		t.Errorf("%s: not read: %v", want.Path, problem)
		return false
	}
	tree := Parse(src)
	if want.OK {
		for _, e := range tree.Errors {
			line, col := src.Position(e.Span.Start)
			t.Errorf("%s:%d:%d: refused: %s", want.Path, line, col, e.Message)
			return false
		}
		got := dump(tree, minor < 12)
		if minor < 14 {
			got = beforeUnicode16(got)
		}
		if got != want.Dump {
			i := 0
			for i < len(got) && i < len(want.Dump) && got[i] == want.Dump[i] {
				i++
			}
			t.Errorf("%s: trees differ\n got …%s\nwant …%s", want.Path, around(got, i), around(want.Dump, i))
			return false
		}
		return true
	}
	if strings.HasPrefix(want.Error, "encoding problem: utf8 with BOM") {
		return true // the spelling utf8 beside a byte order mark: there is no doubt how to read it
	}
	if len(tree.Errors) == 0 && len(src.Notes) == 0 {
		t.Errorf("%s:%d: accepted, where CPython says: %s", want.Path, want.Line, want.Error)
		return false
	}
	return true
}

// beforeUnicode16 escapes what older Pythons do not know to be printable.
func beforeUnicode16(dump string) string {
	var b strings.Builder
	for _, r := range dump {
		switch {
		case !unicode.Is(newPrintable, r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

func around(s string, i int) string { return s[max(0, i-100):min(len(s), i+120)] }

// cases reads a file of texts between lines of ===.
func cases(t *testing.T, path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(data), "===\n")[1:]
}

func TestAccept(t *testing.T) {
	for _, text := range cases(t, "testdata/accept.txt") {
		f := Parse(source.New("a.py", text))
		for _, e := range f.Errors {
			line, col := f.Source.Position(e.Span.Start)
			t.Errorf("%d:%d: %s\n%s", line, col, e.Message, text)
		}
	}
}

func TestReject(t *testing.T) {
	for _, text := range cases(t, "testdata/reject.txt") {
		f := Parse(source.New("a.py", text))
		if len(f.Errors) == 0 {
			t.Errorf("accepted: %s", text)
		}
		for _, e := range f.Errors {
			if e.Message == "" || strings.Contains(e.Message, "\n") {
				t.Errorf("message %q", e.Message)
			}
		}
	}
}

// TestCPython314 compares with CPython 3.14 itself, where WADJET_PYODIDE names the folder of the npm package pyodide: its
// standard library, and the texts of testdata.
func TestCPython314(t *testing.T) {
	folder := os.Getenv("WADJET_PYODIDE")
	if folder == "" {
		t.Skip("WADJET_PYODIDE does not name the folder of the npm package pyodide")
	}
	n := 0
	cpython314(t, folder, "stdlib", "", func(v verdict) { n++; sameVerdict(t, v.Path, v.Text, v) })
	t.Logf("%d files", n)
	for path, ok := range map[string]bool{"testdata/accept.txt": true, "testdata/reject.txt": false} {
		input, err := json.Marshal(cases(t, path))
		if err != nil {
			t.Fatal(err)
		}
		cpython314(t, folder, "cases", string(input), func(v verdict) {
			if v.OK != ok {
				t.Errorf("%s: CPython's verdict is %v (%s):\n%s", path, v.OK, v.Error, v.Path)
				return
			}
			sameVerdict(t, v.Path, v.Path, v)
		})
	}
}

// TestCharacters compares what we know of every character with CPython 3.14.
func TestCharacters(t *testing.T) {
	folder := os.Getenv("WADJET_PYODIDE")
	if folder == "" {
		t.Skip("WADJET_PYODIDE does not name the folder of the npm package pyodide")
	}
	var runs [3][]rune
	cpython314(t, folder, "characters", "", func(v verdict) {
		if err := json.Unmarshal([]byte(v.Error), &runs); err != nil {
			t.Fatal(err)
		}
	})
	for i, f := range []func(rune) bool{beginsName, inName, printable} {
		what := [...]string{"begins a name", "stands in a name", "is printed"}[i]
		at, want := rune(0x80), false
		for _, n := range runs[i] {
			for end := at + n; at < end; at++ {
				if f(at) != want && (at < 0xD800 || at > 0xDFFF) {
					t.Errorf("%U %s: %v, want %v", at, what, !want, want)
				}
			}
			want = !want
		}
		if at != 0x110000 {
			t.Errorf("%s: only %U characters", what, at)
		}
	}
}

// cpython314 asks CPython 3.14: for mode "cases" about a list of texts in JSON.
func cpython314(t *testing.T, folder, mode, input string, each func(v verdict)) {
	cmd := exec.Command("node", "testdata/pyodide.mjs", folder, mode)
	cmd.Stdin, cmd.Stderr = strings.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(out) {
		var v verdict
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		each(v)
	}
}

// sameVerdict reports whether we accept a text as CPython does, and read the same from it.
func sameVerdict(t *testing.T, name, text string, v verdict) bool {
	tree := Parse(source.New(name, text))
	switch {
	case !v.OK && len(tree.Errors) == 0:
		t.Errorf("accepted, where CPython says %s:\n%s", v.Error, name)
		return false
	case v.OK && len(tree.Errors) > 0:
		t.Errorf("refused, %s:\n%s", tree.Errors[0].Message, name)
		return false
	case v.OK:
		if got := Dump(tree); got != v.Dump {
			i := 0
			for i < len(got) && i < len(v.Dump) && got[i] == v.Dump[i] {
				i++
			}
			t.Errorf("%s: trees differ\n got …%s\nwant …%s", clip(name), around(got, i), around(v.Dump, i))
			return false
		}
	}
	return true
}
