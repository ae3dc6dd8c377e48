package compile

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// add enters a definition into a scope.
func (r *rowReader) add(sc *scope, name string, d *def) *def {
	d.name, d.in = name, sc
	sc.defs[name] = d
	if sc.shared != nil {
		sc.shared.order = append(sc.shared.order, name)
	} else {
		sc.order = append(sc.order, name)
	}
	return d
}

// row enters one row: a class, a function, a variable, another name.
func (r *rowReader) row(sc *scope, name, q string, k, v *yaml.Node) {
	if v.Kind != yaml.MappingNode {
		r.short(sc, name, v)
		return
	}
	var row rowFields
	r.pairs(v, func(key string, k, v *yaml.Node) {
		switch key {
		case "bases":
			row.class = true
			if v.Kind != yaml.SequenceNode {
				r.errorf(v, "bases is a list")
			} else {
				row.bases = r.texts(v)
			}
		case "members":
			row.class, row.members = true, v
		case "generic":
			row.generic = r.texts(v)
		case "meta":
			row.meta = r.text(v)
		case "dynamic":
			row.dynamic = r.yes(v)
		case "type":
			row.typ = r.text(v)
		case "call":
			row.call = r.texts(v)
		case "returns":
			row.returns = r.text(v)
		case "decorates":
			row.decorates = r.text(v)
		case "use":
			row.use = r.text(v)
		case "calls":
			row.calls = r.texts(v)
		case "registers":
			row.registers = r.yes(v)
		case "alias":
			row.alias = r.text(v)
		case "also":
			row.also = r.texts(v)
		case "iterates", "enters", "items", "awaits", "async-iterates", "async-enters":
			row.protocols = append(row.protocols, [2]string{key, r.text(v)})
		default:
			r.errorf(k, "%s is not a field of a row", key)
		}
	})
	for _, other := range row.also {
		r.alias(k, other, q)
	}
	switch {
	case row.alias != "":
		if len(v.Content) != 2 {
			r.errorf(k, "a row with an alias has nothing else")
		}
		if sc.class != nil { // a member is another name of something where it stands
			if e := r.expr(k, row.alias); e != nil {
				r.add(sc, name, &def{value: e})
				r.w.memberAliases = append(r.w.memberAliases, alias{q, row.alias})
			}
			break
		}
		r.w.aliases = append(r.w.aliases, alias{q, row.alias})
	case row.class:
		r.class(sc, name, q, k, &row)
	case row.typ != "":
		if e := r.expr(k, row.typ); e != nil {
			r.add(sc, name, &def{ann: e})
		}
	case row.call != nil || row.returns != "" || row.decorates != "":
		r.function(sc, name, k, &row)
	default:
		r.errorf(k, "the row says neither what is called, nor a type, nor a class")
	}
}

// rowFields are the fields of a row as they are written.
type rowFields struct {
	class, dynamic, registers         bool
	bases, generic, call, calls, also []string
	members                           *yaml.Node
	meta, typ, returns, alias         string
	decorates, use                    string
	protocols                         [][2]string
}

// alias makes another name of a row.
func (r *rowReader) alias(at *yaml.Node, name, to string) {
	if old := r.seen[name]; old != "" {
		r.errorf(at, "%s has a row in %s already", name, old)
		return
	}
	r.seen[name] = r.file
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		r.module(name[:dot])
	}
	r.w.aliases = append(r.w.aliases, alias{name, to})
}

// modifiers are words before a signature.
var modifiers = []struct {
	word string
	flag model.Flags
}{
	{"async ", model.Async}, {"classmethod ", model.ClassMethod}, {"staticmethod ", model.StaticMethod}, {"abstract ", model.Abstract}, {"registers ", model.Registers},
}

// short enters a row that is one text: a signature, or a type. A list is overloads.
func (r *rowReader) short(sc *scope, name string, v *yaml.Node) {
	texts := r.texts(v)
	if v.Kind == yaml.ScalarNode && !isSignature(texts[0]) {
		if e := r.expr(v, texts[0]); e != nil {
			r.add(sc, name, &def{ann: e})
		}
		return
	}
	d := &def{}
	for _, text := range texts {
		r.signature(sc, d, name, v, text)
	}
	if len(d.funcs) > 0 {
		r.add(sc, name, d)
	}
}

func isSignature(text string) bool {
	_, rest := modifier(text)
	return strings.HasPrefix(rest, "(")
}

// modifier takes the words off a signature.
func modifier(text string) (model.Flags, string) {
	var flags model.Flags
	for again := true; again; {
		again = false
		for _, m := range modifiers {
			if rest, ok := strings.CutPrefix(text, m.word); ok {
				text, again = strings.TrimSpace(rest), true
				flags |= m.flag
			}
		}
	}
	return flags, text
}

// signature adds one overload to a function.
func (r *rowReader) signature(sc *scope, d *def, name string, at *yaml.Node, text string) {
	flags, rest := modifier(text)
	d.flags |= flags
	inside, ok := strings.CutPrefix(rest, "(")
	if !ok {
		r.errorf(at, "%q is not a signature", text)
		return
	}
	if sc.class != nil && flags&model.StaticMethod == 0 {
		if strings.HasPrefix(inside, ")") {
			rest = "(self" + inside
		} else {
			rest = "(self, " + inside
		}
	}
	f := syntax.Parse(source.New("", "def "+name+rest+": ...\n"))
	if len(f.Errors) == 0 && len(f.Body) == 1 {
		if fn, ok := f.Body[0].(*syntax.FunctionDef); ok && len(fn.Body) == 1 {
			d.funcs = append(d.funcs, fn)
			return
		}
	}
	r.errorf(at, "%q is not a signature", text)
}

// anything are the parameters of a call of which only the result is told.
const anything = "(*args: Any, **kwargs: Any)"

// function enters a row that is called.
func (r *rowReader) function(sc *scope, name string, k *yaml.Node, row *rowFields) {
	d := &def{}
	call := row.call
	if row.returns != "" {
		if call != nil {
			r.errorf(k, "returns is for a row without call")
		}
		call = []string{anything + " -> " + row.returns}
	}
	if row.decorates != "" {
		call = r.decorator(k, row)
	}
	for _, text := range call {
		r.signature(sc, d, name, k, text)
	}
	if row.registers {
		d.flags |= model.Registers
	}
	for _, c := range row.calls {
		if e := r.expr(k, c); e != nil {
			d.calls = append(d.calls, e)
		}
	}
	if len(d.funcs) > 0 {
		r.add(sc, name, d)
	}
}

// decorator is what a row that decorates says, as signatures: `keeps` gives back what it is applied to, `registers` too and has it called later,
// anything else is the type of what stands in its place.
func (r *rowReader) decorator(k *yaml.Node, row *rowFields) []string {
	result := row.decorates
	switch result {
	case "keeps":
		result = decorated
	case "registers":
		result, row.registers = decorated, true
	}
	options := row.call
	if options == nil {
		options = []string{anything}
	}
	bare := "(f: " + decorated + ") -> " + result
	var out []string
	switch row.use {
	case "bare":
		return []string{bare}
	case "both":
		out = []string{bare}
	case "called", "":
	default:
		r.errorf(k, "use is bare, called or both")
	}
	for _, o := range options {
		if strings.Contains(o, "->") {
			r.errorf(k, "the call of a row that decorates says only its parameters")
		}
		out = append(out, o+" -> Callable[["+decorated+"], "+result+"]")
	}
	return out
}

// protocolMethods are the methods that a field of a class stands for.
var protocolMethods = map[string][2]string{
	"iterates":       {"__iter__", "() -> collections.abc.Iterator[%]"},
	"enters":         {"__enter__", "() -> %"},
	"items":          {"__getitem__", "(key: Any) -> %"},
	"awaits":         {"__await__", "() -> collections.abc.Generator[Any, None, %]"},
	"async-iterates": {"__aiter__", "() -> collections.abc.AsyncIterator[%]"},
	"async-enters":   {"__aenter__", "async () -> %"},
}

// class enters a class with its members.
func (r *rowReader) class(sc *scope, name, q string, k *yaml.Node, row *rowFields) {
	bases := row.bases
	if row.generic != nil {
		for _, g := range row.generic {
			n := strings.TrimPrefix(g, "**")
			if r.words.defs[n] == nil {
				r.variable(k, g, "")
			}
		}
		bases = append(bases, "Generic["+strings.ReplaceAll(strings.Join(row.generic, ", "), "**", "")+"]")
	}
	f := syntax.Parse(source.New("", "class "+name+"("+strings.Join(bases, ", ")+"): ...\n"))
	if len(f.Errors) > 0 || len(f.Body) != 1 {
		r.errorf(k, "%v are not bases", bases)
		return
	}
	d := r.add(sc, name, &def{class: f.Body[0].(*syntax.ClassDef), meta: row.meta})
	if row.dynamic {
		d.flags |= model.Dynamic
	}
	d.inner = &scope{mod: sc.mod, class: d, outer: sc, defs: map[string]*def{}}
	if row.call != nil {
		init := &def{}
		for _, text := range row.call {
			if !strings.Contains(text, "->") {
				text += " -> None"
			}
			r.signature(d.inner, init, "__init__", k, text)
		}
		r.add(d.inner, "__init__", init)
	}
	for _, p := range row.protocols {
		method := protocolMethods[p[0]]
		m := &def{}
		r.signature(d.inner, m, method[0], k, strings.Replace(method[1], "%", p[1], 1))
		r.add(d.inner, method[0], m)
	}
	if row.members != nil {
		r.pairs(row.members, func(member string, k, v *yaml.Node) {
			if d.inner.defs[member] != nil {
				r.errorf(k, "%s is said twice", member)
			}
			r.row(d.inner, member, q+"."+member, k, v)
		})
	}
	if row.returns != "" || row.typ != "" || row.decorates != "" {
		r.errorf(k, "a class has call, and neither returns, type nor decorates")
	}
}
