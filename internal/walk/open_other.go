//go:build !unix

package walk

import "os"

// openFile opens a file to be read.
func openFile(path string) (*os.File, error) { return os.Open(path) }
