package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestHooks runs the entry of each pre-commit hook as pre-commit would: with the files of a commit, or with none where it passes none.
func TestHooks(t *testing.T) {
	raw, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID            string   `yaml:"id"`
		Name          string   `yaml:"name"`
		Description   string   `yaml:"description"`
		Entry         string   `yaml:"entry"`
		Language      string   `yaml:"language"`
		Types         []string `yaml:"types_or"`
		PassFilenames *bool    `yaml:"pass_filenames"`
		Serial        bool     `yaml:"require_serial"`
		Minimum       string   `yaml:"minimum_pre_commit_version"`
	}
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	if err := d.Decode(&hooks); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range hooks {
		ids = append(ids, h.ID)
		command := strings.Fields(h.Entry)
		if command[0] != "wadjet" || h.Name == "" || h.Description == "" || !h.Serial || !slices.Equal(h.Types, []string{"python", "pyi", "jupyter"}) ||
			h.Language != "golang" && h.Language != "system" {
			t.Errorf("%s: %+v", h.ID, h)
		}
		files := h.PassFilenames == nil || *h.PassFilenames
		for _, tt := range []struct {
			name   string
			commit []string
			tree   map[string]string
			code   int
		}{
			{"clean", []string{"a.py", "sub/b.py"}, map[string]string{"a.py": "x = 1\n", "sub/b.py": "y = 2\n"}, exitClean},
			{"bad", []string{"a.py"}, map[string]string{"a.py": "import subprocess\ndef f(c): subprocess.run(input(), shell=True)\n"}, exitFindings},
			{"bad, but not in the commit", []string{"a.py"}, map[string]string{"a.py": "x = 1\n", "b.py": "import subprocess\ndef f(c): subprocess.run(input(), shell=True)\n"},
				map[bool]int{true: exitClean, false: exitFindings}[files]},
			{"excluded by settings", []string{"gen/a.py"}, map[string]string{"gen/a.py": "import subprocess\ndef f(c): subprocess.run(input(), shell=True)\n", "b.py": "x = 1\n",
				"pyproject.toml": "[tool.wadjet]\nexclude = [\"gen/\"]\n"}, exitClean},
			{"settings gate less", []string{"a.py"}, map[string]string{"a.py": "import subprocess\ndef f(c): subprocess.run(input(), shell=True)\n",
				"pyproject.toml": "[tool.wadjet]\nfail-on = \"critical\"\n"}, exitClean},
			{"wrong settings", []string{"a.py"}, map[string]string{"a.py": "x = 1\n", "wadjet.toml": "profil = 1\n"}, exitUsage},
		} {
			dir := t.TempDir()
			for name, text := range tt.tree {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			args := slices.Clone(command[1:])
			if files {
				args = append(args, tt.commit...)
			}
			t.Chdir(dir)
			var out, wrong bytes.Buffer
			if code := Main(args, Streams{In: strings.NewReader(""), Out: &out, Err: &wrong, Env: func(string) string { return "" }, Dir: dir}); code != tt.code {
				t.Errorf("%s, %s: exit code %d, want %d\n%s%s", h.ID, tt.name, code, tt.code, &out, &wrong)
			}
		}
	}
	if want := []string{"wadjet", "wadjet-program", "wadjet-system", "wadjet-program-system"}; !slices.Equal(ids, want) {
		t.Errorf("hooks %v, want %v", ids, want)
	}
}
