package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var stories = []sample.Story{
	{Name: "mixed", New: plain, Replay: sample.Mixed},
	{Name: "suppressed", New: all, Replay: sample.Mixed},
	{Name: "clean", New: plain, Replay: sample.Clean},
	{Name: "blind", New: plain, Replay: sample.Blind},
}

func plain(w io.Writer) finding.Handler { return New(w, Options{}) }

func all(w io.Writer) finding.Handler { return New(w, Options{Suppressed: true}) }

func TestGolden(t *testing.T) { sample.Golden(t, *update, stories...) }

// An element is what Jenkins's schema for JUnit says of one: attributes (those with ! are needed), children in their order, whether it
// may hold text. The schema itself is strict about both names and order.
type element struct {
	attributes, children string
	text                 bool
}

var jenkins = map[string]element{
	"testsuites": {"name time tests failures disabled errors", "testsuite", false},
	"testsuite": {"name! tests! failures errors time disabled skipped timestamp hostname id package",
		"properties testcase system-out system-err", false},
	"testcase": {"name! assertions time classname status", "skipped error failure system-out system-err", false},
	"skipped":  {"message", "", true},
	"error":    {"type message", "", true},
	"failure":  {"type message", "", true},
}

// check reads a document, and holds every element to the table and every count to what is there.
func check(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	type open struct {
		name   string
		last   int // the place of the last child in the order
		counts map[string]int
		want   map[string]int
	}
	var stack []open
	var all error
	fail := func(parts ...string) { all = errors.Join(all, errors.New(strings.Join(parts, " "))) }
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			return err
		}
		switch x := token.(type) {
		case xml.StartElement:
			name := x.Name.Local
			e, ok := jenkins[name]
			if !ok {
				fail(name, "is no element")
			}
			if n := len(stack); n > 0 {
				parent := &stack[n-1]
				i := slices.Index(strings.Fields(jenkins[parent.name].children), name)
				if i < parent.last {
					fail(name, "does not belong here in", parent.name)
				}
				parent.last = i
				for i := range stack {
					stack[i].counts[name]++
				}
			} else if name != "testsuites" {
				fail("the root is", name)
			}
			o := open{name: name, counts: map[string]int{}, want: map[string]int{}}
			for _, a := range x.Attr {
				if !slices.Contains(strings.Fields(strings.ReplaceAll(e.attributes, "!", "")), a.Name.Local) {
					fail(name, "has no attribute", a.Name.Local)
				}
				if n, err := strconv.Atoi(a.Value); err == nil && a.Name.Local != "name" {
					o.want[a.Name.Local] = n
				}
			}
			for a := range strings.FieldsSeq(e.attributes) {
				needed, must := strings.CutSuffix(a, "!")
				if must && !slices.ContainsFunc(x.Attr, func(a xml.Attr) bool { return a.Name.Local == needed }) {
					fail(name, "lacks", needed)
				}
			}
			stack = append(stack, o)
		case xml.EndElement:
			o := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for attribute, child := range map[string]string{"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"} {
				if n, ok := o.want[attribute]; ok && n != o.counts[child] {
					fail(o.name, "says", attribute, strconv.Itoa(n), "and has", strconv.Itoa(o.counts[child]))
				}
			}
		case xml.CharData:
			if n := len(stack); n > 0 && !jenkins[stack[n-1].name].text && strings.TrimSpace(string(x)) != "" {
				fail("text in", stack[n-1].name)
			}
		}
	}
}

func TestForm(t *testing.T) {
	for _, s := range stories {
		if err := check(s.Render(t)); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	for _, bad := range []string{
		`<testsuite name="a" tests="0"/>`,
		`<testsuites><testsuite tests="0"/></testsuites>`,
		`<testsuites><testsuite name="a" tests="1"/></testsuites>`,
		`<testsuites><testsuite name="a" tests="1"><testcase name="a" file="b"/></testsuite></testsuites>`,
		`<testsuites><testsuite name="a" tests="1"><testcase name="a"><failure/><skipped/></testcase></testsuite></testsuites>`,
		`<testsuites><testsuite name="a" tests="0">text</testsuite></testsuites>`,
		`<testsuites><properties/></testsuites>`,
		`<testsuites>`,
	} {
		if check([]byte(bad)) == nil {
			t.Errorf("the check takes %s", bad)
		}
	}
}

// TestNames: within a suite no two tests have one name, so that a reader can follow each.
func TestNames(t *testing.T) {
	var doc struct {
		Suites []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name string `xml:"name,attr"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	many := sample.Story{New: plain, Replay: func(h finding.Handler) error { return sample.Many(h, 50) }}
	if err := xml.Unmarshal(many.Render(t), &doc); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range doc.Suites {
		for _, c := range s.Cases {
			if seen[s.Name+"\n"+c.Name] {
				t.Errorf("%s: two tests are named %s", s.Name, c.Name)
			}
			seen[s.Name+"\n"+c.Name] = true
		}
	}
	if len(seen) != 51 {
		t.Errorf("%d tests, want 50 and the area", len(seen))
	}
}
