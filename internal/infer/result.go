package infer

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Result is what is known of a program.
type Result struct {
	Bounds Bounds
	s      *solver
	names  sync.Once // edges by name
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (s *solver) finish() *Result {
	// Orders are last known now: whose bases allow none is no matter of what was not known yet.
	s.ended = true
	for c := range s.classes {
		s.classes[c].mro = nil
	}
	for c := 1; c < len(s.classes); c++ {
		s.mroOf(uint32(c))
	}
	s.edgeSet, s.done, s.asked = set{}, set{}, set{}
	return &Result{Bounds: s.Bounds, s: s}
}

// vague reports whether a value may be more than what is known of it: something of which only a name is known, or facts were dropped.
func (s *solver) vague(n node) bool {
	c := &s.cells[n]
	if c.flags&(open|manyExt) != 0 {
		return true
	}
	for i := range c.n {
		if k := s.objects[s.at(n, i)].kind; k == kExt || k == kExtInst {
			return true
		}
	}
	return false
}

// CallGraph is who calls whom, by name: each function of the tree, and the modules, with what they call. Edges that are only
// known by the name of a method are left out.
func (r *Result) CallGraph() map[string][]string {
	s := r.s
	graph := map[string][]string{}
	for fid := 1; fid < len(s.funcs); fid++ {
		if fn := &s.funcs[fid]; fn.f.Kind != ir.ClassCode {
			graph[fn.name] = []string{}
		}
	}
	for fid := 1; fid < len(s.funcs); fid++ {
		from := s.funcs[fid].name
		for at := range s.funcs[fid].f.Instrs {
			for _, t := range s.targetsOf(uint32(fid), ir.Value(at)) {
				if t.how >= byName {
					continue
				}
				name := t.name
				if t.fn != 0 {
					name = s.funcs[t.fn].name
				}
				graph[from] = append(graph[from], name)
				if _, ok := graph[name]; !ok {
					graph[name] = []string{}
				}
			}
		}
	}
	for k, list := range graph {
		slices.Sort(list)
		graph[k] = slices.Compact(list)
	}
	return graph
}

// A Site is one place where something is called.
type Site struct {
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Col     int      `json:"col"`
	EndLine int      `json:"end_line"`
	EndCol  int      `json:"end_col"`
	Caller  string   `json:"caller"`
	Kind    string   `json:"kind"`
	Callees []Callee `json:"callees"`
}

// A Callee is one function that a site reaches.
type Callee struct {
	Name string `json:"name"`
	How  string `json:"how"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"` // of the first decorator, or of def, lambda
}

// Sites are all places where something is called, with what is reached there.
func (r *Result) Sites() []Site {
	r.named()
	s := r.s
	var out []Site
	var trees trees
	defer trees.drop()
	for fid := 1; fid < len(s.funcs); fid++ {
		fn := &s.funcs[fid]
		if fn.module.text {
			continue
		}
		for i := range fn.f.Instrs {
			in := &fn.f.Instrs[i]
			list := s.targetsOf(uint32(fid), ir.Value(i))
			if in.Op != ir.Call && len(list) == 0 {
				continue
			}
			n := trees.node(fn.module, in.Node)
			if n == nil {
				continue
			}
			file := fn.module.m.File
			st := Site{File: file.Path, Caller: fn.name, Kind: siteKind(in), Callees: []Callee{}}
			st.Line, st.Col, st.EndLine, st.EndCol = region(file, n.Span())
			for _, t := range list {
				c := Callee{Name: t.name, How: t.how.String()}
				if t.fn != 0 {
					to := &s.funcs[t.fn]
					c.Name, c.File = to.name, to.module.m.File.Path
					c.Line = int(to.line)
				}
				st.Callees = append(st.Callees, c)
			}
			for _, c := range s.built[siteID(fn.site+uint32(i))] {
				of := &s.funcs[s.classes[c].fn]
				st.Callees = append(st.Callees, Callee{Name: of.name, How: resolved.String(), File: of.module.m.File.Path, Line: int(of.line)})
			}
			sort.Slice(st.Callees, func(i, j int) bool { return st.Callees[i].Name < st.Callees[j].Name })
			out = append(out, st)
		}
	}
	slices.SortStableFunc(out, func(a, b Site) int { return byPlace(a.File, b.File, a.Line, b.Line, a.Col, b.Col) })
	return out
}

// byPlace orders by file, line and column.
func byPlace(fileA, fileB string, lineA, lineB, colA, colB int) int {
	return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(lineA, lineB), cmp.Compare(colA, colB))
}

// trees has the tree of one module at a time, parsed again where it was dropped.
type trees struct {
	loaded *module
	of     *module
	nodes  []syntax.Node // of the file of the module, by id
}

// node is a node of a module's file. All are looked up at once, since a file may be one block of very many statements.
func (t *trees) node(m *module, id syntax.ID) syntax.Node {
	if m.m.Names == nil {
		t.drop()
		t.loaded = m
		m.m.Load()
		t.of = nil
	}
	if t.of != m {
		t.of, t.nodes = m, t.nodes[:0]
		for _, x := range m.m.Names.Tree.Body {
			syntax.Inspect(x, func(n syntax.Node) bool {
				for int(n.ID()) >= len(t.nodes) {
					t.nodes = append(t.nodes, nil)
				}
				t.nodes[n.ID()] = n
				return true
			})
		}
	}
	if int(id) >= len(t.nodes) {
		return nil
	}
	return t.nodes[id]
}

func (t *trees) drop() {
	if t.loaded != nil {
		t.loaded.m.Drop()
		t.loaded = nil
	}
}

func siteKind(in *ir.Instr) string {
	switch in.Op {
	case ir.Call:
		if in.Sub == 1 {
			return "decorator"
		}
		return "call"
	case ir.Attr, ir.SetAttr, ir.DelAttr:
		return "property"
	case ir.Item, ir.SetItem, ir.DelItem:
		return "item"
	case ir.Elem, ir.Unpack, ir.YieldFrom:
		return "iter"
	case ir.Enter, ir.Exit:
		return "with"
	case ir.RaiseOp:
		return "construct"
	case ir.MakeClass:
		return "class"
	}
	return "operator"
}

func region(f *source.File, s source.Span) (line, col, endLine, endCol int) {
	line, col = f.Position(s.Start)
	endLine, endCol = f.Position(s.End)
	return
}

// A TypeFact is what is known of the type of one name.
type TypeFact struct {
	File      string   `json:"file"`
	Line      int      `json:"line_number"`
	Col       int      `json:"col_offset"`
	Function  string   `json:"function,omitempty"`
	Parameter string   `json:"parameter,omitempty"`
	Variable  string   `json:"variable,omitempty"`
	Type      []string `json:"type"`
}

// Types are the types of results, parameters, variables and elements, by place.
func (r *Result) Types() []TypeFact {
	s := r.s
	var out []TypeFact
	var trees trees
	defer trees.drop()
	for fid := 1; fid < len(s.funcs); fid++ {
		fn := &s.funcs[fid]
		m := fn.module
		if m.text {
			continue
		}
		name := fn.name
		if len(name) > len(m.name) {
			name = name[len(m.name)+1:]
		} else {
			name = ""
		}
		add := func(span source.Span, t TypeFact, nodes []node) {
			t.File = m.m.File.Path
			t.Line, t.Col = m.m.File.Position(span.Start)
			t.Type = s.typeNames(nodes, m.name)
			if len(t.Type) > 0 {
				out = append(out, t)
			}
		}
		params := func(list *syntax.Params, name string) {
			if list == nil {
				return
			}
			for i, p := range list.List {
				var ns []node
				for _, v := range fn.variants {
					ns = append(ns, s.param(v, i))
				}
				add(p.Span(), TypeFact{Function: name, Parameter: p.Name}, ns)
			}
		}
		switch d := trees.node(m, fn.f.Node).(type) {
		case *syntax.FunctionDef:
			if fn.f.Generator || fn.f.Async {
				kind := "coroutine"
				if fn.f.Generator && fn.f.Async {
					kind = "async_generator"
				} else if fn.f.Generator {
					kind = "generator"
				}
				t := TypeFact{File: m.m.File.Path, Function: name, Type: []string{kind}}
				t.Line, t.Col = m.m.File.Position(d.Name.Span.Start)
				out = append(out, t)
			} else {
				var rets []node
				for _, v := range fn.variants {
					rets = append(rets, s.variants[v].ret)
				}
				add(d.Name.Span, TypeFact{Function: name}, rets)
			}
			params(d.Params, name)
		case *syntax.Lambda:
			params(d.Params, "lambda")
		}
		fn.f.EachNode(func(id syntax.ID, val ir.Value) {
			n := trees.node(m, id)
			if n == nil {
				return
			}
			text, span := "", n.Span()
			switch t := n.(type) {
			case *syntax.Handler:
				text, span = t.Name.Name, t.Name.Span
			case *syntax.Alias:
				if text = t.AsName; text == "" {
					text, _, _ = strings.Cut(t.Name, ".")
				}
			case *syntax.Name:
				if t.Ctx != syntax.Store {
					return
				}
				text = t.Name
			case *syntax.Attribute:
				if t.Ctx == syntax.Store {
					text = written(t)
				}
			case *syntax.Subscript:
				if t.Ctx == syntax.Store {
					text = written(t)
				}
			}
			if text == "" {
				return
			}
			var ns []node
			for _, v := range fn.variants {
				ns = append(ns, s.node(v, val))
			}
			in := name
			if fn.f.Kind == ir.ClassCode { // an attribute of the class
				in, text = "", name+"."+text
			}
			add(span, TypeFact{Function: in, Variable: text}, ns)
			s.elementFacts(fn, val, text, 0, func(text string, ns []node) {
				add(span, TypeFact{Function: in, Variable: text}, ns)
			})
		})
	}
	slices.SortStableFunc(out, func(a, b TypeFact) int { return byPlace(a.File, b.File, a.Line, b.Line, a.Col, b.Col) })
	return out
}

// written is an attribute or item as people write it: self.x, d['a']['b'].
func written(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name:
		return e.Name
	case *syntax.Attribute:
		if p := written(e.X); p != "" {
			return p + "." + e.Name
		}
	case *syntax.Subscript:
		p := written(e.X)
		if p == "" {
			return ""
		}
		switch i := e.Index.(type) {
		case *syntax.Num:
			return p + "[" + i.Text + "]"
		case *syntax.Str:
			return p + "[" + ir.StrConst(i.Value).String() + "]"
		}
	}
	return ""
}

// elementFacts are the elements of a display that a name is given.
func (s *solver) elementFacts(fn *function, val ir.Value, text string, depth int, f func(string, []node)) {
	if depth > 3 {
		return
	}
	byKey := map[string][]node{}
	var order []string
	left := maxElements
	for _, v := range fn.variants {
		for o := range s.known(s.node(v, val)) {
			s.elementsOf(o, text, 0, &left, func(text string, n node) {
				if byKey[text] == nil {
					order = append(order, text)
				}
				byKey[text] = append(byKey[text], n)
			})
		}
	}
	for _, text := range order {
		f(text, byKey[text])
	}
}

// maxElements bounds of how many elements of one value the types are told: containers may hold themselves.
const maxElements = 256

func (s *solver) elementsOf(o fact, text string, depth int, left *int, f func(string, node)) {
	if depth > 3 || s.objects[o].kind != kCont {
		return
	}
	for _, k := range s.keysOf[o] {
		if *left--; *left < 0 {
			return
		}
		t := text + "[" + k.key + "]"
		if k.key[0] == '\'' {
			t = text + "[" + ir.StrConst(k.key[1:]).String() + "]"
		}
		f(t, k.at)
		for x := range s.known(k.at) {
			s.elementsOf(x, t, depth+1, left, f)
		}
	}
}

func (s *solver) typeNames(nodes []node, module string) []string {
	out := []string{}
	for _, n := range nodes {
		for f := range s.known(n) {
			if t := s.typeName(f, module); t != "" {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
