package source

import (
	"crypto/sha256"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
)

// A Span is a half-open range of byte offsets in the text of one file.
type Span struct{ Start, End uint32 }

// Len is the number of bytes that the span covers.
func (s Span) Len() int { return int(s.End - s.Start) }

// Contains reports whether t lies within s; a span contains itself.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether the two spans share a byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// An Origin says whose code a file is: the largest single source of noise in
// tools that do not ask.
type Origin uint8

const (
	Project   Origin = iota // written here, and shipped
	Test                    // written here, and run only by its authors
	Vendored                // somebody else's code, copied into the tree
	Generated               // written by a program
	Library                 // an installed package (site-packages, dist-packages)
)

var originNames = [...]string{"project", "test", "vendored", "generated", "library"}

func (o Origin) String() string { return originNames[o] }

// A Kind says what a file is, before anything has been parsed.
type Kind uint8

const (
	Python   Kind = iota // .py, .pyw, or a script with a Python shebang
	Stub                 // .pyi
	Notebook             // .ipynb, its code cells joined to one module
	Other                // read only for generic and regex rules
)

var kindNames = [...]string{"python", "stub", "notebook", "other"}

func (k Kind) String() string { return kindNames[k] }

// A Note is something a reader of the results must know of how a file was
// read: text that had to be replaced, a notebook cell in another language.
type Note struct {
	Code    string // "encoding", "cell", …: stable, for machines
	Message string // one line, in plain words
	Span    Span   // zero when it is about the whole file
}

// A Segment maps a run of a virtual text to the place it was taken from.
// Offsets inside a segment differ from those of the origin by a constant only
// in their line and column, never in the length of a line.
type Segment struct {
	Start uint32 // offset in Text where the segment begins; it ends at the next
	Cell  int    // 1-based cell of a notebook
	Line  int    // 1-based line, within the cell, of the segment's first byte
	Disk  int    // 1-based line of the file on disk where that line stands; 0 when not known
	Step  int    // lines on disk from one line of the segment to the next: 1, or 0 when all stand on one
}

// A Command is a notebook line that is not Python (`!pip install x`,
// `%load_ext y`), blanked in the text at equal length and kept here.
type Command struct {
	Span Span   // the blanked bytes
	Text string // as it was written, without the indentation
}

// A File is the decoded text of one file. It does not change once made, and may be
// shared between goroutines.
type File struct {
	Path     string // slash-separated, relative to the root of the scan: what users see
	Text     string // UTF-8; line ends as they were written
	Kind     Kind
	Origin   Origin
	Encoding string    // the codec that decoded it, lower case: "utf-8", "latin-1"
	Size     int       // bytes of the file on disk, before decoding
	Notes    []Note    // how reading went, when it did not go smoothly
	Segments []Segment // nil unless the text is virtual
	Commands []Command // nil unless a notebook has magics or shell lines

	lines []uint32 // offsets at which lines start; lines[0] == 0

	hashed sync.Once
	hash   [sha256.Size]byte
}

// New makes a File of text that is already UTF-8. Lines end at \n, \r\n or a lone \r,
// as Python has it.
func New(path, text string) *File {
	return &File{Path: path, Text: text, Encoding: "utf-8", Size: len(text), lines: lineStarts(text)}
}

// Hash is the SHA-256 of Text. It is computed when first asked for, since a plain scan never asks.
func (f *File) Hash() [sha256.Size]byte {
	f.hashed.Do(func() {
		h := sha256.New()
		io.WriteString(h, f.Text) // a hash never fails to write
		h.Sum(f.hash[:0])
	})
	return f.hash
}

// Shell is what [File.Commands] say and nothing else, at the same offsets: a notebook's shell lines and magics as a text of their
// own. It is nil where there are none.
func (f *File) Shell() *File {
	if len(f.Commands) == 0 {
		return nil
	}
	text := []byte(f.Text)
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
	for _, c := range f.Commands {
		copy(text[c.Span.Start:c.Span.End], c.Text)
	}
	return &File{Path: f.Path, Text: string(text), Kind: f.Kind, Origin: f.Origin, Encoding: f.Encoding, Size: f.Size,
		Segments: f.Segments, lines: f.lines}
}

func lineStarts(text string) []uint32 {
	lines := make([]uint32, 1, 1+strings.Count(text, "\n"))
	if strings.IndexByte(text, '\r') < 0 {
		for i := 0; ; {
			n := strings.IndexByte(text[i:], '\n')
			if n < 0 {
				return lines
			}
			i += n + 1
			lines = append(lines, uint32(i))
		}
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			lines = append(lines, uint32(i+1))
		case '\n':
			lines = append(lines, uint32(i+1))
		}
	}
	return lines
}

// NumLines is the number of lines, counting an empty one after a final line end.
func (f *File) NumLines() int { return len(f.lines) }

// Position is the 1-based line and 1-based column in bytes of an offset in Text.
func (f *File) Position(offset uint32) (line, column int) {
	i := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset }) - 1
	return i + 1, int(offset-f.lines[i]) + 1
}

// LineSpan is the span of a 1-based line, without its line end. A line that
// does not exist has the empty span at the end of the text.
func (f *File) LineSpan(line int) Span {
	if line < 1 || line > len(f.lines) {
		return Span{uint32(len(f.Text)), uint32(len(f.Text))}
	}
	start, end := f.lines[line-1], uint32(len(f.Text))
	if line < len(f.lines) {
		end = f.lines[line]
	}
	for end > start && (f.Text[end-1] == '\n' || f.Text[end-1] == '\r') {
		end--
	}
	return Span{start, end}
}

// Line is the text of a 1-based line, without its line end.
func (f *File) Line(line int) string { return f.Slice(f.LineSpan(line)) }

// Slice is the text that a span covers.
func (f *File) Slice(s Span) string { return f.Text[s.Start:s.End] }

// A Place is where something stands, in the terms of the reader: the file that is on
// disk, or the cell of a notebook.
type Place struct {
	Cell   int // 0 unless in a notebook
	Line   int // 1-based, within the cell where there is one
	Column int // 1-based, in Unicode code points
}

func (p Place) String() string {
	if p.Cell > 0 {
		return fmt.Sprintf("cell %d:%d:%d", p.Cell, p.Line, p.Column)
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// Place leads an offset in Text back to where it stands.
func (f *File) Place(offset uint32) Place {
	line, column := f.Position(offset)
	start := f.lines[line-1]
	runes := 1
	for _, b := range []byte(f.Text[start : start+uint32(column-1)]) {
		if b&0xC0 != 0x80 {
			runes++
		}
	}
	p := Place{Line: line, Column: runes}
	if s := f.segment(offset); s != nil {
		first, _ := f.Position(s.Start)
		p.Cell, p.Line = s.Cell, s.Line+line-first
	}
	return p
}

// DiskLine is the 1-based line of the file on disk where an offset in Text stands, for formats
// that know no cells. It is 0 when the text is virtual and the reader could not tell.
func (f *File) DiskLine(offset uint32) int {
	line, _ := f.Position(offset)
	if len(f.Segments) == 0 {
		return line
	}
	s := f.segment(offset)
	if s == nil || s.Disk == 0 {
		return 0
	}
	first, _ := f.Position(s.Start)
	return s.Disk + s.Step*(line-first)
}

// segment is the one that an offset lies in, or nil.
func (f *File) segment(offset uint32) *Segment {
	i := sort.Search(len(f.Segments), func(i int) bool { return f.Segments[i].Start > offset }) - 1
	if i < 0 {
		return nil
	}
	return &f.Segments[i]
}

// UTF16Column is the 0-based column of an offset in UTF-16 code units, as the
// Language Server Protocol counts.
func (f *File) UTF16Column(offset uint32) int {
	line, _ := f.Position(offset)
	n := 0
	for _, r := range f.Text[f.lines[line-1]:offset] {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
