package ir

import (
	"cmp"
	"slices"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A builder lowers the functions of one file, one after the other.
type builder struct {
	u     *Unit
	in    *resolve.Info
	f     *Func
	scope *resolve.Scope // of the function; nil for one that binds nothing

	// The environment.
	varOf []uint32 // binding index -> 1 + variable, valid where epoch says so
	epoch []uint32
	now   uint32
	cur   []Value // variable -> value, or pending|join
	log   []undo
	defs  []diff // assignments since the outermost try began
	tries int
	joins []join

	block     BlockID
	dead      bool   // the block has been ended
	reach     []bool // by block: something leads here from the function's start
	loops     []loop
	finals    []final
	inFinal   int
	assigned  []posDef // all assignments of the file, by place
	className string   // for private names
	depth     int
}

// pending marks a variable whose phi nobody has asked for yet.
const pending Value = 1 << 31

const noBlock BlockID = 1<<32 - 1

type undo struct {
	v   uint32
	old Value
}

type diff struct {
	v   uint32
	val Value
}

type posDef struct {
	pos uint32
	b   *resolve.Binding
}

// An incoming is an edge to a block that does not exist yet, and what the variables are on it.
type incoming struct {
	block BlockID
	edge  uint8
	diffs []diff // sorted by variable
}

type join struct {
	block BlockID
	loop  bool
	open  bool      // a loop, whose back edges are not known yet
	vars  []joinVar // sorted by variable
	ins   []incoming
	defs  []diff // of a handler: all assignments, sorted by variable
}

type joinVar struct {
	v    uint32
	base Value // before the branch
	phi  Value
}

type loop struct {
	mark   int // of the log, before the loop
	header int // its join
	body   int // of the log, after the header
	breaks []incoming
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
	if u.b == nil {
		u.b = &builder{u: u, in: u.Names, varOf: make([]uint32, u.Names.NumBindings()), epoch: make([]uint32, u.Names.NumBindings())}
	}
	u.b.lower(f)
}

func (b *builder) lower(f *Func) {
	*b = builder{u: b.u, in: b.in, f: f, varOf: b.varOf, epoch: b.epoch, now: b.now + 1, assigned: b.assigned,
		cur: b.cur[:0], log: b.log[:0], defs: b.defs[:0], joins: b.joins[:0], reach: b.reach[:0]}
	f.Instrs = append(make([]Instr, 0, 16), Instr{Op: Undef})
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
	for _, p := range ps.List {
		if b.scope == nil {
			b.scope = b.in.ScopeOf(p)
		}
		i := len(b.f.Params)
		b.f.Params = append(b.f.Params, Param{Name: b.u.Sym(p.Name), Kind: p.Kind, Node: p.ID()})
		v := b.emit(ParamOp, 0, uint32(i), 0, 0, p.ID())
		b.f.values = append(b.f.values, nodeValue{p.ID(), v})
		if p.Tuple != nil {
			b.assign(p.Tuple, v)
		} else if p.Name != "" {
			b.set(b.in.Defined(p), v, p.ID())
		}
	}
}

// finish orders what was collected. The tables keep no slack, since they stay as long as the program does.
func (b *builder) finish() {
	f := b.f
	b.endBlock(nil, 0)
	if !slices.IsSortedFunc(f.values, byNode) {
		slices.SortStableFunc(f.values, byNode)
	}
	f.Instrs, f.Args, f.Consts, f.values = slices.Clip(f.Instrs), slices.Clip(f.Args), slices.Clip(f.Consts), slices.Clip(f.values)
	clear(b.joins)
}

func byNode(a, b nodeValue) int { return cmp.Compare(a.node, b.node) }

// ---- Blocks

// newBlock opens a block; the one before must have been ended.
func (b *builder) newBlock() BlockID {
	id := BlockID(len(b.f.Blocks))
	b.f.Blocks = append(b.f.Blocks, Block{First: Value(len(b.f.Instrs))})
	b.reach = append(b.reach, false)
	b.block, b.dead = id, false
	return id
}

// endBlock closes the current block; cond decides between n successors.
func (b *builder) endBlock(cond *Value, n int) {
	blk := &b.f.Blocks[b.block]
	if blk.End == 0 {
		blk.End = Value(len(b.f.Instrs))
		if cond != nil {
			blk.Cond = *cond
		}
		for range n {
			blk.Succs = append(blk.Succs, noBlock)
		}
	}
	b.dead = true
}

// stop ends the block where control never goes on.
func (b *builder) stop() {
	if !b.dead {
		b.endBlock(nil, 0)
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

// jump ends the current block with an edge to somewhere; nil when nothing leads here.
func (b *builder) jump(mark int) []incoming {
	if !b.reachable() {
		b.stop()
		return nil
	}
	b.endBlock(nil, 1)
	return []incoming{{b.block, 0, b.capture(mark)}}
}

// link makes an edge to a block.
func (b *builder) link(in incoming, to BlockID) {
	b.f.Blocks[in.block].Succs[in.edge] = to
	blk := &b.f.Blocks[to]
	blk.Preds = append(blk.Preds, in.block)
	b.reach[to] = b.reach[to] || b.reach[in.block]
}

// handlerEdge makes an edge by which an exception leaves a block.
func (b *builder) handlerEdge(from, to BlockID) {
	b.f.Blocks[from].Succs = append(b.f.Blocks[from].Succs, to)
	b.f.Blocks[to].Preds = append(b.f.Blocks[to].Preds, from)
	b.f.Blocks[to].Handler = true
	b.reach[to] = b.reach[to] || b.reach[from]
}

func (b *builder) emit(op Op, sub uint8, x, y, z uint32, n syntax.ID) Value {
	if b.dead {
		b.alive()
	}
	v := Value(len(b.f.Instrs))
	b.f.Instrs = append(b.f.Instrs, Instr{Op: op, Sub: sub, A: x, B: y, C: z, Node: n})
	return v
}

// list adds operands to the pool.
func (b *builder) list(args []Arg) (first, n uint32) {
	first = uint32(len(b.f.Args))
	b.f.Args = append(b.f.Args, args...)
	return first, uint32(len(args))
}

// ---- The environment

// variable is the number of a binding that is a value here: 1 + index in cur; 0 when it is none.
func (b *builder) variable(x *resolve.Binding) uint32 {
	if x.Remote || b.scope == nil || x.Scope.Kind == resolve.TypeParamScope || x.Scope.Function() != b.scope {
		return 0
	}
	if b.epoch[x.Index] != b.now {
		b.epoch[x.Index] = b.now
		b.cur = append(b.cur, 0)
		b.varOf[x.Index] = uint32(len(b.cur))
	}
	return b.varOf[x.Index]
}

func (b *builder) temp() uint32 {
	b.cur = append(b.cur, 0)
	return uint32(len(b.cur))
}

func (b *builder) setVar(v uint32, val Value) {
	b.log = append(b.log, undo{v, b.cur[v-1]})
	b.cur[v-1] = val
}

func (b *builder) read(v uint32) Value {
	val := b.cur[v-1]
	if val&pending != 0 {
		val = b.settle(val, v)
		b.cur[v-1] = val
	}
	return val
}

func (b *builder) undo(mark int) {
	for i := len(b.log) - 1; i >= mark; i-- {
		b.cur[b.log[i].v-1] = b.log[i].old
	}
	b.log = b.log[:mark]
}

// capture is what has changed since mark.
func (b *builder) capture(mark int) []diff {
	if len(b.log) == mark {
		return nil
	}
	out := make([]diff, 0, len(b.log)-mark)
	for _, u := range b.log[mark:] {
		out = append(out, diff{u.v, b.cur[u.v-1]})
	}
	slices.SortFunc(out, byVar)
	return slices.CompactFunc(out, func(a, b diff) bool { return a.v == b.v })
}

func byVar(a, b diff) int { return cmp.Compare(a.v, b.v) }

func find(list []diff, v uint32) (Value, bool) {
	i, ok := slices.BinarySearchFunc(list, v, func(d diff, v uint32) int { return cmp.Compare(d.v, v) })
	if !ok {
		return 0, false
	}
	return list[i].val, true
}

// merge goes on where edges come together. The environment must stand at mark.
func (b *builder) merge(ins []incoming) {
	if len(ins) == 0 {
		b.dead = true
		return
	}
	id := b.newBlock()
	for _, in := range ins {
		b.link(in, id)
	}
	if len(ins) == 1 {
		for _, d := range ins[0].diffs {
			b.setVar(d.v, d.val)
		}
		return
	}
	j := join{block: id, ins: ins}
	for _, in := range ins {
		for _, d := range in.diffs {
			j.vars = append(j.vars, joinVar{v: d.v})
		}
	}
	b.addJoin(j)
}

// addJoin makes the join's variables pending.
func (b *builder) addJoin(j join) int {
	slices.SortFunc(j.vars, func(a, b joinVar) int { return cmp.Compare(a.v, b.v) })
	j.vars = slices.CompactFunc(j.vars, func(a, b joinVar) bool { return a.v == b.v })
	at := len(b.joins)
	for i := range j.vars {
		jv := &j.vars[i]
		jv.base = b.cur[jv.v-1]
		b.setVar(jv.v, pending|Value(at))
	}
	b.joins = append(b.joins, j)
	return at
}

// settle is the value of a pending variable.
func (b *builder) settle(val Value, v uint32) Value {
	at := int(val &^ pending)
	j := &b.joins[at]
	i, _ := slices.BinarySearchFunc(j.vars, v, func(x joinVar, v uint32) int { return cmp.Compare(x.v, v) })
	jv := &j.vars[i]
	if jv.phi != 0 {
		return jv.phi
	}
	if j.loop {
		// The phi comes first: what flows back may be made of it.
		phi := b.newPhi(j.block)
		b.joins[at].vars[i].phi = phi
		if !j.open {
			b.fill(at, i)
		}
		return phi
	}
	var ops []Arg
	if len(j.ins) == 0 { // a handler
		ops = append(ops, Arg{Value: b.settled(jv.base, v)})
		lo, _ := slices.BinarySearchFunc(j.defs, v, func(d diff, v uint32) int { return cmp.Compare(d.v, v) })
		for ; lo < len(b.joins[at].defs) && b.joins[at].defs[lo].v == v; lo++ {
			ops = append(ops, Arg{Value: b.settled(b.joins[at].defs[lo].val, v)})
		}
	} else {
		ops = b.operands(at, i)
	}
	phi := b.common(ops)
	if phi == 0 && !same(ops) {
		phi = b.newPhi(b.joins[at].block)
		b.setList(phi, ops)
	}
	b.joins[at].vars[i].phi = phi
	return phi
}

func (b *builder) settled(val Value, v uint32) Value {
	if val&pending != 0 {
		return b.settle(val, v)
	}
	return val
}

func (b *builder) operands(at, i int) []Arg {
	j := &b.joins[at]
	v, base := j.vars[i].v, j.vars[i].base
	ops := make([]Arg, len(j.ins))
	for k := range ops {
		val, ok := find(b.joins[at].ins[k].diffs, v)
		if !ok {
			val = base
		}
		ops[k].Value = b.settled(val, v)
	}
	return ops
}

// fill gives a loop's phi its operands, once all edges are known.
func (b *builder) fill(at, i int) {
	ops := b.operands(at, i)
	b.setList(b.joins[at].vars[i].phi, ops)
}

func (b *builder) setList(v Value, ops []Arg) {
	in := &b.f.Instrs[v]
	in.B, in.C = b.list(ops)
}

func (b *builder) newPhi(at BlockID) Value {
	v := Value(len(b.f.Instrs))
	blk := &b.f.Blocks[at]
	b.f.Instrs = append(b.f.Instrs, Instr{Op: Phi, A: uint32(blk.Phi)})
	blk.Phi = v
	return v
}

func same(ops []Arg) bool {
	for _, o := range ops[1:] {
		if o.Value != ops[0].Value {
			return false
		}
	}
	return true
}

// common is the value that all operands are, perhaps refined further; 0 when there is none. What the branches found
// out about it, each for itself, holds no longer.
func (b *builder) common(ops []Arg) Value {
	v := ops[0].Value
	for _, o := range ops[1:] {
		for v != o.Value {
			// Refinements are made after what they refine, so the younger one gives way.
			young := &v
			if o.Value > v {
				young = &o.Value
			}
			in := &b.f.Instrs[*young]
			if in.Op != Refine {
				return 0
			}
			*young = Value(in.A)
		}
	}
	return v
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
			b.defs = append(b.defs, diff{v, val})
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
			b.defs = append(b.defs, diff{v, 0})
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

// assignedIn calls f with the variables of this function that are assigned within a part of the source.
func (b *builder) assignedIn(s source.Span, f func(v uint32)) {
	if b.assigned == nil {
		for i := range b.in.AllBindings() {
			x := &b.in.AllBindings()[i]
			for _, d := range x.Defs {
				b.assigned = append(b.assigned, posDef{d.Node.Span().Start, x})
			}
		}
		slices.SortStableFunc(b.assigned, func(x, y posDef) int { return cmp.Compare(x.pos, y.pos) })
	}
	lo, _ := slices.BinarySearchFunc(b.assigned, s.Start, func(d posDef, pos uint32) int { return cmp.Compare(d.pos, pos) })
	for ; lo < len(b.assigned) && b.assigned[lo].pos < s.End; lo++ {
		if v := b.variable(b.assigned[lo].b); v != 0 {
			f(v)
		}
	}
}
