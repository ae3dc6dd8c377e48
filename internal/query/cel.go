package query

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/near"
)

// A Type is a kind of thing that can be asked about.
type Type struct {
	Name    string // as in the documentation: "Call"
	Doc     string
	Members []Member
	cel     *cel.Type
	fields  map[string]*Member
}

// A Member is one question: a field (`call.callee`) or a method (`call.arg("x")`).
type Member struct {
	Name    string
	Params  []Param // of a method
	Method  bool
	Result  string // its type, as the documentation says it
	Doc     string
	Example string
	result  *cel.Type
	get     func(x any, args []ref.Val) ref.Val
}

// A Param is one parameter of a method or an evaluator.
type Param struct {
	Name, Type string
	cel        *cel.Type
}

// Signature is how a member is written: `arg(name: string) Value`.
func (m *Member) Signature() string {
	if !m.Method {
		return m.Name + " " + m.Result
	}
	return m.Name + params(m.Params) + " " + m.Result
}

func params(list []Param) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name + ": " + p.Type
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// An object is a thing of the program as CEL holds it.
type object struct {
	t *Type
	x any
}

func (o *object) ConvertToNative(reflect.Type) (any, error) {
	return nil, errors.New("it stays within the expression")
}

func (o *object) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return o.t.cel
	}
	return types.NewErr("%s cannot become a %s", o.t.Name, t.TypeName())
}

func (o *object) Equal(other ref.Val) ref.Val {
	p, ok := other.(*object)
	return types.Bool(ok && p.x == o.x)
}

func (o *object) Type() ref.Type { return o.t.cel }
func (o *object) Value() any     { return o }

// unknown is the answer that nobody knows.
var unknown ref.Val = types.NewUnknown(0, nil)

// A Fact is what is known of something.
type Fact uint8

// The outcomes.
const (
	No Fact = iota
	Yes
	Unknown
)

func (f Fact) val() ref.Val {
	if f == Unknown {
		return unknown
	}
	return types.Bool(f == Yes)
}

func (f Fact) not() Fact {
	switch f {
	case No:
		return Yes
	case Yes:
		return No
	}
	return Unknown
}

func factOf(b bool) Fact {
	if b {
		return Yes
	}
	return No
}

// all is what holds of all that a value may be: unknown when it holds of some, or when there may be others.
func all(n int, complete bool, f func(i int) Fact) Fact {
	if n == 0 {
		return Unknown
	}
	first := f(0)
	for i := 1; i < n && first != Unknown; i++ {
		if f(i) != first {
			return Unknown
		}
	}
	if !complete {
		return Unknown
	}
	return first
}

// provider gives CEL the types of the table.
type provider struct {
	*types.Registry
	byName map[string]*Type
}

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if t := p.byName[name]; t != nil {
		return types.NewTypeTypeWithParam(t.cel), true
	}
	return p.Registry.FindStructType(name)
}

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	if t := p.byName[name]; t != nil {
		var out []string
		for i := range t.Members {
			out = append(out, t.Members[i].Name)
		}
		return out, true
	}
	return p.Registry.FindStructFieldNames(name)
}

func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	t := p.byName[name]
	if t == nil {
		return p.Registry.FindStructFieldType(name, field)
	}
	m := t.fields[field]
	if m == nil {
		return nil, false
	}
	return &types.FieldType{
		Type:  m.result,
		IsSet: func(any) bool { return true },
		GetFrom: func(x any) (any, error) {
			switch x := x.(type) {
			case *object:
				return m.get(x.x, nil), nil
			case *types.Unknown:
				return x, nil
			}
			return nil, fmt.Errorf("there is no %s to ask for %s", t.Name, field)
		},
	}, true
}

// environment is the language with the types of the table and one variable for each collection. It is made when it is first needed, since most scans
// of little code need it not.
var environment = sync.OnceValue(makeEnvironment)

func makeEnvironment() *cel.Env {
	reg, err := types.NewRegistry()
	if err != nil {
		panic(err)
	}
	p := &provider{Registry: reg, byName: map[string]*Type{}}
	options := []cel.EnvOption{cel.ParserRecursionLimit(maxNesting), cel.ParserExpressionSizeLimit(maxExpression)}
	overloads := map[string][]cel.FunctionOpt{}
	var names []string
	for _, t := range Types() {
		p.byName[t.cel.TypeName()] = t
		for i := range t.Members {
			m := &t.Members[i]
			if !m.Method {
				continue
			}
			args := []*cel.Type{t.cel}
			id := "wadjet_" + t.Name + "_" + m.Name
			for _, a := range m.Params {
				args = append(args, a.cel)
				id += "_" + a.Type
			}
			if overloads[m.Name] == nil {
				names = append(names, m.Name)
			}
			overloads[m.Name] = append(overloads[m.Name], cel.MemberOverload(id, args, m.result, cel.FunctionBinding(func(args ...ref.Val) ref.Val {
				o, ok := args[0].(*object)
				if !ok {
					return types.MaybeNoSuchOverloadErr(args[0])
				}
				return m.get(o.x, args[1:])
			})))
		}
	}
	for _, name := range names {
		options = append(options, cel.Function(name, overloads[name]...))
	}
	for i := range Functions {
		f := &Functions[i]
		var args []*cel.Type
		for _, a := range f.Params {
			args = append(args, celType(a.Type))
		}
		options = append(options, cel.Function(f.Name, cel.Overload("wadjet_"+f.Name, args, celType(f.Result),
			cel.FunctionBinding(func(args ...ref.Val) ref.Val { return f.call(args) }))))
	}
	for _, c := range Collections {
		options = append(options, cel.Variable(c.Variable, typeNamed(c.Type).cel))
	}
	options = append(options, cel.Variable("python", pythonT.cel), cel.CustomTypeProvider(p), cel.CustomTypeAdapter(p))
	env, err := cel.NewEnv(options...)
	if err != nil {
		panic("the table of questions is wrong: " + err.Error())
	}
	return env
}

// Bounds of an expression: how deep it may nest, its length, and the steps of one evaluation.
const (
	maxNesting    = 60
	maxExpression = 20_000
	MaxSteps      = 200_000
)

func celType(name string) *cel.Type { return typeIn(Types(), name) }

// typeIn is the type of a name that the table uses.
func typeIn(list []*Type, name string) *cel.Type {
	switch name {
	case "bool":
		return cel.BoolType
	case "int":
		return cel.IntType
	case "double":
		return cel.DoubleType
	case "string":
		return cel.StringType
	case "any":
		return cel.DynType
	}
	if of, ok := strings.CutPrefix(name, "list of "); ok {
		return cel.ListType(typeIn(list, of))
	}
	for _, t := range list {
		if t.Name == name {
			return t.cel
		}
	}
	panic("the table of questions has no type " + name)
}

func typeNamed(name string) *Type {
	for _, t := range Types() {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// The types, of which [Types] has the members.
var (
	callT       = newType("Call")
	objectT     = newType("Object")
	functionT   = newType("Function")
	classT      = newType("Class")
	assignmentT = newType("Assignment")
	moduleT     = newType("Module")
	valueT      = newType("Value")
	useT        = newType("Use")
	pythonT     = newType("Python")
)

func newType(name string) *Type { return &Type{Name: name, cel: cel.ObjectType("wadjet." + name)} }

// Types are all that can be asked about.
var Types = sync.OnceValue(func() []*Type {
	list := []*Type{callT, objectT, functionT, classT, assignmentT, moduleT, valueT, useT, pythonT}
	callT.Doc, callT.Members = callMembers()
	valueT.Doc, valueT.Members = valueMembers()
	objectT.Doc, objectT.Members = objectMembers()
	useT.Doc, useT.Members = useMembers()
	pythonT.Doc, pythonT.Members = pythonMembers()
	functionT.Doc, functionT.Members = functionMembers()
	classT.Doc, classT.Members = classMembers()
	assignmentT.Doc, assignmentT.Members = assignmentMembers()
	moduleT.Doc, moduleT.Members = moduleMembers()
	named := func(name string) *cel.Type { return typeIn(list, name) }
	for _, t := range list {
		t.fields = map[string]*Member{}
		for i := range t.Members {
			m := &t.Members[i]
			m.result = named(m.Result)
			for j := range m.Params {
				m.Params[j].cel = named(m.Params[j].Type)
			}
			if !m.Method {
				t.fields[m.Name] = m
			}
		}
	}
	return list
})

// An Error says what is wrong with an expression.
type Error struct {
	Line    int // within the expression, from 0
	Message string
}

// parse compiles an expression. want is the type that it must have, or "".
func parse(text string, want func(*cel.Type) bool, wanted string) (cel.Program, *Error) {
	env := environment()
	ast, issues := env.Compile(text)
	if list := issues.Errors(); len(list) > 0 {
		e := list[0]
		return nil, &Error{max(e.Location.Line()-1, 0), explain(e.Message, text, e.Location.Line(), e.Location.Column())}
	}
	if out := ast.OutputType(); !want(out) {
		return nil, &Error{0, fmt.Sprintf("is of type %s; write an expression that gives %s", shortType(out.String()), wanted)}
	}
	p, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(MaxSteps))
	if err != nil {
		return nil, &Error{0, err.Error()}
	}
	return p, nil
}

func shortType(s string) string { return strings.ReplaceAll(s, "wadjet.", "") }

// explain says what CEL's message means for the one who wrote the expression, with the nearest name that there is.
func explain(message, text string, line, column int) string {
	message = shortType(message)
	if name, ok := quoted(message, "undefined field '"); ok {
		return fmt.Sprintf("%q is not known%s (`wadjet rules fields` has all)", name, suggest(name, allMembers(false)))
	}
	if name, ok := quoted(message, "undeclared reference to '"); ok {
		if slices.Contains(allMembers(false), name) || slices.Contains(allMembers(true), name) {
			return fmt.Sprintf("%q belongs to something: write `call.%s` or the like (`wadjet rules fields` says to what)", name, name)
		}
		var known []string
		for _, c := range Collections {
			known = append(known, c.Variable)
		}
		for _, f := range Functions {
			known = append(known, f.Name)
		}
		return fmt.Sprintf("%q is not known%s (`wadjet rules fields` has all)", name, suggest(name, append(known, allMembers(true)...)))
	}
	if rest, ok := strings.CutPrefix(message, "found no matching overload for '"); ok {
		name, rest, _ := strings.Cut(rest, "'")
		if ways := signaturesOf(name); len(ways) > 0 {
			return fmt.Sprintf("%s cannot be asked like this%s: write %s", name, strings.TrimPrefix(rest, " applied to"), strings.Join(ways, " or "))
		}
		return fmt.Sprintf("the operator %s does not apply%s", strings.Trim(name, "_"), strings.TrimPrefix(rest, " applied"))
	}
	if rest, ok := strings.CutPrefix(message, "Syntax error: "); ok {
		return fmt.Sprintf("is no CEL expression (line %d, column %d: %s); see https://cel.dev", line, column+1, rest)
	}
	return message
}

func quoted(message, before string) (string, bool) {
	rest, ok := strings.CutPrefix(message, before)
	if !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "'")
	return name, true
}

func suggest(name string, known []string) string {
	if n := near.Name(name, known); n != "" {
		return fmt.Sprintf(": did you mean `%s`?", n)
	}
	return ""
}

func allMembers(methods bool) (out []string) {
	for _, t := range Types() {
		for i := range t.Members {
			if t.Members[i].Method == methods {
				out = append(out, t.Members[i].Name)
			}
		}
	}
	return out
}

func signaturesOf(name string) (out []string) {
	for _, t := range Types() {
		for i := range t.Members {
			if m := &t.Members[i]; m.Method && m.Name == name {
				out = append(out, "`"+strings.ToLower(t.Name)+"."+m.Name+params(m.Params)+"`")
			}
		}
	}
	for i := range Functions {
		if f := &Functions[i]; f.Name == name {
			out = append(out, "`"+f.Name+params(f.Params)+"`")
		}
	}
	return out
}
