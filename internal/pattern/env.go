package pattern

import (
	"slices"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An env is what metavariables stand for: a list that grows at its head, so that going back costs nothing.
type env struct {
	name string
	bound
	next *env
}

// A bound is what one metavariable stands for: a node, a run of nodes, or text (a name that has no node, or what a string holds).
type bound struct {
	node   syntax.Node
	run    []syntax.Node
	isText bool
	text   string
	span   source.Span // of text and of an empty run
}

func (b *bound) place() source.Span {
	switch {
	case b.isText:
		return b.span
	case b.node != nil:
		return b.node.Span()
	case len(b.run) > 0:
		return source.Span{Start: b.run[0].Span().Start, End: b.run[len(b.run)-1].Span().End}
	}
	return b.span
}

func (e *env) lookup(name string) *bound {
	for ; e != nil; e = e.next {
		if e.name == name {
			return &e.bound
		}
	}
	return nil
}

// extend binds a metavariable; ok is false when it stands for something else already, or for what no guard lets pass.
func (ev *evaluator) extend(e *env, name string, b bound) (*env, bool) {
	if name == "$_" || name == "$..._" {
		return e, true
	}
	if old := e.lookup(name); old != nil {
		return e, ev.same(old, &b)
	}
	for i := range ev.guards {
		if g := &ev.guards[i]; g.name == name && !ev.lets(g, ev.textOfBound(&b)) {
			return e, false
		}
	}
	return ev.newEnv(name, b, e), true
}

func (ev *evaluator) textOfBound(b *bound) string {
	if b.isText {
		return b.text
	}
	return ev.file.Slice(b.place())
}

// An envSlab holds the environments of one file. Most bindings are made on a way that leads nowhere: what was made since a mark
// is taken back at once, so that a search which finds nothing makes no garbage, and the next file uses the same memory.
type envSlab struct {
	chunks [][]env
	mark   envMark
}

type envMark struct{ chunk, used int }

const envChunk = 128

func (s *envSlab) take() *env {
	if s.mark.used == envChunk {
		s.mark = envMark{s.mark.chunk + 1, 0}
	}
	if s.mark.chunk == len(s.chunks) {
		s.chunks = append(s.chunks, make([]env, envChunk))
	}
	e := &s.chunks[s.mark.chunk][s.mark.used]
	s.mark.used++
	return e
}

// release forgets all environments. Those that were taken back are cleared, too: they point into the tree.
func (s *envSlab) release() {
	for _, c := range s.chunks {
		clear(c)
	}
	if len(s.chunks) > 8 {
		s.chunks = s.chunks[:8:8]
	}
	s.mark = envMark{}
}

func (ev *evaluator) newEnv(name string, b bound, next *env) *env {
	if ev.index == nil {
		return &env{name, b, next}
	}
	e := ev.index.envs.take()
	*e = env{name, b, next}
	return e
}

// merge unites two environments; ok is false when they disagree.
func (ev *evaluator) merge(a, b *env) (*env, bool) {
	if a == nil || a == b {
		return b, true
	}
	out := a
	for ; b != nil; b = b.next {
		if old := a.lookup(b.name); old != nil {
			// The groups of two expressions have numbers, not names.
			if c := b.name[1]; (c < '1' || c > '9') && !ev.same(old, &b.bound) {
				return nil, false
			}
			continue
		}
		out = ev.newEnv(b.name, b.bound, out)
	}
	return out, true
}

// hash is the same for environments that bind the same names to the same places.
func (e *env) hash() uint64 {
	sum := uint64(0)
	for ; e != nil; e = e.next {
		h := uint64(14695981039346656037)
		for i := range len(e.name) {
			h = (h ^ uint64(e.name[i])) * 1099511628211
		}
		p := e.place()
		h = (h ^ uint64(p.Start)) * 1099511628211
		sum += (h ^ uint64(p.End)) * 1099511628211
	}
	return sum
}

// sameEnv reports whether two environments bind the same names to the same places.
func sameEnv(a, b *env) bool {
	n := 0
	for x := a; x != nil; x = x.next {
		y := b.lookup(x.name)
		if y == nil || y.place() != x.place() {
			return false
		}
		n++
	}
	for ; b != nil; b = b.next {
		n--
	}
	return n == 0
}

// same reports whether two things that a metavariable stands for are alike, wherever they stand. With symbolic propagation, a name is
// what it was assigned, too.
func (ev *evaluator) same(a, b *bound) bool {
	return ev.alike(a, b) || ev.symbolic && (ev.alikeBehind(a, b) || ev.alikeBehind(b, a))
}

func (ev *evaluator) alikeBehind(a, b *bound) bool {
	n, ok := a.node.(*syntax.Name)
	if !ok || ev.module == nil {
		return false
	}
	d := ev.module.Definition(n)
	return d != nil && ev.alike(&bound{node: d}, b)
}

func (ev *evaluator) alike(a, b *bound) bool {
	switch {
	case a.isText && b.isText:
		return a.text == b.text
	case a.isText:
		return textOf(b.node) == a.text && b.node != nil
	case b.isText:
		return textOf(a.node) == b.text && a.node != nil
	case a.node != nil && b.node != nil:
		return a.node == b.node || ev.equal(a.node, b.node)
	}
	if len(a.run) != len(b.run) {
		return false
	}
	for i := range a.run {
		if !ev.equal(a.run[i], b.run[i]) {
			return false
		}
	}
	return (a.node == nil) == (b.node == nil)
}

// textOf is the name or the string that a node is; "" for others.
func textOf(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.Name:
		return n.Name
	case *syntax.Str:
		return n.Value
	case *syntax.ExprStmt:
		return textOf(n.X)
	}
	return ""
}

// equal compares two nodes by their structure. Names are equal when they are spelled alike and mean the same binding.
func (ev *evaluator) equal(a, b syntax.Node) bool {
	if !ev.spend() {
		return false
	}
	switch a := a.(type) {
	case *syntax.ExprStmt:
		if _, ok := b.(*syntax.ExprStmt); !ok {
			return ev.equal(a.X, b)
		}
	case *syntax.Name:
		b, ok := b.(*syntax.Name)
		return ok && a.Name == b.Name && ev.sameName(a, b)
	case *syntax.Num:
		b, ok := b.(*syntax.Num)
		return ok && a.Kind == b.Kind && (a.Text == b.Text || a.Kind == syntax.Int && a.Int() != nil && b.Int() != nil && a.Int().Cmp(b.Int()) == 0)
	case *syntax.Str:
		b, ok := b.(*syntax.Str)
		return ok && a.Value == b.Value && (a.Flags^b.Flags)&syntax.Bytes == 0
	}
	if kindOf(a) != kindOf(b) || !sameShape(a, b) {
		return false
	}
	as, bs := childrenOf(a), childrenOf(b)
	if len(as) != len(bs) {
		return false
	}
	for i := range as {
		if !ev.equal(as[i], bs[i]) {
			return false
		}
	}
	return true
}

func childrenOf(n syntax.Node) []syntax.Node {
	var out []syntax.Node
	syntax.Children(n, func(c syntax.Node) { out = append(out, c) })
	return out
}

// sameName reports whether two names spelled alike mean one thing: when they stand in scopes that bind them apart they do not.
func (ev *evaluator) sameName(a, b *syntax.Name) bool {
	if ev.module == nil {
		return true
	}
	x, y := ev.module.Names.Binding(a), ev.module.Names.Binding(b)
	return x == y || x == nil || y == nil
}

// sameShape compares what two nodes of one kind are apart from their children.
func sameShape(a, b syntax.Node) bool {
	switch a := a.(type) {
	case *syntax.Attribute:
		b, ok := b.(*syntax.Attribute)
		return ok && a.Name == b.Name
	case *syntax.Const:
		b, ok := b.(*syntax.Const)
		return ok && a.Kind == b.Kind
	case *syntax.Keyword:
		b, ok := b.(*syntax.Keyword)
		return ok && a.Name == b.Name
	case *syntax.BinOp:
		b, ok := b.(*syntax.BinOp)
		return ok && a.Op == b.Op
	case *syntax.BoolOp:
		b, ok := b.(*syntax.BoolOp)
		return ok && a.Op == b.Op
	case *syntax.UnaryOp:
		b, ok := b.(*syntax.UnaryOp)
		return ok && a.Op == b.Op
	case *syntax.AugAssign:
		b, ok := b.(*syntax.AugAssign)
		return ok && a.Op == b.Op
	case *syntax.Compare:
		b, ok := b.(*syntax.Compare)
		if !ok || len(a.Ops) != len(b.Ops) {
			return false
		}
		for i := range a.Ops {
			if a.Ops[i] != b.Ops[i] {
				return false
			}
		}
		return true
	case *syntax.Comp:
		b, ok := b.(*syntax.Comp)
		return ok && a.Kind == b.Kind && len(a.Clauses) == len(b.Clauses)
	case *syntax.Interp:
		b, ok := b.(*syntax.Interp)
		return ok && a.Conversion == b.Conversion
	case *syntax.FunctionDef:
		b, ok := b.(*syntax.FunctionDef)
		return ok && a.Name.Name == b.Name.Name && a.Async == b.Async
	case *syntax.ClassDef:
		b, ok := b.(*syntax.ClassDef)
		return ok && a.Name.Name == b.Name.Name
	case *syntax.Param:
		b, ok := b.(*syntax.Param)
		return ok && a.Name == b.Name && a.Kind == b.Kind
	case *syntax.Slice:
		b, ok := b.(*syntax.Slice)
		return ok && (a.Lo == nil) == (b.Lo == nil) && (a.Hi == nil) == (b.Hi == nil) && (a.Step == nil) == (b.Step == nil)
	case *syntax.Yield:
		b, ok := b.(*syntax.Yield)
		return ok && a.From == b.From
	case *syntax.Alias:
		b, ok := b.(*syntax.Alias)
		return ok && a.Name == b.Name && a.AsName == b.AsName
	case *syntax.List, *syntax.Set, *syntax.Tuple:
		return sameContainer(a, b)
	case *syntax.ImportFrom:
		b, ok := b.(*syntax.ImportFrom)
		return ok && a.Level == b.Level && a.Module.Name == b.Module.Name
	case *syntax.Global:
		b, ok := b.(*syntax.Global)
		return ok && slices.EqualFunc(a.Names, b.Names, sameIdent)
	case *syntax.Nonlocal:
		b, ok := b.(*syntax.Nonlocal)
		return ok && slices.EqualFunc(a.Names, b.Names, sameIdent)
	case *syntax.Handler:
		b, ok := b.(*syntax.Handler)
		return ok && a.Name.Name == b.Name.Name
	case *syntax.If:
		b, ok := b.(*syntax.If)
		return ok && len(a.Body) == len(b.Body)
	case *syntax.For:
		b, ok := b.(*syntax.For)
		return ok && a.Async == b.Async && len(a.Body) == len(b.Body)
	case *syntax.While:
		b, ok := b.(*syntax.While)
		return ok && len(a.Body) == len(b.Body)
	case *syntax.With:
		b, ok := b.(*syntax.With)
		return ok && a.Async == b.Async && len(a.Items) == len(b.Items)
	case *syntax.Try:
		b, ok := b.(*syntax.Try)
		return ok && len(a.Body) == len(b.Body) && len(a.Handlers) == len(b.Handlers) && len(a.Else) == len(b.Else)
	case *syntax.MatchSingleton:
		b, ok := b.(*syntax.MatchSingleton)
		return ok && a.Kind == b.Kind
	case *syntax.MatchAs:
		b, ok := b.(*syntax.MatchAs)
		return ok && a.Name.Name == b.Name.Name && (a.Pattern == nil) == (b.Pattern == nil)
	case *syntax.MatchStar:
		b, ok := b.(*syntax.MatchStar)
		return ok && a.Name.Name == b.Name.Name
	case *syntax.MatchMapping:
		b, ok := b.(*syntax.MatchMapping)
		return ok && a.Rest.Name == b.Rest.Name
	case *syntax.MatchClass:
		b, ok := b.(*syntax.MatchClass)
		return ok && slices.EqualFunc(a.Keywords, b.Keywords, sameIdent)
	}
	return true
}

func sameIdent(a, b syntax.Ident) bool { return a.Name == b.Name }

func sameContainer(a, b syntax.Node) bool {
	switch a.(type) {
	case *syntax.List:
		_, ok := b.(*syntax.List)
		return ok
	case *syntax.Set:
		_, ok := b.(*syntax.Set)
		return ok
	}
	_, ok := b.(*syntax.Tuple)
	return ok
}
