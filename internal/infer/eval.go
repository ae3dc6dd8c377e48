package infer

import (
	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// maxEvals bounds how many texts are run.
const maxEvals = 200

// An evalKey is a text that a function runs.
type evalKey struct {
	fn   uint32
	text string
}

// evaluated is the code of a text: its variant, and the value that an expression has.
type evaluated struct {
	variant uint32
	val     ir.Value
}

// evaluate runs a constant text as Python does by eval and exec: in the namespace of the module that the call stands in. Variables of a
// function are not seen. What the text calls counts as called by the function that runs it.
func (s *solver) evaluate(st site, text string, result node) {
	if st.variant == 0 {
		return
	}
	caller := s.variants[st.variant].fn
	k := evalKey{caller, text}
	e, ok := s.evals[k]
	if !ok {
		if len(s.evals) >= maxEvals {
			return
		}
		e = s.newText(caller, text)
		if s.evals == nil {
			s.evals = map[evalKey]evaluated{}
		}
		s.evals[k] = e
	}
	if e.val != 0 {
		s.copy(s.node(e.variant, e.val), result)
	}
}

func (s *solver) newText(caller uint32, text string) (e evaluated) {
	own := s.funcs[caller].module
	m := program.New(program.Options{}).Add(source.New(own.m.File.Path, text+"\n"))
	if len(m.Tree.Errors) > 0 {
		return e
	}
	var last syntax.Node
	if n := len(m.Tree.Body); n == 1 {
		if x, ok := m.Tree.Body[0].(*syntax.ExprStmt); ok {
			last = x.X
		}
	}
	l := Lower(m)
	mod := &module{name: s.funcs[caller].name, index: own.index, m: own.m, unit: l.unit, first: uint32(len(s.funcs)), fact: own.fact, globals: own.globals, binds: map[string]bool{}, text: true}
	for name := range own.binds {
		mod.binds[name] = true
	}
	for name := range l.binds {
		mod.binds[name] = true
	}
	for i, f := range l.unit.Funcs {
		s.addFunction(mod, f, l.cells[i], s.funcs[caller].line)
	}
	e.variant = s.newVariant(mod.first, 0)
	if last != nil {
		e.val = l.unit.Funcs[0].ValueOf(last)
	}
	return e
}

// runText takes what eval, exec or compile is given.
func (s *solver) runText(c attrCtx, f fact, result node) {
	o := &s.objects[f]
	text := o.text
	if o.kind != kStr && (o.kind != kInst || text == "") {
		return
	}
	switch c.name {
	case "compile":
		s.add(result, s.object(object{kind: kInst, a: s.libClass("types.CodeType"), text: text}))
	case "exec":
		s.evaluate(c.site, text, 0)
	default:
		s.evaluate(c.site, text, result)
	}
}
