package walk

import (
	"bytes"
	"io"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// kindOf tells Python from a name. The case of the extension does not matter: FOO.PY is Python on
// every system, even where it cannot be imported.
func kindOf(name string) (kind source.Kind, python bool) {
	switch extension(name) {
	case ".py", ".pyw":
		return source.Python, true
	case ".pyi":
		return source.Stub, true
	case ".ipynb":
		return source.Notebook, true
	}
	return source.Python, false
}

// knownText tells by its name that a file is of another language, so that one given by name is not parsed as Python.
func knownText(name string) bool {
	switch name {
	case "Dockerfile", "Containerfile", "Makefile", "GNUmakefile", "Procfile", "Jenkinsfile", "Gemfile", "LICENSE", "README":
		return true
	}
	switch extension(name) {
	case ".yaml", ".yml", ".json", ".jsonc", ".toml", ".ini", ".cfg", ".conf", ".env", ".properties", ".xml", ".html", ".htm",
		".jinja", ".jinja2", ".j2", ".tmpl", ".css", ".scss", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte",
		".md", ".rst", ".txt", ".log", ".csv", ".tsv", ".lock", ".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".cmd", ".sql", ".tf", ".hcl",
		".c", ".h", ".cc", ".cpp", ".hpp", ".go", ".rs", ".java", ".kt", ".rb", ".php", ".pl", ".lua", ".r", ".pem", ".crt",
		".key", ".dockerfile", ".proto", ".graphql", ".service", ".gitignore", ".dockerignore":
		return true
	}
	return false
}

// explicitKind is the kind of a file given by name. Whoever names a file of an unknown extension wants it read as
// Python; one that says it is of another language is for the rules that look at any text.
func (w *walker) explicitKind(abs string) source.Kind {
	kind, python := kindOf(baseName(abs))
	if python {
		return kind
	}
	head := w.head(abs)
	if !pythonShebang(head) && (knownText(baseName(abs)) || bytes.HasPrefix(head, []byte("#!"))) {
		return source.Other
	}
	return source.Python
}

// shebangBytes is what of a file is read to find a shebang: Linux itself reads 256 bytes.
const shebangBytes = 256

// head is the first bytes of a file. When it cannot be read it is empty: Read will say so.
func (w *walker) head(abs string) []byte {
	f, err := w.o.openFile(abs)
	if err != nil {
		return nil
	}
	defer f.Close()
	var head [shebangBytes]byte
	n, _ := io.ReadFull(f, head[:])
	return head[:n]
}

// pythonShebang reads a first line such as
//
//	#!/usr/bin/python3.11 -sE
//	#!/usr/bin/env python
//	#!/usr/bin/env -S FOO=1 uv run --script
//	#!C:\Python\python.exe
func pythonShebang(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	if len(head) < 3 || head[0] != '#' || head[1] != '!' {
		return false
	}
	line := head[2:]
	if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	words := strings.Fields(string(line))
	if len(words) == 0 {
		return false
	}
	program := baseName(words[0])
	if program != "env" {
		return pythonProgram(program)
	}
	for i := 1; i < len(words); i++ {
		word := strings.Trim(words[i], `"'`)
		switch {
		case word == "-u" || word == "--unset" || word == "-C" || word == "--chdir":
			i++ // its argument
		case strings.HasPrefix(word, "-S") && len(word) > 2:
			return pythonProgram(baseName(word[2:])) // -Spython3
		case strings.HasPrefix(word, "-"), strings.Contains(word, "="):
		default:
			program := baseName(word)
			if pythonProgram(program) {
				return true
			}
			// uv run, pipx run, poetry run …: what follows is a Python script or Python itself.
			return (program == "uv" || program == "pipx" || program == "poetry" || program == "pdm" || program == "hatch" || program == "rye") &&
				i+1 < len(words) && words[i+1] == "run"
		}
	}
	return false
}

// pythonProgram recognises python, python3, python3.13t, pythonw.exe, pypy3, ipython, micropython, graalpy ….
func pythonProgram(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".exe")
	name = strings.TrimSuffix(name, "-config")
	for _, p := range [...]string{"python", "pythonw", "pypy", "ipython", "jython", "graalpy", "graalpython", "micropython", "bpython", "sage-python"} {
		if rest, ok := strings.CutPrefix(name, p); ok && strings.Trim(rest, "0123456789.-tdm") == "" {
			return true
		}
	}
	return false
}

// baseName is the last part of a path in either notation.
func baseName(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }
