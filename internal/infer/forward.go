package infer

import (
	"maps"

	"github.com/wadjet-security/wadjet/internal/ir"
)

// A slot is an element or attribute of one object, as one function sees it.
type slot struct {
	of   ir.Value
	name string // "[" and the key, or "." and the attribute
}

// forwarding finds the loads of elements and attributes that give what the same function stored there last, on every way that
// leads to the load: between the two nothing may have changed the object. It holds strong updates: what was there before is
// gone. Reading an attribute and applying an operator are taken to change nothing. Displays that never leave the function survive calls; anything else is forgotten at a call, since the callee may know the object.
func (s *solver) forwarding(fn *function) map[ir.Value]ir.Value {
	f := fn.f
	if !usesSlots(f) {
		return nil
	}
	local := s.localDisplays(f)
	var out map[ir.Value]ir.Value
	// A load that gives a display is that display.
	source := func(v ir.Value) ir.Value {
		v = f.Source(v)
		for out[v] != 0 && (f.Instrs[v].Op == ir.Item || f.Instrs[v].Op == ir.Attr) {
			v = f.Source(out[v])
		}
		return v
	}
	states := make([]map[slot]ir.Value, len(f.Blocks))
	for id := range f.Blocks {
		b := &f.Blocks[id]
		state := map[slot]ir.Value{}
		if len(b.Preds) == 1 && int(b.Preds[0]) < id && !b.Handler {
			state = maps.Clone(states[b.Preds[0]])
		}
		forget := func(keep func(slot) bool) {
			for k := range state {
				if !keep(k) {
					delete(state, k)
				}
			}
		}
		store := func(of ir.Value, name string, val ir.Value) {
			forget(func(k slot) bool { return k.name != name || isDisplay(f, k.of) && isDisplay(f, of) })
			if len(state) < maxKeys {
				state[slot{of, name}] = val
			}
		}
		load := func(u ir.Value, of ir.Value, name string) {
			if val, ok := state[slot{of, name}]; ok {
				if out == nil {
					out = map[ir.Value]ir.Value{}
				}
				out[u] = val
			}
		}
		for v := b.First; v < b.End; v++ {
			in := &f.Instrs[v]
			switch in.Op {
			case ir.MakeDict:
				list := f.List(in)
				for i := 0; i+1 < len(list); i += 2 {
					if key := s.staticKey(f, list[i].Value); key != "" && list[i].Name != ir.DoubleStar {
						store(v, "["+key, list[i+1].Value)
					} else {
						forget(func(k slot) bool { return k.of != v })
					}
				}
			case ir.MakeList, ir.MakeTuple:
				for i, a := range f.List(in) {
					if a.Name == ir.Star {
						break
					}
					store(v, "["+itoa(i), a.Value)
				}
			case ir.SetItem:
				of := source(ir.Value(in.A))
				if key := s.staticKey(f, ir.Value(in.B)); key != "" && key[0] != '-' {
					if isDisplay(f, of) {
						state[slot{of, "[" + key}] = ir.Value(in.C)
					} else {
						forget(func(k slot) bool { return k.name != "["+key || local[k.of] })
					}
				} else {
					forget(func(k slot) bool { return k.name[0] != '[' || k.of != of && (local[k.of] || isDisplay(f, of)) })
				}
			case ir.Item:
				of := source(ir.Value(in.A))
				if key := s.staticKey(f, ir.Value(in.B)); key != "" && isDisplay(f, of) {
					load(v, of, "["+key)
				}
			case ir.DelItem, ir.InPlace:
				of := source(ir.Value(in.A))
				forget(func(k slot) bool { return k.of != of && (local[k.of] || isDisplay(f, of) && isDisplay(f, k.of)) })
			case ir.SetAttr:
				if in.Sub == 0 {
					store(source(ir.Value(in.A)), "."+f.Unit.Syms[in.B], ir.Value(in.C))
				}
			case ir.DelAttr:
				name := "." + f.Unit.Syms[in.B]
				forget(func(k slot) bool { return k.name != name })
			case ir.Attr:
				load(v, source(ir.Value(in.A)), "."+f.Unit.Syms[in.B])
			case ir.Call:
				of := ir.Value(0)
				if m := &f.Instrs[in.A]; m.Op == ir.Attr {
					of = source(ir.Value(m.A))
				}
				forget(func(k slot) bool {
					return (local[k.of] || isDisplay(f, of)) && k.of != of || s.update(f, in, of, k, state)
				})
			case ir.Enter, ir.Exit, ir.YieldOp, ir.YieldFrom, ir.Await, ir.Elem, ir.Import, ir.ImportFrom, ir.MakeClass:
				forget(func(k slot) bool { return local[k.of] })
			}
		}
		states[id] = state
	}
	return out
}

// update reports whether a slot survives of.update(x): x is a display of constant keys, none of which is the slot's.
func (s *solver) update(f *ir.Func, in *ir.Instr, of ir.Value, k slot, state map[slot]ir.Value) bool {
	if k.of != of || f.Instrs[of].Op != ir.MakeDict || in.C != 1 {
		return false
	}
	m := &f.Instrs[in.A]
	arg := f.List(in)[0]
	x := &f.Instrs[f.Source(arg.Value)]
	if m.Op != ir.Attr || f.Unit.Syms[m.B] != "update" || arg.Name != ir.Positional || x.Op != ir.MakeDict {
		return false
	}
	list := f.List(x)
	for i := 0; i+1 < len(list); i += 2 {
		key := s.staticKey(f, list[i].Value)
		if key == "" || list[i].Name == ir.DoubleStar {
			return false
		}
		if "["+key == k.name {
			state[k] = list[i+1].Value
		}
	}
	return true
}

// isDisplay reports whether a value is a new object each time: no two of them are one.
func isDisplay(f *ir.Func, v ir.Value) bool {
	switch f.Instrs[v].Op {
	case ir.MakeDict, ir.MakeList, ir.MakeTuple:
		return true
	}
	return false
}

func usesSlots(f *ir.Func) bool {
	stores, loads := false, false
	for i := range f.Instrs {
		switch f.Instrs[i].Op {
		case ir.SetItem, ir.SetAttr, ir.MakeDict, ir.MakeList, ir.MakeTuple:
			stores = true
		case ir.Item, ir.Attr:
			loads = true
		}
	}
	return stores && loads
}

// localDisplays are the lists, tuples and dicts of a function that nothing else can get hold of.
func (s *solver) localDisplays(f *ir.Func) map[ir.Value]bool {
	local := map[ir.Value]bool{}
	for i := range f.Instrs {
		switch f.Instrs[i].Op {
		case ir.MakeDict, ir.MakeList, ir.MakeTuple:
			local[ir.Value(i)] = true
		}
	}
	if len(local) == 0 {
		return local
	}
	for i := range f.Instrs {
		in := &f.Instrs[i]
		f.Operands(ir.Value(i), func(o ir.Value) {
			o = f.Source(o)
			if !local[o] {
				return
			}
			switch in.Op {
			case ir.Item, ir.DelItem, ir.Refine, ir.Declare, ir.Compare, ir.Elem, ir.Unpack, ir.Unary, ir.Bin, ir.Format:
				return
			case ir.SetItem:
				if f.Source(ir.Value(in.A)) == o && f.Source(ir.Value(in.C)) != o {
					return
				}
			case ir.Attr: // a method, which is called at once or else has hold of it
				if f.Source(ir.Value(in.A)) == o {
					return
				}
			}
			delete(local, o)
		})
	}
	return local
}
