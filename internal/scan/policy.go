package scan

import (
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/suppress"
)

// A Policy is what holds for a file. Settings may give one to each folder, or to the files that fit a glob.
type Policy struct {
	Profile       rule.Profile
	MinSeverity   finding.Severity   // weaker findings are left out
	MinConfidence finding.Confidence // less certain findings are left out
	FailOn        finding.Severity   // findings from here on, with at least medium confidence, count as gated
	Foreign       suppress.Foreign   // what comments for other tools may silence
	PythonVersion string             // the oldest that the code is to run on, as 3.11; empty when nobody said
	Baseline      string             // a file: what it lists is known, and not shown

	Active     []bool               // which rules of the set look at the file, by their index; nil: all
	Severity   []finding.Severity   // the severity of a rule's findings, by its index, where it is not 0; nil: as the rules have them
	Confidence []finding.Confidence // the same for the confidence
}

// graded is a finding with the severity and confidence that the policy gives it. of tells the index of its rule.
func (p *Policy) graded(f *finding.Finding, of map[*finding.Rule]int) *finding.Finding {
	if p.Severity == nil && p.Confidence == nil {
		return f
	}
	i, ok := of[f.Rule]
	if ok && p.Severity != nil && p.Severity[i] != 0 {
		f.Severity = p.Severity[i]
	}
	if ok && p.Confidence != nil && p.Confidence[i] != 0 {
		f.Confidence = p.Confidence[i]
	}
	return f
}

// hides is the reason for which a finding is not shown, or "". See the table in doc.go.
func (p *Policy) hides(f *finding.Finding) string {
	if f.Severity < p.MinSeverity {
		return "under --severity-level"
	}
	if f.Confidence < p.MinConfidence {
		return "under --confidence-level"
	}
	origin := f.File.Origin
	switch p.Profile {
	case rule.Default:
		switch {
		case f.Confidence < finding.Likely:
			return "low confidence"
		case origin == source.Test && !f.Rule.InTests:
			return "in test code"
		case (origin == source.Vendored || origin == source.Generated) && (f.Severity < finding.High || f.Confidence < finding.Sure):
			return "in " + origin.String() + " code"
		}
	case rule.Strict:
		if origin == source.Test && f.Severity < finding.High {
			return "in test code"
		}
	}
	return ""
}

// gates reports whether a finding makes the exit code 1.
func (p *Policy) gates(f *finding.Finding) bool {
	return f.Suppressed == nil && f.Again == nil && f.Severity >= p.FailOn && f.Confidence >= finding.Likely
}
