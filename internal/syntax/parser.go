package syntax

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/wadjet-security/wadjet/internal/source"
)

const (
	// maxDepth bounds how deep the parser calls itself. Text that people or programs write for CPython, whose own
	// bound is about as high, stays far below.
	maxDepth = 3000
	// maxChain bounds how deep a tree grows to the left, as a + b + c does without recursion.
	maxChain = 20000
	// maxReread is how many times its own length a text may be read again by looking ahead and by recovery.
	maxReread = 4
)

// A parser reads one text by recursive descent with one token of lookahead: the scanner's current token.
type parser struct {
	scanner
	src        *source.File
	id         ID
	depth      int
	lastEnd    uint32 // end of the last token that was not a line end or a change of indentation
	failed     kind   // what the token was at which the statement failed; see fail
	partial    bool   // in a pattern: a header without its block was met
	decorators []Expr // in a pattern: of nothing

	exprs []Expr // operands being gathered; see take
	stmts []Stmt

	nodes     nodes
	exprChunk []Expr
	stmtChunk []Stmt
}

// nodes are the kinds of node that a text has most of, allocated in chunks.
type nodes struct {
	names      slab[Name]
	attributes slab[Attribute]
	calls      slab[Call]
	strs       slab[Str]
	nums       slab[Num]
	consts     slab[Const]
	keywords   slab[Keyword]
	exprStmts  slab[ExprStmt]
	assigns    slab[Assign]
	subscripts slab[Subscript]
	tuples     slab[Tuple]
	binOps     slab[BinOp]
	compares   slab[Compare]
	params     slab[Param]
	ifs        slab[If]
	returns    slab[Return]
}

// A slab hands out the elements of arrays that double in length, up to a bound.
type slab[T any] struct {
	free []T
	last int
}

func (s *slab[T]) alloc() *T {
	if len(s.free) == 0 {
		s.last = min(max(4, s.last*2), 256)
		s.free = make([]T, s.last)
	}
	x := &s.free[0]
	s.free = s.free[1:]
	return x
}

// Parse reads a file. There is always a tree; what is wrong with the text is in its Errors. A text that turns out
// to be Python 2 is read again as that.
func Parse(src *source.File) *File {
	f, p := parse(src, false)
	if p.py2Seen {
		f, _ = parse(src, true)
	}
	return f
}

func parse(src *source.File, py2 bool) (*File, *parser) {
	p := newParser(src)
	p.py2 = py2
	p.next()
	body := p.file()
	f := &File{
		Source: src, Body: body, Comments: p.comments, Errors: p.sortedErrors(), NumNodes: uint32(p.id), Python2: py2,
	}
	return f, p
}

func newParser(src *source.File) *parser {
	p := &parser{src: src}
	p.scanner.init(src.Text)
	return p
}

// sortedErrors are the errors in order of place, the first of each place.
func (p *parser) sortedErrors() []Error {
	if len(p.errors) == 0 {
		return nil
	}
	slices.SortStableFunc(p.errors, func(a, b Error) int { return int(a.Span.Start) - int(b.Span.Start) })
	return slices.CompactFunc(p.errors, func(a, b Error) bool { return a.Span.Start == b.Span.Start })
}

// next goes on to the next token.
func (p *parser) next() {
	if p.kind > tDedent {
		p.lastEnd = p.end
	}
	p.scan()
}

// is tells whether the current token is of a kind, and goes on if so.
func (p *parser) is(k kind) bool {
	if p.kind != k {
		return false
	}
	p.next()
	return true
}

// expect is like is, but the statement fails if the token is another.
func (p *parser) expect(k kind) bool {
	if p.kind != k {
		message := "expected " + k.String() + " here, found " + p.found()
		if k == tColon && p.kind == tAssign {
			message += "; == compares"
		}
		p.fail(message)
		return false
	}
	p.next()
	return true
}

// found is the current token in an error message.
func (p *parser) found() string {
	if p.kind == tName {
		return "the name " + clip(p.text[p.start:p.end])
	}
	if p.start == 0 || p.text[p.start-1] == '\n' {
		switch rest := p.text[p.start:]; {
		case strings.HasPrefix(rest, "<<<<<<<"), strings.HasPrefix(rest, "======="), strings.HasPrefix(rest, ">>>>>>>"):
			return "the mark of a merge conflict"
		}
	}
	return p.kind.String()
}

func clip(s string) string {
	if len(s) > 40 {
		s = strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// fail gives up the statement: it records an error at the current token, unless one has been recorded for
// this statement, and puts a token in its place that nothing accepts, so that all that is in progress ends.
func (p *parser) fail(message string) {
	if p.kind == tBad {
		return
	}
	if p.kind != tIllegal { // the scanner has said what is wrong
		end := p.end
		if p.kind == tNewline || p.kind == tEOF {
			end = p.start
		}
		p.errorAt(int(p.start), int(end), message)
	}
	p.failed = p.kind
	p.kind = tBad
}

// enter counts a level of nesting; the statement fails at the bound. Each enter has a leave.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxDepth {
		return true
	}
	p.fail("this is nested too deeply")
	return false
}

func (p *parser) leave() { p.depth-- }

// recover goes on to the next line after a statement that failed; after the header of one, to its block.
func (p *parser) recover(first uint32, header bool) {
	p.kind = p.failed
	for {
		switch {
		case header && p.kind == tColon && p.brackets > 0 && p.lastOnLine():
			// if f(x: with nothing more on its line is a header that lacks a bracket, far more often
			// than a dictionary, slice or annotation that is broken elsewhere.
			if p.restart(p.lineAfter(p.start)) {
				p.scan()
				return
			}
		case p.kind == tNewline:
			p.next()
			return
		case p.kind == tEOF:
			if p.brackets == 0 && len(p.frames) == 0 || !p.restart(p.lineAfter(first)) {
				p.brackets, p.frames = 0, nil
				return
			}
			p.scan()
			return
		case p.kind == tIndent, p.kind == tDedent:
			return
		case p.brackets > 0 && statementOnly[p.kind] && p.start >= p.brokenAt && p.firstOnLine():
			// A bracket was left open above: here begins another statement.
			if p.restart(int(p.brokenAt)) {
				p.scan()
				return
			}
		}
		p.scan()
	}
}

// firstOnLine tells whether only blanks stand before the current token on its line, which was begun within brackets.
func (p *parser) firstOnLine() bool {
	return p.brokenAt > 0 && strings.Trim(p.text[p.brokenAt:p.start], " \t\f") == ""
}

// lastOnLine tells whether no more than a comment follows the current token on its line.
func (p *parser) lastOnLine() bool {
	rest := p.text[p.end:lineEnd(p.text, int(p.end), p.hasCR)]
	rest = strings.TrimLeft(rest, " \t\f")
	return rest == "" || rest[0] == '#'
}

// lineAfter is the place where the line after the one of i begins.
func (p *parser) lineAfter(i uint32) int {
	end := lineEnd(p.text, int(i), p.hasCR)
	if end < len(p.text) && p.text[end] == '\r' {
		end++
	}
	if end < len(p.text) && p.text[end] == '\n' {
		end++
	}
	return end
}

// restart goes back to the start of a line, as if no bracket were open there. It returns false when too much
// has been read again already.
func (p *parser) restart(line int) bool {
	p.reread += p.pos - line
	if p.reread > maxReread*len(p.text)+1024 || line >= len(p.text) {
		return false
	}
	for n := len(p.comments); n > 0 && int(p.comments[n-1].Start) >= line; n-- {
		p.comments = p.comments[:n-1]
	}
	p.brackets, p.frames, p.dedents = 0, nil, 0
	p.pos, p.state, p.kind = line, atLineStart, tNewline
	return true
}

// ---- Making nodes

// at is the place of a node that ends with the last token, and its number.
func (p *parser) at(start uint32) base {
	p.id++
	return base{start: start, end: max(start, p.lastEnd), id: p.id}
}

// atToken is the place of a node that is the current token, and its number.
func (p *parser) atToken() base {
	p.id++
	return base{start: p.start, end: p.end, id: p.id}
}

// take makes a slice of the operands gathered since mark.
func (p *parser) take(mark int) []Expr {
	n := len(p.exprs) - mark
	if n == 0 {
		return nil
	}
	if cap(p.exprChunk)-len(p.exprChunk) < n {
		p.exprChunk = make([]Expr, 0, max(n, min(256, max(16, 2*cap(p.exprChunk)))))
	}
	i := len(p.exprChunk)
	p.exprChunk = append(p.exprChunk, p.exprs[mark:]...)
	p.exprs = p.exprs[:mark]
	return p.exprChunk[i : i+n : i+n]
}

// takeStmts makes a slice of the statements gathered since mark.
func (p *parser) takeStmts(mark int) []Stmt {
	n := len(p.stmts) - mark
	if n == 0 {
		return nil
	}
	if cap(p.stmtChunk)-len(p.stmtChunk) < n {
		p.stmtChunk = make([]Stmt, 0, max(n, min(128, max(8, 2*cap(p.stmtChunk)))))
	}
	i := len(p.stmtChunk)
	p.stmtChunk = append(p.stmtChunk, p.stmts[mark:]...)
	p.stmts = p.stmts[:mark]
	return p.stmtChunk[i : i+n : i+n]
}

// bad is an expression where none could be read.
func (p *parser) bad() Expr { return &BadExpr{p.at(p.start)} }

// word is the current name as Python compares it.
func (p *parser) word() string {
	s := p.text[p.start:p.end]
	if p.unicode {
		s = norm.NFKC.String(s)
	}
	return s
}

// ident reads a name.
func (p *parser) ident() Ident {
	if !p.nameLike() {
		p.fail("expected a name here, found " + p.found())
		return Ident{}
	}
	id := Ident{Span: source.Span{Start: p.start, End: p.end}, Name: p.word()}
	p.next()
	return id
}

// nameLike tells whether the current token is a name. Words that became keywords late were names in older code:
// async and await before 3.7, and are read as that, with an error.
func (p *parser) nameLike() bool {
	if p.kind == tName {
		return true
	}
	if p.kind == tAsync || p.kind == tAwait {
		p.tolerate(int(p.start), int(p.end), oldAsync)
		p.kind, p.unicode = tName, false
		return true
	}
	if p.py2 && (p.kind == tNonlocal || p.kind == tTrue || p.kind == tFalse) {
		p.kind, p.unicode = tName, false
		return true
	}
	return false
}

// peek is the first byte of the next token, 0 at the end of the logical line.
func (p *parser) peek() byte {
	_, c := p.peekAt(p.pos)
	return c
}

func (p *parser) peekAt(i int) (int, byte) {
	for i < len(p.text) {
		switch c := p.text[i]; {
		case c == ' ' || c == '\t' || c == '\f':
			i++
		case c == '\\' && i+1 < len(p.text) && (p.text[i+1] == '\n' || p.text[i+1] == '\r'):
			i += 2
			if p.text[i-1] == '\r' && i < len(p.text) && p.text[i] == '\n' {
				i++
			}
		case c == '\n' || c == '\r' || c == '#':
			if p.brackets == 0 {
				return i, 0
			}
			if i++; c == '#' {
				for i < len(p.text) && p.text[i] != '\n' && p.text[i] != '\r' {
					i++
				}
			}
		default:
			return i, c
		}
	}
	return i, 0
}

// peekWord is the word that the next token is, if it is one.
func (p *parser) peekWord() string {
	i, _ := p.peekAt(p.pos)
	j := i
	for j < len(p.text) && (wordBytes[p.text[j]] || p.text[j] >= 0x80) {
		j++
	}
	if j == i || isDecimal(p.text[i]) || j < len(p.text) && (p.text[j] == '"' || p.text[j] == '\'') {
		return ""
	}
	return p.text[i:j]
}

// ParseExpr reads the text of one expression, as annotations in quotes hold it; nil when it is none. Its nodes are
// numbered on their own.
func ParseExpr(text string) Expr {
	f := Parse(&source.File{Text: "(" + text + "\n)"})
	if len(f.Errors) > 0 || len(f.Body) != 1 {
		return nil
	}
	s, ok := f.Body[0].(*ExprStmt)
	if !ok {
		return nil
	}
	return s.X
}
