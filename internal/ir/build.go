package ir

import (
	"cmp"
	"slices"
	"sync"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A builder lowers functions, one after the other; what it needs for that it keeps for the next.
type builder struct {
	u     *Unit
	in    *resolve.Info
	f     *Func
	scope *resolve.Scope // of the function; nil for one that binds nothing

	places []place // by binding: its variable, in the function of this epoch
	epoch  uint32
	stamp  uint32
	scratch

	block     BlockID
	dead      bool // the block has been ended
	tries     int
	inFinal   int
	className string  // for private names
	depth     int     // of expressions
	branches  int     // of those with a choice
	pos       uint32  // in the file
	at, held  version // where the builder stands; what cur holds
}

// scratch is what is emptied, and not thrown away, between two functions.
type scratch struct {
	cur    []Value // variable -> value, or pending
	info   []varInfo
	slots  []slot
	nodes  []node
	trail  []version
	vars   []joinVar
	joins  []join
	ways   []way
	entry  []entry
	found  []finding
	ops    []Arg
	args   []Arg
	defs   []def // assignments since the outermost try began
	loops  []loop
	finals []final
	reach  []bool   // by block: something leads here from the function's start
	succs  []uint32 // by block: how many successors it was ended with
	edges  []blockEdge
	instrs []Instr
	lists  []Arg
	consts []Const
	blocks []Block
	values []nodeValue
	counts []uint32
}

func (s *scratch) reset() {
	clear(s.info)
	clear(s.consts)
	clear(s.blocks)
	s.cur, s.info, s.slots, s.nodes, s.trail, s.vars, s.joins = s.cur[:0], s.info[:0], s.slots[:0], s.nodes[:0], s.trail[:0], s.vars[:0], s.joins[:0]
	s.ways, s.entry, s.found, s.ops, s.args, s.defs = s.ways[:0], s.entry[:0], s.found[:0], s.ops[:0], s.args[:0], s.defs[:0]
	s.loops, s.finals, s.reach, s.succs, s.edges, s.counts = s.loops[:0], s.finals[:0], s.reach[:0], s.succs[:0], s.edges[:0], s.counts[:0]
	s.instrs, s.lists, s.consts, s.blocks, s.values = s.instrs[:0], s.lists[:0], s.consts[:0], s.blocks[:0], s.values[:0]
}

var builders = sync.Pool{New: func() any { return &builder{} }}

const noBlock BlockID = 1<<32 - 1

// A def is an assignment.
type def struct {
	v   uint32
	val Value
}

// A blockEdge leads from one block to another, as the successor of a number; one by an exception comes after those.
type blockEdge struct {
	from, to BlockID
	edge     uint32
}

const byException = 1<<32 - 1

type loop struct {
	mark   version // before the loop
	join   uint32  // of its header
	body   version // after the header
	breaks ways
}

// A final is a try whose finally is still to run.
type final struct {
	loops             int
	breaks, continues bool
}

// Lower lowers a function, unless it has been.
func (u *Unit) Lower(f *Func) {
	if f.Lowered {
		return
	}
	f.Lowered = true
	b := builders.Get().(*builder)
	b.lower(u, f)
	b.u, b.in, b.f, b.scope = nil, nil, nil, nil
	builders.Put(b)
}

func (b *builder) lower(u *Unit, f *Func) {
	b.reset()
	b.u, b.in, b.f, b.scope, b.className = u, u.Names, f, nil, ""
	b.epoch++
	b.block, b.dead, b.tries, b.inFinal, b.depth, b.branches, b.at, b.held = 0, false, 0, 0, 0, 0, 0, 0
	b.pos = f.Start
	if n := u.Names.NumBindings(); n > len(b.places) {
		b.places = make([]place, n)
	}
	f.Instrs, f.Args, f.Consts, f.Blocks, f.values = b.instrs, b.lists, b.consts, b.blocks, b.values
	f.Instrs = append(f.Instrs, Instr{Op: Undef})
	b.nodes = append(b.nodes, node{})
	b.newBlock()
	b.reach[0] = true
	for o := f; o != nil; o = o.Outer {
		if o.Kind == ClassCode {
			b.className = o.Name
			break
		}
	}
	switch n := f.Syntax.(type) {
	case nil:
		b.scope = b.in.Module
		b.stmts(b.in.Tree.Body)
	case *syntax.ClassDef:
		b.scope = b.bodyScope(n.Body)
		b.stmts(n.Body)
	case *syntax.FunctionDef:
		b.scope = b.bodyScope(n.Body)
		b.params(n.Params)
		b.stmts(n.Body)
	case *syntax.Lambda:
		b.scope = b.in.ScopeOf(n.Body).Function()
		b.params(n.Params)
		b.emit(ReturnOp, 0, uint32(b.expr(n.Body)), 0, 0, n.Body.ID())
		b.stop()
	}
	b.finish()
}

// bodyScope is the scope of a function's or class's statements; nil when there are none.
func (b *builder) bodyScope(body []syntax.Stmt) *resolve.Scope {
	if len(body) == 0 {
		return nil
	}
	return b.in.ScopeOf(body[0])
}

func (b *builder) params(ps *syntax.Params) {
	if ps == nil {
		return
	}
	b.f.Params = make([]Param, 0, len(ps.List))
	for _, p := range ps.List {
		if b.scope == nil {
			b.scope = b.in.ScopeOf(p)
		}
		i := len(b.f.Params)
		b.f.Params = append(b.f.Params, Param{Name: b.u.Sym(p.Name), Kind: p.Kind, Node: p.ID()})
		b.pos = p.Span().Start
		v := b.emit(ParamOp, 0, uint32(i), 0, 0, p.ID())
		b.f.values = append(b.f.values, nodeValue{p.ID(), v})
		if p.Tuple != nil {
			b.assign(p.Tuple, v)
		} else if p.Name != "" {
			b.set(b.in.Defined(p), v, p.ID())
		}
	}
}

// finish orders what was collected. The tables are copies without slack, since they stay as long as the program does.
func (b *builder) finish() {
	f := b.f
	f.FallsOff = b.reachable()
	b.endBlock(0, 0)
	b.layEdges()
	if !slices.IsSortedFunc(f.values, byNode) {
		slices.SortStableFunc(f.values, byNode)
	}
	b.instrs, b.lists, b.consts, b.blocks, b.values = f.Instrs, f.Args, f.Consts, f.Blocks, f.values
	f.Instrs, f.Args, f.Consts, f.Blocks, f.values = exact(f.Instrs), exact(f.Args), exact(f.Consts), exact(f.Blocks), exact(f.values)
}

func exact[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	out := make([]T, len(list))
	copy(out, list)
	return out
}

// layEdges gives the blocks their edges, all of them in one array.
func (b *builder) layEdges() {
	blocks := b.f.Blocks
	n := len(blocks)
	b.counts = slices.Grow(b.counts[:0], n)[:n] // how many edges come in
	clear(b.counts)
	total := 0
	for i := range blocks {
		total += int(b.succs[i])
	}
	for _, e := range b.edges {
		b.counts[e.to]++
		if e.edge == byException {
			total++
		}
	}
	list := make([]BlockID, total+len(b.edges))
	at := 0
	for i := range blocks {
		blocks[i].Preds = list[at : at : at+int(b.counts[i])]
		at += int(b.counts[i])
		b.counts[i] = b.succs[i]
	}
	for _, e := range b.edges {
		blocks[e.to].Preds = append(blocks[e.to].Preds, e.from)
		if e.edge == byException {
			b.counts[e.from]++
		}
	}
	for i := range blocks {
		end := at + int(b.counts[i])
		blocks[i].Succs = list[at : at+int(b.succs[i]) : end]
		at = end
		for k := range blocks[i].Succs {
			blocks[i].Succs[k] = noBlock
		}
	}
	for _, e := range b.edges {
		if e.edge == byException {
			blocks[e.from].Succs = append(blocks[e.from].Succs, e.to)
		} else {
			blocks[e.from].Succs[e.edge] = e.to
		}
	}
}

func byNode(a, b nodeValue) int { return cmp.Compare(a.node, b.node) }

// ---- Blocks

// newBlock opens a block; the one before must have been ended.
func (b *builder) newBlock() BlockID {
	id := BlockID(len(b.f.Blocks))
	b.f.Blocks = append(b.f.Blocks, Block{First: Value(len(b.f.Instrs))})
	b.reach = append(b.reach, false)
	b.succs = append(b.succs, 0)
	b.block, b.dead = id, false
	return id
}

// endBlock closes the current block; cond, if not 0, decides between n successors.
func (b *builder) endBlock(cond Value, n int) {
	if blk := &b.f.Blocks[b.block]; blk.End == 0 {
		blk.End = Value(len(b.f.Instrs))
		blk.Cond = cond
		b.succs[b.block] = uint32(n)
	}
	b.dead = true
}

// stop ends the block where control never goes on.
func (b *builder) stop() {
	if !b.dead {
		b.endBlock(0, 0)
	}
}

// alive makes sure that there is an open block, which nothing leads to if need be.
func (b *builder) alive() {
	if b.dead {
		b.newBlock()
	}
}

// reachable reports whether something leads to the current block.
func (b *builder) reachable() bool { return !b.dead && b.reach[b.block] }

// jump ends the current block with an edge to somewhere; there is none when nothing leads here.
func (b *builder) jump() (l ways) {
	if !b.reachable() {
		b.stop()
		return l
	}
	b.endBlock(0, 1)
	return b.one(way{block: b.block, at: b.at})
}

// jumpTo is jump, to where the others of a list go.
func (b *builder) jumpTo(l *ways) { b.addAll(l, b.jump()) }

// link makes an edge to a block.
func (b *builder) link(w way, to BlockID) {
	b.edges = append(b.edges, blockEdge{w.block, to, w.edge})
	b.reach[to] = b.reach[to] || b.reach[w.block]
}

// handlerEdge makes an edge by which an exception leaves a block.
func (b *builder) handlerEdge(from, to BlockID) {
	b.link(way{block: from, edge: byException}, to)
	b.f.Blocks[to].Handler = true
}

func (b *builder) emit(op Op, sub uint8, x, y, z uint32, n syntax.ID) Value {
	if b.dead {
		b.alive()
	}
	v := Value(len(b.f.Instrs))
	b.f.Instrs = append(b.f.Instrs, Instr{Op: op, Sub: sub, At: uint16(min(b.pos-b.f.Start, Far)), A: x, B: y, C: z, Node: n})
	return v
}

// list adds operands to the pool.
func (b *builder) list(args []Arg) (first, n uint32) {
	first = uint32(len(b.f.Args))
	b.f.Args = append(b.f.Args, args...)
	return first, uint32(len(args))
}

// ---- Names

// set assigns to a binding.
func (b *builder) set(x *resolve.Binding, val Value, n syntax.ID) {
	if x == nil {
		return
	}
	if v := b.variable(x); v != 0 {
		b.setVar(v, val)
		if b.tries > 0 {
			b.defs = append(b.defs, def{v, val})
		}
	}
	b.f.values = append(b.f.values, nodeValue{n, val})
	switch {
	case x.Scope.Kind == resolve.ModuleScope:
		b.emit(SetGlobal, 0, uint32(b.u.Sym(x.Name)), uint32(val), 0, n)
	case x.Scope.Kind == resolve.ClassScope && x.Scope == b.scope:
		b.emit(SetName, 0, uint32(b.u.Sym(x.Name)), uint32(val), 0, n)
	case x.Captured || x.Remote:
		b.emit(SetCell, 0, uint32(x.Index), uint32(val), 0, n)
	}
}

// unset is del x.
func (b *builder) unset(x *resolve.Binding) {
	if x == nil {
		return
	}
	if v := b.variable(x); v != 0 {
		b.setVar(v, 0)
		if b.tries > 0 {
			b.defs = append(b.defs, def{v, 0})
		}
	}
}

// attrName is the name under which an attribute is kept: private names carry their class's.
func (b *builder) attrName(name string) Sym {
	if b.className != "" && len(name) > 2 && name[:2] == "__" && name[len(name)-2:] != "__" {
		c := b.className
		for c != "" && c[0] == '_' {
			c = c[1:]
		}
		if c != "" {
			name = "_" + c + name
		}
	}
	return b.u.Sym(name)
}
