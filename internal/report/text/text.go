// Package text writes a scan for a person at a terminal: worst first, each finding with the code it is about, what is wrong
// and what to write instead; then what was not looked at, and a summary.
//
// The code under analysis, its names and the names of its files may have been chosen by an attacker: all of it is
// printed so that a terminal shows it and never obeys it.
package text

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Options say how to write.
type Options struct {
	Color   bool
	Width   int  // columns; 0 when unknown
	Verbose bool // every finding with its code, every file that was left out
	Quiet   bool // findings, and what may hide some, only
}

const (
	maxFrames    = 20  // findings that are shown with their code
	maxLines     = 100 // findings after those that get a line each
	maxIncidents = 10
	plainWidth   = 100 // columns when the terminal's are not known
	widest       = 120 // columns that are used for text at most: longer lines are hard to read
)

// New makes a handler that writes the report when the stream ends.
func New(w io.Writer, o Options) finding.Handler {
	if o.Width <= 0 {
		o.Width = plainWidth
	}
	o.Width = max(o.Width, 40)
	return &handler{w: w, o: o, p: &palette{o.Color}}
}

type handler struct {
	w         io.Writer
	o         Options
	p         *palette
	b         strings.Builder
	mask      *finding.Mask
	findings  []*finding.Finding // shown
	silenced  []*finding.Finding
	incidents []finding.Incident
}

func (h *handler) Start(finding.Tool, []*finding.Rule) error { return nil }

func (h *handler) Finding(f *finding.Finding) error {
	if f.Suppressed != nil {
		h.silenced = append(h.silenced, f)
	} else {
		h.findings = append(h.findings, f)
	}
	return nil
}

func (h *handler) Incident(i *finding.Incident) error {
	h.incidents = append(h.incidents, *i)
	return nil
}

func (h *handler) Finish(s *finding.Summary) error {
	h.mask = finding.NewMask(slices.Concat(h.findings, h.silenced))
	frames, rows := maxFrames, maxLines
	if h.o.Verbose {
		frames, rows = len(h.findings), 0
	}
	for i, f := range h.findings {
		if i == frames {
			break
		}
		h.full(f)
	}
	if rest := h.findings[min(frames, len(h.findings)):]; len(rest) > 0 {
		fmt.Fprintf(&h.b, "%s, in short (-v shows the code of each):\n", plural(len(rest), "more finding"))
		for _, f := range rest[:min(rows, len(rest))] {
			h.row(f)
		}
		if more := len(rest) - rows; more > 0 {
			fmt.Fprintf(&h.b, "… and %d more\n", more)
		}
		h.b.WriteByte('\n')
	}
	h.notAnalysed()
	if !h.o.Quiet {
		h.summary(s)
	}
	_, err := io.WriteString(h.w, h.b.String())
	return err
}

// Show writes some of the findings of a scan with their code, and nothing else. The others may hold secrets that have to be covered.
func Show(w io.Writer, o Options, some, all []*finding.Finding) error {
	h := New(w, o).(*handler)
	h.mask = finding.NewMask(all)
	for _, f := range some {
		h.full(f)
	}
	_, err := io.WriteString(w, h.b.String())
	return err
}

// full shows a finding with its code.
func (h *handler) full(f *finding.Finding) {
	b, p := &h.b, h.p
	mark := p.of(f.Severity)
	limit := min(h.o.Width, widest)
	label := f.Severity.String() + "[" + f.Rule.ID + "]"
	for i, line := range wrap(finding.Plain(strings.Join(strings.Fields(h.mask.Text(f, f.Message)), " ")), limit, textWidth(label)+2) {
		if i == 0 {
			b.WriteString(mark(label) + p.bold(": "+line) + "\n")
		} else {
			b.WriteString(p.bold("  "+line) + "\n")
		}
	}
	gutter := h.gutter(f)
	b.WriteString(strings.Repeat(" ", gutter) + p.gutter("--> ") + where(f.File, f.Span.Start))
	if f.Context != "" {
		b.WriteString(p.dim(", in " + finding.Plain(f.Context)))
	}
	if f.File.Origin != source.Project {
		b.WriteString(p.dim(" (" + f.File.Origin.String() + " code)"))
	}
	b.WriteByte('\n')
	fr := &frame{p: p, mask: h.mask, width: h.o.Width, mark: mark}
	fr.write(b, f.File, f.Span, gutter)
	blank := p.gutter(strings.Repeat(" ", gutter) + " |")
	b.WriteString(blank + "\n")
	lead := strings.Repeat(" ", gutter) + " " + p.gutter("=") + " "
	indent := strings.Repeat(" ", gutter+3)
	h.flow(f, lead, indent)
	if mend := firstParagraph(f.Rule.Mend); mend != "" {
		h.item(lead, indent, "instead", finding.Plain(mend), p.good)
	}
	h.fix(f, lead, indent)
	h.item(lead, indent, "more", h.about(f), p.dim)
	b.WriteByte('\n')
}

// item writes a labelled paragraph.
func (h *handler) item(lead, indent, label, text string, paint func(string) string) {
	limit := min(h.o.Width, widest) - len(indent)
	for i, line := range wrap(text, limit, len(label)+2) {
		if i == 0 {
			h.b.WriteString(lead + paint(label+":") + " " + line + "\n")
		} else {
			h.b.WriteString(indent + "  " + line + "\n")
		}
	}
}

// about names what else is known of a finding, and where to read on.
func (h *handler) about(f *finding.Finding) string {
	parts := []string{"confidence " + f.Confidence.String()}
	for _, n := range f.Rule.CWE {
		parts = append(parts, finding.CWEName(n))
	}
	if bandit := f.Aliases["bandit"]; len(bandit) > 0 {
		parts = append(parts, "Bandit "+strings.Join(bandit, " "))
	}
	if len(f.Merged) > 0 {
		parts = append(parts, "also "+strings.Join(f.Merged, " "))
	}
	about := strings.Join(parts, ", ")
	if f.Rule.Builtin || f.Rule.File == "" {
		about += "; wadjet explain " + f.Rule.ID
	} else {
		about += "; " + f.Rule.File
	}
	return finding.Plain(about)
}

// flow lists the steps from where data enters to where it does harm.
func (h *handler) flow(f *finding.Finding, lead, indent string) {
	for i, s := range f.Trace {
		if i == 0 {
			h.b.WriteString(lead + h.p.help("flow:") + "\n")
		}
		fmt.Fprintf(&h.b, "%s%2d. %s %s\n", indent, i+1, where(s.File, s.Span.Start), finding.Plain(h.mask.Text(f, s.Message)))
	}
}

// fix shows the lines that a fix takes away and puts in their place.
func (h *handler) fix(f *finding.Finding, lead, indent string) {
	before, now, ok := finding.FixLines(f, h.mask)
	if !ok {
		return
	}
	say := "fix, to be checked:"
	if f.FixSafe {
		say = "fix, safe:"
	}
	h.b.WriteString(lead + h.p.good(say) + "\n")
	room := h.o.Width - len(indent) - 2
	for _, l := range before {
		h.b.WriteString(indent + h.p.bad("- "+layOut(l, nil).window(0, room)) + "\n")
	}
	for _, l := range now {
		h.b.WriteString(indent + h.p.good("+ "+layOut(l, nil).window(0, room)) + "\n")
	}
}

// row shows a finding on one line.
func (h *handler) row(f *finding.Finding) {
	message := finding.Plain(strings.Join(strings.Fields(h.mask.Text(f, f.Message)), " "))
	head := where(f.File, f.Span.Start) + ": " + f.Rule.ID + ": "
	room := max(30, h.o.Width-9-textWidth(head))
	if textWidth(message) > room {
		message = layOut(message, nil).window(0, room)
	}
	h.b.WriteString(h.p.of(f.Severity)(fmt.Sprintf("%-8s", f.Severity)) + " " + head + message + "\n")
}

// gutter is how many columns the numbers of the lines of a frame take.
func (h *handler) gutter(f *finding.Finding) int {
	_, last := lines(f.File, f.Span)
	line := f.File.Place(f.File.LineSpan(last).Start).Line
	return len(strconv.Itoa(line + 1))
}

// where is a place as a person, or an editor's terminal, reads it.
func where(f *source.File, offset uint32) string {
	return finding.Plain(f.Path) + ":" + f.Place(offset).String()
}

// firstParagraph of a Markdown text, on one line.
func firstParagraph(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n\n")
	return strings.Join(strings.Fields(s), " ")
}

// plural counts: "1 file", "2 files".
func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return number(n) + " " + what
}

// number writes 1234567 as 1,234,567.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
