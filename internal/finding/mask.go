package finding

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/source"
)

// A Mask hides the values that the findings of secret rules point at, wherever a report would show
// them: in code frames of any finding, in messages, in what a metavariable matched. It is
// made once from all findings of a report, because the line beside a finding may hold another one's secret.
type Mask struct {
	covers map[*source.File][]Cover
	values *strings.Replacer // long values, wherever they are met; nil when there are none
	own    map[*Finding]*strings.Replacer
}

// A Cover is a span whose text must not be shown, and what to show instead.
type Cover struct {
	Span source.Span
	Text string
}

// covering says what to show of a secret: nothing, or of a long one as much as tells which of several it is.
func covering(secret string) string {
	if utf8.RuneCountInString(secret) < 12 {
		return "****"
	}
	_, a := utf8.DecodeRuneInString(secret)
	_, b := utf8.DecodeRuneInString(secret[a:])
	return secret[:a+b] + "****"
}

// Redact is code or text as a message may repeat it when what it holds may be a secret: what stands between quotes is
// covered; without quotes, the value of `name = value`; else all but what can only be a name. It sees one text at a
// time, so a [Mask], which knows where the secrets stand, still has to look at the whole.
func Redact(text string) string {
	var b strings.Builder
	at := 0
	for _, t := range tokenize(text) {
		if t.kind == stringToken && t.text != "" {
			b.WriteString(text[at:t.start])
			b.WriteString(covering(t.text))
			at = t.end
		}
	}
	switch {
	case at > 0 || strings.TrimSpace(strings.Trim(text, `bBrRfFuUtT'"`)) == "": // literals, or an empty one
		return b.String() + text[at:]
	case isName(text):
		return text
	}
	if _, value, ok := cutName(text); ok {
		return text[:value] + covering(text[value:])
	}
	return covering(text)
}

// isName reports whether text is a name as people give them, parts of a path included. Random text of
// the same letters has longer parts, or digits among them.
func isName(text string) bool {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '_' || r == '.' || r == '-' }) {
		if letters := strings.TrimRight(part, "0123456789"); len(letters) == 0 || len(letters) > 16 || len(part) > len(letters)+2 {
			return false
		}
		for _, c := range strings.TrimRight(part, "0123456789") {
			if !('a' <= c|0x20 && c|0x20 <= 'z') {
				return false
			}
		}
	}
	return true
}

// NewMask looks at all findings that one report will show.
func NewMask(findings []*Finding) *Mask {
	m := &Mask{covers: map[*source.File][]Cover{}, own: map[*Finding]*strings.Replacer{}}
	last := map[*source.File]uint32{} // where the last secret of a file ends
	for _, f := range findings {
		if f.Rule.Secret && f.File != nil {
			last[f.File] = max(last[f.File], f.Span.End)
		}
	}
	var tokens []token // of the file at hand: findings come file by file
	var of *source.File
	var long []string
	for _, f := range findings {
		if !f.Rule.Secret || f.File == nil {
			continue
		}
		if f.File != of && f.File.Kind != source.Other {
			of, tokens = f.File, tokenizeUpTo(tokens[:0], f.File.Text, int(last[f.File]))
		}
		spans := secretSpans(f, tokens)
		var values []string
		for _, s := range spans {
			value := f.File.Slice(s)
			m.covers[f.File] = append(m.covers[f.File], Cover{s, covering(value)})
			m.covers[f.File] = append(m.covers[f.File], repeated(f, value)...)
			values = append(values, value)
			if len(value) >= 8 {
				long = append(long, value)
			}
		}
		m.own[f] = replacer(values, 3)
	}
	for file, covers := range m.covers {
		m.covers[file] = disjoint(covers)
	}
	m.values = replacer(long, 8)
	return m
}

// repeated finds a value again, as a word, on the lines of its finding, where a comment may say it once more. Short values
// are looked for there alone: elsewhere they may be anything.
func repeated(f *Finding, value string) (out []Cover) {
	if len(value) < 4 || len(value) >= 8 {
		return nil
	}
	first, _ := f.File.Position(f.Span.Start)
	last, _ := f.File.Position(f.Span.End)
	at, end := int(f.File.LineSpan(first).Start), int(f.File.LineSpan(last).End)
	for text := f.File.Text; ; {
		i := strings.Index(text[at:end], value)
		if i < 0 {
			return out
		}
		from := at + i
		at = from + len(value)
		if (from == 0 || !isWordByte(text[from-1])) && (at == len(text) || !isWordByte(text[at])) {
			out = append(out, Cover{source.Span{Start: uint32(from), End: uint32(at)}, covering(value)})
		}
	}
}

// disjoint sorts covers and joins those that overlap.
func disjoint(covers []Cover) []Cover {
	slices.SortFunc(covers, func(a, b Cover) int {
		return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(b.Span.End, a.Span.End))
	})
	out := covers[:0]
	for _, c := range covers {
		if n := len(out); n > 0 && c.Span.Start < out[n-1].Span.End {
			out[n-1].Span.End = max(out[n-1].Span.End, c.Span.End)
			continue
		}
		out = append(out, c)
	}
	return out
}

// replacer replaces each value, the longest first.
func replacer(values []string, least int) *strings.Replacer {
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	var pairs []string
	for _, v := range slices.Compact(values) {
		if len(v) >= least {
			pairs = append(pairs, v, covering(v))
		} else if v != "" { // too short to look for but where it is quoted
			pairs = append(pairs, `"`+v+`"`, `"****"`, `'`+v+`'`, `'****'`, "`"+v+"`", "`****`")
		}
	}
	if pairs == nil {
		return nil
	}
	return strings.NewReplacer(pairs...)
}

// secretSpans finds what to hide of one finding: what stands between the quotes of the literals that it touches; where there are
// none, what follows the first = or : in it; else all of it.
func secretSpans(f *Finding, tokens []token) []source.Span {
	base := uint32(0)
	if f.File.Kind == source.Other {
		first, _ := f.File.Position(f.Span.Start)
		last, _ := f.File.Position(f.Span.End)
		base = f.File.LineSpan(first).Start
		tokens = tokenize(f.File.Text[base:f.File.LineSpan(last).End])
	}
	var spans, keys []source.Span
	from, _ := slices.BinarySearchFunc(tokens, f.Span.Start, func(t token, at uint32) int { return cmp.Compare(base+uint32(t.end), at) })
	for i := from; i < len(tokens); i++ {
		t := tokens[i]
		s := source.Span{Start: base + uint32(t.start), End: base + uint32(t.end)}
		if s.Start > f.Span.End {
			break
		}
		if t.kind != stringToken || t.text == "" || !touches(s, f.Span) {
			continue
		}
		if isKey(tokens, i) {
			keys = append(keys, s)
		} else {
			spans = append(spans, s)
		}
	}
	if len(spans) == 0 {
		spans = keys
	}
	if len(spans) > 0 {
		return spans
	}
	text := f.File.Slice(f.Span)
	value := f.Span
	if _, after, ok := cutName(text); ok {
		value.Start += uint32(after)
	}
	return []source.Span{value}
}

// Secrets are the values of a finding that may be a secret. They are for comparing alone, never to be shown or kept.
func Secrets(f *Finding) (values []string) {
	var tokens []token
	if f.File.Kind != source.Other {
		first, _ := f.File.Position(f.Span.Start)
		last, _ := f.File.Position(f.Span.End)
		lines := source.Span{Start: f.File.LineSpan(first).Start, End: f.File.LineSpan(last).End}
		tokens = tokenize(f.File.Slice(lines))
		for i := range tokens {
			tokens[i].start += int(lines.Start)
			tokens[i].end += int(lines.Start)
		}
	}
	for _, s := range secretSpans(f, tokens) {
		values = append(values, f.File.Slice(s))
	}
	return values
}

// touches reports whether a literal, whose quotes are just outside s, has a part in t.
func touches(s, t source.Span) bool { return s.Start <= t.End && t.Start <= s.End }

// isKey reports whether a literal names what is secret: the key of a dictionary or of a subscript.
// Only plain words are taken for names, so that a secret used as a key is still hidden.
func isKey(tokens []token, i int) bool {
	if i+1 >= len(tokens) {
		return false
	}
	for _, c := range tokens[i].text {
		if c != '_' && c != '-' && c != '.' && c != ' ' && !('a' <= c|0x20 && c|0x20 <= 'z') {
			return false
		}
	}
	return isMark(tokens[i+1], ":") || isMark(tokens[i+1], "]") && i > 1 && isMark(tokens[i-1], "[") && callable(tokens, i-1)
}

// cutName splits `name = value` or `name: value`: the name, and where the value begins.
func cutName(text string) (name string, value int, ok bool) {
	i := strings.IndexAny(text, "=:")
	if i < 0 || i > 64 {
		return "", 0, false
	}
	name = strings.TrimSpace(text[:i])
	rest := strings.TrimLeft(text[i+1:], " \t=")
	if name == "" || strings.TrimSpace(rest) == "" || strings.ContainsAny(name, " \t\r\n") {
		return "", 0, false
	}
	return name, len(text) - len(rest), true
}

// secretName is what a secret is called where it stands: of `db.password = "x"`, `connect(password="x")` and
// `{"password": "x"}` the name, never a part of the value.
func secretName(file *source.File, span source.Span) string {
	at := span.Start
	tokens := tokenize(file.Slice(span))
	literal := slices.IndexFunc(tokens, func(t token) bool { return t.kind == stringToken && t.text != "" })
	for literal >= 0 && literal+1 < len(tokens) && isKey(tokens, literal) {
		next := slices.IndexFunc(tokens[literal+1:], func(t token) bool { return t.kind == stringToken && t.text != "" })
		if next < 0 {
			break
		}
		literal += 1 + next
	}
	if literal >= 0 {
		at += uint32(tokens[literal].start)
	} else if name, _, ok := cutName(file.Slice(span)); ok {
		return strings.Trim(name, "'\"`")
	}
	before := file.Text[max(0, int(at)-maxName):at]
	if unquoted := strings.TrimRight(before, "'\"`"); unquoted != before {
		before = unquoted
		if start := wordStart(before); isPrefix(before[start:]) {
			before = before[:start]
		}
	}
	before = strings.TrimRight(before, "'\"`=: \t\r\n([{]")
	return before[wordStart(before):]
}

// maxName bounds how far before a secret its name is looked for.
const maxName = 256

// wordStart is where the last word of text starts, dots and hyphens in it included.
func wordStart(text string) int {
	i := len(text)
	for i > 0 && (isWordByte(text[i-1]) || text[i-1] == '.' || text[i-1] == '-') {
		i--
	}
	return i
}

// Covers lists what is hidden within a span, in order. A cover may reach beyond the span.
func (m *Mask) Covers(file *source.File, within source.Span) []Cover {
	all := m.covers[file]
	i, _ := slices.BinarySearchFunc(all, within.Start, func(c Cover, at uint32) int {
		if c.Span.End <= at {
			return -1
		}
		return 1
	})
	n := i
	for n < len(all) && all[n].Span.Start < within.End {
		n++
	}
	return all[i:n]
}

// Slice is the text of a span as it may be shown.
func (m *Mask) Slice(file *source.File, span source.Span) string {
	var b strings.Builder
	at := span.Start
	for _, c := range m.Covers(file, span) {
		b.WriteString(m.everywhere(file.Text[at:max(at, c.Span.Start)]))
		b.WriteString(c.Text)
		at = min(c.Span.End, span.End)
	}
	b.WriteString(m.everywhere(file.Text[at:span.End]))
	return b.String()
}

// Bounds of the code that a report repeats: enough to know the place again.
const (
	maxExcerptLines = 10
	maxExcerptBytes = 2000
)

// Excerpt is the lines that a span stands on, as they may be shown.
func (m *Mask) Excerpt(f *source.File, span source.Span) string {
	first, _ := f.Position(span.Start)
	last, _ := f.Position(max(span.Start, span.End-min(span.End, 1)))
	last = min(last, first+maxExcerptLines-1)
	lines := source.Span{Start: f.LineSpan(first).Start, End: f.LineSpan(last).End}
	if lines.Len() > maxExcerptBytes {
		// One line of a minified file, or a literal that goes on for pages: from the finding on.
		lines = source.Span{Start: span.Start, End: min(span.End, span.Start+maxExcerptBytes)}
		for lines.End < uint32(len(f.Text)) && lines.End > lines.Start && f.Text[lines.End]&0xC0 == 0x80 {
			lines.End--
		}
	}
	return m.Slice(f, lines)
}

// Text is a message, a capture or an edit of a finding as it may be shown.
func (m *Mask) Text(f *Finding, text string) string {
	if r := m.own[f]; r != nil {
		text = r.Replace(text)
	}
	return m.everywhere(text)
}

func (m *Mask) everywhere(text string) string {
	if m.values == nil {
		return text
	}
	return m.values.Replace(text)
}
