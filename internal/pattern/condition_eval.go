package pattern

import (
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// askedCondition joins a condition to the evaluator.
type askedCondition struct{ c compiledCondition }

// condition compiles one condition of the rule that is being compiled.
func (c *compiler) condition(cond Condition) (condCompiled, *Error) {
	compiled, err := compileCondition(cond, c.lang, c.options, func(f Formula, lang Language) (any, *Error) {
		outer := c.lang
		c.lang = lang
		defer func() { c.lang = outer }()
		return c.formula(f)
	})
	if err != nil {
		return nil, err
	}
	if re, ok := compiled.(*regexCondition); ok {
		if re.memo, ok = c.set.asked[re.re.String()]; !ok {
			re.memo = len(c.set.asked)
			c.set.asked[re.re.String()] = re.memo
		}
	}
	return askedCondition{compiled}, nil
}

// nested is the metavariable of a metavariable-pattern.
func (a askedCondition) nested() (string, bool) {
	if c, ok := a.c.(*patternCondition); ok {
		return c.metavar, true
	}
	return "", false
}

func (a askedCondition) holds(ev *evaluator, b []Binding) bool {
	s := &conditionSite{module: ev.module, text: ev.file.Text}
	s.nested = func(formula any, t nestedTarget, b []Binding) [][]Binding {
		fresh, ok := ev.nested(formula, t, b)
		if !ok {
			return nil
		}
		out := append([]Binding(nil), b...)
		for _, x := range fresh {
			addBinding(&out, x)
		}
		return [][]Binding{out}
	}
	ways := a.c.apply(s, b)
	ev.exhausted = ev.exhausted || s.exhausted
	if len(ways) == 0 {
		return false
	}
	for _, x := range ways[0] {
		if binding(b, x.Name) == nil {
			ev.extra = append(ev.extra, x)
		}
	}
	return true
}

// nested evaluates the formula of a metavariable-pattern, and gives what it binds beside what is bound already.
func (ev *evaluator) nested(f compiledFormula, t nestedTarget, b []Binding) ([]Binding, bool) {
	if t.Lang != Python && t.Mapped || t.Lang == Python && (t.Node != nil || t.Run) {
		return ev.formulaMatches(f, Binding{Text: t.Text, Span: t.Span, Node: t.Node}, b)
	}
	// The text is a file of its own. Nodes of one file mean nothing in another, so what is bound is compared as text.
	ev.steps -= len(t.Text)
	if !ev.spend() {
		return nil, false
	}
	inner := &evaluator{set: ev.set, file: source.New(ev.file.Path, t.Text), rule: ev.rule, steps: ev.steps}
	at := Binding{Text: t.Text, Span: source.Span{End: uint32(len(t.Text))}}
	if t.Lang == Python {
		p := program.New(program.Options{})
		inner.module = p.Add(inner.file)
		p.Link()
		inner.file = inner.module.File
		inner.index = ev.set.pool.Get().(*index)
		defer func() {
			inner.index.release()
			ev.set.pool.Put(inner.index)
		}()
		inner.index.build(inner.module)
		if body := inner.module.Tree.Body; len(body) == 1 {
			at.Node, at.Span = body[0], body[0].Span()
			if x, ok := body[0].(*syntax.ExprStmt); ok {
				at.Node = x.X
			}
		}
	}
	outer := make([]Binding, len(b))
	for i, x := range b {
		outer[i] = Binding{Name: x.Name, Text: x.Text, Span: x.Span}
		if s, ok := x.Node.(*syntax.Str); ok {
			outer[i].Text = s.Value
		}
	}
	fresh, ok := inner.formulaMatches(f, at, outer)
	ev.steps, ev.exhausted = inner.steps, ev.exhausted || inner.exhausted
	for i := range fresh {
		x := &fresh[i]
		x.Node = nil
		if t.Mapped {
			x.Span.Start += t.Span.Start
			x.Span.End += t.Span.Start
		} else {
			x.Span = t.Span
		}
	}
	return fresh, ok
}
