package pattern

import (
	"strings"
)

// A genericLexer reads a text or a pattern of the generic language into words and signs.
type genericLexer struct {
	alien    bool // brackets count over lines, and indentation does not
	lines    bool // the end of a line is a token
	caseless bool
	comments string // "", "c", "cpp", "shell"
	word     [4]uint64
	brackets [][2]byte
}

func newGenericLexer(o Options) genericLexer {
	l := genericLexer{
		alien:    o.GenericEngine == "aliengrep",
		caseless: o.GenericCaseless,
		comments: o.GenericCommentStyle,
		brackets: [][2]byte{{'(', ')'}, {'[', ']'}, {'{', '}'}},
	}
	l.lines = l.alien && !o.GenericMultiline
	if l.lines {
		l.brackets = append(l.brackets, [2]byte{'"', '"'}, [2]byte{'\'', '\''})
	}
	for c := range 256 {
		if c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80 {
			l.addWord(byte(c))
		}
	}
	for _, s := range o.GenericExtraWordCharacters {
		for i := range len(s) {
			l.addWord(s[i])
		}
	}
	for _, b := range o.GenericExtraBraces {
		if len(b[0]) == 1 && len(b[1]) == 1 {
			l.brackets = append(l.brackets, [2]byte{b[0][0], b[1][0]})
		}
	}
	return l
}

func (l *genericLexer) addWord(c byte)     { l.word[c>>6] |= 1 << (c & 63) }
func (l *genericLexer) isWord(c byte) bool { return l.word[c>>6]&(1<<(c&63)) != 0 }

// A genericToken is what the lexer gives. Blocks are tokens too: gOpen and gClose, balanced.
type genericToken struct {
	kind       genericKind
	long       bool
	text       string // of a pattern's token; the name of a metavariable, with its $
	start, end uint32
	line       int32
}

// read gives the tokens of a text, or with pattern set of a pattern: there, `...`, `$X` and `$...X` have their meaning,
// the least indentation of all lines is nothing, and brackets open no blocks.
func (l *genericLexer) read(text string, pattern bool) []genericToken {
	if l.comments != "" {
		text = blankComments(text, l.comments)
	}
	r := genericReader{l: l, text: text, pattern: pattern}
	if !pattern {
		r.out = make([]genericToken, 0, len(text)/3)
	}
	if pattern {
		r.base = leastIndent(text)
	}
	r.indents = append(r.indents, 0)
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && text[end] != '\n' && text[end] != '\r' {
			end++
		}
		r.readLine(at, end)
		if end < len(text) && text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
			end++
		}
		if l.lines && end < len(text) {
			r.out = append(r.out, genericToken{kind: gNewline, start: uint32(end), end: uint32(end + 1), line: r.line})
		}
		at = end + 1
		r.line++
	}
	for range r.indents[1:] {
		r.add(gClose, len(text), len(text))
	}
	if pattern && l.lines {
		// A pattern's last line end is the rule file's, not its author's.
		for n := len(r.out); n > 0 && r.out[n-1].kind == gNewline; n-- {
			r.out = r.out[:n-1]
		}
	}
	return r.out
}

type genericReader struct {
	l       *genericLexer
	text    string
	pattern bool
	base    int
	line    int32
	indents []int
	out     []genericToken
	stack   []genericBracket
}

type genericBracket struct {
	token int // where it stands in out
	close byte
}

func (r *genericReader) add(kind genericKind, start, end int) {
	t := genericToken{kind: kind, start: uint32(start), end: uint32(end), line: r.line}
	if r.pattern && (kind == gWord || kind == gPunct) {
		t.text = r.text[start:end]
	}
	r.out = append(r.out, t)
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\v' || c == '\f' }

// indentOf is the width of the white space at the start of a line: 8 for a tab.
func indentOf(line string) (width, n int) {
	for n < len(line) && isBlank(line[n]) {
		if line[n] == '\t' {
			width += 7
		}
		width++
		n++
	}
	return width, n
}

func leastIndent(text string) int {
	least := -1
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		w, n := indentOf(line)
		if n < len(line) && (least < 0 || w < least) {
			least = w
		}
	}
	return max(least, 0)
}

// readLine reads one line. Blocks by indentation open and close at its start, brackets within it.
func (r *genericReader) readLine(at, end int) {
	width, n := indentOf(r.text[at:end])
	if at += n; at >= end {
		return
	}
	if !r.l.alien {
		width -= r.base
		for width < r.indents[len(r.indents)-1] {
			r.add(gClose, at, at)
			r.indents = r.indents[:len(r.indents)-1]
		}
		if width > r.indents[len(r.indents)-1] {
			r.add(gOpen, at, at)
			r.indents = append(r.indents, width)
		}
	}
	first := len(r.out)
	r.stack = r.stack[:0]
	for at < end {
		c := r.text[at]
		switch {
		case isBlank(c):
			at++
		case r.l.isWord(c):
			start := at
			for at < end && r.l.isWord(r.text[at]) {
				at++
			}
			r.add(gWord, start, at)
		case r.pattern && (c == '$' || c == '.'):
			at = r.special(at, end)
		default:
			if !r.pattern && !r.l.alien {
				r.bracket(c)
			}
			r.add(gPunct, at, at+1)
			at++
		}
	}
	if !r.pattern && !r.l.alien {
		r.blocks(first)
	}
}

// special reads `...`, `$X`, `$...X`, or the one sign at the place.
func (r *genericReader) special(at, end int) int {
	rest := r.text[at:end]
	dots := rest[strings.IndexByte("$", rest[0])+1:]
	n := 0
	for n < len(dots) && dots[n] == '.' {
		n++
	}
	isDots, long := n == 3, n == 4 && r.l.alien
	t := genericToken{kind: gDots, long: long, start: uint32(at), line: r.line}
	if rest[0] == '.' {
		if !isDots && !long {
			// Two dots, or more than three, are what they are.
			for i := range n {
				r.add(gPunct, at+i, at+i+1)
			}
			return at + n
		}
		t.end = uint32(at + n)
		r.out = append(r.out, t)
		return at + n
	}
	name := dots
	if isDots || long {
		name = dots[n:]
	} else if n > 0 {
		name = ""
	}
	size := metavarName(name)
	if size == 0 {
		r.add(gPunct, at, at+1)
		return at + 1
	}
	t.text = "$" + name[:size]
	if isDots || long {
		t.text = "$..." + name[:size]
	} else {
		t.kind = gMetavar
	}
	next := at + len(rest) - len(name) + size
	t.end = uint32(next)
	r.out = append(r.out, t)
	return next
}

// metavarName is the length of the metavariable's name that a text begins with, without its $.
func metavarName(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		if n == 0 && (s[n] < 'A' || s[n] > 'Z') {
			return 0
		}
		n++
	}
	return n
}

// bracket notes a bracket that is about to be added. A pair on one line makes a block of what is between.
func (r *genericReader) bracket(c byte) {
	if n := len(r.stack); n > 0 && r.stack[n-1].close == c {
		open := r.stack[n-1].token
		r.stack = r.stack[:n-1]
		// The pair is known: mark it for blocks.
		r.out[open].long, r.out[open].end = true, uint32(len(r.out))
		return
	}
	for _, b := range r.l.brackets {
		if b[0] == c {
			r.stack = append(r.stack, genericBracket{len(r.out), b[1]})
			return
		}
	}
}

// blocks puts blocks between the pairs of brackets that bracket found since first. A marked bracket holds the place of
// its partner in its end.
func (r *genericReader) blocks(first int) {
	marked := 0
	for _, t := range r.out[first:] {
		if t.long {
			marked++
		}
	}
	if marked == 0 {
		return
	}
	line := append([]genericToken(nil), r.out[first:]...)
	r.out = r.out[:first]
	var closes []int
	for i, t := range line {
		for len(closes) > 0 && closes[len(closes)-1] == i {
			closes = closes[:len(closes)-1]
			r.add(gClose, int(t.start), int(t.start))
		}
		if !t.long {
			r.out = append(r.out, t)
			continue
		}
		partner := int(t.end) - first
		t.long, t.end = false, t.start+1
		r.out = append(r.out, t)
		if partner > i+1 {
			r.add(gOpen, int(t.end), int(t.end))
			closes = append(closes, partner)
		}
	}
}

// blankComments replaces comments with spaces, so that places stay what they are.
func blankComments(text, style string) string {
	if style != "c" && style != "cpp" && style != "shell" {
		return text
	}
	out := []byte(text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			if out[i] != '\n' && out[i] != '\r' {
				out[i] = ' '
			}
		}
	}
	for i := 0; i < len(text); i++ {
		switch {
		case style == "shell" && text[i] == '#', style == "cpp" && strings.HasPrefix(text[i:], "//"):
			end := strings.IndexAny(text[i:], "\r\n")
			if end < 0 {
				end = len(text) - i
			}
			end += i
			blank(i, end)
			i = end
		case style != "shell" && strings.HasPrefix(text[i:], "/*"):
			n := strings.Index(text[i+2:], "*/")
			if n < 0 {
				continue
			}
			blank(i, i+n+4)
			i += n + 3
		}
	}
	return string(out)
}
