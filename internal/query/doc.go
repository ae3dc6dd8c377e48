// Package query answers questions that rules ask in CEL, the Common Expression Language, about the calls, objects, functions and modules
// of a program.
//
//	of: [hashlib.new]                      which calls are looked at (an anchor that package pattern knows)
//	where: call.arg("name").string == "md5"   what must hold of one
//
// # One table
//
// [Types] is the one place that says what can be asked: each member has a type, a text, an example and the Go function that answers.
// CEL's types, the errors with the nearest name, and `wadjet rules fields` come of it.
//
// # Yes, no, unknown
//
// A fact about a program is known or it is not, and CEL calculates with that: an answer that is not known is a CEL unknown, `false && unknown` is false,
// `true || unknown` is true, and everything else that depends on an unknown is one. [Query.Eval] gives the outcome as one of
// [No], [Yes] and [Unknown]. An error within an expression, such as comparing a text with a number, is a No: what cannot be asked of
// a value does not hold of it.
//
// # Cost
//
// CEL's environment, and each expression, are made when a rule first has a candidate. The steps of an evaluation
// are counted and bounded, and so is how far each fact is looked for.
package query
