// Package ir lowers functions to blocks of simple steps in static single assignment form, and folds constants.
//
// # What it does
//
// A [Unit] is what one file says, from its syntax and scopes alone: names of other modules stay names. It holds one
// [Func] for the module, each class body, each def and each lambda; comprehensions are loops within the function that
// they stand in. A Func is a list of [Instr], each of which defines at most one value, grouped into [Block]s with their
// edges. Values are numbered by the instruction that makes them.
//
// # Variables
//
// A variable of the function is a value: each use knows the definition, or the phi, that reaches it. So is a variable
// of a module or class within its own body. What other functions read is written down as well: [SetCell] where an inner
// function reads the variable, [SetGlobal] and [SetName] for the names of modules and classes. A variable that an inner function assigns
// (global, nonlocal) is no value, and every use loads it.
//
// Python's control flow is structured, so the form is built in one walk over an environment (variable to value), whose states form a
// tree: a way out of a block keeps the state that it leaves with, and ways are joined where they meet. A phi is made when something reads the
// variable after the join, so that no phi is dead at its birth and a chain of ten thousand branches stays linear. Loops join what their
// bodies assign, which resolve's tables tell beforehand. Where very many edges meet, or edges that share most of what they
// assign, phis hold the values without telling edges apart ([Block.Handler] is set there too), so that what is made of a program is linear in its size.
//
// A name of the module that has no value yet is a builtin, if there is one of that name, and a name of a class is then the module's: a phi of such a
// variable has a [Global] among its operands, which stands in no block because it depends on none.
//
// # Exceptions
//
// Each statement of a try may raise, so a handler sees a variable as it was at the beginning or as any assignment in
// the body left it: such a phi has as many operands as there are assignments, and they do not stand for edges
// ([Block.Handler]). The exception has one edge, from where the try begins; several handlers part behind the block that it leads to. The body of a finally is lowered twice, for the normal way and for all others
// together; within another finally's body (where copies would multiply) once, for both.
//
// # Refinements
//
// Where a branch tests a variable, both successors see a new value of it, [Refine], that names the condition and its
// outcome: `isinstance(x, T)`, `x is None`, `x in OK`, `not x`. A join of refinements of one value is that value.
//
// # What it gives up
//
// Code after a return or raise is lowered, in blocks that nothing leads to. `del x` makes x undefined; reading it gives [Undef]. A with
// statement is taken to pass exceptions on, except where the name of the manager says that it swallows them (contextlib.suppress, pytest.raises,
// assertRaises). A generator expression is taken to run where it stands.
// exec, locals(), frames and what a star import assigns anew are not followed. Nothing here depends on anything but the bytes of the file, so that a unit can be kept by their hash.
package ir
