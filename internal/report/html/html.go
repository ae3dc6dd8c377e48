// Package html writes a scan as one page that needs nothing else: no network, no server, no other file. It has filters,
// charts and the code of every finding, and is made for thousands of them.
//
// The page holds the scan as JSON; its script makes rows of it as they are looked at. What comes from the scan is an attacker's to choose:
// it reaches the page as text only, never as markup, in the script as well as here, and the policy of the page allows its own style and
// script by their hashes and nothing else. Where scripts are not allowed, as in Jenkins, a plain table stands instead.
package html

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

//go:embed page.html
var page string

//go:embed style.css
var style string

//go:embed script.js
var script string

// Options say what goes into the page.
type Options struct {
	Suppressed bool // findings that a comment or a baseline silences, too: shown when asked for
}

// New makes a handler that writes the page when the stream ends.
func New(w io.Writer, o Options) finding.Handler { return &handler{w: w, o: o} }

type handler struct {
	finding.Collector
	w    io.Writer
	o    Options
	mask *finding.Mask
}

func (h *handler) Finish(s *finding.Summary) error {
	h.mask = finding.NewMask(h.All(true))
	var data bytes.Buffer
	e := json.NewEncoder(&data) // which writes <, > and & as escapes, so that no text can end the element
	if err := e.Encode(h.document(s)); err != nil {
		return err
	}
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	policy := "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
	_, err := strings.NewReplacer(
		"{{policy}}", policy,
		"{{title}}", "Wadjet report",
		"{{scope}}", text(scope(s.Roots)),
		"{{style}}", style,
		"{{script}}", script,
		"{{static}}", h.static(),
		"{{foot}}", text(h.Tool.Name+" "+h.Tool.Version),
		"{{data}}", string(finding.PlainJSON(bytes.TrimSpace(data.Bytes()))),
	).WriteString(h.w, page)
	return err
}

// scope says what was looked at.
func scope(roots []string) string {
	const most = 5
	if more := len(roots) - most; more > 0 {
		return fmt.Sprintf("What is wrong in %s and %d more", strings.Join(roots[:most], ", "), more)
	}
	return "What is wrong in " + strings.Join(roots, ", ")
}

// text is text as it may stand in the page's markup.
func text(s string) string { return html.EscapeString(finding.Plain(s)) }

// maxStatic bounds the table that stands where no script runs.
const maxStatic = 500

func (h *handler) static() string {
	var b strings.Builder
	b.WriteString("<p>This page needs a script of its own for filters and code, and scripts are not allowed here: open the file itself.</p>\n")
	b.WriteString("<table>\n<thead><tr><th>Severity</th><th>Rule</th><th>Place</th><th>Message</th></tr></thead>\n<tbody>\n")
	for i, f := range h.Findings {
		if i == maxStatic {
			fmt.Fprintf(&b, "<tr><td></td><td></td><td></td><td>%d more, none of them worse</td></tr>\n", len(h.Findings)-i)
			break
		}
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", f.Severity, text(f.Rule.ID),
			text(f.File.Path+":"+f.File.Place(f.Span.Start).String()), text(h.mask.Text(f, f.Message)))
	}
	b.WriteString("</tbody>\n</table>\n")
	for _, i := range h.Incidents {
		if i.Lost || i.Blind {
			fmt.Fprintf(&b, "<p>Not analysed: %s: %s</p>\n", text(i.Path), text(i.Message))
		}
	}
	return b.String()
}

// The names are short because there may be thousands of each. script.js is their only reader.
type document struct {
	Summary   summaryJSON    `json:"summary"`
	Rules     []ruleJSON     `json:"rules"`
	Standards []standardJSON `json:"standards"`
	Controls  []controlJSON  `json:"controls"`
	Findings  []findingJSON  `json:"findings"`
	Incidents []incidentJSON `json:"incidents"`
}

type summaryJSON struct {
	Files      int            `json:"files"`
	Lines      int            `json:"lines"`
	Rules      int            `json:"rules"`
	Profile    string         `json:"profile"`
	Over       string         `json:"over"` // what it takes to count for the gate
	Gated      int            `json:"gated"`
	Suppressed int            `json:"suppressed"`
	Known      int            `json:"known"`
	Hidden     map[string]int `json:"hidden"`
	Areas      []areaJSON     `json:"areas"`
	Skipped    []skipJSON     `json:"skipped"`
	Notes      []string       `json:"notes"`
}

type areaJSON struct {
	Name string `json:"name"`
	Ran  bool   `json:"ran"`
	Note string `json:"note"`
}

type skipJSON struct {
	Reason string   `json:"reason"`
	Count  int      `json:"count"`
	Paths  []string `json:"paths"`
}

type ruleJSON struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Area       string   `json:"area"`
	Why        string   `json:"why"`
	Mend       string   `json:"mend"`
	Bad        string   `json:"bad"`
	Good       string   `json:"good"`
	References []string `json:"refs"`
	CWE        []string `json:"cwe"`
	Names      string   `json:"names"` // what peers call it
	Standards  []int    `json:"std"`   // numbers of controls
}

// A standardJSON says which of the controls are its own: from the first number to before the second.
type standardJSON struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

type controlJSON struct {
	Ref   string `json:"ref"`
	ID    string `json:"id"`
	Title string `json:"title"`
	Rules int    `json:"rules"` // of this scan, that watch it
}

type findingJSON struct {
	Rule        int        `json:"r"`
	Severity    int        `json:"s"`
	Confidence  int        `json:"c"`
	Message     string     `json:"m"`
	Path        string     `json:"p"`
	Cell        int        `json:"cell,omitempty"`
	Line        int        `json:"l"`
	Column      int        `json:"n"`
	Context     string     `json:"x,omitempty"`
	Origin      string     `json:"o,omitempty"` // unless it is the project's own code
	Fingerprint string     `json:"h"`
	Merged      []string   `json:"g,omitempty"`
	Frame       *frameJSON `json:"k,omitempty"`
	Trace       []stepJSON `json:"t,omitempty"`
	Fix         *fixJSON   `json:"f,omitempty"`
	Suppressed  string     `json:"q,omitempty"`
}

type stepJSON struct {
	Message string     `json:"m"`
	Where   string     `json:"w"`
	Frame   *frameJSON `json:"k,omitempty"`
}

type fixJSON struct {
	Safe   bool     `json:"safe"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

type incidentJSON struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Message string `json:"message"`
	Lost    bool   `json:"lost"`
	Blind   bool   `json:"blind"`
}

func (h *handler) document(s *finding.Summary) document {
	d := document{
		Summary: summaryJSON{Files: s.Files, Lines: s.Lines, Rules: s.Rules, Profile: s.Profile, Over: s.Over(), Gated: s.Gated, Suppressed: s.Suppressed, Known: s.Known,
			Hidden: map[string]int{}, Areas: []areaJSON{}, Skipped: []skipJSON{}, Notes: append([]string{}, s.Notes...)},
		Rules: []ruleJSON{}, Standards: []standardJSON{}, Controls: []controlJSON{}, Findings: []findingJSON{}, Incidents: []incidentJSON{},
	}
	for reason, n := range s.Hidden {
		d.Summary.Hidden[reason] = n
	}
	for _, a := range s.Areas {
		d.Summary.Areas = append(d.Summary.Areas, areaJSON{finding.Plain(a.Name), a.Ran, finding.Plain(a.Note)})
	}
	for _, k := range s.Skipped {
		paths := []string{}
		for _, p := range k.Paths {
			paths = append(paths, finding.Plain(p))
		}
		d.Summary.Skipped = append(d.Summary.Skipped, skipJSON{finding.Plain(k.Reason), k.Files, paths})
	}
	for _, i := range h.Incidents {
		d.Incidents = append(d.Incidents, incidentJSON{finding.Plain(i.Path), i.Line, finding.Plain(i.Message), i.Lost, i.Blind})
	}
	all := h.All(h.o.Suppressed)
	control := h.controls(&d, all)
	number := map[*finding.Rule]int{}
	for _, f := range all {
		r, ok := number[f.Rule]
		if !ok {
			r = len(d.Rules)
			number[f.Rule] = r
			d.Rules = append(d.Rules, ruleOf(f.Rule, control))
		}
		d.Findings = append(d.Findings, h.one(f, r))
	}
	return d
}

// controls lists the controls that the rules of the scan watch, and numbers them.
func (h *handler) controls(d *document, all []*finding.Finding) map[*finding.Control]int {
	watched := map[*finding.Control]int{}
	seen := map[*finding.Rule]bool{}
	count := func(r *finding.Rule) {
		if seen[r] {
			return
		}
		seen[r] = true
		for _, c := range r.Standards {
			watched[c]++
		}
	}
	var standards []*finding.Standard
	add := func(r *finding.Rule) {
		for _, c := range r.Standards {
			if !slices.Contains(standards, c.Standard) {
				standards = append(standards, c.Standard)
			}
		}
	}
	for _, r := range h.Rules {
		count(r)
		add(r)
	}
	for _, f := range all { // they are among those that ran
		count(f.Rule)
		add(f.Rule)
	}
	slices.SortStableFunc(standards, func(a, b *finding.Standard) int { return cmp.Compare(a.Rank, b.Rank) })
	number := map[*finding.Control]int{}
	for _, s := range standards {
		from := len(d.Controls)
		for _, c := range s.Controls {
			if watched[c] > 0 {
				number[c] = len(d.Controls)
				d.Controls = append(d.Controls, controlJSON{c.Ref(), c.ID, c.Title, watched[c]})
			}
		}
		d.Standards = append(d.Standards, standardJSON{s.Name, s.URL, from, len(d.Controls)})
	}
	return number
}

func ruleOf(r *finding.Rule, control map[*finding.Control]int) ruleJSON {
	out := ruleJSON{ID: finding.Plain(r.ID), Title: finding.Plain(r.Title), Area: cmp.Or(r.Area(), "own rules"), Why: finding.PlainLines(r.Why), Mend: finding.PlainLines(r.Mend),
		Bad: finding.PlainLines(strings.TrimRight(r.Bad, "\n")), Good: finding.PlainLines(strings.TrimRight(r.Good, "\n")), References: append([]string{}, r.References...), CWE: []string{}, Standards: []int{}}
	if out.Title == "" {
		out.Title = out.ID
	}
	for _, n := range r.CWE {
		out.CWE = append(out.CWE, finding.CWEName(n))
	}
	for _, c := range r.Standards {
		out.Standards = append(out.Standards, control[c])
	}
	var names []string
	for _, peer := range []string{"bandit", "ruff"} {
		names = append(names, r.Aliases[peer]...)
	}
	out.Names = strings.Join(names, " ")
	return out
}

const maxSteps = 50 // of one flow; the sink is last

func (h *handler) one(f *finding.Finding, r int) findingJSON {
	start, _ := finding.Range(f.File, f.Span)
	out := findingJSON{Rule: r, Severity: int(f.Severity), Confidence: int(f.Confidence), Message: finding.Plain(h.mask.Text(f, f.Message)),
		Path: finding.Plain(f.File.Path), Cell: start.Cell, Line: start.Line, Column: start.Column, Context: finding.Plain(f.Context),
		Fingerprint: f.Fingerprint, Merged: f.Merged, Frame: h.frame(f.File, f.Span, around)}
	if o := f.File.Origin.String(); o != "project" {
		out.Origin = o
	}
	steps := f.Trace
	if len(steps) > maxSteps {
		steps = slices.Concat(steps[:1], steps[len(steps)-maxSteps+1:])
	}
	for _, s := range steps {
		out.Trace = append(out.Trace, stepJSON{finding.Plain(h.mask.Text(f, s.Message)), finding.Plain(s.File.Path) + ":" + s.File.Place(s.Span.Start).String(), h.frame(s.File, s.Span, 0)})
	}
	if before, after, ok := finding.FixLines(f, h.mask); ok {
		plain := func(lines []string) []string {
			for i, l := range lines {
				lines[i] = finding.PlainLines(l)
			}
			return lines
		}
		out.Fix = &fixJSON{f.FixSafe, plain(before), plain(after)}
	}
	if f.Suppressed != nil {
		out.Suppressed = finding.Plain(h.mask.Text(f, f.Suppressed.String()))
	}
	return out
}
