package pattern

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/source"
)

// TestWords compares the finder with the plain way, over texts made of parts of the words.
func TestWords(t *testing.T) {
	exprs := []string{`(?i).*(pas+wo?r?d|pass(phrase)?$|pwd$|token|secret)`, `(?:.*[.])?(PROTOCOL_SSLv2|TLSv1_METHOD)$`, `.*(tok|kensec)`, `(?i)(select|insert_into)`, `.*passw`}
	var f wordFinder
	var res []*regex.Regexp
	for i, e := range exprs {
		re, err := regex.Compile(e, 0)
		if err != nil {
			t.Fatal(err)
		}
		res = append(res, re)
		if list := f.add(re); list != i {
			t.Fatalf("%q: list %d", e, list)
		}
	}
	f.link()
	parts := []string{"pas", "s", "sw", "ord", "to", "ken", "sec", "ret", "PROTOCOL_", "SSLv2", "TLSv1", "_METHOD", " ", "é", "sel", "ect", "p", "Pass", "WD"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		text := b.String()
		var p places
		f.find(text, &p)
		for i, re := range res {
			if re.May(text) && !p.within(i, source.Span{End: uint32(len(text))}) {
				t.Fatalf("%q is not found in %q", exprs[i], text)
			}
		}
	}
}
