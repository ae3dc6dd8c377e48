package scan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxUnseen bounds how many rules the note names.
const maxUnseen = 5

// unseenNote says where queries could not tell: their condition depends on something that the code does not say.
func unseenNote(byRule map[string]int64) string {
	if len(byRule) == 0 {
		return ""
	}
	total := int64(0)
	for _, n := range byRule {
		total += n
	}
	rules := slices.SortedFunc(maps.Keys(byRule), func(a, b string) int {
		return cmp.Or(cmp.Compare(byRule[b], byRule[a]), strings.Compare(a, b))
	})
	var list []string
	for i, r := range rules {
		if i == maxUnseen {
			list = append(list, "…")
			break
		}
		list = append(list, fmt.Sprintf("%s %d", r, byRule[r]))
	}
	places := "places"
	if total == 1 {
		places = "place"
	}
	return fmt.Sprintf("%d %s could not be judged, because what the rule asks depends on values that the code does not tell (%s)", total, places, strings.Join(list, ", "))
}
