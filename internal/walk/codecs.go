package walk

import (
	"encoding/binary"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A codec is one of Python's.
type codec struct {
	name     string                         // as Python prints it
	table    encoding.Encoding              // when Go has the same
	own      func(raw []byte) (string, int) // otherwise; see decode
	fix      func(c byte) rune              // the bytes that Go's table has otherwise; 0 for all others
	reshapes bool                           // ASCII bytes may mean something else
}

// decode decodes raw. bad is the offset in the text of the first byte that could not be, or -1.
func (c *codec) decode(raw []byte) (text string, bad int) {
	if c.own != nil {
		return c.own(raw)
	}
	if t, ok := c.table.(*charmap.Charmap); ok && c.fix != nil {
		return c.bytewise(t, raw)
	}
	out, err := c.table.NewDecoder().Bytes(raw)
	if err != nil {
		// Decoders replace what they do not know; none is known to fail. Latin-1 never does.
		return fromLatin1(raw), 0
	}
	text = unsafeString(out)
	return text, strings.IndexRune(text, utf8.RuneError)
}

// bytewise decodes by a table of one byte a character.
func (c *codec) bytewise(t *charmap.Charmap, raw []byte) (text string, bad int) {
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/4)
	bad = -1
	for _, x := range raw {
		r := c.fix(x)
		if r == 0 {
			r = t.DecodeByte(x)
		}
		if r == utf8.RuneError && bad < 0 {
			bad = b.Len()
		}
		b.WriteRune(r)
	}
	return b.String(), bad
}

// controls are the control characters of ISO 8859, which Go's tables lack.
func controls(c byte) rune {
	if c >= 0x80 && c < 0xA0 {
		return rune(c)
	}
	return 0
}

// koi8u is where Go's table is that of KOI8-RU, as browsers have it.
func koi8u(c byte) rune {
	switch c {
	case 0xAE:
		return '\u255D'
	case 0xBE:
		return '\u256C'
	}
	return 0
}

// codecKey is the form of a name by which codecs are found. Python ignores case and takes any run of
// punctuation for an underscore; no two of its names differ in punctuation alone. For UTF-8 and Latin-1 Python
// also allows an Emacs suffix such as "-unix".
func codecKey(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if c := name[i]; c >= 'A' && c <= 'Z' {
			b.WriteByte(c + 'a' - 'A')
		} else if isAlnum(c) {
			b.WriteByte(c)
		}
	}
	key := b.String()
	for _, suffix := range [...]string{"unix", "dos", "mac"} {
		if rest, ok := strings.CutSuffix(key, suffix); ok && (rest == "utf8" || rest == "latin1" || rest == "iso88591" || rest == "isolatin1") {
			return rest
		}
	}
	return key
}

// codecs finds a codec by its key. The table is made when the first file declares an encoding.
var codecs = sync.OnceValue(makeCodecs)

func makeCodecs() map[string]*codec {
	m := make(map[string]*codec, 300)
	add := func(c codec, keys string) {
		for _, k := range append(strings.Fields(keys), codecKey(c.name)) {
			m[k] = &c
		}
	}
	table := func(name string, t encoding.Encoding, keys string) { add(codec{name: name, table: t}, keys) }
	iso := func(name string, t *charmap.Charmap, keys string) {
		add(codec{name: name, table: t, fix: controls}, keys)
	}
	add(codec{name: "utf-8"}, "u8 utf utf8 utf8ucs2 utf8ucs4 cp65001")
	add(codec{name: "utf-8-sig"}, "")
	add(codec{name: "ascii"}, "646 usascii iso646us ansix341968 ansix341986 ansix34 cp367 csascii ibm367 isoir6 us iso646irv1991")
	add(codec{name: "latin-1", own: func(raw []byte) (string, int) { return fromLatin1(raw), -1 }},
		"iso8859 iso88591 iso885911987 l1 latin latin1 8859 cp819 csisolatin1 ibm819 isoir100 isolatin1")
	iso("iso8859-2", charmap.ISO8859_2, "latin2 l2 csisolatin2 iso885921987 isoir101")
	iso("iso8859-3", charmap.ISO8859_3, "latin3 l3 csisolatin3 iso885931988 isoir109")
	iso("iso8859-4", charmap.ISO8859_4, "latin4 l4 csisolatin4 iso885941988 isoir110")
	iso("iso8859-5", charmap.ISO8859_5, "cyrillic csisolatincyrillic iso885951988 isoir144")
	iso("iso8859-6", charmap.ISO8859_6, "arabic asmo708 csisolatinarabic ecma114 iso885961987 isoir127")
	iso("iso8859-7", charmap.ISO8859_7, "greek greek8 csisolatingreek ecma118 elot928 iso885971987 isoir126")
	iso("iso8859-8", charmap.ISO8859_8, "hebrew csisolatinhebrew iso885981988 isoir138 iso88598i iso88598e")
	iso("iso8859-9", charmap.ISO8859_9, "latin5 l5 csisolatin5 iso885991989 isoir148")
	iso("iso8859-10", charmap.ISO8859_10, "latin6 l6 csisolatin6 iso8859101992 isoir157")
	iso("iso8859-13", charmap.ISO8859_13, "latin7 l7")
	iso("iso8859-14", charmap.ISO8859_14, "latin8 l8 isoceltic isoir199 iso8859141998")
	iso("iso8859-15", charmap.ISO8859_15, "latin9 l9")
	iso("iso8859-16", charmap.ISO8859_16, "latin10 l10 isoir226 iso8859162001")
	table("koi8-r", charmap.KOI8R, "cskoi8r")
	add(codec{name: "koi8-u", table: charmap.KOI8U, fix: koi8u}, "")
	table("mac-roman", charmap.Macintosh, "macroman macintosh")
	table("mac-cyrillic", charmap.MacintoshCyrillic, "maccyrillic")
	table("cp437", charmap.CodePage437, "437 ibm437 cspc8codepage437")
	table("cp850", charmap.CodePage850, "850 ibm850 cspc850multilingual")
	table("cp852", charmap.CodePage852, "852 ibm852 cspcp852")
	table("cp855", charmap.CodePage855, "855 ibm855 csibm855")
	table("cp858", charmap.CodePage858, "858 ibm858 csibm858")
	table("cp860", charmap.CodePage860, "860 ibm860 csibm860")
	table("cp862", charmap.CodePage862, "862 ibm862 cspc862latinhebrew")
	table("cp863", charmap.CodePage863, "863 ibm863 csibm863")
	table("cp865", charmap.CodePage865, "865 ibm865 csibm865")
	table("cp866", charmap.CodePage866, "866 ibm866 csibm866")
	table("cp874", charmap.Windows874, "windows874 tis620 tis6200 tis62025291 tis62025290 tis625292 thai isoir166 iso885911 iso8859112001")
	table("cp1250", charmap.Windows1250, "1250 windows1250")
	table("cp1251", charmap.Windows1251, "1251 windows1251")
	table("cp1252", charmap.Windows1252, "1252 windows1252")
	table("cp1253", charmap.Windows1253, "1253 windows1253")
	table("cp1254", charmap.Windows1254, "1254 windows1254")
	table("cp1255", charmap.Windows1255, "1255 windows1255")
	table("cp1256", charmap.Windows1256, "1256 windows1256")
	table("cp1257", charmap.Windows1257, "1257 windows1257")
	table("cp1258", charmap.Windows1258, "1258 windows1258")
	table("euc_jp", japanese.EUCJP, "eucjp ujis ujiscode")
	table("euc_jis_2004", japanese.EUCJP, "eucjis2004 jisx0213 eucjisx0213 eucjisx2004")
	table("shift_jis", japanese.ShiftJIS, "shiftjis sjis csshiftjis s_jis xmacjapanese")
	table("shift_jis_2004", japanese.ShiftJIS, "shiftjis2004 sjis2004 shiftjisx0213 sjisx0213")
	table("cp932", japanese.ShiftJIS, "932 ms932 mskanji windows31j")
	table("euc_kr", korean.EUCKR, "euckr korean ksc5601 ksc56011987 ksx1001 ksx10012002 xmackorean")
	table("cp949", korean.EUCKR, "949 ms949 uhc")
	table("gb2312", simplifiedchinese.GBK, "chinese csiso58gb231280 euccn eucgb2312cn gb23121980 gb231280 isoir58 xmacsimpchinese")
	table("gbk", simplifiedchinese.GBK, "936 cp936 ms936")
	table("gb18030", simplifiedchinese.GB18030, "gb180302000")
	table("big5", traditionalchinese.Big5, "big5tw csbig5 xmactradchinese")
	table("big5hkscs", traditionalchinese.Big5, "hkscs")
	table("cp950", traditionalchinese.Big5, "950 ms950")
	for _, c := range []codec{
		{name: "iso2022_jp", table: japanese.ISO2022JP},
		{name: "hz", table: simplifiedchinese.HZGB2312},
		{name: "cp037", table: charmap.CodePage037},
		{name: "cp1140", table: charmap.CodePage1140},
		{name: "utf-7", own: fromUTF7},
		{name: "unicode_escape", own: func(raw []byte) (string, int) { return fromEscapes(raw, false) }},
		{name: "raw_unicode_escape", own: func(raw []byte) (string, int) { return fromEscapes(raw, true) }},
	} {
		c.reshapes = true
		add(c, map[string]string{
			"iso2022_jp": "csiso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpext iso2022jp2004",
			"hz":         "hzgb hzgb2312",
			"cp037":      "037 csibm037 ebcdiccpca ebcdiccpnl ebcdiccpus ebcdiccpwt ibm037 ibm039",
			"cp1140":     "1140 ibm1140",
			"utf-7":      "u7 unicode11utf7",
		}[c.name])
	}
	return m
}

func fromLatin1(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/8)
	for _, c := range raw {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// fromUTF16 decodes text that begins with a byte order mark.
func fromUTF16(raw []byte) string {
	var order binary.ByteOrder = binary.LittleEndian
	if raw[0] == markUTF16BE[0] {
		order = binary.BigEndian
	}
	raw = raw[2:]
	var b strings.Builder
	b.Grow(len(raw))
	for len(raw) >= 2 {
		r := rune(order.Uint16(raw))
		raw = raw[2:]
		if utf16.IsSurrogate(r) {
			pair := utf8.RuneError
			if len(raw) >= 2 {
				if pair = utf16.DecodeRune(r, rune(order.Uint16(raw))); pair != utf8.RuneError {
					raw = raw[2:]
				}
			}
			r = pair
		}
		b.WriteRune(r)
	}
	if len(raw) > 0 {
		b.WriteRune(utf8.RuneError)
	}
	return b.String()
}

// fromUTF32 decodes text that begins with a byte order mark.
func fromUTF32(raw []byte) string {
	var order binary.ByteOrder = binary.LittleEndian
	if raw[0] == 0 {
		order = binary.BigEndian
	}
	raw = raw[4:]
	var b strings.Builder
	b.Grow(len(raw) / 2)
	for len(raw) >= 4 {
		r := utf8.RuneError
		if u := order.Uint32(raw); u <= utf8.MaxRune {
			r = rune(u)
		}
		b.WriteRune(r) // a surrogate becomes U+FFFD
		raw = raw[4:]
	}
	if len(raw) > 0 {
		b.WriteRune(utf8.RuneError)
	}
	return b.String()
}

// fromUTF7 decodes RFC 2152. Nobody writes Python so, except to hide it: "+AAo-" is a line end, so a comment may
// hold code that runs.
func fromUTF7(raw []byte) (text string, bad int) {
	var b strings.Builder
	b.Grow(len(raw))
	bad = -1
	fail := func() {
		if bad < 0 {
			bad = b.Len()
		}
		b.WriteRune(utf8.RuneError)
	}
	for i := 0; i < len(raw); {
		c := raw[i]
		if c != '+' {
			if c >= utf8.RuneSelf {
				fail()
			} else {
				b.WriteByte(c)
			}
			i++
			continue
		}
		i++
		if i < len(raw) && raw[i] == '-' {
			b.WriteByte('+')
			i++
			continue
		}
		var bits uint32
		have, high := 0, rune(0)
		start := i
		for ; i < len(raw); i++ {
			v := base64Value(raw[i])
			if v < 0 {
				break
			}
			bits = bits<<6 | uint32(v)
			if have += 6; have < 16 {
				continue
			}
			have -= 16
			unit := rune(bits >> have & 0xFFFF)
			switch {
			case high != 0:
				if r := utf16.DecodeRune(high, unit); r != utf8.RuneError {
					b.WriteRune(r)
					high = 0
					continue
				}
				fail()
				high = 0
				fallthrough
			default:
				if unit >= 0xD800 && unit < 0xDC00 {
					high = unit
				} else if utf16.IsSurrogate(unit) {
					fail()
				} else {
					b.WriteRune(unit)
				}
			}
		}
		if high != 0 || i == start {
			fail()
		}
		if i < len(raw) && raw[i] == '-' {
			i++
		}
	}
	return b.String(), bad
}

func base64Value(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// fromEscapes decodes Python's unicode_escape, in which the whole file is read as the inside of a string, and
// raw_unicode_escape, which has only \u and \U. Like UTF-7 they hide code from readers.
func fromEscapes(raw []byte, onlyUnicode bool) (text string, bad int) {
	var b strings.Builder
	b.Grow(len(raw))
	bad = -1
	for i := 0; i < len(raw); {
		c := raw[i]
		i++
		if c != '\\' || i == len(raw) {
			b.WriteRune(rune(c))
			continue
		}
		e := raw[i]
		digits := 0
		switch {
		case e == 'u':
			digits = 4
		case e == 'U':
			digits = 8
		case onlyUnicode:
			b.WriteByte('\\')
			if e == '\\' { // an even number of backslashes escapes nothing
				b.WriteByte('\\')
				i++
			}
			continue
		case e == 'x':
			digits = 2
		}
		if digits > 0 {
			v, n := uint32(0), 0
			for n < digits && i+1+n < len(raw) && hexValue(raw[i+1+n]) >= 0 {
				v = v<<4 | uint32(hexValue(raw[i+1+n]))
				n++
			}
			r := rune(utf8.RuneError)
			if n == digits && v <= utf8.MaxRune && !utf16.IsSurrogate(rune(v)) {
				r = rune(v)
			} else if bad < 0 {
				bad = b.Len()
			}
			b.WriteRune(r)
			i += 1 + n
			continue
		}
		i++
		switch e {
		case '\n':
		case '\\', '\'', '"':
			b.WriteByte(e)
		case 'a':
			b.WriteByte('\a')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'v':
			b.WriteByte('\v')
		case '0', '1', '2', '3', '4', '5', '6', '7':
			v := rune(e - '0')
			for n := 0; n < 2 && i < len(raw) && raw[i] >= '0' && raw[i] <= '7'; n++ {
				v = v<<3 | rune(raw[i]-'0')
				i++
			}
			b.WriteRune(v)
		default: // \N{…} too: a name is left as it is written
			b.WriteByte('\\')
			b.WriteRune(rune(e))
		}
	}
	return b.String(), bad
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
