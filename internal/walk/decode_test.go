package walk

import (
	"encoding/hex"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/source"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct{ name, raw, text, encoding, note string }{
		{"ascii", "x = 1\n", "x = 1\n", "utf-8", ""},
		{"empty", "", "", "utf-8", ""},
		{"utf-8", "é\n", "é\n", "utf-8", ""},
		{"byte order mark", "\uFEFFé\n", "é\n", "utf-8-sig", ""},
		{"mark and cookie", "\uFEFF# coding: utf8\n", "# coding: utf8\n", "utf-8-sig", ""},
		{"mark against cookie", "\uFEFF# coding: latin-1\n", "# coding: latin-1\n", "utf-8-sig", "byte order mark"},
		{"latin-1", "# -*- coding: latin-1 -*-\n\xe9", "# -*- coding: latin-1 -*-\né", "latin-1", ""},
		{"second line", "#!x\n# vim: set fileencoding=cp1252 :\n\x80", "#!x\n# vim: set fileencoding=cp1252 :\n€", "cp1252", ""},
		{"second line after blank", " \t\f\r\n#coding=koi8-r\r\n\xc1", " \t\f\r\n#coding=koi8-r\r\nа", "koi8-r", ""},
		{"second line after code", "x\n# coding: latin-1\né", "x\n# coding: latin-1\né", "utf-8", ""},
		{"third line", "\n\n# coding: latin-1\né", "\n\n# coding: latin-1\né", "utf-8", ""},
		{"lone carriage return", "#\r#coding:latin1\r\xe9", "#\r#coding:latin1\ré", "latin-1", ""},
		{"not a comment", "x = 'coding: latin-1'\né", "x = 'coding: latin-1'\né", "utf-8", ""},
		{"emacs suffix", "# coding: utf-8-unix\né", "# coding: utf-8-unix\né", "utf-8", ""},
		{"punctuation", "# coding: ISO_8859-15\n\xa4", "# coding: ISO_8859-15\n€", "iso8859-15", ""},
		{"control characters of ISO 8859", "# coding: iso8859-5\n\x91\xd0", "# coding: iso8859-5\n\u0091а", "iso8859-5", ""},
		{"japanese", "# coding: euc-jp\n\xa4\xa2", "# coding: euc-jp\nあ", "euc_jp", ""},
		{"shift jis", "# coding: sjis\n\x82\xa0", "# coding: sjis\nあ", "shift_jis", ""},
		{"chinese", "# coding: gbk\n\xc4\xe3", "# coding: gbk\n你", "gbk", ""},
		{"taiwanese", "# coding: big5\n\xa7A", "# coding: big5\n你", "big5", ""},
		{"korean", "# coding: cp949\n\xb0\xa1", "# coding: cp949\n가", "cp949", ""},
		{"utf-7", "# coding: utf-7\n#+AAo-import os", "# coding: utf-7\n#\nimport os", "utf-7", ""},
		{"utf-7 pair", "# coding: utf-7\n+2D3eAA-+-", "# coding: utf-7\n😀+", "utf-7", ""},
		{"escapes", "# coding: unicode_escape\n#\\nimport os\\x41\\101\\u00e9", "# coding: unicode_escape\n#\nimport osAAé", "unicode_escape", ""},
		{"raw escapes", `# coding: raw_unicode_escape` + "\n" + `\u000a\n\\u0041`, "# coding: raw_unicode_escape\n\n" + `\n\\u0041`, "raw_unicode_escape", ""},
		{"wrong bytes", "a\n\xe9\xe9b\n", "a\néé" + "b\n", "utf-8", "2 bytes are not UTF-8 (first on line 2)"},
		{"one wrong byte", "\xff", "ÿ", "utf-8", "1 byte is not"},
		{"surrogate", "\xed\xa0\x80", "í\u00a0\u0080", "utf-8", "3 bytes"},
		{"unknown codec", "# coding: pyxl\né", "# coding: pyxl\né", "utf-8", `"pyxl" is unknown`},
		{"unknown codec and wrong bytes", "# coding: pyxl\n\xe9", "# coding: pyxl\né", "utf-8", "unknown"},
		{"not ascii", "# coding: ascii\né", "# coding: ascii\né", "utf-8", "declared to be ASCII"},
		{"wrong for the codec", "# coding: euc-jp\n\xff", "# coding: euc-jp\n\uFFFD", "euc_jp", "does not know"},
		{"utf-16 little", "\xff\xfea\x00\n\x00=\xd8\x00\xde", "a\n😀", "utf-16", "UTF-16"},
		{"utf-16 big", "\xfe\xff\x00a\x00", "a\uFFFD", "utf-16", "UTF-16"},
		{"utf-32", "\xff\xfe\x00\x00a\x00\x00\x00", "a", "utf-32", "UTF-32"},
		{"NUL bytes", "a\x00b\n", "a\x00b\n", "utf-8", ""},
		{"NUL first", "\x00\x00", "\x00\x00", "utf-8", ""},
		{"line ends", "a\r\nb\rc\fd", "a\r\nb\rc\fd", "utf-8", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := decoded("x", []byte(c.raw), true)
			if f.Text != c.text || f.Encoding != c.encoding {
				t.Errorf("got %q in %s, want %q in %s", f.Text, f.Encoding, c.text, c.encoding)
			}
			notes := ""
			for _, n := range f.Notes {
				notes += n.Message
			}
			if !strings.Contains(notes, c.note) || (c.note == "") != (notes == "") {
				t.Errorf("notes are %q, want %q", notes, c.note)
			}
		})
	}
}

// TestCodecsAgainstPython compares every table of one byte a character, and every alias, with Python's own.
func TestCodecsAgainstPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: there is nothing to compare with")
	}
	var names []string
	for key, c := range codecs() {
		if key == codecKey(c.name) && c.own == nil && c.table != nil {
			names = append(names, c.name)
		}
	}
	slices.Sort(names)
	const script = `
import sys, encodings.aliases
for name in sys.argv[1:]:
    for i in range(128, 256):
        try: c = bytes([i]).decode(name)
        except (UnicodeError, LookupError): continue
        if len(c) == 1: print(name, i, ord(c))
for alias, name in sorted(encodings.aliases.aliases.items()): print('alias', alias, name)
`
	out, err := exec.Command(python, append([]string{"-c", script}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var name, alias string
		var b, r int
		if n, _ := fmt.Sscanf(line, "alias %s %s", &alias, &name); n == 2 {
			c, known := codecs()[codecKey(name)]
			if d := codecs()[codecKey(alias)]; known && d != c {
				t.Errorf("%s is not known as an alias of %s", alias, name)
			}
			continue
		}
		if _, err := fmt.Sscanf(line, "%s %d %d", &name, &b, &r); err != nil {
			t.Fatal(err)
		}
		if r >= 0xE000 && r <= 0xF8FF {
			continue // private characters, for bytes that mean nothing
		}
		got, _ := codecs()[codecKey(name)].decode([]byte{byte(b)})
		if got != string(rune(r)) {
			t.Errorf("%s: byte %#x is %q, Python says %q", name, b, got, string(rune(r)))
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"# coding: latin-1\n\xe9", "\xff\xfea\x00", "# coding: utf-7\n+AAo-", "# coding: unicode_escape\n\\x4\\N{x}\\", "#\r# coding=hz\n~{"} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, cookie bool) {
		before := hex.EncodeToString(raw)
		file := decoded("x", raw, cookie)
		if !utf8.ValidString(file.Text) {
			t.Fatalf("text is not UTF-8: %q", file.Text)
		}
		for _, n := range file.Notes {
			if int(n.Span.End) > len(file.Text) || n.Span.Start > n.Span.End {
				t.Fatalf("note lies outside the text: %+v", n)
			}
		}
		if hex.EncodeToString(raw) != before {
			t.Fatal("the bytes were changed")
		}
		if file.Encoding == "utf-8" && len(file.Notes) == 0 && file.Text != string(raw) {
			t.Fatal("plain text was changed")
		}
	})
}

func TestGenerated(t *testing.T) {
	yes := []string{
		"# Generated by Django 3.2 on 2021-04-06\n",
		"\"\"\"add households\n\nRevision ID: feec8ffb\nRevises: 32d69327\nCreate Date: 2024-07-12\n\n\"\"\"\n",
		"# -*- coding: utf-8 -*-\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\n",
		"# generated by datamodel-codegen:\n",
		"#!/usr/bin/env python\n# file generated by setuptools_scm\n",
		"# @generated\n", "# @generated by tool\n", "\"\"\"x\n\n@generated SignedSource<<a>>\n\"\"\"\n",
		"# Code generated by x. DO NOT EDIT.\n",
		"#\n# Autogenerated by Thrift Compiler (0.9.0)\n#\n# DO NOT EDIT UNLESS YOU ARE SURE\n",
		"# Form implementation generated from reading ui file 'a.ui'\n",
		"# Generated from Foo.g4 by ANTLR 4.7\n",
		"\"\"\"Keywords\n\nThis file is automatically generated; please don't\nmuck it up!\n\"\"\"\nx = 1\n",
		"# This file was automatically generated by SWIG\n",
		"# lextab.py. This file automatically created by PLY (version 3.11). Don't edit!\n",
		"\r\n# License\r\n# more\r\n\r\n# Do not edit this file by hand.\r\n",
		"# Copyright X\n# All rights reserved.\n# Code generated by Microsoft (R) AutoRest Code Generator.\n",
		"from __future__ import annotations\n# Auto-generated by x\n",
	}
	no := []string{
		"", "x = 1\n", "x = 1\n# @generated\n",
		"\"\"\"Checks the tokens\ngenerated by the server.\n\"\"\"\n",
		"# DO NOT EDIT BELOW THIS LINE\n", "# This file was created by John\n", "# The log file is generated by cron.\n",
		"# see @generated_value\n", "'''Edit credits.'''\n", "x = 'Generated by x'\n",
		"\"\"\"Reads what is auto-generated by the tool.\"\"\"\n",
		"\"\"\"Revision ID: how one is drawn.\"\"\"\n",
	}
	for _, s := range yes {
		if !isGenerated(s) {
			t.Errorf("not taken for generated: %q", s)
		}
	}
	for _, s := range no {
		if isGenerated(s) {
			t.Errorf("taken for generated: %q", s)
		}
	}
	f, _ := readString(t, source.Python, yes[0])
	if f.Origin != source.Generated {
		t.Errorf("origin is %s", f.Origin)
	}
}

func TestShebang(t *testing.T) {
	for line, want := range map[string]bool{
		"#!/usr/bin/python": true, "#!/usr/bin/env python3": true, "#! /usr/bin/python3.11 -sE": true, "#!/usr/bin/env -S python3 -u": true,
		"#!/usr/bin/env -S FOO=1 uv run --script": true, "#!/usr/bin/env -Spython": true, "#!/usr/bin/env -u X python": true, "#!/usr/bin/pypy3": true,
		"#!python\r": true, `#!C:\Python\python.exe`: true, "\uFEFF#!/usr/bin/python": true, "#!/usr/bin/python3.13t": true, "#!/opt/ipython": true,
		"#!/bin/sh": false, "#!/usr/bin/env": false, "#!/usr/bin/env bash": false, "#!": false, "": false, "python": false, "#!/usr/bin/pythonista": false,
		"#!/usr/bin/env uv": false, "#!/bin/sh python": false,
	} {
		if got := pythonShebang([]byte(line + "\nx")); got != want && line != "" {
			t.Errorf("%q is Python: %v, want %v", line, got, want)
		}
	}
}
