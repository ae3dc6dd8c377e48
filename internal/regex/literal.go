package regex

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Literal is a text that a match needs.
type Literal struct {
	Text string
	Fold bool // Text is in lower case, and ASCII letters match in either case
}

// In reports whether a text contains the literal.
func (l Literal) In(text string) bool {
	if !l.Fold {
		return strings.Contains(text, l.Text)
	}
	return newNeedles([]Literal{l}).in(text)
}

// at reports whether a text begins with the literal.
func (l *Literal) at(text string) bool {
	if len(text) < len(l.Text) {
		return false
	}
	if !l.Fold {
		return text[:len(l.Text)] == l.Text
	}
	for i := range len(l.Text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != l.Text[i] {
			return false
		}
	}
	return true
}

// needles look for one of several literals in one pass.
type needles struct {
	list   []Literal
	first  [256]uint32 // by byte, which ones begin with it, as bits: there are mostTexts at most
	common bool        // all begin with the same byte, in one case
	fold   bool
}

func newNeedles(list []Literal) *needles {
	n := &needles{list: list, common: true}
	for i, l := range list {
		c := l.Text[0]
		n.first[c] |= 1 << i
		n.fold = n.fold || l.Fold
		if l.Fold && c >= 'a' && c <= 'z' {
			n.first[c-'a'+'A'] |= 1 << i
			n.common = false
		}
		n.common = n.common && c == list[0].Text[0]
	}
	return n
}

// longText is from where on one fast pass for each literal beats a slow one for all.
const longText = 512

func (n *needles) in(text string) bool {
	switch {
	case n.common:
		c := n.list[0].Text[0]
		for i := strings.IndexByte(text, c); i >= 0; {
			if n.at(text[i:], n.first[c]) {
				return true
			}
			next := strings.IndexByte(text[i+1:], c)
			if next < 0 {
				return false
			}
			i += 1 + next
		}
		return false
	case !n.fold && len(text) > longText:
		for i := range n.list {
			if strings.Contains(text, n.list[i].Text) {
				return true
			}
		}
		return false
	}
	for i := range len(text) {
		if begin := n.first[text[i]]; begin != 0 && n.at(text[i:], begin) {
			return true
		}
	}
	return false
}

// next is where the next of the literals begins, from a place on; -1 when there is none.
func (n *needles) next(text string, from int) int {
	if n.common {
		c := n.list[0].Text[0]
		for i := from; ; i++ {
			skip := strings.IndexByte(text[i:], c)
			if skip < 0 {
				return -1
			}
			if i += skip; n.at(text[i:], n.first[c]) {
				return i
			}
		}
	}
	for i := from; i < len(text); i++ {
		if begin := n.first[text[i]]; begin != 0 && n.at(text[i:], begin) {
			return i
		}
	}
	return -1
}

// at reports whether a text begins with one of some literals, which are given as bits.
func (n *needles) at(text string, some uint32) bool {
	for ; some != 0; some &= some - 1 {
		if n.list[bits.TrailingZeros32(some)].at(text) {
			return true
		}
	}
	return false
}

// Bounds on what is collected: more texts, or longer ones, tell little more.
const (
	mostExact    = 8
	mostTexts    = 24
	longestText  = 48
	shortestText = 2
)

// A strs is a finite set of texts, of which one must be there.
type strs struct {
	texts []string
	fold  bool
}

func (s strs) known() bool { return len(s.texts) > 0 }

// worth orders sets: the longer the shortest text the better, then the fewer.
func (s strs) worth() int {
	if !s.known() {
		return -1
	}
	least := longestText
	for _, t := range s.texts {
		least = min(least, len(t))
	}
	return least*64 - len(s.texts)
}

func literals(tree *node) []Literal {
	s := tree.required()
	if s.worth() < shortestText*64-mostTexts {
		return nil
	}
	var out []Literal
	for _, t := range s.texts {
		if len(t) < shortestText {
			return nil
		}
		l := Literal{Text: t, Fold: s.fold}
		if s.fold {
			l.Text = lowerASCII(t)
			l.Fold = strings.ContainsFunc(l.Text, func(r rune) bool { return r >= 'a' && r <= 'z' })
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r | 0x20
		}
		return r
	}, s)
}

// exact is the set of all texts that a node takes, when they are few.
func (n *node) exact() (strs, bool) {
	switch n.op {
	case opRune:
		if n.r == utf8.RuneError {
			return strs{}, false
		}
		return strs{texts: []string{string(n.r)}}, true
	case opSet:
		return n.set.exact()
	case opConcat:
		out := strs{texts: []string{""}}
		for _, s := range n.subs {
			e, ok := s.exact()
			if !ok {
				return strs{}, false
			}
			if out, ok = cross(out, e); !ok {
				return strs{}, false
			}
		}
		return out, true
	case opAlt:
		var out strs
		for _, s := range n.subs {
			e, ok := s.exact()
			if !ok || len(out.texts)+len(e.texts) > mostExact {
				return strs{}, false
			}
			out.texts = append(out.texts, e.texts...)
			out.fold = out.fold || e.fold
		}
		return out, true
	case opRepeat:
		if n.min != n.max || n.min > longestText {
			return strs{}, false
		}
		e, ok := n.subs[0].exact()
		out := strs{texts: []string{""}}
		for i := 0; ok && i < n.min; i++ {
			out, ok = cross(out, e)
		}
		return out, ok
	case opGroup, opAtomic:
		return n.subs[0].exact()
	case opBackref, opCond:
		return strs{}, false
	}
	return strs{texts: []string{""}}, true // an assertion takes nothing
}

// once is what is repeated, when it is there once at least and takes few texts.
func (n *node) once() (strs, bool) {
	if n.op != opRepeat || n.min == 0 {
		return strs{}, false
	}
	e, ok := n.subs[0].exact()
	return e, ok && e.known() && !slices.Contains(e.texts, "")
}

func (s *charSet) exact() (strs, bool) {
	if s.size() > 4 || s.has(utf8.RuneError) {
		return strs{}, false
	}
	var out strs
	for i := 0; i < len(s.ranges); i += 2 {
		for r := s.ranges[i]; r <= s.ranges[i+1]; r++ {
			if r >= 'a' && r <= 'z' && s.has(r-32) {
				out.fold = true // the capital stands for both
				continue
			}
			out.texts = append(out.texts, string(r))
		}
	}
	return out, len(out.texts) > 0
}

// beyondASCII is a set of runes that are all written in several bytes, which makes texts worth looking for of them.
func (s *charSet) beyondASCII() strs {
	if len(s.ranges) == 0 || s.ranges[0] < utf8.RuneSelf || s.size() > mostTexts || s.has(utf8.RuneError) {
		return strs{}
	}
	var out strs
	for i := 0; i < len(s.ranges); i += 2 {
		for r := s.ranges[i]; r <= s.ranges[i+1]; r++ {
			out.texts = append(out.texts, string(r))
		}
	}
	return out
}

func cross(a, b strs) (strs, bool) {
	if len(a.texts)*len(b.texts) > mostExact {
		return strs{}, false
	}
	out := strs{fold: a.fold || b.fold}
	for _, x := range a.texts {
		for _, y := range b.texts {
			if len(x)+len(y) > longestText {
				return strs{}, false
			}
			out.texts = append(out.texts, x+y)
		}
	}
	return out, true
}

// required is a set of texts of which one must be in every text that a node matches.
func (n *node) required() strs {
	if e, ok := n.exact(); ok && n.op != opLook {
		if slices.Contains(e.texts, "") && n.op != opConcat {
			return strs{}
		}
		if !slices.Contains(e.texts, "") {
			return e
		}
	}
	var best strs
	consider := func(s strs) {
		if !slices.Contains(s.texts, "") && s.worth() > best.worth() {
			best = s
		}
	}
	switch n.op {
	case opConcat:
		run := strs{texts: []string{""}}
		for _, s := range n.subs {
			e, ok := s.exact()
			if s.op == opLook {
				consider(s.required())
			}
			if ok {
				if joined, fits := cross(run, e); fits {
					run = joined
					continue
				}
			}
			if once, ok := s.once(); ok { // x in ax+b follows on a, and b follows on x
				if joined, fits := cross(run, once); fits {
					run = joined
				}
				consider(run)
				run = once
				continue
			}
			consider(run)
			if run = e; !ok {
				consider(s.required())
				run = strs{texts: []string{""}}
			}
		}
		consider(run)
	case opAlt:
		for _, s := range n.subs {
			r := s.required()
			if !r.known() || len(best.texts)+len(r.texts) > mostTexts {
				return strs{}
			}
			best.texts = append(best.texts, r.texts...)
			best.fold = best.fold || r.fold
		}
	case opSet:
		return n.set.beyondASCII()
	case opRepeat:
		if n.min > 0 {
			return n.subs[0].required()
		}
	case opGroup, opAtomic:
		return n.subs[0].required()
	case opLook:
		if !n.negated {
			return n.subs[0].required()
		}
	}
	return best
}

// beyondASCII reports whether every text that a node matches, or what a look finds beside it, has a character beyond ASCII.
func (n *node) beyondASCII() bool {
	switch n.op {
	case opRune:
		return !n.negated && n.r >= utf8.RuneSelf
	case opSet:
		return len(n.set.ranges) > 0 && n.set.ranges[0] >= utf8.RuneSelf
	case opConcat:
		return slices.ContainsFunc(n.subs, (*node).beyondASCII)
	case opAlt:
		return !slices.ContainsFunc(n.subs, func(s *node) bool { return !s.beyondASCII() })
	case opRepeat:
		return n.min > 0 && n.subs[0].beyondASCII()
	case opGroup, opAtomic:
		return n.subs[0].beyondASCII()
	case opLook:
		return !n.negated && n.subs[0].beyondASCII()
	}
	return false
}
