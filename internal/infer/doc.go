// Package infer finds, for a program that nobody annotated, what each value may be and which functions each call reaches.
//
// Types and calls are one problem: a call's targets depend on what its operands are, and what it gives depends on its
// targets. So there is one fixed point over one graph.
//
// # Domain
//
// A node stands for what a value may be: one for each SSA value of each function (more exactly, of each variant of it), one for
// each global, closure variable, class attribute, instance attribute and element of a container. A node holds a set of
// facts. A fact is an object: a function with the variant whose variables it closes over, a class, an instance of a class (one
// for all instances of it), a bound method, a module, a container by the place where it was made, a generator or coroutine of a function, a short
// constant string or number, a symbol of a library, or a name that an import outside of the tree gives.
//
// Inside a function the analysis is sensitive to flow, since values are SSA; between functions it is not. Branches on isinstance, None
// and truth filter facts ([ir.Refine]), those of attributes by the loads behind them (narrow.go). Elements are kept apart by constant key, up to maxKeys a container; what is
// stored or read by a key that is not constant is all elements. What a function itself stored last in a display or an attribute is what it reads
// there (forward.go), as long as nothing in between could change it.
//
// # Order
//
// A worklist of nodes; each new fact of a node goes along its edges and to the instructions that use the value. Code of modules and
// classes comes first, and calls wait until nothing else is left, so that bases of classes and names are known before
// methods are looked up. Calls that look at what they are given (functions of a library with overloads, classes whose bases are still to
// come) wait for that too (late.go). There is no clock and no map is ranged over on the way, so the same program gives the same result.
//
// When nothing moves any more, what has still no fact is given what the program declares of it: annotations of
// parameters and results, the class of self in a method that nobody calls, the class that isinstance tested, and the solving goes on. So a
// declaration never blurs what the code shows; None alone shows little, and is added to. Facts from declarations stand for subclasses as well: calls through them reach
// overriding methods, "by hierarchy".
//
// # Polymorphism
//
// A small function whose parameter (or what a call gives that is passed one) is called, returned, closed over or used as a key gets a variant for each of its
// first maxVariants call sites (a very small one for up to eight times as many); the rest share one. So a decorator or an identity function gives back what it was given
// at each place. A small method that reads attributes of self has a variant for each of the first maxHeirs classes that inherit it, so that
// what a base makes of its subclasses' methods is told apart. Classes and functions that define classes have one variant.
//
// # Libraries
//
// What is not in the tree is looked up in [model.Library]. Its signatures are taken at their word in both directions: a
// parameter that is Callable is called, one whose type mentions a type parameter of the receiver stores into it (list.append), the result
// is built from what the type variables were matched with. A few builtins that no signature can describe are
// functions of this package (builtin.go, functional.go). Where the tree holds the library itself, a few of its decorators keep that meaning,
// and their own code is seen to run as well (ownSymbol). Methods of the standard library that call what subclasses define (run of a thread, the handlers of a
// parser, the mixins of collections.abc) are a table (dispatch.go). Where a library wants no more of an object than a protocol, the object's methods
// of that protocol are called (protocol.go). So is what C code calls of what a container holds, when that is shown, compared, hashed, copied or pickled
// (implicit.go): these questions are put when nothing else is left to do, since nothing hangs on their answers.
//
// # Classes
//
// A class statement calls the metaclass's __prepare__, __new__ and __init__, __set_name__ of what its body holds and __init_subclass__ of its bases
// (meta.go). Records are told by their annotated fields and by calls of functions whose parameters are those of typing.dataclass_transform's field
// specifiers: the generated __init__ takes arguments to fields. Reading an attribute of an enumeration gives its instance. Strings known in part (getattr by a
// prefix or suffix) name the attributes that fit.
//
// # Names
//
// Where a receiver is not known, or facts of it were dropped, a call may reach whatever the tree has under that name and takes such arguments; the
// same goes for properties, operators and other protocols, and for what a library asks of an argument of which nothing is known. These
// edges are found at the end, only when they are asked for, and nothing flows along them (byname.go). More than maxTargets of
// them are one open edge of a call, and none of an operator.
//
// # Representation
//
// Nodes, edges, look-ups of attributes and targets of calls are numbers in slices without pointers, which the collector need not look into
// (solve.go, table.go, parts.go). A node is 32 bytes: two facts in place, the others in a pool; the first of its edges; the list of the instructions that
// a fact of it matters to (uses.go). Its values follow each other in a variant, so that node and value are told from each other by adding.
// What a program says is found by number as well: a name is interned once, a part of an object is found by object, name and kind, an attribute by
// class and name, what a call reaches by the number of its instruction ([solver.targetsOf]). An edge is looked for among the others of its node,
// and where these are many by a fingerprint of 64 bits, as are calls and questions that are to happen once: of a hundred million such things
// two are mistaken for each other with a chance of one in four thousand. All elements of a container come together only where
// something asks for them. What a function's code asks for is listed when it is loaded: parameters by position, the values that are something by
// themselves, those that declarations or tests say something of.
//
// # Bounds
//
// A node holds at most maxFacts facts; then it is open: what comes later is dropped. Before that it widens: of many instances
// the later ones count as declared to be of the class at the root of theirs, many constants become their type, many containers their class,
// and of names outside of the tree few are kept. A call site reaches at most 4*maxTargets functions of the tree. What a library makes or calls back
// is one object for each type and place, since types may hold themselves.
//
// The whole is bounded by the size of the program, in counted steps: from stepsSoon an instruction on, or nodesOfInstr nodes, functions get no more
// variants and values keep hastyFacts; at stepsOfInstr the solving ends. Each bound that was hit is counted in [Result.Bounds], and named with its
// place by [Result.Stats].
//
// # What it gives up
//
// exec and eval of texts that are no constants, setattr with computed names, import hooks, frames. Attributes of one class's instances are not kept apart, but for
// descriptors, which are told apart by where they are made. Deletion is
// not tracked. What runs as the last reference to an object goes (__del__, callbacks of weak references) has no caller.
package infer
