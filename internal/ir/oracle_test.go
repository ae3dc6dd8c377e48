package ir

import (
	"bytes"
	"encoding/json"
	"flag"
	"os/exec"
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

var (
	programs  = flag.Int("programs", 400, "how many random programs are compared with what Python does")
	firstSeed = flag.Uint64("seed", 1, "the first of them")
)

// runner executes each program under several seeds; it prints what each probe has seen: numbers, "unhashable", "None" and the like.
const runner = `
import json, random, sys, warnings
from contextlib import contextmanager, suppress
warnings.simplefilter("ignore")
sys.setrecursionlimit(5000)

class E(Exception): pass
class F(Exception): pass

def plain(x):
    return type(x) in (int, bool, type(None), type(...)) or type(x) is tuple and all(map(plain, x))

def run(code, seed, seen):
    r = random.Random(seed)
    steps = 0
    fresh = 1000000
    def step():
        nonlocal steps
        steps += 1
        return steps > 2000
    def probe(i, x):
        seen.setdefault(i, set()).add(repr(x) if plain(x) else "other")
    def maybe():
        return not step() and r.random() < 0.6
    def boom():
        if not step() and r.random() < 0.4:
            raise (E if r.random() < 0.5 else F)()
    def lap(n):
        nonlocal fresh
        if step():
            return []
        k = r.randint(0, n)
        fresh += k
        return list(range(fresh - k, fresh))
    @contextmanager
    def manager():
        fresh_one = 999999
        yield fresh_one
    space = {"__name__": "t", "probe": probe, "maybe": maybe, "boom": boom, "lap": lap, "manager": manager,
             "suppress": suppress, "E": E, "F": F, "plain": lambda f: f}
    try:
        exec(code, space)
    except BaseException as e:
        if isinstance(e, (KeyboardInterrupt, SystemExit)):
            raise

out = []
for text in json.load(sys.stdin):
    try:
        code = compile(text, "t.py", "exec")
    except SyntaxError as e:
        out.append({"error": str(e)})
        continue
    seen = {}
    for seed in range(12):
        run(code, seed, seen)
    out.append({"seen": {i: sorted(v) for i, v in seen.items()}})
json.dump(out, sys.stdout)
`

// TestPython compares with what Python does: every number that a use has seen must come from a definition that reaches it, and
// a constant is what was always seen.
func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to run programs with")
	}
	var texts []string
	for i := range *programs {
		texts = append(texts, generate(*firstSeed+uint64(i)))
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", runner)
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var results []struct {
		Error string
		Seen  map[string][]string
	}
	if err := json.Unmarshal(text, &results); err != nil {
		t.Fatal(err)
	}
	o := oracle{t: t}
	for i, r := range results {
		if r.Error != "" {
			if o.refused++; o.refused < 4 {
				t.Logf("%s\n%s", r.Error, texts[i])
			}
			continue
		}
		o.compare(*firstSeed+uint64(i), texts[i], r.Seen)
	}
	t.Logf("%d programs (%d refused by Python), %d probes reached, %d told by definitions alone; %d constants of which %d were seen", len(results), o.refused,
		o.probes, o.exact, o.constants, o.seenConstants)
	if 20*o.refused > len(results) {
		t.Errorf("%d of %d programs are none", o.refused, len(results))
	}
	if 3*o.exact < o.probes {
		t.Errorf("only %d of %d probes are told by definitions alone: the comparison says little", o.exact, o.probes)
	}
}

type oracle struct {
	t                                                *testing.T
	refused, probes, exact, constants, seenConstants int
	failures                                         int
}

func (o *oracle) compare(seed uint64, text string, seen map[string][]string) {
	tree := syntax.Parse(&source.File{Path: "t.py", Text: text})
	if len(tree.Errors) > 0 {
		o.t.Errorf("seed %d does not parse: %s\n%s", seed, tree.Errors[0].Message, text)
		return
	}
	u := NewUnit(resolve.Resolve(tree))
	u.LowerAll()
	for _, f := range u.Funcs {
		if err := f.Check(); err != nil {
			o.t.Errorf("seed %d: %s: %v\n%s", seed, f.Name, err, text)
			return
		}
	}
	for _, s := range tree.Body {
		syntax.Inspect(s, func(n syntax.Node) bool {
			call, ok := n.(*syntax.Call)
			if !ok {
				return true
			}
			if f, ok := call.Func.(*syntax.Name); ok && f.Name == "probe" {
				id := text[call.Args[0].Span().Start:call.Args[0].Span().End]
				if o.probe(u, seed, text, id, call.Args[1], seen[id]) && o.failures == 0 {
					var b strings.Builder
					u.Enclosing(call.Args[1]).Print(&b)
					o.t.Logf("%s\n%s", text, b.String())
					o.failures++
				}
			}
			return true
		})
	}
}

// probe reports whether something was wrong.
func (o *oracle) probe(u *Unit, seed uint64, text, id string, x syntax.Expr, seen []string) bool {
	f := u.Enclosing(x)
	defs := map[string]bool{}
	open := false // something reaches the use that is no number
	consts := map[string]bool{}
	for _, nv := range f.ValuesOf(x) {
		list, _ := f.Leaves(nv.value, 1000)
		for _, v := range list {
			if in := &f.Instrs[v]; in.Op == ConstOp {
				defs[f.Consts[in.A].String()] = true
			} else {
				open = true
			}
		}
		if c, ok := f.Const(nv.value, nil); ok {
			consts[c.String()] = true
		} else {
			consts["unknown"] = true
		}
	}
	if len(consts) == 1 && !consts["unknown"] {
		o.constants++
		if len(seen) > 0 {
			o.seenConstants++
		}
		for _, s := range seen {
			if !consts[s] {
				o.t.Errorf("seed %d: probe(%s, %s) saw %s, where the constant is said to be %v", seed, id, text[x.Span().Start:x.Span().End], s, consts)
				return true
			}
		}
	}
	if len(seen) == 0 {
		return false
	}
	o.probes++
	if !open {
		o.exact++
	}
	for _, s := range seen {
		if !open && !defs[s] {
			o.t.Errorf("seed %d: probe(%s, %s) saw %s, which is none of the definitions %v", seed, id, text[x.Span().Start:x.Span().End], s, defs)
			return true
		}
	}
	return false
}
