package settings

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the schema anew")

// lay writes a tree of files, and gives its folder.
func lay(t *testing.T, files string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(files)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// said is what the settings of a file are, but for defaults.
func said(s *Settings) string {
	var out []string
	for _, l := range s.Lines() {
		if l.Origin != (Origin{}) {
			out = append(out, fmt.Sprintf("%s = %s # %s", l.Key, l.Value, l.Origin))
		}
	}
	return strings.Join(out, "\n")
}

func TestInherit(t *testing.T) {
	dir := lay(t, `
-- repo/.git/HEAD --
-- wadjet.toml --
profile = "audit" # above the repository: not ours
-- repo/pyproject.toml --
[tool.other]
a = 1
[tool.wadjet]
profile = "strict"
ignore = [
  "B101",
  "B102",
]
exclude = ["gen/"]
fail-on = "medium"
[tool.wadjet.per-file-ignores]
"test_*.py" = ["B105"]
[[tool.wadjet.overrides]]
paths = ["scripts/", "*.ipynb"]
select = ["B6"]
severity-level = "high"
-- repo/sub/wadjet.toml --
fail-on = "low"
select = ["B101"]
rule."cwe:78".severity = "low"
rule.B602 = {confidence = "high", exclude = ["old/"]}
-- repo/sub/old/x.py --
-- repo/lib/site-packages/p/wadjet.toml --
profile = "default"
`)
	root := filepath.Join(dir, "repo")
	for _, tt := range []struct{ file, want string }{
		{"a.py", `profile = "strict" # pyproject.toml:4
ignore = ["B101", "B102"] # pyproject.toml:6
fail-on = "medium" # pyproject.toml:10
exclude = ["gen/"] # pyproject.toml:9`},
		{"test_a.py", `profile = "strict" # pyproject.toml:4
ignore = ["B101", "B102"] # pyproject.toml:6
ignore = ["B105"] # pyproject.toml:12
fail-on = "medium" # pyproject.toml:10
exclude = ["gen/"] # pyproject.toml:9`},
		{"deep/scripts/a.py", `profile = "strict" # pyproject.toml:4
select = ["B6"] # pyproject.toml:15
ignore = ["B101", "B102"] # pyproject.toml:6
severity-level = "high" # pyproject.toml:16
fail-on = "medium" # pyproject.toml:10
exclude = ["gen/"] # pyproject.toml:9`},
		{"sub/a.py", `profile = "strict" # pyproject.toml:4
select = ["B101"] # sub/wadjet.toml:2
ignore = ["B101", "B102"] # pyproject.toml:6
rule.cwe:78 = {severity = "low"} # sub/wadjet.toml:3
rule.B602 = {confidence = "high"} # sub/wadjet.toml:4
fail-on = "low" # sub/wadjet.toml:1
exclude = ["gen/"] # pyproject.toml:9`},
		{"sub/old/x.py", `profile = "strict" # pyproject.toml:4
select = ["B101"] # sub/wadjet.toml:2
ignore = ["B101", "B102"] # pyproject.toml:6
rule.cwe:78 = {severity = "low"} # sub/wadjet.toml:3
rule.B602 = {confidence = "high", off here} # sub/wadjet.toml:4
fail-on = "low" # sub/wadjet.toml:1
exclude = ["gen/"] # pyproject.toml:9`},
		{"lib/site-packages/p/a.py", `profile = "strict" # pyproject.toml:4
ignore = ["B101", "B102"] # pyproject.toml:6
fail-on = "medium" # pyproject.toml:10
exclude = ["gen/"] # pyproject.toml:9`},
	} {
		for _, from := range []string{root, filepath.Join(root, "sub")} { // the same from wherever it is looked at
			tree, err := Open(Options{Root: from, Paths: []string{root}})
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if from != root {
				want = strings.NewReplacer("# pyproject", "# ../pyproject", "# sub/", "# ").Replace(want)
			}
			if got := said(tree.For(filepath.Join(root, filepath.FromSlash(tt.file)))); got != want {
				t.Errorf("%s from %s:\n%s\nwant:\n%s", tt.file, from, got, want)
			}
			if err := tree.Err(); err != nil {
				t.Error(err)
			}
		}
	}
	tree, err := Open(Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	// The order in which rules are chosen is that of the layers.
	var steps []string
	for _, s := range tree.For(filepath.Join(root, "sub/a.py")).Steps {
		steps = append(steps, fmt.Sprintf("%d%v", s.Op, plain(s.Selectors)))
	}
	if want := []string{"2[B101 B102]", "0[B101]"}; !slices.Equal(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
	// Equal settings are one value, so that what is made of them is made once.
	if tree.For(filepath.Join(root, "a.py")) != tree.For(filepath.Join(root, "x/y/b.py")) || tree.For(filepath.Join(root, "a.py")) == tree.For(filepath.Join(root, "test_b.py")) {
		t.Error("settings are not shared by files for which they are equal")
	}
}

func TestFlagsBeatFiles(t *testing.T) {
	dir := lay(t, `
-- wadjet.toml --
profile = "strict"
ignore = ["B101"]
`)
	var flags Flags
	for _, set := range [][]string{{"profile", "audit"}, {"select", "B101", "B102"}, {"max-file-size", "7"}, {"require-complete", "true"}} {
		if err := flags.Set(set[0], set[1:]...); err != nil {
			t.Fatal(err)
		}
	}
	if err := flags.Ignore("x/*.py:B1,B2"); err != nil {
		t.Fatal(err)
	}
	tree, err := Open(Options{Root: dir, Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	want := `profile = "audit" # --profile
select = ["B101", "B102"] # --select
ignore = ["B101"] # wadjet.toml:2
ignore = ["B1", "B2"] # --per-file-ignores
require-complete = true # --require-complete
max-file-size = 7 # --max-file-size`
	if got := said(tree.For(filepath.Join(dir, "x", "a.py"))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, wrong := range [][]string{{"profile", "loud"}, {"max-file-size", "-1"}, {"python-version", "three"}, {"nothing", "1"}} {
		if flags.Set(wrong[0], wrong[1:]...) == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
	for _, wrong := range []string{"", "x", ":B1", "x:", "x:,"} {
		if flags.Ignore(wrong) == nil {
			t.Errorf("--per-file-ignores %q is taken", wrong)
		}
	}
}

// Each is the text of a wadjet.toml, and what is said of it.
func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"profil = 'x'":                                  `1: "profil" is no setting: did you mean profile?`,
		"\nper_file_ignores = {}":                       `2: "per_file_ignores" is no setting: did you mean per-file-ignores?`,
		"a = 1":                                         `1: "a" is no setting: there are profile`,
		"profile = 1":                                   `1: profile must be a text: default, strict or audit`,
		"profile = 'noisy'":                             `1: "noisy" is not known for profile: use default, strict or audit`,
		"select = ['a',\n 1]":                           `2: select must be a list of texts`,
		"select = ['']":                                 `1: select has an empty text in it`,
		"builtin = 'yes'":                               `1: builtin must be true or false`,
		"max-file-size = -1":                            `1: max-file-size must be a whole number, not negative`,
		"max-file-size = 1.5":                           `1: max-file-size must be a whole number, not negative`,
		"python-version = '3'":                          `1: python-version must be two numbers, as "3.11": "3" is not`,
		"baseline = '../b.json'":                        `1: baseline must lie below the folder of this file: "../b.json" does not`,
		"baseline = '/etc/b.json'":                      `1: baseline must lie below the folder of this file`,
		"output = ['out.json']":                         `1: output must be FORMAT=FILE`,
		"per-file-ignores = 1":                          `1: per-file-ignores must be a table`,
		"per-file-ignores = {a = 1}":                    `1: per-file-ignores "a" must be a list of texts`,
		"[rule.B101]\nseverty = 'low'":                  `2: "severty" is no setting of a rule: did you mean severity?`,
		"rule.B101 = 'off'":                             `1: B101 must be a table`,
		"overrides = 1":                                 `1: overrides must be a list of tables`,
		"[[overrides]]\nprofile='audit'":                "1: overrides need `paths`",
		"[[overrides]]\npaths=['a']\nformat='x'":        `3: "format" is no setting of overrides: there are paths`,
		"required-version = '>=2'":                      `1: these settings are for wadjet >=2, and this is 1.2.3`,
		"required-version = 'new'":                      `1: required-version "new": "new" is no version`,
		"required-version = '~=2'":                      `1: required-version "~=2": "~=" is no comparison`,
		"extends = 1":                                   `1: extends must be a file`,
		"extends = 'nowhere.toml'":                      `1: extends = "nowhere.toml" cannot be read: no such file`,
		"extends = 'wadjet.toml'":                       `1: wadjet.toml extends itself`,
		"extends = {url = 'http://a/b'}":                `1: extends wants an url that begins with https://`,
		"extends = {url = 'https://u:p@a/b'}":           `1: extends wants an url that begins with https://`,
		"extends = {url = 'https://a/b', sha256 = 'x'}": `1: extends wants the sha256 of what is at https://a/b`,
		"extends = {path = 'a'}":                        `1: "path" has no place in extends`,
		"extends = {url = 'https://a/b', sha256 = '" + strings.Repeat("a", 64) + "'}": "1: the policy at https://a/b is not here yet: run `wadjet config fetch`",
		"profile = 'audit'\nprofile = 'audit'":                                        `2: `,
		"per-file-ignores = {" + many(maxParts+1) + "}":                               "1: there are more than 1000",
		"= 1": `1: `,
	} {
		dir := lay(t, "-- wadjet.toml --\n"+text+"\n")
		_, err := Open(Options{Root: dir, Version: "1.2.3"})
		if err == nil || !strings.HasPrefix(err.Error(), "wadjet.toml:"+want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	for _, good := range []string{"required-version = '>=1.2,<2'", "required-version = '1.2.3'", "max-file-size = 1_000_000", "select = []", "select = 'B101'", ""} {
		dir := lay(t, "-- wadjet.toml --\n"+good+"\n")
		if _, err := Open(Options{Root: dir, Version: "1.2.3-dev"}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// many are n entries of a table.
func many(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("a%d = 'B101'", i))
	}
	return strings.Join(out, ", ")
}

func TestVersions(t *testing.T) {
	for _, tt := range []struct {
		want, have string
		fits       bool
	}{
		{">=0.3", "0.3.0", true}, {">=0.3", "0.2.9", false}, {">0.3", "0.3.1", true}, {">0.3", "0.3", false}, {"<1", "0.9.12", true},
		{"<=1.0", "1.0.1", false}, {"==1.2", "1.2.0", true}, {"!=1.2", "1.2.0", false}, {">=0.3, <1", "1.0", false}, {">=9", "unknown", true},
		{">=9", "0.0.0-20260101000000-abc", true}, {">=0.4", "v0.4.0-dev+dirty", true},
	} {
		if got, err := fits(tt.want, tt.have); err != nil || got != tt.fits {
			t.Errorf("%s of %s: %v, %v", tt.have, tt.want, got, err)
		}
	}
}

// TestExtends: what is extended comes first, level by level, and its globs are those of the project.
func TestExtends(t *testing.T) {
	dir := lay(t, `
-- policy/wadjet-policy.toml --
extends = "base.toml"
profile = "strict"
rules = ["r"]
per-file-ignores = {"tests/" = ["B101"]}
-- policy/base.toml --
profile = "audit"
fail-on = "low"
-- p/wadjet.toml --
extends = ["../policy/wadjet-policy.toml"]
fail-on = "critical"
`)
	root := filepath.Join(dir, "p")
	tree, err := Open(Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	s := tree.For(filepath.Join(root, "tests", "a.py"))
	if s.Text("profile") != "strict" || s.Text("fail-on") != "critical" || len(s.Steps) != 1 {
		t.Errorf("got\n%s", said(s))
	}
	if got := s.List("rules"); len(got) != 1 || got[0].Text != filepath.Join(dir, "policy", "r") {
		t.Errorf("rules: %v", got)
	}
	// A chain of more files than that is a loop in disguise.
	for i := range 12 {
		text := fmt.Sprintf("extends = 'x%d.toml'\n", i+1)
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("x%d.toml", i)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(Options{Root: root, Config: "x0.toml"}); err == nil || !strings.Contains(err.Error(), "more than 8 files") {
		t.Errorf("a long chain: %v", err)
	}
}

// TestFetch: a policy is read from its copy alone, which must be what its hash says.
func TestFetch(t *testing.T) {
	inner := "profile = \"strict\"\n"
	asked := 0
	answers := map[string]string{"/inner": inner}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		text, ok := answers[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, text)
	}))
	defer server.Close()
	outer := fmt.Sprintf("extends = {url = %q, sha256 = %q}\nfail-on = \"low\"\n", server.URL+"/inner", hash(inner))
	answers["/outer"] = outer
	dir := lay(t, fmt.Sprintf("-- wadjet.toml --\nextends = {url = %q, sha256 = %q}\n", server.URL+"/outer", hash(outer)))
	o := Options{Root: dir}
	if _, err := Open(o); err == nil || !strings.Contains(err.Error(), "run `wadjet config fetch`") {
		t.Errorf("before: %v", err)
	}
	if asked != 0 {
		t.Fatal("reading settings opened a connection")
	}
	fetched, err := Fetch(context.Background(), o, server.Client())
	if err != nil || len(fetched) != 2 {
		t.Fatalf("fetched %v: %v", fetched, err)
	}
	tree, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	if s := tree.Start(); s.Text("profile") != "strict" || s.Text("fail-on") != "low" {
		t.Errorf("got\n%s", said(s))
	}
	if asked != 2 {
		t.Errorf("%d requests, want 2", asked)
	}
	if err := os.WriteFile(fetched[0].File, []byte("profile = \"default\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(o); err == nil || !strings.Contains(err.Error(), "was changed") {
		t.Errorf("a changed copy: %v", err)
	}
	// What the server has is not what was pinned.
	answers["/outer"] += "# more\n"
	if err := os.Remove(fetched[0].File); err != nil {
		t.Fatal(err)
	}
	if _, err := Fetch(context.Background(), o, server.Client()); err == nil || !strings.Contains(err.Error(), "is wanted") {
		t.Errorf("a changed policy: %v", err)
	}
	delete(answers, "/outer")
	if _, err := Fetch(context.Background(), o, server.Client()); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("no policy: %v", err)
	}
	// A policy from elsewhere cannot name files.
	far := "baseline = \"b.json\"\n"
	answers["/far"] = far
	dir = lay(t, fmt.Sprintf("-- wadjet.toml --\nextends = {url = %q, sha256 = %q}\n", server.URL+"/far", hash(far)))
	if _, err := Fetch(context.Background(), Options{Root: dir}, server.Client()); err == nil || !strings.Contains(err.Error(), "/far:1: baseline must lie below") {
		t.Errorf("a policy that names a file: %v", err)
	}
}

// TestSchema: the schema is the one that is published, and takes and refuses what the program does.
func TestSchema(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	published := filepath.Join("..", "..", "docs", "schema", "settings-"+SchemaVersion+".json")
	if *update {
		if err := os.WriteFile(published, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(published); err != nil || string(have) != string(text) {
		t.Errorf("%s is not current (%v): go test ./internal/settings -update", published, err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	for settings, want := range map[string]bool{
		"profile = 'audit'\nselect = ['a']\nignore = 'b'\nmax-file-size = 3":                      true,
		"[rule.B101]\nseverity = 'low'\nexclude = 'x'":                                            true,
		"[[overrides]]\npaths = ['a']\nprofile = 'strict'":                                        true,
		"extends = ['a.toml', {url = 'https://a/b', sha256 = '" + strings.Repeat("0", 64) + "'}]": false, // it is not there
		"[per-file-ignores]\n'a' = ['b']":                                                         true,
		"profil = 'audit'":                                                                        false,
		"profile = 'loud'":                                                                        false,
		"[[overrides]]\nprofile = 'audit'":                                                        false,
		"[[overrides]]\npaths = ['a']\nformat = 'json'":                                           false,
		"max-file-size = -1":                                                                      false,
		"builtin = 1":                                                                             false,
		"python-version = '3'":                                                                    false,
		"[rule.x]\nseverity = 1":                                                                  false,
	} {
		var v any
		if err := toml.Unmarshal([]byte(settings), &v); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		bySchema := schema.Validate(instance) == nil
		_, err = Open(Options{Root: lay(t, "-- wadjet.toml --\n"+settings+"\n")})
		if strings.HasPrefix(settings, "extends") {
			bySchema = !bySchema
		}
		if bySchema != want || (err == nil) != want {
			t.Errorf("%q: schema %v, program %v, want %v", settings, bySchema, err, want)
		}
	}
}

// TestDocs: each setting has its line in the page for people.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys {
		if !strings.Contains(string(page), "| `"+k.Name+"` |") {
			t.Errorf("docs/configuration.md has no line for %s", k.Name)
		}
	}
}

func TestMigrate(t *testing.T) {
	dir := lay(t, `
-- pyproject.toml --
[tool.bandit]
exclude_dirs = ["tests", "path/to/file.py"]
tests = ["B201", "B301"]
skips = ["B101", "B999"]
[tool.bandit.assert_used]
skips = ["*_test.py", "*/test_*.py"]
[tool.bandit.hardcoded_tmp_directory]
tmp_dirs = ["/tmp"]

[tool.ruff]
target-version = "py310"
extend-exclude = ["migrations"]
[tool.ruff.lint]
select = ["E", "S", "B"]
ignore = ["S603", "E501"]
[tool.ruff.lint.per-file-ignores]
"tests/**" = ["S", "E501"]
"!src/**" = ["S311"]
"x.py" = ["D100"]
-- .bandit --
[bandit]
exclude = ./venv,./build/*
skips = B404
level = 2
targets: src
-- bandit.yaml --
skips: [B105]
exclude_dirs:
  - /docs/
`)
	known := func(id string) bool { return id != "B999" }
	m, err := Migrate(dir, known)
	if err != nil {
		t.Fatal(err)
	}
	want := `[tool.wadjet]
# of pyproject.toml, .bandit, bandit.yaml
# profile = "audit" shows all that they do; the default what is worth mending first
select = ["B201", "B301"]
ignore = ["B101", "S603", "B404", "B105"]
exclude = ["build", "docs", "migrations", "path/to/file.py", "tests", "venv"]
python-version = "3.10"
severity-level = "medium"

[tool.wadjet.per-file-ignores]
"*_test.py" = ["B101"]
"test_*.py" = ["B101"]
"tests/**" = ["all"]

[[tool.wadjet.overrides]]
paths = ["*", "!src/**"]
ignore = ["S311"]

# Not taken over:
# - [tool.bandit]: hardcoded_tmp_directory has no equal: wadjet resolves names and values itself
# - [tool.bandit]: wadjet has no rule for B999
# - .bandit: give the targets as paths: wadjet scan src
`
	if got := m.TOML(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// What is printed is taken.
	if _, err := Open(Options{Root: lay(t, "-- pyproject.toml --\n"+m.TOML())}); err != nil {
		t.Error(err)
	}
	if m, err := Migrate(lay(t, "-- ruff.toml --\nselect = ['E']\n"), known); err != nil || len(m.Files) > 0 {
		t.Errorf("Ruff without S rules: %v, %v", m, err)
	}
	if _, err := Migrate(lay(t, "-- pyproject.toml --\n[x\n"), known); err == nil {
		t.Error("a broken file is passed over")
	}
}

// FuzzParse: no text makes reading settings fail, and lines lie in the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"profile = 'audit'", "[a.b]\nc = [1, {d = 'e'}]\n[[f]]\n[[f.g]]\nh = 1", "rule.B101 = {severity='low'}", "extends = ['a', {url='b'}]", "[[overrides]]\npaths=[]", "a.b.c=1\na.b.d=2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := parse(text)
		if err != nil {
			if err.Line < 1 {
				t.Errorf("%q: line %d", text, err.Line)
			}
			return
		}
		d := &decoder{shown: "a", folder: "/nowhere", base: "/nowhere"}
		d.policy = func(d *decoder, n *node, where Origin) *layer { return nil }
		d.layer(root, Keys, "")
		for _, e := range d.errors {
			if e.Line < 1 || e.Line > strings.Count(text, "\n")+1 {
				t.Errorf("%q: line %d: %s", text, e.Line, e.Message)
			}
		}
	})
}

// TestStranger: settings that were found reach nothing outside of their tree.
func TestStranger(t *testing.T) {
	dir := lay(t, `
-- outside/r.yaml --
rules: []
-- outside/wadjet.toml --
profile = "audit"
-- repo/.git/HEAD --
-- repo/a/r.yaml --
rules: []
`)
	root := filepath.Join(dir, "repo")
	if err := os.Symlink(filepath.Join(dir, "outside"), filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"rules = ['../outside/r.yaml']": "lies outside", "rules = ['link/r.yaml']": "lies outside", "rules = ['/dev/null']": "lies outside",
		"rules = ['a', 'a/r.yaml']": "", "rules = ['nowhere']": "",
	} {
		file := filepath.Join(root, "wadjet.toml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Root: root}); err == nil != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		// Who names the file of settings knows what is in it.
		if _, err := Open(Options{Root: root, Config: file}); err != nil && !strings.Contains(text, "/dev") {
			t.Errorf("%s, named: %v", text, err)
		}
		os.Remove(file)
	}
	if err := os.Symlink(filepath.Join(dir, "outside", "wadjet.toml"), filepath.Join(root, "wadjet.toml")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Root: root}); err == nil || !strings.Contains(err.Error(), "a link that leaves the tree") {
		t.Errorf("settings behind a link: %v", err)
	}
}
