package program

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// build makes a program of a txtar archive, or of one file app.py.
func build(text string) *Program {
	a := txtar.Parse([]byte(text))
	if len(a.Files) == 0 {
		a.Files = []txtar.File{{Name: "app.py", Data: []byte(text)}}
	}
	p := New(Options{})
	for _, f := range a.Files {
		p.Add(source.New(f.Name, string(f.Data)))
	}
	p.Link()
	return p
}

// probe is the first argument of the call of probe in app.py.
func probe(t *testing.T, p *Program) (m *Module, x syntax.Expr) {
	t.Helper()
	for _, m = range p.Modules {
		for _, s := range m.Tree.Body {
			syntax.Inspect(s, func(n syntax.Node) bool {
				if c, ok := n.(*syntax.Call); ok && x == nil {
					if f, ok := c.Func.(*syntax.Name); ok && f.Name == "probe" {
						x = c.Args[0]
					}
				}
				return true
			})
		}
		if x != nil {
			return m, x
		}
	}
	t.Fatal("there is no call of probe")
	return nil, nil
}

func TestQualified(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"from subprocess import Popen as P\nprobe(P)", "subprocess.Popen"},
		{"import subprocess as sp\nprobe(sp.run)", "subprocess.run"},
		{"import os.path\nprobe(os.path.join)", "os.path.join"},
		{"probe(open)", "open"},
		{"def open(): pass\nprobe(open)", "app.open"},
		{"def f(open):\n    probe(open)", ""},
		{"import subprocess\nrun = subprocess.run\nprobe(run)", "subprocess.run"},
		{"import subprocess\nrun = subprocess.run\nrun = print\nprobe(run)", "print"},
		{"import importlib\nm = importlib.import_module('os')\nprobe(m.system)", "os.system"},
		{"probe(__import__('os').system)", "os.system"},
		{"try:\n    import json\nexcept ImportError:\n    import simplejson as json\nprobe(json.loads)", "json.loads, simplejson.loads"},
		{"import subprocess\nclass A:\n    def __init__(self):\n        self.p = subprocess.Popen\n    def f(self):\n        probe(self.p)", "subprocess.Popen"},
		{"class A:\n    class B:\n        def f(self): pass\n    probe(B)", "app.A.B"},
		{"probe(unknown)", ""},
		{"from lib import *\nprobe(thing)", "lib.thing"},
		{"def f():\n    import os\n    probe(os.system)", "os.system"},
		{"-- app.py --\nfrom pkg import run\nprobe(run)\n-- pkg/__init__.py --\nfrom .sub import run\n-- pkg/sub.py --\nfrom subprocess import run\n", "pkg.run, subprocess.run"},
		{"-- src/pkg/__init__.py --\n-- src/pkg/a.py --\nfrom .b import go\nprobe(go)\n-- src/pkg/b.py --\nimport os\ngo = os.system\n", "pkg.b.go, os.system"},
		{"-- app.py --\nfrom pkg.names import *\nprobe(run)\n-- pkg/names.py --\nfrom os import system as run\n", "pkg.names.run, os.system"},
		{"a = b\nb = a\nprobe(a)", ""},
		{"import csv\nprobe(csv.writer)\nimport safecsv as csv", "csv.writer"},
		{"import csv\nimport safecsv as csv\nprobe(csv.writer)", "safecsv.writer"},
		{"probe(exit)\nfrom sys import exit", "exit"},
		{"from sys import exit\nprobe(exit)", "sys.exit"},
		{"import db\ndef f():\n    probe(db.run)\n    import other as db\n    db = 1", "db.run"},
	} {
		m, x := probe(t, build(c.code))
		var got []string
		m.EachQualified(x, func(q string) bool {
			if !slices.Contains(got, q) {
				got = append(got, q)
			}
			return true
		})
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.code, s, c.want)
		}
	}
}

func TestConst(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"probe(1 + 2 * 3)", "7"},
		{"x = 1\nx = 2\nprobe(x)", "2"},
		{"x = 1\nif c:\n    x = 2\nprobe(x)", ""},
		{"if c:\n    x = 1\nelse:\n    x = 1\nprobe(x)", "1"},
		{"if c:\n    x = 1\nelse:\n    x = 2\nprobe(x)", ""},
		{"if c:\n    raise A\nelse:\n    x = 2\nprobe(x)", "2"},
		{"x = 1\nwhile c:\n    x = 2\nprobe(x)", ""},
		{"x = 1\nfor x in y: pass\nprobe(x)", ""},
		{"def f(x):\n    probe(x)", ""},
		{"N = 5\ndef f():\n    probe(N)", "5"},
		{"N = 5\ndef g():\n    global N\n    N = 6\ndef f():\n    probe(N)", ""},
		{"probe('a' + 'b' * 2)", "'abb'"},
		{"a = 'x'\nprobe(f'{a}-{1}')", "'x-1'"},
		{"probe('%s/%d' % ('a', 3))", "'a/3'"},
		{"probe('{}{b}'.format(1, b='c'))", "'1c'"},
		{"probe(','.join(['a', 'b']))", "'a,b'"},
		{"probe({'a': 1}['a'])", "1"},
		{"probe(not 0)", "True"},
		{"probe(1 << 9 | 0o17)", "527"},
		{"probe(-7 // 2)", "-4"},
		{"probe(-7 % 3)", "2"},
		{"x, y = 1, 2\nprobe(y)", "2"},
		{"class C:\n    N = 3\nprobe(C.N)", "3"},
		{"class C:\n    N = 3\n    def f(self):\n        probe(self.N)", "3"},
		{"class C:\n    N = 3\n    def f(self):\n        self.N = 4\n        probe(self.N)", ""},
		{"-- app.py --\nfrom conf import DEBUG\nprobe(DEBUG)\n-- conf.py --\nDEBUG = True\n", "True"},
		{"-- app.py --\nimport conf\nprobe(conf.DEBUG)\n-- conf.py --\nDEBUG = not False\n", "True"},
		{"x = x + 1\nprobe(x)", ""},
		{"probe(9 ** 9 ** 9)", ""},
		{"x = 'a' * 10 ** 9\nprobe(x)", ""},
		{"try:\n    x = 1\nexcept A:\n    x = 2\nprobe(x)", ""},
		{"x = 1\ndel x\nprobe(x)", ""},
		{"str = f\nprobe(str(1))", ""},
		{"probe(str(1))", "'1'"},
	} {
		m, x := probe(t, build(c.code))
		got := ""
		if v, ok := m.Const(x); ok {
			got = v.String()
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.code, got, c.want)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"probe('a')", "str"},
		{"import sqlite3\nc = sqlite3.connect('a')\nprobe(c)", "sqlite3.Connection"},
		{"import sqlite3\nprobe(sqlite3.connect('a').cursor())", "sqlite3.Cursor"},
		{"import tarfile\nwith tarfile.open(x) as t:\n    probe(t)", "tarfile.TarFile"},
		{"from requests import Session\ndef f(s: Session):\n    probe(s)", "requests.Session"},
		{"from typing import Optional\nfrom requests import Session\ndef f(s: Optional[Session] = None):\n    probe(s)", "requests.Session"},
		{"from requests import Session\ndef f(s: 'Session | None'):\n    probe(s)", ""},
		{"from requests import Session\ndef f(s: 'Session'):\n    probe(s)", "requests.Session"},
		{"import requests\nclass A:\n    def __init__(self):\n        self.s = requests.Session()\n    def f(self):\n        probe(self.s)", "requests.Session"},
		{"class A: pass\nprobe(A())", "app.A"},
		{"def f(x):\n    probe(x)", ""},
		{"x = f()\nprobe(x)", ""},
		{"x: int = f()\nprobe(x)", "int"},
		{"probe(f'{x}')", "str"},
		{"probe([1])", "list"},
		// What libraries give.
		{"probe(open(p))", "io.TextIOWrapper"},
		{"probe(open(p, 'rb'))", "io.BufferedReader"},
		{"probe(open(p, mode))", ""},
		{"import tempfile\nwith tempfile.TemporaryDirectory() as d:\n    probe(d)", "str"},
		{"import zipfile\nwith zipfile.ZipFile(p).open(n) as f:\n    probe(f.read())", "bytes"},
		{"import os\nprobe(os.environ)", "os._Environ"},
		{"import os\nprobe(os.environ.get('a'))", "str"},
		{"import os\nprobe(os.environ.get('a', 1))", ""},
		{"import pathlib\nprobe((pathlib.Path(a) / b).parent)", "pathlib.Path"},
		{"from datetime import datetime\nprobe(datetime.now().isoformat())", "str"},
		{"import re\nprobe(re.compile('a').match(x))", "re.Match"},
		{"import copy\nprobe(copy.copy('a'))", "str"},
		{"import logging\nprobe(logging.getLogger)", ""},
		{"import flask\nprobe(flask.request.headers)", "werkzeug.datastructures.EnvironHeaders"},
		{"import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        probe(await c.get(u))", "httpx.Response"},
		{"import httpx\nasync def f():\n    c = httpx.AsyncClient()\n    probe(c.get(u))", "collections.abc.Coroutine"},
		{"import requests\nclass S(requests.Session): pass\nprobe(S().get(u))", "requests.Response"},
		{"-- app.py --\nfrom b import S\nprobe(S().get(u).text)\n-- b.py --\nfrom requests import Session\nclass Base(Session): pass\nclass S(Base): pass", "str"},
		// A name in capitals is a class only where the model does not know better.
		{"import unheard\nprobe(unheard.Thing())", "unheard.Thing"},
		{"import random\nprobe(random.SystemRandom().choice(x))", ""},
		{"import threading\nprobe(threading.Lock())", "threading.Lock"},
		// Annotations.
		{"from typing import Union\ndef f(x: Union[str, None]):\n    probe(x)", "str"},
		{"def f(x: str | bytes):\n    probe(x)", ""},
		{"import typing\ndef f(x: typing.List[str]):\n    probe(x)", "list"},
		{"def f(x: dict[str, int]):\n    probe(x.get('a'))", "int"},
		{"def f(*x: int):\n    probe(x)", "tuple"},
		{"from sqlalchemy.engine.base import Engine\ndef f(x: Engine):\n    probe(x)", "sqlalchemy.engine.Engine"},
	} {
		m, x := probe(t, build(c.code))
		if got := m.TypeOf(x); got != c.want {
			t.Errorf("%q: %s, want %s", c.code, got, c.want)
		}
	}
}

// TestIs checks by which names a class is known, and that those it inherits from count.
func TestIs(t *testing.T) {
	p := build("-- app.py --\nimport b, random\nclass A(b.S): pass\nclass B(A): pass\nclass D(Circle): pass\nclass Circle(D): pass\nprobe(1)\n" +
		"-- b.py --\nfrom requests.sessions import Session\nclass S(Session, object): pass\n")
	m, _ := probe(t, p)
	for _, c := range []struct {
		class, want string
		is          bool
	}{
		{"requests.Session", "requests.sessions.Session", true},
		{"requests.Session", "Session", true},
		{"requests.Session", "Response", false},
		{"app.B", "requests.Session", true},
		{"app.B", "app.A", true},
		{"app.B", "b.S", true},
		{"app.A", "app.B", false},
		{"app.Circle", "app.D", true},
		{"app.Circle", "str", false},
		{"random.SystemRandom", "random.Random", true},
		{"random.Random", "random.SystemRandom", false},
		{"bool", "int", false},
		{"bool", "bool", true},
		{"list", "typing.List", true},
		{"str", "object", false},
		{"", "str", false},
		{"unheard.Thing", "Thing", true},
	} {
		if got := m.Is(c.class, c.want); got != c.is {
			t.Errorf("%s is %s: %v", c.class, c.want, got)
		}
	}
}

// TestClosed checks what is said of packages whose instances no other library gives.
func TestClosed(t *testing.T) {
	classes := map[string]*model.Symbol{}
	var others []*model.Symbol
	library().Modules(func(name string) {
		m := library().Symbol(name)
		if m == nil || m.Kind != model.Module {
			return
		}
		eachMember(m, func(_ string, s *model.Symbol) {
			others = append(others, s)
			if root, _, _ := strings.Cut(s.Name, "."); s.Kind == model.Class {
				if _, ok := closed[root]; ok {
					classes[s.Name] = s
				}
			}
		})
	})
	if len(classes) < 300 || len(others) < 10000 {
		t.Fatalf("%d classes and %d others", len(classes), len(others))
	}
	dotted := regexp.MustCompile(`[A-Za-z_]\w*(\.\w+)+`)
	mentions := func(s *model.Symbol) string {
		var b strings.Builder
		b.WriteString(s.Type.String() + " ")
		for i := range s.Sigs {
			b.WriteString(s.Sigs[i].Returns.String() + " ")
		}
		for _, base := range s.Bases {
			b.WriteString(base.String() + " ")
		}
		return b.String()
	}
	for _, s := range others {
		own, _, _ := strings.Cut(s.Name, ".")
		for _, name := range dotted.FindAllString(mentions(s), -1) {
			root, _, _ := strings.Cut(name, ".")
			if c := classes[name]; c != nil && root != own && !slices.Contains(closed[root], own) && gives(s, c) {
				t.Errorf("%s gives %s", s.Name, c.Name)
			}
		}
	}
	if got := NamesOfType("tarfile.TarFile"); !slices.Contains(got, "open") || !slices.Contains(got, "TarFile") || slices.Contains(got, "TarInfo") {
		t.Errorf("names of TarFile: %v", got)
	}
	for _, c := range []struct {
		t    string
		want int
	}{{"str", 0}, {"http.client.HTTPResponse", 0}, {"unheard.Thing", 1}, {"Session", 0}} {
		if got := NamesOfType(c.t); len(got) != c.want {
			t.Errorf("names of %s: %v", c.t, got)
		}
	}
}

// TestTaken checks that what a module has from others is told, and no more of it than it imports.
func TestTaken(t *testing.T) {
	const others = `-- b.py --
from requests import Session
from c import Own
class S(Session, Own, dict): pass
-- c.py --
class Own: pass
class Late(Own): pass
-- d.py --
from subprocess import run as start, PIPE
import hashlib as digests
value = 1
-- e.py --
from d import *
from d import start as go
-- pack/__init__.py --
from .inner import thing
-- pack/inner.py --
from paramiko import SSHClient as thing
-- f.py --
import b as g
`
	for _, c := range []struct {
		code  string
		names string // sorted
	}{
		{"from b import S", "Session"},
		{"from c import Late", ""},
		{"from d import start", "subprocess.run"},
		{"from d import value", ""},
		{"from e import go", "subprocess.run"},
		{"from e import PIPE", "subprocess.PIPE"},
		{"import e\ne.go", "d d.start subprocess.run"},
		{"import e\ne.digests", "d hashlib"},
		{"from d import *\nstart", "d subprocess.run"},
		{"import pack\npack.inner", ""},
		{"import pack\npack.inner.thing", "pack.inner.thing paramiko.SSHClient"},
		{"from pack import thing", "paramiko.SSHClient"},
		{"from f import g", "b"},
		{"from f import g\ng.S", "Session b"},
		{"import os", ""},
		{"from os import path", ""},
	} {
		p := build("-- app.py --\n" + c.code + "\nprobe(0)\n" + others)
		m, _ := probe(t, p)
		got := map[string]bool{}
		seen := map[*Module]bool{}
		var taker *Taker
		spelled := func(by string) bool {
			for part := range strings.SplitSeq(by, ".") {
				if !strings.Contains(c.code, part) {
					return false
				}
			}
			return true
		}
		taker = &Taker{Name: func(q, by string) {
			if spelled(by) {
				got[q] = true
			}
		}, Module: func(other *Module, by string) {
			if !seen[other] && spelled(by) {
				seen[other] = true
				other.EachOffered(taker)
			}
		}}
		m.EachTaken(taker)
		if names := strings.Join(slices.Sorted(maps.Keys(got)), " "); names != c.names {
			t.Errorf("%s takes %q, want %q", c.code, names, c.names)
		}
	}
}

func TestEnclosingAndDrop(t *testing.T) {
	p := build("-- app.py --\nfrom conf import N\nclass A:\n    def f(self):\n        def g():\n            probe(N)\n-- conf.py --\nN = 7\n")
	m, x := probe(t, p)
	if got := m.Enclosing(x); got != "A.f.g" {
		t.Errorf("enclosing %q", got)
	}
	for _, other := range p.Modules {
		if other != m {
			other.Drop()
		}
	}
	if v, ok := m.Const(x); !ok || v.String() != "7" {
		t.Errorf("the constant of a dropped module: %v", v)
	}
	m.Drop()
	m.Load()
	if m, x = probe(t, p); m.Enclosing(x) != "A.f.g" {
		t.Error("a tree that was read again differs")
	}
}

// TestNames checks which name a module is imported by.
func TestNames(t *testing.T) {
	p := build("-- setup.py --\n-- src/a/__init__.py --\n-- src/a/b/__init__.py --\n-- src/a/b/c.py --\n-- tools/x.py --\n-- __init__.py --\n")
	got := map[string]string{}
	for _, m := range p.Modules {
		got[m.File.Path] = m.Name
	}
	for path, want := range map[string]string{"setup.py": "setup", "src/a/__init__.py": "a", "src/a/b/c.py": "a.b.c", "tools/x.py": "x"} {
		if got[path] != want {
			t.Errorf("%s is %q, want %q", path, got[path], want)
		}
	}
	if p.Module("tools.x") == nil {
		t.Error("tools.x, of a namespace package, is not found")
	}
}

// TestHostile asks questions that lead in circles or far away.
func TestHostile(t *testing.T) {
	var chain strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&chain, "x%d = x%d + x%d\n", i+1, i, i)
	}
	for _, code := range []string{
		"x0 = 'a'\n" + chain.String() + "probe(x2000)",
		"a = b\nb = c\nc = a\nprobe(a.x.y)",
		"class A:\n    def f(self):\n        self.x = self.y\n        self.y = self.x\n        probe(self.x)",
		"-- app.py --\nfrom b import x\nprobe(x)\n-- b.py --\nfrom app import x\n",
		"-- app.py --\nfrom b import *\nprobe(x)\n-- b.py --\nfrom app import *\n",
		"probe(" + strings.Repeat("(1 if c else ", 150) + "1" + strings.Repeat(")", 150) + ")",
	} {
		m, x := probe(t, build(code))
		m.Const(x)
		m.TypeOf(x)
		m.Qualified(x)
	}
}
