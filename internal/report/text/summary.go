package text

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// notAnalysed says what went wrong. What may hide findings comes first, and is said even when little is wanted.
func (h *handler) notAnalysed() {
	var list []finding.Incident
	for _, i := range h.incidents {
		if i.Blind || !h.o.Quiet {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return
	}
	weight := func(i finding.Incident) int {
		switch {
		case i.Blind:
			return 0
		case i.Code == "rule":
			return 1
		case i.Lost:
			return 2
		case strings.HasSuffix(i.Code, "-suppression"):
			return 4
		}
		return 3
	}
	slices.SortStableFunc(list, func(a, b finding.Incident) int { return cmp.Compare(weight(a), weight(b)) })
	most := maxIncidents
	if h.o.Verbose {
		most = len(list)
	}
	h.b.WriteString(h.p.bold("To know:") + "\n")
	shown := 0
	for _, i := range list {
		// A wrong rule is always said: it may be the one that was wanted most.
		if shown >= most && weight(i) > 1 {
			continue
		}
		shown++
		paint := h.p.dim
		switch {
		case i.Blind || i.Lost:
			paint = h.p.bad
		case weight(i) < 4:
			paint = h.p.warn
		}
		place := finding.Plain(i.Path)
		if i.Line > 0 {
			place += fmt.Sprintf(":%d", i.Line)
			if i.Column > 0 {
				place += fmt.Sprintf(":%d", i.Column)
			}
		}
		if place != "" {
			place += ": "
		}
		h.b.WriteString(paint(" ! ") + place + finding.Plain(i.Message) + "\n")
	}
	if more := len(list) - shown; more > 0 {
		h.b.WriteString(h.p.dim(fmt.Sprintf("   %d more of this kind: -v lists them", more)) + "\n")
	}
	h.b.WriteByte('\n')
}

// summary closes the report: how much was found in how much, what is not shown and why, which areas ran.
func (h *handler) summary(s *finding.Summary) {
	b, p := &h.b, h.p
	lost, blind := 0, false
	for _, i := range h.incidents {
		if i.Lost {
			lost++
		}
		blind = blind || i.Blind
	}
	size := fmt.Sprintf("%s, %s, with %s", plural(s.Files, "file"), plural(s.Lines, "line"), plural(s.Rules, "rule"))
	if s.Profile != "" && s.Profile != "default" {
		size += ", profile " + s.Profile
	}
	switch n := len(h.findings); {
	case n > 0:
		fmt.Fprintf(b, "%s in %s\n", p.bold("Found "+h.counts(s)), size)
	case s.Files == 0 || s.Rules == 0:
		fmt.Fprintf(b, "%s\n", p.bad("Nothing was analysed"))
	case blind:
		fmt.Fprintf(b, "%s in %s, but not all was looked at\n", p.warn("No findings"), size)
	default:
		fmt.Fprintf(b, "%s in %s\n", p.good("No findings"), size)
	}
	h.unseen(s)
	for _, n := range s.Notes {
		fmt.Fprintf(b, "  %s\n", finding.Plain(n))
	}
	h.areas(s)
	switch {
	case s.Gated > 0:
		verb := "are"
		if s.Gated == 1 {
			verb = "is"
		}
		gate := s.Gate + " or worse"
		if s.GateVaries {
			gate = "at or over what settings have as fail-on there"
		}
		fmt.Fprintf(b, "%s %s %s, with at least medium confidence (--fail-on)\n", p.bad(plural(s.Gated, "finding")), verb, gate)
	case len(h.findings) > 0 && s.GateVaries:
		fmt.Fprintf(b, "%s\n", p.dim("None is at or over what settings have as fail-on there"))
	case len(h.findings) > 0 && s.Gate != "":
		fmt.Fprintf(b, "%s\n", p.dim("None is "+s.Gate+" or worse, with at least medium confidence (--fail-on)"))
	}
	if lost > 0 {
		fmt.Fprintf(b, "%s not analysed; --require-complete makes that an error\n", p.warn(are(lost, "file")))
	}
}

func are(n int, what string) string {
	if n == 1 {
		return plural(n, what) + " was"
	}
	return plural(n, what) + " were"
}

// counts is "3: 1 critical, 2 high".
func (h *handler) counts(s *finding.Summary) string {
	var parts []string
	for sev := finding.Critical; sev >= finding.Low; sev-- {
		if n := s.Findings[sev.String()]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", number(n), sev))
		}
	}
	if len(parts) == 0 {
		return number(len(h.findings))
	}
	return fmt.Sprintf("%s: %s", number(len(h.findings)), strings.Join(parts, ", "))
}

// unseen says what is not shown, why, and how to see it.
func (h *handler) unseen(s *finding.Summary) {
	b := &h.b
	if s.Suppressed > 0 {
		fmt.Fprintf(b, "  %s silenced by comments (--ignore-suppressions shows them)\n", number(s.Suppressed))
		if h.o.Verbose {
			for _, f := range h.silenced {
				if f.Suppressed.Kind != "inline" {
					continue
				}
				fmt.Fprintf(b, "    %s: %s, by `%s`\n", where(f.File, f.Span.Start), f.Rule.ID, finding.Plain(h.mask.Text(f, f.Suppressed.Text)))
			}
		}
	}
	if s.Known > 0 {
		fmt.Fprintf(b, "  %s known before (in a baseline, or from before --since)\n", number(s.Known))
		if h.o.Verbose {
			for _, f := range h.silenced {
				if f.Suppressed.Kind != "inline" {
					fmt.Fprintf(b, "    %s: %s, %s\n", where(f.File, f.Span.Start), f.Rule.ID, finding.Plain(h.mask.Text(f, f.Suppressed.Text)))
				}
			}
		}
	}
	if hidden := reasons(s.Hidden); hidden != "" {
		how := ""
		for reason := range s.Hidden { // any one decides: the order does not show
			if !strings.HasPrefix(reason, "under --") {
				how = " (--profile strict shows more, audit everything)"
			}
		}
		fmt.Fprintf(b, "  not shown: %s%s\n", hidden, how)
	}
	var skipped []string
	for _, k := range s.Skipped {
		// Every project has them, and nobody would want them read.
		if (k.Reason == "not Python" || k.Reason == "version control data") && !h.o.Verbose {
			continue
		}
		skipped = append(skipped, fmt.Sprintf("%s %s", number(k.Files), k.Reason))
	}
	if len(skipped) > 0 && !h.o.Verbose {
		for i, line := range wrap("left out: "+strings.Join(skipped, "; "), min(h.o.Width, widest)-4, 0) {
			b.WriteString(strings.Repeat(" ", 2+2*min(i, 1)) + finding.Plain(line) + "\n")
		}
	}
	if h.o.Verbose {
		for i, k := range s.Skipped {
			if i == 0 {
				b.WriteString("  left out:\n")
			}
			fmt.Fprintf(b, "    %s %s", number(k.Files), finding.Plain(k.Reason))
			if len(k.Paths) > 0 {
				b.WriteString(": " + finding.Plain(strings.Join(k.Paths, ", ")))
				if len(k.Paths) < k.Files {
					b.WriteString(", …")
				}
			}
			b.WriteByte('\n')
		}
	}
}

// reasons lists counts by reason, the largest first.
func reasons(m map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), strings.Compare(a, b)) })
	for i, k := range keys {
		keys[i] = fmt.Sprintf("%s %s", number(m[k]), k)
	}
	return finding.Plain(strings.Join(keys, ", "))
}

// areas is a line for each practice: looked at, or not and why.
func (h *handler) areas(s *finding.Summary) {
	longest := 0
	for _, a := range s.Areas {
		longest = max(longest, textWidth(a.Name))
	}
	for _, a := range s.Areas {
		verdict := h.p.good("looked at")
		if !a.Ran {
			verdict = h.p.warn("not looked at")
		}
		line := "  " + a.Name + strings.Repeat(" ", longest-textWidth(a.Name)) + "  " + verdict
		if a.Note != "" {
			line += ": " + finding.Plain(a.Note)
		}
		h.b.WriteString(line + "\n")
	}
}
