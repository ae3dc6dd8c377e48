package walk

import (
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Display writes a path so that it is valid UTF-8 and safe to print: bytes that are not UTF-8, control characters and
// characters that change the direction of text are shown as escapes. A path that needs none is
// returned as it is; in one that does, backslashes are doubled, so that no two paths look alike.
func Display(path string) string {
	if !needsEscape(path) {
		return path
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < len(path); {
		r, n := utf8.DecodeRuneInString(path[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x`)
			b.WriteByte(hex[path[i]>>4])
			b.WriteByte(hex[path[i]&15])
		case r == '\\':
			b.WriteString(`\\`)
		case unprintable(r) && r < 0x80:
			b.WriteString(`\x`)
			b.WriteByte(hex[r>>4])
			b.WriteByte(hex[r&15])
		case unprintable(r):
			b.WriteString(`\U`)
			for shift := 28; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
		default:
			b.WriteString(path[i : i+n])
		}
		i += n
	}
	return b.String()
}

func needsEscape(path string) bool {
	ascii := true
	for i := 0; i < len(path); i++ {
		if c := path[i]; c < ' ' || c == 0x7f {
			return true
		} else if c >= utf8.RuneSelf {
			ascii = false
		}
	}
	if ascii {
		return false
	}
	return !utf8.ValidString(path) || strings.ContainsFunc(path, unprintable)
}

// unprintable is a control character, a format character (among them those that turn text around), or a line separator.
func unprintable(r rune) bool {
	return unicode.Is(unicode.C, r) || r == '\u2028' || r == '\u2029'
}

// within is target's path relative to dir, with slashes, and whether target is dir or lies in it.
func within(dir, target string) (rel string, ok bool) {
	if target == dir {
		return "", true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	if !strings.HasPrefix(target, dir) {
		return "", false
	}
	return filepath.ToSlash(target[len(dir):]), true
}

// join puts two slash-separated relative paths together; either may be empty.
func join(dir, name string) string {
	switch {
	case dir == "":
		return name
	case name == "":
		return dir
	}
	return dir + "/" + name
}

// lastPart is what stands after the last slash.
func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// extension is the part of a name from its last dot, in lower case; "" where there is none.
func extension(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	return strings.ToLower(name[i:])
}
