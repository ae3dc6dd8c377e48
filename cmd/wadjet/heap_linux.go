package main

import (
	"runtime"
	"runtime/debug"
	"syscall"
)

// hugeHeap is how much of the heap is asked for in large pages.
const hugeHeap = 128 << 20

// largePages has the kernel back the heap by pages of 2 MB, where it gives them to who asks. A scan of 150,000 lines touches some 100 MB
// once; in pages of 4 KB the kernel needs a third of the scan's CPU time to hand them out one by one.
//
// The runtime has no setting for it. So this makes the heap grow, asks for large pages there, and frees the space again before
// anything of it was touched: what the program allocates goes there first.
func largePages() {
	percent := debug.SetGCPercent(-1)
	space := make([]byte, hugeHeap)
	_ = syscall.Madvise(space, syscall.MADV_HUGEPAGE) // where there are none, nothing is lost
	runtime.KeepAlive(space)
	space = nil
	runtime.GC()
	debug.SetGCPercent(percent)
}
