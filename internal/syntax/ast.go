package syntax

import "github.com/wadjet-security/wadjet/internal/source"

// An ID numbers the nodes of one file densely from 1, in the order in which the
// parser finishes them. It depends on the bytes alone, so a tree may be dropped
// and parsed again. Later passes keep what they learn in a [Table] indexed by
// ID: the tree itself is never written to.
type ID uint32

// A Table holds one T for each node of one file. The zero T must mean "unknown".
type Table[T any] []T

// At is the entry of a node.
func (t Table[T]) At(n Node) *T { return &t[n.ID()] }

// A Node is any part of the tree that has a place.
type Node interface {
	Span() source.Span
	ID() ID
}

// base is embedded in every node: 12 bytes and no pointer.
type base struct {
	start, end uint32
	id         ID
}

func (b *base) Span() source.Span { return source.Span{Start: b.start, End: b.end} }
func (b *base) ID() ID            { return b.id }

// Expr is an expression, and what stands among expressions in an argument list
// ([Starred], [Keyword]).
type Expr interface {
	Node
	expr()
}

// Stmt is a statement.
type Stmt interface {
	Node
	stmt()
}

// CasePattern is what follows `case`.
type CasePattern interface {
	Node
	casePattern()
}

// A File is one parsed module. There is always a tree, however broken the text.
type File struct {
	Source   *source.File
	Body     []Stmt
	Comments []source.Span // each from its # to the end of its line, in order
	Errors   []Error       // in order of place, at most one an offset
	NumNodes uint32        // IDs run from 1 to NumNodes
	Python2  bool          // constructs that only Python 2 has were met
}

// An Error is a place where the text is not Python.
type Error struct {
	Span    source.Span
	Message string // one line, in plain words
	Python2 bool   // legal in Python 2: read as that, and analysed
}

// An Ident is a name with its place, where Python's own tree keeps only the name.
// The name is in Unicode's NFKC form, as Python compares names.
type Ident struct {
	Span source.Span
	Name string
}

// Context says how an expression is used.
type Context uint8

const (
	Load Context = iota
	Store
	Del
)

// ---- Expressions

// A Name is an identifier. In a pattern it may also be a metavariable: "$X", "$...XS", "$_".
type Name struct {
	base
	Ctx  Context
	Name string
}

// NumKind is the kind of a number.
type NumKind uint8

const (
	Int NumKind = iota
	Float
	Imaginary
)

// A Num is a number as it is written; [Num.Int] and [Num.Float] give its value.
type Num struct {
	base
	Kind NumKind
	Text string
}

// StrFlags say how a string literal was written.
type StrFlags uint8

const (
	Bytes    StrFlags = 1 << iota // b"": Value holds the bytes
	Unicode                       // u"": Python keeps that it was written so
	Raw                           // r"" (of the first literal, if several are joined)
	Triple                        // """ or '''
	Implicit                      // several literals joined by juxtaposition
	Part                          // literal text within an [FString], without quotes of its own
)

// A Str is a string or bytes literal, or several joined by juxtaposition. Value has escapes
// decoded; lone surrogates are in it as three bytes each (WTF-8).
type Str struct {
	base
	Flags StrFlags
	Value string
}

// ConstKind is one of the keywords that are values.
type ConstKind uint8

const (
	None ConstKind = iota
	True
	False
	Ellipsis // in a pattern: anything, as many as there are
)

// A Const is None, True, False or `...`.
type Const struct {
	base
	Kind ConstKind
}

// An FString is an f-string or, when Template is set, a t-string (PEP 701, PEP 750).
type FString struct {
	base
	Template bool
	Joined   bool   // several literals joined by juxtaposition
	Parts    []Expr // *Str with Part set, and *Interp
}

// An Interp is {X!r:Spec} in an f-string or t-string.
type Interp struct {
	base
	Conversion byte // 'r', 's', 'a', or 0
	X          Expr
	Spec       *FString // nil unless there is a colon
	Text       string   // of the expression as written; t-strings keep it
}

// A Tuple is a, b or (a, b).
type Tuple struct {
	base
	Ctx  Context
	Elts []Expr
}

// A List is [a, b].
type List struct {
	base
	Ctx  Context
	Elts []Expr
}

// A Set is {a, b}.
type Set struct {
	base
	Elts []Expr
}

// A Dict is {k: v, **m}. A nil key is **value; in a pattern a nil key with the value `...` is an ellipsis.
type Dict struct {
	base
	Keys, Values []Expr
}

// A Starred is *x.
type Starred struct {
	base
	Ctx Context
	X   Expr
}

// A Keyword is name=value in an argument list or a class's bases, or **value when Name is empty.
// The name begins where the node begins.
type Keyword struct {
	base
	Name  string
	Value Expr
}

// An Attribute is x.name. In a pattern Name may be a metavariable, or "..." for a chain of any length.
type Attribute struct {
	base
	Ctx  Context
	X    Expr
	Name string
}

// A Subscript is x[i]. An index of several items is a *Tuple.
type Subscript struct {
	base
	Ctx   Context
	X     Expr
	Index Expr
}

// A Slice is lo:hi:step, each of which may be nil.
type Slice struct {
	base
	Lo, Hi, Step Expr
}

// A Call is f(args). Args holds positional arguments, *Starred and *Keyword in source order.
type Call struct {
	base
	Func Expr
	Args []Expr
}

// Op is an operator.
type Op uint8

const (
	Add Op = iota
	Sub
	Mult
	MatMult
	Div
	Mod
	Pow
	LShift
	RShift
	BitOr
	BitXor
	BitAnd
	FloorDiv
	And
	Or
	Invert
	Not
	UAdd
	USub
	Eq
	NotEq
	Lt
	LtE
	Gt
	GtE
	Is
	IsNot
	In
	NotIn
)

// A BinOp is x op y.
type BinOp struct {
	base
	Op   Op
	X, Y Expr
}

// A BoolOp is a and b and c, or a or b or c.
type BoolOp struct {
	base
	Op     Op
	Values []Expr
}

// A UnaryOp is op x.
type UnaryOp struct {
	base
	Op Op
	X  Expr
}

// A Compare is x op y op z.
type Compare struct {
	base
	X    Expr
	Ops  []Op
	Rest []Expr // as many as Ops
}

// A Lambda is lambda params: body.
type Lambda struct {
	base
	Params *Params
	Body   Expr
}

// A Cond is then if test else orelse.
type Cond struct {
	base
	Test, Then, Else Expr
}

// CompKind says which brackets a comprehension has.
type CompKind uint8

const (
	GeneratorComp CompKind = iota
	ListComp
	SetComp
	DictComp
)

// A Comp is a comprehension or generator expression. Value is nil but for a DictComp, where Elt is the key.
type Comp struct {
	base
	Kind       CompKind
	Elt, Value Expr
	Clauses    []CompFor
}

// A CompFor is [async] for target in iter if a if b.
type CompFor struct {
	Async        bool
	Target, Iter Expr
	Ifs          []Expr
}

// An Await is await x.
type Await struct {
	base
	X Expr
}

// A Yield is yield x, or yield from x; X may be nil.
type Yield struct {
	base
	From bool
	X    Expr
}

// A Walrus is name := value.
type Walrus struct {
	base
	Target Expr
	Value  Expr
}

// A Backquote is Python 2's `x`, that is repr(x).
type Backquote struct {
	base
	X Expr
}

// A Deep is <... x ...> in a pattern: x at any depth within an expression.
type Deep struct {
	base
	X Expr
}

// A Typed is ($X : T) in a pattern: an expression of a type.
type Typed struct {
	base
	Name string
	Type Expr
}

// A BadExpr covers text that did not parse as an expression.
type BadExpr struct{ base }

// ---- Parameters

// ParamKind says how a parameter takes its argument.
type ParamKind uint8

const (
	PosOnly ParamKind = iota
	PosOrKw
	VarArgs // *args
	KwOnly
	KwArgs // **kwargs
)

// Params are the parameters of a function or lambda, in source order.
type Params struct {
	base
	List []*Param
}

// A Param is one parameter. In a pattern Name may be "...", "$X" or "$...XS".
// Its span is that of Python's `arg`: name and annotation, without stars and default.
type Param struct {
	base
	Kind       ParamKind
	Name       string
	Annotation Expr // or nil
	Default    Expr // or nil
	Tuple      Expr // Python 2's def f((a, b)): the names are in here, Name is empty
}

// TypeParamKind says which of the three forms a type parameter has (PEP 695).
type TypeParamKind uint8

const (
	TypeVar TypeParamKind = iota
	TypeVarTuple
	ParamSpec
)

// A TypeParam is T: bound = default, *Ts or **P.
type TypeParam struct {
	base
	Kind    TypeParamKind
	Name    string
	Bound   Expr // or nil
	Default Expr // or nil (PEP 696)
}

// ---- Statements

// A FunctionDef is [async] def. Its span begins at async or def, not at its decorators.
type FunctionDef struct {
	base
	Async      bool
	Name       Ident
	Decorators []Expr
	TypeParams []*TypeParam
	Params     *Params
	Returns    Expr // or nil
	Body       []Stmt
}

// A ClassDef is class name(args). Its span begins at class, not at its decorators.
type ClassDef struct {
	base
	Name       Ident
	Decorators []Expr
	TypeParams []*TypeParam
	Args       []Expr // bases, *Starred, *Keyword, in source order
	Body       []Stmt
}

// A Return is return x; X may be nil.
type Return struct {
	base
	X Expr
}

// A Delete is del a, b.
type Delete struct {
	base
	Targets []Expr
}

// An Assign is a = b = value.
type Assign struct {
	base
	Targets []Expr
	Value   Expr
}

// An AugAssign is target op= value.
type AugAssign struct {
	base
	Op     Op
	Target Expr
	Value  Expr
}

// An AnnAssign is target: annotation = value; Value may be nil.
type AnnAssign struct {
	base
	Simple     bool // the target is a name without parentheses
	Target     Expr
	Annotation Expr
	Value      Expr
}

// A TypeAlias is type name[params] = value (PEP 695).
type TypeAlias struct {
	base
	Name       *Name
	TypeParams []*TypeParam
	Value      Expr
}

// A For is [async] for target in iter: body else: orelse.
type For struct {
	base
	Async        bool
	Target, Iter Expr
	Body, Else   []Stmt
}

// A While is while test: body else: orelse.
type While struct {
	base
	Test       Expr
	Body, Else []Stmt
}

// An If is if test: body else: orelse; an elif is an If alone in Else, which begins at elif.
type If struct {
	base
	Test       Expr
	Body, Else []Stmt
}

// A With is [async] with items: body.
type With struct {
	base
	Async bool
	Items []WithItem
	Body  []Stmt
}

// A WithItem is x as vars; Vars may be nil.
type WithItem struct{ X, Vars Expr }

// A Raise is raise x from cause; both may be nil. Python 2's raise E, v, tb keeps v and tb in Extra.
type Raise struct {
	base
	X, Cause Expr
	Extra    []Expr
}

// A Try is try, or try with except* when Star is set.
type Try struct {
	base
	Star     bool
	Body     []Stmt
	Handlers []*Handler
	Else     []Stmt
	Finally  []Stmt
}

// A Handler is except type as name: body. Type may be nil, Name empty. Python 2's except E, t keeps a target
// that is not a name in Target.
type Handler struct {
	base
	Type   Expr
	Name   Ident
	Target Expr
	Body   []Stmt
}

// An Assert is assert test, msg; Msg may be nil.
type Assert struct {
	base
	Test, Msg Expr
}

// An Import is import a.b as c, d.
type Import struct {
	base
	Names []*Alias
}

// An ImportFrom is from ..module import a as b. Module is empty in `from . import a`; Level counts the dots.
type ImportFrom struct {
	base
	Level  uint16
	Module Ident
	Names  []*Alias // one named "*" for all
}

// An Alias is name as asname; AsName is empty unless given.
type Alias struct {
	base
	Name   string
	AsName string
}

// A Global is global a, b.
type Global struct {
	base
	Names []Ident
}

// A Nonlocal is nonlocal a, b.
type Nonlocal struct {
	base
	Names []Ident
}

// An ExprStmt is an expression that stands as a statement.
type ExprStmt struct {
	base
	X Expr
}

// A Pass is pass.
type Pass struct{ base }

// A Break is break.
type Break struct{ base }

// A Continue is continue.
type Continue struct{ base }

// A Print is Python 2's print statement: print >>to, a, b.
type Print struct {
	base
	To   Expr // or nil
	Args []Expr
}

// An Exec is Python 2's exec code in globals, locals.
type Exec struct {
	base
	Code, Globals, Locals Expr
}

// A BadStmt covers lines that did not parse as a statement. The file has an Error for it, and every pass
// walks on past it.
type BadStmt struct{ base }

// ---- match

// A Match is match subject: cases.
type Match struct {
	base
	Subject Expr
	Cases   []*Case
}

// A Case is case pattern if guard: body. Its span is not one of Python's: it runs from `case` to the end of the body.
type Case struct {
	base
	Pattern CasePattern
	Guard   Expr // or nil
	Body    []Stmt
}

// A MatchValue compares with a value.
type MatchValue struct {
	base
	X Expr
}

// A MatchSingleton compares with None, True or False by identity.
type MatchSingleton struct {
	base
	Kind ConstKind
}

// A MatchSequence is [p, q] or (p, q) or p, q.
type MatchSequence struct {
	base
	Patterns []CasePattern
}

// A MatchMapping is {k: p, **rest}.
type MatchMapping struct {
	base
	Keys     []Expr
	Patterns []CasePattern
	Rest     Ident // empty unless **rest
}

// A MatchClass is C(p, k=q).
type MatchClass struct {
	base
	Class      Expr
	Patterns   []CasePattern
	Keywords   []Ident
	KwPatterns []CasePattern
}

// A MatchStar is *name within a sequence; the name is empty for *_.
type MatchStar struct {
	base
	Name Ident
}

// A MatchAs is pattern as name, a bare name (Pattern nil), or _ (both empty).
type MatchAs struct {
	base
	Pattern CasePattern
	Name    Ident
}

// A MatchOr is p | q.
type MatchOr struct {
	base
	Patterns []CasePattern
}

func (*Name) expr()      {}
func (*Num) expr()       {}
func (*Str) expr()       {}
func (*Const) expr()     {}
func (*FString) expr()   {}
func (*Interp) expr()    {}
func (*Tuple) expr()     {}
func (*List) expr()      {}
func (*Set) expr()       {}
func (*Dict) expr()      {}
func (*Starred) expr()   {}
func (*Keyword) expr()   {}
func (*Attribute) expr() {}
func (*Subscript) expr() {}
func (*Slice) expr()     {}
func (*Call) expr()      {}
func (*BinOp) expr()     {}
func (*BoolOp) expr()    {}
func (*UnaryOp) expr()   {}
func (*Compare) expr()   {}
func (*Lambda) expr()    {}
func (*Cond) expr()      {}
func (*Comp) expr()      {}
func (*Await) expr()     {}
func (*Yield) expr()     {}
func (*Walrus) expr()    {}
func (*Backquote) expr() {}
func (*Deep) expr()      {}
func (*Typed) expr()     {}
func (*BadExpr) expr()   {}

func (*FunctionDef) stmt() {}
func (*ClassDef) stmt()    {}
func (*Return) stmt()      {}
func (*Delete) stmt()      {}
func (*Assign) stmt()      {}
func (*AugAssign) stmt()   {}
func (*AnnAssign) stmt()   {}
func (*TypeAlias) stmt()   {}
func (*For) stmt()         {}
func (*While) stmt()       {}
func (*If) stmt()          {}
func (*With) stmt()        {}
func (*Raise) stmt()       {}
func (*Try) stmt()         {}
func (*Assert) stmt()      {}
func (*Import) stmt()      {}
func (*ImportFrom) stmt()  {}
func (*Global) stmt()      {}
func (*Nonlocal) stmt()    {}
func (*ExprStmt) stmt()    {}
func (*Pass) stmt()        {}
func (*Break) stmt()       {}
func (*Continue) stmt()    {}
func (*Print) stmt()       {}
func (*Exec) stmt()        {}
func (*Match) stmt()       {}
func (*BadStmt) stmt()     {}

func (*MatchValue) casePattern()     {}
func (*MatchSingleton) casePattern() {}
func (*MatchSequence) casePattern()  {}
func (*MatchMapping) casePattern()   {}
func (*MatchClass) casePattern()     {}
func (*MatchStar) casePattern()      {}
func (*MatchAs) casePattern()        {}
func (*MatchOr) casePattern()        {}
