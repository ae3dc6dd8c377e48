// Package baseline holds lists of findings that are known: those that a team has looked at, or that were there before it began.
//
// A list is a JSON file that is made to be kept in a repository and merged line by line: sorted, one finding a line, every line ended
// alike, without times and line numbers, so that it changes only where findings do:
//
//	{
//	"version": 1,
//	"findings": [
//	{"fingerprint":"…","rule":"subprocess-shell","path":"app/run.py","in":"Runner.go","count":2,"reason":"…"},
//	null]
//	}
//
// The null ends the list, so that every finding's line has its comma. Two branches that add lines at one place would still conflict;
// with `merge=union` in .gitattributes Git keeps the lines of both, and a finding that is then listed twice counts with the larger number.
//
// Findings are counted: a list says how many there are with one fingerprint in one file. Mending one of two alike leaves one. A
// file that was renamed keeps its findings known, because what is left over of one path is matched with what is new at another.
//
// Nothing of a secret is in a list: the fingerprint of such a finding is of the rule, the place and the name, see package finding.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// Version is that of the format.
const Version = 1

// An Entry is findings that are alike, in one file.
type Entry struct {
	Fingerprint string `json:"fingerprint"`       // without the number behind the colon
	Rule        string `json:"rule"`              // for people
	Path        string `json:"path"`              // relative to the folder of the list, with slashes
	In          string `json:"in,omitempty"`      // the function, for people
	Count       int    `json:"count,omitempty"`   // 0 stands for 1
	Reason      string `json:"reason,omitempty"`  // why it is not mended
	Author      string `json:"author,omitempty"`  // who says so
	Expires     string `json:"expires,omitempty"` // the last day on which it is known, as 2026-12-31
}

func (e *Entry) n() int { return max(1, e.Count) }

// A List is what a file holds.
type List struct {
	Entries []Entry           // by fingerprint and path, each pair once
	at      map[[2]string]int // of Add
}

var (
	fingerprint = regexp.MustCompile(`^[0-9a-f]{16,64}$`)
	day         = regexp.MustCompile(`^[0-9]{4}-[01][0-9]-[0-3][0-9]$`)
)

// maxBytes bounds a list: some half a million findings.
const maxBytes = 128 << 20

// Read reads the file of a list, which must be a file.
func Read(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Size() > maxBytes:
		return nil, errors.New("it is larger than 128 MiB")
	}
	return os.ReadFile(file)
}

// Parse reads a list.
func Parse(raw []byte) (*List, error) {
	if i := conflict(raw); i > 0 {
		return nil, fmt.Errorf("line %d is of a merge that was not finished: keep the lines of both sides, without the marks", i)
	}
	var doc struct {
		Version  int      `json:"version"`
		Findings []*Entry `json:"findings"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("line %d: %w", 1+bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n")), err)
		}
		return nil, err
	}
	if doc.Version != Version {
		return nil, fmt.Errorf("it is no baseline of wadjet, or one of version %d; bring those of other tools over with `wadjet baseline import`", doc.Version)
	}
	l := &List{}
	for _, e := range doc.Findings {
		if e == nil {
			continue
		}
		if !fingerprint.MatchString(e.Fingerprint) || e.Count < 0 {
			return nil, fmt.Errorf("the finding in %q has no proper fingerprint or count", e.Path)
		}
		if e.Expires != "" && !day.MatchString(e.Expires) {
			return nil, fmt.Errorf("expires %q of the finding in %s is no day: write 2026-12-31", e.Expires, e.Path)
		}
		l.Entries = append(l.Entries, *e)
	}
	l.tidy()
	return l, nil
}

// conflict is the first line that Git marks a conflict with, or 0.
func conflict(raw []byte) int {
	n := 0
	for line := range bytes.Lines(raw) {
		n++
		for _, mark := range []string{"<<<<<<< ", ">>>>>>> ", "||||||| "} {
			if bytes.HasPrefix(line, []byte(mark)) {
				return n
			}
		}
	}
	return 0
}

func compare(a, b Entry) int {
	return cmp.Or(strings.Compare(a.Fingerprint, b.Fingerprint), strings.Compare(a.Path, b.Path))
}

// tidy sorts, and makes one entry of those that a merge left twice: with the larger number, and what people said of either.
func (l *List) tidy() {
	l.at = nil
	slices.SortStableFunc(l.Entries, compare)
	out := l.Entries[:0]
	for _, e := range l.Entries {
		if n := len(out); n > 0 && compare(out[n-1], e) == 0 {
			o := &out[n-1]
			if e.n() > o.n() {
				o.Count = e.Count
			}
			o.Reason, o.Author, o.Expires = cmp.Or(o.Reason, e.Reason), cmp.Or(o.Author, e.Author), max(o.Expires, e.Expires)
			continue
		}
		out = append(out, e)
	}
	l.Entries = out
}

// Encode writes a list.
func (l *List) Encode() []byte {
	l.tidy()
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"version\": %d,\n\"findings\": [\n", Version)
	for _, e := range l.Entries {
		if e.Count == 1 {
			e.Count = 0
		}
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			panic(err) // there is nothing in an entry that has no JSON
		}
		b.Write(bytes.TrimSpace(finding.PlainJSON(line.Bytes())))
		b.WriteString(",\n")
	}
	b.WriteString("null]\n}\n")
	return b.Bytes()
}

// Add puts an entry into the list; one of the same finding in the same file is counted together with it, and keeps what people said.
func (l *List) Add(e Entry) {
	if l.at == nil {
		l.at = map[[2]string]int{}
		for i, o := range l.Entries {
			l.at[[2]string{o.Fingerprint, o.Path}] = i
		}
	}
	key := [2]string{e.Fingerprint, e.Path}
	if i, ok := l.at[key]; ok {
		o := &l.Entries[i]
		o.Count = o.n() + e.n()
		o.Reason, o.Author, o.Expires = cmp.Or(o.Reason, e.Reason), cmp.Or(o.Author, e.Author), cmp.Or(o.Expires, e.Expires)
		return
	}
	l.at[key] = len(l.Entries)
	l.Entries = append(l.Entries, e)
}

// hash is the fingerprint of a finding without its number.
func hash(f *finding.Finding) string {
	h, _, _ := strings.Cut(f.Fingerprint, ":")
	return h
}

// Of lists findings. place says where a list has the path of a file.
func Of(findings []*finding.Finding, place func(path string) string) *List {
	at := map[[2]string]int{}
	l := &List{}
	for _, f := range findings {
		key := [2]string{hash(f), place(f.File.Path)}
		i, ok := at[key]
		if !ok {
			i = len(l.Entries)
			at[key] = i
			l.Entries = append(l.Entries, Entry{Fingerprint: key[0], Rule: f.Rule.ID, Path: key[1], In: f.Context})
		}
		l.Entries[i].Count++
	}
	l.tidy()
	return l
}

// Match calls known with each finding that the list holds, and its entry. What is left over of the list is returned: findings
// that are gone, or were not looked at. Entries that expired before today count neither way; they are in expired. Without a
// today none expires.
func (l *List) Match(findings []*finding.Finding, place func(path string) string, today string, known func(*finding.Finding, *Entry)) (left, expired []Entry) {
	type slot struct {
		entry *Entry
		n     int
	}
	byPath := map[[2]string]*slot{}
	byHash := map[string][]*slot{}
	for i := range l.Entries {
		e := &l.Entries[i]
		if e.Expires != "" && today > e.Expires {
			expired = append(expired, *e)
			continue
		}
		s := &slot{e, e.n()}
		byPath[[2]string{e.Fingerprint, e.Path}] = s
		byHash[e.Fingerprint] = append(byHash[e.Fingerprint], s)
	}
	var rest []*finding.Finding
	for _, f := range findings {
		if s := byPath[[2]string{hash(f), place(f.File.Path)}]; s != nil && s.n > 0 {
			s.n--
			known(f, s.entry)
		} else if byHash[hash(f)] != nil {
			rest = append(rest, f)
		}
	}
	for _, f := range rest { // of a file that was renamed, or to which the code was moved
		slots := byHash[hash(f)]
		for len(slots) > 0 && slots[0].n == 0 {
			slots = slots[1:]
		}
		if len(slots) > 0 {
			slots[0].n--
			known(f, slots[0].entry)
		}
		byHash[hash(f)] = slots
	}
	for i := range l.Entries {
		e := l.Entries[i]
		if s := byPath[[2]string{e.Fingerprint, e.Path}]; s != nil && s.n > 0 && s.entry == &l.Entries[i] {
			e.Count = s.n
			left = append(left, e)
		}
	}
	return left, expired
}
