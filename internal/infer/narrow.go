package infer

import (
	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A narrowing is a load of an attribute that a branch before it has looked at: what it gives passes the branch's condition, as if it were the value
// that was tested. A call in between may have changed the attribute; people who write such code rely on that it has not.
type narrowing struct {
	cond ir.Instr // a Refine of the load that was tested
	load ir.Value
}

// maxRegion bounds how many blocks behind a branch are looked through.
const maxRegion = 64

// narrowings finds such loads: in the blocks that only one outcome of a branch leads to, up to the first that assigns the attribute.
func narrowings(f *ir.Func) (list []narrowing) {
	for id := range f.Blocks {
		c := f.Blocks[id].Cond
		if c == 0 || len(f.Blocks[id].Succs) != 2 {
			continue
		}
		tested, flip := testedLoad(f, c)
		if tested == 0 {
			continue
		}
		for i, to := range f.Blocks[id].Succs {
			sense := uint8(1 - i)
			cond := c
			if flip {
				sense, cond = uint8(i), ir.Value(f.Instrs[c].A)
			}
			refine := ir.Instr{Op: ir.Refine, Sub: sense, A: uint32(tested), B: uint32(cond)}
			behind(f, to, &f.Instrs[tested], func(load ir.Value) { list = append(list, narrowing{refine, load}) })
		}
	}
	return list
}

// testedLoad is the attribute that a condition looks at: x.a, x.a is None, isinstance(x.a, C), callable(x.a), or not one of these.
func testedLoad(f *ir.Func, c ir.Value) (load ir.Value, flip bool) {
	in := &f.Instrs[c]
	if in.Op == ir.Unary && syntax.Op(in.Sub) == syntax.Not {
		load, flip = testedLoad(f, ir.Value(in.A))
		return load, !flip
	}
	attr := func(v uint32) ir.Value {
		if x := f.Source(ir.Value(v)); f.Instrs[x].Op == ir.Attr {
			return x
		}
		return 0
	}
	switch in.Op {
	case ir.Attr:
		return c, false
	case ir.Compare:
		if k := &f.Instrs[f.Source(ir.Value(in.B))]; k.Op == ir.ConstOp {
			return attr(in.A), false
		}
	case ir.Call:
		if g := &f.Instrs[in.A]; g.Op == ir.Global && in.C > 0 && (f.Unit.Syms[g.A] == "isinstance" || f.Unit.Syms[g.A] == "callable") {
			return attr(uint32(f.List(in)[0].Value)), false
		}
	}
	return 0, false
}

// behind calls g with the loads of the same attribute of the same object in the blocks that only an edge to one of them leads to.
func behind(f *ir.Func, to ir.BlockID, tested *ir.Instr, g func(ir.Value)) {
	todo := []ir.BlockID{to}
	for n := 0; n < len(todo) && n < maxRegion; n++ {
		b := &f.Blocks[todo[n]]
		if len(b.Preds) != 1 || b.Handler {
			continue
		}
		assigned := false
		for v := b.First; v < b.End && !assigned; v++ {
			switch in := &f.Instrs[v]; in.Op {
			case ir.Attr:
				if in.B == tested.B && f.Source(ir.Value(in.A)) == f.Source(ir.Value(tested.A)) {
					g(v)
				}
			case ir.SetAttr, ir.DelAttr:
				assigned = in.B == tested.B
			}
		}
		if !assigned {
			todo = append(todo, b.Succs...)
		}
	}
}

// A narrowed load waits for what the attribute is.
type narrowed struct {
	v     uint32
	conds []ir.Instr
	from  node // what the attribute is
	to    node // the load
}

// narrowedNode is the node that takes what an attribute is, for a load that a branch narrows: what passes goes on.
func (s *solver) narrowedNode(v uint32, fn *function, load ir.Value, to node) node {
	k := site{v, load}
	if i, ok := s.narrowAt[k]; ok {
		return s.narrows[i].from
	}
	w := narrowed{v: v, to: to, from: s.newNode(0)}
	for _, x := range fn.narrow {
		if x.load == load {
			w.conds = append(w.conds, x.cond)
		}
	}
	s.narrowAt[k] = len(s.narrows)
	s.narrows = append(s.narrows, w)
	s.link(w.from, to, eNarrow, uint32(len(s.narrows)-1))
	return w.from
}

// narrow reports whether a value passes the branches before a load.
func (s *solver) narrow(w *narrowed, x fact) bool {
	f := s.funcs[s.variants[w.v].fn].f
	for i := range w.conds {
		if !s.passes(w.v, f, &w.conds[i], x) {
			return false
		}
	}
	return true
}

// seedNarrowed looks again at what was held back while the classes of an isinstance were not known.
func (s *solver) seedNarrowed() {
	for i := range s.narrows {
		w := &s.narrows[i]
		for j := range s.cells[w.from].n {
			if x := s.at(w.from, j); !s.has(w.to, x) && s.narrow(w, x) {
				s.add(w.to, x)
				s.seeded++
			}
		}
	}
}

// narrows reports whether a load is narrowed.
func (fn *function) narrows(load ir.Value) bool {
	for i := range fn.narrow {
		if fn.narrow[i].load == load {
			return true
		}
	}
	return false
}
