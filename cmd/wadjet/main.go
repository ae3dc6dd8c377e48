// Command wadjet secures Python programs: see wadjet --help.
package main

import (
	"os"
	"runtime/debug"

	"github.com/wadjet-security/wadjet/internal/cli"
)

func main() {
	// Most memory is trees that live until the scan ends: collecting half as often saves a tenth of the time and costs
	// a third more memory. GOGC, when it is set, decides instead.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
	os.Exit(cli.Main(os.Args[1:], cli.Standard()))
}
