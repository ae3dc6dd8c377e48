package scan

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/json"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/walk"
	"github.com/wadjet-security/wadjet/rules"
)

// incidents keeps what a scan says of files, and passes all of it on.
type incidents struct {
	finding.Handler
	all []finding.Incident
}

func (h *incidents) Incident(i *finding.Incident) error {
	h.all = append(h.all, *i)
	return h.Handler.Incident(i)
}

// TestHostile scans texts made to be deep, long, cyclic or large when folded, with every built-in rule. None may be a defect, and
// each is long enough for a cost that grows with the square of it to be felt.
func TestHostile(t *testing.T) {
	const n = 40_000
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	texts := map[string]string{
		"brackets": strings.Repeat("[", n) + strings.Repeat("]", n), "not": strings.Repeat("not ", n) + "x",
		"sum": strings.Repeat("'a'+", n) + "x", "attributes": "x" + strings.Repeat(".x", n), "calls": "x" + strings.Repeat("()", n),
		"methods": "x" + strings.Repeat(".y(1)", n), "elif": "if x: pass\n" + strings.Repeat("elif x: pass\n", n),
		"decorators": strings.Repeat("@x\n", n) + "def f(): pass\n", "called_decorators": strings.Repeat("@x()\n", n) + "class C: pass\n",
		"targets": strings.Repeat("x=", n) + "1", "grows": strings.Repeat("x = x + 'a'\n", n), "doubles": "x = 'a'\n" + strings.Repeat("x = x + x\n", n),
		"chain": numbered(n, "x%d = x%d\n"), "inherit": numbered(n/4, "class C%d(C%d): pass\n"), "functions": numbered(n/4, "def f%d(a): return f%d(a)\n") + "eval(f0('a'))",
		"cycles": "class A(B): pass\nclass B(A): pass\na = b\nb = a\nA().system(a)\n", "self": "from self import *\nfrom self import x\neval(x)\n",
		"huge": "import os\nos.system('a'*10**9*10**9)\ny = 2**100000000\nos.system('%1000000000d' % 5)\nos.system('{:>1000000000}'.format(1))\n" +
			"os.system(str(9**9**9))\nos.system(f'{1:1000000000}')\nos.system(','.join(['a'*100000]*100000))\n",
		"branches": strings.Repeat("if x:\n  y='a'\nelse:\n  y='b'\n", n/4) + "eval(y)\n", "dictionary": "d = {" + numbered(n/8, "'k%d': eval(x%d),") + "}",
		"keywords": "f(" + numbered(n, "a%d=x%d,") + ")", "with": "with " + numbered(n, "a%d as b%d, ") + "c: pass\n", "cases": "match x:\n" + strings.Repeat("  case 1: y=1\n", n),
		"strings": "x = " + strings.Repeat("'a' ", n), "f_string": "x = f'" + strings.Repeat("{x}", n) + "'\neval(x)\n", "comprehension": "[" + strings.Repeat("x for x in y ", n/4) + "]",
		"imports": "import " + numbered(n, "m%d, n%d, ") + "o\n", "nul": strings.Repeat("\x00\n", n), "long_name": strings.Repeat("a", n) + "(1)",
	}
	dir := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name+".py"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pack, err := rule.LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := rule.Choose(pack.Rules, rule.Choice{Profile: rule.Audit})
	if err != nil {
		t.Fatal(err)
	}
	set, wrong := rule.Compile(chosen)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	h := &incidents{Handler: json.New(io.Discard, json.Options{})}
	result, err := Run(context.Background(), Options{Paths: []string{dir}, Rules: set, Policy: Policy{Profile: rule.Audit}, Walk: walk.Options{Root: dir}}, h)
	if err != nil {
		t.Fatal(err)
	}
	if result.Summary.Files != len(texts) {
		t.Errorf("%d of %d files were analysed", result.Summary.Files, len(texts))
	}
	for _, i := range h.all {
		if i.Code != "syntax" && i.Code != "bound" {
			t.Errorf("%s: %s: %s", i.Path, i.Code, i.Message)
		}
	}
}
