package compile

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A stub is one module.
type stub struct {
	name   string
	isPkg  bool
	scope  *scope
	all    []string
	hasAll bool
	allOf  []*syntax.Attribute // m.__all__, which is added to this one's
	stars  []string            // modules that everything is imported from
	words  *scope              // of a module that rows describe: what their annotations may name without its module
}

// A scope is the names of a module or of a class.
type scope struct {
	mod   *stub
	class *def // nil for a module
	outer *scope
	defs  map[string]*def
	order []string

	shared *scope // of rows: the scope whose order this one adds to
}

// A def is what one name is bound to.
type def struct {
	name     string
	in       *scope
	branch   int // 0: live; else the number of the branch not taken that it stands in
	funcs    []*syntax.FunctionDef
	class    *syntax.ClassDef
	inner    *scope
	info     *classInfo
	value    syntax.Expr // of an assignment
	ann      syntax.Expr
	alias    *syntax.TypeAlias
	imported bool
	from     string // of an import: module
	item     string // and the name in it, or "" for the module itself
	public   bool   // of an import: meant for others, `import a as a`

	// What only rows say.
	flags model.Flags
	calls []syntax.Expr
	meta  string
}

// A world is all stubs.
type world struct {
	stubs    map[string]*stub
	names    []string // sorted
	branches int
	homes    map[*def]string
	exported map[*stub][]string

	// Of a world of rows.
	library *model.Library // what is known beside
	aliases []alias        // of modules' names; those of members are definitions like others

	memberAliases []alias
	where         string                           // what is being declared
	report        func(format string, args ...any) // of names that nothing is known of; nil for stubs, which other tools check
}

func loadStubs(fsys fs.FS) (*world, error) {
	w := &world{stubs: map[string]*stub{}, homes: map[*def]string{}, exported: map[*stub][]string{}}
	err := fs.WalkDir(fsys, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(p, ".pyi") {
			return err
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		f := syntax.Parse(source.New(p, string(text)))
		if len(f.Errors) > 0 {
			return fmt.Errorf("%s: %s", p, f.Errors[0].Message)
		}
		s := &stub{name: strings.ReplaceAll(strings.TrimSuffix(p, ".pyi"), "/", ".")}
		if path.Base(p) == "__init__.pyi" {
			s.isPkg = true
			s.name = strings.TrimSuffix(s.name, ".__init__")
		}
		s.scope = &scope{mod: s, defs: map[string]*def{}}
		w.stubs[s.name] = s
		w.enter(s.scope, f.Body, 0)
		return nil
	})
	for name := range w.stubs {
		w.names = append(w.names, name)
	}
	slices.Sort(w.names)
	w.dropShadowed()
	return w, err
}

// dropShadowed removes what stands in a branch not taken where a star import of a live one brings the name.
func (w *world) dropShadowed() {
	for _, m := range w.stubs {
		for _, from := range m.stars {
			s := w.stubs[from]
			if s == nil {
				continue
			}
			for _, n := range w.exports(s) {
				if d := m.scope.defs[n]; d != nil && d.branch != 0 {
					delete(m.scope.defs, n)
					m.scope.order = slices.DeleteFunc(m.scope.order, func(o string) bool { return o == n })
				}
			}
		}
	}
}

// enter binds the names of some statements. branch is 0 in what is live.
func (w *world) enter(sc *scope, body []syntax.Stmt, branch int) {
	for _, s := range body {
		switch s := s.(type) {
		case *syntax.If:
			yes, no := branch, branch
			if branch == 0 {
				w.branches++
				switch truth(s.Test) {
				case isTrue:
					no = w.branches
				case isFalse:
					yes = w.branches
				}
			}
			w.enter(sc, s.Body, yes)
			w.enter(sc, s.Else, no)
		case *syntax.FunctionDef:
			if d := w.bind(sc, s.Name.Name, branch, true); d != nil {
				d.funcs = append(d.funcs, s)
			}
		case *syntax.ClassDef:
			if d := w.bind(sc, s.Name.Name, branch, false); d != nil {
				d.class = s
				d.inner = &scope{mod: sc.mod, class: d, outer: sc, defs: map[string]*def{}}
				w.enter(d.inner, s.Body, 0)
			}
		case *syntax.AnnAssign:
			if n, ok := s.Target.(*syntax.Name); ok {
				if d := w.bind(sc, n.Name, branch, false); d != nil {
					d.ann, d.value = s.Annotation, s.Value
				}
			}
		case *syntax.Assign:
			for _, t := range s.Targets {
				n, ok := t.(*syntax.Name)
				if !ok {
					continue
				}
				if n.Name == "__all__" && sc.class == nil {
					if branch == 0 {
						sc.mod.hasAll = true
						sc.mod.all, sc.mod.allOf = nil, nil
						sc.mod.addAll(s.Value)
					}
				} else if d := w.bind(sc, n.Name, branch, false); d != nil {
					d.value = s.Value
				}
			}
		case *syntax.AugAssign:
			if n, ok := s.Target.(*syntax.Name); ok && n.Name == "__all__" && branch == 0 {
				sc.mod.addAll(s.Value)
			}
		case *syntax.TypeAlias:
			if d := w.bind(sc, s.Name.Name, branch, false); d != nil {
				d.alias = s
			}
		case *syntax.Import:
			for _, a := range s.Names {
				name, target := a.AsName, a.Name
				if name == "" {
					name, _, _ = strings.Cut(a.Name, ".")
					target = name
				}
				if d := w.bind(sc, name, branch, false); d != nil {
					d.imported, d.from, d.public = true, target, a.AsName != "" && a.AsName == a.Name
				}
			}
		case *syntax.ImportFrom:
			from := sc.mod.absolute(int(s.Level), s.Module.Name)
			for _, a := range s.Names {
				if a.Name == "*" {
					if branch == 0 {
						sc.mod.stars = append(sc.mod.stars, from)
					}
					continue
				}
				name := a.AsName
				if name == "" {
					name = a.Name
				}
				if name == "__all__" {
					if branch == 0 {
						sc.mod.hasAll = true
						sc.mod.allOf = append(sc.mod.allOf, nil) // of the star import beside it
					}
					continue
				}
				if d := w.bind(sc, name, branch, false); d != nil {
					d.imported, d.from, d.item, d.public = true, from, a.Name, a.AsName == a.Name
				}
			}
		}
	}
}

// bind makes the definition of a name, or gives the one that is to be added to. It is nil when a better one is there.
func (w *world) bind(sc *scope, name string, branch int, isFunc bool) *def {
	old := sc.defs[name]
	if old != nil {
		if branch != 0 && branch != old.branch {
			return nil // live before dead; of two branches not taken, the first
		}
		if isFunc && old.funcs != nil && old.branch == branch {
			return old
		}
	} else {
		sc.order = append(sc.order, name)
	}
	d := &def{name: name, in: sc, branch: branch}
	sc.defs[name] = d
	return d
}

// absolute is the module that a from-import names.
func (s *stub) absolute(level int, module string) string {
	if level == 0 {
		return module
	}
	base := s.name
	if s.isPkg {
		level--
	}
	for ; level > 0; level-- {
		base = base[:max(strings.LastIndexByte(base, '.'), 0)]
	}
	if module == "" {
		return base
	}
	return base + "." + module
}

// addAll adds to __all__ what an expression holds.
func (s *stub) addAll(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.List:
		for _, x := range e.Elts {
			if str, ok := x.(*syntax.Str); ok {
				s.all = append(s.all, str.Value)
			}
		}
	case *syntax.Tuple:
		for _, x := range e.Elts {
			if str, ok := x.(*syntax.Str); ok {
				s.all = append(s.all, str.Value)
			}
		}
	case *syntax.BinOp:
		s.addAll(e.X)
		s.addAll(e.Y)
	case *syntax.Attribute:
		s.allOf = append(s.allOf, e)
	}
}

type verdict uint8

const (
	isUnknown verdict = iota
	isTrue
	isFalse
)

// version is the Python that the stubs are read for, on Linux.
var version = []int{3, 13}

// truth decides a condition on the version and the system.
func truth(e syntax.Expr) verdict {
	of := func(b bool) verdict {
		if b {
			return isTrue
		}
		return isFalse
	}
	switch e := e.(type) {
	case *syntax.Name:
		if e.Name == "TYPE_CHECKING" {
			return isTrue
		}
	case *syntax.UnaryOp:
		if v := truth(e.X); e.Op == syntax.Not && v != isUnknown {
			return of(v == isFalse)
		}
	case *syntax.BoolOp:
		// `and` is false with one false, `or` is true with one true.
		decides, other := isFalse, isTrue
		if e.Op == syntax.Or {
			decides, other = isTrue, isFalse
		}
		out := other
		for _, x := range e.Values {
			switch truth(x) {
			case decides:
				return decides
			case isUnknown:
				out = isUnknown
			}
		}
		return out
	case *syntax.Compare:
		a, ok := e.X.(*syntax.Attribute)
		if !ok || len(e.Ops) != 1 {
			return isUnknown
		}
		switch y := e.Rest[0].(type) {
		case *syntax.Str:
			if a.Name == "platform" {
				return of((y.Value == "linux") == (e.Ops[0] == syntax.Eq))
			}
		case *syntax.Tuple:
			if a.Name != "version_info" {
				return isUnknown
			}
			var want []int
			for _, x := range y.Elts {
				n, ok := x.(*syntax.Num)
				if !ok {
					return isUnknown
				}
				want = append(want, int(n.Int().Int64()))
			}
			c := slices.Compare(version, want)
			switch e.Ops[0] {
			case syntax.GtE:
				return of(c >= 0)
			case syntax.Gt:
				return of(c > 0)
			case syntax.Lt:
				return of(c < 0)
			case syntax.LtE:
				return of(c <= 0)
			}
		}
	}
	return isUnknown
}
