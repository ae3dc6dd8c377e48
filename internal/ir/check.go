package ir

import "fmt"

// Check looks for what must never be: it is on in all tests.
func (f *Func) Check() error {
	n := Value(len(f.Instrs))
	owner := map[Value]BlockID{}
	var prev Value = 1
	for id := range f.Blocks {
		b := &f.Blocks[id]
		if b.First < prev || b.End < b.First || b.End > n {
			return fmt.Errorf("block %d: instructions %d to %d, after %d", id, b.First, b.End, prev)
		}
		prev = b.End
		for p := b.Phi; p != 0; p = f.NextPhi(p) {
			if f.Instrs[p].Op != Phi {
				return fmt.Errorf("block %d: %%%d is no phi", id, p)
			}
			if _, twice := owner[p]; twice {
				return fmt.Errorf("block %d: phi %%%d has a block already", id, p)
			}
			owner[p] = BlockID(id)
			if c := int(f.Instrs[p].C); !b.Handler && len(b.Preds) > 0 && c != len(b.Preds) {
				return fmt.Errorf("block %d: phi %%%d has %d operands for %d edges", id, p, c, len(b.Preds))
			}
		}
		for _, s := range b.Succs {
			if s == noBlock {
				return fmt.Errorf("block %d: an edge leads nowhere", id)
			}
			if !contains(f.Blocks[s].Preds, BlockID(id)) {
				return fmt.Errorf("block %d: its successor %d does not know it", id, s)
			}
		}
		for _, p := range b.Preds {
			if !contains(f.Blocks[p].Succs, BlockID(id)) {
				return fmt.Errorf("block %d: its predecessor %d does not know it", id, p)
			}
		}
		if b.Cond != 0 && len(b.Succs) < 2 {
			return fmt.Errorf("block %d: a condition and %d successors", id, len(b.Succs))
		}
	}
	for v := Value(1); v < n; v++ {
		in := &f.Instrs[v]
		if _, ok := owner[v]; in.Op == Phi && !ok {
			return fmt.Errorf("%%%d: a phi of no block", v)
		}
		var err error
		f.Operands(v, func(o Value) {
			switch {
			case o >= n:
				err = fmt.Errorf("%%%d %s: operand %%%d does not exist", v, in.Op, o)
			case o > v && in.Op != Phi && f.Instrs[o].Op != Phi:
				err = fmt.Errorf("%%%d %s: operand %%%d comes later", v, in.Op, o)
			case f.Instrs[o].effect():
				err = fmt.Errorf("%%%d %s: operand %%%d %s has no value", v, in.Op, o, f.Instrs[o].Op)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func contains(list []BlockID, id BlockID) bool {
	for _, x := range list {
		if x == id {
			return true
		}
	}
	return false
}

// effect reports whether an instruction makes no value.
func (in *Instr) effect() bool {
	switch in.Op {
	case SetGlobal, SetName, DeclareName, SetCell, SetAttr, DelAttr, SetItem, DelItem, Append, Exit, Annotate, ImportStar, ReturnOp, RaiseOp:
		return true
	}
	return false
}

// Operands calls f with the values that an instruction uses, 0 left out.
func (f *Func) Operands(v Value, g func(Value)) {
	in := &f.Instrs[v]
	use := func(x uint32) {
		if x != 0 {
			g(Value(x))
		}
	}
	switch in.Op {
	case Refine, Declare, Item, DelItem, Bin, InPlace, Compare, Format, Append, IsInstance, MatchAttr, RaiseOp:
		use(in.A)
		use(in.B)
	case Unary, Elem, Unpack, Enter, Exit, YieldOp, YieldFrom, Await, Except, Matches, ReturnOp, Attr, DelAttr:
		use(in.A)
	case SetGlobal, SetName, DeclareName, SetCell:
		use(in.B)
	case SetAttr, Annotate:
		use(in.A)
		use(in.C)
	case SetItem:
		use(in.A)
		use(in.B)
		use(in.C)
	case Call:
		use(in.A)
		fallthrough
	case Phi, SliceOp, Join, MakeTuple, MakeList, MakeSet, MakeDict, MakeFunc, MakeClass:
		for _, a := range f.List(in) {
			use(uint32(a.Value))
		}
	}
}
