// Package check says what a check is and what it is given. What runs a scan knows
// checks only by this; what finds weaknesses knows nothing of the scan.
package check

import (
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// A Unit is one file, with what the program knows of it.
type Unit struct {
	File   *source.File
	Module *program.Module // nil when the file is not Python
}

// A Bound is a limit of counted steps that a check met: findings may be missing there.
type Bound struct {
	Rule  string
	Steps int
}

// A Check looks at one file at a time. It is called from several goroutines.
type Check interface {
	Run(u Unit, emit func(*finding.Finding)) []Bound
}
