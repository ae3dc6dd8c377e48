package query

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// What is done with an object between where it is made and where it is used is read off the function's steps, against their order: from
// the use back, over all ways that lead there, until something is found that says what is asked (an attribute that is set, a method that is called), or the
// step that made the object. What other functions do counts where the object is kept for them: in self, in a variable of the module, in one of an outer function.
//
// An object is known by a handle: the value that it is, or a variable and a path of attributes from it, `self.context`, `app.config`.
// Two handles that are equal are one object. A name that may be two objects is a phi, which is taken apart where its ways part.

// A handle names an object within one function.
type handle struct {
	root ir.Value // 0 for what is not a value of the function
	name string   // a variable of the module ("g"), of an outer function ("c") or a name that nothing is known of
	path string   // ".a.b"
}

func (h handle) valid() bool { return h.root != 0 || h.name != "" }

// flow is what has been found out about one function.
type flow struct {
	file    *File
	f       *ir.Func
	blocks  []ir.BlockID // by instruction: 1 + the block that it stands in
	stores  map[handle][]ir.Value
	handles []handle // by value
	known   []bool
	phis    map[ir.Value]ir.BlockID
	common  map[sharing]bool // what [flow.shared] said
	parts   map[handle][]handle
	leaks   map[handle]bool
}

// A sharing is a question whether other functions do something to an object.
type sharing struct {
	h handle
	q ask
}

// flow is that of the function in whose code a node is evaluated, or nil.
func (fi *File) flow(n syntax.Node) *flow {
	return fi.flowOf(fi.m.Unit().Enclosing(n))
}

func (fi *File) flowOf(f *ir.Func) *flow {
	if f == nil {
		return nil
	}
	fi.m.Unit().Lower(f)
	if fl := fi.flows[f]; fl != nil {
		return fl
	}
	fl := &flow{file: fi, f: f, blocks: make([]ir.BlockID, len(f.Instrs)), handles: make([]handle, len(f.Instrs)), known: make([]bool, len(f.Instrs)),
		stores: map[handle][]ir.Value{}, phis: map[ir.Value]ir.BlockID{}}
	fi.flows[f] = fl
	for b := range f.Blocks {
		for v := f.Blocks[b].First; v < f.Blocks[b].End; v++ {
			fl.blocks[v] = ir.BlockID(b + 1)
		}
		for p := f.Blocks[b].Phi; p != 0; p = f.NextPhi(p) {
			fl.phis[p] = ir.BlockID(b)
			fl.blocks[p] = 0
		}
	}
	for i := range f.Instrs {
		switch in := &f.Instrs[i]; in.Op {
		case ir.SetAttr:
			if in.Sub == 0 {
				h := fl.plain(ir.Value(in.A), 0)
				h.path += "." + fl.sym(in.B)
				fl.stores[h] = append(fl.stores[h], ir.Value(i))
			}
		case ir.SetGlobal:
			h := handle{name: "g" + fl.sym(in.A)}
			fl.stores[h] = append(fl.stores[h], ir.Value(i))
		case ir.SetCell:
			h := fl.cell(in.A)
			fl.stores[h] = append(fl.stores[h], ir.Value(i))
		}
	}
	return fl
}

func (fl *flow) sym(s uint32) string { return fl.f.Unit.Syms[s] }

func (fl *flow) cell(binding uint32) handle {
	return handle{name: "c" + fl.file.m.Names.AllBindings()[binding].Name}
}

// maxPath bounds how long a path of attributes may be.
const maxPath = 6

// plain is a value's handle without what is known of stores.
func (fl *flow) plain(v ir.Value, depth int) handle {
	for depth < maxPath {
		switch in := &fl.f.Instrs[v]; in.Op {
		case ir.Refine, ir.Declare, ir.Enter, ir.Await:
			if in.A == 0 {
				return handle{root: v}
			}
			v = ir.Value(in.A)
		case ir.Attr:
			h := fl.plain(ir.Value(in.A), depth+1)
			h.path += "." + fl.sym(in.B)
			return h
		case ir.Global:
			return handle{name: "g" + fl.sym(in.A)}
		case ir.Cell:
			return fl.cell(in.A)
		case ir.InPlace:
			return handle{root: v}
		default:
			return handle{root: v}
		}
	}
	return handle{root: v}
}

// handle is that of a value. What a path holds is what was stored there, where that happens once in the function.
func (fl *flow) handle(v ir.Value) handle {
	if v == 0 || int(v) >= len(fl.known) {
		return handle{}
	}
	if !fl.known[v] {
		fl.known[v] = true
		h := fl.plain(v, 0)
		fl.handles[v] = h
		fl.handles[v] = fl.stored(h, 0)
	}
	return fl.handles[v]
}

// stored replaces the longest beginning of a path that one store says something of.
func (fl *flow) stored(h handle, depth int) handle {
	if depth > maxPath {
		return h
	}
	for end := len(h.path); ; end = strings.LastIndexByte(h.path[:end], '.') {
		part := handle{h.root, h.name, h.path[:end]}
		if list := fl.stores[part]; len(list) == 1 {
			to := fl.plain(fl.storedValue(list[0]), 0)
			to.path += h.path[end:]
			if to != h {
				return fl.stored(to, depth+1)
			}
		}
		if end == 0 {
			return h
		}
	}
}

func (fl *flow) storedValue(at ir.Value) ir.Value {
	in := &fl.f.Instrs[at]
	if in.Op == ir.SetAttr {
		return ir.Value(in.C)
	}
	return ir.Value(in.B)
}

// An ask is a question about an object.
type ask struct {
	what byte   // 'a': an attribute, 'i': an item, 'm': whether a method was called, 'c': the calls of a method, 'f': a flag of an attribute
	name string // its name
	flag string // 'f': the full name of the flag
}

// A state is what an attribute or item is where an object is used.
type state struct {
	values  []*Value
	unset   bool           // there is a way on which nothing sets it
	removed bool           // there is one on which it was taken out again
	made    []syntax.Expr  // what makes the object, on such ways
	called  bool           // 'm', 'f': there is a way on which the method is called, the flag set
	calls   []*syntax.Call // 'c'
	open    bool           // there may be more
}

func (s *state) add(t state) {
	for _, v := range t.values {
		if !slices.ContainsFunc(s.values, func(w *Value) bool { return w == v || w.e != nil && w.e == v.e }) {
			s.values = append(s.values, v)
		}
	}
	for _, e := range t.made {
		if !slices.Contains(s.made, e) {
			s.made = append(s.made, e)
		}
	}
	for _, c := range t.calls {
		if !slices.Contains(s.calls, c) {
			s.calls = append(s.calls, c)
		}
	}
	s.unset, s.removed, s.called, s.open = s.unset || t.unset, s.removed || t.removed, s.called || t.called, s.open || t.open
}

// A place is a step before which something is asked, and the object.
type place struct {
	fl   *flow
	at   ir.Value
	h    handle
	past bool    // after that step, which makes it
	also []place // the other steps that the code stands for: that of a finally runs after whatever happened
	of   *Object // it is asked where this object, of which it is a part, is handed on
}

// part is what an attribute or item of the object holds there.
func (p *place) part(path string) *place {
	q := *p
	q.h.path += path
	q.also = nil
	for _, o := range p.also {
		q.also = append(q.also, *o.part(path))
	}
	return &q
}

// maxWalk bounds how many blocks, and how many steps, are walked for one question.
const (
	maxWalk   = 2_000
	maxInstrs = 200_000
	maxOuter  = 3

	blockSteps = 10 // what going from block to block costs
)

// before is the state of an object before a step.
func (p place) before(q ask, depth int) (out state) {
	if p.of != nil {
		return p.of.final(p.h.path, q)
	}
	if p.fl == nil || !p.h.valid() || depth > maxOuter {
		return state{open: true}
	}
	b := p.fl.blocks[p.at]
	if b == 0 {
		return state{open: true}
	}
	at := p.at
	if p.past {
		at++
	}
	out = p.fl.back(b-1, at, p.h, q, depth)
	for _, o := range p.also {
		out.add(o.before(q, depth))
	}
	return out
}

// atEnd is the state of an object where a function ends.
func (fl *flow) atEnd(h handle, q ask, depth int) (out state) {
	if depth > maxOuter {
		return state{open: true}
	}
	ends := 0
	for b := range fl.f.Blocks {
		bl := &fl.f.Blocks[b]
		if len(bl.Succs) > 0 || b > 0 && len(bl.Preds) == 0 {
			continue
		}
		if bl.End > bl.First && fl.f.Instrs[bl.End-1].Op == ir.RaiseOp {
			continue
		}
		ends++
		out.add(fl.back(ir.BlockID(b), bl.End, h, q, depth))
	}
	if ends == 0 {
		out.open = true
	}
	return out
}

// back walks from a step of a block against the order of execution.
func (fl *flow) back(block ir.BlockID, at ir.Value, h handle, q ask, depth int) (out state) {
	type item struct {
		block ir.BlockID
		at    ir.Value
		h     handle
		calls bool // a function that may do anything was called behind here
	}
	type key struct {
		block ir.BlockID
		h     handle
		calls bool
	}
	seen := map[key]bool{}
	todo := []item{{block, at, h, false}}
	steps, handlers := 0, false
	for n := 0; len(todo) > 0; n++ {
		if n > maxWalk || steps > maxInstrs || fl.file.steps > maxFileSteps {
			out.open = true
			break
		}
		it := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		steps += blockSteps
		b := &fl.f.Blocks[it.block]
		done := false
		for v := it.at; v > b.First && !done; {
			v--
			steps++
			if fl.blocks[v] == 0 {
				continue // a phi
			}
			done = fl.step(v, &it.h, &it.calls, q, &out, depth)
		}
		if done {
			continue
		}
		// The beginning of the block.
		if len(b.Preds) == 0 {
			if it.block == 0 {
				out.add(fl.outside(it.h, q, depth))
			} // else nothing leads here
			continue
		}
		handlers = handlers || b.Handler
		phi, isPhi := fl.phis[it.h.root]
		if isPhi && phi == it.block && it.h.name == "" {
			ops := fl.f.List(&fl.f.Instrs[it.h.root])
			same := true
			for _, o := range ops {
				same = same && fl.handle(o.Value) == fl.handle(ops[0].Value)
			}
			switch {
			case len(ops) == 0:
				out.open = true
				continue
			case b.Handler && !same, !same && len(ops) != len(b.Preds):
				out.open = true
				continue
			}
			for i, pred := range b.Preds {
				o := ops[0].Value
				if !same {
					o = ops[i].Value
				}
				to := fl.handle(o)
				to.path += it.h.path
				if o == 0 {
					continue // it is not assigned on this way
				}
				k := key{pred, to, it.calls}
				if !seen[k] {
					seen[k] = true
					todo = append(todo, item{pred, fl.f.Blocks[pred].End, to, it.calls})
				}
			}
			continue
		}
		for _, pred := range b.Preds {
			k := key{pred, it.h, it.calls}
			if !seen[k] {
				seen[k] = true
				todo = append(todo, item{pred, fl.f.Blocks[pred].End, it.h, it.calls})
			}
		}
	}
	if !fl.file.spend(steps) {
		out.open = true
	}
	if handlers && fl.triesToSet(q) {
		out.open = true // the exception may have come before or after
	}
	return out
}

// triesToSet reports whether within a try or a with of the function something is done that sets what is asked, of whatever object.
func (fl *flow) triesToSet(q ask) bool {
	if !fl.file.spend(len(fl.f.Instrs)) {
		return true
	}
	for i := range fl.f.Instrs {
		in := &fl.f.Instrs[i]
		hit := false
		switch in.Op {
		case ir.SetAttr, ir.DelAttr:
			hit = (q.what == 'a' || q.what == 'f') && fl.sym(in.B) == q.name
		case ir.SetItem, ir.DelItem:
			hit = q.what == 'i'
		case ir.Call:
			fn := &fl.f.Instrs[fl.f.Source(ir.Value(in.A))]
			switch {
			case q.what == 'm' || q.what == 'c':
				hit = fn.Op == ir.Attr && fl.sym(fn.B) == q.name
			case q.what == 'i':
				hit = fn.Op == ir.Attr && changing[fl.sym(fn.B)]
			default:
				hit = fn.Op == ir.Global && fl.sym(fn.A) == "setattr"
			}
		}
		if !hit {
			continue
		}
		child := fl.file.m.Names.Node(in.Node)
		if child == nil {
			return true
		}
		for p := fl.file.m.Names.Parent(child); p != nil && p != fl.f.Syntax; p = fl.file.m.Names.Parent(p) {
			switch p.(type) {
			case *syntax.Try, *syntax.With:
				return true
			}
		}
	}
	return false
}

// changing are the methods of mappings that change them.
var changing = words("update setdefault pop popitem clear")

// step looks at one step; done is true when nothing before it matters on this way.
func (fl *flow) step(v ir.Value, h *handle, calls *bool, q ask, out *state, depth int) (done bool) {
	in := &fl.f.Instrs[v]
	if h.name == "" && h.root == v {
		if in.Op == ir.ParamOp {
			out.add(fl.outside(*h, q, depth))
			return true
		}
		if h.path != "" && in.Op != ir.Call {
			out.open = true
			return true
		}
		fl.madeHere(v, *h, q, out)
		return true
	}
	switch in.Op {
	case ir.SetAttr:
		if in.Sub != 0 {
			return false
		}
		of := fl.handle(ir.Value(in.A))
		if (q.what == 'a' || q.what == 'f') && fl.sym(in.B) == q.name {
			switch is := fl.alias(of, *h); {
			case is == Yes && q.what == 'f':
				return fl.setsFlag(ir.Value(in.C), q, out)
			case is == Yes:
				out.values = append(out.values, fl.valueAt(ir.Value(in.C), v))
				return true
			case is == Unknown && q.what == 'f':
				out.open = true
				return true
			case is == Unknown: // this, or what was before
				out.values = append(out.values, fl.valueAt(ir.Value(in.C), v))
			}
		}
		if i := strings.LastIndexByte(h.path, '.'); i >= 0 && h.path[i+1:] == fl.sym(in.B) {
			if base := (handle{h.root, h.name, h.path[:i]}); base != of && fl.alias(of, base) != No {
				out.open = true // the path may lead to another object since
				return true
			}
		}
		of.path += "." + fl.sym(in.B)
		if of == *h || strings.HasPrefix(h.path, of.path+".") && of.root == h.root && of.name == h.name {
			to := fl.handle(ir.Value(in.C)) // from here on the path is that
			to.path += strings.TrimPrefix(h.path, of.path)
			*h = to
			return false
		}
		if *calls && !fl.ownPath(of) && fl.alias(fl.handle(ir.Value(in.C)), *h) != No {
			out.open = true // something else holds it, and was called
			return true
		}
	case ir.SetGlobal:
		if h.name == "g"+fl.sym(in.A) {
			to := fl.handle(ir.Value(in.B))
			to.path += h.path
			*h = to
		}
	case ir.SetCell:
		if *h == fl.cell(in.A) {
			*h = fl.handle(ir.Value(in.B))
		}
	case ir.DelAttr:
		if (q.what == 'a' || q.what == 'f') && fl.sym(in.B) == q.name {
			switch fl.alias(fl.handle(ir.Value(in.A)), *h) {
			case Yes:
				out.removed = true
				return true
			case Unknown:
				out.removed = true
			}
		}
	case ir.SetItem:
		if q.what == 'i' {
			if is := fl.alias(fl.handle(ir.Value(in.A)), *h); is != No {
				k, ok := fl.constant(ir.Value(in.B))
				if !ok {
					out.open = true
					return true
				}
				if s, isText := k.Str(); isText && s == q.name {
					out.values = append(out.values, fl.valueAt(ir.Value(in.C), v))
					return is == Yes
				}
			}
		}
		if *calls && fl.alias(fl.handle(ir.Value(in.C)), *h) != No {
			out.open = true
			return true
		}
	case ir.DelItem:
		if q.what == 'i' {
			is := fl.alias(fl.handle(ir.Value(in.A)), *h)
			k, ok := fl.constant(ir.Value(in.B))
			s, isText := k.Str()
			switch {
			case is == No:
			case !ok:
				out.open = true
				return true
			case isText && s == q.name:
				out.removed = true
				return is == Yes
			}
		}
	case ir.Call:
		return fl.call(v, h, calls, q, out)
	case ir.InPlace:
		if q.what == 'i' && fl.alias(fl.handle(ir.Value(in.A)), *h) != No { // d |= other
			out.open = true
			return true
		}
	case ir.MakeTuple, ir.MakeList, ir.MakeSet, ir.MakeDict, ir.YieldOp, ir.MakeFunc:
		if *calls {
			for _, a := range fl.f.List(in) {
				if a.Value != 0 && fl.alias(fl.handle(a.Value), *h) != No {
					out.open = true
					return true
				}
			}
		}
	}
	return false
}

// ownPath reports whether a path begins at self: what other methods do with it is looked for.
func (fl *flow) ownPath(h handle) bool {
	if h.root == 0 || h.path == "" || fl.f.Syntax == nil || fl.f.Instrs[h.root].Op != ir.ParamOp || fl.f.Instrs[h.root].A != 0 {
		return false
	}
	_, method := fl.file.m.Names.Parent(fl.f.Syntax).(*syntax.ClassDef)
	return method
}

// setsFlag looks at what an attribute is given for a flag in it: `x.options |= FLAG`, `x.options &= ~FLAG`, `x.options = FLAG | …`.
func (fl *flow) setsFlag(v ir.Value, q ask, out *state) (done bool) {
	fi := fl.file
	has := func(e syntax.Expr) Fact { return fi.flagIn(e, q.flag, 0) }
	if in := &fl.f.Instrs[v]; in.Op == ir.InPlace {
		s, ok := fi.m.Names.Node(in.Node).(*syntax.AugAssign)
		if !ok {
			out.open = true
			return true
		}
		switch s.Op {
		case syntax.BitOr, syntax.Add:
			switch has(s.Value) {
			case Yes:
				out.called = true
				return true
			case Unknown:
				out.open = true
				return true
			}
			return false
		case syntax.BitAnd:
			if u, ok := s.Value.(*syntax.UnaryOp); ok && u.Op == syntax.Invert {
				switch has(u.X) {
				case Yes:
					out.unset = true
					return true
				case No:
					return false
				}
			}
		}
		out.open = true
		return true
	}
	e, ok := fi.m.Names.Node(fl.f.Instrs[fl.f.Source(v)].Node).(syntax.Expr)
	if !ok {
		out.open = true
		return true
	}
	switch has(e) {
	case Yes:
		out.called = true
	case No:
		out.unset = true
	default:
		out.open = true
	}
	return true
}

// flagIn is whether a flag is among those that an expression joins.
func (fi *File) flagIn(e syntax.Expr, flag string, depth int) Fact {
	if b, ok := e.(*syntax.BinOp); ok && b.Op == syntax.BitOr && depth < maxPath {
		x, y := fi.flagIn(b.X, flag, depth+1), fi.flagIn(b.Y, flag, depth+1)
		switch {
		case x == Yes || y == Yes:
			return Yes
		case x == Unknown || y == Unknown:
			return Unknown
		}
		return No
	}
	return (&Value{file: fi, e: e, at: e}).named(flag)
}

// madeHere says what is known of an object at the step that makes it.
func (fl *flow) madeHere(v ir.Value, h handle, q ask, out *state) {
	e, _ := fl.file.m.Names.Node(fl.f.Instrs[v].Node).(syntax.Expr)
	switch {
	case e == nil:
		out.open = true
	case h.path != "":
		out.unset = true // a part of what is made here: app.config
		out.made = append(out.made, nil)
	default:
		switch x := e.(type) {
		case *syntax.Call:
			if fl.file.setsItself(x, q) {
				out.open = true
				return
			}
		case *syntax.Dict, *syntax.List, *syntax.Set, *syntax.Tuple, *syntax.Lambda, *syntax.Comp:
		default:
			out.open = true
			return
		}
		out.unset = true
		out.made = append(out.made, e)
	}
}

// setsItself reports whether a class of the project, or a function that is not a library's, makes the object: it may well set what is asked.
func (fi *File) setsItself(c *syntax.Call, q ask) bool {
	d := fi.m.Defined(c.Func)
	switch d := d.(type) {
	case *syntax.FunctionDef:
		return true
	case *syntax.ClassDef:
		// Its methods are in this file: what they never name they do not set.
		found := false
		syntax.Inspect(d, func(n syntax.Node) bool {
			if a, ok := n.(*syntax.Attribute); ok && (a.Name == q.name || a.Name == "__dict__") {
				found = true
			}
			return !found
		})
		return found
	}
	return !fi.harmless(c)
}

// call looks at a call for what it does to an object.
func (fl *flow) call(v ir.Value, h *handle, calls *bool, q ask, out *state) (done bool) {
	in := &fl.f.Instrs[v]
	fn := &fl.f.Instrs[fl.f.Source(ir.Value(in.A))]
	is := No
	if fn.Op == ir.Attr && (q.what == 'i' || fl.sym(fn.B) == q.name || fl.handle(ir.Value(fn.A)) == *h) {
		is = fl.alias(fl.handle(ir.Value(fn.A)), *h)
	}
	if is == Unknown {
		method := fl.sym(fn.B)
		switch {
		case q.what == 'm' && method == q.name:
			out.called = true // or not
		case q.what == 'c' && method == q.name:
			out.open = true
			return true
		case q.what == 'i' && changing[method]:
			var t state
			fl.dictMethod(v, method, q, &t)
			out.add(t)
		}
	}
	if is == Yes {
		method := fl.sym(fn.B)
		if method == q.name {
			switch q.what {
			case 'm':
				out.called = true
				return true
			case 'c':
				if c, ok := fl.file.m.Names.Node(in.Node).(*syntax.Call); ok && !slices.Contains(out.calls, c) {
					out.calls = append(out.calls, c)
				}
			}
		}
		if q.what == 'i' {
			return fl.dictMethod(v, method, q, out)
		}
		return false
	}
	given := false
	for i, a := range fl.f.List(in) {
		if a.Name == ir.Star || a.Name == ir.DoubleStar {
			continue
		}
		same := fl.alias(fl.handle(a.Value), *h)
		if same == No {
			continue
		}
		given = true
		if q.what == 'a' && i == 0 && fn.Op == ir.Global && fl.sym(fn.A) == "setattr" {
			args := fl.f.List(in)
			if len(args) != 3 {
				break
			}
			k, ok := fl.constant(args[1].Value)
			s, isText := k.Str()
			switch {
			case !ok:
				out.open = true
				return true
			case isText && s == q.name:
				out.values = append(out.values, fl.valueAt(args[2].Value, v))
				return same == Yes
			}
			return false
		}
	}
	e, _ := fl.file.m.Names.Node(in.Node).(*syntax.Call)
	if e == nil || !fl.file.harmless(e) {
		if given {
			out.open = true
			return true
		}
		*calls = true
		if fl.shared(*h, q) {
			out.open = true
			return true
		}
	}
	return false
}

// shared reports whether other functions find the object, in self or in a variable of the module or of this function, and do what is
// asked to it.
func (fl *flow) shared(h handle, q ask) bool {
	k := sharing{h, q}
	is, ok := fl.common[k]
	if !ok {
		is = fl.isShared(h, q)
		if fl.common == nil {
			fl.common = map[sharing]bool{}
		}
		fl.common[k] = is
	}
	return is
}

func (fl *flow) isShared(h handle, q ask) bool {
	if (h.root == 0 || fl.ownPath(h)) && fl.file.doneElsewhere(fl, h, q) {
		return true
	}
	if !fl.file.spend(len(fl.stores)) {
		return true
	}
	for at, list := range fl.stores {
		if at.root != 0 && !fl.ownPath(at) {
			continue
		}
		for _, s := range list {
			objects := fl.leaves(fl.handle(fl.storedValue(s)))
			for _, leaf := range fl.leaves(h) {
				for _, of := range objects {
					if rest, ok := strings.CutPrefix(leaf.path, of.path); ok && of.root == leaf.root && of.name == leaf.name {
						kept := at
						kept.path += rest
						if fl.file.doneElsewhere(fl, kept, q) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// dictMethod looks at a method of a mapping.
func (fl *flow) dictMethod(v ir.Value, method string, q ask, out *state) (done bool) {
	in := &fl.f.Instrs[v]
	args := fl.f.List(in)
	key := func() (string, bool) {
		if len(args) == 0 {
			return "", false
		}
		k, ok := fl.constant(args[0].Value)
		s, isText := k.Str()
		return s, ok && isText
	}
	switch method {
	case "get", "items", "keys", "values", "copy":
		return false
	case "clear":
		out.removed = true
		return true
	case "pop", "setdefault":
		s, ok := key()
		switch {
		case !ok:
			out.open = true
			return true
		case s != q.name:
			return false
		case method == "pop":
			out.removed = true
			return true
		}
		if len(args) == 2 {
			out.values = append(out.values, fl.valueAt(args[1].Value, v))
			return false // and what it was before
		}
	case "update":
		if e, ok := fl.file.m.Names.Node(in.Node).(*syntax.Call); ok {
			x := fl.file.dictItem(e, q.name)
			switch {
			case x.open:
			case x.absent:
				return false
			default:
				out.values = append(out.values, x)
				return true
			}
		}
	}
	out.open = true
	return true
}

// constant is the constant that a value is, by the expression that gives it.
func (fl *flow) constant(v ir.Value) (ir.Const, bool) {
	if e, ok := fl.file.m.Names.Node(fl.f.Instrs[fl.f.Source(v)].Node).(syntax.Expr); ok {
		return fl.file.m.Const(e)
	}
	return ir.Const{}, false
}

// valueAt is a value of the function where it is used by a step.
func (fl *flow) valueAt(v, at ir.Value) *Value {
	n := fl.file.m.Names.Node(fl.f.Instrs[at].Node)
	if n != nil {
		switch p := fl.file.m.Names.Parent(n).(type) { // what stands there, rather than where it comes from
		case *syntax.Assign:
			if slices.Contains(p.Targets, syntax.Expr(exprOf(n))) {
				return &Value{file: fl.file, e: p.Value, at: n}
			}
		case *syntax.AugAssign:
			return &Value{file: fl.file, at: p, absent: true, open: true, added: p.Value}
		}
	}
	if e, ok := fl.file.m.Names.Node(fl.f.Instrs[v].Node).(syntax.Expr); ok {
		return &Value{file: fl.file, e: e, at: n}
	}
	return &Value{file: fl.file, at: n, absent: true, open: true}
}

func exprOf(n syntax.Node) syntax.Expr {
	e, _ := n.(syntax.Expr)
	return e
}

// harmless reports whether a call leaves alone what it is given, but for its result: a function or class of a library. A setting
// that a library changes on what it is given is one that rules do not ask about.
func (fi *File) harmless(c *syntax.Call) bool {
	if safe, ok := fi.safe[c.ID()]; ok {
		return safe
	}
	known, foreign := false, false
	fi.m.EachCallee(c.Func, func(q string) bool {
		if fi.m.OfProject(q) {
			known = true
			return false
		}
		foreign = true
		return true
	})
	if fi.safe == nil {
		fi.safe = map[syntax.ID]bool{}
	}
	fi.safe[c.ID()] = foreign && !known
	return foreign && !known
}

// outside is the state of an object where a function begins.
func (fl *flow) outside(h handle, q ask, depth int) state {
	fi := fl.file
	switch {
	case fl.ownPath(h): // self.x
		c, ok := fi.m.Names.Parent(fl.f.Syntax).(*syntax.ClassDef)
		if !ok {
			return state{open: true}
		}
		return fi.kept(fi.storesOfSelf(c, h.path[1:]), fl, h, q, depth)
	case h.root == 0 && strings.HasPrefix(h.name, "g"):
		return fi.kept(fi.storesOfGlobal(h.name[1:]), fl, h, q, depth)
	case h.root == 0 && strings.HasPrefix(h.name, "c"):
		outer := fi.flowOf(fl.f.Outer)
		if outer == nil {
			return state{open: true}
		}
		var at []stored
		for i := range outer.f.Instrs {
			if in := &outer.f.Instrs[i]; in.Op == ir.SetCell && outer.cell(in.A) == (handle{name: h.name}) {
				at = append(at, stored{outer, ir.Value(i)})
			}
		}
		return fi.kept(at, fl, h, q, depth)
	}
	return state{open: true}
}

// A stored is a step of a function that puts an object where other functions find it.
type stored struct {
	fl *flow
	at ir.Value
}

// kept is the state of an object that another function made and put away: as it was there at the end, or as others have set it since.
func (fi *File) kept(list []stored, from *flow, h handle, q ask, depth int) (out state) {
	if len(list) != 1 {
		return state{open: true}
	}
	s := list[0]
	if s.fl == from {
		return state{open: true} // it is made here, and a loop led to before
	}
	v := s.fl.storedValue(s.at)
	to := s.fl.handle(v)
	to.path += strings.TrimPrefix(h.path, pathOfStore(s))
	out = s.fl.atEnd(to, q, depth+1)
	if fi.doneElsewhere(from, h, q) {
		out.open = true
	}
	return out
}

func pathOfStore(s stored) string {
	in := &s.fl.f.Instrs[s.at]
	if in.Op == ir.SetAttr {
		return "." + s.fl.sym(in.B)
	}
	return ""
}

// storesOfSelf are the places where methods of a class put something into self.name.
func (fi *File) storesOfSelf(c *syntax.ClassDef, name string) (out []stored) {
	name, _, _ = strings.Cut(name, ".")
	if !fi.spend(len(fi.m.Names.AttrStores)) {
		return nil
	}
	for _, a := range fi.m.Names.AttrStores {
		if a.Name != name || a.Ctx != syntax.Store {
			continue
		}
		fl := fi.flow(a)
		if fl == nil || fl.f.Syntax == nil || fi.m.Names.Parent(fl.f.Syntax) != syntax.Node(c) {
			continue
		}
		for h, list := range fl.stores {
			if fl.ownPath(h) && h.path == "."+name {
				for _, at := range list {
					if !slices.Contains(out, stored{fl, at}) {
						out = append(out, stored{fl, at})
					}
				}
			}
		}
	}
	return out
}

// storesOfGlobal are the places where a variable of the module is assigned.
func (fi *File) storesOfGlobal(name string) (out []stored) {
	b := fi.m.Names.Module.Lookup(name)
	if b == nil {
		return nil
	}
	for _, d := range b.Defs {
		if d.Kind != resolve.Assign {
			return nil
		}
		fl := fi.flow(d.Node)
		if fl == nil {
			return nil
		}
		for _, at := range fl.stores[handle{name: "g" + name}] {
			if !slices.Contains(out, stored{fl, at}) {
				out = append(out, stored{fl, at})
			}
		}
	}
	return out
}

// doneElsewhere reports whether a function other than one, and other than the one that made the object, does what is asked to
// what is kept under a name.
func (fi *File) doneElsewhere(but *flow, h handle, q ask) bool {
	names := strings.Split(strings.TrimPrefix(h.path, "."), ".")
	if h.name != "" {
		names = append([]string{h.name[1:]}, names...)
	}
	last := ""
	for _, n := range names {
		if n != "" {
			last = n
		}
	}
	return fi.mentioned(but, last, q)
}

// mentioned reports whether the file, outside of one function and of where the object is made, has `name.attr = …`, `name[…] = …` or
// `name.method()`, of whatever has that name.
func (fi *File) mentioned(but *flow, name string, q ask) bool {
	if fi.mentions == nil {
		fi.mentions = map[mention]map[*ir.Func]bool{}
		note := func(x syntax.Expr, q ask, at syntax.Node) {
			of := lastName(x)
			if of == "" {
				return
			}
			k := mention{of, q}
			if fi.mentions[k] == nil {
				fi.mentions[k] = map[*ir.Func]bool{}
			}
			fi.mentions[k][fi.m.Unit().Enclosing(at)] = true
		}
		for _, s := range fi.m.Tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				switch n := n.(type) {
				case *syntax.Attribute:
					if n.Ctx != syntax.Load {
						note(n.X, ask{what: 'a', name: n.Name}, n)
					}
				case *syntax.Subscript:
					if n.Ctx != syntax.Load {
						if k, ok := n.Index.(*syntax.Str); ok {
							note(n.X, ask{what: 'i', name: k.Value}, n)
						} else {
							note(n.X, ask{what: 'i'}, n)
						}
					}
				case *syntax.Call:
					if f, ok := n.Func.(*syntax.Name); ok && f.Name == "setattr" && len(n.Args) == 3 {
						name := ""
						if k, ok := n.Args[1].(*syntax.Str); ok {
							name = k.Value
						}
						note(n.Args[0], ask{what: 'a', name: name}, n)
					}
					if a, ok := n.Func.(*syntax.Attribute); ok {
						note(a.X, ask{what: 'm', name: a.Name}, n)
						if changing[a.Name] {
							note(a.X, ask{what: 'i'}, n)
						}
					}
				}
				return true
			})
		}
	}
	switch q.what { // as it is noted
	case 'c':
		q.what = 'm'
	case 'f':
		q.what, q.flag = 'a', ""
	}
	maker := func(f *ir.Func) bool { return f == but.f || fi.makes(f, name) }
	for _, k := range []mention{{name, q}, {name, ask{what: q.what}}} {
		for f := range fi.mentions[k] {
			if !maker(f) {
				return true
			}
		}
	}
	return false
}

// makes reports whether a function stores something under a name, as the last part of a path.
func (fi *File) makes(f *ir.Func, name string) bool {
	fl := fi.flowOf(f)
	if fl == nil {
		return false
	}
	for h := range fl.stores {
		if strings.HasSuffix(h.path, "."+name) || h.path == "" && h.name != "" && h.name[1:] == name {
			return true
		}
	}
	return false
}

// A mention is something that is done to whatever has a name.
type mention struct {
	name string
	q    ask
}

func lastName(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name:
		return e.Name
	case *syntax.Attribute:
		return e.Name
	}
	return ""
}

// A File is a module with what queries have found out about it. It is used by one goroutine.
type File struct {
	m        *program.Module
	flows    map[*ir.Func]*flow
	mentions map[mention]map[*ir.Func]bool
	settings *string
	python   func() string
	safe     map[syntax.ID]bool // calls that are harmless
	steps    int                // of all that was walked in this file
	unpacks  int                // how deep dictionaries are being unpacked into one another
}

// maxFileSteps bounds the steps that are walked for all questions about one file: what is asked beyond is unknown.
const maxFileSteps = 4_000_000

// spend counts steps; it is false when they are used up.
func (fi *File) spend(n int) bool {
	fi.steps += n
	return fi.steps <= maxFileSteps
}

// NewFile prepares a module for queries. python tells the oldest version that it is to run on, "3.9", or "" when nobody knows; it may be nil.
func NewFile(m *program.Module, python func() string) *File {
	return &File{m: m, flows: map[*ir.Func]*flow{}, python: python}
}
