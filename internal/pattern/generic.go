package pattern

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// A genericPattern is a pattern of Semgrep's `generic` language: words, punctuation, `...`, `$X` and `$...X`.
//
// A pattern that is written with indentation asks for it: an indented block matches an indented block (or what
// stands between brackets on one line) and all of it. A flat pattern does not care how the text is indented.
type genericPattern struct {
	lex   genericLexer
	elems []genericElem
	slots []string // the metavariables, in order of appearance
	order []int    // slots in order of their names
	span  int32    // lines that `...` may cover beyond the one where it begins

	needs      string // the longest literal word: a text without it has no match
	startsDots bool
	endsDots   bool
}

type genericKind uint8

const (
	gWord    genericKind = iota // text
	gPunct                      // text, one byte; bytes beyond ASCII too
	gNewline                    // only where the end of a line is a token
	gMetavar                    // one word, bound to slot
	gDots                       // anything; bound to slot unless that is negative
	gOpen                       // a block begins
	gClose                      // a block ends
	gEnd
)

type genericElem struct {
	kind  genericKind
	long  bool   // gDots: written ...., and goes beyond the line
	empty bool   // gOpen: the block is nothing but dots
	rest  bool   // gOpen: and so is what follows it
	free  bool   // what follows asks for no metavariable that is bound before
	depth int32  // blocks around it
	mate  int32  // gOpen: where it closes
	slot  int32  // gMetavar, gDots
	text  string // gWord, gPunct
}

// mostGenericElems bounds a pattern, and so what is remembered about it.
const mostGenericElems = 1 << 11

// compileGeneric reads a generic pattern. The error is one line and says what to change.
func compileGeneric(text string, o Options) (*genericPattern, error) {
	g := &genericPattern{lex: newGenericLexer(o), span: int32(max(o.GenericEllipsisMaxSpan, 0))}
	tokens := g.lex.read(text, true)
	if len(tokens) > mostGenericElems {
		return nil, fmt.Errorf("the pattern has more than %d words and signs: split it", mostGenericElems)
	}
	if err := g.build(tokens); err != nil {
		return nil, err
	}
	literal := false
	for i, e := range g.elems {
		switch e.kind {
		case gWord:
			literal = true
			if len(e.text) > len(g.needs) {
				g.needs = e.text
			}
		case gPunct, gMetavar:
			literal = true
		case gOpen:
			g.elems[i].empty, g.elems[i].rest = true, true
			for j := i + 1; g.elems[j].kind != gEnd; j++ {
				if g.elems[j].depth < e.depth {
					break // the block around it ends
				}
				k := g.elems[j].kind
				blank := k == gDots || k == gOpen || k == gClose
				if j < int(e.mate) {
					g.elems[i].empty = g.elems[i].empty && blank
				}
				g.elems[i].rest = g.elems[i].rest && blank
			}
		}
	}
	if len(tokens) == 0 {
		return nil, errors.New("the pattern is empty: write at least one word or sign")
	}
	if !literal && !slices.ContainsFunc(g.elems, func(e genericElem) bool { return e.kind == gDots }) {
		return nil, errors.New("the pattern has neither a word nor a sign to look for")
	}
	g.startsDots = g.elems[0].kind == gDots
	g.endsDots = g.elems[len(g.elems)-2].kind == gDots
	g.markFree()
	g.order = make([]int, len(g.slots))
	for i := range g.order {
		g.order[i] = i
	}
	slices.SortFunc(g.order, func(a, b int) int { return strings.Compare(g.slots[a], g.slots[b]) })
	return g, nil
}

// build makes the elements of the tokens.
func (g *genericPattern) build(tokens []genericToken) error {
	var open []int32
	for _, t := range tokens {
		e := genericElem{kind: t.kind, long: t.long, slot: -1, depth: int32(len(open))}
		at := int32(len(g.elems))
		switch t.kind {
		case gWord, gPunct:
			e.text = t.text
		case gMetavar, gDots:
			if t.text == "" {
				break
			}
			if t.kind == gDots && at > 0 && g.elems[at-1].kind == gDots {
				return fmt.Errorf("%s stands right after another ellipsis: leave out one of the two", t.text)
			}
			e.slot = int32(slices.Index(g.slots, t.text))
			if e.slot < 0 {
				e.slot = int32(len(g.slots))
				g.slots = append(g.slots, t.text)
			}
		case gOpen:
			open = append(open, at)
		case gClose:
			g.elems[open[len(open)-1]].mate = at
			open = open[:len(open)-1]
			e.depth--
		}
		g.elems = append(g.elems, e)
	}
	g.elems = append(g.elems, genericElem{kind: gEnd, free: true})
	return nil
}

// markFree finds the elements from which on the outcome does not depend on what is bound already.
func (g *genericPattern) markFree() {
	bound := make([][]bool, len(g.elems)) // before each element
	have := make([]bool, len(g.slots))
	for i, e := range g.elems {
		bound[i] = slices.Clone(have)
		if e.slot >= 0 && (e.kind == gMetavar || e.kind == gDots) {
			have[e.slot] = true
		}
	}
	for i := range g.elems {
		g.elems[i].free = true
		for _, e := range g.elems[i:] {
			if (e.kind == gMetavar || e.kind == gDots) && e.slot >= 0 && bound[i][e.slot] {
				g.elems[i].free = false
				break
			}
		}
	}
}

// may reports whether a text has the word that every match needs.
func (g *genericPattern) may(text string) bool {
	if g.lex.caseless {
		return true
	}
	return strings.Contains(text, g.needs)
}

// match finds the pattern in a span of a text. Every step is taken from the budget; when that is
// used up it is negative, and what was found until then has been emitted.
func (g *genericPattern) match(text string, span source.Span, budget *int, emit func(source.Span, []Binding)) {
	if !g.may(text[span.Start:span.End]) {
		return
	}
	g.matchIn(newGenericDoc(text, span, g.lex), budget, emit)
}

// A genericDoc is a text that was read for generic patterns. Patterns with the same lexer may share it.
type genericDoc struct {
	text  string
	lex   genericLexer
	toks  []genericTok // the last is the end
	first []bool       // begins a block, or its line where lines count
}

// A genericTok is a word or sign of the text, or an end of a block.
type genericTok struct {
	kind       genericKind
	start, end uint32
	line       int32
	mate       int32 // gOpen and gClose: each other; gPunct: the other bracket, or -1
}

func newGenericDoc(text string, span source.Span, lex genericLexer) *genericDoc {
	doc := &genericDoc{text: text, lex: lex}
	part := text[span.Start:span.End]
	tokens := lex.read(part, false)
	doc.toks = make([]genericTok, 0, len(tokens)+1)
	doc.first = make([]bool, len(tokens)+1)
	var open []int32
	first := true
	for i, t := range tokens {
		tok := genericTok{kind: t.kind, start: t.start + span.Start, end: t.end + span.Start, line: t.line, mate: -1}
		doc.first[i] = first
		first = false
		switch t.kind {
		case gOpen:
			open = append(open, int32(i))
			first = true
		case gClose:
			tok.mate = open[len(open)-1]
			doc.toks[tok.mate].mate = int32(i)
			open = open[:len(open)-1]
		case gNewline:
			first = true
		}
		doc.toks = append(doc.toks, tok)
	}
	doc.toks = append(doc.toks, genericTok{kind: gClose, start: span.End, end: span.End, line: math.MaxInt32, mate: -1})
	if lex.alien {
		doc.pair()
	}
	return doc
}

// pair leads brackets to each other, over the whole text.
func (d *genericDoc) pair() {
	type opener struct {
		at    int32
		close byte
	}
	var open []opener
	for i := range d.toks {
		t := &d.toks[i]
		if t.kind != gPunct {
			if t.kind == gNewline {
				// A quote that is not closed on its line is no bracket.
				open = slices.DeleteFunc(open, func(o opener) bool { return d.text[d.toks[o.at].start] == o.close })
			}
			continue
		}
		c := d.text[t.start]
		if n := len(open); n > 0 && open[n-1].close == c {
			t.mate = open[n-1].at
			d.toks[t.mate].mate = int32(i)
			open = open[:n-1]
			continue
		}
		for _, b := range d.lex.brackets {
			if b[0] == c {
				open = append(open, opener{int32(i), b[1]})
				break
			}
		}
	}
}

// A genericMatch is one way in which a pattern matches.
type genericMatch struct {
	first, last int32
	vars        []source.Span
}

// matchIn is match on a text that has been read.
func (g *genericPattern) matchIn(doc *genericDoc, budget *int, emit func(source.Span, []Binding)) {
	m := genericMatcher{g: g, doc: doc, budget: budget, vars: make([]source.Span, len(g.slots)), bound: make([]bool, len(g.slots))}
	var found []genericMatch
	keep := map[int32]int{} // by the last token: of several matches that end there, one is kept
	scopes := []int32{int32(len(doc.toks) - 1)}
	elem := &g.elems[0]
	for i := int32(0); i < int32(len(doc.toks)-1) && *budget > 0; i++ {
		t := &doc.toks[i]
		switch t.kind {
		case gOpen:
			scopes = append(scopes, t.mate)
			continue
		case gClose:
			scopes = scopes[:len(scopes)-1]
			continue
		}
		*budget--
		if g.startsDots {
			if !doc.first[i] {
				continue
			}
		} else if elem.kind != gMetavar && !m.equal(elem, t) {
			continue
		}
		m.trail = m.trail[:0]
		clear(m.bound)
		m.line = t.line
		last, ok := m.run(0, i, genericDots{}, -1, scopes[len(scopes)-1])
		if !ok {
			continue
		}
		last = max(last, i)
		// Vars are set along the way, and what is left of failed ways is not bound.
		vars := slices.Clone(m.vars)
		for s := range vars {
			if !m.bound[s] {
				vars[s] = source.Span{Start: t.start, End: t.start}
			}
		}
		if _, taken := keep[last]; !taken || !g.endsDots {
			keep[last] = len(found)
		}
		found = append(found, genericMatch{i, last, vars})
		if doc.lex.alien {
			i = last
		}
	}
	if *budget <= 0 {
		*budget = -1 // and so it is told from one that was just enough
	}
	for n, f := range found {
		if keep[f.last] != n {
			continue
		}
		bindings := make([]Binding, 0, len(g.slots))
		for _, s := range g.order {
			bindings = append(bindings, Binding{Name: g.slots[s], Text: doc.text[f.vars[s].Start:f.vars[s].End], Span: f.vars[s]})
		}
		emit(source.Span{Start: doc.toks[f.first].start, End: doc.toks[f.last].end}, bindings)
	}
}

// genericDots is an ellipsis that is being matched.
type genericDots struct {
	on   bool
	long bool
	line int32 // the last line that it may reach
	slot int32
	from int32 // the first token that it covers, or -1
	to   int32
}

type genericMatcher struct {
	g      *genericPattern
	doc    *genericDoc
	budget *int
	line   int32 // of the token where the match begins
	vars   []source.Span
	bound  []bool
	trail  []int32 // slots in the order in which they were bound
	steps  int
	failed map[uint64]struct{}
}

// From so many steps on, a matcher remembers what has failed.
const genericMemoAfter = 4096

// undo takes back what was bound since mark.
func (m *genericMatcher) undo(mark int) {
	for _, s := range m.trail[mark:] {
		m.bound[s] = false
	}
	m.trail = m.trail[:mark]
}

// bind gives a metavariable its text, or compares it with the one it has.
func (m *genericMatcher) bind(slot int32, span source.Span) bool {
	if m.bound[slot] {
		old := m.vars[slot]
		return m.doc.text[old.Start:old.End] == m.doc.text[span.Start:span.End]
	}
	m.bound[slot], m.vars[slot] = true, span
	m.trail = append(m.trail, slot)
	return true
}

// bindDots ends an ellipsis; last is the token before it.
func (m *genericMatcher) bindDots(d genericDots, last, next int32) bool {
	if !d.on || d.slot < 0 {
		return true
	}
	// What it took begins where the token before ends: the space between is a part of it.
	var at uint32
	switch {
	case last >= 0:
		at = m.doc.toks[last].end
	case d.from >= 0:
		at = m.doc.toks[d.from].start
	default:
		at = m.doc.toks[next].start
	}
	if d.from < 0 {
		return m.bind(d.slot, source.Span{Start: at, End: at})
	}
	return m.bind(d.slot, source.Span{Start: at, End: m.doc.toks[d.to].end})
}

// equal compares an element that binds nothing with a token.
func (m *genericMatcher) equal(e *genericElem, t *genericTok) bool {
	if e.kind != t.kind {
		return false
	}
	switch e.kind {
	case gWord:
		if int(t.end-t.start) != len(e.text) {
			return false
		}
		text := m.doc.text[t.start:t.end]
		return text == e.text || m.g.lex.caseless && equalFoldASCII(text, e.text)
	case gPunct:
		return m.doc.text[t.start] == e.text[0]
	}
	return true
}

func equalFoldASCII(a, b string) bool {
	for i := range len(a) {
		x, y := a[i], b[i]
		if x >= 'A' && x <= 'Z' {
			x |= 0x20
		}
		if y >= 'A' && y <= 'Z' {
			y |= 0x20
		}
		if x != y {
			return false
		}
	}
	return true
}

// skip lets an ellipsis cover the token at, and returns the next; -1 when it may not.
func (m *genericMatcher) skip(d *genericDots, at int32) int32 {
	t := &m.doc.toks[at]
	end := at
	if m.doc.lex.alien {
		switch {
		case t.kind == gNewline && !d.long:
			return -1
		case t.kind == gPunct && t.mate >= 0 && t.mate < at:
			return -1 // it closes what was opened before the ellipsis
		case t.kind == gPunct && t.mate > at:
			if m.doc.lex.lines && !d.long && m.doc.toks[t.mate].line != t.line {
				return -1
			}
			end = t.mate
		}
	}
	if d.from < 0 && t.kind != gNewline {
		d.from = at
	}
	if t.kind != gNewline {
		d.to = end
	}
	return end + 1
}

// trailing lets an ellipsis at the end of a block cover what is left of it, as far as it may reach.
func (m *genericMatcher) trailing(d *genericDots, at, last int32) int32 {
	for depth := 0; ; {
		t := &m.doc.toks[at]
		switch t.kind {
		case gOpen:
			depth++
			at++
			continue
		case gClose:
			if depth == 0 {
				return last
			}
			depth--
			at++
			continue
		}
		*m.budget--
		if t.line > d.line || *m.budget <= 0 {
			return last
		}
		next := m.skip(d, at)
		if next < 0 {
			return last
		}
		at, last = next, d.to
	}
}

// run matches the elements from p on with the tokens from at on. last is the token that was matched last, -1 at the
// beginning; scope is the end of the block that the match must not leave.
//
// Only an ellipsis gives a choice, and so the recursion is no deeper than there are ellipses and blocks in the pattern.
func (m *genericMatcher) run(p, at int32, dots genericDots, last, scope int32) (int32, bool) {
	elems, toks := m.g.elems, m.doc.toks
	for {
		if *m.budget <= 0 {
			return 0, false
		}
		*m.budget--
		m.steps++
		e := &elems[p]
		t := &toks[at]
		switch e.kind {
		case gEnd, gClose:
			if dots.on {
				// Of a block that is longer than the ellipsis may be, the rest is let be.
				before := last
				last = m.trailing(&dots, at, last)
				return last, m.bindDots(dots, before, at)
			}
			return last, e.kind == gEnd || t.kind == gClose
		case gDots:
			switch {
			case dots.on:
				dots.line = addLines(dots.line, m.g.span)
				dots.long = dots.long || e.long
			default:
				line := m.line
				if last >= 0 {
					line = toks[last].line
				}
				dots = genericDots{on: true, long: e.long || !m.doc.lex.lines, line: addLines(line, m.g.span), slot: e.slot, from: -1, to: -1}
				if m.doc.lex.alien {
					dots.line = math.MaxInt32
				}
			}
			p++
			continue
		case gOpen:
			switch {
			case t.kind == gClose:
				if !e.rest {
					return 0, false
				}
				return last, m.bindDots(dots, last, at)
			case t.kind == gOpen:
				if !m.bindDots(dots, last, at) {
					return 0, false
				}
				inner, ok := m.run(p+1, at+1, genericDots{}, last, t.mate)
				if !ok {
					return 0, false
				}
				p, at, last, dots = e.mate+1, t.mate+1, inner, genericDots{}
			case dots.on && t.line <= dots.line:
				if at = m.skip(&dots, at); at < 0 {
					return 0, false
				}
			default:
				if !e.empty || !m.bindDots(dots, last, at) {
					return 0, false
				}
				p, dots = e.mate+1, genericDots{}
			}
			continue
		}

		// A word, a sign or a metavariable.
		switch t.kind {
		case gClose:
			if at == scope {
				return 0, false
			}
			at++
			continue
		case gOpen:
			at++
			continue
		}
		if dots.on && t.line > dots.line {
			return 0, false
		}
		fits := e.kind == gMetavar && t.kind == gWord || e.kind != gMetavar && m.equal(e, t)
		if !dots.on {
			if !fits || e.kind == gMetavar && !m.bind(e.slot, source.Span{Start: t.start, End: t.end}) {
				return 0, false
			}
			p, last = p+1, at
			at++
			continue
		}
		if fits && !m.known(p+1, at+1, scope) {
			mark := len(m.trail)
			if m.bindDots(dots, last, at) && (e.kind != gMetavar || m.bind(e.slot, source.Span{Start: t.start, End: t.end})) {
				if end, ok := m.run(p+1, at+1, genericDots{}, at, scope); ok {
					return end, true
				}
				m.remember(p+1, at+1, scope)
			}
			m.undo(mark)
		}
		if at = m.skip(&dots, at); at < 0 {
			return 0, false
		}
	}
}

func addLines(line, n int32) int32 {
	if line > math.MaxInt32-n {
		return math.MaxInt32
	}
	return line + n
}

// known reports that the pattern from p on is known not to match from at on, right after a token that matched.
func (m *genericMatcher) known(p, at, scope int32) bool {
	if m.failed == nil {
		return false
	}
	_, known := m.failed[failure(p, at, scope)]
	return known
}

func (m *genericMatcher) remember(p, at, scope int32) {
	if m.steps < genericMemoAfter || *m.budget <= 0 || !m.g.elems[p].free || at >= 1<<26 {
		return
	}
	if m.failed == nil {
		m.failed = map[uint64]struct{}{}
	}
	m.failed[failure(p, at, scope)] = struct{}{}
}

func failure(p, at, scope int32) uint64 { return uint64(p)<<53 | uint64(at)<<26 | uint64(scope) }
