// Package text writes findings for people: worst first, with the code they are about, and closes with what was and what was
// not looked at.
package text

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// maxFrames is how many findings are shown with their code; the others are told in a line each.
const maxFrames = 20

// Options say how the report looks.
type Options struct {
	Color   bool
	Width   int  // columns; 0: 100
	Verbose bool // all findings with their code, all that was skipped and hidden
	Quiet   bool // findings alone
}

// New makes a reporter. It writes when the stream is finished: the worst come first.
func New(w io.Writer, o Options) finding.Handler {
	if o.Width <= 0 {
		o.Width = 100
	}
	o.Width = max(40, min(o.Width, 120))
	return &reporter{w: w, o: o}
}

type reporter struct {
	w         io.Writer
	o         Options
	out       strings.Builder
	findings  []*finding.Finding
	incidents []*finding.Incident
	mask      *finding.Mask
}

func (r *reporter) Start(finding.Tool, []*finding.Rule) error { return nil }

func (r *reporter) Finding(f *finding.Finding) error {
	if f.Suppressed == nil {
		r.findings = append(r.findings, f)
	}
	return nil
}

func (r *reporter) Incident(i *finding.Incident) error {
	r.incidents = append(r.incidents, i)
	return nil
}

// Styles, as SGR codes.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
	blue   = "34"
	cyan   = "36"
	purple = "35"
	green  = "32"
)

func (r *reporter) style(code, s string) string {
	if !r.o.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

var severityStyles = map[finding.Severity]string{
	finding.Critical: "1;35", finding.High: "1;31", finding.Medium: "1;33", finding.Low: "1;36",
}

func (r *reporter) severity(f *finding.Finding) string {
	return r.style(severityStyles[f.Severity], f.Severity.String())
}

func (r *reporter) Finish(s *finding.Summary) error {
	r.mask = finding.NewMask(r.findings)
	sorted := slices.Clone(r.findings)
	slices.SortStableFunc(sorted, func(a, b *finding.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Confidence, a.Confidence))
	})
	frames := len(sorted)
	if !r.o.Verbose {
		frames = min(frames, maxFrames)
	}
	for _, f := range sorted[:frames] {
		r.finding(f)
	}
	for i, f := range sorted[frames:] {
		if i == 0 {
			r.line("%s", r.style(bold, fmt.Sprintf("%d more, without their code (all with --verbose):", len(sorted)-frames)))
		}
		r.line("  %s  %s  %s", r.where(f), r.severity(f), f.Rule.ID)
	}
	if len(sorted) > frames {
		r.line("")
	}
	if !r.o.Quiet {
		r.notAnalysed(s)
		r.summary(s)
	}
	_, err := io.WriteString(r.w, r.out.String())
	return err
}

func (r *reporter) line(format string, args ...any) {
	fmt.Fprintf(&r.out, format, args...)
	r.out.WriteByte('\n')
}

func (r *reporter) where(f *finding.Finding) string {
	p := f.File.Place(f.Span.Start)
	path := finding.Plain(f.File.Path)
	if p.Cell > 0 {
		return fmt.Sprintf("%s, cell %d:%d:%d", path, p.Cell, p.Line, p.Column)
	}
	return fmt.Sprintf("%s:%d:%d", path, p.Line, p.Column)
}

func (r *reporter) finding(f *finding.Finding) {
	title := r.style(bold, finding.Plain(cmp.Or(f.Rule.Title, f.Rule.ID)))
	cwe := ""
	if len(f.Rule.CWE) > 0 {
		cwe = fmt.Sprintf("  CWE-%d", f.Rule.CWE[0])
	}
	r.line("%s: %s", r.severity(f), title)
	place := "  " + r.style(blue, "-->") + " " + r.where(f)
	if f.Context != "" {
		place += " in " + finding.Plain(f.Context)
	}
	r.line("%s", place)
	r.frame(f)
	r.wrap(r.mask.Text(f, f.Message), "  ", "  ")
	for _, step := range f.Trace {
		p := step.File.Place(step.Span.Start)
		r.wrap(fmt.Sprintf("%s:%s: %s", finding.Plain(step.File.Path), p, r.mask.Text(f, step.Message)), "    ", "      ")
	}
	if f.Rule.Mend != "" {
		r.wrap("Instead: "+firstSentence(f.Rule.Mend), "  ", "  ")
	}
	r.line("  %s\n", r.style(dim, f.Rule.ID+cwe+"  confidence "+f.Confidence.String()))
}

// firstSentence is the beginning of a paragraph, up to its first full stop.
func firstSentence(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if i := strings.Index(s, ". "); i >= 0 {
		return s[:i+1]
	}
	return s
}

// maxFrameLines bounds the lines of code of one finding.
const maxFrameLines = 6

// frame shows the lines of a finding, with carets under the part that it is about.
func (r *reporter) frame(f *finding.Finding) {
	first, _ := f.File.Position(f.Span.Start)
	last, _ := f.File.Position(max(f.Span.Start, f.Span.End-1))
	last = max(first, last)
	shift := f.File.Place(f.Span.Start).Line - first // in a notebook lines count from the cell's first
	number := len(fmt.Sprint(last + shift))
	bar := r.style(blue, "|")
	for line := first; line <= last; line++ {
		if line-first >= maxFrameLines {
			r.line("  %s %s", r.style(blue, strings.Repeat(" ", number)), r.style(dim, fmt.Sprintf("… %d more lines", last-line+1)))
			return
		}
		span := f.File.LineSpan(line)
		from, to := max(span.Start, f.Span.Start)-span.Start, min(span.End, f.Span.End)
		code := r.mask.Slice(f.File, span)
		prefix := ""
		if hidden := r.mask.Slice(f.File, span); int(from) <= len(hidden) {
			prefix = hidden[:min(int(from), len(hidden))]
		}
		width := 0
		if to > span.Start+from {
			width = int(to - span.Start - from)
		}
		text := ""
		if int(from) <= len(code) {
			text = code[from:min(len(code), int(from)+width)]
		}
		shown, caretFrom, caretWidth := clipLine(expand(code), columns(expand(prefix)), columns(expand(text)), r.o.Width-number-6)
		r.line("  %s %s %s", r.style(blue, fmt.Sprintf("%*d", number, line+shift)), bar, shown)
		if line == first || last == first {
			r.line("  %s %s %s%s", strings.Repeat(" ", number), bar, strings.Repeat(" ", caretFrom), r.style(severityStyles[f.Severity], strings.Repeat("^", max(1, caretWidth))))
		}
	}
}

// expand makes tabs four blanks and hidden characters visible.
func expand(s string) string { return finding.Plain(strings.ReplaceAll(s, "\t", "    ")) }

// columns is how many columns a text takes in a terminal: East Asian wide characters take two.
func columns(s string) int {
	n := 0
	for _, c := range s {
		n++
		if c >= 0x1100 && (c <= 0x115F || c >= 0x2E80 && c <= 0xA4CF || c >= 0xAC00 && c <= 0xD7A3 || c >= 0xF900 && c <= 0xFAFF ||
			c >= 0xFE30 && c <= 0xFE6F || c >= 0xFF00 && c <= 0xFF60 || c >= 0xFFE0 && c <= 0xFFE6 || c >= 0x1F300 && c <= 0x1FAFF || c >= 0x20000 && c <= 0x3FFFD) {
			n++
		}
	}
	return n
}

// clipLine shortens a long line around the part from from on, of a width, both in columns.
func clipLine(s string, from, width, limit int) (shown string, at, length int) {
	limit = max(limit, 30)
	if columns(s) <= limit {
		return s, from, width
	}
	skip := 0
	if from > limit/2 {
		skip = from - limit/3
	}
	var b strings.Builder
	if skip > 0 {
		b.WriteString("…")
	}
	at, col := from-skip, 0
	if skip > 0 {
		at++
	}
	for _, c := range s {
		w := columns(string(c))
		if col >= skip {
			if col+w-skip > limit-2 {
				b.WriteString("…")
				break
			}
			b.WriteRune(c)
		}
		col += w
	}
	return b.String(), at, min(width, max(1, limit-2-at))
}

// wrap writes a paragraph within the width.
func (r *reporter) wrap(s, first, rest string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	indent, col := first, 0
	var b strings.Builder
	for _, word := range strings.Fields(finding.Plain(strings.Join(strings.Fields(s), " "))) {
		w := columns(word)
		switch {
		case col == 0:
			b.WriteString(indent)
			col = len(indent)
		case col+1+w > r.o.Width:
			b.WriteByte('\n')
			b.WriteString(rest)
			col = len(rest)
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(word)
		col += w
	}
	r.line("%s", b.String())
}

// maxIncidents is how many incidents are told one by one.
const maxIncidents = 10

func (r *reporter) notAnalysed(s *finding.Summary) {
	shown := r.incidents
	if !r.o.Verbose {
		// What lost a file or may hide a finding comes first, and is never left out for what is less.
		slices.SortStableFunc(shown, func(a, b *finding.Incident) int { return weight(b) - weight(a) })
		shown = shown[:min(len(shown), maxIncidents)]
	}
	if len(shown) > 0 {
		r.line("%s", r.style(bold, "Not analysed, or not wholly:"))
	}
	for _, i := range shown {
		where := finding.Plain(i.Path)
		if i.Line > 0 {
			where = fmt.Sprintf("%s:%d", where, i.Line)
		}
		if where != "" {
			where += ": "
		}
		style := dim
		if i.Lost || i.Blind {
			style = yellow
		}
		r.line("  %s%s", where, r.style(style, finding.Plain(i.Message)))
	}
	if n := len(r.incidents) - len(shown); n > 0 {
		r.line("  %s", r.style(dim, fmt.Sprintf("and %d more (all with --verbose, -f json or -f sarif)", n)))
	}
	if len(shown) > 0 {
		r.line("")
	}
	for _, k := range s.Skipped {
		if k.Files == 0 && !r.o.Verbose {
			continue
		}
		if r.o.Verbose {
			r.line("%s: %s", r.style(dim, "Skipped, "+k.Reason), finding.Plain(strings.Join(k.Paths, ", ")))
		}
	}
}

func weight(i *finding.Incident) int {
	switch {
	case i.Blind:
		return 2
	case i.Lost:
		return 1
	}
	return 0
}

func (r *reporter) summary(s *finding.Summary) {
	total := 0
	var parts []string
	for _, sev := range []finding.Severity{finding.Critical, finding.High, finding.Medium, finding.Low} {
		if n := s.Findings[sev.String()]; n > 0 {
			total += n
			parts = append(parts, r.style(severityStyles[sev], fmt.Sprintf("%d %s", n, sev)))
		}
	}
	if total == 0 {
		r.line("%s", r.style(bold, "No findings."))
	} else {
		r.line("%s %s", r.style(bold, plural(total, "finding")+":"), strings.Join(parts, ", "))
	}
	r.line("Read %s, %s, with %s of profile %s.", plural(s.Files, "file"), plural(s.Lines, "line"), plural(s.Rules, "rule"), s.Profile)
	r.wrap(left(s), "", "  ")
	for _, n := range s.Notes {
		r.wrap(n+".", "", "  ")
	}
	for _, a := range s.Areas {
		state := r.style(green, "looked at")
		if !a.Ran {
			state = r.style(yellow, "not looked at")
		}
		if a.Note != "" {
			r.wrap(fmt.Sprintf("%s: %s: %s", a.Name, state, a.Note), "", "  ")
			continue
		}
		r.line("%s: %s", a.Name, state)
	}
}

// left says what was left out, and why.
func left(s *finding.Summary) string {
	var out []string
	if s.Suppressed > 0 {
		out = append(out, fmt.Sprintf("%d silenced by comments", s.Suppressed))
	}
	reasons := make([]string, 0, len(s.Hidden))
	for reason := range s.Hidden {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		out = append(out, fmt.Sprintf("%d %s", s.Hidden[reason], reason))
	}
	text := ""
	if len(out) > 0 {
		text = "Not shown: " + strings.Join(out, ", ") + " (--profile audit shows all). "
	}
	var skipped []string
	for _, k := range s.Skipped {
		if k.Files > 0 {
			skipped = append(skipped, fmt.Sprintf("%d %s", k.Files, k.Reason))
		}
	}
	if len(skipped) > 0 {
		text += "Skipped: " + strings.Join(skipped, ", ") + "."
	}
	return text
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits + " " + what
}
