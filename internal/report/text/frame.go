package text

import (
	"fmt"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// A frame shows the lines of a span, a line around them, and what is meant by carets:
//
//	   |
//	41 |     run(
//	   |  ___^
//	42 | |     command,
//	43 | | )
//	   | |_^
//	   |
type frame struct {
	p     *palette
	mask  *finding.Mask
	width int // columns of the terminal
	mark  func(string) string
}

// maxFrameLines bounds how many lines of a span are shown; the middle of a longer one is left out.
const maxFrameLines = 7

// write shows a span in its file. gutter is how wide numbers of lines are.
func (fr *frame) write(b *strings.Builder, f *source.File, span source.Span, gutter int) {
	first, last := lines(f, span)
	from, to := first, last
	if from > 1 && fr.worth(f, from-1, from) {
		from--
	}
	if fr.worth(f, to+1, to) {
		to++
	}
	blank := fr.p.gutter(strings.Repeat(" ", gutter) + " |")
	b.WriteString(blank + "\n")
	multi := last > first
	// A span that starts its line is drawn with a / there, another with a line of its own.
	head := strings.TrimSpace(f.Text[f.LineSpan(first).Start:span.Start]) == ""
	for line := from; line <= to; line++ {
		if multi && last-first >= maxFrameLines && line > first+maxFrameLines/2 && line < last-1 {
			b.WriteString(fr.p.gutter(strings.Repeat(".", gutter)) + "    " + fr.mark("|") + "\n")
			line = last - 2
			continue
		}
		lay := fr.layOut(f, line)
		room := max(20, fr.width-gutter-3)
		bar := "" // left of the code, when the span has several lines
		switch {
		case !multi:
		case line < first || line > last || line == first && !head:
			bar = "  "
		case line == first:
			bar = fr.mark("/") + " "
		default:
			bar = fr.mark("|") + " "
		}
		if multi {
			room -= 2
		}
		start, end := 0, lay.width()
		if line == first {
			start = lay.column(int(span.Start - f.LineSpan(first).Start))
		}
		if line == last {
			end = lay.end(int(span.End - min(span.End, f.LineSpan(last).Start)))
		}
		left, right := 0, room
		if lay.width() > room && line >= first && line <= last {
			left = windowStart(lay, start, end, room, multi && line == last)
			right = left + room
		}
		row := fr.p.gutter(fmt.Sprintf("%*d |", gutter, f.Place(f.LineSpan(line).Start).Line)) + " " + bar + lay.window(left, right)
		b.WriteString(strings.TrimRight(row, " ") + "\n")
		switch {
		case line == first && !multi:
			end = min(max(end, start+1), left+max(room, start-left+1))
			b.WriteString(blank + " " + strings.Repeat(" ", start-left) + fr.mark(strings.Repeat("^", end-start)) + "\n")
		case line == first && !head:
			b.WriteString(blank + "  " + fr.mark(strings.Repeat("_", start-left+1)+"^") + "\n")
		case line == last:
			b.WriteString(blank + " " + fr.mark("|"+strings.Repeat("_", max(1, end-left))+"^") + "\n")
		}
	}
}

// windowStart is the column from which on a line that is too long is shown: so that what is meant is in sight.
func windowStart(l shownLine, start, end, room int, atEnd bool) int {
	if atEnd {
		start = end
	}
	if end <= room-2 || start < room*3/4 && end-start > room {
		return 0
	}
	left := start - room/4
	if end-start < room/2 {
		left = end - room*3/4
	}
	return max(0, min(left, start-2, l.width()-room))
}

// worth reports whether a line is shown around a span: it exists, says something, and is of the same cell as its neighbour.
func (fr *frame) worth(f *source.File, line, beside int) bool {
	if line > f.NumLines() || strings.TrimSpace(f.Line(line)) == "" {
		return false
	}
	return f.Place(f.LineSpan(line).Start).Cell == f.Place(f.LineSpan(beside).Start).Cell
}

// lines are the first and the last line that a span has text on.
func lines(f *source.File, span source.Span) (first, last int) {
	end := span.End
	for end > span.Start && (f.Text[end-1] == '\n' || f.Text[end-1] == '\r') {
		end--
	}
	first, _ = f.Position(span.Start)
	last, _ = f.Position(end)
	return first, max(first, last)
}

// maxLineBytes bounds what is laid out of one line. Where a line goes on beyond, its end is not the one shown.
const maxLineBytes = 64 << 10

// layOut is a line of a file, with its secrets replaced.
func (fr *frame) layOut(f *source.File, line int) shownLine {
	span := f.LineSpan(line)
	if span.Len() > maxLineBytes {
		span.End = span.Start + maxLineBytes
	}
	covers := fr.mask.Covers(f, span)
	text := f.Slice(span)
	if len(covers) == 0 {
		if shown := fr.mask.Slice(f, span); shown != text {
			return layOut(shown, nil) // a secret of somewhere else: carets may be a little off
		}
		return layOut(text, nil)
	}
	var hidden []replacement
	for _, c := range covers {
		r := replacement{start: int(max(c.Span.Start, span.Start) - span.Start), end: int(min(c.Span.End, span.End) - span.Start), text: c.Text}
		if c.Span.Start < span.Start { // its start is shown on an earlier line
			r.text = "****"
		}
		if r.end > r.start {
			hidden = append(hidden, r)
		}
	}
	return layOut(text, hidden)
}
