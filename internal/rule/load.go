package rule

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/control"
)

// Loaded is what came of reading rule files.
type Loaded struct {
	Rules   []*Rule
	Foreign int // rules for languages that wadjet does not read
	Errors  []Error
}

// LoadPack reads a pack made by [BuildPack].
func LoadPack(pack string) (Loaded, error) {
	files, err := decodePack(pack)
	if err != nil {
		return Loaded{}, err
	}
	var l Loaded
	for _, f := range files {
		l.add(f.path, f.doc)
	}
	for _, r := range l.Rules {
		r.Builtin = true
	}
	return l, nil
}

func (l *Loaded) add(file string, doc node) {
	rules, foreign, errors := decodeFile(file, doc)
	for _, r := range rules {
		r.Standards = control.Builtin().Of(&r.Rule)
	}
	l.Rules = append(l.Rules, rules...)
	l.Foreign += foreign
	l.Errors = append(l.Errors, errors...)
}

// cause is an error of the file system without the path, which the message names already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Load reads a rule file, or every .yaml and .yml below a folder. Files of a folder that are no rule files (no
// top-level `rules:`) are left alone; one that was named must be a rule file.
func Load(path string) (Loaded, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Loaded{}, fmt.Errorf("rules %s cannot be read (%w): give a rule file or a folder of them", path, cause(err))
	}
	var l Loaded
	if !info.IsDir() {
		l.addFile(path, true)
		return l, nil
	}
	err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			l.Errors = append(l.Errors, Error{File: filepath.ToSlash(p), Message: err.Error()})
			return nil
		}
		name := e.Name()
		if e.IsDir() && p != path && strings.HasPrefix(name, ".") {
			return filepath.SkipDir
		}
		if e.Type().IsRegular() && IsRuleFile(name) {
			l.addFile(p, false)
		}
		return nil
	})
	return l, err
}

// IsRuleFile reports whether a file of this name may hold rules: YAML that is not a test of a rule for YAML.
func IsRuleFile(name string) bool {
	ext := filepath.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && !strings.HasSuffix(name, ".test"+ext) && !strings.HasSuffix(name, ".fixed"+ext)
}

// maxRuleFile bounds a rule file, in bytes. The largest public packs, whole, stay well below it.
const maxRuleFile = 32 << 20

var yamlLine = regexp.MustCompile(`line ([0-9]+): *`)

func (l *Loaded) addFile(path string, named bool) {
	shown := filepath.ToSlash(path)
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxRuleFile {
		err = fmt.Errorf("is larger than %d MB: split it", maxRuleFile>>20)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		l.Errors = append(l.Errors, Error{File: shown, Message: err.Error()})
		return
	}
	doc, err := parseYAML(text)
	if err != nil {
		e := Error{File: shown, Message: "is not valid YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			e.Line, _ = strconv.Atoi(m[1])
			e.Message = strings.Replace(e.Message, m[0], "", 1)
		}
		for sign, remedy := range yamlRemedies {
			if strings.Contains(e.Message, sign) {
				e.Message += ": " + remedy
				break
			}
		}
		l.Errors = append(l.Errors, e)
		return
	}
	if !named && doc.get("rules") == nil {
		return
	}
	l.add(shown, doc)
}

// yamlRemedies say what most often is behind an error of the YAML parser.
var yamlRemedies = map[string]string{
	"found a tab":            "indent with spaces",
	"mapping values are not": "put the text in quotes when it has a colon and a space, or look at the indentation",
	"',' or ']'":             "close the list with ]",
	"',' or '}'":             "close the mapping with }, and put patterns with braces in quotes",
	"unexpected end of stre": "close the quotes",
	"cannot start any token": "put the text in quotes",
	"expected key":           "look at the indentation, and put text in quotes that begins with * & ! % @ or a bracket",
	"unknown anchor":         "put text in quotes that begins with *",
}

// Join puts loaded rules together. An id that two files use is told apart by the folders they lie in: collections of rules have the
// same id in several of theirs. Twice in one file it is an error.
func Join(parts ...Loaded) Loaded {
	var all Loaded
	first := map[string]*Rule{}
	for _, l := range parts {
		all.Foreign += l.Foreign
		all.Errors = append(all.Errors, l.Errors...)
		for _, r := range l.Rules {
			if other := first[r.ID]; other != nil && other.File != r.File {
				r.ID = apartFrom(first, r)
				r.Pattern.ID = r.ID
			} else if other != nil {
				all.Errors = append(all.Errors, Error{r.File, r.Line, r.ID, "id",
					fmt.Sprintf("is already used in %s:%d; the first one runs: rename one of them", other.File, other.Line)})
				continue
			}
			first[r.ID] = r
			all.Rules = append(all.Rules, r)
		}
	}
	slices.SortFunc(all.Rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// apartFrom is the id of a rule with as many of its folders before it as tell it from the others.
func apartFrom(taken map[string]*Rule, r *Rule) string {
	id := r.ID
	folders := strings.Split(strings.Trim(filepath.ToSlash(filepath.Dir(r.File)), "/"), "/")
	for i := len(folders) - 1; i >= 0; i-- {
		if name := strings.Trim(notID.ReplaceAllString(folders[i], "-"), ".-"); name != "" {
			id = name + "." + id
		}
		if taken[id] == nil && len(id) > len(r.ID) {
			return id
		}
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s-%d", id, n); taken[next] == nil {
			return next
		}
	}
}
