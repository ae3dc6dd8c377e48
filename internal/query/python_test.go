package query

import "testing"

func TestPython(t *testing.T) {
	for _, c := range []struct {
		oldest, where string
		want          Fact
	}{
		{"3.9", `python.known && python.min == "3.9" && python.at_least("3.9") && python.before("3.10")`, Yes},
		{"3.10", `python.at_least("3.9") && !python.before("3.9")`, Yes},
		{"", `python.known`, No}, {"", `python.min == "3.9"`, Unknown}, {"", `python.at_least("3.9")`, Unknown}, {"", `!python.before("3.9")`, Unknown},
		{"3.9", `python.before("three")`, No},
	} {
		m := load(t, "from lib import f\nf()")
		holds(t, NewFile(m, func() string { return c.oldest }), lastCall(t, m, "lib.f"), "calls", c.where, c.want)
	}
	m := load(t, "from lib import f\nf()")
	holds(t, NewFile(m, nil), lastCall(t, m, "lib.f"), "calls", "python.known", No)
}
