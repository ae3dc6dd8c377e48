package infer

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Resolution is what the expression at one place may be.
type Resolution struct {
	File  string     `json:"file"`
	Line  int        `json:"line"`
	Col   int        `json:"col"`
	Text  string     `json:"text"`
	Facts []Resolved `json:"facts"`
}

// A Resolved fact is one thing that an expression may be, with how it got there, the last step first.
type Resolved struct {
	Kind string   `json:"kind"`
	Name string   `json:"name"`
	Why  []Reason `json:"why"`
}

// A Reason is one step on the way of a fact.
type Reason struct {
	What string `json:"what"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// maxReasons bounds how long a chain of reasons is.
const maxReasons = 24

// Resolve says what the smallest expression or name at a place of a file may be, and why; lines and columns count from 1.
func (r *Result) Resolve(path string, line, col int) (*Resolution, error) {
	r.named()
	s := r.s
	var mod *module
	for _, m := range s.mods {
		if m.m.File.Path == path {
			mod = m
		}
	}
	if mod == nil {
		return nil, errors.New("the file is not one of those that were read")
	}
	file := mod.m.File
	if line < 1 || line > file.NumLines() {
		return nil, fmt.Errorf("the file has %d lines", file.NumLines())
	}
	offset := file.LineSpan(line).Start
	for end := file.LineSpan(line).End; offset < end; offset++ {
		if _, c := file.Position(offset); c >= col {
			break
		}
	}
	var t trees
	defer t.drop()
	var span source.Span
	var nodes []node
	for fid := int(mod.first); fid < len(s.funcs) && s.funcs[fid].module == mod; fid++ {
		fn := &s.funcs[fid]
		fn.f.EachNode(func(id syntax.ID, val ir.Value) {
			n := t.node(mod, id)
			if n == nil || val == 0 {
				return
			}
			at := n.Span()
			if offset < at.Start || offset >= at.End {
				return
			}
			if size := at.End - at.Start; nodes == nil || size < span.End-span.Start {
				span, nodes = at, nil
			} else if at != span {
				return
			}
			for _, v := range fn.variants {
				nodes = append(nodes, s.node(v, val))
			}
		})
	}
	if span.End == 0 {
		return nil, errors.New("there is no expression or name at this place")
	}
	out := &Resolution{File: path, Text: mod.m.File.Slice(span), Facts: []Resolved{}}
	out.Line, out.Col = mod.m.File.Position(span.Start)
	x := s.explainer(&t)
	seen := map[string]bool{}
	for _, n := range nodes {
		for f := range s.known(n) {
			fact := Resolved{Why: x.chain(n, f)}
			if fact.Kind, fact.Name = s.describe(f); seen[fact.Kind+fact.Name] {
				continue
			}
			seen[fact.Kind+fact.Name] = true
			out.Facts = append(out.Facts, fact)
		}
	}
	sort.SliceStable(out.Facts, func(i, j int) bool { return out.Facts[i].Kind+out.Facts[i].Name < out.Facts[j].Kind+out.Facts[j].Name })
	return out, nil
}

// describe says what a fact is.
func (s *solver) describe(f fact) (kind, name string) {
	o := &s.objects[f]
	switch o.kind {
	case kFunc:
		return "function", s.funcs[o.a].name
	case kClass:
		return "class", s.className(o.a, "")
	case kInst:
		if o.b == 1 {
			return "instance, or of a subclass", s.className(o.a, "")
		}
		return "instance", s.className(o.a, "")
	case kBound:
		_, name := s.describe(fact(o.a))
		_, self := s.describe(fact(o.b))
		return "method", name + " of " + self
	case kModule:
		return "module", s.mods[o.a].name
	case kLibMod:
		return "module", o.sym.Name
	case kLib:
		return "library function", o.sym.Name
	case kExt:
		return "not in the tree", o.text
	case kExtInst:
		return "given by what is not in the tree", o.text
	case kStr:
		return "string", ir.StrConst(o.text).String()
	case kInt:
		return "number", itoa(int(int32(o.b)))
	case kGen, kCoro:
		return s.typeName(f, ""), s.funcs[o.a].name
	case kTyped:
		return "instance", o.text
	}
	return "instance", s.typeName(f, "")
}

// An explainer finds the way of a fact backwards.
type explainer struct {
	s     *solver
	trees *trees
	into  map[node][]wayIn
	names map[node]string
}

// A wayIn is a node that another one has facts from.
type wayIn struct {
	from  node
	bound bool // read as an attribute
}

// explainer turns the edges round, with those steps that have none: what instructions give on as it is.
func (s *solver) explainer(t *trees) *explainer {
	x := &explainer{s: s, trees: t, into: map[node][]wayIn{}, names: map[node]string{}}
	for n := range s.cells {
		for at := s.cells[n].edges; at != 0; at = s.edges[at].next {
			if e := s.edges[at]; e.to != 0 && (e.kind == eCopy || e.kind == eBind) {
				x.into[e.to] = append(x.into[e.to], wayIn{node(n), e.kind == eBind})
			}
		}
	}
	for v := 1; v < len(s.variants); v++ {
		vr := &s.variants[v]
		fn := &s.funcs[vr.fn]
		gives := func(from uint32, to node) {
			if from != 0 && to != 0 {
				x.into[to] = append(x.into[to], wayIn{from: s.node(uint32(v), ir.Value(from))})
			}
		}
		for i := range fn.f.Instrs {
			in, n := &fn.f.Instrs[i], s.node(uint32(v), ir.Value(i))
			switch in.Op {
			case ir.Phi:
				for _, a := range fn.f.List(in) {
					gives(uint32(a.Value), n)
				}
			case ir.Declare, ir.Refine:
				gives(in.A, n)
			case ir.SetGlobal:
				gives(in.B, fn.module.globals[fn.f.Unit.Syms[in.A]])
			case ir.SetName:
				gives(in.B, s.members.slot(vr.cls, s.nameOf(fn.attr(in.A))).at)
			case ir.SetCell:
				gives(in.B, s.cell(uint32(v), in.A))
			case ir.ReturnOp:
				gives(in.A, vr.ret)
			case ir.YieldOp:
				gives(in.A, vr.gen)
			}
		}
		x.names[vr.ret] = "returned by " + fn.name
		if vr.gen != 0 {
			x.names[vr.gen] = "yielded by " + fn.name
		}
	}
	for _, m := range s.mods {
		for name, n := range m.globals {
			x.names[n] = "the name " + name + " of module " + m.name
		}
	}
	for i := range s.members.slots {
		if m := &s.members.slots[i]; m.at != 0 {
			x.names[m.at] = "attribute " + s.nameText[m.name] + " of class " + s.className(m.class, "")
		}
	}
	for i := range s.fields.slots {
		p := &s.fields.slots[i]
		if p.at == 0 {
			continue
		}
		_, of := s.describe(p.f)
		name := s.nameText[p.key>>kindBits]
		switch fieldKind(p.key & (1<<kindBits - 1)) {
		case fAttr, fInherited:
			x.names[p.at] = "attribute " + name + " of " + of
		case fElem:
			x.names[p.at] = "element " + strings.TrimPrefix(name, "'") + " of " + of
		case fRest, fTail, fAll:
			x.names[p.at] = "an element of " + of
		}
	}
	return x
}

// chain is the shortest way on which a fact came to a node, from there backwards.
func (x *explainer) chain(n node, f fact) []Reason {
	type place struct {
		n node
		f fact
	}
	type visit struct {
		place
		before int
	}
	todo := []visit{{place{n, f}, -1}}
	seen := map[place]bool{{n, f}: true}
	end := -1
	for i := 0; i < len(todo); i++ {
		p := todo[i]
		any := false
		for _, e := range x.into[p.n] {
			for _, g := range []fact{p.f, x.unbound(e, p.f)} {
				if g == 0 || !x.s.has(e.from, g) {
					continue
				}
				any = true
				if q := (place{e.from, g}); !seen[q] {
					seen[q] = true
					todo = append(todo, visit{q, i})
				}
				break
			}
		}
		if !any {
			end = i
			break
		}
	}
	if end < 0 {
		end = len(todo) - 1 // it goes in a circle
	}
	var path []visit
	for i := end; i >= 0; i = todo[i].before {
		path = append(path, todo[i])
	}
	out := []Reason{}
	for i := len(path) - 1; i >= 0; i-- {
		r, ok := x.reason(path[i].n, path[i].f, i == 0)
		if ok && (len(out) == 0 || out[len(out)-1] != r) {
			out = append(out, r)
		}
		if len(out) == maxReasons {
			break
		}
	}
	return out
}

// unbound is the function of a bound method, where reading an attribute bound it.
func (x *explainer) unbound(e wayIn, f fact) fact {
	if o := &x.s.objects[f]; e.bound && o.kind == kBound {
		return fact(o.a)
	}
	return 0
}

// reason says what a node is; origin where the fact began there.
func (x *explainer) reason(n node, f fact, origin bool) (Reason, bool) {
	s := x.s
	v := s.cells[n].variant
	if v == 0 {
		what, ok := x.names[n]
		return Reason{What: what}, ok
	}
	fn := &s.funcs[s.variants[v].fn]
	val := ir.Value(n - s.variants[v].base)
	in := &fn.f.Instrs[val]
	r := Reason{File: fn.module.m.File.Path}
	node := x.trees.node(fn.module, in.Node)
	text := ""
	if node != nil {
		span := node.Span()
		r.Line, r.Col = fn.module.m.File.Position(span.Start)
		text, _, _ = strings.Cut(fn.module.m.File.Slice(span), "\n")
	}
	switch in.Op {
	case ir.ParamOp:
		p := fn.f.Params[in.A]
		r.What = fmt.Sprintf("parameter %s of %s", fn.f.Unit.Syms[p.Name], fn.name)
		if origin {
			r.What += x.given(fn, int(in.A))
		}
	case ir.Phi, ir.Refine:
		return r, false // ways that meet, and what a condition leaves, are no steps for people
	case ir.Import:
		r.What = "imported: " + text
	case ir.ImportFrom:
		r.What = "imported from " + strings.Repeat(".", int(in.C)) + fn.f.Unit.Syms[in.A] + ": " + text
	case ir.MakeFunc:
		r.What = "defined here"
	case ir.MakeClass:
		r.What = "this class"
	case ir.Declare:
		r.What = "declared: " + text
	case ir.Call:
		var list []string
		for _, t := range s.targetsOf(s.variants[v].fn, val) {
			name := t.name
			if t.fn != 0 {
				name = s.funcs[t.fn].name
			}
			if t.how != resolved {
				name += " (" + t.how.String() + ")"
			}
			list = append(list, name)
		}
		sort.Strings(list)
		r.What = "given by the call " + text
		if len(list) > 0 {
			r.What += ", of " + strings.Join(list, ", ")
		}
	default:
		r.What = text
		if origin {
			r.What = in.Op.String() + ": " + text
		}
	}
	return r, true
}

// given says where the fact of a parameter comes from that no argument carried.
func (x *explainer) given(fn *function, param int) string {
	for _, a := range fn.annots {
		if a.param == param {
			return ", declared by its annotation"
		}
	}
	if param == 0 && fn.class != 0 {
		return ", the object whose method it is"
	}
	return ""
}
