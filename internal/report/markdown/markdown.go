// Package markdown writes a scan for people who read it on GitHub, GitLab or in a wiki: as a comment on a pull request, or the summary
// of a step. It is cut to what a comment may hold; the worst comes first, and what is left out is counted.
//
// Names and code are an attacker's to choose. They stand in code spans and fences that they cannot end, and in
// messages nothing of theirs is taken for markup, a mention of someone or a link to an issue.
package markdown

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// Bounds of one report.
const (
	maxBytes  = 60000 // GitHub takes 65,536 characters in a comment
	maxFull   = 20    // findings with their code
	maxRows   = 200   // findings with a line each
	maxErrors = 20
)

// New makes a handler that writes the text when the stream ends.
func New(w io.Writer) finding.Handler { return &handler{w: w} }

type handler struct {
	finding.Collector
	w    io.Writer
	mask *finding.Mask
	told map[*finding.Rule]bool // what to write instead has been said
}

func (h *handler) Finish(s *finding.Summary) error {
	h.mask, h.told = finding.NewMask(h.All(true)), map[*finding.Rule]bool{}
	// What closes the report is said whatever is cut, so that it is written first.
	tail := h.notAnalysed() + closing(s)
	var b strings.Builder
	b.WriteString(h.opening(s))
	room := maxBytes - len(tail) - 200
	shown := 0
	for shown < len(h.Findings) && shown < maxFull {
		text := h.full(h.Findings[shown])
		if b.Len()+len(text) > room {
			break
		}
		b.WriteString(text)
		shown++
	}
	if shown < len(h.Findings) && shown < maxFull+maxRows {
		head := "### More\n\n| Severity | Rule | Place | |\n|---|---|---|---|\n"
		for n := 0; n < maxRows && shown < len(h.Findings); n++ {
			row := h.row(h.Findings[shown])
			if b.Len()+len(head)+len(row) > room {
				break
			}
			b.WriteString(head + row)
			head = ""
			shown++
		}
		if head == "" {
			b.WriteString("\n")
		}
	}
	if left := len(h.Findings) - shown; left > 0 {
		fmt.Fprintf(&b, "%d more findings, none of them worse, are not listed here.\n\n", left)
	}
	b.WriteString(tail)
	_, err := io.WriteString(h.w, b.String())
	return err
}

func (h *handler) opening(s *finding.Summary) string {
	var b strings.Builder
	n := len(h.Findings)
	switch {
	case n == 0 && (s.Files == 0 || s.Rules == 0):
		b.WriteString("## Wadjet: nothing was analysed\n\n")
	case n == 0 && h.blind():
		b.WriteString("## Wadjet: no findings, but not all was looked at\n\n")
	case n == 0:
		b.WriteString("## Wadjet: no findings\n\n")
	default:
		fmt.Fprintf(&b, "## Wadjet: %s\n\n", plural(n, "finding"))
		b.WriteString("| Critical | High | Medium | Low |\n|--:|--:|--:|--:|\n")
		fmt.Fprintf(&b, "| %d | %d | %d | %d |\n\n", s.Findings["critical"], s.Findings["high"], s.Findings["medium"], s.Findings["low"])
	}
	if s.Gated > 0 {
		fmt.Fprintf(&b, "**%d of them %s**, with at least medium confidence.\n\n", s.Gated, s.Over())
	}
	return b.String()
}

func (h *handler) blind() bool {
	return slices.ContainsFunc(h.Incidents, func(i finding.Incident) bool { return i.Blind })
}

// full shows a finding with its code. What is long is folded away.
func (h *handler) full(f *finding.Finding) string {
	var b strings.Builder
	title := f.Rule.Title
	if title == "" {
		title = f.Rule.ID
	}
	fmt.Fprintf(&b, "### %s: %s\n\n", capital(f.Severity.String()), prose(title))
	fmt.Fprintf(&b, "%s", code(f.File.Path+":"+f.File.Place(f.Span.Start).String()))
	if f.Context != "" {
		b.WriteString(" in " + code(f.Context))
	}
	fmt.Fprintf(&b, "\n\n%s\n\n", h.text(f, f.Message))
	b.WriteString(fence("python", dedent(h.mask.Excerpt(f.File, f.Span))))
	if len(f.Trace) > 0 {
		b.WriteString("The way there:\n\n")
		for i, s := range f.Trace {
			fmt.Fprintf(&b, "%d. %s %s\n", i+1, code(s.File.Path+":"+s.File.Place(s.Span.Start).String()), h.text(f, s.Message))
		}
		b.WriteString("\n")
	}
	if f.Rule.Mend != "" && !h.told[f.Rule] { // once for each rule
		b.WriteString("**Instead:** " + prose(strings.TrimSpace(f.Rule.Mend)) + "\n\n")
		h.told[f.Rule] = true
	}
	details := []string{"`" + f.Rule.ID + "`", "confidence " + f.Confidence.String()}
	for _, n := range f.Rule.CWE {
		details = append(details, finding.CWEName(n))
	}
	for _, c := range f.Rule.Standards {
		if c.Standard.Key != "cwe-top25" {
			details = append(details, c.Ref())
		}
	}
	fmt.Fprintf(&b, "<sub>%s</sub>\n\n", strings.Join(details, " · "))
	return b.String()
}

func (h *handler) row(f *finding.Finding) string {
	place := code(f.File.Path + ":" + f.File.Place(f.Span.Start).String())
	return fmt.Sprintf("| %s | %s | %s | %s |\n", f.Severity, code(f.Rule.ID), cell(place), cell(h.text(f, f.Message)))
}

// cell keeps a text in one cell of a table. A bar ends a cell even in a code span, unless there is a backslash before it.
func cell(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, `\|`, "|"), "|", `\|`) }

func (h *handler) notAnalysed() string {
	if len(h.Incidents) == 0 {
		return ""
	}
	list := slices.Clone(h.Incidents)
	weight := func(i finding.Incident) int {
		switch {
		case i.Blind:
			return 0
		case i.Lost || i.Code == "rule":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b finding.Incident) int { return cmp.Compare(weight(a), weight(b)) })
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>To know: %s</summary>\n\n", plural(len(list), "remark"))
	for n, i := range list {
		if n == maxErrors {
			fmt.Fprintf(&b, "- %d more\n", len(list)-n)
			break
		}
		place := i.Path
		if i.Line > 0 {
			place += fmt.Sprintf(":%d", i.Line)
		}
		mark := ""
		if i.Lost || i.Blind {
			mark = "**not analysed:** "
		}
		if place != "" {
			place = code(place) + " "
		}
		b.WriteString("- " + mark + place + Message(i.Message) + "\n")
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

func closing(s *finding.Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s and %s, %s, profile %s.", plural(s.Files, "file"), plural(s.Lines, "line"), plural(s.Rules, "rule"), Escape(s.Profile))
	if s.Suppressed > 0 {
		fmt.Fprintf(&b, " %d silenced by comments.", s.Suppressed)
	}
	if s.Known > 0 {
		fmt.Fprintf(&b, " %d known before.", s.Known)
	}
	for _, reason := range slices.Sorted(maps.Keys(s.Hidden)) {
		fmt.Fprintf(&b, " %d not shown: %s.", s.Hidden[reason], Escape(reason))
	}
	for _, a := range s.Areas {
		if !a.Ran {
			fmt.Fprintf(&b, " Not looked at: %s", Escape(finding.Plain(a.Name)))
			if a.Note != "" {
				b.WriteString(" (" + Message(a.Note) + ")")
			}
			b.WriteByte('.')
		}
	}
	return b.String() + "\n"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// text is a message, which may hold names and code of the program.
func (h *handler) text(f *finding.Finding, s string) string {
	return Message(h.mask.Text(f, s))
}

// Message is a rule's message as Markdown: what stands between backticks is code, and all else means itself.
func Message(s string) string {
	parts := strings.Split(finding.Plain(s), "`")
	if len(parts)%2 == 0 { // one is no mark
		return Escape(strings.Join(parts, "`"))
	}
	var b strings.Builder
	for i, part := range parts {
		switch {
		case i%2 == 0:
			b.WriteString(Escape(part))
		case part != "":
			b.WriteString(code(part))
		}
	}
	return b.String()
}

// Escape makes text mean itself. A backslash keeps ASCII punctuation from being markup; what GitHub makes of @name and
// #12 after that, an empty comment between the two keeps it from making.
func Escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&':
			b.WriteString("&amp;")
		case c == '@' || c == '#':
			b.WriteString(string(c) + "<!-- -->")
		case strings.IndexByte("\\`*_[]{}|~$!", c) >= 0:
			b.WriteString(`\` + string(c))
		case c == ':' && strings.HasPrefix(s[i:], "://"): // no link of an address
			b.WriteString(":<!-- -->")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// prose is Markdown of a rule's author: kept, but for HTML, which may come in a rule file from anywhere and swallow the rest.
func prose(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(finding.PlainLines(s), "`") {
		if i > 0 {
			b.WriteByte('`')
		}
		if i%2 == 0 {
			part = strings.ReplaceAll(part, "<", "&lt;")
		}
		b.WriteString(part)
	}
	return b.String()
}

// code is a code span that its text cannot end.
func code(s string) string {
	s = finding.Plain(s)
	ticks := strings.Repeat("`", longest(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return ticks + s + ticks
}

// fence is a block of code that its text cannot end.
func fence(language, s string) string {
	s = strings.TrimRight(finding.PlainLines(s), "\n")
	ticks := strings.Repeat("`", max(3, longest(s)+1))
	return ticks + language + "\n" + s + "\n" + ticks + "\n\n"
}

// dedent takes off the blanks that all lines begin with.
func dedent(s string) string {
	lines := strings.Split(s, "\n")
	common, first := "", true
	for _, l := range lines {
		blank := l[:len(l)-len(strings.TrimLeft(l, " \t"))]
		switch {
		case strings.TrimSpace(l) == "":
			continue
		case first:
			common, first = blank, false
		}
		for !strings.HasPrefix(blank, common) {
			common = common[:len(common)-1]
		}
	}
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, common)
	}
	return strings.Join(lines, "\n")
}

// longest is the length of the longest run of backticks.
func longest(s string) int {
	run, most := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] == '`' {
			run++
			most = max(most, run)
		} else {
			run = 0
		}
	}
	return most
}
