package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/wadjet-security/wadjet/internal/near"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// An Origin is where a value was set.
type Origin struct {
	File string // as shown; empty for a flag, or the default
	Line int
	Flag string // "--profile"
}

func (o Origin) String() string {
	switch {
	case o.Flag != "":
		return o.Flag
	case o.File != "":
		return fmt.Sprintf("%s:%d", o.File, o.Line)
	}
	return "default"
}

// An Error is what is wrong with settings.
type Error struct {
	File    string
	Line    int
	Message string
}

func (e *Error) Error() string {
	if e.File == "" {
		return e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// An Item is one of the values of a list.
type Item struct {
	Text string
	Origin
}

// A Value is what one key was set to, at one place.
type Value struct {
	Key    Key
	Text   string // of a Text, Choice or Path; a Path is absolute
	On     bool   // of a Flag
	Number int64
	List   []Item // of Words, Globs, Paths, Texts; Paths are absolute
	Origin
}

// A layer is what one file of settings says, or one part of it that is for some files.
type layer struct {
	file    string // as shown
	values  []Value
	rules   []ruleSetting
	ignores []part
	parts   []part // overrides
	extends []*layer
}

// A part is for the files that fit its globs.
type part struct {
	globs *walk.Globs
	base  string // the folder that they are relative to
	layer *layer
	where Origin
}

// A ruleSetting is one table of `rule`.
type ruleSetting struct {
	RuleSetting
	exclude, include *walk.Globs
	base             string
}

// A RuleSetting is what is set for a rule, or for all that a word stands for.
type RuleSetting struct {
	Selector   string
	Severity   string // "" when it is not set
	Confidence string
	Off        bool // it is not to look at this file
	Origin
}

// decoder reads the nodes of one file.
type decoder struct {
	shown   string
	folder  string // that paths are relative to; empty in a policy from elsewhere
	base    string // the folder that globs are relative to
	top     string // what rule files must lie in, if not in folder; empty when the user has named the file of settings
	version string
	policy  func(d *decoder, n *node, where Origin) *layer
	errors  []*Error
}

func (d *decoder) fail(line int, format string, args ...any) {
	d.errors = append(d.errors, &Error{d.shown, line, fmt.Sprintf(format, args...)})
}

func (d *decoder) at(line int) Origin { return Origin{File: d.shown, Line: line} }

// maxParts bounds how many overrides, ignores and rules a file may have settings for: each is asked about every file that is scanned.
const maxParts = 1000

// layer reads a table of the given keys.
func (d *decoder) layer(n *node, keys []Key, where string) *layer {
	l := &layer{file: d.shown}
	for _, e := range n.keys {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == e.name })
		if i < 0 {
			d.unknown(e, keys, where)
			continue
		}
		switch k := keys[i]; k.Kind {
		case Ignores:
			d.ignores(l, k, e)
		case Rules:
			d.rules(l, e)
		case Policies:
			d.policies(l, e)
		case Tables:
			d.overrides(l, e)
		default:
			if v, ok := d.value(k, e.value, e.line); ok {
				l.values = append(l.values, v)
			}
		}
	}
	if len(l.ignores)+len(l.parts)+len(l.rules) > maxParts {
		d.fail(n.line, "there are more than %d overrides, per-file-ignores and rules: write globs and words that stand for several", maxParts)
		l.ignores, l.parts, l.rules = nil, nil, nil
	}
	return l
}

func (d *decoder) unknown(e *entry, keys []Key, where string) {
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	if close := near.Name(strings.ToLower(strings.ReplaceAll(e.name, "_", "-")), names); close != "" {
		d.fail(e.line, "%q is no setting%s: did you mean %s?", e.name, where, close)
		return
	}
	d.fail(e.line, "%q is no setting%s: there are %s", e.name, where, strings.Join(names, ", "))
}

var pythonVersion = regexp.MustCompile(`^[23]\.[0-9]{1,2}$`)

// value reads what may stand at a key that has one value, or a list of them.
func (d *decoder) value(k Key, n *node, line int) (v Value, ok bool) {
	v = Value{Key: k, Origin: d.at(line)}
	switch k.Kind {
	case Text, Choice, Path:
		if n.kind != unstable.String {
			d.fail(n.line, "%s must be a text%s", k.Name, among(k))
			return v, false
		}
		v.Text = n.text
		if message := k.wrong(n.text, d.version); message != "" {
			d.fail(n.line, "%s", message)
			return v, false
		}
		if k.Kind == Path {
			if !filepath.IsLocal(filepath.FromSlash(n.text)) || d.folder == "" {
				d.fail(n.line, "%s must lie below the folder of this file: %q does not", k.Name, n.text)
				return v, false
			}
			v.Text = filepath.Join(d.folder, filepath.FromSlash(n.text))
		}
	case Flag:
		if n.kind != unstable.Bool {
			d.fail(n.line, "%s must be true or false", k.Name)
			return v, false
		}
		v.On = n.text == "true"
	case Number:
		number, err := strconv.ParseInt(strings.ReplaceAll(n.text, "_", ""), 0, 64)
		if n.kind != unstable.Integer || err != nil || number < 0 {
			d.fail(n.line, "%s must be a whole number, not negative", k.Name)
			return v, false
		}
		v.Number = number
	default:
		items, good := d.texts(k.Name, n)
		if !good {
			return v, false
		}
		for i, item := range items {
			switch {
			case k.Kind == Paths && d.folder == "":
				d.fail(item.Line, "%s cannot stand in a policy that is fetched: it names files that are not there", k.Name)
				return v, false
			case k.Kind == Paths:
				file := filepath.FromSlash(item.Text)
				if !filepath.IsAbs(file) {
					file = filepath.Join(d.folder, file)
				}
				if !d.mayRead(file) {
					d.fail(item.Line, "%s: %q lies outside of the repository, or is neither file nor folder: name it with --rules", k.Name, item.Text)
					return v, false
				}
				items[i].Text = file
			case k.Name == "output":
				format, file, _ := strings.Cut(item.Text, "=")
				if format == "" || !filepath.IsLocal(filepath.FromSlash(file)) || d.folder == "" {
					d.fail(item.Line, "output must be FORMAT=FILE, with a file below this folder: %q is not", item.Text)
					return v, false
				}
				items[i].Text = format + "=" + filepath.Join(d.folder, filepath.FromSlash(file))
			case item.Text == "":
				d.fail(item.Line, "%s has an empty text in it", k.Name)
				return v, false
			}
		}
		v.List = items
	}
	return v, true
}

// mayRead reports whether settings that were found, and not named, may have a file or folder read: the tree that they are in may be a
// stranger's. One that is not there is for others to complain about.
func (d *decoder) mayRead(file string) bool {
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return true
	}
	if info, err := os.Stat(real); err != nil || !info.IsDir() && !info.Mode().IsRegular() {
		return false
	}
	return d.top == "" || within(d.top, real) || within(d.folder, real)
}

// wrong is what is wrong with the text of a key, or "".
func (k Key) wrong(text, version string) string {
	switch {
	case k.Kind == Choice && !slices.Contains(k.Choices, text):
		message := fmt.Sprintf("%q is not known for %s: use %s", text, k.Name, either(k.Choices))
		if close := near.Name(text, k.Choices); close != "" {
			message = fmt.Sprintf("%q is not known for %s: did you mean %s?", text, k.Name, close)
		}
		return message
	case k.Name == "python-version" && !pythonVersion.MatchString(text):
		return fmt.Sprintf("python-version must be two numbers, as \"3.11\": %q is not", text)
	case k.Name == "required-version":
		fits, err := fits(text, version)
		switch {
		case err != nil:
			return fmt.Sprintf("required-version %q: %v", text, err)
		case !fits:
			return fmt.Sprintf("these settings are for wadjet %s, and this is %s: install the version that is wanted", text, version)
		}
	case text == "":
		return k.Name + " is empty"
	}
	return ""
}

func among(k Key) string {
	if k.Kind != Choice {
		return ""
	}
	return ": " + either(k.Choices)
}

func either(words []string) string {
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " or " + words[n]
}

// texts is a list of texts; one alone is a list of one.
func (d *decoder) texts(name string, n *node) (items []Item, ok bool) {
	switch n.kind {
	case unstable.String:
		return []Item{{n.text, d.at(n.line)}}, true
	case unstable.Array:
		items = []Item{}
		for _, x := range n.items {
			if x.kind != unstable.String {
				d.fail(x.line, "%s must be a list of texts", name)
				return nil, false
			}
			items = append(items, Item{x.text, d.at(x.line)})
		}
		return items, true
	}
	d.fail(n.line, "%s must be a list of texts", name)
	return nil, false
}

func (d *decoder) table(e *entry) bool {
	if e.value.kind != unstable.Table {
		d.fail(e.value.line, "%s must be a table", e.name)
		return false
	}
	return true
}

func (d *decoder) ignores(l *layer, k Key, e *entry) {
	if !d.table(e) {
		return
	}
	ignore, _ := KeyOf("ignore")
	for _, x := range e.value.keys {
		items, ok := d.texts(k.Name+` "`+x.name+`"`, x.value)
		if !ok {
			continue
		}
		where := d.at(x.line)
		l.ignores = append(l.ignores, part{walk.NewGlobs([]string{x.name}), d.base,
			&layer{file: d.shown, values: []Value{{Key: ignore, List: items, Origin: where}}}, where})
	}
}

func (d *decoder) rules(l *layer, e *entry) {
	if !d.table(e) {
		return
	}
	for _, x := range e.value.keys {
		if !d.table(x) {
			continue
		}
		r := ruleSetting{RuleSetting: RuleSetting{Selector: x.name, Origin: d.at(x.line)}, base: d.base}
		for _, v := range d.layer(x.value, ruleKeys, " of a rule").values {
			switch v.Key.Name {
			case "severity":
				r.Severity = v.Text
			case "confidence":
				r.Confidence = v.Text
			case "exclude":
				r.exclude = walk.NewGlobs(plain(v.List))
			case "include":
				r.include = walk.NewGlobs(plain(v.List))
			}
		}
		l.rules = append(l.rules, r)
	}
}

func plain(items []Item) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.Text
	}
	return out
}

func (d *decoder) overrides(l *layer, e *entry) {
	if e.value.kind != unstable.Array {
		d.fail(e.value.line, "%s must be a list of tables: write [[tool.wadjet.overrides]], or [[overrides]] in a wadjet.toml", e.name)
		return
	}
	for _, x := range e.value.items {
		if x.kind != unstable.Table {
			d.fail(x.line, "%s must be a list of tables", e.name)
			continue
		}
		inner := d.layer(x, overrideKeys(), " of overrides")
		i := slices.IndexFunc(inner.values, func(v Value) bool { return v.Key.Name == "paths" })
		if i < 0 {
			if x.get("paths") == nil {
				d.fail(x.line, "overrides need `paths`: the globs of the files that they are for")
			}
			continue
		}
		globs := walk.NewGlobs(plain(inner.values[i].List))
		inner.values = slices.Delete(inner.values, i, i+1)
		l.parts = append(l.parts, part{globs, d.base, inner, d.at(x.line)})
	}
}

func (d *decoder) policies(l *layer, e *entry) {
	list := []*node{e.value}
	if e.value.kind == unstable.Array {
		list = e.value.items
	}
	for _, n := range list {
		if p := d.policy(d, n, d.at(n.line)); p != nil {
			l.extends = append(l.extends, p)
		}
	}
}
