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
	m      *program.Module
	e      syntax.Expr // nil for constants and what is not there
	at     syntax.Node // where it is used
	fixed  ir.Const
	absent bool
	open   bool // nobody knows whether it is there

	list     []syntax.Expr // what it may be
	complete bool
	looked   bool
}

func (v *Value) place() syntax.Node {
	if v.e != nil {
		return v.e
	}
	return v.at
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
	if !v.absent || v.open {
		return v
	}
	c, ok := constOf(d)
	if !ok {
		return v
	}
	return &Value{m: v.m, at: v.at, fixed: c}
}

// possible are the expressions that the value may be.
func (v *Value) possible() ([]syntax.Expr, bool) {
	if !v.looked {
		v.looked = true
		if v.e != nil {
			v.list, v.complete = v.m.Possible(v.e)
		}
	}
	return v.list, v.complete
}

// each asks about all that the value may be. What is not there is nothing of all that may be asked.
func (v *Value) each(constant func(ir.Const) bool, other func(syntax.Expr) Fact) Fact {
	switch {
	case v.open:
		return Unknown
	case v.absent:
		return No
	case v.fixed.IsValid():
		return factOf(constant(v.fixed))
	}
	if c, ok := v.m.Const(v.e); ok {
		return factOf(constant(c))
	}
	list, complete := v.possible()
	return all(len(list), complete, func(i int) Fact {
		if c, ok := v.m.Const(list[i]); ok {
			return factOf(constant(c))
		}
		return other(list[i])
	})
}

// constants are the constants one of which the value is.
func (v *Value) constants() (out []ir.Const, ok bool) {
	switch {
	case v.absent:
		return nil, false
	case v.fixed.IsValid():
		return []ir.Const{v.fixed}, true
	}
	if c, ok := v.m.Const(v.e); ok {
		return []ir.Const{c}, true
	}
	list, complete := v.possible()
	if !complete || len(list) == 0 {
		return nil, false
	}
	for _, e := range list {
		c, ok := v.m.Const(e)
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
		if made(v.m, e) {
			return No
		}
		// A type that is known by an annotation or a library may still be None: only of bools it is asked whether they are one.
		if t := v.m.TypeOf(e); t != "" && class == "bool" && t != "bool" && t != "int" {
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
	if v.open {
		return Unknown
	}
	if v.absent || v.fixed.IsValid() {
		return No
	}
	list, complete := v.possible()
	return all(len(list), complete, func(i int) Fact {
		any := false
		yes := false
		v.m.EachQualified(list[i], func(q string) bool {
			any = true
			yes = matchesAny(patterns, q) || matchesAny(patterns, program.Canonical(q))
			return !yes
		})
		switch {
		case yes:
			return Yes
		case any:
			return No
		}
		if _, ok := v.m.Const(list[i]); ok || made(v.m, list[i]) {
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
			if made(v.m, e) {
				return No
			}
			return Unknown
		}
		return (&Call{m: v.m, node: c, fn: c.Func, args: c.Args}).isNamed(patterns...)
	})
}

// isA is whether the value is an instance of a class or of one that inherits from it.
func (v *Value) isA(class string) Fact {
	return v.each(func(c ir.Const) bool { return v.m.Is(c.Type(), class) }, func(e syntax.Expr) Fact {
		t := v.m.TypeOf(e)
		switch {
		case t == "":
			return Unknown
		case v.m.Is(t, class):
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
	if x, y := ssa(a), ssa(b); x != 0 && x == y && a.m.Unit().Enclosing(a.e) == b.m.Unit().Enclosing(b.e) {
		return Yes
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
	f := v.m.Unit().Enclosing(v.e)
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
		{Name: "given", Result: "bool", Doc: "Whether it is there.", Example: `call.arg("timeout").given`, get: fact(func(v *Value) Fact {
			if v.open {
				return Unknown
			}
			return factOf(!v.absent)
		})},
		{Name: "missing", Result: "bool", Doc: "Whether it is not there.", Example: `call.arg("filter").missing`, get: fact(func(v *Value) Fact {
			if v.open {
				return Unknown
			}
			return factOf(v.absent)
		})},
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
					c, ok := v.m.Const(e)
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
				return types.String(prefix(v.m, v.e, 0))
			}},
		{Name: "type", Result: "string", Doc: "The class of which it is an instance: by literal, constructor, annotation, `with`, known calls, what the class keeps in `self`.",
			Example: `call.receiver.type == "sqlite3.Cursor"`, get: func(x any, _ []ref.Val) ref.Val {
				v := val(x)
				if c, ok := v.constant(); ok {
					return types.String(c.Type())
				}
				if v.e != nil {
					if t := v.m.TypeOf(v.e); t != "" {
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
					return newCall(v.m, c, nil)
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
				return factOf(v.m.IsParameter(list[0]))
			}
			return factOf(v.m.IsParameter(v.e))
		})},
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
		{Name: "item", Method: true, Params: []Param{{Name: "key", Type: "string"}}, Result: "Value", Doc: "What a dict that is written out has for a key.",
			Example: `call.arg("options").item("verify_signature").is_false`, get: func(x any, a []ref.Val) ref.Val { return val(x).item(textOf(a[0])) }},
		{Name: "text", Result: "string", Doc: "It as it is written; empty when it is not there.", Example: `call.arg(0).text == "request"`, get: func(x any, _ []ref.Val) ref.Val {
			v := val(x)
			switch {
			case v.e != nil:
				return types.String(v.m.File.Slice(v.e.Span()))
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
			out[i] = &Value{m: v.m, at: v.place(), fixed: x}
		}
		return valueList(out)
	}
	list, complete := v.possible()
	if !complete || len(list) != 1 {
		return unknown
	}
	if list[0] != v.e {
		if d, ok := unchanged(v.m, v.e); !ok || d != list[0] {
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
		out[i] = &Value{m: v.m, e: e, at: v.at}
	}
	return valueList(out)
}

func (v *Value) item(key string) ref.Val {
	if v.absent {
		return valueVal(v)
	}
	if v.e == nil {
		if c, ok := v.fixed.Get(key); ok {
			return valueVal(&Value{m: v.m, at: v.at, fixed: c})
		}
		return valueVal(&Value{m: v.m, at: v.at, absent: true})
	}
	c := &Call{m: v.m, node: v.at, given: &arguments{named: map[string]*Value{}}}
	c.unpackDict(v.e, 0)
	if x := c.given.named[key]; x != nil {
		return valueVal(x)
	}
	return valueVal(c.missing(!c.given.moreNamed))
}
