// Package sarif writes a scan as SARIF 2.1.0 in the way GitHub's code scanning reads it, which keeps to the standard.
//
// What GitHub does not say and one has to know: it takes severity from the rule's `security-severity`, a string, and
// only when the rule has the tag `security`; it keeps ten tags of a rule; it shows a result with suppressions as an
// open alert, so that these are left out unless asked for; it recognises an alert by its primaryLocationLineHash.
package sarif

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Options say what goes into the file.
type Options struct {
	Suppressed bool // findings that a comment or a baseline silences, too, marked as such
}

// Limits of GitHub, which cuts without a word what is beyond them.
const (
	maxResults     = 25000
	maxTags        = 10
	maxDescription = 1024
	maxName        = 255
	maxSteps       = 1000 // of one flow
	maxSnippet     = 1000 // bytes; ours
)

const baseID = "%SRCROOT%"

// New makes a handler that writes the file when the stream ends.
func New(w io.Writer, o Options) finding.Handler { return &handler{w: w, o: o} }

type handler struct {
	w         io.Writer
	o         Options
	tool      finding.Tool
	findings  []*finding.Finding
	incidents []finding.Incident
	left      int // findings beyond maxResults
	mask      *finding.Mask
	hashes    map[*source.File][]string
}

func (h *handler) Start(tool finding.Tool, _ []*finding.Rule) error {
	h.tool = tool
	return nil
}

func (h *handler) Finding(f *finding.Finding) error {
	switch {
	case f.Suppressed != nil && !h.o.Suppressed:
	case len(h.findings) == maxResults:
		h.left++ // they come worst first
	default:
		h.findings = append(h.findings, f)
	}
	return nil
}

func (h *handler) Incident(i *finding.Incident) error {
	h.incidents = append(h.incidents, *i)
	return nil
}

func (h *handler) Finish(s *finding.Summary) error {
	h.mask = finding.NewMask(h.findings)
	h.hashes = map[*source.File][]string{}
	r := run{
		Tool: tool{driver{Name: h.tool.Name, SemanticVersion: semantic(h.tool.Version), Version: h.tool.Version,
			InformationURI: h.tool.URL, Rules: []rule{}}},
		AutomationDetails: automationDetails{h.tool.Name + "/scan/"},
		BaseIDs:           map[string]description{baseID: {text{"The folder that wadjet was run in; paths are relative to it."}}},
		ColumnKind:        "unicodeCodePoints",
		Results:           make([]result, 0, len(h.findings)),
		Properties:        runProperties{s.Profile, s.Files, s.Lines, s.Rules, s.Suppressed, s.Hidden},
	}
	// Only the rules of the results, by id: GitHub needs no other, and the file stays small.
	index := map[string]int{}
	var rules []*finding.Rule
	for _, f := range h.findings {
		if _, ok := index[f.Rule.ID]; !ok {
			index[f.Rule.ID] = 0
			rules = append(rules, f.Rule)
		}
	}
	slices.SortFunc(rules, func(a, b *finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	for i, x := range rules {
		index[x.ID] = i
		r.Tool.Driver.Rules = append(r.Tool.Driver.Rules, describe(x))
	}
	for _, f := range h.findings {
		r.Results = append(r.Results, h.result(f, index[f.Rule.ID]))
	}
	r.Invocations = []invocation{h.invocation(s)}
	return finding.WriteJSON(h.w, " ", log{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []run{r}})
}

// semantic is a version that is one in the sense of semver.org, or "".
func semantic(version string) string {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 3 {
		return ""
	}
	last, _, _ := strings.Cut(strings.ReplaceAll(parts[2], "+", "-"), "-")
	for _, p := range []string{parts[0], parts[1], last} {
		if p == "" || strings.Trim(p, "0123456789") != "" || len(p) > 1 && p[0] == '0' {
			return ""
		}
	}
	return version
}

var levels = map[finding.Severity]string{finding.Critical: "error", finding.High: "error", finding.Medium: "warning", finding.Low: "note"}

// scores are in the middle of the ranges that GitHub calls by the same names.
var scores = map[finding.Severity]string{finding.Critical: "9.5", finding.High: "8.0", finding.Medium: "5.5", finding.Low: "2.5"}

var problems = map[finding.Severity]string{finding.Critical: "error", finding.High: "error", finding.Medium: "warning", finding.Low: "recommendation"}

func describe(r *finding.Rule) rule {
	title := r.Title
	if title == "" {
		title = r.ID
	}
	why := r.Why
	if why == "" {
		why = title + "."
	}
	out := rule{
		ID:                   r.ID,
		Name:                 cut(camel(r.ID), maxName),
		ShortDescription:     text{cut(title, maxDescription)},
		FullDescription:      text{cut(why, maxDescription)},
		Help:                 help(r, title),
		DefaultConfiguration: configuration{levels[r.Severity]},
		Properties: ruleProperties{
			Tags: tags(r), Precision: r.Confidence.String(), SecuritySeverity: scores[r.Severity], ProblemSeverity: problems[r.Severity],
		},
	}
	if i := slices.IndexFunc(r.References, isURI); i >= 0 {
		out.HelpURI = r.References[i]
	}
	return out
}

func isURI(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"{}|\\^`", r) })
}

// tags: the principal weakness first, since some readers take the first alone.
func tags(r *finding.Rule) []string {
	var out []string
	for _, n := range r.CWE {
		out = append(out, fmt.Sprintf("external/cwe/cwe-%03d", n))
	}
	if len(out) > 5 {
		out = out[:5]
	}
	out = append(out, "security")
	for _, o := range r.OWASP2025 {
		out = append(out, "OWASP-"+o+":2025")
	}
	for _, o := range r.OWASP2021 {
		out = append(out, "OWASP-"+o+":2021")
	}
	for _, c := range r.Standards {
		if c.Standard.Key != "owasp" { // it has its own form, above
			out = append(out, c.Ref())
		}
	}
	return out[:min(len(out), maxTags)]
}

// camel writes `sql-string` as SqlString, as SARIF wants the names of rules.
func camel(id string) string {
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r, n := utf8.DecodeRuneInString(part)
		b.WriteRune(unicode.ToUpper(r))
		b.WriteString(part[n:])
	}
	if b.Len() == 0 {
		return id
	}
	return b.String()
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func help(r *finding.Rule, title string) markdown {
	plain, md := title+".", title+"."
	for _, s := range r.Sections() {
		plain += "\n\n" + s.Title + ":\n" + s.Text
		text := s.Text
		if s.Code {
			text = finding.Fence("python", text)
		}
		md += "\n\n## " + s.Title + "\n\n" + text
	}
	return markdown{plain, md}
}

func (h *handler) result(f *finding.Finding, index int) result {
	out := result{
		RuleID: f.Rule.ID, RuleIndex: index, Level: levels[f.Severity],
		Message:             text{h.mask.Text(f, f.Message)},
		Locations:           []location{h.location(f.File, f.Span)},
		PartialFingerprints: map[string]string{},
		Properties:          resultProperties{f.Severity.String(), f.Confidence.String(), f.File.Origin.String(), f.Aliases, f.Merged},
	}
	if f.Fingerprint != "" {
		out.PartialFingerprints["wadjet/v1"] = f.Fingerprint
	}
	if hash := h.lineHash(f); hash != "" {
		out.PartialFingerprints["primaryLocationLineHash"] = hash
	}
	if place := f.File.Place(f.Span.Start); place.Cell > 0 {
		out.Message.Text += fmt.Sprintf(" (cell %d, line %d)", place.Cell, place.Line)
	}
	if f.Context != "" {
		name := f.Context[strings.LastIndexByte(f.Context, '.')+1:]
		out.Locations[0].Logical = append(out.Locations[0].Logical, logicalLocation{name, f.Context, "function"})
	}
	h.flow(f, &out)
	if fix, ok := h.fix(f); ok {
		out.Fixes = []fixed{fix}
	}
	if h.o.Suppressed {
		list := []suppression{}
		if s := f.Suppressed; s != nil {
			kind := "external"
			if s.Kind == "inline" {
				kind = "inSource"
			}
			why := s.Reason
			if why == "" {
				why = s.Text
			}
			list = append(list, suppression{kind, h.mask.Text(f, why)})
		}
		out.Suppressions = &list // an empty list says that nothing silences it
	}
	return out
}

// lineHash is GitHub's name for the place. A secret has none, as it could be guessed from that.
func (h *handler) lineHash(f *finding.Finding) string {
	if !hashable(f.File) || f.Rule.Secret {
		return ""
	}
	hashes, ok := h.hashes[f.File]
	if !ok {
		hashes = lineHashes(f.File.Text)
		h.hashes[f.File] = hashes
	}
	line, _ := f.File.Position(f.Span.Start)
	if line > len(hashes) || len(h.mask.Covers(f.File, hashed(f.File, line))) > 0 {
		return ""
	}
	return hashes[line-1]
}

// hashed is at least the text that the hash of a line is about.
func hashed(f *source.File, line int) source.Span {
	start := f.LineSpan(line).Start
	end, units := start, 0
	for i, r := range f.Text[start:] {
		if units == hashWindow {
			break
		}
		if r != ' ' && r != '\t' {
			units++
		}
		end = start + uint32(i+utf8.RuneLen(r))
	}
	return source.Span{Start: start, End: min(end, uint32(len(f.Text)))}
}

func (h *handler) flow(f *finding.Finding, out *result) {
	if len(f.Trace) == 0 {
		return
	}
	steps := f.Trace
	if len(steps) > maxSteps { // the sink is last
		steps = slices.Concat(steps[:1], steps[len(steps)-maxSteps+1:])
	}
	var thread threadFlow
	for i, s := range steps {
		l := h.location(s.File, s.Span)
		message := text{h.mask.Text(f, s.Message)}
		l.Message = &message
		thread.Locations = append(thread.Locations, flowLocation{l})
		if i == 0 && len(steps) > 1 {
			id := 1
			related := l
			related.ID = &id
			out.RelatedLocations = append(out.RelatedLocations, related)
			out.Message.Text += " It enters [here](1)."
		}
	}
	out.CodeFlows = []codeFlow{{[]threadFlow{thread}}}
}

func (h *handler) fix(f *finding.Finding) (fixed, bool) {
	if len(f.Edits) == 0 || len(f.File.Segments) > 0 {
		return fixed{}, false // a cell's columns are not those of the file on disk
	}
	change := artifactChange{Artifact: artifactOf(f.File.Path)}
	for _, e := range f.Edits {
		if h.mask.Text(f, e.New) != e.New {
			return fixed{}, false // it would write the mask
		}
		start, end := f.File.Place(e.Span.Start), f.File.Place(e.Span.End)
		change.Replacements = append(change.Replacements, replacement{
			region{StartLine: start.Line, StartColumn: start.Column, EndLine: end.Line, EndColumn: end.Column}, text{e.New}})
	}
	say := "Rewrite this; check that it still does what it should"
	if f.FixSafe {
		say = "Rewrite this; it does the same but for the weakness"
	}
	return fixed{text{say}, []artifactChange{change}}, true
}

func (h *handler) location(f *source.File, span source.Span) location {
	start, end := finding.Range(f, span)
	l := location{Physical: physicalLocation{Artifact: artifactOf(f.Path)}}
	if len(f.Segments) > 0 {
		// The file on disk is JSON: its lines are known at best, and its columns mean nothing.
		if first, last := f.DiskLine(span.Start), f.DiskLine(max(span.Start, span.End-min(span.End, 1))); first > 0 {
			l.Physical.Region = &region{StartLine: first, EndLine: max(first, last)}
		} else {
			l.Physical.Region = &region{StartLine: 1}
		}
		l.Logical = []logicalLocation{{Name: fmt.Sprintf("cell %d", start.Cell), Kind: "module"}}
		return l
	}
	if end.Line == start.Line && end.Column <= start.Column {
		end.Column = start.Column + 1 // a region of nothing is not shown
	}
	l.Physical.Region = &region{start.Line, start.Column, end.Line, end.Column, nil}
	if code := f.Slice(span); len(code) <= maxSnippet && code != "" && len(h.mask.Covers(f, span)) == 0 {
		if shown := h.mask.Slice(f, span); shown == code {
			l.Physical.Region.Snippet = &text{code}
		}
	}
	return l
}

func artifactOf(path string) artifact {
	switch {
	case strings.HasPrefix(path, "/"):
		return artifact{URI: "file://" + encode(path)}
	case len(path) > 2 && path[1] == ':' && path[2] == '/': // a Windows drive
		return artifact{URI: "file:///" + path[:2] + encode(path[2:])}
	}
	return artifact{encode(path), baseID}
}

// encode percent-encodes the bytes that may not stand in a path of a URI.
func encode(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/!$&'()*+,;=@", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func (h *handler) invocation(s *finding.Summary) invocation {
	out := invocation{ExecutionSuccessful: true, ToolConfigurationNotices: []notification{}, ToolExecutionNotifications: []notification{}}
	for _, i := range h.incidents {
		n := notification{Descriptor: descriptor{"wadjet/" + i.Code}, Level: "note", Message: text{i.Message}}
		switch {
		case i.Lost || i.Blind:
			n.Level = "error"
		case i.Code == "syntax" || i.Code == "rule":
			n.Level = "warning"
		}
		if i.Blind {
			out.ExecutionSuccessful = false
		}
		if i.Path != "" {
			l := location{Physical: physicalLocation{Artifact: artifactOf(i.Path)}}
			if i.Line > 0 {
				l.Physical.Region = &region{StartLine: i.Line, StartColumn: i.Column}
			}
			n.Locations = []location{l}
		}
		if i.Code == "rule" {
			out.ToolConfigurationNotices = append(out.ToolConfigurationNotices, n)
		} else {
			out.ToolExecutionNotifications = append(out.ToolExecutionNotifications, n)
		}
	}
	add := func(code, level, message string) {
		out.ToolExecutionNotifications = append(out.ToolExecutionNotifications, notification{descriptor{"wadjet/" + code}, level, text{message}, nil})
	}
	if h.left > 0 {
		add("cut", "warning", fmt.Sprintf("%d more findings, none worse than these, are left out: GitHub takes %d in one file", h.left, maxResults))
	}
	for _, a := range s.Areas {
		if !a.Ran {
			add("area", "warning", a.Name+": "+a.Note)
		}
	}
	for _, k := range s.Skipped {
		add("skipped", "note", fmt.Sprintf("%d left out: %s", k.Files, k.Reason))
	}
	for _, n := range s.Notes {
		add("note", "note", n)
	}
	return out
}
