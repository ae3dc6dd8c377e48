package syntax

import "github.com/wadjet-security/wadjet/internal/source"

// file reads all statements of a text.
func (p *parser) file() []Stmt {
	mark := len(p.stmts)
	for p.kind != tEOF {
		p.statements()
		if p.kind == tDedent { // of an indent that was an error
			p.next()
		}
	}
	return p.takeStmts(mark)
}

// statements reads the statements of a block, up to its end.
func (p *parser) statements() {
	for p.kind != tDedent && p.kind != tEOF {
		if p.kind == tIndent {
			// After a statement that failed this is most likely its body: no error of its own.
			if n := len(p.stmts); n == 0 || !isBad(p.stmts[n-1]) {
				p.errorAt(int(p.start), int(p.end), "this line is indented more than the one above, and opens no block")
			}
			p.next()
			p.depth++
			p.statements()
			p.depth--
			p.is(tDedent)
			continue
		}
		p.statement()
	}
}

func isBad(s Stmt) bool { _, bad := s.(*BadStmt); return bad }

// suite reads the block after the header of a compound statement, from its colon. If the header failed, it reads
// the block that follows.
func (p *parser) suite() []Stmt {
	first := p.lastEnd
	p.expect(tColon)
	if p.kind == tBad {
		p.recover(first, true)
		if p.kind != tIndent {
			return nil
		}
	} else {
		if p.kind != tNewline {
			mark := len(p.stmts)
			p.simpleLine()
			return p.takeStmts(mark)
		}
		p.next()
		if p.kind != tIndent {
			if p.pattern {
				return nil
			}
			p.errorAt(int(p.start), int(p.start), "a block has to follow here, indented more than the line that opens it")
			return nil
		}
	}
	p.next()
	mark := len(p.stmts)
	p.statements()
	p.is(tDedent)
	return p.takeStmts(mark)
}

// statement reads one compound statement, or one line of simple ones.
func (p *parser) statement() {
	if p.kind == tNewline { // a line that an error left empty
		p.next()
		return
	}
	var s Stmt
	start := p.start
	switch p.kind {
	case tIf:
		s = p.ifStmt()
	case tFor:
		s = p.forStmt(start, false)
	case tWhile:
		s = p.while()
	case tTry:
		s = p.try()
	case tWith:
		s = p.with(start, false)
	case tDef:
		s = p.def(start, nil, false)
	case tClass:
		s = p.class(nil)
	case tAt:
		s = p.decorated()
	case tAsync:
		s = p.async(nil)
	case tName:
		if p.text[p.start:p.end] == "match" && p.isMatch() {
			s = p.match()
		}
	}
	if s == nil {
		p.simpleLine()
		return
	}
	p.stmts = append(p.stmts, s)
	if p.kind == tBad {
		p.recover(start, false)
	}
}

// async reads a statement that begins with async; nil when async is used as a name.
func (p *parser) async(decorators []Expr) Stmt {
	start := p.start
	switch p.peekWord() {
	case "def":
		p.next()
		return p.def(start, decorators, true)
	case "for":
		p.next()
		return p.forStmt(start, true)
	case "with":
		p.next()
		return p.with(start, true)
	}
	return nil
}

// simpleLine reads simple statements up to the end of the line.
func (p *parser) simpleLine() {
	for {
		start := p.start
		s := p.simple()
		if p.kind == tBad {
			s = p.badLine(start)
			p.stmts = append(p.stmts, s)
			return
		}
		p.stmts = append(p.stmts, s)
		if p.kind == tSemi {
			p.next()
			if p.kind != tNewline {
				continue
			}
		}
		if p.kind == tNewline {
			p.next()
			return
		}
		if p.kind == tEOF {
			return
		}
		p.fail("expected the end of the line here, found " + p.found())
		p.stmts[len(p.stmts)-1] = p.badLine(start)
		return
	}
}

// badLine ends a simple statement that failed: the rest of its line is lost.
func (p *parser) badLine(start uint32) Stmt {
	p.recover(start, false)
	s := &BadStmt{}
	s.id, p.id = p.id+1, p.id+1
	s.start, s.end = start, max(start, uint32(lineEnd(p.text, int(start), p.hasCR)))
	return s
}

// simple reads one simple statement.
func (p *parser) simple() Stmt {
	start := p.start
	switch p.kind {
	case tReturn:
		p.next()
		var x Expr
		if p.begins() {
			x = p.starExpressions()
		}
		s := p.nodes.returns.alloc()
		*s = Return{p.at(start), x}
		return s
	case tImport:
		return p.importStmt()
	case tFrom:
		return p.importFrom()
	case tRaise:
		return p.raise()
	case tPass:
		p.next()
		return &Pass{p.at(start)}
	case tBreak:
		p.next()
		return &Break{p.at(start)}
	case tContinue:
		p.next()
		return &Continue{p.at(start)}
	case tDel:
		return p.del()
	case tAssert:
		p.next()
		test := p.expression()
		var msg Expr
		if p.is(tComma) {
			msg = p.expression()
		}
		return &Assert{p.at(start), test, msg}
	case tGlobal:
		p.next()
		names := p.idents()
		return &Global{p.at(start), names}
	case tNonlocal:
		if !p.py2 {
			p.next()
			names := p.idents()
			return &Nonlocal{p.at(start), names}
		}
	case tName:
		switch p.text[p.start:p.end] {
		case "type":
			if w := p.peekWord(); w != "" && keyword(w) == tName && !p.pattern || p.pattern && p.peek() == '$' {
				return p.typeAlias()
			}
		case "print":
			if p.isPrint() {
				return p.print()
			}
		case "exec":
			if c := p.peek(); p.operandFollows(c) {
				return p.exec()
			}
		}
	}
	return p.expressionStmt(start)
}

func (p *parser) idents() []Ident {
	ids := []Ident{p.ident()}
	for p.is(tComma) {
		ids = append(ids, p.ident())
	}
	return ids
}

// expressionStmt reads an assignment of any form, or an expression.
func (p *parser) expressionStmt(start uint32) Stmt {
	x := p.value()
	switch {
	case p.kind == tAssign:
		return p.assign(x, start)
	case p.kind == tColon && !p.pattern, p.kind == tColon && p.peek() != 0:
		return p.annotated(x, start)
	case p.kind >= tPlusAssign && p.kind <= tDoubleStarAssign:
		switch x.(type) {
		case *Name, *Attribute, *Subscript, *BadExpr:
		default:
			p.softError(x, "only one name, attribute or item can be assigned to here")
		}
		op := operators[p.kind-tPlusAssign+tPlus]
		p.store(x, Store)
		p.next()
		value := p.value()
		return &AugAssign{p.at(start), op, x, value}
	}
	s := p.nodes.exprStmts.alloc()
	*s = ExprStmt{p.at(start), x}
	return s
}

func (p *parser) assign(x Expr, start uint32) Stmt {
	mark := len(p.exprs)
	for p.is(tAssign) {
		p.store(x, Store)
		p.exprs = append(p.exprs, x)
		x = p.value()
	}
	a := p.nodes.assigns.alloc()
	targets := p.take(mark)
	*a = Assign{p.at(start), targets, x}
	return a
}

func (p *parser) annotated(x Expr, start uint32) Stmt {
	simple := false
	switch n := x.(type) {
	case *Name:
		simple = n.start == start
	case *Attribute, *Subscript, *BadExpr:
	default:
		if p.pattern {
			break
		}
		p.fail("only one name, attribute or item can be annotated")
		return &BadStmt{p.at(start)}
	}
	p.next()
	p.store(x, Store)
	annotation := p.expression()
	var value Expr
	if p.is(tAssign) {
		value = p.value()
	}
	return &AnnAssign{p.at(start), simple, x, annotation, value}
}

func (p *parser) del() Stmt {
	start := p.start
	p.next()
	mark := len(p.exprs)
	p.exprs = append(p.exprs, p.binary(precBitOr))
	for p.is(tComma) && p.begins() {
		p.exprs = append(p.exprs, p.binary(precBitOr))
	}
	targets := p.take(mark)
	for _, x := range targets {
		p.store(x, Del)
	}
	return &Delete{p.at(start), targets}
}

func (p *parser) raise() Stmt {
	start := p.start
	p.next()
	s := &Raise{}
	if p.begins() {
		s.X = p.expression()
		if p.kind == tComma {
			p.python2(int(p.start), int(p.end), py2Raise)
			for p.is(tComma) {
				s.Extra = append(s.Extra, p.expression())
			}
		}
		if p.is(tFrom) {
			s.Cause = p.expression()
		}
	}
	s.base = p.at(start)
	return s
}

func (p *parser) typeAlias() Stmt {
	start := p.start
	p.next()
	name := p.nodes.names.alloc()
	*name = Name{p.atToken(), Store, p.word()}
	p.next()
	params := p.typeParams()
	p.expect(tAssign)
	value := p.expression()
	return &TypeAlias{p.at(start), name, params, value}
}

// ---- import

func (p *parser) dotted() string {
	start := p.start
	id := p.ident()
	if p.kind != tDot {
		return id.Name
	}
	name := id.Name
	plain := p.lastEnd
	for p.is(tDot) {
		if p.pattern && p.kind == tEllipsis {
			p.next()
			name += "...."
			continue
		}
		part := p.ident()
		name += "." + part.Name
		plain = p.lastEnd
	}
	if s := p.text[start:plain]; s == name {
		return s // no copy
	}
	return name
}

func (p *parser) importStmt() Stmt {
	start := p.start
	p.next()
	var names []*Alias
	for {
		at := p.start
		a := &Alias{Name: p.dotted()}
		if p.is(tAs) {
			a.AsName = p.ident().Name
		}
		a.base = p.at(at)
		names = append(names, a)
		if !p.is(tComma) {
			return &Import{p.at(start), names}
		}
	}
}

func (p *parser) importFrom() Stmt {
	start := p.start
	p.next()
	s := &ImportFrom{}
	level := 0
	for p.kind == tDot || p.kind == tEllipsis && !(p.pattern && level == 0 && p.peekWord() == "import") {
		level += int(p.end - p.start)
		p.next()
	}
	s.Level = uint16(min(level, 1<<16-1))
	if p.pattern && p.kind == tEllipsis {
		s.Module = Ident{source.Span{Start: p.start, End: p.end}, "..."}
		p.next()
	} else if p.kind != tImport || level == 0 {
		at := p.start
		s.Module.Name = p.dotted()
		s.Module.Span = source.Span{Start: at, End: p.lastEnd}
	}
	p.expect(tImport)
	if p.kind == tStar {
		a := &Alias{Name: "*"}
		a.base = p.atToken()
		p.next()
		s.Names = []*Alias{a}
		s.base = p.at(start)
		return s
	}
	paren := p.is(tLPar)
	for {
		at := p.start
		a := &Alias{}
		if p.pattern && p.kind == tEllipsis {
			a.Name = "..."
			p.next()
		} else {
			a.Name = p.ident().Name
		}
		if p.is(tAs) {
			a.AsName = p.ident().Name
		}
		a.base = p.at(at)
		s.Names = append(s.Names, a)
		if !p.is(tComma) {
			break
		}
		if paren && p.kind == tRPar {
			break
		}
	}
	if paren {
		p.expect(tRPar)
	}
	s.base = p.at(start)
	return s
}

// ---- Compound statements

func (p *parser) ifStmt() Stmt {
	// An elif is an if in the else of the one before: a chain is read in a loop, since programs
	// write long ones.
	var chain []*If
	for {
		start := p.start
		p.next()
		s := p.nodes.ifs.alloc()
		s.start = start
		s.Test = p.named()
		s.Body = p.suite()
		chain = append(chain, s)
		if p.kind != tElif {
			break
		}
	}
	last := chain[len(chain)-1]
	last.Else = p.orElse()
	for i := len(chain) - 1; i >= 0; i-- {
		chain[i].base = p.at(chain[i].start)
		if i > 0 {
			chain[i-1].Else = []Stmt{chain[i]}
		}
	}
	return chain[0]
}

// orElse reads an else block, if there is one.
func (p *parser) orElse() []Stmt {
	if p.kind != tElse {
		return nil
	}
	p.next()
	return p.suite()
}

func (p *parser) forStmt(start uint32, async bool) Stmt {
	p.next()
	target := p.targets(tIn)
	p.expect(tIn)
	iter := p.starExpressions()
	body := p.suite()
	orelse := p.orElse()
	return &For{p.at(start), async, target, iter, body, orelse}
}

func (p *parser) while() Stmt {
	start := p.start
	p.next()
	test := p.named()
	body := p.suite()
	orelse := p.orElse()
	return &While{p.at(start), test, body, orelse}
}

func (p *parser) try() Stmt {
	start := p.start
	p.next()
	s := &Try{Body: p.suite()}
	for p.kind == tExcept {
		h := p.handler(len(s.Handlers) == 0, s)
		s.Handlers = append(s.Handlers, h)
	}
	if len(s.Handlers) > 0 {
		s.Else = p.orElse()
	}
	if p.kind == tFinally {
		p.next()
		s.Finally = p.suite()
	} else if len(s.Handlers) == 0 && !p.pattern {
		p.errorAt(int(p.start), int(p.start), "except or finally has to follow a try block")
	}
	s.base = p.at(start)
	return s
}

func (p *parser) handler(first bool, s *Try) *Handler {
	start := p.start
	p.next()
	h := &Handler{}
	if p.kind == tStar {
		if !first && !s.Star {
			p.softErrorHere("except and except* cannot be mixed")
		}
		s.Star = true
		p.next()
		if p.kind == tColon {
			p.softErrorHere("a type has to follow except*")
		}
	} else if s.Star {
		p.softErrorHere("except and except* cannot be mixed")
	}
	if p.kind != tColon && p.kind != tBad {
		at := p.start
		h.Type = p.expression()
		switch {
		case p.kind == tComma && p.py2:
			p.python2(int(p.start), int(p.end), py2Except)
			p.next()
			if p.kind == tName && p.peek() == ':' {
				h.Name = p.ident()
			} else {
				h.Target = p.target()
			}
		case p.kind == tComma: // PEP 758
			mark := len(p.exprs)
			p.exprs = append(p.exprs, h.Type)
			for p.is(tComma) && p.begins() {
				p.exprs = append(p.exprs, p.expression())
			}
			h.Type = p.newTuple(at, Load, p.take(mark))
			if p.kind == tAs {
				p.softErrorHere("several types need parentheses before as")
				p.next()
				h.Name = p.ident()
			}
		case p.is(tAs):
			h.Name = p.ident()
		}
	}
	h.Body = p.suite()
	h.base = p.at(start)
	return h
}

func (p *parser) with(start uint32, async bool) Stmt {
	p.next()
	var items []WithItem
	if p.kind == tLPar {
		items = p.withParen()
	} else {
		items = []WithItem{p.withItem(p.expression())}
	}
	for p.is(tComma) {
		items = append(items, p.withItem(p.expression()))
	}
	body := p.suite()
	return &With{p.at(start), async, items, body}
}

// withItem reads on from an item's expression.
func (p *parser) withItem(x Expr) WithItem {
	item := WithItem{X: x}
	if p.is(tAs) {
		item.Vars = p.target()
	}
	return item
}

// withParen reads what follows with at a parenthesis: all the items within parentheses, or an expression that begins with one.
func (p *parser) withParen() []WithItem {
	start := p.start
	p.next()
	mark := len(p.exprs)
	var items []WithItem
	plain, named, comma := true, false, false // no item is starred, := or yield; one has a name; there is a comma
	var comp *Comp
	for p.kind != tRPar && p.kind != tBad {
		at := p.start
		var x Expr
		if p.kind == tYield {
			x = p.yield()
		} else {
			x = starNamed(p)
		}
		switch y := x.(type) {
		case *Starred, *Yield:
			plain = false
		case *Walrus:
			plain = plain && y.start != at
		}
		if (p.kind == tFor || p.kind == tAsync) && len(p.exprs) == mark {
			comp = p.comprehension(x, nil, GeneratorComp, start)
			break
		}
		item := p.withItem(x)
		named = named || item.Vars != nil
		items = append(items, item)
		p.exprs = append(p.exprs, x)
		if !p.is(tComma) {
			break
		}
		comma = true
	}
	elts := p.take(mark)
	p.expect(tRPar)
	if comp == nil && plain && len(items) > 0 && (named || p.kind == tColon) {
		return items
	}
	var x Expr
	switch {
	case comp != nil:
		comp.end = p.lastEnd
		x = comp
	case len(elts) == 1 && !comma:
		x = elts[0]
	default:
		x = p.newTuple(start, Load, elts)
	}
	x = p.binaryTail(p.powerTail(p.postfix(x, start), start), start, precOr)
	if p.kind == tIf {
		x = p.cond(x, start)
	}
	return []WithItem{p.withItem(x)}
}

func (p *parser) decorated() Stmt {
	first := p.start
	mark := len(p.exprs)
	for p.kind == tAt {
		p.next()
		p.exprs = append(p.exprs, p.named())
		if !p.is(tNewline) {
			p.fail("expected the end of the line here, found " + p.found())
			p.recover(first, false)
		}
	}
	decorators := p.take(mark)
	switch p.kind {
	case tDef:
		return p.def(p.start, decorators, false)
	case tClass:
		return p.class(decorators)
	case tAsync:
		if p.peekWord() == "def" {
			return p.async(decorators)
		}
	}
	if p.pattern && p.kind == tEOF {
		p.decorators = decorators
		return &Pass{p.at(first)}
	}
	p.errorAt(int(p.start), int(p.end), "a function or class has to follow a decorator")
	return &BadStmt{p.at(first)}
}

func (p *parser) def(start uint32, decorators []Expr, async bool) Stmt {
	p.next()
	f := &FunctionDef{Async: async, Decorators: decorators}
	f.Name = p.ident()
	f.TypeParams = p.typeParams()
	open := p.start
	p.expect(tLPar)
	if p.kind != tBad {
		f.Params = p.params(tRPar, true)
	} else {
		f.Params = &Params{base: p.at(open)}
	}
	p.expect(tRPar)
	if p.is(tArrow) {
		f.Returns = p.expression()
	}
	if p.pattern && p.bodyless() {
		f.base = p.at(start)
		return f
	}
	f.Body = p.suite()
	f.base = p.at(start)
	return f
}

func (p *parser) class(decorators []Expr) Stmt {
	start := p.start
	p.next()
	c := &ClassDef{Decorators: decorators}
	c.Name = p.ident()
	c.TypeParams = p.typeParams()
	if p.is(tLPar) {
		c.Args = p.arguments()
		p.expect(tRPar)
	}
	if p.pattern && p.bodyless() {
		c.base = p.at(start)
		return c
	}
	c.Body = p.suite()
	c.base = p.at(start)
	return c
}

// bodyless tells whether a pattern ends after a header.
func (p *parser) bodyless() bool {
	if p.kind == tNewline {
		p.partial = true
		p.next()
		return true
	}
	return false
}

// ---- Python 2

// operandFollows tells whether what follows a name on its line makes no sense in Python 3.
func (p *parser) operandFollows(c byte) bool {
	switch {
	case c == 0:
		return false
	case c == '"' || c == '\'' || c == '`' || c == '{' && p.py2:
		return true
	case classes[c] == cDigit, c == '$':
		return true
	case classes[c] == cLetter || classes[c] == cWide:
		w := p.peekWord()
		if w == "" { // the prefix of a string
			return true
		}
		switch keyword(w) {
		case tName, tNone, tTrue, tFalse, tLambda:
			return true
		case tNot: // print not x, but not: print not in x
			return p.py2
		}
	}
	return false
}

// isPrint tells whether the name print begins a print statement.
func (p *parser) isPrint() bool {
	c := p.peek()
	if p.operandFollows(c) {
		return true
	}
	if !p.py2 {
		return false
	}
	i, _ := p.peekAt(p.pos)
	switch c {
	case 0:
		return true
	case '>':
		return i+1 < len(p.text) && p.text[i+1] == '>'
	case '-', '~', '[':
		return true
	}
	return false
}

func (p *parser) print() Stmt {
	start := p.start
	p.python2(int(start), int(p.end), py2Print)
	p.next()
	s := &Print{}
	if p.is(tRShift) {
		s.To = p.expression()
		p.is(tComma)
	}
	mark := len(p.exprs)
	for p.begins() {
		p.exprs = append(p.exprs, p.expression())
		if !p.is(tComma) {
			break
		}
	}
	s.Args = p.take(mark)
	s.base = p.at(start)
	return s
}

func (p *parser) exec() Stmt {
	start := p.start
	p.python2(int(start), int(p.end), py2Exec)
	p.next()
	s := &Exec{Code: p.binary(precBitOr)}
	if p.is(tIn) {
		s.Globals = p.expression()
		if p.is(tComma) {
			s.Locals = p.expression()
		}
	}
	s.base = p.at(start)
	return s
}
