package pattern

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A compiledFormula is a formula with its patterns parsed: *leafF, *regexF, *genericF, *andF, *orF, *notF, *insideF or *asF.
type compiledFormula interface{}

type leafF struct{ leaf *leaf }

type regexF struct {
	re    *regex.Regexp
	names []string // of the groups, as metavariables
	text  string
}

type genericF struct{ pattern *genericPattern }

type andF struct {
	positives []compiledFormula // neither *notF nor *insideF
	insides   []*insideF
	nots      []*notF
	where     []condCompiled
	focus     [][]string
	types     [][]int32 // for each condition on a type, the names one of which a file needs for it to hold
}

type orF struct{ of []compiledFormula }

type notF struct{ f compiledFormula } // f may be an *insideF

type insideF struct {
	f        compiledFormula
	anywhere bool // it need not be around
}

type asF struct {
	f    compiledFormula
	name string
}

// condCompiled is a condition on metavariables. It may add to the bindings: see [evaluator.bind].
type condCompiled interface {
	holds(ev *evaluator, b []Binding) bool
	nested() (metavar string, ok bool) // it is a metavariable-pattern
}

// A leaf is one Python pattern. Rules that are written alike share their leaves, and what they match in a file.
type leaf struct {
	id      int
	pattern *syntax.Pattern
	options uint8 // which of the options that matter to matching are set
	anchor  anchor
	text    string
	guards  []guard
	known   []part // by the number of a node of the pattern
	quoted  string // the metavariable that is the whole of a pattern in quotes
}

// A leafKey is what leaves are shared by.
type leafKey struct {
	options uint8
	text    string
	guards  string
}

// The options that change what a leaf matches.
const (
	optConst uint8 = 1 << iota
	optSymbolic
	optAC
	optCommutativeBool
	optSymmetricEq
	optNoDeep
	optNoAttr
)

func leafOptions(o Options) uint8 {
	var bits uint8
	for bit, on := range map[uint8]bool{
		optConst: o.ConstantPropagation, optSymbolic: o.SymbolicPropagation, optAC: o.ACMatching,
		optCommutativeBool: o.CommutativeBoolop, optSymmetricEq: o.SymmetricEq, optNoDeep: !o.ImplicitDeepExprstmt,
		optNoAttr: !o.AttrExpr,
	} {
		if on {
			bits |= bit
		}
	}
	return bits
}

// compiler turns the formulas of all rules into a [Set].
type compiler struct {
	set     *Set
	rule    int
	lang    Language
	options Options
	leaves  map[leafKey]*leaf
	regexes map[string]*regex.Regexp
	types   map[string][]string // the names that a type needs
}

// Compile makes a set of rules that are matched together. A rule that is wrong is left out, with an error.
func Compile(rules []Rule) (*Set, []Error) {
	s := &Set{rules: make([]compiledRule, len(rules)), symbols: map[string]int32{}, texts: map[string]int32{}, asked: map[string]int{}}
	c := compiler{set: s, leaves: map[leafKey]*leaf{}, regexes: map[string]*regex.Regexp{}, types: map[string][]string{}}
	var wrong []Error
	for i := range rules {
		r := &rules[i]
		c.rule, c.lang, c.options = i, r.Lang, r.Options
		f, err := c.formula(r.F)
		if err == nil && !hasPositive(f) {
			err = &Error{Pos: posOf(r.F), Key: "patterns", Message: "only says what must not match: add a `pattern` or `pattern-inside` that says what must"}
		}
		if err == nil {
			err = unbound(r.F, nil)
		}
		if err != nil {
			err.Rule = i
			wrong = append(wrong, *err)
			continue
		}
		steps := r.Options.MaxStepsPerFile
		if steps <= 0 {
			steps = defaultSteps
		}
		limit := r.Options.MaxMatchPerFile
		if limit <= 0 {
			limit = defaultMatches
		}
		s.rules[i] = compiledRule{f: f, lang: r.Lang, steps: steps, limit: limit, symbolic: r.Options.SymbolicPropagation, values: r.Values}
	}
	s.link()
	return s, wrong
}

// Bounds of one rule in one file, where the rule sets none.
const (
	defaultSteps   = 2_000_000
	defaultMatches = 10_000
)

func hasPositive(f compiledFormula) bool {
	switch f := f.(type) {
	case nil, *notF:
		return false
	case *asF:
		return hasPositive(f.f)
	case *andF:
		return len(f.insides) > 0 || len(f.positives) > 0
	}
	return true
}

func posOf(f Formula) Pos {
	switch f := f.(type) {
	case *Leaf:
		return f.Pos
	case *Regex:
		return f.Pos
	case *And:
		return f.Pos
	case *Or:
		return f.Pos
	case *Not:
		return f.Pos
	case *Inside:
		return f.Pos
	case *Anywhere:
		return f.Pos
	case *As:
		return f.Pos
	}
	return Pos{}
}

// formula compiles one formula.
func (c *compiler) formula(f Formula) (compiledFormula, *Error) {
	switch f := f.(type) {
	case *Leaf:
		return c.leaf(f)
	case *Regex:
		return c.regexLeaf(f)
	case *Or:
		or := &orF{}
		for _, x := range f.Of {
			y, err := c.formula(x)
			if err != nil {
				return nil, err
			}
			or.of = append(or.of, y)
		}
		return or, nil
	case *Not:
		x, err := c.formula(f.F)
		if err != nil {
			return nil, err
		}
		return &notF{x}, nil
	case *Inside:
		x, err := c.formula(f.F)
		if err != nil {
			return nil, err
		}
		return &insideF{f: x}, nil
	case *Anywhere:
		x, err := c.formula(f.F)
		if err != nil {
			return nil, err
		}
		return &insideF{f: x, anywhere: true}, nil
	case *As:
		x, err := c.formula(f.F)
		if err != nil {
			return nil, err
		}
		return &asF{x, f.Name}, nil
	case *And:
		return c.and(f)
	}
	return nil, &Error{Key: "pattern", Message: "the rule has no pattern"}
}

func (c *compiler) and(f *And) (compiledFormula, *Error) {
	and := &andF{focus: f.Focus}
	for _, x := range f.Of {
		y, err := c.formula(x)
		if err != nil {
			return nil, err
		}
		switch y := y.(type) {
		case *insideF:
			and.insides = append(and.insides, y)
		case *notF:
			and.nots = append(and.nots, y)
		default:
			and.positives = append(and.positives, y)
		}
	}
	for _, w := range f.Where {
		x, err := c.condition(w)
		if err != nil {
			return nil, err
		}
		and.where = append(and.where, x)
		if names := c.typeNames(x); names != nil {
			and.types = append(and.types, names)
		}
	}
	c.guard(and)
	return and, nil
}

// typeNames are the names one of which a file needs for a condition on a type to hold in it; nil when the type needs none.
func (c *compiler) typeNames(w condCompiled) (names []int32) {
	asked, _ := w.(askedCondition)
	cond, ok := asked.c.(*typeCondition)
	if !ok {
		return nil
	}
	for _, t := range cond.types {
		list, known := c.types[t] // many rules ask for the same
		if !known {
			list = program.NamesOfType(t)
			c.types[t] = list
		}
		if list == nil {
			return nil
		}
		for _, name := range list {
			names = append(names, c.sym(name))
		}
	}
	return names
}

func (c *compiler) leaf(f *Leaf) (compiledFormula, *Error) {
	switch f.Lang {
	case Regexp:
		return c.regexLeaf(&Regex{Text: f.Text, Pos: f.Pos})
	case Generic:
		g, err := compileGeneric(f.Text, c.options)
		if err != nil {
			return nil, &Error{Pos: f.Pos, Key: "pattern", Message: err.Error()}
		}
		return &genericF{g}, nil
	}
	options := leafOptions(c.options)
	key := leafKey{options, f.Text, ""}
	if l := c.leaves[key]; l != nil {
		return &leafF{l}, nil
	}
	p, err := syntax.ParsePattern(f.Text)
	if err != nil {
		pos := f.Pos
		message := err.Error()
		var at *syntax.PatternError
		if errors.As(err, &at) && pos.Line > 0 && strings.Contains(strings.TrimSpace(f.Text), "\n") {
			pos = Pos{pos.Line + at.Line, 0}
		}
		return nil, &Error{Pos: pos, Key: "pattern", Message: notPython(f.Text, message, at)}
	}
	l := &leaf{id: len(c.set.leaves), pattern: p, options: options, text: f.Text}
	l.parts()
	if s, ok := p.Expr.(*syntax.Str); ok && isMetavar(s.Value) {
		l.quoted = s.Value
	}
	l.anchor = c.anchorOf(l)
	c.set.leaves = append(c.set.leaves, l)
	c.leaves[key] = l
	return &leafF{l}, nil
}

// notPython says what is wrong with a pattern, with the line that it is about.
func notPython(text, message string, at *syntax.PatternError) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	line := lines[0]
	if at != nil && at.Line >= 1 && at.Line <= len(lines) {
		line = lines[at.Line-1]
	}
	if runes := []rune(strings.TrimSpace(line)); len(runes) > maxQuoted {
		line = string(runes[:maxQuoted-1]) + "…"
	}
	message = strings.ReplaceAll(message, "the end of the file", "the end of the pattern")
	return fmt.Sprintf("%q is not Python with metavariables: %s; docs/rules.md shows what patterns may say", strings.TrimSpace(line), message)
}

// maxQuoted bounds, in characters, what a message repeats of a pattern.
const maxQuoted = 60

func (c *compiler) regexLeaf(f *Regex) (compiledFormula, *Error) {
	re, err := c.regex(f.Text, regexFlags)
	if err != nil {
		return nil, &Error{Pos: f.Pos, Key: "pattern-regex", Message: err.Error()}
	}
	out := &regexF{re: re, text: f.Text}
	for i, name := range re.GroupNames() {
		if i == 0 {
			continue
		}
		out.names = append(out.names, groupName(i, name))
	}
	return out, nil
}

func groupName(i int, name string) string {
	if name != "" {
		return "$" + name
	}
	return fmt.Sprintf("$%d", i)
}

// regexFlags are those of Semgrep's pattern-regex: ^ and $ match at each line.
const regexFlags = regex.MultiLine

// regex compiles an expression once for all rules.
func (c *compiler) regex(text string, flags regex.Flags) (*regex.Regexp, error) {
	key := fmt.Sprint(flags, " ", text)
	if re := c.regexes[key]; re != nil {
		return re, nil
	}
	re, err := regex.Compile(text, flags)
	if err != nil {
		return nil, err
	}
	c.regexes[key] = re
	return re, nil
}
