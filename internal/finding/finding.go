package finding

import (
	"github.com/wadjet-security/wadjet/internal/source"
)

// Severity is what an attacker gains, never how sure we are.
type Severity uint8

const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

// Confidence is how sure the proof is, never how bad the weakness is.
type Confidence uint8

const (
	Unsure Confidence = iota + 1 // printed as "low"
	Likely                       // printed as "medium"
	Sure                         // printed as "high"
)

var severityNames = [...]string{"", "low", "medium", "high", "critical"}
var confidenceNames = [...]string{"", "low", "medium", "high"}

func (s Severity) String() string   { return severityNames[s] }
func (c Confidence) String() string { return confidenceNames[c] }

// ParseSeverity reads "low", "medium", "high" or "critical"; ok is false for anything else.
func ParseSeverity(s string) (severity Severity, ok bool) {
	for i, name := range severityNames[1:] {
		if name == s {
			return Severity(i + 1), true
		}
	}
	return 0, false
}

// ParseConfidence reads "low", "medium" or "high"; ok is false for anything else.
func ParseConfidence(s string) (confidence Confidence, ok bool) {
	for i, name := range confidenceNames[1:] {
		if name == s {
			return Confidence(i + 1), true
		}
	}
	return 0, false
}

// A Rule is what every front says of a rule: one text for the terminal, SARIF help, the docs and the editor.
type Rule struct {
	ID         string
	Title      string // one line, no full stop
	Why        string // what an attacker gains, in plain words; Markdown
	Mend       string // what to write instead; Markdown
	Bad, Good  string // example code
	References []string
	Severity   Severity
	Confidence Confidence
	Weakness   string              // slug: findings of one weakness at one node merge
	CWE        []int               // the principal one first
	OWASP2021  []string            // "A03"
	OWASP2025  []string            // "A05"
	Standards  []*Control          // what published standards ask, and this weakness breaks
	Aliases    map[string][]string // the ids that peers give the same weakness: "bandit": {"B602"}
	File       string              // the rule file it was read from
	Builtin    bool                // of the pack that wadjet comes with, so that `wadjet explain` knows it
	InTests    bool                // reported in test code under the default profile
	Secret     bool                // what it matches may be a secret: no report shows the values, see [Mask]
	Asked      bool                // of the model of the program, by a query, where no linter has looked: see internal/suppress
}

// A Standard is a published list of what software must do or must not.
type Standard struct {
	Key      string // "asvs": what --select calls it
	Edition  string // "2025", when there are several
	Name     string // "OWASP ASVS 5.0.0"
	URL      string
	Rank     int    // where it stands among the others
	Prefix   string // what the ids of all controls begin with
	Controls []*Control
}

// A Control is one thing that a standard asks.
type Control struct {
	Standard *Standard
	ID       string // "v5.0.0-1.2.4"
	Title    string // in our own words
}

// Ref is what reports call a control, and --select as well: "asvs:v5.0.0-1.2.4", "owasp:A05:2025".
func (c *Control) Ref() string {
	ref := c.Standard.Key + ":" + c.ID
	if c.Standard.Edition != "" {
		ref += ":" + c.Standard.Edition
	}
	return ref
}

// An Edit replaces the text of a span.
type Edit struct {
	Span source.Span
	New  string
}

// A Step is one place on the way from where data enters to where it does harm.
type Step struct {
	File    *source.File
	Span    source.Span
	Message string
}

// A Suppression says why a finding is not shown.
type Suppression struct {
	Kind   string // "inline", "baseline", "since"
	Text   string // the comment, as written; the baseline; the revision that it was there before
	Reason string // what its author gave as reason, or ""
	Line   int    // 1-based line of the comment
}

// String says why, in a few words.
func (s *Suppression) String() string {
	switch {
	case s.Kind == "since":
		return "there before " + s.Text
	case s.Kind == "baseline" && s.Reason != "":
		return "listed in " + s.Text + ": " + s.Reason
	case s.Kind == "baseline":
		return "listed in " + s.Text
	case s.Text == "":
		return s.Kind
	}
	return s.Text
}

// A Finding is one weakness at one place.
type Finding struct {
	Rule        *Rule
	Message     string // names the user's own variables; one paragraph
	Severity    Severity
	Confidence  Confidence
	File        *source.File
	Span        source.Span
	Context     string // enclosing function, "Class.method"; empty at module level
	Captures    map[string]string
	Edits       []Edit // a fix, if any
	FixSafe     bool   // the fix keeps what the program does, but for the weakness
	Trace       []Step
	Aliases     map[string][]string // of the rule, and of every finding merged into this one
	Merged      []string            // ids of the rules whose findings merged into this one
	Fingerprint string              // see [Fingerprints]
	Suppressed  *Suppression        // nil when shown
	Again       *Suppression        // a comment for another tool names it, and a flow has proven it since: shown, but does not gate
}

// An Incident is something that was not analysed, or not wholly: an unreadable file, a
// syntax error, a bound that was hit, a wrong rule.
type Incident struct {
	Path    string // of the file or rule file it is about; may be empty
	Line    int    // 1-based; 0 when it is about the whole file
	Column  int
	Code    string // stable, for machines: "unreadable", "too-large", "syntax", "python2", "encoding", "bound", "rule", "symlink", …
	Message string // one line: what, and what to do next
	Lost    bool   // the whole file was not analysed
	Blind   bool   // findings may be hidden: exit code 3
}

// A Skip counts files that were left out on purpose, by reason, so that nothing is skipped in silence.
type Skip struct {
	Reason string   // "ignored by .gitignore", "virtual environment", …
	Files  int      // files, or whole folders where the walk did not enter
	Paths  []string // the first few, sorted
}

// An Area is one practice that a scan covers, and whether it ran.
type Area struct {
	Name string // "code", "secrets", …
	Ran  bool
	Note string // why not, and the command that would change that
}

// A Summary closes a stream.
type Summary struct {
	Roots      []string // as given on the command line
	Files      int      // analysed
	Lines      int
	Bytes      int
	ByOrigin   map[string]int // files analysed
	Skipped    []Skip
	Rules      int // that ran
	Profile    string
	Findings   map[string]int // shown, by severity
	Suppressed int            // by comments
	Known      int            // listed in a baseline, or there before the change that is looked at
	Hidden     map[string]int // findings the profile left out, by reason ("test code", "low confidence")
	Areas      []Area
	Notes      []string // other things to know, one line each
	Gate       string   // "high": the severity from which on the exit code is 1
	GateVaries bool     // settings give some files another one
	Gated      int      // findings at or over the gate
}

// Over says what it takes to count for the gate: "high or worse".
func (s *Summary) Over() string {
	if s.GateVaries {
		return "at or over the fail-on of their settings"
	}
	return s.Gate + " or worse"
}

// A Handler takes the stream of a scan: Start once, then findings in their final order and incidents,
// then Finish. A reporter is a Handler, and is tested without a scan.
type Handler interface {
	Start(tool Tool, rules []*Rule) error
	Finding(*Finding) error
	Incident(*Incident) error
	Finish(*Summary) error
}

// A Tool says who speaks.
type Tool struct {
	Name    string // "wadjet"
	Version string
	URL     string
}
