// Package model knows the types of libraries, by qualified name: what a call returns, what attributes an object has, what
// it iterates to and enters as, what it calls back, and which class has which bases. It knows nothing of any program.
//
// # Where the knowledge comes from
//
// The standard library's comes from typeshed's stubs, everything else from the rows of models/*.yaml (see
// docs/models.md). Both are compiled by go generate (package compile) to tables, models/stdlib.bin and models/libraries.bin, which
// are embedded. Nothing is parsed when the program starts: a table is read in place, a module's block on the first question
// about the module, a symbol when it is asked for, and what was read is kept.
//
// # Names
//
// A name is canonical when it is the one that users write, and every answer has it: os.path.join, never
// posixpath.join; io.StringIO, never _io.StringIO; asyncio.run, never asyncio.runners.run; collections.abc.Mapping, never
// typing.Mapping. Builtins have no prefix: str, str.join, open. Every other spelling leads to the same *Symbol. An alias is followed
// (socket.error is OSError), and so is inheritance: collections.OrderedDict.get is dict.get.
//
// # What a type says, and what it does not
//
// The stubs are read as of Python 3.13 on Linux. Names that exist only in other versions or on other systems are kept
// too, so that a program written for them is understood. `X | Any`, by which stubs say "X, and perhaps None, but do not make users check", is X.
// LiteralString is str, TypeGuard is bool. Any and object are Unknown: a table says what is known, and an empty answer means only that nothing is.
// A protocol with __call__ is a Callable.
//
// A type variable of a class is ClassVar and an index into its Params, one of a function FuncVar and an index of the order in
// which they occur in that signature, with bound or constraints in Args. A variable that stands for the type of self is Self.
// A ParamSpec P is one too, with the Text "P": `*args: P.args` has that type, and Callable[P, R] has it in Args and is Variadic.
//
// An __init__ whose self is annotated with one instantiation of a generic class gives that as its result
// (subprocess.Popen with text=True is Popen[str]); every other __init__ gives None.
package model
