package infer

import (
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
)

// A fact is one thing that a value may be: an index in solver.objects. 0 is none.
type fact uint32

type kind uint8

const (
	kNone     kind = iota // None
	kFunc                 // a: function, b: variant that holds its variables (0 for none)
	kClass                // a: class
	kInst                 // a: class; b: 1 when its class is only declared, so that it may be of a subclass
	kBound                // a: function fact, b: the fact it is bound to
	kModule               // a: module of the tree
	kLibMod               // a module of a library, sym
	kExt                  // text: a dotted name that nothing is known of
	kExtInst              // text: what calling that gives
	kCont                 // a: class, b: the node that made it
	kTyped                // typ: an instance with type arguments
	kStr                  // text
	kInt                  // b: the number
	kGen                  // a: function, b: variant: a generator
	kCoro                 // a: function, b: variant: a coroutine
	kLib                  // sym: a function of a library
	kPartial              // b: its node; see partials
	kSuper                // a: class to look after, b: fact of self
	kProp                 // b: the node of its getter
	kStatic               // b: fact of the function
	kClassM               // b: fact of the function
	kShadow               // a function that is called for what it calls, not for what it gives: b: its node
	kIdentity             // a decorator that gives back its argument
	kCM                   // a factory of context managers, made of the generator function b
	kCMObj                // what that gives: b: the node of its generator
	kCallback             // an unknown callable
	kMulti                // whatever functions arrive at the node b; calling it calls them
	kPicker               // b: its node; what operator's attrgetter, itemgetter and methodcaller give; see partials
	kAffix                // text: a string of which only the beginning and the end (after a NUL) are known
	kFactory              // b: the node of what makes the default of a field
)

type object struct {
	kind kind
	a, b uint32
	text string
	sym  *model.Symbol
	typ  *model.Type
}

func (s *solver) inst(class uint32) fact     { return s.object(object{kind: kInst, a: class}) }
func (s *solver) declared(class uint32) fact { return s.object(object{kind: kInst, a: class, b: 1}) }

// lib is an instance of a class of a library.
func (s *solver) lib(name string) fact {
	f := s.libFacts[name]
	if f == 0 {
		f = s.inst(s.libClass(name))
		s.libFacts[name] = f
	}
	return f
}

// typeFact is an instance of a type of a library.
func (s *solver) typed(t model.Type) fact {
	if len(t.Args) == 0 {
		return s.lib(t.Name)
	}
	return s.object(object{kind: kTyped, a: s.libClass(t.Name), text: t.String(), typ: &t})
}

// classOf is the class that a fact is an instance of; 0 when it has none that matters.
func (s *solver) classOf(f fact) uint32 {
	switch o := &s.objects[f]; o.kind {
	case kInst, kCont, kTyped:
		return o.a
	case kStr, kAffix:
		return s.libClass("str")
	case kInt:
		return s.libClass("int")
	case kNone:
		return s.libClass("None")
	}
	return 0
}

// ---- Names

// typeName is the name of what a fact is, for people.
func (s *solver) typeName(f fact, module string) string {
	o := &s.objects[f]
	switch o.kind {
	case kNone:
		return "Nonetype"
	case kFunc, kBound, kLib, kPartial, kStatic, kClassM, kIdentity, kCM, kCallback, kMulti, kPicker:
		return "callable"
	case kClass:
		return "type"
	case kInst, kCont, kTyped:
		return s.className(o.a, module)
	case kModule, kLibMod:
		return "module"
	case kStr, kAffix:
		return "str"
	case kInt:
		return "int"
	case kGen:
		return "generator"
	case kCoro:
		return "coroutine"
	case kExtInst:
		return o.text
	case kSuper:
		return "super"
	case kProp:
		return "property"
	case kCMObj:
		return "contextlib._GeneratorContextManager"
	}
	return ""
}

func (s *solver) className(c uint32, module string) string {
	cl := &s.classes[c]
	if cl.sym != nil {
		switch name := cl.sym.Name; name {
		case "collections.abc.Generator":
			return "generator"
		case "collections.abc.AsyncGenerator":
			return "async_generator"
		case "collections.abc.Coroutine":
			return "coroutine"
		case "types.CodeType":
			return "code"
		default:
			return strings.TrimPrefix(name, "_collections_abc.") // a private module: Python itself says dict_keys
		}
	}
	if cl.fn == 0 {
		return cl.name
	}
	name := s.funcs[cl.fn].name
	if m := module + "."; len(name) > len(m) && name[:len(m)] == m {
		return name[len(m):]
	}
	return name
}

// libName is the name of a symbol of a library in a call graph: <builtin>.print, <**PyStr**>.join, os.path.join.
func libName(name string) string {
	first := name
	for i := 0; i < len(name); i++ {
		if name[i] == '.' {
			first = name[:i]
			break
		}
	}
	if py, ok := literalTypes[first]; ok && len(first) < len(name) {
		return "<**" + py + "**>" + name[len(first):]
	}
	if len(first) == len(name) || builtinClass(first) {
		return "<builtin>." + name
	}
	return name
}

// libTarget is the name of a method of a library as it is called on self: the methods that literals inherit are theirs.
func (s *solver) libTarget(name string, self fact) string {
	if self != 0 {
		if py, ok := literalTypes[s.classes[s.classOf(self)].name]; ok {
			return "<**" + py + "**>" + name[strings.LastIndexByte(name, '.'):]
		}
	}
	return libName(name)
}

// literalTypes are PyCG's names of the types that literals have.
var literalTypes = map[string]string{"str": "PyStr", "list": "PyList", "dict": "PyDict", "set": "PySet", "tuple": "PyTuple", "int": "PyNum", "float": "PyNum",
	"complex": "PyNum", "bytes": "PyBytes", "bool": "PyBool"}

func builtinClass(name string) bool { return name != "" && name[0] >= 'A' && name[0] <= 'Z' }

func itoa(n int) string { return strconv.Itoa(n) }

// maxParts bounds the names of what is not in the tree, which a loop would make longer without end (x = x.next). A name
// that is not extended stands for all that it leads to.
const maxParts = 8

// extend is the name of an attribute of something that is not in the tree: x.next.next stands for all that follow.
func extend(text, name string) string {
	if n := len(text) - len(name); n > 0 && text[n-1] == '.' && text[n:] == name {
		if m := n - 1 - len(name); m > 0 && text[m-1] == '.' && text[m:n-1] == name || name == "__call__" {
			return text
		}
	}
	if strings.Count(text, ".") >= maxParts {
		return text
	}
	return text + "." + name
}
