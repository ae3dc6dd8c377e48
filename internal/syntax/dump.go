package syntax

import (
	"strconv"
	"strings"
)

// Dump prints a tree as ast.dump(tree, include_attributes=True) of CPython 3.14 prints its own, where empty lists and
// absent fields are left out. Columns count bytes from 0. What Python's grammar does not have (Python 2, errors,
// patterns) is printed under the name of its Go type.
func Dump(f *File) string {
	return dump(f, false)
}

// dump leaves out the places within f-strings when CPythons before 3.12, which have them wrong, are compared with.
func dump(f *File, bare bool) string {
	d := dumper{file: f, bare: bare}
	d.WriteString("Module(")
	d.stmts("body", f.Body)
	d.WriteString(")")
	return d.String()
}

type dumper struct {
	strings.Builder
	file  *File
	comma bool // a field has been written
	bare  bool // no places within f-strings
	in    int  // f-strings within each other
}

// open begins a node.
func (d *dumper) open(name string) {
	d.WriteString(name)
	d.WriteByte('(')
	d.comma = false
}

// field begins a field.
func (d *dumper) field(name string) {
	if d.comma {
		d.WriteString(", ")
	}
	d.comma = true
	d.WriteString(name)
	d.WriteByte('=')
}

// close ends a node that has a place.
func (d *dumper) close(n Node) {
	if d.bare && d.in > 0 {
		d.end()
		return
	}
	s := n.Span()
	line, col := d.file.Source.Position(s.Start)
	endLine, endCol := d.file.Source.Position(s.End)
	d.number("lineno", line)
	d.number("col_offset", col-1)
	d.number("end_lineno", endLine)
	d.number("end_col_offset", endCol-1)
	d.end()
}

// end ends a node that has none.
func (d *dumper) end() {
	d.WriteByte(')')
	d.comma = true
}

func (d *dumper) number(name string, n int) {
	d.field(name)
	d.WriteString(strconv.Itoa(n))
}

// identifier writes a field that is a name; an empty one is left out.
func (d *dumper) identifier(name, value string) {
	if value != "" {
		d.field(name)
		d.WriteString(reprString(value))
	}
}

func (d *dumper) raw(name, value string) {
	d.field(name)
	d.WriteString(value)
}

func (d *dumper) flag(name string, on bool) {
	n := 0
	if on {
		n = 1
	}
	d.number(name, n)
}

func (d *dumper) expr(name string, x Expr) {
	if x != nil {
		d.field(name)
		d.node(x)
	}
}

// list writes a field that is a list; an empty one is left out.
func list[T any](d *dumper, name string, items []T, write func(T)) {
	if len(items) == 0 {
		return
	}
	d.field(name)
	d.WriteByte('[')
	for i, x := range items {
		if i > 0 {
			d.WriteString(", ")
		}
		write(x)
	}
	d.WriteByte(']')
	d.comma = true
}

func (d *dumper) exprs(name string, list_ []Expr) {
	list(d, name, list_, func(x Expr) {
		if x == nil {
			d.WriteString("None")
			return
		}
		d.node(x)
	})
}

func (d *dumper) stmts(name string, body []Stmt) { list(d, name, body, func(s Stmt) { d.node(s) }) }

func (d *dumper) names(name string, ids []Ident) {
	list(d, name, ids, func(id Ident) { d.WriteString(reprString(id.Name)) })
}

var contextNames = [...]string{"Load()", "Store()", "Del()"}

var opNames = [...]string{
	"Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv",
	"And", "Or", "Invert", "Not", "UAdd", "USub", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
}

func (o Op) String() string { return opNames[o] }

var constNames = [...]string{"None", "True", "False", "Ellipsis"}

func (k ConstKind) String() string { return constNames[k] }

// arguments splits what stands in source order into CPython's two lists.
func (d *dumper) arguments(name string, args []Expr) {
	var plain, keywords []Expr
	for _, a := range args {
		if _, ok := a.(*Keyword); ok {
			keywords = append(keywords, a)
		} else {
			plain = append(plain, a)
		}
	}
	d.exprs(name, plain)
	d.exprs("keywords", keywords)
}

func async(yes bool, name string) string {
	if yes {
		return "Async" + name
	}
	return name
}

func (d *dumper) node(n Node) {
	if s, ok := n.(Stmt); ok {
		d.stmt(s)
	} else {
		switch n := n.(type) {
		case Expr:
			d.expression(n)
		case CasePattern:
			d.casePattern(n)
		case *Param:
			d.open("arg")
			d.identifier("arg", n.Name)
			d.expr("tuple", n.Tuple)
			d.expr("annotation", n.Annotation)
			d.close(n)
		case *TypeParam:
			d.open([...]string{"TypeVar", "TypeVarTuple", "ParamSpec"}[n.Kind])
			d.identifier("name", n.Name)
			d.expr("bound", n.Bound)
			d.expr("default_value", n.Default)
			d.close(n)
		case *Handler:
			d.open("ExceptHandler")
			d.expr("type", n.Type)
			d.identifier("name", n.Name.Name)
			d.expr("target", n.Target)
			d.stmts("body", n.Body)
			d.close(n)
		case *Alias:
			d.open("alias")
			d.identifier("name", n.Name)
			d.identifier("asname", n.AsName)
			d.close(n)
		case *Case:
			d.open("match_case")
			d.field("pattern")
			d.node(n.Pattern)
			d.expr("guard", n.Guard)
			d.stmts("body", n.Body)
			d.end()
		case *Params:
			d.params(n)
		}
	}
	d.comma = true
}

func (d *dumper) params(ps *Params) {
	d.open("arguments")
	var groups [5][]*Param
	for _, x := range ps.List {
		groups[x.Kind] = append(groups[x.Kind], x)
	}
	write := func(x *Param) { d.node(x) }
	list(d, "posonlyargs", groups[PosOnly], write)
	list(d, "args", groups[PosOrKw], write)
	for _, x := range groups[VarArgs] {
		d.field("vararg")
		d.node(x)
	}
	list(d, "kwonlyargs", groups[KwOnly], write)
	var kwDefaults, defaults []Expr
	for _, x := range groups[KwOnly] {
		kwDefaults = append(kwDefaults, x.Default)
	}
	d.exprs("kw_defaults", kwDefaults)
	for _, x := range groups[KwArgs] {
		d.field("kwarg")
		d.node(x)
	}
	for _, x := range append(groups[PosOnly], groups[PosOrKw]...) {
		if x.Default != nil {
			defaults = append(defaults, x.Default)
		}
	}
	d.exprs("defaults", defaults)
	d.end()
}

func (d *dumper) typeParams(list_ []*TypeParam) {
	list(d, "type_params", list_, func(t *TypeParam) { d.node(t) })
}

func (d *dumper) stmt(s Stmt) {
	switch s := s.(type) {
	case *FunctionDef:
		d.open(async(s.Async, "FunctionDef"))
		d.identifier("name", s.Name.Name)
		d.field("args")
		d.node(s.Params)
		d.stmts("body", s.Body)
		d.exprs("decorator_list", s.Decorators)
		d.expr("returns", s.Returns)
		d.typeParams(s.TypeParams)
	case *ClassDef:
		d.open("ClassDef")
		d.identifier("name", s.Name.Name)
		d.arguments("bases", s.Args)
		d.stmts("body", s.Body)
		d.exprs("decorator_list", s.Decorators)
		d.typeParams(s.TypeParams)
	case *Return:
		d.open("Return")
		d.expr("value", s.X)
	case *Delete:
		d.open("Delete")
		d.exprs("targets", s.Targets)
	case *Assign:
		d.open("Assign")
		d.exprs("targets", s.Targets)
		d.expr("value", s.Value)
	case *AugAssign:
		d.open("AugAssign")
		d.expr("target", s.Target)
		d.raw("op", s.Op.String()+"()")
		d.expr("value", s.Value)
	case *AnnAssign:
		d.open("AnnAssign")
		d.expr("target", s.Target)
		d.expr("annotation", s.Annotation)
		d.expr("value", s.Value)
		d.flag("simple", s.Simple)
	case *TypeAlias:
		d.open("TypeAlias")
		d.expr("name", s.Name)
		d.typeParams(s.TypeParams)
		d.expr("value", s.Value)
	case *For:
		d.open(async(s.Async, "For"))
		d.expr("target", s.Target)
		d.expr("iter", s.Iter)
		d.stmts("body", s.Body)
		d.stmts("orelse", s.Else)
	case *While:
		d.open("While")
		d.expr("test", s.Test)
		d.stmts("body", s.Body)
		d.stmts("orelse", s.Else)
	case *If:
		d.open("If")
		d.expr("test", s.Test)
		d.stmts("body", s.Body)
		d.stmts("orelse", s.Else)
	case *With:
		d.open(async(s.Async, "With"))
		list(d, "items", s.Items, func(item WithItem) {
			d.open("withitem")
			d.expr("context_expr", item.X)
			d.expr("optional_vars", item.Vars)
			d.end()
		})
		d.stmts("body", s.Body)
	case *Raise:
		d.open("Raise")
		d.expr("exc", s.X)
		d.exprs("extra", s.Extra)
		d.expr("cause", s.Cause)
	case *Try:
		if s.Star {
			d.open("TryStar")
		} else {
			d.open("Try")
		}
		d.stmts("body", s.Body)
		list(d, "handlers", s.Handlers, func(h *Handler) { d.node(h) })
		d.stmts("orelse", s.Else)
		d.stmts("finalbody", s.Finally)
	case *Assert:
		d.open("Assert")
		d.expr("test", s.Test)
		d.expr("msg", s.Msg)
	case *Import:
		d.open("Import")
		list(d, "names", s.Names, func(a *Alias) { d.node(a) })
	case *ImportFrom:
		d.open("ImportFrom")
		d.identifier("module", s.Module.Name)
		list(d, "names", s.Names, func(a *Alias) { d.node(a) })
		d.number("level", int(s.Level))
	case *Global:
		d.open("Global")
		d.names("names", s.Names)
	case *Nonlocal:
		d.open("Nonlocal")
		d.names("names", s.Names)
	case *ExprStmt:
		d.open("Expr")
		d.expr("value", s.X)
	case *Pass:
		d.open("Pass")
	case *Break:
		d.open("Break")
	case *Continue:
		d.open("Continue")
	case *Print:
		d.open("Print")
		d.expr("dest", s.To)
		d.exprs("values", s.Args)
	case *Exec:
		d.open("Exec")
		d.expr("body", s.Code)
		d.expr("globals", s.Globals)
		d.expr("locals", s.Locals)
	case *Match:
		d.open("Match")
		d.expr("subject", s.Subject)
		list(d, "cases", s.Cases, func(c *Case) { d.node(c) })
	case *BadStmt:
		d.open("BadStmt")
	}
	d.close(s)
}

func (d *dumper) casePattern(x CasePattern) {
	patterns := func(name string, ps []CasePattern) { list(d, name, ps, func(p CasePattern) { d.node(p) }) }
	switch x := x.(type) {
	case *MatchValue:
		d.open("MatchValue")
		d.expr("value", x.X)
	case *MatchSingleton:
		d.open("MatchSingleton")
		d.raw("value", x.Kind.String())
	case *MatchSequence:
		d.open("MatchSequence")
		patterns("patterns", x.Patterns)
	case *MatchMapping:
		d.open("MatchMapping")
		d.exprs("keys", x.Keys)
		patterns("patterns", x.Patterns)
		d.identifier("rest", x.Rest.Name)
	case *MatchClass:
		d.open("MatchClass")
		d.expr("cls", x.Class)
		patterns("patterns", x.Patterns)
		d.names("kwd_attrs", x.Keywords)
		patterns("kwd_patterns", x.KwPatterns)
	case *MatchStar:
		d.open("MatchStar")
		d.identifier("name", x.Name.Name)
	case *MatchAs:
		d.open("MatchAs")
		if x.Pattern != nil {
			d.field("pattern")
			d.node(x.Pattern)
		}
		d.identifier("name", x.Name.Name)
	case *MatchOr:
		d.open("MatchOr")
		patterns("patterns", x.Patterns)
	}
	d.close(x)
}

func (d *dumper) expression(x Expr) {
	switch x := x.(type) {
	case *Name:
		d.open("Name")
		d.identifier("id", x.Name)
		d.raw("ctx", contextNames[x.Ctx])
	case *Num:
		d.open("Constant")
		d.raw("value", reprNum(x))
	case *Str:
		d.open("Constant")
		if x.Flags&Bytes != 0 {
			d.raw("value", reprBytes(x.Value))
		} else {
			d.raw("value", reprString(x.Value))
		}
		if x.Flags&Unicode != 0 {
			d.raw("kind", "'u'")
		}
	case *Const:
		d.open("Constant")
		d.raw("value", x.Kind.String())
	case *FString:
		if x.Template {
			d.open("TemplateStr")
		} else {
			d.open("JoinedStr")
		}
		d.in++
		d.templated(x.Parts, x.Template)
		d.in--
	case *Interp:
		d.interp(x, false)
		return
	case *Tuple:
		d.open("Tuple")
		d.exprs("elts", x.Elts)
		d.raw("ctx", contextNames[x.Ctx])
	case *List:
		d.open("List")
		d.exprs("elts", x.Elts)
		d.raw("ctx", contextNames[x.Ctx])
	case *Set:
		d.open("Set")
		d.exprs("elts", x.Elts)
	case *Dict:
		d.open("Dict")
		d.exprs("keys", x.Keys)
		d.exprs("values", x.Values)
	case *Starred:
		d.open("Starred")
		d.expr("value", x.X)
		d.raw("ctx", contextNames[x.Ctx])
	case *Keyword:
		d.open("keyword")
		d.identifier("arg", x.Name)
		d.expr("value", x.Value)
	case *Attribute:
		d.open("Attribute")
		d.expr("value", x.X)
		d.identifier("attr", x.Name)
		d.raw("ctx", contextNames[x.Ctx])
	case *Subscript:
		d.open("Subscript")
		d.expr("value", x.X)
		d.expr("slice", x.Index)
		d.raw("ctx", contextNames[x.Ctx])
	case *Slice:
		d.open("Slice")
		d.expr("lower", x.Lo)
		d.expr("upper", x.Hi)
		d.expr("step", x.Step)
	case *Call:
		d.open("Call")
		d.expr("func", x.Func)
		d.arguments("args", x.Args)
	case *BinOp:
		d.open("BinOp")
		d.expr("left", x.X)
		d.raw("op", x.Op.String()+"()")
		d.expr("right", x.Y)
	case *BoolOp:
		d.open("BoolOp")
		d.raw("op", x.Op.String()+"()")
		d.exprs("values", x.Values)
	case *UnaryOp:
		d.open("UnaryOp")
		d.raw("op", x.Op.String()+"()")
		d.expr("operand", x.X)
	case *Compare:
		d.open("Compare")
		d.expr("left", x.X)
		list(d, "ops", x.Ops, func(o Op) { d.WriteString(o.String() + "()") })
		d.exprs("comparators", x.Rest)
	case *Lambda:
		d.open("Lambda")
		d.field("args")
		d.node(x.Params)
		d.expr("body", x.Body)
	case *Cond:
		d.open("IfExp")
		d.expr("test", x.Test)
		d.expr("body", x.Then)
		d.expr("orelse", x.Else)
	case *Comp:
		d.comprehension(x)
	case *Await:
		d.open("Await")
		d.expr("value", x.X)
	case *Yield:
		if x.From {
			d.open("YieldFrom")
		} else {
			d.open("Yield")
		}
		d.expr("value", x.X)
	case *Walrus:
		d.open("NamedExpr")
		d.expr("target", x.Target)
		d.expr("value", x.Value)
	case *Backquote:
		d.open("Repr")
		d.expr("value", x.X)
	case *Deep:
		d.open("Deep")
		d.expr("value", x.X)
	case *Typed:
		d.open("Typed")
		d.identifier("name", x.Name)
		d.expr("type", x.Type)
	case *BadExpr:
		d.open("BadExpr")
	}
	d.close(x)
}

// templated writes the parts of an f-string or t-string, whose fields have different names.
func (d *dumper) templated(parts []Expr, template bool) {
	list(d, "values", parts, func(part Expr) {
		if f, ok := part.(*Interp); ok {
			d.interp(f, template)
			d.comma = true
			return
		}
		d.node(part)
	})
}

func (d *dumper) interp(x *Interp, template bool) {
	if template {
		d.open("Interpolation")
	} else {
		d.open("FormattedValue")
	}
	d.expr("value", x.X)
	if template {
		d.raw("str", reprString(x.Text))
	}
	conversion := -1
	if x.Conversion != 0 {
		conversion = int(x.Conversion)
	}
	d.number("conversion", conversion)
	if x.Spec != nil {
		d.field("format_spec")
		d.open("JoinedStr")
		d.templated(x.Spec.Parts, false)
		d.close(x.Spec)
	}
	d.close(x)
}

func (d *dumper) comprehension(x *Comp) {
	d.open([...]string{"GeneratorExp", "ListComp", "SetComp", "DictComp"}[x.Kind])
	if x.Kind == DictComp {
		d.expr("key", x.Elt)
		d.expr("value", x.Value)
	} else {
		d.expr("elt", x.Elt)
	}
	list(d, "generators", x.Clauses, func(c CompFor) {
		d.open("comprehension")
		d.expr("target", c.Target)
		d.expr("iter", c.Iter)
		d.exprs("ifs", c.Ifs)
		d.flag("is_async", c.Async)
		d.end()
	})
}
