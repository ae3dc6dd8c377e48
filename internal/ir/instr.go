package ir

import (
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Value is what an instruction makes: its index in [Func.Instrs]. 0 is none.
type Value uint32

// A Sym is a name: its index in [Unit.Syms]. 0 is none.
type Sym uint32

// What an [Arg] of a call is, where it is not a keyword's name.
const (
	Positional Sym = iota
	Star           // *x, in calls and displays
	DoubleStar     // **x, in calls and dict displays
	firstSym
)

// Op is what an instruction does. A, B and C are its fields; "list" is Args[B:B+C].
type Op uint8

// The operations.
const (
	Undef       Op = iota // a variable that nothing has assigned
	ConstOp               // Consts[A]
	ParamOp               // the argument of Params[A]
	Phi                   // one of list, by the edge that was taken (but see Block.Handler); A is the block's next phi
	Refine                // A, where the condition B was Sub (1 true, 0 false)
	Declare               // A (0 where nothing is assigned), declared to be of type B
	Global                // the name A of the module, or a builtin; Sub 1 where the module does not bind it
	SetGlobal             // the name A of the module is B
	SetName               // the name A of the class is B
	DeclareName           // the name A of the module or class is declared to be B, and not assigned
	Cell                  // the variable A (a binding's index) of an outer function, or one that inner functions assign
	SetCell               // that variable is B
	TypeVar               // the type parameter named A
	Attr                  // A.B
	SetAttr               // A.B = C; Sub 1 where C is only a declaration
	DelAttr               // del A.B
	Item                  // A[B]
	SetItem               // A[B] = C
	DelItem               // del A[B]
	SliceOp               // list: low, high, step; 0 where left out
	Call                  // A(list)
	Bin                   // A op B, Sub is the syntax.Op
	InPlace               // A op= B
	Unary                 // op A
	Compare               // A op B
	Format                // A as text in an f-string, by the specification B or 0; Sub is the conversion
	Join                  // list joined to an f-string; Sub 1 for a t-string
	MakeTuple             // list, with Star
	MakeList              // list, with Star
	MakeSet               // list, with Star
	MakeDict              // list: key, value, key, value; a key 0 for **value
	MakeComp              // the result of a comprehension, Sub is its syntax.CompKind
	Append                // B becomes an element of the comprehension's result A
	Elem                  // an element of the iterable A; Sub 1 for async for
	Unpack                // the element B of A taken apart into C targets; Sub: see the Unpack kinds
	Enter                 // what the context manager A gives; Sub 1 for async with
	Exit                  // the context manager A is left
	YieldOp               // what is sent back for A (0 for None)
	YieldFrom             // the result of delegating to A
	Await                 // the result of the awaitable A
	MakeFunc              // the function Unit.Funcs[A]; list: defaults, each named by 1 + its parameter's index
	Annotate              // the parameter B-1 of the function A (its result for B 0) is declared to be C
	MakeClass             // the class of body Unit.Funcs[A]; list: bases and keywords
	Import                // the module A; Sub 1 where the whole dotted name is meant, else its first part is given
	ImportFrom            // the name B of the module A, C levels up
	ImportStar            // all names of the module A, C levels up
	Except                // the exception that a handler of type A (0 for any) caught
	IsInstance            // whether A is an instance of the class B, in a case pattern
	Matches               // whether A has the shape of a sequence (Sub 0) or mapping (Sub 1)
	MatchAttr             // the attribute that the class B's __match_args__ names at C, of A
	ReturnOp              // A (0 for None) is returned
	RaiseOp               // A (0: again) is raised, from B
	numOps
)

// What an [Unpack] takes.
const (
	UnpackAt   = iota // the element at B
	UnpackRest        // the list of a starred target, at B
	UnpackEnd         // the element at B of C, counted from the end because a starred target stands before it
)

var opNames = [numOps]string{"undef", "const", "param", "phi", "refine", "declare", "global", "setglobal", "setname", "declarename", "cell", "setcell", "typevar",
	"attr", "setattr", "delattr", "item", "setitem", "delitem", "slice", "call", "bin", "inplace", "unary", "compare",
	"format", "join", "tuple", "list", "set", "dict", "comp", "append", "elem", "unpack", "enter", "exit", "yield", "yieldfrom",
	"await", "func", "annotate", "class", "import", "importfrom", "importstar", "except", "isinstance", "matches", "matchattr", "return", "raise"}

func (op Op) String() string { return opNames[op] }

// An Instr is one step. It holds no pointer.
type Instr struct {
	Op      Op
	Sub     uint8
	At      uint16 // bytes from Func.Start to about where it stands; Far where they are more
	A, B, C uint32
	Node    syntax.ID // where in the source; 0 where nowhere
}

// Far says of an instruction that it stands too far from its function's start for Instr.At.
const Far = 1<<16 - 1

// An Arg is an operand in a list: a value, and in a call what it is given as.
type Arg struct {
	Value Value
	Name  Sym
}

// A BlockID numbers the blocks of a function, from 0, where it begins.
type BlockID uint32

// A Block is a run of instructions that are executed together.
type Block struct {
	First, End   Value // Instrs[First:End], less the phis in there, which belong to the blocks whose chains hold them
	Phi          Value // the first of its phis; Func.NextPhi gives the next
	Cond         Value // what decides between two successors, the first being that of truth; 0 otherwise
	Preds, Succs []BlockID
	Handler      bool // entered by an exception, or by very many edges: a phi's operands do not stand for edges
}

// FuncKind says what a Func is the code of.
type FuncKind uint8

// The kinds of function.
const (
	ModuleCode FuncKind = iota
	ClassCode
	DefCode
	LambdaCode
)

// A Param is one parameter.
type Param struct {
	Name Sym
	Kind syntax.ParamKind
	Node syntax.ID
}

// A Func is the code of a module, class body, def or lambda.
type Func struct {
	Unit      *Unit
	Index     int         // in Unit.Funcs
	Node      syntax.ID   // of the FunctionDef, ClassDef or Lambda; 0 for the module
	Syntax    syntax.Node // that node, while the tree is kept
	Start     uint32      // where its code starts in the file
	Outer     *Func       // the function that makes this one; nil for the module
	Kind      FuncKind
	Async     bool
	Generator bool // it yields
	FallsOff  bool // control may pass its end, where it returns None
	Lowered   bool
	Name      string
	Params    []Param
	Instrs    []Instr // Instrs[0] is Undef
	Args      []Arg
	Consts    []Const
	Blocks    []Block

	values []nodeValue // expressions and names to values, sorted by node
	known  *constants  // what [Func.Const] has found out
}

type nodeValue struct {
	node  syntax.ID
	value Value
}

// A Unit is the code of one file.
type Unit struct {
	Names *resolve.Info // while the tree is kept
	Funcs []*Func       // the module is the first, outer before inner
	Syms  []string

	syms     map[string]Sym
	byNode   map[syntax.ID]int
	assigned []posDef // all assignments of the file, by place
}

// NewUnit prepares a file; functions are lowered when they are asked for.
func NewUnit(names *resolve.Info) *Unit {
	n := 1 + len(names.Functions) + len(names.Classes)
	u := &Unit{Names: names, Syms: append(make([]string, 0, 64), "", "*", "**"), syms: make(map[string]Sym, 64), byNode: make(map[syntax.ID]int, n),
		Funcs: make([]*Func, 0, n)}
	u.Funcs = append(u.Funcs, &Func{Unit: u, Kind: ModuleCode})
	return u
}

// LowerAll lowers every function of the file.
func (u *Unit) LowerAll() {
	for i := 0; i < len(u.Funcs); i++ {
		u.Lower(u.Funcs[i])
	}
}

// Release lets go of the tree and of what was needed for lowering.
func (u *Unit) Release() {
	u.Names, u.assigned, u.syms, u.byNode = nil, nil, nil, nil
	for _, f := range u.Funcs {
		f.Syntax = nil
	}
}

// Enclosing is the function in whose code a node is evaluated, lowered.
func (u *Unit) Enclosing(n syntax.Node) *Func {
	scope := u.Names.ScopeOf(n).Function()
	return u.ofScope(scope)
}

func (u *Unit) ofScope(s *resolve.Scope) *Func {
	f := u.Funcs[0]
	if s.Node != nil {
		i, ok := u.byNode[s.Node.ID()]
		if !ok { // the function around it has not been looked at yet
			u.ofScope(s.Parent.Function())
			if i, ok = u.byNode[s.Node.ID()]; !ok {
				return nil // within code that did not parse
			}
		}
		f = u.Funcs[i]
	}
	u.Lower(f)
	return f
}

// function is the index of the function of a node.
func (u *Unit) function(n syntax.Node, outer *Func) int {
	if i, ok := u.byNode[n.ID()]; ok {
		return i
	}
	i := len(u.Funcs)
	f := &Func{Unit: u, Index: i, Node: n.ID(), Syntax: n, Start: n.Span().Start, Outer: outer}
	switch n := n.(type) {
	case *syntax.FunctionDef:
		f.Kind, f.Name, f.Async = DefCode, n.Name.Name, n.Async
	case *syntax.ClassDef:
		f.Kind, f.Name = ClassCode, n.Name.Name
	default:
		f.Kind = LambdaCode
	}
	u.byNode[n.ID()] = i
	u.Funcs = append(u.Funcs, f)
	return i
}

// Sym is the symbol of a name.
func (u *Unit) Sym(name string) Sym {
	if s, ok := u.syms[name]; ok {
		return s
	}
	s := Sym(len(u.Syms))
	u.Syms = append(u.Syms, name)
	u.syms[name] = s
	return s
}

// List is the list of operands of an instruction.
func (f *Func) List(in *Instr) []Arg { return f.Args[in.B : in.B+in.C] }

// NextPhi is the phi after p in its block, or 0.
func (f *Func) NextPhi(p Value) Value { return Value(f.Instrs[p].A) }

// ValueOf is the value of an expression, or of a name where it is assigned; 0 where it has none. A node within the body
// of a finally may have several, of which this is that of the normal way.
func (f *Func) ValueOf(n syntax.Node) Value {
	vs := f.ValuesOf(n)
	if len(vs) == 0 {
		return 0
	}
	return vs[0].value
}

// ValuesOf are all values of a node.
func (f *Func) ValuesOf(n syntax.Node) []nodeValue {
	id := n.ID()
	lo, hi := 0, len(f.values)
	for lo < hi {
		if mid := (lo + hi) / 2; f.values[mid].node < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for hi = lo; hi < len(f.values) && f.values[hi].node == id; hi++ {
	}
	return f.values[lo:hi]
}

// EachOf calls g with all values of a node.
func (f *Func) EachOf(n syntax.Node, g func(Value)) {
	for _, nv := range f.ValuesOf(n) {
		g(nv.value)
	}
}

// EachNode calls f with every expression and name that has a value, by node.
func (f *Func) EachNode(g func(syntax.ID, Value)) {
	for _, nv := range f.values {
		g(nv.node, nv.value)
	}
}

// Source strips refinements and declarations from a value.
func (f *Func) Source(v Value) Value {
	for {
		switch in := &f.Instrs[v]; in.Op {
		case Refine, Declare:
			v = Value(in.A)
		default:
			return v
		}
	}
}
