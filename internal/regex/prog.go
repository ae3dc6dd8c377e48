package regex

import (
	"slices"
	"unicode/utf8"
)

type instOp uint8

const (
	iRune     instOp = iota // one rune
	iString                 // a run of runes, as UTF-8
	iSet                    // one rune of a set
	iRun                    // one-rune item, many times
	iSplit                  // x first, then y
	iJump                   // to x
	iSave                   // the place into slot x
	iMark                   // like iSave, for loops whose body may take nothing
	iProgress               // to x unless the place is still that in slot min, else to y
	iLook                   // body at x, then y
	iAtomic                 // body at x, then y
	iBackref
	iCond // group min took part: x, else y
	iLineStart
	iLineEnd
	iTextStart
	iTextEnd
	iFinalEnd
	iWordEdge
	iSearch
	iMatch
)

type inst struct {
	op      instOp
	mode    mode
	back    bool // takes text right to left
	negated bool
	fold    bool // iBackref
	unicode bool // iWordEdge
	python  bool // iLineStart
	memo    int32
	x, y    int32
	min     int32
	max     int32 // -1: no bound
	r       rune
	set     *charSet // nil for a rune, in iRun
	str     string
}

// A prog is an expression, or one lookaround of it, as instructions.
type prog struct {
	insts  []inst
	slots  int // captures first, then the marks of loops
	memos  int // instructions that take part in remembering; 0 when nothing can be remembered
	forget bool
	search searchPlan
}

// A searchPlan is what must stand where a match begins.
type searchPlan struct {
	textStart bool
	lineStart bool
	prefix    string
	first     *[256]bool
}

type compiler struct {
	p        *prog
	subDepth int  // lookarounds and atomic groups around
	loops    int  // loops without a bound around
	unsound  bool // a loop that may take nothing within a lookaround: nothing is remembered
	python   bool
}

// compile writes a tree as instructions. groups is the number of captures in the whole expression.
func compile(tree *node, groups int, refs, python bool) *prog {
	c := &compiler{p: &prog{slots: 2 * (groups + 1)}, python: python}
	c.node(tree, false)
	c.emit(inst{op: iMatch})
	if !refs && !c.unsound {
		c.number()
	}
	c.p.search = planSearch(tree)
	return c.p
}

func (c *compiler) emit(in inst) int32 {
	in.memo = -1
	c.p.insts = append(c.p.insts, in)
	return int32(len(c.p.insts) - 1)
}

func (c *compiler) here() int32 { return int32(len(c.p.insts)) }

// number gives an index to the instructions at which failures are remembered.
func (c *compiler) number() {
	insts := c.p.insts
	mark := func(i int) {
		if insts[i].memo < 0 {
			insts[i].memo = int32(c.p.memos)
			c.p.memos++
		}
	}
	for i := range insts {
		switch insts[i].op {
		case iRun:
			mark(i)
			mark(i + 1)
		case iSplit, iLook, iAtomic:
			mark(i)
		}
	}
}

func (c *compiler) node(n *node, back bool) {
	switch n.op {
	case opRune:
		if n.r == utf8.RuneError {
			c.emit(inst{op: iSet, back: back, set: newSet([]rune{n.r, n.r})})
			return
		}
		c.emit(inst{op: iRune, back: back, r: n.r})
	case opSet:
		c.emit(inst{op: iSet, back: back, set: n.set})
	case opConcat:
		c.concat(n.subs, back)
	case opAlt:
		var exits []int32
		for i, s := range n.subs {
			if i == len(n.subs)-1 {
				c.node(s, back)
				break
			}
			split := c.emit(inst{op: iSplit})
			c.p.insts[split].x = c.here()
			c.node(s, back)
			exits = append(exits, c.emit(inst{op: iJump}))
			c.p.insts[split].y = c.here()
		}
		for _, e := range exits {
			c.p.insts[e].x = c.here()
		}
	case opRepeat:
		c.repeat(n, back)
	case opGroup:
		first, last := int32(2*n.index), int32(2*n.index+1)
		if back {
			first, last = last, first
		}
		c.emit(inst{op: iSave, x: first})
		c.node(n.subs[0], back)
		c.emit(inst{op: iSave, x: last})
	case opAtomic:
		c.body(inst{op: iAtomic}, n.subs[0], back)
	case opLook:
		c.body(inst{op: iLook, negated: n.negated}, n.subs[0], n.behind)
	case opBackref:
		c.emit(inst{op: iBackref, back: back, fold: n.fold, min: int32(n.index)})
	case opCond:
		var test int32
		if len(n.subs) == 3 {
			c.conditionLook(n, back)
			return
		}
		test = c.emit(inst{op: iCond, min: int32(n.index)})
		c.p.insts[test].x = c.here()
		c.node(n.subs[0], back)
		exit := c.emit(inst{op: iJump})
		c.p.insts[test].y = c.here()
		c.node(n.subs[1], back)
		c.p.insts[exit].x = c.here()
	case opLineStart:
		c.emit(inst{op: iLineStart, python: c.python})
	case opLineEnd:
		c.emit(inst{op: iLineEnd})
	case opTextStart:
		c.emit(inst{op: iTextStart})
	case opTextEnd:
		c.emit(inst{op: iTextEnd})
	case opFinalEnd:
		c.emit(inst{op: iFinalEnd})
	case opWordEdge:
		c.emit(inst{op: iWordEdge, negated: n.negated, unicode: n.unicode})
	case opSearch:
		c.emit(inst{op: iSearch})
		c.p.forget = true
	case opKeep:
		c.emit(inst{op: iSave, x: 0})
	}
}

// conditionLook writes (?(?=a)b|c) as (?:(?=a)b|(?!a)c).
func (c *compiler) conditionLook(n *node, back bool) {
	look := *n.subs[2]
	other := look
	other.negated = !look.negated
	c.node(&node{op: opAlt, subs: []*node{
		{op: opConcat, subs: ordered(back, &look, n.subs[0])},
		{op: opConcat, subs: ordered(back, &other, n.subs[1])},
	}}, back)
}

// ordered is the test and its branch in the order in which they must stand to run test first.
func ordered(back bool, test, branch *node) []*node {
	if back {
		return []*node{branch, test}
	}
	return []*node{test, branch}
}

func (c *compiler) body(in inst, sub *node, back bool) {
	at := c.emit(in)
	c.p.insts[at].x = c.here()
	c.subDepth++
	c.node(sub, back)
	c.subDepth--
	c.emit(inst{op: iMatch})
	c.p.insts[at].y = c.here()
}

func (c *compiler) concat(subs []*node, back bool) {
	if back {
		for _, s := range slices.Backward(subs) {
			c.node(s, back)
		}
		return
	}
	for i := 0; i < len(subs); {
		j := i
		var str []byte
		for j < len(subs) && subs[j].op == opRune && subs[j].r != utf8.RuneError {
			str = utf8.AppendRune(str, subs[j].r)
			j++
		}
		if j-i >= 2 {
			c.emit(inst{op: iString, str: string(str)})
			i = j
			continue
		}
		c.node(subs[i], back)
		i++
	}
}

func (c *compiler) repeat(n *node, back bool) {
	sub := n.subs[0]
	if n.max == 0 {
		return
	}
	// A run within a loop would be tried from each of its places to each: as a loop of
	// its own, every place is remembered.
	nested := c.loops > 0 && n.max < 0 && n.mode != possessive
	if sub.single() && sub.r != utf8.RuneError && !nested {
		c.emit(inst{op: iRun, mode: n.mode, back: back, min: int32(n.min), max: int32(n.max), r: sub.r, set: sub.set})
		return
	}
	if n.mode == possessive {
		plain := *n
		plain.mode = greedy
		c.body(inst{op: iAtomic}, &plain, back)
		return
	}
	if n.max < 0 {
		c.loops++
		defer func() { c.loops-- }()
	}
	for range n.min {
		c.node(sub, back)
	}
	split := func() int32 { return c.emit(inst{op: iSplit}) }
	enter := func(at int32) { // the body follows
		if n.mode == lazy {
			c.p.insts[at].y = c.here()
		} else {
			c.p.insts[at].x = c.here()
		}
	}
	leave := func(at int32) {
		if n.mode == lazy {
			c.p.insts[at].x = c.here()
		} else {
			c.p.insts[at].y = c.here()
		}
	}
	if n.max < 0 {
		at := split()
		enter(at)
		if sub.nullable() {
			if c.subDepth > 0 {
				c.unsound = true
			}
			c.p.forget = true
			slot := int32(c.p.slots)
			c.p.slots++
			c.emit(inst{op: iMark, x: slot})
			c.node(sub, back)
			check := c.emit(inst{op: iProgress, x: at, min: slot})
			c.p.insts[check].y = c.here()
		} else {
			c.node(sub, back)
			c.emit(inst{op: iJump, x: at})
		}
		leave(at)
		return
	}
	var exits []int32
	for range n.max - n.min {
		at := split()
		enter(at)
		c.node(sub, back)
		exits = append(exits, at)
	}
	for _, at := range exits {
		leave(at)
	}
}

// planSearch finds what a match must begin with.
func planSearch(tree *node) searchPlan {
	var plan searchPlan
	items := []*node{tree}
	if tree.op == opConcat {
		items = tree.subs
	}
	var prefix []byte
	for _, n := range items {
		if n.op == opTextStart && len(prefix) == 0 {
			plan.textStart = true
		}
		if n.op == opLineStart && len(prefix) == 0 {
			plan.lineStart = true
		}
		switch n.op {
		case opTextStart, opLineStart, opLook, opWordEdge, opEmpty:
			if len(prefix) == 0 {
				continue
			}
		case opRune:
			if n.r != utf8.RuneError {
				prefix = utf8.AppendRune(prefix, n.r)
				continue
			}
		}
		break
	}
	plan.prefix = string(prefix)
	var first [256]bool
	if plan.prefix == "" && !tree.firstBytes(&first) {
		plan.first = &first
	}
	return plan
}

// firstBytes adds the bytes that a match may begin with, and reports whether it may
// also be empty, or begin with anything.
func (n *node) firstBytes(b *[256]bool) bool {
	switch n.op {
	case opRune:
		addFirst(b, n.r, n.r)
		return false
	case opSet:
		for i := 0; i < len(n.set.ranges); i += 2 {
			addFirst(b, n.set.ranges[i], n.set.ranges[i+1])
		}
		return false
	case opConcat:
		for _, s := range n.subs {
			if !s.firstBytes(b) {
				return false
			}
		}
		return true
	case opAlt:
		open := false
		for _, s := range n.subs {
			if s.firstBytes(b) {
				open = true
			}
		}
		return open
	case opRepeat:
		if n.max == 0 {
			return true
		}
		open := n.subs[0].firstBytes(b)
		return open || n.min == 0
	case opGroup, opAtomic:
		return n.subs[0].firstBytes(b)
	case opCond:
		first, second := n.subs[0].firstBytes(b), n.subs[1].firstBytes(b)
		return first || second
	case opBackref:
		for i := range b {
			b[i] = true
		}
	}
	return true
}

func addFirst(b *[256]bool, lo, hi rune) {
	for r := lo; r <= hi && r < 128; r++ {
		b[r] = true
	}
	if hi < 128 {
		return
	}
	// A byte that is no UTF-8 stands for U+FFFD, and may be any of these.
	if lo <= utf8.RuneError && utf8.RuneError <= hi {
		for i := 128; i < 256; i++ {
			b[i] = true
		}
		return
	}
	var buf [4]byte
	utf8.EncodeRune(buf[:], max(lo, 128))
	from := buf[0]
	utf8.EncodeRune(buf[:], hi)
	for i := int(from); i <= int(buf[0]); i++ {
		b[i] = true
	}
}
