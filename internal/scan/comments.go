package scan

import (
	"fmt"
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/suppress"
)

// suppress lets the comments of a file speak of its findings, and says what is to be said of the comments themselves.
func (s *state) suppress(j *job) {
	if s.o.IgnoreSuppressions {
		return
	}
	comments := suppress.Scan(j.file, j.comments(), j.statements())
	comments.Options = suppress.Options{Foreign: j.policy.Foreign, KeepForeign: j.policy.Profile == rule.Audit, Today: s.o.Today}
	for _, f := range j.findings {
		by, again := comments.Match(f)
		if again {
			f.Again = by
			f.Message += fmt.Sprintf(" (`%s` is to silence this, but it has been proven since)", by.Text)
			continue
		}
		f.Suppressed = by
	}
	say := func(item suppress.Item, code, message string, args ...any) {
		j.incidents = append(j.incidents, finding.Incident{Path: j.file.Path, Line: item.Line, Code: code, Message: fmt.Sprintf(message, args...)})
	}
	for _, b := range comments.Blanket() {
		say(b, "blanket-suppression", "`%s` silences every rule: name the one that is meant", b.Text)
	}
	for _, e := range comments.Expired() {
		say(e, "expired-suppression", "`%s` is past its day, and silences nothing", e.Text)
	}
	if comments.Dropped > 0 {
		say(suppress.Item{}, "suppression-bound", "%d comments that cover the file or large parts of it are not obeyed: there are too many", comments.Dropped)
	}
	for _, f := range j.unseen {
		comments.Match(f) // a comment for what another profile shows is not idle
	}
	for _, u := range comments.Unused() {
		ids := s.idle(j, u)
		if ids == nil {
			continue
		}
		u.Part = u.Part || len(ids) < len(u.IDs) // as far as wadjet can tell
		u.IDs = ids
		if u.Foreign && j.policy.Profile == rule.Default {
			j.idle++ // the other tool may still need it: the summary has the number
			continue
		}
		switch {
		case u.Part:
			say(u, "unused-suppression", "%s in `%s` silences nothing: take it out", strings.Join(u.IDs, ", "), u.Text)
		default:
			say(u, "unused-suppression", "`%s` silences nothing: take it out", u.Text)
		}
	}
}

// comments are where comments stand in the file. Of a text that is not Python, whose grammar nobody has told us, what follows
// a # may be one.
func (j *job) comments() []source.Span {
	if j.module != nil {
		return j.module.Tree.Comments
	}
	var out []source.Span
	for at := 0; ; {
		i := strings.IndexByte(j.file.Text[at:], '#')
		if i < 0 {
			return out
		}
		line, _ := j.file.Position(uint32(at + i))
		end := j.file.LineSpan(line).End
		out = append(out, source.Span{Start: uint32(at + i), End: end})
		at = int(end)
	}
}

// statements tells the lines of the statement that a line belongs to. They are looked at when a comment is met that asks.
func (j *job) statements() func(line int) (first, last int) {
	if j.module == nil {
		return func(line int) (int, int) { return line, line }
	}
	lines := sync.OnceValue(func() func(int) (int, int) { return statementLines(j.module.Tree) })
	return func(line int) (int, int) { return lines()(line) }
}

// idle is those ids of a comment that silenced nothing and would silence nothing in any scan: rules that looked at the file. Of an id
// that means no rule which did, nobody can say. It is empty, but not nil, for a comment that names none, once all rules looked.
func (s *state) idle(j *job, u suppress.Item) []string {
	if len(u.IDs) == 0 {
		if j.policy.Profile == rule.Audit && j.policy.Active == nil {
			return []string{}
		}
		return nil
	}
	var out []string
	for _, id := range u.IDs {
		for i, r := range s.o.Rules.Rules {
			if (j.policy.Active == nil || j.policy.Active[i]) && suppress.Names(&r.Rule, id) {
				out = append(out, id)
				break
			}
		}
	}
	if len(out) < len(u.IDs) && !u.Foreign && !u.Part {
		return nil // what another of its ids silences is not known
	}
	return out
}
