// Package sarif writes findings as SARIF 2.1.0 (OASIS), in the shape that GitHub's code scanning reads best.
//
// What GitHub shows decides the details: the principal CWE is the first CWE tag, security-severity is a string, precision
// is the rule's own confidence, and columns count UTF-16 code units. primaryLocationLineHash is left to the uploading
// action, which computes it from the checkout; the identity of a finding across versions is in the fingerprint wadjet/v1.
package sarif

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Options say what is written.
type Options struct {
	Suppressed bool // findings that a comment silences are written, with their suppression; GitHub shows them as open
}

// New makes a reporter. It writes when the stream is finished.
func New(w io.Writer, o Options) finding.Handler { return &reporter{w: w, o: o} }

type reporter struct {
	w         io.Writer
	o         Options
	tool      finding.Tool
	rules     []*finding.Rule
	findings  []*finding.Finding
	incidents []*finding.Incident
}

func (r *reporter) Start(tool finding.Tool, rules []*finding.Rule) error {
	r.tool, r.rules = tool, rules
	return nil
}

func (r *reporter) Finding(f *finding.Finding) error {
	if f.Suppressed == nil || r.o.Suppressed {
		r.findings = append(r.findings, f)
	}
	return nil
}

func (r *reporter) Incident(i *finding.Incident) error {
	r.incidents = append(r.incidents, i)
	return nil
}

// Limits of GitHub's code scanning.
const (
	maxName    = 255
	maxText    = 1024
	maxTags    = 20
	maxSteps   = 1000
	maxResults = 25000
)

type object = map[string]any

func (r *reporter) Finish(s *finding.Summary) error {
	mask := finding.NewMask(r.findings)
	used := map[string]bool{}
	for _, f := range r.findings {
		used[f.Rule.ID] = true
	}
	// Only the rules that found something: a pack of hundreds would be most of the file.
	var rules []*finding.Rule
	for _, x := range r.rules {
		if used[x.ID] {
			used[x.ID] = false
			rules = append(rules, x)
		}
	}
	slices.SortFunc(rules, func(a, b *finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	index := map[string]int{}
	described := make([]object, 0, len(rules))
	for i, x := range rules {
		index[x.ID] = i
		described = append(described, rule(x))
	}
	results := make([]object, 0, len(r.findings))
	for _, f := range r.findings[:min(len(r.findings), maxResults)] {
		results = append(results, r.result(mask, f, index[f.Rule.ID]))
	}
	driver := object{"name": r.tool.Name, "version": r.tool.Version, "informationUri": r.tool.URL, "rules": described}
	if isSemantic(r.tool.Version) {
		driver["semanticVersion"] = r.tool.Version
	}
	out := json.NewEncoder(r.w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(object{
		"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		"version": "2.1.0",
		"runs": []object{{
			"tool":              object{"driver": driver},
			"automationDetails": object{"id": r.tool.Name + "/scan/"},
			"columnKind":        "utf16CodeUnits",
			"invocations":       []object{r.invocation(s)},
			"results":           results,
			"properties":        object{"profile": s.Profile, "files": s.Files, "lines": s.Lines, "suppressed": s.Suppressed},
		}},
	})
}

func isSemantic(v string) bool {
	parts := strings.SplitN(v, ".", 3)
	return len(parts) == 3 && parts[0] != "" && strings.Trim(parts[0]+parts[1], "0123456789") == ""
}

// invocation says what was not analysed.
func (r *reporter) invocation(s *finding.Summary) object {
	ok := true
	notes := make([]object, 0, len(r.incidents))
	for _, i := range r.incidents {
		ok = ok && !i.Blind
		level := "note"
		if i.Lost || i.Blind {
			level = "warning"
		}
		n := object{"level": level, "message": object{"text": i.Message}, "descriptor": object{"id": i.Code}}
		if i.Path != "" {
			place := object{"artifactLocation": object{"uri": uri(i.Path)}}
			if i.Line > 0 {
				place["region"] = object{"startLine": i.Line}
			}
			n["locations"] = []object{{"physicalLocation": place}}
		}
		notes = append(notes, n)
	}
	out := object{"executionSuccessful": ok}
	if len(notes) > 0 {
		out["toolExecutionNotifications"] = notes
	}
	return out
}

var levels = map[finding.Severity]string{finding.Critical: "error", finding.High: "error", finding.Medium: "warning", finding.Low: "note"}

// scores are within the bands by which GitHub names severities.
var scores = map[finding.Severity]string{finding.Critical: "9.5", finding.High: "8.0", finding.Medium: "5.5", finding.Low: "2.0"}

func rule(x *finding.Rule) object {
	tags := []string{"security"}
	for _, c := range x.CWE {
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%03d", c))
	}
	for _, o := range x.OWASP2021 {
		tags = append(tags, "owasp/2021/"+o)
	}
	for _, o := range x.OWASP2025 {
		tags = append(tags, "owasp/2025/"+o)
	}
	if x.Weakness != "" {
		tags = append(tags, x.Weakness)
	}
	out := object{
		"id":                   x.ID,
		"name":                 cut(x.ID, maxName),
		"shortDescription":     object{"text": cut(cmp.Or(x.Title, x.ID), maxText)},
		"fullDescription":      object{"text": cut(cmp.Or(oneLine(x.Why), x.Title, x.ID), maxText)},
		"help":                 object{"text": help(x, false), "markdown": help(x, true)},
		"defaultConfiguration": object{"level": levels[x.Severity]},
		"properties": object{
			"tags": tags[:min(len(tags), maxTags)], "precision": x.Confidence.String(), "security-severity": scores[x.Severity],
		},
	}
	if len(x.References) > 0 {
		out["helpUri"] = x.References[0]
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut shortens a text to n bytes, at the end of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n-len("…")], "") + "…"
}

func help(x *finding.Rule, markdown bool) string {
	var b strings.Builder
	part := func(title, body string, code bool) {
		body = strings.TrimSpace(body)
		if body == "" {
			return
		}
		switch {
		case markdown && code:
			fmt.Fprintf(&b, "## %s\n\n```python\n%s\n```\n\n", title, body)
		case markdown:
			fmt.Fprintf(&b, "## %s\n\n%s\n\n", title, body)
		default:
			fmt.Fprintf(&b, "%s\n\n%s\n\n", title, body)
		}
	}
	part("Why it matters", x.Why, false)
	part("What to write instead", x.Mend, false)
	part("Bad", x.Bad, true)
	part("Good", x.Good, true)
	part("More", strings.Join(x.References, "\n"), false)
	if b.Len() == 0 {
		return cmp.Or(x.Title, x.ID)
	}
	return strings.TrimSpace(b.String())
}

func (r *reporter) result(mask *finding.Mask, f *finding.Finding, index int) object {
	out := object{
		"ruleId":    f.Rule.ID,
		"ruleIndex": index,
		"level":     levels[f.Severity],
		"message":   object{"text": mask.Text(f, f.Message)},
		"locations": []object{location(f.File, f.Span, f.Context, "")},
		"properties": object{
			"severity": f.Severity.String(), "confidence": f.Confidence.String(), "aliases": aliases(f.Aliases), "origin": f.File.Origin.String(),
		},
	}
	if f.Fingerprint != "" {
		out["partialFingerprints"] = object{"wadjet/v1": f.Fingerprint}
	}
	if len(f.Trace) > 0 {
		steps := make([]object, 0, len(f.Trace))
		for _, t := range f.Trace[:min(len(f.Trace), maxSteps)] {
			steps = append(steps, object{"location": location(t.File, t.Span, "", mask.Text(f, t.Message))})
		}
		out["codeFlows"] = []object{{"threadFlows": []object{{"locations": steps}}}}
	}
	if len(f.Edits) > 0 {
		edits := make([]object, 0, len(f.Edits))
		for _, e := range f.Edits {
			edits = append(edits, object{"deletedRegion": region(f.File, e.Span), "insertedContent": object{"text": mask.Text(f, e.New)}})
		}
		out["fixes"] = []object{{
			"description":     object{"text": cut(cmp.Or(oneLine(f.Rule.Mend), "Mend"), maxText)},
			"artifactChanges": []object{{"artifactLocation": object{"uri": uri(f.File.Path)}, "replacements": edits}},
		}}
	}
	if x := f.Suppressed; x != nil {
		kind := "external"
		if x.Kind == "inline" {
			kind = "inSource"
		}
		one := object{"kind": kind}
		if x.Reason != "" {
			one["justification"] = mask.Text(f, x.Reason)
		}
		out["suppressions"] = []object{one}
	}
	return out
}

// aliases are "bandit/B602" and the like.
func aliases(in map[string][]string) []string {
	out := []string{}
	for peer, ids := range in {
		for _, id := range ids {
			out = append(out, peer+"/"+id)
		}
	}
	slices.Sort(out)
	return out
}

func location(file *source.File, span source.Span, context, message string) object {
	out := object{"physicalLocation": object{"artifactLocation": object{"uri": uri(file.Path)}, "region": region(file, span)}}
	if context != "" {
		out["logicalLocations"] = []object{{"fullyQualifiedName": context, "kind": "function"}}
	}
	if message != "" {
		out["message"] = object{"text": message}
	}
	return out
}

// region is never empty and never line zero. In a notebook it is the place in the file on disk, where that is known; the cell
// is told in the message by the other formats, which know cells.
func region(file *source.File, span source.Span) object {
	if len(file.Segments) > 0 {
		return object{"startLine": max(1, file.DiskLine(span.Start)), "endLine": max(1, file.DiskLine(span.Start), file.DiskLine(span.End))}
	}
	startLine, _ := file.Position(span.Start)
	endLine, _ := file.Position(span.End)
	start, end := file.UTF16Column(span.Start)+1, file.UTF16Column(span.End)+1
	if endLine == startLine && end <= start {
		end = start + 1
	}
	return object{"startLine": startLine, "startColumn": start, "endLine": endLine, "endColumn": end}
}

// uri is a path as a relative URI (RFC 3986).
func uri(p string) string {
	p = path.Clean(strings.ReplaceAll(p, `\`, "/"))
	u := url.URL{Path: p}
	if path.IsAbs(p) {
		u.Scheme = "file"
	}
	return strings.TrimPrefix(u.String(), "./")
}
