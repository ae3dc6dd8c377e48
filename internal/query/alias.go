package query

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxLeaves bounds how many objects a name may be that are told apart.
const maxLeaves = 16

// alias is whether two handles are one object: surely, surely not, or perhaps. That two parameters, or what two attributes of them
// hold, are one object is left out: programs are not written so, and every question would end there.
func (fl *flow) alias(x, h handle) Fact {
	if x == h {
		return Yes
	}
	if !x.valid() || !h.valid() {
		return Unknown
	}
	a, b := fl.leaves(x), fl.leaves(h)
	if a == nil || b == nil {
		return Unknown
	}
	for _, p := range a {
		for _, q := range b {
			if fl.mayBe(p, q) {
				return Unknown
			}
		}
	}
	return No
}

// leaves are the handles one of which a handle is, where ways meet and where a path is stored to more than once; nil when they are too many.
func (fl *flow) leaves(h handle) []handle {
	if list, ok := fl.parts[h]; ok {
		return list
	}
	var out, seen []handle
	var walk func(h handle) bool
	walk = func(h handle) bool {
		if slices.Contains(seen, h) {
			return true
		}
		if seen = append(seen, h); len(seen) > 4*maxLeaves {
			return false
		}
		if h.root != 0 && fl.f.Instrs[h.root].Op == ir.Phi {
			for _, a := range fl.f.List(&fl.f.Instrs[h.root]) {
				if a.Value == 0 {
					continue
				}
				to := fl.handle(a.Value)
				to.path += h.path
				if !walk(to) {
					return false
				}
			}
			return true
		}
		out = append(out, h)
		for end := len(h.path); ; end = strings.LastIndexByte(h.path[:end], '.') {
			for _, s := range fl.stores[handle{h.root, h.name, h.path[:end]}] {
				to := fl.handle(fl.storedValue(s))
				to.path += h.path[end:]
				if !walk(to) {
					return false
				}
			}
			if end == 0 {
				break
			}
		}
		return len(out) <= maxLeaves
	}
	if !walk(h) {
		out = nil
	}
	if fl.parts == nil {
		fl.parts = map[handle][]handle{}
	}
	fl.parts[h] = out
	return out
}

// mayBe reports whether two leaves may be one object.
func (fl *flow) mayBe(p, q handle) bool {
	if p == q {
		return true
	}
	if p.path != q.path {
		// Different attributes hold different objects; what stands in a container may be what any attribute holds.
		return fl.contained(p) || fl.contained(q)
	}
	p.path, q.path = "", ""
	freshP, freshQ := fl.fresh(p), fl.fresh(q)
	switch {
	case freshP && freshQ:
		return fl.passes(p.root, q) || fl.passes(q.root, p)
	case freshP:
		return fl.leaked(p) && !fl.given(q)
	case freshQ:
		return fl.leaked(q) && !fl.given(p)
	}
	return fl.contained(p) || fl.contained(q)
}

// fresh reports whether a handle is what a step of the function makes.
func (fl *flow) fresh(h handle) bool {
	if h.root == 0 {
		return false
	}
	switch fl.f.Instrs[h.root].Op {
	case ir.Call, ir.MakeList, ir.MakeDict, ir.MakeSet, ir.MakeTuple, ir.MakeComp, ir.MakeFunc, ir.MakeClass, ir.ConstOp, ir.Join, ir.Format, ir.Bin, ir.Compare, ir.Unary,
		ir.Import, ir.ImportFrom:
		return true
	}
	return false
}

// passes reports whether a call may give what it is given, or something that it found there: it makes no object of a class.
func (fl *flow) passes(call ir.Value, h handle) bool {
	in := &fl.f.Instrs[call]
	if in.Op != ir.Call {
		return false
	}
	c, ok := fl.file.m.Names.Node(in.Node).(*syntax.Call)
	if !ok {
		return true
	}
	class := false
	fl.file.m.EachCallee(c.Func, func(q string) bool {
		class = program.IsClass(q)
		return !class
	})
	return !class && fl.leaked(h)
}

// given reports whether a handle is a parameter, which was there before anything that the function makes.
func (fl *flow) given(h handle) bool {
	return h.root != 0 && fl.f.Instrs[h.root].Op == ir.ParamOp
}

// contained reports whether a handle is something out of a container, or of an unknown function.
func (fl *flow) contained(h handle) bool {
	if h.root == 0 {
		return false
	}
	switch fl.f.Instrs[h.root].Op {
	case ir.Item, ir.Elem, ir.Unpack, ir.Except, ir.YieldOp, ir.YieldFrom, ir.Undef:
		return true
	}
	return false
}

// leaked reports whether something else may hold an object: it is put somewhere, or given to a call.
func (fl *flow) leaked(h handle) bool {
	if is, ok := fl.leaks[h]; ok {
		return is
	}
	if fl.leaks == nil {
		fl.leaks = map[handle]bool{}
	}
	fl.leaks[h] = true // while it is looked for
	if !fl.file.spend(len(fl.f.Instrs)) {
		return true
	}
	holds := func(v uint32) bool { return v != 0 && slices.Contains(fl.leaves(fl.handle(ir.Value(v))), h) }
	is := false
	for i := range fl.f.Instrs {
		switch in := &fl.f.Instrs[i]; in.Op {
		case ir.SetAttr, ir.SetItem:
			is = holds(in.C)
		case ir.SetGlobal, ir.SetCell, ir.SetName:
			is = holds(in.B)
		case ir.Call, ir.MakeList, ir.MakeTuple, ir.MakeSet, ir.MakeDict:
			is = slices.ContainsFunc(fl.f.List(in), func(a ir.Arg) bool { return holds(uint32(a.Value)) })
		case ir.Append:
			is = holds(in.B)
		case ir.YieldOp:
			is = holds(in.A)
		}
		if is {
			break
		}
	}
	fl.leaks[h] = is
	return is
}
