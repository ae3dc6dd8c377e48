package cli

import (
	"os"

	"golang.org/x/term"
)

// terminal reports whether a file is a terminal, and its width in columns.
func terminal(f *os.File) (is bool, width int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return false, 0
	}
	width, _, err := term.GetSize(fd)
	if err != nil {
		width = 0
	}
	return true, width
}

// colour decides by flag, NO_COLOR (no-color.org), TERM and the terminal itself.
func (s *Streams) colour(off bool) bool {
	return s.Terminal && !off && s.Env("NO_COLOR") == "" && s.Env("TERM") != "dumb"
}
