// Package gitlab writes a scan as gl-sast-report.json, in the form that GitLab publishes for reports of static analysis. With
//
//	artifacts: {reports: {sast: gl-sast-report.json}}
//
// its findings are shown in merge requests and in the list of vulnerabilities.
//
// GitLab tells findings apart by their first identifier and their place, so that the rule comes first among the identifiers. It wants to know when
// the scan took place: unlike the other reports this one is not the same twice, unless SOURCE_DATE_EPOCH says the time.
package gitlab

import (
	"crypto/sha1"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/markdown"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Version is that of the form.
const Version = "15.2.1"

// Options say when the scan took place.
type Options struct {
	Started time.Time
	Now     func() time.Time // when the stream ends
}

// New makes a handler that writes the file when the stream ends.
func New(w io.Writer, o Options) finding.Handler { return &handler{w: w, o: o} }

type handler struct {
	finding.Collector
	w io.Writer
	o Options
}

type document struct {
	Schema          string          `json:"schema"`
	Version         string          `json:"version"`
	Scan            scan            `json:"scan"`
	Vulnerabilities []vulnerability `json:"vulnerabilities"`
}

type scan struct {
	Analyzer  tool      `json:"analyzer"`
	Scanner   tool      `json:"scanner"`
	Type      string    `json:"type"`
	StartTime string    `json:"start_time"`
	EndTime   string    `json:"end_time"`
	Status    string    `json:"status"`
	Messages  []message `json:"messages,omitempty"`
}

type tool struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	Version string `json:"version"`
	Vendor  vendor `json:"vendor"`
}

type vendor struct {
	Name string `json:"name"`
}

type message struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

type vulnerability struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Severity    string            `json:"severity"`
	Solution    string            `json:"solution,omitempty"`
	Identifiers []identifier      `json:"identifiers"`
	Links       []link            `json:"links,omitempty"`
	Location    location          `json:"location"`
	Extract     string            `json:"raw_source_code_extract,omitempty"`
	Details     map[string]detail `json:"details,omitempty"`
}

type identifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type link struct {
	URL string `json:"url"`
}

type location struct {
	File      string `json:"file"`
	StartLine int    `json:"start_line"`
	EndLine   int    `json:"end_line"`
	Class     string `json:"class,omitempty"`
	Method    string `json:"method,omitempty"`
}

// A detail is a named field of a vulnerability: text, or a flow.
type detail struct {
	Name  string   `json:"name"`
	Type  string   `json:"type"`
	Value string   `json:"value,omitempty"`
	Items [][]node `json:"items,omitempty"`
}

type node struct {
	Type     string       `json:"type"`
	NodeType string       `json:"node_type"`
	Location fileLocation `json:"file_location"`
}

type fileLocation struct {
	Type      string `json:"type"`
	FileName  string `json:"file_name"`
	LineStart int    `json:"line_start"`
	LineEnd   int    `json:"line_end"`
}

// Limits of the form.
const (
	maxName     = 255
	maxSolution = 7000
	maxMessages = 100 // ours: a tree full of broken files is said in one more
)

func (h *handler) Finish(s *finding.Summary) error {
	version := h.Tool.Version
	if version == "" {
		version = "unknown"
	}
	self := tool{h.Tool.Name, "Wadjet", h.Tool.URL, version, vendor{"Wadjet"}}
	d := document{
		Schema:  "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" + Version + "/dist/sast-report-format.json",
		Version: Version,
		Scan: scan{Analyzer: self, Scanner: self, Type: "sast", StartTime: stamp(h.o.Started), EndTime: stamp(h.o.Now()),
			Status: "success", Messages: h.messages(s)},
		Vulnerabilities: make([]vulnerability, 0, len(h.Findings)),
	}
	if s.Files == 0 || s.Rules == 0 {
		d.Scan.Status = "failure" // nothing was looked at
	}
	mask := finding.NewMask(h.All(true))
	for _, f := range h.Findings {
		d.Vulnerabilities = append(d.Vulnerabilities, one(f, mask))
	}
	return finding.WriteJSON(h.w, " ", d)
}

// stamp is a time as the form wants it: in UTC, without saying so.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }

func (h *handler) messages(s *finding.Summary) (out []message) {
	for n, i := range h.Incidents {
		if n == maxMessages {
			out = append(out, message{"warn", fmt.Sprintf("%d more of this kind", len(h.Incidents)-n)})
			break
		}
		m := message{"info", i.Message}
		if i.Lost || i.Blind || i.Code == "rule" || i.Code == "syntax" {
			m.Level = "warn"
		}
		if i.Path != "" {
			m.Value = i.Path + ": " + m.Value
			if i.Line > 0 {
				m.Value = fmt.Sprintf("%s:%d: %s", i.Path, i.Line, i.Message)
			}
		}
		out = append(out, m)
	}
	for _, a := range s.Areas {
		if !a.Ran {
			out = append(out, message{"warn", strings.TrimSuffix(a.Name+" was not looked at: "+a.Note, ": ")})
		}
	}
	return out
}

var severities = map[finding.Severity]string{finding.Critical: "Critical", finding.High: "High", finding.Medium: "Medium", finding.Low: "Low"}

func one(f *finding.Finding, mask *finding.Mask) vulnerability {
	r := f.Rule
	title := r.Title
	if title == "" {
		title = r.ID
	}
	v := vulnerability{
		ID: uuid(f.Fingerprint), Name: cut(title, maxName), Severity: severities[f.Severity], Solution: cut(strings.TrimSpace(r.Mend), maxSolution),
		Description: strings.TrimSpace(markdown.Message(mask.Text(f, f.Message)) + "\n\n" + r.Why),
		Identifiers: identifiers(f), Location: locationOf(f), Extract: mask.Excerpt(f.File, f.Span),
		Details: map[string]detail{
			"confidence":  {Name: "Confidence", Type: "text", Value: f.Confidence.String()},
			"fingerprint": {Name: "Fingerprint", Type: "text", Value: f.Fingerprint},
		},
	}
	for _, ref := range r.References {
		if strings.HasPrefix(ref, "https://") || strings.HasPrefix(ref, "http://") {
			v.Links = append(v.Links, link{ref})
		}
	}
	if n := len(f.Trace); n > 0 {
		flow := make([]node, n)
		for i, s := range f.Trace {
			kind := "propagation"
			switch i {
			case n - 1:
				kind = "sink"
			case 0:
				kind = "source"
			}
			first, last := diskLines(s.File, s.Span)
			flow[i] = node{"code-flow-node", kind, fileLocation{"file-location", s.File.Path, first, last}}
		}
		v.Details["code_flows"] = detail{Name: "Flow", Type: "code-flows", Items: [][]node{flow}}
	}
	return v
}

// identifiers name what was found: the rule first, by which GitLab knows the finding again, then CWE, OWASP and the peers' ids.
func identifiers(f *finding.Finding) []identifier {
	out := []identifier{{"wadjet_rule", "Wadjet " + f.Rule.ID, f.Rule.ID, ""}}
	for _, n := range f.Rule.CWE {
		value := strconv.Itoa(n)
		out = append(out, identifier{"cwe", finding.CWEName(n), value, "https://cwe.mitre.org/data/definitions/" + value + ".html"})
	}
	for _, c := range f.Rule.Standards {
		if c.Standard.Key == "owasp" {
			out = append(out, identifier{"owasp", c.ID + ":" + c.Standard.Edition, c.ID + ":" + c.Standard.Edition, c.Standard.URL})
		}
	}
	for _, id := range f.Aliases["bandit"] {
		out = append(out, identifier{"bandit_test_id", "Bandit Test ID " + id, id, ""})
	}
	return out
}

func locationOf(f *finding.Finding) location {
	first, last := diskLines(f.File, f.Span)
	l := location{File: f.File.Path, StartLine: first, EndLine: last, Method: f.Context}
	if i := strings.LastIndexByte(f.Context, '.'); i >= 0 {
		l.Class, l.Method = f.Context[:i], f.Context[i+1:]
	}
	return l
}

// diskLines are the lines of a span in the file on disk; of a notebook, as far as they are known.
func diskLines(f *source.File, span source.Span) (first, last int) {
	if len(f.Segments) > 0 {
		first, last = f.DiskLine(span.Start), f.DiskLine(max(span.Start, span.End-min(span.End, 1)))
		return max(first, 1), max(first, last, 1)
	}
	start, end := finding.Range(f, span)
	return start.Line, max(start.Line, end.Line)
}

// uuid makes a name-based UUID (RFC 9562, version 5) of a fingerprint.
func uuid(fingerprint string) string {
	// The namespace is the version 5 UUID of the project's address.
	namespace := [16]byte{0x87, 0x05, 0x1a, 0xdc, 0x61, 0x9c, 0x5b, 0x23, 0x85, 0x1a, 0x07, 0x1d, 0x3b, 0x12, 0x33, 0x46}
	sum := sha1.Sum(append(namespace[:], fingerprint...))
	u := sum[:16]
	u[6] = u[6]&0x0F | 0x50
	u[8] = u[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
