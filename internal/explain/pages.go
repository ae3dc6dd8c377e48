package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
)

const generated = "<!-- Made from the rules by go generate ./rules: change them there. -->\n\n"

// areas name the folders of the pack. One that is not here is named as it is.
var areas = map[string]string{
	"ai": "Models and agents", "cloud": "Cloud", "crypto": "Cryptography", "deserialization": "Objects from data", "files": "Files",
	"injection": "Injection", "network": "Networks", "quality": "Quality that is security", "regex": "Regular expressions", "secrets": "Secrets",
	"transport": "Transport and certificates", "web": "Web", "xml": "XML", "cdk": "AWS CDK",
}

func areaName(folder string) string {
	if name := areas[folder]; name != "" {
		return name
	}
	return strings.ToUpper(folder[:1]) + folder[1:]
}

// Pages are the files of docs/rules, by name: one for each area, and an index. The same rules give the same bytes.
func Pages(rules []*rule.Rule) map[string]string {
	rules = slices.Clone(rules)
	slices.SortFunc(rules, func(a, b *rule.Rule) int { return strings.Compare(a.ID, b.ID) })
	byArea := map[string][]*rule.Rule{}
	for _, r := range rules {
		folder := r.Area()
		byArea[folder] = append(byArea[folder], r)
	}
	var folders []string
	for folder := range byArea {
		folders = append(folders, folder)
	}
	slices.SortFunc(folders, func(a, b string) int { return strings.Compare(areaName(a), areaName(b)) })
	pages := map[string]string{}
	var index strings.Builder
	fmt.Fprintf(&index, "%s# The built-in rules\n\n", generated)
	fmt.Fprintf(&index, "%d rules. `wadjet explain ID` says the same on a terminal, `wadjet rules list` what a scan runs; ids of other tools do as well.\n", len(rules))
	for _, folder := range folders {
		pages[folder+".md"] = page(folder, byArea[folder])
		fmt.Fprintf(&index, "\n## [%s](%s.md)\n\n| rule | what it finds | severity | profile | CWE |\n|---|---|---|---|---|\n", areaName(folder), folder)
		for _, r := range byArea[folder] {
			fmt.Fprintf(&index, "| [%s](%s.md#%s) | %s | %s | %s | %s |\n", r.ID, folder, anchor(r.ID), bar(r.Title), r.Severity, r.Profile, strings.Join(cwes(&r.Rule), " "))
		}
	}
	index.WriteString("\nBy what standards ask: [standards.md](standards.md).\n")
	index.WriteString(byPeer(rules))
	pages["README.md"] = index.String()
	pages["standards.md"] = byStandard(rules)
	return pages
}

// manyRules are more than anybody reads in one cell of a table.
const manyRules = 30

// byStandard lists what standards ask, with the rules that watch it.
func byStandard(rules []*rule.Rule) string {
	watch := map[*finding.Control][]string{}
	var standards []*finding.Standard
	for _, r := range rules {
		for _, c := range r.Standards {
			watch[c] = append(watch[c], fmt.Sprintf("[%s](%s.md#%s)", r.ID, r.Area(), anchor(r.ID)))
			if !slices.Contains(standards, c.Standard) {
				standards = append(standards, c.Standard)
			}
		}
	}
	slices.SortFunc(standards, func(a, b *finding.Standard) int { return cmp.Compare(a.Rank, b.Rank) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s# What standards ask\n\n[All rules](README.md)\n\n", generated)
	b.WriteString("The numbers are those of the standards, the words are ours and short. That no rule finds anything does not say that a demand is met.\n")
	for _, s := range standards {
		fmt.Fprintf(&b, "\n## %s\n\n<%s>\n\n| `--select` | what it asks | rules |\n|---|---|---|\n", s.Name, s.URL)
		for _, c := range s.Controls {
			switch list := watch[c]; {
			case len(list) > manyRules:
				fmt.Fprintf(&b, "| `%s` | %s | %d rules: `wadjet rules list --profile audit --select '%s'` |\n", c.Ref(), bar(c.Title), len(list), c.Ref())
			case len(list) > 0:
				fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Ref(), bar(c.Title), strings.Join(list, ", "))
			}
		}
	}
	return b.String()
}

// anchor is what GitHub makes of a heading that is an id.
func anchor(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(id))
}

// bar keeps a text in one cell of a table.
func bar(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func page(folder string, rules []*rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s\n\n[All rules](README.md)\n\n", generated, areaName(folder))
	for _, r := range rules {
		fmt.Fprintf(&b, "- [%s](#%s): %s\n", r.ID, anchor(r.ID), r.Title)
	}
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n**%s.** Severity %s, confidence %s, from profile `%s` on.\n\n", r.ID, r.Title, r.Severity, r.Confidence, r.Profile)
		fmt.Fprintf(&b, "> %s\n", strings.Join(strings.Fields(r.Message), " "))
		for _, s := range r.Sections() {
			text := s.Text
			if s.Code {
				text = finding.Fence("python", text)
			}
			fmt.Fprintf(&b, "\n### %s\n\n%s\n", s.Title, strings.TrimSpace(text))
		}
		fmt.Fprintf(&b, "\nKnown as %s.", strings.Join(slices.Concat(cwes(&r.Rule), aliases(&r.Rule)), "; "))
		if list := demands(&r.Rule); len(list) > 0 {
			fmt.Fprintf(&b, " Asked for by %s.", strings.Join(list, "; "))
		}
		fmt.Fprintf(&b, "\n\nTo silence it: `# wadjet: ignore[%s] why it does no harm here`\n", r.ID)
	}
	return b.String()
}

// byPeer lists the ids of other tools, with the rules that say the same.
func byPeer(rules []*rule.Rule) string {
	var b strings.Builder
	for _, p := range peers {
		by := map[string][]string{}
		for _, r := range rules {
			for _, id := range r.Aliases[p.key] {
				by[id] = append(by[id], fmt.Sprintf("[%s](%s.md#%s)", r.ID, r.Area(), anchor(r.ID)))
			}
		}
		if len(by) == 0 {
			continue
		}
		var ids []string
		for id := range by {
			ids = append(ids, id)
		}
		slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
		if p.key == "codeql" || p.key == "semgrep" { // words, not numbers
			slices.Sort(ids)
		}
		fmt.Fprintf(&b, "\n## By id of %s\n\n| %s | wadjet |\n|---|---|\n", p.name, p.name)
		for _, id := range ids {
			fmt.Fprintf(&b, "| %s | %s |\n", bar(id), strings.Join(by[id], ", "))
		}
	}
	return b.String()
}
