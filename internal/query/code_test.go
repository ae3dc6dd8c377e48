package query

import (
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// node is the last node of a kind in a module.
func node[T syntax.Node](t *testing.T, code string, others ...string) (*File, syntax.Node) {
	t.Helper()
	m := load(t, code, others...)
	var found syntax.Node
	for _, s := range m.Tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			if _, ok := n.(T); ok {
				found = n
			}
			return true
		})
	}
	if found == nil {
		t.Fatalf("nothing of that kind in %s", code)
	}
	return NewFile(m, nil), found
}

func holds(t *testing.T, file *File, n syntax.Node, over, where string, want Fact) {
	t.Helper()
	q := New(Spec{Over: over, Where: where})
	if err := q.Check(); len(err) > 0 {
		t.Fatalf("%s: %s", where, err[0].Message)
	}
	if got := q.Eval(file, n).Holds; got != want {
		t.Errorf("%s\n  of %s\n  is %v, want %v", where, file.m.File.Text, got, want)
	}
}

func TestObjects(t *testing.T) {
	for _, c := range []question{
		{"c = ssl.SSLContext()\nc.verify_mode = ssl.CERT_NONE\nconnect(c)", `object.attr("verify_mode").is("ssl.CERT_NONE")`, Yes},
		{"c = ssl.SSLContext()\nconnect(c)\nc.verify_mode = ssl.CERT_NONE", `object.attr("verify_mode").missing`, Yes},
		{"def g():\n  c = ssl.SSLContext()\n  c.verify_mode = ssl.CERT_NONE\n  return c", `object.attr("verify_mode").is("ssl.CERT_NONE")`, Yes},
		{"def g(x):\n  c = ssl.SSLContext()\n  if x:\n    return c\n  c.verify_mode = ssl.CERT_NONE\n  return c", `object.attr("verify_mode").is("ssl.CERT_NONE")`, Unknown},
		{"def g(x):\n  c = ssl.SSLContext()\n  c.verify_mode = x\n  return c", `object.attr("verify_mode").is("ssl.CERT_NONE")`, Unknown},
		{"class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n    self.c.verify_mode = ssl.CERT_NONE", `object.attr("verify_mode").is("ssl.CERT_NONE")`, Yes},
		{"class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n  def h(self):\n    self.c.verify_mode = ssl.CERT_NONE", `object.attr("verify_mode").missing`, Unknown},
		{"c = ssl.SSLContext(ssl.PROTOCOL_TLSv1)", `object.call.arg(0).is("ssl.PROTOCOL_TLSv1")`, Yes},
		{"c = ssl.SSLContext()\nc.load_default_certs()\nconnect(c)", `object.called("load_default_certs")`, Yes},
		{"c = ssl.SSLContext()\nc.wrap_socket(s)", `object.calls("wrap_socket").size() == 1`, Yes},
		{"c = ssl.SSLContext()\nc.wrap_socket(s)\nc.check_hostname = False\nc.wrap_socket(s)", `object.calls("wrap_socket").exists(u, u.attr("check_hostname").is_false)`, Yes},
		{"c = ssl.SSLContext()\nc.wrap_socket(s)\nc.check_hostname = False", `object.calls("wrap_socket").exists(u, u.attr("check_hostname").is_false)`, No},
		{"c = ssl.SSLContext()\nc.wrap_socket(s, server_hostname='h')", `object.calls("wrap_socket").all(u, u.call.arg("server_hostname").given)`, Yes},
		{"class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n  def h(self):\n    self.c.wrap_socket(1)", `object.calls("wrap_socket").size() == 1`, Yes},
		{"c = ssl.SSLContext()\ndef h():\n  c.wrap_socket(1)", `object.calls("wrap_socket").size() == 1`, Yes},
		{"def g():\n  c = ssl.SSLContext()\n  def h():\n    c.wrap_socket(1)\n  return h", `object.calls("wrap_socket").size() == 1`, Yes},
		{"import requests\nc = ssl.SSLContext()\nrequests.get(u, ctx=c)", `object.uses.exists(u, u.kind == "argument" && u.name == "requests.get")`, Yes},
		{"def g():\n  c = ssl.SSLContext()\n  try:\n    h()\n    c.verify_mode = ssl.CERT_NONE\n  finally:\n    c.wrap_socket(1)", `object.calls("wrap_socket").size() == 1`, Yes},
		{"def g():\n  c = ssl.SSLContext()\n  try:\n    h()\n    c.verify_mode = ssl.CERT_NONE\n  finally:\n    c.wrap_socket(1)", `object.calls("wrap_socket")[0].attr("verify_mode").given`, Unknown},
		{"def g():\n  return ssl.SSLContext()", `object.uses.exists(u, u.kind == "returned")`, Yes},
		{"def g(x):\n  if x:\n    c = ssl.create_default_context()\n  else:\n    c = ssl.SSLContext()\n  c.wrap_socket(1)", `object.calls("wrap_socket").size() == 1`, Yes},
		{"xs = [ssl.SSLContext()]", `object.uses.exists(u, u.kind == "stored")`, Yes},
		{"c = ssl.SSLContext()\nc.options |= ssl.OP_NO_TLSv1\nconnect(c)", `object.flag("options", "ssl.OP_NO_TLSv1")`, Yes},
		{"c = ssl.SSLContext()\nc.config['K'] = 1\nconnect(c)", `object.attr("config").item("K").int == 1`, Yes},
		{"def g():\n  c = ssl.SSLContext()\n  c.config.update(K=1)\n  return c", `object.attr("config").item("K").int == 1`, Yes},
		{"c = ssl.SSLContext()\nc['K'] = 1\nconnect(c)", `object.item("K").int == 1`, Yes},
	} {
		m := load(t, "import ssl\n"+c.code)
		holds(t, NewFile(m, nil), lastCall(t, m, "ssl.SSLContext"), "objects", c.where, c.want)
	}
}

// The same things in the same order each time, by however many names an object is kept.
func TestUsesOrder(t *testing.T) {
	code := "import ssl\nclass A:\n  def __init__(self):\n    c = ssl.SSLContext()\n    self.a = c\n    self.b = c\n    self.d = [c]\n    f(c)\n  def g(self):\n    h(self.a, self.b)\n    self.a.x()\n    self.b.y()\n"
	want := ""
	for range 20 {
		m := load(t, code)
		o := newObject(NewFile(m, nil), lastCall(t, m, "ssl.SSLContext"), nil).(*object).x.(*Object)
		got := ""
		for _, u := range o.all() {
			got += m.File.Slice(u.node.Span()) + " " + u.kind + " " + u.name + "\n"
		}
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%s\nand before\n%s", got, want)
		}
	}
	if want != "self.a stored a\nself.b stored b\n[c] stored \nf(c) argument \nh(self.a, self.b) argument \nself.a.x() method x\nself.b.y() method y\n" {
		t.Errorf("%s", want)
	}
}

func TestFunctionFacts(t *testing.T) {
	for _, c := range []question{
		{"def f(request):\n  if request.method == 'POST': pass", `def.compares("request.method")`, Yes},
		{"class V:\n  def f(self):\n    if self.request.method in ('GET',): pass", `def.compares("request.method")`, Yes},
		{"def f(request):\n  m = request.method\n  if m == 'POST': pass", `def.compares("request.method")`, Yes},
		{"def f(request):\n  match request.method:\n    case 'GET': pass", `def.compares("request.method")`, Yes},
		{"def f(request):\n  log(request.method)", `def.compares("request.method")`, No},
		{"def f(request):\n  log(request.method)", `def.mentions("request.method")`, Yes},
		{"def f(request):\n  x = lambda: request.method == 1", `def.compares("request.method")`, No},
		{"import hmac\ndef f(a, b):\n  return hmac.compare_digest(a, b)", `def.calls("hmac.compare_digest")`, Yes},
		{"def f(a, b):\n  return a.compare_digest(b)", `def.calls("*.compare_digest")`, Yes},
		{"def f(a, b):\n  return a == b", `def.calls("hmac.compare_digest")`, No},
		{"from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\ndef f(r): pass", `def.decorated("django.views.decorators.csrf.csrf_exempt")`, Yes},
		{"from django.views.decorators.http import require_http_methods as rm\n@rm(['GET'])\ndef f(r): pass", `def.decorator("django.views.decorators.http.require_http_methods").arg(0).items.exists(m, m.string == "GET")`, Yes},
		{"@x.route('/')\ndef f(r): pass", `def.decorated("*.route")`, Yes},
		{"@other\ndef f(r): pass", `def.decorated("*.route")`, No},
		{"import flask\napp = flask.Flask('a')\n@app.route('/', methods=['POST'])\ndef f(r): pass", `def.decorator("flask.Flask.route").arg("methods").items.exists(m, m.string == "POST")`, Yes},
		{"def f(a, *, b=1): pass", `def.parameters == ["a", "b"]`, Yes},
		{"async def f(): pass", `def.is_async`, Yes},
		{"class A:\n  def f(self): pass", `def.name == "A.f" && def.class.name == "A"`, Yes},
		{"def f(): pass", `def.class.name == ""`, Yes},
		{"def test_f(): pass", `def.is_test`, Yes},
		{"import unittest\nclass A(unittest.TestCase):\n  def f(self): pass", `def.is_test`, Yes},
		{"def f(): pass", `def.is_test`, No},
		{"def f():\n  '''doc'''", `def.is_empty`, Yes}, {"def f():\n  g()", `def.is_empty`, No},
		{"def f(*a): return True", `def.always_true`, Yes},
		{"def f(a):\n  if a:\n    return 1\n  return 'x'", `def.always_true`, Yes},
		{"def f(a):\n  if a:\n    return 1", `def.always_true`, No},
		{"def f(a):\n  return check(a)", `def.always_true`, Unknown},
		{"def f(a):\n  if a:\n    return False\n  return check(a)", `def.always_true`, No},
		{"def f(a):\n  raise E", `def.always_true`, No},
		{"def f(a):\n  yield True", `def.always_true`, Unknown},
		{"def f(a):\n  pass", `def.always_false`, Yes},
		{"def f(a):\n  return None", `def.returns.exists(r, r.is_none)`, Yes},
		{"def f(a):\n  assert a", `def.raises`, Yes},
	} {
		file, n := node[*syntax.FunctionDef](t, c.code)
		holds(t, file, n, "functions", c.where, c.want)
	}
}

func TestCallbacks(t *testing.T) {
	answers(t, []question{
		{"f(lambda *a: True)", `call.arg(0).function.always_true`, Yes},
		{"f(lambda a: a)", `call.arg(0).function.always_true`, Unknown},
		{"def ok(*a): return True\nf(ok)", `call.arg(0).function.always_true`, Yes},
		{"ok = lambda a: 1\nf(ok)", `call.arg(0).function.always_true`, Yes},
		{"def ok(a, b, c, d, v): return v\nf(ok)", `call.arg(0).function.always_true`, Unknown},
		{"def ok(a):\n  return False\nf(ok)", `call.arg(0).function.always_true`, No},
		{"f(x)", `call.arg(0).function.always_true`, Unknown},
		{"class A:\n  def ok(self, *a): return True\n  def g(self):\n    f(self.ok)", `call.arg(0).function.always_true`, Yes},
	})
}

func TestContext(t *testing.T) {
	answers(t, []question{
		{"for x in xs:\n  f(x)", `call.in_loop`, Yes}, {"for x in f(): pass", `call.in_loop`, No}, {"[f(x) for x in xs]", `call.in_loop`, Yes}, {"f()", `call.in_loop`, No},
		{"for x in xs:\n  def g(): f(x)", `call.in_loop`, No},
		{"try:\n  f()\nexcept ValueError: pass", `call.catches("ValueError")`, Yes}, {"try:\n  f()\nexcept Exception: pass", `call.catches("ValueError")`, Yes},
		{"try:\n  f()\nexcept (KeyError, TypeError): pass", `call.catches("ValueError")`, No}, {"try: pass\nexcept ValueError:\n  f()", `call.catches("ValueError")`, No},
		{"try:\n  f()\nexcept: pass", `call.catches("*")`, Yes},
		{"if DEBUG:\n  if x: f()", `call.conditions.exists(c, c.text == "DEBUG") && call.conditions.size() == 2`, Yes},
		{"if f(): pass", `call.conditions.size() == 0`, Yes},
		{"f()", `call.discarded`, Yes}, {"x = f()", `call.discarded`, No}, {"async def g():\n  await f()", `call.discarded`, Yes},
		{"class A:\n  def g(self):\n    f()", `call.class.name == "A" && call.function.name == "A.g"`, Yes},
		{"f()", `call.class.name == "" && call.function.name == ""`, Yes},
		{"def test_x():\n  f()", `call.is_test`, Yes}, {"def x():\n  f()", `call.is_test`, No},
		{"import os.path\nfrom lib import f\nf()", `call.module.imports("os") && call.module.imports("lib.f") && !call.module.imports("sys")`, Yes},
	})
	m := load(t, "from lib import f\nf()")
	m.File.Origin = source.Test
	holds(t, NewFile(m, nil), lastCall(t, m, "lib.f"), "calls", "call.is_test && call.module.is_test", Yes)
}

func TestClasses(t *testing.T) {
	for _, c := range []question{
		{"from django import forms\nclass A(forms.ModelForm):\n  class Meta:\n    x = 1\nclass B(A):\n  fields = '__all__'\n  def clean(self): pass", `class.inherits("django.forms.ModelForm") && class.variable("fields").string == "__all__" && class.defines("clean") && !class.defines("save")`, Yes},
		{"class B(x.y()):\n  pass", `class.inherits("django.forms.ModelForm")`, Unknown},
		{"class B:\n  pass", `class.inherits("django.forms.ModelForm")`, No},
		{"class B:\n  pass", `class.variable("fields").missing`, Yes},
		{"import dataclasses\n@dataclasses.dataclass\nclass B:\n  pass", `class.decorated("dataclasses.dataclass")`, Yes},
		{"class C:\n  SECRET_KEY = 'x'\n  DEBUG = True", `class.settings_of == "flask"`, Yes},
		{"class C:\n  DEBUG = True", `class.settings_of == ""`, Yes},
	} {
		file, n := node[*syntax.ClassDef](t, c.code)
		holds(t, file, n, "classes", c.where, c.want)
	}
}

const django = "INSTALLED_APPS = ['a']\nROOT_URLCONF = 'a.urls'\nDATABASES = {}\nDEBUG = True\n"

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		code   string
		others []string
		where  string
		want   Fact
	}{
		{django, nil, `module.settings_of == "django" && module.is_settings && module.variable("DEBUG").is_true`, Yes},
		{"DEBUG = True\nNAME = 'x'", nil, `module.is_settings`, No},
		{"INSTALLED_APPS = []\n", nil, `module.is_settings`, No},
		{"from base import *\nDEBUG = True", []string{"base.py", django}, `module.settings_of == "django"`, Yes},
		{"from base import *\nDEBUG = True", []string{"base.py", "x = 1"}, `module.is_settings`, No},
		{"SECRET_KEY = 'x'\nSQLALCHEMY_DATABASE_URI = 'y'", nil, `module.settings_of == "flask"`, Yes},
		{"SECRET_KEY = 'x'\nSESSION_TYPE = 'y'\ndef main(): pass", nil, `module.is_settings`, No},
	} {
		m := load(t, c.code, c.others...)
		holds(t, NewFile(m, nil), m.Tree.Body[0], "modules", c.where, c.want)
	}
}

func TestAssignments(t *testing.T) {
	for _, c := range []question{
		{django, `assignment.name == "DEBUG" && assignment.value.is_true && assignment.settings_of == "django"`, Yes},
		{django + "class A:\n  DEBUG = False", `assignment.settings_of == ""`, Yes},
		{"class A:\n  SECRET_KEY = 'a'\n  DEBUG = False", `assignment.settings_of == "flask" && assignment.class.name == "A"`, Yes},
		{django + "def g():\n  DEBUG = True", `assignment.settings_of == "" && assignment.function.name == "g"`, Yes},
		{"import flask\napp = flask.Flask('a')\napp.config['DEBUG'] = 1", `assignment.name == "DEBUG" && assignment.receiver.text == "app.config"`, Yes},
		{"import ssl\nc = ssl.SSLContext()\nc.check_hostname = False", `assignment.name == "check_hostname" && assignment.receiver.is_a("ssl.SSLContext")`, Yes},
		{"x = {'a': [y, 'b']}", `assignment.value.item("a").items.exists(i, i.string == "b")`, Yes},
		{"x = {'a': ['b']}", `assignment.value.item("a").items.exists(i, i.string == "b")`, Yes},
		{"x = dict(a=1)", `assignment.value.item("b").missing`, Yes},
		{"x = 1", `assignment.receiver.missing`, Yes},
	} {
		file, n := node[*syntax.Assign](t, c.code)
		holds(t, file, n, "assignments", c.where, c.want)
	}
}
