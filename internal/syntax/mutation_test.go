package syntax

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

// spare are tokens that mutations put in.
var spare = strings.Fields(`( ) [ ] { } , : ; . = := == -> * ** / // @ ! + - ~ < > & | % ... += <> \
	if else elif for in is not and or lambda yield from import as def class return try except finally with while async await
	match case type print exec nonlocal global del assert raise pass break continue None True _ x y 1 0777 1j 1.5e3 "s" b"s" f"{x}" f"{ ''' """ ' u"s" t"{x!r:>{y}}" r"\"`)

// mutate changes a text as a slip of the hand, a merge or a broken tool would.
func mutate(r *rand.Rand, text string) string {
	type token struct{ start, end int }
	var tokens []token
	var s scanner
	s.init(text)
	for s.scan(); s.kind != tEOF; s.scan() {
		if s.end > s.start {
			tokens = append(tokens, token{int(s.start), int(s.end)})
		}
	}
	if len(tokens) < 2 {
		return text
	}
	i := r.IntN(len(tokens) - 1)
	t, next := tokens[i], tokens[i+1]
	cut := func(from, to int, with string) string { return text[:from] + with + text[to:] }
	switch r.IntN(12) {
	case 0:
		return cut(t.start, t.end, "")
	case 1:
		return cut(t.end, t.end, " "+text[t.start:t.end])
	case 2:
		return cut(t.start, next.end, text[next.start:next.end]+text[t.end:next.start]+text[t.start:t.end])
	case 3:
		return cut(t.start, t.end, spare[r.IntN(len(spare))])
	case 4, 5:
		return cut(t.end, t.end, " "+spare[r.IntN(len(spare))]+" ")
	case 6: // the indentation of a line
		lines := strings.SplitAfter(text, "\n")
		j := r.IntN(len(lines))
		switch r.IntN(4) {
		case 0:
			lines[j] = " " + lines[j]
		case 1:
			lines[j] = "\t" + lines[j]
		case 2:
			lines[j] = strings.TrimPrefix(lines[j], " ")
		default:
			lines[j] = strings.TrimLeft(lines[j], " ")
		}
		return strings.Join(lines, "")
	case 7: // a character
		return cut(t.start, t.start+1, "")
	case 8:
		return cut(t.start, t.start, string(`()[]{}'"\:,.=!@#$?0aé `[r.IntN(22)]))
	default: // what lies between
		return cut(t.end, next.start, [...]string{"", " ", "\n", "\\\n", "\r", "\f", "  ", " # c\n", "\\\r", "\\\r\n", "\\ \n", "\v"}[r.IntN(12)])
	}
}

// pieces are statements of the standard library and the texts that must be accepted.
func pieces(t *testing.T, python string) []string {
	out := cases(t, "testdata/accept.txt")
	lib, err := exec.Command(python, "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'], end='')").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, glob := range []string{"*.py", "test/test_[defgpstu]*.py", "asyncio/*.py"} {
		files, err := filepath.Glob(filepath.Join(string(lib), glob))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := Parse(source.New(name, string(data)))
			if len(f.Errors) > 0 {
				continue
			}
			var visit func(n Node)
			visit = func(n Node) {
				span := n.Span()
				if _, ok := n.(Stmt); ok && span.End-span.Start < 600 {
					if from := strings.LastIndexByte(f.Source.Text[:span.Start], '\n') + 1; strings.TrimSpace(f.Source.Text[from:span.Start]) == "" {
						indent := f.Source.Text[from:span.Start]
						text := "\n" + f.Source.Text[from:span.End] + "\n"
						if !strings.Contains(text, `"""`) {
							text = strings.ReplaceAll(text, "\n"+indent, "\n")
						}
						if text = text[1:]; len(Parse(source.New("a.py", text)).Errors) == 0 {
							out = append(out, text)
							return
						}
					}
				}
				Children(n, visit)
			}
			for _, s := range f.Body {
				visit(s)
			}
		}
	}
	return out
}

// TestMutations compares verdicts, and trees, with CPython 3.14 on texts that differ a little from real code. It runs
// where WADJET_PYODIDE names the folder of the npm package pyodide; WADJET_MUTATIONS is the number of texts, WADJET_SEED varies them.
func TestMutations(t *testing.T) {
	folder := os.Getenv("WADJET_PYODIDE")
	if folder == "" {
		t.Skip("WADJET_PYODIDE does not name the folder of the npm package pyodide")
	}
	python, _ := newestPython(t)
	n, err := strconv.Atoi(os.Getenv("WADJET_MUTATIONS"))
	if err != nil {
		n = 10_000
	}
	seed, _ := strconv.ParseUint(os.Getenv("WADJET_SEED"), 10, 64)
	r := rand.New(rand.NewPCG(seed, 314))
	from := pieces(t, python)
	texts := make([]string, n)
	for i := range texts {
		texts[i] = mutate(r, from[r.IntN(len(from))])
		if r.IntN(4) == 0 {
			texts[i] = mutate(r, texts[i])
		}
	}
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	refused, bad := 0, 0
	cpython314(t, folder, "cases", string(input), func(v verdict) {
		if !v.OK {
			refused++
		}
		if !sameVerdict(t, v.Path, v.Path, v) {
			bad++
		}
	})
	t.Logf("%d texts of %d pieces: CPython refuses %d, we differ on %d", n, len(from), refused, bad)
}
