// Package pattern compiles formulas of patterns, in Semgrep's language, and matches them against modules.
//
// All rules are matched in one walk of a tree. Each positive pattern is filed under what a node must have to match it
// (its kind, and where there is one a name or literal), so that a node is compared with the few patterns that may
// match it. Patterns that say where a match must not be, or within what it must be, are asked only about the
// places where the positive ones matched.
//
// Matching is bounded by counted steps for each rule and file, never by a clock: a rule that uses them up is
// reported as [Exhausted].
package pattern
