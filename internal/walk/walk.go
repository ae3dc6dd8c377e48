package walk

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// DefaultMaxBytes is the largest file that is read unless [Options.MaxBytes] says otherwise.
const DefaultMaxBytes = 10 << 20

// Options say what to read, and how.
type Options struct {
	Root         string   // the directory that paths are shown relative to; empty for the current one
	Exclude      []string // globs in the syntax of .gitignore, relative to Root: what is left out
	Include      []string // the same: when there are any, only files that they match, or that lie in a folder that they match
	ForceExclude bool     // excludes and ignore files hold for paths given by name, too
	NoIgnore     bool     // ignore files are not read
	MaxBytes     int64    // of a file, else it is not read; 0 for DefaultMaxBytes
	Stdin        io.Reader
	StdinName    string // what the path "-" is shown and judged as

	// Settings, when set, says what the settings of a folder, an absolute path without symbolic links, leave out, and what alone they
	// read: globs relative to that folder. has tells that there is a file of settings in it. Exclude and Include go before them.
	Settings func(dir string, has bool) (exclude, include []string)

	// Text, when set, says which files that are not Python are listed as well, for rules that
	// look at any text. It gets the path as shown.
	Text func(path string) bool

	open func(path string) (*os.File, error) // for tests; openFile when nil
}

// An Entry is a file to read.
type Entry struct {
	Path     string        // as shown: slash-separated, relative to Options.Root where it lies in it, safe to print
	Abs      string        // where it is; empty for standard input
	Kind     source.Kind   // by name or first line
	Origin   source.Origin // by path; reading may yet find that it is Generated
	Explicit bool          // given by name
}

// A Problem is something that could not be read, or not been entered, and should have been.
type Problem struct {
	Path    string
	Line    int    // 1-based; 0 when it is about the whole file
	Code    string // stable, for machines: "unreadable", "vanished", "too-large", "special", "binary", "notebook", "not-python", "ignore-file"
	Message string // one line: what, and what to do next
	Lost    bool   // a file, or a whole folder, was not read
	Blind   bool   // it was given by name
}

// A Listing is what [Walk] found.
type Listing struct {
	Entries  []Entry   // by path
	Skips    []Skip    // by reason
	Problems []Problem // by path
}

// Walk lists the files to read in paths, which are files, directories, or "-" for standard input; the
// current directory when there are none. What cannot be read is in the listing's Problems; the error is
// for a root that does not exist.
func Walk(paths []string, o Options) (*Listing, error) {
	w := &walker{
		o:     o,
		skips: skips{},
		files: map[string]bool{},
		dirs:  map[string]bool{},
		roots: map[string]bool{},
	}
	var err error
	if w.root, err = filepath.Abs(o.Root); err != nil {
		return nil, fmt.Errorf("the current directory cannot be told: %w", err)
	}
	if w.realRoot, err = filepath.EvalSymlinks(w.root); err != nil {
		return nil, fmt.Errorf("the root %s cannot be entered: %w", Display(w.root), reason(err))
	}
	w.exclude, w.include = w.optionGlobs(o.Exclude), w.optionGlobs(o.Include)
	if len(paths) == 0 {
		paths = []string{"."}
	}
	// Files first: one that is given by name stays so, wherever else it is reached. Links last:
	// a file that is reached twice goes by its own name.
	var trees []*tree
	for _, p := range paths {
		if t := w.given(p); t != nil && !w.roots[t.real] {
			w.roots[t.real] = true
			trees = append(trees, t)
		}
	}
	for _, t := range trees {
		w.enter(t)
	}
	for len(w.links) > 0 {
		links := w.links
		w.links = nil
		sort.SliceStable(links, func(i, j int) bool { return links[i].shown < links[j].shown })
		for _, l := range links {
			w.follow(l)
		}
	}
	w.librariesAlone()
	sort.SliceStable(w.list.Entries, func(i, j int) bool { return w.list.Entries[i].Path < w.list.Entries[j].Path })
	slices.SortStableFunc(w.list.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Code, b.Code), strings.Compare(a.Message, b.Message))
	})
	w.list.Problems = slices.Compact(w.list.Problems) // an ignore file above several given paths is read for each
	w.list.Skips = w.skips.sorted()
	return &w.list, nil
}

type walker struct {
	o                Options
	root, realRoot   string // absolute; realRoot without symbolic links
	exclude, include globs
	list             Listing
	judged           []string // the path that each entry's origin is judged by
	skips            skips
	files, dirs      map[string]bool // seen, by path without symbolic links
	roots            map[string]bool // directories given by name, likewise
	above            map[string]above
	links            []link
	owned            map[string]bool // see ownVendor
}

// A tree is a directory given by name.
type tree struct {
	real   string // absolute, without symbolic links
	shown  string // what paths in it are shown under; empty for the root itself
	judged string // relative to the root, or empty when it lies elsewhere
	rel    string // relative to where ignore files begin
	up     *level // the ignore files above
}

// A folder is a directory on the way down.
type folder struct {
	tree   *tree
	abs    string        // without symbolic links
	shown  string        // as shown, but not yet safe to print
	judged string        // the path that options and origins are judged by
	rel    string        // relative to where ignore files begin
	up     *level        // the ignore files above
	origin source.Origin // of what lies in it
	wanted bool          // Options.Include matched it
}

// A link is a symbolic link, kept for when everything else has been walked.
type link struct {
	in    *folder
	up    *level // the ignore files of its folder
	name  string
	shown string
}

// given takes one path of the command line: a file becomes an entry, a directory is returned.
func (w *walker) given(p string) *tree {
	if p == "-" {
		w.stdin()
		return nil
	}
	lexical, err := filepath.Abs(p)
	if err != nil {
		w.lost(p, err, true)
		return nil
	}
	shown, inside := within(w.root, lexical)
	judged := shown
	if !inside {
		shown, judged = filepath.ToSlash(filepath.Clean(p)), ""
	}
	// EvalSymlinks and Stat in place of Lstat: who names a link means what it leads to.
	real, err := filepath.EvalSymlinks(lexical)
	if err != nil {
		w.lost(shown, err, true)
		return nil
	}
	info, err := os.Stat(real)
	switch {
	case err != nil:
		w.lost(shown, err, true)
	case info.IsDir():
		return &tree{real: real, shown: shown, judged: judged}
	case !info.Mode().IsRegular():
		w.problem(shown, "special", "is a device, a pipe or a socket, and was not opened; to scan what it yields, pass it as standard input with -", true)
	case w.files[real]:
	default:
		if !inside {
			judged = filepath.Base(real)
		}
		if w.o.ForceExclude {
			if why := w.excluded(filepath.Dir(real), judged, filepath.Base(real), false); why != "" {
				w.skips.add(why, Display(shown), false)
				return nil
			}
		}
		w.files[real] = true
		w.add(Entry{Path: Display(shown), Abs: real, Kind: w.explicitKind(real), Origin: w.originOf(judged), Explicit: true}, judged)
	}
	return nil
}

func (w *walker) add(e Entry, judged string) {
	w.list.Entries = append(w.list.Entries, e)
	w.judged = append(w.judged, judged)
}

// stdin lists standard input, once.
func (w *walker) stdin() {
	if w.files[""] {
		return
	}
	w.files[""] = true
	name := w.o.StdinName
	if name == "" {
		w.add(Entry{Path: "<stdin>", Explicit: true}, "")
		return
	}
	shown, judged := filepath.ToSlash(filepath.Clean(name)), filepath.Base(name)
	lexical, err := filepath.Abs(name)
	if rel, ok := within(w.root, lexical); ok && err == nil {
		shown, judged = rel, rel
	}
	if w.o.ForceExclude && err == nil {
		if why := w.excluded(filepath.Dir(lexical), judged, filepath.Base(lexical), false); why != "" {
			w.skips.add(why, Display(shown), false)
			return
		}
	}
	kind, ok := kindOf(lastPart(shown))
	if !ok && knownText(lastPart(shown)) {
		kind = source.Other
	}
	w.add(Entry{Path: Display(shown), Kind: kind, Origin: w.originOf(judged), Explicit: true}, judged)
}

// enter walks a directory given by name. Whatever excludes the directory itself does not count, unless excludes are forced.
func (w *walker) enter(t *tree) {
	var why string
	t.up, t.rel, why = w.levelsAbove(t.real)
	if w.o.ForceExclude {
		if why == "" && t.judged != "" && w.exclude.judgeDeep(t.judged, true) == ignore {
			why = Excluded
		}
		if why != "" {
			w.skips.add(why, Display(t.shown), true)
			return
		}
	}
	f := &folder{tree: t, abs: t.real, shown: t.shown, judged: t.judged, rel: t.rel, up: t.up}
	f.wanted = t.judged != "" && w.include.judgeDeep(t.judged, true) == ignore
	f.origin = w.originOfFolder(t.judged)
	w.walk(f, true)
}

// walk lists what is in a folder. Folders given by name are entered whatever they hold.
func (w *walker) walk(f *folder, given bool) {
	if w.dirs[f.abs] {
		return
	}
	entries, err := os.ReadDir(f.abs)
	if err != nil {
		w.lost(join(f.shown, ".")[:max(len(f.shown)+1, 1)], err, given)
	}
	var names special
	for _, e := range entries {
		names.see(e)
	}
	if !given {
		if why := names.skip(f.abs); why != "" {
			w.skips.add(why, Display(f.shown), true)
			return
		}
	}
	w.dirs[f.abs] = true
	up := w.newLevel(f.up, f.abs, f.rel, f.shown, &names)
	if names.app && f.origin == source.Vendored && isVendor(lastPart(f.judged)) {
		f.origin = w.originOfFolder(parentOf(f.judged))
	}
	for _, e := range entries {
		name := e.Name()
		mode := e.Type()
		switch {
		case mode.IsDir():
			w.subfolder(f, up, name)
		case mode&fs.ModeSymlink != 0:
			w.links = append(w.links, link{in: f, up: up, name: name, shown: join(f.shown, name)})
		case mode.IsRegular():
			w.file(f, up, name, f.abs+string(filepath.Separator)+name)
		default:
			w.skips.add(Special, Display(join(f.shown, name)), false)
		}
	}
}

// subfolder descends, unless something speaks against it.
func (w *walker) subfolder(f *folder, up *level, name string) {
	abs := f.abs + string(filepath.Separator) + name
	if w.roots[abs] {
		return // given by name: walked in its own turn
	}
	sub := w.sub(f, up, name, abs)
	if why := w.why(up, sub.rel, sub.judged, name, true); why != "" {
		w.skips.add(why, Display(sub.shown), true)
		return
	}
	w.walk(sub, false)
}

// sub is the folder of that name in f; abs is where it really is.
func (w *walker) sub(f *folder, up *level, name, abs string) *folder {
	sub := &folder{
		tree:   f.tree,
		abs:    abs,
		shown:  join(f.shown, name),
		judged: join(f.judged, name),
		rel:    join(f.rel, name),
		up:     up,
		origin: beneath(f.origin, name),
		wanted: f.wanted,
	}
	if !sub.wanted && len(w.include) > 0 {
		sub.wanted = w.include.judge(sub.judged, name, true) == ignore
	}
	return sub
}

// why says why a path found on the way is left out, or "".
func (w *walker) why(up *level, rel, judged, name string, dir bool) string {
	if dir {
		if why := skippedFolder(name); why != "" {
			return why
		}
	}
	switch w.exclude.judge(judged, name, dir) {
	case ignore:
		return Excluded
	case keep:
		return ""
	}
	return up.judge(rel, name, dir)
}

// file lists one regular file, at abs, seen as name in f.
func (w *walker) file(f *folder, up *level, name, abs string) {
	kind, python := kindOf(name)
	if !python && !strings.Contains(name, ".") {
		kind, python = kindOf(baseName(abs)) // a link to a module
	}
	shown := join(f.shown, name)
	perhaps := !python && !strings.Contains(name, ".") // a script, if its first line says so
	text := !python && w.o.Text != nil && w.o.Text(Display(shown))
	if !python && !perhaps && !text {
		w.skips.add(NotPython, Display(shown), false)
		return
	}
	if w.files[abs] {
		return
	}
	judged, rel := shown, join(f.rel, name)
	if f.judged != f.shown {
		judged = join(f.judged, name)
	}
	if why := w.why(up, rel, judged, name, false); why != "" {
		w.skips.add(why, Display(shown), false)
		return
	}
	if len(w.include) > 0 && !f.wanted && w.include.judge(judged, name, false) != ignore || len(w.include) == 0 && !up.includes(rel) {
		w.skips.add(NotIncluded, Display(shown), false)
		return
	}
	if perhaps && pythonShebang(w.head(abs)) {
		kind, python = source.Python, true
	}
	if !python {
		if !text {
			w.skips.add(NotPython, Display(shown), false)
			return
		}
		kind = source.Other
	}
	w.files[abs] = true
	w.add(Entry{Path: Display(shown), Abs: abs, Kind: kind, Origin: stronger(f.origin, fileOrigin(name))}, judged)
}

// follow takes a symbolic link to what it leads to, if that lies in the tree and was not reached otherwise.
func (w *walker) follow(l link) {
	f := l.in
	judged, rel := join(f.judged, l.name), join(f.rel, l.name)
	// To Git a link is no directory, whatever it leads to.
	if why := w.why(l.up, rel, judged, l.name, false); why != "" {
		w.skips.add(why, Display(l.shown), false)
		return
	}
	target, err := filepath.EvalSymlinks(filepath.Join(f.abs, l.name))
	if err != nil {
		w.skips.add(LinkBroken, Display(l.shown), false)
		return
	}
	if w.dirs[target] || w.files[target] {
		w.skips.add(LinkTwice, Display(l.shown), w.dirs[target])
		return
	}
	inner, ok := within(f.tree.real, target)
	if !ok {
		w.skips.add(LinkOut, Display(l.shown), false)
		return
	}
	info, err := os.Lstat(target)
	switch {
	case err != nil:
		w.skips.add(LinkBroken, Display(l.shown), false)
	case info.IsDir() || info.Mode().IsRegular():
		if why := w.behind(f.tree, inner, info.IsDir()); why != "" {
			w.skips.add(why, Display(l.shown), info.IsDir())
		} else if info.IsDir() {
			w.walk(w.sub(f, l.up, l.name, target), false)
		} else {
			w.file(f, l.up, l.name, target)
		}
	default:
		w.skips.add(Special, Display(l.shown), false)
	}
}

// behind says why what a link leads to was not listed under its own name: a link does not bring back what was left out.
func (w *walker) behind(t *tree, inner string, dir bool) string {
	at, rel, judged, up := t.real, t.rel, t.judged, t.up
	for rest := inner; rest != ""; {
		names := w.look(at)
		if at != t.real {
			if why := names.skip(at); why != "" {
				return why
			}
		}
		up = w.newLevel(up, at, rel, judged, &names)
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		at, rel, judged = filepath.Join(at, part), join(rel, part), join(judged, part)
		if why := w.why(up, rel, judged, part, dir || rest != ""); why != "" {
			return why
		}
	}
	if dir {
		names := w.look(at)
		return names.skip(at)
	}
	return ""
}

// look is what the names in a folder tell about it.
func (w *walker) look(dir string) (names special) {
	entries, _ := os.ReadDir(dir) // an error is said when the folder is walked
	for _, e := range entries {
		names.see(e)
	}
	return names
}

// excluded says why a path given by name is left out when excludes are forced, or "".
func (w *walker) excluded(dir, judged, name string, isDir bool) string {
	up, rel, why := w.levelsAbove(dir)
	if why != "" {
		return why
	}
	if why := skippedParts(judged, isDir); why != "" {
		return why
	}
	if w.exclude.judgeDeep(judged, isDir) == ignore {
		return Excluded
	}
	names := w.look(dir)
	up = w.newLevel(up, dir, rel, parentOf(judged), &names)
	if why := up.judge(join(rel, name), name, isDir); why != "" {
		return why
	}
	if len(w.include) > 0 && w.include.judgeDeep(judged, isDir) != ignore || len(w.include) == 0 && !isDir && !up.includes(join(rel, name)) {
		return NotIncluded
	}
	return ""
}

// skippedParts says why one of the folders on a path is never entered, or "".
func skippedParts(path string, isDir bool) string {
	for {
		i := strings.IndexByte(path, '/')
		if i < 0 {
			break
		}
		if why := skippedFolder(path[:i]); why != "" {
			return why
		}
		path = path[i+1:]
	}
	if isDir {
		return skippedFolder(path)
	}
	return ""
}

// optionGlobs reads globs of the options. An absolute path within the root is taken as relative to it.
func (w *walker) optionGlobs(patterns []string) globs {
	var gs globs
	for _, p := range patterns {
		if p == "" {
			continue
		}
		if filepath.IsAbs(p) {
			for _, root := range []string{w.root, w.realRoot} {
				if rel, ok := within(root, filepath.Clean(p)); ok {
					p = "/" + rel
					break
				}
			}
		}
		gs = append(gs, parsePattern(fromDot(p)))
	}
	return gs
}

// fromDot reads ./x as /x, which is what everybody who writes it means; to Git it would match nothing.
func fromDot(p string) string {
	if rest, ok := strings.CutPrefix(p, "./"); ok {
		return "/" + rest
	}
	return p
}

// judgeDeep judges a path that was not reached step by step: a folder on the way that is ignored takes what lies in it with it.
func (gs globs) judgeDeep(path string, dir bool) verdict {
	for i := 0; i < len(path); i++ {
		if path[i] == '/' && gs.judge(path[:i], lastPart(path[:i]), true) == ignore {
			return ignore
		}
	}
	return gs.judge(path, lastPart(path), dir)
}

func parentOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}

// lost records a path that could not be read.
func (w *walker) lost(path string, err error, given bool) {
	code, message := explain(err)
	w.problem(path, code, message, given)
}

func (w *walker) problem(path, code, message string, given bool) {
	w.list.Problems = append(w.list.Problems, Problem{Path: Display(path), Code: code, Message: message, Lost: true, Blind: given})
}

// explain puts an error of the file system in plain words, without the path, which is shown beside it.
func explain(err error) (code, message string) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "vanished", "does not exist, or vanished while the scan ran; check the path"
	case errors.Is(err, fs.ErrPermission):
		return "unreadable", "may not be read; run as a user who may, or exclude it"
	}
	return "unreadable", "cannot be read: " + reason(err).Error()
}

// reason is what is left of an error without the operation and the path.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
