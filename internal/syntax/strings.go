package syntax

import (
	"strings"
)

// strings reads string literals that stand side by side: one, most often.
func (p *parser) strings() Expr {
	start := p.start
	if p.kind == tString {
		value, flags := p.literal()
		p.next()
		if p.kind != tString && p.kind != tFStart {
			s := p.nodes.strs.alloc()
			*s = Str{p.at(start), flags, value}
			return s
		}
		return p.joined(start, p.lastEnd, value, flags)
	}
	return p.joined(start, start, "", 0)
}

// A joiner gathers the parts of an f-string, and of the strings beside it.
type joiner struct {
	p     *parser
	mark  int
	text  *Str // the last part, when it is text
	parts []string
}

// add adds literal text. Adjacent texts are one, as in CPython.
func (j *joiner) add(value string, start, end uint32, flags StrFlags) {
	if j.text == nil {
		s := j.p.nodes.strs.alloc()
		*s = Str{base{start, end, 0}, flags | Part, ""}
		j.text = s
	}
	j.text.end = end
	j.parts = append(j.parts, value)
}

// flush ends a run of text.
func (j *joiner) flush() {
	if j.text == nil {
		return
	}
	if j.text.Value = strings.Join(j.parts, ""); j.text.Value != "" {
		j.p.id++
		j.text.id = j.p.id
		j.p.exprs = append(j.p.exprs, j.text)
	}
	j.text, j.parts = nil, j.parts[:0]
}

func (j *joiner) expr(x Expr) {
	j.flush()
	j.p.exprs = append(j.p.exprs, x)
}

// joined reads on at a string or f-string; first is the value of a literal before it, when firstEnd is not start.
func (p *parser) joined(start, firstEnd uint32, first string, flags StrFlags) Expr {
	j := joiner{p: p, mark: len(p.exprs)}
	var isF, isT, isPlain bool
	n, bytes, others := 0, 0, 0
	count := func(flags StrFlags) {
		n++
		if flags&Bytes != 0 {
			bytes++
		} else {
			others++
		}
	}
	if firstEnd != start {
		count(flags)
		isPlain = true
		j.add(first, start, firstEnd, flags&^Part)
	}
	for p.kind == tString || p.kind == tFStart {
		at := p.start
		if p.kind == tString {
			value, fl := p.literal()
			if n == 0 {
				flags = fl
			}
			count(fl)
			isPlain = true
			p.next()
			j.add(value, at, p.lastEnd, fl)
			continue
		}
		template := len(p.frames) == 0 || p.frames[len(p.frames)-1].template
		if n == 0 {
			flags = p.lit.flags
		}
		count(0)
		isT = isT || template
		isF = isF || !template
		p.next()
		p.fparts(&j, tFEnd)
		if p.kind == tBad {
			break
		}
		p.next()
	}
	if bytes > 0 && others > 0 {
		p.errorAt(int(start), int(p.lastEnd), "strings and bytes cannot be joined")
	}
	if isT && (isF || isPlain) {
		p.errorAt(int(start), int(p.lastEnd), "t-strings and other strings cannot be joined")
	}
	if !isF && !isT {
		value := strings.Join(j.parts, "")
		if j.text != nil {
			s := j.text
			*s = Str{p.at(start), flags | Implicit, value}
			return s
		}
		return &Str{p.at(start), flags | Implicit, ""}
	}
	j.flush()
	parts := p.take(j.mark)
	return &FString{p.at(start), isT, n > 1, parts}
}

// fparts reads the text and the fields of an f-string, or of a format specification, up to its end.
func (p *parser) fparts(j *joiner, end kind) {
	for p.kind != end {
		switch p.kind {
		case tFMiddle:
			value := p.middle()
			start, stop, flags := p.start, p.end, p.lit.flags
			p.next()
			j.add(value, start, stop, flags)
		case tLBrace:
			p.field(j)
		case tBad:
			return
		default:
			p.fail("expected " + end.String() + " here, found " + p.found())
			return
		}
	}
}

// field reads {x = !r:spec}.
func (p *parser) field(j *joiner) {
	defer p.leave()
	if !p.enter() {
		return
	}
	start, open := p.start, p.end
	template := false
	if n := len(p.frames); n > 0 {
		template = p.frames[n-1].template
	}
	p.next()
	if p.kind == tRBrace || p.kind == tBang || p.kind == tColon || p.kind == tAssign {
		p.fail("an expression has to stand between the braces of an f-string")
		return
	}
	f := &Interp{}
	f.X = p.value()
	f.Text = p.text[open:max(open, p.start)]
	debug := p.is(tAssign)
	debugEnd := p.start
	if p.kind == tBang {
		bang := p.end
		p.next()
		debugEnd = p.start - 1
		name := ""
		if p.kind == tName {
			name = p.text[p.start:p.end]
		}
		if name != "r" && name != "s" && name != "a" || bang != p.start {
			p.fail("after ! in an f-string stands r, s or a")
			return
		}
		f.Conversion = name[0]
		p.next()
	}
	if p.kind == tColon {
		if f.Conversion == 0 {
			debugEnd = p.start
		}
		colon := p.start
		p.next()
		inner := joiner{p: p, mark: len(p.exprs)}
		p.fparts(&inner, tRBrace)
		inner.flush()
		parts := p.take(inner.mark)
		f.Spec = &FString{p.at(colon), false, false, parts}
	}
	if debug {
		if f.Conversion == 0 && f.Spec == nil {
			f.Conversion = 'r'
		}
		j.add(stripComments(p.text[open:max(open, debugEnd)]), open, debugEnd, 0)
	}
	if p.kind != tRBrace {
		p.fail("expected } here, found " + p.found())
		return
	}
	if template {
		f.Text = strings.TrimRight(endLines(f.Text), " \t\n\f\v=")
	} else {
		f.Text = strings.TrimSpace(f.Text)
	}
	p.next()
	f.base = p.at(start)
	j.expr(f)
}

// stripComments takes comments out of the text of a field over several lines, and makes its line ends \n.
func stripComments(s string) string {
	s = endLines(s)
	if !strings.Contains(s, "#") || !strings.Contains(s, "\n") {
		return s
	}
	var b strings.Builder
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '#':
			for i < len(s) && s[i] != '\n' {
				i++
			}
			i--
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// endLines makes line ends \n, as Python does before it looks at a text.
func endLines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// literal is the value of the current string token.
func (p *parser) literal() (string, StrFlags) {
	l := p.lit
	body := p.start + uint32(l.prefix) + uint32(l.quotes)
	end := p.end - uint32(l.quotes)
	if l.flags&Part != 0 { // it has no end
		l.flags &^= Part
		end = p.end
	}
	raw := p.text[min(body, end):end]
	if l.flags&Bytes != 0 {
		for i := range len(raw) {
			if raw[i] >= 0x80 {
				p.errorAt(int(body)+i, int(body)+i+1, "bytes are written with ASCII characters only")
				break
			}
		}
	}
	if !l.escaped || p.pattern && strings.HasPrefix(raw, "=~/") { // an expression has escapes of its own
		return raw, l.flags
	}
	d := decoder{p: p, at: int(body), text: raw, flags: l.flags}
	return d.decode(), l.flags
}

// middle is the value of the current token of literal text in an f-string.
func (p *parser) middle() string {
	raw := p.text[p.start:p.end]
	if !p.lit.escaped {
		return raw
	}
	spec := len(p.frames) > 0 && p.frames[len(p.frames)-1].spec
	d := decoder{p: p, at: int(p.start), text: raw, flags: p.lit.flags, braces: !spec}
	return d.decode()
}

// A decoder makes the value of a literal of its text.
type decoder struct {
	p      *parser
	at     int // where the text stands in the file
	text   string
	flags  StrFlags
	braces bool // doubled braces are one
	out    []byte
}

func (d *decoder) decode() string {
	t := d.text
	d.out = make([]byte, 0, len(t))
	raw := d.flags&Raw != 0
	for i := 0; i < len(t); {
		c := t[i]
		switch {
		case c == '\r':
			d.out = append(d.out, '\n')
			i++
			if i < len(t) && t[i] == '\n' {
				i++
			}
		case d.braces && (c == '{' || c == '}') && i+1 < len(t) && t[i+1] == c:
			d.out = append(d.out, c)
			i += 2
		case c == '\\' && !raw && i+1 < len(t):
			i = d.escape(i)
		default:
			d.out = append(d.out, c)
			i++
		}
	}
	return string(d.out)
}

var simpleEscapes = [256]byte{
	'\\': '\\', '\'': '\'', '"': '"', 'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
}

// escape reads the escape at i, and returns where it ends.
func (d *decoder) escape(i int) int {
	t := d.text
	c := t[i+1]
	if e := simpleEscapes[c]; e != 0 {
		d.out = append(d.out, e)
		return i + 2
	}
	switch {
	case c == '\n':
		return i + 2
	case c == '\r':
		if i+2 < len(t) && t[i+2] == '\n' {
			return i + 3
		}
		return i + 2
	case isOctal(c):
		v, j := rune(0), i+1
		for j < len(t) && j < i+4 && isOctal(t[j]) {
			v = v*8 + rune(t[j]-'0')
			j++
		}
		d.rune(v)
		return j
	case c == 'x':
		return d.hex(i, 2)
	case d.flags&Bytes != 0, d.p.py2 && d.flags&Unicode == 0: // Python 2's str is bytes
	case c == 'u':
		return d.hex(i, 4)
	case c == 'U':
		return d.hex(i, 8)
	case c == 'N':
		return d.named(i)
	}
	d.out = append(d.out, '\\') // no escape: the backslash stands for itself
	return i + 1
}

// rune adds a character, in bytes a byte. A surrogate is written as three bytes of its own.
func (d *decoder) rune(r rune) {
	switch {
	case d.flags&Bytes != 0, d.p.py2 && d.flags&Unicode == 0: // Python 2's str is bytes
		d.out = append(d.out, byte(r))
	case r >= 0xD800 && r <= 0xDFFF:
		d.out = append(d.out, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	default:
		d.out = append(d.out, string(r)...)
	}
}

func (d *decoder) bad(i, j int, message string) {
	d.p.errorAt(d.at+i, d.at+min(j, len(d.text)), message)
}

// hex reads an escape of n hexadecimal digits.
func (d *decoder) hex(i, n int) int {
	t, v, j := d.text, rune(0), i+2
	for j < len(t) && j < i+2+n && isHex(t[j]) {
		c := rune(t[j])
		if c >= 'A' {
			c = c | 0x20 - 'a' + 10 + '0'
		}
		v = v<<4 + (c - '0')
		j++
	}
	if j < i+2+n {
		d.bad(i, j, "this escape needs more hexadecimal digits")
		return j
	}
	if v > 0x10FFFF || v < 0 {
		d.bad(i, j, "there is no such character")
		v = 0xFFFD
	}
	d.rune(v)
	return j
}

// named reads \N{NAME}.
func (d *decoder) named(i int) int {
	t := d.text
	if i+2 >= len(t) || t[i+2] != '{' {
		d.bad(i, i+2, `\N needs the name of a character in braces`)
		return i + 2
	}
	n := strings.IndexByte(t[i:], '}')
	if n < 0 {
		d.bad(i, len(t), `\N needs the name of a character in braces`)
		return len(t)
	}
	r, ok := runeNamed(t[i+3 : i+n])
	if !ok {
		// Not an error: a newer Python may know it.
		r = 0xFFFD
	}
	d.rune(r)
	return i + n + 1
}
