// Package near guesses what was meant by a word that does not exist.
package near

import "strings"

// Name is the name that a slip of the hand may have turned into given: one that it begins or that begins it, else the one
// with the fewest letters changed, if these are few. Of equal ones the first counts.
func Name(given string, names []string) string {
	best, at := "", 1+max(1, len(given)/3)
	for _, n := range names {
		d := distance(given, n)
		if len(given) > 1 && (strings.HasPrefix(n, given) || strings.HasPrefix(given, n)) {
			d = 1
		}
		if d < at {
			best, at = n, d
		}
	}
	return best
}

// distance is how many letters are to be put in, left out, changed or swapped with the next to make b of a.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
