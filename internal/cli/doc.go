// Package cli is the command line: one file a command, flags in, exit code out. It is
// the only place that knows a terminal, a working directory and an environment.
package cli
