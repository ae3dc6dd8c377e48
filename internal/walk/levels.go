package walk

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The kinds of ignore files, in the order in which they are asked.
const (
	wadjetignore = iota
	semgrepignore
	plainIgnore
	gitignore
	gitExclude
	numIgnores
)

var ignoreNames = [...]string{".wadjetignore", ".semgrepignore", ".ignore", ".gitignore"}

var ignoreReasons = [numIgnores]string{ByWadjetignore, BySemgrep, ByIgnore, ByGitignore, ByGitExclude}

// maxIgnoreBytes is the largest ignore file that is read. The largest of projects have some ten thousand bytes.
const maxIgnoreBytes = 1 << 20

// A level holds the ignore files of one folder. A folder without any has no level of its own.
type level struct {
	up   *level
	base int  // length of what a path has before the part that is relative to this folder
	repo bool // the root of a repository: Git's files above it do not count
	sets [numIgnores]globs

	exclude, include globs // of the folder's settings
}

// judge says why a path is ignored, or "". rel is relative to where the levels begin.
func (l *level) judge(rel, name string, dir bool) string {
	for x := l; x != nil; x = x.up {
		switch x.exclude.judge(rel[x.base:], name, dir) {
		case ignore:
			return BySettings
		case keep:
			return ""
		}
	}
	for class := range numIgnores {
		for x := l; x != nil; x = x.up {
			if set := x.sets[class]; set != nil {
				switch set.judge(rel[x.base:], name, dir) {
				case ignore:
					return ignoreReasons[class]
				case keep:
					return ""
				}
			}
			if x.repo && class >= gitignore {
				break
			}
		}
	}
	return ""
}

// includes reports whether the nearest settings that read some files alone read this one.
func (l *level) includes(rel string) bool {
	for x := l; x != nil; x = x.up {
		if x.include != nil {
			return x.include.judgeDeep(rel[x.base:], false) == ignore
		}
	}
	return true
}

// special is what the names in a folder tell about it.
type special struct {
	ignores  [4]bool
	git      bool // the root of a repository
	env      bool // of a virtual environment
	cacheTag bool
	entries  bool // CVS keeps a file Entries
	app      bool // the modules of a web application
	settings bool // a file that may hold settings
}

func (s *special) see(e fs.DirEntry) {
	switch e.Name() {
	case ".wadjetignore":
		s.ignores[wadjetignore] = e.Type().IsRegular()
	case ".semgrepignore":
		s.ignores[semgrepignore] = e.Type().IsRegular()
	case ".ignore":
		s.ignores[plainIgnore] = e.Type().IsRegular()
	case ".gitignore":
		s.ignores[gitignore] = e.Type().IsRegular() // Git does not follow a link here, either
	case ".git":
		s.git = true
	case "pyproject.toml", "wadjet.toml":
		s.settings = true
	case "pyvenv.cfg":
		s.env = s.env || e.Type().IsRegular()
	case "conda-meta":
		s.env = s.env || e.IsDir()
	case "CACHEDIR.TAG":
		s.cacheTag = e.Type().IsRegular()
	case "Entries":
		s.entries = e.Type().IsRegular()
	case "models.py", "views.py", "urls.py", "apps.py", "admin.py", "forms.py", "routes.py", "serializers.py":
		s.app = true
	}
}

// skip says why a folder that holds these is not entered, or "".
func (s *special) skip(abs string) string {
	switch {
	case s.env:
		return VirtualEnv
	case s.entries && filepath.Base(abs) == "CVS":
		return VersionControl
	case s.cacheTag:
		tag := make([]byte, len(cacheTag))
		f, err := openFile(filepath.Join(abs, "CACHEDIR.TAG"))
		if err != nil {
			return ""
		}
		defer f.Close()
		if _, err := io.ReadFull(f, tag); err == nil && string(tag) == cacheTag {
			return Cache
		}
	}
	return ""
}

// newLevel reads the ignore files and the settings of a folder; up when it has none.
func (w *walker) newLevel(up *level, abs, rel, shown string, names *special) *level {
	l := &level{up: up, base: len(rel), repo: names.git}
	if rel != "" {
		l.base++
	}
	if w.o.Settings != nil {
		if exclude, include := w.o.Settings(abs, names.settings); exclude != nil || include != nil {
			l.exclude = parseGlobs(strings.Join(exclude, "\n"))
			if include != nil {
				l.include = parseGlobs(strings.Join(include, "\n"))
			}
		}
	}
	if w.o.NoIgnore || names.ignores == [4]bool{} && !names.git {
		if l.exclude == nil && l.include == nil {
			return up
		}
		return l
	}
	for class, present := range names.ignores {
		if present {
			name := ignoreNames[class]
			if text, ok := w.ignoreFile(filepath.Join(abs, name), join(shown, name)); ok {
				if class == semgrepignore {
					text = w.includes(text, abs, join(shown, name), 0)
				}
				l.sets[class] = parseGlobs(text)
			}
		}
	}
	if names.git {
		if path := gitExcludePath(filepath.Join(abs, ".git")); path != "" {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				if text, ok := w.ignoreFile(path, join(shown, ".git/info/exclude")); ok {
					l.sets[gitExclude] = parseGlobs(text)
				}
			}
		}
	}
	return l
}

// ignoreFile reads one ignore file. One that cannot be read is reported, because files may be scanned that should not.
func (w *walker) ignoreFile(abs, shown string) (text string, ok bool) {
	message := ""
	f, err := openFile(abs)
	if err == nil {
		defer f.Close()
		var raw []byte
		if raw, err = io.ReadAll(io.LimitReader(f, maxIgnoreBytes+1)); err == nil && len(raw) <= maxIgnoreBytes {
			return string(raw), true
		}
		message = "is larger than 1 MiB and was not obeyed; split it, or exclude folders instead of files"
	}
	if err != nil {
		_, message = explain(err)
	}
	w.list.Problems = append(w.list.Problems, Problem{Path: Display(shown), Code: "ignore-file", Message: message})
	return "", false
}

// maxIncludes bounds how deep :include may nest, which also ends a file that includes itself.
const maxIncludes = 8

// includes replaces each line ":include FILE" of a .semgrepignore by FILE's lines. FILE is relative to the file's
// folder and may not lie outside it. A literal colon at the start of a line is written "\:".
func (w *walker) includes(text, abs, shown string, depth int) string {
	if !strings.Contains(text, ":include") && !strings.Contains(text, "./") {
		return text
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		name, ok := strings.CutPrefix(line, ":include ")
		if !ok {
			if rest, negated := strings.CutPrefix(line, "!"); negated {
				line = "!" + fromDot(rest)
			}
			b.WriteString(fromDot(line))
			continue
		}
		name = filepath.FromSlash(strings.TrimSpace(name))
		if depth == maxIncludes || !filepath.IsLocal(name) {
			w.list.Problems = append(w.list.Problems, Problem{Path: Display(shown), Code: "ignore-file",
				Message: "includes a file outside its folder, or nests includes too deep; that line was not obeyed"})
			continue
		}
		target := filepath.Join(abs, name)
		if info, err := os.Lstat(target); err != nil || !info.Mode().IsRegular() {
			continue // a .gitignore that need not exist is the common case
		}
		if more, ok := w.ignoreFile(target, shown); ok {
			more = w.includes(more, abs, shown, depth+1)
			b.WriteString(more)
			if !strings.HasSuffix(more, "\n") {
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// gitExcludePath is where a repository keeps info/exclude. Its .git is a directory, or
// in a worktree or submodule a file that names one.
func gitExcludePath(dotGit string) string {
	info, err := os.Lstat(dotGit)
	if err != nil {
		return ""
	}
	dir := dotGit
	if info.Mode().IsRegular() {
		text := firstLine(dotGit)
		name, ok := strings.CutPrefix(text, "gitdir:")
		if !ok {
			return ""
		}
		dir = absoluteFrom(filepath.Dir(dotGit), name)
		if common := firstLine(filepath.Join(dir, "commondir")); common != "" {
			dir = absoluteFrom(dir, common)
		}
	}
	return filepath.Join(dir, "info", "exclude")
}

func absoluteFrom(dir, name string) string {
	name = filepath.FromSlash(strings.TrimSpace(name))
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// firstLine is the first line of a small file, or "".
func firstLine(path string) string {
	f, err := openFile(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	raw, _ := io.ReadAll(io.LimitReader(f, 4096)) // what was read before an error may still be the line
	line, _, _ := strings.Cut(string(raw), "\n")
	return strings.TrimSpace(line)
}

// above is what lies above a directory.
type above struct {
	up  *level
	rel string
	why string
}

// levelsAbove reads the ignore files above a directory, from the root of its repository or the root of the scan,
// whichever is higher. rel is the directory's path from there, and why says why one of its folders would not have been entered.
func (w *walker) levelsAbove(dir string) (up *level, rel, why string) {
	if a, ok := w.above[dir]; ok {
		return a.up, a.rel, a.why
	}
	top := dir
	if _, ok := within(w.realRoot, dir); ok {
		top = w.realRoot
	}
	if repo := repositoryOf(dir); repo != "" {
		if _, ok := within(repo, top); ok {
			top = repo
		}
	}
	rel, _ = within(top, dir)
	at, done := top, ""
	for rest := rel; ; {
		names := w.look(at)
		if why == "" && at != top {
			why = names.skip(at)
		}
		if rest == "" {
			break
		}
		shown, ok := within(w.realRoot, at)
		if !ok {
			shown = filepath.ToSlash(at)
		}
		up = w.newLevel(up, at, done, shown, &names)
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		done = join(done, part)
		at = filepath.Join(at, part)
		if why == "" {
			if why = skippedFolder(part); why == "" {
				why = up.judge(done, part, true)
			}
		}
	}
	if w.above == nil {
		w.above = map[string]above{}
	}
	w.above[dir] = above{up, rel, why}
	return up, rel, why
}

// repositoryOf is the closest folder upward that holds .git, or "".
func repositoryOf(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
