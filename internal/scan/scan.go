package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/manifest"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// Progress is told how far a scan has come. Its methods are called from several goroutines.
type Progress interface {
	Start(total int) // steps ahead: two for each file
	Add(n int)
	Stop()
}

// Options say what to scan and how.
type Options struct {
	Paths              []string // files and folders; "-" is standard input
	Walk               walk.Options
	Listing            *walk.Listing // of Paths, when it is there already: see Configure
	Rules              *rule.Set
	RuleErrors         []rule.Error              // found while loading; reported with the rest
	Policy                                       // what holds for all files, unless PolicyOf says otherwise
	PolicyOf           func(path string) *Policy // what holds for the file that is shown as path
	IgnoreSuppressions bool
	Today              string // the day by which comments expire, as 2026-12-31; empty: none does
	Jobs               int    // workers; 0: one for each processor
	TreeBudget         int64  // bytes of source whose trees are kept between the phases; 0: the default
	Progress           Progress
	Tool               finding.Tool
	Notes              []string // for the summary, one line each

	NoBaselines bool // what settings say of baselines does not count: one is being made
	baselines   map[string]*knownList
	before      *knownList                // what was there before a change
	policyOf    func(file string) *Policy // what holds for a file, by where it is
}

// defaultTreeBudget keeps the trees of about a quarter of a million lines: some 100 MB.
const defaultTreeBudget = 8 << 20

// A Result is what the exit code depends on.
type Result struct {
	Summary *finding.Summary
	Gated   int  // findings at or over the gate
	Blind   bool // something that was asked for was not looked at
	Lost    int  // files that were not analysed
}

// A job is one file on its way through the phases.
type job struct {
	entry     walk.Entry
	policy    *Policy
	file      *source.File
	module    *program.Module
	incidents []finding.Incident
	findings  []*finding.Finding
	unseen    []*finding.Finding // left out by the profile or the options, while comments are matched
	hidden    map[string]int
	idle      int  // comments for other tools that silence nothing
	kept      bool // its tree was kept
	lost      bool
}

// Run scans, and hands what it finds to the handler. It returns an error when the scan could not take place or the handler
// failed; what was wrong with single files is an incident.
func Run(ctx context.Context, o Options, h finding.Handler) (*Result, error) {
	listing := o.Listing
	if listing == nil {
		var err error
		o.Walk.Text = o.Rules.Reads()
		if listing, err = walk.Walk(o.Paths, o.Walk); err != nil {
			return nil, err
		}
	}
	s := &state{o: o, program: program.New(program.Options{}), python: newPython(o.Walk)}
	if o.Progress != nil {
		o.Progress.Start(2 * len(listing.Entries))
		defer o.Progress.Stop()
	}
	if err := s.scan(ctx, listing); err != nil {
		return nil, err
	}
	if o.Progress != nil {
		o.Progress.Stop()
	}
	return s.finish(listing, h)
}

// scan finds what is wrong in each file.
func (s *state) scan(ctx context.Context, listing *walk.Listing) error {
	o := &s.o
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.TreeBudget == 0 {
		o.TreeBudget = defaultTreeBudget
	}
	s.jobs = make([]job, len(listing.Entries))
	for i, e := range listing.Entries {
		s.jobs[i].entry, s.jobs[i].policy = e, &s.o.Policy
		if o.PolicyOf != nil {
			s.jobs[i].policy = o.PolicyOf(e.Path)
		}
	}
	s.rules = make(map[*finding.Rule]int, len(o.Rules.Rules))
	for i, r := range o.Rules.Rules {
		s.rules[&r.Rule] = i
	}
	if len(s.jobs) > 0 {
		go o.Rules.Prepare() // while files are read
	}
	if err := s.each(ctx, s.read); err != nil {
		return err
	}
	s.program.Link()
	return s.each(ctx, s.check)
}

type state struct {
	o       Options
	program *program.Program
	python  *manifest.Python
	jobs    []job
	rules   map[*finding.Rule]int    // the index of each in the set
	today   func(file string) string // of a file of an old tree: where it is now
	kept    atomic.Int64             // bytes of source whose trees are kept
}

// each runs a phase over all jobs. A panic in one file is a defect of ours: it becomes an incident of that file, and
// the scan goes on.
func (s *state) each(ctx context.Context, phase func(*job)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(s.o.Jobs, max(1, len(s.jobs))) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(s.jobs) {
					return
				}
				s.guarded(&s.jobs[i], phase)
				if s.o.Progress != nil {
					s.o.Progress.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

func (s *state) guarded(j *job, phase func(*job)) {
	defer func() {
		if r := recover(); r != nil {
			j.lost = true
			j.module = nil
			j.incidents = append(j.incidents, finding.Incident{Path: j.entry.Path, Code: "defect", Lost: true, Blind: true,
				Message: fmt.Sprintf("wadjet failed on this file (%v): please report it; the other files were analysed", r)})
		}
	}()
	phase(j)
}

func (s *state) read(j *job) {
	f, problem := walk.Read(j.entry, s.o.Walk)
	if problem != nil {
		j.lost = true
		j.incidents = append(j.incidents, incident(*problem))
		return
	}
	j.file = f
	for _, n := range f.Notes {
		place := f.Place(n.Span.Start)
		j.incidents = append(j.incidents, finding.Incident{Path: f.Path, Line: place.Line, Column: place.Column, Code: n.Code, Message: n.Message})
	}
	if f.Kind == source.Other {
		return
	}
	j.module = s.program.Add(f)
	j.syntaxIncidents()
	if s.kept.Add(int64(len(f.Text))) <= s.o.TreeBudget {
		j.kept = true
	} else {
		s.kept.Add(-int64(len(f.Text)))
		j.module.Drop()
	}
}

// maxSyntaxIncidents bounds what is said of one file: the first errors lead to the others.
const maxSyntaxIncidents = 3

func (j *job) syntaxIncidents() {
	tree := j.module.Tree
	if tree.Python2 {
		j.incidents = append(j.incidents, finding.Incident{Path: j.file.Path, Code: "python2",
			Message: "this file is Python 2: analysed as far as that goes"})
	}
	said, more := 0, 0
	for _, e := range tree.Errors {
		if e.Python2 {
			continue
		}
		if said == maxSyntaxIncidents {
			more++
			continue
		}
		said++
		place := j.file.Place(e.Span.Start)
		j.incidents = append(j.incidents, finding.Incident{Path: j.file.Path, Line: place.Line, Column: place.Column, Code: "syntax",
			Message: e.Message + " (the statements around it were analysed)"})
	}
	if more > 0 {
		j.incidents[len(j.incidents)-1].Message += fmt.Sprintf("; %d more syntax errors in this file", more)
	}
}

func incident(p walk.Problem) finding.Incident {
	return finding.Incident{Path: p.Path, Line: p.Line, Code: p.Code, Message: p.Message, Lost: p.Lost, Blind: p.Blind}
}

func (s *state) check(j *job) {
	if j.file == nil || j.lost {
		return
	}
	if j.module != nil && !j.kept {
		j.module.Load()
	}
	var all []*finding.Finding
	bounds := s.o.Rules.Run(check.Unit{File: j.file, Module: j.module, Python: func() string { return s.pythonOf(j) }, Unsure: j.policy.Profile >= rule.Audit, Active: j.policy.Active}, func(f *finding.Finding) {
		if reason := j.policy.hides(j.policy.graded(f, s.rules)); reason != "" {
			if j.hidden == nil {
				j.hidden = map[string]int{}
			}
			j.hidden[reason]++
			j.unseen = append(j.unseen, f)
			return
		}
		all = append(all, f)
	})
	for _, b := range bounds {
		j.incidents = append(j.incidents, finding.Incident{Path: j.file.Path, Code: "bound", Blind: true,
			Message: fmt.Sprintf("rule %s met its bound of %s here: what it found until then is shown", b.Rule, b)})
	}
	j.findings = finding.Merge(all)
	s.suppress(j)
	if j.module != nil {
		j.module.Drop()
	}
	j.unseen = nil
}

func (s *state) finish(listing *walk.Listing, h finding.Handler) (*Result, error) {
	var all []*finding.Finding
	var incidents []finding.Incident
	idle := 0
	sum := &finding.Summary{Roots: s.o.Paths, ByOrigin: map[string]int{}, Findings: map[string]int{}, Hidden: map[string]int{},
		Rules: len(s.o.Rules.Rules), Profile: s.o.Profile.String(), Notes: s.o.Notes, Gate: s.o.FailOn.String()}
	result := &Result{Summary: sum}
	for _, e := range s.o.RuleErrors {
		incidents = append(incidents, finding.Incident{Path: e.File, Line: e.Line, Code: "rule", Message: ruleMessage(e)})
	}
	for _, p := range listing.Problems {
		incidents = append(incidents, incident(p))
	}
	for _, k := range listing.Skips {
		sum.Skipped = append(sum.Skipped, finding.Skip{Reason: k.Reason, Files: k.Files + k.Folders, Paths: k.Paths})
	}
	for i := range s.jobs {
		j := &s.jobs[i]
		all = append(all, j.findings...)
		incidents = append(incidents, j.incidents...)
		for reason, n := range j.hidden {
			sum.Hidden[reason] += n
		}
		idle += j.idle
		if j.lost {
			continue
		}
		sum.Files++
		sum.Bytes += len(j.file.Text)
		sum.Lines += j.file.NumLines()
		if strings.HasSuffix(j.file.Text, "\n") || j.file.Text == "" {
			sum.Lines--
		}
		sum.ByOrigin[j.file.Origin.String()]++
	}
	finding.Fingerprints(all)
	finding.Sort(all)
	s.known(sum)
	slices.SortStableFunc(incidents, func(a, b finding.Incident) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line, a.Column-b.Column, strings.Compare(a.Code, b.Code), strings.Compare(a.Message, b.Message))
	})
	for i := range s.jobs {
		for _, f := range s.jobs[i].findings {
			if f.Suppressed != nil {
				if f.Suppressed.Kind == "inline" {
					sum.Suppressed++
				}
				continue
			}
			sum.Findings[f.Severity.String()]++
			sum.GateVaries = sum.GateVaries || s.jobs[i].policy.FailOn != s.o.FailOn
			if s.jobs[i].policy.gates(f) {
				result.Gated++
			}
		}
	}
	sum.Gated = result.Gated
	if note := unseenNote(s.o.Rules.Unseen()); note != "" {
		sum.Notes = append(sum.Notes, note)
	}
	if idle > 0 {
		sum.Notes = append(sum.Notes, fmt.Sprintf("%d comments for other tools name what wadjet does not find there (--profile strict lists them)", idle))
	}
	for _, i := range incidents {
		result.Blind = result.Blind || i.Blind
		if i.Lost {
			result.Lost++
		}
	}
	s.areas(sum, result)
	return result, s.replay(h, all, incidents, sum)
}

func ruleMessage(e rule.Error) string {
	e.File, e.Line = "", 0
	return strings.TrimPrefix(e.Error(), ": ")
}

// areas says which practices were covered.
func (s *state) areas(sum *finding.Summary, result *Result) {
	code := finding.Area{Name: "code", Ran: sum.Files > 0 && sum.Rules > 0}
	switch {
	case sum.Files == 0 && s.o.Walk.ForceExclude && result.Lost == 0 && !result.Blind && len(sum.Skipped) > 0:
		code.Note = "all that was given is excluded" // before a commit, that is no news
	case sum.Files == 0:
		code.Note = "no Python file was found: give a folder that holds some, or name a file"
		result.Blind = true
	case sum.Rules == 0 && len(s.o.RuleErrors) > 0:
		code.Note = "no rule ran: mend those that are named above"
		result.Blind = true
	case sum.Rules == 0:
		code.Note = "no rule ran: take out --no-builtin or --ignore, or add --rules FILE"
		result.Blind = true
	}
	sum.Areas = []finding.Area{code}
	if note := s.o.Rules.Say(); note != "" {
		sum.Areas = append(sum.Areas, finding.Area{Name: "taint rules", Note: note})
	}
}

func (s *state) replay(h finding.Handler, all []*finding.Finding, incidents []finding.Incident, sum *finding.Summary) error {
	rules := make([]*finding.Rule, len(s.o.Rules.Rules))
	for i, r := range s.o.Rules.Rules {
		rules[i] = &r.Rule
	}
	err := h.Start(s.o.Tool, rules)
	for _, f := range all {
		err = errors.Join(err, h.Finding(f))
	}
	for i := range incidents {
		err = errors.Join(err, h.Incident(&incidents[i]))
	}
	return errors.Join(err, h.Finish(sum))
}
