package rule

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/pattern"
	"github.com/wadjet-security/wadjet/internal/query"
	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// A Set is the rules of one scan, compiled. It does not change, and is used from several goroutines.
type Set struct {
	Rules    []*Rule // that run
	NotRun   []*Rule // taint rules: read and validated, not yet run
	patterns func() *pattern.Set
	paths    []pathFilter
	filtered bool // some rule has paths
	fixes    []func() (*regex.Regexp, error)
	text     bool           // some rule is for text of any kind
	unseen   []atomic.Int64 // by rule: how often a query could not tell
}

type pathFilter struct{ include, exclude *walk.Globs }

// Compile makes a set of rules. A rule whose patterns are wrong is left out, with an error.
func Compile(rules []*Rule) (*Set, []Error) {
	s := &Set{}
	var errors []Error
	var patterns []pattern.Rule
	for _, r := range rules {
		if r.Mode == Taint {
			s.NotRun = append(s.NotRun, r)
			continue
		}
		if r.Query != nil && !r.Builtin { // a test has compiled those of the pack
			if wrong := checkQuery(r); len(wrong) > 0 {
				errors = append(errors, wrong...)
				continue
			}
		}
		f := pathFilter{}
		if len(r.Include)+len(r.Exclude) > 0 {
			f = pathFilter{walk.NewGlobs(r.Include), walk.NewGlobs(r.Exclude)}
			s.filtered = true
		}
		s.paths = append(s.paths, f)
		s.fixes = append(s.fixes, nil)
		if r.FixRegex != nil {
			s.fixes[len(s.fixes)-1] = sync.OnceValues(func() (*regex.Regexp, error) { return regex.Compile(r.FixRegex.Regex, 0) })
		}
		s.text = s.text || r.Pattern.Lang != pattern.Python
		s.Rules = append(s.Rules, r)
		of := r.Pattern
		of.Values = strings.Contains(r.Message, "value(")
		patterns = append(patterns, of)
	}
	s.unseen = make([]atomic.Int64, len(s.Rules))
	if !slices.ContainsFunc(rules, func(r *Rule) bool { return !r.Builtin }) && len(s.NotRun) == 0 {
		// A test has compiled those of the pack, so that nothing has to be said of them before the first file is there.
		s.patterns = sync.OnceValue(func() *pattern.Set {
			set, _ := pattern.Compile(patterns)
			return set
		})
		return s, errors
	}
	set, wrong := pattern.Compile(patterns)
	s.patterns = func() *pattern.Set { return set }
	for _, r := range s.NotRun {
		errors = append(errors, r.TaintParts.check(r)...)
	}
	s.NotRun = slices.DeleteFunc(s.NotRun, func(r *Rule) bool {
		return slices.ContainsFunc(errors, func(e Error) bool { return e.File == r.File && e.Rule == r.ID })
	})
	if len(wrong) == 0 {
		return s, errors
	}
	bad := map[int]bool{}
	for _, e := range wrong {
		r := s.Rules[e.Rule]
		line := e.Pos.Line
		if line == 0 {
			line = r.Line
		}
		errors = append(errors, Error{r.File, line, r.ID, e.Key, e.Message})
		bad[e.Rule] = true
	}
	// Without the wrong ones, so that nothing counts or lists them as rules that run.
	rest := slices.Clone(s.NotRun)
	for i, r := range s.Rules {
		if !bad[i] {
			rest = append(rest, r)
		}
	}
	s, _ = Compile(rest)
	return s, errors
}

// Prepare compiles what the first file would have to wait for.
func (s *Set) Prepare() { s.patterns() }

// check compiles the patterns of a taint rule, so that a wrong one is told before the rule runs.
func (t *TaintSpec) check(r *Rule) []Error {
	var parts []pattern.Rule
	var keys []string
	for _, p := range []struct {
		key string
		of  []pattern.Formula
	}{{"pattern-sources", t.Sources}, {"pattern-sinks", t.Sinks}, {"pattern-sanitizers", t.Sanitizers}, {"pattern-propagators", t.Propagators}} {
		for _, f := range p.of {
			parts = append(parts, pattern.Rule{ID: r.ID, Lang: r.Pattern.Lang, F: f, Options: r.Pattern.Options})
			keys = append(keys, p.key)
		}
	}
	_, wrong := pattern.Compile(parts)
	var errors []Error
	for _, e := range wrong {
		line := e.Pos.Line
		if line == 0 {
			line = r.Line
		}
		errors = append(errors, Error{r.File, line, r.ID, keys[e.Rule], e.Message})
	}
	return errors
}

// Reads says which files that are not Python some rule is for; nil when there are none.
func (s *Set) Reads() func(path string) bool {
	if !s.text {
		return nil
	}
	return func(path string) bool {
		for i, r := range s.Rules {
			if r.Pattern.Lang != pattern.Python && s.paths[i].allows(path) {
				return true
			}
		}
		return false
	}
}

// Run implements [check.Check].
func (s *Set) Run(u check.Unit, emit func(*finding.Finding)) []check.Bound {
	active := func(i int) bool { return u.Active == nil || u.Active[i] }
	if s.filtered {
		active = func(i int) bool { return (u.Active == nil || u.Active[i]) && s.paths[i].allows(u.File.Path) }
	}
	var bounds []check.Bound
	var file *query.File
	report := func(u check.Unit, matches []pattern.Match, exhausted []pattern.Exhausted) {
		for i := range matches {
			m := &matches[i]
			if s.Rules[m.Rule].Query == nil {
				emit(s.finding(u, m))
				continue
			}
			if i > 0 && matches[i-1].Rule == m.Rule && matches[i-1].Node == m.Node {
				continue // found by two anchors
			}
			if file == nil {
				file = query.NewFile(u.Module, u.Python)
			}
			if f := s.ask(u, file, m, &bounds); f != nil {
				emit(f)
			}
		}
		for _, e := range exhausted {
			bounds = append(bounds, check.Bound{Rule: s.Rules[e.Rule].ID, Steps: e.Steps, Matches: e.Matches})
		}
	}
	if u.Module != nil {
		matches, exhausted := s.patterns().Match(u.Module, active)
		report(u, matches, exhausted)
	}
	if s.text {
		matches, exhausted := s.patterns().MatchText(u.File, active)
		report(u, matches, exhausted)
		if shell := u.File.Shell(); shell != nil {
			matches, exhausted := s.patterns().MatchText(shell, active)
			report(check.Unit{File: shell}, matches, exhausted)
		}
	}
	return bounds
}

func (f pathFilter) allows(path string) bool {
	if f.include != nil && !f.include.Empty() && !f.include.Match(path) {
		return false
	}
	return f.exclude == nil || !f.exclude.Match(path)
}

func (s *Set) finding(u check.Unit, m *pattern.Match) *finding.Finding {
	r := s.Rules[m.Rule]
	f := &finding.Finding{
		Rule: &r.Rule, Severity: r.Severity, Confidence: r.Confidence,
		File: u.File, Span: m.Span, Aliases: r.Aliases,
		Message: Interpolate(r.Message, m.Bindings, r.Secret),
	}
	if u.Module != nil && m.Node != nil {
		f.Context = u.Module.Enclosing(m.Node)
	}
	switch {
	case r.HasFix:
		f.Edits = []finding.Edit{{Span: m.Span, New: substitute(r.Fix, m.Bindings, func(b *pattern.Binding) string { return b.Text })}}
	case r.FixRegex != nil:
		if re, err := s.fixes[m.Rule](); err == nil {
			if text, changed := replace(re, r.FixRegex, u.File.Slice(m.Span)); changed {
				f.Edits = []finding.Edit{{Span: m.Span, New: text}}
			}
		}
	}
	return f
}

// maxShown bounds, in characters, the user's code that a message repeats.
const maxShown = 80

// Interpolate puts the user's own code in place of the metavariables of a message. `value($X)` stands for
// the constant that $X is known to be. In messages of rules about secrets, values are masked.
func Interpolate(message string, bindings []pattern.Binding, secret bool) string {
	for i := range bindings {
		b := &bindings[i]
		if call := "value(" + b.Name + ")"; strings.Contains(message, call) {
			text := b.Const
			if text == "" {
				text = b.Text
			}
			message = strings.ReplaceAll(message, call, shown(text, secret))
		}
	}
	return substitute(message, bindings, func(b *pattern.Binding) string { return shown(b.Text, secret) })
}

// shown is code on one line, cut to what a reader takes in.
func shown(text string, secret bool) string {
	text = strings.Join(strings.Fields(text), " ")
	if secret {
		text = finding.Redact(text)
	}
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown-1]) + "…"
	}
	return text
}

// substitute replaces each $NAME, the longest name that is bound first.
func substitute(text string, bindings []pattern.Binding, value func(*pattern.Binding) string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		var best *pattern.Binding
		if text[i] == '$' {
			for j := range bindings {
				b := &bindings[j]
				if strings.HasPrefix(text[i:], b.Name) && (best == nil || len(b.Name) > len(best.Name)) {
					best = b
				}
			}
		}
		if best == nil {
			out.WriteByte(text[i])
			i++
			continue
		}
		out.WriteString(value(best))
		i += len(best.Name)
	}
	return out.String()
}

// replace applies a fix-regex; its groups are \1 or \g<name>, as in Python.
func replace(re *regex.Regexp, fix *FixRegex, text string) (string, bool) {
	var out strings.Builder
	at, count := 0, 0
	for at <= len(text) && (fix.Count == 0 || count < fix.Count) {
		loc, ok, err := re.Find(text, at)
		if !ok || err != nil {
			break
		}
		out.WriteString(text[at:loc[0]])
		for i := 0; i < len(fix.Replacement); i++ {
			c := fix.Replacement[i]
			if c == '\\' && i+1 < len(fix.Replacement) {
				next := fix.Replacement[i+1]
				if group := int(next - '0'); next >= '0' && next <= '9' {
					i++
					if 2*group+1 < len(loc) && loc[2*group] >= 0 {
						out.WriteString(text[loc[2*group]:loc[2*group+1]])
					}
					continue
				}
			}
			out.WriteByte(c)
		}
		at = loc[1]
		if loc[0] == loc[1] {
			if at < len(text) {
				out.WriteByte(text[at])
			}
			at++
		}
		count++
	}
	if at < len(text) {
		out.WriteString(text[at:])
	}
	return out.String(), count > 0 && out.String() != text
}

// Say describes the set for a summary line.
func (s *Set) Say() string {
	if len(s.NotRun) == 0 {
		return ""
	}
	return fmt.Sprintf("%d taint rules were read and found valid, and not run: this version runs `mode: search` only", len(s.NotRun))
}
