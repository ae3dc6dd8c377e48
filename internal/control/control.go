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
	Standards []*finding.Standard // the newest edition of each first
	controls  []control           // in the order of the standards
	weakness  map[string][]int    // the numbers of the controls that a weakness breaks, in order
	cwe       map[int][]int       // the same for a CWE number
}

type control struct {
	*finding.Control
	cwe []int
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
		case f[0] == "c" && len(f) == 4 && len(t.Standards) > 0:
			numbers, err := split(f[3])
			if err != nil {
				return nil, err
			}
			s := t.Standards[len(t.Standards)-1]
			c := &finding.Control{Standard: s, ID: s.Prefix + f[1], Title: f[2]}
			s.Controls = append(s.Controls, c)
			t.controls = append(t.controls, control{c, numbers})
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
	}
	own := map[string][]string{"2021": r.OWASP2021, "2025": r.OWASP2025}
	var out []*finding.Control
	for i := 0; i < len(t.controls); {
		s := t.controls[i].Standard
		n := i + len(s.Controls)
		switch given := own[s.Edition]; {
		case s.Key == "owasp" && len(given) > 0:
			out = append(out, t.named(i, n, given)...)
		case s.Key == "owasp":
			listed := t.listed(i, n, r.CWE, true)
			if len(listed) == 0 {
				listed = t.numbered(i, n, topic)
			}
			out = append(out, listed...)
		case t.controls[i].cwe != nil:
			out = append(out, t.listed(i, n, r.CWE, false)...)
		default:
			out = append(out, t.numbered(i, n, topic)...)
		}
		i = n
	}
	return out
}

// named are the controls from i to n with these ids.
func (t *Table) named(i, n int, ids []string) (out []*finding.Control) {
	for _, c := range t.controls[i:n] {
		if slices.Contains(ids, c.ID) {
			out = append(out, c.Control)
		}
	}
	return out
}

// numbered are the controls from i to n that are among these numbers.
func (t *Table) numbered(i, n int, numbers []int) (out []*finding.Control) {
	for ; i < n; i++ {
		if slices.Contains(numbers, i) {
			out = append(out, t.controls[i].Control)
		}
	}
	return out
}

// listed are the controls from i to n that list one of these CWE numbers: all of them, or those of the first number that is listed.
func (t *Table) listed(i, n int, cwe []int, first bool) (out []*finding.Control) {
	for _, number := range cwe {
		for _, c := range t.controls[i:n] {
			if slices.Contains(c.cwe, number) && !slices.Contains(out, c.Control) {
				out = append(out, c.Control)
			}
		}
		if first && len(out) > 0 {
			break
		}
	}
	return out
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
