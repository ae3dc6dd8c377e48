package finding

import (
	"cmp"
	"slices"
)

// Merge makes one finding of those that say the same of one node: the same weakness at an equal
// span, or, from different rules, at spans that start on one line and overlap (one rule matches
// the call, another the statement around it). One rule's findings at different spans stay apart: in
// `md5(md5(x))` there are two.
//
// The best proof speaks for all: what is at least likely beats what is unsure, then the worse severity wins,
// then the surer. Severity and confidence are never combined from two findings, as neither rule claimed
// that. The ids of the others stay in Merged, and the peers' ids in Aliases. A fix or trace that the winner lacks is
// taken over from the best that has one.
//
// The result is in the order of [Compare]. The findings given are not written to.
func Merge(findings []*Finding) []*Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *Finding) int {
		return cmp.Or(
			cmp.Compare(a.File.Path, b.File.Path),
			cmp.Compare(a.weakness(), b.weakness()),
			comparePlace(a, b),
			compareProof(a, b),
		)
	})
	var out []*Finding
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].File.Path == sorted[0].File.Path && sorted[n].weakness() == sorted[0].weakness() {
			n++
		}
		for _, g := range group(sorted[:n]) {
			out = append(out, unite(g))
		}
		sorted = sorted[n:]
	}
	Sort(out)
	return out
}

// group divides findings of one weakness in one file, sorted by place, into those that are one.
func group(findings []*Finding) [][]*Finding {
	var groups [][]*Finding
	for _, f := range findings {
		if n := len(groups); n > 0 && groups[n-1][0].Span == f.Span {
			groups[n-1] = append(groups[n-1], f)
			continue
		}
		groups = append(groups, []*Finding{f})
	}
	var out [][]*Finding
	for _, g := range groups {
		line, _ := g[0].File.Position(g[0].Span.Start)
		joined := false
		for i := len(out) - 1; i >= 0; i-- {
			if first, _ := out[i][0].File.Position(out[i][0].Span.Start); first != line {
				break // groups are sorted by where they start
			}
			if overlap(out[i], g) && !shareRule(out[i], g) {
				out[i] = append(out[i], g...)
				joined = true
				break
			}
		}
		if !joined {
			out = append(out, g)
		}
	}
	return out
}

func overlap(a, b []*Finding) bool {
	return slices.ContainsFunc(a, func(f *Finding) bool { return f.Span.Overlaps(b[0].Span) })
}

func shareRule(a, b []*Finding) bool {
	for _, f := range a {
		for _, g := range b {
			if f.Rule.ID == g.Rule.ID {
				return true
			}
		}
	}
	return false
}

// compareProof puts first what should speak for the others.
func compareProof(a, b *Finding) int {
	doubtful := func(f *Finding) int {
		if f.Confidence < Likely {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(doubtful(a), doubtful(b)),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(a.Rule.ID, b.Rule.ID),
		cmp.Compare(a.Message, b.Message),
	)
}

func unite(group []*Finding) *Finding {
	slices.SortStableFunc(group, compareProof)
	f := *group[0]
	f.Aliases = aliases(group)
	var ids []string
	for _, g := range group {
		ids = append(ids, g.Merged...)
		if g.Rule.ID != f.Rule.ID {
			ids = append(ids, g.Rule.ID)
		}
		if len(f.Edits) == 0 {
			f.Edits, f.FixSafe = g.Edits, g.FixSafe
		}
		if len(f.Trace) == 0 {
			f.Trace = g.Trace
		}
	}
	slices.Sort(ids)
	f.Merged = slices.Compact(ids)
	return &f
}

// aliases is the union of the peers' ids, each list sorted; nil when there are none.
func aliases(group []*Finding) map[string][]string {
	all := map[string][]string{}
	for _, f := range group {
		for _, m := range []map[string][]string{f.Rule.Aliases, f.Aliases} {
			for peer, ids := range m { // sorted below, so the order of this walk does not show
				all[peer] = append(all[peer], ids...)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	for peer, ids := range all {
		slices.Sort(ids)
		all[peer] = slices.Compact(ids)
	}
	return all
}
