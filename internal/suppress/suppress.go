package suppress

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Foreign says what comments that were written for other tools may silence.
type Foreign uint8

const (
	// Recheck lets them silence what those tools could have meant. A bare one never silences a flow or the answer of
	// a query, which no linter saw. One that names the finding's rule silences it, unless a flow proves it: that is shown,
	// and does not gate.
	Recheck Foreign = iota
	Honour          // they silence whatever they cover, proven or not
	Ignore          // they silence nothing
)

var foreignNames = [...]string{"recheck", "honour", "ignore"}

func (f Foreign) String() string { return foreignNames[f] }

// ParseForeign reads "recheck", "honour" or "ignore"; ok is false for anything else.
func ParseForeign(s string) (f Foreign, ok bool) {
	i := slices.Index(foreignNames[:], s)
	return Foreign(max(i, 0)), i >= 0
}

// Options say how comments are judged.
type Options struct {
	Foreign Foreign

	// KeepForeign, with Recheck, lets no blanket comment that was written for another tool silence anything: for an audit, whose
	// reader wants to see what a linter was told to leave alone. Bandit's own is about security, and counts.
	KeepForeign bool

	// Today is the day by which comments expire, as 2026-12-31. None does when it is empty.
	Today string
}

// A Set holds the directives of one file.
type Set struct {
	Options
	file       *source.File
	directives []*directive // in order of place
	wide       []*directive // those of them that cover many lines
	Dropped    int          // directives over many lines that are not obeyed, because there are too many of them
}

// Bounds on what a hostile file can make Match look at: beyond them comments silence nothing.
const (
	maxNear = 256  // lines; what covers more is wide
	maxWide = 1000 // wide directives in a file
	maxEach = 100  // directives in a comment
)

// An Item is a comment to tell its author of.
type Item struct {
	Line    int      // 1-based; in a notebook within its cell
	Text    string   // the comment, as written
	IDs     []string // what it names to no effect, as written; none when it is a blanket
	Part    bool     // something else that it names has an effect
	Foreign bool     // it was written for another tool
}

// Scan reads the comments of a file. statementLines tells, for a line, the first and last line of the
// statement that it belongs to.
func Scan(f *source.File, comments []source.Span, statementLines func(line int) (first, last int)) *Set {
	s := &Set{file: f}
	var ranges ranges
	next := nextCode{f: f}
	for i, c := range comments {
		text := f.Slice(c)
		if !mentions(text) {
			continue
		}
		for _, d := range parse(text) {
			d.line, _ = f.Position(c.Start)
			line := d.line
			before := f.Text[f.LineSpan(line).Start:c.Start]
			own := strings.TrimSpace(before) == ""
			d.place = f.Place(c.Start + uint32(d.offset))
			switch d.reach {
			case wholeFile:
				if d.ruff && before != "" {
					break // Ruff takes it on a line of its own, outside of blocks
				}
				d.first, d.last = 1, f.NumLines()
			case rangeStart:
				if own {
					ranges.open(d, len(before))
				}
			case rangeEnd:
				if own {
					ranges.close(d, len(before))
				}
				continue
			case nextLine:
				d.first, d.last = statementLines(line + 1)
			default:
				if !own {
					d.first, d.last = statementLines(line)
					break
				}
				first, last := statementLines(next.after(comments[i+1:], line))
				if first <= line || d.reach == thisOrNext { // inside a statement, or above one
					d.first, d.last = first, last
				} // else it covers nothing
			}
			s.directives = append(s.directives, d)
		}
	}
	ranges.finish(f, comments, statementLines)
	kept := s.directives[:0]
	for _, d := range s.directives {
		if d.last-d.first > maxNear || d.first > d.line+maxNear {
			if len(s.wide) == maxWide {
				s.Dropped++
				continue
			}
			s.wide = append(s.wide, d)
		}
		kept = append(kept, d)
	}
	s.directives = kept
	return s
}

// nextCode remembers where the blank lines and comments end that it met last, so that a long run of comments is walked once.
type nextCode struct {
	f        *source.File
	from, to int
}

// after is the first line behind this one that holds code.
func (n *nextCode) after(comments []source.Span, line int) int {
	if line < n.from || line >= n.to {
		n.from, n.to = line, codeLine(n.f, comments, line+1)
	}
	return n.to
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

// A verdict is what a comment has to say of a finding.
type verdict uint8

const (
	silent   verdict = iota // nothing
	recheck                 // it was meant to silence it, but a flow has proven it since
	silences                // it silences it
)

// Match is the suppression that silences a finding, or nil. A comment that names the rule goes before a
// blanket, so that the blanket is not reported for what it was not needed for. With again, the comment is another tool's, and names
// what has been proven by a flow since: it is to be shown, with the comment, and not to gate.
func (s *Set) Match(f *finding.Finding) (by *finding.Suppression, again bool) {
	line, _ := s.file.Position(f.Span.Start)
	last, _ := s.file.Position(max(f.Span.Start, f.Span.End-1))
	var best *directive
	var is verdict
	for _, list := range [...][]*directive{s.wide, s.near(line, last)} {
		for _, d := range list {
			if !d.covers(s.file, f, line, last) || d.expired(s.Today) {
				continue
			}
			v := s.judge(d, f, line)
			if v > is || v == is && v != silent && len(best.ids) == 0 && len(d.ids) > 0 {
				best, is = d, v
			}
		}
	}
	if best == nil {
		return nil, false
	}
	if len(best.ids) == 0 {
		best.used[0] = true
	}
	return &finding.Suppression{Kind: "inline", Text: best.text, Reason: best.reason, Line: best.place.Line}, is == recheck
}

// near is the directives that may cover these lines, but for the wide ones: they stand at most so many lines from what they cover.
func (s *Set) near(first, last int) []*directive {
	line := func(d *directive, at int) int { return d.line - at }
	from, _ := slices.BinarySearchFunc(s.directives, first-2*maxNear, line)
	to, _ := slices.BinarySearchFunc(s.directives, max(last, first+maxNear)+1, line)
	return s.directives[from:to]
}

// covers reports whether a finding, from its first line to its last, is one that the directive may speak of. Bandit
// also looks at the lines inside of what a test was about: `except: …` with the comment behind the `pass`. Of a function or a class
// that would be any comment in it, so there one must name the test.
func (d *directive) covers(file *source.File, f *finding.Finding, first, last int) bool {
	if d.first <= first && first <= d.last {
		return true
	}
	if d.kind != nosec || d.line < first || d.line > last {
		return false
	}
	if len(d.ids) > 0 {
		return true
	}
	text := strings.TrimPrefix(file.Slice(f.Span), "async ")
	return !strings.HasPrefix(text, "def ") && !strings.HasPrefix(text, "class ") && !strings.HasPrefix(text, "@")
}

func (d *directive) expired(today string) bool { return d.expires != "" && today > d.expires }

// judge is what a directive, which covers the line, has to say of the finding.
func (s *Set) judge(d *directive, f *finding.Finding, line int) verdict {
	flow := len(f.Trace) > 0
	switch {
	case d.empty || d.kind == secrets && !f.Rule.Secret || d.kind != wadjet && s.Foreign == Ignore:
		return silent
	case len(d.ids) > 0:
		if !d.namesAny(f, line) {
			return silent
		}
	case d.kind == noqa && !aliased(f, func(peer, _ string) bool { return peer == "ruff" || peer == "bandit" || peer == "dlint" }):
		return silent // nothing that could run under flake8 or Ruff would have reported it
	case (d.kind == noqa || d.kind == nosem || d.kind == sonar || d.kind == codeql) && s.Foreign == Recheck &&
		(s.KeepForeign || flow || f.Rule.Asked):
		return silent
	}
	if flow && s.Foreign == Recheck && d.kind != wadjet && d.kind != secrets {
		return recheck
	}
	return silences
}

// namesAny reports whether one of the ids means the finding, and remembers each that does.
func (d *directive) namesAny(f *finding.Finding, line int) bool {
	any := false
	for i, id := range d.ids {
		if !d.ended(id, line) && d.names(f, id) {
			d.used[i], any = true, true
		}
	}
	return any
}

// Unused lists the comments that silenced none of the findings given to [Set.Match] until now, or not by all that they name. Of
// comments written for other tools only those that name rules are listed: nobody can say what a bare one was meant for.
func (s *Set) Unused() []Item {
	var out []Item
	for _, d := range s.directives {
		if d.kind != wadjet && (len(d.ids) == 0 || s.Foreign == Ignore) || d.expired(s.Today) {
			continue
		}
		var idle []string
		for i, id := range d.ids {
			if !d.used[i] {
				idle = append(idle, id)
			}
		}
		if len(idle) > 0 || len(d.ids) == 0 && !d.used[0] {
			out = append(out, Item{Line: d.place.Line, Text: d.text, IDs: idle, Part: len(idle) < len(d.ids), Foreign: d.kind != wadjet})
		}
	}
	return out
}

// Blanket lists the comments that silenced something without saying what.
func (s *Set) Blanket() []Item {
	return s.items(func(d *directive) bool { return len(d.ids) == 0 && !d.empty && d.used[0] && d.kind != secrets })
}

// Expired lists the comments whose day has passed.
func (s *Set) Expired() []Item {
	return s.items(func(d *directive) bool { return d.expired(s.Today) })
}

func (s *Set) items(is func(*directive) bool) []Item {
	var out []Item
	for _, d := range s.directives {
		if is(d) {
			out = append(out, Item{Line: d.place.Line, Text: d.text, IDs: d.ids, Foreign: d.kind != wadjet})
		}
	}
	return out
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
	if code, ok := ruffNames[strings.ToLower(id)]; ok && d.ruff {
		id = code
	}
	return aliased(f, func(peer, alias string) bool {
		switch {
		case (peer == "sonar") != (d.kind == sonar) && d.kind != wadjet:
			return false // their S numbers are not Ruff's
		case d.kind == sonar:
			return strings.EqualFold(alias[strings.LastIndexByte(alias, ':')+1:], id[strings.LastIndexByte(id, ':')+1:])
		case strings.EqualFold(alias, id):
			return true
		case d.kind == nosem:
			return peer == "semgrep" && strings.EqualFold(alias[strings.LastIndexByte(alias, '.')+1:], id[strings.LastIndexByte(id, '.')+1:])
		case d.kind == noqa && peer == "ruff" && !d.ruff: // flake8 takes beginnings, and so did Ruff once
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
