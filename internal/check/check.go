// Package check says what a check is and what it is given. What runs a scan knows
// checks only by this; what finds weaknesses knows nothing of the scan.
package check

import (
	"fmt"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// A Unit is one file, with what the program knows of it.
type Unit struct {
	File   *source.File
	Module *program.Module // nil when the file is not Python
	Python func() string   // the oldest version that the file is to run on, "3.9"; "" when nobody says; nil: the same
	Unsure bool            // what nobody can tell is reported, too, where a rule says so
	Active []bool          // which rules look at it, by their index in the set; nil: all
}

// A Bound is a limit of counted steps that a check met: findings may be missing there.
type Bound struct {
	Rule    string
	Steps   int
	Matches int // the bound of matches, where it was that one; else 0
}

func (b Bound) String() string {
	if b.Matches > 0 {
		return fmt.Sprintf("%d matches in one file", b.Matches)
	}
	return fmt.Sprintf("%d steps", b.Steps)
}

// A Check looks at one file at a time. It is called from several goroutines.
type Check interface {
	Run(u Unit, emit func(*finding.Finding)) []Bound
}
