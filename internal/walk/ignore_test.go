package walk

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		lines   string
		ignored string // space-separated; a trailing slash makes a folder
		kept    string
	}{
		{"a.py", "a.py x/a.py a.py/", "xa.py a.pyc"},
		{"a.py\r\nb.py\r\n", "a.py b.py", "c.py"},
		{"\uFEFFa.py", "a.py", "b.py"},
		{"# a.py\n\n   \n", "", "a.py"},
		{`\#a`, "#a", "a"},
		{`\!a`, "!a", "a"},
		{"a ", "a", ""},
		{"a.py\n!a.py", "", "a.py x/a.py"},
		{"*.py\n!/keep.py", "a.py x/keep.py", "keep.py"},
		{"dir/", "dir/ x/dir/", "dir x/dir"},
		{"/dir", "dir dir/", "x/dir"},
		{"x/dir", "x/dir x/dir/", "dir y/x/dir"},
		{"*.log", "a.log .log x/b.log", "a.logs"},
		{"a*c", "ac abc", "a/c ab"},
		{"a?c", "abc", "ac a/c"},
		{"/*", "a b/", "a/b"},
		{"**/a", "a x/a x/y/a", "xa"},
		{"a/**", "a/b a/b/c", "a a/"},
		{"a/**/b", "a/b a/x/b a/x/y/b", "ab a/xb x/a/b"},
		{"**", "a b/ c/d", ""},
		{"x/**y", "x/y x/zy", "x/z/y"},
		{"[ab].py", "a.py b.py", "c.py ab.py"},
		{"[!ab].py", "c.py", "a.py"},
		{"[^ab].py", "c.py", "b.py"},
		{"[]a].py", "].py a.py", "b.py"},
		{"[a-c].py", "b.py", "d.py"},
		{"[a-].py", "-.py a.py", "b.py"},
		{`[\]].py`, "].py", `\.py`},
		{"[[:digit:]x].py", "1.py x.py", "a.py"},
		{"[[:nonsense:]].py", "", "a.py n.py"},
		{"[a.py", "", "[a.py a.py"},
		{`a\`, "", `a a\`},
		{`a\*`, "a*", "ab"},
		{"a/", "a/", "a"},
		{"//", "", "a"},
		{"/", "", "a a/"},
		{"!", "", "a"},
		{strings.Repeat("*a", 3000), "", strings.Repeat("a", 200)},
	} {
		gs := parseGlobs(c.lines)
		check := func(paths string, want bool) {
			for _, p := range strings.Fields(paths) {
				rel, dir := strings.CutSuffix(p, "/")
				if got := gs.judge(rel, lastPart(rel), dir) == ignore; got != want {
					t.Errorf("%q: %q ignored is %v, want %v", c.lines, p, got, want)
				}
			}
		}
		check(c.ignored, true)
		check(c.kept, false)
	}
	if g, _ := parseGlob(`a\  `); !g.match("a ", "a ") {
		t.Error("an escaped space at the end of a line is part of the name")
	}
}

// TestAgainstGit asks Git itself, over trees and ignore files made at random.
func TestAgainstGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: there is nothing to compare with")
	}
	trees := 60
	if testing.Short() {
		trees = 10
	}
	home := t.TempDir()
	for seed := range trees {
		dir := filepath.Join(t.TempDir(), "repo")
		g := &treeMaker{t: t, rand: rand.New(rand.NewPCG(uint64(seed), 7))}
		git := func(stdin string, args ...string) string {
			cmd := exec.Command("git", args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_DIR=", "GIT_WORK_TREE=")
			cmd.Env = slices.DeleteFunc(cmd.Env, func(s string) bool {
				return strings.HasPrefix(s, "GIT_DIR=") || strings.HasPrefix(s, "GIT_WORK_TREE=") || strings.HasPrefix(s, "GIT_INDEX_FILE=")
			})
			cmd.Stdin = strings.NewReader(stdin)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if exit, ok := err.(*exec.ExitError); err != nil && !(ok && exit.ExitCode() == 1 && args[len(args)-1] == "--stdin") {
				t.Fatalf("git %v: %v\n%s", args, err, stderr.String())
			}
			return string(out)
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		git("", "init", "-q")
		git("", "config", "core.ignorecase", "false")
		write(t, filepath.Join(dir, ".git/info/exclude"), g.ignoreFile(0))
		g.fill(dir, "", 0)
		ignored := map[string]bool{}
		for p := range strings.SplitSeq(git(strings.Join(g.files, "\x00"), "-c", "core.quotePath=false", "check-ignore", "--no-index", "-z", "--stdin"), "\x00") {
			ignored[p] = true
		}
		var want []string
		for _, p := range g.files {
			if !ignored[p] {
				want = append(want, p)
			}
		}
		slices.Sort(want)
		compare := func(what string, got []Entry, want []string) {
			t.Helper()
			paths := []string{}
			for _, e := range got {
				paths = append(paths, strings.ReplaceAll(e.Path, `\\`, `\`))
			}
			slices.Sort(paths)
			for _, p := range paths {
				if !slices.Contains(want, p) {
					t.Errorf("seed %d, %s: %q is listed, but Git ignores it%s", seed, what, p, g.dump())
				}
			}
			for _, p := range want {
				if !slices.Contains(paths, p) {
					t.Errorf("seed %d, %s: %q is not listed, but Git does not ignore it%s", seed, what, p, g.dump())
				}
			}
		}
		l, err := Walk([]string{dir}, Options{Root: dir})
		if err != nil {
			t.Fatal(err)
		}
		compare("whole", l.Entries, want)
		// A folder on its own obeys the ignore files above it.
		for _, sub := range g.folders {
			var below []string
			entered := false // Git keeps something in it, so that nothing ignores the folder itself
			for _, p := range want {
				if strings.HasPrefix(p, sub+"/") {
					below = append(below, p)
					entered = true
				}
			}
			if !entered {
				continue
			}
			l, err := Walk([]string{filepath.Join(dir, sub)}, Options{Root: filepath.Join(dir, sub)})
			if err != nil {
				t.Fatal(err)
			}
			for i := range l.Entries {
				l.Entries[i].Path = sub + "/" + l.Entries[i].Path
			}
			compare("folder "+sub, l.Entries, below)
		}
		if t.Failed() {
			return
		}
	}
}

type treeMaker struct {
	t       *testing.T
	rand    *rand.Rand
	files   []string
	folders []string
	ignores []string
}

func (g *treeMaker) pick(of ...string) string { return of[g.rand.IntN(len(of))] }

func (g *treeMaker) dump() string { return "\n" + strings.Join(g.ignores, "\n") }

func (g *treeMaker) fill(root, rel string, depth int) {
	if g.rand.IntN(3) > 0 || depth == 0 {
		text := g.ignoreFile(depth)
		g.ignores = append(g.ignores, fmt.Sprintf("%s/.gitignore: %q", rel, text))
		write(g.t, filepath.Join(root, rel, ".gitignore"), text)
	}
	names := []string{"a.py", "b.py", "ab.py", "aab.py", "c d.py", "#x.py", "!y.py", "[z].py", "é.py", "-.py", "].py", "b .py", "A.py"}
	if runtime.GOOS != "windows" {
		names = append(names, `\w.py`, "*.py", "?.py", "q .py ", "a.py ")
	}
	for range 2 + g.rand.IntN(5) {
		name := g.pick(names...)
		path := join(rel, name)
		if _, python := kindOf(name); python && !slices.Contains(g.files, path) {
			write(g.t, filepath.Join(root, path), "")
			g.files = append(g.files, path)
		}
	}
	if depth == 3 {
		return
	}
	for range g.rand.IntN(4) {
		path := join(rel, g.pick("a", "b", "ab", "foo", "bar", "é", "x y", "a.b"))
		if !slices.Contains(g.folders, path) {
			g.folders = append(g.folders, path)
			g.fill(root, path, depth+1)
		}
	}
}

func (g *treeMaker) ignoreFile(depth int) string {
	var b strings.Builder
	for range g.rand.IntN(6) {
		b.WriteString(g.pattern())
		b.WriteString(g.pick("\n", "\n", "\n", "\r\n", " \n", "\n\n", "\t\n"))
	}
	return b.String()
}

func (g *treeMaker) pattern() string {
	var b strings.Builder
	b.WriteString(g.pick("", "", "", "", "", "!", "!", "/", "#", "!/", `\`, "**/", "/**/"))
	parts := 1 + g.rand.IntN(3)
	for i := range parts {
		if i > 0 {
			b.WriteString("/")
		}
		switch g.rand.IntN(8) {
		case 0:
			b.WriteString("**")
		case 1:
			b.WriteString("*")
		default:
			for range 1 + g.rand.IntN(3) {
				b.WriteString(g.pick("a", "b", "ab", "foo", "*", "?", "**", "[ab]", "[!a]", "[^b]", "[a-c]", "[[:alpha:]]", "[[:upper:]]", "[]a]", "[", `\a`, `\*`, `\[`, "é", "x y", " ", `\ `, "-", "***", "]", `[\]]`, "[a-", "[--a]", "[[:x:]]", "[[:]", "[é]", `\/`, `\`))
			}
			b.WriteString(g.pick("", "", ".py", ".py", "*.py", "*", ".*"))
		}
	}
	b.WriteString(g.pick("", "", "", "/", "/*", "/**", "//"))
	return b.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func FuzzGlobs(f *testing.F) {
	for _, s := range []string{"a/**/b", "[[:alpha:]-z]*", `!\a\ `, "**/**/**x", "/*?[!a]"} {
		f.Add(s, "a/x/b", true)
	}
	f.Fuzz(func(t *testing.T, lines, path string, dir bool) {
		gs := parseGlobs(lines)
		gs.judge(path, lastPart(path), dir)
		gs.judgeDeep(path, dir)
		for i := range gs {
			if gs[i].form == pathEqual && !gs[i].match(gs[i].text, lastPart(gs[i].text)) {
				t.Errorf("%q does not match itself", gs[i].text)
			}
		}
	})
}
