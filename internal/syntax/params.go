package syntax

// params reads parameters up to the token that ends them: ) of a function, : of a lambda. Only a function's are annotated.
func (p *parser) params(end kind, annotated bool) *Params {
	start := p.start
	ps := &Params{}
	var star, doubleStar, slash, bareStar, defaults bool
	for p.kind != end && p.kind != tBad {
		if doubleStar && !p.pattern {
			p.fail("nothing can follow a parameter with **")
			break
		}
		switch p.kind {
		case tSlash:
			if slash || star || len(ps.List) == 0 {
				p.softErrorHere("/ stands once, after a parameter and before any *")
			}
			slash = true
			for _, x := range ps.List {
				if x.Kind == PosOrKw {
					x.Kind = PosOnly
				}
			}
			p.next()
		case tStar:
			if star {
				p.softErrorHere("* stands only once among parameters")
			}
			star = true
			p.next()
			if p.kind == tComma {
				bareStar = true
				break
			}
			if p.kind == end {
				p.softErrorHere("a parameter has to follow *")
				break
			}
			ps.List = append(ps.List, p.param(VarArgs, annotated))
			if p.kind == tAssign {
				p.fail("a parameter with * has no default")
			}
		case tDoubleStar:
			if bareStar {
				p.softErrorHere("a parameter has to follow *")
			}
			doubleStar = true
			p.next()
			ps.List = append(ps.List, p.param(KwArgs, annotated))
			if p.kind == tAssign {
				p.fail("a parameter with ** has no default")
			}
		default:
			kind := PosOrKw
			if star {
				kind = KwOnly
			}
			bareStar = false
			x := p.param(kind, annotated)
			if p.is(tAssign) {
				x.Default = p.expression()
				defaults = true
			} else if defaults && !star && x.Name != "..." {
				p.softError(x, "a parameter without a default cannot follow one with a default")
			}
			ps.List = append(ps.List, x)
		}
		if !p.is(tComma) {
			break
		}
	}
	if bareStar {
		p.softErrorHere("a parameter has to follow *")
	}
	ps.base = p.at(start)
	if len(ps.List) == 0 && !slash && !star {
		ps.end = ps.start
	}
	return ps
}

// softErrorHere records an error at the current token, and goes on.
func (p *parser) softErrorHere(message string) {
	if !p.pattern && p.kind != tBad {
		p.errorAt(int(p.start), int(p.end), message)
	}
}

// param reads a name with its annotation.
func (p *parser) param(k ParamKind, annotated bool) *Param {
	start := p.start
	x := p.nodes.params.alloc()
	x.Kind = k
	switch {
	case p.pattern && p.kind == tEllipsis:
		x.Name = "..."
		p.next()
		x.base = p.at(start)
		return x
	case p.kind == tLPar && k == PosOrKw:
		p.python2(int(p.start), int(p.end), py2Tuple)
		x.Tuple = p.atom()
		p.store(x.Tuple, Store)
	default:
		x.Name = p.ident().Name
	}
	if annotated && p.is(tColon) {
		if k == VarArgs {
			x.Annotation = starExpression(p)
		} else {
			x.Annotation = p.expression()
		}
	}
	x.base = p.at(start)
	return x
}

// typeParams reads [T: bound = default, *Ts, **P], if there are any.
func (p *parser) typeParams() []*TypeParam {
	if p.kind != tLBrack {
		return nil
	}
	p.next()
	var list []*TypeParam
	if p.kind == tRBrack {
		p.fail("expected a type parameter here")
	}
	for p.kind != tRBrack && p.kind != tBad {
		start := p.start
		t := &TypeParam{}
		switch {
		case p.is(tStar):
			t.Kind = TypeVarTuple
		case p.is(tDoubleStar):
			t.Kind = ParamSpec
		}
		t.Name = p.ident().Name
		if p.kind == tColon {
			if t.Kind != TypeVar {
				p.fail("only a plain type parameter has a bound")
			}
			p.next()
			t.Bound = p.expression()
		}
		if p.is(tAssign) {
			if t.Kind == TypeVarTuple {
				t.Default = starExpression(p)
			} else {
				t.Default = p.expression()
			}
		}
		t.base = p.at(start)
		list = append(list, t)
		if !p.is(tComma) {
			break
		}
	}
	p.expect(tRBrack)
	return list
}
