package ir

import (
	"testing"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TestConst asks for the constant that is given to probe(), "?" where there is none. The module's OUTSIDE is "out" by what
// Outside says, and NUMBER is 7.
func TestConst(t *testing.T) {
	in := func(body string) string { return "def f(p, q):\n " + body }
	for _, c := range []struct{ code, want string }{
		{"probe('a')", "'a'"},
		{"x = 'a'\nprobe(x)", "'a'"},
		{"x = 1\nx = 2\nprobe(x)", "2"},
		{"if c: x = 1\nelse: x = 1\nprobe(x)", "1"},
		{"if c: x = 1\nelse: x = 2\nprobe(x)", "?"},
		{"if c: x = 1\nelse: x = True\nprobe(x)", "?"},
		{"x = 1 if c else 1\nprobe(x)", "1"},
		{"x = 0\nif 0: x = 1\nprobe(x)", "0"},
		{"x = 0\nif 1: x = 1\nprobe(x)", "1"},
		{"d = False\nx = 0\nif d: x = 1\nprobe(x)", "0"},
		{"d = 'a'\nx = 0\nif d == 'b': x = 1\nprobe(x)", "0"},
		{"d = 2\nx = 0\nif d < 1 or d > 3: x = 1\nprobe(x)", "0"},
		{"d = None\nx = 0\nif d is not None: x = 1\nprobe(x)", "0"},
		{"d = ''\nx = d or 'b'\nprobe(x)", "'b'"},
		{"d = 'a'\nx = d and 'b'\nprobe(x)", "'b'"},
		{"x = 0\nwhile False: x = 1\nprobe(x)", "0"},
		{"x = 0\nwhile c: x = 1\nprobe(x)", "?"},
		{"x = 0\nwhile c: x = 0\nprobe(x)", "0"},
		{"x = 0\nwhile c: x = x + 1\nprobe(x)", "?"},
		{"x = 0\nfor i in y:\n  if c: continue\n  x = x\nprobe(x)", "0"},
		{"x = 0\nwhile True:\n  if c: break\n  x = 1\nprobe(x)", "?"},
		{"x = 0\nwhile True:\n  x = 1\n  break\nprobe(x)", "1"},
		{"x = 0\ntry: x = 1\nexcept E: pass\nprobe(x)", "?"},
		{"x = 1\ntry: x = 1\nexcept E: pass\nprobe(x)", "1"},
		{"x = 0\ntry: y = 1\nexcept E: x = 0\nprobe(x)", "0"},
		{"x = 0\ntry: x = 1\nfinally: probe(x)", "?"},
		{"for x in 'a', 'b': probe(x)", "?"},
		{"x, y = 1, 2\nprobe(y)", "2"},
		{"x, *y = 1, 2\nprobe(y)", "?"},
		{"x, (y, z) = 1, (2, 3)\nprobe(z)", "3"},
		{"x = 1\ndel x\nprobe(x)", "?"},
		{"x = 1\nx += 2\nprobe(x)", "3"},
		{"x = 1\ndef f():\n  global x\n  x = 2\nprobe(x)", "?"},
		{"x = 1\ndef f(): return x\nprobe(x)", "1"},
		{"if c: max = 1\nprobe(max)", "?"},
		{"x = 1\nclass C:\n  if c: x = 2\n  probe(x)", "?"},
		{"class C:\n  x = 2\n  probe(x + 1)", "3"},

		// Refinement.
		{in("if p == 'a': probe(p)"), "'a'"},
		{in("if 'a' == p: probe(p)"), "'a'"},
		{in("if p != 'a': return\n probe(p)"), "?"}, // false of != would say it as well
		{in("if p == 'a' and q: probe(p)"), "'a'"},
		{in("if p == 'a' or q: probe(p)"), "?"},
		{in("if p == 'a': pass\n probe(p)"), "?"},
		{in("if not p == 'a': return\n probe(p)"), "'a'"},
		{in("if p == 1: probe(p)"), "?"}, // True and 1.0 are equal to it
		{in("if p in ('a',): probe(p)"), "?"},
		{in("assert p == 'a'\n probe(p)"), "'a'"},
		{in("match p:\n  case 'a': probe(p)"), "'a'"},
		{in("while p == 'a':\n  probe(p)\n  p = q()"), "'a'"},
		{in("if p == 'a':\n  p = q\n  probe(p)"), "?"},

		// Lists and dicts that change.
		{"x = ['a']\nprobe(x[0])", "'a'"},
		{"x = ['a']\nx.append('b')\nprobe(x[0])", "?"},
		{"x = ['a']\ny = x\ny[0] = 'b'\nprobe(x[0])", "?"},
		{"x = ['a']\nx += ['b']\nprobe(x)", "?"},
		{"x = {'k': 'a'}\nprobe(x['k'])", "'a'"},
		{"x = {'k': 'a'}\nx['k'] = 'b'\nprobe(x['k'])", "?"},
		{"x = {'k': 'a'}\nx.update(y)\nprobe(x['k'])", "?"},
		{"x = {'k': 'a'}\ndel x['k']\nprobe(x.get('k'))", "?"},
		{"x = {'k': 'a'}\nprobe(x.get('z', 'd'))", "'d'"},
		{"x = ['a']\nf(x)\nprobe(x[0])", "'a'"}, // few functions change what they are given
		{"x = ['a']\ny = [x]\ny[0].append(1)\nprobe(x)", "?"},
		{"def f():\n  x = ['a']\n  def g(): x.append(1)\n  g()\n  probe(x)", "?"},
		{"x = ['a']\nfor i in x: x[0] = i\nprobe(x)", "?"},
		{"x = ('a', 'b')\nf(x)\nprobe(x[1])", "'b'"},
		{"x = {1, 2}\nprobe(x)", "?"},

		// Text.
		{"x = 'a'\nprobe(f'{x}/{1}')", "'a/1'"},
		{"x = 'a'\nprobe(f'{x!r}')", "\"'a'\""},
		{"x = 'a'\nprobe(f'{x:>3}')", "?"},
		{"x = 'a'\nprobe('%s-%d' % (x, 3))", "'a-3'"},
		{"probe('%(k)s' % {'k': 1})", "'1'"},
		{"probe('%s' % p)", "?"},
		{"probe('%5d' % 3)", "?"},
		{"probe('%s' % ())", "?"},
		{"probe('a' % ('b',))", "?"},
		{"probe('%s %s' % ('b',))", "?"},
		{"probe('{} {}'.format('a', 1))", "'a 1'"},
		{"probe('{1}{0}'.format('a', 'b'))", "'ba'"},
		{"probe('{k}{{}}'.format(k='v'))", "'v{}'"},
		{"probe('{:>3}'.format('a'))", "?"},
		{"probe('{}{1}'.format('a', 'b'))", "?"},
		{"probe('-'.join(['a', 'b']))", "'a-b'"},
		{"probe('-'.join(['a', 1]))", "?"},
		{"probe('a' 'b' + \"c\")", "'abc'"},
		{"probe('a' * 3)", "'aaa'"},
		{"probe('ab'[1])", "'b'"},
		{"probe('ab'[-1])", "'b'"},
		{"probe('ab'[2])", "?"},
		{"probe('abc'[1:])", "?"},
		{"probe([1, 2][0:1])", "?"},
		{"probe('A'.lower() + 'b'.upper())", "'aB'"},
		{"probe(' a '.strip())", "'a'"},
		{"probe('a-b'.replace('-', '+'))", "'a+b'"},
		{"probe('a'.encode())", "b'a'"},
		{"probe(b'a'.decode())", "'a'"},
		{"probe('é'.encode('latin-1'))", "?"},
		{"probe('é'.encode('UTF-8'))", "b'\\xc3\\xa9'"},
		{"probe(b'\\xff'.decode())", "?"},
		{"probe('a'.title())", "?"},
		{"probe(' a'.lstrip() + 'a '.rstrip())", "'aa'"},
		{"probe('ab'.startswith('a') and 'ab'.endswith('b'))", "True"},
		{"probe(len(tuple([1])) + len(list((1, 2))))", "3"},
		{"def f(p, q):\n x = p\n if q: x = x.y()\n probe(x)", "?"},
		{"def f(p):\n x = p if 0 else 'a'\n probe(x)", "'a'"},

		// Numbers and conversions.
		{"probe(2 ** 10 - 1)", "1023"},
		{"probe(7 // 2, )", "3"},
		{"probe(-7 // 2)", "-4"},
		{"probe(-7 % 3)", "2"},
		{"probe(1 / 2)", "0.5"},
		{"probe(1 / 0)", "?"},
		{"probe(1 << 3 | 1)", "9"},
		{"probe(~5)", "-6"},
		{"probe(not 0)", "True"},
		{"probe(1 < 2)", "True"},
		{"probe(1 < 2 < 3)", "True"},
		{"probe(1 < 3 < 2)", "False"},
		{"probe('a' in 'abc')", "True"},
		{"probe(1 in (1, 2))", "True"},
		{"probe(str(1) + str(None))", "'1None'"},
		{"probe(int('12') + len('ab'))", "14"},
		{"probe(int('1_2'))", "?"},
		{"probe(bool([]))", "False"},
		{"probe(str(1, 2))", "?"},
		{"def str(x): pass\nprobe(str(1))", "?"},
		{"probe(None is None)", "True"},
		{"probe(1 is 1)", "?"},
		{"probe((x := 'a') + x)", "'aa'"},
		{"probe(10 ** 100000)", "?"},
		{"probe('a' * 10 ** 9)", "?"},
		{"probe(1j)", "1j"},
		{"probe(...)", "Ellipsis"},

		// What others tell, which no branch is pruned by.
		{in("probe(OUTSIDE)"), "'out'"},
		{in("probe(OUTSIDE + '!')"), "'out!'"},
		{in("x = OUTSIDE\n probe(f'{x}{NUMBER}')"), "'out7'"},
		{in("x = 1\n if NUMBER == 7: x = 2\n probe(x)"), "?"},
		{in("x = NUMBER\n if x: probe(x)"), "7"},
		{in("y = 1\n if NUMBER: y = 1\n probe(y)"), "1"},
		{in("x = 'a' if p else OUTSIDE\n probe(x)"), "?"},
		{in("probe(OTHER)"), "?"},
	} {
		file := source.New("app.py", c.code)
		u := NewUnit(resolve.Resolve(syntax.Parse(file)))
		outside := func(f *Func, v Value) (Const, bool) {
			if in := &f.Instrs[v]; in.Op == Global {
				switch f.Unit.Syms[in.A] {
				case "OUTSIDE":
					return StrConst("out"), true
				case "NUMBER":
					return IntConst(7), true
				}
			}
			return Const{}, false
		}
		got := "no probe"
		for _, s := range u.Names.Tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				call, ok := n.(*syntax.Call)
				if !ok {
					return true
				}
				if fn, ok := call.Func.(*syntax.Name); !ok || fn.Name != "probe" {
					return true
				}
				f := u.Enclosing(call.Args[0])
				got = "?"
				consts := 0
				for _, nv := range f.ValuesOf(call.Args[0]) {
					if k, ok := f.Const(nv.value, outside); ok {
						got = k.String()
						consts++
					}
				}
				if consts < len(f.ValuesOf(call.Args[0])) {
					got = "?"
				}
				return true
			})
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.code, got, c.want)
		}
	}
}
