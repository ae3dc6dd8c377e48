// Package json writes a scan as one JSON document, whose shape docs/schema/report-1.0.json publishes. The
// document is the stream of the scan: other tools can make of it whatever the other formats say.
package json

import (
	"io"
	"slices"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Version is that of the shape. The part before the dot changes when a reader of the old shape would
// misread the new one, the other when something is added.
const Version = "1.0"

// Options say what goes into the document.
type Options struct {
	Suppressed bool // findings that a comment or a baseline silences, too, marked as such
}

// New makes a handler that writes the document when the stream ends.
func New(w io.Writer, o Options) finding.Handler { return &handler{w: w, o: o} }

type handler struct {
	finding.Collector
	w io.Writer
	o Options
}

type document struct {
	Version  string        `json:"version"`
	Tool     toolJSON      `json:"tool"`
	Summary  summaryJSON   `json:"summary"`
	Findings []findingJSON `json:"findings"`
	Errors   []errorJSON   `json:"errors"`
}

type toolJSON struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	URL     string `json:"url,omitempty"`
}

type summaryJSON struct {
	Findings   countsJSON     `json:"findings"`
	Suppressed int            `json:"suppressed"`
	Known      int            `json:"known"`
	Hidden     map[string]int `json:"hidden"`
	Gate       gateJSON       `json:"gate"`
	Complete   bool           `json:"complete"`
	Roots      []string       `json:"roots"`
	Files      int            `json:"files"`
	Lines      int            `json:"lines"`
	Bytes      int            `json:"bytes"`
	ByOrigin   map[string]int `json:"by_origin"`
	Rules      int            `json:"rules"`
	Profile    string         `json:"profile"`
	Areas      []areaJSON     `json:"areas"`
	Skipped    []skipJSON     `json:"skipped"`
	Notes      []string       `json:"notes"`
}

type countsJSON struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	Total    int `json:"total"`
}

type gateJSON struct {
	FailOn   string `json:"fail_on"`
	Findings int    `json:"findings"`
}

type areaJSON struct {
	Name string `json:"name"`
	Ran  bool   `json:"ran"`
	Note string `json:"note,omitempty"`
}

type skipJSON struct {
	Reason string   `json:"reason"`
	Count  int      `json:"count"`
	Paths  []string `json:"paths"`
}

type findingJSON struct {
	RuleID      string              `json:"rule_id"`
	Title       string              `json:"title,omitempty"`
	Message     string              `json:"message"`
	Severity    string              `json:"severity"`
	Confidence  string              `json:"confidence"`
	Weakness    string              `json:"weakness"`
	CWE         []string            `json:"cwe"`
	OWASP       []string            `json:"owasp,omitempty"`
	Standards   []string            `json:"standards,omitempty"`
	Location    locationJSON        `json:"location"`
	Origin      string              `json:"origin"`
	Context     string              `json:"context,omitempty"`
	Code        string              `json:"code"`
	Fingerprint string              `json:"fingerprint"`
	Aliases     map[string][]string `json:"aliases"`
	Merged      []string            `json:"merged,omitempty"`
	Captures    map[string]string   `json:"captures,omitempty"`
	Trace       []stepJSON          `json:"trace,omitempty"`
	Fix         *fixJSON            `json:"fix,omitempty"`
	References  []string            `json:"references,omitempty"`
	Suppressed  *suppressionJSON    `json:"suppressed,omitempty"`
}

type locationJSON struct {
	Path  string       `json:"path"`
	Cell  int          `json:"cell,omitempty"`
	Start positionJSON `json:"start"`
	End   positionJSON `json:"end"`
}

type positionJSON struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Cell   int `json:"cell,omitempty"` // of an end in another cell than the start
}

type stepJSON struct {
	Message  string       `json:"message"`
	Location locationJSON `json:"location"`
	Code     string       `json:"code"`
}

type fixJSON struct {
	Safe  bool       `json:"safe"`
	Edits []editJSON `json:"edits"`
}

type editJSON struct {
	Start positionJSON `json:"start"`
	End   positionJSON `json:"end"`
	Text  string       `json:"text"`
}

type suppressionJSON struct {
	Kind    string `json:"kind"`
	Comment string `json:"comment,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Line    int    `json:"line,omitempty"`
}

type errorJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Path    string `json:"path,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Lost    bool   `json:"lost"`
	Blind   bool   `json:"blind"`
}

func (h *handler) Finish(s *finding.Summary) error {
	findings := h.All(h.o.Suppressed)
	d := document{
		Version:  Version,
		Tool:     toolJSON(h.Tool),
		Summary:  summary(s),
		Findings: make([]findingJSON, 0, len(findings)),
		Errors:   make([]errorJSON, 0, len(h.Incidents)),
	}
	mask := finding.NewMask(findings)
	for _, f := range findings {
		d.Findings = append(d.Findings, one(f, mask))
	}
	for _, i := range h.Incidents {
		d.Summary.Complete = d.Summary.Complete && !i.Lost && !i.Blind
		d.Errors = append(d.Errors, errorJSON{i.Code, i.Message, i.Path, i.Line, i.Column, i.Lost, i.Blind})
	}
	return finding.WriteJSON(h.w, "  ", d)
}

func summary(s *finding.Summary) summaryJSON {
	out := summaryJSON{
		Suppressed: s.Suppressed, Known: s.Known, Hidden: orEmpty(s.Hidden), Gate: gateJSON{s.Gate, s.Gated}, Complete: true,
		Roots: append([]string{}, s.Roots...), Files: s.Files, Lines: s.Lines, Bytes: s.Bytes, ByOrigin: orEmpty(s.ByOrigin),
		Rules: s.Rules, Profile: s.Profile, Areas: []areaJSON{}, Skipped: []skipJSON{}, Notes: append([]string{}, s.Notes...),
	}
	c := &out.Findings
	c.Critical, c.High, c.Medium, c.Low = s.Findings["critical"], s.Findings["high"], s.Findings["medium"], s.Findings["low"]
	c.Total = c.Critical + c.High + c.Medium + c.Low
	for _, a := range s.Areas {
		out.Areas = append(out.Areas, areaJSON(a))
	}
	for _, k := range s.Skipped {
		out.Skipped = append(out.Skipped, skipJSON{k.Reason, k.Files, append([]string{}, k.Paths...)})
	}
	return out
}

func orEmpty(m map[string]int) map[string]int {
	if m == nil {
		return map[string]int{}
	}
	return m
}

func one(f *finding.Finding, mask *finding.Mask) findingJSON {
	out := findingJSON{
		RuleID: f.Rule.ID, Title: f.Rule.Title, Message: mask.Text(f, f.Message),
		Severity: f.Severity.String(), Confidence: f.Confidence.String(), Weakness: f.Rule.Weakness,
		CWE: []string{}, Location: location(f.File, f.Span), Origin: f.File.Origin.String(), Context: f.Context,
		Code: mask.Excerpt(f.File, f.Span), Fingerprint: f.Fingerprint, Aliases: f.Aliases, Merged: f.Merged,
		References: f.Rule.References,
	}
	if out.Weakness == "" {
		out.Weakness = f.Rule.ID
	}
	if out.Aliases == nil {
		out.Aliases = map[string][]string{}
	}
	for _, n := range f.Rule.CWE {
		out.CWE = append(out.CWE, finding.CWEName(n))
	}
	for _, o := range f.Rule.OWASP2021 {
		out.OWASP = append(out.OWASP, o+":2021")
	}
	for _, o := range f.Rule.OWASP2025 {
		out.OWASP = append(out.OWASP, o+":2025")
	}
	for _, c := range f.Rule.Standards {
		out.Standards = append(out.Standards, c.Ref())
	}
	for name, text := range f.Captures {
		if out.Captures == nil {
			out.Captures = map[string]string{}
		}
		out.Captures[name] = mask.Text(f, text)
	}
	for _, s := range f.Trace {
		out.Trace = append(out.Trace, stepJSON{mask.Text(f, s.Message), location(s.File, s.Span), mask.Excerpt(s.File, s.Span)})
	}
	// A fix that holds a secret cannot be shown, and with the secret covered it would not be one.
	covered := func(e finding.Edit) bool { return mask.Text(f, e.New) != e.New }
	if len(f.Edits) > 0 && !slices.ContainsFunc(f.Edits, covered) {
		out.Fix = &fixJSON{Safe: f.FixSafe}
		for _, e := range f.Edits {
			start, end := f.File.Place(e.Span.Start), f.File.Place(e.Span.End)
			out.Fix.Edits = append(out.Fix.Edits, editJSON{positionJSON{start.Line, start.Column, 0}, positionJSON{end.Line, end.Column, otherCell(start, end)}, e.New})
		}
	}
	if s := f.Suppressed; s != nil {
		out.Suppressed = &suppressionJSON{s.Kind, mask.Text(f, s.Text), mask.Text(f, s.Reason), s.Line}
	}
	return out
}

func location(f *source.File, span source.Span) locationJSON {
	start, end := finding.Range(f, span)
	return locationJSON{f.Path, start.Cell, positionJSON{start.Line, start.Column, 0}, positionJSON{end.Line, end.Column, otherCell(start, end)}}
}

func otherCell(start, end source.Place) int {
	if end.Cell == start.Cell {
		return 0
	}
	return end.Cell
}
