package scan

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/pattern"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/settings"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/suppress"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// Configure lets settings say what Options leave open: which files, which rules, and what holds for each file. It walks, because
// settings of sub-folders are met on the way, and sets Listing, Rules, RuleErrors, Policy, PolicyOf and Notes.
//
// Every front calls this, so that a file is judged alike on the command line, before a commit and in an editor.
func (o *Options) Configure(tree *settings.Tree, builtin func() (rule.Loaded, error)) error {
	c := &configurer{tree: tree, root: tree.Root(), from: map[*rule.Rule]string{}, files: map[string]bool{}, policies: map[*settings.Settings]*Policy{}}
	start := tree.Start()
	if start.On("builtin") {
		pack, err := builtin()
		if err != nil {
			return err
		}
		c.add(pack)
	}
	if err := c.load(start.List("rules")); err != nil {
		return err
	}
	var failed error
	if v, ok := start.Value("max-file-size"); ok && o.Walk.MaxBytes == 0 {
		o.Walk.MaxBytes = v.Number
	}
	o.Walk.Settings = func(dir string, has bool) (exclude, include []string) {
		exclude, include = tree.Globs(dir, has)
		if has {
			failed = errors.Join(failed, c.load(tree.RuleFiles(dir)))
		}
		return exclude, include
	}
	o.Walk.Text = c.text
	listing, err := walk.Walk(o.Paths, o.Walk)
	if err != nil {
		return err
	}
	of := make(map[string]*settings.Settings, len(listing.Entries))
	for _, e := range listing.Entries {
		file := e.Abs
		if file == "" {
			file = tree.Path(o.Walk.StdinName)
		}
		of[e.Path] = tree.For(file)
		failed = errors.Join(failed, c.load(of[e.Path].List("rules")))
	}
	if err := errors.Join(tree.Err(), failed); err != nil {
		return err
	}
	all := rule.Join(c.parts...)
	c.loaded = all.Rules
	wanted := make([]bool, len(all.Rules))
	for _, s := range append([]*settings.Settings{start}, slices.Collect(values(listing.Entries, of))...) {
		if c.policies[s] != nil {
			continue
		}
		p, err := c.policy(s)
		if err != nil {
			return err
		}
		c.policies[s] = p
		for i, on := range p.Active {
			wanted[i] = wanted[i] || on
		}
	}
	if len(listing.Entries) == 0 {
		wanted = c.policies[start].Active // what would have run
	}
	var chosen []*rule.Rule
	for i, r := range all.Rules {
		if wanted[i] {
			chosen = append(chosen, r)
		}
	}
	set, broken := rule.Compile(chosen)
	o.Rules, o.RuleErrors = set, append(o.RuleErrors, slices.Concat(all.Errors, broken)...)
	index := make(map[*rule.Rule]int, len(all.Rules))
	for i, r := range all.Rules {
		index[r] = i
	}
	for _, p := range c.policies {
		p.onto(set.Rules, index)
	}
	o.Policy = *c.policies[start]
	o.policyOf = func(file string) *Policy {
		s := tree.For(file)
		if c.policies[s] == nil { // of a file that was there before
			p, err := c.policy(s)
			if err != nil {
				return &o.Policy
			}
			p.onto(set.Rules, index)
			c.policies[s] = p
		}
		return c.policies[s]
	}
	if !o.NoBaselines {
		if err := o.loadBaselines(tree.Root(), slices.Collect(maps.Values(c.policies))); err != nil {
			return err
		}
	}
	o.PolicyOf = func(path string) *Policy {
		if s, ok := of[path]; ok {
			return c.policies[s]
		}
		return &o.Policy
	}
	o.keepRead(listing, set)
	o.Listing = listing
	if all.Foreign > 0 {
		o.Notes = append(o.Notes, fmt.Sprintf("%d rules are for languages that wadjet does not read, and did not run", all.Foreign))
	}
	if files := tree.Files(); len(files) > 0 {
		o.Notes = append(o.Notes, "settings of "+some(files))
	}
	return nil
}

// some names the first few files of a list.
func some(files []string) string {
	const most = 3
	if len(files) > most {
		return fmt.Sprintf("%s and %d more files", strings.Join(files[:most], ", "), len(files)-most)
	}
	return strings.Join(files, ", ")
}

func values(entries []walk.Entry, of map[string]*settings.Settings) func(yield func(*settings.Settings) bool) {
	return func(yield func(*settings.Settings) bool) {
		for _, e := range entries {
			if !yield(of[e.Path]) {
				return
			}
		}
	}
}

// keepRead takes out the texts that are not Python and that no rule looks at after all. They were listed for rules that
// settings leave out.
func (o *Options) keepRead(listing *walk.Listing, set *rule.Set) {
	reads := set.Reads()
	listing.Entries = slices.DeleteFunc(listing.Entries, func(e walk.Entry) bool {
		return e.Kind == source.Other && !e.Explicit && (reads == nil || !reads(e.Path))
	})
}

// RulesFor are the rules that run where a scan starts, unless settings of sub-folders say otherwise, and what was wrong with the files that they are in.
func RulesFor(tree *settings.Tree, builtin func() (rule.Loaded, error)) ([]*rule.Rule, []rule.Error, error) {
	s := tree.Start()
	c := &configurer{tree: tree, root: tree.Root(), from: map[*rule.Rule]string{}, files: map[string]bool{}}
	if s.On("builtin") {
		pack, err := builtin()
		if err != nil {
			return nil, nil, err
		}
		c.add(pack)
	}
	if err := c.load(s.List("rules")); err != nil {
		return nil, nil, err
	}
	all := rule.Join(c.parts...)
	c.loaded = all.Rules
	p, err := c.policy(s)
	if err != nil {
		return nil, nil, err
	}
	var chosen []*rule.Rule
	for i, r := range all.Rules {
		if p.Active[i] {
			chosen = append(chosen, r)
		}
	}
	return chosen, all.Errors, nil
}

type configurer struct {
	tree     *settings.Tree
	root     string // what files are shown relative to
	parts    []rule.Loaded
	texts    []pathsOf // of the rules that look at texts which are not Python
	loaded   []*rule.Rule
	from     map[*rule.Rule]string // the file or folder that a rule of the user's own was named by
	files    map[string]bool
	policies map[*settings.Settings]*Policy
}

// load reads rule files that were not read yet.
func (c *configurer) load(files []settings.Item) error {
	for _, f := range files {
		if c.files[f.Text] {
			continue
		}
		c.files[f.Text] = true
		l, err := rule.Load(f.Text)
		if err != nil {
			if f.File != "" {
				return fmt.Errorf("%s: %w", f.Origin, err)
			}
			return err
		}
		for _, r := range l.Rules {
			c.from[r] = f.Text
			r.File = c.shown(r.File)
		}
		for i := range l.Errors {
			l.Errors[i].File = c.shown(l.Errors[i].File)
		}
		c.add(l)
	}
	return nil
}

// shown is a file as it is named in reports, which are to be the same on every machine.
func (c *configurer) shown(file string) string {
	if rel, err := filepath.Rel(c.root, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}

func (c *configurer) add(l rule.Loaded) {
	c.parts = append(c.parts, l)
	for _, r := range l.Rules {
		if r.Pattern.Lang != pattern.Python {
			c.texts = append(c.texts, pathsOf{walk.NewGlobs(r.Include), walk.NewGlobs(r.Exclude)})
		}
	}
}

// pathsOf is which files a rule is for.
type pathsOf struct{ include, exclude *walk.Globs }

// text reports whether some rule may look at a file that is not Python.
func (c *configurer) text(path string) bool {
	return slices.ContainsFunc(c.texts, func(p pathsOf) bool {
		return (p.include.Empty() || p.include.Match(path)) && !p.exclude.Match(path)
	})
}

// policy makes what the engine obeys of settings. Its Active is by the index of loaded rules.
func (c *configurer) policy(s *settings.Settings) (*Policy, error) {
	p := &Policy{Active: make([]bool, len(c.loaded)), PythonVersion: s.Text("python-version")}
	p.Profile, _ = rule.ParseProfile(s.Text("profile")) // the settings have looked at the words already
	p.MinSeverity, _ = finding.ParseSeverity(s.Text("severity-level"))
	p.MinConfidence, _ = finding.ParseConfidence(s.Text("confidence-level"))
	p.FailOn, _ = finding.ParseSeverity(s.Text("fail-on"))
	p.Foreign, _ = suppress.ParseForeign(s.Text("foreign-suppressions"))
	if v, ok := s.Value("baseline"); ok {
		p.Baseline = v.Text
	}
	own := map[string]bool{}
	for _, f := range s.List("rules") {
		own[f.Text] = true
	}
	here := func(i int) bool {
		from := c.from[c.loaded[i]]
		return from == "" && s.On("builtin") || own[from]
	}
	for i, r := range c.loaded {
		p.Active[i] = here(i) && r.Profile <= p.Profile
	}
	for _, step := range s.Steps {
		if step.Op == settings.Select {
			clear(p.Active)
		}
		for _, word := range step.Selectors {
			if err := c.fits(word.Text, word.Origin); err != nil {
				return nil, err
			}
			for i, r := range c.loaded {
				if r.Matches(word.Text) && here(i) {
					p.Active[i] = step.Op != settings.Ignore
				}
			}
		}
	}
	for _, set := range s.Rules {
		if err := c.fits(set.Selector, set.Origin); err != nil {
			return nil, err
		}
		severity, _ := finding.ParseSeverity(set.Severity)
		confidence, _ := finding.ParseConfidence(set.Confidence)
		for i, r := range c.loaded {
			if !r.Matches(set.Selector) {
				continue
			}
			p.Active[i] = p.Active[i] && !set.Off
			if severity != 0 {
				p.Severity = grown(p.Severity, len(c.loaded))
				p.Severity[i] = severity
			}
			if confidence != 0 {
				p.Confidence = grown(p.Confidence, len(c.loaded))
				p.Confidence[i] = confidence
			}
		}
	}
	return p, nil
}

func grown[T any](s []T, n int) []T {
	if s == nil {
		return make([]T, n)
	}
	return s
}

func (c *configurer) fits(selector string, where settings.Origin) error {
	err := rule.Fits(c.loaded, selector)
	if err != nil && where.File != "" {
		return fmt.Errorf("%s: %w", where, err)
	}
	return err
}

// onto turns what is by the index of the loaded rules into what is by the index of those that run.
func (p *Policy) onto(rules []*rule.Rule, index map[*rule.Rule]int) {
	active, all := make([]bool, len(rules)), true
	var severity []finding.Severity
	var confidence []finding.Confidence
	if p.Severity != nil {
		severity = make([]finding.Severity, len(rules))
	}
	if p.Confidence != nil {
		confidence = make([]finding.Confidence, len(rules))
	}
	for n, r := range rules {
		i := index[r]
		active[n], all = p.Active[i], all && p.Active[i]
		if severity != nil {
			severity[n] = p.Severity[i]
		}
		if confidence != nil {
			confidence[n] = p.Confidence[i]
		}
	}
	p.Active, p.Severity, p.Confidence = active, severity, confidence
	if all {
		p.Active = nil
	}
}
