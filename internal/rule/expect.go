package rule

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// An Expectation is one annotated line of a rule's test file: `# ruleid: a` stands for the line below.
type Expectation struct {
	File string
	Line int // the line that the comment is about
	Rule string
	Hit  bool // ruleid, todook: a finding is wanted (todo: expected for now)
	Todo bool // a known gap: the expectation is the opposite of what is wanted
	Deep bool // deepruleid, deepok: said of an engine that follows calls, which a search rule does not: either will do
}

// A Mismatch is where a rule does not do what its test file says.
type Mismatch struct {
	File    string
	Line    int
	Rule    string
	Message string
}

func (m Mismatch) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", m.File, m.Line, m.Rule, m.Message)
}

// TestResult is what came of testing the rules below a path.
type TestResult struct {
	Rules      int // with a test file
	NotRun     int // taint rules: read and found valid
	Lines      int // expectations that were checked
	Todo       int // known gaps among them
	Untested   []string
	Mismatches []Mismatch
	Errors     []Error
}

var annotation = regexp.MustCompile(`(?:#|//|<!--|/\*|--|;)\s*(?:(todo|deep)?(ruleid|ok))\s*:\s*(.*)$`)

// expectations reads the annotations of a test file. Several annotations in a row are all about the first line
// below them that is none.
func expectations(file, text string) (out []Expectation) {
	f := source.New(file, text)
	var waiting []Expectation
	for line := 1; line <= f.NumLines(); line++ {
		m := annotation.FindStringSubmatch(f.Line(line))
		if m == nil {
			for _, e := range waiting {
				e.Line = line
				out = append(out, e)
			}
			waiting = waiting[:0]
			continue
		}
		ids := strings.TrimRight(strings.TrimSuffix(strings.TrimSpace(m[3]), "-->"), " */")
		for _, id := range strings.FieldsFunc(ids, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
			waiting = append(waiting, Expectation{File: file, Rule: id, Hit: m[2] == "ruleid", Todo: m[1] == "todo", Deep: m[1] == "deep"})
		}
	}
	return out
}

// TestPath runs the rule files at or below a path against the test files beside them: <name>.py, or every file of
// a folder <name>/, for <name>.yaml. Findings that no comment names fail like missing ones, and a `todo` that
// begins to pass fails too, so that the count of known gaps only shrinks.
func TestPath(path string) (TestResult, error) {
	var result TestResult
	info, err := os.Stat(path)
	if err != nil {
		return result, fmt.Errorf("%s cannot be read (%w): give a rule file or a folder of them", path, cause(err))
	}
	var files []string
	if info.IsDir() {
		err = filepath.WalkDir(path, func(p string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() && IsRuleFile(e.Name()) {
				files = append(files, p)
			}
			return err
		})
	} else {
		files = []string{path}
	}
	slices.Sort(files)
	for _, f := range files {
		if err == nil {
			err = result.testFile(f)
		}
	}
	return result, err
}

func (t *TestResult) testFile(path string) error {
	var loaded Loaded
	loaded.addFile(path, false)
	t.Errors = append(t.Errors, loaded.Errors...)
	set, wrong := Compile(loaded.Rules)
	t.Errors = append(t.Errors, wrong...)
	t.NotRun += len(set.NotRun)
	set.filtered = false // `paths:` says where a rule runs in a project; its test lies elsewhere
	if len(set.Rules) == 0 {
		return nil
	}
	tests, err := testFiles(path)
	if err != nil {
		return err
	}
	if len(tests) == 0 {
		for _, r := range set.Rules {
			t.Untested = append(t.Untested, r.ID)
		}
		return nil
	}
	t.Rules += len(set.Rules)
	units, err := readUnits(path, tests)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range set.Rules {
		known[r.ID] = true
	}
	notRun := map[string]bool{}
	for _, r := range set.NotRun {
		notRun[r.ID] = true
	}
	for _, u := range units {
		type place struct {
			line int
			rule string
		}
		found := map[place]bool{}
		var findings []*finding.Finding
		bounds := set.Run(u, func(f *finding.Finding) {
			line, _ := u.File.Position(f.Span.Start)
			found[place{line, f.Rule.ID}] = true
			findings = append(findings, f)
		})
		for _, b := range bounds {
			t.Mismatches = append(t.Mismatches, Mismatch{u.File.Path, 1, b.Rule, fmt.Sprintf("met its bound of %s: the pattern is too costly", b)})
		}
		claimed := map[place]bool{}
		wanted := expectations(u.File.Path, u.File.Text)
		if shell := u.File.Shell(); shell != nil { // comments in a notebook's cells of another language
			wanted = append(wanted, expectations(u.File.Path, shell.Text)...)
		}
		for _, e := range wanted {
			if notRun[e.Rule] {
				continue
			}
			if !known[e.Rule] {
				// A rule that did not load has its own error already.
				if len(t.Errors) == 0 {
					t.Mismatches = append(t.Mismatches, Mismatch{e.File, e.Line, e.Rule, "no rule of this id stands in " + filepath.Base(path)})
				}
				continue
			}
			at := place{e.Line, e.Rule}
			claimed[at] = true
			if e.Deep {
				continue
			}
			t.Lines++
			if e.Todo {
				t.Todo++
			}
			if message := e.judge(found[at]); message != "" {
				t.Mismatches = append(t.Mismatches, Mismatch{e.File, e.Line, e.Rule, message})
			}
		}
		for at := range found {
			if !claimed[at] {
				t.Mismatches = append(t.Mismatches, Mismatch{u.File.Path, at.line, at.rule,
					"a finding that no comment expects: write `# ruleid: " + at.rule + "` above it, or mend the rule"})
			}
		}
		t.testFix(u.File, findings)
	}
	slices.SortFunc(t.Mismatches, func(a, b Mismatch) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, strings.Compare(a.Rule, b.Rule))
	})
	return nil
}

// judge is what is wrong with what was found, or "".
func (e Expectation) judge(found bool) string {
	switch {
	case e.Todo && e.Hit && found:
		return "is found by now: turn `todoruleid` into `ruleid`"
	case e.Todo && !e.Hit && !found:
		return "is no longer reported: turn `todook` into `ok`"
	case !e.Todo && e.Hit && !found:
		return "a finding is missing here"
	case !e.Todo && !e.Hit && found:
		return "a finding where the comment says ok"
	}
	return ""
}

// testFiles are the files that test a rule file.
func testFiles(path string) ([]string, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	var out []string
	if info, err := os.Stat(stem); err == nil && info.IsDir() {
		err := filepath.WalkDir(stem, func(p string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				out = append(out, p)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	siblings, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	base := filepath.Base(stem)
	for _, s := range siblings {
		name := s.Name()
		rest, ok := strings.CutPrefix(name, base+".")
		if ok && s.Type().IsRegular() && !IsRuleFile(name) && !strings.HasPrefix(rest, "fixed.") {
			out = append(out, filepath.Join(filepath.Dir(path), name))
		}
	}
	slices.Sort(out)
	return out, nil
}

func readUnits(rulePath string, tests []string) ([]check.Unit, error) {
	listing, err := walk.Walk(tests, walk.Options{Root: filepath.Dir(rulePath), Text: func(string) bool { return true }})
	if err != nil {
		return nil, err
	}
	// Files of a folder are a program, files beside the rule are not.
	apart := !slices.ContainsFunc(tests, func(t string) bool { return filepath.Dir(t) != filepath.Dir(rulePath) })
	p := program.New(program.Options{Apart: apart})
	var units []check.Unit
	for _, e := range listing.Entries {
		f, problem := walk.Read(e, walk.Options{})
		if problem != nil {
			return nil, fmt.Errorf("%s: %s", problem.Path, problem.Message)
		}
		u := check.Unit{File: f}
		if f.Kind != source.Other {
			u.Module = p.Add(f)
		}
		units = append(units, u)
	}
	p.Link()
	return units, nil
}

// testFix compares the file after all fixes with <name>.fixed.<ext>, where there is one.
func (t *TestResult) testFix(f *source.File, findings []*finding.Finding) {
	ext := filepath.Ext(f.Path)
	want, err := os.ReadFile(filepath.FromSlash(strings.TrimSuffix(f.Path, ext) + ".fixed" + ext))
	if err != nil {
		return
	}
	slices.SortStableFunc(findings, func(a, b *finding.Finding) int { return int(b.Span.Start) - int(a.Span.Start) })
	text, end := f.Text, uint32(len(f.Text))
	for _, x := range findings {
		for _, e := range x.Edits {
			if e.Span.End <= end {
				text, end = text[:e.Span.Start]+e.New+text[e.Span.End:], e.Span.Start
			}
		}
	}
	if text != string(want) {
		got, wanted := strings.Split(text, "\n"), strings.Split(string(want), "\n")
		line := 0
		for line < len(got) && line < len(wanted) && got[line] == wanted[line] {
			line++
		}
		t.Mismatches = append(t.Mismatches, Mismatch{f.Path, line + 1, "fix", "the fixed text differs from the .fixed file from this line on"})
	}
}
