// Package source holds the text of files and the places in them. It is the
// vocabulary that every other package shares, and imports none of them.
//
// A [File] is text that has been decoded to UTF-8, the table of its lines, and
// where it came from. Places are byte offsets into that text, as half-open
// [Span]s; line and column exist only at the edge, where a place is shown.
//
// A text may be virtual: the code cells of a notebook are joined to one module,
// so that nothing above this package needs to know of notebooks. Its segment
// map leads every offset back to the cell and line where it stands
// ([File.Place]).
package source
