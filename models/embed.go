// Package models is what is known of libraries: one YAML file a library, and the tables that they and typeshed's stubs of the
// standard library are compiled to. This file is all its code.
package models

import _ "embed" // the tables are embedded

// Stdlib is the table of the standard library. Making it needs the stubs (see NOTICE.md): the folder that holds
// typeshed's stdlib folder is named by the environment variable TYPESHED.
//
//go:generate go run ../internal/model/gentypes
//go:embed stdlib.bin
var Stdlib string

// Libraries is the table of what the YAML files say.
//
//go:embed libraries.bin
var Libraries string
