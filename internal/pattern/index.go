package pattern

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An index is what one walk of a tree gathers for all rules: the nodes that patterns may match at. It is used for one file after the
// other, and keeps its memory.
type index struct {
	set    *Set
	module *program.Module

	present []bool                       // by symbol: it occurs
	calls   [][]syntax.Node              // by symbol: calls of something whose last component it is
	names   [][]syntax.Node              // by symbol: names and attributes
	keyed   [][]syntax.Node              // by symbol: calls that give an argument this name
	imports [][]syntax.Node              // by symbol: imports of what it is part of the name of
	touched []int32                      // symbols to reset
	texts   [][]syntax.Node              // by text of a pattern: literals of it
	said    []int32                      // texts to reset
	taken   []bool                       // by symbol: it is part of what something is called that the module has from another one
	took    []int32                      // symbols to reset there
	spelled [1 << (alikeBits - 6)]uint64 // by likeness: a name of the file may have it
	wild    bool                         // it may have anything
	kinds   [numNodeKinds][]syntax.Node
	exprs   []syntax.Node
	stmts   []syntax.Stmt
	blocks  [][]syntax.Stmt

	alias   []alias            // by binding: what it stands for
	attrs   map[string][]int32 // the same for what classes store in self
	results []leafResult       // by leaf
	envs    envSlab
	collect collector
	asked   []map[string]bool // by guard: what it said of a text; for the files that follow, too
	words   places
	done    []int32 // leaves with results
	marked  []bool  // by rule
	list    []int32
}

// An alias is what a name stands for, if not for itself: the symbols of those names.
type alias struct {
	known bool
	syms  []int32
}

type leafResult struct {
	known, exhausted bool
	found            []rng
}

func newIndex(s *Set) *index {
	return &index{
		set: s, present: make([]bool, len(s.symbols)), taken: make([]bool, len(s.symbols)), calls: make([][]syntax.Node, len(s.symbols)),
		names: make([][]syntax.Node, len(s.symbols)), keyed: make([][]syntax.Node, len(s.symbols)), imports: make([][]syntax.Node, len(s.symbols)), results: make([]leafResult, len(s.leaves)), marked: make([]bool, len(s.rules)),
		asked: make([]map[string]bool, len(s.asked)), attrs: map[string][]int32{}, texts: make([][]syntax.Node, len(s.texts)),
	}
}

// release forgets the file.
func (x *index) release() {
	for _, s := range x.touched {
		x.present[s] = false
		clear(x.calls[s])
		clear(x.names[s])
		clear(x.keyed[s])
		clear(x.imports[s])
		x.calls[s], x.names[s], x.keyed[s], x.imports[s] = x.calls[s][:0], x.names[s][:0], x.keyed[s][:0], x.imports[s][:0]
	}
	for _, s := range x.took {
		x.taken[s] = false
	}
	clear(x.spelled[:])
	x.took, x.wild = x.took[:0], false
	for _, t := range x.said {
		clear(x.texts[t])
		x.texts[t] = x.texts[t][:0]
	}
	for _, l := range x.done {
		x.results[l] = leafResult{}
	}
	x.envs.release()
	x.collect = collector{keep: x.collect.keep}
	x.words.reset()
	for k := range x.kinds {
		clear(x.kinds[k])
		x.kinds[k] = x.kinds[k][:0]
	}
	clear(x.exprs)
	clear(x.stmts)
	clear(x.blocks)
	clear(x.alias)
	x.alias = x.alias[:0]
	clear(x.attrs)
	x.exprs, x.stmts, x.blocks, x.touched, x.said, x.done = x.exprs[:0], x.stmts[:0], x.blocks[:0], x.touched[:0], x.said[:0], x.done[:0]
	x.module = nil
}

func (x *index) build(m *program.Module) {
	x.module = m
	x.alias = slices.Grow(x.alias, m.Names.NumBindings())[:m.Names.NumBindings()]
	for _, a := range m.Names.AttrStores {
		var value syntax.Expr
		if p, ok := m.Names.Parent(a).(*syntax.Assign); ok {
			value = p.Value
		}
		if name := lastName(value); name != "" && a.Ctx == syntax.Store {
			if s, ok := x.symbol(name); ok {
				if l := x.attrs[a.Name]; !slices.Contains(l, s) {
					x.attrs[a.Name] = append(l, s)
				}
				x.touch(s)
			}
		}
	}
	x.dotted(m.Name)
	x.path(m.File.Path)
	x.block(m.Tree.Body)
	x.take(m)
}

// path notes the components of a file's path: what the file defines and takes from its own package has them in its name.
func (x *index) path(path string) {
	path = strings.TrimSuffix(path, filepath.Ext(path))
	for part := range strings.SplitSeq(path, "/") {
		x.dotted(part)
	}
}

func (x *index) touch(s int32) {
	if !x.present[s] {
		x.present[s] = true
		x.touched = append(x.touched, s)
	}
}

// knows reports whether a name may be part of what something in the file is called.
func (x *index) knows(s int32) bool { return x.present[s] || x.taken[s] || x.wild }

// importsBy notes what a call of import_module or __import__ gives: see [program.Module.Qualified].
func (x *index) importsBy(c *syntax.Call) {
	if name := lastName(c.Func); len(c.Args) != 1 || name != "import_module" && name != "__import__" {
		return
	}
	if v, ok := x.module.Const(c.Args[0]); ok {
		if text, ok := v.Str(); ok {
			x.dotted(text)
		}
	}
}

// seen notes that a name occurs.
func (x *index) seen(name string) {
	if s, ok := x.symbol(name); ok {
		x.touch(s)
	}
}

func (x *index) block(body []syntax.Stmt) {
	if len(body) == 0 {
		return
	}
	if x.set.wantStmts {
		x.blocks = append(x.blocks, body)
	}
	for _, s := range body {
		x.visit(s)
	}
}

// visit gathers a node and what stands in it.
func (x *index) visit(n syntax.Node) {
	k := kindOf(n)
	if x.set.wantKinds[k] {
		x.kinds[k] = append(x.kinds[k], n)
	}
	if k == kFString && x.set.wantKinds[kStr] {
		x.kinds[kStr] = append(x.kinds[kStr], n)
	}
	if t := textKindOf(k); t != anyNode && x.set.wantKinds[t] && x.ofText(n) {
		x.kinds[t] = append(x.kinds[t], n)
	}
	if k >= kExprStmt {
		x.visitStmt(n, k)
		return
	}
	if x.set.wantExprs {
		ok := k < kKeyword
		if k == kOtherExpr {
			_, ok = n.(syntax.Expr)
		}
		if ok {
			x.exprs = append(x.exprs, n)
		}
	}
	switch n := n.(type) {
	case *syntax.Name:
		x.name(n, n.Name, x.names)
		for _, s := range x.standsFor(n) {
			x.put(x.names, s, n)
		}
		return
	case *syntax.Attribute:
		x.name(n, n.Name, x.names)
		x.visit(n.X)
		return
	case *syntax.Call:
		x.callOf(n.Func, n)
		x.arguments(n)
		x.importsBy(n)
		x.visit(n.Func)
		for _, a := range n.Args {
			x.visit(a)
		}
		return
	case *syntax.Keyword: // its name is known to the call
		x.visit(n.Value)
		return
	case *syntax.Str:
		if t, ok := x.set.text(n.Value); ok {
			if len(x.texts[t]) == 0 {
				x.said = append(x.said, t)
			}
			x.texts[t] = append(x.texts[t], n)
		}
		return
	case *syntax.Num, *syntax.Const:
		return
	case *syntax.Param:
		x.annotation(n.Annotation)
	}
	syntax.Children(n, x.visit)
}

func textKindOf(k nodeKind) nodeKind {
	switch k {
	case kAssign:
		return kTextAssign
	case kCompare:
		return kTextCompare
	case kFunction:
		return kTextFunction
	}
	return anyNode
}

// ofText reports whether what a node assigns, compares with or has as a default may be a text.
func (x *index) ofText(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Assign:
		return mayBeText(n.Value, x.module)
	case *syntax.AnnAssign:
		return n.Value != nil && mayBeText(n.Value, x.module)
	case *syntax.Compare:
		return len(n.Rest) == 1 && mayBeText(n.Rest[0], x.module)
	case *syntax.FunctionDef:
		return n.Params != nil && slices.ContainsFunc(n.Params.List, func(p *syntax.Param) bool { return p.Default != nil && mayBeText(p.Default, x.module) })
	}
	return false
}

// arguments notes what names a call gives its arguments.
func (x *index) arguments(n *syntax.Call) {
	named, unpacked := false, false
	for _, a := range n.Args {
		kw, ok := a.(*syntax.Keyword)
		switch {
		case !ok:
		case kw.Name == "":
			unpacked = true
		default:
			named = true
			if s, ok := x.symbol(kw.Name); ok {
				x.put(x.keyed, s, n)
			}
		}
	}
	if named && x.set.wantKinds[kNamedCall] {
		x.kinds[kNamedCall] = append(x.kinds[kNamedCall], n)
	}
	if unpacked && x.set.wantKinds[kUnpackCall] {
		x.kinds[kUnpackCall] = append(x.kinds[kUnpackCall], n)
	}
}

// callOf notes that n calls f.
func (x *index) callOf(f syntax.Expr, n syntax.Node) {
	switch f := f.(type) {
	case *syntax.Name:
		if s, ok := x.symbol(f.Name); ok {
			x.put(x.calls, s, n)
		}
		for _, s := range x.standsFor(f) {
			x.put(x.calls, s, n)
		}
	case *syntax.Attribute:
		if s, ok := x.symbol(f.Name); ok {
			x.put(x.calls, s, n)
		}
		if len(x.attrs) > 0 {
			for _, s := range x.attrs[f.Name] {
				x.put(x.calls, s, n)
			}
		}
	}
}

// decorators gathers those of a definition. One without parentheses is a call, too.
func (x *index) decorators(list []syntax.Expr) {
	for _, d := range list {
		switch d.(type) {
		case *syntax.Name, *syntax.Attribute:
			x.callOf(d, d)
			if x.set.wantKinds[kCall] {
				x.kinds[kCall] = append(x.kinds[kCall], d)
			}
		}
		x.visit(d)
	}
}

func (x *index) put(lists [][]syntax.Node, s int32, n syntax.Node) {
	x.touch(s)
	if l := lists[s]; len(l) > 0 && l[len(l)-1] == n {
		return
	}
	lists[s] = append(lists[s], n)
}

func (x *index) name(n syntax.Node, name string, lists [][]syntax.Node) {
	if s, ok := x.symbol(name); ok {
		x.put(lists, s, n)
	}
}

func (x *index) visitStmt(n syntax.Node, k nodeKind) {
	if s, ok := n.(syntax.Stmt); ok && x.set.wantStmts {
		x.stmts = append(x.stmts, s)
	}
	switch n := n.(type) {
	case *syntax.ExprStmt:
		x.visit(n.X)
	case *syntax.FunctionDef:
		x.seen(n.Name.Name)
		x.decorators(n.Decorators)
		x.visit(n.Params)
		if n.Returns != nil {
			x.visit(n.Returns)
		}
		x.block(n.Body)
	case *syntax.ClassDef:
		x.seen(n.Name.Name)
		x.decorators(n.Decorators)
		for _, a := range n.Args {
			if kw, ok := a.(*syntax.Keyword); ok {
				x.seen(kw.Name)
			}
			x.visit(a)
		}
		x.block(n.Body)
	case *syntax.If:
		x.visit(n.Test)
		x.block(n.Body)
		x.block(n.Else)
	case *syntax.For:
		x.visit(n.Target)
		x.visit(n.Iter)
		x.block(n.Body)
		x.block(n.Else)
	case *syntax.While:
		x.visit(n.Test)
		x.block(n.Body)
		x.block(n.Else)
	case *syntax.With:
		for _, i := range n.Items {
			x.visit(i.X)
			if i.Vars != nil {
				x.visit(i.Vars)
			}
		}
		x.block(n.Body)
	case *syntax.Try:
		x.block(n.Body)
		for _, h := range n.Handlers {
			x.visit(h)
		}
		x.block(n.Else)
		x.block(n.Finally)
	case *syntax.Handler:
		if n.Type != nil {
			x.visit(n.Type)
		}
		if n.Target != nil {
			x.visit(n.Target)
		}
		x.block(n.Body)
	case *syntax.Match:
		x.visit(n.Subject)
		for _, c := range n.Cases {
			syntax.Children(c.Pattern, x.visit)
			if c.Guard != nil {
				x.visit(c.Guard)
			}
			x.block(c.Body)
		}
	case *syntax.AnnAssign:
		x.annotation(n.Annotation)
		syntax.Children(n, x.visit)
	case *syntax.Import:
		for _, a := range n.Names {
			x.imported(a.Name, n)
		}
	case *syntax.ImportFrom:
		x.imported(n.Module.Name, n)
		for _, a := range n.Names {
			x.imported(a.Name, n)
		}
	default:
		syntax.Children(n, x.visit)
	}
}

// annotation notes the names that stand in the quotes of an annotation: see [program.Module.TypeOf].
func (x *index) annotation(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Str:
		x.dotted(strings.TrimSpace(e.Value))
	case *syntax.BinOp:
		x.annotation(e.X)
		x.annotation(e.Y)
	case *syntax.Subscript:
		x.annotation(e.Index)
	case *syntax.Tuple:
		for _, t := range e.Elts {
			x.annotation(t)
		}
	}
}

// dotted notes the components of a name.
func (x *index) dotted(name string) {
	for part := range strings.SplitSeq(name, ".") {
		x.seen(part)
	}
}

// imported notes the components of a name that n imports.
func (x *index) imported(name string, n syntax.Node) {
	for part := range strings.SplitSeq(name, ".") {
		if s, ok := x.symbol(part); ok {
			x.put(x.imports, s, n)
		}
	}
}

// standsFor are the symbols of the last components of what a name was imported or assigned from, when those are others than
// its own.
func (x *index) standsFor(n *syntax.Name) []int32 {
	b := x.module.Names.Binding(n)
	if b == nil {
		return nil
	}
	if b.Kind != resolve.Import && b.Kind != resolve.Assign {
		return nil
	}
	a := &x.alias[b.Index]
	if !a.known {
		a.known = true // while they are looked for: a = b; b = a
		a.syms = x.aliasOf(b)
	}
	return a.syms
}

func (x *index) aliasOf(b *resolve.Binding) []int32 {
	var out []int32
	add := func(name string) {
		if s, ok := x.symbol(name); ok && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for i := range b.Defs {
		switch d := b.Defs[i].Node.(type) {
		case *syntax.Alias:
			if d.AsName != "" {
				add(d.Name[strings.LastIndexByte(d.Name, '.')+1:])
			}
		case *syntax.Name:
			a, ok := x.module.Names.Parent(d).(*syntax.Assign)
			if !ok {
				continue
			}
			switch v := a.Value.(type) {
			case *syntax.Attribute:
				add(v.Name)
			case *syntax.Name:
				for _, s := range x.standsFor(v) {
					if !slices.Contains(out, s) {
						out = append(out, s)
					}
				}
				add(v.Name)
			}
		}
	}
	return out
}

// candidates are the rules that the file can concern, in order.
func (x *index) candidates() []int32 {
	x.list = append(x.list[:0], x.set.always...)
	for _, s := range x.touched {
		for _, r := range x.set.bySymbol[s] {
			if !x.marked[r] {
				x.marked[r] = true
				x.list = append(x.list, r)
			}
		}
	}
	for _, r := range x.list {
		x.marked[r] = false
	}
	slices.Sort(x.list)
	return x.list
}
