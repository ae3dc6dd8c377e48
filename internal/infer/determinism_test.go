package infer_test

import (
	"bytes"
	"os"
	"runtime"
	"testing"
)

// TestSameBytes holds that a tree is read alike on any number of processors, and each time. The tree is a
// program made of the hostile ones, or the one that WADJET_SAME names.
func TestSameBytes(t *testing.T) {
	dir := os.Getenv("WADJET_SAME")
	if dir == "" {
		dir = writeFiles(t, entangled())
	}
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, args := range [][]string{{"debug", "callgraph", "--sites"}, {"debug", "callgraph", "--stats"}, {"debug", "types"}} {
		var first []byte
		for _, procs := range []int{1, 2, 8, 8} {
			runtime.GOMAXPROCS(procs)
			got := run(t, dir, args...)
			if first == nil {
				first = got
			} else if !bytes.Equal(first, got) {
				t.Errorf("wadjet %v differs with GOMAXPROCS=%d: %s", args, procs, differ(first, got))
			}
		}
		if len(first) < 100 {
			t.Errorf("wadjet %v says nothing: %s", args, first)
		}
	}
}

// entangled is a program of many modules that hand everything to each other: the order in which they were read would show.
func entangled() map[string]string {
	files := map[string]string{}
	for _, h := range hostiles {
		for name, text := range h.make(min(h.size, 20)) {
			files[h.name+"_"+name] = text
		}
	}
	files["main.py"] = repeat(len(hostiles), func(i int) string { return "from " + hostiles[i].name + "_main import *\n" }) +
		"import shared\nfor x in list(globals().values()):\n    shared.add(x)\nshared.call()\n"
	files["shared.py"] = "all = []\ntable = {}\ndef add(x):\n    all.append(x)\n    table[x] = x\n    return x\ndef call():\n    for x in all:\n        add(x)()\n        table[x](x)\n"
	return files
}
