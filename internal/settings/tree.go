package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/wadjet-security/wadjet/internal/walk"
)

// Options say where settings come from.
type Options struct {
	Root     string   // the working directory: what files are shown relative to
	Paths    []string // what is looked at; empty for Root
	Config   string   // read this file, and no other
	Isolated bool     // read none
	Flags    Flags    // what flags say, which beats files
	Version  string   // of wadjet, for required-version
}

// maxBytes is the largest file of settings that is read.
const maxBytes = 1 << 20

// maxExtends is how deep files may extend each other.
const maxExtends = 8

// A Tree knows the settings of all files. It is not for several goroutines at a time.
type Tree struct {
	o       Options
	root    string
	tops    []string // the folders given
	start   string   // the folder that settings of the whole are looked up from
	config  *layer
	own     map[string]*layer
	chains  map[string][]*layer
	known   map[string]*Settings
	top     map[string]string
	errors  []*Error
	missing []Policy // that are not there yet
	shown   []string // files whose settings were read
}

// Open reads the settings that hold where a command starts. Those of sub-folders are read when they are asked for: see [Tree.Err].
func Open(o Options) (*Tree, error) {
	t := &Tree{o: o, own: map[string]*layer{}, chains: map[string][]*layer{}, known: map[string]*Settings{}, top: map[string]string{}}
	root, err := filepath.Abs(o.Root)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil {
		return nil, fmt.Errorf("the working directory cannot be told: %w", err)
	}
	t.root, t.start = root, root
	var starts []string
	for _, p := range o.Paths {
		if p == "-" {
			starts = append(starts, root)
			continue
		}
		real, err := filepath.EvalSymlinks(t.path(p))
		if err != nil {
			continue // who reads it says so
		}
		start := real
		if info, err := os.Stat(real); err == nil && !info.IsDir() {
			// Whoever names files, as pre-commit does, means the project that they work in.
			real = filepath.Dir(real)
			if start = real; within(root, real) {
				start = root
			}
		}
		t.tops, starts = append(t.tops, real), append(starts, start)
	}
	if len(starts) > 0 {
		t.start = common(starts)
	}
	if o.Config != "" {
		file := t.path(o.Config)
		text, err := read(file)
		if err != nil {
			return nil, fmt.Errorf("--config %s cannot be read: %w", o.Config, plainError(err))
		}
		var path []string
		if filepath.Base(file) == "pyproject.toml" {
			path = []string{"tool", "wadjet"}
		}
		if t.config = t.load(file, filepath.Dir(file), "", text, path); t.config == nil {
			if err := t.Err(); err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("--config %s has no [tool.wadjet] in it", o.Config)
		}
	}
	t.chain(t.start)
	return t, t.Err()
}

func (t *Tree) path(p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(t.root, p)
}

func within(dir, path string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}

// common is the nearest folder that all of these are in.
func common(dirs []string) string {
	at := dirs[0]
	for _, d := range dirs[1:] {
		for !within(at, d) {
			at = filepath.Dir(at)
		}
	}
	return at
}

// Err is what is wrong with the settings that were read until now.
func (t *Tree) Err() error {
	var all []error
	for _, e := range t.errors {
		all = append(all, e)
	}
	return errors.Join(all...)
}

// Files are the files whose settings were read until now, as shown, in order.
func (t *Tree) Files() []string {
	files := slices.Clone(t.shown)
	slices.Sort(files)
	return slices.Compact(files)
}

// Missing are the policies that were asked for and are not there.
func (t *Tree) Missing() []Policy { return t.missing }

func (t *Tree) show(file string) string {
	if rel, err := filepath.Rel(t.root, file); err == nil && within(t.topOf(t.root), file) {
		return walk.Display(filepath.ToSlash(rel))
	}
	return walk.Display(filepath.ToSlash(file))
}

// topOf is the highest folder whose settings hold in dir: the root of the repository or of the scan, whichever is higher.
func (t *Tree) topOf(dir string) string {
	if top, ok := t.top[dir]; ok {
		return top
	}
	top := dir
	if within(t.root, dir) {
		top = t.root
	} else {
		for _, given := range t.tops {
			if within(given, dir) && within(given, top) {
				top = given
			}
		}
	}
	for at := dir; ; {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			if within(at, top) {
				top = at
			}
			break
		}
		up := filepath.Dir(at)
		if up == at {
			break
		}
		at = up
	}
	t.top[dir] = top
	return top
}

// chain is the settings of the folders above a folder, and its own, the highest first.
func (t *Tree) chain(dir string) []*layer {
	if t.o.Isolated {
		return nil
	}
	if t.config != nil {
		return []*layer{t.config}
	}
	if c, ok := t.chains[dir]; ok {
		return c
	}
	var c []*layer
	if up := filepath.Dir(dir); dir != t.topOf(dir) && up != dir {
		c = slices.Clip(t.chain(up))
	}
	if l := t.folder(dir); l != nil {
		c = append(c, l)
	}
	t.chains[dir] = c
	return c
}

// folder is a folder's own settings, or nil.
func (t *Tree) folder(dir string) *layer {
	if l, ok := t.own[dir]; ok {
		return l
	}
	t.own[dir] = nil
	slash := filepath.ToSlash(dir) + "/"
	if strings.Contains(slash, "/site-packages/") || strings.Contains(slash, "/dist-packages/") {
		return nil
	}
	var found *layer
	file := filepath.Join(dir, "pyproject.toml")
	if text, err := t.readFound(file); err == nil && strings.Contains(text, "wadjet") {
		found = t.load(file, dir, dir, text, []string{"tool", "wadjet"})
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.fail(t.show(file), 1, "cannot be read, so the settings in it are not known: %v", plainError(err))
	}
	file = filepath.Join(dir, "wadjet.toml")
	text, err := t.readFound(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		t.fail(t.show(file), 1, "cannot be read, so the settings in it are not known: %v", plainError(err))
	case found != nil:
		t.fail(t.show(file), 1, "there are settings in %s as well: keep them in one of the two", found.file)
	default:
		found = t.load(file, dir, dir, text, nil)
	}
	t.own[dir] = found
	return found
}

func (t *Tree) fail(file string, line int, format string, args ...any) {
	t.errors = append(t.errors, &Error{file, line, fmt.Sprintf(format, args...)})
}

// readFound reads a file that was found rather than named: no link leads out of the tree.
func (t *Tree) readFound(file string) (string, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return "", os.ErrNotExist
	}
	if info.Mode()&os.ModeSymlink != 0 {
		top := t.topOf(filepath.Dir(file))
		if file, err = filepath.EvalSymlinks(file); err != nil {
			return "", os.ErrNotExist
		}
		if !within(top, file) {
			return "", errors.New("it is a link that leaves the tree")
		}
	}
	return read(file)
}

// read reads a small regular file.
func read(file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is no file")
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	switch {
	case err != nil:
		return "", err
	case len(raw) > maxBytes:
		return "", errors.New("it is larger than 1 MiB")
	case !utf8.Valid(raw):
		return "", errors.New("it is not UTF-8")
	}
	return string(raw), nil
}

func plainError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// load reads the settings in a file: of the table that the path names, of all of it without one. Globs are relative to base.
func (t *Tree) load(file, folder, base, text string, path []string) *layer {
	d := &decoder{shown: t.show(file), folder: folder, base: base, version: t.o.Version}
	if base != "" {
		d.top = t.topOf(folder)
	}
	d.policy = func(d *decoder, n *node, where Origin) *layer { return t.extend(d, n, where, []string{file}, folder) }
	l := t.decode(d, text, path)
	if l != nil {
		t.shown = append(t.shown, d.shown)
	}
	return l
}

// decode reads a document, and keeps what is wrong with it.
func (t *Tree) decode(d *decoder, text string, path []string) *layer {
	root, err := parse(text)
	if err != nil {
		err.File = d.shown
		t.errors = append(t.errors, err)
		return nil
	}
	for _, name := range path {
		e := root.get(name)
		if e == nil {
			return nil
		}
		root = e.value
		if root.kind != unstable.Table {
			t.fail(d.shown, e.line, "%s must be a table", name)
			return nil
		}
	}
	l := d.layer(root, Keys, "")
	t.errors = append(t.errors, d.errors...)
	return l
}

// Globs are what the settings of a folder itself leave out, and what alone they read, relative to that folder: what package walk asks
// on its way. has says that the folder holds a file of such a name.
func (t *Tree) Globs(dir string, has bool) (exclude, include []string) {
	var l *layer
	switch {
	case t.o.Isolated:
	case t.config != nil:
		if dir == t.topOf(dir) {
			l = t.config
		}
	case has:
		l = t.folder(dir)
	}
	if l == nil {
		return nil, nil
	}
	for _, v := range l.all() {
		switch v.Key.Name {
		case "exclude":
			exclude = append(exclude, plain(v.List)...)
		case "include":
			include = append(include, plain(v.List)...)
		}
	}
	return exclude, include
}

// all is the values of a layer, those of what it extends first.
func (l *layer) all() (values []Value) {
	for _, x := range l.extends {
		values = append(values, x.all()...)
	}
	return append(values, l.values...)
}

// Start is what holds for the scan as a whole.
func (t *Tree) Start() *Settings { return t.resolve(t.chain(t.start), "", t.start) }

// For is what holds for a file. The path is absolute, and without symbolic links.
func (t *Tree) For(file string) *Settings {
	dir := filepath.Dir(file)
	return t.resolve(t.chain(dir), file, dir)
}

// resolve puts layers together. With a file, what holds for some files alone is asked whether it does for this one.
func (t *Tree) resolve(chain []*layer, file, dir string) *Settings {
	var steps []*layer
	var rules []RuleSetting // in the order of steps
	var key strings.Builder
	add := func(l *layer, base string) {
		steps = append(steps, l)
		for _, r := range l.rules {
			if r.exclude != nil || r.include != nil {
				off := file != "" && (r.exclude != nil && fitsGlobs(r.exclude, r.base, base, file) || r.include != nil && !fitsGlobs(r.include, r.base, base, file))
				r.Off = off
				key.WriteString(strconv.FormatBool(off))
			}
			rules = append(rules, r.RuleSetting)
		}
		rules = append(rules, RuleSetting{}) // the end of this layer
	}
	var walkLayer func(l *layer)
	base := t.topOf(dir)
	walkLayer = func(l *layer) {
		for _, x := range l.extends {
			walkLayer(x)
		}
		add(l, base)
		for _, list := range [...][]part{l.ignores, l.parts} {
			for _, p := range list {
				if file == "" {
					continue
				}
				if fitsGlobs(p.globs, p.base, base, file) {
					add(p.layer, base)
					fmt.Fprintf(&key, "%p", p.layer)
				}
			}
		}
	}
	for _, l := range chain {
		fmt.Fprintf(&key, "%p", l)
		walkLayer(l)
	}
	flags := t.o.Flags.layer(t.root)
	add(flags, base)
	for _, p := range flags.ignores {
		if file != "" && fitsGlobs(p.globs, t.root, t.root, file) {
			add(p.layer, base)
			key.WriteString(p.where.Flag + p.layer.values[0].List[0].Text)
		}
	}
	if s, ok := t.known[key.String()]; ok && file != "" {
		return s
	}
	s := &Settings{values: map[string]Value{}, lists: map[string][]Item{}}
	for _, l := range steps {
		s.apply(l)
		for len(rules) > 0 && rules[0].Selector != "" {
			s.Rules = append(s.Rules, rules[0])
			rules = rules[1:]
		}
		rules = rules[1:]
	}
	if file != "" {
		t.known[key.String()] = s
	}
	return s
}

// fitsGlobs reports whether a file fits globs that are relative to base, or where that is empty to the top folder.
func fitsGlobs(g *walk.Globs, base, top, file string) bool {
	if base == "" {
		base = top
	}
	rel, err := filepath.Rel(base, file)
	return err == nil && filepath.IsLocal(rel) && g.Match(filepath.ToSlash(rel))
}

// RuleFiles are the rule files that the settings of a folder itself name.
func (t *Tree) RuleFiles(dir string) (files []Item) {
	if l := t.own[dir]; l != nil {
		for _, v := range l.all() {
			if v.Key.Name == "rules" {
				files = append(files, v.List...)
			}
		}
	}
	return files
}

// Path is a path as package walk finds it: absolute, its folder without symbolic links.
func (t *Tree) Path(name string) string {
	p := t.path(name)
	if dir, err := filepath.EvalSymlinks(filepath.Dir(p)); err == nil {
		return filepath.Join(dir, filepath.Base(p))
	}
	return p
}

// Root is the working directory, without symbolic links.
func (t *Tree) Root() string { return t.root }
