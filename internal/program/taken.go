package program

import "strings"

// A module may use a thing of a library without spelling the name that the library gives it: another module of the program imports it, and
// offers it under its own. What follows tells of all such names, or of more, so that whoever looks for a name knows where it cannot be.

// A Taker is told what a module may have from others of the program, if it spells all components of the dotted name by; it has it in any
// case when that is "".
type Taker struct {
	Name   func(dotted, by string)        // what something is called where it comes from, or the name of a base of a class
	Module func(other *Module, by string) // of which it may have more: see [Module.EachOffered]; nil: anything, since there is too much to tell
	steps  int
}

// maxTaken bounds what is looked at for one module.
const maxTaken = 20_000

// EachTaken tells what a module takes by its own imports.
func (m *Module) EachTaken(t *Taker) {
	p := m.program
	if len(p.byName) == 0 {
		return
	}
	t.steps = maxTaken
	for _, imp := range m.Names.FromImport {
		for _, a := range imp.Names {
			if a.Name == "*" {
				from := m.Absolute(int(imp.Level), imp.Module.Name)
				t.Name(from, "")
				if other := p.byName[from]; other != nil {
					t.Module(other, "")
				}
				continue
			}
			p.taken(m.absolute(m.imported(a)), "", t, 0)
		}
	}
	for _, imp := range m.Names.Imports {
		for _, a := range imp.Names {
			first, _, _ := strings.Cut(a.Name, ".")
			for _, u := range p.modulesUnder(first) {
				by := u.rest
				if a.AsName != "" && strings.HasPrefix(a.Name, first+"."+u.rest) {
					by = "" // what it is imported as stands for it
				}
				t.Module(u.module, by)
			}
		}
	}
}

// EachOffered tells what others may take of a module.
func (m *Module) EachOffered(t *Taker) {
	p := m.program
	t.steps = maxTaken
	for name, e := range m.exports {
		if e.target.name != "" {
			q := m.absolute(e.target)
			t.Name(q, name)
			p.taken(q, name, t, 0)
		}
		m.basesOf(e, name, t, 0)
	}
	for _, s := range m.stars {
		from := m.absolute(s)
		t.Name(from, "")
		if other := p.byName[from]; other != nil {
			t.Module(other, "")
		}
	}
}

// goOn counts a step. What lies further away than a few modules is not looked for by name either: see [Program.final].
func (t *Taker) goOn(depth int) bool {
	if t.steps--; t.steps == 0 {
		t.Module(nil, "")
	}
	return t.steps > 0 && depth <= 8
}

// taken tells of something with a dotted name.
func (p *Program) taken(q, by string, t *Taker, depth int) {
	if !t.goOn(depth) {
		return
	}
	if end := p.final(q, 0); end != "" {
		t.Name(end, by)
		q = end
	}
	m, rest := p.split(q)
	switch {
	case m == nil:
	case rest == "": // a module, through which those below it are reached
		t.Module(m, by)
		first, below, _ := strings.Cut(q, ".")
		for _, u := range p.modulesUnder(first) {
			if below == "" {
				t.Module(u.module, join(by, u.rest))
			} else if more, ok := strings.CutPrefix(u.rest, below+"."); ok {
				t.Module(u.module, join(by, more))
			}
		}
	default:
		name, _, _ := strings.Cut(rest, ".")
		m.basesOf(m.exports[name], by, t, depth+1)
	}
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

// basesOf tells of the bases of a class, of which who takes the class has instances.
func (m *Module) basesOf(e export, by string, t *Taker, depth int) {
	if len(e.bases) == 0 || !t.goOn(depth) {
		return
	}
	for _, b := range e.bases {
		if b.level >= 0 {
			m.base(m.absolute(b), by, t, depth)
			continue
		}
		name, _, _ := strings.Cut(b.name, ".")
		if own := m.exports[name]; own.target.name != "" {
			m.base(m.absolute(own.target), by, t, depth)
		} else {
			m.basesOf(own, by, t, depth+1)
		}
	}
}

func (m *Module) base(q, by string, t *Taker, depth int) {
	if !strings.Contains(q, ".") {
		return
	}
	if in, _ := m.program.split(q); in == nil {
		t.Name(q[strings.LastIndexByte(q, '.')+1:], by)
		return
	}
	m.program.taken(q, by, t, depth+1)
}

// A below is a module that answers to a name, without the first component of that.
type below struct {
	rest   string
	module *Module
}

// modulesUnder are the modules that answer to a name which begins with a component.
func (p *Program) modulesUnder(first string) []below {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.under == nil {
		p.under = map[string][]below{}
		for name, m := range p.byName {
			first, rest, _ := strings.Cut(name, ".")
			p.under[first] = append(p.under[first], below{rest, m})
		}
	}
	return p.under[first]
}
