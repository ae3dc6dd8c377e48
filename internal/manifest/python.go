package manifest

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Python finds the oldest version of Python that files are to run on. It may be used from several goroutines.
type Python struct {
	read func(path string) (text string, ok bool)
	top  func(dir string) bool

	mu     sync.Mutex
	folder map[string]string
}

// NewPython makes one that gets files from read, by paths like those that [Python.For] is asked about. Above a folder
// that top says is the uppermost nothing is looked for.
func NewPython(read func(path string) (text string, ok bool), top func(dir string) bool) *Python {
	return &Python{read: read, top: top, folder: map[string]string{}}
}

// For is the version, "3.9", that the nearest declaration says of a file; "" when there is none.
func (p *Python) For(file string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.in(path.Dir(file))
}

func (p *Python) in(dir string) string {
	if v, ok := p.folder[dir]; ok {
		return v
	}
	v := p.declared(dir)
	if up := path.Dir(dir); v == "" && up != dir && !p.top(dir) {
		v = p.in(up)
	}
	p.folder[dir] = v
	return v
}

// declared is what the files of one folder say.
func (p *Python) declared(dir string) string {
	for _, source := range []struct {
		name string
		of   func(string) string
	}{{"pyproject.toml", ofPyproject}, {"setup.cfg", ofSetupCfg}, {"setup.py", ofSetupPy}} {
		if text, ok := p.read(path.Join(dir, source.name)); ok {
			if v := source.of(text); v != "" {
				return v
			}
		}
	}
	return ""
}

var (
	section     = regexp.MustCompile(`^\s*\[([^\[\]]+)\]\s*(?:#.*)?$`)
	requires    = regexp.MustCompile(`^\s*requires-python\s*=\s*["']([^"']*)["']`)
	poetry      = regexp.MustCompile(`^\s*python\s*=\s*["']([^"']*)["']`)
	poetryTable = regexp.MustCompile(`^\s*python\s*=\s*\{.*\bversion\s*=\s*["']([^"']*)["']`)
	setupKey    = regexp.MustCompile(`^\s*python[_-]requires\s*=\s*(.*)$`)
	setupCall   = regexp.MustCompile(`(?m)^[^#\n]*\bpython_requires\s*=\s*["']([^"']*)["']`)
	classifier  = regexp.MustCompile(`Programming Language :: Python :: ([23]\.[0-9]+)\b`)
)

// ofPyproject reads the lines that matter of a pyproject.toml. A parser of all of TOML would say no more of them: they are a
// key and a text on one line in every project.
func ofPyproject(text string) string {
	in := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := section.FindStringSubmatch(line); m != nil {
			in = strings.ReplaceAll(m[1], " ", "")
			continue
		}
		var m []string
		switch in {
		case "project":
			m = requires.FindStringSubmatch(line)
		case "tool.poetry.dependencies":
			if m = poetry.FindStringSubmatch(line); m == nil {
				m = poetryTable.FindStringSubmatch(line)
			}
		}
		if m != nil {
			if v := Oldest(m[1]); v != "" {
				return v
			}
		}
	}
	return ofClassifiers(text)
}

func ofSetupCfg(text string) string {
	in := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := section.FindStringSubmatch(line); m != nil {
			in = m[1]
			continue
		}
		if m := setupKey.FindStringSubmatch(line); m != nil && in == "options" {
			if v := Oldest(m[1]); v != "" {
				return v
			}
		}
	}
	return ofClassifiers(text)
}

func ofSetupPy(text string) string {
	if m := setupCall.FindStringSubmatch(text); m != nil {
		if v := Oldest(m[1]); v != "" {
			return v
		}
	}
	return ofClassifiers(text)
}

// ofClassifiers is the oldest version that the classifiers name.
func ofClassifiers(text string) string {
	oldest := ""
	for _, m := range classifier.FindAllStringSubmatch(text, -1) {
		if oldest == "" || Less(m[1], oldest) {
			oldest = m[1]
		}
	}
	return oldest
}

var bound = regexp.MustCompile(`^(>=|>|~=|===?|\^|~|)\s*v?([0-9]+(?:\.[0-9]+)*)(\.\*)?$`)

// Oldest is the least version, as "3.9", that a requirement like ">=3.9,<4", "^3.9" or "==3.11.*" allows; "" when it sets no lower bound.
func Oldest(requirement string) string {
	oldest := ""
	// Alternatives, as Poetry has them: any is allowed.
	for alternative := range strings.SplitSeq(requirement, "||") {
		least := ""
		for part := range strings.FieldsFuncSeq(strings.ReplaceAll(alternative, "> ", ">"), func(r rune) bool { return r == ',' }) {
			m := bound.FindStringSubmatch(strings.TrimSpace(part))
			if m == nil {
				continue
			}
			v := m[2]
			n := strings.Split(v, ".")
			switch {
			case len(n) == 1:
				v = n[0] + ".0"
			case m[1] == ">" && len(n) == 2:
				minor, _ := strconv.Atoi(n[1])
				v = n[0] + "." + strconv.Itoa(minor+1) // >3.8 leaves 3.8.1, but nobody means that
			default:
				v = n[0] + "." + n[1]
			}
			if least == "" || Less(least, v) {
				least = v
			}
		}
		if least == "" {
			return ""
		}
		if oldest == "" || Less(least, oldest) {
			oldest = least
		}
	}
	return oldest
}

// Less reports whether a version of Python, "3.9", is older than another. What is no version is older than any.
func Less(a, b string) bool {
	x, y := numbers(a), numbers(b)
	return x[0] < y[0] || x[0] == y[0] && x[1] < y[1]
}

func numbers(v string) (out [2]int) {
	major, minor, _ := strings.Cut(v, ".")
	minor, _, _ = strings.Cut(minor, ".")
	out[0], _ = strconv.Atoi(major)
	out[1], _ = strconv.Atoi(minor)
	return out
}
