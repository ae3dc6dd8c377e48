package model

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// oracleModules are those whose classes are held against python3's own.
var oracleModules = strings.Fields(`
	builtins argparse array ast asyncio bz2 calendar codecs collections collections.abc configparser contextlib csv ctypes datetime decimal difflib dis email.message
	email.policy enum fractions ftplib functools gzip hashlib hmac html.parser http.client http.cookiejar http.cookies http.server imaplib inspect io ipaddress itertools json
	logging logging.handlers lzma mailbox multiprocessing.pool netrc numbers optparse os pathlib pickle platform poplib pprint queue random re sched selectors shelve shlex
	smtplib socket socketserver sqlite3 ssl statistics string struct subprocess symtable tarfile telnetlib tempfile textwrap threading timeit tokenize trace traceback
	types unittest unittest.mock urllib.error urllib.parse urllib.request urllib.robotparser uuid warnings weakref wsgiref.handlers xml.dom.minidom xml.etree.ElementTree
	xml.sax.handler xmlrpc.client zipfile zipimport concurrent.futures`)

type pyClass struct {
	Name                          string
	MRO, Methods, Attributes, Own []string
}

func python(t *testing.T, args ...string) []pyClass {
	t.Helper()
	exe, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to ask")
	}
	out, err := exec.Command(exe, append([]string{"-W", "ignore", "testdata/classes.py"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var classes []pyClass
	for line := range bytes.Lines(out) {
		var c pyClass
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		classes = append(classes, c)
	}
	return classes
}

// TestOracle holds classes, their MRO and their members against what python3 says of itself. Versions differ, so it counts; -v lists what differs.
func TestOracle(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var classes, known, sameMRO, methods, knownMethods, attributes, knownAttributes, own, sameOwn int
	for _, c := range python(t, oracleModules...) {
		classes++
		s := l.Symbol(c.Name)
		if s == nil || s.Kind != Class {
			t.Logf("class %s: %s", c.Name, show(s))
			continue
		}
		known++
		// Bases that only typing knows are left out: those that Python itself does not list.
		var want, got []string
		for _, q := range c.MRO {
			if m := l.Symbol(q); m != nil {
				q = m.Name
			}
			want = append(want, q)
		}
		for _, m := range l.MRO(s) {
			if slices.Contains(want, m.Name) || !typingOnly(m) {
				got = append(got, m.Name)
			}
		}
		if slices.Equal(got, want) {
			sameMRO++
		} else {
			t.Logf("MRO %s\n got %v\nwant %v", c.Name, got, want)
		}
		count := func(names []string, what string, n, k *int) {
			for _, name := range names {
				*n++
				if l.Member(s, name) != nil {
					*k++
				} else {
					t.Logf("%s %s.%s", what, c.Name, name)
				}
			}
		}
		count(c.Methods, "method", &methods, &knownMethods)
		count(c.Attributes, "attribute", &attributes, &knownAttributes)
		for _, name := range c.Own {
			if m := l.Member(s, name); m != nil {
				own++
				if l.Own(s, name) != nil {
					sameOwn++
				} else {
					t.Logf("own %s.%s is %s", c.Name, name, m.Name)
				}
			}
		}
	}
	share := func(what string, n, of int, least float64) {
		got := 100 * float64(n) / float64(of)
		t.Logf("%s: %d of %d, %.1f %%", what, n, of, got)
		if got < least {
			t.Errorf("%s: %.1f %%, want at least %.1f %%", what, got, least)
		}
	}
	share("classes known", known, classes, 98)
	share("same MRO", sameMRO, known, 94)
	share("methods known", knownMethods, methods, 99)
	share("attributes known", knownAttributes, attributes, 95)
	share("methods of the class itself found there", sameOwn, own, 90)
}

// typingOnly are classes that stubs give as bases where the program has none: protocols, abstract collections, generic helpers.
func typingOnly(s *Symbol) bool {
	module, _, _ := strings.Cut(s.Name, ".")
	return s.Flags&Protocol != 0 || module == "io" || strings.HasPrefix(s.Name, "collections.abc.") || module == "typing" || module == "_typeshed"
}
