package regex

import (
	"slices"
	"sync"
	"unicode"
)

// A charSet is a set of runes: a bitmap for ASCII and sorted, disjoint ranges for all.
type charSet struct {
	ascii  [2]uint64
	ranges []rune // lo, hi, lo, hi …
}

func (s *charSet) has(r rune) bool {
	if r < 128 {
		return s.ascii[r>>6]&(1<<(uint(r)&63)) != 0
	}
	lo, hi := 0, len(s.ranges)/2
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch {
		case r < s.ranges[2*mid]:
			hi = mid
		case r > s.ranges[2*mid+1]:
			lo = mid + 1
		default:
			return true
		}
	}
	return false
}

// size is the number of runes in the set.
func (s *charSet) size() int {
	n := 0
	for i := 0; i < len(s.ranges); i += 2 {
		n += int(s.ranges[i+1]-s.ranges[i]) + 1
	}
	return n
}

// overlaps reports whether the two sets share a rune.
func (s *charSet) overlaps(t *charSet) bool {
	i, j := 0, 0
	for i < len(s.ranges) && j < len(t.ranges) {
		switch {
		case s.ranges[i+1] < t.ranges[j]:
			i += 2
		case t.ranges[j+1] < s.ranges[i]:
			j += 2
		default:
			return true
		}
	}
	return false
}

// equal reports whether two sets hold the same runes.
func (s *charSet) equal(t *charSet) bool { return slices.Equal(s.ranges, t.ranges) }

// newSet makes a set of ranges in any order, overlapping or not. It takes the slice over.
func newSet(pairs []rune) *charSet {
	n := len(pairs) / 2
	order := make([][2]rune, n)
	for i := range order {
		order[i] = [2]rune{pairs[2*i], pairs[2*i+1]}
	}
	slices.SortFunc(order, func(a, b [2]rune) int { return int(a[0]) - int(b[0]) })
	out := pairs[:0]
	for _, p := range order {
		if k := len(out); k > 0 && p[0] <= out[k-1]+1 {
			out[k-1] = max(out[k-1], p[1])
			continue
		}
		out = append(out, p[0], p[1])
	}
	s := &charSet{ranges: out}
	for i := 0; i < len(out) && out[i] < 128; i += 2 {
		for r := out[i]; r <= out[i+1] && r < 128; r++ {
			s.ascii[r>>6] |= 1 << (uint(r) & 63)
		}
	}
	return s
}

// negate makes the set of all other runes.
func negate(pairs []rune) []rune {
	s := newSet(pairs)
	var out []rune
	next := rune(0)
	for i := 0; i < len(s.ranges); i += 2 {
		if s.ranges[i] > next {
			out = append(out, next, s.ranges[i]-1)
		}
		next = s.ranges[i+1] + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, next, unicode.MaxRune)
	}
	return out
}

// foldLimit bounds the runes beyond ASCII of one class that are folded: a class so wide
// holds both cases already.
const foldLimit = 4096

// foldPairs adds the other case of every rune. ASCII letters fold among themselves only.
func foldPairs(pairs []rune) []rune {
	s := newSet(pairs)
	out := s.ranges
	n := len(out)
	budget := foldLimit
	for i := 0; i < n; i += 2 {
		lo, hi := out[i], out[i+1]
		for r := max(lo, 'A'); r <= hi && r <= 'Z'; r++ {
			out = append(out, r+32, r+32)
		}
		for r := max(lo, 'a'); r <= hi && r <= 'z'; r++ {
			out = append(out, r-32, r-32)
		}
		for r := max(lo, 128); r <= hi && budget > 0; r++ {
			budget--
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				if f >= 128 {
					out = append(out, f, f)
				}
			}
		}
	}
	return out
}

var (
	digitPairs = []rune{'0', '9'}
	wordPairs  = []rune{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	spacePairs = []rune{'\t', '\r', ' ', ' '}
	hspace     = []rune{'\t', '\t', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x180E, 0x180E, 0x2000, 0x200A, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000}
	vspace     = []rune{'\n', '\r', 0x85, 0x85, 0x2028, 0x2029}
	notNewline = []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	anything   = []rune{0, unicode.MaxRune}
)

// tablePairs is a Unicode table as pairs.
func tablePairs(tables ...*unicode.RangeTable) []rune {
	var out []rune
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			out = append(out, lo, hi)
			return
		}
		for r := lo; r <= hi; r += stride {
			out = append(out, r, r)
		}
	}
	for _, t := range tables {
		for _, r := range t.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return out
}

// classPairs is what \d, \w or \s stands for, or their capital opposites.
func classPairs(letter byte, unicodeAware bool) []rune {
	var p []rune
	switch letter | 0x20 {
	case 'd':
		p = digitPairs
		if unicodeAware {
			p = tablePairs(unicode.Nd)
		}
	case 'w':
		p = wordPairs
		if unicodeAware {
			p = append(tablePairs(unicode.L, unicode.N), '_', '_')
		}
	case 's':
		p = spacePairs
		if unicodeAware {
			p = append(tablePairs(unicode.White_Space), 0x1C, 0x1F)
		}
	case 'h':
		p = hspace
	case 'v':
		p = vspace
	}
	p = slices.Clone(p)
	if letter < 'a' {
		p = negate(p)
	}
	return p
}

var classSets sync.Map // of a letter, negative for Unicode's, to its *charSet

// classSet is what \\d and its like stand for, as a set. Nobody writes to it.
func classSet(letter byte, unicodeAware bool) *charSet {
	key := int(letter)
	if unicodeAware {
		key = -key
	}
	if s, ok := classSets.Load(key); ok {
		return s.(*charSet)
	}
	s, _ := classSets.LoadOrStore(key, newSet(classPairs(letter, unicodeAware)))
	return s.(*charSet)
}

// posixPairs is what [:name:] stands for.
func posixPairs(name string) ([]rune, bool) {
	var p []rune
	switch name {
	case "alpha":
		p = []rune{'A', 'Z', 'a', 'z'}
	case "digit":
		p = []rune{'0', '9'}
	case "alnum":
		p = []rune{'0', '9', 'A', 'Z', 'a', 'z'}
	case "upper":
		p = []rune{'A', 'Z'}
	case "lower":
		p = []rune{'a', 'z'}
	case "space":
		p = []rune{'\t', '\r', ' ', ' '}
	case "blank":
		p = []rune{'\t', '\t', ' ', ' '}
	case "punct":
		p = []rune{'!', '/', ':', '@', '[', '`', '{', '~'}
	case "cntrl":
		p = []rune{0, 31, 127, 127}
	case "graph":
		p = []rune{'!', '~'}
	case "print":
		p = []rune{' ', '~'}
	case "xdigit":
		p = []rune{'0', '9', 'A', 'F', 'a', 'f'}
	case "word":
		p = slices.Clone(wordPairs)
	case "ascii":
		p = []rune{0, 127}
	default:
		return nil, false
	}
	return p, true
}

// propertyPairs is what \p{name} stands for: a general category or a script.
func propertyPairs(name string) ([]rune, bool) {
	switch name {
	case "Any":
		return slices.Clone(anything), true
	case "L&":
		return tablePairs(unicode.Lu, unicode.Ll, unicode.Lt), true
	case "Xan":
		return tablePairs(unicode.L, unicode.N), true
	case "Xwd":
		return append(tablePairs(unicode.L, unicode.N), '_', '_'), true
	case "Xsp", "Xps":
		return tablePairs(unicode.White_Space), true
	}
	if t, ok := unicode.Categories[name]; ok {
		return tablePairs(t), true
	}
	if t, ok := unicode.Scripts[name]; ok {
		return tablePairs(t), true
	}
	return nil, false
}
