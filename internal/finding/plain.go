package finding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Hidden reports whether a terminal or an editor would not show r as a character of its own, but obey it
// or leave it out: control characters, marks that reverse the direction of text, characters of no width.
// Files under analysis are full of what an attacker chose, names of files included.
func Hidden(r rune) bool {
	switch {
	case r < 0x20 || 0x7F <= r && r < 0xA0:
		return true
	case r < 0x300:
		return r == 0xAD // a soft hyphen
	case unicode.Is(unicode.Cf, r): // bidirectional marks, joiners, tags, a byte order mark
		return r != 0x200D // joins the parts of an emoji
	case r == 0x2028 || r == 0x2029 || r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0:
		return true // line ends, and letters that are blank
	}
	return false
}

// EscapeRune writes a hidden character as Python would.
func EscapeRune(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r <= 0xFF:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// Plain is text that is safe to print on one line of a terminal: whatever is [Hidden] and whatever is not UTF-8 is
// shown as an escape.
func Plain(text string) string {
	i := 0
	for i < len(text) && 0x20 <= text[i] && text[i] < 0x7F {
		i++
	}
	if i == len(text) {
		return text
	}
	var b strings.Builder
	b.WriteString(text[:i])
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case Hidden(r):
			b.WriteString(EscapeRune(r))
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	return b.String()
}

// PlainLines is [Plain] for text of several lines: line ends, written as \n, and tabs are kept.
func PlainLines(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var b strings.Builder
	for len(text) > 0 {
		i := strings.IndexAny(text, "\n\t")
		if i < 0 {
			i = len(text)
		}
		b.WriteString(Plain(text[:i]))
		if i < len(text) {
			b.WriteByte(text[i])
			i++
		}
		text = text[i:]
	}
	return b.String()
}

// PlainJSON makes an encoded JSON document safe to print, too: it says the same with what is [Hidden] written as escapes. The
// characters below 0x20 are escaped by every encoder, but for the line ends and blanks between values.
func PlainJSON(doc []byte) []byte {
	hidden := func(r rune) bool { return r >= 0x7F && Hidden(r) }
	i := bytes.IndexFunc(doc, hidden)
	if i < 0 {
		return doc
	}
	out := append(make([]byte, 0, len(doc)+64), doc[:i]...)
	for i < len(doc) {
		r, n := utf8.DecodeRune(doc[i:])
		switch {
		case !hidden(r):
			out = append(out, doc[i:i+n]...)
		case r > 0xFFFF:
			a, b := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, a, b)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}

// WriteJSON writes a value as a document that is safe to print.
func WriteJSON(w io.Writer, indent string, value any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(PlainJSON(b.Bytes()))
	return err
}
