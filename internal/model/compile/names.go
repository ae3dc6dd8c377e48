package compile

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A target is what a name leads to: a module or a definition, or neither. Rows may also name a special form of typing, or a symbol of another table.
type target struct {
	mod  *stub
	def  *def
	form string
	ext  *model.Symbol
}

func (t target) none() bool { return t == target{} }

// maxHops bounds how many imports and assignments are followed.
const maxHops = 32

// follow goes through imports to where a thing is defined.
func (w *world) follow(d *def, hops int) target {
	if d == nil || !d.imported {
		return target{def: d}
	}
	if hops == 0 {
		return target{}
	}
	m := w.stubs[d.from]
	if d.item == "" {
		return target{mod: m}
	}
	if m == nil {
		return target{}
	}
	if m == d.in.mod { // a package imports from itself what is a module
		if sub := w.stubs[m.name+"."+d.item]; sub != nil {
			return target{mod: sub}
		}
	}
	return w.member(m, d.item, hops-1)
}

// member is what `from m import name` gives.
func (w *world) member(m *stub, name string, hops int) target {
	if d := m.scope.defs[name]; d != nil {
		return w.follow(d, hops)
	}
	for _, from := range m.stars {
		if s := w.stubs[from]; s != nil && hops > 0 && slices.Contains(w.exports(s), name) {
			return w.member(s, name, hops-1)
		}
	}
	if sub := w.stubs[m.name+"."+name]; sub != nil {
		return target{mod: sub}
	}
	return w.outside(m.name + "." + name)
}

// outside is what the other tables know of a name.
func (w *world) outside(q string) target {
	if w.library == nil {
		return target{}
	}
	return target{ext: w.library.Symbol(q)}
}

// exports are the names that `from m import *` brings.
func (w *world) exports(m *stub) []string {
	if out, ok := w.exported[m]; ok {
		return out
	}
	w.exported[m] = nil // a circle brings nothing
	var out []string
	if m.hasAll {
		out = slices.Clone(m.all)
		for _, a := range m.allOf {
			if a == nil {
				for _, from := range m.stars {
					if s := w.stubs[from]; s != nil {
						out = append(out, w.exports(s)...)
					}
				}
			} else if t := w.resolve(m.scope, a.X); t.mod != nil {
				out = append(out, w.exports(t.mod)...)
			}
		}
	} else {
		for _, name := range m.scope.order {
			if d := m.scope.defs[name]; name[0] != '_' && d.branch == 0 && (!d.imported || d.public) {
				out = append(out, name)
			}
		}
		for _, from := range m.stars {
			if s := w.stubs[from]; s != nil {
				out = append(out, w.exports(s)...)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	w.exported[m] = out
	return out
}

// lookup is what a bare name means in a scope, imports followed.
func (w *world) lookup(sc *scope, name string) target {
	if words := sc.mod.words; words != nil {
		return w.word(words, name)
	}
	for s := sc; s != nil; s = s.outer {
		if d := s.defs[name]; d != nil {
			return w.follow(d, maxHops)
		}
	}
	if t := w.member(sc.mod, name, maxHops); t.def != nil || t.mod != nil {
		return t
	}
	if b := w.stubs["builtins"]; b != nil {
		return target{def: b.scope.defs[name]}
	}
	return target{}
}

// resolve is what a name or an attribute means.
func (w *world) resolve(sc *scope, e syntax.Expr) target {
	switch e := e.(type) {
	case *syntax.Name:
		return w.lookup(sc, e.Name)
	case *syntax.Attribute:
		t := w.resolve(sc, e.X)
		if t.mod != nil {
			return w.member(t.mod, e.Name, maxHops)
		}
		if t.ext != nil {
			return w.outside(t.ext.Name + "." + e.Name)
		}
		if t = w.settle(t); t.def == nil {
			return t
		}
		class := t.def
		if class.class == nil { // an object of a module, whose methods are the module's functions
			switch {
			case t.def.ann != nil:
				class = w.settle(w.resolve(t.def.in, t.def.ann)).def
			case t.def.value != nil:
				if c, ok := t.def.value.(*syntax.Call); ok {
					class = w.settle(w.resolve(t.def.in, c.Func)).def
				}
			}
		}
		if class != nil && class.class != nil {
			return w.follow(w.inherited(class, e.Name, maxHops), maxHops)
		}
	}
	return target{}
}

// inherited is a member of a class or of the first of its bases that has it.
func (w *world) inherited(class *def, name string, hops int) *def {
	if d := class.inner.defs[name]; d != nil || hops == 0 {
		return d
	}
	for _, a := range class.class.Args {
		if b := w.settle(w.resolve(class.in, baseName(a))).def; b != nil && b.class != nil {
			if d := w.inherited(b, name, hops-1); d != nil {
				return d
			}
		}
	}
	return nil
}

// settle follows assignments of one name to another, `error = OSError`.
func (w *world) settle(t target) target {
	for range maxHops {
		d := t.def
		if d == nil || d.value == nil {
			return t
		}
		switch d.value.(type) {
		case *syntax.Name, *syntax.Attribute:
		default:
			return t
		}
		if d.ann != nil {
			if a := w.resolve(d.in, d.ann); !isTyping(a, "TypeAlias") {
				return t
			}
		}
		next := w.resolve(d.in, d.value)
		if next.mod == nil && next.def == nil || next.def == d {
			return t
		}
		t = next
	}
	return t
}

// forms are the special forms of typing.
var forms = map[string]bool{
	"Any": true, "Optional": true, "Union": true, "Callable": true, "Type": true, "NoReturn": true, "Never": true, "ClassVar": true, "Final": true, "Literal": true,
	"Self": true, "Tuple": true, "Generic": true, "Protocol": true, "Unpack": true, "Required": true, "NotRequired": true, "ReadOnly": true, "LiteralString": true,
	"Annotated": true, "Concatenate": true, "TypeAlias": true, "TypeGuard": true, "TypeIs": true, "TypedDict": true, "TypeForm": true,
}

// isTyping reports that a target is the special form of a name.
func isTyping(t target, name string) bool { return special(t) == name }

// special is the name of a special form of typing, or "".
func special(t target) string {
	if t.form != "" || t.ext != nil {
		return t.special()
	}
	if t.def == nil || t.def.in.class != nil {
		return ""
	}
	switch t.def.in.mod.name {
	case "typing", "typing_extensions":
		if forms[t.def.name] {
			return t.def.name
		}
	case "_typeshed":
		if t.def.name == "Self" {
			return "" // an old TypeVar: it is numbered like any other
		}
	case "builtins":
		switch t.def.name {
		case "object", "type", "tuple":
			return t.def.name
		}
	}
	return ""
}

// aliases are names that typing gives to classes of other modules, which the stubs do not say.
var aliases = map[string]string{
	"List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "DefaultDict": "collections.defaultdict", "Counter": "collections.Counter",
	"Deque": "collections.deque", "ChainMap": "collections.ChainMap", "OrderedDict": "collections.OrderedDict",
}

// renamed is the definition that one of those aliases stands for.
func (w *world) renamed(d *def) *def {
	if d.in.class != nil || d.in.mod.name != "typing" && d.in.mod.name != "typing_extensions" {
		return nil
	}
	q := aliases[d.name]
	if q == "" {
		return nil
	}
	module, name, ok := strings.Cut(q, ".")
	if !ok {
		module, name = "builtins", q
	}
	if m := w.stubs[module]; m != nil {
		return m.scope.defs[name]
	}
	return nil
}

// path is the qualified name of a definition where it stands, builtins with their module.
func (d *def) path() string {
	if d.in.class != nil {
		return d.in.class.path() + "." + d.name
	}
	return d.in.mod.name + "." + d.name
}

// name is the name that users know a definition by.
func (w *world) name(d *def) string {
	if d.in.class != nil {
		return w.name(d.in.class) + "." + d.name
	}
	if home, ok := w.homes[d]; ok {
		return home
	}
	if d.in.mod.name == "builtins" {
		return d.name
	}
	return d.path()
}

// called is the name that users know a target by.
func (w *world) called(t target) string {
	switch {
	case t.mod != nil:
		if home := moduleHomes[t.mod.name]; home != "" {
			return home
		}
		return t.mod.name
	case t.def != nil:
		return w.name(t.def)
	case t.ext != nil:
		return t.ext.Name
	}
	return ""
}
