// Package git reads repositories through the git program: what a revision is, and the files of an old tree. It changes nothing in
// a repository, runs no hook, and opens no connection, also where a partial clone would fetch what it lacks.
package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// A Repo is a repository with a work tree.
type Repo struct {
	Top string // the root of the work tree, without symbolic links
}

// Open finds the repository that a folder is in.
func Open(ctx context.Context, dir string) (*Repo, error) {
	r := &Repo{Top: dir}
	out, err := r.run(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	top, err := filepath.EvalSymlinks(filepath.FromSlash(strings.TrimSuffix(out, "\n")))
	if err != nil {
		return nil, err
	}
	r.Top = top
	return r, nil
}

// ErrNoGit says that the git program is not there.
var ErrNoGit = errors.New("the program git is not installed, or not on the path")

// command is a call of git that obeys neither hooks nor what a stranger's configuration could make it run, and asks nobody.
func (r *Repo) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
		"-c", "core.quotePath=false", "--no-pager", "--no-replace-objects"}, args...)...)
	c.Dir = r.Top
	for _, e := range os.Environ() {
		// A hook sets these for the repository that it is a hook of, which may be another.
		if name, _, _ := strings.Cut(e, "="); name != "GIT_DIR" && name != "GIT_WORK_TREE" && name != "GIT_INDEX_FILE" && name != "GIT_PREFIX" {
			c.Env = append(c.Env, e)
		}
	}
	c.Env = append(c.Env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1")
	return c
}

func (r *Repo) run(ctx context.Context, args ...string) (string, error) {
	c := r.command(ctx, args...)
	var out, wrong bytes.Buffer
	c.Stdout, c.Stderr = &out, &wrong
	if err := c.Run(); err != nil {
		return "", failure(err, &wrong)
	}
	return out.String(), nil
}

// failure is what git said, in one line.
func failure(err error, wrong *bytes.Buffer) error {
	if errors.Is(err, exec.ErrNotFound) {
		return ErrNoGit
	}
	text, _, _ := strings.Cut(strings.TrimSpace(wrong.String()), "\n")
	if text = strings.TrimPrefix(text, "fatal: "); text != "" {
		return errors.New(text)
	}
	return err
}

// MergeBase is the commit from which the work tree's HEAD and a revision went apart: what a change is compared with. The error says what to do.
func (r *Repo) MergeBase(ctx context.Context, revision string) (commit string, err error) {
	if revision == "" || revision[0] == '-' || strings.ContainsAny(revision, "\x00\n") || strings.Contains(revision, "..") {
		return "", fmt.Errorf("%q is no revision: give one, as main, HEAD~3 or a tag", revision)
	}
	shallow := false
	if out, err := r.run(ctx, "rev-parse", "--is-shallow-repository"); err == nil {
		shallow = strings.TrimSpace(out) == "true"
	}
	const deepen = "the clone is shallow: run `git fetch --unshallow` first (on GitHub: actions/checkout with fetch-depth: 0)"
	id, err := r.run(ctx, "rev-parse", "--verify", "--quiet", revision+"^{commit}")
	switch {
	case errors.Is(err, ErrNoGit):
		return "", err
	case err != nil && shallow:
		return "", fmt.Errorf("the revision %s is not here: %s", revision, deepen)
	case err != nil:
		return "", fmt.Errorf("there is no revision %s: look at `git branch --all`, or run `git fetch` first", revision)
	}
	base, err := r.run(ctx, "merge-base", strings.TrimSpace(id), "HEAD")
	switch {
	case err != nil && shallow:
		return "", fmt.Errorf("where %s and HEAD went apart is not known: %s", revision, deepen)
	case err != nil:
		return "", fmt.Errorf("%s and HEAD have no commit in common", revision)
	}
	return strings.TrimSpace(base), nil
}

// A blob is a file of a tree.
type blob struct {
	mode, id, path string
}

// Extract writes the files of a commit for which want says so, with their size in bytes, into a folder, and those of its submodules as far
// as they are here: missing names the others. Paths are relative to Top.
func (r *Repo) Extract(ctx context.Context, commit string, into *os.Root, want func(path string, size int64) bool) (missing []string, err error) {
	return r.extract(ctx, commit, "", into, want, 0)
}

// maxModules is how deep submodules may nest.
const maxModules = 8

func (r *Repo) extract(ctx context.Context, commit, below string, into *os.Root, want func(string, int64) bool, depth int) (missing []string, err error) {
	out, err := r.run(ctx, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	var blobs []blob
	for line := range strings.SplitSeq(out, "\x00") {
		head, name, ok := strings.Cut(line, "\t")
		fields := strings.Fields(head)
		if !ok || len(fields) != 4 || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		full := path.Join(below, name)
		switch fields[1] {
		case "commit":
			inner := &Repo{Top: filepath.Join(r.Top, filepath.FromSlash(name))}
			if _, err := os.Lstat(filepath.Join(inner.Top, ".git")); err != nil || depth == maxModules {
				continue // not checked out: nothing of it is scanned now, either
			}
			more, err := inner.extract(ctx, fields[2], full, into, want, depth+1)
			if err != nil {
				more = []string{full}
			}
			missing = append(missing, more...)
		case "blob":
			size, _ := strconv.ParseInt(fields[3], 10, 64)
			if fields[0] == "120000" || want(full, size) {
				blobs = append(blobs, blob{fields[0], fields[2], full})
			}
		}
	}
	return missing, r.write(ctx, blobs, into)
}

// write reads blobs in one call of git and writes them.
func (r *Repo) write(ctx context.Context, blobs []blob, into *os.Root) error {
	if len(blobs) == 0 {
		return nil
	}
	c := r.command(ctx, "cat-file", "--batch")
	var ids strings.Builder
	for _, b := range blobs {
		ids.WriteString(b.id + "\n")
	}
	c.Stdin = strings.NewReader(ids.String())
	var wrong bytes.Buffer
	c.Stderr = &wrong
	pipe, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return failure(err, &wrong)
	}
	failed := writeAll(bufio.NewReaderSize(pipe, 1<<16), blobs, into)
	if failed != nil {
		io.Copy(io.Discard, pipe) // so that git can end; what it still has to say does not matter
	}
	if err := c.Wait(); err != nil && failed == nil {
		return failure(err, &wrong)
	}
	return failed
}

func writeAll(in *bufio.Reader, blobs []blob, into *os.Root) error {
	for _, b := range blobs {
		head, err := in.ReadString('\n')
		if err != nil {
			return fmt.Errorf("git ended early: %w", err)
		}
		fields := strings.Fields(head)
		if len(fields) != 3 {
			return fmt.Errorf("%s is not here (%s): a partial clone lacks old files; run `git fetch --refetch` without a filter", b.path, strings.TrimSpace(head))
		}
		size, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			return fmt.Errorf("git says %q", strings.TrimSpace(head))
		}
		content := make([]byte, size)
		if _, err := io.ReadFull(in, content); err != nil {
			return err
		}
		if _, err := in.Discard(1); err != nil {
			return err
		}
		name := filepath.FromSlash(b.path)
		if err := into.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if b.mode == "120000" {
			err = into.Symlink(string(content), name)
		} else {
			err = into.WriteFile(name, content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
