package finding

import (
	"fmt"

	"github.com/wadjet-security/wadjet/internal/source"
)

// Range leads a span back to where it begins and ends for a reader. The end is the place after the last character. It stays on
// the line, and in the cell, of the last character even when that ends the line.
func Range(f *source.File, span source.Span) (start, end source.Place) {
	return f.Place(span.Start), f.Place(lastOf(f, span))
}

// lastOf is the end of a span without the line ends that it ends with.
func lastOf(f *source.File, span source.Span) uint32 {
	last := span.End
	for last > span.Start && (f.Text[last-1] == '\n' || f.Text[last-1] == '\r') {
		last--
	}
	return last
}

// CWEName is how a number of the Common Weakness Enumeration is written.
func CWEName(n int) string { return fmt.Sprintf("CWE-%d", n) }
