package settings

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// fits reports whether a version is one that a requirement like ">=0.3,<1" allows. A version that is being worked on counts
// as the one it will be: 0.4.0-dev is 0.4.0.
func fits(requirement, version string) (bool, error) {
	have, ok := numbers(version)
	unknown := !ok || compare(have, nil) == 0 // built from a commit: nobody can say
	for part := range strings.SplitSeq(requirement, ",") {
		part = strings.TrimSpace(part)
		op := part[:len(part)-len(strings.TrimLeft(part, "<>=!~"))]
		want, ok := numbers(strings.TrimSpace(part[len(op):]))
		if !ok {
			return false, fmt.Errorf("%q is no version: write \">=0.3\" or \">=0.3,<1\"", part)
		}
		order := compare(have, want)
		var fit bool
		switch op {
		case ">=":
			fit = order >= 0
		case ">":
			fit = order > 0
		case "<=":
			fit = order <= 0
		case "<":
			fit = order < 0
		case "==", "":
			fit = order == 0
		case "!=":
			fit = order != 0
		default:
			return false, fmt.Errorf("%q is no comparison: use >=, >, <=, <, == or !=", op)
		}
		if !fit && !unknown {
			return false, nil
		}
	}
	return true, nil
}

// numbers reads 0.3.1 and what may follow: -dev, +build.
func numbers(version string) (out []int, ok bool) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "+")
	version, _, _ = strings.Cut(version, "-")
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

func compare(a, b []int) int {
	for i := range max(len(a), len(b)) {
		var x, y int
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	return 0
}
