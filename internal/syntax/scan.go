package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/source"
)

const (
	maxIndents  = 100 // levels of indentation, as in CPython
	maxBrackets = 200 // open brackets, as in CPython
	maxErrors   = 100 // recorded in one file
	tabSize     = 8
)

// States in which the next bytes are not read as ordinary tokens.
const (
	atLineStart uint8 = 1 << iota // measure the indentation first
	inLiteral                     // in the literal text of an f-string
	dedenting                     // dedents are pending
)

// A scanner cuts the text into tokens, one at a time. It reads each byte once: it goes back
// only where the parser says so, and counts how far.
type scanner struct {
	text  string
	pos   int // of the byte after the current token
	kind  kind
	start uint32 // of the current token
	end   uint32

	state     uint8
	pattern   bool // metavariables and <... ...> are tokens
	hasCR     bool // there are carriage returns in the text
	unicode   bool // the current name has letters beyond ASCII
	lit       literal
	brackets  int    // open brackets
	dedents   int    // pending
	brokenAt  uint32 // start of the last line that was begun within brackets
	indents   []indent
	frames    []frame // open f-strings and their fields
	comments  []source.Span
	errors    []Error
	py2       bool // the text is known to be Python 2
	py2Seen   bool // something that only Python 2 has was met
	reread    int  // bytes read more than once
	deepOpens int  // <... not yet closed
}

// An indent is a level of indentation: its width with tabs to each eighth column, and with tabs of one
// column. A line is indented consistently when both widths agree on the order.
type indent struct{ col, alt int }

// A literal is what the scanner knows of the current string token.
type literal struct {
	prefix  uint8 // length of the prefix
	quotes  uint8 // 1 or 3
	flags   StrFlags
	escaped bool // has a backslash or a carriage return: its value is not its text
}

// init prepares a scanner to read a text from its start.
func (s *scanner) init(text string) {
	s.text, s.state = text, atLineStart
	s.hasCR = strings.IndexByte(text, '\r') >= 0
	s.indents = append(s.indents, indent{})
}

func (s *scanner) errorAt(start, end int, message string) {
	if len(s.errors) < maxErrors {
		s.errors = append(s.errors, Error{Span: source.Span{Start: uint32(start), End: uint32(end)}, Message: message})
	}
}

// Classes of the bytes that a token can begin with.
const (
	cIllegal uint8 = iota
	cLetter
	cDigit
	cQuote
	cNewline
	cComment
	cBackslash
	cWide // first byte of a character beyond ASCII
	cOpen
	cClose
	cDot
	cSingle // a token of its own, whatever follows
	cOperator
	cDollar
	cBlank
)

var classes, wordBytes = byteTables()

func byteTables() (class [256]uint8, word [256]bool) {
	for c := range 256 {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			class[c], word[c] = cLetter, true
		case c >= '0' && c <= '9':
			class[c], word[c] = cDigit, true
		case c >= 0x80:
			class[c] = cWide
		}
	}
	for chars, k := range map[string]uint8{
		`"'`: cQuote, "\r\n": cNewline, "#": cComment, `\`: cBackslash, "([{": cOpen, ")]}": cClose, ".": cDot,
		",;~`": cSingle, "+-*/%@&|^<>=!:": cOperator, "$": cDollar, " \t\f": cBlank,
	} {
		for _, c := range []byte(chars) {
			class[c] = k
		}
	}
	return class, word
}

var singles = [256]kind{
	',': tComma, ';': tSemi, '~': tTilde, '`': tBackquote,
	'(': tLPar, '[': tLBrack, '{': tLBrace, ')': tRPar, ']': tRBrack, '}': tRBrace,
}

// scan reads the next token into kind, start and end.
func (s *scanner) scan() {
	if s.state != 0 && s.scanSpecial() {
		return
	}
	text, i := s.text, s.pos
	for {
		for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\f') {
			i++
		}
		if i >= len(text) {
			s.scanEnd()
			return
		}
		c := text[i]
		switch classes[c] {
		case cLetter:
			j := i + 1
			for j < len(text) && wordBytes[text[j]] {
				j++
			}
			if j < len(text) {
				if c := text[j]; c >= 0x80 {
					s.scanWideName(i)
					return
				} else if (c == '"' || c == '\'') && j-i <= 2 {
					if flags, form := stringPrefix(text[i:j]); form != noString {
						s.scanString(i, j, flags, form)
						return
					}
				}
			}
			s.kind = keyword(text[i:j])
			s.unicode = false
			s.token(i, j)
		case cDigit:
			s.scanNumber(i)
		case cQuote:
			s.scanString(i, i, 0, plainString)
		case cNewline:
			j := i + 1
			if c == '\r' && j < len(text) && text[j] == '\n' {
				j++
			}
			if s.brackets > 0 {
				s.brokenAt = uint32(j)
				i = j
				continue
			}
			s.kind = tNewline
			s.token(i, j)
			s.state |= atLineStart
		case cComment:
			i = s.comment(i)
			continue
		case cBackslash:
			j := s.continuation(i)
			if j < 0 {
				return
			}
			i = j
			continue
		case cWide:
			s.scanWideName(i)
		case cOpen:
			s.brackets++
			if s.brackets > maxBrackets {
				s.errorAt(i, i+1, "too many nested brackets")
			}
			s.kind = singles[c]
			s.token(i, i+1)
		case cClose:
			s.kind = singles[c]
			s.token(i, i+1)
			if n := len(s.frames); n > 0 && s.frames[n-1].brackets == s.brackets {
				if c == '}' {
					s.closeField()
				}
			} else if s.brackets > 0 {
				s.brackets--
			}
		case cDot:
			s.scanDot(i)
		case cSingle:
			s.kind = singles[c]
			s.token(i, i+1)
		case cOperator:
			s.scanOperator(i)
		case cDollar:
			s.scanMetavariable(i)
		default:
			s.illegal(i, i+1)
		}
		return
	}
}

// token sets the place of the current token.
func (s *scanner) token(start, end int) {
	s.start, s.end, s.pos = uint32(start), uint32(end), end
}

// illegal makes bytes that begin no token into one.
func (s *scanner) illegal(start, end int) {
	message := "this character cannot stand here"
	if s.text[start] == 0 {
		message = "the text holds a NUL byte"
	}
	s.errorAt(start, end, message)
	s.kind = tIllegal
	s.token(start, end)
}

// scanEnd makes the token at the end of the text: first the end of an unfinished line.
func (s *scanner) scanEnd() {
	n := len(s.text)
	s.token(n, n)
	if s.brackets == 0 && s.state&atLineStart == 0 {
		s.kind = tNewline
		s.state |= atLineStart
		return
	}
	s.kind = tEOF
}

// comment passes over the comment at i, and returns the place of the line end after it.
func (s *scanner) comment(i int) int {
	end := lineEnd(s.text, i, s.hasCR)
	s.comments = append(s.comments, source.Span{Start: uint32(i), End: uint32(end)})
	return end
}

// lineEnd is the place of the line end at or after i.
func lineEnd(text string, i int, hasCR bool) int {
	n := strings.IndexByte(text[i:], '\n')
	if n < 0 {
		n = len(text) - i
	}
	if hasCR {
		if k := strings.IndexByte(text[i:i+n], '\r'); k >= 0 {
			n = k
		}
	}
	return i + n
}

// continuation passes over a backslash and the line end after it, and returns the place where the next
// line begins. It is negative when something else follows, which is then the current token.
func (s *scanner) continuation(i int) int {
	j := i + 1
	switch {
	case j < len(s.text) && s.text[j] == '\n':
		j++
	case j < len(s.text) && s.text[j] == '\r':
		j++
		if j < len(s.text) && s.text[j] == '\n' {
			j++
		}
	case j == len(s.text):
		s.errorAt(i, j, "the text ends within a continued line")
		return j
	default:
		s.errorAt(i, j, "a backslash may stand only at the end of its line")
		s.kind = tIllegal
		s.token(i, j)
		return -1
	}
	if j == len(s.text) {
		s.errorAt(i, i+1, "the text ends within a continued line")
	}
	return j
}

// scanSpecial reads what is not an ordinary token. It returns false when an ordinary token comes next.
func (s *scanner) scanSpecial() bool {
	if s.state&inLiteral != 0 {
		s.scanFLiteral()
		return true
	}
	if s.dedents > 0 {
		s.dedent()
		return true
	}
	return s.scanLineStart()
}

func (s *scanner) dedent() {
	s.dedents--
	if s.dedents == 0 {
		s.state &^= dedenting
	}
	s.kind = tDedent
	s.token(s.pos, s.pos)
}

// scanLineStart passes over blank lines, measures the indentation of the next line with something on it,
// and makes indents and dedents of it. It returns false when there is neither.
func (s *scanner) scanLineStart() bool {
	text, i := s.text, s.pos
	var in indent
	for {
		in = indent{}
		continued := -1
	blanks:
		for i < len(text) {
			switch text[i] {
			case ' ':
				in.col++
				in.alt++
			case '\t':
				in.col = (in.col/tabSize + 1) * tabSize
				in.alt++
			case '\f':
				in = indent{}
			case '\\':
				// Indentation cannot be split: the first backslash settles it.
				if continued < 0 && in.col > 0 {
					continued = in.col
				}
				if i = s.continuation(i); i < 0 {
					s.state &^= atLineStart
					return true
				}
				continue
			default:
				break blanks
			}
			i++
		}
		if i >= len(text) {
			return s.lastDedents()
		}
		if text[i] == '#' {
			i = s.comment(i)
		}
		if i < len(text) && text[i] != '\n' && text[i] != '\r' {
			if continued >= 0 {
				in = indent{continued, continued}
			}
			break
		}
		if i < len(text) && text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		if i < len(text) {
			i++
		}
	}
	s.pos = i
	s.state &^= atLineStart
	return s.indentTo(in, i)
}

// lastDedents closes all blocks at the end of the text.
func (s *scanner) lastDedents() bool {
	n := len(s.text)
	s.token(n, n)
	if len(s.indents) > 1 {
		s.indents = s.indents[:len(s.indents)-1]
		s.kind = tDedent
	} else {
		s.kind = tEOF
	}
	return true
}

// indentTo compares the indentation of a line with the open blocks.
func (s *scanner) indentTo(in indent, at int) bool {
	top := s.indents[len(s.indents)-1]
	switch {
	case in == top:
		return false
	case in.col == top.col:
		s.tabError(at)
		return false
	case in.col > top.col:
		if in.alt <= top.alt {
			s.tabError(at)
		}
		if len(s.indents) >= maxIndents {
			s.errorAt(at, at, "too many levels of indentation")
			return false
		}
		s.indents = append(s.indents, in)
		s.kind = tIndent
		s.token(at, at)
		return true
	}
	for len(s.indents) > 1 && in.col < s.indents[len(s.indents)-1].col {
		s.indents = s.indents[:len(s.indents)-1]
		s.dedents++
	}
	if top = s.indents[len(s.indents)-1]; in.col != top.col {
		s.errorAt(at, at, "this line's indentation matches that of no line above")
	} else if in.alt != top.alt {
		s.tabError(at)
	}
	if s.dedents == 0 {
		return false
	}
	s.state |= dedenting
	s.dedent()
	return true
}

func (s *scanner) tabError(at int) {
	s.python2(at, at, py2Tabs)
}

// scanDot reads what begins with a dot: a number, an ellipsis, ...> in a pattern, or a dot.
func (s *scanner) scanDot(i int) {
	text := s.text
	switch {
	case i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
		s.scanNumber(i)
	case strings.HasPrefix(text[i:], "..."):
		if s.deepOpens > 0 && strings.HasPrefix(text[i+3:], ">") {
			s.deepOpens--
			s.kind = tDeepClose
			s.token(i, i+4)
			return
		}
		s.kind = tEllipsis
		s.token(i, i+3)
	default:
		s.kind = tDot
		s.token(i, i+1)
	}
}

// scanOperator reads the longest operator at i.
func (s *scanner) scanOperator(i int) {
	var next, third byte
	if i+1 < len(s.text) {
		next = s.text[i+1]
	}
	if i+2 < len(s.text) {
		third = s.text[i+2]
	}
	n := 1
	plain := func(alone, assign kind) {
		s.kind = alone
		if next == '=' {
			s.kind, n = assign, 2
		}
	}
	double := func(c byte, alone, assign, twice, twiceAssign kind) {
		if next != c {
			plain(alone, assign)
			return
		}
		s.kind, n = twice, 2
		if third == '=' {
			s.kind, n = twiceAssign, 3
		}
	}
	switch s.text[i] {
	case '=':
		plain(tAssign, tEqEq)
	case ':':
		s.kind = tColon
		if k := len(s.frames); k > 0 && s.frames[k-1].brackets == s.brackets {
			s.token(i, i+1)
			s.openSpec()
			return
		}
		plain(tColon, tWalrus)
	case '-':
		if plain(tMinus, tMinusAssign); next == '>' {
			s.kind, n = tArrow, 2
		}
	case '+':
		plain(tPlus, tPlusAssign)
	case '*':
		double('*', tStar, tStarAssign, tDoubleStar, tDoubleStarAssign)
	case '/':
		double('/', tSlash, tSlashAssign, tDoubleSlash, tDoubleSlashAssign)
	case '%':
		plain(tPercent, tPercentAssign)
	case '@':
		plain(tAt, tAtAssign)
	case '&':
		plain(tAmper, tAmperAssign)
	case '|':
		plain(tVBar, tVBarAssign)
	case '^':
		plain(tCaret, tCaretAssign)
	case '!':
		plain(tBang, tNotEq)
	case '>':
		double('>', tGreater, tGreaterEq, tRShift, tRShiftAssign)
	case '<':
		switch {
		case next == '>':
			s.kind, n = tNotEq, 2
			s.python2(i, i+2, py2NotEqual)
		case s.pattern && strings.HasPrefix(s.text[i+1:], "..."):
			s.kind, n = tDeepOpen, 4
			s.deepOpens++
		default:
			double('<', tLess, tLessEq, tLShift, tLShiftAssign)
		}
	}
	s.token(i, i+n)
}

// scanWideName reads a name that has letters beyond ASCII.
func (s *scanner) scanWideName(i int) {
	j := i
	for j < len(s.text) {
		if c := s.text[j]; c < 0x80 {
			if !wordBytes[c] {
				break
			}
			j++
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[j:])
		if r == utf8.RuneError && size <= 1 || !inName(r) || j == i && !beginsName(r) {
			if j == i {
				s.illegal(i, i+size)
				return
			}
			break
		}
		j += size
	}
	s.kind, s.unicode = tName, true
	s.token(i, j)
}

// beginsName and inName are XID_Start and XID_Continue of Unicode's annex 31, less ASCII.
func beginsName(r rune) bool {
	return unicode.IsLetter(r) && r != 0x2E2F && r != 0x037A && !inXIDExceptions(r) ||
		unicode.In(r, unicode.Nl, unicode.Other_ID_Start, newStart) && r != 0x309B && r != 0x309C
}

func inName(r rune) bool {
	return unicode.IsLetter(r) && r != 0x2E2F && r != 0x037A && !inXIDArabic(r) ||
		unicode.In(r, unicode.Nl, unicode.Other_ID_Start, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue, newPart) &&
			r != 0x309B && r != 0x309C
}

// inXIDArabic are letters whose compatibility forms begin with a space: no part of a name.
func inXIDArabic(r rune) bool {
	return r >= 0xFC5E && r <= 0xFC63 || r == 0xFDFA || r == 0xFDFB ||
		r >= 0xFE70 && r <= 0xFE7E && r&1 == 0
}

// inXIDExceptions are letters whose compatibility forms do not begin with one.
func inXIDExceptions(r rune) bool {
	return inXIDArabic(r) || r == 0x0E33 || r == 0x0EB3 || r == 0xFF9E || r == 0xFF9F
}

// scanMetavariable reads $X, $_, $...XS and $1 in a pattern.
func (s *scanner) scanMetavariable(i int) {
	if !s.pattern {
		s.illegal(i, i+1)
		return
	}
	j := i + 1
	if strings.HasPrefix(s.text[j:], "...") {
		j += 3
	}
	k := j
	for k < len(s.text) && wordBytes[s.text[k]] {
		k++
	}
	if k == j || strings.ToUpper(s.text[j:k]) != s.text[j:k] {
		s.errorAt(i, k, "a metavariable is $ and capitals, digits or underscores")
		s.kind = tIllegal
		s.token(i, k)
		return
	}
	s.kind, s.unicode = tName, false
	s.token(i, k)
}
