package program

import (
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Options say how a program is built.
type Options struct {
	// Apart: the files only happen to lie together, like the tests of rules. None can import another, and the file pickle.py is not
	// the module pickle.
	Apart bool
}

// A Program is all modules of a scan.
type Program struct {
	Modules []*Module // by path, after Link
	options Options

	mu     sync.Mutex
	byName map[string]*Module
	under  map[string][]below // by the first component of a name that a module answers to, when first asked for
}

// New makes a program without modules.
func New(o Options) *Program { return &Program{options: o} }

// A Module is one file of a program.
type Module struct {
	File  *source.File
	Name  string        // dotted, after Link; "app.views"
	Tree  *syntax.File  // nil while dropped
	Names *resolve.Info // nil while dropped

	program *Program
	isInit  bool // __init__.py: its name is that of its package
	exports map[string]export
	stars   []target // what `from x import *` takes from where

	memo memo
}

// memo is what has been found out about the tree; it goes with it.
type memo struct {
	unit    *ir.Unit
	attrs   map[attr]syntax.Expr // the one expression stored in self.attr; nil when several
	types   map[syntax.ID]string // what TypeOf said
	is      map[[2]string]bool   // what Is said
	symbols map[string]*model.Symbol
	depth   int

	varying []variation // by binding
}

type attr struct {
	class *syntax.ClassDef
	name  string
}

// An export is what a module-level name stands for, as far as others may know.
type export struct {
	target target   // of an import or an alias: where it comes from
	value  ir.Const // of a constant
	own    bool     // a function or class of the module itself
	bases  []target // of a class; level -1: of this module
}

// A target is a dotted name, perhaps relative to the module's package.
type target struct {
	level int // 0: absolute
	name  string
}

// maxExportConst bounds how large a constant may be that other modules see, in bytes.
const maxExportConst = 1 << 10

// Add parses and resolves a file. It may be called from several goroutines.
func (p *Program) Add(file *source.File) *Module {
	m := &Module{File: file, program: p}
	m.isInit = strings.HasPrefix(path.Base(file.Path), "__init__.py")
	m.Load()
	m.summarize()
	p.mu.Lock()
	p.Modules = append(p.Modules, m)
	p.mu.Unlock()
	return m
}

// Load parses the file again after Drop.
func (m *Module) Load() {
	if m.Tree != nil {
		return
	}
	m.Tree = syntax.Parse(m.File)
	m.Names = resolve.Resolve(m.Tree)
}

// Drop lets go of the tree and of all that hangs on it. What other modules know of this one stays.
func (m *Module) Drop() { m.Tree, m.Names, m.memo = nil, nil, memo{} }

// summarize keeps what other modules may ask for.
func (m *Module) summarize() {
	m.exports = map[string]export{}
	for i := range m.Names.Module.Bindings {
		b := &m.Names.Module.Bindings[i]
		var e export
		for j := len(b.Defs) - 1; j >= 0; j-- { // of several imports the first, as written
			switch n := b.Defs[j].Node.(type) {
			case *syntax.Alias:
				e.target = m.imported(n)
			case *syntax.FunctionDef:
				e.own = true
			case *syntax.ClassDef:
				e.own = true
				e.bases = m.bases(n)
			}
		}
		if e.target.name == "" && e.target.level == 0 && !e.own {
			value := ir.Only(m.Names, b)
			if value == nil || b.Remote {
				continue
			}
			switch v := value.(type) {
			case *syntax.Name, *syntax.Attribute:
				if q := m.Qualified(v); q != "" {
					e.target = target{name: q}
				}
			}
			if c, ok := m.Const(value); ok && c.Size() <= maxExportConst {
				e.value = c.Clone()
			}
			if e.target.name == "" && !e.value.IsValid() {
				continue
			}
		}
		m.exports[strings.Clone(b.Name)] = export{target{e.target.level, strings.Clone(e.target.name)}, e.value, e.own, e.bases}
	}
	for _, imp := range m.Names.FromImport {
		if len(imp.Names) == 1 && imp.Names[0].Name == "*" {
			m.stars = append(m.stars, target{int(imp.Level), strings.Clone(imp.Module.Name)})
		}
	}
	m.memo = memo{}
}

// imported is the dotted name that an import's alias stands for.
func (m *Module) imported(a *syntax.Alias) target {
	switch p := m.Names.Parent(a).(type) {
	case *syntax.ImportFrom:
		if p.Module.Name == "" {
			return target{int(p.Level), a.Name}
		}
		return target{int(p.Level), p.Module.Name + "." + a.Name}
	case *syntax.Import:
		if a.AsName == "" {
			first, _, _ := strings.Cut(a.Name, ".")
			return target{0, first}
		}
	}
	return target{0, a.Name}
}

// Link gives the modules their names. It must be called once, after the last Add.
func (p *Program) Link() {
	sort.Slice(p.Modules, func(i, j int) bool { return p.Modules[i].File.Path < p.Modules[j].File.Path })
	if p.options.Apart {
		p.byName = map[string]*Module{}
		for _, m := range p.Modules {
			m.Name = "<" + dotted(m.File.Path) + ">" // no name that Python could write
		}
		return
	}
	packages := map[string]bool{}
	for _, m := range p.Modules {
		if m.isInit {
			packages[path.Dir(m.File.Path)] = true
		}
	}
	p.byName = make(map[string]*Module, 2*len(p.Modules))
	for _, m := range p.Modules {
		m.Name = moduleName(m.File.Path, packages)
		if _, taken := p.byName[m.Name]; !taken {
			p.byName[m.Name] = m
		}
	}
	// A folder without __init__.py may be a namespace package: its modules answer to the longer name, too.
	for _, m := range p.Modules {
		long := strings.TrimPrefix(dotted(m.File.Path), "src.")
		if _, taken := p.byName[long]; !taken {
			p.byName[long] = m
		}
	}
}

// moduleName is the name under which a module is imported: its path from the outermost package on.
func moduleName(file string, packages map[string]bool) string {
	dir, root := path.Dir(file), path.Dir(file)
	for packages[root] && root != path.Dir(root) { // the directory that everything lies in ends the way
		root = path.Dir(root)
	}
	if root == dir || root == "." {
		if root == "." {
			return dotted(strings.TrimPrefix(file, "./"))
		}
		return dotted(path.Base(file))
	}
	return dotted(strings.TrimPrefix(file, root+"/"))
}

func dotted(file string) string {
	file = strings.TrimSuffix(file, path.Ext(file))
	if file != "__init__" {
		file = strings.TrimSuffix(file, "/__init__")
	}
	return strings.ReplaceAll(file, "/", ".")
}

// Absolute is the dotted name that an import of name, level dots up, means in the module.
func (m *Module) Absolute(level int, name string) string {
	q := m.absolute(target{level, name})
	if name == "" && level > 0 {
		q = q[:max(len(q)-1, 0)] // the package itself
	}
	return q
}

// IsPackage reports whether the module is the __init__.py of a package.
func (m *Module) IsPackage() bool { return m.isInit }

// absolute is the dotted name that a target means, seen from the module.
func (m *Module) absolute(t target) string {
	if t.level == 0 {
		return t.name
	}
	pkg := m.Name
	if pkg == "" { // not linked yet
		pkg = dotted(m.File.Path)
	}
	up := t.level
	if m.isInit {
		up--
	}
	for ; up > 0; up-- {
		i := strings.LastIndexByte(pkg, '.')
		if i < 0 {
			pkg = ""
			break
		}
		pkg = pkg[:i]
	}
	if pkg == "" {
		return t.name
	}
	return pkg + "." + t.name
}

// Module is the module of a dotted name, or nil when the program has none.
func (p *Program) Module(name string) *Module { return p.byName[name] }

// split finds the module that a dotted name begins with, and the rest.
func (p *Program) split(q string) (m *Module, rest string) {
	for i := len(q); i > 0; i = strings.LastIndexByte(q[:i], '.') {
		if m := p.byName[q[:i]]; m != nil {
			return m, strings.TrimPrefix(q[i:], ".")
		}
	}
	return nil, ""
}

// final follows a dotted name through the project's own re-exports; "" when it leads nowhere else.
func (p *Program) final(q string, depth int) string {
	if depth > 8 || p.byName == nil {
		return ""
	}
	m, rest := p.split(q)
	if m == nil || rest == "" {
		return ""
	}
	name, more, _ := strings.Cut(rest, ".")
	next := ""
	if e, ok := m.exports[name]; ok {
		if e.own || e.target.name == "" {
			return ""
		}
		next = m.absolute(e.target)
	} else {
		for _, s := range m.stars {
			from := m.absolute(s)
			if other := p.byName[from]; other == nil || other.offers(name) {
				next = from + "." + name
				break
			}
		}
	}
	if next == "" || next == q {
		return ""
	}
	if more != "" {
		next += "." + more
	}
	if further := p.final(next, depth+1); further != "" {
		return further
	}
	return next
}

// Program is the program that the module belongs to.
func (m *Module) Program() *Program { return m.program }

// offers reports whether `from m import *` brings a name.
func (m *Module) offers(name string) bool {
	_, ok := m.exports[name]
	return ok && !strings.HasPrefix(name, "_")
}

// constant is the value of a dotted name of the project.
func (p *Program) constant(q string, depth int) (ir.Const, bool) {
	if depth > 8 || p.byName == nil {
		return ir.Const{}, false
	}
	m, rest := p.split(q)
	if m == nil || rest == "" || strings.Contains(rest, ".") {
		return ir.Const{}, false
	}
	if e, ok := m.exports[rest]; ok {
		if e.value.IsValid() {
			return e.value, true
		}
		if e.target.name != "" {
			return p.constant(m.absolute(e.target), depth+1)
		}
		return ir.Const{}, false
	}
	for _, s := range m.stars {
		from := m.absolute(s)
		if other := p.byName[from]; other != nil && other.offers(rest) {
			return p.constant(from+"."+rest, depth+1)
		}
	}
	return ir.Const{}, false
}
