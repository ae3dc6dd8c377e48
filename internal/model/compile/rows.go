package compile

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An alias is another name of something.
type alias struct{ name, to string }

// Rows reads the files *.yaml of a folder as the table of the libraries they describe. Names that the files do not define are looked for in
// the other table. All that is wrong is in the error, one line each.
func Rows(fsys fs.FS, other *model.Library) ([]model.Block, error) {
	w := &world{stubs: map[string]*stub{}, homes: map[*def]string{}, exported: map[*stub][]string{}, library: other}
	r := &rowReader{w: w, seen: map[string]string{}}
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		r.file = name
		r.read(text)
	}
	for name := range w.stubs {
		w.names = append(w.names, name)
	}
	slices.Sort(w.names)
	w.report = func(format string, args ...any) {
		r.errs = append(r.errs, errors.New(w.where+": "+fmt.Sprintf(format, args...)))
	}
	blocks := w.blocks()
	all, err := other.With(string(model.Encode(blocks)))
	if err != nil {
		return nil, err
	}
	for _, a := range append(w.aliases, w.memberAliases...) {
		if all.Symbol(a.to) == nil {
			r.errs = append(r.errs, fmt.Errorf("%s: an alias of %s, which is not known", a.name, a.to))
		}
	}
	return blocks, errors.Join(r.errs...)
}

// find is what a qualified name means in a world of rows.
func (w *world) find(q string) target {
	first, rest, more := strings.Cut(q, ".")
	t := w.word(nil, first)
	for more && !t.none() {
		first, rest, more = strings.Cut(rest, ".")
		switch {
		case t.mod != nil:
			t = w.member(t.mod, first, maxHops)
		case t.ext != nil:
			t = w.outside(t.ext.Name + "." + first)
		case t.def.class != nil:
			t = target{def: w.inherited(t.def, first, maxHops)}
		default:
			t = target{}
		}
	}
	return t
}

// word is what an annotation of a row means by the first part of a name: a word of the file, a special form, a builtin, a module.
func (w *world) word(words *scope, name string) target {
	if words != nil {
		if d := words.defs[name]; d != nil {
			if d.imported {
				return w.find(d.from)
			}
			return target{def: d}
		}
	}
	if forms[name] {
		return target{form: name}
	}
	if m := w.stubs[name]; m != nil {
		return target{mod: m}
	}
	return w.outside(name)
}

// misnamed reports that a row's annotation names a class of another table by another name than its own.
func (w *world) misnamed(sc *scope, e syntax.Expr, t target) bool {
	text := dotted(e)
	first, _, more := strings.Cut(text, ".")
	return more && sc.mod.words != nil && sc.mod.words.defs[first] == nil && text != t.ext.Name && text != "builtins."+t.ext.Name
}

// special is the form of typing or the builtin with a form of its own.
func (t target) special() string {
	if t.form != "" {
		return t.form
	}
	switch t.ext.Name {
	case "object", "type", "tuple":
		return t.ext.Name
	}
	return ""
}

// A rowReader enters rows into a world.
type rowReader struct {
	w     *world
	file  string
	words *scope
	seen  map[string]string // qualified name → file
	errs  []error
}

func (r *rowReader) errorf(n *yaml.Node, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.file, n.Line, fmt.Sprintf(format, args...)))
}

// pairs calls f with each key and value of a mapping. Keys must be there once.
func (r *rowReader) pairs(n *yaml.Node, f func(key string, k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.errorf(n, "this must be a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if seen[k.Value] {
			r.errorf(k, "%s is there twice", k.Value)
			continue
		}
		seen[k.Value] = true
		f(k.Value, k, v)
	}
}

func (r *rowReader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		r.errorf(n, "this must be a text")
		return ""
	}
	return n.Value
}

// yes is a field that is true or not there.
func (r *rowReader) yes(n *yaml.Node) bool {
	if n.Value != "true" {
		r.errorf(n, "this can only be true")
	}
	return true
}

// texts is a list of texts, or one.
func (r *rowReader) texts(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		return []string{r.text(n)}
	}
	var out []string
	for _, c := range n.Content {
		out = append(out, r.text(c))
	}
	return out
}

// decorated is the type variable that stands for what a decorator is applied to.
const decorated = "F"

func (r *rowReader) read(text []byte) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s: %w", r.file, err))
		return
	}
	r.words = &scope{mod: &stub{name: "." + r.file}, defs: map[string]*def{}}
	r.words.mod.words = r.words
	r.variable(&doc, decorated, "Callable[..., Any]")
	var rows *yaml.Node
	library := ""
	r.pairs(doc.Content[0], func(key string, k, v *yaml.Node) {
		switch key {
		case "library":
			library = r.text(v)
		case "names":
			r.pairs(v, func(name string, _, to *yaml.Node) {
				r.words.defs[name] = &def{name: name, in: r.words, imported: true, from: r.text(to)}
			})
		case "variables":
			r.pairs(v, func(name string, k, bound *yaml.Node) { r.variable(k, name, r.text(bound)) })
		case "rows":
			rows = v
		default:
			r.errorf(k, "%s is not a field of a file", key)
		}
	})
	if library == "" || rows == nil {
		r.errs = append(r.errs, fmt.Errorf("%s: a file has library and rows", r.file))
		return
	}
	// Classes first: only they can have members.
	classes := map[string]bool{}
	r.pairs(rows, func(q string, _, v *yaml.Node) {
		if isClassRow(v) {
			classes[q] = true
		}
	})
	r.pairs(rows, func(q string, k, v *yaml.Node) {
		if old := r.seen[q]; old != "" {
			r.errorf(k, "%s has a row in %s already", q, old)
			return
		}
		r.seen[q] = r.file
		dot := strings.LastIndexByte(q, '.')
		if dot < 0 {
			r.errorf(k, "%s is not in a module", q)
			return
		}
		if classes[q[:dot]] {
			r.errorf(k, "%s is a member of a class: it belongs among that one's members", q)
			return
		}
		r.row(r.module(q[:dot]), q[dot+1:], q, k, v)
	})
}

func isClassRow(v *yaml.Node) bool {
	for i := 0; i+1 < len(v.Content); i += 2 {
		if k := v.Content[i].Value; k == "bases" || k == "members" {
			return true
		}
	}
	return false
}

// module is the scope of a module, which exists with all packages that it is in.
func (r *rowReader) module(name string) *scope {
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '.' {
			continue
		}
		if r.w.stubs[name[:i]] == nil {
			m := &stub{name: name[:i], words: r.words}
			m.scope = &scope{mod: m, defs: map[string]*def{}}
			r.w.stubs[m.name] = m
		}
	}
	m := r.w.stubs[name]
	if m.words != r.words && len(m.scope.order) == 0 {
		m.words = r.words // it was made by another file as the package of its own modules
	}
	if m.words == r.words {
		return m.scope
	}
	// Two files speak of one module. Each keeps its own words.
	return &scope{mod: &stub{name: name, words: r.words}, defs: m.scope.defs, shared: m.scope}
}

// variable defines a type variable. A name that begins with ** is a ParamSpec.
func (r *rowReader) variable(at *yaml.Node, name, bound string) {
	text := "TypeVar('x')"
	if n, ok := strings.CutPrefix(name, "**"); ok {
		name, text = n, "ParamSpec('x')"
	} else if bound != "" {
		text = "TypeVar('x', bound=" + bound + ")"
	}
	if e := r.expr(at, text); e != nil {
		r.words.defs[name] = &def{name: name, in: r.words, value: e}
	}
}

// expr parses an annotation.
func (r *rowReader) expr(at *yaml.Node, text string) syntax.Expr {
	f := syntax.Parse(source.New("", "_: "+text+"\n"))
	if len(f.Errors) == 0 && len(f.Body) == 1 {
		if a, ok := f.Body[0].(*syntax.AnnAssign); ok && a.Value == nil {
			return a.Annotation
		}
	}
	r.errorf(at, "%q is not a type", text)
	return nil
}
