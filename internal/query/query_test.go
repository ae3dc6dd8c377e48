package query

import (
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// load is a program of files given as "name: text" pairs; the module of the first.
func load(t testing.TB, text string, others ...string) *program.Module {
	t.Helper()
	p := program.New(program.Options{})
	m := p.Add(source.New("app.py", text))
	for i := 0; i+1 < len(others); i += 2 {
		p.Add(source.New(others[i], others[i+1]))
	}
	p.Link()
	if len(m.Tree.Errors) > 0 {
		t.Fatalf("%q does not parse: %v", text, m.Tree.Errors[0])
	}
	return m
}

// lastCall is the last call in a module, by place, of something with a name.
func lastCall(t testing.TB, m *program.Module, of ...string) syntax.Node {
	t.Helper()
	var found syntax.Node
	for _, s := range m.Tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			if c, ok := n.(*syntax.Call); ok && (found == nil || c.Span().Start > found.Span().Start) {
				m.EachCallee(c.Func, func(q string) bool {
					if matchesAny(of, q) {
						found = c
					}
					return found != c
				})
			}
			return true
		})
	}
	if found == nil {
		t.Fatalf("no call of %v in:\n%s", of, m.File.Text)
	}
	return found
}

func outcome(t testing.TB, m *program.Module, n syntax.Node, over, where string) Fact {
	t.Helper()
	q := New(Spec{Over: over, Where: where})
	if err := q.Check(); len(err) > 0 {
		t.Fatalf("%s: %s", where, err[0].Message)
	}
	return q.Eval(NewFile(m, nil), n).Holds
}

func (f Fact) String() string { return [...]string{"no", "yes", "unknown"}[f] }

// A question is a program whose last call of f is asked about.
type question struct {
	code  string
	where string
	want  Fact
}

func answers(t *testing.T, list []question) {
	t.Helper()
	for _, q := range list {
		code := q.code
		if !strings.Contains(code, "import") {
			code = "from lib import f\n" + code
		}
		m := load(t, code)
		if got := outcome(t, m, lastCall(t, m, "lib.f", "subprocess.run", "requests.*", "smtplib.SMTP.login", "app.own"), "calls", q.where); got != q.want {
			t.Errorf("%s\n  of %s\n  is %v, want %v", q.where, strings.ReplaceAll(q.code, "\n", "\n     "), got, q.want)
		}
	}
}

func TestArguments(t *testing.T) {
	answers(t, []question{
		{"f(verify=False)", `call.arg("verify").is_false`, Yes},
		{"f(verify=True)", `call.arg("verify").is_false`, No},
		{"def g(v):\n  f(verify=v)", `call.arg("verify").is_false`, Unknown},
		{"f()", `call.arg("verify").is_false`, No},
		{"f()", `call.arg("verify").missing`, Yes},
		{"f()", `call.arg("verify").default(false).is_false`, Yes},
		{"f(verify=True)", `call.arg("verify").default(false).is_false`, No},
		{"f(1, 2)", `call.arg(1).value == 2`, Yes},
		{"f(1)", `call.arg(1).value == 2`, No},
		{"f(1)", `call.arg(1).value == null`, No}, // not given is not None
		{"f(1, None)", `call.arg(1).value == null`, Yes},
		{"f(1, 2)", `call.arg(1, "x").value == 2`, Yes},
		{"f(1, x=2)", `call.arg(1, "x").value == 2`, Yes},

		// Unpacked.
		{"f(*(1, 2))", `call.arg(1).value == 2`, Yes},
		{"rest = [2, 3]\nf(1, *rest)", `call.arg(2).value == 3`, Yes},
		{"def g(rest):\n  f(1, *rest)", `call.arg(1).given`, Unknown},
		{"def g(rest):\n  f(1, *rest)", `call.arg(0).value == 1`, Yes},
		{"def g(rest):\n  f(*rest, 5)", `call.arg(0).value == 5`, Unknown},
		{"f(**{'verify': False})", `call.arg("verify").is_false`, Yes},
		{"f(**dict(verify=False))", `call.arg("verify").is_false`, Yes},
		{"o = dict(verify=False)\nf(**o)", `call.arg("verify").is_false`, Yes},
		{"def g(x):\n  o = {'verify': False, 'url': x}\n  f(**o)", `call.arg("verify").is_false`, Yes},
		{"def g(x):\n  o = {'verify': False, 'url': x}\n  o['verify'] = True\n  f(**o)", `call.arg("verify").is_true`, Yes},
		{"def g(x):\n  o = {'verify': False, 'url': x}\n  o.update(x)\n  f(**o)", `call.arg("verify").is_false`, Unknown},
		{"def g(x):\n  o = {'url': x, **{'verify': False}}\n  f(**o)", `call.arg("verify").is_false`, Yes},
		{"def g(x):\n  f(**{'url': x, x: 1})", `call.arg("verify").missing`, Unknown},
		{"def g(**o):\n  f(**o)", `call.arg("verify").is_false`, Unknown},
		{"def g(**o):\n  f(verify=False, **o)", `call.arg("verify").is_false`, Yes},
		{"def g(**o):\n  f(**o)", `"verify" in call.keywords`, Unknown},
		{"f(a=1, b=2)", `call.keywords == ["a", "b"]`, Yes},

		// Parameters that are known.
		{"import subprocess\nsubprocess.run('ls', -1, None, None, None, None, None, True, True)", `call.arg("shell").is_true`, Yes},
		{"import subprocess\nsubprocess.run(args='ls')", `call.arg(0).string == "ls"`, Yes},
		{"import smtplib\nsmtplib.SMTP('h').login('u', 'p')", `call.arg("password").string == "p"`, Yes},
		{"import smtplib\nsmtplib.SMTP.login(smtplib.SMTP('h'), 'u', 'p')", `call.arg("password").string == "p"`, Yes},
		{"import lib\ndef own(a, b, *, c=1): pass\nown(1, 2, c=3)", `call.arg("b").value == 2 && call.arg("c").value == 3`, Yes},
		{"import lib\ndef own(a, b, *, c=1): pass\nown(1, 2)", `call.arg("c").missing`, Yes},
	})
}

func TestConstants(t *testing.T) {
	answers(t, []question{
		{"f(0o7 << 6 | 7)", `call.arg(0).int == 455`, Yes},
		{"MODE = 0o777\nm = MODE & ~0o022\nf(m)", `call.arg(0).int == 493`, Yes},
		{"f(1 << 200)", `call.arg(0).value > 1000`, Yes},
		{"for v in xs:\n  f(v)", `call.arg(0).int == 1`, Unknown},
		{"f('a')", `call.arg(0).int < 5`, No},
		{"f('a')", `call.arg(0).value < 5`, No},
		{"f('MD5')", `call.arg(0).lower == "md5"`, Yes},
		{"f(b'abc')", `call.arg(0).string == "abc"`, Yes},
		{"f([1, 'a', None])", `call.arg(0).value == [1, "a", null]`, Yes},
		{"f({'a': {'b': 1}})", `call.arg(0).value.a.b == 1`, Yes},
		{"f({b'a': 1, (1, 2): 3})", `call.arg(0).value.a == 1`, Unknown},
		{"f(False)", `call.arg(0).falsy`, Yes}, {"f(None)", `call.arg(0).falsy`, Yes}, {"f(0)", `call.arg(0).falsy`, Yes},
		{"f(0.0)", `call.arg(0).falsy`, Yes}, {"f('')", `call.arg(0).falsy`, Yes}, {"f(b'')", `call.arg(0).falsy`, Yes},
		{"f([])", `call.arg(0).falsy`, Yes}, {"f({})", `call.arg(0).falsy`, Yes}, {"f(())", `call.arg(0).falsy`, Yes},
		{"f('no')", `call.arg(0).falsy`, No}, {"f([x])", `call.arg(0).falsy`, No}, {"f(lambda: 0)", `call.arg(0).truthy`, Yes},
		{"f(f'a{x}')", `call.arg(0).truthy`, Yes}, {"f(x)", `call.arg(0).truthy`, Unknown},
		{"f()", `call.arg(0).falsy`, No}, {"f()", `call.arg(0).truthy`, No},
		{"f(x())", `call.arg(0).is_known`, No}, {"f(1)", `call.arg(0).is_known`, Yes},
		{"f(lambda: 0)", `call.arg(0).is_none`, No}, {"f(x)", `call.arg(0).is_none`, Unknown},
	})
}

func TestAmbiguous(t *testing.T) {
	two := "def g(c):\n  v = 1\n  if c:\n    v = 2\n  f(v)"
	answers(t, []question{
		{two, `call.arg(0).value == 1`, Unknown},
		{two, `call.arg(0).is_known`, No},
		{two, `call.arg(0).values == [1, 2] || call.arg(0).values == [2, 1]`, Yes},
		{two, `call.arg(0).values.all(v, v < 5)`, Yes},
		{two, `call.arg(0).may_be(2)`, Yes},
		{two, `call.arg(0).may_be(3)`, No},
		{"def g(c, d):\n  v = d\n  if c:\n    v = 2\n  f(v)", `call.arg(0).may_be(3)`, Unknown},
		{"def g(c, d):\n  v = d\n  if c:\n    v = 2\n  f(v)", `call.arg(0).values.size() > 0`, Unknown},
		{"def g(c):\n  f(0 if c else '')", `call.arg(0).falsy`, Yes},
		{"def g(c):\n  f(0 if c else 1)", `call.arg(0).falsy`, Unknown},
		{"def g(c):\n  if c:\n    v = False\n  else:\n    v = None\n  f(v)", `call.arg(0).falsy`, Yes},
	})
}

// Three-valued logic is CEL's own; this holds it.
func TestLogic(t *testing.T) {
	yes, no, open := `call.arg(0).is_true`, `call.arg(1).is_true`, `call.arg(2).is_true`
	code := "def g(x):\n  f(True, False, x)"
	answers(t, []question{
		{code, yes, Yes}, {code, no, No}, {code, open, Unknown},
		{code, open + " && " + no, No}, {code, no + " && " + open, No}, {code, open + " && " + yes, Unknown},
		{code, open + " || " + yes, Yes}, {code, yes + " || " + open, Yes}, {code, open + " || " + no, Unknown},
		{code, "!" + open, Unknown}, {code, "!(" + open + " && " + no + ")", Yes}, {code, open + " ? true : true", Unknown},
		{code, "[" + open + ", true].exists(x, x)", Unknown},
		{code, "call.args.exists(a, a.is_true)", Yes}, {code, "call.args.all(a, a.is_true)", No},
		{code, "call.args.exists(a, a.is_none)", Unknown},
		{code, "call.arg(2).string.startsWith('a')", Unknown}, {code, "call.arg(2).value in [1, 2]", Unknown},
		{code, "call.arg(2).call.arg(0).is_true", Unknown}, {code, "call.arg(2).items.size() == 1", Unknown},
		{code, "same(call.arg(2), call.arg(2))", Yes},
		// What cannot be asked of a value does not hold of it, and neither does its opposite.
		{code, "call.arg(0).string == 'a'", No}, {code, "!(call.arg(0).string == 'a')", No}, {code, "call.arg(0).string == 'a' || true", Yes},
	})
}

func TestValues(t *testing.T) {
	answers(t, []question{
		{"import smtplib\ndef g(s: smtplib.SMTP):\n  s.login('u', 'p')", `call.receiver.is_a("smtplib.SMTP")`, Yes},
		{"import smtplib\nclass S(smtplib.SMTP): pass\nS('h').login('u', 'p')", `call.receiver.is_a("smtplib.SMTP")`, Yes},
		{"import smtplib\nwith smtplib.SMTP('h') as s:\n  s.login('u', 'p')", `call.receiver.type == "smtplib.SMTP"`, Yes},
		{"import smtplib\nsmtplib.SMTP_SSL('h').login('u', 'p')", `call.calls("smtplib.SMTP.login") && call.receiver.is_a("smtplib.SMTP_SSL")`, Yes},
		{"f('a')", `call.arg(0).is_a("str")`, Yes}, {"f(x)", `call.arg(0).is_a("str")`, Unknown}, {"f(1)", `call.arg(0).is_a("str")`, No},
		{"import ssl\nfrom lib import f\nf(ssl.CERT_NONE)", `call.arg(0).is("ssl.CERT_NONE")`, Yes},
		{"import ssl\nfrom lib import f\nf(ssl.CERT_REQUIRED)", `call.arg(0).is("ssl.CERT_NONE")`, No},
		{"from ssl import CERT_NONE as C\nfrom lib import f\nmode = C\nf(mode)", `call.arg(0).is("ssl.CERT_NONE")`, Yes},
		{"f(x)", `call.arg(0).is("ssl.CERT_NONE")`, Unknown}, {"f(0)", `call.arg(0).is("ssl.CERT_NONE")`, No},
		{"import os\nfrom lib import f\niv = os.urandom(16)\nf(iv)", `call.arg(0).made_by("os.urandom")`, Yes},
		{"import os\nfrom lib import f\nf(b'0')", `call.arg(0).made_by("os.urandom")`, No},
		{"f(x)", `call.arg(0).made_by("os.urandom")`, Unknown},
		{"import os\nfrom lib import f\ndef salt(): return os.urandom(16)\nf(salt())", `call.arg(0).made_by("os.urandom")`, Yes},
		{"import os\nfrom lib import f\ndef salt(): return read()\nf(salt())", `call.arg(0).made_by("os.urandom")`, Unknown},
		{"import os\nfrom lib import f\ndef salt(): return salt()\nf(salt())", `call.arg(0).made_by("os.urandom")`, Unknown},
		{"import random\nfrom lib import f\nf(random.random())", `call.arg(0).made_by("os.urandom")`, No},
		{"import conf\nfrom lib import f\nf(conf.MODE)", `call.arg(0).is("ssl.CERT_NONE")`, Unknown},
		{"from OpenSSL import SSL\nfrom lib import f\nf(SSL.VERIFY_NONE)", `call.arg(0).is("OpenSSL.SSL.VERIFY_PEER")`, No},
		{"import hashlib\nfrom lib import f\nh = hashlib.new('md5')\nf(h)", `call.arg(0).call.arg(0).string == "md5"`, Yes},
		{"def g(a):\n  b = a\n  f(b)", `call.arg(0).from_parameter`, Yes},
		{"def g(a):\n  f(a)\n  a = a.strip()", `call.arg(0).from_parameter`, Yes},
		{"def g(a):\n  a = a.strip()\n  f(a)", `call.arg(0).from_parameter`, No},
		{"f(f'http://{h}/')", `call.arg(0).prefix.startsWith("http://")`, Yes}, {"f('http://' + h)", `call.arg(0).prefix == "http://"`, Yes},
		{"f('http://%s' % h)", `call.arg(0).prefix == "http://"`, Yes}, {"f('http://{}'.format(h))", `call.arg(0).prefix == "http://"`, Yes},
		{"u = f'http://{h}'\nf(u)", `call.arg(0).prefix == "http://"`, Yes}, {"f(h + '/')", `call.arg(0).prefix == ""`, Yes},
		{"f(['HS256', 'none'])", `call.arg(0).items.exists(a, a.string == "none")`, Yes},
		{"f(['HS256', x])", `call.arg(0).items.exists(a, a.string == "none")`, Unknown},
		{"f(['none', x])", `call.arg(0).items.exists(a, a.string == "none")`, Yes},
		{"f(o={'verify_signature': False, 'x': y})", `call.arg("o").item("verify_signature").is_false`, Yes},
		{"f(o={'x': y})", `call.arg("o").item("verify_signature").missing`, Yes},
		{"f(o={'x': False})", `call.arg("o").item("x").is_false`, Yes},
		{"f(y + 1)", `call.arg(0).kind == "operation"`, Yes}, {"f(a.b)", `call.arg(0).text == "a.b"`, Yes},
	})
}

func TestData(t *testing.T) {
	doc := "import json\nfrom lib import f\ndef g(arn):\n  f(policy=json.dumps({'Statement': [{'Effect': 'Allow', 'Action': '*', 'Resource': arn}]}))"
	answers(t, []question{
		{doc, `call.arg("policy").data.Statement[0].Action == "*"`, Yes},
		{doc, `call.arg("policy").data.Statement[0].Resource == "*"`, Unknown},
		{doc, `call.arg("policy").data.Statement.exists(s, s.Effect == "Deny")`, No},
		{strings.Replace(doc, "arn}", "'*'}", 1), `"admin" in iam(call.arg("policy").data)`, Yes},
		{doc, `"admin" in iam(call.arg("policy").data)`, No},
		{"def g(x):\n  d = {'a': x}\n  d['a'] = 1\n  f(d)", `call.arg(0).data.a == 1`, Unknown},
	})
}

func TestSame(t *testing.T) {
	answers(t, []question{
		{"def g(p):\n  f(p, p)", `same(call.arg(0), call.arg(1))`, Yes},
		{"def g(p):\n  s = p\n  f(p, s)", `same(call.arg(0), call.arg(1))`, Yes},
		{"def g(p, q):\n  f(p, q)", `same(call.arg(0), call.arg(1))`, Unknown},
		{"def g(p):\n  s = p\n  p = h()\n  f(p, s)", `same(call.arg(0), call.arg(1))`, Unknown},
		{"f('a', 'a')", `same(call.arg(0), call.arg(1))`, Yes}, {"f('a', 'b')", `same(call.arg(0), call.arg(1))`, No},
		{"class A:\n  def g(self):\n    f(self.p, self.p)", `same(call.arg(0), call.arg(1))`, Yes},
		{"class A:\n  def g(self):\n    f(self.p, self.q)", `same(call.arg(0), call.arg(1))`, Unknown},
		{"f(g().a, g().a)", `same(call.arg(0), call.arg(1))`, Unknown},
		{"f(g(), g())", `same(call.arg(0), call.arg(1))`, Unknown}, {"f(1)", `same(call.arg(0), call.arg(1))`, No},
	})
}

func TestFunctions(t *testing.T) {
	answers(t, []question{
		{"f('sk_live_9aK2mQ8xR7vT3nB6wZ1p')", `secret(call.arg(0).string)`, Yes},
		{"f('please change me later on')", `secret(call.arg(0).string)`, No},
		{"f(x)", `secret(call.arg(0).string)`, Unknown},
		{"f('your-token-here')", `placeholder(call.arg(0).string)`, Yes}, {"f('hunter2')", `placeholder(call.arg(0).string)`, No},
		{"f(r'(a+)+$')", `redos(call.arg(0).string, "match") == "exponential"`, Yes}, {"f(r'a+$')", `redos(call.arg(0).string, "match") == "linear"`, Yes},
		{"f(r'(a+)+$')", `redos_exponential(call.arg(0).string, "re.match")`, Yes}, {"f(r'a+$')", `redos_exponential(call.arg(0).string, "re.match")`, No},
		{"f(x)", `redos(call.arg(0).string, "match") == "exponential"`, Unknown},
		{"f('ALL:!aNULL')", `"RC4" in ciphers(call.arg(0).string)`, Yes}, {"f('HIGH:!aNULL')", `ciphers(call.arg(0).string).size() > 0`, No},
		{"f('0.0.0.0')", `address(call.arg(0).string) == "any"`, Yes}, {"f('http://0xa9fea9fe/x')", `address(url_host(call.arg(0).string)) == "metadata"`, Yes},
		{"f('0.0.0.0/0')", `open_cidr(call.arg(0).string)`, Yes}, {"f('10.0.0.0/8')", `cidr_contains(call.arg(0).string, "10.1.2.3")`, Yes},
		{"f(20, 30)", `sensitive_ports(call.arg(0).int, call.arg(1).int) == ["FTP", "SSH", "Telnet"]`, Yes},
		{"f(443, 443)", `sensitive_ports(call.arg(0).int, call.arg(1).int).size() == 0`, Yes}, {"f(x, 443)", `sensitive_ports(call.arg(0).int, call.arg(1).int).size() == 0`, Unknown},
		{"f({'Statement': [{'Effect': 'Allow', 'Action': ['*'], 'Resource': '*'}]})", `"admin" in iam(call.arg(0).value)`, Yes},
		{`f('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')`, `iam(call.arg(0).value) == ["admin"]`, Yes},
		{"f({'Statement': [{'Effect': 'Deny', 'Action': ['*'], 'Resource': '*'}]})", `iam(call.arg(0).value).size() == 0`, Yes},
		{"f({'Statement': [{'Effect': 'Allow', 'Action': x, 'Resource': '*'}]})", `"admin" in iam(call.arg(0).value)`, Unknown},
	})
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ where, want string }{
		{`call.arg("x").is_flase`, "did you mean `is_false`?"},
		{`cal.callee == "x"`, "did you mean `call`?"},
		{`call.callee`, "write an expression that gives true or false"},
		{`call.arg(true).is_true`, "`call.arg(name: string)`"},
		{`call.arg("x"`, "is no CEL expression"},
		{`is_true`, "belongs to something"},
		{`call.arg("x").is_true + 1`, "the operator"},
		{`same(call.arg(0), 1)`, "`same(a: Value, b: Value)`"},
		{strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100), "recursion"},
		{strings.Repeat("true && ", 3000) + "true", "size"},
	} {
		err := New(Spec{Over: "calls", Where: c.where}).Check()
		if len(err) != 1 || !strings.Contains(err[0].Message, c.want) {
			t.Errorf("%.60s: %v, want one with %q", c.where, err, c.want)
		}
	}
}

// Every member has a text and an example, and the example compiles.
func TestTable(t *testing.T) {
	check := func(name, doc, example string) {
		if !strings.HasSuffix(doc, ".") || example == "" {
			t.Errorf("%s lacks a text that ends with a full stop, or an example", name)
		}
		if _, err := parse(example, func(*cel.Type) bool { return true }, ""); err != nil {
			t.Errorf("%s: %s: %s", name, example, err.Message)
		}
		if !strings.Contains(example, name[strings.LastIndexByte(name, '.')+1:]) {
			t.Errorf("%s does not stand in its example %s", name, example)
		}
	}
	for _, typ := range Types() {
		for _, m := range typ.Members {
			check(typ.Name+"."+m.Name, m.Doc, m.Example)
		}
	}
	for _, f := range Functions {
		check(f.Name, f.Doc, f.Example)
	}
}

// An expression that would take too long ends at the bound of steps, and says so.
func TestBound(t *testing.T) {
	m := load(t, "from lib import f\nf()")
	list := "[" + strings.TrimSuffix(strings.Repeat("1,", 100), ",") + "]"
	q := New(Spec{Over: "calls", Where: list + ".all(a, " + list + ".all(b, " + list + ".all(c, " + list + ".all(d, a + b + c + d > 0))))"})
	out := q.Eval(NewFile(m, nil), lastCall(t, m, "lib.f"))
	if !out.Tired || out.Holds != No {
		t.Errorf("%v", out)
	}
}

func TestBind(t *testing.T) {
	m := load(t, "from lib import f\nALG = 'md' + '5'\nf(ALG, 1)")
	q := New(Spec{Over: "calls", Report: "call.arg(0)", Bind: []Bind{{"A", "call.arg(0)"}, {"N", "call.arg(1).int + 1"}, {"T", "call.arg(0).string"}, {"U", "call.arg(5).value"}}})
	out := q.Eval(NewFile(m, nil), lastCall(t, m, "lib.f"))
	if out.Holds != Yes || m.File.Slice(out.Span) != "ALG" {
		t.Errorf("%v at %q", out.Holds, m.File.Slice(out.Span))
	}
	var got []string
	for _, b := range out.Bound {
		got = append(got, b.Name+"="+b.Text+"="+b.Const)
	}
	if want := []string{"$A=ALG=md5", "$N=2=", "$T=md5=", "$U=="}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
