package scan

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
	"github.com/wadjet-security/wadjet/rules"
)

// around are places in which an expression may stand, %s being it.
var around = []string{
	"%s",
	"_x = %s",
	"return %s",
	"try:\n    _r = %s\nexcept ValueError:\n    raise",
	"_f = lambda: %s",
	"_l = [%s for _ in range(2)]",
	"print(%s)",
	"async def _g():\n    return %s",
	"_d = {'a': %s}",
	"dict(a=%s)",
	"with open(__file__) as _f:\n    if _f:\n        %s",
	"_r = (%s).strip()",
	"def _inner():\n    return [%s]",
	"class _K:\n    def m(self):\n        self.v = %s",
	"if not %s:\n    return None",
	"for _i in range(3):\n    while True:\n        _z = %s",
	"_y = 1 if %s else 2",
	"raise ValueError(%s)",
}

// placed puts the last line of an edit into a place of those, when it is an expression.
func placed(edit string, place int) string {
	head, last := "", edit
	if i := strings.LastIndexByte(edit, '\n'); i >= 0 {
		head, last = edit[:i+1], edit[i+1:]
	}
	tree := syntax.Parse(source.New("edit.py", strings.NewReplacer("@@", "@", "@", "p").Replace(last)))
	if len(tree.Body) != 1 || len(tree.Errors) > 0 || strings.HasPrefix(last, " ") {
		return edit
	}
	if _, ok := tree.Body[0].(*syntax.ExprStmt); !ok {
		return edit
	}
	return head + strings.Replace(around[place%len(around)], "%s", last, 1)
}

// realTree is Python that others wrote: WADJET_CORPUS, or the standard library of the machine's python3.
func realTree(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("WADJET_CORPUS"); dir != "" {
		return dir
	}
	out, err := exec.Command("python3", "-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])").Output()
	if err != nil {
		t.Skip("no python3 on this machine, and WADJET_CORPUS names no tree: there is no code of others to edit")
	}
	return strings.TrimSpace(string(out))
}

// A site is where an edit can go: the start of the body of a function that has a parameter.
type site struct {
	offset uint32
	indent string
	param  string
}

func sites(tree *syntax.File) (out []site) {
	for _, s := range tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			f, ok := n.(*syntax.FunctionDef)
			if !ok || len(f.Body) == 0 {
				return true
			}
			param := ""
			for _, p := range f.Params.List {
				if p.Kind <= syntax.PosOrKw && p.Name != "self" && p.Name != "cls" {
					param = p.Name
					break
				}
			}
			first := f.Body[0].Span().Start
			line, column := tree.Source.Position(first)
			indent := tree.Source.Line(line)[:column-1]
			if param != "" && strings.TrimSpace(indent) == "" && indent != "" {
				out = append(out, site{first, indent, param})
			}
			return true
		})
	}
	return out
}

// editedFiles are the files that edits go into, in an order that does not follow the alphabet and is the same each time.
func editedFiles(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(realTree(t), func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := e.Name(); e.IsDir() && (name == "test" || name == "tests" || name == "idlelib" || name == "site-packages") {
			return filepath.SkipDir
		} else if strings.HasSuffix(name, ".py") && !strings.HasPrefix(name, "test") {
			files = append(files, p)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatal("no Python files: ", err)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Compare(scramble(filepath.Base(a)), scramble(filepath.Base(b)))
	})
	return files
}

// TestKnownBadEdits inserts known-bad lines into real code, and asks that the default profile finds those that a team would want to
// hear of on its first day, and an audit all.
func TestKnownBadEdits(t *testing.T) {
	files := editedFiles(t)
	for _, tt := range []struct {
		name    string
		profile rule.Profile
		edits   []string
		least   int // of a hundred
	}{
		{"default", rule.Default, dayOne, 97},
		{"audit", rule.Audit, slices.Concat(dayOne, forAudit), 97},
	} {
		t.Run(tt.name, func(t *testing.T) {
			missed := editsMissed(t, tt.profile, files, tt.edits)
			for _, edit := range missed {
				t.Logf("missed: %s", strings.ReplaceAll(edit, "\n", "; "))
			}
			found := len(tt.edits) - len(missed)
			t.Logf("found %d of %d", found, len(tt.edits))
			if found*100 < len(tt.edits)*tt.least {
				t.Errorf("%d of %d known-bad edits are found, fewer than %d in a hundred", found, len(tt.edits), tt.least)
			}
		})
	}
}

// TestKnownBadEditsByArea does the same with testdata/edits.txt, which was written for each area from the weaknesses alone.
func TestKnownBadEditsByArea(t *testing.T) {
	files := editedFiles(t)
	text, err := os.ReadFile("testdata/edits.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		profile rule.Profile
		least   int // of a hundred
	}{{rule.Default, 85}, {rule.Audit, 97}} {
		t.Run(tt.profile.String(), func(t *testing.T) {
			all, found := 0, 0
			for part := range strings.SplitSeq("\n"+string(text), "\n== ") {
				area, rest, ok := strings.Cut(part, "\n")
				if !ok || strings.HasPrefix(part, "\n#") {
					continue
				}
				edits := strings.Split(strings.Trim(rest, "\n"), "\n\n")
				missed := editsMissed(t, tt.profile, files, edits)
				for _, edit := range missed {
					t.Logf("%s: missed: %s", area, strings.ReplaceAll(edit, "\n", "; "))
				}
				t.Logf("%s: %d of %d", area, len(edits)-len(missed), len(edits))
				all += len(edits)
				found += len(edits) - len(missed)
			}
			t.Logf("found %d of %d", found, all)
			if found*100 < all*tt.least {
				t.Errorf("%d of %d known-bad edits are found, fewer than %d in a hundred", found, all, tt.least)
			}
		})
	}
}

// editsMissed puts each edit into a file of its own, and gives those that a profile finds nothing in.
func editsMissed(t *testing.T, profile rule.Profile, files, edits []string) (missed []string) {
	t.Helper()
	next := 0
	set := compiled(t, profile)
	for i, edit := range edits {
		edit = placed(edit, i)
		text, span := inserted(t, files, &next, edit)
		if !findsWithin(set, profile, text, span) {
			missed = append(missed, edit)
		}
	}
	return missed
}

func compiled(t *testing.T, p rule.Profile) *rule.Set {
	t.Helper()
	l, err := rule.LoadPack(rules.Pack)
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := rule.Choose(l.Rules, rule.Choice{Profile: p})
	if err != nil {
		t.Fatal(err)
	}
	set, wrong := rule.Compile(chosen)
	for _, e := range wrong {
		t.Error(e)
	}
	return set
}

// inserted is the next of the files that has a place for an edit, with the edit in it, and where that stands. The files are taken in
// turn, again from the first when they run out.
func inserted(t *testing.T, files []string, next *int, edit string) (string, source.Span) {
	t.Helper()
	for range files {
		name := files[*next%len(files)]
		*next++
		text, err := os.ReadFile(name)
		if err != nil || len(text) > 200_000 || strings.ContainsRune(string(text), '\r') {
			continue
		}
		places := sites(syntax.Parse(source.New("app.py", string(text))))
		if len(places) == 0 {
			continue
		}
		place := places[scramble(name[len(name)/2:])%uint32(len(places))]
		edit = strings.NewReplacer("@@", "@", "@", place.param, "\n", "\n"+place.indent).Replace(edit)
		code := edit + "\n" + place.indent
		span := source.Span{Start: place.offset, End: place.offset + uint32(len(code))}
		return string(text[:place.offset]) + code + string(text[place.offset:]), span
	}
	t.Fatal("no file has a place for an edit")
	return "", source.Span{}
}

func findsWithin(set *rule.Set, profile rule.Profile, text string, span source.Span) bool {
	p := program.New(program.Options{})
	f := source.New("app.py", text)
	m := p.Add(f)
	p.Link()
	policy := Policy{Profile: profile}
	found := false
	set.Run(check.Unit{File: f, Module: m}, func(x *finding.Finding) {
		found = found || span.Contains(x.Span) && policy.hides(x) == ""
	})
	return found
}

func scramble(s string) uint32 {
	h := fnv.New32a()
	fmt.Fprint(h, s)
	return h.Sum32()
}
