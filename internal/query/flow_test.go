package query

import "testing"

const head = "import ssl, smtplib\nfrom lib import f\n"

func TestAttributes(t *testing.T) {
	none := `call.arg(0).attr("verify_mode").is("ssl.CERT_NONE")`
	missing := `call.arg(0).attr("verify_mode").missing`
	answers(t, []question{
		{head + "c = ssl.SSLContext()\nc.verify_mode = ssl.CERT_NONE\nf(c)", none, Yes},
		{head + "c = ssl.SSLContext()\nf(c)\nc.verify_mode = ssl.CERT_NONE", none, No},
		{head + "c = ssl.SSLContext()\nf(c)\nc.verify_mode = ssl.CERT_NONE", missing, Yes},
		{head + "c = ssl.SSLContext()\nc.verify_mode = ssl.CERT_NONE\nc.verify_mode = ssl.CERT_REQUIRED\nf(c)", none, No},
		{head + "def g():\n  c = ssl.SSLContext()\n  d = c\n  d.verify_mode = ssl.CERT_NONE\n  f(c)", none, Yes},
		{head + "def g():\n  c = ssl.SSLContext()\n  setattr(c, 'verify_mode', ssl.CERT_NONE)\n  f(c)", none, Yes},
		{head + "def g(name):\n  c = ssl.SSLContext()\n  setattr(c, name, ssl.CERT_NONE)\n  f(c)", none, Unknown},
		{head + "def g():\n  c = ssl.SSLContext()\n  setattr(c, 'other', 1)\n  f(c)", missing, Yes},
		// Ways that part and meet.
		{head + "def g(x):\n  c = ssl.SSLContext()\n  if x:\n    c.verify_mode = ssl.CERT_NONE\n  f(c)", none, Unknown},
		{head + "def g(x):\n  c = ssl.SSLContext()\n  if x:\n    c.verify_mode = ssl.CERT_NONE\n  else:\n    c.verify_mode = ssl.CERT_NONE\n  f(c)", none, Yes},
		{head + "def g(x):\n  c = ssl.SSLContext()\n  if x:\n    c.verify_mode = ssl.CERT_NONE\n    return\n  f(c)", none, No},
		{head + "def g(x):\n  c = ssl.SSLContext()\n  c.verify_mode = ssl.CERT_NONE if x else ssl.CERT_REQUIRED\n  f(c)", none, Unknown},
		{head + "def g(x):\n  if x:\n    c = ssl.SSLContext()\n  else:\n    c = ssl.create_default_context()\n  c.verify_mode = ssl.CERT_NONE\n  f(c)", none, Yes},
		{head + "def g(x):\n  if x:\n    c = ssl.SSLContext()\n    c.verify_mode = ssl.CERT_NONE\n  else:\n    c = ssl.create_default_context()\n    c.verify_mode = ssl.CERT_NONE\n  f(c)", none, Yes},
		{head + "def g(x):\n  if x:\n    c = ssl.SSLContext()\n    c.verify_mode = ssl.CERT_NONE\n  else:\n    c = ssl.create_default_context()\n  f(c)", none, Unknown},
		{head + "def g(xs):\n  c = ssl.SSLContext()\n  for x in xs:\n    f(c)\n    c.verify_mode = ssl.CERT_NONE", none, Unknown},
		{head + "def g(xs):\n  for x in xs:\n    c = ssl.SSLContext()\n    f(c)\n    c.verify_mode = ssl.CERT_NONE", none, No},
		{head + "def g():\n  try:\n    c = ssl.SSLContext()\n    c.verify_mode = ssl.CERT_NONE\n  finally:\n    pass\n  f(c)", none, Yes},
		{head + "def g():\n  c = ssl.SSLContext()\n  try:\n    h()\n    c.verify_mode = ssl.CERT_NONE\n  except E:\n    f(c)", none, Unknown},
		{head + "def g():\n  c = ssl.SSLContext()\n  del c.verify_mode\n  f(c)", missing, Yes},
		// What may be anything.
		{head + "def g(c):\n  f(c)", none, Unknown},
		{head + "def g(c):\n  c.verify_mode = ssl.CERT_NONE\n  f(c)", none, Yes},
		{head + "def g():\n  c = ssl.SSLContext()\n  unknown(c)\n  f(c)", missing, Unknown},
		{head + "def g():\n  c = ssl.SSLContext()\n  unknown(c)\n  c.verify_mode = ssl.CERT_NONE\n  f(c)", none, Yes},
		{head + "def g():\n  c = ssl.SSLContext()\n  print(c)\n  f(c)", missing, Yes},
		{head + "def tune(c): c.verify_mode = ssl.CERT_NONE\ndef g():\n  c = ssl.SSLContext()\n  tune(c)\n  f(c)", missing, Unknown},
		{head + "def g(o):\n  c = ssl.SSLContext()\n  o.c = c\n  o.start()\n  f(c)", missing, Unknown},
		{head + "def g(o):\n  c = ssl.SSLContext()\n  o.start()\n  o.c = c\n  f(c)", missing, Yes},
		{head + "def g():\n  c = make()\n  f(c)", missing, Unknown},
		{head + "def make(): return ssl.SSLContext()\ndef g():\n  c = make()\n  f(c)", missing, Unknown},
		// A class of the project may set it itself.
		{head + "class C(ssl.SSLContext):\n  def __init__(self):\n    self.verify_mode = ssl.CERT_NONE\nc = C()\nf(c)", missing, Unknown},
		{head + "class C(ssl.SSLContext):\n  pass\nc = C()\nf(c)", missing, Yes},
		// Kept in self, in the module, in an outer function.
		{head + "class A:\n  def g(self):\n    self.c = ssl.SSLContext()\n    self.c.verify_mode = ssl.CERT_NONE\n    f(self.c)", none, Yes},
		{head + "class A:\n  def g(self):\n    c = self.c = ssl.SSLContext()\n    c.verify_mode = ssl.CERT_NONE\n    f(self.c)", none, Yes},
		{head + "class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n    self.c.verify_mode = ssl.CERT_NONE\n  def g(self):\n    f(self.c)", none, Yes},
		{head + "class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n  def g(self):\n    f(self.c)", missing, Yes},
		{head + "class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n  def open(self):\n    self.c.verify_mode = ssl.CERT_NONE\n  def g(self):\n    f(self.c)", missing, Unknown},
		{head + "class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n  def g(self):\n    self.c.verify_mode = ssl.CERT_NONE\n    f(self.c)", none, Yes},
		{head + "class A:\n  def __init__(self, c):\n    self.c = c\n  def g(self):\n    f(self.c)", missing, Unknown},
		{head + "class A:\n  def __init__(self):\n    self.c = ssl.SSLContext()\n  def again(self):\n    self.c = other()\n  def g(self):\n    f(self.c)", missing, Unknown},
		{head + "c = ssl.SSLContext()\nc.verify_mode = ssl.CERT_NONE\ndef g():\n  f(c)", none, Yes},
		{head + "c = ssl.SSLContext()\ndef g():\n  f(c)", missing, Yes},
		{head + "c = ssl.SSLContext()\ndef h():\n  c.verify_mode = ssl.CERT_NONE\ndef g():\n  f(c)", missing, Unknown},
		{head + "def o():\n  c = ssl.SSLContext()\n  c.verify_mode = ssl.CERT_NONE\n  def g():\n    f(c)\n  return g", none, Yes},
	})
}

func TestFlags(t *testing.T) {
	flag := `call.arg(0).flag("options", "ssl.OP_NO_TLSv1")`
	make := head + "def g(x):\n  c = ssl.SSLContext()\n"
	answers(t, []question{
		{make + "  c.options |= ssl.OP_NO_TLSv1\n  f(c)", flag, Yes},
		{make + "  c.options |= ssl.OP_NO_SSLv3 | ssl.OP_NO_TLSv1\n  f(c)", flag, Yes},
		{make + "  c.options |= ssl.OP_NO_TLSv1\n  c.options |= ssl.OP_NO_SSLv3\n  f(c)", flag, Yes},
		{make + "  c.options |= ssl.OP_NO_SSLv3\n  f(c)", flag, No},
		{make + "  c.options |= ssl.OP_NO_TLSv1\n  c.options &= ~ssl.OP_NO_TLSv1\n  f(c)", flag, No},
		{make + "  c.options |= ssl.OP_NO_TLSv1\n  c.options &= ~ssl.OP_NO_SSLv3\n  f(c)", flag, Yes},
		{make + "  c.options = ssl.OP_NO_TLSv1 | ssl.OP_NO_SSLv3\n  f(c)", flag, Yes},
		{make + "  c.options |= x\n  f(c)", flag, Unknown},
		{make + "  if x:\n    c.options |= ssl.OP_NO_TLSv1\n  f(c)", flag, Unknown},
		{make + "  f(c)", flag, No},
	})
}

func TestCallsOf(t *testing.T) {
	code := "from lib import f\nimport xml.sax\nfrom xml.sax.handler import feature_external_ges as ges\ndef g(x):\n  p = xml.sax.make_parser()\n"
	set := `call.arg(0).calls("setFeature").exists(c, c.arg(0).is("xml.sax.handler.feature_external_ges") && c.arg(1).is_true)`
	answers(t, []question{
		{code + "  p.setFeature(ges, True)\n  f(p)", set, Yes},
		{code + "  p.setFeature(ges, False)\n  f(p)", set, No},
		{code + "  f(p)\n  p.setFeature(ges, True)", set, No},
		{code + "  if x:\n    p.setFeature(ges, True)\n  f(p)", set, Yes},
		{code + "  tune(p)\n  f(p)", set, Unknown},
		{code + "  p.setFeature(x, True)\n  p.setFeature(ges, True)\n  f(p)", `call.arg(0).calls("setFeature").size() == 2`, Yes},
	})
}

func TestItems(t *testing.T) {
	item := func(what string) string { return `call.arg(0).item("K").` + what }
	answers(t, []question{
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  f(d)", item("int == 1"), Yes},
		{"def g(x):\n  d = {'a': x}\n  d['K'] = 2\n  f(d)", item("int == 2"), Yes},
		{"def g(x):\n  d = {'a': x}\n  d['J'] = 2\n  f(d)", item("missing"), Yes},
		{"def g(x):\n  d = {'a': x}\n  d[x] = 2\n  f(d)", item("missing"), Unknown},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  d.update(K=3)\n  f(d)", item("int == 3"), Yes},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  d.update({'K': 3})\n  f(d)", item("int == 3"), Yes},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  d.update(J=3)\n  f(d)", item("int == 1"), Yes},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  d.update(x)\n  f(d)", item("int == 1"), Unknown},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  d.pop('K')\n  f(d)", item("missing"), Yes},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  del d['K']\n  f(d)", item("missing"), Yes},
		{"def g(x):\n  d = {'K': 1, 'a': x}\n  d.get('K')\n  f(d)", item("int == 1"), Yes},
		{"def g(x):\n  d = dict(K=1, a=x)\n  f(d)", item("int == 1"), Yes},
		{"def g(x):\n  d = dict(x, K=1)\n  f(d)", item("int == 1"), Yes},
		{"def g(x):\n  d = dict(x)\n  f(d)", item("missing"), Unknown},
		{"def g(x):\n  e = {'K': 1}\n  d = {'a': x, **e}\n  f(d)", item("int == 1"), Yes},
		{"def g(x):\n  e = {'K': 1}\n  d = {**e, 'K': 2, 'a': x}\n  f(d)", item("int == 2"), Yes},
		{"def g(x):\n  if x:\n    d = {'K': 1}\n  else:\n    d = {'K': 2}\n  f(d)", item("values.all(v, v > 0)"), Yes},
		{"def g(x):\n  d = {}\n  if x:\n    d['K'] = 1\n  f(d)", item("int == 1"), Unknown},
		{"def g(x):\n  f({'K': {'L': x, 'M': 1}})", `call.arg(0).item("K").item("M").int == 1`, Yes},
		{"class A:\n  def g(self, x):\n    self.d = {'a': x}\n    self.d['K'] = 1\n    f(self.d)", item("int == 1"), Yes},
		{"import flask\nfrom lib import f\napp = flask.Flask(__name__)\napp.config['K'] = 'x'\nf(app)", `call.arg(0).attr("config").item("K").string == "x"`, Yes},
		{"import flask\nfrom lib import f\napp = flask.Flask(__name__)\nf(app)", `call.arg(0).attr("config").item("K").missing`, Yes},
		{"import flask\nfrom lib import f\napp = flask.Flask(__name__)\napp.config.from_object(x)\nf(app)", `call.arg(0).attr("config").item("K").missing`, Unknown},
		{"import flask\nfrom lib import f\ndef make():\n  app = flask.Flask(__name__)\n  app.config['K'] = 'x'\n  f(app)\n  return app", `call.arg(0).attr("config").item("K").string == "x"`, Yes},
		{"import flask\nfrom lib import f\ndef make():\n  app = flask.Flask(__name__)\n  app.config.update(K='x')\n  f(app)\n  return app", `call.arg(0).attr("config").item("K").string == "x"`, Yes},
	})
}

func TestCalled(t *testing.T) {
	tls := `call.receiver.called("starttls")`
	answers(t, []question{
		{head + "s = smtplib.SMTP('h')\ns.starttls()\ns.login('u', 'p')", tls, Yes},
		{head + "s = smtplib.SMTP('h')\ns.login('u', 'p')", tls, No},
		{head + "s = smtplib.SMTP('h')\ns.login('u', 'p')\ns.starttls()", tls, No},
		{head + "def g(x):\n  s = smtplib.SMTP('h')\n  if x:\n    s.starttls()\n  s.login('u', 'p')", tls, Unknown},
		{head + "def g(x):\n  s = smtplib.SMTP('h')\n  s.ehlo()\n  if s.has_extn('STARTTLS'):\n    s.starttls()\n    s.ehlo()\n    s.login('u', 'p')", tls, Yes},
		{head + "with smtplib.SMTP('h') as s:\n  s.starttls()\n  s.login('u', 'p')", tls, Yes},
		{head + "with smtplib.SMTP('h') as s:\n  s.login('u', 'p')", tls, No},
		{head + "def g():\n  with smtplib.SMTP('h') as s:\n    s.login('u', 'p')", tls, No},
		{head + "def g(s: smtplib.SMTP):\n  s.login('u', 'p')", tls, Unknown},
		{head + "class M:\n  def __init__(self):\n    self.s = smtplib.SMTP('h')\n    self.s.starttls()\n  def send(self):\n    self.s.login('u', 'p')", tls, Yes},
		{head + "class M:\n  def __init__(self):\n    self.s = smtplib.SMTP('h')\n  def secure(self):\n    self.s.starttls()\n  def send(self):\n    self.s.login('u', 'p')", tls, Unknown},
		{head + "class M:\n  def __init__(self):\n    self.s = smtplib.SMTP('h')\n  def send(self):\n    self.s.login('u', 'p')", tls, No},
		{head + "class M:\n  def send(self):\n    self.s = smtplib.SMTP('h')\n    self.secure()\n    self.s.login('u', 'p')\n  def secure(self):\n    self.s.starttls()", tls, Unknown},
		{head + "def secure(s):\n  s.starttls()\ndef g():\n  s = smtplib.SMTP('h')\n  secure(s)\n  s.login('u', 'p')", tls, Unknown},
		{head + "smtplib.SMTP('h').login('u', 'p')", tls, No},
	})
}
