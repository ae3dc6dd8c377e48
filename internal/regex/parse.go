package regex

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type op uint8

const (
	opEmpty   op = iota
	opRune       // r
	opSet        // set
	opConcat     // subs
	opAlt        // subs
	opRepeat     // subs[0], min to max times (max < 0: no bound), mode
	opGroup      // subs[0], captured as index
	opAtomic     // subs[0], never entered again
	opLook       // subs[0], ahead or behind, negated or not
	opBackref    // what group index took
	opCond       // subs[0] when group index took part (or subs[2], a look, holds), else subs[1]
	opLineStart
	opLineEnd
	opTextStart
	opTextEnd  // the very end
	opFinalEnd // the end, or before a last line feed
	opWordEdge // negated: no edge
	opSearch   // where the search began
	opKeep     // the match is said to begin here
)

type mode uint8

const (
	greedy mode = iota
	lazy
	possessive
)

type node struct {
	op       op
	mode     mode
	negated  bool // opLook, opWordEdge; opRune, opSet: written as [^…], or as a dot
	behind   bool
	fold     bool // opBackref
	unicode  bool // opWordEdge
	r        rune
	written  string // what (?i) made a set of
	index    int
	min, max int
	set      *charSet
	subs     []*node
}

// A SyntaxError says where an expression is wrong, and how.
type SyntaxError struct {
	Offset  int // in bytes
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s, at offset %d", e.Message, e.Offset)
}

const (
	maxNesting = 250    // groups within groups
	maxRepeat  = 65535  // as PCRE
	maxSize    = 50_000 // instructions after counted repeats are written out
)

type pendingRef struct {
	n      *node
	name   string
	offset int
}

type parser struct {
	text    string
	pos     int
	flags   Flags
	depth   int
	groups  int // opened so far
	total   int // in the whole expression, counted beforehand
	names   []string
	pending []pendingRef
	refs    bool // back-references or conditions on groups are used
}

func (p *parser) fail(at int, format string, args ...any) {
	panic(&SyntaxError{at, fmt.Sprintf(format, args...)})
}

// parse reads an expression. The parser's own errors travel as panics, and end here.
func parse(text string, flags Flags) (tree *node, p *parser, err error) {
	p = &parser{text: text, flags: flags, names: []string{""}}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *SyntaxError:
			tree, err = nil, e
		default:
			panic(e)
		}
	}()
	p.total = countGroups(text)
	p.verbs()
	tree = p.alternation()
	if p.pos < len(text) {
		p.fail(p.pos, "a ) that closes nothing; write \\) for the character")
	}
	for _, ref := range p.pending {
		if ref.name != "" {
			if ref.n.index = slices.Index(p.names, ref.name); ref.n.index < 0 {
				p.fail(ref.offset, "no group is named %q", ref.name)
			}
		}
		if ref.n.index > p.groups {
			p.fail(ref.offset, "there is no group %d", ref.n.index)
		}
	}
	if expandedSize(tree) > maxSize {
		p.fail(0, "the expression is too large once its counted repeats are written out")
	}
	return tree, p, nil
}

// countGroups counts the captures of an expression: what \12 means depends on it.
func countGroups(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			i++
			if i < len(s) && s[i] == '^' {
				i++
			}
			if i < len(s) && s[i] == ']' {
				i++
			}
			for i < len(s) && s[i] != ']' {
				if s[i] == '\\' {
					i++
				}
				i++
			}
		case '(':
			rest := s[i+1:]
			named := strings.HasPrefix(rest, "?P<") || strings.HasPrefix(rest, "?'") ||
				strings.HasPrefix(rest, "?<") && !strings.HasPrefix(rest, "?<=") && !strings.HasPrefix(rest, "?<!")
			if named || !strings.HasPrefix(rest, "?") && !strings.HasPrefix(rest, "*") {
				n++
			}
		}
	}
	return n
}

// verbs reads the settings that PCRE allows at the very start.
func (p *parser) verbs() {
	for strings.HasPrefix(p.text[p.pos:], "(*") {
		end := strings.IndexByte(p.text[p.pos:], ')')
		if end < 0 {
			return
		}
		switch p.text[p.pos : p.pos+end+1] {
		case "(*UTF8)", "(*UTF)", "(*LF)", "(*ANYCRLF)", "(*ANY)", "(*NO_JIT)":
		case "(*UCP)":
			p.flags |= Unicode
		default:
			return
		}
		p.pos += end + 1
	}
}

func (p *parser) more() bool { return p.pos < len(p.text) }

func (p *parser) accept(s string) bool {
	if strings.HasPrefix(p.text[p.pos:], s) {
		p.pos += len(s)
		return true
	}
	return false
}

// skip passes over what (?x) ignores, and comments.
func (p *parser) skip() {
	for p.more() {
		switch c := p.text[p.pos]; {
		case p.flags&Extended != 0 && (c == ' ' || c >= '\t' && c <= '\r'):
			p.pos++
		case p.flags&Extended != 0 && c == '#':
			n := strings.IndexByte(p.text[p.pos:], '\n')
			if n < 0 {
				p.pos = len(p.text)
				return
			}
			p.pos += n + 1
		case strings.HasPrefix(p.text[p.pos:], "(?#"):
			n := strings.IndexByte(p.text[p.pos:], ')')
			if n < 0 {
				p.fail(p.pos, "a comment (?# that is never closed")
			}
			p.pos += n + 1
		default:
			return
		}
	}
}

func (p *parser) alternation() *node {
	p.depth++
	if p.depth > maxNesting {
		p.fail(p.pos, "groups are nested too deeply")
	}
	defer func() { p.depth-- }()
	branches := []*node{p.sequence()}
	for p.accept("|") {
		branches = append(branches, p.sequence())
	}
	if len(branches) == 1 {
		return branches[0]
	}
	return &node{op: opAlt, subs: branches}
}

func (p *parser) sequence() *node {
	var items []*node
	for {
		p.skip()
		if !p.more() || p.text[p.pos] == '|' || p.text[p.pos] == ')' {
			break
		}
		if p.accept(`\Q`) {
			quoted, rest, _ := strings.Cut(p.text[p.pos:], `\E`)
			p.pos = len(p.text) - len(rest)
			for _, r := range quoted {
				items = append(items, p.literal(r))
			}
			if quoted == "" {
				continue
			}
		} else if p.accept(`\E`) {
			continue
		} else if item := p.atom(); item != nil {
			items = append(items, item)
		} else {
			continue
		}
		last := &items[len(items)-1]
		if repeated := p.quantifier(*last); repeated != nil {
			*last = repeated
			at := p.pos
			if p.quantifier(*last) != nil {
				p.fail(at, "a quantifier after a quantifier; put the first in a group (?:…)")
			}
		}
	}
	switch len(items) {
	case 0:
		return &node{op: opEmpty}
	case 1:
		return items[0]
	}
	return &node{op: opConcat, subs: items}
}

// quantifier reads one quantifier after an item, or returns nil when there is none.
func (p *parser) quantifier(item *node) *node {
	p.skip()
	if !p.more() {
		return nil
	}
	lo, hi := 0, -1
	switch p.text[p.pos] {
	case '*':
		p.pos++
	case '+':
		lo = 1
		p.pos++
	case '?':
		hi = 1
		p.pos++
	case '{':
		var ok bool
		if lo, hi, ok = p.counts(); !ok {
			return nil
		}
	default:
		return nil
	}
	rep := &node{op: opRepeat, min: lo, max: hi, subs: []*node{item}}
	switch {
	case p.accept("?"):
		rep.mode = lazy
	case p.accept("+"):
		rep.mode = possessive
	}
	if p.flags&Ungreedy != 0 && rep.mode != possessive {
		rep.mode ^= lazy
	}
	return rep
}

// counts reads {n}, {n,}, {,m} or {n,m}; anything else leaves the brace a character.
func (p *parser) counts() (lo, hi int, ok bool) {
	at := p.pos
	end := strings.IndexByte(p.text[at:], '}')
	if end < 0 {
		return 0, 0, false
	}
	first, second, comma := strings.Cut(p.text[at+1:at+end], ",")
	if !digits(first) || !digits(second) || first == "" && second == "" {
		return 0, 0, false
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil || n > maxRepeat {
			p.fail(at, "a count over %d", maxRepeat)
		}
		return n
	}
	if first != "" {
		lo = number(first)
	}
	switch {
	case !comma:
		hi = lo
	case second == "":
		hi = -1
	default:
		if hi = number(second); hi < lo {
			p.fail(at, "the counts are in the wrong order")
		}
	}
	p.pos += end + 1
	return lo, hi, true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (p *parser) literal(r rune) *node {
	if p.flags&Fold != 0 {
		if pairs := foldPairs([]rune{r, r}); len(pairs) > 2 {
			return &node{op: opSet, set: newSet(pairs), written: string(r)}
		}
	}
	return &node{op: opRune, r: r}
}

func (p *parser) set(pairs []rune) *node { return &node{op: opSet, set: newSet(slices.Clone(pairs))} }

func (p *parser) next() rune {
	r, n := utf8.DecodeRuneInString(p.text[p.pos:])
	p.pos += n
	return r
}

// atom reads one item; nil when it was a setting like (?i), which is no item.
func (p *parser) atom() *node {
	at := p.pos
	switch r := p.next(); r {
	case '.':
		dot := p.set(notNewline)
		if p.flags&DotAll != 0 {
			dot = p.set(anything)
		}
		dot.negated = true
		return dot
	case '^':
		if p.flags&MultiLine != 0 {
			return &node{op: opLineStart}
		}
		return &node{op: opTextStart}
	case '$':
		if p.flags&MultiLine != 0 {
			return &node{op: opLineEnd}
		}
		return &node{op: opFinalEnd}
	case '*', '+', '?':
		p.fail(at, "nothing stands before %c to repeat; write \\%c for the character", r, r)
	case '{':
		p.pos = at
		if _, _, ok := p.counts(); ok {
			p.fail(at, "nothing stands before { to repeat; write \\{ for the character")
		}
		p.pos = at + 1
		return p.literal('{')
	case '[':
		return p.class(at)
	case '(':
		return p.group(at)
	case '\\':
		return p.escape(at)
	default:
		return p.literal(r)
	}
	return nil
}

func (p *parser) close(at int) {
	if !p.accept(")") {
		p.fail(at, "a ( that is never closed")
	}
}

func (p *parser) capture(at int, name string) *node {
	if name != "" && slices.Contains(p.names, name) {
		p.fail(at, "two groups are named %q", name)
	}
	p.groups++
	p.names = append(p.names, name)
	n := &node{op: opGroup, index: p.groups}
	n.subs = []*node{p.scoped(at)}
	return n
}

// scoped reads to the closing parenthesis; settings made within end there.
func (p *parser) scoped(at int) *node {
	saved := p.flags
	body := p.alternation()
	p.close(at)
	p.flags = saved
	return body
}

func (p *parser) name(at int, closer string) string {
	end := strings.Index(p.text[p.pos:], closer)
	if end <= 0 {
		p.fail(at, "a group's name that is empty or never ends")
	}
	name := p.text[p.pos : p.pos+end]
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			p.fail(at, "%q is no name for a group", name)
		}
	}
	p.pos += end + len(closer)
	return name
}

func (p *parser) look(at int, behind, negated bool) *node {
	return &node{op: opLook, behind: behind, negated: negated, subs: []*node{p.scoped(at)}}
}

func (p *parser) group(at int) *node {
	switch {
	case p.accept("*"):
		p.fail(at, "backtracking verbs (*…) are not supported")
	case !p.accept("?"):
		return p.capture(at, "")
	case p.accept(":"):
		return p.scoped(at)
	case p.accept(">"):
		return &node{op: opAtomic, subs: []*node{p.scoped(at)}}
	case p.accept("="):
		return p.look(at, false, false)
	case p.accept("!"):
		return p.look(at, false, true)
	case p.accept("<="):
		return p.look(at, true, false)
	case p.accept("<!"):
		return p.look(at, true, true)
	case p.accept("P<"), p.accept("<"):
		return p.capture(at, p.name(at, ">"))
	case p.accept("'"):
		return p.capture(at, p.name(at, "'"))
	case p.accept("P="):
		return p.backref(at, 0, p.name(at, ")"))
	case p.accept("("):
		return p.conditional(at)
	case p.accept("|"):
		p.fail(at, "branch reset (?|…) is not supported")
	case p.accept("R"), p.accept("P>"), p.accept("&"), p.accept("C"):
		p.fail(at, "recursion, calls of groups and callouts are not supported")
	}
	return p.settings(at)
}

// settings reads what follows (? in (?i), (?i:…), (?^i) and (?i-s).
func (p *parser) settings(at int) *node {
	flags, on := p.flags, true
	for first := true; ; first = false {
		if !p.more() {
			p.fail(at, "a ( that is never closed")
		}
		var f Flags
		switch r := p.next(); r {
		case 'i':
			f = Fold
		case 'm':
			f = MultiLine
		case 's':
			f = DotAll
		case 'x':
			f = Extended
		case 'U':
			f = Ungreedy
		case 'u':
			f = Unicode
		case 'a':
			flags &^= Unicode
		case 'L', 'n', 'J':
		case '-':
			on = false
		case '^':
			if !first {
				p.fail(at, "(?^ resets settings only at its beginning")
			}
			flags &^= Fold | MultiLine | DotAll | Extended
		case ')':
			p.flags = flags
			return nil
		case ':':
			saved := p.flags
			p.flags = flags
			body := p.scoped(at)
			p.flags = saved
			return body
		default:
			if r == '+' || r == '-' || r >= '0' && r <= '9' {
				p.fail(at, "recursion and calls of groups are not supported")
			}
			p.fail(at, "unknown construct (?%c", r)
		}
		if on {
			flags |= f
		} else {
			flags &^= f
		}
	}
}

func (p *parser) backref(at, index int, name string) *node {
	n := &node{op: opBackref, index: index, fold: p.flags&Fold != 0}
	p.pending = append(p.pending, pendingRef{n, name, at})
	p.refs = true
	return n
}

// conditional reads what follows (?( : a group's number or name, or a lookaround.
func (p *parser) conditional(at int) *node {
	n := &node{op: opCond}
	switch {
	case p.accept("?="):
		n.subs = []*node{nil, nil, p.look(at, false, false)}
	case p.accept("?!"):
		n.subs = []*node{nil, nil, p.look(at, false, true)}
	case p.accept("?<="):
		n.subs = []*node{nil, nil, p.look(at, true, false)}
	case p.accept("?<!"):
		n.subs = []*node{nil, nil, p.look(at, true, true)}
	default:
		end := strings.IndexByte(p.text[p.pos:], ')')
		if end <= 0 {
			p.fail(at, "a condition (?( that is never closed")
		}
		word := p.text[p.pos : p.pos+end]
		ref := pendingRef{n: n, offset: at}
		if digits(word) {
			i, err := strconv.Atoi(word)
			if err != nil || i == 0 {
				p.fail(at, "there is no group %s", word)
			}
			n.index = i
		} else {
			if word == "DEFINE" || word[0] == 'R' && !slices.Contains(p.names, word) {
				p.fail(at, "recursion and DEFINE are not supported")
			}
			ref.name = strings.Trim(word, "<>'")
		}
		p.pending = append(p.pending, ref)
		p.pos += end + 1
		n.subs = []*node{nil, nil}
		p.refs = true
	}
	body := p.scoped(at)
	n.subs[0], n.subs[1] = body, &node{op: opEmpty}
	if body.op == opAlt {
		if len(body.subs) > 2 {
			p.fail(at, "a condition has more than two branches")
		}
		n.subs[0], n.subs[1] = body.subs[0], body.subs[1]
	}
	return n
}

// escape reads what follows a backslash outside a class.
func (p *parser) escape(at int) *node {
	if !p.more() {
		p.fail(at, "a \\ at the end")
	}
	c := p.text[p.pos]
	switch c {
	case 'd', 'D', 'w', 'W', 's', 'S', 'h', 'H', 'V':
		p.pos++
		return &node{op: opSet, set: classSet(c, p.flags&Unicode != 0)}
	case 'v':
		p.pos++
		if p.flags&Python != 0 {
			return p.literal('\v')
		}
		return p.set(vspace)
	case 'A':
		p.pos++
		return &node{op: opTextStart}
	case 'z':
		p.pos++
		return &node{op: opTextEnd}
	case 'Z':
		p.pos++
		if p.flags&Python != 0 {
			return &node{op: opTextEnd}
		}
		return &node{op: opFinalEnd}
	case 'b', 'B':
		p.pos++
		return &node{op: opWordEdge, negated: c == 'B', unicode: p.flags&Unicode != 0}
	case 'G':
		p.pos++
		return &node{op: opSearch}
	case 'K':
		p.pos++
		return &node{op: opKeep}
	case 'N':
		p.pos++
		if p.more() && p.text[p.pos] == '{' {
			p.fail(at, "characters by name, \\N{…}, are not supported")
		}
		return p.set(notNewline)
	case 'R':
		p.pos++
		crlf := &node{op: opConcat, subs: []*node{{op: opRune, r: '\r'}, {op: opRune, r: '\n'}}}
		return &node{op: opAtomic, subs: []*node{{op: opAlt, subs: []*node{crlf, p.set(vspace)}}}}
	case 'X', 'C':
		p.fail(at, "\\%c is not supported", c)
	case 'p', 'P':
		pairs := p.property(at)
		if p.flags&Fold != 0 {
			pairs = foldPairs(pairs)
		}
		return &node{op: opSet, set: newSet(pairs)}
	case 'k':
		p.pos++
		for _, q := range []string{"<>", "{}", "''"} {
			if p.accept(q[:1]) {
				return p.backref(at, 0, p.name(at, q[1:]))
			}
		}
		p.fail(at, "\\k needs a name: \\k<name>")
	case 'g':
		return p.groupRef(at)
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		end := p.pos
		for end < len(p.text) && end < p.pos+4 && p.text[end] >= '0' && p.text[end] <= '9' {
			end++
		}
		n, _ := strconv.Atoi(p.text[p.pos:end])
		if n < 10 || n <= p.total {
			p.pos = end
			return p.backref(at, n, "")
		}
	}
	return p.literal(p.escapedRune(at))
}

// groupRef reads \g1, \g{1}, \g{-1} and \g{name}.
func (p *parser) groupRef(at int) *node {
	p.pos++
	word := ""
	if p.accept("{") {
		inner, _, ok := strings.Cut(p.text[p.pos:], "}")
		if !ok || inner == "" {
			p.fail(at, "\\g needs a group: \\g{1}")
		}
		word = inner
		p.pos += len(inner) + 1
	} else {
		end := p.pos
		for end < len(p.text) && (p.text[end] >= '0' && p.text[end] <= '9' || p.text[end] == '-' && end == p.pos) {
			end++
		}
		word = p.text[p.pos:end]
		p.pos = end
		if word == "" {
			p.fail(at, "calls of groups, \\g<…>, are not supported")
		}
	}
	n, err := strconv.Atoi(word)
	if err != nil {
		return p.backref(at, 0, word)
	}
	if n < 0 {
		n += p.groups + 1
	}
	if n <= 0 {
		p.fail(at, "there is no group %s", word)
	}
	return p.backref(at, n, "")
}

// property reads the name in \p{L}, \pL, \P{Greek} or \p{^Lu}.
func (p *parser) property(at int) []rune {
	negated := p.text[p.pos] == 'P'
	p.pos++
	name := ""
	if p.accept("{") {
		inner, _, ok := strings.Cut(p.text[p.pos:], "}")
		if !ok {
			p.fail(at, "\\p{ that is never closed")
		}
		p.pos += len(inner) + 1
		name = inner
	} else if p.more() {
		name = string(p.next())
	}
	if strings.HasPrefix(name, "^") {
		negated = !negated
		name = name[1:]
	}
	pairs, ok := propertyPairs(name)
	if !ok {
		p.fail(at, "unknown property \\p{%s}", name)
	}
	if negated {
		pairs = negate(pairs)
	}
	return pairs
}

// escapedRune reads an escape that stands for one character, in or outside a class.
func (p *parser) escapedRune(at int) rune {
	r := p.next()
	switch r {
	case 'a':
		return '\a'
	case 'e':
		return 0x1B
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'c':
		if !p.more() {
			p.fail(at, "\\c at the end")
		}
		c := p.next()
		if c >= 'a' && c <= 'z' {
			c -= 32
		}
		return c ^ 0x40
	case 'x':
		if p.accept("{") {
			inner, _, ok := strings.Cut(p.text[p.pos:], "}")
			if !ok {
				p.fail(at, "\\x{ that is never closed")
			}
			p.pos += len(inner) + 1
			return p.hex(at, inner)
		}
		return p.hexDigits(at, 0, 2)
	case 'u':
		return p.hexDigits(at, 4, 4)
	case 'U':
		return p.hexDigits(at, 8, 8)
	case 'o':
		if p.accept("{") {
			inner, _, ok := strings.Cut(p.text[p.pos:], "}")
			if v, err := strconv.ParseUint(inner, 8, 21); ok && err == nil && v <= unicode.MaxRune {
				p.pos += len(inner) + 1
				return rune(v)
			}
		}
		p.fail(at, "\\o needs octal digits: \\o{101}")
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v := r - '0'
		for n := 1; n < 3 && p.more() && p.text[p.pos] >= '0' && p.text[p.pos] <= '7'; n++ {
			v = v*8 + rune(p.text[p.pos]-'0')
			p.pos++
		}
		return v & 0x1FF
	}
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		p.fail(at, "unknown escape \\%c", r)
	}
	return r
}

func (p *parser) hexDigits(at, least, most int) rune {
	end := p.pos
	for end < len(p.text) && end < p.pos+most && isHex(p.text[end]) {
		end++
	}
	if end-p.pos < least {
		p.fail(at, "an escape that needs %d hexadecimal digits", least)
	}
	s := p.text[p.pos:end]
	p.pos = end
	if s == "" {
		return 0
	}
	return p.hex(at, s)
}

func (p *parser) hex(at int, s string) rune {
	v, err := strconv.ParseUint(strings.TrimSpace(s), 16, 32)
	if err != nil || v > unicode.MaxRune {
		p.fail(at, "%q is no character", s)
	}
	return rune(v)
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// class reads what follows [.
func (p *parser) class(at int) *node {
	negated := p.accept("^")
	var pairs []rune
	quoting := false
	for first := true; ; first = false {
		if !p.more() {
			p.fail(at, "a [ that is never closed; write \\[ for the character")
		}
		if quoting {
			if p.accept(`\E`) {
				quoting = false
				continue
			}
		} else {
			if p.text[p.pos] == ']' && !first {
				p.pos++
				break
			}
			if p.accept(`\Q`) {
				quoting = true
				continue
			}
			if p.accept(`\E`) {
				continue
			}
		}
		itemAt := p.pos
		lo, isClass := p.classItem(&pairs, quoting)
		if isClass {
			continue
		}
		hi := lo
		if !quoting && p.pos+1 < len(p.text) && p.text[p.pos] == '-' && p.text[p.pos+1] != ']' {
			dash := p.pos
			p.pos++
			var classes []rune
			upper, wasClass := p.classItem(&classes, false)
			if wasClass {
				// [a-\d]: the hyphen is a character.
				p.pos = dash
			} else {
				if upper < lo {
					p.fail(itemAt, "a range that runs backwards")
				}
				hi = upper
			}
		}
		pairs = append(pairs, lo, hi)
	}
	if p.flags&Fold != 0 {
		pairs = foldPairs(pairs)
	}
	if negated {
		pairs = negate(pairs)
	}
	set, written := newSet(pairs), ""
	if p.flags&Fold != 0 {
		written = p.text[at:p.pos]
	}
	if len(set.ranges) == 2 && set.ranges[0] == set.ranges[1] {
		return &node{op: opRune, r: set.ranges[0], negated: negated}
	}
	return &node{op: opSet, set: set, negated: negated, written: written}
}

// classItem reads one member of a class: a character, which it returns, or a class,
// whose runes it adds to pairs.
func (p *parser) classItem(pairs *[]rune, quoting bool) (r rune, isClass bool) {
	at := p.pos
	if quoting {
		return p.next(), false
	}
	if p.flags&Python == 0 && strings.HasPrefix(p.text[p.pos:], "[:") {
		if name, _, ok := strings.Cut(p.text[p.pos+2:], ":]"); ok && isPosixName(name) {
			found, known := posixPairs(strings.TrimPrefix(name, "^"))
			if !known {
				p.fail(at, "unknown class [:%s:]", name)
			}
			if name[0] == '^' {
				found = negate(found)
			}
			*pairs = append(*pairs, found...)
			p.pos += len(name) + 4
			return 0, true
		}
	}
	r = p.next()
	if r != '\\' {
		return r, false
	}
	if !p.more() {
		p.fail(at, "a \\ at the end")
	}
	switch c := p.text[p.pos]; c {
	case 'd', 'D', 'w', 'W', 's', 'S', 'h', 'H', 'V':
		p.pos++
		*pairs = append(*pairs, classPairs(c, p.flags&Unicode != 0)...)
		return 0, true
	case 'v':
		p.pos++
		if p.flags&Python != 0 {
			return '\v', false
		}
		*pairs = append(*pairs, vspace...)
		return 0, true
	case 'p', 'P':
		*pairs = append(*pairs, p.property(at)...)
		return 0, true
	case 'b':
		p.pos++
		return '\b', false
	case 'N', 'R', 'X', 'B', 'A', 'Z', 'z', 'G', 'K':
		p.fail(at, "\\%c means nothing in a class", c)
	}
	return p.escapedRune(at), false
}

func isPosixName(s string) bool {
	s = strings.TrimPrefix(s, "^")
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}
