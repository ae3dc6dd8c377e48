// Package rules is the built-in pack: one YAML file a rule, its test beside it. This file is
// all its code.
package rules

import _ "embed" // Pack is embedded

// Pack is all rule files in the form that needs no YAML parser.
//
//go:generate go run ../internal/rule/genpack
//go:embed pack.bin
var Pack string
