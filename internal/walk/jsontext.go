package walk

import (
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A jsonText reads JSON where it stands. Package encoding/json cannot say on which line a value stands, and
// unpacks the images that a notebook mostly consists of.
type jsonText struct {
	text string
	at   int
}

var (
	errJSON     = errors.New("is not valid JSON")
	errJSONDeep = errors.New("is JSON nested too deep")
	errNoCells  = errors.New("is JSON without cells")
)

// maxJSONDepth is deeper than any notebook; Go's own decoder stops at ten times as much.
const maxJSONDepth = 1000

// next skips white space and is the first byte of what follows, 0 at the end.
func (j *jsonText) next() byte {
	for j.at < len(j.text) {
		switch c := j.text[j.at]; c {
		case ' ', '\t', '\n', '\r':
			j.at++
		default:
			return c
		}
	}
	return 0
}

// object calls f for each key of the object that follows; f must read the value.
func (j *jsonText) object(f func(key string) error) error {
	if j.next() != '{' {
		return errJSON
	}
	j.at++
	if j.next() == '}' {
		j.at++
		return nil
	}
	for {
		key, err := j.str()
		if err != nil {
			return err
		}
		if j.next() != ':' {
			return errJSON
		}
		j.at++
		if err := f(key); err != nil {
			return err
		}
		if done, err := j.more('}'); done || err != nil {
			return err
		}
		if j.next() != '"' {
			return errJSON
		}
	}
}

// array calls f for each element of the array that follows; f must read it.
func (j *jsonText) array(f func() error) error {
	if j.next() != '[' {
		return errJSON
	}
	j.at++
	if j.next() == ']' {
		j.at++
		return nil
	}
	for {
		if err := f(); err != nil {
			return err
		}
		if done, err := j.more(']'); done || err != nil {
			return err
		}
	}
}

// more reads a comma, or the end of an object or array.
func (j *jsonText) more(end byte) (done bool, err error) {
	switch j.next() {
	case ',':
		j.at++
		return false, nil
	case end:
		j.at++
		return true, nil
	}
	return false, errJSON
}

// str reads the string that follows.
func (j *jsonText) str() (string, error) {
	if j.next() != '"' {
		return "", errJSON
	}
	start := j.at + 1
	end, escaped, err := j.skipString()
	if err != nil {
		return "", err
	}
	if !escaped {
		return j.text[start:end], nil
	}
	return unescape(j.text[start:end])
}

// skipString moves past the string that begins here, to the end of whose content it leads.
func (j *jsonText) skipString() (end int, escaped bool, err error) {
	for i := j.at + 1; i < len(j.text); i++ {
		switch c := j.text[i]; {
		case c == '"':
			j.at = i + 1
			return i, escaped, nil
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			j.at = i
			return 0, false, errJSON
		}
	}
	j.at = len(j.text)
	return 0, false, errJSON
}

func unescape(s string) (string, error) {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++ // skipString has seen that something follows
		switch s[i] {
		case '"', '\\', '/':
			b.WriteByte(s[i])
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
		case 'u':
			r := hex4(s[i+1:])
			if r < 0 {
				return "", errJSON
			}
			i += 4
			if utf16.IsSurrogate(r) {
				pair := utf8.RuneError
				if strings.HasPrefix(s[i+1:], `\u`) {
					pair = utf16.DecodeRune(r, hex4(s[i+3:]))
				}
				if pair != utf8.RuneError {
					i += 6
				}
				r = pair
			}
			b.WriteRune(r)
		default:
			return "", errJSON
		}
	}
	return b.String(), nil
}

// hex4 is the value of four digits, or -1.
func hex4(s string) rune {
	if len(s) < 4 {
		return -1
	}
	r := rune(0)
	for i := range 4 {
		v := hexValue(s[i])
		if v < 0 {
			return -1
		}
		r = r<<4 | rune(v)
	}
	return r
}

// skip moves past the value that follows.
func (j *jsonText) skip(depth int) error {
	if depth > maxJSONDepth {
		return errJSONDeep
	}
	switch c := j.next(); c {
	case '"':
		_, _, err := j.skipString()
		return err
	case '{':
		return j.object(func(string) error { return j.skip(depth + 1) })
	case '[':
		return j.array(func() error { return j.skip(depth + 1) })
	case 0:
		return errJSON
	}
	// Numbers and words are not looked at closely: none of them matters here.
	start := j.at
	for j.at < len(j.text) && (isAlnum(j.text[j.at]) || strings.IndexByte("+-.", j.text[j.at]) >= 0) {
		j.at++
	}
	if j.at == start {
		return errJSON
	}
	return nil
}
