package settings

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
	"go.yaml.in/yaml/v3"
)

// A Migration is what the settings of other tools come to in wadjet's.
type Migration struct {
	Files    []string // that say something, in the order in which they were read
	exclude  []string
	selected []string
	ignored  []string
	perFile  [][2]string // glob and id
	single   [][2]string // key and value, as written
	notes    []string
	known    func(id string) bool
}

// Migrate reads what Bandit and Ruff are told in a folder: [tool.bandit] and [tool.ruff] of pyproject.toml, .bandit, bandit.yaml,
// ruff.toml. Of Ruff only what is about its S rules counts. known tells which ids mean a rule of wadjet's.
func Migrate(dir string, known func(id string) bool) (*Migration, error) {
	m := &Migration{known: known}
	for _, file := range []struct {
		name string
		read func(text string) (bool, error)
	}{
		{"pyproject.toml", m.pyproject},
		{"ruff.toml", m.ruffFile}, {".ruff.toml", m.ruffFile},
		{".bandit", m.ini},
		{"bandit.yaml", m.yaml}, {"bandit.yml", m.yaml},
	} {
		text, err := read(filepath.Join(dir, file.name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		found := false
		if err == nil {
			found, err = file.read(text)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, plainError(err))
		}
		if found {
			m.Files = append(m.Files, file.name)
		}
	}
	return m, nil
}

func (m *Migration) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

// add appends the ids that wadjet knows.
func (m *Migration) add(list *[]string, ids []string, from string) {
	for _, id := range ids {
		switch id = strings.TrimSpace(id); {
		case id == "":
		case !m.known(id):
			m.note("%s: wadjet has no rule for %s", from, id)
		case !slices.Contains(*list, id):
			*list = append(*list, id)
		}
	}
}

func (m *Migration) ignoreIn(glob, id, from string) {
	if !m.known(id) {
		m.note("%s: wadjet has no rule for %s (in %s)", from, id, glob)
		return
	}
	m.perFile = append(m.perFile, [2]string{glob, id})
}

func (m *Migration) set(key, value string) {
	m.single = slices.DeleteFunc(m.single, func(s [2]string) bool { return s[0] == key })
	m.single = append(m.single, [2]string{key, value})
}

func (m *Migration) pyproject(text string) (bool, error) {
	root, err := parse(text)
	if err != nil {
		return false, err
	}
	found := false
	if tool := root.get("tool"); tool != nil && tool.value.kind == unstable.Table {
		if e := tool.value.get("bandit"); e != nil {
			m.bandit(tree(e.value), "[tool.bandit]")
			found = true
		}
		if e := tool.value.get("ruff"); e != nil {
			found = m.ruff(e.value, "[tool.ruff]") || found
		}
	}
	return found, nil
}

func (m *Migration) ruffFile(text string) (bool, error) {
	root, err := parse(text)
	if err != nil {
		return false, err
	}
	return m.ruff(root, "ruff.toml"), nil
}

// tree is a node without its places.
func tree(n *node) any {
	switch n.kind {
	case unstable.Table:
		t := map[string]any{}
		for _, e := range n.keys {
			t[e.name] = tree(e.value)
		}
		return t
	case unstable.Array:
		list := []any{}
		for _, x := range n.items {
			list = append(list, tree(x))
		}
		return list
	}
	return n.text
}

func words(v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			out = append(out, words(x)...)
		}
	case []string:
		return v
	case string:
		out = append(out, v)
	}
	return out
}

// bandit takes over a table of Bandit's settings, from TOML or YAML.
func (m *Migration) bandit(v any, from string) {
	table, _ := v.(map[string]any)
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch name {
		case "exclude_dirs", "exclude":
			m.exclude = append(m.exclude, globsOf(words(table[name]))...)
		case "tests":
			m.add(&m.selected, words(table[name]), from)
		case "skips":
			m.add(&m.ignored, words(table[name]), from)
		case "targets":
			m.note("%s: give the targets as paths: wadjet scan %s", from, strings.Join(words(table[name]), " "))
		case "assert_used":
			assert, _ := table[name].(map[string]any)
			for _, glob := range words(assert["skips"]) {
				m.ignoreIn(anywhere(glob), "B101", from)
			}
		default:
			m.note("%s: %s has no equal: wadjet resolves names and values itself", from, name)
		}
	}
}

// anywhere is a glob in which Bandit lets * stand for folders as well.
func anywhere(glob string) string {
	rest := strings.TrimLeft(glob, "*/")
	if !strings.HasPrefix(glob, "*/") || rest == "" {
		return glob
	}
	if strings.Contains(rest, "/") {
		return "**/" + rest
	}
	return rest
}

// globsOf are folders as Bandit names them: parts of a path.
func globsOf(paths []string) (globs []string) {
	for _, p := range paths {
		for part := range strings.SplitSeq(p, ",") {
			part = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(part), "."), "/")
			part = strings.TrimSuffix(strings.TrimSuffix(part, "/*"), "/")
			if part != "" {
				globs = append(globs, anywhere(part))
			}
		}
	}
	return globs
}

var targetVersion = regexp.MustCompile(`^py([23])([0-9]{1,2})$`)

// ruff takes over what is about S rules; false when there is none.
func (m *Migration) ruff(n *node, from string) bool {
	if n.kind != unstable.Table {
		return false
	}
	lint := n
	if e := n.get("lint"); e != nil && e.value.kind == unstable.Table {
		lint = e.value
	}
	get := func(name string) any { // in older files without `lint`
		for _, at := range []*node{lint, n} {
			if e := at.get(name); e != nil {
				return tree(e.value)
			}
		}
		return nil
	}
	security := func(v any) (out []string) {
		for _, id := range words(v) {
			if id == "ALL" || id == "S" || len(id) > 1 && id[0] == 'S' && strings.Trim(id[1:], "0123456789") == "" {
				out = append(out, id)
			}
		}
		return out
	}
	chosen := security(append(words(get("select")), words(get("extend-select"))...))
	if len(chosen) == 0 {
		return false
	}
	whole := slices.Contains(chosen, "S") || slices.Contains(chosen, "ALL")
	if !whole {
		m.add(&m.selected, chosen, from)
	}
	m.add(&m.ignored, security(append(words(get("ignore")), words(get("extend-ignore"))...)), from)
	for _, key := range []string{"per-file-ignores", "extend-per-file-ignores"} {
		table, _ := get(key).(map[string]any)
		globs := make([]string, 0, len(table))
		for glob := range table {
			globs = append(globs, glob)
		}
		slices.Sort(globs)
		for _, glob := range globs {
			for _, id := range security(table[glob]) {
				if id == "S" || id == "ALL" {
					id = "all"
				}
				m.ignoreIn(glob, id, from)
			}
		}
	}
	for _, key := range []string{"exclude", "extend-exclude"} {
		if e := n.get(key); e != nil {
			m.exclude = append(m.exclude, words(tree(e.value))...)
		}
		if e := lint.get(key); e != nil && lint != n {
			m.exclude = append(m.exclude, words(tree(e.value))...)
		}
	}
	if e := n.get("target-version"); e != nil {
		if v := targetVersion.FindStringSubmatch(e.value.text); v != nil {
			m.set("python-version", fmt.Sprintf("%q", v[1]+"."+v[2]))
		}
	}
	if lint.get("flake8-bandit") != nil {
		m.note("%s: flake8-bandit has no equal: wadjet resolves names and values itself", from)
	}
	return true
}

// ini reads Bandit's .bandit: its flags under [bandit].
func (m *Migration) ini(text string) (bool, error) {
	inside, found := false, false
	table := map[string]any{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' {
			inside = line == "[bandit]"
			found = found || inside
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			key, value, ok = strings.Cut(line, ":")
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !inside || !ok || value == "" {
			continue
		}
		level := map[string]string{"1": "low", "2": "medium", "3": "high"}[value]
		switch key {
		case "tests", "skips":
			var ids []any
			for id := range strings.SplitSeq(value, ",") {
				ids = append(ids, strings.TrimSpace(id))
			}
			table[key] = ids
		case "exclude", "targets":
			table[key] = value
		case "level", "confidence":
			if level != "" {
				m.set(map[string]string{"level": "severity-level", "confidence": "confidence-level"}[key], fmt.Sprintf("%q", level))
			}
		case "ignore-nosec":
			m.set("foreign-suppressions", `"ignore"`)
		case "baseline":
			m.note(".bandit: bring the baseline over with: wadjet baseline import %s", value)
		default:
			m.note(".bandit: %s is for a flag, if at all: see wadjet scan --help", key)
		}
	}
	if found {
		m.bandit(table, ".bandit")
	}
	return found, nil
}

func (m *Migration) yaml(text string) (bool, error) {
	table := map[string]any{}
	if err := yaml.NewDecoder(bytes.NewReader([]byte(text))).Decode(&table); err != nil {
		return false, err
	}
	m.bandit(table, "bandit.yaml")
	return true, nil
}

// TOML is the settings as they would stand in a pyproject.toml.
func (m *Migration) TOML() string {
	var b strings.Builder
	b.WriteString("[tool.wadjet]\n")
	fmt.Fprintf(&b, "# of %s\n", strings.Join(m.Files, ", "))
	b.WriteString("# profile = \"audit\" shows all that they do; the default what is worth mending first\n")
	list := func(key string, items []string) {
		if len(items) == 0 {
			return
		}
		var out []string
		for _, item := range items {
			out = append(out, quote(item))
		}
		fmt.Fprintf(&b, "%s = [%s]\n", key, strings.Join(out, ", "))
	}
	list("select", m.selected)
	list("ignore", m.ignored)
	slices.Sort(m.exclude)
	list("exclude", slices.Compact(m.exclude))
	for _, s := range m.single {
		fmt.Fprintf(&b, "%s = %s\n", s[0], s[1])
	}
	var globs []string
	by := map[string][]string{}
	for _, p := range m.perFile {
		if by[p[0]] == nil {
			globs = append(globs, p[0])
		}
		by[p[0]] = append(by[p[0]], p[1])
	}
	plainGlobs := slices.DeleteFunc(slices.Clone(globs), func(g string) bool { return strings.HasPrefix(g, "!") })
	if len(plainGlobs) > 0 {
		b.WriteString("\n[tool.wadjet.per-file-ignores]\n")
		for _, g := range plainGlobs {
			list(quote(g), by[g])
		}
	}
	for _, g := range globs {
		if strings.HasPrefix(g, "!") { // all files but these
			b.WriteString("\n[[tool.wadjet.overrides]]\n")
			list("paths", []string{"*", g})
			list("ignore", by[g])
		}
	}
	if len(m.notes) > 0 {
		b.WriteString("\n# Not taken over:\n")
		for _, n := range m.notes {
			fmt.Fprintf(&b, "# - %s\n", strings.Map(func(r rune) rune {
				if r < 0x20 {
					return ' '
				}
				return r
			}, n))
		}
	}
	return b.String()
}

// quote writes a text of TOML.
func quote(s string) string {
	if !strings.ContainsAny(s, "\"\\") && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7F }) {
		return `"` + s + `"`
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7F:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
