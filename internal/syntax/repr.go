package syntax

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Int is the value of an integer; nil when it is none, or not well formed.
func (n *Num) Int() *big.Int {
	if n.Kind != Int {
		return nil
	}
	text := strings.TrimRight(strings.ReplaceAll(n.Text, "_", ""), "lL")
	base := 10
	if len(text) > 1 && text[0] == '0' {
		switch text[1] | 0x20 {
		case 'x':
			base, text = 16, text[2:]
		case 'o':
			base, text = 8, text[2:]
		case 'b':
			base, text = 2, text[2:]
		default:
			base = 8 // Python 2, or zeros
		}
	}
	v, ok := new(big.Int).SetString(text, base)
	if !ok {
		return nil
	}
	return v
}

// Float is the value of a float, or of the imaginary part of an imaginary number. Of an integer it is the nearest float.
func (n *Num) Float() float64 {
	if n.Kind == Int {
		if v := n.Int(); v != nil {
			f, _ := new(big.Float).SetInt(v).Float64()
			return f
		}
		return math.NaN()
	}
	text := strings.TrimRight(strings.ReplaceAll(n.Text, "_", ""), "jJ")
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// reprNum is what Python's repr gives.
func reprNum(n *Num) string {
	switch n.Kind {
	case Int:
		if v := n.Int(); v != nil {
			return v.String()
		}
		return n.Text
	case Imaginary:
		return strings.TrimSuffix(ReprFloat(n.Float()), ".0") + "j"
	}
	return ReprFloat(n.Float())
}

// ReprFloat prints a float as Python's repr does: the shortest digits that give it back.
func ReprFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if e, _ := strconv.Atoi(exponent); e >= -4 && e < 16 {
		s = strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	return mantissa + "e" + exponent
}

const hexDigits = "0123456789abcdef"

// quoteFor is the quote that Python's repr chooses.
func quoteFor(s string) byte {
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		return '"'
	}
	return '\''
}

// reprString is what Python's repr gives of a str.
func reprString(s string) string {
	var b strings.Builder
	q := quoteFor(s)
	b.Grow(len(s) + 2)
	b.WriteByte(q)
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			reprByte(&b, c, q)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			if i+2 < len(s) && c == 0xED && s[i+1] >= 0xA0 { // a lone surrogate, see Str
				r, size = rune(c&0xF)<<12|rune(s[i+1]&0x3F)<<6|rune(s[i+2]&0x3F), 3
				reprHex(&b, 'u', r, 4)
			} else {
				reprHex(&b, 'x', rune(c), 2)
			}
		case printable(r):
			b.WriteString(s[i : i+size])
		case r < 0x100:
			reprHex(&b, 'x', r, 2)
		case r < 0x10000:
			reprHex(&b, 'u', r, 4)
		default:
			reprHex(&b, 'U', r, 8)
		}
		i += size
	}
	b.WriteByte(q)
	return b.String()
}

func reprByte(b *strings.Builder, c, quote byte) {
	switch {
	case c == quote || c == '\\':
		b.WriteByte('\\')
		b.WriteByte(c)
	case c == '\n':
		b.WriteString(`\n`)
	case c == '\r':
		b.WriteString(`\r`)
	case c == '\t':
		b.WriteString(`\t`)
	case c < 0x20 || c >= 0x7F:
		reprHex(b, 'x', rune(c), 2)
	default:
		b.WriteByte(c)
	}
}

func reprHex(b *strings.Builder, letter byte, r rune, digits int) {
	b.WriteByte('\\')
	b.WriteByte(letter)
	for i := digits - 1; i >= 0; i-- {
		b.WriteByte(hexDigits[r>>(4*i)&0xF])
	}
}

// printable is str.isprintable for one character.
func printable(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, newPrintable)
}

// reprBytes is what Python's repr gives of bytes.
func reprBytes(s string) string {
	var b strings.Builder
	q := quoteFor(s)
	b.WriteByte('b')
	b.WriteByte(q)
	for i := range len(s) {
		reprByte(&b, s[i], q)
	}
	b.WriteByte(q)
	return b.String()
}
