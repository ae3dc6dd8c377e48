package syntax

import "strings"

// maxIntDigits is how long CPython lets a decimal integer be.
const maxIntDigits = 4300

// scanNumber reads a number. What follows at once may be only a keyword that can follow an expression.
func (s *scanner) scanNumber(i int) {
	j, bad := s.number(i)
	s.kind = tNumber
	if !bad && j < len(s.text) && (wordBytes[s.text[j]] || s.text[j] >= 0x80) {
		switch c := s.text[j]; {
		case c == 'l' || c == 'L':
			if j+1 < len(s.text) && wordBytes[s.text[j+1]] {
				bad = true
				break
			}
			j++
			s.python2(i, j, py2Long)
		case !followsNumber(s.text[j:]):
			bad = true
		}
	}
	if bad {
		for j < len(s.text) && wordBytes[s.text[j]] {
			j++
		}
		s.errorAt(i, j, "this number is not well formed")
	}
	s.token(i, j)
}

// followsNumber tells whether a word that may follow a number without a space comes next.
func followsNumber(text string) bool {
	for _, w := range [...]string{"and", "else", "for", "if", "in", "is", "or", "not"} {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}

// number finds the end of the number at i, and whether it is wrong up to there.
func (s *scanner) number(i int) (end int, bad bool) {
	text, j := s.text, i
	if text[i] == '0' && i+1 < len(text) {
		switch text[i+1] | 0x20 {
		case 'x':
			return s.digits(i+2, true, isHex)
		case 'o':
			return s.digits(i+2, true, isOctal)
		case 'b':
			return s.digits(i+2, true, isBinary)
		}
	}
	if text[i] != '.' {
		if j, bad = s.digits(i, false, isDecimal); bad {
			return j, true
		}
	}
	whole := j
	isFloat := false
	if j < len(text) && text[j] == '.' {
		isFloat = true
		j++
		if j < len(text) && isDecimal(text[j]) {
			if j, bad = s.digits(j, false, isDecimal); bad {
				return j, true
			}
		}
	}
	if j < len(text) && text[j]|0x20 == 'e' {
		k := j + 1
		if k < len(text) && (text[k] == '+' || text[k] == '-') {
			k++
		}
		switch {
		case k < len(text) && isDecimal(text[k]):
			isFloat = true
			if j, bad = s.digits(k, false, isDecimal); bad {
				return j, true
			}
		case k > j+1:
			return k, true
		}
	}
	if j < len(text) && text[j]|0x20 == 'j' {
		return j + 1, false
	}
	if isFloat {
		return j, false
	}
	return j, s.checkInt(i, whole)
}

// checkInt finds what is wrong with a decimal integer that is well formed.
func (s *scanner) checkInt(i, end int) (bad bool) {
	if end-i > maxIntDigits && len(strings.ReplaceAll(s.text[i:end], "_", "")) > maxIntDigits {
		s.errorAt(i, end, "this number has more digits than Python reads")
	}
	if s.text[i] != '0' || strings.Trim(s.text[i:end], "0_") == "" {
		return false
	}
	if strings.Trim(s.text[i:end], "01234567") != "" {
		return true
	}
	s.python2(i, end, py2Octal)
	return false
}

// digits passes over digits with single underscores between them.
func (s *scanner) digits(i int, underscoreFirst bool, is func(byte) bool) (end int, bad bool) {
	text := s.text
	if underscoreFirst && i < len(text) && text[i] == '_' {
		i++
	}
	for {
		if i >= len(text) || !is(text[i]) {
			return i, true
		}
		for i < len(text) && is(text[i]) {
			i++
		}
		if i >= len(text) || text[i] != '_' {
			return i, false
		}
		i++
	}
}

func isDecimal(c byte) bool { return c >= '0' && c <= '9' }
func isOctal(c byte) bool   { return c >= '0' && c <= '7' }
func isBinary(c byte) bool  { return c == '0' || c == '1' }
func isHex(c byte) bool {
	return isDecimal(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
}
