package syntax

import (
	"errors"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// A Pattern is a piece of Python with metavariables and ellipses, as rules are written in.
type Pattern struct {
	Source     *source.File
	Expr       Expr   // set when the pattern is one expression
	Body       []Stmt // set when it is statements; nil for a lone expression
	Partial    Node   // a fragment that Python's grammar rejects: see [ParsePattern]
	Decorators []Expr // a fragment of decorators alone
	NumNodes   uint32
}

// ParsePattern reads a pattern of the rule language: an expression, statements, or one of the fragments
//
//	except E as e: …    finally: …    else: …      *Try or *Handler
//	case P: …                                      *Case
//	name=value, **kwargs                           *Keyword
//	def f(…)            class C(…)                 *FunctionDef, *ClassDef with a nil body
//	if c:   for …:   while …:   with …:            the statement with a nil body
//	@decorator                                     Decorators
//
// Metavariables are Names: "$X", "$...XS", "$_". A lone `...` is a *Const of kind Ellipsis. Where a tree has a bare string for a
// name, the metavariable or "..." is that string.
func ParsePattern(text string) (*Pattern, error) {
	text = dedent(text)
	first := strings.TrimSpace(text)
	if first == "" {
		return nil, errors.New("the pattern is empty")
	}
	if pat := parseFragment(text, first); pat != nil {
		return pat, nil
	}
	pat, err := parsePattern(text)
	if err == nil && pat.Expr == nil && pat.Partial == nil && len(pat.Body)+len(pat.Decorators) == 0 {
		return nil, errors.New("the pattern is a comment alone")
	}
	if err != nil && !strings.Contains(first, "\n") {
		// A field or an item of a dictionary alone is left; nothing else begins like it.
		if kw := parseKeywordPattern(text); kw != nil {
			return kw, nil
		}
	}
	return pat, err
}

// dedent takes the indentation off that all lines share.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(text, "\r\n"), "\n")
	common := -1
	for _, l := range lines {
		t := strings.TrimLeft(l, " \t")
		if strings.TrimSpace(t) == "" {
			continue
		}
		if n := len(l) - len(t); common < 0 || n < common {
			common = n
		}
	}
	if common > 0 {
		for i, l := range lines {
			lines[i] = l[min(common, len(l)-len(strings.TrimLeft(l, " \t"))):]
		}
	}
	return strings.TrimRight(strings.Join(lines, "\n"), " \t\r\n")
}

func patternParser(text string) *parser {
	p := newParser(source.New("pattern", text))
	p.scanner.pattern = true
	p.next()
	return p
}

func (p *parser) patternError() error {
	errs := p.sortedErrors()
	for _, e := range errs {
		if !e.Python2 {
			line, col := p.src.Position(e.Span.Start)
			if line == 1 && col == 1 && len(p.text) < 60 {
				return errors.New(e.Message)
			}
			return &PatternError{Line: line, Column: col, Message: e.Message}
		}
	}
	return nil
}

// A PatternError says where in a pattern's text something is wrong; both numbers from 1.
type PatternError struct {
	Line, Column int
	Message      string
}

func (e *PatternError) Error() string { return e.Message }

func parsePattern(text string) (*Pattern, error) {
	p := patternParser(text)
	body := p.file()
	if err := p.patternError(); err != nil {
		return nil, err
	}
	pat := &Pattern{Source: p.src, Body: body, NumNodes: uint32(p.id)}
	if p.decorators != nil {
		pat.Decorators, pat.Body = p.decorators, nil
		return pat, nil
	}
	if len(body) == 1 {
		switch s := body[0].(type) {
		case *ExprStmt:
			pat.Expr, pat.Body = s.X, nil
		case *FunctionDef, *ClassDef:
			if p.partial {
				pat.Partial, pat.Body = s, nil
			}
		case *If, *For, *While, *With:
			if strings.HasSuffix(text, ":") {
				pat.Partial, pat.Body = s, nil
			}
		}
	}
	return pat, nil
}

// parseFragment reads what begins like the middle of a compound statement; nil when it is none.
func parseFragment(text, first string) *Pattern {
	word := first
	for i := range len(first) {
		if !wordBytes[first[i]] {
			word = first[:i]
			break
		}
	}
	switch word {
	case "except", "finally", "else", "case":
	default:
		return nil
	}
	if !strings.Contains(text, ":") {
		text += ":"
	}
	if strings.HasSuffix(text, ":") {
		text += " ..."
	}
	p := patternParser(text)
	pat := &Pattern{Source: p.src}
	switch word {
	case "except":
		t := &Try{}
		for p.kind == tExcept {
			t.Handlers = append(t.Handlers, p.handler(len(t.Handlers) == 0, t))
		}
		t.Else = p.orElse()
		if p.is(tFinally) {
			t.Finally = p.suite()
		}
		t.base = p.at(0)
		pat.Partial = t
		if len(t.Handlers) == 1 && t.Else == nil && t.Finally == nil {
			pat.Partial = t.Handlers[0]
		}
	case "finally":
		p.next()
		body := p.suite()
		pat.Partial = &Try{base: p.at(0), Finally: body}
	case "else":
		p.next()
		body := p.suite()
		pat.Partial = &Try{base: p.at(0), Else: body}
	case "case":
		if p.kind != tName {
			return nil
		}
		if c := p.peek(); c == '=' || c == '.' || c == '(' {
			return nil // a name like any other, unless the whole reads as a case
		}
		pat.Partial = p.caseBlock()
	}
	pat.NumNodes = uint32(p.id)
	if p.kind != tEOF || p.patternError() != nil {
		return nil
	}
	return pat
}

// parseKeywordPattern reads `**kwargs`, which is no expression.
func parseKeywordPattern(text string) *Pattern {
	p := patternParser(text)
	if p.kind != tDoubleStar {
		return nil
	}
	x, _ := p.argument(0, true)
	if p.kind != tNewline || p.patternError() != nil {
		return nil
	}
	return &Pattern{Source: p.src, Partial: x, NumNodes: uint32(p.id)}
}
