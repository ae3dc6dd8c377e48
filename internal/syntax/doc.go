// Package syntax reads Python, all of it from 3.0 to 3.14, into a tree.
//
// [Parse] never fails: a line that is not Python costs that line, leaves a Bad
// node and an [Error], and the rest is read. Python 2 is recognised, said to be
// Python 2, and read as far as it goes. Depth is bounded: text nested deeper
// than the bound is an error there, never a stack overflow. Cost is linear in
// the length of the text.
//
// The tree has the shape of CPython's own (the ast module), so that what is
// known of one holds for the other; [Dump] prints it as ast.dump does, and a
// test holds the two equal. It differs where analysis wants more: arguments keep their source order,
// names that Python keeps as bare strings keep their place, comments are kept
// beside the tree.
//
// Patterns of the rule language are Python with metavariables and ellipses, and
// [ParsePattern] reads them with the same parser in a pattern mode.
package syntax
