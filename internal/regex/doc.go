// Package regex matches the regular expressions that rules are written with:
// those of PCRE and of Python's re.
//
// An expression is parsed once, by this package's own parser, to a small tree.
// What the tree says decides who runs it:
//
//   - a regular expression in the strict sense is printed in Go's syntax and run
//     by Go's regexp, in linear time;
//   - a core of fixed length between lookarounds, `(?<!\w)key(?!\w)`, is searched
//     by Go's regexp, and the lookarounds are asked at the ends of what it finds;
//   - everything else (lookaround, back-references, conditionals, atomic groups,
//     possessive quantifiers) runs on a backtracker.
//
// The backtracker keeps its state on a stack of its own, so no text and no
// expression overflows Go's stack. It counts its steps and ends with [ErrSteps]
// at a bound that depends on the length of the text alone; no clock is read.
// An expression without back-references remembers, once a search has become
// long, which pairs of instruction and place have failed, so that the usual
// catastrophes, (a+)+$ and its kin, end in linear time. Lookbehind runs its
// instructions right to left and so has no limit on its length.
//
// # What an expression means
//
// Where PCRE and Python differ the meaning is PCRE's, which is what rules are
// written for, unless [Python] is set:
//
//   - \d \w \s \b and the POSIX classes know ASCII only, unless [Unicode] is set
//     or the expression says (?u) or (*UCP).
//   - Letters beyond ASCII are folded by (?i), but never to an ASCII letter: the
//     Kelvin sign is no k.
//   - \Z is the end or before a last line feed; in Python it is the end. So is $
//     without (?m). \z is the end in both.
//   - \h \H \v \V \R \N \K \G \Q…\E are as in PCRE; in Python \v is the vertical tab.
//   - {,n} is {0,n}.
//   - A reference to a group that did not take part fails.
//
// Refused, with an error that says so: recursion and calls of groups, callouts,
// backtracking verbs, branch reset, \X and \C.
//
// A text is UTF-8; a byte that is not stands for U+FFFD, as in Go's regexp.
//
// [Redos] answers another question about an expression: how a matcher that has none of these protections, such as Python's
// own, would fare with it. It finds ambiguities in the automaton and tries them on the backtracker with its memory switched off, which
// counts what Python's would do.
package regex
