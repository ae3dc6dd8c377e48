package suppress

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// ranges follows `ruff: disable[…]` to what ends it: an enable of the same indentation, for each code that it names, or else the
// end of the block that it stands in.
type ranges struct {
	all  []*span
	last map[string]*span // not yet enabled, by code and indentation
}

// A span is a range that is being followed.
type span struct {
	*directive
	indent int
}

func key(id string, indent int) string {
	return strings.ToUpper(id) + "\x00" + strings.Repeat(" ", indent)
}

func (r *ranges) open(d *directive, indent int) {
	s := &span{d, indent}
	r.all = append(r.all, s)
	if r.last == nil {
		r.last = map[string]*span{}
	}
	for _, id := range d.ids {
		r.last[key(id, indent)] = s
	}
}

func (r *ranges) close(d *directive, indent int) {
	for _, id := range d.ids {
		k := key(id, indent)
		if s := r.last[k]; s != nil {
			for _, own := range s.ids {
				if strings.EqualFold(own, id) {
					s.ends = append(s.ends, ending{own, d.line})
				}
			}
			delete(r.last, k)
		}
	}
}

// finish finds where blocks end: before the first statement that stands further left than the comment.
func (r *ranges) finish(f *source.File, comments []source.Span, statementLines func(line int) (first, last int)) {
	if len(r.all) == 0 {
		return
	}
	var open []*span // by indentation, so that a line ends some at the end of this list
	next := 0
	for line := 1; line <= f.NumLines(); {
		if line = codeLine(f, comments, line); line > f.NumLines() {
			break
		}
		for next < len(r.all) && r.all[next].line < line {
			s := r.all[next]
			next++
			i, _ := slices.BinarySearchFunc(open, s, func(a, b *span) int { return cmp.Compare(a.indent, b.indent) })
			open = slices.Insert(open, i, s)
		}
		text := f.Line(line)
		indent := len(text) - len(strings.TrimLeft(text, " \t\f"))
		for n := len(open); n > 0 && open[n-1].indent > indent; n = len(open) {
			open[n-1].first, open[n-1].directive.last = open[n-1].line, line-1
			open = open[:n-1]
		}
		_, last := statementLines(line)
		line = max(line, last) + 1
		for len(comments) > 0 && comments[0].Start < f.LineSpan(line).Start {
			comments = comments[1:]
		}
	}
	for _, s := range append(open, r.all[next:]...) {
		s.first, s.directive.last = s.line, f.NumLines()
	}
}
