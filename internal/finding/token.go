package finding

import (
	"strings"
	"unicode/utf8"
)

// This is not Python's lexer, which lives above this package: it is only as exact as fingerprints and masks
// need. It must never fail, also on half a statement or on what is not Python at all, and it
// must give the same tokens for text that differs only in layout.

type tokenKind uint8

const (
	wordToken   tokenKind = iota // names, keywords
	numberToken                  // numbers
	stringToken                  // one literal, with its prefix
	markToken                    // operators and brackets
	lineToken                    // the end of a statement
)

type token struct {
	kind       tokenKind
	text       string // as written; of a string only what is between the quotes
	prefix     string // of a string: lower case, without u
	start, end int    // in the text; of a string between the quotes
}

// tokenize splits text into tokens, without comments, blanks and the line ends inside brackets.
func tokenize(text string) []token {
	out := tokenizeUpTo(nil, text, len(text))
	if n := len(out); n > 0 && out[n-1].kind == lineToken {
		out = out[:n-1]
	}
	return out
}

// tokenizeUpTo appends the tokens that begin at stop or before, and the one after those.
func tokenizeUpTo(out []token, text string, stop int) []token {
	first := len(out)
	depth := 0
	for i := 0; i < len(text); {
		if len(out) > first && out[len(out)-1].start > stop {
			return out
		}
		c := text[i]
		switch {
		case c == '\n' || c == '\r' || c == ';':
			i++
			if depth == 0 && len(out) > first && out[len(out)-1].kind != lineToken {
				out = append(out, token{kind: lineToken, text: ";", start: i - 1, end: i})
			}
		case c == '\\': // a continuation hides the line end
			i++
			if strings.HasPrefix(text[i:], "\r\n") {
				i += 2
			} else if i < len(text) && (text[i] == '\n' || text[i] == '\r') {
				i++
			}
		case c == ' ' || c == '\t' || c == '\f':
			i++
		case c == '#':
			for i < len(text) && text[i] != '\n' && text[i] != '\r' {
				i++
			}
		case c == '"' || c == '\'':
			t, n := stringAt(text, i, i)
			out, i = append(out, t), n
		case isWordByte(c) || c == '.' && i+1 < len(text) && isDigit(text[i+1]):
			n := wordEnd(text, i)
			switch {
			case n < len(text) && (text[n] == '"' || text[n] == '\'') && isPrefix(text[i:n]):
				t, m := stringAt(text, i, n)
				out, i = append(out, t), m
				continue
			case isDigit(c) || c == '.':
				n = numberEnd(text, i)
				out = append(out, token{kind: numberToken, text: text[i:n], start: i, end: n})
			default:
				out = append(out, token{kind: wordToken, text: text[i:n], start: i, end: n})
			}
			i = n
		default:
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth = max(depth-1, 0)
			}
			n := markEnd(text, i)
			out = append(out, token{kind: markToken, text: text[i:n], start: i, end: n})
			i = n
		}
	}
	return out
}

// stringAt reads the literal whose prefix starts at from and whose quote stands at quote. A literal that
// is not closed ends with its line, or with the text when it has three quotes.
func stringAt(text string, from, quote int) (t token, next int) {
	q := text[quote : quote+1]
	if strings.HasPrefix(text[quote:], q+q+q) {
		q = text[quote : quote+3]
	}
	t = token{kind: stringToken, prefix: canonicalPrefix(text[from:quote]), start: quote + len(q)}
	for i := t.start; ; {
		switch {
		case i >= len(text):
			t.text, t.end = text[t.start:], len(text)
			return t, len(text)
		case strings.HasPrefix(text[i:], q):
			t.text, t.end = text[t.start:i], i
			return t, i + len(q)
		case text[i] == '\\':
			i = min(i+2, len(text))
		case len(q) == 1 && (text[i] == '\n' || text[i] == '\r'):
			t.text, t.end = text[t.start:i], i
			return t, i
		default:
			i++
		}
	}
}

func isPrefix(s string) bool {
	if len(s) > 3 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("rRbBuUfFtT", s[i]) < 0 {
			return false
		}
	}
	return true
}

// canonicalPrefix writes Rb, bR and rb alike; u changes nothing.
func canonicalPrefix(s string) string {
	s = strings.ToLower(s)
	out := ""
	for _, c := range "bftr" {
		if strings.ContainsRune(s, c) {
			out += string(c)
		}
	}
	return out
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordByte(c byte) bool {
	return c == '_' || isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= utf8.RuneSelf
}

func wordEnd(text string, i int) int {
	for i < len(text) && isWordByte(text[i]) {
		i++
	}
	return i
}

func numberEnd(text string, i int) int {
	for start := i; i < len(text); i++ {
		c := text[i]
		sign := (c == '+' || c == '-') && i > start && text[i-1]|0x20 == 'e' && !strings.HasPrefix(strings.ToLower(text[start:i]), "0x")
		if !isWordByte(c) && c != '.' && !sign {
			break
		}
	}
	return i
}

var longMarks = []string{
	"**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<=", ">=", "<>", "**", "//", "<<", ">>",
	"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=",
}

func markEnd(text string, i int) int {
	for _, m := range longMarks {
		if strings.HasPrefix(text[i:], m) {
			return i + len(m)
		}
	}
	return i + 1
}
