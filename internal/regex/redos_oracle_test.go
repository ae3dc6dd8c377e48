package regex

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// redosOracle times Python's own re. Of a verdict it wants to see that the time grows so on the attack; of an expression that is said to
// be linear it tries texts that might prove the contrary. CPython looks at signals while it matches, so that an alarm ends a match.
const redosOracle = `
import json, math, re, signal, sys, time, warnings
warnings.simplefilter("ignore")
class Late(Exception): pass
def alarm(*_): raise Late
signal.signal(signal.SIGVTALRM, alarm)

def timed(call, text, cap):
    best = None
    for _ in range(2):
        signal.setitimer(signal.ITIMER_VIRTUAL, cap)
        try:
            t = time.process_time()
            call(text)
            t = max(time.process_time() - t, 1e-6)
            best = t if best is None else min(best, t)
        except Late:
            pass
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if best is None or best > 0.03: break
    return best

def slope(call, make, least, cap, most):
    # The text grows by quarters until a match takes least, or cap ends it; the last times tell by which power they grow.
    n, seen = 1, []
    while len(make(n)) < most:
        t = timed(call, make(n), cap)
        if t is None:
            seen.append((len(make(n)), cap)); break
        seen.append((len(make(n)), t))
        if t >= least: break
        n += max(1, n // 4)
    if len(seen) < 2: return 99 if seen and seen[0][1] >= cap else 0
    last = seen[-1]
    for first in reversed(seen[:-1]):
        if last[0] >= first[0] * 1.3: break
    return math.log(last[1] / first[1]) / math.log(last[0] / first[0])

for line in sys.stdin:
    q = json.loads(line)
    try:
        r = re.compile(q["expr"])
    except (re.error, RecursionError, OverflowError):
        print("error", flush=True); continue
    call = getattr(r, q["method"])
    if q["growth"] != "linear":
        make = lambda n: q["prefix"] + q["pump"] * n + q["suffix"]
        d = slope(call, make, 0.02, 0.2, 40000)
        if d < (4.2 if q["growth"] == "exponential" else 1.6): # or the machine was busy
            d = max(d, slope(call, make, 0.05, 0.5, 80000))
        print("%.2f" % d, flush=True); continue
    worst = 0
    for prefix, pump, suffix in q["tries"] or []:
        make = lambda n: prefix + pump * n + suffix
        # Short texts tell an exponential, long ones a quadratic: at 3,000 characters that is some 10 ms more.
        for size in (30, 300, 3000):
            t = timed(call, make(max(1, size // len(pump))), 0.1)
            if t is None or t > 0.006:
                d = slope(call, make, 0.01, 0.1, 60000)
                if 1.4 < d < 4: d = min(slope(call, make, 0.08, 0.4, 120000) for _ in range(3)) # or the machine was busy
                if d > worst: worst, which = d, (prefix, pump, suffix)
                break
        if worst > 1.5: break
    print("%.2f" % worst + (" %r" % (which,) if worst > 1.5 else ""), flush=True)
`

type redosQuery struct {
	Expr   string      `json:"expr"`
	Method string      `json:"method"`
	Growth string      `json:"growth"`
	Prefix string      `json:"prefix"`
	Pump   string      `json:"pump"`
	Suffix string      `json:"suffix"`
	Tries  [][3]string `json:"tries"`
}

var pythonMethods = map[Method]string{Match: "match", Search: "search", FullMatch: "fullmatch"}

// tries are texts that might make an expression slow: all ambiguities that its automaton shows, whether or not the trial
// confirmed them, and random texts of its own runes.
func tries(expr string, flags Flags, method Method) [][3]string {
	tree, _, err := parse(expr, flags|Python)
	if err != nil {
		return nil
	}
	a := &automaton{}
	if !a.read(tree, method) || len(a.sets) == 0 {
		return nil
	}
	var out [][3]string
	add := func(at attack) {
		for i, end := range a.endings() {
			if i < 6 {
				out = append(out, [3]string{at.prefix, at.pump, end})
			}
		}
	}
	for _, at := range a.exponential() {
		add(at)
	}
	n := 0
	a.polynomial(func(at attack) bool { add(at); n++; return n < 6 })
	rnd := rand.New(rand.NewSource(int64(len(expr))))
	word := func() string {
		var b strings.Builder
		for range 1 + rnd.Intn(4) {
			if s := a.sets[rnd.Intn(len(a.sets))]; len(s.ranges) > 0 {
				b.WriteRune(s.sample())
			}
		}
		return b.String()
	}
	for range 12 {
		if pump := word(); pump != "" {
			out = append(out, [3]string{word(), pump, a.endings()[rnd.Intn(len(a.endings()))]})
		}
	}
	return out
}

// askRedos times verdicts with Python; figures[growth] counts those asked, confirmed and refused.
func askRedos(t *testing.T, exprs []string, report func(q redosQuery, answer string, agrees bool)) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on this machine: TestRedos keeps the verdicts that it gave")
	}
	cmd := exec.Command(python, "-c", redosOracle)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(raw)
	enc := json.NewEncoder(in)
	for _, expr := range exprs {
		asked := map[string]bool{}
		for _, method := range []Method{Match, Search, FullMatch} {
			v := Redos(expr, Python|Unicode, method)
			if !v.Known {
				continue
			}
			q := redosQuery{Expr: expr, Method: pythonMethods[method], Growth: v.Growth.String(), Prefix: v.Prefix, Pump: v.Pump, Suffix: v.Suffix}
			if v.Growth == Linear {
				q.Tries = tries(expr, Python|Unicode, method)
			}
			// A method that does the same on the same texts is not timed again.
			same := fmt.Sprint(q.Growth, q.Prefix, q.Pump, q.Suffix, q.Tries)
			if asked[same] && method != FullMatch {
				continue
			}
			asked[same] = true
			if err := enc.Encode(q); err != nil {
				t.Fatalf("%v: %s", err, complaint.String())
			}
			if !answers.Scan() {
				t.Fatalf("python3 gave no answer: %s", complaint.String())
			}
			answer := answers.Text()
			if answer == "error" {
				continue // Python does not take it, or not before 3.11
			}
			var slope float64
			if _, err := fmt.Sscan(answer, &slope); err != nil {
				t.Fatalf("python3 answers %q", answer)
			}
			agrees := false
			switch v.Growth {
			case Linear:
				agrees = slope <= 1.5
			case Polynomial:
				agrees = slope > 1.4
			case Exponential:
				agrees = slope > 4
			}
			report(q, answer, agrees)
		}
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
}

// Each verdict of the table against the time that Python's own re takes. What else runs on the machine decides it, too, so it is no part of
// the suite.
func TestRedosOracle(t *testing.T) {
	if os.Getenv("WADJET_REDOS") == "" {
		t.Skip("times matches for a minute, which only a quiet machine can: WADJET_REDOS=1 asks for it; TestRedos keeps the verdicts that it gave")
	}
	var exprs []string
	for _, tt := range redosTable {
		exprs = append(exprs, tt.expr)
	}
	asked := 0
	askRedos(t, exprs, func(q redosQuery, answer string, agrees bool) {
		if asked++; !agrees {
			t.Errorf("%s of %q is said to be %s; its time grows by the power %s: %q %q %q", q.Method, q.Expr, q.Growth, answer, q.Prefix, q.Pump, q.Suffix)
		}
	})
	if asked < 2*len(exprs) {
		t.Errorf("only %d verdicts of %d expressions were asked", asked, len(exprs))
	}
}

// Expressions of real programs, one a line of the file (see scripts/harvest-regex.py): the same, counted.
func TestRedosHarvest(t *testing.T) {
	name := os.Getenv("WADJET_REGEX")
	if name == "" {
		t.Skip("WADJET_REGEX names no file of expressions, one JSON string a line, as scripts/harvest-regex.py writes them")
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var exprs []string
	for line := range strings.Lines(string(raw)) {
		var s string
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		exprs = append(exprs, s)
	}
	asked, agreed := map[string]int{}, map[string]int{}
	askRedos(t, exprs, func(q redosQuery, answer string, agrees bool) {
		asked[q.Growth]++
		if agrees {
			agreed[q.Growth]++
			return
		}
		t.Logf("%s of %q is said to be %s; its time grows by the power %s: %q %q %q", q.Method, q.Expr, q.Growth, answer, q.Prefix, q.Pump, q.Suffix)
	})
	for _, growth := range []Growth{Linear, Polynomial, Exponential} {
		g := growth.String()
		t.Logf("%s: %d of %d verdicts agree with Python's time", g, agreed[g], asked[g])
		if agreed[g]*100 < asked[g]*97 {
			t.Errorf("%s: only %d of %d verdicts agree with Python's time", g, agreed[g], asked[g])
		}
	}
}
