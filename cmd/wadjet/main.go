// Command wadjet secures Python programs: see wadjet --help.
package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/wadjet-security/wadjet/internal/cli"
)

// freeHeap is what is allocated before the first collection. A scan of 150,000 lines allocates less, and ends without one; what a
// collection would find then is nearly all alive anyway.
const freeHeap = 160 << 20

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		largePages()
		collectLate()
	}
	os.Exit(cli.Main(os.Args[1:], cli.Standard()))
}

// collectLate puts the first collection off. From the first one on, which the object that it frees tells of, memory is bounded by what is
// alive: a limit that stayed would make the collector run all the time once more than that is.
func collectLate() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(freeHeap)
	first := new([16]byte)
	runtime.AddCleanup(first, func(struct{}) {
		debug.SetGCPercent(150)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
}
