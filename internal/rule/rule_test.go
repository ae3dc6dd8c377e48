package rule

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/control"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/pattern"
	"github.com/wadjet-security/wadjet/rules"
)

// builtin reads the rules from their YAML, not from the pack.
func builtin(t *testing.T) Loaded {
	t.Helper()
	l, err := Load("../../rules")
	if err != nil {
		t.Fatal(err)
	}
	return Join(l)
}

func TestPackEqualsYAML(t *testing.T) {
	want, err := BuildPack(os.DirFS("../../rules"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(rules.Pack)) {
		t.Fatal("rules/pack.bin is not what the YAML says: run go generate ./rules")
	}
	l, err := LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	yaml := builtin(t)
	if len(l.Rules) != len(yaml.Rules) {
		t.Errorf("the pack has %d rules, the YAML %d", len(l.Rules), len(yaml.Rules))
	}
}

// TestBuiltinRules runs every built-in rule against the test file beside it.
func TestBuiltinRules(t *testing.T) {
	result, err := TestPath("../../rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range result.Errors {
		t.Error(e)
	}
	for _, m := range result.Mismatches {
		t.Error(m)
	}
	for _, id := range result.Untested {
		t.Errorf("rule %s has no test file", id)
	}
}

// TestBuiltinTexts holds every built-in rule to what a rule must say and show.
func TestBuiltinTexts(t *testing.T) {
	l := builtin(t)
	for _, e := range l.Errors {
		t.Error(e)
	}
	if len(l.Rules) == 0 {
		t.Fatal("there are no built-in rules")
	}
	for _, r := range l.Rules {
		missing := func(what string, is bool) {
			if is {
				t.Errorf("%s: rule %s has no %s", r.File, r.ID, what)
			}
		}
		missing("title", r.Title == r.ID)
		missing("why", r.Why == "")
		missing("mend", r.Mend == "")
		missing("bad example", r.Bad == "")
		missing("good example", r.Good == "")
		missing("weakness", r.Weakness == r.ID && !strings.Contains(r.File, r.ID))
		missing("CWE", len(r.CWE) == 0)
		missing("OWASP category of 2021", len(r.OWASP2021) == 0)
		missing("OWASP category of 2025", len(r.OWASP2025) == 0)
		missing("reference", len(r.References) == 0)
		for _, key := range []string{"owasp", "pci", "gdpr", "ssdf"} { // ASVS and HIPAA have nothing to say of some
			has := slices.ContainsFunc(r.Standards, func(c *finding.Control) bool { return c.Standard.Key == key })
			missing(key+" control: name its weakness, "+r.Weakness+", in a topic of rules/controls.yaml", !has)
		}
		if strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: the title of %s ends with a full stop", r.File, r.ID)
		}
		hits, misses := 0, 0
		for _, suffix := range []string{".py", ".ipynb"} {
			file := strings.TrimSuffix(r.File, ".yaml") + suffix
			if _, err := os.Stat(file); err != nil {
				continue
			}
			units, err := readUnits(r.File, []string{file})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range expectations(file, units[0].File.Text) {
				switch {
				case e.Rule != r.ID:
				case e.Hit:
					hits++
				default:
					misses++
				}
			}
		}
		if hits < 1 || misses < 2 {
			t.Errorf("%s: rule %s is tested by %d hits and %d lines that must stay silent: it takes a hit, a near miss and a trap", r.File, r.ID, hits, misses)
		}
	}
}

func TestWrongRules(t *testing.T) {
	head := "rules:\n- id: x\n  languages: [python]\n  severity: HIGH\n  message: m\n"
	tests := []struct{ name, yaml, want string }{
		{"not a rule file", "a: 1\n", "f.yaml:1: is not a rule file"},
		{"no id", "rules:\n- message: m\n", "f.yaml:2: id: every rule needs an id"},
		{"no pattern", head, "rule x: has no pattern"},
		{"two patterns", head + "  pattern: a\n  pattern-regex: b\n", "f.yaml:7: rule x: pattern-regex: stands beside `pattern`"},
		{"key twice", head + "  message: n\n  pattern: a\n", "message: stands here twice"},
		{"unknown key", head + "  pattern: a\n  sevrity: LOW\n", "did you mean `severity`?"},
		{"severity", strings.Replace(head, "HIGH", "TERRIBLE", 1) + "  pattern: a\n", `severity: "TERRIBLE" is not a severity`},
		{"languages", strings.Replace(head, "languages: [python]", "languages: []", 1) + "  pattern: a\n", "languages: is missing"},
		{"option", head + "  options: {no_such: true}\n  pattern: a\n", "no_such: is not an option"},
		{"option value", head + "  options: {symbolic_propagation: 3}\n  pattern: a\n", "symbolic_propagation: must be true or false"},
		{"only not", head + "  patterns:\n  - pattern-not: a\n", "says only what must not be there"},
		{"empty either", head + "  pattern-either: []\n", "pattern-either: must be a list with at least one item"},
		{"metavariable", head + "  patterns:\n  - pattern: $X\n  - metavariable-regex: {metavariable: X, regex: a}\n", `"X" is not a metavariable`},
		{"no regex", head + "  patterns:\n  - pattern: $X\n  - metavariable-regex: {metavariable: $X}\n", "regex: is missing"},
		{"analyzer", head + "  patterns:\n  - pattern: $X\n  - metavariable-analysis: {metavariable: $X, analyzer: magic}\n", `"magic" is not known`},
		{"language of a condition", head + "  patterns:\n  - pattern: $X\n  - metavariable-pattern: {metavariable: $X, language: cobol, pattern: a}\n", `"cobol" is not read`},
		{"id", "rules:\n- id: my rule\n", `f.yaml:2: id: "my rule" is not an id: write letters, digits, dots, slashes and hyphens, such as my-rule`},
		{"misspelt language", strings.Replace(head, "python", "pyhton", 1) + "  pattern: a\n", `languages: "pyhton" is not a language: did you mean python?`},
		{"no such language", strings.Replace(head, "python", "cobol85", 1) + "  pattern: a\n", `"cobol85" is not a language: write python`},
		{"several patterns", head + "  pattern: [a, b]\n", "pattern: must be the text of one pattern: put several below `patterns:`"},
		{"no text", head + "  pattern:\n", "f.yaml:6: rule x: pattern: is empty"},
		{"patterns as a text", head + "  patterns: f()\n", "patterns: must be a list with at least one item: write `- pattern: …` below it"},
		{"negation alone", head + "  pattern-not: a\n", "f.yaml:6: rule x: pattern-not: stands only in the list of `patterns:`"},
		{"condition outside", head + "  pattern: $X\n  metavariable-regex: {metavariable: $X, regex: a}\n", "metavariable-regex: stands only in the list of `patterns:`"},
		{"join", "rules:\n- id: x\n  mode: join\n  join: {refs: []}\n", "f.yaml:3: rule x: mode: `mode: join` joins the results of several rules"},
		{"extract", head + "  mode: extract\n  pattern: $X\n  extract: $X\n", "mode: `mode: extract` takes code of one language out of another"},
		{"steps", head + "  steps: [{pattern: a}]\n", "f.yaml:6: rule x: steps: runs several searches"},
		{"taint without its mode", head + "  pattern-sources: [{pattern: a}]\n  pattern-sinks: [{pattern: b}]\n", "pattern-sources: stands in a rule of `mode: taint`: add that"},
		{"dependency", head + "  pattern: a\n  r2c-internal-project-depends-on: {package: b}\n", "r2c-internal-project-depends-on: asks for a dependency of the project"},
		{"fix-regex", head + "  pattern: a\n  fix-regex: {regex: '(a', replacement: b}\n", "fix-regex: the regular expression is wrong: a ( that is never closed"},
		{"as", head + "  match: {all: [{pattern: f(), as: F}]}\n", `as: "F" is not a metavariable`},
		{"mode", head + "  mode: magic\n  pattern: a\n", `"magic" does not run`},
		{"taint without sinks", head + "  mode: taint\n  pattern-sources: [{pattern: a}]\n", "pattern-sinks: is missing"},
		{"min-version", head + "  min-version: 9.0.0\n  pattern: a\n", "min-version: the rule asks for Semgrep 9.0.0"},
		{"confidence", head + "  metadata: {confidence: sure}\n  pattern: a\n", `confidence: "sure" is not a confidence`},
		{"profile", head + "  metadata: {profile: all}\n  pattern: a\n", `profile: "all" is not a profile`},
		{"not Python", head + "  pattern: |\n    f()\n    function g() { }\n", `f.yaml:8: rule x: pattern: "function g() { }" is not Python with metavariables`},
		{"a comment", head + "  pattern: '# f()'\n", `"# f()" is not Python with metavariables: the pattern is a comment alone`},
		{"unclosed", head + "  pattern: foo(\n", `"foo(" is not Python with metavariables: expected an expression here, found the end of the pattern`},
		{"metavariable that nothing binds", head + "  patterns:\n  - pattern: f($X)\n  - pattern-not: g($Y)\n  - metavariable-regex: {metavariable: $Y, regex: a}\n", "f.yaml:9: rule x: metavariable-regex: no pattern here has $Y"},
		{"focus that nothing binds", head + "  patterns:\n  - pattern: f($XS)\n  - focus-metavariable: $X\n", "focus-metavariable: no pattern here has $X"},
		{"type in words", strings.Replace(head, "python", "generic", 1) + "  patterns:\n  - pattern: a $X\n  - metavariable-type: {metavariable: $X, type: int}\n", "metavariable-type: only expressions of Python have types"},
		{"wrong source", head + "  mode: taint\n  pattern-sources: [{pattern: 'a('}]\n  pattern-sinks: [{pattern: b}]\n", `f.yaml:7: rule x: pattern-sources: "a(" is not Python with metavariables`},
		{"cwe", head + "  metadata: {cwe: injection}\n  pattern: a\n", `cwe: "injection" is not a CWE`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := parseYAML([]byte(test.yaml))
			if err != nil {
				t.Fatal(err)
			}
			rules, _, errors := decodeFile("f.yaml", doc)
			set, wrong := Compile(rules)
			if len(set.Rules)+len(set.NotRun) > 0 {
				t.Error("a wrong rule runs")
			}
			errors = append(errors, wrong...)
			if n := len(errors); n != 1 {
				t.Errorf("%d errors for one mistake: %v", n, errors)
			}
			var all []string
			for _, e := range errors {
				all = append(all, e.Error())
			}
			if !strings.Contains(strings.Join(all, "\n"), test.want) {
				t.Errorf("errors %q do not say %q", all, test.want)
			}
		})
	}
}

// TestOtherRulesRun: a wrong rule takes none of its neighbours with it.
func TestOtherRulesRun(t *testing.T) {
	head := "  languages: [python]\n  severity: HIGH\n  message: m\n"
	doc, err := parseYAML([]byte("rules:\n- id: a\n" + head + "  pattern: f(\n- id: b\n" + head + "  pattern: f()\n- id: c\n" + head + "  patern: f()\n"))
	if err != nil {
		t.Fatal(err)
	}
	rules, _, errors := decodeFile("f.yaml", doc)
	set, wrong := Compile(rules)
	if len(errors) != 1 || len(wrong) != 1 || len(set.Rules) != 1 || set.Rules[0].ID != "b" {
		t.Errorf("errors %v and %v, %d rules", errors, wrong, len(set.Rules))
	}
}

// TestWrongYAML: what is no YAML is said with the line and what most often helps.
func TestWrongYAML(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"rules:\n- id: x\n\tmessage: m\n", ":2: is not valid YAML: found a tab character that violates indentation: indent with spaces"},
		{"rules:\n- id: x\n  message: so it is: bad\n", ":3: is not valid YAML: mapping values are not allowed in this context: put the text in quotes"},
		{"rules:\n- id: x\n  languages: [python\n  severity: LOW\n", ": close the list with ]"},
		{"rules:\n- id: x\n  pattern: *args\n", ": put text in quotes that begins with *"},
	} {
		path := filepath.Join(t.TempDir(), "f.yaml")
		if err := os.WriteFile(path, []byte(c.yaml), 0o666); err != nil {
			t.Fatal(err)
		}
		l, err := Load(path)
		if err != nil || len(l.Errors) != 1 || !strings.Contains(l.Errors[0].Error(), c.want) {
			t.Errorf("%q: %v %v, want %q", c.yaml, err, l.Errors, c.want)
		}
	}
}

func TestAnchorsAndMergeKeys(t *testing.T) {
	doc, err := parseYAML([]byte("rules:\n- &base\n  id: a\n  languages: [python]\n  severity: LOW\n  message: m\n  pattern: f(...)\n- <<: *base\n  id: b\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, _, errors := decodeFile("f.yaml", doc)
	if len(errors) > 0 || len(got) != 2 || got[1].ID != "b" || got[1].Message != "m" {
		t.Errorf("got %v, errors %v", got, errors)
	}
}

// TestAliasBomb: a few lines of YAML must not unfold to billions of values.
func TestAliasBomb(t *testing.T) {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		s := string(rune('0'+i%10)) + string(rune('a'+i/10))
		p := string(rune('0'+(i-1)%10)) + string(rune('a'+(i-1)/10))
		if i == 1 {
			p = "0"
		}
		ref := "*a" + p
		text += "a" + s + ": &a" + s + " [" + strings.Repeat(ref+", ", 9) + ref + "]\n"
	}
	if _, err := parseYAML([]byte(text)); err == nil {
		t.Error("the document was unfolded")
	}
}

func TestForeignLanguagesAreCounted(t *testing.T) {
	doc, _ := parseYAML([]byte("rules:\n- id: a\n  languages: [java]\n- id: b\n  languages: [python]\n  severity: LOW\n  message: m\n  pattern: f()\n"))
	got, foreign, errors := decodeFile("f.yaml", doc)
	if len(got) != 1 || foreign != 1 || len(errors) != 0 {
		t.Errorf("got %d rules, %d foreign, errors %v", len(got), foreign, errors)
	}
}

func TestJoin(t *testing.T) {
	load := func(file string, ids ...string) (l Loaded) {
		for i, id := range ids {
			l.Rules = append(l.Rules, &Rule{Rule: finding.Rule{ID: id, File: file, Weakness: id}, Line: i + 1})
		}
		return l
	}
	l := Join(load("a/flask/x.yaml", "redirect", "eval"), load("a/django/x.yaml", "redirect"), load("b/django/x.yaml", "redirect"),
		load("b/django/y.yaml", "redirect"), load("x.yaml", "eval"), load("c.yaml", "twice", "twice"))
	var ids []string
	for _, r := range l.Rules {
		ids = append(ids, r.ID+"="+r.File)
	}
	want := "b.django.redirect=b/django/x.yaml b.django.redirect-2=b/django/y.yaml django.redirect=a/django/x.yaml " +
		"eval=a/flask/x.yaml eval-2=x.yaml redirect=a/flask/x.yaml twice=c.yaml"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(l.Errors) != 1 || !strings.Contains(l.Errors[0].Error(), "c.yaml:2: rule twice: id: is already used in c.yaml:1") {
		t.Errorf("errors %v", l.Errors)
	}
}

func TestChoose(t *testing.T) {
	rule := func(id string, p Profile, cwe int, owasp, bandit, ruff string) *Rule {
		r := &Rule{Profile: p, Rule: finding.Rule{ID: id, CWE: []int{cwe}, OWASP2021: []string{owasp},
			Aliases: map[string][]string{"bandit": {bandit}, "ruff": {ruff}}}}
		r.Standards = control.Builtin().Of(&r.Rule)
		return r
	}
	all := []*Rule{
		rule("shell", Default, 78, "A03", "B602", "S602"),
		rule("eval", Default, 95, "A03", "B307", "S307"),
		rule("assert", Audit, 703, "A04", "B101", "S101"),
	}
	tests := []struct {
		choice Choice
		want   string
	}{
		{Choice{}, "shell eval"},
		{Choice{Profile: Audit}, "shell eval assert"},
		{Choice{Select: []string{"B101"}}, "assert"},
		{Choice{Select: []string{"S6"}}, "shell"},
		{Choice{Select: []string{"cwe:78", "CWE-95"}}, "shell eval"},
		{Choice{Select: []string{"owasp:A03"}, Ignore: []string{"eval"}}, "shell"},
		{Choice{Select: []string{"owasp:A03:2021"}}, "shell eval"},
		{Choice{Select: []string{"owasp:A05"}}, "shell eval"}, // of 2025
		{Choice{Select: []string{"cwe-top25"}}, "shell"},
		{Choice{Select: []string{"asvs:1.2.5"}}, "shell"},
		{Choice{Select: []string{"asvs:1"}, Ignore: []string{"asvs:1.2"}}, "eval"},
		{Choice{Select: []string{"pci:6.2.4"}}, "shell eval assert"},
		{Choice{Ignore: []string{"b602"}}, "eval"},
		{Choice{Select: []string{"all"}}, "shell eval assert"},
	}
	for _, test := range tests {
		got, err := Choose(all, test.choice)
		var ids []string
		for _, r := range got {
			ids = append(ids, r.ID)
		}
		if err != nil || strings.Join(ids, " ") != test.want {
			t.Errorf("%+v chose %v (%v), want %s", test.choice, ids, err, test.want)
		}
	}
	if _, err := Choose(all, Choice{Select: []string{"evil"}}); err == nil || !strings.Contains(err.Error(), "did you mean eval") {
		t.Errorf("a misspelt id gave %v", err)
	}
}

func TestInterpolate(t *testing.T) {
	bindings := []pattern.Binding{{Name: "$X", Text: "a +\n    b", Const: "3"}, {Name: "$XS", Text: "all"}, {Name: "$...ARGS", Text: "1, 2"}}
	tests := []struct{ message, want string }{
		{"plain", "plain"},
		{"$X is bad", "a + b is bad"},
		{"$XS and $X", "all and a + b"},
		{"f($...ARGS)", "f(1, 2)"},
		{"value($X) dollars: $5", "3 dollars: $5"},
		{"ends with $", "ends with $"},
	}
	for _, test := range tests {
		if got := Interpolate(test.message, bindings, false); got != test.want {
			t.Errorf("%q became %q, want %q", test.message, got, test.want)
		}
	}
	long := []pattern.Binding{{Name: "$X", Text: strings.Repeat("é", 200)}}
	if got := []rune(Interpolate("$X", long, false)); len(got) != maxShown || got[maxShown-1] != '…' {
		t.Errorf("a long text became %d characters", len(got))
	}
}

func TestExpectations(t *testing.T) {
	got := expectations("f.py", "# ruleid: a, b\n# ok: c\nx\n# todoruleid: d\ny\n")
	var lines []string
	for _, e := range got {
		lines = append(lines, e.Rule)
		if e.Rule == "d" && (!e.Todo || e.Line != 5) || e.Rule != "d" && e.Line != 3 || e.Hit != (e.Rule != "c") {
			t.Errorf("%+v", e)
		}
	}
	if !slices.Equal(lines, []string{"a", "b", "c", "d"}) {
		t.Errorf("got %v", lines)
	}
}

// TestRuleTests runs rules against test files: what is said of deep analysis, of taint rules, and what the files are called.
func TestRuleTests(t *testing.T) {
	yaml := "rules:\n- {id: a, languages: [python], severity: LOW, message: m, pattern: pickle.loads(...)}\n" +
		"- {id: b, languages: [python], severity: LOW, message: m, mode: taint, pattern-sources: [{pattern: f()}], pattern-sinks: [{pattern: g(...)}]}\n"
	for _, c := range []struct {
		name, file, code string
		lines, notRun    int
		wrong            []int // lines
	}{
		{"found and not", "pickle.py", "# ruleid: a\nx\n# ok: a\nimport pickle\npickle.loads(1)\n", 2, 1, []int{2, 5}},
		{"the name of the file is no module", "pickle.py", "def loads(x): pass\n# ok: a\nloads(1)\n", 1, 1, nil},
		{"deep findings may be or not", "app.py", "import pickle\n# deepruleid: a\npickle.loads(1)\n# deepruleid: a\nx\n# deepok: a\npickle.loads(2)\n", 0, 1, nil},
		{"taint rules are counted, not asked", "app.py", "# ruleid: b\ng(f())\n", 0, 1, nil},
		{"several comments, one line", "app.py", "import pickle\n# ruleid: a\n# ruleid: b\npickle.loads(g(f()))\n", 1, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			stem := strings.TrimSuffix(c.file, ".py")
			for name, text := range map[string]string{stem + ".yaml": yaml, c.file: c.code} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			result, err := TestPath(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range result.Errors {
				t.Error(e)
			}
			var wrong []int
			for _, m := range result.Mismatches {
				wrong = append(wrong, m.Line)
			}
			if result.Lines != c.lines || result.NotRun != c.notRun || !slices.Equal(wrong, c.wrong) {
				t.Errorf("%d lines, %d not run, mismatches %v", result.Lines, result.NotRun, result.Mismatches)
			}
		})
	}
}

func FuzzRuleFile(f *testing.F) {
	f.Add("rules:\n- id: a\n  languages: [python]\n  severity: LOW\n  message: m\n  patterns:\n  - pattern: f($X)\n  - metavariable-regex: {metavariable: $X, regex: a}\n")
	f.Add("rules: [&a {id: x, match: {any: [a, {all: [b]}], where: [{focus: $X}]}}, *a]")
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := parseYAML([]byte(text))
		if err != nil {
			return
		}
		got, _, _ := decodeFile("f.yaml", doc)
		Compile(got)
	})
}

func FuzzPack(f *testing.F) {
	f.Add(packMagic)
	f.Add(rules.Pack[:min(len(rules.Pack), 2000)])
	f.Fuzz(func(t *testing.T, pack string) { LoadPack(pack) })
}
