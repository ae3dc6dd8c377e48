package query

import (
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Collection is what a query looks through.
type Collection struct {
	Name     string // as in `over: calls`
	Variable string // by which `where:` knows one of them
	Type     string
	Doc      string
}

// Collections are all there are.
var Collections = []Collection{
	{"calls", "call", "Call", "the calls of the functions and classes that `of:` names"},
	{"objects", "object", "Object", "what the classes and functions that `of:` names make, and what classes of the file make that inherit from them"},
	{"functions", "def", "Function", "the functions with a decorator that `of:` names"},
	{"classes", "class", "Class", "the classes that inherit from one that `of:` names"},
	{"assignments", "assignment", "Assignment", "the assignments to names that `of:` names, in modules, classes and functions; `*.name` to attributes of anything"},
	{"modules", "module", "Module", "the files that import what `of:` names"},
}

// CollectionNamed is the collection of a name, or nil.
func CollectionNamed(name string) *Collection {
	for i := range Collections {
		if Collections[i].Name == name {
			return &Collections[i]
		}
	}
	return nil
}

// A Spec is a query as a rule file says it.
type Spec struct {
	Over   string
	Of     []string // dotted names, the last part may be *
	Where  string
	Report string
	Bind   []Bind
}

// A Bind gives a metavariable of the message and the fix a value.
type Bind struct{ Name, Expr string }

// A Bound is a metavariable with what it stands for.
type Bound struct {
	Name  string
	Text  string      // as it is written in the source, where it is something of the source
	Const string      // the constant that it is known to be, when that is written otherwise
	Node  syntax.Node // or nil
}

// A Query is one rule's questions. It may be used from several goroutines.
type Query struct {
	spec Spec
	over *Collection
	once sync.Once
	err  []KeyError

	where, report cel.Program
	bind          []cel.Program
}

// A KeyError is what is wrong with one key of a query.
type KeyError struct {
	Key string // "where", "report", "bind"
	Error
}

// New makes a query. Its expressions are compiled when they are first needed, or by [Query.Check].
func New(s Spec) *Query { return &Query{spec: s, over: CollectionNamed(s.Over)} }

// Spec is what the query was made of.
func (q *Query) Spec() Spec { return q.spec }

// Check says what is wrong with the expressions.
func (q *Query) Check() []KeyError {
	q.once.Do(q.compile)
	return q.err
}

func (q *Query) compile() {
	is := func(list ...string) func(*cel.Type) bool {
		return func(t *cel.Type) bool {
			if t.Kind() == types.DynKind {
				return true
			}
			return slices.Contains(list, shortType(t.String()))
		}
	}
	one := func(key, text string, want func(*cel.Type) bool, wanted string) cel.Program {
		p, err := parse(text, want, wanted)
		if err != nil {
			q.err = append(q.err, KeyError{key, *err})
		}
		return p
	}
	if q.spec.Where != "" {
		q.where = one("where", q.spec.Where, is("bool"), "true or false")
	}
	if q.spec.Report != "" {
		var places []string
		for _, t := range Types() {
			places = append(places, t.Name)
		}
		q.report = one("report", q.spec.Report, is(places...), "a thing of the code, such as `call.arg(0)`")
	}
	for _, b := range q.spec.Bind {
		q.bind = append(q.bind, one("bind", b.Expr, func(*cel.Type) bool { return true }, ""))
	}
}

// An Outcome is what came of asking about one thing.
type Outcome struct {
	Holds Fact
	Span  source.Span // where to report it
	Node  syntax.Node
	Bound []Bound
	Tired bool // the bound of steps was met
}

// Eval asks about the thing that a node of a file is. A query that is wrong ([Query.Check]) holds of nothing.
func (q *Query) Eval(file *File, n syntax.Node) (out Outcome) {
	q.once.Do(q.compile)
	if len(q.err) > 0 {
		return out
	}
	thing := q.thing(file, n)
	if thing == nil {
		return out
	}
	rested := file.steps <= maxFileSteps
	defer func() { out.Tired = out.Tired || rested && file.steps > maxFileSteps }()
	vars := map[string]any{q.over.Variable: thing, "python": &object{pythonT, file}}
	out.Holds, out.Node, out.Span = Yes, n, n.Span()
	if q.where != nil {
		v, err := eval(q.where, vars)
		switch {
		case err != nil:
			out.Holds = No
			out.Tired = strings.Contains(err.Error(), "cost limit")
		case types.IsUnknown(v):
			out.Holds = Unknown
		default:
			out.Holds = factOf(v == types.True)
		}
	}
	if out.Holds == No {
		return out
	}
	if q.report != nil {
		if v, err := eval(q.report, vars); err == nil {
			if at := nodeOf(v); at != nil {
				out.Node, out.Span = at, at.Span()
			}
		}
	}
	for i, p := range q.bind {
		if v, err := eval(p, vars); err == nil {
			out.Bound = append(out.Bound, boundTo(q.spec.Bind[i].Name, file.m, v))
		}
	}
	return out
}

func eval(p cel.Program, vars map[string]any) (ref.Val, error) {
	v, _, err := p.Eval(vars)
	return v, err
}

// thing is the element of the collection that a node is.
func (q *Query) thing(file *File, n syntax.Node) ref.Val {
	switch q.over.Name {
	case "calls":
		return newCall(file, n, q.spec.Of)
	case "objects":
		return newObject(file, n, q.spec.Of)
	case "functions":
		switch n.(type) {
		case *syntax.FunctionDef, *syntax.Lambda:
			return functionVal(file, n)
		}
	case "classes":
		if c, ok := n.(*syntax.ClassDef); ok {
			return &object{classT, &Class{file, c}}
		}
	case "assignments":
		return newAssignment(file, n)
	case "modules":
		return moduleVal(file, n)
	}
	return nil
}

// nodeOf is where a thing stands in the source, or nil.
func nodeOf(v ref.Val) syntax.Node {
	o, ok := v.(*object)
	if !ok {
		return nil
	}
	if p, ok := o.x.(interface{ place() syntax.Node }); ok {
		return p.place()
	}
	return nil
}

// boundTo is a metavariable with the text of a value.
func boundTo(name string, m *program.Module, v ref.Val) Bound {
	b := Bound{Name: "$" + strings.TrimPrefix(name, "$")}
	switch x := v.(type) {
	case types.String:
		b.Text = string(x)
	case *object:
		if n := nodeOf(x); n != nil {
			b.Node, b.Text = n, m.File.Slice(n.Span())
		}
		if val, ok := x.x.(*Value); ok {
			if c, ok := val.constant(); ok {
				if s, ok := c.Str(); ok {
					b.Const = s
				} else {
					b.Const = c.String()
				}
			}
		}
	case absentVal:
	default:
		if !types.IsUnknownOrError(v) {
			if s, ok := v.ConvertToType(types.StringType).(types.String); ok {
				b.Text = string(s)
			}
		}
	}
	return b
}
