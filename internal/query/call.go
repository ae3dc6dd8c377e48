package query

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Call is one call, or a decorator without parentheses, which is one without arguments.
type Call struct {
	file  *File
	node  syntax.Node
	fn    syntax.Expr
	args  []syntax.Expr
	of    []string
	names []string
	given *arguments
}

func (c *Call) place() syntax.Node { return c.node }

// arguments are those of a call, with what is unpacked into it.
type arguments struct {
	positional []*Value
	more       bool // there may be further ones by position
	named      map[string]*Value
	dicts      []*Value // what ** unpacks
	keys       []string // the names that it brings, as far as they are known
	moreNamed  bool     // there may be further ones by name
	ways       [][]program.Parameter
}

func callOf(x any) *Call { return x.(*Call) }

func callValue(c *Call) ref.Val { return &object{callT, c} }

func newCall(file *File, n syntax.Node, of []string) ref.Val {
	c := &Call{file: file, node: n, of: of}
	switch n := n.(type) {
	case *syntax.Call:
		c.fn, c.args = n.Func, n.Args
	case *syntax.Name, *syntax.Attribute:
		c.fn = n.(syntax.Expr)
	default:
		return nil
	}
	return callValue(c)
}

// callees are the names of what is called, with those that the rule names first.
func (c *Call) callees() []string {
	if c.names == nil {
		c.names = []string{}
		c.file.m.EachCallee(c.fn, func(q string) bool {
			c.names = appendNew(c.names, q)
			c.names = appendNew(c.names, program.Canonical(q))
			return len(c.names) < maxNames
		})
		slices.SortStableFunc(c.names, func(a, b string) int { return rank(c.of, a) - rank(c.of, b) })
	}
	return c.names
}

// maxNames bounds how many names of one callee are kept.
const maxNames = 16

func rank(of []string, name string) int {
	if matchesAny(of, name) {
		return 0
	}
	return 1
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// matchesName reports whether a dotted name is the one that a rule writes, whose last part may be *.
func matchesName(pattern, name string) bool {
	if base, ok := strings.CutSuffix(pattern, ".*"); ok {
		i := strings.LastIndexByte(name, '.')
		return i >= 0 && name[:i] == base
	}
	if base, ok := strings.CutPrefix(pattern, "*."); ok {
		return strings.HasSuffix(name, "."+base)
	}
	return pattern == name
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matchesName(p, name) })
}

// isNamed is whether what is called is what a rule names: not known, when nothing is known of what is called.
func (c *Call) isNamed(patterns ...string) Fact {
	names := c.callees()
	for _, q := range names {
		for _, p := range patterns {
			if matchesName(p, q) || matchesName(p, program.Canonical(q)) {
				return Yes
			}
		}
	}
	if len(names) > 0 {
		return No
	}
	return Unknown
}

func (c *Call) arguments() *arguments {
	if c.given != nil {
		return c.given
	}
	g := &arguments{named: map[string]*Value{}, ways: c.file.m.Parameters(c.fn)}
	c.given = g
	for _, a := range c.args {
		switch a := a.(type) {
		case *syntax.Starred:
			c.unpackList(a.X)
		case *syntax.Keyword:
			if a.Name == "" {
				g.dicts = append(g.dicts, c.value(a.Value))
				c.unpackDict(a.Value, 0)
			} else {
				g.named[a.Name] = c.value(a.Value)
			}
		default:
			if !g.more {
				g.positional = append(g.positional, c.value(a))
			}
		}
	}
	return g
}

func (c *Call) value(e syntax.Expr) *Value { return &Value{file: c.file, e: e, at: c.node} }

func (c *Call) constant(v ir.Const, at syntax.Node) *Value {
	return &Value{file: c.file, fixed: v, at: at}
}

// unpackList takes *x apart.
func (c *Call) unpackList(e syntax.Expr) {
	g := c.given
	if g.more {
		return
	}
	if v, ok := c.file.m.Const(e); ok && (v.Kind() == ir.Tuple || v.Kind() == ir.List) {
		for _, x := range v.Elems() {
			g.positional = append(g.positional, c.constant(x, e))
		}
		return
	}
	if d, ok := unchanged(c.file.m, e); ok {
		var elts []syntax.Expr
		switch d := d.(type) {
		case *syntax.Tuple:
			elts = d.Elts
		case *syntax.List:
			elts = d.Elts
		default:
			g.more = true
			return
		}
		for _, x := range elts {
			if s, ok := x.(*syntax.Starred); ok {
				c.unpackList(s.X)
			} else if !g.more {
				g.positional = append(g.positional, c.value(x))
			}
		}
		return
	}
	g.more = true
}

// unpackDict notes the keys of **x, where they are known to be all.
func (c *Call) unpackDict(e syntax.Expr, depth int) {
	g := c.given
	if depth > maxUnpack {
		g.moreNamed = true
		return
	}
	key := func(k ir.Const, ok bool) {
		if name, isText := k.Str(); ok && isText {
			g.keys = append(g.keys, name)
		} else {
			g.moreNamed = true
		}
	}
	if v, ok := c.file.m.Const(e); ok && v.Kind() == ir.Dict {
		for _, k := range v.Elems() {
			key(k, true)
		}
		return
	}
	d, ok := unchanged(c.file.m, e)
	if !ok {
		g.moreNamed = true
		return
	}
	switch d := d.(type) {
	case *syntax.Dict:
		for i, k := range d.Keys {
			if k == nil {
				c.unpackDict(d.Values[i], depth+1)
			} else {
				key(c.file.m.Const(k))
			}
		}
	case *syntax.Call:
		if c.file.m.Qualified(d.Func) != "dict" {
			g.moreNamed = true
			return
		}
		for _, a := range d.Args {
			switch a := a.(type) {
			case *syntax.Keyword:
				if a.Name == "" {
					c.unpackDict(a.Value, depth+1)
				} else {
					g.keys = append(g.keys, a.Name)
				}
			case *syntax.Starred:
				g.moreNamed = true
			default:
				c.unpackDict(a, depth+1)
			}
		}
	default:
		g.moreNamed = true
	}
}

// maxUnpack bounds how many dictionaries are unpacked into one another.
const maxUnpack = 8

// unchanged is the display or call that an expression's value was made by, when nothing but unpacking is done with that value: so it is
// still what it was made as.
func unchanged(m *program.Module, e syntax.Expr) (syntax.Expr, bool) {
	name, isName := e.(*syntax.Name)
	if !isName {
		return e, true
	}
	b := m.Names.Binding(name)
	if b == nil {
		return nil, false
	}
	list, complete := m.Possible(e)
	if !complete || len(list) != 1 || list[0] == e {
		return nil, false
	}
	made := list[0]
	f := m.Unit().Enclosing(made)
	if f == nil {
		return nil, false
	}
	v := f.ValueOf(made)
	if v == 0 {
		return nil, false
	}
	for i := range f.Instrs {
		in := &f.Instrs[i]
		used := false
		f.Operands(ir.Value(i), func(x ir.Value) { used = used || f.Source(x) == v })
		if !used {
			continue
		}
		switch in.Op {
		case ir.Refine, ir.Declare:
			continue
		case ir.SetGlobal, ir.SetName:
			if !b.Captured { // no function uses it
				continue
			}
		}
		if in.Op != ir.Call || f.Source(ir.Value(in.A)) == v {
			return nil, false
		}
		for _, a := range f.List(in) {
			if f.Source(a.Value) == v && a.Name != ir.Star && a.Name != ir.DoubleStar {
				return nil, false
			}
		}
	}
	return made, true
}

// missing is an argument that is not given, or of which nobody knows whether it is.
func (c *Call) missing(known bool) *Value {
	return &Value{file: c.file, at: c.node, absent: true, open: !known}
}

// byName is the argument of a name, wherever it stands.
func (c *Call) byName(name string) *Value {
	g := c.arguments()
	if v := g.named[name]; v != nil {
		return v
	}
	if v := c.inDicts(name); v != nil {
		return v
	}
	sure := true
	for _, way := range g.ways {
		at := slices.IndexFunc(way, func(p program.Parameter) bool { return p.Name == name })
		if at < 0 || way[at].Kind != model.PosOnly && way[at].Kind != model.PosOrKw {
			continue
		}
		if at < len(g.positional) {
			return g.positional[at]
		}
		sure = sure && !g.more
	}
	return c.missing(sure)
}

// byPosition is the argument at a position, by whatever name it is given.
func (c *Call) byPosition(i int) *Value {
	g := c.arguments()
	if i < 0 {
		return c.missing(true)
	}
	if i < len(g.positional) {
		return g.positional[i]
	}
	sure := !g.more
	for _, way := range g.ways {
		if i >= len(way) || way[i].Kind != model.PosOrKw {
			continue
		}
		if v := g.named[way[i].Name]; v != nil {
			return v
		}
		if v := c.inDicts(way[i].Name); v != nil {
			return v
		}
	}
	return c.missing(sure)
}

// inDicts is what the dictionaries that are unpacked have under a name; nil when they surely have none.
func (c *Call) inDicts(name string) *Value {
	for i := len(c.given.dicts) - 1; i >= 0; i-- {
		if v := c.given.dicts[i].item(name); v.thereFact() != No {
			return v
		}
	}
	return nil
}

// receiver is what the method is called on.
func (c *Call) receiver() *Value {
	if a, ok := c.fn.(*syntax.Attribute); ok {
		return c.value(a.X)
	}
	return c.missing(true)
}

func callMembers() (string, []Member) {
	text, position := Param{Name: "name", Type: "string"}, Param{Name: "position", Type: "int"}
	return "One call. A decorator without parentheses is one, too.", []Member{
		{Name: "callee", Result: "string", Doc: "The full name of what is called, with imports, assignments and the receiver's class followed; of several the one that `of:` names.",
			Example: `call.callee == "hashlib.new"`, get: func(x any, _ []ref.Val) ref.Val {
				if names := callOf(x).callees(); len(names) > 0 {
					return types.String(names[0])
				}
				return unknown
			}},
		{Name: "calls", Method: true, Params: []Param{text}, Result: "bool", Doc: "Whether what is called has this name. The last part may be `*`.",
			Example: `call.calls("smtplib.SMTP.login")`, get: func(x any, a []ref.Val) ref.Val { return callOf(x).isNamed(textOf(a[0])).val() }},
		{Name: "method", Result: "string", Doc: "The last part of the name that is called, as it is written: `login` of `smtp.login()`.",
			Example: `call.method.startsWith("verify_")`, get: func(x any, _ []ref.Val) ref.Val {
				switch fn := callOf(x).fn.(type) {
				case *syntax.Name:
					return types.String(fn.Name)
				case *syntax.Attribute:
					return types.String(fn.Name)
				}
				return types.String("")
			}},
		{Name: "arg", Method: true, Params: []Param{text}, Result: "Value",
			Doc:     "The argument of a name: given by keyword, in a `**dict`, or by position where the parameters of what is called are known (of libraries by `models/`, of functions of the file by their definition).",
			Example: `call.arg("shell").is_true`, get: func(x any, a []ref.Val) ref.Val { return valueVal(callOf(x).byName(textOf(a[0]))) }},
		{Name: "arg", Method: true, Params: []Param{position}, Result: "Value", Doc: "The argument at a position, from 0. Given by keyword it is found as well, where the parameters are known.",
			Example: `call.arg(0).string == "md5"`, get: func(x any, a []ref.Val) ref.Val { return valueVal(callOf(x).byPosition(intOf(a[0]))) }},
		{Name: "arg", Method: true, Params: []Param{position, text}, Result: "Value", Doc: "The argument at a position, or else of a name: for what is called of which the parameters are not known.",
			Example: `call.arg(1, "password").is_known`, get: func(x any, a []ref.Val) ref.Val {
				c := callOf(x)
				v := c.byPosition(intOf(a[0]))
				if byName := c.byName(textOf(a[1])); v.absent && (!byName.absent || byName.open) {
					v = byName
				}
				return valueVal(v)
			}},
		{Name: "args", Result: "list of Value", Doc: "The arguments that are given by position; not known where `*x` may bring more.",
			Example: `call.args.exists(a, a.string.startsWith("http://"))`, get: func(x any, _ []ref.Val) ref.Val {
				g := callOf(x).arguments()
				if g.more {
					return unknown
				}
				return valueList(g.positional)
			}},
		{Name: "keywords", Result: "list of string", Doc: "The names of the arguments that are given by name; not known where `**x` may bring more.",
			Example: `!("timeout" in call.keywords)`, get: func(x any, _ []ref.Val) ref.Val {
				g := callOf(x).arguments()
				if g.moreNamed {
					return unknown
				}
				names := slices.Clone(g.keys)
				for name := range g.named {
					names = append(names, name)
				}
				slices.Sort(names)
				names = slices.Compact(names)
				return types.NewStringList(types.DefaultTypeAdapter, names)
			}},
		{Name: "receiver", Result: "Value", Doc: "What a method is called on: `smtp` of `smtp.login()`.",
			Example: `call.receiver.is_a("smtplib.SMTP")`, get: func(x any, _ []ref.Val) ref.Val { return valueVal(callOf(x).receiver()) }},
		{Name: "function", Result: "Function", Doc: "The function in whose code it stands.", Example: `call.function.is_async`, get: func(x any, _ []ref.Val) ref.Val { return functionAround(callOf(x).file, callOf(x).node) }},
		{Name: "class", Result: "Class", Doc: "The class in whose code it stands.", Example: `call.class.inherits("rest_framework.views.APIView")`, get: func(x any, _ []ref.Val) ref.Val { return classAround(callOf(x).file, callOf(x).node) }},
		{Name: "module", Result: "Module", Doc: "The file that it stands in.", Example: `call.module.imports("django")`, get: func(x any, _ []ref.Val) ref.Val { return moduleVal(callOf(x).file, nil) }},
		{Name: "is_test", Result: "bool", Doc: "Whether it is code of a test: by its file, or a function `test_…` or a `unittest.TestCase` around it.", Example: `!call.is_test`,
			get: func(x any, _ []ref.Val) ref.Val { return types.Bool(isTest(callOf(x).file, callOf(x).node)) }},
		{Name: "in_loop", Result: "bool", Doc: "Whether it stands in the body of a loop, or in a comprehension, of its function.", Example: `call.in_loop`, get: func(x any, _ []ref.Val) ref.Val {
			return types.Bool(callOf(x).within(func(p, child syntax.Node) bool {
				switch p := p.(type) {
				case *syntax.For:
					return child != syntax.Node(p.Iter)
				case *syntax.While, *syntax.Comp:
					return true
				}
				return false
			}))
		}},
		{Name: "catches", Method: true, Params: []Param{text}, Result: "bool", Doc: "Whether a `try` of its function, in whose body it stands, has a handler for an exception of this name; `*` for any.",
			Example: `!call.catches("ssl.SSLError")`, get: func(x any, a []ref.Val) ref.Val {
				c := callOf(x)
				return types.Bool(c.within(func(p, child syntax.Node) bool {
					t, ok := p.(*syntax.Try)
					if !ok || !slices.ContainsFunc(t.Body, func(s syntax.Stmt) bool { return syntax.Node(s) == child }) {
						return false
					}
					return slices.ContainsFunc(t.Handlers, func(h *syntax.Handler) bool { return c.handles(h, textOf(a[0])) })
				}))
			}},
		{Name: "conditions", Result: "list of Value", Doc: "What is tested by each `if`, `while` and conditional expression of its function in which it stands, from the inside out; for an `else` it is the same condition.",
			Example: `call.conditions.exists(c, c.text.contains("DEBUG"))`, get: func(x any, _ []ref.Val) ref.Val {
				c := callOf(x)
				var list []*Value
				c.within(func(p, child syntax.Node) bool {
					var test syntax.Expr
					switch p := p.(type) {
					case *syntax.If:
						test = p.Test
					case *syntax.While:
						test = p.Test
					case *syntax.Cond:
						test = p.Test
					}
					if test != nil && syntax.Node(test) != child {
						list = append(list, &Value{file: c.file, e: test, at: test})
					}
					return false
				})
				return valueList(list)
			}},
		{Name: "discarded", Result: "bool", Doc: "Whether nothing is done with what it gives.", Example: `call.discarded`, get: func(x any, _ []ref.Val) ref.Val {
			n := callOf(x).file.m.Names.Parent(callOf(x).node)
			if a, ok := n.(*syntax.Await); ok {
				n = callOf(x).file.m.Names.Parent(a)
			}
			_, ok := n.(*syntax.ExprStmt)
			return types.Bool(ok)
		}},
		{Name: "text", Result: "string", Doc: "The call as it is written.", Example: `call.text.contains("noqa")`, get: func(x any, _ []ref.Val) ref.Val {
			c := callOf(x)
			return types.String(c.file.m.File.Slice(c.node.Span()))
		}},
	}
}

// within reports whether f holds of something around the call, within its function: f gets that and the part of it that the call stands in.
func (c *Call) within(f func(p, child syntax.Node) bool) bool {
	child := c.node
	for p := c.file.m.Names.Parent(child); p != nil; p = c.file.m.Names.Parent(p) {
		switch p.(type) {
		case *syntax.FunctionDef, *syntax.Lambda, *syntax.ClassDef:
			return false
		}
		if f(p, child) {
			return true
		}
		child = p
	}
	return false
}

// handles reports whether a handler is for an exception of a name.
func (c *Call) handles(h *syntax.Handler, name string) bool {
	if h.Type == nil || name == "*" {
		return true
	}
	list := []syntax.Expr{h.Type}
	if t, ok := h.Type.(*syntax.Tuple); ok {
		list = t.Elts
	}
	for _, e := range list {
		found := false
		c.file.m.EachQualified(e, func(q string) bool {
			found = q == name || c.file.m.Is(name, q)
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

func textOf(v ref.Val) string { s, _ := v.(types.String); return string(s) }
func intOf(v ref.Val) int     { i, _ := v.(types.Int); return int(i) }
