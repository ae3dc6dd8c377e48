package ir

import (
	"slices"
	"sync"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An Outside tells the value of what a function does not make itself: a name of the module, a variable of an outer
// function, an attribute, a parameter. ok is false where it is not known.
type Outside func(f *Func, v Value) (Const, bool)

// constants is the result of sparse conditional constant propagation (Wegman and Zadeck, 1991) over one function: optimistic,
// along edges that can be taken.
type constants struct {
	busy    bool
	state   []state
	vals    map[Value]Const
	outside []bool // the value depends on what [Outside] told
	edges   []bool // by block: it is reached
}

type state uint8

const (
	top    state = iota // nothing known yet: not reached
	known               // vals has it
	bottom              // differs from run to run
)

// Const is the value of v when it is the same in every run.
//
// Branches are pruned where their condition is made of literals and local variables alone: a constant of the module or of the settings
// is what someone may change without looking here.
func (f *Func) Const(v Value, outside Outside) (Const, bool) {
	if in := &f.Instrs[v]; in.Op == ConstOp {
		return f.Consts[in.A], true
	}
	if f.known == nil {
		steps := maxHopeSteps
		if f.hopeless(v, outside, &steps) {
			return Const{}, false
		}
		f.propagate(outside)
	}
	if f.known.busy || f.known.state == nil || f.known.state[v] != known {
		return Const{}, false
	}
	return f.known.vals[v], true
}

func (f *Func) propagate(outside Outside) {
	f.known = &constants{busy: true}
	p := propagators.Get().(*propagator)
	p.f, p.c, p.outside = f, f.known, outside
	p.run()
	f.known.busy = false
	p.f, p.c, p.outside, p.shared = nil, nil, nil, nil
	if len(p.taken) < maxKept {
		propagators.Put(p)
	}
}

// propagators are kept for their tables; not those that a large function has made large.
var propagators = sync.Pool{New: func() any { return &propagator{taken: map[uint64]bool{}, ends: map[Value][]BlockID{}} }}

const maxKept = 4096

// maxHopeSteps bounds the look ahead of [Func.hopeless].
const maxHopeSteps = 64

// folded are the functions and methods whose results are told of constants: see convert and method.
var folded = map[string]bool{"str": true, "bool": true, "int": true, "len": true, "tuple": true, "list": true, "get": true, "format": true, "join": true,
	"encode": true, "decode": true, "lower": true, "upper": true, "strip": true, "lstrip": true, "rstrip": true, "replace": true, "startswith": true,
	"endswith": true}

// hopeless reports whether it is plain that v is no constant: it is made of something that never is. Most values that anyone asks
// for are such, and need no propagation through all of the function.
func (f *Func) hopeless(v Value, outside Outside, steps *int) bool {
	if *steps--; *steps < 0 {
		return false
	}
	if v == 0 {
		return true
	}
	in := &f.Instrs[v]
	switch in.Op {
	case ConstOp:
		return false
	case Global, Cell, Attr, ParamOp, ImportFrom:
		if outside != nil {
			_, ok := outside(f, v)
			return !ok
		}
		return true
	case Refine:
		return f.Instrs[in.B].Op != Compare && f.hopeless(Value(in.A), outside, steps)
	case Declare, Unary:
		return f.hopeless(Value(in.A), outside, steps)
	case Phi:
		for _, a := range f.List(in) {
			if !f.hopeless(a.Value, outside, steps) {
				return false
			}
		}
		return true
	case Bin, InPlace, Compare, Item:
		return f.hopeless(Value(in.A), outside, steps) || f.hopeless(Value(in.B), outside, steps)
	case Format:
		return in.B != 0 || f.hopeless(Value(in.A), outside, steps)
	case Unpack:
		return in.Sub != UnpackAt || f.hopeless(Value(in.A), outside, steps)
	case Call:
		switch fn := &f.Instrs[in.A]; {
		case fn.Op == Global && fn.Sub == 1 && folded[f.Unit.Syms[fn.A]]:
		case fn.Op == Attr && folded[f.Unit.Syms[fn.B]]:
			if f.hopeless(Value(fn.A), outside, steps) {
				return true
			}
		default:
			return true
		}
	case Join, MakeTuple, MakeList, MakeDict:
	default:
		return true
	}
	for _, a := range f.List(in) {
		if a.Name == Star || a.Name == DoubleStar || f.hopeless(a.Value, outside, steps) {
			return true
		}
	}
	return false
}

// Reached reports whether control can come to a block, as far as constants tell; it is true until [Func.Const] had to look.
func (f *Func) Reached(b BlockID) bool {
	return f.known == nil || f.known.edges == nil || f.known.edges[b]
}

// maxPropagated bounds how large a function may be whose constants are looked for, in instructions: what is larger is a table or was generated.
const maxPropagated = 1 << 20

// maxDisplay bounds the elements of a list, tuple or dict that is taken for a constant: longer ones are data.
const maxDisplay = 256

type propagator struct {
	f       *Func
	c       *constants
	outside Outside

	users   []Value // of all values, one after the other
	first   []uint32
	filled  []uint32 // how many of them index has found
	blockOf []BlockID
	ends    map[Value][]BlockID // the blocks that end on a value
	taken   map[uint64]bool
	flow    []edge
	dirty   []Value
	shared  map[Value]bool // lists and dicts that are changed after they were made
}

type edge struct{ from, to BlockID }

func (p *propagator) run() {
	f := p.f
	n := len(f.Instrs)
	if n > maxPropagated {
		return
	}
	p.c.state = make([]state, n)
	p.c.outside = make([]bool, n)
	p.c.vals = map[Value]Const{}
	p.c.edges = make([]bool, len(f.Blocks))
	clear(p.taken)
	clear(p.ends)
	p.flow, p.dirty = p.flow[:0], p.dirty[:0]
	p.c.state[0] = bottom
	p.index()
	p.mutations()
	p.flow = append(p.flow, edge{0, 0})
	for len(p.flow) > 0 || len(p.dirty) > 0 {
		for len(p.flow) > 0 {
			e := p.flow[len(p.flow)-1]
			p.flow = p.flow[:len(p.flow)-1]
			p.take(e)
		}
		for len(p.dirty) > 0 && len(p.flow) == 0 {
			v := p.dirty[len(p.dirty)-1]
			p.dirty = p.dirty[:len(p.dirty)-1]
			for _, u := range p.users[p.first[v]:p.first[v+1]] {
				// What was evaluated with a known operand has seen it; only a phi has more to learn from it.
				if p.c.edges[p.blockOf[u]] && (p.c.state[v] == bottom || p.c.state[u] == top || p.f.Instrs[u].Op == Phi) {
					p.visit(u)
				}
			}
			for _, id := range p.ends[v] {
				if p.c.edges[id] {
					p.decide(id)
				}
			}
		}
	}
}

// uses calls f with the values that v is evaluated from.
func (p *propagator) uses(v Value, f func(Value)) {
	p.f.Operands(v, f)
	switch in := &p.f.Instrs[v]; in.Op {
	case Call:
		if fn := &p.f.Instrs[in.A]; fn.Op == Attr {
			f(Value(fn.A))
		}
	case Refine:
		if c := &p.f.Instrs[in.B]; c.Op == Compare {
			f(Value(c.A))
			f(Value(c.B))
		}
	}
}

// index finds the users of each value and the block of each instruction.
func (p *propagator) index() {
	f := p.f
	p.first = zeros(p.first, len(f.Instrs)+1)
	for v := range f.Instrs {
		p.uses(Value(v), func(o Value) { p.first[o+1]++ })
	}
	for i := 1; i < len(p.first); i++ {
		p.first[i] += p.first[i-1]
	}
	p.users = zeros(p.users, int(p.first[len(f.Instrs)]))
	p.filled = zeros(p.filled, len(f.Instrs))
	for v := range f.Instrs {
		p.uses(Value(v), func(o Value) {
			p.users[p.first[o]+p.filled[o]] = Value(v)
			p.filled[o]++
		})
	}
	p.blockOf = zeros(p.blockOf, len(f.Instrs))
	for id := range f.Blocks {
		b := &f.Blocks[id]
		if b.Cond != 0 {
			p.ends[b.Cond] = append(p.ends[b.Cond], BlockID(id))
		}
		for v := b.First; v < b.End; v++ {
			if f.Instrs[v].Op != Phi {
				p.blockOf[v] = BlockID(id)
			}
		}
	}
	for id := range f.Blocks {
		for v := f.Blocks[id].Phi; v != 0; v = f.NextPhi(v) {
			p.blockOf[v] = BlockID(id)
		}
	}
}

// zeros is a slice of n zeros, in the array of another if that is long enough.
func zeros[T ~uint32](list []T, n int) []T {
	list = slices.Grow(list[:0], n)[:n]
	clear(list)
	return list
}

// mutators are the methods by which lists and dicts change.
var mutators = map[string]bool{"append": true, "extend": true, "insert": true, "remove": true, "pop": true, "clear": true, "sort": true, "reverse": true,
	"update": true, "setdefault": true, "popitem": true}

// mutations finds the displays that are changed where it can be seen, or that an inner function may change: they are no constants.
func (p *propagator) mutations() {
	f := p.f
	var list []Value
	mark := func(v Value) {
		v = f.Source(v)
		switch f.Instrs[v].Op {
		case MakeList, MakeDict, MakeTuple, Phi, Item:
			if !p.shared[v] {
				if p.shared == nil {
					p.shared = map[Value]bool{}
				}
				p.shared[v] = true
				list = append(list, v)
			}
		}
	}
	for i := range f.Instrs {
		switch in := &f.Instrs[i]; in.Op {
		case SetItem, DelItem, InPlace:
			mark(Value(in.A))
		case SetCell:
			mark(Value(in.B))
		case Call:
			if fn := &f.Instrs[in.A]; fn.Op == Attr && mutators[f.Unit.Syms[fn.B]] {
				mark(Value(fn.A))
			}
		}
		for len(list) > 0 {
			in := &f.Instrs[list[len(list)-1]]
			list = list[:len(list)-1]
			if in.Op == Item {
				mark(Value(in.A))
				continue
			}
			for _, a := range f.List(in) {
				mark(a.Value)
			}
		}
	}
}

func (p *propagator) take(e edge) {
	key := uint64(e.from)<<32 | uint64(e.to)
	if p.taken[key] {
		return
	}
	p.taken[key] = true
	f := p.f
	b := &f.Blocks[e.to]
	if p.c.edges[e.to] {
		if !b.Handler { // there a phi depends on no edge
			for v := b.Phi; v != 0; v = f.NextPhi(v) {
				p.visit(v)
			}
		}
		return
	}
	p.c.edges[e.to] = true
	for v := b.First; v < b.End; v++ {
		if f.Instrs[v].Op != Phi {
			p.visit(v)
		}
	}
	for v := b.Phi; v != 0; v = f.NextPhi(v) {
		p.visit(v)
	}
	if b.Cond == 0 {
		for _, s := range b.Succs {
			p.flow = append(p.flow, edge{e.to, s})
		}
	} else {
		p.decide(e.to)
	}
}

func (p *propagator) decide(id BlockID) {
	b := &p.f.Blocks[id]
	switch p.c.state[b.Cond] {
	case known:
		if !p.c.outside[b.Cond] {
			to := b.Succs[1]
			if p.c.vals[b.Cond].Truth() {
				to = b.Succs[0]
			}
			p.flow = append(p.flow, edge{id, to})
			for _, s := range b.Succs[2:] {
				p.flow = append(p.flow, edge{id, s})
			}
			return
		}
	case top:
		return
	}
	for _, s := range b.Succs {
		p.flow = append(p.flow, edge{id, s})
	}
}

// visit evaluates an instruction; its value only ever sinks.
func (p *propagator) visit(v Value) {
	old := p.c.state[v]
	if old == bottom {
		return
	}
	c, st, outside := p.eval(v)
	if st == known && (p.shared[v] && c.mutable() || c.size() > maxConst) {
		st = bottom
	}
	if st == old && (st != known || c.Equal(p.c.vals[v])) || st == top {
		return
	}
	if st == known && old == known {
		st = bottom
	}
	p.c.state[v] = st
	if st == known {
		p.c.vals[v] = c
		p.c.outside[v] = outside
	} else {
		delete(p.c.vals, v)
	}
	p.dirty = append(p.dirty, v)
}

// eval is what an instruction makes of what its operands are known to be.
func (p *propagator) eval(v Value) (Const, state, bool) {
	f := p.f
	in := &f.Instrs[v]
	switch in.Op {
	case ConstOp:
		return f.Consts[in.A], known, false
	case Phi:
		return p.phi(v)
	case Refine:
		if p.c.state[in.A] == bottom && in.Sub == 1 {
			return p.equal(Value(in.A), Value(in.B))
		}
		return p.copy(Value(in.A))
	case Declare:
		if in.A == 0 {
			return Const{}, bottom, false
		}
		return p.copy(Value(in.A))
	case Global, Cell, Attr, ParamOp, ImportFrom:
		if in.Op == Attr && p.c.state[in.A] == top {
			return Const{}, top, false
		}
		if p.outside != nil {
			if c, ok := p.outside(f, v); ok {
				return c, known, true
			}
		}
		return Const{}, bottom, false
	}
	// All operands must be known.
	st, outside := known, false
	p.uses(v, func(o Value) {
		if in.Op == Call && o == Value(in.A) {
			return // the function itself is no constant
		}
		switch p.c.state[o] {
		case bottom:
			st = bottom
		case top:
			if st == known {
				st = top
			}
		}
		outside = outside || p.c.outside[o]
	})
	if st != known {
		return Const{}, st, false
	}
	var c Const
	switch in.Op {
	case Bin, InPlace:
		c = binary(syntax.Op(in.Sub), p.c.vals[Value(in.A)], p.c.vals[Value(in.B)])
	case Unary:
		c = unary(syntax.Op(in.Sub), p.c.vals[Value(in.A)])
	case Compare:
		c = compareConst(syntax.Op(in.Sub), p.c.vals[Value(in.A)], p.c.vals[Value(in.B)])
	case Item:
		c = subscript(p.c.vals[Value(in.A)], p.c.vals[Value(in.B)])
	case Unpack:
		if in.Sub == UnpackAt {
			if x := p.c.vals[Value(in.A)]; len(x.Elems()) == int(in.C) && (x.kind == Tuple || x.kind == List) {
				c = x.Elems()[in.B]
			}
		}
	case MakeTuple, MakeList, MakeDict:
		c = p.display(in)
	case Format:
		if in.B == 0 {
			if text, ok := display(p.c.vals[Value(in.A)], in.Sub); ok {
				c = StrConst(text)
			}
		}
	case Join:
		if in.Sub == 0 {
			c = p.join(in)
		}
	case Call:
		c = p.call(in)
	}
	if !c.IsValid() {
		return Const{}, bottom, false
	}
	return c, known, outside
}

func (p *propagator) copy(v Value) (Const, state, bool) {
	return p.c.vals[v], p.c.state[v], p.c.outside[v]
}

func (p *propagator) phi(v Value) (Const, state, bool) {
	f := p.f
	id := p.blockOf[v]
	b := &f.Blocks[id]
	var c Const
	st, outside := top, false
	for i, a := range f.List(&f.Instrs[v]) {
		if !b.Handler && i < len(b.Preds) && !p.taken[uint64(b.Preds[i])<<32|uint64(id)] {
			continue
		}
		if a.Value == 0 {
			continue // not assigned on this way: reading it would raise
		}
		if p.c.state[a.Value] == top && f.Instrs[a.Value].Op == Global {
			p.visit(a.Value) // the name further out, which no block evaluates
		}
		switch p.c.state[a.Value] {
		case bottom:
			return Const{}, bottom, false
		case known:
			d := p.c.vals[a.Value]
			if st == known && !d.Equal(c) {
				return Const{}, bottom, false
			}
			c, st = d, known
			outside = outside || p.c.outside[a.Value]
		}
	}
	return c, st, outside
}

// equal is the string that v was found equal to.
func (p *propagator) equal(v, cond Value) (Const, state, bool) {
	f := p.f
	in := &f.Instrs[cond]
	if in.Op == Compare && (syntax.Op(in.Sub) == syntax.Eq || syntax.Op(in.Sub) == syntax.Is) {
		for _, pair := range [2][2]uint32{{in.A, in.B}, {in.B, in.A}} {
			other := Value(pair[1])
			if f.Source(Value(pair[0])) == f.Source(v) && p.c.state[other] == known && p.c.vals[other].kind == Str {
				return p.copy(other)
			}
		}
	}
	return Const{}, bottom, false
}

func (p *propagator) display(in *Instr) Const {
	list := p.f.List(in)
	if len(list) > maxDisplay {
		return Const{}
	}
	vals := make([]Const, 0, len(list))
	for _, a := range list {
		if a.Name != Positional {
			return Const{}
		}
		vals = append(vals, p.c.vals[a.Value])
	}
	switch in.Op {
	case MakeTuple:
		return TupleConst(vals)
	case MakeList:
		return ListConst(vals)
	}
	var keys, values []Const
	for i := 0; i+1 < len(vals); i += 2 {
		keys, values = append(keys, vals[i]), append(values, vals[i+1])
	}
	c, _ := dictConst(keys, values)
	return c
}

func (p *propagator) join(in *Instr) Const {
	text := ""
	for _, a := range p.f.List(in) {
		s, ok := p.c.vals[a.Value].Str()
		if !ok || len(text)+len(s) > maxConst {
			return Const{}
		}
		text += s
	}
	return StrConst(text)
}

// call folds conversions by builtins, and methods of constants.
func (p *propagator) call(in *Instr) Const {
	f := p.f
	var args []Const
	named := map[string]Const{}
	for _, a := range f.List(in) {
		switch {
		case a.Name == Positional:
			args = append(args, p.c.vals[a.Value])
		case a.Name >= firstSym:
			named[f.Unit.Syms[a.Name]] = p.c.vals[a.Value]
		default:
			return Const{}
		}
	}
	switch fn := &f.Instrs[in.A]; fn.Op {
	case Global:
		if fn.Sub == 1 && len(named) == 0 {
			return convert(f.Unit.Syms[fn.A], args)
		}
	case Attr:
		if p.c.state[fn.A] == known {
			return method(p.c.vals[Value(fn.A)], f.Unit.Syms[fn.B], args, named)
		}
	}
	return Const{}
}
