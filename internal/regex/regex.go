package regex

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Flags change how an expression is read; most are also settings within it.
type Flags uint16

const (
	Fold      Flags = 1 << iota // (?i): letters match in either case
	MultiLine                   // (?m): ^ and $ also match at the ends of lines
	DotAll                      // (?s): . also matches a line feed
	Extended                    // (?x): white space and # comments are ignored
	Ungreedy                    // (?U): * is lazy, *? is greedy
	Unicode                     // (?u): \d \w \s \b know all of Unicode
	Python                      // \Z, \v and [[:alpha:]] mean what they mean in Python's re
)

// ErrSteps reports that a search was given up at its bound of steps: it is not known
// whether there is a match.
var ErrSteps = errors.New("the search takes too many steps")

// A Regexp is a compiled expression. It may be used from several goroutines.
type Regexp struct {
	expr     string
	flags    Flags
	tree     *node
	names    []string
	refs     bool
	literals []Literal
	needles  *needles // nil when there are no literals
	byLine   bool     // see eachLine
	beyond   bool     // every match needs a character beyond ASCII

	planned sync.Once
	plan    plan

	compiled sync.Once
	prog     *prog
	machines sync.Pool
}

// A plan says who runs an expression.
type plan struct {
	linear    *regexp.Regexp // nil: nobody but the backtracker
	anchored  *regexp.Regexp // linear, at the start of a text
	notBefore bool           // linear is wrong for a text that ends with a line feed
	free      bool           // linear looks at nothing outside of what it takes
	lead      *prog          // what must hold where linear's match begins
	tail      *prog          // and where it ends
}

// Compile reads an expression. An error is a *[SyntaxError].
func Compile(expr string, flags Flags) (*Regexp, error) {
	tree, p, err := parse(expr, flags)
	if err != nil {
		return nil, err
	}
	r := &Regexp{expr: expr, flags: flags, tree: tree, names: p.names, refs: p.refs, literals: literals(tree), beyond: tree.beyondASCII()}
	if len(r.literals) > 0 {
		r.needles = newNeedles(r.literals)
		r.byLine = tree.staysInLine()
	}
	return r, nil
}

// String is the expression as it was given.
func (r *Regexp) String() string { return r.expr }

// GroupNames are the names of the groups by their number; "" for those without, and
// for the whole match, number 0.
func (r *Regexp) GroupNames() []string { return r.names }

// Literals are texts of which every text with a match contains at least one; none when
// nothing is known. A caller that looks for many expressions at once asks for these first.
func (r *Regexp) Literals() []Literal { return r.literals }

// BeyondASCII reports whether a text of ASCII alone has no match, whatever it says.
func (r *Regexp) BeyondASCII() bool { return r.beyond }

// May reports whether a text contains what every match needs.
func (r *Regexp) May(text string) bool {
	return r.needles == nil || r.needles.in(text)
}

// Find looks for the first match that begins at from or later. The result has two offsets
// for the match and two for each group, as from [regexp.Regexp.FindStringSubmatchIndex].
// The error is [ErrSteps] or nil.
func (r *Regexp) Find(text string, from int) (loc []int, ok bool, err error) {
	if from < 0 || from > len(text) {
		return nil, false, nil
	}
	s := r.search(text)
	defer s.close()
	loc = s.find(from)
	return loc, loc != nil, s.err()
}

// All gives every match in turn, as [regexp.Regexp.FindAllStringSubmatchIndex] does: they do not
// overlap, and an empty one right after another is left out. It stops when yield returns false. One bound of steps holds for
// all of them together. The slice belongs to yield.
func (r *Regexp) All(text string, yield func(loc []int) bool) error {
	if !r.May(text) {
		return nil
	}
	s := r.search(text)
	defer s.close()
	if s.linear && r.byLine && len(text) > longText {
		r.eachLine(text, yield)
		return nil
	}
	if s.linear && !r.plan.free && r.plan.lead == nil && r.plan.tail == nil {
		for _, loc := range r.plan.linear.FindAllStringSubmatchIndex(text, -1) {
			if !yield(loc) {
				return nil
			}
		}
		return nil
	}
	for at, last := 0, -1; at <= len(text); {
		loc := s.find(at)
		if loc == nil {
			return s.err()
		}
		if loc[0] < loc[1] || loc[1] != last {
			if !yield(loc) {
				return nil
			}
		}
		last = loc[1]
		if at = loc[1]; loc[0] >= loc[1] {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += max(n, 1)
		}
	}
	return s.err()
}

// eachLine is [Regexp.All] for an expression whose matches stay within a line: it is searched for in the lines that hold a text that it
// needs, which in most files are few.
func (r *Regexp) eachLine(text string, yield func(loc []int) bool) {
	for at := 0; ; {
		i := r.needles.next(text, at)
		if i < 0 {
			return
		}
		start, end := at+strings.LastIndexByte(text[at:i], '\n')+1, len(text)
		if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
			end = i + n
		}
		for _, loc := range r.plan.linear.FindAllStringSubmatchIndex(text[start:end], -1) {
			for j := range loc {
				if loc[j] >= 0 {
					loc[j] += start
				}
			}
			if !yield(loc) {
				return
			}
		}
		if at = end + 1; at > len(text) {
			return
		}
	}
}

// staysInLine reports whether no match of a node holds a line feed or depends on what lies beyond one.
func (n *node) staysInLine() bool {
	return !n.any(func(n *node) bool {
		switch n.op {
		case opRune:
			return n.r == '\n'
		case opSet:
			return n.set.has('\n')
		case opEmpty, opConcat, opAlt, opRepeat, opGroup, opWordEdge:
			return false
		}
		return true
	})
}

// MatchPrefix looks for a match that begins at the start of the text, as Python's
// re.match does and metavariable-regex asks for.
func (r *Regexp) MatchPrefix(text string) (loc []int, ok bool, err error) {
	if !r.May(text) {
		return nil, false, nil
	}
	s := r.search(text)
	defer s.close()
	if s.linear && r.plan.lead == nil && r.plan.tail == nil {
		loc = r.plan.anchored.FindStringSubmatchIndex(text)
		return loc, loc != nil, nil
	}
	m := s.backtracker()
	m.from = 0
	if _, ok := m.try(0); ok {
		loc = s.loc(m)
	}
	return loc, loc != nil, s.err()
}

// HasPrefix reports whether [Regexp.MatchPrefix] finds a match. It is asked more often, and sooner answered.
func (r *Regexp) HasPrefix(text string) (ok bool, err error) {
	if !r.May(text) {
		return false, nil
	}
	s := r.search(text)
	defer s.close()
	if s.linear && r.plan.lead == nil && r.plan.tail == nil {
		return r.plan.anchored.MatchString(text), nil
	}
	m := s.backtracker()
	m.from = 0
	_, ok = m.try(0)
	return ok, s.err()
}

// decide chooses who runs the expression.
func (r *Regexp) decide() {
	python := r.flags&Python != 0
	finalEnd := false
	if r.tree.regular(python, &finalEnd) {
		var b strings.Builder
		r.tree.write(&b)
		linear, err := regexp.Compile(b.String())
		if err != nil {
			return // a repeat that is too large for Go
		}
		r.plan.linear = linear
		r.plan.anchored = regexp.MustCompile(`\A(?:` + b.String() + `)`)
		r.plan.notBefore = finalEnd && (r.tree.nullable() || r.tree.any(func(n *node) bool { return n.op == opFinalEnd }))
		r.plan.free = !r.tree.any(func(n *node) bool { return n.op >= opLineStart })
		return
	}
	r.split()
}

// mostSplit bounds the width of a core: every place where it is found costs as much.
const mostSplit = 256

// split looks for assertions at the ends of the expression. A core of fixed width in
// between ends at one place only wherever it begins, and so may be searched without them.
func (r *Regexp) split() {
	if r.refs || r.tree.op != opConcat {
		return
	}
	items := r.tree.subs
	assertion := func(n *node) bool {
		switch n.op {
		case opLineStart, opLineEnd, opTextStart, opTextEnd, opFinalEnd, opWordEdge:
			return true
		case opLook:
			return !n.any(func(n *node) bool { return n.op == opGroup || n.op == opSearch || n.op == opKeep })
		}
		return false
	}
	i, j := 0, len(items)
	for i < j && assertion(items[i]) {
		i++
	}
	for j > i && assertion(items[j-1]) {
		j--
	}
	core := &node{op: opConcat, subs: items[i:j]}
	width, fixed := core.width()
	finalEnd := false
	if !fixed || width == 0 || width > mostSplit || !core.regular(false, &finalEnd) || core.any(func(n *node) bool { return n.op >= opLineStart }) {
		return
	}
	var b strings.Builder
	core.write(&b)
	linear, err := regexp.Compile(b.String())
	if err != nil {
		return
	}
	python := r.flags&Python != 0
	r.plan.linear, r.plan.free = linear, true
	if i > 0 {
		r.plan.lead = compile(&node{op: opConcat, subs: items[:i]}, 0, false, python)
	}
	if j < len(items) {
		r.plan.tail = compile(&node{op: opConcat, subs: items[j:]}, 0, false, python)
	}
}

func (r *Regexp) program() *prog {
	r.compiled.Do(func() {
		r.prog = compile(r.tree, len(r.names)-1, r.refs, r.flags&Python != 0)
	})
	return r.prog
}

// A search is the work of one call on one text.
type search struct {
	r                *Regexp
	text             string
	linear           bool
	main, lead, tail *machine
}

func (r *Regexp) search(text string) *search {
	r.planned.Do(r.decide)
	s := &search{r: r, text: text}
	s.linear = r.plan.linear != nil && !(r.plan.notBefore && strings.HasSuffix(text, "\n"))
	return s
}

func (s *search) machine(p *prog) *machine {
	m, _ := s.r.machines.Get().(*machine)
	if m == nil {
		m = &machine{}
	}
	m.reset(p, s.text)
	return m
}

func (s *search) backtracker() *machine {
	if s.main == nil {
		s.main = s.machine(s.r.program())
	}
	return s.main
}

func (s *search) close() {
	for _, m := range [...]*machine{s.main, s.lead, s.tail} {
		if m != nil {
			m.release()
			s.r.machines.Put(m)
		}
	}
}

func (s *search) err() error {
	for _, m := range [...]*machine{s.main, s.lead, s.tail} {
		if m != nil && m.err != nil {
			return m.err
		}
	}
	return nil
}

func (s *search) loc(m *machine) []int {
	loc := slices.Clone(m.slots[:2*len(s.r.names)])
	// A group that was opened and never closed took no part.
	for i := 0; i < len(loc); i += 2 {
		if loc[i] < 0 || loc[i+1] < 0 {
			loc[i], loc[i+1] = -1, -1
		}
	}
	return loc
}

func (s *search) find(from int) []int {
	p := &s.r.plan
	if !s.linear || !p.free && from > 0 {
		m := s.backtracker()
		if !m.find(from) {
			return nil
		}
		return s.loc(m)
	}
	for from <= len(s.text) {
		loc := p.linear.FindStringSubmatchIndex(s.text[from:])
		if loc == nil {
			return nil
		}
		for i := range loc {
			if loc[i] >= 0 {
				loc[i] += from
			}
		}
		if s.holds(p.lead, &s.lead, loc[0]) && s.holds(p.tail, &s.tail, loc[1]) {
			return loc
		}
		if s.err() != nil {
			return nil
		}
		_, n := utf8.DecodeRuneInString(s.text[loc[0]:])
		from = loc[0] + max(n, 1)
	}
	return nil
}

// holds asks an assertion at one place.
func (s *search) holds(p *prog, m **machine, at int) bool {
	if p == nil {
		return true
	}
	if *m == nil {
		*m = s.machine(p)
	}
	_, ok := (*m).try(at)
	return ok
}
