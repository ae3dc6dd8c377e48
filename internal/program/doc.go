// Package program knows all modules of a scan, and answers what an expression of one of them is: which
// qualified name it has ("subprocess.Popen" for P after `from subprocess import Popen as P`), which value, which type.
//
// A program is built in two steps. [Program.Add] parses and resolves one file and keeps a summary of what the module offers
// to others; it may run for many files at once. [Program.Link] then gives the modules their names, and from there on questions about
// different modules may be asked at once: a question looks at the tree of its own module and at the summaries of
// the others, never at their trees. So a tree may be dropped ([Module.Drop]) and parsed again ([Module.Load]).
//
// Every answer is made when it is asked for, since few expressions are ever asked about, and each question costs a bounded
// number of steps. "" and false mean that nothing is known, never that nothing is there.
package program
