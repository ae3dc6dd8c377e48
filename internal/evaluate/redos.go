package evaluate

import (
	"strings"

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
	v := regex.Redos(pattern, regex.Python|regex.Unicode, m)
	if !v.Known {
		return ""
	}
	return v.Growth.String()
}

// RedosAttack is a text on which an expression is slow, its pump so many times; "" where there is none.
func RedosAttack(pattern, method string, pumps int) string {
	m, ok := methodNamed(method)
	if !ok || len(pattern) > 20_000 || pumps < 0 || pumps > 10_000 {
		return ""
	}
	v := regex.Redos(pattern, regex.Python|regex.Unicode, m)
	if v.Growth == regex.Linear {
		return ""
	}
	return v.Attack(pumps)
}
