// Package sample is a made-up scan that holds whatever is hard to show. The tests of every report replay it,
// so that all formats meet the same corners.
package sample

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/source"
)

// Tool is who speaks.
var Tool = finding.Tool{Name: "wadjet", Version: "1.2.3", URL: "https://github.com/wadjet-security/wadjet"}

// Secrets may not be met in any report of [Mixed].
var Secrets = []string{"Tr0ub4dor&3-horse", "hunter2", "AKIAIOSFODNN7EXAMPLE", "MIIEowIBAAKCAQEA"}

var owasp = &finding.Standard{Key: "owasp", Edition: "2025", Name: "OWASP Top 10:2025", URL: "https://owasp.org/Top10/2025/"}

var asvs = &finding.Standard{Key: "asvs", Name: "OWASP ASVS 5.0.0", URL: "https://github.com/OWASP/ASVS", Prefix: "v5.0.0-", Rank: 1}

// control makes a control, and adds it to its standard.
func control(s *finding.Standard, id, title string) *finding.Control {
	c := &finding.Control{Standard: s, ID: s.Prefix + id, Title: title}
	s.Controls = append(s.Controls, c)
	return c
}

var (
	injection = control(owasp, "A05", "data that an interpreter takes for commands")
	sqlText   = control(asvs, "1.2.4", "database queries take values as parameters")
	commands  = control(asvs, "1.2.5", "commands of the operating system take no data as code")
)

var shell = &finding.Rule{
	ID: "subprocess-shell", Title: "A shell runs a command that is put together", Weakness: "os-command",
	Why:      "Whoever decides a part of the command decides what else the shell runs: `; rm -rf ~` is a name, too.",
	Mend:     "Pass the program and its arguments as a list, without `shell=True`: then there is no shell to mislead.\n\nFor pipes, start both programs.",
	Bad:      "subprocess.run(\"ls \" + name, shell=True)",
	Good:     "subprocess.run([\"ls\", \"--\", name])",
	Severity: finding.High, Confidence: finding.Sure, CWE: []int{78, 88}, OWASP2021: []string{"A03"}, OWASP2025: []string{"A05"},
	References: []string{"the book", "https://docs.python.org/3/library/subprocess.html#security-considerations"},
	Aliases:    map[string][]string{"bandit": {"B602"}, "ruff": {"S602"}},
	Standards:  []*finding.Control{injection, commands},
}

var sql = &finding.Rule{
	ID: "sql-string", File: "injection/sql.yaml", Builtin: true, Title: "SQL text is put together from data", Weakness: "sql", Why: "Data becomes SQL.",
	Mend:     "Pass the values beside the text, as parameters: `execute(\"… WHERE id = ?\", (user_id,))`.",
	Severity: finding.Critical, Confidence: finding.Sure, CWE: []int{89}, OWASP2021: []string{"A03"},
	Aliases: map[string][]string{"bandit": {"B608"}}, Standards: []*finding.Control{injection, sqlText},
}

var password = &finding.Rule{
	ID: "hardcoded-password", Title: "A password is in the source", Weakness: "hardcoded-credential", Why: "Who reads the source has it.",
	Mend: "Read it from the environment or a secret store.", Severity: finding.Medium, Confidence: finding.Likely, CWE: []int{798}, Secret: true,
	Aliases: map[string][]string{"bandit": {"B105"}},
}

var yaml = &finding.Rule{
	ID: "yaml-load", Title: "YAML that runs code is loaded", Weakness: "unsafe-deserialization", Why: "Tags make objects.",
	Mend: "Use `yaml.safe_load`.", Severity: finding.High, Confidence: finding.Likely, CWE: []int{502},
}

var assert = &finding.Rule{
	ID: "assert-used", Title: "An assert guards something", Weakness: "assert", Why: "Python -O leaves it out.", Severity: finding.Low, Confidence: finding.Likely, CWE: []int{703},
}

// own is a rule that a user wrote, with nothing said about it.
var own = &finding.Rule{ID: "team.no-eval", Title: "team.no-eval", File: "rules/eval.yaml", Severity: finding.Medium, Confidence: finding.Likely}

// Rules are those that ran.
func Rules() []*finding.Rule { return []*finding.Rule{assert, own, password, shell, sql, yaml} }

// mark makes a file and the finding of what is between « and » in its text.
func mark(rule *finding.Rule, message, path, text string) *finding.Finding {
	before, rest, _ := strings.Cut(text, "«")
	inside, after, _ := strings.Cut(rest, "»")
	start := uint32(len(before))
	return &finding.Finding{
		Rule: rule, Message: message, Severity: rule.Severity, Confidence: rule.Confidence, Aliases: rule.Aliases,
		File: source.New(path, before+inside+after), Span: source.Span{Start: start, End: start + uint32(len(inside))},
	}
}

func spanOf(f *source.File, text string) source.Span {
	i := uint32(strings.Index(f.Text, text))
	return source.Span{Start: i, End: i + uint32(len(text))}
}

const shop = `import sqlite3
from flask import request

class Shop:
    def find(self):
        name = request.args["name"]
        cursor = self.db.cursor()
        «cursor.execute("SELECT * FROM goods WHERE name = '" + name + "'")»
        return cursor.fetchall()
`

// Findings are in no order yet.
func Findings() []*finding.Finding {
	var all []*finding.Finding
	add := func(f *finding.Finding) *finding.Finding {
		all = append(all, f)
		return f
	}

	flow := add(mark(sql, `the SQL text is put together from name, which comes from request.args["name"]; whoever sends the request decides what the database does`, "app/views.py", shop))
	flow.Context = "Shop.find"
	flow.Trace = []finding.Step{
		{File: flow.File, Span: spanOf(flow.File, `request.args["name"]`), Message: "the query string enters here"},
		{File: flow.File, Span: spanOf(flow.File, `name + "'"`), Message: "and becomes part of the SQL text"},
		{File: flow.File, Span: flow.Span, Message: "which is executed"},
	}
	flow.Merged = []string{"sql-concat"}

	fixed := add(mark(yaml, "yaml.load builds whatever objects text names", "app/config.py", "import yaml\n\ndef read(text):\n    return «yaml.load(text, Loader=yaml.Loader)»\n"))
	fixed.Context = "read"
	fixed.Edits = []finding.Edit{{Span: fixed.Span, New: "yaml.safe_load(text)"}}
	fixed.FixSafe = true

	several := add(mark(shell, "the shell runs a command with host in it", "app/several.py",
		"import subprocess\n\n«subprocess.run(\n    \"ping \" + host,\n    shell=True,\n)»\nprint(host)\n"))
	several.Edits = []finding.Edit{{Span: several.Span, New: "subprocess.run(\n    [\"ping\", host],\n)"}}

	add(mark(shell, "the shell runs a command with host in it", "app/middle.py",
		"result = «run(\n    \"ping \" + host,\n    shell=True)»\n"))
	add(mark(shell, "the shell runs a command with host in it", "app/pages.py",
		"«run(\n  1,\n  2,\n  3,\n  4,\n  5,\n  6,\n  7,\n  8, shell=True,\n)»\n"))

	add(mark(own, "eval runs what データ says", "app/日本 語.py", "結果 = f(\"漢字かな交じり文\", «eval(データ)», '👍') # é\n"))
	add(mark(own, "eval runs what data says", "app/tabs.py", "if data:\r\n\tif more:\r\n\t\tx\t= «eval(data)»\t# tab\r\n\t\tdone()\r\n"))
	add(mark(own, "eval runs what \x1b[31mdata\u202e says\nat once", "app/\x1b]0;evil\x07.py",
		"x = «eval(\"\x1b[2J\u202ereversed\u2066\", \u200bdata)» # \x00\n"))
	add(mark(own, "eval runs what data says", "app/long.py", "table = ["+strings.Repeat("0x7f, ", 60)+"«eval(data)», "+strings.Repeat("0x7f, ", 60)+"]\n"))
	add(mark(own, "eval runs what data says", "app/minified.py", "«eval("+strings.Repeat("data+", 100)+"1)»;"+strings.Repeat("f();", 30)))
	add(mark(own, "the file ends where something should be", "app/end.py", "x = («»"))

	secret := add(mark(password, "password holds Tr0ub4dor&3-horse: a password in the source", "app/secrets.py",
		"«password = \"Tr0ub4dor&3-horse\"»; eval('hunter2')\nkey = '''\n-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\n-----END KEY-----'''\nprint(\"Tr0ub4dor&3-horse\")\n"))
	secret.Edits = []finding.Edit{{Span: secret.Span, New: `password = os.environ["PASSWORD"] # was Tr0ub4dor&3-horse`}}
	beside := *secret
	beside.Rule, beside.Message, beside.Edits, beside.Aliases = own, "eval runs what a literal says", nil, nil
	beside.Severity, beside.Confidence, beside.Span = own.Severity, own.Confidence, spanOf(secret.File, "eval('hunter2')")
	add(&beside)
	short := *secret
	short.Message, short.Edits, short.Span = "a password is in the source", nil, spanOf(secret.File, "'hunter2'")
	add(&short)
	key := *secret
	key.Message, key.Edits = "a private key is in the source", nil
	key.Span = source.Span{Start: uint32(strings.Index(secret.File.Text, "key =")), End: uint32(strings.Index(secret.File.Text, "\nprint"))}
	add(&key)
	env := add(mark(password, "a key of AWS is in the file", "deploy/.env", "REGION=eu\nAWS_KEY=«AKIAIOSFODNN7EXAMPLE»\n"))
	env.File.Kind = source.Other

	cell := add(mark(shell, "the shell runs a command with host in it", "book.ipynb", "import os\nhost = input()\nx = 1\n«run(host, shell=True)»\ny = 2\n"))
	cell.File.Kind = source.Notebook
	cell.File.Segments = []source.Segment{{Start: 0, Cell: 1, Line: 1, Disk: 9, Step: 1}, {Start: 25, Cell: 3, Line: 1, Disk: 30, Step: 1}}
	cell.Edits = []finding.Edit{{Span: cell.Span, New: "run([host])"}}

	add(mark(assert, "assert guards user.admin, and is left out by python -O", "tests/test_app.py", "def test():\n    «assert user.admin»\n")).File.Origin = source.Test

	silenced := add(mark(shell, "the shell runs a command with host in it", "app/known.py", "«run(host, shell=True)»  # wadjet: ignore[subprocess-shell] host is ours\n"))
	silenced.Suppressed = &finding.Suppression{Kind: "inline", Text: "# wadjet: ignore[subprocess-shell] host is ours", Reason: "host is ours", Line: 1}
	hushed := add(mark(password, "a password is in the source", "app/known2.py", "«password = 'hunter2'»  # nosec hunter2\n"))
	hushed.Suppressed = &finding.Suppression{Kind: "inline", Text: "# nosec hunter2", Reason: "hunter2", Line: 1}

	finding.Fingerprints(all)
	finding.Sort(all)
	return all
}

// Incidents are things of every kind that went wrong.
func Incidents() []finding.Incident {
	return []finding.Incident{
		{Path: "app/broken.py", Line: 3, Column: 7, Code: "syntax", Message: "expected `)` (the statements around it were analysed)"},
		{Path: "app/known2.py", Line: 1, Code: "blanket-suppression", Message: "`# nosec` silences every rule: name the one that is meant"},
		{Path: "app/huge.py", Code: "too-large", Message: "has 50 MB, more than the 10 MiB that are read: --max-file-size raises that", Lost: true},
		{Path: "app/old.py", Code: "python2", Message: "this file is Python 2: analysed as far as that goes"},
		{Path: "app/slow.py", Code: "bound", Message: "rule yaml-load met its bound of 1000000 steps here: what it found until then is shown", Blind: true},
		{Path: "evil\x1b[31m.py", Code: "unreadable", Message: "permission denied: \x1b[0mread it as its owner", Lost: true},
		{Path: "rules/mine.yaml", Line: 4, Code: "rule", Message: "rule mine: patern: is not known here: did you mean `pattern`?"},
	}
}

func replay(h finding.Handler, findings []*finding.Finding, incidents []finding.Incident, s *finding.Summary) error {
	if err := h.Start(Tool, Rules()); err != nil {
		return err
	}
	for _, f := range findings {
		if err := h.Finding(f); err != nil {
			return err
		}
	}
	for i := range incidents {
		if err := h.Incident(&incidents[i]); err != nil {
			return err
		}
	}
	return h.Finish(s)
}

func count(s *finding.Summary, findings []*finding.Finding) {
	s.Findings = map[string]int{}
	for _, f := range findings {
		switch {
		case f.Suppressed != nil:
			s.Suppressed++
		default:
			s.Findings[f.Severity.String()]++
			if f.Severity >= finding.High && f.Confidence >= finding.Likely {
				s.Gated++
			}
		}
	}
}

// Mixed replays a scan that met everything.
func Mixed(h finding.Handler) error {
	findings := Findings()
	s := &finding.Summary{
		Roots: []string{"."}, Files: 1234, Lines: 345678, Bytes: 9876543, ByOrigin: map[string]int{"project": 1200, "test": 34},
		Rules: 6, Profile: "default", Hidden: map[string]int{"in test code": 41, "low confidence": 7, "in vendored code": 7},
		Skipped: []finding.Skip{
			{Reason: "ignored by .gitignore", Files: 3, Paths: []string{"build/", "dist/", "out.py"}},
			{Reason: "not Python", Files: 88, Paths: []string{"README.md"}},
			{Reason: "virtual environment", Files: 1, Paths: []string{".venv/"}},
		},
		Areas: []finding.Area{
			{Name: "code", Ran: true},
			{Name: "taint rules", Note: "2 taint rules were read and found valid, and not run"},
		},
		Notes: []string{"12 rules are for languages that wadjet does not read, and did not run"},
		Gate:  "high",
	}
	count(s, findings)
	return replay(h, findings, Incidents(), s)
}

// Clean replays a scan that found nothing.
func Clean(h finding.Handler) error {
	return replay(h, nil, nil, &finding.Summary{Roots: []string{"src"}, Files: 12, Lines: 1, Rules: 1, Profile: "strict", Gate: "high",
		Findings: map[string]int{}, Areas: []finding.Area{{Name: "code", Ran: true}}})
}

// Blind replays a scan that could not look.
func Blind(h finding.Handler) error {
	return replay(h, nil, []finding.Incident{{Path: "missing.py", Code: "unreadable", Message: "there is no such file: check its name", Lost: true, Blind: true}},
		&finding.Summary{Roots: []string{"missing.py"}, Rules: 6, Profile: "default", Gate: "high", Findings: map[string]int{},
			Areas: []finding.Area{{Name: "code", Note: "no Python file was found: give a folder that holds some, or name a file"}}})
}

// Many replays n findings, none of which gates.
func Many(h finding.Handler, n int) error {
	var all []*finding.Finding
	text := strings.Repeat("eval(data)\n", n)
	file := source.New("app/many.py", text)
	for i := range n {
		f := mark(own, "eval runs what data says", "", "")
		f.File, f.Span = file, source.Span{Start: uint32(i * 11), End: uint32(i*11 + 10)}
		all = append(all, f)
	}
	finding.Fingerprints(all)
	finding.Sort(all)
	s := &finding.Summary{Roots: []string{"."}, Files: 1, Lines: n, Rules: 1, Profile: "default", Gate: "high", Areas: []finding.Area{{Name: "code", Ran: true}}}
	count(s, all)
	return replay(h, all, nil, s)
}
