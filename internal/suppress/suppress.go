package suppress

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// A Set holds the directives of one file.
type Set struct {
	file       *source.File
	directives []*directive // in order of place

	// KeepForeign lets no blanket comment that was written for another tool silence anything: for an audit, whose reader
	// wants to see what a linter was told to leave alone. Bandit's own is about security, and counts.
	KeepForeign bool
}

// An Item is a comment to tell its author of.
type Item struct {
	Line int      // 1-based; in a notebook within its cell
	Text string   // the comment, as written
	IDs  []string // what it names, as written; none when it is a blanket
}

// Scan reads the comments of a file. statementLines tells, for a line, the first and last line of the
// statement that it belongs to.
func Scan(f *source.File, comments []source.Span, statementLines func(line int) (first, last int)) *Set {
	s := &Set{file: f}
	open := map[string]*directive{} // `ruff: disable[…]` not yet enabled, by code
	for i, c := range comments {
		text := f.Slice(c)
		if !mentions(text) {
			continue
		}
		for _, d := range parse(text) {
			line, _ := f.Position(c.Start)
			own := strings.TrimSpace(f.Text[f.LineSpan(line).Start:c.Start]) == ""
			d.place = f.Place(c.Start + uint32(d.offset))
			switch d.reach {
			case wholeFile:
				d.first, d.last = 1, f.NumLines()
			case rangeStart:
				d.first, d.last = line, f.NumLines()
				for _, id := range d.ids {
					open[strings.ToUpper(id)] = d
				}
			case rangeEnd:
				for _, id := range d.ids {
					if o := open[strings.ToUpper(id)]; o != nil {
						o.ends = append(o.ends, ending{id, line})
						delete(open, strings.ToUpper(id))
					}
				}
				continue
			case nextLine:
				d.first, d.last = statementLines(line + 1)
			default:
				if !own {
					d.first, d.last = statementLines(line)
					break
				}
				next := codeLine(f, comments[i+1:], line+1)
				first, last := statementLines(next)
				if first <= line || d.reach == thisOrNext { // inside a statement, or above one
					d.first, d.last = first, last
				} // else it covers nothing
			}
			s.directives = append(s.directives, d)
		}
	}
	return s
}

// codeLine is the first line from here on that holds more than blanks and a comment. The comments are those
// from here on.
func codeLine(f *source.File, comments []source.Span, line int) int {
	for ; line <= f.NumLines(); line++ {
		span := f.LineSpan(line)
		for len(comments) > 0 && comments[0].Start < span.Start {
			comments = comments[1:]
		}
		end := span.End
		if len(comments) > 0 && comments[0].Start < span.End {
			end = comments[0].Start
		}
		if strings.TrimSpace(f.Text[span.Start:end]) != "" {
			return line
		}
	}
	return line
}

// Match is the suppression that silences a finding, or nil. A comment that names the rule goes before a
// blanket, so that the blanket is not reported for what it was not needed for.
func (s *Set) Match(f *finding.Finding) *finding.Suppression {
	line, _ := s.file.Position(f.Span.Start)
	var best *directive
	for _, d := range s.directives {
		if line < d.first || line > d.last || !d.silences(f, line) {
			continue
		}
		if s.KeepForeign && len(d.ids) == 0 && (d.kind == noqa || d.kind == nosem || d.kind == other) {
			continue
		}
		if len(d.ids) > 0 {
			d.used = true
		}
		if best == nil || len(best.ids) == 0 && len(d.ids) > 0 {
			best = d
		}
	}
	if best == nil {
		return nil
	}
	best.used = true
	return &finding.Suppression{Kind: "inline", Text: best.text, Reason: best.reason, Line: best.place.Line}
}

// Unused lists wadjet's own comments that silenced none of the findings given to [Set.Match] until now. Those of other
// tools may well silence something there.
func (s *Set) Unused() []Item {
	return s.items(func(d *directive) bool { return d.kind == wadjet && !d.used })
}

// Blanket lists the comments that silenced something without saying what.
func (s *Set) Blanket() []Item {
	return s.items(func(d *directive) bool { return len(d.ids) == 0 && !d.empty && d.used && d.kind != secrets })
}

func (s *Set) items(is func(*directive) bool) []Item {
	var out []Item
	for _, d := range s.directives {
		if is(d) {
			out = append(out, Item{Line: d.place.Line, Text: d.text, IDs: d.ids})
		}
	}
	return out
}

// silences reports whether a directive that covers the line is about the finding.
func (d *directive) silences(f *finding.Finding, line int) bool {
	switch {
	case d.empty:
		return false
	case d.kind == secrets && !f.Rule.Secret:
		return false
	case len(d.ids) > 0:
		return slices.ContainsFunc(d.ids, func(id string) bool { return !d.ended(id, line) && d.names(f, id) })
	case d.kind == wadjet || d.kind == nosec || d.kind == secrets:
		return true
	case len(f.Trace) > 0:
		return false
	case d.kind == noqa:
		return aliased(f, func(peer, _ string) bool { return peer == "ruff" || peer == "bandit" })
	}
	return true
}

func (d *directive) ended(id string, line int) bool {
	return slices.ContainsFunc(d.ends, func(e ending) bool { return e.id == id && line > e.line })
}

// names reports whether an id, as written in the comment, means the finding.
func (d *directive) names(f *finding.Finding, id string) bool {
	if d.kind == wadjet || d.kind == nosec || d.kind == nosem {
		last := id[strings.LastIndexByte(id, '.')+1:]
		for _, own := range append([]string{f.Rule.ID, f.Rule.Weakness}, f.Merged...) {
			if own != "" && (strings.EqualFold(own, id) || strings.EqualFold(own, last) && d.kind == nosem) {
				return true
			}
		}
	}
	if number, ok := banditNames[strings.ToLower(id)]; ok && (d.kind == wadjet || d.kind == nosec) {
		id = number
	}
	return aliased(f, func(peer, alias string) bool {
		switch {
		case strings.EqualFold(alias, id):
			return true
		case d.kind == nosem:
			return peer == "semgrep" && strings.EqualFold(alias[strings.LastIndexByte(alias, '.')+1:], id[strings.LastIndexByte(id, '.')+1:])
		case d.kind == noqa && peer == "ruff":
			return isPrefixCode(id) && strings.HasPrefix(alias, strings.ToUpper(id))
		}
		// Ruff's S numbers are Bandit's B numbers.
		return (peer == "bandit" || peer == "ruff") && len(id) == 4 && len(alias) == 4 && strings.ContainsAny(id[:1], "BSbs") && id[1:] == alias[1:]
	})
}

// Names reports whether an id in one of wadjet's comments means a rule: its own id, its weakness, or what a peer calls it.
func Names(r *finding.Rule, id string) bool {
	d := directive{kind: wadjet}
	return d.names(&finding.Finding{Rule: r}, id)
}

// isPrefixCode reports whether id is the beginning of codes, as Ruff and flake8 take it: "S", "S6".
func isPrefixCode(id string) bool {
	rest := strings.TrimLeft(strings.ToUpper(id), "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	return len(rest) < len(id) && strings.Trim(rest, "0123456789") == ""
}

// aliased reports whether some alias of the finding is such. The order in which they are looked at does not show.
func aliased(f *finding.Finding, is func(peer, id string) bool) bool {
	for _, m := range []map[string][]string{f.Aliases, f.Rule.Aliases} {
		for peer, ids := range m {
			for _, id := range ids {
				if is(peer, id) {
					return true
				}
			}
		}
	}
	return false
}
