package baseline

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// A Foreign is a finding that another tool knows.
type Foreign struct {
	From        string // the tool and its file, for people
	Path        string
	First, Last int    // lines; 0 when only the hash counts
	ID          string // Bandit's; empty for a secret
	SHA1        string // of a secret, in hex, or ""
}

// ReadForeign reads the file of another tool, told by what is in it.
func ReadForeign(name string, raw []byte) ([]Foreign, error) {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF")))
	switch {
	case len(trimmed) > 0 && trimmed[0] == '[':
		return readGitleaks(name, trimmed)
	case len(trimmed) > 0 && trimmed[0] == '{':
		var doc struct {
			Results json.RawMessage `json:"results"`
		}
		if err := json.Unmarshal(trimmed, &doc); err != nil {
			return nil, err
		}
		switch r := bytes.TrimSpace(doc.Results); {
		case len(r) > 0 && r[0] == '[':
			return readBandit(name, r)
		case len(r) > 0 && r[0] == '{':
			return readDetectSecrets(name, r)
		}
		return nil, errors.New("it is neither a report of Bandit nor a baseline of detect-secrets: there are no results in it")
	case strings.Contains(path.Base(strings.ReplaceAll(name, "\\", "/")), "gitleaksignore"):
		return readGitleaksIgnore(name, string(raw))
	}
	return nil, errors.New("it is no file that can be imported: give a JSON report of Bandit or Gitleaks, a .secrets.baseline or a .gitleaksignore")
}

func clean(p string) string { return path.Clean(strings.ReplaceAll(p, "\\", "/")) }

func readBandit(name string, results []byte) ([]Foreign, error) {
	var list []struct {
		Filename string `json:"filename"`
		Line     int    `json:"line_number"`
		Lines    []int  `json:"line_range"`
		ID       string `json:"test_id"`
	}
	if err := json.Unmarshal(results, &list); err != nil {
		return nil, fmt.Errorf("the results of Bandit: %w", err)
	}
	var out []Foreign
	for _, x := range list {
		if x.Filename == "" || x.ID == "" {
			return nil, errors.New("a result of Bandit has no filename or test_id")
		}
		f := Foreign{From: "Bandit's " + name, Path: clean(x.Filename), First: x.Line, Last: x.Line, ID: x.ID}
		if len(x.Lines) > 0 {
			f.First, f.Last = min(x.Line, slices.Min(x.Lines)), max(x.Line, slices.Max(x.Lines))
		}
		out = append(out, f)
	}
	return out, nil
}

func readDetectSecrets(name string, results []byte) ([]Foreign, error) {
	var files map[string][]struct {
		SHA1 string `json:"hashed_secret"`
		Line int    `json:"line_number"`
	}
	if err := json.Unmarshal(results, &files); err != nil {
		return nil, fmt.Errorf("the results of detect-secrets: %w", err)
	}
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	var out []Foreign
	for _, n := range names {
		for _, x := range files[n] {
			if len(x.SHA1) != 2*sha1.Size {
				return nil, fmt.Errorf("a secret in %s has no SHA-1: is the file of a version before 1?", n)
			}
			out = append(out, Foreign{From: "detect-secrets' " + name, Path: clean(n), First: x.Line, Last: x.Line, SHA1: strings.ToLower(x.SHA1)})
		}
	}
	return out, nil
}

func readGitleaks(name string, raw []byte) ([]Foreign, error) {
	var list []struct {
		File      string
		StartLine int
		EndLine   int
		Secret    string
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("the report of Gitleaks: %w", err)
	}
	var out []Foreign
	for _, x := range list {
		if x.File == "" {
			return nil, errors.New("an entry has no File: it is no report of Gitleaks")
		}
		f := Foreign{From: "Gitleaks' " + name, Path: clean(x.File), First: x.StartLine, Last: max(x.StartLine, x.EndLine)}
		if x.Secret != "" && !strings.HasPrefix(x.Secret, "REDACTED") {
			sum := sha1.Sum([]byte(x.Secret))
			f.SHA1 = hex.EncodeToString(sum[:])
		}
		out = append(out, f)
	}
	return out, nil
}

// readGitleaksIgnore reads lines of file:rule:line, or commit:file:rule:line.
func readGitleaksIgnore(name, text string) ([]Foreign, error) {
	var out []Foreign
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, ":")
		if len(parts) == 4 {
			parts = parts[1:]
		}
		at, err := strconv.Atoi(parts[len(parts)-1])
		if len(parts) != 3 || err != nil {
			return nil, fmt.Errorf("line %d is no fingerprint of Gitleaks: file:rule:line, or commit:file:rule:line", n)
		}
		out = append(out, Foreign{From: "Gitleaks' " + name, Path: clean(parts[0]), First: at, Last: at})
	}
	return out, nil
}

// A Match is a finding that another tool knows, too.
type Match struct {
	Finding *finding.Finding
	Foreign Foreign
}

// Pick finds among findings those that another tool knows. Each is taken once: the one on the line that is named, and when that is
// not there the nearest one of the file, because lines move.
func Pick(foreign []Foreign, findings []*finding.Finding) (matched []Match, missed []Foreign) {
	byPath := map[string][]*finding.Finding{}
	for _, f := range findings {
		byPath[f.File.Path] = append(byPath[f.File.Path], f)
	}
	taken := map[*finding.Finding]bool{}
	for _, exact := range []bool{true, false} { // lines that are right come first
		var rest []Foreign
		for _, x := range foreign {
			var best *finding.Finding
			least := 0
			for _, f := range byPath[x.Path] {
				if taken[f] || !x.means(f) {
					continue
				}
				far := x.distance(f)
				if (far == 0 || !exact) && (best == nil || far < least) {
					best, least = f, far
				}
			}
			if best == nil {
				rest = append(rest, x)
				continue
			}
			taken[best] = true
			matched = append(matched, Match{best, x})
		}
		foreign = rest
	}
	return matched, foreign
}

// means reports whether it may be the finding that is meant, wherever it stands.
func (x *Foreign) means(f *finding.Finding) bool {
	if x.ID != "" {
		return slices.Contains(f.Rule.Aliases["bandit"], x.ID) || slices.Contains(f.Aliases["bandit"], x.ID)
	}
	if !f.Rule.Secret {
		return false
	}
	if x.SHA1 == "" {
		return x.distance(f) == 0
	}
	return slices.ContainsFunc(finding.Secrets(f), func(value string) bool {
		sum := sha1.Sum([]byte(value))
		return hex.EncodeToString(sum[:]) == x.SHA1
	})
}

// distance is how many lines lie between.
func (x *Foreign) distance(f *finding.Finding) int {
	first, _ := f.File.Position(f.Span.Start)
	last, _ := f.File.Position(max(f.Span.Start, f.Span.End-1))
	return max(0, x.First-last, first-x.Last)
}
