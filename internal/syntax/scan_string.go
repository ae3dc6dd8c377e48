package syntax

import "strings"

// A form is which kind of literal a prefix makes.
type form uint8

const (
	noString form = iota // the word is no prefix
	plainString
	fString
	tString2 // a t-string
)

// stringPrefix tells what a word of at most two letters before a quote makes of the string.
func stringPrefix(w string) (StrFlags, form) {
	switch len(w) {
	case 1:
		switch w[0] | 0x20 {
		case 'r':
			return Raw, plainString
		case 'b':
			return Bytes, plainString
		case 'u':
			return Unicode, plainString
		case 'f':
			return 0, fString
		case 't':
			return 0, tString2
		}
	case 2:
		a, b := w[0]|0x20, w[1]|0x20
		if b == 'r' {
			a, b = b, a
		}
		if a != 'r' {
			return 0, noString
		}
		switch b {
		case 'b':
			return Bytes | Raw, plainString
		case 'f':
			return Raw, fString
		case 't':
			return Raw, tString2
		case 'u':
			return Unicode | Raw, plainString
		}
	}
	return 0, noString
}

// A frame is an open f-string or an open field in one. While a frame with literal set is the last,
// text is read as literal text; otherwise as tokens, until the bracket that closes the field.
type frame struct {
	literal  bool
	spec     bool // the literal is a format specification
	template bool
	quote    byte
	quotes   uint8
	flags    StrFlags
	brackets int    // open brackets: in the field its own included, in a string those around it
	start    uint32 // of the string, for messages
	exprs    uint8  // nesting of fields within this string
}

// maxFStrings is how deep f-strings may stand in each other, and maxFields how deep fields in
// format specifications, as in CPython.
const (
	maxFStrings = 150
	maxFields   = 2
)

// scanString reads a string literal whose prefix is text[i:j] and whose quote is at j; of an f-string, its start.
func (s *scanner) scanString(i, j int, flags StrFlags, f form) {
	text, quote := s.text, s.text[j]
	quotes := 1
	if j+2 < len(text) && text[j+1] == quote && text[j+2] == quote {
		quotes, flags = 3, flags|Triple
	}
	s.lit = literal{prefix: uint8(j - i), quotes: uint8(quotes), flags: flags}
	if flags&(Unicode|Raw) == Unicode|Raw {
		// ru"" was never legal, ur"" was.
		if text[i]|0x20 == 'r' {
			s.errorAt(i, j, "a string cannot have this prefix")
		} else {
			s.python2(i, j, py2UR)
		}
	}
	body := j + quotes
	if f != plainString {
		s.openFString(i, body, quote, f == tString2)
		return
	}
	s.kind = tString
	if quotes == 3 {
		s.scanTriple(i, body, quote)
		return
	}
	for k := body; k < len(text); k++ {
		switch text[k] {
		case quote:
			s.token(i, k+1)
			return
		case '\\':
			s.lit.escaped = true
			k++
			if k+1 < len(text) && text[k] == '\r' && text[k+1] == '\n' {
				k++
			}
		case '\n', '\r':
			s.unterminated(i, k)
			return
		}
	}
	s.unterminated(i, len(text))
}

// scanTriple reads on to the three quotes that end a string.
func (s *scanner) scanTriple(i, body int, quote byte) {
	text := s.text
	for k := body; k < len(text); k++ {
		switch c := text[k]; c {
		case quote:
			if k+2 < len(text) && text[k+1] == quote && text[k+2] == quote {
				s.token(i, k+3)
				return
			}
		case '\\':
			s.lit.escaped = true
			k++
		case '\r':
			s.lit.escaped = true
		}
	}
	s.unterminated(i, len(text))
}

// unterminated records that a string has no end, and lets it end where its line or the text does. Its length in
// quotes is 0, which tells the parser that there are none at its end.
func (s *scanner) unterminated(i, end int) {
	s.errorAt(i, end, "this string has no end")
	s.lit.flags |= Part
	s.token(i, end)
}

// openFString makes the token that begins an f-string.
func (s *scanner) openFString(i, body int, quote byte, template bool) {
	s.kind = tFStart
	s.token(i, body)
	if len(s.frames) >= 2*maxFStrings {
		s.errorAt(i, body, "too many f-strings within each other")
		s.kind = tIllegal
		return
	}
	s.frames = append(s.frames, frame{
		literal: true, template: template, quote: quote, quotes: s.lit.quotes, flags: s.lit.flags,
		brackets: s.brackets, start: uint32(i),
	})
	s.state |= inLiteral
}

// openSpec begins the format specification of the field that is open.
func (s *scanner) openSpec() {
	f := s.frames[len(s.frames)-1]
	f.literal, f.spec = true, true
	s.frames = append(s.frames, f)
	s.state |= inLiteral
}

// closeField ends the field whose closing brace has been read.
func (s *scanner) closeField() {
	n := len(s.frames) - 1
	if s.frames[n].spec {
		n--
	}
	s.frames = s.frames[:n]
	s.brackets--
	s.setLiteral()
}

// setLiteral puts the scanner in the state that the open frames ask for.
func (s *scanner) setLiteral() {
	s.state &^= inLiteral
	if n := len(s.frames); n > 0 && s.frames[n-1].literal {
		s.state |= inLiteral
	}
}

// scanFLiteral reads the next token where literal text of an f-string may stand: that text, the brace
// that begins or ends a field, or the end of the string.
func (s *scanner) scanFLiteral() {
	text, i := s.text, s.pos
	f := &s.frames[len(s.frames)-1]
	raw := f.flags&Raw != 0
	s.lit = literal{flags: f.flags}
	j := i
scan:
	for j < len(text) {
		c := text[j]
		switch c {
		case f.quote:
			if f.quotes == 1 || j+2 < len(text) && text[j+1] == c && text[j+2] == c {
				break scan
			}
		case '\n', '\r':
			if f.quotes == 1 {
				break scan
			}
			s.lit.escaped = s.lit.escaped || c == '\r'
		case '{':
			if f.spec || j+1 >= len(text) || text[j+1] != '{' {
				break scan
			}
			s.lit.escaped = true
			j++
		case '}':
			if f.spec || j+1 >= len(text) || text[j+1] != '}' {
				break scan
			}
			s.lit.escaped = true
			j++
		case '\\':
			s.lit.escaped = true
			if j+1 >= len(text) || text[j+1] == '{' || text[j+1] == '}' {
				break
			}
			if !raw && strings.HasPrefix(text[j+1:], "N{") {
				j = s.characterName(j + 2)
				continue
			}
			j++
			if text[j] == '\r' && j+1 < len(text) && text[j+1] == '\n' {
				j++
			}
		}
		j++
	}
	j = min(j, len(text))
	if j > i {
		s.kind = tFMiddle
		s.token(i, j)
		return
	}
	s.scanFMark(f, i)
}

// characterName passes over {NAME} of a \N{NAME} in an f-string. Without a closing brace on its line it passes over nothing but the first.
func (s *scanner) characterName(i int) int {
	for j := i + 1; j < len(s.text); j++ {
		switch c := s.text[j]; {
		case c == '}':
			return j + 1
		case !wordBytes[c] && c != ' ' && c != '-':
			return j
		}
	}
	return len(s.text)
}

// scanFMark reads the brace, quote or end at i, where the literal text of the frame f ends.
func (s *scanner) scanFMark(f *frame, i int) {
	text := s.text
	switch {
	case i < len(text) && text[i] == '{':
		s.kind = tLBrace
		s.token(i, i+1)
		s.brackets++
		if f.exprs > maxFields {
			s.errorAt(i, i+1, "fields of an f-string are nested too deeply")
		}
		field := *f
		field.literal, field.spec, field.brackets = false, false, s.brackets
		field.exprs = min(field.exprs+1, maxFields+1)
		s.frames = append(s.frames, field)
		s.state &^= inLiteral
		if s.brackets > maxBrackets {
			s.errorAt(i, i+1, "too many nested brackets")
			s.kind = tIllegal
		}
	case i < len(text) && text[i] == '}':
		s.kind = tRBrace
		s.token(i, i+1)
		if f.spec {
			s.frames = s.frames[:len(s.frames)-1]
			s.closeField()
			return
		}
		s.errorAt(i, i+1, "a single } cannot stand in an f-string")
		s.kind = tIllegal
	case i < len(text) && text[i] == f.quote && !f.spec:
		s.kind = tFEnd
		s.token(i, i+int(f.quotes))
		s.frames = s.frames[:len(s.frames)-1]
		s.setLiteral()
	case f.spec && i < len(text) && (text[i] == '\n' || text[i] == '\r'):
		// To Python 3.12 the specification ended with the line, and the field could close on the next.
		s.errorAt(i, i, "a format specification must end on its line, but in triple quotes")
		s.frames = s.frames[:len(s.frames)-1]
		s.state &^= inLiteral
		s.scan()
	default:
		s.abandonFString(i)
	}
}

// abandonFString ends an f-string that has no end where its line or the text has one.
func (s *scanner) abandonFString(i int) {
	n := len(s.frames) - 1
	for n > 0 && (!s.frames[n].literal || s.frames[n].spec) {
		n--
	}
	s.errorAt(int(s.frames[n].start), i, "this string has no end")
	s.brackets = s.frames[n].brackets
	s.frames = s.frames[:n]
	s.setLiteral()
	s.kind = tFEnd
	s.token(i, i)
}
