package walk

import (
	"bytes"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// What only IPython understands is blanked, so that what remains is Python of the same length, and kept as a
// command. Which lines these are depends on where statements begin: a line that starts with a percent sign is a magic
// there, and arithmetic inside brackets. So this file reads Python lexically: strings, comments, brackets, continued lines.

// command blanks text and keeps it.
func (j *joiner) command(from, to int) {
	for to > from && (j.text[to-1] == '\n' || j.text[to-1] == '\r' || j.text[to-1] == ' ') {
		to--
	}
	j.commands = append(j.commands, source.Command{Span: j.span(from, to), Text: string(j.text[from:to])})
	j.blank(from, to)
}

func (j *joiner) blank(from, to int) {
	for i := from; i < to; i++ {
		if c := j.text[i]; c != '\n' && c != '\r' {
			j.text[i] = ' '
		}
	}
}

// magics goes through the cell that begins at start and ends the text.
func (j *joiner) magics(start, number int) {
	at := start
	for {
		first := j.firstCode(at)
		if !bytes.HasPrefix(j.text[first:], []byte("%%")) {
			break
		}
		end := j.endOfLine(first)
		name := magicName(j.text[first+2 : end])
		if !pythonMagic(name, j.text[first:end]) {
			j.command(first, len(j.text))
			if !foreignMagic(name) {
				j.note(first, "cell %d is for %%%%%s, which is not known to run Python, and was not analysed", number, Display(name))
			}
			return
		}
		j.command(first, end)
		at = end
	}
	s := stmtScanner{j: j, at: at}
	if !s.run() {
		j.blank(start, len(j.text))
		kept := j.commands[:0]
		for _, c := range j.commands {
			if int(c.Span.Start) < start {
				kept = append(kept, c)
			}
		}
		j.commands = kept
		j.note(start, "cell %d has a string or a bracket that is never closed, so it cannot run, and was not analysed", number)
	}
}

// firstCode is the offset of the first text that is no comment, without its indentation.
func (j *joiner) firstCode(at int) int {
	for at < len(j.text) {
		switch c := j.text[at]; c {
		case ' ', '\t', '\n', '\r', '\f':
			at++
		case '#':
			at = j.endOfLine(at)
		default:
			return at
		}
	}
	return at
}

// endOfLine is the offset of the end of the line, before its line end.
func (j *joiner) endOfLine(at int) int {
	if i := bytes.IndexAny(j.text[at:], "\r\n"); i >= 0 {
		return at + i
	}
	return len(j.text)
}

// endOfCommand is endOfLine, but a backslash at the end of a line continues the command.
func (j *joiner) endOfCommand(at int) int {
	for {
		end := j.endOfLine(at)
		if end == at || j.text[end-1] != '\\' {
			return end
		}
		at = end + lineEnd(j.text[end:])
		if at >= len(j.text) {
			return end
		}
	}
}

// lineEnd is the length of the line end at the start of b.
func lineEnd(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte("\r\n")):
		return 2
	case len(b) > 0:
		return 1
	}
	return 0
}

func magicName(line []byte) string {
	n := 0
	for n < len(line) && line[n] > ' ' {
		n++
	}
	return string(line[:n])
}

// pythonMagic reports whether the cell under a cell magic is Python that is run.
func pythonMagic(name string, line []byte) bool {
	switch name {
	case "time", "timeit", "capture", "prun", "debug", "memit", "mprun", "lprun", "snakeviz", "heat", "scalene", "pyinstrument",
		"px", "python", "python3", "pypy", "ipytest", "run_pytest", "wandb", "notify", "chime", "manim", "spark", "pyspark", "local", "tb",
		"black", "blackcell", "skip_if", "cache", "cached", "memray_flamegraph", "filprofile", "display", "captureoutput", "dask":
		return true
	case "script":
		return strings.Contains(string(line), "python")
	}
	return false
}

// foreignMagic reports whether a cell magic is well known to be for something else, so that no note is needed.
func foreignMagic(name string) bool {
	switch name {
	case "bash", "sh", "shell", "cmd", "script", "system", "sx", "!", "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG",
		"perl", "ruby", "R", "julia", "sql", "bigquery", "writefile", "file", "cython", "cypher", "mermaid", "css", "python2", "pip", "configure":
		return true
	}
	return false
}

// A stmtScanner reads one cell.
type stmtScanner struct {
	j     *joiner
	at    int
	depth int // open brackets
}

// run reads to the end, and reports whether all strings and brackets were closed.
func (s *stmtScanner) run() bool {
	for s.at < len(s.j.text) {
		if !s.statement() {
			return false
		}
	}
	return true
}

// statement reads one logical line.
func (s *stmtScanner) statement() bool {
	text := s.j.text
	lineStart := s.at
	for s.at < len(text) && (text[s.at] == ' ' || text[s.at] == '\t' || text[s.at] == '\f') {
		s.at++
	}
	start := s.at
	if start == len(text) {
		return true
	}
	switch c := text[start]; c {
	case '%', '!', '?', ',', ';', '/':
		end := s.j.endOfCommand(start)
		if c == '%' && s.timed(start, end) {
			break // the rest of the line is Python
		}
		s.commandLine(lineStart, start, end)
		return true
	default:
		if automagic(text[start:s.j.endOfLine(start)]) {
			s.commandLine(lineStart, start, s.j.endOfLine(start))
			return true
		}
	}
	last := byte(0) // the last byte that is neither blank nor comment
	for s.at < len(text) {
		c := text[s.at]
		switch c {
		case '\n', '\r':
			s.at += lineEnd(text[s.at:])
			if s.depth == 0 {
				if last == '?' {
					for n := len(s.j.commands); n > 0 && int(s.j.commands[n-1].Span.Start) >= start; n-- {
						s.j.commands = s.j.commands[:n-1]
					}
					s.at = s.j.endOfLine(start)
					s.commandLine(lineStart, start, s.at)
				}
				return true
			}
			continue
		case ' ', '\t', '\f':
			s.at++
			continue
		case '#':
			s.at = s.j.endOfLine(s.at)
			continue
		case '\\':
			s.at++
			if n := lineEnd(text[s.at:]); n > 0 && (text[s.at] == '\n' || text[s.at] == '\r') {
				if s.at += n; s.at == len(text) {
					return false
				}
			}
			continue
		case '"', '\'':
			if !s.str(c) {
				return false
			}
			last = c
			continue
		case '(', '[', '{':
			s.depth++
		case ')', ']', '}':
			s.depth = max(s.depth-1, 0)
		case '=':
			if s.depth == 0 && strings.IndexByte("=<>!+-*/%&|^@:~", last) < 0 {
				i := s.at + 1
				for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
					i++
				}
				if i < len(text) && (text[i] == '!' && !bytes.HasPrefix(text[i:], []byte("!=")) || text[i] == '%') {
					end := s.j.endOfCommand(i)
					s.j.command(i, end)
					text[i] = '_' // what the command returns is not known, like the value of this name
					s.at = end
					last = '_'
					continue
				}
			}
		}
		last = c
		s.at++
	}
	return s.depth == 0
}

// commandLine blanks a line that is a command and moves past it. In a block a statement takes
// its place, because the block may have no other.
func (s *stmtScanner) commandLine(lineStart, start, end int) {
	s.j.command(start, end)
	if start > lineStart {
		filler := "pass"
		switch end - start {
		case 3:
			filler = "..."
		case 2, 1:
			filler = "0"
		}
		copy(s.j.text[start:], filler)
	}
	s.at = end + lineEnd(s.j.text[end:])
}

// timed keeps the statement in "%time statement": the magic becomes a statement of its own, "0;", of equal length.
func (s *stmtScanner) timed(start, end int) bool {
	line := s.j.text[start:end]
	for _, p := range [...]string{"%time ", "%timeit ", "%prun ", "%memit "} {
		if !bytes.HasPrefix(line, []byte(p)) {
			continue
		}
		rest := bytes.TrimLeft(line[len(p):], " ")
		if len(rest) == 0 || rest[0] == '-' || rest[0] == '%' || rest[0] == '!' {
			return false // options, or another magic
		}
		s.j.command(start, start+len(p))
		copy(s.j.text[start:], "0;")
		s.at = start + len(p)
		return true
	}
	return false
}

// str moves past a string literal; false when it is not closed. A string in single quotes ends with its line at the latest.
func (s *stmtScanner) str(quote byte) bool {
	text := s.j.text
	if s.at+2 < len(text) && text[s.at+1] == quote && text[s.at+2] == quote {
		for i := s.at + 3; i < len(text); i++ {
			switch {
			case text[i] == '\\':
				i++
			case text[i] == quote && i+2 < len(text) && text[i+1] == quote && text[i+2] == quote:
				s.at = i + 3
				return true
			}
		}
		return false
	}
	for i := s.at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
			if i < len(text) && text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
		case '\n', '\r':
			s.at = i
			return true
		case quote:
			s.at = i + 1
			return true
		}
	}
	s.at = len(text)
	return true
}

// automagic recognises commands that IPython takes without a percent sign, where they cannot be Python: two words side by side.
func automagic(line []byte) bool {
	word, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return false
	}
	switch string(word) {
	case "pip", "pip3", "conda", "mamba", "uv", "cd", "ls", "cat", "mkdir", "rmdir", "rm", "cp", "mv":
	default:
		return false
	}
	second, _, _ := bytes.Cut(bytes.TrimLeft(rest, " "), []byte(" "))
	if len(second) == 0 || !(second[0] >= 'a' && second[0] <= 'z' || second[0] >= 'A' && second[0] <= 'Z') {
		return false
	}
	switch string(second) {
	case "in", "is", "and", "or", "if", "not", "for":
		return false
	}
	return true
}
