package evaluate

import (
	"strings"
	"sync"

	"github.com/wadjet-security/wadjet/internal/regex"
)

// methods are the functions of Python's re and how they match.
var methods = map[string]regex.Method{
	"match": regex.Match, "fullmatch": regex.FullMatch,
	"search": regex.Search, "findall": regex.Search, "finditer": regex.Search, "split": regex.Search, "sub": regex.Search, "subn": regex.Search, "compile": regex.Search,
}

// methodNamed finds a function by its name, or by its full one.
func methodNamed(name string) (regex.Method, bool) {
	m, ok := methods[name[strings.LastIndexByte(name, '.')+1:]]
	return m, ok
}

// Redos says how the time grows that a function of Python's re ("match", "search", "fullmatch", "findall", "sub" …) takes for an expression, with a
// text that an attacker chooses: "linear", "polynomial", "exponential"; "" for what is no expression, is too large to be judged, or for
// a function that is not known.
func Redos(pattern, method string) string {
	m, ok := methodNamed(method)
	if !ok || len(pattern) > 20_000 {
		return ""
	}
	v := judged(pattern, m)
	if !v.Known {
		return ""
	}
	return v.Growth.String()
}

// verdicts remembers what was found of expressions. Several rules ask about each, which may take milliseconds.
var verdicts struct {
	sync.Mutex
	of map[expression]regex.Verdict
}

type expression struct {
	pattern string
	method  regex.Method
}

// mostVerdicts are remembered; then all are forgotten, so that nothing grows with what is looked at.
const mostVerdicts = 1 << 12

func judged(pattern string, m regex.Method) regex.Verdict {
	e := expression{pattern, m}
	verdicts.Lock()
	v, ok := verdicts.of[e]
	verdicts.Unlock()
	if ok {
		return v
	}
	v = regex.Redos(pattern, regex.Python|regex.Unicode, m)
	e.pattern = strings.Clone(pattern) // which is a part of a file
	verdicts.Lock()
	defer verdicts.Unlock()
	if verdicts.of == nil || len(verdicts.of) >= mostVerdicts {
		verdicts.of = map[expression]regex.Verdict{}
	}
	verdicts.of[e] = v
	return v
}

// RedosExponential reports whether [Redos] would answer "exponential"; it costs far less than to tell the others apart.
func RedosExponential(pattern, method string) bool {
	m, ok := methodNamed(method)
	return ok && len(pattern) <= 20_000 && regex.IsExponential(pattern, regex.Python|regex.Unicode, m)
}

// RedosAttack is a text on which an expression is slow, its pump so many times; "" where there is none.
func RedosAttack(pattern, method string, pumps int) string {
	m, ok := methodNamed(method)
	if !ok || len(pattern) > 20_000 || pumps < 0 || pumps > 10_000 {
		return ""
	}
	v := judged(pattern, m)
	if v.Growth == regex.Linear {
		return ""
	}
	return v.Attack(pumps)
}
