// Package resolve finds out which binding each name of a file means, with
// Python's own scopes: module, class, function, lambda, comprehension and type
// parameters; global and nonlocal; class scopes that nested functions do not
// see; private names, which are spelled with their class in front; the first iterable of a comprehension evaluated outside of it, and
// assignment expressions within it that bind outside.
//
// [Resolve] is one pass over the tree and keeps what it learns in tables
// beside it, indexed by node ID. It knows nothing of values or of other files:
// a [Binding] is a name of a scope with the nodes that define it, in the order
// of the source. A name without a binding is a builtin, comes from a star
// import, or is undefined. So has __class__ none, which is a cell of the class and no name of its scope.
//
// # How
//
// Python decides whether a name is local only at the end of its scope, so a
// use cannot be resolved where it is met. Each scope has one entry for each
// name that occurs in it, used or bound; names are numbered, and cur[number]
// is the entry of the innermost open scope that has one. When a scope ends,
// entries without a binding are forwarded to the entry of the scope in which
// Python would look next. Cost is one hash of each name and a few stores a node.
package resolve
