package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// tabStop is the width of a tab, which is shown as blanks so that carets stand where they should.
const tabStop = 4

// columns is how many columns of a terminal a character takes.
func columns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// textWidth is how many columns a text takes that has been made [finding.Plain].
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += columns(r)
	}
	return n
}

// A shownLine is a line of code as it is put on the terminal, with the column of each of its bytes.
type shownLine struct {
	cells []cell
}

// A cell is one character of the code, or what is shown in its place.
type cell struct {
	text   string
	offset int // of the byte in the line as it is in the file
	column int // where it begins, from 0
	width  int
}

// layOut makes a line fit to print: tabs become blanks, what a terminal would obey is escaped. A replaced part (start, end,
// text) stands where a secret was.
func layOut(line string, hidden []replacement) shownLine {
	var l shownLine
	column := 0
	add := func(text string, offset, w int) {
		l.cells = append(l.cells, cell{text, offset, column, w})
		column += w
	}
	for i := 0; i < len(line); {
		if len(hidden) > 0 && i >= hidden[0].start {
			text := finding.Plain(hidden[0].text)
			add(text, i, textWidth(text))
			i = max(i+1, hidden[0].end)
			hidden = hidden[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == '\t':
			w := tabStop - column%tabStop
			add(strings.Repeat(" ", w), i, w)
		case r == utf8.RuneError && n == 1 || finding.Hidden(r):
			text := finding.Plain(line[i : i+n])
			add(text, i, len(text))
		default:
			add(line[i:i+n], i, columns(r))
		}
		i += n
	}
	return l
}

// A replacement is a part of a line, in bytes, and what is shown instead.
type replacement struct {
	start, end int
	text       string
}

// width is how many columns the line takes.
func (l shownLine) width() int {
	if len(l.cells) == 0 {
		return 0
	}
	last := l.cells[len(l.cells)-1]
	return last.column + last.width
}

// column is where the byte at an offset of the line is shown. An offset within what was replaced is shown where that begins.
func (l shownLine) column(offset int) int {
	for i, c := range l.cells {
		if c.offset == offset {
			return c.column
		}
		if c.offset > offset {
			return l.cells[i-1].column
		}
	}
	return l.width()
}

// end is the column after the last byte before an offset.
func (l shownLine) end(offset int) int {
	column := 0
	for _, c := range l.cells {
		if c.offset >= offset {
			break
		}
		column = c.column + c.width
	}
	return column
}

// window is the part of the line from one column to another, with marks where something is cut off. The result
// takes at most to-from columns.
func (l shownLine) window(from, to int) string {
	var b strings.Builder
	cutStart, cutEnd := from > 0, l.width() > to
	column := from
	for _, c := range l.cells {
		switch {
		case c.column < from || cutStart && c.width == 0:
			continue
		case cutEnd && c.column+c.width > to-1:
			b.WriteString(strings.Repeat(" ", max(0, to-1-column)) + "…")
			return b.String()
		case cutStart:
			cutStart = false
			b.WriteString("…" + strings.Repeat(" ", c.column-from+c.width-1))
		default:
			b.WriteString(c.text)
		}
		column = c.column + c.width
	}
	return b.String()
}

// wrap breaks a text between words into lines of at most so many columns; the first may be shorter by used. Words that are longer
// stand alone.
func wrap(text string, limit, used int) []string {
	var lines []string
	var line strings.Builder
	at := used
	for word := range strings.FieldsSeq(text) {
		w := textWidth(word)
		if line.Len() > 0 && at+1+w > limit {
			lines = append(lines, line.String())
			line.Reset()
			at = 0
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
			at++
		}
		line.WriteString(word)
		at += w
	}
	if line.Len() > 0 || len(lines) == 0 {
		lines = append(lines, line.String())
	}
	return lines
}
