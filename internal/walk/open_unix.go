//go:build unix

package walk

import (
	"os"
	"syscall"
)

// openFile opens a file to be read. O_NONBLOCK does nothing to a regular file; should a
// pipe have taken its place since it was listed, opening does not wait for a writer.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
