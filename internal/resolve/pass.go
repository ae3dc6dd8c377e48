package resolve

import (
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Flags of an entry.
const (
	bound    uint8 = 1 << iota // the scope binds the name
	global                     // the scope says global
	nonlocal                   // the scope says nonlocal
	remote                     // definitions came from inner scopes
	captured                   // an inner function or class uses it
)

// An entry is a name as one scope knows it.
type entry struct {
	sym, scope       uint32
	shadow           uint32 // the entry of the same name in the next outer scope that has one
	next             uint32 // the next entry of the scope
	out              uint32 // where the entry is forwarded to
	firstDef, endDef uint32
	numDefs          uint32
	flags            uint8
}

type scope struct {
	kind        ScopeKind
	depth       uint32
	parent      uint32
	first, last uint32 // entries
	node        syntax.Node
}

type def struct {
	def  Def
	next uint32
}

type resolver struct {
	in      *Info
	syms    map[string]uint32
	names   []string
	cur     []uint32 // by symbol
	entries []entry  // 0 is none
	scopes  []scope
	defs    []def             // 0 is none
	scope   uint32            // the innermost open one
	store   Kind              // what a Name in Store context means here
	class   string            // what private names begin with: the class around without its leading underscores
	private map[uint32]string // how the source spells those symbols that stand for private names
}

var resolvers = sync.Pool{New: func() any { return &resolver{syms: map[string]uint32{}} }}

func getResolver() *resolver {
	r := resolvers.Get().(*resolver)
	r.entries = append(r.entries[:0], entry{})
	r.defs = append(r.defs[:0], def{})
	r.names, r.cur, r.scopes = r.names[:0], r.cur[:0], r.scopes[:0]
	r.scope, r.store, r.class = 0, Assign, ""
	return r
}

// release gives the working memory back, without what would keep a file's text or tree alive.
func (r *resolver) release() {
	const keep = 1 << 16 // a giant file must not leave its tables behind
	if len(r.names) > keep || len(r.entries) > keep || len(r.defs) > keep {
		return
	}
	clear(r.syms)
	clear(r.names)
	clear(r.scopes)
	clear(r.defs)
	clear(r.private)
	r.in = nil
	resolvers.Put(r)
}

// entryAt is the entry of a name in an open scope.
func (r *resolver) entryAt(sym, at uint32) uint32 {
	e, inner := r.cur[sym], uint32(0)
	depth := r.scopes[at].depth
	for e != 0 && r.scopes[r.entries[e].scope].depth > depth {
		inner, e = e, r.entries[e].shadow
	}
	if e != 0 && r.entries[e].scope == at {
		return e
	}
	id := uint32(len(r.entries))
	r.entries = append(r.entries, entry{sym: sym, scope: at, shadow: e})
	if inner == 0 {
		r.cur[sym] = id
	} else {
		r.entries[inner].shadow = id
	}
	s := &r.scopes[at]
	if s.last == 0 {
		s.first = id
	} else {
		r.entries[s.last].next = id
	}
	s.last = id
	return id
}

// sym numbers a name. A private one, __x in class C, is _C__x: also the nested functions of the class, its methods'
// globals and what they import are spelled so.
func (r *resolver) sym(name string) uint32 {
	if len(name) > 2 && name[0] == '_' && name[1] == '_' && r.class != "" && !strings.HasSuffix(name, "__") {
		return r.privateSym(name)
	}
	return r.intern(name)
}

func (r *resolver) privateSym(name string) uint32 {
	s := r.intern("_" + r.class + name)
	if r.private == nil {
		r.private = map[uint32]string{}
	}
	r.private[s] = name
	return s
}

func (r *resolver) intern(name string) uint32 {
	if s, ok := r.syms[name]; ok {
		return s
	}
	s := uint32(len(r.names))
	r.syms[name] = s
	r.names = append(r.names, name)
	r.cur = append(r.cur, 0)
	return s
}

// bind adds a definition of a name to a scope.
func (r *resolver) bind(name string, n syntax.Node, k Kind, at uint32) {
	id := r.entryAt(r.sym(name), at)
	r.in.entries[n.ID()] = id
	d := uint32(len(r.defs))
	r.defs = append(r.defs, def{def: Def{Node: n, Kind: k}})
	e := &r.entries[id]
	e.flags |= bound
	e.numDefs++
	if e.endDef == 0 {
		e.firstDef = d
	} else {
		r.defs[e.endDef].next = d
	}
	e.endDef = d
}

func (r *resolver) enter(k ScopeKind, n syntax.Node) {
	id := uint32(len(r.scopes))
	r.scopes = append(r.scopes, scope{kind: k, depth: r.scopes[r.scope].depth + 1, parent: r.scope, node: n})
	r.scope = id
}

// leave closes the innermost scope and forwards what it does not bind.
func (r *resolver) leave() {
	at := r.scope
	s := r.scopes[at]
	for id := s.first; id != 0; id = r.entries[id].next {
		r.cur[r.entries[id].sym] = r.entries[id].shadow
	}
	if at == 0 {
		for id := s.first; id != 0; id = r.entries[id].next {
			if e := &r.entries[id]; e.numDefs > 0 {
				e.flags |= bound
			}
		}
		return
	}
	r.scope = s.parent
	for id := s.first; id != 0; id = r.entries[id].next {
		e := r.entries[id]
		if e.flags&(global|nonlocal) == 0 && e.flags&bound != 0 {
			continue
		}
		target := uint32(0)
		if e.flags&global == 0 {
			target = r.outer(e.sym, at)
		}
		to := r.entryAt(e.sym, target)
		r.entries[id].out = to
		r.entries[id].flags &^= bound
		if s.kind == FunctionScope || s.kind == LambdaScope || s.kind == ClassScope || e.flags&captured != 0 {
			r.entries[to].flags |= captured
		}
		if e.numDefs == 0 {
			continue
		}
		t := &r.entries[to]
		t.flags |= remote
		t.numDefs += e.numDefs
		if t.endDef == 0 {
			t.firstDef = e.firstDef
		} else {
			r.defs[t.endDef].next = e.firstDef
		}
		t.endDef = e.endDef
		r.entries[id].numDefs = 0
	}
}

// outer is the scope in which Python looks for a name that the scope at does not bind.
func (r *resolver) outer(sym, at uint32) uint32 {
	if p := r.scopes[at].parent; r.scopes[at].kind == TypeParamScope && r.scopes[p].kind == ClassScope {
		return p // annotations see the class they stand in
	}
	for {
		at = r.scopes[at].parent
		switch r.scopes[at].kind {
		case ClassScope:
		case TypeParamScope:
			// All type parameters are known by now. A name that is none of them must not be
			// merged with what the annotations see, since they see the class around and a body does not.
			for e := r.cur[sym]; e != 0; e = r.entries[e].shadow {
				if r.entries[e].scope == at && r.entries[e].flags&bound != 0 {
					return at
				}
			}
		default:
			return at
		}
	}
}

func (r *resolver) declare(names []syntax.Ident, flag uint8) {
	for i := range names {
		id := r.entryAt(r.sym(names[i].Name), r.scope)
		if r.scope != 0 {
			r.entries[id].flags |= flag
		}
	}
}

// function is the innermost scope in which an assignment expression binds.
func (r *resolver) function() uint32 {
	at := r.scope
	for r.scopes[at].kind == CompScope {
		at = r.scopes[at].parent
	}
	return at
}

func (r *resolver) place(n, parent syntax.Node) syntax.ID {
	id := n.ID()
	r.in.parents[id] = parent
	r.in.scopes[id] = r.scope
	return id
}

func (r *resolver) targets(list []syntax.Expr, k Kind, parent syntax.Node) {
	old := r.store
	r.store = k
	r.exprs(list, parent)
	r.store = old
}

func (r *resolver) target(e syntax.Expr, k Kind, parent syntax.Node) {
	old := r.store
	r.store = k
	r.expr(e, parent)
	r.store = old
}

func (r *resolver) stmts(list []syntax.Stmt, parent syntax.Node) {
	for _, s := range list {
		r.stmt(s, parent)
	}
}

func (r *resolver) stmt(s syntax.Stmt, parent syntax.Node) {
	r.place(s, parent)
	switch s := s.(type) {
	case *syntax.ExprStmt:
		r.expr(s.X, s)
	case *syntax.Assign:
		r.expr(s.Value, s)
		r.targets(s.Targets, Assign, s)
	case *syntax.If:
		r.expr(s.Test, s)
		r.stmts(s.Body, s)
		r.stmts(s.Else, s)
	case *syntax.Return:
		if s.X != nil {
			r.in.Returns = append(r.in.Returns, s)
			r.expr(s.X, s)
		}
	case *syntax.FunctionDef:
		r.functionDef(s)
	case *syntax.ClassDef:
		r.classDef(s)
	case *syntax.AugAssign:
		r.expr(s.Value, s)
		r.target(s.Target, AugAssign, s)
	case *syntax.AnnAssign:
		r.expr(s.Annotation, s)
		k := Declared
		if s.Value != nil {
			r.expr(s.Value, s)
			k = Assign
		}
		if _, name := s.Target.(*syntax.Name); name && !s.Simple && s.Value == nil {
			r.place(s.Target, s) // (x): T says nothing of x, not even that it is local
			return
		}
		r.target(s.Target, k, s)
	case *syntax.Import:
		r.in.Imports = append(r.in.Imports, s)
		for _, a := range s.Names {
			r.place(a, s)
			name := a.AsName
			if name == "" {
				name = firstComponent(a.Name)
			}
			r.bind(name, a, Import, r.scope)
		}
	case *syntax.ImportFrom:
		r.in.FromImport = append(r.in.FromImport, s)
		for _, a := range s.Names {
			r.place(a, s)
			if a.Name == "*" {
				continue
			}
			name := a.AsName
			if name == "" {
				name = a.Name
			}
			r.bind(name, a, Import, r.scope)
		}
	case *syntax.For:
		r.expr(s.Iter, s)
		r.target(s.Target, For, s)
		r.stmts(s.Body, s)
		r.stmts(s.Else, s)
	case *syntax.While:
		r.expr(s.Test, s)
		r.stmts(s.Body, s)
		r.stmts(s.Else, s)
	case *syntax.With:
		for i := range s.Items {
			r.expr(s.Items[i].X, s)
			r.target(s.Items[i].Vars, With, s)
		}
		r.stmts(s.Body, s)
	case *syntax.Raise:
		r.expr(s.X, s)
		r.expr(s.Cause, s)
		r.exprs(s.Extra, s)
	case *syntax.Try:
		r.stmts(s.Body, s)
		for _, h := range s.Handlers {
			r.place(h, s)
			r.expr(h.Type, h)
			if h.Name.Name != "" {
				r.bind(h.Name.Name, h, Except, r.scope)
			}
			r.target(h.Target, Except, h)
			r.stmts(h.Body, h)
		}
		r.stmts(s.Else, s)
		r.stmts(s.Finally, s)
	case *syntax.Assert:
		r.expr(s.Test, s)
		r.expr(s.Msg, s)
	case *syntax.Delete:
		r.exprs(s.Targets, s)
	case *syntax.Global:
		r.declare(s.Names, global)
	case *syntax.Nonlocal:
		r.declare(s.Names, nonlocal)
	case *syntax.Print:
		r.expr(s.To, s)
		r.exprs(s.Args, s)
	case *syntax.Exec:
		r.expr(s.Code, s)
		r.expr(s.Globals, s)
		r.expr(s.Locals, s)
	case *syntax.TypeAlias:
		if s.Name != nil {
			r.target(s.Name, TypeAlias, s)
		}
		generic := r.typeParams(s.TypeParams, s)
		r.expr(s.Value, s)
		if generic {
			r.leave()
		}
	case *syntax.Match:
		syntax.Inspect(s.Subject, func(n syntax.Node) bool {
			if x, ok := n.(*syntax.Name); ok {
				r.compared(x)
			}
			return true
		})
		r.expr(s.Subject, s)
		for _, c := range s.Cases {
			r.place(c, s)
			r.pattern(c.Pattern, c)
			r.expr(c.Guard, c)
			r.stmts(c.Body, c)
		}
	case *syntax.Pass, *syntax.Break, *syntax.Continue, *syntax.BadStmt:
	}
}

func firstComponent(dotted string) string {
	for i := 0; i < len(dotted); i++ {
		if dotted[i] == '.' {
			return dotted[:i]
		}
	}
	return dotted
}

// typeParams opens the scope of type parameters, if there are any.
func (r *resolver) typeParams(list []*syntax.TypeParam, owner syntax.Node) bool {
	if len(list) == 0 {
		return false
	}
	r.enter(TypeParamScope, owner)
	for _, p := range list {
		r.place(p, owner)
		r.bind(p.Name, p, TypeParam, r.scope)
	}
	for _, p := range list {
		r.expr(p.Bound, p)
		r.expr(p.Default, p)
	}
	return true
}

// signature visits what is evaluated where a function is defined; bindParams the rest.
func (r *resolver) signature(ps *syntax.Params, owner syntax.Node) {
	if ps == nil {
		return
	}
	r.place(ps, owner)
	for _, p := range ps.List {
		r.place(p, ps)
		if p.Annotation != nil {
			r.expr(p.Annotation, p)
		}
		if p.Default != nil {
			r.expr(p.Default, p)
		}
	}
}

func (r *resolver) bindParams(ps *syntax.Params) {
	if ps == nil {
		return
	}
	for _, p := range ps.List {
		r.in.scopes[p.ID()] = r.scope
		if p.Tuple != nil {
			r.target(p.Tuple, Param, p)
		} else if p.Name != "" {
			r.bind(p.Name, p, Param, r.scope)
		}
	}
}

func (r *resolver) functionDef(f *syntax.FunctionDef) {
	r.in.Functions = append(r.in.Functions, f)
	r.exprs(f.Decorators, f)
	r.bind(f.Name.Name, f, Func, r.scope)
	generic := r.typeParams(f.TypeParams, f)
	r.signature(f.Params, f)
	r.expr(f.Returns, f)
	r.enter(FunctionScope, f)
	r.bindParams(f.Params)
	r.stmts(f.Body, f)
	r.leave()
	if generic {
		r.leave()
	}
}

func (r *resolver) classDef(c *syntax.ClassDef) {
	r.in.Classes = append(r.in.Classes, c)
	r.exprs(c.Decorators, c)
	r.bind(c.Name.Name, c, Class, r.scope)
	around, class := r.class, strings.TrimLeft(c.Name.Name, "_")
	if len(c.TypeParams) > 0 {
		r.class = class // the names of type parameters are private, too
	}
	generic := r.typeParams(c.TypeParams, c)
	r.exprs(c.Args, c)
	r.class = class
	r.enter(ClassScope, c)
	r.stmts(c.Body, c)
	r.leave()
	r.class = around
	if generic {
		r.leave()
	}
}

func (r *resolver) exprs(list []syntax.Expr, parent syntax.Node) {
	for _, e := range list {
		r.expr(e, parent)
	}
}

func (r *resolver) expr(e syntax.Expr, parent syntax.Node) {
	if e == nil {
		return
	}
	id := r.place(e, parent)
	switch e := e.(type) {
	case *syntax.Name:
		switch e.Ctx {
		case syntax.Load:
			r.in.entries[id] = r.entryAt(r.sym(e.Name), r.scope)
		case syntax.Store:
			r.bind(e.Name, e, r.store, r.scope)
		default:
			r.bind(e.Name, e, Del, r.scope)
		}
	case *syntax.Attribute:
		if e.Ctx != syntax.Load {
			r.in.AttrStores = append(r.in.AttrStores, e)
		}
		r.expr(e.X, e)
	case *syntax.Call:
		r.expr(e.Func, e)
		r.exprs(e.Args, e)
	case *syntax.Str, *syntax.Num, *syntax.Const:
	case *syntax.Keyword:
		r.expr(e.Value, e)
	case *syntax.Subscript:
		r.expr(e.X, e)
		r.expr(e.Index, e)
	case *syntax.BinOp:
		r.expr(e.X, e)
		r.expr(e.Y, e)
	case *syntax.Compare:
		r.comparison(e)
		r.expr(e.X, e)
		r.exprs(e.Rest, e)
	case *syntax.Tuple:
		r.exprs(e.Elts, e)
	case *syntax.List:
		r.exprs(e.Elts, e)
	case *syntax.Dict:
		for i, k := range e.Keys {
			r.expr(k, e)
			r.expr(e.Values[i], e)
		}
	case *syntax.UnaryOp:
		r.expr(e.X, e)
	case *syntax.BoolOp:
		r.exprs(e.Values, e)
	case *syntax.FString:
		r.exprs(e.Parts, e)
	case *syntax.Interp:
		r.expr(e.X, e)
		if e.Spec != nil {
			r.expr(e.Spec, e)
		}
	case *syntax.Set:
		r.exprs(e.Elts, e)
	case *syntax.Starred:
		r.expr(e.X, e)
	case *syntax.Slice:
		r.expr(e.Lo, e)
		r.expr(e.Hi, e)
		r.expr(e.Step, e)
	case *syntax.Cond:
		r.expr(e.Test, e)
		r.expr(e.Then, e)
		r.expr(e.Else, e)
	case *syntax.Lambda:
		r.signature(e.Params, e)
		r.enter(LambdaScope, e)
		r.bindParams(e.Params)
		r.expr(e.Body, e)
		r.leave()
	case *syntax.Comp:
		r.comp(e)
	case *syntax.Await:
		r.expr(e.X, e)
	case *syntax.Yield:
		r.expr(e.X, e)
	case *syntax.Walrus:
		r.expr(e.Value, e)
		r.walrus(e.Target, e)
	case *syntax.Backquote:
		r.expr(e.X, e)
	case *syntax.Deep:
		r.expr(e.X, e)
	case *syntax.Typed:
		r.expr(e.Type, e)
	case *syntax.BadExpr:
	}
}

func (r *resolver) walrus(target syntax.Expr, parent syntax.Node) {
	if n, ok := target.(*syntax.Name); ok {
		r.place(n, parent)
		r.bind(n.Name, n, Walrus, r.function())
		return
	}
	r.target(target, Walrus, parent)
}

func (r *resolver) comp(c *syntax.Comp) {
	for i := range c.Clauses {
		f := &c.Clauses[i]
		r.expr(f.Iter, c)
		if i == 0 {
			r.enter(CompScope, c)
		}
		r.target(f.Target, For, c)
		r.exprs(f.Ifs, c)
	}
	r.expr(c.Elt, c)
	r.expr(c.Value, c)
	if len(c.Clauses) > 0 {
		r.leave()
	}
}

func (r *resolver) pattern(p syntax.CasePattern, parent syntax.Node) {
	if p == nil {
		return
	}
	r.place(p, parent)
	switch p := p.(type) {
	case *syntax.MatchValue:
		r.expr(p.X, p)
	case *syntax.MatchSingleton:
	case *syntax.MatchSequence:
		r.patterns(p.Patterns, p)
	case *syntax.MatchMapping:
		for i, k := range p.Keys {
			r.expr(k, p)
			r.pattern(p.Patterns[i], p)
		}
		if p.Rest.Name != "" {
			r.bind(p.Rest.Name, p, Match, r.scope)
		}
	case *syntax.MatchClass:
		r.expr(p.Class, p)
		r.patterns(p.Patterns, p)
		r.patterns(p.KwPatterns, p)
	case *syntax.MatchStar:
		if p.Name.Name != "" {
			r.bind(p.Name.Name, p, Match, r.scope)
		}
	case *syntax.MatchAs:
		r.pattern(p.Pattern, p)
		if p.Name.Name != "" {
			r.bind(p.Name.Name, p, Match, r.scope)
		}
	case *syntax.MatchOr:
		r.patterns(p.Patterns, p)
	}
}

func (r *resolver) patterns(list []syntax.CasePattern, parent syntax.Node) {
	for _, p := range list {
		r.pattern(p, parent)
	}
}

// comparison notes the names that are compared by == or is with what may be a text.
func (r *resolver) comparison(e *syntax.Compare) {
	if len(e.Ops) == 1 {
		if e.Ops[0] == syntax.Eq || e.Ops[0] == syntax.Is {
			if mayBeText(e.Rest[0]) {
				r.compared(e.X)
			}
			if mayBeText(e.X) {
				r.compared(e.Rest[0])
			}
		}
		return
	}
	r.compared(e.X)
	for _, x := range e.Rest {
		r.compared(x)
	}
}

func mayBeText(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Num, *syntax.Const:
		return false
	}
	return true
}

// compared notes a name that is an operand of a comparison.
func (r *resolver) compared(e syntax.Expr) {
	if w, ok := e.(*syntax.Walrus); ok {
		e = w.Target
	}
	if n, ok := e.(*syntax.Name); ok {
		r.in.Compared = append(r.in.Compared, n)
	}
}
