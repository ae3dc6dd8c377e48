// Package rules is the built-in pack: one YAML file a rule, its test beside it, and what standards ask of them. This file is
// all its code.
package rules

import _ "embed" // the pack and the controls are embedded

// Pack is all rule files in the form that needs no YAML parser.
//
//go:generate go run ../internal/rule/genpack
//go:embed pack.bin
var Pack string

// Controls is controls.yaml in the form that needs no YAML parser.
//
//go:embed controls.bin
var Controls string
