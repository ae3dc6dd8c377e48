package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/control"
)

// A Choice says which of the loaded rules run.
type Choice struct {
	Profile Profile
	Select  []string // when not empty, only these, whatever their profile
	Ignore  []string
}

// Selectors are words for rules: a rule's id or the beginning of it up to a hyphen or slash, the id
// that Bandit or Ruff gives (B602, S602, or the beginning: B6), cwe:78 or CWE-78, what a standard asks (owasp:A03,
// owasp:A03:2021, cwe-top25, asvs:1.2.5, pci:6.2.4; see [control.Table.Select]), a category, or `all`.

func (r *Rule) matches(selector string) bool {
	s := strings.ToLower(selector)
	if s == "all" || s == strings.ToLower(r.ID) || slices.Contains(r.Categories, s) {
		return true
	}
	if test, ok := control.Builtin().Select(s); ok {
		return test(r.Standards)
	}
	for _, prefix := range []string{"cwe:", "cwe-"} {
		if number, ok := strings.CutPrefix(s, prefix); ok {
			n, err := strconv.Atoi(number)
			return err == nil && slices.Contains(r.CWE, n)
		}
	}
	for _, ids := range r.Aliases {
		for _, id := range ids {
			// B6 stands for all of Bandit's B6xx, as it does for ruff's S6.
			if id := strings.ToLower(id); id == s || isCode(s) && strings.HasPrefix(id, s) {
				return true
			}
		}
	}
	return false
}

// isCode reports whether a selector looks like the beginning of a peer's id: letters, then digits.
func isCode(s string) bool {
	i := strings.IndexAny(s, "0123456789")
	if i < 1 || i > 4 {
		return false
	}
	return strings.Trim(s[i:], "0123456789") == "" && strings.Trim(s[:i], "abcdefghijklmnopqrstuvwxyz") == ""
}

// Choose is the rules that run. A selector that fits no rule is an error, because a typing
// mistake must not look like a clean scan.
func Choose(rules []*Rule, c Choice) ([]*Rule, error) {
	for _, selector := range slices.Concat(c.Select, c.Ignore) {
		if err := Fits(rules, selector); err != nil {
			return nil, err
		}
	}
	var chosen []*Rule
	for _, r := range rules {
		in := r.Profile <= c.Profile
		if len(c.Select) > 0 {
			in = slices.ContainsFunc(c.Select, r.matches)
		}
		if in && !slices.ContainsFunc(c.Ignore, r.matches) {
			chosen = append(chosen, r)
		}
	}
	return chosen, nil
}

// Matches reports whether a selector stands for the rule.
func (r *Rule) Matches(selector string) bool { return r.matches(selector) }

// Fits is an error when a selector fits no rule.
func Fits(rules []*Rule, selector string) error {
	if slices.ContainsFunc(rules, func(r *Rule) bool { return r.matches(selector) }) {
		return nil
	}
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	if near := nearest(selector, ids); near != "" {
		return fmt.Errorf("no rule fits %q: did you mean %s?", selector, near)
	}
	return fmt.Errorf("no rule fits %q: give a rule's id, a Bandit or Ruff id, cwe:N, owasp:ANN, cwe-top25, asvs:N.N.N or pci:N.N.N (see wadjet rules list)", selector)
}
