package query

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Value is what an expression gives, where it stands; or a constant, or an argument that is not there.
type Value struct {
	file   *File
	e      syntax.Expr // nil for constants and what is not there
	at     syntax.Node // where it is used
	fixed  ir.Const
	absent bool
	open   bool        // nobody knows whether it is there
	alts   []*Value    // it is one of these
	added  syntax.Expr // what was or-ed to it: x |= added
	where  *place      // the object that it is, for what is not in the source

	depth int // of functions that were looked into

	list     []syntax.Expr // what it may be
	complete bool
	looked   bool
}

func (v *Value) place() syntax.Node {
	switch {
	case v.e != nil:
		return v.e
	case len(v.alts) > 0:
		return v.alts[0].place()
	}
	return v.at
}

// thereFact is whether it is given, which of several possible values may hold of some.
func (v *Value) thereFact() Fact {
	switch {
	case v.alts != nil:
		return all(len(v.alts), true, func(i int) Fact { return v.alts[i].thereFact() })
	case v.added != nil:
		return Yes
	case v.open:
		return Unknown
	}
	return factOf(!v.absent)
}

func valueOf(v ref.Val) *Value {
	if o, ok := v.(*object); ok {
		if val, ok := o.x.(*Value); ok {
			return val
		}
	}
	return &Value{absent: true, open: true}
}

func valueVal(v *Value) ref.Val { return &object{valueT, v} }

func valueList(list []*Value) ref.Val {
	out := make([]ref.Val, len(list))
	for i, v := range list {
		out[i] = valueVal(v)
	}
	return types.NewRefValList(types.DefaultTypeAdapter, out)
}

// or is the value, or what it is when it is not given.
func (v *Value) or(d ref.Val) *Value {
	c, ok := constOf(d)
	if !ok {
		return v
	}
	if v.alts != nil {
		w := *v
		w.alts = make([]*Value, len(v.alts))
		for i, a := range v.alts {
			w.alts[i] = a.or(d)
		}
		return &w
	}
	if !v.absent || v.open {
		return v
	}
	return &Value{file: v.file, at: v.at, fixed: c}
}

// possible are the expressions that the value may be.
func (v *Value) possible() ([]syntax.Expr, bool) {
	if !v.looked {
		v.looked = true
		if v.e != nil {
			v.list, v.complete = v.file.m.Possible(v.e)
		}
	}
	return v.list, v.complete
}

// each asks about all that the value may be. What is not there is nothing of all that may be asked.
func (v *Value) each(constant func(ir.Const) bool, other func(syntax.Expr) Fact) Fact {
	switch {
	case v.alts != nil:
		return all(len(v.alts), true, func(i int) Fact { return v.alts[i].each(constant, other) })
	case v.open:
		return Unknown
	case v.absent:
		return No
	case v.fixed.IsValid():
		return factOf(constant(v.fixed))
	}
	if c, ok := v.file.m.Const(v.e); ok {
		return factOf(constant(c))
	}
	list, complete := v.possible()
	return all(len(list), complete, func(i int) Fact {
		if c, ok := v.file.m.Const(list[i]); ok {
			return factOf(constant(c))
		}
		return other(list[i])
	})
}

// constants are the constants one of which the value is.
func (v *Value) constants() (out []ir.Const, ok bool) {
	switch {
	case v.alts != nil:
		for _, a := range v.alts {
			list, ok := a.constants()
			if !ok {
				return nil, false
			}
			for _, c := range list {
				if !slices.ContainsFunc(out, c.Equal) {
					out = append(out, c)
				}
			}
		}
		return out, true
	case v.absent:
		return nil, false
	case v.fixed.IsValid():
		return []ir.Const{v.fixed}, true
	}
	if c, ok := v.file.m.Const(v.e); ok {
		return []ir.Const{c}, true
	}
	list, complete := v.possible()
	if !complete || len(list) == 0 {
		return nil, false
	}
	for _, e := range list {
		c, ok := v.file.m.Const(e)
		if !ok {
			return nil, false
		}
		if !slices.ContainsFunc(out, c.Equal) {
			out = append(out, c)
		}
	}
	return out, true
}

// constant is the one constant that the value is.
func (v *Value) constant() (ir.Const, bool) {
	list, ok := v.constants()
	if !ok || len(list) != 1 {
		return ir.Const{}, false
	}
	return list[0], true
}

// made reports whether an expression makes a thing of its own, which is neither None, True nor False.
func made(m *program.Module, e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Lambda, *syntax.Dict, *syntax.List, *syntax.Tuple, *syntax.Set, *syntax.Comp, *syntax.FString, *syntax.Str, *syntax.Num:
		return true
	case *syntax.Call:
		for q := range calleesOf(m, e) {
			if program.IsClass(q) && q != "bool" {
				return true
			}
		}
	case *syntax.Name:
		return m.FunctionOf(e) != nil
	}
	return false
}

func calleesOf(m *program.Module, c *syntax.Call) func(func(string) bool) {
	return func(yield func(string) bool) { m.EachCallee(c.Func, yield) }
}

// never is the answer about an expression that is no constant, for what only None, True or False are.
func (v *Value) never(class string) func(syntax.Expr) Fact {
	return func(e syntax.Expr) Fact {
		if made(v.file.m, e) {
			return No
		}
		// A type that is known by an annotation or a library may still be None: only of bools it is asked whether they are one.
		if t := v.file.m.TypeOf(e); t != "" && class == "bool" && t != "bool" && t != "int" {
			return No
		}
		return Unknown
	}
}

// truth is whether an expression that is no constant counts as true.
func truth(e syntax.Expr) (value, known bool) {
	sure := func(list []syntax.Expr) (bool, bool) {
		for _, x := range list {
			if _, star := x.(*syntax.Starred); !star {
				return true, true
			}
		}
		return false, len(list) == 0
	}
	switch e := e.(type) {
	case *syntax.Lambda:
		return true, true
	case *syntax.List:
		return sure(e.Elts)
	case *syntax.Tuple:
		return sure(e.Elts)
	case *syntax.Set:
		return sure(e.Elts)
	case *syntax.Dict:
		for _, k := range e.Keys {
			if k != nil {
				return true, true
			}
		}
		return false, len(e.Keys) == 0
	case *syntax.FString:
		for _, p := range e.Parts {
			if s, ok := p.(*syntax.Str); ok && s.Value != "" {
				return true, true
			}
		}
	}
	return false, false
}

func (v *Value) truthy(want bool) Fact {
	return v.each(func(c ir.Const) bool { return c.Truth() == want }, func(e syntax.Expr) Fact {
		if t, known := truth(e); known {
			return factOf(t == want)
		}
		return Unknown
	})
}

// named is whether what the value is has a name.
func (v *Value) named(patterns ...string) Fact {
	switch {
	case v.alts != nil:
		return all(len(v.alts), true, func(i int) Fact { return v.alts[i].named(patterns...) })
	case v.open:
		return Unknown
	case v.absent || v.fixed.IsValid():
		return No
	}
	list, complete := v.possible()
	return all(len(list), complete, func(i int) Fact {
		yes, other := false, false
		v.file.m.EachQualified(list[i], func(q string) bool {
			yes = matchesAny(patterns, q) || matchesAny(patterns, program.Canonical(q))
			other = other || program.Known(q) || slices.ContainsFunc(patterns, func(p string) bool { return parent(p) == parent(q) })
			return !yes
		})
		switch {
		case yes:
			return Yes
		case other: // something else, and not a variable that may hold it
			return No
		}
		if _, ok := v.file.m.Const(list[i]); ok || made(v.file.m, list[i]) {
			return No
		}
		return Unknown
	})
}

// madeBy is whether the value is what a call of a name gives.
func (v *Value) madeBy(patterns ...string) Fact {
	return v.each(func(ir.Const) bool { return false }, func(e syntax.Expr) Fact {
		if a, ok := e.(*syntax.Await); ok {
			e = a.X
		}
		c, ok := e.(*syntax.Call)
		if !ok {
			if made(v.file.m, e) {
				return No
			}
			return Unknown
		}
		fact := (&Call{file: v.file, node: c, fn: c.Func, args: c.Args}).isNamed(patterns...)
		if fact == No && !v.file.harmless(c) { // a function of the project may give what another one gave it
			if d, ok := v.file.m.Defined(c.Func).(*syntax.FunctionDef); ok && v.depth < maxUnpack {
				return (&definition{v.file, d}).always(func(w *Value) Fact {
					w.depth = v.depth + 1
					return w.madeBy(patterns...)
				})
			}
			return Unknown
		}
		return fact
	})
}

// isA is whether the value is an instance of a class or of one that inherits from it.
func (v *Value) isA(class string) Fact {
	return v.each(func(c ir.Const) bool { return v.file.m.Is(c.Type(), class) }, func(e syntax.Expr) Fact {
		t := v.file.m.TypeOf(e)
		switch {
		case t == "":
			return Unknown
		case v.file.m.Is(t, class):
			return Yes
		}
		return No
	})
}

// same is whether two values are one.
func same(a, b *Value) Fact {
	if a.open || b.open {
		return Unknown
	}
	if a.absent || b.absent {
		return No
	}
	if x, ok := a.constant(); ok {
		if y, ok := b.constant(); ok {
			return factOf(x.Equal(y))
		}
	}
	if a.e == nil || b.e == nil {
		return Unknown
	}
	if x, y := ssa(a), ssa(b); x != 0 && x == y && a.file.m.Unit().Enclosing(a.e) == b.file.m.Unit().Enclosing(b.e) {
		return Yes
	}
	if f, g := a.file.flow(a.e), a.file.flow(b.e); f != nil && f == g { // self.key, twice
		x, y := f.handle(ssa(a)), f.handle(ssa(b))
		if x.valid() && x == y && x.path != "" && (x.root == 0 || f.f.Instrs[x.root].Op == ir.ParamOp) {
			return Yes
		}
	}
	p, _ := a.possible()
	q, _ := b.possible()
	if len(p) == 1 && len(q) == 1 && p[0] == q[0] {
		return Yes // one definition
	}
	return Unknown
}

// ssa is the value of an expression in its function, refinements taken off.
func ssa(v *Value) ir.Value {
	f := v.file.m.Unit().Enclosing(v.e)
	if f == nil {
		return 0
	}
	return f.Source(f.ValueOf(v.e))
}

// constVal is a constant as CEL has it.
func constVal(c ir.Const) ref.Val {
	switch c.Kind() {
	case ir.None:
		return types.NullValue
	case ir.Bool:
		b, _ := c.Bool()
		return types.Bool(b)
	case ir.Int:
		if i, ok := c.Int64(); ok {
			return types.Int(i)
		}
		if b, ok := c.BigInt(); ok {
			f, _ := b.Float64()
			return types.Double(f)
		}
	case ir.Float:
		f, _ := c.Float64()
		return types.Double(f)
	case ir.Str:
		s, _ := c.Str()
		return types.String(s)
	case ir.Bytes:
		s, _ := c.Bytes()
		return types.Bytes(s)
	case ir.Tuple, ir.List:
		out := make([]ref.Val, len(c.Elems()))
		for i, x := range c.Elems() {
			out[i] = constVal(x)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, out)
	case ir.Dict:
		out := make(map[ref.Val]ref.Val, len(c.Elems()))
		for i, k := range c.Elems() {
			switch key := constVal(k).(type) {
			case types.String, types.Int, types.Bool:
				out[key] = constVal(c.Values()[i])
			default:
				return unknown
			}
		}
		return types.NewRefValMap(types.DefaultTypeAdapter, out)
	}
	return unknown
}

// constOf is a value of CEL as a constant.
func constOf(v ref.Val) (ir.Const, bool) {
	switch v := v.(type) {
	case types.Null:
		return ir.NoneConst(), true
	case types.Bool:
		return ir.BoolConst(bool(v)), true
	case types.Int:
		return ir.IntConst(int64(v)), true
	case types.Double:
		return ir.FloatConst(float64(v)), true
	case types.String:
		return ir.StrConst(string(v)), true
	case types.Bytes:
		return ir.BytesConst(string(v)), true
	}
	return ir.Const{}, false
}

// absentVal is what `.value` is of something that is not there: it equals nothing.
type absentVal struct{ types.Null }

func (absentVal) Equal(ref.Val) ref.Val { return types.False }

// textOfConst is the text of a str or bytes.
func textOfConst(c ir.Const) (string, bool) {
	if s, ok := c.Str(); ok {
		return s, true
	}
	return c.Bytes()
}

// prefix is what a text surely begins with.
func prefix(m *program.Module, e syntax.Expr, depth int) string {
	if depth > 8 {
		return ""
	}
	if c, ok := m.Const(e); ok {
		s, _ := textOfConst(c)
		return s
	}
	switch e := e.(type) {
	case *syntax.FString:
		out := ""
		for _, p := range e.Parts {
			if s, ok := p.(*syntax.Str); ok {
				out += s.Value
				continue
			}
			x := p.(*syntax.Interp)
			c, ok := m.Const(x.X)
			s, isText := c.Str()
			if !ok || !isText || x.Spec != nil || x.Conversion != 0 {
				return out
			}
			out += s
		}
		return out
	case *syntax.BinOp:
		if e.Op == syntax.Mod {
			s := prefix(m, e.X, depth+1)
			if i := strings.IndexByte(s, '%'); i >= 0 {
				s = s[:i]
			}
			return s
		}
		if e.Op == syntax.Add {
			return prefix(m, e.X, depth+1)
		}
	case *syntax.Call:
		if a, ok := e.Func.(*syntax.Attribute); ok && a.Name == "format" {
			s := prefix(m, a.X, depth+1)
			if i := strings.IndexByte(s, '{'); i >= 0 {
				s = s[:i]
			}
			return s
		}
	case *syntax.Name:
		if list, complete := m.Possible(e); complete && len(list) == 1 && list[0] != syntax.Expr(e) {
			return prefix(m, list[0], depth+1)
		}
	}
	return ""
}

func kindOf(e syntax.Expr) string {
	switch e.(type) {
	case *syntax.Str, *syntax.Num, *syntax.Const:
		return "literal"
	case *syntax.FString:
		return "f-string"
	case *syntax.Name:
		return "name"
	case *syntax.Attribute:
		return "attribute"
	case *syntax.Call:
		return "call"
	case *syntax.Lambda:
		return "lambda"
	case *syntax.Dict:
		return "dict"
	case *syntax.List:
		return "list"
	case *syntax.Tuple:
		return "tuple"
	case *syntax.Set:
		return "set"
	case *syntax.Comp:
		return "comprehension"
	case *syntax.Subscript:
		return "subscript"
	case *syntax.BinOp, *syntax.BoolOp, *syntax.UnaryOp, *syntax.Compare, *syntax.Cond:
		return "operation"
	}
	return "other"
}

func valueMembers() (string, []Member) {
	val := func(x any) *Value { return x.(*Value) }
	name := Param{Name: "name", Type: "string"}
	fact := func(f func(v *Value) Fact) func(any, []ref.Val) ref.Val {
		return func(x any, _ []ref.Val) ref.Val { return f(val(x)).val() }
	}
	isBool := func(want bool) func(any, []ref.Val) ref.Val {
		return fact(func(v *Value) Fact {
			return v.each(func(c ir.Const) bool { b, ok := c.Bool(); return ok && b == want }, v.never("bool"))
		})
	}
	return "What an argument, an attribute or a receiver is. What is not given is none of all that can be asked, but `missing`.", []Member{
		{Name: "is_true", Result: "bool", Doc: "Whether it is `True`.", Example: `call.arg("shell").is_true`, get: isBool(true)},
		{Name: "is_false", Result: "bool", Doc: "Whether it is `False`.", Example: `call.arg("verify").is_false`, get: isBool(false)},
		{Name: "is_none", Result: "bool", Doc: "Whether it is `None`.", Example: `call.arg("timeout").default(null).is_none`, get: fact(func(v *Value) Fact {
			return v.each(ir.Const.IsNone, v.never("None"))
		})},
		{Name: "falsy", Result: "bool", Doc: "Whether it counts as false: `False`, `None`, 0, an empty text or container.", Example: `call.arg("verify").default(true).falsy`,
			get: fact(func(v *Value) Fact { return v.truthy(false) })},
		{Name: "truthy", Result: "bool", Doc: "Whether it counts as true.", Example: `call.arg("debug").truthy`, get: fact(func(v *Value) Fact { return v.truthy(true) })},
		{Name: "given", Result: "bool", Doc: "Whether it is there.", Example: `call.arg("timeout").given`, get: fact((*Value).thereFact)},
		{Name: "missing", Result: "bool", Doc: "Whether it is not there.", Example: `call.arg("filter").missing`,
			get: fact(func(v *Value) Fact { return v.thereFact().not() })},
		{Name: "default", Method: true, Params: []Param{{Name: "constant", Type: "any"}}, Result: "Value", Doc: "It, or this constant where it is not given: what the library takes then.",
			Example: `call.arg("verify").default(true).falsy`, get: func(x any, a []ref.Val) ref.Val { return valueVal(val(x).or(a[0])) }},
		{Name: "is_known", Result: "bool", Doc: "Whether it is one constant. This itself is never unknown.", Example: `call.arg("password").is_known`, get: fact(func(v *Value) Fact {
			_, ok := v.constant()
			return factOf(ok)
		})},
		{Name: "value", Result: "any", Doc: "The constant that it is: a bool, int, double, string, bytes, list, map or null. Of what is not given it equals nothing.",
			Example: `call.arg("mode").value == 0`, get: func(x any, _ []ref.Val) ref.Val {
				v := val(x)
				if v.absent && !v.open {
					return absentVal{}
				}
				if c, ok := v.constant(); ok {
					return constVal(c)
				}
				return unknown
			}},
		{Name: "values", Result: "list of any", Doc: "The constants one of which it is, where several definitions reach it and all are known.",
			Example: `call.arg(0).values.exists(v, v == "md5")`, get: func(x any, _ []ref.Val) ref.Val {
				v := val(x)
				list, ok := v.constants()
				if !ok && !(v.absent && !v.open) {
					return unknown
				}
				out := make([]ref.Val, len(list))
				for i, c := range list {
					out[i] = constVal(c)
				}
				return types.NewRefValList(types.DefaultTypeAdapter, out)
			}},
		{Name: "may_be", Method: true, Params: []Param{{Name: "constant", Type: "any"}}, Result: "bool", Doc: "Whether one of the definitions that reach it is this constant, whatever the others are.",
			Example: `call.arg("verify").may_be(false)`, get: func(x any, a []ref.Val) ref.Val {
				v := val(x)
				want, ok := constOf(a[0])
				if !ok {
					return types.NewErr("may_be takes a constant")
				}
				if v.e == nil {
					return v.each(want.Equal, nil).val()
				}
				list, complete := v.possible()
				sure := complete
				for _, e := range list {
					c, ok := v.file.m.Const(e)
					if ok && c.Equal(want) {
						return types.True
					}
					sure = sure && ok
				}
				if sure {
					return types.False
				}
				return unknown
			}},
		{Name: "string", Result: "string", Doc: "The text that it is (of bytes, too). Asked of a constant that is no text, nothing holds.", Example: `call.arg(0).string.startsWith("http://")`,
			get: func(x any, _ []ref.Val) ref.Val { return val(x).text() }},
		{Name: "lower", Result: "string", Doc: "The text that it is, in small letters.", Example: `call.arg(0).lower in ["md5", "sha1"]`, get: func(x any, _ []ref.Val) ref.Val {
			s := val(x).text()
			if t, ok := s.(types.String); ok {
				return types.String(strings.ToLower(string(t)))
			}
			return s
		}},
		{Name: "int", Result: "int", Doc: "The whole number that it is. Asked of a constant that is none, nothing holds.", Example: `call.arg("key_size").int < 2048`, get: func(x any, _ []ref.Val) ref.Val {
			v := val(x)
			c, ok := v.constant()
			if !ok {
				if v.absent && !v.open {
					return types.NewErr("is not given")
				}
				return unknown
			}
			if i, ok := c.Int64(); ok && c.Kind() == ir.Int {
				return types.Int(i)
			}
			return types.NewErr("is no number")
		}},
		{Name: "prefix", Result: "string", Doc: "What a text surely begins with, where only its beginning is constant: of f-strings, `+`, `%` and `format`. It may be empty; it is never unknown.",
			Example: `call.arg(0).prefix.startsWith("http://")`, get: func(x any, _ []ref.Val) ref.Val {
				v := val(x)
				if s, ok := textOfConst(v.fixed); ok {
					return types.String(s)
				}
				if v.e == nil {
					return types.String("")
				}
				return types.String(prefix(v.file.m, v.e, 0))
			}},
		{Name: "type", Result: "string", Doc: "The class of which it is an instance: by literal, constructor, annotation, `with`, known calls, what the class keeps in `self`.",
			Example: `call.receiver.type == "sqlite3.Cursor"`, get: func(x any, _ []ref.Val) ref.Val {
				v := val(x)
				if c, ok := v.constant(); ok {
					return types.String(c.Type())
				}
				if v.e != nil {
					if t := v.file.m.TypeOf(v.e); t != "" {
						return types.String(t)
					}
				}
				return unknown
			}},
		{Name: "is_a", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it is an instance of a class, or of one that inherits from it.",
			Example: `call.receiver.is_a("ssl.SSLContext")`, get: func(x any, a []ref.Val) ref.Val { return val(x).isA(textOf(a[0])).val() }},
		{Name: "is", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it is what has this full name, by any alias: a constant of a library, a function, a class. The last part may be `*`.",
			Example: `call.arg("cert_reqs").is("ssl.CERT_NONE")`, get: func(x any, a []ref.Val) ref.Val { return val(x).named(textOf(a[0])).val() }},
		{Name: "made_by", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it is what a call of this name gives.",
			Example: `call.arg("iv").made_by("os.urandom")`, get: func(x any, a []ref.Val) ref.Val { return val(x).madeBy(textOf(a[0])).val() }},
		{Name: "call", Result: "Call", Doc: "The call that gives it, where there is one.", Example: `call.arg(0).call.arg("name").string == "md5"`, get: func(x any, _ []ref.Val) ref.Val {
			v := val(x)
			list, complete := v.possible()
			if complete && len(list) == 1 {
				e := list[0]
				if a, ok := e.(*syntax.Await); ok {
					e = a.X
				}
				if c, ok := e.(*syntax.Call); ok {
					return newCall(v.file, c, nil)
				}
			}
			return unknown
		}},
		{Name: "function", Result: "Function", Doc: "The function or lambda of this file that it is.", Example: `call.arg("callback").function.always_true`, get: func(x any, _ []ref.Val) ref.Val {
			v := val(x)
			list, complete := v.possible()
			if complete && len(list) == 1 {
				if n := v.file.m.FunctionOf(list[0]); n != nil {
					return functionVal(v.file, n)
				}
			}
			return unknown
		}},
		{Name: "from_parameter", Result: "bool", Doc: "Whether it is a parameter of the function around it: whoever calls that decides.", Example: `!call.arg(0).from_parameter`, get: fact(func(v *Value) Fact {
			list, complete := v.possible()
			if v.e == nil {
				return No
			}
			if complete && len(list) == 1 {
				return factOf(v.file.m.IsParameter(list[0]))
			}
			return factOf(v.file.m.IsParameter(v.e))
		})},
		{Name: "from_outside", Result: "bool", Doc: "Whether it, or a part that it is put together from, is seen to come from outside in this very function: from a request, `input`, `sys.argv`, the environment, a socket, or a parameter that a route fills with text. What went through a function that nobody knows does not count; it is never unknown.",
			Example: `call.arg(0).from_outside`, get: func(x any, _ []ref.Val) ref.Val { return types.Bool(val(x).outside()) }},
		{Name: "parts", Result: "list of Value", Doc: "What a text is put together from: by `+`, `%`, f-strings, `format`, `join`, and what is hung on to a variable or put into a list on the way; names are followed to what they were given. Numbers are left out. It is never unknown.",
			Example: `call.arg(0).parts.exists(p, !p.is_known)`, get: func(x any, _ []ref.Val) ref.Val { return val(x).parts() }},
		{Name: "kind", Result: "string", Doc: "What it is written as: literal, f-string, name, attribute, call, lambda, dict, list, tuple, set, comprehension, subscript, operation, other; empty when it is not there.",
			Example: `call.arg(0).kind == "f-string"`, get: func(x any, _ []ref.Val) ref.Val {
				v := val(x)
				if v.e == nil {
					if v.fixed.IsValid() {
						return types.String("literal")
					}
					return types.String("")
				}
				return types.String(kindOf(v.e))
			}},
		{Name: "items", Result: "list of Value", Doc: "The elements of a list, tuple or set that is written out.", Example: `call.arg("algorithms").items.exists(a, a.string == "none")`, get: func(x any, _ []ref.Val) ref.Val { return val(x).items() }},
		{Name: "item", Method: true, Params: []Param{{Name: "key", Type: "string"}}, Result: "Value", Doc: "What a dict has for a key: as it is written out, unpacked, and changed until here by assignment, `update`, `pop`, `del`.",
			Example: `call.arg("options").item("verify_signature").is_false`, get: func(x any, a []ref.Val) ref.Val { return valueVal(val(x).item(textOf(a[0]))) }},
		{Name: "attr", Method: true, Params: []Param{name}, Result: "Value",
			Doc:     "What an attribute of the object was set to, on the way from where it is made to here: by assignment or `setattr`, in this function, or where it is kept in `self`, in a variable of the module or of an outer function. Not given where nothing sets it; unknown where the object comes from elsewhere, or was handed to a function that may set it.",
			Example: `call.arg("context").attr("verify_mode").is("ssl.CERT_NONE")`, get: func(x any, a []ref.Val) ref.Val { return valueVal(val(x).attr(textOf(a[0]))) }},
		{Name: "called", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether a method of the object was called, on every way from where it is made to here.",
			Example: `call.receiver.called("starttls")`, get: func(x any, a []ref.Val) ref.Val { return val(x).called(textOf(a[0])).val() }},
		flagMember(`call.arg("context")`, val),
		{Name: "calls", Method: true, Params: []Param{name}, Result: "list of Call", Doc: "The calls of a method of the object on the ways from where it is made to here.",
			Example: `call.receiver.calls("setFeature").exists(c, c.arg(1).is_true)`, get: func(x any, a []ref.Val) ref.Val { return val(x).callsOf(textOf(a[0])) }},
		{Name: "data", Result: "any", Doc: "A list, dict or text as far as it is known: what is not known of it is unknown only where it is asked for. What `json.dumps` is given counts, too. For documents, such as `iam` reads.",
			Example: `"admin" in iam(call.arg("PolicyDocument").data)`, get: func(x any, _ []ref.Val) ref.Val { return val(x).data(0) }},
		{Name: "text", Result: "string", Doc: "It as it is written; empty when it is not there.", Example: `call.arg(0).text == "request"`, get: func(x any, _ []ref.Val) ref.Val {
			v := val(x)
			switch {
			case v.e != nil:
				return types.String(v.file.m.File.Slice(v.e.Span()))
			case v.fixed.IsValid():
				return types.String(v.fixed.String())
			}
			return types.String("")
		}},
	}
}

// text is the text that the value is known to be.
func (v *Value) text() ref.Val {
	c, ok := v.constant()
	switch {
	case ok:
		if s, ok := textOfConst(c); ok {
			return types.String(s)
		}
		return types.NewErr("is no text")
	case v.absent && !v.open:
		return types.NewErr("is not given")
	}
	return unknown
}

func (v *Value) items() ref.Val {
	if c, ok := v.constant(); ok {
		if k := c.Kind(); k != ir.List && k != ir.Tuple {
			return types.NewErr("is no list")
		}
		out := make([]*Value, len(c.Elems()))
		for i, x := range c.Elems() {
			out[i] = &Value{file: v.file, at: v.place(), fixed: x}
		}
		return valueList(out)
	}
	list, complete := v.possible()
	if !complete || len(list) != 1 {
		return unknown
	}
	if list[0] != v.e {
		if d, ok := unchanged(v.file.m, v.e); !ok || d != list[0] {
			return unknown
		}
	}
	var elts []syntax.Expr
	switch e := list[0].(type) {
	case *syntax.List:
		elts = e.Elts
	case *syntax.Tuple:
		elts = e.Elts
	case *syntax.Set:
		elts = e.Elts
	default:
		return unknown
	}
	out := make([]*Value, len(elts))
	for i, e := range elts {
		if _, star := e.(*syntax.Starred); star {
			return unknown
		}
		out[i] = &Value{file: v.file, e: e, at: v.at}
	}
	return valueList(out)
}

// location is where the object that the value is can be looked for.
func (v *Value) location() *place {
	if v.where == nil {
		v.where = &place{}
		if v.e != nil && v.at != nil {
			if fl := v.file.flow(v.e); fl != nil {
				at := v.at
				if fl.f.ValueOf(at) == 0 || v.file.flow(at) != fl {
					at = v.e
				}
				var steps, values []ir.Value
				fl.f.EachOf(at, func(x ir.Value) { steps = append(steps, x) })
				fl.f.EachOf(v.e, func(x ir.Value) { values = append(values, x) })
				for i, x := range values {
					if i >= len(steps) {
						break
					}
					p := place{fl: fl, at: steps[i], h: fl.handle(x), past: at == syntax.Node(v.e)}
					if i == 0 {
						v.where = &p
					} else {
						v.where.also = append(v.where.also, p)
					}
				}
			}
		}
	}
	return v.where
}

// attr is what an attribute of the object was set to until here.
func (v *Value) attr(name string) *Value {
	if v.absent && !v.open {
		return v
	}
	p := v.location()
	s := p.before(ask{what: 'a', name: name}, 0)
	return v.outcome(s, p.part("."+name), nil)
}

// outcome is a value of a state. other gives what the object has from where it is made.
func (v *Value) outcome(s state, part *place, other func(made syntax.Expr) *Value) *Value {
	list := s.values
	missing := &Value{file: v.file, at: v.place(), absent: true, where: part}
	if s.removed {
		list = append(slices.Clip(list), missing)
	}
	if s.unset {
		if other == nil || len(s.made) == 0 {
			list = append(slices.Clip(list), missing)
		} else {
			for _, e := range s.made {
				x := missing
				if e != nil {
					if y := other(e); !(y.absent && !y.open) {
						x = y
					}
				}
				list = append(slices.Clip(list), x)
			}
		}
	}
	if s.open || len(list) == 0 {
		list = append(slices.Clip(list), &Value{file: v.file, at: v.place(), absent: true, open: true, where: part})
	}
	if len(list) == 1 {
		return list[0]
	}
	return &Value{file: v.file, at: v.place(), alts: list, where: part}
}

// called is whether a method of the object was called on every way that leads here.
func (v *Value) called(method string) Fact {
	if v.absent && !v.open {
		return No
	}
	return calledOf(v.location().before(ask{what: 'm', name: method}, 0))
}

// flag is whether a flag of an attribute was set on every way that leads here.
func (v *Value) flag(attr, name string) Fact {
	if v.absent && !v.open {
		return No
	}
	return calledOf(v.location().before(ask{what: 'f', name: attr, flag: name}, 0))
}

// callsOf are the calls of a method of the object on the ways that lead here.
func (v *Value) callsOf(method string) ref.Val {
	var out []ref.Val
	if !v.absent || v.open {
		s := v.location().before(ask{what: 'c', name: method}, 0)
		if s.open {
			return unknown
		}
		slices.SortFunc(s.calls, func(a, b *syntax.Call) int { return int(a.Span().Start) - int(b.Span().Start) })
		for _, c := range s.calls {
			out = append(out, newCall(v.file, c, nil))
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, out)
}

// flagMember asks for a flag of something.
func flagMember(of string, value func(x any) *Value) Member {
	return Member{Name: "flag", Method: true, Params: []Param{{Name: "attribute", Type: "string"}, {Name: "flag", Type: "string"}}, Result: "bool",
		Doc:     "Whether a flag was set in an attribute, by `|=` or `=`, and not taken out again by `&= ~`, on every way until then. Where nothing sets it, it is not set, whatever the attribute is at first.",
		Example: "!" + of + `.flag("options", "ssl.OP_NO_TLSv1")`,
		get:     func(x any, a []ref.Val) ref.Val { return value(x).flag(textOf(a[0]), textOf(a[1])).val() }}
}

func calledOf(s state) Fact {
	switch {
	case s.open || s.called && (s.unset || s.removed):
		return Unknown
	case s.called:
		return Yes
	case s.unset || s.removed:
		return No
	}
	return Unknown
}

// item is what a mapping has for a key.
func (v *Value) item(key string) *Value {
	switch {
	case v.alts != nil:
		w := &Value{file: v.file, at: v.at}
		for _, a := range v.alts {
			w.alts = append(w.alts, a.item(key))
		}
		return w
	case v.fixed.IsValid():
		if c, ok := v.fixed.Get(key); ok {
			return &Value{file: v.file, at: v.at, fixed: c}
		}
		return &Value{file: v.file, at: v.at, absent: true}
	case v.e == nil && (v.where == nil || !v.where.h.valid() && v.where.of == nil):
		return v
	}
	p := v.location()
	s := p.before(ask{what: 'i', name: key}, 0)
	out := v.outcome(s, p.part("["+key+"]"), func(made syntax.Expr) *Value { return v.file.displayItem(made, key) })
	if out.open && v.e != nil && (p.fl == nil || !p.fl.fresh(p.h)) {
		if c, ok := v.file.m.Const(v.e); ok { // of another module, or a class
			if x, ok := c.Get(key); ok {
				return &Value{file: v.file, at: v.e, fixed: x}
			}
			if c.Kind() == ir.Dict {
				return &Value{file: v.file, at: v.e, absent: true}
			}
		}
	}
	return out
}

// displayItem is what a dict has for a key when it is made.
func (fi *File) displayItem(e syntax.Expr, key string) *Value {
	open := &Value{file: fi, at: e, absent: true, open: true}
	fi.unpacks++
	defer func() { fi.unpacks-- }()
	if fi.unpacks > maxUnpack {
		return open
	}
	switch d := e.(type) {
	case *syntax.Dict:
		sure := true
		for i := len(d.Keys) - 1; i >= 0; i-- { // the last counts
			k := d.Keys[i]
			if k == nil {
				x := (&Value{file: fi, e: d.Values[i], at: d}).item(key)
				if x.thereFact() != No {
					return x
				}
				continue
			}
			c, ok := fi.m.Const(k)
			if s, isText := c.Str(); ok && isText && s == key {
				return &Value{file: fi, e: d.Values[i], at: d}
			}
			sure = sure && ok
		}
		return &Value{file: fi, at: e, absent: true, open: !sure}
	case *syntax.Call:
		if fi.m.Qualified(d.Func) == "dict" {
			return fi.dictItem(d, key)
		}
		return open
	}
	return open
}

// dictItem is what dict(…), or update(…), takes for a key.
func (fi *File) dictItem(d *syntax.Call, key string) *Value {
	for i := len(d.Args) - 1; i >= 0; i-- {
		var x *Value
		switch a := d.Args[i].(type) {
		case *syntax.Keyword:
			if a.Name == key {
				return &Value{file: fi, e: a.Value, at: d}
			}
			if a.Name != "" {
				continue
			}
			x = (&Value{file: fi, e: a.Value, at: d}).item(key)
		case *syntax.Starred:
			return &Value{file: fi, at: d, absent: true, open: true}
		default:
			x = (&Value{file: fi, e: a, at: d}).item(key)
		}
		if x.thereFact() != No {
			return x
		}
	}
	return &Value{file: fi, at: d, absent: true}
}

// parent is a dotted name without its last part.
func parent(q string) string { return q[:max(strings.LastIndexByte(q, '.'), 0)] }

// maxData bounds how deep a document is unfolded.
const maxData = 24

// data is the value as far as it is known, its parts unknown where they are not.
func (v *Value) data(depth int) ref.Val {
	if c, ok := v.constant(); ok {
		return constVal(c)
	}
	list, complete := v.possible()
	if depth > maxData || !complete || len(list) != 1 {
		return unknown
	}
	e := list[0]
	if e != v.e {
		if d, ok := unchanged(v.file.m, v.e); !ok || d != e {
			return unknown
		}
	}
	part := func(e syntax.Expr) ref.Val { return (&Value{file: v.file, e: e, at: e}).data(depth + 1) }
	all := func(elts []syntax.Expr) ref.Val {
		out := make([]ref.Val, len(elts))
		for i, x := range elts {
			if _, star := x.(*syntax.Starred); star {
				return unknown
			}
			out[i] = part(x)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, out)
	}
	switch e := e.(type) {
	case *syntax.List:
		return all(e.Elts)
	case *syntax.Tuple:
		return all(e.Elts)
	case *syntax.Set:
		return all(e.Elts)
	case *syntax.Dict:
		out := map[ref.Val]ref.Val{}
		for i, k := range e.Keys {
			if k == nil {
				return unknown
			}
			c, ok := v.file.m.Const(k)
			s, isText := c.Str()
			if !ok || !isText {
				return unknown
			}
			out[types.String(s)] = part(e.Values[i])
		}
		return types.NewRefValMap(types.DefaultTypeAdapter, out)
	case *syntax.Call:
		if len(e.Args) == 0 || v.file.m.Qualified(e.Func) != "json.dumps" {
			return unknown
		}
		if _, plain := e.Args[0].(*syntax.Keyword); plain {
			return unknown
		}
		return part(e.Args[0])
	}
	return unknown
}
