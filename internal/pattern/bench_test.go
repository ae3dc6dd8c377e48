package pattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// benchModule is some 8,000 lines of calls, assignments and classes.
func benchModule() *program.Module {
	var b strings.Builder
	b.WriteString("import subprocess, hashlib\nfrom lib0 import call1\n")
	for i := range 400 {
		fmt.Fprintf(&b, "class C%d(Base):\n    limit = %d\n\n    def run(self, data, *, flag=None):\n        name = self.load(data, key=%d)\n"+
			"        if name is None or flag:\n            return other.lookup%d(name, 'text', flag=flag)\n        for part in name.split(','):\n"+
			"            value = part.strip() + 'x' * 2\n            self.store[part] = convert(value, base=10)\n        with open(name) as file:\n"+
			"            text = file.read()\n        try:\n            total = sum(int(x) for x in text.split())\n        except ValueError as e:\n"+
			"            log.error('no number: %%s', e)\n            raise\n        return total\n\n", i, i, i, i)
	}
	b.WriteString("call1(subprocess.run(x, shell=True))\n")
	p := program.New(program.Options{})
	m := p.Add(source.New("app.py", b.String()))
	p.Link()
	return m
}

// BenchmarkRules shows what ten times as many rules cost: they are looked up by the names that a file holds, so most are never tried.
func BenchmarkRules(b *testing.B) {
	m := benchModule()
	for _, n := range []int{200, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var rules []Rule
			for i := range n {
				rules = append(rules, Rule{ID: fmt.Sprint(i), Options: DefaultOptions(), F: &And{Of: []Formula{
					pat(fmt.Sprintf("lib%d.call%d($X, ...)", i%50, i)),
					&Not{F: pat(fmt.Sprintf("lib%d.call%d(\"...\", ...)", i%50, i))},
					&Not{F: &Inside{F: pat("def $F(...): ...")}},
				}}})
			}
			set, wrong := Compile(rules)
			if len(wrong) > 0 {
				b.Fatal(wrong[0])
			}
			b.SetBytes(int64(len(m.File.Text)))
			for b.Loop() {
				set.Match(m, nil)
			}
		})
	}
}
