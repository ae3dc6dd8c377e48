package manifest

import "testing"

func TestOldest(t *testing.T) {
	for requirement, want := range map[string]string{
		">=3.9": "3.9", ">= 3.9": "3.9", ">=3.9,<4": "3.9", "<4,>=3.10.2": "3.10", "~=3.8": "3.8", "==3.11.*": "3.11", "^3.9": "3.9", "~3.9": "3.9", ">3.7": "3.8",
		"3.12": "3.12", ">=3": "3.0", "!=3.0.*, !=3.1.*, >=2.7": "2.7", "<4": "", "": "", "*": "", "nonsense": "", ">=3.8 || >=3.6": "3.6", ">=3.8 || <3": "", ">=3.6, >=3.8": "3.8",
		"===3.9.1": "3.9",
	} {
		if got := Oldest(requirement); got != want {
			t.Errorf("%q: %q, want %q", requirement, got, want)
		}
	}
}

func TestFor(t *testing.T) {
	files := map[string]string{
		"pyproject.toml":            "[build-system]\nrequires-python = '>=2.0'\n[project]\nname = 'x'\nrequires-python = \">=3.9\" # yes\n",
		"a/setup.cfg":               "[metadata]\npython_requires = >=2.0\n[options]\npython_requires = >=3.10\n",
		"b/setup.py":                "# python_requires='>=2.0'\nsetup(name='x',\n  python_requires='>=3.11')\n",
		"c/pyproject.toml":          "[tool.poetry.dependencies]\npython = '^3.12'\n",
		"c/d/pyproject.toml":        "[tool.black]\nline-length = 100\n",
		"e/pyproject.toml":          "[ tool.poetry.dependencies ]\npython = {version = '^3.7', extras = []}\n",
		"f/setup.py":                "setup(classifiers=['Programming Language :: Python :: 3.10', 'Programming Language :: Python :: 3.9', 'Programming Language :: Python :: 3'])\n",
		"g/pyproject.toml":          "[project]\nrequires-python = 3\n",
		"h/pyproject.toml":          "[project]\ndynamic = ['x']\n",
		"h/setup.cfg":               "[options]\npython_requires = >=3.6\n",
		"../other/i/pyproject.toml": "[project]\nrequires-python = '>=3.13'\n",
	}
	reads := 0
	p := NewPython(func(path string) (string, bool) {
		reads++
		text, ok := files[path]
		return text, ok
	}, func(dir string) bool { return dir == "top" })
	for file, want := range map[string]string{
		"x.py": "3.9", "src/y/z.py": "3.9", "a/x.py": "3.10", "a/b/x.py": "3.10", "b/x.py": "3.11", "c/x.py": "3.12", "c/d/x.py": "3.12", "e/x.py": "3.7", "f/x.py": "3.9",
		"top/x.py": "", "top/y/x.py": "", "g/x.py": "3.9", "h/x.py": "3.6", "../other/i/x.py": "3.13",
	} {
		if got := p.For(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
	before := reads
	p.For("c/d/another.py")
	if reads != before {
		t.Error("a folder is read twice")
	}
}

func TestLess(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"3.9", "3.10", true}, {"3.10", "3.9", false}, {"2.7", "3.0", true}, {"3.9", "3.9", false}, {"3.9.1", "3.9", false}} {
		if got := Less(c.a, c.b); got != c.want {
			t.Errorf("%s < %s: %v", c.a, c.b, got)
		}
	}
}
