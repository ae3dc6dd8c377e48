package control

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/rules"
)

// A Table is all standards, and what leads to their controls.
type Table struct {
	Standards []*finding.Standard          // the newest edition of each first
	controls  []*finding.Control           // in the order of the standards
	lists     []map[int][]*finding.Control // of each standard, the controls that list a CWE number; nil when none does
	weakness  map[string][]int             // the numbers of the controls that a weakness breaks, in order
	cwe       map[int][]int                // the same for a CWE number
}

var errTable = errors.New("the table of standards is damaged: build wadjet anew")

// Builtin is the table that the binary carries.
var Builtin = sync.OnceValue(func() *Table {
	t, err := Parse(rules.Controls)
	if err != nil {
		panic(err) // a test reads it, too
	}
	return t
})

// Parse reads what [Build] wrote.
func Parse(text string) (*Table, error) {
	t := &Table{weakness: map[string][]int{}, cwe: map[int][]int{}}
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case f[0] == "s" && len(f) == 6:
			t.Standards = append(t.Standards, &finding.Standard{Key: f[1], Edition: f[2], Name: f[3], URL: f[4], Prefix: f[5], Rank: len(t.Standards)})
			t.lists = append(t.lists, nil)
		case f[0] == "c" && len(f) == 4 && len(t.Standards) > 0:
			numbers, err := split(f[3])
			if err != nil {
				return nil, err
			}
			s := t.Standards[len(t.Standards)-1]
			c := &finding.Control{Standard: s, ID: s.Prefix + f[1], Title: f[2]}
			s.Controls = append(s.Controls, c)
			t.controls = append(t.controls, c)
			for _, n := range numbers {
				lists := &t.lists[len(t.lists)-1]
				if *lists == nil {
					*lists = map[int][]*finding.Control{}
				}
				(*lists)[n] = append((*lists)[n], c)
			}
		case f[0] == "t" && len(f) == 4:
			numbers, err := split(f[2])
			controls, err2 := split(f[3])
			if err != nil || err2 != nil || len(controls) > 0 && slices.Max(controls) >= len(t.controls) {
				return nil, errTable
			}
			for w := range strings.SplitSeq(f[1], ",") {
				t.weakness[w] = controls
			}
			for _, n := range numbers {
				t.cwe[n] = append(t.cwe[n], controls...)
			}
		default:
			return nil, errTable
		}
	}
	return t, nil
}

func split(list string) ([]int, error) {
	if list == "" {
		return nil, nil
	}
	var out []int
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, errTable
		}
		out = append(out, n)
	}
	return out, nil
}

// Of lists the controls that what a rule finds breaks, in the order of the standards.
func (t *Table) Of(r *finding.Rule) []*finding.Control {
	topic, ok := t.weakness[r.Weakness]
	if !ok {
		for _, n := range r.CWE {
			topic = append(slices.Clip(topic), t.cwe[n]...)
		}
		slices.Sort(topic)
		topic = slices.Compact(topic)
	}
	out := make([]*finding.Control, 0, 16)
	for i, s := range t.Standards {
		// The part of the topic that is of this standard.
		n := 0
		for n < len(topic) && t.controls[topic[n]].Standard == s {
			n++
		}
		part := topic[:n]
		topic = topic[n:]
		before := len(out)
		switch given := categories(r, s); {
		case len(given) > 0:
			for _, c := range s.Controls {
				if slices.Contains(given, c.ID) {
					out = append(out, c)
				}
			}
			continue
		case t.lists[i] != nil:
			for _, number := range r.CWE {
				for _, c := range t.lists[i][number] {
					if !slices.Contains(out[before:], c) {
						out = append(out, c)
					}
				}
				if s.Key == "owasp" && len(out) > before {
					break // its categories are wide: the first number is what the rule is about
				}
			}
		}
		if len(out) == before {
			for _, number := range part {
				out = append(out, t.controls[number])
			}
		}
	}
	return slices.Clip(out)
}

// categories are those that the rule's own file gives for an edition of the OWASP Top 10.
func categories(r *finding.Rule, s *finding.Standard) []string {
	switch {
	case s.Key != "owasp":
		return nil
	case s.Edition == "2021":
		return r.OWASP2021
	case s.Edition == "2025":
		return r.OWASP2025
	}
	return nil
}

// Select makes a test of a word like owasp:A05, owasp:A05:2021, cwe-top25, asvs:v5.0.0-1.2.5, asvs:1.2, pci:6.2.4,
// hipaa:164.312(e) or gdpr:32. ok is false when no standard has that key. The name of a standard alone means its newest
// edition; a control without an edition means every edition's; a part of an id that ends where a number ends means all that
// begins with it.
func (t *Table) Select(word string) (test func([]*finding.Control) bool, ok bool) {
	key, rest, _ := strings.Cut(strings.ToLower(word), ":")
	i := slices.IndexFunc(t.Standards, func(s *finding.Standard) bool { return s.Key == key })
	if i < 0 {
		return nil, false
	}
	edition := ""
	for _, s := range t.Standards {
		switch {
		case s.Key != key || s.Edition == "":
		case rest == s.Edition:
			rest, edition = "", s.Edition
		case strings.HasSuffix(rest, ":"+s.Edition):
			rest, edition = strings.TrimSuffix(rest, ":"+s.Edition), s.Edition
		}
	}
	if rest == "" && edition == "" {
		edition = t.Standards[i].Edition
	}
	return func(controls []*finding.Control) bool {
		return slices.ContainsFunc(controls, func(c *finding.Control) bool {
			return c.Standard.Key == key && (edition == "" || edition == c.Standard.Edition) && begins(c, rest)
		})
	}, true
}

// begins reports whether an id is, or begins with, what was written for it.
func begins(c *finding.Control, written string) bool {
	id := strings.ToLower(c.ID)
	short := strings.TrimPrefix(id, strings.ToLower(c.Standard.Prefix))
	for _, whole := range []string{id, short, "v" + short} {
		if after, ok := strings.CutPrefix(whole, written); ok && (after == "" || written == "" || !alphanumeric(after[0]) || !alphanumeric(written[len(written)-1])) {
			return true
		}
	}
	return false
}

func alphanumeric(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' }
