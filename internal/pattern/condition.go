package pattern

import (
	"slices"
	"strings"
	"time"

	"github.com/wadjet-security/wadjet/internal/evaluate"
	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/regex"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A compiledCondition is one condition on metavariables, ready to be asked.
type compiledCondition interface {
	// apply gives the bindings under which the condition holds: none when it does not, b itself when it does and
	// binds nothing, or b with what it bound in each way that there is. b is not changed.
	apply(s *conditionSite, b []Binding) [][]Binding
}

// A conditionSite is where conditions are asked.
type conditionSite struct {
	module *program.Module // nil for a text that is no module
	text   string          // of the file, which bindings' spans are in
	// nested matches the compiled formula of a metavariable-pattern, and gives b with what the formula bound, in each
	// way in which it matched.
	nested func(formula any, t nestedTarget, b []Binding) [][]Binding
	now    func() time.Time // the clock of today(); the real one when nil

	exhausted bool // a search was given up at its bound of steps
}

// A nestedTarget is what a metavariable-pattern is matched on.
type nestedTarget struct {
	Lang   Language
	Node   syntax.Node // of Python that is parsed already; else nil, and Text is to be read
	Run    bool        // several such nodes, at Span
	Text   string
	Span   source.Span // in the file
	Mapped bool        // Text is what stands there: an offset in it is one in the file, less Span.Start
}

// A nestedCompiler compiles the formula of a metavariable-pattern in the language that it is in.
type nestedCompiler func(f Formula, lang Language) (any, *Error)

// compileCondition compiles one condition of a rule in a language.
func compileCondition(cond Condition, lang Language, o Options, nested nestedCompiler) (compiledCondition, *Error) {
	switch c := cond.(type) {
	case *MetavarRegex:
		const key = "metavariable-regex"
		if err := checkMetavar(c.Metavar, key, c.Pos); err != nil {
			return nil, err
		}
		re, err := regex.Compile(c.Regex, 0)
		if err != nil {
			return nil, &Error{Pos: c.Pos, Key: key, Message: "the regular expression is wrong: " + err.Error()}
		}
		return &regexCondition{metavar: c.Metavar, re: re, value: c.ConstantPropagation && o.ConstantPropagation,
			assigned: o.SymbolicPropagation}, nil
	case *MetavarPattern:
		const key = "metavariable-pattern"
		if err := checkMetavar(c.Metavar, key, c.Pos); err != nil {
			return nil, err
		}
		out := &patternCondition{metavar: c.Metavar, lang: lang, value: o.ConstantPropagation}
		if c.Lang != nil {
			out.lang, out.reread = *c.Lang, *c.Lang != lang || lang == Python
		}
		var err *Error
		if out.formula, err = nested(c.F, out.lang); err != nil {
			return nil, err
		}
		return out, nil
	case *MetavarComparison:
		const key = "metavariable-comparison"
		if c.Metavar != "" {
			if err := checkMetavar(c.Metavar, key, c.Pos); err != nil {
				return nil, err
			}
		}
		if c.Base != 0 && (c.Base < 2 || c.Base > 36) {
			return nil, &Error{Pos: c.Pos, Key: key, Message: "the base must be between 2 and 36"}
		}
		expr, err := compileComparison(c.Comparison)
		if err != nil {
			return nil, &Error{Pos: c.Pos, Key: key, Message: "the comparison is wrong: " + err.Error()}
		}
		if len(expr.metavars) == 0 {
			return nil, &Error{Pos: c.Pos, Key: key, Message: "the comparison names no metavariable, so it always has one outcome: write $X > 1"}
		}
		return &comparisonCondition{expr: expr, metavar: c.Metavar, base: c.Base, strip: c.Strip, value: o.ConstantPropagation}, nil
	case *MetavarAnalysis:
		const key = "metavariable-analysis"
		if err := checkMetavar(c.Metavar, key, c.Pos); err != nil {
			return nil, err
		}
		out := &analysisCondition{metavar: c.Metavar, value: o.ConstantPropagation}
		switch c.Analyzer {
		case "entropy", "entropy_v2":
			out.value = false // a name is no secret, whatever it stands for
			out.test = evaluate.LooksSecret
		case "redos":
			out.test = func(s string) bool { return regex.IsExponential(s, regex.Python, regex.Search) }
		default:
			return nil, &Error{Pos: c.Pos, Key: key, Message: "there is no analyzer " + c.Analyzer + ": there are entropy, entropy_v2 and redos"}
		}
		return out, nil
	case *MetavarType:
		const key = "metavariable-type"
		if err := checkMetavar(c.Metavar, key, c.Pos); err != nil {
			return nil, err
		}
		if len(c.Types) == 0 {
			return nil, &Error{Pos: c.Pos, Key: key, Message: "names no type: write `type: str`"}
		}
		if lang != Python {
			return nil, &Error{Pos: c.Pos, Key: key, Message: "only expressions of Python have types: take it out, or write `languages: [python]`"}
		}
		out := &typeCondition{metavar: c.Metavar}
		for _, t := range c.Types {
			out.types = append(out.types, plainType(t))
		}
		return out, nil
	}
	return nil, &Error{Message: "is no condition that is known"}
}

func checkMetavar(name, key string, pos Pos) *Error {
	rest, ok := strings.CutPrefix(name, "$")
	if !ok || strings.Trim(rest, ".") == "" {
		return &Error{Pos: pos, Key: key, Message: "needs a metavariable: write `metavariable: $X`"}
	}
	return nil
}

// binding finds a metavariable among bindings; nil when it is not bound.
func binding(b []Binding, name string) *Binding {
	for i := range b {
		if b[i].Name == name {
			return &b[i]
		}
	}
	return nil
}

// hold is apply's result for a condition that binds nothing.
func hold(ok bool, b []Binding) [][]Binding {
	if !ok {
		return nil
	}
	return [][]Binding{b}
}

// constantOf is the value of what a metavariable is bound to, when that is known.
func (s *conditionSite) constantOf(b *Binding) (ir.Const, bool) {
	e, ok := b.Node.(syntax.Expr)
	if !ok || s.module == nil {
		return ir.Const{}, false
	}
	return s.module.Const(e)
}

// literalOf is the value of a literal, known without a module.
func literalOf(b *Binding) (value, bool) {
	switch e := b.Node.(type) {
	case *syntax.Str:
		return strValue(e.Value), true
	case *syntax.Num:
		if e.Kind != syntax.Imaginary {
			return parseNumber(strings.TrimRight(e.Text, "lL"), 0)
		}
	case *syntax.Const:
		switch e.Kind {
		case syntax.True, syntax.False:
			return boolValue(e.Kind == syntax.True), true
		case syntax.None:
			return value{}, true
		}
	}
	return value{}, false
}

func constantValue(c ir.Const) (value, bool) {
	switch c.Kind() {
	case ir.None:
		return value{}, true
	case ir.Bool:
		b, _ := c.Bool()
		return boolValue(b), true
	case ir.Int:
		i, ok := c.BigInt()
		return value{kind: vInt, i: i}, ok
	case ir.Float:
		f, _ := c.Float64()
		return floatValue(f), true
	case ir.Str:
		s, _ := c.Str()
		return strValue(s), true
	case ir.Bytes:
		s, _ := c.Bytes()
		return strValue(s), true
	case ir.List, ir.Tuple:
		v := value{kind: vList}
		for _, e := range c.Elems() {
			x, ok := constantValue(e)
			if !ok {
				return v, false
			}
			v.list = append(v.list, x)
		}
		return v, true
	}
	return value{}, false
}

// valueOf is what a metavariable is in a comparison: its constant when it has one, else its text.
func (s *conditionSite) valueOf(b *Binding, propagate bool) value {
	if v, ok := literalOf(b); ok {
		return v
	}
	_, name := b.Node.(*syntax.Name)
	_, attribute := b.Node.(*syntax.Attribute)
	if propagate || !name && !attribute {
		if c, ok := s.constantOf(b); ok {
			if v, ok := constantValue(c); ok {
				return v
			}
		}
	}
	if b.Node == nil {
		return value{kind: vWord, s: b.Text}
	}
	return value{kind: vText, s: b.Text}
}

// ---- metavariable-regex

type regexCondition struct {
	metavar  string
	re       *regex.Regexp
	value    bool // asked of the constant, where there is one
	assigned bool // asked of what was assigned to a name, too: patterns of such a rule look through the name as well
	memo     int  // which of [index.asked] knows what it said
}

func (c *regexCondition) apply(s *conditionSite, b []Binding) [][]Binding {
	x := binding(b, c.metavar)
	if x == nil {
		return nil
	}
	text, mapped, node := x.Text, true, x.Node
	if c.value {
		if v, err := toStr(s.valueOf(x, true)); err == nil && v.s != text {
			text, mapped = v.s, false
		}
	}
	for follow := 0; ; follow++ {
		loc, ok, err := c.re.MatchPrefix(text)
		if err != nil {
			s.exhausted = true
		}
		if ok {
			return groupBindings(c.re, loc, text, mapped, x, b)
		}
		name, isName := node.(*syntax.Name)
		if !c.assigned || !isName || s.module == nil || follow == maxFollow {
			return nil
		}
		d := s.module.Definition(name)
		if d == nil {
			return nil
		}
		node, mapped = d, false
		text = s.text[d.Span().Start:d.Span().End]
	}
}

// groupBindings adds what the groups of an expression took, as "$1" and, named, as "$name". A group whose metavariable
// is bound already must have taken the same text.
func groupBindings(re *regex.Regexp, loc []int, text string, mapped bool, x *Binding, b []Binding) [][]Binding {
	names := re.GroupNames()
	if len(names) == 1 {
		return hold(true, b)
	}
	out := slices.Clone(b)
	add := func(name string, from, to int) bool {
		span := x.Span
		if mapped && x.Span.Len() == len(text) {
			span = source.Span{Start: x.Span.Start + uint32(from), End: x.Span.Start + uint32(to)}
		}
		return addBinding(&out, Binding{Name: name, Text: text[from:to], Span: span})
	}
	for i := 1; i < len(names); i++ {
		from, to := loc[2*i], loc[2*i+1]
		if from < 0 {
			continue
		}
		// Numbers are no names to unify: two expressions of one rule each have a first group.
		if number := "$" + itoa(i); binding(out, number) == nil {
			add(number, from, to)
		}
		if names[i] != "" && !add("$"+names[i], from, to) {
			return nil
		}
	}
	return [][]Binding{out}
}

// addBinding adds a binding in its place by name; false when the name is bound to another text.
func addBinding(list *[]Binding, x Binding) bool {
	i, found := slices.BinarySearchFunc(*list, x.Name, func(b Binding, name string) int { return strings.Compare(b.Name, name) })
	if found {
		return (*list)[i].Text == x.Text
	}
	*list = slices.Insert(*list, i, x)
	return true
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}

// ---- metavariable-comparison

type comparisonCondition struct {
	expr    *comparison
	metavar string // base and strip hold for it alone; for all when empty
	base    int
	strip   bool
	value   bool
}

func (c *comparisonCondition) apply(s *conditionSite, b []Binding) [][]Binding {
	if c.metavar != "" && binding(b, c.metavar) == nil {
		return nil
	}
	env := &compareEnv{now: time.Now}
	if s.now != nil {
		env.now = s.now
	}
	env.metavar = func(name string) (value, bool) {
		x := binding(b, name)
		if x == nil {
			return value{}, false
		}
		if (c.base != 0 || c.strip) && (c.metavar == "" || c.metavar == name) {
			return c.number(s, x)
		}
		return s.valueOf(x, c.value), true
	}
	return hold(c.expr.holds(env), b)
}

// number reads a metavariable as a number in the base.
func (c *comparisonCondition) number(s *conditionSite, x *Binding) (value, bool) {
	text := x.Text
	if _, literal := x.Node.(*syntax.Num); !literal {
		if v := s.valueOf(x, c.value); v.kind == vStr && (c.strip || x.Node == nil) {
			text = v.s
		} else if v.kind == vInt || v.kind == vFloat {
			if c.base == 0 {
				return v, true
			}
			if t, err := toStr(v); err == nil {
				text = t.s
			}
		}
	}
	if c.strip {
		text = strings.Trim(strings.TrimSpace(text), `"'`+"`")
	}
	return parseNumber(strings.TrimRight(text, "lL"), c.base)
}

// ---- metavariable-analysis

type analysisCondition struct {
	metavar string
	value   bool
	test    func(string) bool
}

func (c *analysisCondition) apply(s *conditionSite, b []Binding) [][]Binding {
	x := binding(b, c.metavar)
	if x == nil {
		return nil
	}
	text := x.Text
	switch e := x.Node.(type) {
	case *syntax.Str:
		text = e.Value
	case nil:
	default:
		if c.value {
			if k, ok := s.constantOf(x); ok {
				if t, ok := k.Str(); ok {
					text = t
				}
			}
		}
	}
	return hold(c.test(text), b)
}

// ---- metavariable-type

type typeCondition struct {
	metavar string
	types   []string
}

func (c *typeCondition) apply(s *conditionSite, b []Binding) [][]Binding {
	x := binding(b, c.metavar)
	if x == nil {
		return nil
	}
	e, ok := x.Node.(syntax.Expr)
	if !ok || s.module == nil {
		return nil
	}
	return hold(typeMatches(s.module, s.module.TypeOf(e), c.types), b)
}

// typeMatches reports whether a type is one of those of a rule, or inherits from one. A rule may leave the module out.
func typeMatches(m *program.Module, t string, types []string) bool {
	for _, want := range types {
		if m.Is(t, want) {
			return true
		}
	}
	return false
}

// plainType is a type without its arguments, under the one name of it that is used here.
func plainType(t string) string {
	t, _, _ = strings.Cut(t, "[")
	t = strings.TrimPrefix(strings.TrimSpace(t), "builtins.")
	switch t {
	case "typing.List", "typing.Dict", "typing.Set", "typing.Tuple", "typing.FrozenSet", "typing.Type":
		return strings.ToLower(strings.TrimPrefix(t, "typing."))
	case "NoneType", "types.NoneType":
		return "None"
	}
	return t
}

// ---- metavariable-pattern

type patternCondition struct {
	metavar string
	lang    Language
	reread  bool // the content of a string is read as the language
	value   bool
	formula any
}

func (c *patternCondition) apply(s *conditionSite, b []Binding) [][]Binding {
	x := binding(b, c.metavar)
	if x == nil || s.nested == nil {
		return nil
	}
	t, ok := c.target(s, x)
	if !ok {
		return nil
	}
	return s.nested(c.formula, t, b)
}

// target is what the formula is matched on.
func (c *patternCondition) target(s *conditionSite, x *Binding) (nestedTarget, bool) {
	t := nestedTarget{Lang: c.lang, Text: x.Text, Span: x.Span, Mapped: s.stands(x.Span, x.Text)}
	if c.lang == Python && !c.reread {
		t.Node, t.Run = x.Node, len(x.run) > 0
		return t, true
	}
	if x.Node == nil {
		return t, true
	}
	if str, ok := x.Node.(*syntax.Str); ok {
		t.Text, t.Mapped = str.Value, false
		if span, ok := s.contentOf(x.Span); ok && s.text[span.Start:span.End] == str.Value {
			t.Span, t.Mapped = span, true
		}
		return t, true
	}
	if c.value {
		if k, ok := s.constantOf(x); ok {
			if text, ok := k.Str(); ok {
				t.Text, t.Mapped = text, false
				return t, true
			}
		}
	}
	// Words and signs can be looked for in anything, Python only in what is text.
	return t, c.lang != Python
}

// stands reports whether a text is what stands at a span of the file.
func (s *conditionSite) stands(span source.Span, text string) bool {
	return int(span.End) <= len(s.text) && span.Start <= span.End && s.text[span.Start:span.End] == text
}

// contentOf is what is between the quotes of one literal.
func (s *conditionSite) contentOf(span source.Span) (source.Span, bool) {
	if int(span.End) > len(s.text) || span.Start > span.End {
		return span, false
	}
	text := s.text[span.Start:span.End]
	quotes := strings.TrimLeft(text, "rRbBuUfFtT")
	prefix := len(text) - len(quotes)
	for _, q := range [...]string{`"""`, `'''`, `"`, `'`} {
		if len(quotes) >= 2*len(q) && strings.HasPrefix(quotes, q) && strings.HasSuffix(quotes, q) {
			return source.Span{Start: span.Start + uint32(prefix+len(q)), End: span.End - uint32(len(q))}, true
		}
	}
	return span, false
}
