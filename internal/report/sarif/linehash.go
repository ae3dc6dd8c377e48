package sarif

import (
	"strconv"

	"github.com/wadjet-security/wadjet/internal/source"
)

// hashWindow is how many characters, from the start of a line on, its hash is about.
const hashWindow = 100

// lineHashes computes for each line of a file the value under which GitHub knows an alert from one upload to the next,
// `primaryLocationLineHash`. GitHub's own upload step computes it as well, and warns when ours differs, so this
// is that algorithm and no better one: a rolling hash with factor 37 over the 100 UTF-16 code units from the start
// of a line on, without blanks and tabs, each line end counting as \n, an end mark 0xFFFF and then zeros after
// the last; then the number of the line among those with the same hash.
func lineHashes(text string) []string {
	var (
		window  [hashWindow]uint64
		lineAt  [hashWindow]int // the line that starts at this place of the window; 0 for none
		at      int
		hash    uint64
		hashes  []string
		counts  = map[uint64]int{}
		oldest  = uint64(1) // the factor of what leaves the window
		newLine = true
		lines   int
	)
	for range hashWindow {
		oldest *= 37
	}
	flush := func() {
		if lineAt[at] == 0 {
			return
		}
		counts[hash]++
		hashes = append(hashes, strconv.FormatUint(hash, 16)+":"+strconv.Itoa(counts[hash]))
		lineAt[at] = 0
	}
	push := func(unit uint64) {
		hash = hash*37 + unit - oldest*window[at]
		window[at] = unit
		at = (at + 1) % hashWindow
	}
	take := func(unit uint64) {
		flush()
		if newLine {
			newLine = false
			lines++
			lineAt[at] = lines
		}
		newLine = unit == '\n'
		push(unit)
	}
	afterCR := false
	for _, r := range text {
		switch {
		case r == ' ' || r == '\t' || r == '\n' && afterCR:
			afterCR = false
			continue
		case r == '\r':
			afterCR = true
			take('\n')
			continue
		case r > 0xFFFF:
			take(uint64(0xD800 + (r-0x10000)>>10))
			take(uint64(0xDC00 + (r-0x10000)&0x3FF))
		default:
			take(uint64(r))
		}
		afterCR = false
	}
	take(0xFFFF)
	for range hashWindow {
		flush()
		push(0)
	}
	return hashes
}

// hashable reports whether the text is what GitHub's upload step would read from the disk.
func hashable(f *source.File) bool {
	return len(f.Segments) == 0 && f.Encoding == "utf-8" && f.Size == len(f.Text)
}
