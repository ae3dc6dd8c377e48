package pattern

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A wordFinder finds in one pass of a file's text where the words stand that guards need (see [guard]): a name that matches
// `.*(password|token)` holds one of the two. Nodes without such a word in them are not tried, which is nearly all nodes
// of nearly all files.
//
// It is the algorithm of Wu and Manber: the pair of bytes at the end of a window says how far the next word can be.
type wordFinder struct {
	words []word
	width int // of the window: the length of the shortest word
	shift [pairs]uint8
	ends  [pairs][]uint16 // words whose first width bytes end with the pair
	lists map[string]int  // by expression
}

type word struct {
	text  string // in lower case
	lists []int  // of the guards that need it
}

const (
	pairs        = 1 << 10
	shortestWord = 3
	longestWord  = 200 // a window wider than a byte can say helps nobody
)

// pairOf folds case, and some others that are told apart when a word is compared.
func pairOf(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// add gives the number of the list that says where the words of an expression stand; -1 when it needs none.
func (f *wordFinder) add(re *regex.Regexp) int {
	if list, ok := f.lists[re.String()]; ok {
		return list
	}
	literals := re.Literals()
	if len(literals) == 0 {
		return -1
	}
	needed := make([]string, len(literals))
	for i, l := range literals {
		// What holds security-credentials holds security, which no escape can hide.
		for w := range strings.FieldsFuncSeq(l.Text, notWord) {
			if len(w) > len(needed[i]) {
				needed[i] = w
			}
		}
		if len(needed[i]) < shortestWord || len(needed[i]) > longestWord {
			return -1
		}
	}
	list := len(f.lists)
	if f.lists == nil {
		f.lists = map[string]int{}
	}
	f.lists[re.String()] = list
	for _, w := range needed {
		text := strings.ToLower(w) // more than what is asked for is no harm
		i := slices.IndexFunc(f.words, func(w word) bool { return w.text == text })
		if i < 0 {
			i = len(f.words)
			f.words = append(f.words, word{text: text})
		}
		f.words[i].lists = append(f.words[i].lists, list)
	}
	return list
}

func notWord(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_')
}

// link prepares the tables, after the last add.
func (f *wordFinder) link() {
	f.width = longestWord
	for _, w := range f.words {
		f.width = min(f.width, len(w.text))
	}
	for i := range f.shift {
		f.shift[i] = uint8(f.width - 1)
	}
	for i, w := range f.words {
		for j := 1; j < f.width; j++ {
			p := pairOf(w.text[j-1], w.text[j])
			f.shift[p] = min(f.shift[p], uint8(f.width-1-j))
		}
		p := pairOf(w.text[f.width-2], w.text[f.width-1])
		f.ends[p] = append(f.ends[p], uint16(i))
	}
}

// places are where words stand in a file, in order.
type places struct {
	lists [][]uint32
	wide  []uint32 // bytes beyond ASCII: a name that holds one means another one, spelled in its normal form
	known bool
}

func (f *wordFinder) find(text string, out *places) {
	out.known = true
	if len(f.words) == 0 {
		return
	}
	if out.lists == nil {
		out.lists = make([][]uint32, len(f.lists))
	}
	for i := f.width - 1; i < len(text); {
		a, b := text[i-1], text[i]
		if (a|b)&0x80 != 0 {
			out.wide = append(out.wide, uint32(i))
			i++
			continue
		}
		p := pairOf(a, b)
		if s := f.shift[p]; s > 0 {
			i += int(s)
			continue
		}
		start := i - (f.width - 1)
		for _, w := range f.ends[p] {
			word := &f.words[w]
			if len(text)-start >= len(word.text) && strings.EqualFold(text[start:start+len(word.text)], word.text) {
				for _, l := range word.lists {
					out.lists[l] = append(out.lists[l], uint32(start))
				}
			}
		}
		i++
	}
}

// wordsOf are the places of words, when the leaf asks for them; nil when the few nodes that it may match at are sooner read themselves.
func (x *index) wordsOf(l *leaf) *places {
	if !slices.ContainsFunc(l.guards, func(g guard) bool { return g.list >= 0 }) {
		return nil
	}
	if !x.words.known {
		sum := 0
		nodes, _ := x.nodes(&l.anchor)
		for _, n := range nodes {
			sum += n.Span().Len()
		}
		if sum < len(x.module.File.Text)/4 {
			return nil
		}
		x.set.words.find(x.module.File.Text, &x.words)
	}
	return &x.words
}

// mayHold reports whether a word that an expression needs may stand in a text.
func mayHold(re *regex.Regexp, text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return true // a name that holds one means another one, spelled in its normal form
		}
	}
	return re.May(text)
}

func (p *places) reset() {
	for i := range p.lists {
		p.lists[i] = p.lists[i][:0]
	}
	p.wide, p.known = p.wide[:0], false
}

// within reports whether a word of a list may stand in a span.
func (p *places) within(list int, span source.Span) bool {
	return anyIn(p.lists[list], span) || anyIn(p.wide, span)
}

func anyIn(sorted []uint32, span source.Span) bool {
	lo, hi := 0, len(sorted)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if sorted[mid] < span.Start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(sorted) && sorted[lo] < span.End
}

// spelled reports whether what a metavariable of a pattern is bound to stands, as it is, within what the pattern matches. So it does
// not for text in strings, which may be written with escapes or come from a constant, for the name in module.$X, which an import may have
// changed, and wherever definitions are followed.
func (l *leaf) spelled(name string) bool {
	if l.options&optSymbolic != 0 || len(l.pattern.Body) > 1 {
		return false
	}
	ok, binds := true, false
	visit := func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			binds = binds || n.Name == name
		case *syntax.Keyword:
			binds = binds || n.Name == name
		case *syntax.Param:
			binds = binds || n.Name == name
		case *syntax.FunctionDef:
			binds = binds || n.Name.Name == name
		case *syntax.ClassDef:
			binds = binds || n.Name.Name == name
		case *syntax.Str:
			ok = ok && !strings.Contains(n.Value, name)
		case *syntax.Attribute:
			binds = binds || n.Name == name
			ok = ok && !(n.Name == name && dotted(n.X) != "")
		}
		return ok
	}
	p := l.pattern
	switch {
	case p.Expr != nil:
		syntax.Inspect(p.Expr, visit)
	case p.Partial != nil:
		syntax.Inspect(p.Partial, visit)
	case len(p.Body) == 1:
		syntax.Inspect(p.Body[0], visit)
	default:
		return false
	}
	return ok && binds
}
