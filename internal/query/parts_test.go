package query

import (
	"strings"
	"testing"
)

// TestParts looks for a variable x in what f is given, and for what is no constant.
func TestParts(t *testing.T) {
	for _, c := range []struct {
		code string
		x    Fact
		open Fact
	}{
		{"def v(x):\n  f('a' + x)", Yes, Yes},
		{"def v(x):\n  f('a %s' % x)", Yes, Yes},
		{"def v(x):\n  f('a %d' % x)", No, No},
		{"def v(x, y):\n  f('a %s %d' % (y, x))", No, Yes},
		{"def v(x, y):\n  f('a %(y)s %(x)d' % {'x': x, 'y': y})", No, Yes},
		{"def v(x):\n  f('a {}'.format(x))", Yes, Yes},
		{"def v(x):\n  f(f'a {x}')", Yes, Yes},
		{"def v(x):\n  f(f'a {x:05d}')", No, No},
		{"def v(x):\n  f('a' + str(int(x)))", No, No},
		{"def v(x: int):\n  f('a %s' % x)", No, No},
		{"def v(x):\n  f('a %s' % (x - 1))", No, No},
		{"def v(x):\n  y = 'a'\n  y += x\n  f(y)", Yes, Yes},
		{"def v(x):\n  y = ['a']\n  y.append(x)\n  f(' '.join(y))", Yes, Yes},
		{"def v(x):\n  y = ['a', 'b']\n  f(' '.join(y))", No, No},
		{"def v(x):\n  f(' '.join(x for y in z))", Yes, Yes},
		{"x = 'a'\nf('b' + x)", No, No},
		{"def v(x):\n  y = 'a' if x else 'b'\n  f('<%s>' % y)", No, No},
		{"def v(x):\n  if x:\n    y = 'a'\n  else:\n    y = 'b'\n  f('<%s>' % y)", No, No},
		{"def v(x):\n  f('a' + escape(x))", No, Yes},
		{"def v(x):\n  f(x)", Yes, Yes},
		{"f()", No, No},
	} {
		code := "from lib import f\n" + c.code
		m := load(t, code)
		call := lastCall(t, m, "lib.f")
		if got := outcome(t, m, call, "calls", `call.arg(0).parts.exists(p, p.text == "x")`); got != c.x {
			t.Errorf("x is a part of\n%s\n  is %v, want %v", strings.TrimSpace(c.code), got, c.x)
		}
		if got := outcome(t, m, call, "calls", `call.arg(0).parts.exists(p, !p.is_known)`); got != c.open {
			t.Errorf("a part is no constant in\n%s\n  is %v, want %v", strings.TrimSpace(c.code), got, c.open)
		}
	}
}
