package pattern

import (
	"testing"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
)

// TestAliasOfSeveral: a name that was assigned one of several things is looked for under each of them, whatever other rules name.
func TestAliasOfSeveral(t *testing.T) {
	p := program.New(program.Options{})
	m := p.Add(source.New("a.py", "from lib import first, second\nif x:\n    f = first.make\nelse:\n    f = second.build\nf()\n"))
	p.Link()
	set, wrong := Compile([]Rule{
		{ID: "a", Options: DefaultOptions(), F: pat("lib.first.make(...)")},
		{ID: "b", Options: DefaultOptions(), F: pat("lib.second.build(...)")},
	})
	if len(wrong) > 0 {
		t.Fatal(wrong[0])
	}
	if got, _ := set.Match(m, nil); len(got) != 2 {
		t.Errorf("%d matches, want one of each rule: %v", len(got), got)
	}
}
