package regex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type frameKind uint8

const (
	fBranch frameKind = iota // go on at pc and pos
	fSlot                    // put old back into the slot pc
	fRun                     // give back one rune of a run, or take one more
	fFailed                  // pc at pos has failed: remember it
)

type frame struct {
	kind frameKind
	pc   int32
	pos  int
	old  int // fSlot: value; fRun: the place not to go beyond, or how many more may be taken
}

// A machine runs a prog over one text. Its memory is kept from search to search.
type machine struct {
	p     *prog
	text  string
	from  int // where the search began
	slots []int
	stack []frame
	steps int
	limit int
	err   error

	// failed remembers instruction and place, lossily: an entry may be overwritten by
	// another, never be wrong. It is made once a search has become long.
	failed   []uint64
	remember bool
	late     int // steps at which remembering begins
}

// Bounds, in steps. An expression that needs more than a constant and so many a byte is
// one that does not end.
const (
	stepsBase    = 2_000_000
	stepsPerByte = 64
	memoBase     = 2048
	memoPerByte  = 4
	memoMost     = 1 << 20 // entries of 8 bytes
	maxStack     = 1 << 20 // frames
)

func (m *machine) reset(p *prog, text string) {
	m.p, m.text = p, text
	if cap(m.slots) < p.slots {
		m.slots = make([]int, p.slots)
	}
	m.slots = m.slots[:p.slots]
	m.stack = m.stack[:0]
	m.steps, m.err = 0, nil
	m.limit = stepsBase + stepsPerByte*len(text)
	m.late = memoBase + memoPerByte*len(text)
	m.remember = false
}

// release lets go of the text, and of memory that only a rare search needs.
func (m *machine) release() {
	m.text = ""
	if cap(m.stack) > 1<<16 {
		m.stack = nil
	}
	if len(m.failed) > 1<<14 {
		m.failed = nil
	}
}

// find looks for the first match that begins at from or later.
func (m *machine) find(from int) bool {
	if m.p.forget {
		m.forgetAll()
	}
	m.from = from
	for at := m.start(from); at >= 0; {
		if _, ok := m.try(at); ok || m.err != nil {
			return ok
		}
		if at >= len(m.text) {
			return false
		}
		_, n := utf8.DecodeRuneInString(m.text[at:])
		at = m.start(at + n)
	}
	return false
}

// start is the first place at or after from where a match may begin, or -1.
func (m *machine) start(from int) int {
	plan := &m.p.search
	switch {
	case plan.textStart:
		if from > 0 {
			return -1
		}
	case plan.lineStart:
		if from > 0 && m.text[from-1] != '\n' {
			n := strings.IndexByte(m.text[from:], '\n')
			if n < 0 {
				return -1
			}
			return from + n + 1
		}
	case plan.prefix != "":
		n := strings.Index(m.text[from:], plan.prefix)
		if n < 0 {
			return -1
		}
		return from + n
	case plan.first != nil:
		for i := from; i < len(m.text); i++ {
			if plan.first[m.text[i]] {
				return i
			}
		}
		return -1
	}
	return from
}

// try matches at one place.
func (m *machine) try(at int) (end int, ok bool) {
	for i := range m.slots {
		m.slots[i] = -1
	}
	m.slots[0] = at
	m.stack = m.stack[:0]
	if end, ok = m.run(0, at); ok {
		m.slots[1] = end
	}
	return end, ok
}

func (m *machine) forgetAll() {
	if m.remember {
		clear(m.failed)
	}
}

func (m *machine) begin() {
	states := m.p.memos * (len(m.text) + 1)
	size := 1 << 10
	for size < states && size < memoMost {
		size <<= 1
	}
	if cap(m.failed) >= size {
		m.failed = m.failed[:size]
		clear(m.failed)
	} else {
		m.failed = make([]uint64, size)
	}
	m.remember = true
}

// state is the entry and the mark of an instruction at a place.
func (m *machine) state(memo int32, pos int) (entry *uint64, mark uint64) {
	s := uint64(pos)*uint64(m.p.memos) + uint64(memo)
	return &m.failed[s&uint64(len(m.failed)-1)], s + 1
}

// put sets a slot, and sees to it that backtracking restores it.
func (m *machine) put(slot int32, pos int) {
	m.stack = append(m.stack, frame{fSlot, slot, 0, m.slots[slot]})
	m.slots[slot] = pos
}

// runeAt is the rune that follows a place, or precedes it, and its width; 0 at an end.
func (m *machine) runeAt(pos int, back bool) (rune, int) {
	if back {
		if pos == 0 {
			return -1, 0
		}
		if b := m.text[pos-1]; b < utf8.RuneSelf {
			return rune(b), 1
		}
		return utf8.DecodeLastRuneInString(m.text[:pos])
	}
	if pos >= len(m.text) {
		return -1, 0
	}
	if b := m.text[pos]; b < utf8.RuneSelf {
		return rune(b), 1
	}
	return utf8.DecodeRuneInString(m.text[pos:])
}

// one takes one rune that in asks for; the new place is -1 when it is not there.
func (m *machine) one(in *inst, pos int) int {
	r, n := m.runeAt(pos, in.back)
	if n == 0 {
		return -1
	}
	if in.set != nil {
		if !in.set.has(r) {
			return -1
		}
	} else if r != in.r {
		return -1
	}
	if in.back {
		return pos - n
	}
	return pos + n
}

// run follows the instructions from pc until iMatch. On success its frames stay on the stack: whoever called decides whether they may
// be entered again. On failure the stack and the slots are as they were.
func (m *machine) run(pc int32, pos int) (int, bool) {
	base := len(m.stack)
	insts := m.p.insts
	for {
		m.steps++
		if m.steps > m.late && !m.remember && m.p.memos > 0 {
			m.begin()
		}
		if m.steps > m.limit || len(m.stack) > maxStack {
			m.err = ErrSteps
			m.unwind(base)
			return 0, false
		}
		in := &insts[pc]
		if m.remember && in.memo >= 0 {
			if entry, mark := m.state(in.memo, pos); *entry == mark {
				goto fail
			}
			m.stack = append(m.stack, frame{fFailed, in.memo, pos, 0})
		}
		switch in.op {
		case iRune, iSet:
			if p := m.one(in, pos); p >= 0 {
				pos = p
				pc++
				continue
			}
		case iString:
			if strings.HasPrefix(m.text[pos:], in.str) {
				pos += len(in.str)
				pc++
				continue
			}
		case iRun:
			if p, ok := m.many(in, pc, pos); ok {
				pos = p
				pc++
				continue
			}
		case iSplit:
			m.stack = append(m.stack, frame{fBranch, in.y, pos, 0})
			pc = in.x
			continue
		case iJump:
			pc = in.x
			continue
		case iSave, iMark:
			m.put(in.x, pos)
			pc++
			continue
		case iProgress:
			pc = in.x
			if m.slots[in.min] == pos {
				pc = in.y
			}
			continue
		case iLook, iAtomic:
			inner := len(m.stack)
			end, ok := m.run(in.x, pos)
			if m.err != nil {
				m.unwind(base)
				return 0, false
			}
			if ok && in.negated {
				m.unwind(inner)
			}
			if ok != in.negated {
				if ok {
					m.commit(inner)
				}
				if in.op == iAtomic {
					pos = end
				}
				pc = in.y
				continue
			}
		case iBackref:
			if p := m.backref(in, pos); p >= 0 {
				pos = p
				pc++
				continue
			}
		case iCond:
			pc = in.x
			if m.slots[2*in.min] < 0 || m.slots[2*in.min+1] < 0 {
				pc = in.y
			}
			continue
		case iMatch:
			return pos, true
		default:
			if m.holds(in, pos) {
				pc++
				continue
			}
		}
	fail:
		for {
			if len(m.stack) == base {
				return 0, false
			}
			top := len(m.stack) - 1
			f := &m.stack[top]
			if f.kind == fBranch {
				pc, pos = f.pc, f.pos
				m.stack = m.stack[:top]
				break
			}
			if f.kind == fRun {
				if m.again(f, top) {
					pc, pos = f.pc+1, f.pos
					break
				}
				m.stack = m.stack[:top]
				continue
			}
			if f.kind == fSlot {
				m.slots[f.pc] = f.old
			} else if m.remember {
				entry, mark := m.state(f.pc, f.pos)
				*entry = mark
			}
			m.stack = m.stack[:top]
		}
	}
}

// many takes a run of one-rune items. It leaves a frame when fewer, or for a lazy run
// more, may do.
func (m *machine) many(in *inst, pc int32, pos int) (int, bool) {
	most := int(in.max)
	if in.mode == lazy {
		most = int(in.min)
	}
	least := pos
	n := 0
	for n != most {
		p := m.one(in, pos)
		if p < 0 {
			break
		}
		pos = p
		if n++; n == int(in.min) {
			least = pos
		}
	}
	m.steps += n >> 3
	if n < int(in.min) {
		return 0, false
	}
	switch {
	case in.mode == greedy && pos != least:
		m.stack = append(m.stack, frame{fRun, pc, pos, least})
	case in.mode == lazy && in.max != in.min:
		more := -1
		if in.max >= 0 {
			more = int(in.max - in.min)
		}
		m.stack = append(m.stack, frame{fRun, pc, pos, more})
	}
	return pos, true
}

// again changes a run by one rune; false when there is nothing left to try.
func (m *machine) again(f *frame, top int) bool {
	in := &m.p.insts[f.pc]
	if in.mode == lazy {
		if f.old == 0 {
			return false
		}
		p := m.one(in, f.pos)
		if p < 0 {
			return false
		}
		f.pos = p
		if f.old > 0 {
			f.old--
		}
		return true
	}
	if f.pos == f.old {
		return false
	}
	_, n := m.runeAt(f.pos, !in.back)
	if in.back {
		f.pos = min(f.pos+n, f.old)
	} else {
		f.pos = max(f.pos-n, f.old)
	}
	return true
}

// unwind drops the frames above base and puts the slots back.
func (m *machine) unwind(base int) {
	for len(m.stack) > base {
		f := &m.stack[len(m.stack)-1]
		if f.kind == fSlot {
			m.slots[f.pc] = f.old
		}
		m.stack = m.stack[:len(m.stack)-1]
	}
}

// commit drops the ways back into a body that has matched, but keeps what restores the slots.
func (m *machine) commit(base int) {
	kept := m.stack[:base]
	for _, f := range m.stack[base:] {
		if f.kind == fSlot {
			kept = append(kept, f)
		}
	}
	m.stack = kept
}

func (m *machine) backref(in *inst, pos int) int {
	from, to := m.slots[2*in.min], m.slots[2*in.min+1]
	if from < 0 || to < 0 {
		return -1
	}
	if from > to { // the group is still open
		return -1
	}
	group := m.text[from:to]
	m.steps += len(group) >> 3
	if !in.fold {
		if in.back {
			if strings.HasSuffix(m.text[:pos], group) {
				return pos - len(group)
			}
		} else if strings.HasPrefix(m.text[pos:], group) {
			return pos + len(group)
		}
		return -1
	}
	i, j := 0, len(group)
	for i < j {
		var a rune
		var n int
		if in.back {
			a, n = utf8.DecodeLastRuneInString(group[i:j])
			j -= n
		} else {
			a, n = utf8.DecodeRuneInString(group[i:j])
			i += n
		}
		b, width := m.runeAt(pos, in.back)
		if width == 0 || !equalFold(a, b) {
			return -1
		}
		if in.back {
			pos -= width
		} else {
			pos += width
		}
	}
	return pos
}

func equalFold(a, b rune) bool {
	if a == b {
		return true
	}
	if a < 128 || b < 128 {
		return a < 128 && b < 128 && a|0x20 == b|0x20 && a|0x20 >= 'a' && a|0x20 <= 'z'
	}
	for f := unicode.SimpleFold(a); f != a; f = unicode.SimpleFold(f) {
		if f == b {
			return true
		}
	}
	return false
}

// holds answers the assertions that look at a place alone.
func (m *machine) holds(in *inst, pos int) bool {
	n := len(m.text)
	switch in.op {
	case iLineStart:
		return pos == 0 || m.text[pos-1] == '\n' && (pos < n || in.python)
	case iLineEnd:
		return pos == n || m.text[pos] == '\n'
	case iTextStart:
		return pos == 0
	case iTextEnd:
		return pos == n
	case iFinalEnd:
		return pos == n || pos == n-1 && m.text[pos] == '\n'
	case iSearch:
		return pos == m.from
	case iWordEdge:
		before, _ := m.runeAt(pos, true)
		after, _ := m.runeAt(pos, false)
		return (isWord(before, in.unicode) != isWord(after, in.unicode)) != in.negated
	}
	return false
}

func isWord(r rune, unicodeAware bool) bool {
	switch {
	case r < 0:
		return false
	case r < 128:
		return r == '_' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
	}
	return unicodeAware && (unicode.IsLetter(r) || unicode.In(r, unicode.N))
}
