// Package scan is the conductor: it decides the order of things, how many of them run at
// once, and what bounds them, and hands findings to a [finding.Handler]. It knows no
// terminal, no format and no flag.
//
// [Options.Configure] lets settings say what is left open: which files, which rules, and what holds for each file. Every front calls
// it. [Options.Since] has the tree from before a change scanned as well, so that only what is new is shown; baselines take out
// what is known.
//
// A scan has four phases, with a barrier between them:
//
//  1. walk: which files, and which are left out and why
//  2. read: every file is decoded, parsed and resolved, in parallel; what other modules
//     need to know of it becomes its summary
//  3. check: every file is matched, in parallel; its findings meet its comments
//  4. merge: findings are ordered, merged and numbered; what is known is taken out; the rest is handed on
//
// Trees are kept between phases 2 and 3 while they fit a budget. Those that do not are dropped and parsed
// again, so that memory does not grow with the size of the program; which trees are kept has no
// influence on what is found.
//
// What a profile shows of whose code:
//
//	            default                        strict                   audit
//	project     confidence medium and higher   everything               everything
//	library     as project                     as project               everything
//	test        rules that say tests: true     severity high and more   everything
//	vendored    severity and confidence high   as project               everything
//	generated   severity and confidence high   as project               everything
//
// Code that its authors alone run, or did not write, is where other tools make most of their noise: a weakness there is
// rarely one of the product. A library is what is scanned when someone points at site-packages; who does wants to know.
// What a profile leaves out is counted, and the summary says so. In an audit a bare `# noqa`, `# nosem` or `# NOSONAR` silences
// nothing: whoever wrote it did not have security in mind. All of this holds file by file, see [Policy].
package scan
