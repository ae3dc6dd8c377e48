// Package junit writes a scan as JUnit XML, which every CI system shows: a suite for each file, in it a test that failed for
// each finding. It keeps to the form that Jenkins publishes, so that the strict readers take it, too.
//
// A suite named wadjet comes first. Its tests are the areas of the scan, passed or skipped, and what was not analysed, as
// errors; so a clean scan is a passed test rather than an empty file, which some systems take for a broken build. A
// test is named by rule and function, not by line, so that its history survives an edit above it.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// Options say what goes into the file.
type Options struct {
	Suppressed bool // findings that a comment or a baseline silences, as skipped tests
}

// New makes a handler that writes the file when the stream ends.
func New(w io.Writer, o Options) finding.Handler { return &handler{w: w, o: o} }

type handler struct {
	finding.Collector
	w io.Writer
	o Options
}

type testsuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []*testsuite
}

type testsuite struct {
	XMLName  xml.Name `xml:"testsuite"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Cases    []testcase
	named    map[string]int
}

type testcase struct {
	XMLName   xml.Name `xml:"testcase"`
	Name      string   `xml:"name,attr"`
	Classname string   `xml:"classname,attr"`
	Skipped   *skipped `xml:"skipped"`
	Error     *problem `xml:"error"`
	Failure   *problem `xml:"failure"`
}

type skipped struct {
	Message string `xml:"message,attr"`
}

type problem struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (h *handler) Finish(s *finding.Summary) error {
	mask := finding.NewMask(h.All(true))
	scan := &testsuite{Name: "wadjet", named: map[string]int{}}
	for _, a := range s.Areas {
		c := testcase{Name: a.Name, Classname: "wadjet.area"}
		if !a.Ran {
			c.Skipped = &skipped{a.Note}
		}
		scan.add(c)
	}
	for _, i := range h.Incidents {
		place := finding.Plain(i.Path)
		if i.Line > 0 {
			place += fmt.Sprintf(":%d", i.Line)
		}
		c := testcase{Name: finding.Plain(i.Code + " " + i.Path), Classname: "wadjet.analysis"}
		message := finding.Plain(i.Message)
		if i.Lost || i.Blind {
			c.Error = &problem{i.Code, message, place + ": " + message}
		} else {
			c.Skipped = &skipped{place + ": " + message}
		}
		scan.add(c)
	}
	suites := []*testsuite{scan}
	byFile := map[string]*testsuite{}
	for _, f := range h.All(h.o.Suppressed) {
		suite := byFile[f.File.Path]
		if suite == nil {
			suite = &testsuite{Name: finding.Plain(f.File.Path), named: map[string]int{}}
			byFile[f.File.Path] = suite
			suites = append(suites, suite)
		}
		suite.add(one(f, mask))
	}
	all := testsuites{Name: "wadjet", Suites: suites}
	for _, t := range suites {
		all.Tests, all.Failures, all.Errors = all.Tests+t.Tests, all.Failures+t.Failures, all.Errors+t.Errors
	}
	out, err := xml.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(h.w, xml.Header+string(out)+"\n")
	return err
}

// add counts a test, and numbers it where another one has its name.
func (t *testsuite) add(c testcase) {
	t.named[c.Name]++
	if n := t.named[c.Name]; n > 1 {
		c.Name = fmt.Sprintf("%s (%d)", c.Name, n)
	}
	t.Tests++
	switch {
	case c.Error != nil:
		t.Errors++
	case c.Failure != nil:
		t.Failures++
	case c.Skipped != nil:
		t.Skipped++
	}
	t.Cases = append(t.Cases, c)
}

func one(f *finding.Finding, mask *finding.Mask) testcase {
	c := testcase{Name: f.Rule.ID, Classname: classname(f.File.Path)}
	if f.Context != "" {
		c.Name += " in " + finding.Plain(f.Context)
	}
	if sup := f.Suppressed; sup != nil {
		c.Skipped = &skipped{finding.Plain("silenced: " + mask.Text(f, sup.String()))}
		return c
	}
	var b strings.Builder
	message := finding.Plain(mask.Text(f, f.Message))
	fmt.Fprintf(&b, "%s:%s: %s\n", finding.Plain(f.File.Path), f.File.Place(f.Span.Start), message)
	fmt.Fprintf(&b, "severity %s, confidence %s", f.Severity, f.Confidence)
	for _, n := range f.Rule.CWE {
		b.WriteString(", " + finding.CWEName(n))
	}
	b.WriteString("\n\n" + strings.TrimRight(finding.PlainLines(mask.Excerpt(f.File, f.Span)), "\n") + "\n")
	for i, s := range f.Trace {
		fmt.Fprintf(&b, "%d. %s:%s: %s\n", i+1, finding.Plain(s.File.Path), s.File.Place(s.Span.Start), finding.Plain(mask.Text(f, s.Message)))
	}
	if f.Rule.Mend != "" {
		b.WriteString("\nInstead: " + finding.PlainLines(strings.TrimSpace(f.Rule.Mend)) + "\n")
	}
	c.Failure = &problem{f.Severity.String(), message, b.String()}
	return c
}

// classname is a path as the readers split it: at dots, the last part the class.
func classname(path string) string {
	name := strings.TrimSuffix(finding.Plain(path), ".py")
	return strings.ReplaceAll(strings.Trim(name, "./"), "/", ".")
}
