//go:build !unix

package walk

func makePipe(string) bool { return false }
