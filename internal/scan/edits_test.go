package scan

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
	"github.com/wadjet-security/wadjet/rules"
)

// badEdits are what careless hands write: lines that go to the start of a function, @ standing for its first
// parameter. The last line is the weakness. They were written from the weaknesses, without a look at the rules.
var badEdits = []string{
	"import subprocess\nsubprocess.run('ls ' + @, shell=True)",
	"from subprocess import Popen as _spawn\n_spawn(@, shell=True)",
	"import subprocess as sp\nsp.check_output(f'convert {@} out.png', shell=True)",
	"import os\nos.system('rm -rf ' + str(@))",
	"from os import popen\npopen('cat %s' % @)",
	"eval(@)",
	"exec(@)",
	"import pickle\npickle.loads(@)",
	"from pickle import load as _load\n_load(@)",
	"import marshal\nmarshal.loads(@)",
	"import shelve\nshelve.open(@)",
	"import dill\ndill.loads(@)",
	"import yaml\nyaml.load(@)",
	"import yaml\nyaml.load(@, Loader=yaml.Loader)",
	"from yaml import load, UnsafeLoader\nload(@, Loader=UnsafeLoader)",
	"import hashlib\nhashlib.md5(@).hexdigest()",
	"from hashlib import sha1\nsha1(@).hexdigest()",
	"import hashlib\nhashlib.new('md5', @)",
	"import requests\nrequests.get(@, verify=False)",
	"import requests\n_s = requests.Session()\n_s.post(@, verify=False)",
	"import httpx\nhttpx.Client(verify=False)",
	"import ssl\nssl._create_unverified_context()",
	"import ssl\nssl.SSLContext(ssl.PROTOCOL_SSLv3)",
	"import ssl\nssl.SSLContext(ssl.PROTOCOL_TLSv1)",
	"import tarfile\ntarfile.open(@).extractall('/srv/in')",
	"import tempfile\n_name = tempfile.mktemp()",
	"import os\nos.chmod(@, 0o777)",
	"import sqlite3\nsqlite3.connect('a.db').execute(\"SELECT * FROM users WHERE name = '%s'\" % @)",
	"import sqlite3\n_cur = sqlite3.connect('a.db').cursor()\n_cur.execute(\"DELETE FROM users WHERE id = \" + @)",
	"self.db.cursor().execute(f\"UPDATE users SET admin = 1 WHERE name = '{@}'\")",
	"cursor.execute(\"SELECT * FROM t WHERE a = '{}'\".format(@))",
	"from flask import Flask\nFlask(__name__).run(debug=True)",
	"import paramiko\n_c = paramiko.SSHClient()\n_c.set_missing_host_key_policy(paramiko.AutoAddPolicy())",
	"import telnetlib\ntelnetlib.Telnet(@)",
	"import ftplib\nftplib.FTP(@)",
	"from Crypto.Cipher import ARC4\nARC4.new(@)",
	"from Crypto.Cipher import DES\nDES.new(@, DES.MODE_CBC)",
	"from cryptography.hazmat.primitives.ciphers import modes\nmodes.ECB()",
	"import jinja2\njinja2.Environment(autoescape=False)",
	"from markupsafe import Markup\nMarkup(@)",
	"from django.utils.safestring import mark_safe\nmark_safe(@)",
	"_password = 'Tr0ub4dor&3-horse'",
	"connect(host=@, password='Tr0ub4dor&3-horse')",
	"import random\n_token = ''.join(random.choice('abcdef0123456789') for _ in range(32))",
	"from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(public_exponent=65537, key_size=1024)",
	"import socket\nsocket.socket().bind(('0.0.0.0', 8080))",
	"import pandas as pd\npd.read_pickle(@)",
	"import logging.config\nlogging.config.listen(9999)",
	"import xml.dom.minidom\nxml.dom.minidom.parseString(@)",
	"from lxml import etree\netree.fromstring(@)",
}

// realTree is Python that others wrote: WADJET_CORPUS, or the standard library of the machine's python3.
func realTree(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("WADJET_CORPUS"); dir != "" {
		return dir
	}
	out, err := exec.Command("python3", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	if err != nil {
		t.Skip("no python3 on this machine, and WADJET_CORPUS names no tree: there is no code of others to edit")
	}
	return strings.TrimSpace(string(out))
}

// A site is where an edit can go: the start of the body of a function that has a parameter.
type site struct {
	offset uint32
	indent string
	param  string
}

func sites(tree *syntax.File) (out []site) {
	for _, s := range tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			f, ok := n.(*syntax.FunctionDef)
			if !ok || len(f.Body) == 0 {
				return true
			}
			param := ""
			for _, p := range f.Params.List {
				if p.Kind <= syntax.PosOrKw && p.Name != "self" && p.Name != "cls" {
					param = p.Name
					break
				}
			}
			first := f.Body[0].Span().Start
			line, column := tree.Source.Position(first)
			indent := tree.Source.Line(line)[:column-1]
			if param != "" && strings.TrimSpace(indent) == "" && indent != "" {
				out = append(out, site{first, indent, param})
			}
			return true
		})
	}
	return out
}

// TestKnownBadEdits inserts known-bad lines into real code, and asks that the default profile finds most of them.
func TestKnownBadEdits(t *testing.T) {
	var files []string
	err := filepath.WalkDir(realTree(t), func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := e.Name(); e.IsDir() && (name == "test" || name == "tests" || name == "idlelib" || name == "site-packages") {
			return filepath.SkipDir
		} else if strings.HasSuffix(name, ".py") && !strings.HasPrefix(name, "test") {
			files = append(files, p)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatal("no Python files: ", err)
	}
	// An order that does not follow the alphabet, and is the same each time.
	slices.SortFunc(files, func(a, b string) int {
		return int(int64(scramble(filepath.Base(a))) - int64(scramble(filepath.Base(b))))
	})
	l, err := rule.LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := rule.Choose(l.Rules, rule.Choice{Profile: rule.Default})
	if err != nil {
		t.Fatal(err)
	}
	set, wrong := rule.Compile(chosen)
	for _, e := range wrong {
		t.Error(e)
	}

	const edits = 100
	done, found := 0, 0
	missed := map[string]int{}
	for i := 0; done < edits && i < len(files); i++ {
		text, err := os.ReadFile(files[i])
		if err != nil || strings.ContainsRune(string(text), '\r') {
			continue
		}
		places := sites(syntax.Parse(source.New("app.py", string(text))))
		if len(places) == 0 {
			continue
		}
		place := places[scramble(files[i][len(files[i])/2:])%uint32(len(places))]
		edit := badEdits[done%len(badEdits)]
		code := strings.ReplaceAll(strings.ReplaceAll(edit, "@", place.param), "\n", "\n"+place.indent) + "\n" + place.indent
		edited := string(text[:place.offset]) + code + string(text[place.offset:])
		first := place.offset
		span := source.Span{Start: first, End: first + uint32(len(code))}
		done++
		if findsWithin(set, edited, span) {
			found++
		} else {
			missed[edit]++
		}
	}
	for edit, n := range missed {
		t.Logf("missed %d times: %s", n, strings.ReplaceAll(edit, "\n", "; "))
	}
	t.Logf("found %d of %d", found, done)
	if done < edits {
		t.Errorf("only %d edits could be made", done)
	}
	if found*100 < done*85 {
		t.Errorf("the default profile finds %d of %d known-bad edits, fewer than 85 in a hundred", found, done)
	}
}

func findsWithin(set *rule.Set, text string, span source.Span) bool {
	p := program.New(program.Options{})
	f := source.New("app.py", text)
	m := p.Add(f)
	p.Link()
	s := state{o: Options{Profile: rule.Default}}
	found := false
	set.Run(check.Unit{File: f, Module: m}, func(x *finding.Finding) {
		found = found || span.Contains(x.Span) && s.hides(x) == ""
	})
	return found
}

func scramble(s string) uint32 {
	h := fnv.New32a()
	fmt.Fprint(h, s)
	return h.Sum32()
}
