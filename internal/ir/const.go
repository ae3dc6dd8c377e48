package ir

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ConstKind is the type of a constant.
type ConstKind uint8

// The kinds of constant; the zero Const is no constant at all.
const (
	Invalid ConstKind = iota
	None
	Bool
	Int
	Float
	Str
	Bytes
	Tuple
	List
	Dict
	Ellipsis
	Complex // as it is written
)

var constTypes = [...]string{"", "NoneType", "bool", "int", "float", "str", "bytes", "tuple", "list", "dict", "ellipsis", "complex"}

// A Const is a value that is known for certain. Its parts are never changed once it is made.
type Const struct {
	kind ConstKind
	num  uint64 // a bool, a small int or the bits of a float
	str  string // str (lone surrogates as three bytes each) or bytes
	more *more
}

// more is what few constants need.
type more struct {
	big    *big.Int // an int outside of int64
	elts   []Const  // a tuple or list; a dict's keys
	values []Const  // a dict's values
}

// Makers of constants.

// NoneConst is None.
func NoneConst() Const { return Const{kind: None} }

// BoolConst is True or False.
func BoolConst(b bool) Const {
	if b {
		return Const{kind: Bool, num: 1}
	}
	return Const{kind: Bool}
}

// IntConst is an int.
func IntConst(i int64) Const { return Const{kind: Int, num: uint64(i)} }

// BigConst is an int of any size. It keeps i.
func BigConst(i *big.Int) Const {
	if i.IsInt64() {
		return IntConst(i.Int64())
	}
	return Const{kind: Int, more: &more{big: i}}
}

// FloatConst is a float.
func FloatConst(f float64) Const { return Const{kind: Float, num: math.Float64bits(f)} }

// StrConst is a str.
func StrConst(s string) Const { return Const{kind: Str, str: s} }

// BytesConst is a bytes.
func BytesConst(s string) Const { return Const{kind: Bytes, str: s} }

// TupleConst is a tuple. It keeps elts.
func TupleConst(elts []Const) Const { return Const{kind: Tuple, more: &more{elts: elts}} }

// ListConst is a list. It keeps elts.
func ListConst(elts []Const) Const { return Const{kind: List, more: &more{elts: elts}} }

// dictConst makes a dict, in which a later value of a key replaces the earlier one.
func dictConst(keys, values []Const) (Const, bool) {
	m := &more{}
	texts := map[string]int{} // the strings among the keys
	for i, k := range keys {
		if !k.hashable() {
			return Const{}, false
		}
		at := -1
		if k.kind == Str {
			if j, ok := texts[k.str]; ok {
				at = j
			} else {
				texts[k.str] = len(m.elts)
			}
		} else {
			for j := range m.elts {
				if m.elts[j].pyEqual(k) {
					at = j
					break
				}
			}
		}
		if at >= 0 {
			m.values[at] = values[i]
			continue
		}
		m.elts = append(m.elts, k)
		m.values = append(m.values, values[i])
	}
	return Const{kind: Dict, more: m}, true
}

// Kind is the type of the value.
func (c Const) Kind() ConstKind { return c.kind }

// Type is Python's name of the type.
func (c Const) Type() string { return constTypes[c.kind] }

// IsValid reports whether there is a value.
func (c Const) IsValid() bool { return c.kind != Invalid }

// IsNone reports whether the value is None.
func (c Const) IsNone() bool { return c.kind == None }

// Bool is the value of a bool.
func (c Const) Bool() (value, ok bool) { return c.num != 0, c.kind == Bool }

// Str is the value of a str.
func (c Const) Str() (string, bool) { return c.str, c.kind == Str }

// Bytes is the value of a bytes.
func (c Const) Bytes() (string, bool) { return c.str, c.kind == Bytes }

// Int64 is the value of an int (or of a bool, which is one) where it fits.
func (c Const) Int64() (int64, bool) {
	return int64(c.num), (c.kind == Int || c.kind == Bool) && c.more == nil
}

// BigInt is the value of an int or a bool; it is not to be changed.
func (c Const) BigInt() (*big.Int, bool) {
	if c.kind != Int && c.kind != Bool {
		return nil, false
	}
	if c.more != nil {
		return c.more.big, true
	}
	return big.NewInt(int64(c.num)), true
}

// Float64 is the value of a float.
func (c Const) Float64() (float64, bool) { return math.Float64frombits(c.num), c.kind == Float }

// Elems are the elements of a tuple or list, or the keys of a dict. They are not to be changed.
func (c Const) Elems() []Const {
	if c.more == nil {
		return nil
	}
	return c.more.elts
}

// Values are the values of a dict, one for each of [Const.Elems].
func (c Const) Values() []Const {
	if c.more == nil {
		return nil
	}
	return c.more.values
}

// Get is the value that a dict has for a str.
func (c Const) Get(key string) (Const, bool) {
	if c.kind == Dict {
		for i, k := range c.more.elts {
			if k.kind == Str && k.str == key {
				return c.more.values[i], true
			}
		}
	}
	return Const{}, false
}

func (c Const) numeric() bool { return c.kind == Int || c.kind == Bool || c.kind == Float }

func (c Const) hashable() bool {
	switch c.kind {
	case List, Dict, Invalid:
		return false
	case Tuple:
		for _, e := range c.Elems() {
			if !e.hashable() {
				return false
			}
		}
	}
	return true
}

// mutable reports whether a program can change the value.
func (c Const) mutable() bool {
	return c.kind == List || c.kind == Dict || c.kind == Tuple && !c.hashable()
}

// Truth is what bool(c) is.
func (c Const) Truth() bool {
	switch c.kind {
	case Bool:
		return c.num != 0
	case Int:
		return c.more != nil || c.num != 0
	case Float:
		f, _ := c.Float64()
		return f != 0
	case Str, Bytes:
		return c.str != ""
	case Tuple, List, Dict:
		return len(c.Elems()) > 0
	case Ellipsis, Complex:
		return true
	}
	return false
}

// Equal reports whether two constants are the same: of one type, and of one value.
func (c Const) Equal(d Const) bool {
	if c.kind != d.kind || c.num != d.num || c.str != d.str || (c.more == nil) != (d.more == nil) {
		return false
	}
	if c.more == nil || c.more == d.more {
		return true
	}
	if c.more.big != nil {
		return d.more.big != nil && c.more.big.Cmp(d.more.big) == 0
	}
	return equalAll(c.more.elts, d.more.elts) && equalAll(c.more.values, d.more.values)
}

func equalAll(a, b []Const) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// size is about how many bytes the value takes.
func (c Const) size() int {
	n := 1 + len(c.str)
	if c.more != nil {
		if c.more.big != nil {
			n += c.more.big.BitLen() / 8
		}
		for _, e := range c.more.elts {
			n += 8 + e.size()
		}
		for _, e := range c.more.values {
			n += e.size()
		}
	}
	return n
}

// Size is about how many bytes the value takes to keep.
func (c Const) Size() int { return c.size() }

// Clone is the value in strings of its own, which keep no other text alive.
func (c Const) Clone() Const {
	c.str = strings.Clone(c.str)
	if c.more != nil && c.more.big == nil {
		c.more = &more{elts: cloneAll(c.more.elts), values: cloneAll(c.more.values)}
	}
	return c
}

func cloneAll(list []Const) []Const {
	if list == nil {
		return nil
	}
	out := make([]Const, len(list))
	for i := range list {
		out[i] = list[i].Clone()
	}
	return out
}

// String is what Python's repr gives.
func (c Const) String() string {
	var b strings.Builder
	c.repr(&b)
	return b.String()
}

func (c Const) repr(b *strings.Builder) {
	switch c.kind {
	case None:
		b.WriteString("None")
	case Bool:
		if c.num != 0 {
			b.WriteString("True")
		} else {
			b.WriteString("False")
		}
	case Int:
		b.WriteString(c.intText())
	case Float:
		f, _ := c.Float64()
		b.WriteString(floatRepr(f))
	case Str:
		quote(b, c.str)
	case Bytes:
		quoteBytes(b, c.str)
	case Tuple:
		b.WriteByte('(')
		reprAll(b, c.Elems())
		if len(c.Elems()) == 1 {
			b.WriteByte(',')
		}
		b.WriteByte(')')
	case List:
		b.WriteByte('[')
		reprAll(b, c.Elems())
		b.WriteByte(']')
	case Dict:
		b.WriteByte('{')
		for i, k := range c.Elems() {
			if i > 0 {
				b.WriteString(", ")
			}
			k.repr(b)
			b.WriteString(": ")
			c.more.values[i].repr(b)
		}
		b.WriteByte('}')
	case Ellipsis:
		b.WriteString("Ellipsis")
	case Complex:
		b.WriteString(c.str)
	case Invalid:
		b.WriteString("<unknown>")
	}
}

func reprAll(b *strings.Builder, list []Const) {
	for i, e := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		e.repr(b)
	}
}

func (c Const) intText() string {
	if c.more != nil {
		return c.more.big.String()
	}
	return strconv.FormatInt(int64(c.num), 10)
}

// floatRepr is Python's repr of a float: the shortest text that reads back as it, with an exponent
// below 1e-4 and from 1e16.
func floatRepr(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

const hexDigits = "0123456789abcdef"

func quote(b *strings.Builder, s string) {
	q := byte('\'')
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		q = '"'
	}
	b.WriteByte(q)
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			quoteASCII(b, c, q)
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			if r, ok := surrogate(s[i:]); ok {
				i += 3
				escapeRune(b, r)
				continue
			}
			b.WriteString(`\x`)
			b.WriteByte(hexDigits[s[i]>>4])
			b.WriteByte(hexDigits[s[i]&15])
			i++
			continue
		}
		if unicode.IsPrint(r) {
			b.WriteString(s[i : i+n])
		} else {
			escapeRune(b, r)
		}
		i += n
	}
	b.WriteByte(q)
}

func quoteASCII(b *strings.Builder, c, q byte) {
	switch {
	case c == q || c == '\\':
		b.WriteByte('\\')
		b.WriteByte(c)
	case c == '\n':
		b.WriteString(`\n`)
	case c == '\r':
		b.WriteString(`\r`)
	case c == '\t':
		b.WriteString(`\t`)
	case c < ' ' || c >= 0x7f:
		b.WriteString(`\x`)
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	default:
		b.WriteByte(c)
	}
}

// surrogate decodes a lone surrogate, which Python's strings may hold and UTF-8 may not.
func surrogate(s string) (rune, bool) {
	if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1] <= 0xBF && s[2]&0xC0 == 0x80 {
		return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
	}
	return 0, false
}

func escapeRune(b *strings.Builder, r rune) {
	digits := 8
	switch {
	case r < 0x100:
		b.WriteString(`\x`)
		digits = 2
	case r < 0x10000:
		b.WriteString(`\u`)
		digits = 4
	default:
		b.WriteString(`\U`)
	}
	for i := digits - 1; i >= 0; i-- {
		b.WriteByte(hexDigits[r>>(4*i)&15])
	}
}

func quoteBytes(b *strings.Builder, s string) {
	q := byte('\'')
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		q = '"'
	}
	b.WriteByte('b')
	b.WriteByte(q)
	for i := 0; i < len(s); i++ {
		quoteASCII(b, s[i], q)
	}
	b.WriteByte(q)
}

// pyEqual is Python's ==, for which 1, 1.0 and True are one.
func (c Const) pyEqual(d Const) bool {
	if c.kind != d.kind && c.numeric() && d.numeric() {
		return c.float() == d.float()
	}
	if c.kind == Float && d.kind == Float {
		return c.float() == d.float()
	}
	return c.Equal(d)
}

// float is the value of a number, rounded if it is large.
func (c Const) float() float64 {
	if f, ok := c.Float64(); ok {
		return f
	}
	b, ok := c.BigInt()
	if !ok {
		return math.NaN()
	}
	f, _ := new(big.Float).SetInt(b).Float64()
	return f
}
