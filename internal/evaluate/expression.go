package evaluate

import (
	"strings"
	"unicode/utf8"
)

// What is asked here of a regular expression is how it is written, not what it matches: a range that takes in more than it seems to, a dot
// that was meant for itself. The expression need not parse.

// A glyph is one item of an expression outside classes: a character that stands for itself, or 0 for anything else.
type glyph struct {
	r       rune
	loose   bool // a dot that takes any character
	class   bool // a class or a group ends here
	repeats bool // a quantifier follows
	anchor  bool // ^ $ \A \Z \b
}

// glyphs reads an expression, and gives its ranges within classes to each.
func glyphs(pattern string, each func(lo, hi rune)) []glyph {
	var out []glyph
	for i := 0; i < len(pattern); {
		r, n := utf8.DecodeRuneInString(pattern[i:])
		i += n
		switch r {
		case '\\':
			if i >= len(pattern) {
				return out
			}
			r, n = utf8.DecodeRuneInString(pattern[i:])
			i += n
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
			switch {
			case strings.ContainsRune("AZzbB", r):
				out = append(out, glyph{anchor: true})
			case letter:
				out = append(out, glyph{class: true})
			default:
				out = append(out, glyph{r: r})
			}
		case '[':
			i = class(pattern, i, each)
			out = append(out, glyph{class: true})
		case '.':
			out = append(out, glyph{r: '.', loose: true})
		case '^', '$':
			out = append(out, glyph{anchor: true})
		case '*', '+', '?', '{':
			if r == '{' {
				end := strings.IndexByte(pattern[i:], '}')
				if end < 0 || strings.Trim(pattern[i:i+end], "0123456789,") != "" {
					out = append(out, glyph{r: r})
					break
				}
				i += end + 1
			}
			if len(out) > 0 {
				out[len(out)-1].repeats = true
			}
		case '(':
			out = append(out, glyph{})
			if strings.HasPrefix(pattern[i:], "?") {
				// (?: (?P<name> (?= (?i) …
				end := strings.IndexAny(pattern[i:], ":=!>)")
				if end < 0 {
					return out
				}
				i += end
				if pattern[i] != ')' {
					i++
				}
			}
		case ')':
			out = append(out, glyph{class: true})
		case '|':
			out = append(out, glyph{})
		default:
			out = append(out, glyph{r: r})
		}
	}
	return out
}

// class passes over a class from behind its bracket.
func class(pattern string, i int, each func(lo, hi rune)) int {
	if strings.HasPrefix(pattern[i:], "^") {
		i++
	}
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return i + 1
		}
		lo, plain, n := member(pattern[i:])
		i += n
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			hi, plainToo, m := member(pattern[i+1:])
			i += 1 + m
			if plain && plainToo && each != nil {
				each(lo, hi)
			}
		}
	}
	return i
}

// member reads one member of a class; plain when it is one character.
func member(s string) (r rune, plain bool, n int) {
	r, n = utf8.DecodeRuneInString(s)
	if r != '\\' || n >= len(s) {
		return r, true, n
	}
	r, m := utf8.DecodeRuneInString(s[n:])
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return r, !letter, n + m
}

// WideRange is the first range within a class of a regular expression that takes in more than it seems to: A-z has [ \ ] ^ _ and ` in it, 0-z
// and 9-A punctuation as well, and $-_, where a hyphen was meant for itself, all capitals and digits; "" where there is none.
func WideRange(pattern string) string {
	found := ""
	glyphs(pattern, func(lo, hi rune) {
		if found != "" || hi < lo {
			return
		}
		a, b := kindOf(lo), kindOf(hi)
		mixed := a != 0 && b != 0 && a != b
		if mixed || strings.ContainsRune("$%&'()*+,./", lo) && hi == '_' {
			found = string(lo) + "-" + string(hi)
		}
	})
	return found
}

func kindOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return 1
	case r >= 'A' && r <= 'Z':
		return 2
	case r >= 'a' && r <= 'z':
		return 3
	}
	return 0
}

// topDomains are ends of host names that are hardly anything else in an expression.
var topDomains = map[string]bool{
	"com": true, "org": true, "net": true, "edu": true, "gov": true, "mil": true, "io": true, "dev": true, "app": true, "cloud": true, "co": true, "info": true, "biz": true,
	"uk": true, "de": true, "fr": true, "nl": true, "eu": true, "jp": true, "cn": true, "ru": true, "au": true, "ca": true, "ch": true, "us": true, "tv": true, "me": true, "ai": true,
	"internal": true, "local": true, "localhost": true, "example": true, "test": true,
}

// A host is one that an expression spells out.
type host struct {
	text       string
	loose      bool // a dot of it takes any character
	start, end int  // in glyphs
}

// hosts are the host names in an expression.
func hosts(gs []glyph) []host {
	label := func(g glyph) bool {
		r := g.r
		return !g.repeats && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
	}
	var out []host
	for i := 0; i < len(gs); {
		if !label(gs[i]) {
			i++
			continue
		}
		h := host{start: i}
		j := i
		var b strings.Builder
		for j < len(gs) {
			if label(gs[j]) {
				b.WriteRune(gs[j].r)
				j++
				continue
			}
			if gs[j].r == '.' && !gs[j].repeats && j+1 < len(gs) && label(gs[j+1]) {
				h.loose = h.loose || gs[j].loose
				b.WriteByte('.')
				j++
				continue
			}
			break
		}
		h.text, h.end = b.String(), j
		// (www|beta).example.com, [a-z]+.example.com
		if i >= 2 && gs[i-1].loose && !gs[i-1].repeats && gs[i-2].class {
			h.loose = true
			h.text = "." + h.text
		}
		last := h.text[strings.LastIndexByte(h.text, '.')+1:]
		if strings.Contains(strings.TrimPrefix(h.text, "."), ".") && topDomains[strings.ToLower(last)] {
			out = append(out, h)
		}
		i = max(j, i+1)
	}
	return out
}

// LooseHost is a host name in a regular expression with a dot in it that takes any character, so that another host fits, too; "" where there is none.
func LooseHost(pattern string) string {
	for _, h := range hosts(glyphs(pattern, nil)) {
		if h.loose {
			return strings.TrimPrefix(h.text, ".")
		}
	}
	return ""
}

// OpenHost is a host name in a regular expression that need not end where it ends: nothing follows it, so good.com fits
// good.com.evil.com as well; "" where there is none, and where the whole text must match.
func OpenHost(pattern, method string) string {
	if strings.HasSuffix(method, "fullmatch") {
		return ""
	}
	gs := glyphs(pattern, nil)
	for _, h := range hosts(gs) {
		end := h.end
		for end < len(gs) && gs[end].class && !gs[end].repeats { // the ) of a group
			end++
		}
		before := h.start > 0 && (gs[h.start-1].r == '/' || gs[h.start-1].r == '.' || gs[h.start-1].r == '@' || gs[h.start-1].class || gs[h.start-1].anchor || gs[h.start-1] == glyph{})
		if end >= len(gs) && before {
			return strings.TrimPrefix(h.text, ".")
		}
	}
	return ""
}

// Anchored reports whether a regular expression is bound to the end of the text: $ or \Z stands at its end, or at that of each of its
// alternatives.
func Anchored(pattern string) bool {
	p := strings.TrimRight(pattern, ")")
	return strings.HasSuffix(p, "$") && !strings.HasSuffix(p, `\$`) || strings.HasSuffix(p, `\Z`) || strings.HasSuffix(p, `\z`)
}
