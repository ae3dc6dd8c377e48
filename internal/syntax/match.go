package syntax

import "strings"

// isMatch tells whether the name match, which is the current token at the start of a statement, begins a match
// statement: its line then ends in a colon. Where the next token settles it, the line is not read.
func (p *parser) isMatch() bool {
	c := p.peek()
	switch {
	case c == 0, c == '=', c == ',', c == ')', c == ':', c == ';', c == '/', c == '%', c == '|', c == '&',
		c == '<', c == '>', c == '!', c == '@', c == '^':
		return false
	}
	if i, c := p.peekAt(p.pos); c == '.' && !strings.HasPrefix(p.text[i:], "...") {
		return false
	}
	if w := p.peekWord(); w != "" {
		switch keyword(w) {
		case tIf, tIn, tIs, tAnd, tOr, tFor, tElse, tAs:
			return false
		}
	}
	saved := p.scanner
	p.comments = p.comments[:len(p.comments):len(p.comments)]
	p.errors = p.errors[:len(p.errors):len(p.errors)]
	last := tName
	depth, lambdas := p.brackets, 0
	for {
		p.scan()
		if p.kind == tNewline || p.kind == tEOF || p.kind == tIllegal {
			break
		}
		if statementOnly[p.kind] && p.brackets > depth {
			break
		}
		if last == tColon {
			last = tName // something follows the colon on its line
			break
		}
		switch {
		case p.brackets > depth:
		case p.kind == tLambda:
			lambdas++
		case p.kind == tColon && lambdas > 0:
			lambdas--
		case p.kind == tColon:
			last = tColon
		}
	}
	found := last == tColon && p.kind == tNewline
	read := p.pos - saved.pos
	p.scanner = saved
	p.reread += read
	if p.reread > maxReread*len(p.text)+1024 {
		return false
	}
	return found
}

// match reads a match statement.
func (p *parser) match() Stmt {
	start := p.start
	p.next()
	subject := p.tuple(starNamed)
	first := p.lastEnd
	p.expect(tColon)
	if p.kind == tBad {
		p.recover(first, true)
	} else if !p.is(tNewline) {
		p.fail("expected the end of the line here, found " + p.found())
		p.recover(first, false)
	}
	m := &Match{Subject: subject}
	if p.kind != tIndent {
		p.errorAt(int(p.start), int(p.start), "case has to follow here, indented")
		m.base = p.at(start)
		return m
	}
	p.next()
	for p.kind != tDedent && p.kind != tEOF {
		if p.kind == tName && p.text[p.start:p.end] == "case" {
			m.Cases = append(m.Cases, p.caseBlock())
			continue
		}
		if p.pattern && p.kind == tEllipsis { // any cases
			p.next()
			p.is(tNewline)
			continue
		}
		at := p.start
		p.fail("expected case here, found " + p.found())
		p.recover(at, false)
		if p.kind == tIndent {
			p.next()
			mark := len(p.stmts)
			p.statements()
			p.stmts = p.stmts[:mark]
			p.is(tDedent)
		}
	}
	p.is(tDedent)
	m.base = p.at(start)
	return m
}

func (p *parser) caseBlock() *Case {
	start := p.start
	p.next()
	c := &Case{Pattern: p.openPattern()}
	if p.is(tIf) {
		c.Guard = p.named()
	}
	c.Body = p.suite()
	c.base = p.at(start)
	return c
}

// openPattern reads a pattern, or a sequence of several without brackets.
func (p *parser) openPattern() CasePattern {
	start := p.start
	x := p.maybeStar()
	if p.kind != tComma {
		if s, star := x.(*MatchStar); star {
			p.softError(s, "a starred pattern stands only in a sequence")
		}
		return x
	}
	list := []CasePattern{x}
	for p.is(tComma) && p.kind != tColon && p.kind != tIf && p.kind != tBad {
		list = append(list, p.maybeStar())
	}
	return &MatchSequence{p.at(start), list}
}

func (p *parser) maybeStar() CasePattern {
	if p.kind != tStar {
		return p.asPattern()
	}
	start := p.start
	p.next()
	name := p.ident()
	if name.Name == "_" {
		name = Ident{}
	}
	return &MatchStar{p.at(start), name}
}

func (p *parser) asPattern() CasePattern {
	defer p.leave()
	if !p.enter() {
		return &MatchAs{base: p.at(p.start)}
	}
	start := p.start
	x := p.orPattern()
	if p.is(tAs) {
		name := p.ident()
		if name.Name == "_" {
			p.softErrorHere("_ cannot be bound")
		}
		x = &MatchAs{p.at(start), x, name}
	}
	return x
}

func (p *parser) orPattern() CasePattern {
	start := p.start
	x := p.closedPattern()
	if p.kind != tVBar {
		return x
	}
	list := []CasePattern{x}
	for p.is(tVBar) {
		list = append(list, p.closedPattern())
	}
	return &MatchOr{p.at(start), list}
}

func (p *parser) closedPattern() CasePattern {
	start := p.start
	switch p.kind {
	case tNone, tTrue, tFalse:
		k := ConstKind(None)
		switch p.kind {
		case tTrue:
			k = True
		case tFalse:
			k = False
		}
		p.next()
		return &MatchSingleton{p.at(start), k}
	case tString, tFStart:
		x := p.strings()
		return &MatchValue{p.at(start), x}
	case tNumber, tMinus:
		x := p.patternNumber()
		return &MatchValue{p.at(start), x}
	case tName:
		return p.namePattern()
	case tLPar, tLBrack:
		return p.groupPattern()
	case tLBrace:
		return p.mappingPattern()
	case tEllipsis:
		if p.pattern {
			p.next()
			return &MatchAs{p.at(start), nil, Ident{Name: "..."}}
		}
	case tAsync, tAwait:
		if p.nameLike() {
			return p.namePattern()
		}
	}
	p.fail("expected a pattern here, found " + p.found())
	return &MatchAs{base: p.at(start)}
}

// patternNumber reads a number with its sign, or a complex one.
func (p *parser) patternNumber() Expr {
	start := p.start
	x := p.signedNumber()
	if p.kind != tPlus && p.kind != tMinus {
		return x
	}
	op := operators[p.kind]
	p.next()
	y := p.patternOperand()
	return &BinOp{p.at(start), op, x, y}
}

func (p *parser) signedNumber() Expr {
	if p.kind != tMinus {
		return p.patternOperand()
	}
	start := p.start
	p.next()
	x := p.patternOperand()
	return &UnaryOp{p.at(start), USub, x}
}

func (p *parser) patternOperand() Expr {
	if p.kind == tNumber {
		return p.atom()
	}
	p.fail("expected a number here, found " + p.found())
	return p.bad()
}

// namePattern reads what begins with a name: a capture, a value or a class.
func (p *parser) namePattern() CasePattern {
	start := p.start
	first := p.peek()
	if first != '.' && first != '(' {
		name := p.ident()
		if p.kind != tDot && p.kind != tLPar {
			if name.Name == "_" {
				name = Ident{}
			}
			return &MatchAs{p.at(start), nil, name}
		}
		n := p.nodes.names.alloc()
		*n = Name{base{name.Span.Start, name.Span.End, p.id + 1}, Load, name.Name}
		p.id++
		return p.valuePattern(n, start)
	}
	return p.valuePattern(p.atom(), start)
}

func (p *parser) valuePattern(x Expr, start uint32) CasePattern {
	for p.is(tDot) {
		x = p.attribute(x, start)
	}
	if p.kind != tLPar {
		return &MatchValue{p.at(start), x}
	}
	p.next()
	c := &MatchClass{Class: x}
	for p.kind != tRPar && p.kind != tBad {
		if _, ch := p.peekAt(p.pos); p.kind == tName && ch == '=' {
			c.Keywords = append(c.Keywords, p.ident())
			p.expect(tAssign)
			c.KwPatterns = append(c.KwPatterns, p.asPattern())
		} else {
			if len(c.Keywords) > 0 {
				p.softErrorHere("a pattern without a name cannot follow one with a name")
			}
			c.Patterns = append(c.Patterns, p.asPattern())
		}
		if !p.is(tComma) {
			break
		}
	}
	p.expect(tRPar)
	c.base = p.at(start)
	return c
}

// groupPattern reads a pattern in parentheses, or a sequence.
func (p *parser) groupPattern() CasePattern {
	start := p.start
	end := tRPar
	if p.kind == tLBrack {
		end = tRBrack
	}
	p.next()
	var list []CasePattern
	comma := false
	for p.kind != end && p.kind != tBad {
		list = append(list, p.maybeStar())
		if comma = p.is(tComma); !comma {
			break
		}
	}
	p.expect(end)
	if end == tRPar && len(list) == 1 && !comma {
		if _, star := list[0].(*MatchStar); !star {
			return list[0]
		}
		p.softError(list[0], "a starred pattern stands only in a sequence")
	}
	return &MatchSequence{p.at(start), list}
}

func (p *parser) mappingPattern() CasePattern {
	start := p.start
	p.next()
	m := &MatchMapping{}
	for p.kind != tRBrace && p.kind != tBad {
		if m.Rest.Name != "" {
			p.softErrorHere("**rest must be the last")
		}
		if p.is(tDoubleStar) {
			m.Rest = p.ident()
			if m.Rest.Name == "_" {
				p.softErrorHere("_ cannot be bound here")
			}
		} else {
			m.Keys = append(m.Keys, p.patternKey())
			p.expect(tColon)
			m.Patterns = append(m.Patterns, p.asPattern())
		}
		if !p.is(tComma) {
			break
		}
	}
	p.expect(tRBrace)
	m.base = p.at(start)
	return m
}

// patternKey reads a key of a mapping pattern: a literal or a dotted name.
func (p *parser) patternKey() Expr {
	start := p.start
	switch p.kind {
	case tString, tFStart, tNone, tTrue, tFalse:
		return p.atom()
	case tNumber, tMinus:
		return p.patternNumber()
	case tName:
		x := p.atom()
		if p.kind != tDot {
			p.softError(x, "a key is a literal or a dotted name")
		}
		for p.is(tDot) {
			x = p.attribute(x, start)
		}
		return x
	}
	p.fail("expected a key here, found " + p.found())
	return p.bad()
}
