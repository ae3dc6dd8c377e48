// Package github writes findings as workflow commands of GitHub Actions, which shows them as annotations beside the code of a pull
// request. It needs no upload and no permission, so that it works in forks and where code scanning is not to be had.
//
// Of one step GitHub shows ten errors, ten warnings and ten notices; the others are in the log alone. They come worst first.
package github

import (
	"fmt"
	"io"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// New makes a handler that writes the commands when the stream ends.
func New(w io.Writer) finding.Handler { return &handler{w: w} }

type handler struct {
	finding.Collector
	w io.Writer
}

var commands = map[finding.Severity]string{finding.Critical: "error", finding.High: "error", finding.Medium: "warning", finding.Low: "notice"}

func (h *handler) Finish(s *finding.Summary) error {
	var b strings.Builder
	mask := finding.NewMask(h.All(true))
	for _, f := range h.Findings {
		message := mask.Text(f, f.Message)
		if len(f.Trace) > 0 {
			enters := f.Trace[0]
			message += fmt.Sprintf("\nIt enters at %s:%s.", enters.File.Path, enters.File.Place(enters.Span.Start))
		}
		if mend, _, _ := strings.Cut(f.Rule.Mend, "\n\n"); mend != "" {
			message += "\nInstead: " + strings.Join(strings.Fields(mend), " ")
		}
		place := f.File.Place(f.Span.Start)
		if place.Cell > 0 {
			message += fmt.Sprintf("\nIn cell %d, line %d.", place.Cell, place.Line)
		}
		title := fmt.Sprintf("%s (%s)", f.Rule.Title, f.Rule.ID)
		if f.Rule.Title == "" || f.Rule.Title == f.Rule.ID {
			title = f.Rule.ID
		}
		command(&b, commands[f.Severity], f.File.Path, lines(f), title, message)
	}
	for _, i := range h.Incidents {
		kind, title := "notice", "To know"
		switch {
		case i.Blind:
			kind, title = "error", "Not wholly analysed"
		case i.Lost:
			kind, title = "warning", "Not analysed"
		case i.Code == "rule":
			kind, title = "warning", "A rule is wrong"
		}
		where := ""
		if i.Line > 0 {
			where = fmt.Sprintf("line=%d", i.Line)
		}
		command(&b, kind, i.Path, where, title+" ("+i.Code+")", i.Message)
	}
	for _, a := range s.Areas {
		if !a.Ran {
			command(&b, "notice", "", "", "Not looked at: "+a.Name, a.Note)
		}
	}
	fmt.Fprintf(&b, "wadjet: findings: %d, %s: %d, files: %d\n", len(h.Findings), s.Over(), s.Gated, s.Files)
	_, err := io.WriteString(h.w, b.String())
	return err
}

// lines are the properties that say where in its file a finding is. Columns are for one line only: GitHub takes no others.
func lines(f *finding.Finding) string {
	if len(f.File.Segments) > 0 { // a notebook: the line on disk, as far as it is known
		if line := f.File.DiskLine(f.Span.Start); line > 0 {
			return fmt.Sprintf("line=%d", line)
		}
		return ""
	}
	start, end := finding.Range(f.File, f.Span)
	if end.Line > start.Line {
		return fmt.Sprintf("line=%d,endLine=%d", start.Line, end.Line)
	}
	return fmt.Sprintf("line=%d,endLine=%d,col=%d,endColumn=%d", start.Line, end.Line, start.Column, max(end.Column, start.Column+1))
}

// A command ends at the line's end, its properties at a colon, and each at a comma.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func command(b *strings.Builder, name, path, where, title, message string) {
	b.WriteString("::" + name + " ")
	if path != "" {
		b.WriteString("file=" + property.Replace(finding.Plain(path)) + ",")
	}
	if where != "" {
		b.WriteString(where + ",")
	}
	b.WriteString("title=" + property.Replace(finding.Plain(title)) + "::" + data.Replace(finding.PlainLines(message)) + "\n")
}
