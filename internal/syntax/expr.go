package syntax

// expression reads a conditional expression, a lambda, or anything that binds tighter.
func (p *parser) expression() Expr {
	start := p.start
	if p.kind == tLambda {
		return p.lambda()
	}
	x := p.binary(precOr)
	if p.kind == tIf {
		return p.cond(x, start)
	}
	return x
}

// cond reads on from `then` at `if`.
func (p *parser) cond(then Expr, start uint32) Expr {
	defer p.leave()
	if !p.enter() {
		return then
	}
	p.next()
	test := p.binary(precOr)
	p.expect(tElse)
	orelse := p.expression()
	return &Cond{p.at(start), test, then, orelse}
}

// named reads an expression, or name := expression.
func (p *parser) named() Expr {
	start := p.start
	x := p.expression()
	if p.kind == tWalrus {
		return p.walrus(x, start)
	}
	return x
}

func (p *parser) walrus(x Expr, start uint32) Expr {
	if n, ok := x.(*Name); !ok || n.start != start {
		p.fail(":= assigns to a name only")
		return x
	}
	p.next()
	p.store(x, Store)
	value := p.expression()
	return &Walrus{p.at(start), x, value}
}

// starred reads *x, or by plain what has no star.
func (p *parser) starred(plain func(*parser) Expr) Expr {
	if p.kind != tStar {
		return plain(p)
	}
	start := p.start
	p.next()
	x := p.binary(precBitOr)
	return &Starred{p.at(start), Load, x}
}

func starNamed(p *parser) Expr      { return p.starred((*parser).named) }
func starExpression(p *parser) Expr { return p.starred((*parser).expression) }

// begins tells whether an item of a list of expressions begins here.
func (p *parser) begins() bool { return startsExpr[p.kind] || p.kind == tStar || p.kind == tAsync }

// tuple reads one expression, or a tuple of several without brackets.
func (p *parser) tuple(item func(*parser) Expr) Expr {
	start := p.start
	x := item(p)
	if p.kind != tComma {
		return x
	}
	mark := len(p.exprs)
	p.exprs = append(p.exprs, x)
	for p.is(tComma) && p.begins() {
		p.exprs = append(p.exprs, item(p))
	}
	return p.newTuple(start, Load, p.take(mark))
}

func (p *parser) newTuple(start uint32, ctx Context, elts []Expr) *Tuple {
	t := p.nodes.tuples.alloc()
	*t = Tuple{p.at(start), ctx, elts}
	return t
}

// starExpressions reads what may stand after return, in, or as a statement.
func (p *parser) starExpressions() Expr { return p.tuple(starExpression) }

// value reads what may stand to the right of an assignment.
func (p *parser) value() Expr {
	if p.kind == tYield {
		return p.yield()
	}
	return p.starExpressions()
}

func (p *parser) yield() Expr {
	start := p.start
	p.next()
	if p.is(tFrom) {
		x := p.expression()
		return &Yield{p.at(start), true, x}
	}
	var x Expr
	if p.begins() {
		x = p.starExpressions()
	}
	return &Yield{p.at(start), false, x}
}

func (p *parser) lambda() Expr {
	defer p.leave()
	if !p.enter() {
		return p.bad()
	}
	start := p.start
	p.next()
	params := p.params(tColon, false)
	p.expect(tColon)
	body := p.expression()
	return &Lambda{p.at(start), params, body}
}

// binary reads operators that bind at least as tightly as min.
func (p *parser) binary(min uint8) Expr {
	start := p.start
	if p.kind != tNot {
		return p.binaryTail(p.unary(), start, min)
	}
	if min > precNot {
		p.fail("not cannot stand here without parentheses")
		return p.bad()
	}
	defer p.leave()
	if !p.enter() {
		return p.bad()
	}
	p.next()
	x := p.binary(precNot)
	return p.binaryTail(&UnaryOp{p.at(start), Not, x}, start, min)
}

// binaryTail reads on from the left operand x.
func (p *parser) binaryTail(x Expr, start uint32, min uint8) Expr {
	for chain := 0; ; chain++ {
		k := p.kind
		prec := precedence[k]
		if prec == 0 || prec < min {
			return x
		}
		if chain > maxChain {
			p.fail("this is nested too deeply")
			return x
		}
		switch prec {
		case precOr, precAnd:
			mark := len(p.exprs)
			p.exprs = append(p.exprs, x)
			for p.is(k) {
				p.exprs = append(p.exprs, p.binary(prec+1))
			}
			op := And
			if k == tOr {
				op = Or
			}
			values := p.take(mark)
			x = &BoolOp{p.at(start), op, values}
		case precCompare:
			var ok bool
			if x, ok = p.compare(x, start); !ok {
				return x
			}
		default:
			p.next()
			y := p.binary(prec + 1)
			b := p.nodes.binOps.alloc()
			*b = BinOp{p.at(start), operators[k], x, y}
			x = b
		}
	}
}

// compare reads on from x at an operator of comparison. It returns false where there is none after all.
func (p *parser) compare(x Expr, start uint32) (Expr, bool) {
	if p.kind == tNot && p.peekWord() != "in" {
		return x, false
	}
	mark := len(p.exprs)
	var buf [4]Op
	ops := buf[:0]
	for precedence[p.kind] == precCompare {
		op := operators[p.kind]
		switch p.kind {
		case tNot:
			if p.peekWord() != "in" {
				p.fail("expected in after not")
			}
			p.next()
			op = NotIn
		case tIn:
			op = In
		case tIs:
			op = Is
			p.next()
			if p.kind == tNot {
				op = IsNot
				p.next()
			}
		}
		if op != Is && op != IsNot {
			p.next()
		}
		ops = append(ops, op)
		p.exprs = append(p.exprs, p.binary(precBitOr))
	}
	c := p.nodes.compares.alloc()
	rest := p.take(mark)
	*c = Compare{p.at(start), x, append([]Op(nil), ops...), rest}
	return c, true
}

var unaryOps = [256]Op{tPlus: UAdd, tMinus: USub, tTilde: Invert}

func (p *parser) unary() Expr {
	switch p.kind {
	case tPlus, tMinus, tTilde:
		defer p.leave()
		if !p.enter() {
			return p.bad()
		}
		start, op := p.start, unaryOps[p.kind]
		p.next()
		x := p.unary()
		return &UnaryOp{p.at(start), op, x}
	}
	start := p.start
	return p.powerTail(p.primary(), start)
}

func (p *parser) powerTail(x Expr, start uint32) Expr {
	if p.kind != tDoubleStar {
		return x
	}
	defer p.leave()
	if !p.enter() {
		return x
	}
	p.next()
	y := p.unary()
	b := p.nodes.binOps.alloc()
	*b = BinOp{p.at(start), Pow, x, y}
	return b
}

// primary reads an atom with what is called, indexed and got of it, after await if there is one.
func (p *parser) primary() Expr {
	start := p.start
	if p.kind == tAwait && !p.awaitIsName() {
		p.next()
		at := p.start
		x := p.postfix(p.atom(), at)
		return &Await{p.at(start), x}
	}
	return p.postfix(p.atom(), start)
}

// awaitIsName tells whether await is used as a name, as it was before Python 3.7.
func (p *parser) awaitIsName() bool {
	i, c := p.peekAt(p.pos)
	switch {
	case c == '.': // await ... and await .5 are no use, but Python's
		return i+1 == len(p.text) || p.text[i+1] != '.' && classes[p.text[i+1]] != cDigit
	case c == 0, c == '=', c == ',', c == ')', c == ']', c == '}', c == ':', c == ';', c == '*', c == '/', c == '%', c == '|', c == '&', c == '<', c == '>', c == '!':
		return true
	}
	return false
}

// postfix reads on from x: calls, subscripts and attributes.
func (p *parser) postfix(x Expr, start uint32) Expr {
	for chain := 0; ; chain++ {
		switch p.kind {
		case tDot:
			p.next()
			x = p.attribute(x, start)
		case tLPar:
			p.next()
			args := p.arguments()
			p.expect(tRPar)
			c := p.nodes.calls.alloc()
			*c = Call{p.at(start), x, args}
			x = c
		case tLBrack:
			p.next()
			index := p.index()
			p.expect(tRBrack)
			s := p.nodes.subscripts.alloc()
			*s = Subscript{p.at(start), Load, x, index}
			x = s
		case tEllipsis:
			if !p.pattern || p.start != p.lastEnd {
				return x
			}
			x = p.attribute(x, start)
		default:
			return x
		}
		if chain > maxChain {
			p.fail("this is nested too deeply")
			return x
		}
	}
}

// attribute reads the name after a dot.
func (p *parser) attribute(x Expr, start uint32) Expr {
	var name string
	switch {
	case p.pattern && p.kind == tEllipsis:
		name = "..."
		p.next()
	case p.kind == tName:
		name = p.word()
		p.next()
	case p.py2 && p.kind >= tFalse:
		name = p.text[p.start:p.end]
		p.next()
	default:
		name = p.ident().Name
	}
	a := p.nodes.attributes.alloc()
	*a = Attribute{p.at(start), Load, x, name}
	return a
}

// arguments reads the arguments of a call up to its closing parenthesis.
func (p *parser) arguments() []Expr {
	mark := len(p.exprs)
	open := p.lastEnd - 1
	var keyword, unpacked bool
	for p.kind != tRPar && p.kind != tBad {
		x, isComp := p.argument(open, len(p.exprs) == mark)
		p.exprs = append(p.exprs, x)
		if isComp && (len(p.exprs) > mark+1 || p.kind != tRPar) {
			p.softError(x, "a generator expression needs parentheses of its own beside other arguments")
		}
		switch x := x.(type) {
		case *Keyword:
			keyword = true
			unpacked = unpacked || x.Name == ""
		case *Starred:
			if unpacked {
				p.softError(x, "*arguments cannot follow **arguments")
			}
		default:
			if keyword {
				p.softError(x, "an argument without a name cannot follow one with a name")
			}
		}
		if !p.is(tComma) {
			break
		}
	}
	return p.take(mark)
}

// softError records that an expression that was read is wrong. Patterns are not held to Python's rules of order.
func (p *parser) softError(x Node, message string) {
	if !p.pattern {
		s := x.Span()
		p.errorAt(int(s.Start), int(s.End), message)
	}
}

// argument reads one argument. A generator expression that is the only one takes the call's parentheses as its own.
func (p *parser) argument(open uint32, first bool) (x Expr, isComp bool) {
	start := p.start
	switch p.kind {
	case tStar:
		p.next()
		x := p.expression()
		return &Starred{p.at(start), Load, x}, false
	case tDoubleStar:
		p.next()
		x := p.expression()
		return p.newKeyword(start, "", x), false
	case tName, tAsync, tAwait:
		if i, c := p.peekAt(p.pos); c == '=' && !(i+1 < len(p.text) && p.text[i+1] == '=') && p.nameLike() {
			name := p.word()
			p.next()
			return p.keywordValue(start, name), false
		}
	}
	x = p.named()
	if p.kind == tFor || p.kind == tAsync {
		c := p.comprehension(x, nil, GeneratorComp, start)
		c.start = open
		if p.kind == tRPar {
			c.end = p.end
		}
		if !first {
			c.start, c.end = start, p.lastEnd
		}
		return c, true
	}
	if n, ok := x.(*Name); ok && p.pattern && p.kind == tColon && n.Name[0] == '$' {
		p.next()
		t := p.expression()
		return &Typed{p.at(start), n.Name, t}, false
	}
	if n, ok := x.(*Name); ok && p.kind == tAssign && n.start == start {
		return p.keywordValue(start, n.Name), false // a line end stands before the =
	}
	return x, false
}

func (p *parser) keywordValue(start uint32, name string) Expr {
	p.expect(tAssign)
	return p.newKeyword(start, name, p.expression())
}

func (p *parser) newKeyword(start uint32, name string, value Expr) Expr {
	k := p.nodes.keywords.alloc()
	*k = Keyword{p.at(start), name, value}
	return k
}

// index reads what stands within the brackets of a subscript.
func (p *parser) index() Expr {
	start := p.start
	x := p.slice()
	if _, star := x.(*Starred); p.kind != tComma && !star {
		return x
	}
	mark := len(p.exprs)
	p.exprs = append(p.exprs, x)
	for p.is(tComma) && p.kind != tRBrack && p.kind != tBad {
		p.exprs = append(p.exprs, p.slice())
	}
	return p.newTuple(start, Load, p.take(mark))
}

func (p *parser) slice() Expr {
	start := p.start
	var lo, hi, step Expr
	if p.kind != tColon {
		lo = starNamed(p)
		if p.kind != tColon {
			return lo
		}
	}
	p.next()
	if p.begins() {
		hi = p.expression()
	}
	if p.is(tColon) && p.begins() {
		step = p.expression()
	}
	return &Slice{p.at(start), lo, hi, step}
}

// comprehension reads on from an element at for.
func (p *parser) comprehension(elt, value Expr, k CompKind, start uint32) *Comp {
	c := &Comp{Kind: k, Elt: elt, Value: value}
	if _, star := elt.(*Starred); star {
		p.softError(elt, "a comprehension cannot unpack with *")
	}
	for p.kind == tFor || p.kind == tAsync {
		var f CompFor
		if p.is(tAsync) {
			f.Async = true
		}
		p.expect(tFor)
		f.Target = p.targets(tIn)
		p.expect(tIn)
		f.Iter = p.binary(precOr)
		if p.py2 && p.kind == tComma {
			mark := len(p.exprs)
			p.exprs = append(p.exprs, f.Iter)
			at := f.Iter.Span().Start
			p.python2(int(p.start), int(p.end), py2In)
			for p.is(tComma) && p.begins() {
				p.exprs = append(p.exprs, p.binary(precOr))
			}
			f.Iter = p.newTuple(at, Load, p.take(mark))
		}
		for p.is(tIf) {
			if p.kind == tLambda { // legal before Python 3.9
				f.Ifs = append(f.Ifs, p.lambda())
				continue
			}
			f.Ifs = append(f.Ifs, p.binary(precOr))
		}
		c.Clauses = append(c.Clauses, f)
	}
	c.base = p.at(start)
	return c
}

// targets reads what is assigned to, up to a keyword.
func (p *parser) targets(until kind) Expr {
	start := p.start
	x := p.target()
	if p.kind == tComma {
		mark := len(p.exprs)
		p.exprs = append(p.exprs, x)
		for p.is(tComma) && p.kind != until && p.kind != tBad {
			p.exprs = append(p.exprs, p.target())
		}
		x = p.newTuple(start, Store, p.take(mark))
	}
	return x
}

// target reads one thing that is assigned to.
func (p *parser) target() Expr {
	start := p.start
	if p.is(tStar) {
		x := p.binary(precBitOr)
		s := &Starred{p.at(start), Load, x}
		p.store(s, Store)
		return s
	}
	x := p.binary(precBitOr)
	p.store(x, Store)
	return x
}

// store says of an expression that was read that it is assigned to or deleted.
func (p *parser) store(x Expr, ctx Context) {
	switch x := x.(type) {
	case *Name:
		x.Ctx = ctx
	case *Attribute:
		x.Ctx = ctx
	case *Subscript:
		x.Ctx = ctx
	case *Starred:
		if ctx == Del {
			p.softError(x, "this cannot be deleted")
		}
		x.Ctx = ctx
		p.store(x.X, ctx)
	case *Tuple:
		x.Ctx = ctx
		for _, e := range x.Elts {
			p.store(e, ctx)
		}
	case *List:
		x.Ctx = ctx
		for _, e := range x.Elts {
			p.store(e, ctx)
		}
	case *BadExpr:
	default:
		if p.py2 {
			if c, ok := x.(*Const); ok && c.Kind != Ellipsis {
				return // None, True and False were names
			}
		}
		if ctx == Del {
			p.softError(x, "this cannot be deleted")
			return
		}
		p.softError(x, "this cannot be assigned to")
	}
}

// atom reads what has no operator to its left.
func (p *parser) atom() Expr {
	switch p.kind {
	case tName:
		n := p.nodes.names.alloc()
		*n = Name{p.atToken(), Load, p.word()}
		p.next()
		return n
	case tNumber:
		n := p.nodes.nums.alloc()
		text := p.text[p.start:p.end]
		*n = Num{p.atToken(), numKind(text), text}
		p.next()
		return n
	case tString, tFStart:
		return p.strings()
	case tLPar:
		return p.nested((*parser).paren)
	case tLBrack:
		return p.nested((*parser).list)
	case tLBrace:
		return p.nested((*parser).dictOrSet)
	case tBackquote:
		return p.nested((*parser).backquote)
	case tDeepOpen:
		return p.nested((*parser).deep)
	case tNone:
		return p.constant(None)
	case tTrue:
		return p.constant(True)
	case tFalse:
		return p.constant(False)
	case tEllipsis:
		return p.constant(Ellipsis)
	case tAsync, tAwait, tNonlocal:
		if p.nameLike() {
			return p.atom()
		}
	}
	if p.kind != tBad {
		p.fail("expected an expression here, found " + p.found())
	}
	return p.bad()
}

func (p *parser) nested(read func(*parser) Expr) Expr {
	defer p.leave()
	if !p.enter() {
		return p.bad()
	}
	return read(p)
}

func (p *parser) constant(k ConstKind) Expr {
	c := p.nodes.consts.alloc()
	*c = Const{p.atToken(), k}
	p.next()
	return c
}

func numKind(text string) NumKind {
	if len(text) == 1 {
		return Int
	}
	if last := text[len(text)-1] | 0x20; last == 'j' {
		return Imaginary
	}
	if text[0] == '0' && (text[1]|0x20 == 'x' || text[1]|0x20 == 'o' || text[1]|0x20 == 'b') {
		return Int
	}
	for i := range len(text) {
		if c := text[i]; c == '.' || c|0x20 == 'e' {
			return Float
		}
	}
	return Int
}

// paren reads an expression in parentheses, a tuple or a generator expression.
func (p *parser) paren() Expr {
	start := p.start
	p.next()
	if p.kind == tRPar {
		p.next()
		return p.newTuple(start, Load, nil)
	}
	if p.kind == tYield {
		x := p.yield()
		p.expect(tRPar)
		return x
	}
	at := p.start
	x := starNamed(p)
	switch p.kind {
	case tRPar:
		if _, star := x.(*Starred); star {
			p.softError(x, "* cannot stand alone in parentheses")
		}
		p.next()
		return x
	case tFor, tAsync:
		c := p.comprehension(x, nil, GeneratorComp, start)
		p.expect(tRPar)
		c.end = p.lastEnd
		return c
	case tColon:
		if n, ok := x.(*Name); ok && p.pattern && n.start == at && n.Name[0] == '$' {
			return p.typed(n, start)
		}
	}
	mark := len(p.exprs)
	p.exprs = append(p.exprs, x)
	for p.is(tComma) && p.kind != tRPar && p.kind != tBad {
		p.exprs = append(p.exprs, starNamed(p))
	}
	elts := p.take(mark)
	p.expect(tRPar)
	return p.newTuple(start, Load, elts)
}

func (p *parser) list() Expr {
	start := p.start
	p.next()
	mark := len(p.exprs)
	for p.kind != tRBrack && p.kind != tBad {
		x := starNamed(p)
		if (p.kind == tFor || p.kind == tAsync) && len(p.exprs) == mark {
			c := p.comprehension(x, nil, ListComp, start)
			p.expect(tRBrack)
			c.end = p.lastEnd
			return c
		}
		p.exprs = append(p.exprs, x)
		if !p.is(tComma) {
			break
		}
	}
	elts := p.take(mark)
	p.expect(tRBrack)
	return &List{p.at(start), Load, elts}
}

// dictOrSet reads {…}.
func (p *parser) dictOrSet() Expr {
	start := p.start
	p.next()
	if p.kind == tRBrace {
		p.next()
		return &Dict{base: p.at(start)}
	}
	if p.kind == tDoubleStar || p.pattern && p.kind == tEllipsis {
		return p.dict(start, nil, false)
	}
	at := p.start
	first := starNamed(p)
	if p.kind == tColon {
		switch first.(type) {
		case *Starred, *Walrus:
			if first.Span().Start == at {
				p.softError(first, "a key of a dictionary cannot be this without parentheses")
			}
		}
		return p.dict(start, first, true)
	}
	if p.kind == tFor || p.kind == tAsync {
		c := p.comprehension(first, nil, SetComp, start)
		p.expect(tRBrace)
		c.end = p.lastEnd
		return c
	}
	mark := len(p.exprs)
	p.exprs = append(p.exprs, first)
	for p.is(tComma) && p.kind != tRBrace && p.kind != tBad {
		p.exprs = append(p.exprs, starNamed(p))
	}
	elts := p.take(mark)
	p.expect(tRBrace)
	return &Set{p.at(start), elts}
}

// dict reads on from the first key, when there is one, at its colon. A set that begins with an ellipsis, in a
// pattern, turns out to be one at the end.
func (p *parser) dict(start uint32, key Expr, haveKey bool) Expr {
	d := &Dict{}
	mark := len(p.exprs) // keys and values in turn; nil for the key of **x
	isSet := false
	for first := true; p.kind != tRBrace && p.kind != tBad; first = false {
		if !first || !haveKey {
			key = nil
			switch {
			case p.is(tDoubleStar):
				p.exprs = append(p.exprs, nil, p.binary(precBitOr))
				if p.kind == tFor {
					p.fail("a comprehension cannot unpack with **")
				}
				if !p.is(tComma) {
					goto end
				}
				continue
			case p.pattern && p.kind == tEllipsis:
				dots := p.constant(Ellipsis)
				if first && p.kind == tFor { // {... for ... in ...}
					c := p.comprehension(dots, nil, SetComp, start)
					p.expect(tRBrace)
					c.end = p.lastEnd
					return c
				}
				p.exprs = append(p.exprs, nil, dots)
				if !p.is(tComma) {
					goto end
				}
				continue
			}
			key = p.expression()
			if p.pattern && (p.kind == tComma || p.kind == tRBrace) {
				// {..., x} is a set, {$...ITEMS} and {..., $...ITEMS} a run of items.
				isSet = isSet || !isRun(key)
				p.exprs = append(p.exprs, nil, key)
				if !p.is(tComma) {
					goto end
				}
				continue
			}
		}
		p.expect(tColon)
		value := p.expression()
		if first && (p.kind == tFor || p.kind == tAsync) {
			c := p.comprehension(key, value, DictComp, start)
			p.expect(tRBrace)
			c.end = p.lastEnd
			return c
		}
		p.exprs = append(p.exprs, key, value)
		if !p.is(tComma) {
			break
		}
	}
end:
	n := (len(p.exprs) - mark) / 2
	if n > 0 {
		all := make([]Expr, 2*n)
		for i := range n {
			all[i], all[n+i] = p.exprs[mark+2*i], p.exprs[mark+2*i+1]
		}
		d.Keys, d.Values = all[:n:n], all[n:]
	}
	p.exprs = p.exprs[:mark]
	p.expect(tRBrace)
	if isSet {
		return &Set{p.at(start), d.Values}
	}
	d.base = p.at(start)
	return d
}

// isRun tells whether an item of a pattern stands for any number of items.
func isRun(x Expr) bool {
	n, ok := x.(*Name)
	return ok && len(n.Name) > 4 && n.Name[:4] == "$..."
}

func (p *parser) backquote() Expr {
	start := p.start
	p.python2(int(start), int(p.end), py2Backquote)
	p.next()
	x := p.starExpressions()
	p.expect(tBackquote)
	return &Backquote{p.at(start), x}
}

// deep reads <... x ...> in a pattern.
func (p *parser) deep() Expr {
	start := p.start
	p.next()
	x := p.named()
	p.expect(tDeepClose)
	return &Deep{p.at(start), x}
}

// typed reads on from ($X at the colon of ($X : T), in a pattern.
func (p *parser) typed(n *Name, start uint32) Expr {
	p.next()
	t := p.expression()
	p.expect(tRPar)
	return &Typed{p.at(start), n.Name, t}
}
