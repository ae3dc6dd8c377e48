package infer

import (
	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// findUses lists for each value of a function the instructions that a new fact of it goes through, in their order: those that step does
// something for, in code that control reaches. Lists end with 0, which no instruction is, or with branches and 0 where the value
// decides a branch.
func (s *solver) findUses(fn *function) {
	f := fn.f
	n := len(f.Instrs)
	fn.uses = s.numbers.take(n)
	if len(s.useHead) < n {
		s.useHead = make([]uint32, 2*n)
	}
	head := s.useHead[:n]
	clear(head)
	s.usePairs = s.usePairs[:0]
	note := func(o, user uint32) {
		if o == 0 {
			return
		}
		if at := head[o]; at != 0 && s.usePairs[at-1].user == user {
			return // twice by one instruction
		}
		s.usePairs = append(s.usePairs, usePair{user, head[o]})
		head[o] = uint32(len(s.usePairs))
	}
	for id := len(f.Blocks) - 1; id >= 0; id-- {
		if fn.unreached != nil && fn.unreached[id] {
			continue
		}
		if c := f.Blocks[id].Cond; c != 0 && (head[c] == 0 || s.usePairs[head[c]-1].user != branches) {
			note(uint32(c), branches)
		}
	}
	var dead []bool
	if fn.unreached != nil {
		dead = deadValues(f, fn.unreached)
	}
	for v := n - 1; v > 0; v-- { // from the end, since each list gets its new ones in front
		if dead != nil && dead[v] {
			continue
		}
		users(f, ir.Value(v), func(o uint32) { note(o, uint32(v)) })
	}
	for o := range head {
		if head[o] == 0 {
			continue
		}
		fn.uses[o] = uint32(len(s.uses))
		for at := head[o]; at != 0; at = s.usePairs[at-1].next {
			s.uses = append(s.uses, s.usePairs[at-1].user)
		}
		s.uses = append(s.uses, 0)
	}
}

// findBegin lists the values of a function that start has something to do for, and those that seed has.
func (s *solver) findBegin(fn *function) {
	f := fn.f
	begin, declares := s.usePairs[:0], 0
	for id := range f.Blocks {
		if fn.unreached != nil && fn.unreached[id] {
			continue
		}
		b := &f.Blocks[id]
		for v := b.First; v < b.End; v++ {
			if begins(f, v) {
				begin = append(begin, usePair{user: uint32(v)})
			}
		}
	}
	fn.begin = s.numbers.take(len(begin))
	for i := range begin {
		fn.begin[i] = begin[i].user
	}
	s.usePairs = begin
	for i := range f.Instrs {
		if declaring(f.Instrs[i].Op) {
			declares++
		}
	}
	fn.declares = s.numbers.take(declares)[:0]
	for i := range f.Instrs {
		if declaring(f.Instrs[i].Op) {
			fn.declares = append(fn.declares, uint32(i))
		}
	}
}

// begins reports whether start does something for an instruction.
func begins(f *ir.Func, v ir.Value) bool {
	switch in := &f.Instrs[v]; in.Op {
	case ir.ConstOp, ir.Global, ir.Cell, ir.IsInstance, ir.Matches, ir.Join, ir.Format, ir.SliceOp, ir.MakeTuple, ir.MakeList, ir.MakeSet, ir.MakeDict,
		ir.MakeComp, ir.MakeFunc, ir.Annotate, ir.MakeClass, ir.Import, ir.ImportFrom, ir.ImportStar, ir.YieldOp:
		return true
	case ir.Compare:
		switch syntax.Op(in.Sub) {
		case syntax.Is, syntax.IsNot, syntax.In, syntax.NotIn:
			return true
		}
	case ir.Unary:
		return syntax.Op(in.Sub) == syntax.Not
	case ir.ReturnOp:
		return in.A == 0
	case ir.DeclareName, ir.SetName:
		return f.Kind == ir.ClassCode
	}
	return false
}

// declaring reports whether seed may do something for an operation.
func declaring(op ir.Op) bool {
	switch op {
	case ir.Compare, ir.Item, ir.SetItem, ir.Declare, ir.Refine:
		return true
	}
	return false
}

// A slab gives out slices of what it allocates together.
type slab[T any] struct{ left []T }

func (l *slab[T]) take(n int) []T {
	if len(l.left) < n {
		l.left = make([]T, max(n, 1<<12))
	}
	out := l.left[:n:n]
	l.left = l.left[n:]
	return out
}

// A usePair is one of the users of a value, while they are collected.
type usePair struct{ user, next uint32 }

// users calls g with the operands whose facts step takes through an instruction.
func users(f *ir.Func, v ir.Value, g func(uint32)) {
	in := &f.Instrs[v]
	switch in.Op {
	case ir.Item, ir.SetItem, ir.Bin, ir.InPlace:
		g(in.A)
		g(in.B)
	case ir.Compare:
		switch syntax.Op(in.Sub) {
		case syntax.Is, syntax.IsNot:
		case syntax.In, syntax.NotIn:
			g(in.B)
		default:
			g(in.A)
			g(in.B)
		}
	case ir.Declare, ir.Unary, ir.Elem, ir.Unpack, ir.Enter, ir.Exit, ir.YieldOp, ir.YieldFrom, ir.Await, ir.Except, ir.ReturnOp, ir.Attr, ir.DelAttr,
		ir.DelItem, ir.Call, ir.Format, ir.Append, ir.RaiseOp, ir.MatchAttr:
		g(in.A)
	case ir.SetAttr:
		if in.Sub == 0 {
			g(in.A)
		}
	case ir.SetGlobal, ir.SetName, ir.SetCell:
		g(in.B)
	case ir.Phi, ir.MakeClass:
		for _, a := range f.List(in) {
			g(uint32(a.Value))
		}
	case ir.Refine:
		g(in.A)
		// And what the condition asks the value about.
		switch c := &f.Instrs[in.B]; c.Op {
		case ir.Call:
			for _, a := range f.List(c) {
				g(uint32(a.Value))
				testedFor(f, a.Value, maxNesting, g)
			}
		case ir.IsInstance:
			g(c.B)
			testedFor(f, ir.Value(c.B), maxNesting, g)
		case ir.Compare:
			g(c.A)
			g(c.B)
		}
	}
}

// testedFor are the parts of a tuple or union of classes.
func testedFor(f *ir.Func, v ir.Value, depth int, g func(uint32)) {
	if depth == 0 {
		return
	}
	switch in := &f.Instrs[v]; in.Op {
	case ir.MakeTuple:
		for _, a := range f.List(in) {
			g(uint32(a.Value))
			testedFor(f, a.Value, depth-1, g)
		}
	case ir.Bin:
		for _, x := range [2]uint32{in.A, in.B} {
			g(x)
			testedFor(f, ir.Value(x), depth-1, g)
		}
	}
}

// unreached are the blocks that control never reaches, nil when there are none.
func unreached(f *ir.Func) []bool {
	known := make([]bool, len(f.Blocks))
	todo := append(make([]ir.BlockID, 0, 16), 0)
	known[0] = true
	n := 1
	for len(todo) > 0 {
		b := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, t := range f.Blocks[b].Succs {
			if !known[t] {
				known[t] = true
				n++
				todo = append(todo, t)
			}
		}
	}
	if n == len(known) {
		return nil
	}
	for i := range known {
		known[i] = !known[i]
	}
	return known
}

// deadValues are the instructions in unreached blocks.
func deadValues(f *ir.Func, unreached []bool) []bool {
	dead := make([]bool, len(f.Instrs))
	for id := range f.Blocks {
		if !unreached[id] {
			continue
		}
		b := &f.Blocks[id]
		for v := b.First; v < b.End; v++ {
			if f.Instrs[v].Op != ir.Phi {
				dead[v] = true
			}
		}
		for v := b.Phi; v != 0; v = f.NextPhi(v) {
			dead[v] = true
		}
	}
	return dead
}
