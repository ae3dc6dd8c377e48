package rule

import (
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/rules"
)

// loadText reads rules from text, as from a file of the user.
func loadText(t *testing.T, text string) Loaded {
	t.Helper()
	doc, err := parseYAML([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var l Loaded
	l.add("r.yaml", doc)
	return l
}

const queryHead = `rules:
- id: q
  languages: [python]
  severity: HIGH
  message: $ALG, value($ALG)
  mode: query
`

func TestQueryErrors(t *testing.T) {
	for _, c := range []struct{ rest, want string }{
		{"  of: [a.b]\n", "r.yaml:2: rule q: over: is missing: write what the query looks through"},
		{"  over: call\n  of: [a.b]\n", "r.yaml:7: rule q: over: \"call\" is no collection: did you mean `calls`?"},
		{"  over: things\n  of: [a.b]\n", "r.yaml:7: rule q: over: \"things\" is no collection: write one of"},
		{"  over: calls\n", "rule q: of: is missing"},
		{"  over: calls\n  of: ['a b']\n", "r.yaml:8: rule q: of: \"a b\" is not a dotted name"},
		{"  over: calls\n  of: [\"*.a.b\"]\n", "r.yaml:8: rule q: of: \"*.a.b\": * stands for all"},
		{"  over: calls\n  of: [a.b]\n  pattern: c()\n", "stands beside a pattern"},
		{"  over: calls\n  of: [a.b]\n  were: x\n", "r.yaml:9: rule q: were: is not known here: did you mean `where`?"},
		{"  over: calls\n  of: [a.b]\n  unknown: maybe\n", "r.yaml:9: rule q: unknown: \"maybe\" is not known"},
		{"  over: calls\n  of: [a.b]\n  bind: {low-er: call.arg(0)}\n", "r.yaml:9: rule q: bind: \"low-er\" is not a name"},
		{"  over: calls\n  of: [a.b]\n  where: call.arg(0).is_tru\n", "r.yaml:9: rule q: where: \"is_tru\" is not known: did you mean `is_true`?"},
		{"  over: calls\n  of: [a.b]\n  where: |\n    call.arg(0).is_true &&\n    call.arg(0).is_tru\n", "r.yaml:11: rule q: where: \"is_tru\""},
		{"  over: calls\n  of: [a.b]\n  report: \"'x'\"\n", "r.yaml:9: rule q: report: is of type string; write an expression that gives a thing of the code"},
	} {
		l := loadText(t, queryHead+c.rest)
		_, wrong := Compile(l.Rules)
		var all []string
		for _, e := range append(l.Errors, wrong...) {
			all = append(all, e.Error())
		}
		if len(all) != 1 || !strings.Contains(all[0], c.want) {
			t.Errorf("%s\n%q\nwant %q", c.rest, all, c.want)
		}
	}
}

// run is what a rule reports in a file: "line: message (confidence)".
func run(t *testing.T, set *Set, text string, unsure bool) (out []string) {
	t.Helper()
	p := program.New(program.Options{})
	m := p.Add(source.New("app.py", text))
	p.Link()
	set.Run(check.Unit{File: m.File, Module: m, Unsure: unsure}, func(f *finding.Finding) {
		line, _ := f.File.Position(f.Span.Start)
		out = append(out, strings.Join([]string{string(rune('0' + line)), f.Message, f.Confidence.String()}, " "))
	})
	return out
}

func TestQueryReports(t *testing.T) {
	l := loadText(t, queryHead+`  over: calls
  of: [hashlib.new]
  where: call.arg(0).lower == "md5"
  report: call.arg(0)
  bind: {ALG: call.arg(0)}
  unknown: audit
`)
	code := "import hashlib\nA = 'MD5'\nhashlib.new(\n  A)\nhashlib.new('sha256')\ndef f(x):\n  return hashlib.new(x)\n"
	for _, c := range []struct {
		profile Profile
		want    []string
	}{{Default, []string{"4 A, MD5 MEDIUM"}}, {Audit, []string{"4 A, MD5 MEDIUM", "7 x, x LOW"}}} {
		chosen, err := Choose(l.Rules, Choice{Profile: c.profile})
		if err != nil {
			t.Fatal(err)
		}
		set, wrong := Compile(chosen)
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		if got := run(t, set, code, c.profile >= Audit); !slices.EqualFunc(got, c.want, strings.EqualFold) {
			t.Errorf("%v: %q, want %q", c.profile, got, c.want)
		}
		if n := set.Unseen()["q"]; n != 1 {
			t.Errorf("%v: %d places not seen, want 1", c.profile, n)
		}
	}
}

// A query may stand on a pattern, whose metavariables its message has.
func TestQueryOfPattern(t *testing.T) {
	l := loadText(t, strings.Replace(queryHead, "$ALG, value($ALG)", "$F $N", 1)+`  over: calls
  pattern: $F(..., debug=$X, ...)
  where: call.arg("debug").truthy
  bind: {N: call.arg("port")}
`)
	set, wrong := Compile(l.Rules)
	if len(l.Errors)+len(wrong) > 0 {
		t.Fatal(l.Errors, wrong)
	}
	if got := run(t, set, "serve(debug=1, port=80)\nserve(debug=0)\n", false); !slices.Equal(got, []string{"1 serve 80 medium"}) {
		t.Errorf("%q", got)
	}
}

// The expressions of the pack are compiled when they are first needed, so that this is where wrong ones are told.
func TestPackQueries(t *testing.T) {
	l, err := LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range l.Rules {
		if r.Query == nil {
			continue
		}
		n++
		for _, e := range checkQuery(r) {
			t.Error(e)
		}
	}
	if n == 0 {
		t.Error("the pack has no query")
	}
}

// What each collection takes for the names of `of:`.
func TestQueryAnchors(t *testing.T) {
	for _, c := range []struct {
		over, of, where string
		code            string
		want            string // the lines
	}{
		{"calls", "smtplib.SMTP.login", "true", "import smtplib\ns = smtplib.SMTP()\ns.login()\nsmtplib.SMTP.login(s)\nwith smtplib.SMTP_SSL() as t:\n  t.login()\nx.login()\n", "346"},
		{"calls", "requests.*", "true", "import requests\nfrom requests import get as g\ng(1)\nrequests.post(2)\nother.get(3)\n", "34"},
		{"calls", "*.set_cookie", "true", "r.set_cookie()\nset_cookie()\na.b().set_cookie()\n", "13"},
		{"calls", "open", "true", "open(1)\nimport io\nio.open(2)\ndef f(open):\n  open(3)\n", "1"},
		{"calls", "functools.cache", "true", "import functools\n@functools.cache\ndef f(): pass\n", "2"},
		{"objects", "ssl.SSLContext", "true", "import ssl\nssl.SSLContext()\nclass C(ssl.SSLContext): pass\nC()\nD()\n", "24"},
		{"objects", "ssl.create_default_context", "object.attr('check_hostname').is_false", "import ssl\nc = ssl.create_default_context()\nc.check_hostname = False\nf(c)\n", "2"},
		{"functions", "django.views.decorators.csrf.csrf_exempt", "true", "from django.views.decorators.csrf import csrf_exempt as e\n@e\ndef f(r): pass\n@e()\ndef g(r): pass\n@h\n@e\ndef i(r): pass\ndef j(): pass\n", "358"},
		{"functions", "flask.Flask.route", "!def.compares('request.method')", "import flask\napp = flask.Flask(1)\n@app.route('/')\ndef f(): pass\n@app.route('/')\ndef g():\n  return request.method == 'GET'\n", "4"},
		{"functions", "*.route", "true", "@x.route('/')\ndef f(): pass\n@route('/')\ndef g(): pass\n", "2"},
		{"classes", "django.forms.ModelForm", "class.variable('fields').string == '__all__'", "from django.forms import ModelForm\nclass A(ModelForm):\n  fields = '__all__'\nclass B(ModelForm):\n  fields = ['a']\n", "2"},
		{"assignments", "DEBUG", "assignment.value.is_true", "DEBUG = True\nclass A:\n  DEBUG = True\n  DEBUG: bool = True\nDEBUG = False\nx.DEBUG = True\n", "134"},
		{"assignments", "'*.verify_mode'", "assignment.value.int == 0", "c.verify_mode = 0\nverify_mode = 0\n", "1"},
		{"modules", "telnetlib", "true", "import telnetlib\nfrom telnetlib import Telnet\nimport os\n", "12"},
		{"modules", "xml.dom", "!module.is_test", "import xml.dom\nfrom xml import dom\nfrom xml.dom import minidom\nfrom xml import sax\n", "123"},
	} {
		of := c.of
		if !strings.HasPrefix(of, "'") {
			of = "\"" + of + "\""
		}
		l := loadText(t, strings.Replace(queryHead, "$ALG, value($ALG)", "x", 1)+"  over: "+c.over+"\n  of: ["+of+"]\n  where: \""+c.where+"\"\n")
		set, wrong := Compile(l.Rules)
		if len(l.Errors)+len(wrong) > 0 {
			t.Errorf("%s of %s: %v %v", c.over, c.of, l.Errors, wrong)
			continue
		}
		got := ""
		for _, f := range run(t, set, c.code, false) {
			got += f[:1]
		}
		if got != c.want {
			t.Errorf("%s of %s: lines %s, want %s of\n%s", c.over, c.of, got, c.want, c.code)
		}
	}
}

// BenchmarkStart is what a scan of nothing takes for the pack: reading it, choosing, compiling.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		l, err := LoadPack(rules.Pack)
		if err != nil {
			b.Fatal(err)
		}
		chosen, err := Choose(l.Rules, Choice{})
		if err != nil {
			b.Fatal(err)
		}
		if _, wrong := Compile(chosen); len(wrong) > 0 {
			b.Fatal(wrong)
		}
	}
}
