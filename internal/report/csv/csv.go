// Package csv writes findings as a table, by RFC 4180: a line of names, then a line for each finding, fields parted by commas and quoted where
// they need it, lines ended by CR and LF.
//
// People open such files in spreadsheets, which take a field for a formula that begins with = or the like, and what a
// file is named or says is an attacker's to choose. Such fields begin with an apostrophe, which spreadsheets do not show.
package csv

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// Options say what goes into the file.
type Options struct {
	Suppressed bool // findings that a comment or a baseline silences, too, marked as such
}

// New makes a handler that writes the table when the stream ends.
func New(w io.Writer, o Options) finding.Handler { return &handler{w: w, o: o} }

type handler struct {
	finding.Collector
	w io.Writer
	o Options
}

var header = []string{"severity", "confidence", "rule", "title", "message", "path", "cell", "line", "column", "end_line", "end_column",
	"context", "origin", "weakness", "cwe", "standards", "bandit", "fingerprint", "suppressed"}

func (h *handler) Finish(*finding.Summary) error {
	out := csv.NewWriter(h.w)
	out.UseCRLF = true
	err := out.Write(header)
	mask := finding.NewMask(h.All(true))
	for _, f := range h.All(h.o.Suppressed) {
		start, end := finding.Range(f.File, f.Span)
		cell := ""
		if start.Cell > 0 {
			cell = strconv.Itoa(start.Cell)
		}
		var cwe, standards []string
		for _, n := range f.Rule.CWE {
			cwe = append(cwe, finding.CWEName(n))
		}
		for _, c := range f.Rule.Standards {
			standards = append(standards, c.Ref())
		}
		suppressed := ""
		if f.Suppressed != nil {
			suppressed = mask.Text(f, f.Suppressed.String())
		}
		row := []string{f.Severity.String(), f.Confidence.String(), f.Rule.ID, f.Rule.Title, mask.Text(f, f.Message), f.File.Path, cell,
			strconv.Itoa(start.Line), strconv.Itoa(start.Column), strconv.Itoa(end.Line), strconv.Itoa(end.Column),
			f.Context, f.File.Origin.String(), f.Rule.Weakness, strings.Join(cwe, " "), strings.Join(standards, " "),
			strings.Join(f.Aliases["bandit"], " "), f.Fingerprint, suppressed}
		for i := range row {
			row[i] = guard(finding.Plain(row[i]))
		}
		if err == nil {
			err = out.Write(row)
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// guard keeps a spreadsheet from taking a field for a formula. The wide forms of the signs count, too: some programs fold them.
func guard(field string) string {
	for _, sign := range []string{"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"} {
		if strings.HasPrefix(strings.TrimLeft(field, " "), sign) {
			return "'" + field
		}
	}
	return field
}
