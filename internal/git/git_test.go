package git

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// repo makes a repository, and gives a function that runs git in it.
func repo(t *testing.T) (*Repo, func(stdin string, args ...string) string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: there is nothing to read")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run := func(stdin string, args ...string) string {
		t.Helper()
		c := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"}, args...)...)
		c.Dir = dir
		c.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1")
		c.Stdin = strings.NewReader(stdin)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run("", "init", "-q", "-b", "main", ".")
	return &Repo{Top: dir}, run
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// extract gives the files of a commit that end in .py, as NAME=CONTENT, and what is outside of the folder that they were written to.
func extract(t *testing.T, r *Repo, commit string) (files, missing []string, err error) {
	t.Helper()
	around := t.TempDir()
	dir := filepath.Join(around, "in")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	missing, err = r.Extract(context.Background(), commit, root, func(p string, size int64) bool { return strings.HasSuffix(p, ".py") && size < 1000 })
	if left, _ := os.ReadDir(around); len(left) != 1 {
		t.Errorf("something was written outside: %v", left)
	}
	if walk := fs.WalkDir(os.DirFS(dir), ".", func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			text, _ := os.ReadFile(filepath.Join(dir, p)) // a link may lead nowhere
			files = append(files, p+"="+string(text))
		}
		return err
	}); walk != nil {
		t.Fatal(walk)
	}
	return files, missing, err
}

func TestExtract(t *testing.T) {
	r, run := repo(t)
	write(t, r.Top, "a.py", "old\r\n")
	write(t, r.Top, "d/ö x.py", "two")
	write(t, r.Top, "d/image.png", "png")
	write(t, r.Top, "large.py", strings.Repeat("x", 2000))
	write(t, r.Top, ".gitattributes", "*.py text eol=crlf filter=none\n")
	if err := os.Symlink("a.py", filepath.Join(r.Top, "link.py")); err != nil {
		t.Fatal(err)
	}
	run("", "add", ".")
	run("", "commit", "-q", "-m", "one")
	first := run("", "rev-parse", "HEAD")
	write(t, r.Top, "a.py", "new")
	run("", "add", ".")
	run("", "commit", "-q", "-m", "two")
	files, missing, err := extract(t, r, first)
	if err != nil || missing != nil {
		t.Fatal(missing, err)
	}
	if want := []string{"a.py=old\n", "d/ö x.py=two", "link.py=old\n"}; !slices.Equal(files, want) {
		t.Errorf("got %q, want %q", files, want)
	}
	if text, _ := os.ReadFile(filepath.Join(r.Top, "a.py")); string(text) != "new" {
		t.Error("the work tree was touched")
	}
	from, err := Open(context.Background(), filepath.Join(r.Top, "d"))
	if err != nil || from.Top != r.Top {
		t.Errorf("from a folder: %v, %v", from, err)
	}
	if _, err := Open(context.Background(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("without a repository: %v", err)
	}
	if base, err := r.MergeBase(context.Background(), "HEAD~1"); err != nil || base != first {
		t.Errorf("merge base %s, %v, want %s", base, err, first)
	}
}

// TestHostileTree: a tree that no git would make, with a link and a folder of one name, cannot write outside.
func TestHostileTree(t *testing.T) {
	r, run := repo(t)
	outside := t.TempDir()
	link := run(outside, "hash-object", "-w", "--stdin")
	file := run("evil", "hash-object", "-w", "--stdin")
	inner := run(fmt.Sprintf("100644 blob %s\tevil.py\n", file), "mktree")
	raw := func(mode, name, id string) []byte {
		var b bytes.Buffer
		fmt.Fprintf(&b, "%s %s\x00", mode, name)
		for i := 0; i < len(id); i += 2 {
			var c byte
			fmt.Sscanf(id[i:i+2], "%02x", &c)
			b.WriteByte(c)
		}
		return b.Bytes()
	}
	tree := run(string(slices.Concat(raw("120000", "a", link), raw("40000", "a", inner), raw("40000", "..", inner))), "hash-object", "-w", "-t", "tree", "--literally", "--stdin")
	commit := run("", "commit-tree", tree, "-m", "evil")
	extract(t, r, commit)
	if left, _ := os.ReadDir(outside); len(left) > 0 {
		t.Errorf("the tree wrote %v", left)
	}
}

// TestQuiet: nothing that a repository's configuration names is run.
func TestQuiet(t *testing.T) {
	r, run := repo(t)
	write(t, r.Top, "a.py", "x")
	run("", "add", ".")
	run("", "commit", "-q", "-m", "one")
	trap := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(r.Top, "trap.sh")
	write(t, r.Top, "trap.sh", "#!/bin/sh\ntouch "+trap+"\n")
	if err := os.Chmod(script, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external", "filter.none.smudge", "filter.none.process", "core.hooksPath"} {
		run("", "config", key, script)
	}
	write(t, r.Top, ".git/info/attributes", "*.py filter=none\n")
	if _, err := r.MergeBase(context.Background(), "main"); err != nil {
		t.Fatal(err)
	}
	if files, _, err := extract(t, r, "main"); err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if _, err := os.Lstat(trap); err == nil {
		t.Error("a program of the repository was run")
	}
}

func TestSubmodule(t *testing.T) {
	inner, runInner := repo(t)
	write(t, inner.Top, "m.py", "one")
	runInner("", "add", ".")
	runInner("", "commit", "-q", "-m", "one")
	r, run := repo(t)
	run("", "submodule", "-q", "add", inner.Top, "lib/sub")
	run("", "commit", "-q", "-m", "sub")
	files, missing, err := extract(t, r, "HEAD")
	if err != nil || missing != nil || !slices.Equal(files, []string{"lib/sub/m.py=one"}) {
		t.Errorf("got %q, %v, %v", files, missing, err)
	}
	// A commit of the submodule that is not here is said.
	tree := run(fmt.Sprintf("160000 commit %s\tlib\n", strings.Repeat("1", 40)), "mktree", "--missing")
	commit := run("", "commit-tree", tree, "-m", "gone")
	write(t, r.Top, "lib/.git", "gitdir: ../.git/modules/lib/sub\n")
	if _, missing, err = extract(t, r, commit); err != nil || !slices.Equal(missing, []string{"lib"}) {
		t.Errorf("missing %v, %v", missing, err)
	}
}

func TestRevisions(t *testing.T) {
	r, run := repo(t)
	write(t, r.Top, "a.py", "x")
	run("", "add", ".")
	run("", "commit", "-q", "-m", "one")
	run("", "checkout", "-q", "--orphan", "other")
	run("", "commit", "-q", "-m", "other")
	for revision, want := range map[string]string{"": "is no revision", "--output=x": "is no revision", "a..b": "is no revision", "no": "there is no revision no", "main": "no commit in common",
		"main^{tree}": "there is no revision"} {
		if _, err := r.MergeBase(context.Background(), revision); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", revision, err, want)
		}
	}
}
