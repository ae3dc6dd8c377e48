package pattern

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/wadjet-security/wadjet/internal/regex"
)

// This is the language of metavariable-comparison: expressions of Python over numbers, texts, booleans and
// lists, with metavariables for names. An operation on what it does not suit gives no value, and a comparison
// without a value does not hold: that is no error of the rule, since a metavariable can be anything.
//
// Where Semgrep departs from Python it is followed: the quotient of two integers is an integer.

type valueKind uint8

const (
	vNone valueKind = iota
	vBool
	vInt
	vFloat
	vStr
	vList
	vText // what a metavariable stands for when it is no constant: only str() and re.match read it
	vWord // text that may also be a number: what generic patterns and regular expressions take
)

type value struct {
	kind valueKind
	b    bool
	i    *big.Int
	f    float64
	s    string
	list []value
}

func boolValue(b bool) value     { return value{kind: vBool, b: b} }
func intValue(i int64) value     { return value{kind: vInt, i: big.NewInt(i)} }
func strValue(s string) value    { return value{kind: vStr, s: s} }
func floatValue(f float64) value { return value{kind: vFloat, f: f} }

// errNoValue says that an expression has no value here.
var errNoValue = errors.New("no value")

// A compareEnv is what a comparison knows while it is evaluated.
type compareEnv struct {
	metavar func(name string) (value, bool)
	now     func() time.Time
}

// A comparison is a compiled metavariable-comparison.
type comparison struct {
	root     compareNode
	metavars []string
}

// holds reports whether the comparison is true.
func (c *comparison) holds(env *compareEnv) bool {
	v, err := c.root(env)
	return err == nil && v.kind == vBool && v.b
}

type compareNode func(env *compareEnv) (value, error)

type compareParser struct {
	text  string
	pos   int
	depth int
	out   *comparison
}

type compareError struct{ message string }

func (e *compareError) Error() string { return e.message }

// compileComparison reads a comparison. The error is one line and says what is wrong.
func compileComparison(text string) (c *comparison, err error) {
	p := &compareParser{text: text, out: &comparison{}}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *compareError:
			c, err = nil, e
		default:
			panic(e)
		}
	}()
	p.space()
	p.out.root = p.or()
	if p.pos < len(p.text) {
		p.fail("%q is not understood there", p.rest())
	}
	return p.out, nil
}

func (p *compareParser) fail(format string, args ...any) {
	panic(&compareError{fmt.Sprintf(format, args...)})
}

// rest is the beginning of what is left, for errors.
func (p *compareParser) rest() string {
	s := p.text[p.pos:]
	if s == "" {
		return "the end"
	}
	if len(s) > 20 {
		s = strings.ToValidUTF8(s[:20], "") + "…"
	}
	return s
}

func (p *compareParser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// sign takes a sign that no longer one begins with.
func (p *compareParser) sign(s string) bool {
	rest := p.text[p.pos:]
	if !strings.HasPrefix(rest, s) {
		return false
	}
	for _, longer := range [...]string{"**", "//", "<<", ">>", "<=", ">=", "==", "!="} {
		if len(longer) > len(s) && longer[:len(s)] == s && strings.HasPrefix(rest, longer) {
			return false
		}
	}
	p.pos += len(s)
	p.space()
	return true
}

func (p *compareParser) word(s string) bool {
	rest := p.text[p.pos:]
	if !strings.HasPrefix(rest, s) || len(rest) > len(s) && isNameByte(rest[len(s)]) {
		return false
	}
	p.pos += len(s)
	p.space()
	return true
}

func (p *compareParser) or() compareNode {
	p.enter()
	defer func() { p.depth-- }()
	left := p.and()
	for p.word("or") {
		left = either(left, p.and(), true)
	}
	return left
}

func (p *compareParser) enter() {
	if p.depth++; p.depth > 100 {
		p.fail("the expression is nested too deeply")
	}
}

func (p *compareParser) and() compareNode {
	left := p.not()
	for p.word("and") {
		left = either(left, p.not(), false)
	}
	return left
}

// either is `or` when stop is true and `and` when it is false: the first operand that equals stop decides.
func either(x, y compareNode, stop bool) compareNode {
	return func(env *compareEnv) (value, error) {
		v, err := x(env)
		if err != nil || v.kind != vBool {
			return value{}, errNoValue
		}
		if v.b == stop {
			return v, nil
		}
		if v, err = y(env); err != nil || v.kind != vBool {
			return value{}, errNoValue
		}
		return v, nil
	}
}

func (p *compareParser) not() compareNode {
	if p.word("not") {
		p.enter()
		defer func() { p.depth-- }()
		x := p.not()
		return func(env *compareEnv) (value, error) {
			v, err := x(env)
			if err != nil || v.kind != vBool {
				return value{}, errNoValue
			}
			return boolValue(!v.b), nil
		}
	}
	return p.comparison()
}

func (p *compareParser) comparisonOp() string {
	for _, op := range [...]string{"==", "!=", "<=", ">=", "<", ">"} {
		if p.sign(op) {
			return op
		}
	}
	switch {
	case p.word("in"):
		return "in"
	case p.word("is"):
		if p.word("not") {
			return "!="
		}
		return "=="
	case p.word("not"):
		if p.word("in") {
			return "not in"
		}
		p.fail("`not` stands before %q: write `not in`", p.rest())
	}
	return ""
}

// comparison reads a chain: a < b < c is a < b and b < c.
func (p *compareParser) comparison() compareNode {
	left := p.binary(0)
	op := p.comparisonOp()
	if op == "" {
		return left
	}
	var whole compareNode
	for op != "" {
		right := p.binary(0)
		x, y, o := left, right, op
		test := func(env *compareEnv) (value, error) {
			a, err := x(env)
			if err != nil {
				return a, err
			}
			b, err := y(env)
			if err != nil {
				return b, err
			}
			return compareValues(o, a, b)
		}
		if whole == nil {
			whole = test
		} else {
			whole = either(whole, test, false)
		}
		left, op = right, p.comparisonOp()
	}
	return whole
}

// Operators by how tightly they bind.
var compareOps = [][]string{{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "//", "/", "%"}}

func (p *compareParser) binary(level int) compareNode {
	if level == len(compareOps) {
		return p.unary()
	}
	left := p.binary(level + 1)
	for {
		op := ""
		for _, o := range compareOps[level] {
			if p.sign(o) {
				op = o
				break
			}
		}
		if op == "" {
			return left
		}
		left = apply(op, left, p.binary(level+1))
	}
}

func apply(op string, x, y compareNode) compareNode {
	return func(env *compareEnv) (value, error) {
		a, err := x(env)
		if err != nil {
			return a, err
		}
		b, err := y(env)
		if err != nil {
			return b, err
		}
		return arithmetic(op, a, b)
	}
}

func (p *compareParser) unary() compareNode {
	for _, op := range [...]string{"-", "+", "~"} {
		if p.sign(op) {
			p.enter()
			defer func() { p.depth-- }()
			x := p.unary()
			return func(env *compareEnv) (value, error) {
				v, err := x(env)
				if err != nil {
					return v, err
				}
				return negated(op, v)
			}
		}
	}
	x := p.primary()
	if p.sign("**") {
		p.enter()
		defer func() { p.depth-- }()
		return apply("**", x, p.unary())
	}
	return x
}

func constant(v value) compareNode {
	return func(*compareEnv) (value, error) { return v, nil }
}

func (p *compareParser) primary() compareNode {
	if p.pos >= len(p.text) {
		p.fail("it ends where a value is missing")
	}
	c := p.text[p.pos]
	switch {
	case c == '(':
		p.sign("(")
		items, comma := p.items(")")
		if len(items) == 1 && !comma {
			return items[0]
		}
		return listOf(items)
	case c == '[':
		p.sign("[")
		items, _ := p.items("]")
		return listOf(items)
	case c >= '0' && c <= '9' || c == '.':
		return constant(p.number())
	case c == '$':
		return p.metavar()
	}
	if v, ok := p.str(); ok {
		for { // literals side by side are one
			w, ok := p.str()
			if !ok {
				return constant(strValue(v))
			}
			v += w
		}
	}
	start := p.pos
	for p.pos < len(p.text) && (isNameByte(p.text[p.pos]) || p.text[p.pos] == '.') {
		p.pos++
	}
	name := p.text[start:p.pos]
	p.space()
	switch name {
	case "True", "true":
		return constant(boolValue(true))
	case "False", "false":
		return constant(boolValue(false))
	case "None":
		return constant(value{})
	case "":
		p.fail("%q is not understood there", p.rest())
	}
	if !p.sign("(") {
		p.fail("%s is no metavariable: write $%s, or quotes around a text", name, strings.ToUpper(name))
	}
	args, _ := p.items(")")
	return p.call(name, args, start)
}

// items reads expressions up to a closing bracket.
func (p *compareParser) items(closer string) (out []compareNode, comma bool) {
	for !p.sign(closer) {
		if len(out) > 0 && !comma {
			p.fail("%q stands where , or %s was expected", p.rest(), closer)
		}
		out = append(out, p.or())
		comma = p.sign(",")
	}
	return out, comma
}

func listOf(items []compareNode) compareNode {
	return func(env *compareEnv) (value, error) {
		v := value{kind: vList}
		for _, item := range items {
			x, err := item(env)
			if err != nil {
				return x, err
			}
			v.list = append(v.list, x)
		}
		return v, nil
	}
}

func (p *compareParser) metavar() compareNode {
	start := p.pos
	p.pos++
	if strings.HasPrefix(p.text[p.pos:], "...") {
		p.pos += 3
	}
	for p.pos < len(p.text) && isNameByte(p.text[p.pos]) {
		p.pos++
	}
	name := p.text[start:p.pos]
	if strings.TrimLeft(name, "$.") == "" {
		p.fail("a $ without a name")
	}
	p.space()
	p.out.metavars = append(p.out.metavars, name)
	return func(env *compareEnv) (value, error) {
		v, ok := env.metavar(name)
		if !ok {
			return v, errNoValue
		}
		return v, nil
	}
}

func (p *compareParser) number() value {
	start := p.pos
	for p.pos < len(p.text) {
		c := p.text[p.pos]
		exponent := (c == '+' || c == '-') && p.pos > start && p.text[p.pos-1]|0x20 == 'e' && !strings.HasPrefix(p.text[start:], "0x") && !strings.HasPrefix(p.text[start:], "0X")
		if !isNameByte(c) && c != '.' && !exponent {
			break
		}
		p.pos++
	}
	word := p.text[start:p.pos]
	p.space()
	v, ok := parseNumber(word, 0)
	if !ok {
		p.fail("%q is no number", word)
	}
	return v
}

// parseNumber reads an integer or a floating-point number as Python writes them. base 0 is that of the prefix.
func parseNumber(s string, base int) (value, bool) {
	s = strings.TrimSpace(s)
	if i, ok := parseInt(s, base); ok {
		return value{kind: vInt, i: i}, true
	}
	if base != 0 || len(s) > 400 || strings.ContainsAny(s, "xXpPnN") {
		return value{}, false
	}
	if strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") {
		return value{}, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil {
		return value{}, false
	}
	return floatValue(f), true
}

// longestInt bounds what is read as an integer: no rule compares larger ones.
const longestInt = 5000

func parseInt(s string, base int) (*big.Int, bool) {
	if len(s) > longestInt || strings.HasPrefix(s, "_") || strings.HasSuffix(s, "_") {
		return nil, false
	}
	digits := strings.ReplaceAll(s, "_", "")
	sign := ""
	if strings.HasPrefix(digits, "-") || strings.HasPrefix(digits, "+") {
		sign, digits = digits[:1], digits[1:]
	}
	prefixes := map[string]int{"0x": 16, "0o": 8, "0b": 2}
	if len(digits) > 2 {
		if b, ok := prefixes[strings.ToLower(digits[:2])]; ok && (base == 0 || base == b) {
			digits, base = digits[2:], b
		}
	}
	if base == 0 {
		base = 10
		// 0777 is octal in Python 2, and nothing in Python 3.
		if len(digits) > 1 && digits[0] == '0' && strings.Trim(digits, "0") != "" && strings.Trim(digits, "01234567") == "" {
			base = 8
		}
	}
	if base < 2 || base > 36 || digits == "" || digits[0] == '-' || digits[0] == '+' {
		return nil, false
	}
	return new(big.Int).SetString(sign+digits, base)
}

// str reads one literal of text, with its prefix.
func (p *compareParser) str() (string, bool) {
	at := p.pos
	for at < len(p.text) && strings.IndexByte("rRbBuU", p.text[at]) >= 0 && at < p.pos+2 {
		at++
	}
	if at >= len(p.text) || p.text[at] != '"' && p.text[at] != '\'' {
		return "", false
	}
	raw := strings.ContainsAny(p.text[p.pos:at], "rR")
	quote := p.text[at : at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(p.text[at:], triple) {
		quote = triple
	}
	var b strings.Builder
	for i := at + len(quote); ; {
		if i >= len(p.text) {
			p.fail("the text %q is not closed", p.text[p.pos:])
		}
		if strings.HasPrefix(p.text[i:], quote) {
			p.pos = i + len(quote)
			p.space()
			return b.String(), true
		}
		if p.text[i] == '\\' && i+1 < len(p.text) {
			if raw {
				b.WriteString(p.text[i : i+2])
				i += 2
				continue
			}
			i += p.escape(&b, p.text[i:])
			continue
		}
		b.WriteByte(p.text[i])
		i++
	}
}

// escape writes what an escape stands for and returns its length. One that is unknown stays as it is.
func (p *compareParser) escape(b *strings.Builder, s string) int {
	simple := map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '\\': "\\", '\'': "'", '"': "\"", 'a': "\a", 'b': "\b", 'f': "\f", 'v': "\v", '\n': "", '0': "\x00"}
	if out, ok := simple[s[1]]; ok {
		b.WriteString(out)
		return 2
	}
	for c, n := range map[byte]int{'x': 2, 'u': 4, 'U': 8} {
		if s[1] == c && len(s) >= 2+n {
			if r, err := strconv.ParseUint(s[2:2+n], 16, 32); err == nil {
				b.WriteRune(rune(r))
				return 2 + n
			}
		}
	}
	b.WriteString(s[:2])
	return 2
}

// call compiles a call of one of the few functions there are.
func (p *compareParser) call(name string, args []compareNode, at int) compareNode {
	if f, ok := strings.CutPrefix(name, "re."); ok {
		return p.matchCall(f, args)
	}
	type function struct {
		args int
		call func(env *compareEnv, args []value) (value, error)
	}
	functions := map[string]function{
		"int": {1, func(_ *compareEnv, a []value) (value, error) { return toInt(a[0], 0) }},
		"str": {1, func(_ *compareEnv, a []value) (value, error) { return toStr(a[0]) }},
		"float": {1, func(_ *compareEnv, a []value) (value, error) {
			v, err := toNumber(a[0])
			if err == nil && v.kind == vInt {
				return floatValue(toFloat(v)), nil
			}
			return v, err
		}},
		"len": {1, func(_ *compareEnv, a []value) (value, error) {
			switch a[0].kind {
			case vStr, vWord:
				return intValue(int64(len([]rune(a[0].s)))), nil
			case vList:
				return intValue(int64(len(a[0].list))), nil
			}
			return value{}, errNoValue
		}},
		"today":                 {0, func(env *compareEnv, _ []value) (value, error) { return floatValue(float64(env.now().Unix())), nil }},
		"strptime":              {1, func(_ *compareEnv, a []value) (value, error) { return toDate(a[0]) }},
		"parse_promql_duration": {1, func(_ *compareEnv, a []value) (value, error) { return toDuration(a[0]) }},
	}
	f, ok := functions[name]
	if !ok {
		p.fail("there is no function %s: there are int, str, float, len, re.match, re.search, re.fullmatch, today, strptime", name)
	}
	if len(args) != f.args {
		p.fail("%s takes %d arguments, not %d", name, f.args, len(args))
	}
	return func(env *compareEnv) (value, error) {
		vals := make([]value, len(args))
		for i, arg := range args {
			v, err := arg(env)
			if err != nil {
				return v, err
			}
			vals[i] = v
		}
		return f.call(env, vals)
	}
}

// matchCall compiles re.match("…", $X). The expression is the operand that is written out, so that it is
// compiled once; the order of the two is free.
func (p *compareParser) matchCall(name string, args []compareNode) compareNode {
	if name != "match" && name != "search" && name != "fullmatch" {
		p.fail("there is no function re.%s: there are re.match, re.search and re.fullmatch", name)
	}
	if len(args) != 2 {
		p.fail("re.%s takes an expression and a text", name)
	}
	expr, text := args[0], args[1]
	nothing := &compareEnv{metavar: func(string) (value, bool) { return value{}, false }, now: func() time.Time { return time.Time{} }}
	v, err := expr(nothing)
	if err != nil || v.kind != vStr {
		expr, text = text, expr
		if v, err = expr(nothing); err != nil || v.kind != vStr {
			p.fail("re.%s needs its expression written out: re.%s(\"…\", $X)", name, name)
		}
	}
	pattern := v.s
	if name == "fullmatch" {
		pattern = "(?:" + pattern + `)\z`
	}
	re, err := regex.Compile(pattern, 0)
	if err != nil {
		p.fail("the regular expression is wrong: %v", err)
	}
	return func(env *compareEnv) (value, error) {
		v, err := text(env)
		if err != nil {
			return v, err
		}
		if v, err = toStr(v); err != nil {
			return v, err
		}
		var ok bool
		if name == "search" {
			_, ok, err = re.Find(v.s, 0)
		} else {
			_, ok, err = re.MatchPrefix(v.s)
		}
		if err != nil {
			return value{}, errNoValue
		}
		return boolValue(ok), nil
	}
}

func toInt(v value, base int) (value, error) {
	switch v.kind {
	case vInt:
		return v, nil
	case vBool:
		if v.b {
			return intValue(1), nil
		}
		return intValue(0), nil
	case vFloat:
		if math.IsNaN(v.f) || math.IsInf(v.f, 0) {
			return value{}, errNoValue
		}
		i, _ := big.NewFloat(math.Trunc(v.f)).Int(nil)
		return value{kind: vInt, i: i}, nil
	case vStr, vWord, vText:
		if i, ok := parseInt(strings.TrimSpace(v.s), base); ok {
			return value{kind: vInt, i: i}, nil
		}
	}
	return value{}, errNoValue
}

func toNumber(v value) (value, error) {
	switch v.kind {
	case vInt, vFloat:
		return v, nil
	case vStr, vWord, vText:
		if n, ok := parseNumber(v.s, 0); ok {
			return n, nil
		}
	}
	return value{}, errNoValue
}

func toFloat(v value) float64 {
	if v.kind == vFloat {
		return v.f
	}
	f, _ := new(big.Float).SetInt(v.i).Float64()
	return f
}

func toStr(v value) (value, error) {
	switch v.kind {
	case vStr, vText, vWord:
		return strValue(v.s), nil
	case vNone:
		return strValue("None"), nil
	case vBool:
		if v.b {
			return strValue("True"), nil
		}
		return strValue("False"), nil
	case vInt:
		return strValue(v.i.String()), nil
	case vFloat:
		s := strconv.FormatFloat(v.f, 'g', -1, 64)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		return strValue(s), nil
	}
	return value{}, errNoValue
}

// toDate reads a day, 2024-12-31, as the seconds since 1970 at its beginning (UTC).
func toDate(v value) (value, error) {
	if v.kind != vStr && v.kind != vWord && v.kind != vText {
		return value{}, errNoValue
	}
	day, err := time.Parse(time.DateOnly, strings.Trim(v.s, `"'`))
	if err != nil {
		return value{}, errNoValue
	}
	return floatValue(float64(day.Unix())), nil
}

// toDuration reads a duration as Prometheus writes it, 1h30m, as milliseconds.
func toDuration(v value) (value, error) {
	if v.kind != vStr && v.kind != vWord && v.kind != vText || v.s == "" {
		return value{}, errNoValue
	}
	units := []struct {
		name  string
		milli int64
	}{{"ms", 1}, {"s", 1000}, {"m", 60_000}, {"h", 3_600_000}, {"d", 86_400_000}, {"w", 604_800_000}, {"y", 31_536_000_000}}
	sum := new(big.Int)
scan:
	for s := v.s; s != ""; {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		n, ok := new(big.Int).SetString(s[:digits], 10)
		if !ok || digits > 18 {
			return value{}, errNoValue
		}
		for _, u := range units {
			if strings.HasPrefix(s[digits:], u.name) {
				sum.Add(sum, n.Mul(n, big.NewInt(u.milli)))
				s = s[digits+len(u.name):]
				continue scan
			}
		}
		return value{}, errNoValue
	}
	return value{kind: vInt, i: sum}, nil
}

// pair settles what two operands are: a word is a number beside a number and text otherwise, True beside a number is 1.
func pair(a, b value) (value, value, error) {
	if a.kind == vText || b.kind == vText {
		return a, b, errNoValue
	}
	settle := func(v, other value) value {
		if v.kind != vWord {
			return v
		}
		if n, ok := parseNumber(v.s, 0); ok && other.kind != vStr {
			return n
		}
		return strValue(v.s)
	}
	if a.kind == vWord && b.kind == vWord {
		x, ok := parseNumber(a.s, 0)
		y, also := parseNumber(b.s, 0)
		if ok && also {
			return x, y, nil
		}
		return strValue(a.s), strValue(b.s), nil
	}
	return settle(a, b), settle(b, a), nil
}

func isNumber(v value) bool { return v.kind == vInt || v.kind == vFloat }

// order compares two numbers.
func order(a, b value) (int, bool) {
	if a.kind == vInt && b.kind == vInt {
		return a.i.Cmp(b.i), true
	}
	x, y := toFloat(a), toFloat(b)
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, x == y
}

func equalValues(a, b value) bool {
	a, b, err := pair(a, b)
	if err != nil {
		return false
	}
	if isNumber(a) && isNumber(b) {
		c, ok := order(a, b)
		return ok && c == 0
	}
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case vBool:
		return a.b == b.b
	case vStr:
		return a.s == b.s
	case vList:
		if len(a.list) != len(b.list) {
			return false
		}
		for i := range a.list {
			if !equalValues(a.list[i], b.list[i]) {
				return false
			}
		}
	}
	return true
}

func compareValues(op string, a, b value) (value, error) {
	if op == "in" || op == "not in" {
		found, err := contains(a, b)
		return boolValue(found == (op == "in")), err
	}
	a, b, err := pair(a, b)
	if err != nil {
		return value{}, err
	}
	switch op {
	case "==":
		return boolValue(equalValues(a, b)), nil
	case "!=":
		return boolValue(!equalValues(a, b)), nil
	}
	c, ok := 0, true
	switch {
	case isNumber(a) && isNumber(b):
		c, ok = order(a, b)
	case a.kind == vStr && b.kind == vStr:
		c = strings.Compare(a.s, b.s)
	default:
		return value{}, errNoValue
	}
	switch op {
	case "<":
		ok = ok && c < 0
	case "<=":
		ok = ok && c <= 0
	case ">":
		ok = ok && c > 0
	case ">=":
		ok = ok && c >= 0
	}
	return boolValue(ok), nil
}

func contains(a, b value) (bool, error) {
	if a.kind == vText || b.kind == vText {
		return false, errNoValue
	}
	switch b.kind {
	case vList:
		for _, x := range b.list {
			if equalValues(a, x) {
				return true, nil
			}
		}
		return false, nil
	case vStr, vWord:
		if a.kind == vStr || a.kind == vWord {
			return strings.Contains(b.s, a.s), nil
		}
	}
	return false, errNoValue
}

// mostBits bounds the integers that arise.
const mostBits = 1 << 16

func arithmetic(op string, a, b value) (value, error) {
	a, b, err := pair(a, b)
	if err != nil {
		return value{}, err
	}
	if a.kind == vStr && b.kind == vStr && op == "+" && len(a.s)+len(b.s) < 1<<20 {
		return strValue(a.s + b.s), nil
	}
	if !isNumber(a) || !isNumber(b) {
		return value{}, errNoValue
	}
	if a.kind == vFloat || b.kind == vFloat {
		return floatArithmetic(op, toFloat(a), toFloat(b))
	}
	out := new(big.Int)
	switch op {
	case "+":
		out.Add(a.i, b.i)
	case "-":
		out.Sub(a.i, b.i)
	case "*":
		if a.i.BitLen()+b.i.BitLen() > mostBits {
			return value{}, errNoValue
		}
		out.Mul(a.i, b.i)
	case "/", "//", "%":
		if b.i.Sign() == 0 {
			return value{}, errNoValue
		}
		// Python rounds down, big.Int's DivMod towards what leaves no negative rest.
		rest := new(big.Int)
		out.QuoRem(a.i, b.i, rest)
		if rest.Sign() != 0 && rest.Sign() != b.i.Sign() {
			out.Sub(out, big.NewInt(1))
			rest.Add(rest, b.i)
		}
		if op == "%" {
			out = rest
		}
	case "**":
		if b.i.Sign() < 0 {
			return floatArithmetic(op, toFloat(a), toFloat(b))
		}
		if !b.i.IsInt64() || float64(b.i.Int64())*float64(a.i.BitLen()) > mostBits {
			return value{}, errNoValue
		}
		out.Exp(a.i, b.i, nil)
	case "<<", ">>":
		if b.i.Sign() < 0 || !b.i.IsInt64() || op == "<<" && b.i.Int64() > mostBits-int64(a.i.BitLen()) {
			return value{}, errNoValue
		}
		if op == "<<" {
			out.Lsh(a.i, uint(b.i.Int64()))
		} else {
			out.Rsh(a.i, uint(min(b.i.Int64(), mostBits)))
		}
	case "&":
		out.And(a.i, b.i)
	case "|":
		out.Or(a.i, b.i)
	case "^":
		out.Xor(a.i, b.i)
	}
	return value{kind: vInt, i: out}, nil
}

func floatArithmetic(op string, x, y float64) (value, error) {
	switch op {
	case "+":
		return floatValue(x + y), nil
	case "-":
		return floatValue(x - y), nil
	case "*":
		return floatValue(x * y), nil
	case "**":
		return floatValue(math.Pow(x, y)), nil
	}
	if y == 0 {
		return value{}, errNoValue
	}
	switch op {
	case "/":
		return floatValue(x / y), nil
	case "//":
		return floatValue(math.Floor(x / y)), nil
	case "%":
		rest := math.Mod(x, y)
		if rest != 0 && (rest < 0) != (y < 0) {
			rest += y
		}
		return floatValue(rest), nil
	}
	return value{}, errNoValue
}

func negated(op string, v value) (value, error) {
	if v.kind == vWord {
		if n, ok := parseNumber(v.s, 0); ok {
			v = n
		}
	}
	switch {
	case v.kind == vInt && op == "-":
		return value{kind: vInt, i: new(big.Int).Neg(v.i)}, nil
	case v.kind == vInt && op == "~":
		return value{kind: vInt, i: new(big.Int).Not(v.i)}, nil
	case v.kind == vFloat && op == "-":
		return floatValue(-v.f), nil
	case isNumber(v) && op == "+":
		return v, nil
	}
	return value{}, errNoValue
}
