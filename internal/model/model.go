package model

import (
	"strconv"
	"strings"
)

// Kind is what a symbol is.
type Kind uint8

const (
	Func Kind = iota
	Class
	Var
	Module
)

func (k Kind) String() string { return [...]string{"function", "class", "variable", "module"}[k] }

// Flags say more of a symbol.
type Flags uint16

const (
	Property     Flags = 1 << iota // a Var that is computed when read
	ClassMethod                    // the first argument is the class
	StaticMethod                   // there is no first argument
	Async                          // a call gives a coroutine of Returns
	Abstract                       // subclasses define it
	Protocol                       // a class that others match by structure
	Dynamic                        // a class or module whose instances have attributes beyond those known here
	Enum                           // a Var that is a member of an enumeration
	Key                            // a Var that is a key of a TypedDict, not an attribute
	Registers                      // what is given to be called is kept, and called later by the library
)

// A Symbol is one name of a library. It does not change, and must not be copied.
type Symbol struct {
	Kind   Kind
	Flags  Flags
	Name   string      // canonical: as users write it
	Bases  []Type      // of a class, with type arguments
	Params []string    // names of the type parameters of a class: ClassVar types of its members are indices into it
	Sigs   []Signature // of a function: one per overload
	Type   Type        // of a Var
	Meta   string      // the metaclass of a class, when it names one itself

	own   members // what a class or module defines itself
	class classCache
}

// A Signature is one way to call a function. self and cls are not among its parameters.
type Signature struct {
	Params  []Param
	Returns Type
	Calls   []Type // what a call calls beside its parameters: ClassVar 0 is what the object was made with
}

// ParamKind says how a parameter takes its argument.
type ParamKind uint8

const (
	PosOnly ParamKind = iota
	PosOrKw
	VarArgs // *args: Type is that of each
	KwOnly
	KwArgs // **kwargs: Type is that of each
)

// A Param is one parameter. One of type Callable is what the library calls back.
type Param struct {
	Name     string
	Kind     ParamKind
	Optional bool
	Type     Type
}

// TypeKind is the form of a type.
type TypeKind uint8

const (
	Unknown     TypeKind = iota // Any, object, and what cannot be said
	Instance                    // of the class Name, with type arguments Args
	Union                       // of Args
	ClassVar                    // the type parameter Index of the class
	FuncVar                     // the type variable Index of the function; Args: its bound, or its constraints
	Self                        // the class of the object that a method is called on
	None                        //
	Callable                    // Args: parameters, then the result. Variadic: parameters are not known, but for those that are there
	Tuple                       // Args by position; Variadic: any number of Args[0]. Name is "tuple"
	ClassObject                 // the class Args[0] itself, not an instance of it
	Literal                     // a constant of the class Name: Text is the string, or the number, True, or the enum member's name
	Never                       // a call does not return
)

// A Type is what is said of a value.
type Type struct {
	Kind     TypeKind
	Variadic bool
	Index    int
	Name     string
	Text     string
	Args     []Type
}

// String is the type much as Python writes it, for people and tests.
func (t Type) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t Type) write(b *strings.Builder) {
	list := func(open string, args []Type, sep, end string) {
		b.WriteString(open)
		for i, a := range args {
			if i > 0 {
				b.WriteString(sep)
			}
			a.write(b)
		}
		b.WriteString(end)
	}
	variable := func(sigil string) {
		if t.Text != "" {
			b.WriteString("**")
		}
		b.WriteString(sigil)
		b.WriteString(strconv.Itoa(t.Index))
		if len(t.Args) > 0 {
			list("<", t.Args, "|", ">")
		}
	}
	switch t.Kind {
	case Unknown:
		b.WriteString("?")
	case Instance:
		b.WriteString(t.Name)
		if len(t.Args) > 0 {
			list("[", t.Args, ", ", "]")
		}
	case Union:
		list("", t.Args, " | ", "")
	case ClassVar:
		variable("$")
	case FuncVar:
		variable("%")
	case Self:
		b.WriteString("Self")
	case None:
		b.WriteString("None")
	case Callable:
		n := max(len(t.Args)-1, 0)
		list("(", t.Args[:n], ", ", "")
		if t.Variadic {
			if n > 0 {
				b.WriteString(", ")
			}
			b.WriteString("...")
		}
		list(") -> ", t.Args[n:], "", "")
	case Tuple:
		list("tuple[", t.Args, ", ", "")
		if t.Variadic {
			b.WriteString(", ...")
		}
		b.WriteString("]")
	case ClassObject:
		list("type[", t.Args, "", "]")
	case Literal:
		b.WriteString("Literal[" + t.Name + " " + t.Text + "]")
	case Never:
		b.WriteString("Never")
	}
}

// Subst is t with type variables of its class replaced by args and Self by self. A variable without an argument is Unknown.
func (t Type) Subst(args []Type, self Type) Type {
	switch t.Kind {
	case ClassVar:
		if t.Index < len(args) {
			return args[t.Index]
		}
		return Type{}
	case Self:
		return self
	case FuncVar, Unknown, None, Literal, Never:
		return t
	}
	var out []Type
	for i, a := range t.Args {
		n := a.Subst(args, self)
		if out == nil {
			if n.same(a) {
				continue
			}
			out = append(make([]Type, 0, len(t.Args)), t.Args[:i]...)
		}
		out = append(out, n)
	}
	if out != nil {
		t.Args = out
	}
	return t
}

// same reports that nothing was replaced: the parts that [Type.Subst] leaves alone are the same memory.
func (t Type) same(u Type) bool {
	return t.Kind == u.Kind && t.Index == u.Index && t.Name == u.Name && t.Text == u.Text && t.Variadic == u.Variadic &&
		len(t.Args) == len(u.Args) && (len(t.Args) == 0 || &t.Args[0] == &u.Args[0])
}
