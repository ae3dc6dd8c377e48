package finding

import (
	"cmp"
	"slices"
)

// Compare orders findings as reports show them: worst first, then surest, then by path, position and
// rule. It is total on findings that differ in anything a reader sees, so that the order in which
// workers finish never shows.
func Compare(a, b *Finding) int {
	return cmp.Or(
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(b.Confidence, a.Confidence),
		comparePlace(a, b),
		cmp.Compare(a.Rule.ID, b.Rule.ID),
		cmp.Compare(a.Message, b.Message),
	)
}

// Sort puts findings into the order of [Compare].
func Sort(findings []*Finding) { slices.SortStableFunc(findings, Compare) }

// comparePlace orders by where findings stand; an enclosing one comes before what it holds.
func comparePlace(a, b *Finding) int {
	return cmp.Or(
		cmp.Compare(a.File.Path, b.File.Path),
		cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(b.Span.End, a.Span.End),
	)
}

// weakness is what findings must share to be one.
func (f *Finding) weakness() string { return cmp.Or(f.Rule.Weakness, f.Rule.ID) }
