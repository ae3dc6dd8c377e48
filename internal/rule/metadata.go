package rule

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

var confidences = map[string]finding.Confidence{"HIGH": finding.Sure, "MEDIUM": finding.Likely, "LOW": finding.Unsure}

var (
	cweNumber     = regexp.MustCompile(`(?i)^(?:CWE-)?([0-9]{1,5})\b`)
	owaspCategory = regexp.MustCompile(`\b(A(?:0[1-9]|10)):?[ ]?(2017|2021|2025)?`)
)

// metadata reads what is said about a rule. Rules written for other tools put what they like here, so
// unknown keys are kept out of the way rather than reported; what wadjet knows must be well formed in
// rules that use wadjet's own keys, and is taken as far as it goes in others.
func (d *decoder) metadata(n *node, r *Rule) {
	r.Confidence = finding.Likely
	r.Title = r.ID
	r.Weakness = r.ID
	if n == nil || n.kind != mapNode {
		return
	}
	r.HasMetadata = true
	text := func(key string) string {
		if v := n.get(key); v != nil && v.kind == scalarNode {
			return strings.TrimSpace(v.value)
		}
		return ""
	}
	if t := text("title"); t != "" {
		r.Title = t
	} else if t := text("shortDescription"); t != "" {
		r.Title = t
	}
	r.Why, r.Mend = text("why"), text("mend")
	r.Bad, r.Good = text("bad"), text("good")
	if w := text("weakness"); w != "" {
		r.Weakness = w
	}
	if c := text("confidence"); c != "" {
		if confidence, ok := confidences[strings.ToUpper(c)]; ok {
			r.Confidence = confidence
		} else {
			d.fail(n.get("confidence"), "confidence", "%q is not a confidence: write HIGH, MEDIUM or LOW", c)
		}
	}
	if p := text("profile"); p != "" {
		profile, ok := ParseProfile(p)
		if !ok {
			d.fail(n.get("profile"), "profile", "%q is not a profile: write default, strict or audit", p)
		}
		r.Profile = profile
	}
	r.InTests = d.bool(n.get("tests"), "tests")
	r.Secret = d.bool(n.get("secret"), "secret")
	r.References = d.lenient(n.get("references"))
	r.Categories = d.lenient(n.get("categories"))
	for _, c := range d.lenient(n.get("cwe")) {
		if m := cweNumber.FindStringSubmatch(c); m != nil {
			number, _ := strconv.Atoi(m[1])
			r.CWE = append(r.CWE, number)
		} else {
			d.fail(n.get("cwe"), "cwe", "%q is not a CWE: write it as \"CWE-78: …\"", c)
		}
	}
	for _, o := range d.lenient(n.get("owasp")) {
		for _, m := range owaspCategory.FindAllStringSubmatch(o, -1) {
			switch m[2] {
			case "2025":
				r.OWASP2025 = appendNew(r.OWASP2025, m[1])
			case "2021", "":
				r.OWASP2021 = appendNew(r.OWASP2021, m[1])
			}
		}
	}
	if a := n.get("aliases"); a != nil && a.kind == mapNode {
		r.Aliases = map[string][]string{}
		for i := 0; i+1 < len(a.items); i += 2 {
			ids := d.texts(&a.items[i+1], "aliases")
			slices.Sort(ids)
			r.Aliases[a.items[i].value] = ids
		}
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// lenient is texts without complaint: what others put into metadata is theirs.
func (d *decoder) lenient(v *node) []string {
	if v == nil {
		return nil
	}
	if v.kind == scalarNode {
		return []string{v.value}
	}
	var out []string
	for _, item := range v.items {
		if v.kind == listNode && item.kind == scalarNode {
			out = append(out, item.value)
		}
	}
	return out
}
