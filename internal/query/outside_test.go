package query

import (
	"strings"
	"testing"
)

// TestOutside asks for what a call of f is given. The request is Django's, by the parameter's name, unless it is imported.
func TestOutside(t *testing.T) {
	for _, c := range []struct {
		code string
		want Fact
	}{
		{"def v(request):\n  f(request.GET['x'])", Yes},
		{"def v(request):\n  f(request.POST.get('x', '').strip())", Yes},
		{"def v(request):\n  f('<b>%s</b>' % request.GET['x'])", Yes},
		{"def v(request):\n  f('<b>{}</b>'.format(request.GET['x']))", Yes},
		{"def v(request):\n  x = request.GET.get('x')\n  y = f'a {x}'\n  f(y)", Yes},
		{"def v(request):\n  y = 'select'\n  if y:\n    y += request.GET['x']\n  f(y)", Yes},
		{"def v(request):\n  for x in request.GET.getlist('x'):\n    f(x)", Yes},
		{"def v(request):\n  f(', '.join(x for x in request.GET.getlist('x')))", Yes},
		{"def v(request):\n  f(request.user.name)", No},
		{"def v(request):\n  f(request.method)", No},
		{"def v(request):\n  f(int(request.GET['x']))", No},
		{"def v(request):\n  f(escape(request.GET['x']))", No},
		{"def v(request):\n  f(request.GET['x'].replace('<', ''))", No},
		{"def v(request):\n  f(TABLE[request.GET['x']])", No},
		{"def v(request):\n  x = request.GET['x']\n  x = 'a'\n  f(x)", No},
		{"class V:\n  def get(self):\n    f(self.request.body)", Yes},
		{"class V:\n  def get(self):\n    f(self.get_argument('x'))", Yes},
		{"import json\nfrom lib import f\ndef v(request):\n  f(json.loads(request.body)['x'])", Yes},
		{"import flask\nfrom lib import f\ndef v():\n  f(flask.request.args['x'])", Yes},
		{"from flask import request as r\nfrom lib import f\ndef v():\n  f(r.args.get('x'))", Yes},
		{"from flask import request as r\nfrom lib import f\ndef v():\n  f(r.args.get('x', type=int))", No},
		{"from flask import request as r\nfrom lib import f\ndef v():\n  f(r.endpoint)", No},
		{"@app.route('/a/<name>')\ndef v(name):\n  f(name)", Yes},
		{"@app.route('/a/<int:name>')\ndef v(name):\n  f(name)", No},
		{"@app.route('/a/<path:name>')\ndef v(name, other):\n  f(other)", No},
		{"@app.get('/a/{name}')\ndef v(name: str):\n  f(name)", Yes},
		{"@app.get('/a/{name}')\ndef v(name: int):\n  f(name)", No},
		{"@app.get('/a')\ndef v(q: str = ''):\n  f(q)", Yes},
		{"@app.get('/a')\ndef v(q: str = Depends(g)):\n  f(q)", No},
		{"def v(event, context):\n  f(event['x'])", Yes},
		{"def v(name):\n  f(name)", No},
		{"f(input())", Yes},
		{"import sys\nfrom lib import f\nf('rm ' + sys.argv[1])", Yes},
		{"import sys\nfrom lib import f\nf('python ' + sys.argv[0])", No},
		{"import os\nfrom lib import f\nf(os.environ.get('X'))", Yes},
		{"def v(s):\n  f(s.recv(1024).decode())", Yes},
		{"f('a')", No},
		{"f()", No},
	} {
		code := c.code
		if !strings.Contains(code, "import") {
			code = "from lib import f\n" + code
		}
		m := load(t, code)
		if got := outcome(t, m, lastCall(t, m, "lib.f"), "calls", "call.arg(0).from_outside"); got != c.want {
			t.Errorf("%s\n  is %v, want %v", c.code, got, c.want)
		}
	}
}
