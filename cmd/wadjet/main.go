// Command wadjet secures Python programs: see wadjet --help.
package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"

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

// slack is how much may be allocated between two collections, where that is less than one and a half times what is alive.
const slack = 600 << 20

// collectLate puts the first collection off. From the first one on, which the object that it frees tells of, memory is bounded by what is
// alive: a limit that stayed would make the collector run all the time once more than that is.
func collectLate() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(freeHeap)
	collected(func() { debug.SetMemoryLimit(math.MaxInt64) })
}

// collected paces the collector after each collection; first is done before that, after the first one.
func collected(first func()) {
	gone := new([16]byte)
	runtime.AddCleanup(gone, func(first func()) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(int(min(150, max(25, slack*100/max(live[0].Value.Uint64(), 1)))))
		first()
		collected(func() {})
	}, first)
}
