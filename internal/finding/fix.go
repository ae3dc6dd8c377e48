package finding

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// maxFixLines bounds the lines of a fix that are shown.
const maxFixLines = 6

// FixLines are the lines that the fix of a finding takes away, and those that it puts in their place. ok is false when there is no fix,
// or none that can be shown: too long, or one that would show a secret.
func FixLines(f *Finding, mask *Mask) (before, after []string, ok bool) {
	if len(f.Edits) == 0 {
		return nil, nil, false
	}
	span := f.Edits[0].Span
	for _, e := range f.Edits {
		span.Start, span.End = min(span.Start, e.Span.Start), max(span.End, e.Span.End)
	}
	first, _ := f.File.Position(span.Start)
	last, _ := f.File.Position(lastOf(f.File, span))
	whole := source.Span{Start: f.File.LineSpan(first).Start, End: max(span.End, f.File.LineSpan(last).End)}
	if last-first >= maxFixLines || whole.Len() > 2000 {
		return nil, nil, false
	}
	edits := slices.Clone(f.Edits)
	slices.SortFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	var text strings.Builder
	at := whole.Start
	for _, e := range edits {
		if e.Span.Start < at {
			return nil, nil, false // edits that overlap are nothing to show
		}
		text.WriteString(f.File.Text[at:e.Span.Start] + e.New)
		at = e.Span.End
	}
	text.WriteString(f.File.Text[at:whole.End])
	before, after = split(f.File.Slice(whole)), split(text.String())
	if len(after) > maxFixLines || mask.Slice(f.File, whole) != f.File.Slice(whole) || mask.Text(f, text.String()) != text.String() {
		return nil, nil, false
	}
	for len(before) > 1 && len(after) > 1 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 1 && len(after) > 1 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return before, after, true
}

func split(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
