package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
)

// peers are the tools whose ids rules know, in the order in which they are named.
var peers = []struct{ key, name string }{
	{"bandit", "Bandit"}, {"ruff", "Ruff"}, {"dlint", "dlint"}, {"sonar", "SonarQube"}, {"codeql", "CodeQL"}, {"semgrep", "Semgrep"},
}

// aliases names what peers call a rule: "Bandit B602".
func aliases(r *finding.Rule) []string {
	var out []string
	known := map[string]bool{}
	for _, p := range peers {
		known[p.key] = true
		if ids := r.Aliases[p.key]; len(ids) > 0 {
			out = append(out, p.name+" "+strings.Join(ids, ", "))
		}
	}
	var others []string
	for key, ids := range r.Aliases {
		if !known[key] {
			others = append(others, key+" "+strings.Join(ids, ", "))
		}
	}
	slices.Sort(others)
	return append(out, others...)
}

// cwes are the weakness numbers of a rule, the principal one first.
func cwes(r *finding.Rule) []string {
	var out []string
	for _, n := range r.CWE {
		out = append(out, finding.CWEName(n))
	}
	return out
}

// demands are the standards of a rule, each with its controls: "OWASP ASVS 5.0.0: v5.0.0-1.2.5".
func demands(r *finding.Rule) []string {
	var out []string
	for i, c := range r.Standards {
		if i > 0 && c.Standard == r.Standards[i-1].Standard {
			out[len(out)-1] += ", " + c.ID
			continue
		}
		out = append(out, c.Standard.Name+": "+c.ID)
	}
	return out
}

// silence says how not to be told of a finding that is none.
func silence(r *finding.Rule) string {
	id := r.ID
	return fmt.Sprintf("# wadjet: ignore[%s] why it does no harm here\n\nin the statement, or --ignore %s for all of them.", id, id)
}

// Text is what a terminal shows of a rule.
func Text(r *rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.ID, r.Title)
	fmt.Fprintf(&b, "  severity %s, confidence %s, from profile %s on\n", r.Severity, r.Confidence, r.Profile)
	if list := cwes(&r.Rule); len(list) > 0 {
		fmt.Fprintf(&b, "  %s\n", strings.Join(list, " "))
	}
	for _, d := range demands(&r.Rule) {
		fmt.Fprintf(&b, "  %s\n", d)
	}
	if list := aliases(&r.Rule); len(list) > 0 {
		fmt.Fprintf(&b, "  known as %s\n", strings.Join(list, "; "))
	}
	section := func(title, body, indent string) {
		fmt.Fprintf(&b, "\n%s\n", title)
		for line := range strings.Lines(body + "\n") {
			b.WriteString(strings.TrimRight(indent+line, " \n") + "\n")
		}
	}
	section("What it says", strings.TrimSpace(r.Message), "  ")
	for _, s := range r.Sections() {
		indent := "  "
		if s.Code {
			indent = "    "
		}
		section(s.Title, s.Text, indent)
	}
	if r.Query != nil {
		section("What it asks", query(r), "    ")
	}
	section("To silence it", silence(&r.Rule), "  ")
	if r.Mode == rule.Taint {
		section("Note", "This is a taint rule: read and found valid, and not yet run.", "  ")
	}
	return finding.PlainLines(b.String())
}

// query writes what a query rule asks as its file does.
func query(r *rule.Rule) string {
	q := r.Query.Spec()
	var out strings.Builder
	fmt.Fprintf(&out, "over: %s\n", q.Over)
	if len(q.Of) > 0 {
		fmt.Fprintf(&out, "of: %s\n", strings.Join(q.Of, ", "))
	}
	if q.Where != "" {
		fmt.Fprintf(&out, "where: %s\n", strings.TrimSpace(q.Where))
	}
	if q.Report != "" {
		fmt.Fprintf(&out, "report: %s\n", q.Report)
	}
	for _, b := range q.Bind {
		fmt.Fprintf(&out, "$%s: %s\n", b.Name, b.Expr)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
