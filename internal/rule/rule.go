package rule

import (
	"fmt"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/pattern"
	"github.com/wadjet-security/wadjet/internal/query"
)

// A Profile is how much a team wants to see. Each holds all that the one before it holds.
type Profile uint8

const (
	Default Profile = iota // what a team would want to see on day one
	Strict                 // and what it would want once that is mended
	Audit                  // everything, for a person who reads all of it
)

var profileNames = [...]string{"default", "strict", "audit"}

func (p Profile) String() string { return profileNames[p] }

// ParseProfile reads the name of a profile.
func ParseProfile(s string) (p Profile, ok bool) {
	for i, name := range profileNames {
		if s == name {
			return Profile(i), true
		}
	}
	return 0, false
}

// A Mode is the engine that a rule asks for.
type Mode uint8

const (
	Search Mode = iota
	Taint       // read and validated, not yet run
	Query       // what patterns find is asked about in CEL
)

// A FixRegex rewrites the matched text: `fix-regex:`.
type FixRegex struct {
	Regex       string
	Replacement string
	Count       int // 0: all
}

// A Rule is one rule as its file says it.
type Rule struct {
	finding.Rule
	Mode        Mode
	Message     string // with $X in it
	Profile     Profile
	Pattern     pattern.Rule
	Fix         string
	HasFix      bool // an empty fix deletes
	FixRegex    *FixRegex
	Include     []string // `paths:`
	Exclude     []string
	Categories  []string  // what else `--select` may name
	TaintParts  TaintSpec // of a rule with Mode Taint
	Query       *query.Query
	Line        int // of the rule in its file
	HasMetadata bool

	UnknownInAudit bool           // `unknown: audit`
	keyLines       map[string]int // of the expressions of a query
}

// TaintSpec holds what a taint rule consists of.
type TaintSpec struct {
	Sources, Sinks, Sanitizers, Propagators []pattern.Formula
}

// An Error is what is wrong with a rule or a rule file.
type Error struct {
	File    string
	Line    int
	Rule    string // id, when it is known
	Key     string // the key at fault, when there is one
	Message string // what, and what to write instead
}

func (e Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, e.Line)
	}
	if e.Rule != "" {
		s += ": rule " + e.Rule
	}
	if e.Key != "" {
		s += ": " + e.Key
	}
	return s + ": " + e.Message
}
