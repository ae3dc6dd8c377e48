package control

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/rules"
)

func refs(controls []*finding.Control) string {
	var out []string
	for _, c := range controls {
		out = append(out, c.Ref())
	}
	return strings.Join(out, " ")
}

func TestBuiltinIsCurrent(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "rules", "controls.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	built, err := Build(text)
	if err != nil {
		t.Fatal(err)
	}
	if string(built) != rules.Controls {
		t.Error("rules/controls.bin is not what controls.yaml says: run go generate ./rules")
	}
}

// TestIDs: every control is written as its standard writes them, and has words of ours.
func TestIDs(t *testing.T) {
	forms := map[string]*regexp.Regexp{
		"owasp":     regexp.MustCompile(`^A(0[1-9]|10)$`),
		"cwe-top25": regexp.MustCompile(`^CWE-[1-9][0-9]*$`),
		"asvs":      regexp.MustCompile(`^v5\.0\.0-([1-9]|1[0-7])\.[1-9][0-9]?\.[1-9][0-9]?$`),
		"pci":       regexp.MustCompile(`^([1-9]|1[0-2])(\.[1-9][0-9]?){2,3}$`),
		"hipaa":     regexp.MustCompile(`^164\.312\([a-e]\)(\([1-2]\)(\((i|ii|iii|iv)\))?)?$`),
		"gdpr":      regexp.MustCompile(`^(25\([1-3]\)|32\(1\)\([a-d]\))$`),
		"ssdf":      regexp.MustCompile(`^(PO|PS|PW|RV)\.[1-9]\.[1-9]$`),
	}
	size := map[string]int{"owasp": 10, "cwe-top25": 25}
	found := map[string]bool{}
	for _, s := range Builtin().Standards {
		found[s.Key] = true
		if want := size[s.Key]; want > 0 && len(s.Controls) != want {
			t.Errorf("%s has %d controls, want %d", s.Name, len(s.Controls), want)
		}
		ids := map[string]bool{}
		for _, c := range s.Controls {
			if forms[s.Key] == nil || !forms[s.Key].MatchString(c.ID) {
				t.Errorf("%s is not how %s writes a control", c.ID, s.Name)
			}
			if ids[c.ID] {
				t.Errorf("%s: %s is there twice", s.Name, c.ID)
			}
			ids[c.ID] = true
			if c.Title == "" || strings.HasSuffix(c.Title, ".") {
				t.Errorf("%s: the title of %s is %q", s.Name, c.ID, c.Title)
			}
		}
	}
	for key := range forms {
		if !found[key] {
			t.Errorf("standard %s is missing", key)
		}
	}
}

// TestPublished holds the numbers of ASVS to the standard itself, where WADJET_ASVS names a copy of its flat.json. The others are
// published in forms that no program reads.
func TestPublished(t *testing.T) {
	file := os.Getenv("WADJET_ASVS")
	if file == "" {
		t.Skip("WADJET_ASVS does not name OWASP_Application_Security_Verification_Standard_5.0.0_en.flat.json")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Requirements []struct {
			ID string `json:"req_id"`
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	published := map[string]bool{}
	for _, r := range doc.Requirements {
		published[strings.TrimPrefix(r.ID, "V")] = true
	}
	for _, s := range Builtin().Standards {
		for _, c := range s.Controls {
			if s.Key == "asvs" && !published[strings.TrimPrefix(c.ID, s.Prefix)] {
				t.Errorf("ASVS has no %s", c.ID)
			}
		}
	}
}

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule finding.Rule
		want string
	}{
		{"by weakness", finding.Rule{Weakness: "sql-injection", CWE: []int{89}},
			"owasp:A05:2025 owasp:A03:2021 cwe-top25:CWE-89:2025 cwe-top25:CWE-89:2024 asvs:v5.0.0-1.2.4 pci:6.2.4 hipaa:164.312(a)(1) hipaa:164.312(c)(1) gdpr:32(1)(b) ssdf:PW.5.1"},
		{"the rule's own categories come first", finding.Rule{Weakness: "sql-injection", OWASP2021: []string{"A08"}, OWASP2025: []string{"A01", "A05"}},
			"owasp:A01:2025 owasp:A05:2025 owasp:A08:2021 asvs:v5.0.0-1.2.4 pci:6.2.4 hipaa:164.312(a)(1) hipaa:164.312(c)(1) gdpr:32(1)(b) ssdf:PW.5.1"},
		{"by CWE, where the weakness is unknown", finding.Rule{Weakness: "team.no-regex", CWE: []int{1333}},
			"owasp:A06:2025 owasp:A04:2021 asvs:v5.0.0-1.3.12 asvs:v5.0.0-15.2.2 pci:6.2.4 gdpr:32(1)(b) ssdf:PW.5.1"},
		{"OWASP's own list of CWE numbers beats the topic", finding.Rule{Weakness: "x", CWE: []int{321}},
			"owasp:A04:2025 owasp:A02:2021 asvs:v5.0.0-13.3.1 pci:3.6.1 pci:6.2.4 pci:8.6.2 hipaa:164.312(a)(1) hipaa:164.312(d) gdpr:32(1)(b) ssdf:PW.5.1"},
		{"nothing known", finding.Rule{Weakness: "x", CWE: []int{99999}}, ""},
		{"nothing said", finding.Rule{}, ""},
	} {
		if got := refs(Builtin().Of(&tt.rule)); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestSelect(t *testing.T) {
	sql := Builtin().Of(&finding.Rule{Weakness: "sql-injection", CWE: []int{89}})
	assert := Builtin().Of(&finding.Rule{Weakness: "assert-as-guard", CWE: []int{617}})
	for _, tt := range []struct {
		word        string
		sql, assert bool
	}{
		{"owasp", true, true},
		{"owasp:A05", true, false},
		{"owasp:a05:2025", true, false},
		{"owasp:A05:2021", false, false},
		{"owasp:A03:2021", true, false},
		{"owasp:2021", true, true},
		{"owasp:A0", false, false},
		{"cwe-top25", true, false},
		{"cwe-top25:2024", true, false},
		{"cwe-top25:CWE-89", true, false},
		{"cwe-top25:CWE-8", false, false},
		{"asvs:v5.0.0-1.2.4", true, false},
		{"asvs:1.2.4", true, false},
		{"asvs:V1", true, false},
		{"asvs:1", true, false},
		{"asvs:8.3", false, true},
		{"asvs:1.2.45", false, false},
		{"asvs", true, true},
		{"pci:6.2.4", true, true},
		{"pci:6", true, true},
		{"pci:6.2.40", false, false},
		{"hipaa:164.312(c)", true, false},
		{"hipaa:164.312", true, true},
		{"hipaa:(c)(1)", true, false},
		{"gdpr:32", true, true},
		{"gdpr:3", false, false},
		{"ssdf:PW.5", true, true},
	} {
		test, ok := Builtin().Select(tt.word)
		if !ok {
			t.Errorf("%s is no standard", tt.word)
		} else if test(sql) != tt.sql || test(assert) != tt.assert {
			t.Errorf("%s: sql %v, assert %v; want %v, %v", tt.word, test(sql), test(assert), tt.sql, tt.assert)
		}
	}
	for _, word := range []string{"sql-injection", "cwe:89", "B602", "iso:1", ""} {
		if _, ok := Builtin().Select(word); ok {
			t.Errorf("%q is taken for a standard", word)
		}
	}
	for _, s := range Builtin().Standards { // what a report says selects it
		for _, c := range s.Controls {
			if test, ok := Builtin().Select(c.Ref()); !ok || !test([]*finding.Control{c}) {
				t.Errorf("%s does not select itself", c.Ref())
			}
		}
	}
}

func TestWrongTables(t *testing.T) {
	standard := "standards:\n- {key: k, name: n, url: u, controls: {a: one}}\n"
	for _, tt := range []struct{ yaml, want string }{
		{"standards: {", "did not find expected"},
		{"standards:\n- {key: k}\n", "give it a key, a name and a url"},
		{"standards:\n- {key: k, name: n, url: u, controls: {a: ''}}\n", "k:a has no title"},
		{"standards:\n- {key: k, name: n, url: u, controls: {CWE-x: one}}\n", "CWE-x is no CWE number"},
		{"standards:\n- {key: k, name: n, url: u, controls: {a: {title: [1]}}}\n", "k:a: "},
		{"standards:\n- {key: k, name: n, url: u, controls: {a: \"o\\te\"}}\n", "has a tab"},
		{standard + "- {key: k, name: n, url: u, controls: {a: one}}\n", "k:a is there twice"},
		{standard, "no topic leads to k:a"},
		{standard + "topics:\n- {k: [a]}\n", "names no weakness"},
		{standard + "topics:\n- {weaknesses: [w], k: [b]}\n", "k:b is no control"},
		{standard + "topics:\n- {weaknesses: w, k: [a]}\n", "weaknesses: "},
		{standard + "topics:\n- {weaknesses: [w], cwe: [1], k: [a]}\n- {weaknesses: [w]}\n", "weakness w is in two topics"},
		{standard + "topics:\n- {weaknesses: [w], cwe: [1], k: [a]}\n- {weaknesses: [x], cwe: [1]}\n", "CWE-1 is in two topics"},
	} {
		if _, err := Build([]byte(tt.yaml)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s\ngave %v, want %s", tt.yaml, err, tt.want)
		}
	}
	for _, bad := range []string{"x", "c\ta\tb\t", "s\tk\t\tn\tu\t\nc\ta\tb\tx\n", "s\tk\t\tn\tu\t\nt\tw\t1\t7\n", "t\tw\tx\t\n"} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestOrder: the newest edition stands first, which is what a standard's name alone means.
func TestOrder(t *testing.T) {
	last := map[string]string{}
	for _, s := range Builtin().Standards {
		if before, ok := last[s.Key]; ok && before <= s.Edition {
			t.Errorf("%s %s stands after %s", s.Key, s.Edition, before)
		}
		last[s.Key] = s.Edition
	}
	if !slices.ContainsFunc(Builtin().Standards, func(s *finding.Standard) bool { return s.Edition == "2025" }) {
		t.Error("no edition of 2025")
	}
}
