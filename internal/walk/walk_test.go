package walk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/wadjet-security/wadjet/internal/source"
)

// plant makes a tree of a txtar archive. A file whose text is "-> target" becomes a symbolic link.
func plant(t *testing.T, archive string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "root")
	if err := os.MkdirAll(root, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(root, filepath.FromSlash(f.Name))
		target, isLink := strings.CutPrefix(strings.TrimSpace(string(f.Data)), "-> ")
		if !isLink {
			write(t, path, string(f.Data))
			continue
		}
		if runtime.GOOS == "windows" {
			t.Skip("symbolic links need a privilege on Windows")
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// listed is what a walk found, a line each: the path and what is not usual about it, then skips, then problems.
func listed(l *Listing) string {
	var b strings.Builder
	for _, e := range l.Entries {
		b.WriteString(e.Path)
		if e.Kind != source.Python {
			b.WriteString(" " + e.Kind.String())
		}
		if e.Origin != source.Project {
			b.WriteString(" " + e.Origin.String())
		}
		if e.Explicit {
			b.WriteString(" explicit")
		}
		b.WriteString("\n")
	}
	for _, s := range l.Skips {
		fmt.Fprintf(&b, "%s: %s\n", s.Reason, strings.Join(s.Paths, " "))
	}
	for _, p := range l.Problems {
		fmt.Fprintf(&b, "%s! %s\n", p.Code, p.Path)
	}
	return b.String()
}

func TestWalk(t *testing.T) {
	tests := []struct {
		name    string
		archive string
		paths   []string
		options Options
		want    string
	}{
		{
			name:    "kinds",
			archive: "-- a.py --\n-- b.pyi --\n-- c.pyw --\n-- d.ipynb --\n-- e.txt --\n-- tool --\n#!/usr/bin/env python3\n-- other --\n#!/bin/sh\n-- F.PY --\n",
			want:    "F.PY\na.py\nb.pyi stub\nc.pyw\nd.ipynb notebook\ntool\nnot Python: e.txt other\n",
		},
		{
			name:    "other text where it is wanted",
			archive: "-- a.py --\n-- b.yml --\n-- c.txt --\n",
			options: Options{Text: func(p string) bool { return strings.HasSuffix(p, ".yml") }},
			want:    "a.py\nb.yml other\nnot Python: c.txt\n",
		},
		{
			name:    "nested ignore files",
			archive: "-- .gitignore --\n*.gen.py\n/out\n-- a.py --\n-- a.gen.py --\n-- out/b.py --\n-- p/out/c.py --\n-- p/.gitignore --\n!keep.gen.py\nlocal.py\n-- p/keep.gen.py --\n-- p/local.py --\n-- p/q/local.py --\n-- local.py --\n",
			want:    "a.py\nlocal.py\np/keep.gen.py\np/out/c.py\nignored by .gitignore: a.gen.py out/ p/local.py p/q/local.py\n",
		},
		{
			name:    "ignored folders are not brought back",
			archive: "-- .gitignore --\nout/\n!out/keep.py\n-- out/keep.py --\n-- a.py --\n",
			want:    "a.py\nignored by .gitignore: out/\n",
		},
		{
			name:    "which ignore file goes first",
			archive: "-- .gitignore --\n*.py\n-- .ignore --\n!a.py\n!b.py\n-- .wadjetignore --\nb.py\n-- a.py --\n-- b.py --\n-- c.py --\n",
			want:    "a.py\nignored by .gitignore: c.py\nignored by .wadjetignore: b.py\n",
		},
		{
			name:    "a deeper .ignore and a shallower .wadjetignore",
			archive: "-- .wadjetignore --\nx.py\n-- p/.ignore --\n!x.py\n-- p/x.py --\n-- y.py --\n",
			want:    "y.py\nignored by .wadjetignore: p/x.py\n",
		},
		{
			name:    "semgrepignore with an include",
			archive: "-- .semgrepignore --\n:include .gitignore\n:include ../outside\n:include missing\n./b.py\n-- .gitignore --\na.py\n-- a.py --\n-- b.py --\n-- p/b.py --\n",
			want:    "p/b.py\nignored by .semgrepignore: a.py b.py\nignore-file! .semgrepignore\n",
		},
		{
			name:    "another repository within",
			archive: "-- .git/HEAD --\n-- .gitignore --\na.py\n-- sub/.git/HEAD --\n-- sub/a.py --\n-- a.py --\n-- b.py --\n",
			want:    "b.py\nsub/a.py\nignored by .gitignore: a.py\nversion control data: .git/ sub/.git/\n",
		},
		{
			name:    "info/exclude",
			archive: "-- .git/info/exclude --\na.py\n-- a.py --\n-- b.py --\n",
			want:    "b.py\nignored by .git/info/exclude: a.py\nversion control data: .git/\n",
		},
		{
			name:    "no ignore files",
			archive: "-- .gitignore --\n*\n-- a.py --\n",
			options: Options{NoIgnore: true},
			want:    "a.py\nnot Python: .gitignore\n",
		},
		{
			name:    "exclude and include",
			archive: "-- a.py --\n-- b.py --\n-- p/c.py --\n-- p/d.py --\n-- q/e.py --\n",
			options: Options{Exclude: []string{"d.py"}, Include: []string{"p", "/b.py"}},
			want:    "b.py\np/c.py\nexcluded by the options: p/d.py\nnot included by the options: a.py q/e.py\n",
		},
		{
			name:    "exclude from the root only",
			archive: "-- a.py --\n-- p/a.py --\n",
			options: Options{Exclude: []string{"./a.py"}},
			want:    "p/a.py\nexcluded by the options: a.py\n",
		},
		{
			name:    "virtual environments",
			archive: "-- a.py --\n-- myenv/pyvenv.cfg --\n-- myenv/lib/b.py --\n-- venv/c.py --\n-- conda/conda-meta/history --\n-- conda/d.py --\n-- __pypackages__/e.py --\n",
			want:    "a.py\nvenv/c.py\nvirtual environment: __pypackages__/ conda/ myenv/\n",
		},
		{
			name:    "caches and installed packages",
			archive: "-- a.py --\n-- node_modules/b.py --\n-- __pycache__/c.py --\n-- t/CACHEDIR.TAG --\nSignature: 8a477f597d28d172789f06886806bc55\n-- t/d.py --\n-- u/CACHEDIR.TAG --\nnothing\n-- u/e.py --\n-- .hg/f.py --\n-- build/g.py --\n",
			want:    "a.py\nbuild/g.py\nu/e.py\ncache of a tool: __pycache__/ t/\ninstalled JavaScript packages: node_modules/\nnot Python: u/CACHEDIR.TAG\nversion control data: .hg/\n",
		},
		{
			name:    "a virtual environment given by name",
			archive: "-- env/pyvenv.cfg --\n-- env/lib/python3/site-packages/x/a.py --\n",
			paths:   []string{"env"},
			want:    "env/lib/python3/site-packages/x/a.py\nnot Python: env/pyvenv.cfg\n",
		},
		{
			name:    "a file given by name",
			archive: "-- .gitignore --\n*\n-- a.txt --\nx = 1\n-- node_modules/b.py --\n-- c.py --\n",
			paths:   []string{"a.txt", "node_modules/b.py", "node_modules/b.py"},
			want:    "a.txt other explicit\nnode_modules/b.py explicit\n",
		},
		{
			name:    "a file given by name, excludes forced",
			archive: "-- .gitignore --\nc.py\n-- a.py --\n-- node_modules/b.py --\n-- c.py --\n-- d.py --\n-- env/pyvenv.cfg --\n-- env/e.py --\n",
			paths:   []string{"a.py", "node_modules/b.py", "c.py", "d.py", "env/e.py"},
			options: Options{ForceExclude: true, Exclude: []string{"d.*"}},
			want:    "a.py explicit\nexcluded by the options: d.py\nignored by .gitignore: c.py\ninstalled JavaScript packages: node_modules/b.py\nvirtual environment: env/e.py\n",
		},
		{
			name:    "a folder and what lies in it",
			archive: "-- p/a.py --\n-- p/q/b.py --\n",
			paths:   []string{"p", "p/q", "p/q/b.py", "."},
			want:    "p/a.py\np/q/b.py explicit\n",
		},
		{
			name:    "what does not exist",
			archive: "-- a.py --\n",
			paths:   []string{"a.py", "b.py", "p/"},
			want:    "a.py explicit\nvanished! b.py\nvanished! p\n",
		},
		{
			name:    "links within the tree",
			archive: "-- a.py --\n-- z/b.py --\n-> ../a.py\n-- l --\n-> z\n-- m.py --\n-> a.py\n-- n --\n-> a.py\n",
			want:    "a.py\nsymbolic link to what is scanned under its own name: l/ m.py n z/b.py\n",
		},
		{
			name:    "a link to a module without a Python name",
			archive: "-- real --\nx = 1\n-- mod.py --\n-> real\n",
			want:    "mod.py\nnot Python: real\n",
		},
		{
			name:    "links that loop",
			archive: "-- a.py --\n-- p/up --\n-> ..\n-- p/self --\n-> self\n-- q --\n-> p\n-- x --\n-> y\n-- y --\n-> x\n",
			want:    "a.py\nsymbolic link that leads nowhere: p/self x y\nsymbolic link to what is scanned under its own name: p/up/ q/\n",
		},
		{
			name:    "links that leave the tree",
			archive: "-- in/a.py --\n-- in/out.py --\n-> ../secret.py\n-- in/dir --\n-> ../other\n-- in/etc --\n-> /etc\n-- secret.py --\n-- other/b.py --\n",
			paths:   []string{"in"},
			want:    "in/a.py\nsymbolic link that leaves the tree: in/dir in/etc in/out.py\n",
		},
		{
			name:    "links to a name that begins like the tree's",
			archive: "-- in/l.py --\n-> ../in2/a.py\n-- in2/a.py --\n",
			paths:   []string{"in"},
			want:    "symbolic link that leaves the tree: in/l.py\n",
		},
		{
			name:    "links do not bring back what is left out",
			archive: "-- .gitignore --\nhidden.py\n/skipped\n-- hidden.py --\n-- skipped/a.py --\n-- l.py --\n-> hidden.py\n-- m.py --\n-> skipped/a.py\n-- n.py --\n-> node_modules/c.py\n-- node_modules/c.py --\n-- o --\n-> env\n-- env/pyvenv.cfg --\n-- env/d.py --\n",
			want:    "ignored by .gitignore: hidden.py l.py m.py skipped/\ninstalled JavaScript packages: n.py node_modules/\nvirtual environment: env/ o/\n",
		},
		{
			name:    "a link given by name",
			archive: "-- real/a.py --\n-- l --\n-> real\n",
			paths:   []string{"l"},
			want:    "l/a.py\n",
		},
		{
			name:    "origins",
			archive: "-- app/a.py --\n-- app/tests/b.py --\n-- app/test_c.py --\n-- app/test.py --\n-- conftest.py --\n-- .semgrep/s.py --\n-- app/_vendor/d.py --\n-- third_party/e.py --\n-- app/f_pb2.py --\n-- lib/site-packages/g.py --\n-- lib/site-packages/tests/h.py --\n-- lib/site-packages/p/_vendor/q.py --\n-- tests/env/site-packages/r.py --\n-- vendor/models.py --\n-- vendor/i.py --\n-- php/vendor/j.py --\n-- integration_tests/k.py --\n-- latest/l.py --\n-- external/m.py --\n-- versioneer.py --\n",
			want: ".semgrep/s.py test\napp/_vendor/d.py vendored\napp/a.py\napp/f_pb2.py generated\napp/test.py\napp/test_c.py test\napp/tests/b.py test\nconftest.py test\nexternal/m.py\n" +
				"integration_tests/k.py test\nlatest/l.py\nlib/site-packages/g.py library\nlib/site-packages/p/_vendor/q.py vendored\nlib/site-packages/tests/h.py test\nphp/vendor/j.py vendored\ntests/env/site-packages/r.py library\nthird_party/e.py vendored\nvendor/i.py\nvendor/models.py\nversioneer.py vendored\n",
		},
		{
			name:    "libraries alone are projects",
			archive: "-- site-packages/a/b.py --\n-- site-packages/a/tests/c.py --\n",
			want:    "site-packages/a/b.py\nsite-packages/a/tests/c.py test\n",
		},
		{
			name:    "origin of a folder given by name",
			archive: "-- tests/a.py --\n",
			paths:   []string{"tests"},
			want:    "tests/a.py test\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := plant(t, tt.archive)
			o := tt.options
			o.Root = root
			paths := []string{root}
			if tt.paths != nil {
				paths = nil
				for _, p := range tt.paths {
					paths = append(paths, filepath.Join(root, p))
				}
			}
			l, err := Walk(paths, o)
			if err != nil {
				t.Fatal(err)
			}
			got := listed(l)
			if !strings.Contains(tt.want, NotPython) { // most trees have ignore files, which are not Python
				lines := strings.SplitAfter(got, "\n")
				got = strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, NotPython) }), "")
			}
			if got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			for _, e := range l.Entries {
				if e.Abs != "" && !strings.HasPrefix(e.Abs, root) {
					t.Errorf("%s lies outside the tree: %s", e.Path, e.Abs)
				}
			}
		})
	}
}

// A walk says the same whatever order the paths are given in.
func TestWalkOrder(t *testing.T) {
	root := plant(t, "-- a.py --\n-- p/b.py --\n-- p/c.py --\n-- q/l.py --\n-> ../p/c.py\n")
	abs := func(names ...string) []string {
		for i := range names {
			names[i] = filepath.Join(root, names[i])
		}
		return names
	}
	one, err := Walk(abs("p", "q", "a.py"), Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	two, err := Walk(abs("a.py", "q", "p"), Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if listed(one) != listed(two) {
		t.Errorf("got\n%sand\n%s", listed(one), listed(two))
	}
}

func TestWalkNoRoot(t *testing.T) {
	if _, err := Walk(nil, Options{Root: filepath.Join(t.TempDir(), "none")}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestWalkUnreadable(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("nothing is unreadable for this user")
	}
	root := plant(t, "-- a.py --\n-- p/b.py --\n")
	if err := os.Chmod(filepath.Join(root, "p"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(root, "p"), 0o700)
	l, err := Walk([]string{root}, Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if got := listed(l); got != "a.py\nunreadable! p\n" {
		t.Errorf("got\n%s", got)
	}
}

func TestStdin(t *testing.T) {
	root := t.TempDir()
	for name, want := range map[string]string{"": "<stdin> explicit", "tests/x.py": "tests/x.py test explicit", "x.ipynb": "x.ipynb notebook explicit", "/else/where/x.pyi": "/else/where/x.pyi stub explicit"} {
		o := Options{Root: root, StdinName: name, Stdin: strings.NewReader("x = 1\n")}
		if name != "" && !filepath.IsAbs(name) {
			o.StdinName = filepath.Join(root, name)
		}
		l, err := Walk([]string{"-", "-"}, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(listed(l)); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
		if name == "" {
			f, p := Read(l.Entries[0], o)
			if p != nil || f.Text != "x = 1\n" || f.Path != "<stdin>" {
				t.Errorf("read %+v, %+v", f, p)
			}
		}
	}
	if _, p := Read(Entry{Path: "<stdin>", Explicit: true}, Options{}); p == nil || !p.Blind {
		t.Errorf("no standard input: %+v", p)
	}
}

func TestRead(t *testing.T) {
	root := plant(t, "-- a.py --\nx = 1\n")
	big := filepath.Join(root, "big.py")
	// 50 MB of a generated table: over the limit, and reported.
	f, err := os.Create(big)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(50 << 20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	write(t, filepath.Join(root, "nul.py"), "x = 1\x00\n")
	write(t, filepath.Join(root, "nul.txt"), "x\x00")
	write(t, filepath.Join(root, "cr.py"), "x = 1\ry = 2\r\nz = 3\n\fw = 4")
	write(t, filepath.Join(root, "empty.py"), "")

	l, err := Walk([]string{root}, Options{Root: root, Text: func(string) bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	files := map[string]*source.File{}
	for _, e := range l.Entries {
		f, p := Read(e, Options{})
		if (f == nil) == (p == nil) {
			t.Fatalf("%s: either a file or a problem", e.Path)
		}
		if p != nil {
			fmt.Fprintf(&b, "%s: %s\n", e.Path, p.Code)
			if !p.Lost || p.Blind || p.Message == "" {
				t.Errorf("%s: %+v", e.Path, *p)
			}
			continue
		}
		files[e.Path] = f
	}
	if want := "big.py: too-large\nnul.txt: binary\n"; b.String() != want {
		t.Errorf("problems are\n%s, want\n%s", b.String(), want)
	}
	if f := files["nul.py"]; f == nil || f.Text != "x = 1\x00\n" {
		t.Errorf("NUL bytes: %+v", f)
	}
	if f := files["cr.py"]; f == nil || f.NumLines() != 4 || f.Line(2) != "y = 2" || f.Line(4) != "\fw = 4" {
		t.Errorf("line ends: %+v", f)
	}
	if f := files["empty.py"]; f == nil || f.Text != "" || f.NumLines() != 1 {
		t.Errorf("an empty file: %+v", f)
	}
	if f, p := Read(Entry{Path: "big.py", Abs: big}, Options{MaxBytes: 64 << 20}); p != nil || len(f.Text) != 50<<20 {
		t.Errorf("a limit that is raised: %+v", p)
	}
	if _, p := Read(Entry{Path: "gone.py", Abs: filepath.Join(root, "gone.py")}, Options{}); p == nil || p.Code != "vanished" {
		t.Errorf("a file that is gone: %+v", p)
	}
	if _, p := Read(Entry{Path: "root", Abs: root}, Options{}); p == nil || p.Code != "special" {
		t.Errorf("a folder in place of a file: %+v", p)
	}
}

// The limit holds for what comes, not for what was promised: a stream, or a file that grows.
func TestReadLimit(t *testing.T) {
	text := strings.Repeat("x", 1<<10)
	for limit, code := range map[int64]string{1 << 10: "", 1<<10 - 1: "too-large"} {
		_, p := Read(Entry{Path: "x"}, Options{Stdin: strings.NewReader(text), MaxBytes: limit})
		if (p == nil) != (code == "") || p != nil && p.Code != code {
			t.Errorf("a limit of %d: %+v", limit, p)
		}
	}
	// A notebook may be larger, its code may not.
	small := nb("x = 1\n")
	o := Options{MaxBytes: int64(len(small)/8 + 1)}
	o.Stdin = strings.NewReader(small)
	if _, p := Read(Entry{Path: "x", Kind: source.Notebook}, o); p != nil {
		t.Errorf("a notebook of less than eight times the limit: %+v", p)
	}
	o.Stdin = strings.NewReader(nb(strings.Repeat("x = 1\n", 2)))
	o.MaxBytes = 11
	if _, p := Read(Entry{Path: "x", Kind: source.Notebook}, o); p == nil || p.Code != "too-large" {
		t.Errorf("a notebook with more code than the limit: %+v", p)
	}
}

func TestPipeIsNotOpened(t *testing.T) {
	root := plant(t, "-- a.py --\n")
	if !makePipe(filepath.Join(root, "p.py")) {
		t.Skip("this system has no named pipes")
	}
	l, err := Walk([]string{root, filepath.Join(root, "p.py")}, Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if want := "a.py\ndevice, pipe or socket: p.py\nspecial! p.py\n"; listed(l) != want {
		t.Errorf("got\n%swant\n%s", listed(l), want)
	}
}

func TestDisplay(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.py": "a/b.py", `a\b.py`: `a\b.py`, "é.py": "é.py", "a\nb": `a\x0ab`, "a\x1b[31m": `a\x1b[31m`, "\xff": `\xff`, "\\\xff": `\\\xff`, "a\u202eb": `a\U0000202eb`,
	} {
		if got := Display(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

func TestSkipsShowTheFirstPaths(t *testing.T) {
	s := skips{}
	for _, p := range []string{"d", "b", "a", "f", "c", "e", "g"} {
		s.add(NotPython, p, false)
	}
	s.add(NotPython, "aa", true)
	got := s.sorted()
	if len(got) != 1 || got[0].Files != 7 || got[0].Folders != 1 || strings.Join(got[0].Paths, " ") != "a aa/ b c d" {
		t.Errorf("got %+v", got)
	}
}

// What is read does not depend on how a reader hands it over.
func TestReadInPieces(t *testing.T) {
	raw := bytes.Repeat([]byte("é = 1\r\n"), 1000)
	f, p := Read(Entry{Path: "x"}, Options{Stdin: &slowReader{raw}})
	if p != nil || f.Text != string(raw) {
		t.Errorf("got %+v", p)
	}
}

type slowReader struct{ rest []byte }

func (r *slowReader) Read(b []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), 7)], r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
