package walk

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/source"
)

// decoded makes a file of raw bytes, as Python decodes them; with cookie, PEP 263's comment counts.
// It keeps raw, which nothing may write to afterwards.
func decoded(path string, raw []byte, cookie bool) *source.File {
	text, encoding, notes := decode(raw, cookie)
	f := source.New(path, text)
	f.Encoding, f.Notes = encoding, notes
	return f
}

var (
	markUTF8    = []byte("\xEF\xBB\xBF")
	markUTF16LE = []byte("\xFF\xFE")
	markUTF16BE = []byte("\xFE\xFF")
	markUTF32LE = []byte("\xFF\xFE\x00\x00")
	markUTF32BE = []byte("\x00\x00\xFE\xFF")
)

func hasUTF16Mark(raw []byte) bool {
	return bytes.HasPrefix(raw, markUTF16LE) || bytes.HasPrefix(raw, markUTF16BE) || bytes.HasPrefix(raw, markUTF32BE)
}

func note(message string, at source.Span) []source.Note {
	return []source.Note{{Code: "encoding", Message: message, Span: at}}
}

func decode(raw []byte, cookie bool) (text, encoding string, notes []source.Note) {
	if len(raw) > 0 && (raw[0] == 0 || raw[0] >= 0xEF) {
		switch {
		case bytes.HasPrefix(raw, markUTF8):
			raw = raw[len(markUTF8):]
			text, notes = fromUTF8(raw)
			if name, at := findCookie(raw); cookie && notes == nil && name != "" {
				if c, ok := codecs()[codecKey(name)]; !ok || c.name != "utf-8" {
					notes = note("the comment says "+quoted(name)+", but a UTF-8 byte order mark comes first: read as UTF-8, and Python refuses it; remove one of them", at)
				}
			}
			return text, "utf-8-sig", notes
		case bytes.HasPrefix(raw, markUTF32LE), bytes.HasPrefix(raw, markUTF32BE):
			return fromUTF32(raw), "utf-32", note("is UTF-32, which Python does not read; save it as UTF-8", source.Span{})
		case bytes.HasPrefix(raw, markUTF16LE), bytes.HasPrefix(raw, markUTF16BE):
			return fromUTF16(raw), "utf-16", note("is UTF-16, which Python does not read; save it as UTF-8", source.Span{})
		}
	}
	if !cookie {
		text, notes = fromUTF8(raw)
		return text, "utf-8", notes
	}
	name, at := findCookie(raw)
	if name == "" {
		text, notes = fromUTF8(raw)
		return text, "utf-8", notes
	}
	c, ok := codecs()[codecKey(name)]
	if !ok {
		text, _ = fromUTF8(raw)
		return text, "utf-8", note("the encoding "+quoted(name)+" is unknown: read as UTF-8; declare one that Python has", at)
	}
	switch {
	case c.name == "utf-8" || c.name == "utf-8-sig":
		text, notes = fromUTF8(raw)
		return text, "utf-8", notes
	case !c.reshapes && isASCII(raw):
		return unsafeString(raw), c.name, nil
	case c.name == "ascii":
		text, notes = fromUTF8(raw)
		if notes == nil {
			notes = note("is declared to be ASCII but is not: read as UTF-8, and Python refuses it; remove the declaration", at)
		}
		return text, "utf-8", notes
	}
	text, bad := c.decode(raw)
	if bad >= 0 {
		notes = note("has bytes that "+c.name+" does not know: they are read as "+string(utf8.RuneError)+"; save it as UTF-8", source.Span{Start: uint32(bad), End: uint32(bad)})
	}
	return text, c.name, notes
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// fromUTF8 is raw itself where it is valid. Elsewhere each byte that is not UTF-8 is read as Latin-1: that keeps
// it, and it is what most such files are.
func fromUTF8(raw []byte) (string, []source.Note) {
	if utf8.Valid(raw) {
		return unsafeString(raw), nil
	}
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/8)
	first, line, count := -1, 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			j := i + 1
			for j < len(raw) && raw[j] < utf8.RuneSelf {
				j++
			}
			b.Write(raw[i:j])
			i = j
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r != utf8.RuneError || n > 1 {
			b.Write(raw[i : i+n])
			i += n
			continue
		}
		if first < 0 {
			first, line = b.Len(), 1+bytes.Count(raw[:i], []byte("\n"))
		}
		count++
		b.WriteRune(rune(raw[i]))
		i++
	}
	bytes, are := "bytes are", "they are"
	if count == 1 {
		bytes, are = "byte is", "it is"
	}
	return b.String(), note(fmt.Sprintf("%d %s not UTF-8 (first on line %d): %s read as Latin-1; save the file as UTF-8, or declare its encoding in the first line",
		count, bytes, line, are), source.Span{Start: uint32(first), End: uint32(first + 2)})
}

// findCookie finds PEP 263's declaration in the first two lines: a comment in which "coding" is followed by a
// colon or an equals sign and a name. The second line counts only if the first is blank or a comment.
func findCookie(raw []byte) (name string, at source.Span) {
	start := 0
	for range 2 {
		end, next := start, len(raw)
		for end < len(raw) && raw[end] != '\n' && raw[end] != '\r' {
			end++
		}
		if end < len(raw) {
			next = end + 1
			if raw[end] == '\r' && next < len(raw) && raw[next] == '\n' {
				next++
			}
		}
		line := raw[start:end]
		body := bytes.TrimLeft(line, " \t\f")
		if len(body) > 0 && body[0] != '#' {
			return "", at
		}
		offset := start + len(line) - len(body)
		for rest := body; ; {
			i := bytes.Index(rest, []byte("coding"))
			if i < 0 {
				break
			}
			rest = rest[i+len("coding"):]
			offset += i + len("coding")
			if len(rest) == 0 || rest[0] != ':' && rest[0] != '=' {
				continue
			}
			value := bytes.TrimLeft(rest[1:], " \t")
			n := 0
			for n < len(value) && (isAlnum(value[n]) || value[n] == '-' || value[n] == '_' || value[n] == '.') {
				n++
			}
			if n > 0 {
				from := uint32(offset + len(rest) - len(value))
				return string(value[:n]), source.Span{Start: from, End: from + uint32(n)}
			}
		}
		start = next
	}
	return "", at
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// quoted is a name from a file's first lines, made fit for a message.
func quoted(name string) string {
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	return `"` + name + `"`
}
