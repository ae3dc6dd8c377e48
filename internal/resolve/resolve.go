package resolve

import (
	"slices"
	"sync/atomic"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Kind says how a name is bound.
type Kind uint8

// The kinds of definition. The defining node is a *syntax.Name but where the comment names another.
const (
	Assign    Kind = iota // x = v, x: T = v
	AugAssign             // x += v
	Declared              // x: T, which binds the name to no value
	Walrus                // x := v
	For                   // the target of a for statement or of a comprehension
	With                  // with v as x
	Import                // *syntax.Alias
	Param                 // *syntax.Param; *syntax.Name within Python 2's tuple parameters
	Func                  // *syntax.FunctionDef
	Class                 // *syntax.ClassDef
	Except                // *syntax.Handler; *syntax.Name in Python 2's forms
	Match                 // *syntax.MatchAs, *syntax.MatchStar, *syntax.MatchMapping
	TypeParam             // *syntax.TypeParam
	TypeAlias             // type x = v
	Del                   // del x
)

var kindNames = [...]string{"assign", "augassign", "declared", "walrus", "for", "with", "import", "param", "def", "class",
	"except", "match", "typeparam", "typealias", "del"}

func (k Kind) String() string { return kindNames[k] }

// ScopeKind says what a scope belongs to.
type ScopeKind uint8

// The kinds of scope.
const (
	ModuleScope ScopeKind = iota
	ClassScope
	FunctionScope
	LambdaScope
	CompScope
	TypeParamScope // of a generic function, class or type alias, around it
)

var scopeKindNames = [...]string{"module", "class", "function", "lambda", "comprehension", "typeparams"}

func (k ScopeKind) String() string { return scopeKindNames[k] }

// A Def is one place that gives a name a meaning.
type Def struct {
	Node syntax.Node
	Kind Kind
}

// A Binding is a name of a scope, and all that defines it.
type Binding struct {
	Scope  *Scope
	Name   string // as the source spells it; a private name that a class gives the module, as the module knows it: _C__x
	Kind   Kind   // of the first definition
	Remote bool   // a definition stands in an inner scope that says global or nonlocal
	// Captured says that an inner function or class uses the name, whenever it runs.
	Captured bool
	Index    int   // dense within a file, from 0
	Defs     []Def // in the order of the source; at least one
}

// A Scope is a region in which names are bound together.
type Scope struct {
	Kind     ScopeKind
	Index    int         // dense within a file, from 0, which is the module
	Parent   *Scope      // nil for the module
	Node     syntax.Node // *FunctionDef, *ClassDef, *Lambda, *Comp, *TypeAlias; nil for the module
	Bindings []Binding   // in the order in which the names first occur in the scope

	index atomic.Pointer[map[string]*Binding]
}

// Lookup is the binding of a name in this very scope, or nil.
func (s *Scope) Lookup(name string) *Binding {
	if len(s.Bindings) <= 8 {
		for i := range s.Bindings {
			if s.Bindings[i].Name == name {
				return &s.Bindings[i]
			}
		}
		return nil
	}
	m := s.index.Load()
	if m == nil {
		built := make(map[string]*Binding, len(s.Bindings))
		for i := range s.Bindings {
			built[s.Bindings[i].Name] = &s.Bindings[i]
		}
		m = &built
		s.index.Store(m)
	}
	return (*m)[name]
}

// Function is the innermost scope that is not a comprehension's or of type parameters: the one whose code
// runs what stands in s.
func (s *Scope) Function() *Scope {
	for s.Kind == CompScope || s.Kind == TypeParamScope {
		s = s.Parent
	}
	return s
}

// Info is what is known of the names of one file.
type Info struct {
	Tree   *syntax.File
	Module *Scope
	Scopes []Scope // Module is the first; outer before inner

	// What later passes look for, in the order of the walk, so that they need no walk of their own.
	Imports    []*syntax.Import
	FromImport []*syntax.ImportFrom
	Classes    []*syntax.ClassDef
	Functions  []*syntax.FunctionDef
	Returns    []*syntax.Return    // those with a value
	AttrStores []*syntax.Attribute // x.name as a target of assignment or del
	Compared   []*syntax.Name      // what == and is compare with what may be a text, and subjects of match: a branch may know which it is

	bindings []Binding
	parents  []syntax.Node
	scopes   []uint32 // node ID -> index in Scopes
	entries  []uint32 // node ID -> entry
	resolved []uint32 // entry -> 1 + index in bindings, or 0
}

// Parent is the node that a node stands in, or nil at the top of the file.
func (in *Info) Parent(n syntax.Node) syntax.Node { return in.parents[n.ID()] }

// ScopeOf is the scope in which a node is evaluated. A function belongs to the scope it is defined in, its
// parameters and body to its own, its decorators and defaults to the outer one.
func (in *Info) ScopeOf(n syntax.Node) *Scope { return &in.Scopes[in.scopes[n.ID()]] }

// Binding is what a name means, or nil: then it is a builtin, comes from a star import, or is undefined.
func (in *Info) Binding(n *syntax.Name) *Binding { return in.Defined(n) }

// Defined is the binding that a defining node (see [Kind]) gives a meaning to, and that of a Name.
func (in *Info) Defined(n syntax.Node) *Binding {
	e := in.entries[n.ID()]
	if e == 0 {
		return nil
	}
	if b := in.resolved[e]; b != 0 {
		return &in.bindings[b-1]
	}
	return nil
}

// NumBindings is one more than the greatest Index of a binding.
func (in *Info) NumBindings() int { return len(in.bindings) }

// AllBindings are the bindings of all scopes, by Index.
func (in *Info) AllBindings() []Binding { return in.bindings }

// Resolve finds the scopes and bindings of a file.
func Resolve(tree *syntax.File) *Info {
	n := int(tree.NumNodes) + 1
	in := &Info{
		Tree:    tree,
		parents: make([]syntax.Node, n),
		scopes:  make([]uint32, n),
		entries: make([]uint32, n),
	}
	r := getResolver()
	r.in = in
	r.scopes = append(r.scopes, scope{kind: ModuleScope})
	r.stmts(tree.Body, nil)
	r.leave()
	r.finish()
	r.release()
	return in
}

// finish turns entries into bindings, grouped by scope.
func (r *resolver) finish() {
	in := r.in
	nb, nd := 0, 0
	for i := 1; i < len(r.entries); i++ {
		if e := &r.entries[i]; e.flags&bound != 0 {
			nb++
			nd += int(e.numDefs)
		}
	}
	in.Scopes = make([]Scope, len(r.scopes))
	in.bindings = make([]Binding, 0, nb)
	in.resolved = make([]uint32, len(r.entries))
	defs := make([]Def, 0, nd)
	for i := range r.scopes {
		s, out := &r.scopes[i], &in.Scopes[i]
		out.Kind, out.Index, out.Node = s.kind, i, s.node
		if i > 0 {
			out.Parent = &in.Scopes[s.parent]
		}
		first := len(in.bindings)
		for id := s.first; id != 0; id = r.entries[id].next {
			e := &r.entries[id]
			if e.flags&bound == 0 {
				continue
			}
			from := len(defs)
			for d := e.firstDef; d != 0; d = r.defs[d].next {
				defs = append(defs, r.defs[d].def)
			}
			all := defs[from:len(defs):len(defs)]
			if e.flags&remote != 0 {
				slices.SortStableFunc(all, func(a, b Def) int { return int(a.Node.Span().Start) - int(b.Node.Span().Start) })
			}
			name := r.names[e.sym]
			if spelled, ok := r.private[e.sym]; ok && i > 0 {
				name = spelled
			}
			in.bindings = append(in.bindings, Binding{Scope: out, Name: name, Kind: all[0].Kind,
				Remote: e.flags&remote != 0, Captured: e.flags&captured != 0, Index: len(in.bindings), Defs: all})
			in.resolved[id] = uint32(len(in.bindings))
		}
		out.Bindings = in.bindings[first:len(in.bindings):len(in.bindings)]
	}
	in.Module = &in.Scopes[0]
	for i := 1; i < len(r.entries); i++ {
		j := uint32(i)
		for r.entries[j].out != 0 {
			j = r.entries[j].out
		}
		in.resolved[i] = in.resolved[j]
	}
}

// Node is the node of a number, or nil.
func (in *Info) Node(id syntax.ID) (n syntax.Node) {
	if id == 0 || int(id) >= len(in.parents) {
		return nil
	}
	find := func(c syntax.Node) {
		if c.ID() == id {
			n = c
		}
	}
	if p := in.parents[id]; p != nil {
		syntax.Children(p, find)
	} else {
		for _, s := range in.Tree.Body {
			find(s)
		}
	}
	return n
}
