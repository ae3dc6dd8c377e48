package html

import (
	"strings"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// A frameJSON is some lines of code. A line is a string, or three when a part of it, the second, is meant.
type frameJSON struct {
	First int   `json:"n"`
	Lines []any `json:"t"`
}

// Bounds of a frame.
const (
	around   = 2   // lines before and after what is meant
	maxLines = 12  // of what is meant
	maxSide  = 100 // characters before and after what is meant on its line
	maxMeant = 300 // characters of what is meant, on one line
)

// frame shows the lines of a span and some around them.
func (h *handler) frame(f *source.File, span source.Span, around int) *frameJSON {
	first, _ := f.Position(span.Start)
	end := span.End
	for end > span.Start && (f.Text[end-1] == '\n' || f.Text[end-1] == '\r') {
		end--
	}
	last, _ := f.Position(end)
	last = min(last, first+maxLines-1)
	cell := f.Place(f.LineSpan(first).Start).Cell
	within := func(line int) bool {
		return line >= 1 && line <= f.NumLines() && f.Place(f.LineSpan(line).Start).Cell == cell
	}
	from, to := first, last
	for n := 0; n < around; n++ {
		if within(from - 1) {
			from--
		}
		if within(to+1) && !(to+1 == f.NumLines() && f.Line(to+1) == "") { // not the nothing after the last line's end
			to++
		}
	}
	out := &frameJSON{First: f.Place(f.LineSpan(from).Start).Line}
	for line := from; line <= to; line++ {
		out.Lines = append(out.Lines, h.line(f, f.LineSpan(line), source.Span{Start: span.Start, End: end}, line >= first && line <= last))
	}
	return out
}

// line is one line: whole, or in three parts.
func (h *handler) line(f *source.File, line, meant source.Span, hit bool) any {
	for line.End > line.Start && (f.Text[line.End-1] == '\n' || f.Text[line.End-1] == '\r') {
		line.End--
	}
	start, end := max(line.Start, meant.Start), min(line.End, meant.End)
	if !hit {
		start, end = line.Start, line.Start
	}
	start = min(start, line.End)
	end = max(start, end)
	// Of a line of megabytes, what is near. Where it is cut lies far beyond what is shown, so that no half of a secret is.
	line = source.Span{Start: border(f, max(line.Start, start-min(start, far))), End: border(f, min(line.End, start+2*far))}
	end = min(end, line.End)
	whole := h.mask.Slice(f, line)
	if !hit {
		return head(finding.PlainLines(whole), maxSide+maxMeant)
	}
	part := func(from, to uint32) string { return h.mask.Slice(f, source.Span{Start: from, End: to}) }
	before, inside, after := part(line.Start, start), part(start, end), part(end, line.End)
	if before+inside+after != whole { // a secret reaches over a border: cut there, a part of it would show
		return [3]string{"", head(finding.PlainLines(whole), maxSide+maxMeant), ""}
	}
	before, inside, after = finding.PlainLines(before), finding.PlainLines(inside), finding.PlainLines(after)
	if code := strings.TrimLeft(inside, " \t"); before == "" && code != "" { // a line's blanks are not what is meant
		before, inside = inside[:len(inside)-len(code)], code
	}
	if inside == "" {
		inside = " " // the place is between two characters, or after the last one
	}
	return [3]string{tail(before, maxSide), head(inside, maxMeant), head(after, maxSide)}
}

// far is how much of a line before what is meant is looked at, in bytes.
const far = 8192

// border is an offset, or the one before it where a character begins.
func border(f *source.File, at uint32) uint32 {
	for at > 0 && at < uint32(len(f.Text)) && f.Text[at]&0xC0 == 0x80 {
		at--
	}
	return at
}

// head is the beginning of a text.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// tail is the end of a text. Blanks at a line's beginning are kept, so that code stands as it stood.
func tail(s string, n int) string {
	if len(s) <= n || strings.TrimLeft(s, " \t") == "" {
		return s
	}
	at := len(s) - n
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	return "…" + s[at:]
}
