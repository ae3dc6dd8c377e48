package infer

import (
	"github.com/wadjet-security/wadjet/internal/ir"
)

// Bounds counts what was given up.
type Bounds struct {
	WideValues int // values that held more than maxFacts
	OpenCalls  int // call sites that reach more than maxTargets
	Variants   int // functions of whose call sites some share a variant
	Keys       int // containers of more than maxKeys
	Orders     int // classes whose bases allow no order of resolution, or nest too deep for one
	Names      int // values that may be more names outside of the tree than are kept
	Hasty      int // 1 when the program was so entangled that from some point on functions got no more variants
	Steps      int // 1 when the solving ended before all was known
}

// A bound is one that was hit: where, while there are fewer than maxBounds.
type bound struct {
	what string
	fn   uint32
	at   ir.Value
}

const (
	maxBounds = 1000
	// What the solving may take, for each instruction of the program, and for a program of none. Programs at large take
	// about five steps and one node an instruction. Beyond the first bound it hurries, at the second it ends.
	stepsSoon    = 8
	stepsOfInstr = 16
	nodesOfInstr = 2
	stepsAtLeast = 4 << 20
	nodesAtLeast = 1 << 20
	hastyFacts   = 6 // of a value, once it hurries
)

func (s *solver) hitBound(count *int, what string, fn uint32, at ir.Value) {
	*count++
	if len(s.given) < maxBounds {
		s.given = append(s.given, bound{what, fn, at})
	}
}

// wide notes that a node has more facts than are kept.
func (s *solver) wide(n node) {
	var fn uint32
	var at ir.Value
	if v := s.cells[n].variant; v != 0 {
		fn = s.variants[v].fn
		if vr := &s.variants[v]; n >= vr.base && int(n-vr.base) < len(s.funcs[fn].f.Instrs) {
			at = ir.Value(n - vr.base)
		}
	}
	s.hitBound(&s.Bounds.WideValues, "a value may be more things than are kept apart", fn, at)
}

// widened is what a node that holds many facts takes for another one: 0 when that says nothing new.
//
// Constants become their type. Instances of classes become what is declared to be of the class at the root of theirs, so that
// calls through them reach what overrides a method there, by hierarchy: such values hold anything of one family, and all
// that will be done with them is to call what the family shares. Of names outside of the tree a few are enough, since
// nothing of the tree hangs on them.
func (s *solver) widened(n node, f fact) fact {
	c := &s.cells[n]
	switch o := &s.objects[f]; o.kind {
	case kStr, kAffix:
		if c.n >= manyConsts {
			return s.lib("str")
		}
	case kInt:
		if c.n >= manyConsts {
			return s.lib("int")
		}
	case kExt, kExtInst:
		names := 0
		for i := range c.n {
			if k := s.objects[s.at(n, i)].kind; k == kExt || k == kExtInst {
				names++
			}
		}
		if names >= manyNames {
			if c.flags&manyExt == 0 {
				c.flags |= manyExt
				s.Bounds.Names++
			}
			return 0
		}
	case kCont:
		conts := 0
		for i := range c.n {
			if s.objects[s.at(n, i)].kind == kCont {
				conts++
			}
		}
		if conts >= manyConts {
			if c.flags&open == 0 {
				c.flags |= open
				s.wide(n)
			}
			return s.inst(s.objects[f].a)
		}
	case kInst:
		if c.n >= manyObjects && s.isTree(o.a) {
			return s.declared(s.rootOf(o.a))
		}
	}
	return f
}

// rootOf is the class of the tree that a class comes from in the end.
func (s *solver) rootOf(c uint32) uint32 {
	root := c
	for _, k := range s.mroOf(c) {
		if s.isTree(k) {
			root = k
		}
	}
	return root
}

// manyKeys notes that a container has more keys than are kept apart.
func (s *solver) manyKeys(f fact) {
	if s.keyed[f] {
		return
	}
	s.keyed[f] = true
	var fn uint32
	var at ir.Value
	if o := &s.objects[f]; o.kind == kCont && o.text == "" {
		if v := s.cells[node(o.b)].variant; v != 0 {
			fn, at = s.variants[v].fn, ir.Value(node(o.b)-s.variants[v].base)
		}
	} else if o.kind == kCont {
		if st := s.sites[o.b]; st.variant != 0 {
			fn, at = s.variants[st.variant].fn, st.instr
		}
	}
	s.hitBound(&s.Bounds.Keys, "a container has more elements than are kept apart", fn, at)
}

// allow sets the bounds by the size of the program.
func (s *solver) allow() {
	n := 0
	for i := 1; i < len(s.funcs); i++ {
		n += len(s.funcs[i].f.Instrs)
	}
	s.soon, s.limit, s.nodes, s.most = stepsAtLeast+stepsSoon*n, stepsAtLeast+stepsOfInstr*n, nodesAtLeast+nodesOfInstr*n, maxFacts
	// What is set aside here and not used costs nothing: it holds no pointers, and the system gives memory when it is written to.
	s.cells = append(make([]cell, 0, nodesAtLeast+nodesOfInstr*n+n/2), s.cells...)
	s.edges = append(make([]edge, 0, nodesAtLeast+nodesOfInstr*n+n/2), s.edges...)
	s.pool = make([]fact, 0, 2*n)
	s.binds = make([]bindCtx, 0, n/3)
	s.loads = append(make([]loadRec, 0, n/3), s.loads...)
	s.targetRecs = append(make([]targetRec, 0, n/3), s.targetRecs...)
}

// hurry makes what is left to do less: functions get no more variants, and values keep fewer facts.
func (s *solver) hurry() {
	if !s.hasty {
		s.hasty, s.most = true, hastyFacts
		s.hitBound(&s.Bounds.Hasty, "the program is so entangled that calls are told apart less from here on", 0, 0)
	}
}

// spent ends the solving where it has taken all that it may.
func (s *solver) spent() bool {
	if s.work > s.soon {
		s.hurry()
	}
	if s.steps > s.limit || s.work > s.limit {
		s.giveUp()
		return true
	}
	return false
}

// giveUp ends the solving for good.
func (s *solver) giveUp() {
	if s.Bounds.Steps == 0 {
		s.hitBound(&s.Bounds.Steps, "the program takes too many steps", 0, 0)
	}
	s.queue, s.head, s.calls, s.late, s.wait = s.queue[:0], 0, nil, nil, nil
}

// Stats says how much the solving took.
type Stats struct {
	Functions int     `json:"functions"`
	Sites     int     `json:"sites"` // calls, and other places that reach a function
	Steps     int     `json:"steps"`
	Work      int     `json:"work"` // classes looked at, operators and calls of libraries evaluated
	Bounds    []Bound `json:"bounds"`
}

// A Bound is a place where the analysis gave something up.
type Bound struct {
	What string `json:"what"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// Stats says how much the solving took, and where it gave something up. Edges by name alone, which are found for those who ask for them, are
// no part of that.
func (r *Result) Stats() Stats {
	s := r.s
	st := Stats{Functions: len(s.funcs) - 1, Steps: s.steps, Work: s.work, Bounds: []Bound{}}
	for fid := 1; fid < len(s.funcs); fid++ {
		fn := &s.funcs[fid]
		for i := range fn.f.Instrs {
			if fn.f.Instrs[i].Op == ir.Call || s.targets[fn.site+uint32(i)] != 0 {
				st.Sites++
			}
		}
	}
	var trees trees
	defer trees.drop()
	for _, b := range s.given {
		out := Bound{What: b.what}
		if b.fn != 0 {
			fn := &s.funcs[b.fn]
			file := fn.module.m.File
			out.File = file.Path
			out.Line = int(fn.line)
			switch in := &fn.f.Instrs[b.at]; {
			case in.Node == 0 || fn.module.text:
			case in.At < ir.Far:
				out.Line, _ = file.Position(fn.f.Start + uint32(in.At))
			default:
				if n := trees.node(fn.module, in.Node); n != nil {
					out.Line, _ = file.Position(n.Span().Start)
				}
			}
		}
		st.Bounds = append(st.Bounds, out)
	}
	return st
}
