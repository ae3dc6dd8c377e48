package walk

import (
	"fmt"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// A cell is one cell of a notebook.
type cell struct {
	number   int      // from 1, among all cells
	code     bool     // else text of some kind
	language string   // where the cell says so
	parts    []string // joined, they are the source
	lines    []int    // on disk, of each part
}

// A notebook is what the reader needs of an .ipynb file.
type notebook struct {
	json     jsonText
	counted  int // offset up to which lines were counted
	line     int // the line of that offset
	cells    []cell
	language string
}

// readNotebook joins the code cells of a notebook to one module.
func readNotebook(e Entry, raw []byte) (*source.File, *Problem) {
	text, encoding, notes := decode(raw, false)
	n := &notebook{json: jsonText{text: text}, line: 1}
	if n.json.next() != 0 { // an empty file is a notebook that nobody has written to yet
		if err := n.read(); err != nil {
			return nil, &Problem{Path: e.Path, Line: n.lineAt(n.json.at), Code: "notebook", Lost: true, Blind: e.Explicit,
				Message: err.Error() + ", so it cannot be read as a notebook; open it in Jupyter and save it again"}
		}
	}
	if !isPython(n.language) {
		return nil, &Problem{Path: e.Path, Code: "not-python", Message: "is a notebook in " + Display(n.language) + ", not Python", Lost: true, Blind: e.Explicit}
	}
	j := joiner{}
	for i := range n.cells {
		if c := &n.cells[i]; c.code {
			j.add(c)
		}
	}
	f := source.New(e.Path, unsafeString(j.text))
	f.Encoding, f.Notes = encoding, append(notes, j.notes...)
	f.Segments, f.Commands = j.segments, j.commands
	return f, nil
}

// isPython reports whether a kernel's language is Python: "python", "ipython", "pyspark", "sage" and the like, or unsaid.
func isPython(language string) bool {
	l := strings.ToLower(language)
	return l == "" || strings.Contains(l, "py") || strings.Contains(l, "sage")
}

func (n *notebook) read() error {
	j := &n.json
	switch j.next() {
	case '{':
	case '[':
		return errNoCells
	default:
		return errJSON
	}
	isNotebook := false
	err := j.object(func(key string) error {
		switch key {
		case "cells": // nbformat 4
			isNotebook = true
			return n.readCells()
		case "worksheets": // nbformat 3
			isNotebook = true
			return n.list(func() error {
				return n.fields(func(key string) error {
					if key == "cells" {
						return n.readCells()
					}
					return j.skip(2)
				})
			})
		case "nbformat":
			isNotebook = true
			return j.skip(1)
		case "metadata":
			return n.fields(func(key string) error {
				switch key {
				case "kernelspec":
					return n.fields(func(key string) error { return n.take(key, "language", &n.language) })
				case "language_info":
					return n.fields(func(key string) error { return n.take(key, "name", &n.language) })
				}
				return j.skip(2)
			})
		}
		return j.skip(1)
	})
	if err == nil && !isNotebook {
		j.at = 0
		return errNoCells
	}
	if err == nil && j.next() != 0 {
		return errJSON
	}
	return err
}

// fields is object, but passes over anything else.
func (n *notebook) fields(f func(key string) error) error {
	if n.json.next() != '{' {
		return n.json.skip(2)
	}
	return n.json.object(f)
}

// list is array, but passes over anything else.
func (n *notebook) list(f func() error) error {
	if n.json.next() != '[' {
		return n.json.skip(2)
	}
	return n.json.array(f)
}

// take reads the value of a key into a variable, if it is the one wanted and is a string.
func (n *notebook) take(key, wanted string, to *string) (err error) {
	if key != wanted || n.json.next() != '"' {
		return n.json.skip(2)
	}
	*to, err = n.json.str()
	return err
}

func (n *notebook) readCells() error {
	return n.list(func() error {
		c := cell{number: len(n.cells) + 1}
		kind := ""
		err := n.fields(func(key string) error {
			switch key {
			case "cell_type":
				return n.take(key, key, &kind)
			case "language":
				return n.take(key, key, &c.language)
			case "source", "input":
				c.parts, c.lines = nil, nil
				if n.json.next() == '"' {
					return n.readPart(&c)
				}
				return n.list(func() error {
					if n.json.next() != '"' {
						return n.json.skip(4)
					}
					return n.readPart(&c)
				})
			case "metadata":
				return n.fields(func(key string) error {
					if key != "vscode" {
						return n.json.skip(4)
					}
					return n.fields(func(key string) error { return n.take(key, "languageId", &c.language) })
				})
			}
			return n.json.skip(3)
		})
		c.code = kind == "code"
		n.cells = append(n.cells, c)
		return err
	})
}

// readPart reads one string of a cell's source.
func (n *notebook) readPart(c *cell) error {
	line := n.lineAt(n.json.at)
	s, err := n.json.str()
	c.parts, c.lines = append(c.parts, s), append(c.lines, line)
	return err
}

// lineAt is the 1-based line of an offset, which is never before that of an earlier call.
func (n *notebook) lineAt(at int) int {
	if at > n.counted {
		n.line += strings.Count(n.json.text[n.counted:at], "\n")
		n.counted = at
	}
	return n.line
}

// A joiner puts cells together.
type joiner struct {
	text     []byte
	segments []source.Segment
	commands []source.Command
	notes    []source.Note
}

func (j *joiner) note(from int, format string, args ...any) {
	j.notes = append(j.notes, source.Note{Code: "cell", Message: fmt.Sprintf(format, args...), Span: j.span(from, len(j.text))})
}

func (j *joiner) span(from, to int) source.Span {
	return source.Span{Start: uint32(from), End: uint32(to)}
}

func (j *joiner) add(c *cell) {
	start := len(j.text)
	line := 0          // within the cell, from 1: of the next byte
	fresh := true      // the next byte begins a line
	step, disk := 0, 0 // of the segment so far, and the line on disk of its last line
	for i, part := range c.parts {
		for len(part) > 0 {
			n := lineLength(part)
			if fresh {
				line++
				s := len(j.segments)
				first := s == 0 || j.segments[s-1].Cell != c.number
				var d int
				if !first {
					d = c.lines[i] - disk
				}
				switch {
				case first:
					j.segments = append(j.segments, source.Segment{Start: uint32(len(j.text)), Cell: c.number, Line: line, Disk: c.lines[i]})
					step = -1
				case step == -1 && (d == 0 || d == 1):
					step = d
					j.segments[s-1].Step = d
				case d != step:
					j.segments = append(j.segments, source.Segment{Start: uint32(len(j.text)), Cell: c.number, Line: line, Disk: c.lines[i]})
					step = -1
				}
				disk = c.lines[i]
			}
			j.text = append(j.text, part[:n]...)
			last := part[n-1]
			fresh = last == '\n' || last == '\r'
			part = part[n:]
		}
	}
	if len(j.text) == start {
		return
	}
	if last := j.text[len(j.text)-1]; last != '\n' && last != '\r' {
		j.text = append(j.text, '\n')
	}
	if !isPython(c.language) {
		j.command(start, len(j.text))
		j.note(start, "cell %d is %s, not Python, and was not analysed", c.number, Display(c.language))
		return
	}
	j.magics(start, c.number)
}

// lineLength is the length of the first line of s, its end included.
func lineLength(s string) int {
	i := strings.IndexAny(s, "\r\n")
	switch {
	case i < 0:
		return len(s)
	case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
		return i + 2
	}
	return i + 1
}
