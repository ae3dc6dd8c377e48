package regex

import (
	"fmt"
	"strings"
)

// single reports whether a node always takes exactly one rune.
func (n *node) single() bool { return n.op == opRune || n.op == opSet }

// nullable reports whether a node may match without taking anything.
func (n *node) nullable() bool {
	switch n.op {
	case opRune, opSet:
		return false
	case opConcat:
		for _, s := range n.subs {
			if !s.nullable() {
				return false
			}
		}
		return true
	case opAlt:
		for _, s := range n.subs {
			if s.nullable() {
				return true
			}
		}
		return false
	case opRepeat:
		return n.min == 0 || n.subs[0].nullable()
	case opGroup, opAtomic:
		return n.subs[0].nullable()
	case opCond:
		return n.subs[0].nullable() || n.subs[1].nullable()
	}
	return true
}

// width is the number of runes that a node takes, when it is always the same number.
func (n *node) width() (int, bool) {
	switch n.op {
	case opRune, opSet:
		return 1, true
	case opConcat:
		sum := 0
		for _, s := range n.subs {
			w, ok := s.width()
			if !ok {
				return 0, false
			}
			sum += w
		}
		return sum, true
	case opAlt:
		first, ok := n.subs[0].width()
		for _, s := range n.subs[1:] {
			w, same := s.width()
			ok = ok && same && w == first
		}
		return first, ok
	case opRepeat:
		w, ok := n.subs[0].width()
		return w * n.min, ok && n.min == n.max
	case opGroup, opAtomic:
		return n.subs[0].width()
	case opBackref, opCond:
		return 0, false
	}
	return 0, true
}

// expandedSize is about how many instructions a node compiles to; it stops counting
// somewhere above maxSize.
func expandedSize(n *node) int {
	size := 2
	for _, s := range n.subs {
		if s != nil {
			size += expandedSize(s)
		}
		if size > maxSize {
			return size
		}
	}
	if n.op == opRepeat && !n.subs[0].single() {
		size *= max(n.min, n.max, 1)
	}
	return min(size, 2*maxSize)
}

// any reports whether f holds for a node of the tree.
func (n *node) any(f func(*node) bool) bool {
	if f(n) {
		return true
	}
	for _, s := range n.subs {
		if s != nil && s.any(f) {
			return true
		}
	}
	return false
}

// regular reports whether Go's regexp can run a node with the same outcome.
// finalEnd is set when that holds only for texts that do not end with a line feed.
func (n *node) regular(python bool, finalEnd *bool) bool {
	switch n.op {
	case opAtomic, opLook, opBackref, opCond, opSearch, opKeep:
		return false
	case opWordEdge:
		return !n.unicode
	case opFinalEnd:
		*finalEnd = true
	case opLineStart:
		// In PCRE no line starts after the last line feed.
		if !python {
			*finalEnd = true
		}
	case opRepeat:
		// The engines disagree on loops whose body may take nothing.
		if n.mode == possessive || n.max != 0 && n.max != 1 && n.subs[0].nullable() {
			return false
		}
	}
	for _, s := range n.subs {
		if !s.regular(python, finalEnd) {
			return false
		}
	}
	return true
}

// write prints a regular node in Go's syntax, settings resolved.
func (n *node) write(b *strings.Builder) {
	switch n.op {
	case opEmpty:
		b.WriteString("(?:)")
	case opRune:
		fmt.Fprintf(b, `\x{%x}`, n.r)
	case opSet:
		if len(n.set.ranges) == 0 {
			b.WriteString(`[^\x00-\x{10FFFF}]`)
			return
		}
		b.WriteByte('[')
		for i := 0; i < len(n.set.ranges); i += 2 {
			fmt.Fprintf(b, `\x{%x}-\x{%x}`, n.set.ranges[i], n.set.ranges[i+1])
		}
		b.WriteByte(']')
	case opConcat:
		for _, s := range n.subs {
			if s.op == opAlt {
				b.WriteString("(?:")
				s.write(b)
				b.WriteByte(')')
				continue
			}
			s.write(b)
		}
	case opAlt:
		for i, s := range n.subs {
			if i > 0 {
				b.WriteByte('|')
			}
			s.write(b)
		}
	case opRepeat:
		b.WriteString("(?:")
		n.subs[0].write(b)
		b.WriteByte(')')
		switch {
		case n.min == 0 && n.max == -1:
			b.WriteByte('*')
		case n.min == 1 && n.max == -1:
			b.WriteByte('+')
		case n.min == 0 && n.max == 1:
			b.WriteByte('?')
		case n.max == -1:
			fmt.Fprintf(b, "{%d,}", n.min)
		default:
			fmt.Fprintf(b, "{%d,%d}", n.min, n.max)
		}
		if n.mode == lazy {
			b.WriteByte('?')
		}
		// Go refuses a** but not (?:a*)*, and so a repeat stands in parentheses when repeated.
	case opGroup:
		b.WriteByte('(')
		n.subs[0].write(b)
		b.WriteByte(')')
	case opLineStart:
		b.WriteString("(?m:^)")
	case opLineEnd:
		b.WriteString("(?m:$)")
	case opTextStart:
		b.WriteString(`\A`)
	case opTextEnd, opFinalEnd:
		b.WriteString(`\z`)
	case opWordEdge:
		if n.negated {
			b.WriteString(`\B`)
		} else {
			b.WriteString(`\b`)
		}
	}
}
