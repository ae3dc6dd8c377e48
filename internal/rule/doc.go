// Package rule turns rule files into rules that can run.
//
// A rule file is Semgrep's YAML. The way of one file is
//
//	YAML ─▶ node ─▶ Rule ─▶ Set
//
// A node is a YAML value with its place. The built-in pack takes a short cut:
// go generate writes the nodes of all its files to rules/pack.bin, which is
// embedded and read back without a YAML parser ([BuildPack], [LoadPack]), so
// that a scan of nothing starts at once. From the node on, both ways are one:
// every rule, built-in or not, is validated by the same decoder.
//
// A rule that is wrong is left out with an [Error] that names the file, the
// line, the key and the remedy; the others run. Nothing is ignored in silence: a key that no
// one reads is an error, with the nearest key that exists.
//
// A rule of mode: query has patterns like the others, which its collection makes of the names in `of:`, and a [query.Query] that is
// asked about what they find.
//
// A [Set] is the rules that were chosen for one scan, compiled for one walk of
// each tree. It implements [check.Check].
package rule
