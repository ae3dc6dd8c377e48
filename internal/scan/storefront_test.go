package scan

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/walk"
	"github.com/wadjet-security/wadjet/rules"
)

// collected keeps the findings of a scan.
type collected struct{ findings []*finding.Finding }

func (c *collected) Start(finding.Tool, []*finding.Rule) error { return nil }
func (c *collected) Incident(*finding.Incident) error          { return nil }
func (c *collected) Finish(*finding.Summary) error             { return nil }
func (c *collected) Finding(f *finding.Finding) error {
	c.findings = append(c.findings, f)
	return nil
}

var planted = regexp.MustCompile(`# planted: ([a-z-]+) CWE-(\d+)`)

// later are weaknesses of the example that no rule about single places can tell: they take data flow, or a model of the application.
var later = map[string]bool{
	"path-traversal": true, "open-redirect": true, "missing-owner-check": true, "missing-authorization": true, "secret-in-log": true,
	"server-side-request-forgery": true, "cross-site-scripting": true,
}

// TestStorefront scans the example: what is planted has to be found, and nothing else, by the default profile; what belongs to
// the stricter ones by them.
func TestStorefront(t *testing.T) {
	pack, err := rule.LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	scan := func(p rule.Profile) map[string]bool {
		chosen, err := rule.Choose(rule.Join(pack).Rules, rule.Choice{Profile: p})
		if err != nil {
			t.Fatal(err)
		}
		set, wrong := rule.Compile(chosen)
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		got := &collected{}
		root := filepath.Join("..", "..", "examples", "storefront")
		if _, err := Run(context.Background(), Options{Paths: []string{root}, Walk: walk.Options{Root: root}, Rules: set, Policy: Policy{Profile: p, FailOn: finding.High}}, got); err != nil {
			t.Fatal(err)
		}
		lines := map[string]bool{}
		for _, f := range got.findings {
			line, _ := f.File.Position(f.Span.Start)
			last, _ := f.File.Position(f.Span.End)
			for ; line <= last; line++ {
				lines[fmt.Sprintf("%s:%d", f.File.Path, line)] = true
			}
			if p == rule.Default && !planted.MatchString(f.File.Slice(source.Span{Start: f.Span.Start, End: f.File.LineSpan(last).End})) {
				t.Errorf("%s:%d: %s, where nothing is planted", f.File.Path, last, f.Rule.ID)
			}
		}
		return lines
	}
	byDefault, byAudit := scan(rule.Default), scan(rule.Audit)
	root := filepath.Join("..", "..", "examples", "storefront")
	listing, err := walk.Walk([]string{root}, walk.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	all, found := 0, 0
	for _, e := range listing.Entries {
		f, problem := walk.Read(e, walk.Options{Root: root})
		if problem != nil {
			t.Fatal(problem.Message)
		}
		for i, l := range strings.Split(f.Text, "\n") {
			m := planted.FindStringSubmatch(l)
			if m == nil {
				continue
			}
			all++
			at := fmt.Sprintf("%s:%d", f.Path, i+1)
			switch {
			case byDefault[at]:
				found++
			case !byAudit[at] && !later[m[1]]:
				t.Errorf("%s: %s is not found", at, m[1])
			}
		}
	}
	t.Logf("%d planted, %d found by default", all, found)
	if all < 40 || found < 35 {
		t.Errorf("%d planted, %d found by default: at least 40 and 35", all, found)
	}
}
