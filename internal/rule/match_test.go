package rule

import (
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// found are the lines on which a rule matches in a module, one for each finding. The rule is what stands below its message.
func found(t *testing.T, body, code string) []int {
	t.Helper()
	head := "rules:\n- id: r\n  severity: LOW\n  message: m\n"
	if !strings.Contains(body, "languages:") {
		head += "  languages: [python]\n"
	}
	body = "  " + strings.ReplaceAll(strings.TrimSpace(body), "\n", "\n  ")
	doc, err := parseYAML([]byte(head + body + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	rules, _, errors := decodeFile("r.yaml", doc)
	set, wrong := Compile(rules)
	for _, e := range append(errors, wrong...) {
		t.Fatal(e)
	}
	p := program.New(program.Options{})
	u := check.Unit{File: source.New("app.py", code)}
	u.Module = p.Add(u.File)
	p.Link()
	lines := []int{}
	if bounds := set.Run(u, func(f *finding.Finding) {
		line, _ := u.File.Position(f.Span.Start)
		lines = append(lines, line)
	}); len(bounds) > 0 {
		t.Fatal("out of steps")
	}
	slices.Sort(lines)
	return lines
}

// TestFormulas checks what rules mean that have more than one pattern, corner by corner.
func TestFormulas(t *testing.T) {
	for _, c := range []struct {
		name, rule, code string
		want             []int
	}{
		{"a focus beside the range takes it away", `
patterns:
- pattern-inside: save($X, ...)
- focus-metavariable: $X
- pattern: "7"`, "save(7, 1)\nsave(1,\n 7)", []int{1}},
		{"two focuses have to meet", `
patterns:
- pattern: save($A, $B)
- focus-metavariable: $A
- focus-metavariable: $B`, "save(1, 2)", []int{}},
		{"one focus of two names is either", `
patterns:
- pattern: save($A, $B)
- focus-metavariable: [$A, $B]`, "save(1,\n 2)", []int{1, 2}},
		{"a focus around the range leaves it", `
patterns:
- pattern-inside: "def $F(...): $...BODY"
- pattern: bad()
- focus-metavariable: $...BODY`, "def f():\n    x = 1\n    bad()", []int{3}},
		{"a metavariable alone narrows to what it is bound to", `
patterns:
- pattern: connect(..., verify=$V, ...)
- pattern: $V
- metavariable-pattern: {metavariable: $V, pattern: "False"}`, "connect(1,\n  verify=False)\nconnect(verify=True)", []int{2}},
		{"a metavariable alone is each expression within", `
patterns:
- pattern: f(...)
- pattern: $V
- metavariable-regex: {metavariable: $V, regex: secret}`, "f(a,\n  secret)", []int{2}},
		{"a literal alone is looked for in names within the others", `
patterns:
- pattern: sign($K)
- focus-metavariable: $K
- pattern: '"..."'`, "KEY = 'k'\nsign(KEY)\nsign(other)\nsign('k')\nsign(other['k'])", []int{2, 4, 5}},
		{"one of several literals is looked for like one", `
patterns:
- pattern: sign($K)
- focus-metavariable: $K
- pattern-either:
  - pattern: '"..."'
  - pattern: "None"`, "KEY = 'k'\nsign(KEY)\nsign(other)\nsign(None)", []int{2, 4}},
		{"numbered groups of two expressions are no names", `
patterns:
- pattern-regex: "a(.)b.c"
- pattern-regex: "a.b(.)c"`, "x = 'a1b2c'", []int{1}},
		{"named groups of two expressions are one name", `
patterns:
- pattern-regex: "a(?<N>.)b.c"
- pattern-regex: "a.b(?<N>.)c"`, "x = 'a1b2c'\ny = 'a3b3c'", []int{2}},
		{"what one metavariable-pattern binds is free in the next", `
patterns:
- pattern: f($A)
- metavariable-pattern: {metavariable: $A, pattern: g($B)}
- metavariable-pattern: {metavariable: $A, pattern: h($B)}`, "f(both(g(1), h(2)))\nf(g(1))", []int{1}},
		{"what a metavariable-pattern binds may be asked of by name", `
patterns:
- pattern: f($A)
- metavariable-pattern: {metavariable: $A, pattern: g($B)}
- metavariable-regex: {metavariable: $B, regex: x}`, "f(g(x))\nf(g(y))", []int{1}},
		{"a run keeps its nodes in a metavariable-pattern", `
patterns:
- pattern: $CALL
- pattern-inside: return dumps($...ARGS)
- metavariable-pattern: {metavariable: $CALL, pattern: dumps($...ARGS)}`, "def f():\n    return dumps(a, b)", []int{2}},
		{"anywhere is anywhere", `
patterns:
- pattern: $F(...)
- anywhere: "def $F(...): ..."`, "def a():\n    a()\n    b()\ndef b(): pass", []int{2, 3}},
		{"decorators are no expressions where attr_expr is off", `
options: {attr_expr: false}
pattern: trust(...)`, "@trust(1)\ndef f():\n    trust(2)", []int{3}},
		{"a metavariable-pattern reads a name by what it was assigned", `
options: {symbolic_propagation: true}
patterns:
- pattern: go($TO)
- metavariable-pattern:
    metavariable: $TO
    patterns:
    - pattern-either:
      - pattern: $R
      - pattern: $A + $R
    - metavariable-pattern: {metavariable: $R, pattern: request.get(...)}`, "def f(request):\n    a = request.get(1)\n    go(a)\ndef g(request):\n    b = 'x' + request.get(1)\n    go(b)\ndef h(c):\n    go(c)", []int{3, 6}},
		{"a name and what it was assigned are one metavariable", `
options: {symbolic_propagation: true}
patterns:
- pattern-inside: "def $F(..., $D=[], ...): ..."
- pattern: $D.append(...)`, "def f(a=[]):\n    b = a\n    b.append(1)\n    c = []\n    c.append(1)", []int{3}},
		{"without the option they are two", `
patterns:
- pattern-inside: "def $F(..., $D=[], ...): ..."
- pattern: $D.append(...)`, "def f(a=[]):\n    b = a\n    b.append(1)\n    a.append(2)", []int{4}},
		{"a context manager is what it enters as", `
options: {symbolic_propagation: true}
pattern: Session().run()`, "with Session() as s:\n    s.run()\nwith other() as s2:\n    s2.run()", []int{2}},
		{"a run of statements knows the imports of its file", `
patterns:
- pattern-inside: "def $F(...): $...BODY"
- metavariable-pattern:
    metavariable: $...BODY
    patterns:
    - pattern-not: |
        ...
        web.check.allowed(...)
        ...
- pattern: go(...)`, "from web.check import allowed\ndef f():\n    go()\ndef g():\n    allowed()\n    go()", []int{3}},
		{"a pattern of a rule for regex is one", `
languages: [regex]
patterns:
- pattern: "[a-z]+://[^ ]+"
- pattern-not: "ftp://[^ ]+"`, "x = 'http://a'\ny = 'ftp://b'", []int{1}},
		{"what an ellipsis took begins behind the token before", `
languages: [generic]
patterns:
- pattern: "key: $...VALUE;"
- metavariable-regex: {metavariable: $...VALUE, regex: ' \w'}`, "# key: secret;\n# key:secret;", []int{1}},
		{"not anywhere", `
patterns:
- pattern: fetch(...)
- not: {anywhere: "VERIFIED = True"}`, "fetch()", []int{1}},
		{"not anywhere, and there", `
patterns:
- pattern: fetch(...)
- not: {anywhere: "VERIFIED = True"}`, "fetch()\nVERIFIED = True", []int{}},
		{"a match as a metavariable", `
match:
  all:
  - pattern: "def $F(...): ..."
    as: $DEF
  where:
  - metavariable: $DEF
    pattern: audit()`, "def a():\n    audit()\ndef b():\n    pass", []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := found(t, c.rule, c.code); !slices.Equal(got, c.want) {
				t.Errorf("lines %v, want %v", got, c.want)
			}
		})
	}
}
