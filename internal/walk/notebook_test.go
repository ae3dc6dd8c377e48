package walk

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

// nb writes a notebook of code cells, one string a line, as Jupyter does.
func nb(cells ...string) string {
	type cell struct {
		Type    string   `json:"cell_type"`
		Source  []string `json:"source"`
		Outputs []string `json:"outputs"`
	}
	var doc struct {
		Cells  []cell `json:"cells"`
		Format int    `json:"nbformat"`
	}
	doc.Format = 4
	for _, c := range cells {
		kind := "code"
		if rest, ok := strings.CutPrefix(c, "markdown:"); ok {
			kind, c = "markdown", rest
		}
		doc.Cells = append(doc.Cells, cell{kind, strings.SplitAfter(c, "\n"), []string{}})
	}
	out, _ := json.MarshalIndent(doc, "", " ")
	return string(out) + "\n"
}

func readString(t *testing.T, kind source.Kind, text string) (*source.File, *Problem) {
	t.Helper()
	return Read(Entry{Path: "x", Kind: kind, Explicit: true}, Options{Stdin: strings.NewReader(text)})
}

func TestMagics(t *testing.T) {
	for _, c := range []struct{ name, cell, want, commands string }{
		{"plain", "x = 1\ny = x % 2\n", "x = 1\ny = x % 2\n", ""},
		{"line magic", "%matplotlib inline\nx = 1", "                  \nx = 1\n", "%matplotlib inline"},
		{"shell", "!curl http://x | sh\nx", "                   \nx\n", "!curl http://x | sh"},
		{"continued shell", "!apt \\\n install x\ny", "      \n          \ny\n", "!apt \\\n install x"},
		{"in a block", "if x:\n    !ls -l\n", "if x:\n    pass  \n", "!ls -l"},
		{"in a block, short", "if x:\n  !ls\n", "if x:\n  ...\n", "!ls"},
		{"in a block, very short", "if x:\n  ?x\n", "if x:\n  0 \n", "?x"},
		{"assigned shell", "x = !ls 'a\ny", "x = _     \ny\n", "!ls 'a"},
		{"assigned magic", "a, b = %env X\n", "a, b = _     \n", "%env X"},
		{"help before", "?open\n??open", "     \n      \n", "?open ??open"},
		{"help after", "open?\nx.y??\n", "     \n     \n", "open? x.y??"},
		{"timed statement", "%time f = eval(x)\n", "0;    f = eval(x)\n", "%time"},
		{"timed with options", "%timeit -n 3 f()\n", "                \n", "%timeit -n 3 f()"},
		{"timed cell", "%%time\nx = 1\n", "      \nx = 1\n", "%%time"},
		{"two cell magics", "%%time\n%%capture o\nx = 1\n", "      \n           \nx = 1\n", "%%time %%capture o"},
		{"cell of shell", "\n# first\n%%bash\nls 'a\n", "\n# first\n      \n     \n", "%%bash\nls 'a"},
		{"autocall", "/f x\n,f x\n;f x\n", "    \n    \n    \n", "/f x ,f x ;f x"},
		{"automagic", "pip install x\ncd = 1\nls -l\n", "             \ncd = 1\nls -l\n", "pip install x"},
		{"percent in brackets", "x = (a\n%b)\n", "x = (a\n%b)\n", ""},
		{"percent continued", "x = a \\\n%b\n", "x = a \\\n%b\n", ""},
		{"in a string", "x = '''\n%a\n!b\n'''\n", "x = '''\n%a\n!b\n'''\n", ""},
		{"question in a comment", "x = 1 # why?\n", "x = 1 # why?\n", ""},
		{"question in a string", "x = 'why?'\n", "x = 'why?'\n", ""},
		{"comparison", "x = y\nz != y\nx == y\nf(a=b%c)\n", "x = y\nz != y\nx == y\nf(a=b%c)\n", ""},
		{"f-string in f-string", "f\"{d[\"a\"]}\"\n%x\n", "f\"{d[\"a\"]}\"\n  \n", "%x"},
		{"windows lines", "!a\r\nx\r\n", "  \r\nx\r\n", "!a"},
		{"not ascii", "!é\nx", "   \nx\n", "!é"},
		{"decorator and class", "@a\nclass B:\n  def c(): pass\n", "@a\nclass B:\n  def c(): pass\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, p := readString(t, source.Notebook, nb(c.cell))
			if p != nil {
				t.Fatal(p)
			}
			if f.Text != c.want {
				t.Errorf("text is\n%q, want\n%q", f.Text, c.want)
			}
			var commands []string
			for _, k := range f.Commands {
				commands = append(commands, k.Text)
				if len(k.Text) != k.Span.Len() && !strings.HasPrefix(k.Text, "%time") {
					t.Errorf("command %q has a span of %d bytes", k.Text, k.Span.Len())
				}
			}
			if got := strings.Join(commands, " "); got != c.commands {
				t.Errorf("commands are %q, want %q", got, c.commands)
			}
			if len(f.Notes) > 0 {
				t.Errorf("notes: %v", f.Notes)
			}
		})
	}
}

func TestNotebookPlaces(t *testing.T) {
	text := nb("markdown:# Title", "import os\n", "", "x = 1\n\nos.system(é)", "markdown:x", "%pip x\neval(y)\n")
	f, p := readString(t, source.Notebook, text)
	if p != nil {
		t.Fatal(p)
	}
	if want := "import os\nx = 1\n\nos.system(é)\n      \neval(y)\n"; f.Text != want {
		t.Fatalf("text is %q, want %q", f.Text, want)
	}
	disk := strings.Split(text, "\n")
	for _, c := range []struct {
		find, place, line string
	}{
		{"import", "cell 2:1:1", "import os"},
		{"x = 1", "cell 4:1:1", "x = 1"},
		{"os.system", "cell 4:3:1", "os.system"},
		{")", "cell 4:3:12", "os.system"},
		{"      \n", "cell 6:1:1", "%pip x"},
		{"eval", "cell 6:2:1", "eval(y)"},
	} {
		at := uint32(strings.Index(f.Text, c.find))
		if got := f.Place(at).String(); got != c.place {
			t.Errorf("%q stands at %s, want %s", c.find, got, c.place)
		}
		if n := f.DiskLine(at); n == 0 || !strings.Contains(disk[n-1], c.line) {
			t.Errorf("%q stands on line %d of the file, which is not %q", c.find, n, c.line)
		}
	}
}

func TestNotebookOnOneLine(t *testing.T) {
	f, p := readString(t, source.Notebook, `{"cells":[{"cell_type":"code","source":"a\nb\nc"},`+"\n"+`{"cell_type":"code","source":["d\n","e"]}]}`)
	if p != nil {
		t.Fatal(p)
	}
	for find, line := range map[string]int{"a": 1, "c": 1, "d": 2, "e": 2} {
		if got := f.DiskLine(uint32(strings.Index(f.Text, find))); got != line {
			t.Errorf("%s stands on line %d of the file, want %d", find, got, line)
		}
	}
}

func TestNotebookFormats(t *testing.T) {
	for _, c := range []struct{ name, text, want, problem, note string }{
		{name: "version 3", text: `{"worksheets":[{"cells":[{"cell_type":"code","input":["a\n","b"]},{"cell_type":"markdown","source":"x"},{"cell_type":"code","input":"c"}]}],"nbformat":3}`, want: "a\nb\nc\n"},
		{name: "empty file", text: "", want: ""},
		{name: "no cells", text: `{"cells":[],"nbformat":4}`, want: ""},
		{name: "byte order mark", text: "\uFEFF" + `{"cells":[{"cell_type":"code","source":"a"}]}`, want: "a\n"},
		{name: "escapes", text: `{"cells":[{"cell_type":"code","source":"\u00e9\ud83d\ude00\ud800\"\\\/\t"}]}`, want: "é😀\uFFFD\"\\/\t\n"},
		{name: "wrong types", text: `{"cells":[1,null,{"cell_type":5,"source":7},{"cell_type":"code","source":[1,"a"]},{"cell_type":"code"}],"metadata":[]}`, want: "a\n"},
		{name: "not JSON", text: "print(1)", problem: "notebook"},
		{name: "cut off", text: nb("a")[:40], problem: "notebook"},
		{name: "merge conflict", text: "{\n<<<<<<< HEAD\n", problem: "notebook"},
		{name: "trailing comma", text: `{"cells":[],}`, problem: "notebook"},
		{name: "something after", text: `{"cells":[]} x`, problem: "notebook"},
		{name: "other JSON", text: `{"a":1}`, problem: "notebook"},
		{name: "a list", text: `[]`, problem: "notebook"},
		{name: "deep", text: `{"cells":` + strings.Repeat("[", 100000), problem: "notebook"},
		{name: "deep elsewhere", text: `{"x":` + strings.Repeat(`{"a":`, 100000), problem: "notebook"},
		{name: "R", text: `{"cells":[],"metadata":{"kernelspec":{"language":"R"}}}`, problem: "not-python"},
		{name: "Julia", text: `{"cells":[],"metadata":{"language_info":{"name":"julia"}}}`, problem: "not-python"},
		{name: "pyspark", text: `{"cells":[{"cell_type":"code","source":"a"}],"metadata":{"kernelspec":{"language":"pyspark"}}}`, want: "a\n"},
		{name: "cell in SQL", text: `{"cells":[{"cell_type":"code","source":"select","metadata":{"vscode":{"languageId":"sql"}}}]}`, want: "      \n", note: "cell 1 is sql"},
		{name: "unknown magic", text: nb("%%frobnicate\na b"), want: "            \n   \n", note: "%%frobnicate"},
		{name: "string not closed", text: nb("a = '''b\n", "c"), want: "        \nc\n", note: "cell 1 has a string"},
		{name: "bracket not closed", text: nb("!x\nf(", "c"), want: "  \n  \nc\n", note: "bracket"},
		{name: "backslash at the end", text: nb("a \\\n", "c"), want: "   \nc\n", note: "never closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, p := readString(t, source.Notebook, c.text)
			if p != nil {
				if p.Code != c.problem {
					t.Errorf("problem %q (%s), want %q", p.Code, p.Message, c.problem)
				}
				return
			}
			if c.problem != "" {
				t.Fatalf("no problem, want %q", c.problem)
			}
			if f.Text != c.want {
				t.Errorf("text is %q, want %q", f.Text, c.want)
			}
			notes := ""
			for _, n := range f.Notes {
				notes += n.Message
			}
			if !strings.Contains(notes, c.note) || (c.note == "") != (notes == "") {
				t.Errorf("notes are %q, want %q", notes, c.note)
			}
		})
	}
}

// TestShell is about what a notebook says to shells, as a text of its own: at the same places.
func TestShell(t *testing.T) {
	f, p := readString(t, source.Notebook, nb("a\n!b é | c\nd", "%%bash\ne\nf\n", "g = !h", "%time i"))
	if p != nil {
		t.Fatal(p)
	}
	shell := f.Shell()
	if want := " \n!b é | c\n \n%%bash\ne\nf\n    !h\n%time  \n"; shell.Text != want {
		t.Errorf("text is\n%q, want\n%q, beside\n%q", shell.Text, want, f.Text)
	}
	if at := shell.Place(uint32(strings.Index(shell.Text, "f"))); at.Cell != 2 || at.Line != 3 {
		t.Errorf("f stands at %v", at)
	}
	if f, _ := readString(t, source.Notebook, nb("a")); f.Shell() != nil {
		t.Error("a notebook without commands has a shell text")
	}
}

func TestNotebookProblemHasLine(t *testing.T) {
	_, p := readString(t, source.Notebook, "{\n\"cells\": [\n}\n")
	if p == nil || p.Line != 3 || !p.Lost || !p.Blind {
		t.Errorf("problem is %+v, want one on line 3", p)
	}
}

func FuzzNotebook(f *testing.F) {
	f.Add(nb("!a\nx = !b\n%time c\nd?", "markdown:x", "%%bash\nls", "f('''"))
	f.Add(`{"worksheets":[{"cells":[{"cell_type":"code","input":["a\n","b"]}]}]}`)
	f.Add(nb("if x:\n\t!ls \\\n\r\nx\r\r\n  ?", "a = %b\\"))
	f.Fuzz(func(t *testing.T, text string) {
		file, p := Read(Entry{Path: "x", Kind: source.Notebook}, Options{Stdin: strings.NewReader(text)})
		if (file == nil) == (p == nil) {
			t.Fatal("either a file or a problem")
		}
		if file == nil {
			if json.Valid([]byte(text)) && p.Code == "notebook" && strings.Contains(p.Message, errJSON.Error()) && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
				t.Fatalf("valid JSON is refused: %s", p.Message)
			}
			return
		}
		end := uint32(0)
		for _, c := range file.Commands {
			if c.Span.Start < end || c.Span.End < c.Span.Start || int(c.Span.End) > len(file.Text) {
				t.Fatalf("commands out of order: %v", file.Commands)
			}
			end = c.Span.End
		}
		last := 0
		for i, s := range file.Segments {
			if i > 0 && s.Start <= file.Segments[i-1].Start || s.Cell < last || s.Line < 1 || s.Disk < 1 {
				t.Fatalf("segments: %v", file.Segments)
			}
			last = s.Cell
		}
		for _, at := range []int{0, len(file.Text) / 2, len(file.Text)} {
			place := file.Place(uint32(at))
			disk := file.DiskLine(uint32(at))
			if place.Line < 1 || place.Column < 1 || disk < 0 {
				t.Fatalf("offset %d stands at %v, line %d", at, place, disk)
			}
		}
	})
}
