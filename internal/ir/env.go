package ir

import (
	"slices"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// The environment says which value each variable has where the builder stands. Its states form a tree: an assignment makes a new
// state below the one before it, and a way out of a block keeps the number of its state, so that leaving, coming back and
// going on elsewhere cost nothing. One array holds what the variables are in one of the states; it is moved to another, along the
// tree, when somebody reads or assigns.

// A version is a state of the environment: an index in builder.nodes. 0 is how the function begins.
type version uint32

type node struct {
	parent   version
	depth    uint32
	v        uint32 // the variable that was assigned
	val, old Value
	seen     uint32 // the last walk that came by
}

// pending marks, in place of a value, a variable whose phi nobody has asked for yet; the rest is an index in builder.vars.
const pending Value = 1 << 31

const (
	// maxEdges bounds the edges whose values are told apart: of a join of more, a phi has the values but not their ways. Only so do
	// ten thousand branches that each assign another variable stay linear.
	maxEdges = 256
	// maxPending bounds how many joins wait for each other, and so the depth of recursion.
	maxPending = 256
	// maxRefined bounds how many refinements are laid upon each other.
	maxRefined = 32
)

// A way is an edge to a block that does not exist yet, and what the variables are on it.
type way struct {
	block BlockID
	edge  uint32
	at    version
	found uint32 // what taking it tells: 1 + index in builder.found
	next  uint32
}

// A finding is what a condition tells of variables where it came out one way. It is laid upon them when something goes on from that
// way alone, and forgotten where ways meet.
type finding struct {
	cond  Value
	node  syntax.ID
	sense uint8
	n     uint8
	vars  [maxTested]uint32
}

// maxTested bounds how many variables one condition is taken to tell of.
const maxTested = 4

// ways is a list of them, in builder.ways.
type ways struct{ first, last, n uint32 }

func (b *builder) add(l *ways, w way) {
	i := uint32(len(b.ways))
	b.ways = append(b.ways, w)
	if l.n == 0 {
		l.first = i
	} else {
		b.ways[l.last].next = i
	}
	l.last = i
	l.n++
}

// addAll moves a list to the end of another.
func (b *builder) addAll(l *ways, m ways) {
	switch {
	case m.n == 0:
	case l.n == 0:
		*l = m
	default:
		b.ways[l.last].next = m.first
		l.last = m.last
		l.n += m.n
	}
}

func (b *builder) one(w way) (l ways) {
	b.add(&l, w)
	return l
}

// each calls f with the ways of a list and their ordinals.
func (b *builder) each(l ways, f func(i uint32, w way)) {
	at := l.first
	for i := range l.n {
		w := b.ways[at]
		at = w.next
		f(i, w)
	}
}

type join struct {
	block BlockID
	loop  bool
	open  bool // a loop, whose back edges are not known yet
	loose bool // what comes in is not told apart by edges
	ways  ways
	first uint32 // of its variables, in builder.vars
	end   uint32
	tmp   uint32
}

// A joinVar is a variable that may differ between the ways into a join.
type joinVar struct {
	join    uint32
	v       uint32
	base    Value // before the branch
	phi     Value
	settled bool
	depth   uint32 // how many joins it waits for
	entries uint32 // what the ways say, the last first: 1 + index in builder.entry
}

type entry struct {
	next uint32
	edge uint32
	val  Value
}

// A slot says which joinVar of the join that is being made a variable has.
type slot struct{ join, index uint32 }

// A varInfo is what a variable is in the source; nothing for a temporary.
type varInfo struct {
	binding *resolve.Binding
	unbound Value // the name looked up further out, where it has no value
}

type place struct{ epoch, v uint32 }

// variable is the number of a binding that is a value here: 1 + index in cur; 0 when it is none.
func (b *builder) variable(x *resolve.Binding) uint32 {
	if x.Remote || b.scope == nil || x.Scope.Kind == resolve.TypeParamScope || x.Scope.Function() != b.scope {
		return 0
	}
	p := &b.places[x.Index]
	if p.epoch != b.epoch {
		*p = place{b.epoch, b.newVar(x)}
	}
	return p.v
}

func (b *builder) newVar(x *resolve.Binding) uint32 {
	b.cur = append(b.cur, 0)
	b.slots = append(b.slots, slot{})
	b.info = append(b.info, varInfo{binding: x})
	return uint32(len(b.cur))
}

func (b *builder) temp() uint32 { return b.newVar(nil) }

// sync moves the array to where the builder stands.
func (b *builder) sync() {
	x, y := b.held, b.at
	if x == y {
		return
	}
	b.trail = b.trail[:0]
	for x != y {
		if n := &b.nodes[x]; n.depth >= b.nodes[y].depth {
			b.cur[n.v-1] = n.old
			x = n.parent
		} else {
			b.trail = append(b.trail, y)
			y = b.nodes[y].parent
		}
	}
	for i := len(b.trail) - 1; i >= 0; i-- {
		n := &b.nodes[b.trail[i]]
		n.old = b.cur[n.v-1]
		b.cur[n.v-1] = n.val
	}
	b.held = b.at
}

func (b *builder) setVar(v uint32, val Value) {
	b.sync()
	b.nodes = append(b.nodes, node{parent: b.at, depth: b.nodes[b.at].depth + 1, v: v, val: val, old: b.cur[v-1]})
	b.at = version(len(b.nodes) - 1)
	b.held = b.at
	b.cur[v-1] = val
}

func (b *builder) read(v uint32) Value {
	b.sync()
	val := b.cur[v-1]
	if val&pending != 0 {
		val = b.settle(val)
		b.cur[v-1] = val
	}
	return val
}

// merge goes on where edges come together. The environment must stand where they parted.
func (b *builder) merge(l ways) { b.mergeTemp(l, 0) }

// mergeTemp is merge, where a temporary of the ways is read afterwards. The others have done their work.
func (b *builder) mergeTemp(l ways, tmp uint32) {
	if l.n == 0 {
		b.dead = true
		return
	}
	if l.n == 1 {
		w := b.ways[l.first]
		b.at = w.at
		if last := len(b.f.Blocks) - 1; int(w.block) == last && b.succs[last] == 1 && int(b.f.Blocks[last].End) == len(b.f.Instrs) {
			b.f.Blocks[last].End, b.block, b.dead = 0, w.block, false // nothing has come in between
			return
		}
		b.link(w, b.newBlock())
		if w.found != 0 {
			f := b.found[w.found-1]
			for _, v := range f.vars[:f.n] {
				b.refine(v, f.cond, f.sense, f.node)
			}
		}
		return
	}
	id := b.newBlock()
	b.each(l, func(_ uint32, w way) { b.link(w, id) })
	j := b.newJoin(join{block: id, ways: l, tmp: tmp})
	b.collect(j, b.at)
	b.endJoin(j)
}

func (b *builder) newJoin(j join) uint32 {
	b.sync()
	j.first = uint32(len(b.vars))
	b.joins = append(b.joins, j)
	return uint32(len(b.joins))
}

// collect gathers what the ways into a join have assigned since the state base.
func (b *builder) collect(id uint32, base version) {
	j := &b.joins[id-1]
	skip := uint32(0)
	if j.loop {
		skip = 1 // the way in
	}
	total, distinct := 0, 0
	b.each(j.ways, func(i uint32, w way) {
		if i >= skip {
			total += int(b.nodes[w.at].depth) - int(b.nodes[base].depth)
		}
	})
	loose := j.ways.n > maxEdges
	if !loose && total > 4096 {
		// Ways that share most of what they assign cost more than they say.
		b.eachOnce(j.ways, skip, base, func(version) { distinct++ })
		loose = total > 64*distinct
	}
	if !loose {
		b.each(j.ways, func(i uint32, w way) {
			for n := w.at; i >= skip && n != base; n = b.nodes[n].parent {
				b.enter(id, b.nodes[n].v, i, b.nodes[n].val)
			}
		})
		return
	}
	j.loose = true
	b.f.Blocks[j.block].Handler = true
	b.eachOnce(j.ways, skip, base, func(n version) { b.enter(id, b.nodes[n].v, uint32(n), b.nodes[n].val) })
}

// eachOnce calls f with each state between base and the ways.
func (b *builder) eachOnce(l ways, skip uint32, base version, f func(version)) {
	b.stamp++
	b.each(l, func(i uint32, w way) {
		for n := w.at; i >= skip && n != base && b.nodes[n].seen != b.stamp; n = b.nodes[n].parent {
			b.nodes[n].seen = b.stamp
			f(n)
		}
	})
}

// enter notes what a variable is on an edge into a join; what was noted first for an edge is nearest to it.
func (b *builder) enter(id, v, edge uint32, val Value) {
	x := b.joinVar(id, v)
	if x == nil {
		return
	}
	if x.entries != 0 && b.entry[x.entries-1].edge == edge {
		return
	}
	b.entry = append(b.entry, entry{next: x.entries, edge: edge, val: val})
	x.entries = uint32(len(b.entry))
}

// joinVar is the variable of a join, made if need be; nil for one that a loop does not assign, and for temporaries.
func (b *builder) joinVar(id, v uint32) *joinVar {
	s := &b.slots[v-1]
	if s.join != id {
		if j := &b.joins[id-1]; j.loop && !j.open || b.info[v-1].binding == nil && v != j.tmp {
			return nil
		}
		*s = slot{id, uint32(len(b.vars))}
		b.vars = append(b.vars, joinVar{join: id, v: v, base: b.cur[v-1]})
	}
	return &b.vars[s.index]
}

// endJoin makes the join's variables pending.
func (b *builder) endJoin(id uint32) {
	j := &b.joins[id-1]
	j.end = uint32(len(b.vars))
	for i := j.first; i < j.end; i++ {
		b.bound(i)
		b.setVar(b.vars[i].v, pending|Value(i))
	}
}

// bound keeps the joins that wait for each other few.
func (b *builder) bound(i uint32) {
	x := &b.vars[i]
	x.depth = 1 + b.waits(x.base)
	for e := x.entries; e != 0; e = b.entry[e-1].next {
		x.depth = max(x.depth, 1+b.waits(b.entry[e-1].val))
	}
	if x.depth > maxPending {
		b.settle(pending | Value(i))
	}
}

func (b *builder) waits(val Value) uint32 {
	if val&pending == 0 {
		return 0
	}
	if x := &b.vars[val&^pending]; !x.settled {
		return x.depth
	}
	return 0
}

// settle is the value of a pending variable.
func (b *builder) settle(val Value) Value {
	if val&pending == 0 {
		return val
	}
	i := uint32(val &^ pending)
	x := &b.vars[i]
	if x.settled {
		return x.phi
	}
	j := &b.joins[x.join-1]
	x.settled = true
	if j.loop {
		// The phi comes first: what flows back may be made of it.
		phi := b.newPhi(j.block)
		x.phi = phi
		if !j.open {
			b.fill(i)
		}
		return phi
	}
	mark := b.operands(i)
	ops := b.ops[mark:]
	phi := b.common(ops)
	if phi == 0 && !same(ops) {
		phi = b.newPhi(b.joins[b.vars[i].join-1].block)
		b.setList(phi, ops)
	}
	b.ops = b.ops[:mark]
	b.vars[i].phi = phi
	return phi
}

// operands pushes what a variable is on the ways into its join on the stack builder.ops.
func (b *builder) operands(i uint32) (mark int) {
	mark = len(b.ops)
	x := b.vars[i]
	j := &b.joins[x.join-1]
	if j.loose {
		b.ops = append(b.ops, Arg{Value: x.base})
		for e := x.entries; e != 0; e = b.entry[e-1].next {
			b.ops = append(b.ops, Arg{Value: b.entry[e-1].val})
		}
		slices.Reverse(b.ops[mark+1:])
	} else {
		for k := range j.ways.n {
			val := x.base
			if j.loop && k > 0 {
				val = x.phi // on this way nothing has changed it
			}
			b.ops = append(b.ops, Arg{Value: val})
		}
		for e := x.entries; e != 0; e = b.entry[e-1].next {
			b.ops[mark+int(b.entry[e-1].edge)].Value = b.entry[e-1].val
		}
	}
	loose, end := j.loose, len(b.ops)
	for k := mark; k < end; k++ {
		val := b.settle(b.ops[k].Value)
		if val == 0 {
			val = b.unbound(x.v)
		}
		b.ops[k].Value = val
	}
	if loose {
		b.ops = b.ops[:mark+len(distinct(b.ops[mark:end]))]
	}
	return mark
}

// distinct takes repeated values out of a list.
func distinct(list []Arg) []Arg {
	if len(list) > 16 {
		slices.SortFunc(list, func(x, y Arg) int { return int(x.Value) - int(y.Value) })
		return slices.Compact(list)
	}
	out := list[:0]
	for _, a := range list {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// fill gives a loop's phi its operands, once all edges are known.
func (b *builder) fill(i uint32) {
	mark := b.operands(i)
	b.setList(b.vars[i].phi, b.ops[mark:])
	b.ops = b.ops[:mark]
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

// unbound is what a name of a module or class means where it has no value, when it means anything: Python looks it up further out.
// The instruction belongs to no way, since it depends on none.
func (b *builder) unbound(v uint32) Value {
	info := &b.info[v-1]
	x := info.binding
	if x == nil || info.unbound != 0 {
		return info.unbound
	}
	op := b.outer(x)
	if op.Op == Undef || op.Sub == 1 && !IsBuiltin(x.Name) {
		return 0
	}
	info.unbound = Value(len(b.f.Instrs))
	b.f.Instrs = append(b.f.Instrs, op)
	return info.unbound
}

// outer loads the name of a module or class where it has no value.
func (b *builder) outer(x *resolve.Binding) Instr {
	switch x.Scope.Kind {
	case resolve.ModuleScope:
		return Instr{Op: Global, Sub: 1, A: uint32(b.u.Sym(x.Name))}
	case resolve.ClassScope:
		in := Instr{Op: Global, A: uint32(b.u.Sym(x.Name))}
		if b.in.Module.Lookup(x.Name) == nil {
			in.Sub = 1
		}
		return in
	}
	return Instr{}
}

// refine lays a refinement upon what a variable is.
func (b *builder) refine(v uint32, c Value, sense uint8, n syntax.ID) {
	x := b.read(v)
	if x == 0 {
		return
	}
	below := x
	for depth := 0; b.f.Instrs[below].Op == Refine; depth++ {
		if depth == maxRefined && sense == 0 {
			return
		}
		below = Value(b.f.Instrs[below].A)
		if depth == maxRefined {
			x = b.f.Source(below)
			break
		}
	}
	b.setVar(v, b.emit(Refine, sense, uint32(x), uint32(c), 0, n))
}

// assignedIn calls f with the variables of this function that are assigned within a part of the source. Those of comprehensions
// are left out: they have a value before they are read each time.
func (b *builder) assignedIn(s source.Span, f func(v uint32)) {
	u := b.u
	if u.assigned == nil {
		all := b.in.AllBindings()
		n := 0
		for i := range all {
			if all[i].Scope.Kind != resolve.CompScope {
				n += len(all[i].Defs)
			}
		}
		u.assigned = make([]posDef, 0, n)
		for i := range all {
			if all[i].Scope.Kind == resolve.CompScope {
				continue
			}
			for _, d := range all[i].Defs {
				u.assigned = append(u.assigned, posDef{d.Node.Span().Start, uint32(i)})
			}
		}
		slices.SortFunc(u.assigned, func(x, y posDef) int {
			if x.pos != y.pos {
				return int(x.pos) - int(y.pos)
			}
			return int(x.binding) - int(y.binding)
		})
	}
	lo, _ := slices.BinarySearchFunc(u.assigned, s.Start, func(d posDef, pos uint32) int { return int(d.pos) - int(pos) })
	for ; lo < len(u.assigned) && u.assigned[lo].pos < s.End; lo++ {
		if v := b.variable(&b.in.AllBindings()[u.assigned[lo].binding]); v != 0 {
			f(v)
		}
	}
}

// A posDef is an assignment and where it stands.
type posDef struct {
	pos     uint32
	binding uint32 // its index
}
