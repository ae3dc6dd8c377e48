package ir

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes a random program that ends: its loops and calls are bounded. Every definition assigns a number that occurs nowhere else,
// so that a number seen at a use tells which definition reached it. It calls
//
//	probe(i, x)  which notes that the use i has seen x
//	maybe()      true or false, by chance
//	boom()       which raises E or F, by chance
//	lap(n)       an iterable of up to n new numbers above a million
type generator struct {
	r      *rand.Rand
	b      strings.Builder
	number int
	probes int
	left   int // statements still to be written
	indent int
	names  []string
	funcs  int
}

// A genScope is where statements are being written.
type genScope struct {
	kind    FuncKind
	loop    bool
	try     bool // what is raised here is caught, as a rule
	outer   *genScope
	own     []string // bound before the body, so that inner functions may say nonlocal
	remote  map[string]bool
	callees []string
}

func generate(seed uint64) string {
	g := &generator{r: rand.New(rand.NewPCG(seed, 7)), left: 12 + int(seed%40), names: []string{"a", "b", "c", "d"}}
	s := &genScope{kind: ModuleCode}
	for _, n := range g.names {
		if g.n(8) > 0 {
			g.line("%s = %d", n, g.num())
		}
	}
	for g.left > 0 {
		g.stmt(s)
	}
	for _, n := range g.names {
		g.line("probe(%d, %s)", g.probe(), n)
	}
	return g.b.String()
}

func (g *generator) line(format string, args ...any) {
	g.b.WriteString(strings.Repeat(" ", g.indent))
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteByte('\n')
}

func (g *generator) probe() int  { g.probes++; return g.probes }
func (g *generator) num() int    { g.number++; return g.number }
func (g *generator) n(n int) int { return g.r.IntN(n) }
func (g *generator) name() string {
	return g.names[g.n(len(g.names))]
}

// block writes an indented run of statements.
func (g *generator) block(s *genScope, body func()) {
	g.indent++
	if body != nil {
		body()
	}
	for range 1 + g.n(3) {
		g.stmt(s)
	}
	g.indent--
}

func (g *generator) inLoop(s *genScope) *genScope {
	t := *s
	t.loop = true
	return &t
}

func (g *generator) inTry(s *genScope) *genScope {
	t := *s
	t.try = true
	return &t
}

func (g *generator) expr(s *genScope, depth int) string {
	if depth > 2 {
		return fmt.Sprint(g.num())
	}
	switch g.n(16) {
	case 0, 1, 2, 3, 4:
		return fmt.Sprint(g.num())
	case 5, 6:
		return g.name()
	case 7:
		return fmt.Sprintf("(%s if %s else %s)", g.expr(s, depth+1), g.cond(s, depth+1), g.expr(s, depth+1))
	case 8:
		return fmt.Sprintf("(%s or %s)", g.cond(s, depth+1), g.expr(s, depth+1))
	case 9:
		return fmt.Sprintf("(%s and %s)", g.cond(s, depth+1), g.expr(s, depth+1))
	case 10:
		return fmt.Sprintf("(%s := %s)", g.name(), g.expr(s, depth+1))
	case 11:
		return fmt.Sprintf("(%s + 1000)", g.name())
	case 12:
		if s.kind != ClassCode {
			return fmt.Sprintf("(lambda %s=%d: [probe(%d, %s), %s][1])()", g.name(), g.num(), g.probe(), g.name(), g.name())
		}
	case 13:
		return fmt.Sprintf("[probe(%d, %s), %s][1]", g.probe(), g.name(), g.expr(s, depth+1))
	case 14:
		return fmt.Sprintf("(%s, %s)[%d]", g.expr(s, depth+1), g.expr(s, depth+1), g.n(2))
	}
	return fmt.Sprint(g.num())
}

func (g *generator) cond(s *genScope, depth int) string {
	if depth > 2 {
		return "maybe()"
	}
	switch g.n(18) {
	case 0, 1, 2, 3, 4, 5:
		return "maybe()"
	case 6:
		return fmt.Sprintf("%s == %d", g.name(), 1+g.n(g.number+1))
	case 7:
		return fmt.Sprintf("(%s and %s)", g.cond(s, depth+1), g.cond(s, depth+1))
	case 8:
		return fmt.Sprintf("(%s or %s)", g.cond(s, depth+1), g.cond(s, depth+1))
	case 9:
		return "not " + g.cond(s, depth+1)
	case 10:
		return fmt.Sprintf("(%s := %s)", g.name(), g.expr(s, depth+1))
	case 11:
		return fmt.Sprintf("%d <= %s < %s", g.n(g.number+1), g.name(), g.expr(s, depth+1))
	case 12:
		return fmt.Sprintf("%s is None", g.name())
	case 13:
		return fmt.Sprintf("probe(%d, %s) or maybe()", g.probe(), g.name())
	case 14:
		return [...]string{"True", "0", "1", "None", "()", "..."}[g.n(6)]
	case 15:
		return fmt.Sprintf("isinstance(%s, int)", g.name())
	case 16:
		return fmt.Sprintf("%s in (%s, %d)", g.name(), g.name(), g.num())
	default:
		return fmt.Sprintf("(%s if %s else %s)", g.cond(s, depth+1), g.cond(s, depth+1), g.cond(s, depth+1))
	}
}

func (g *generator) stmt(s *genScope) {
	g.left--
	if g.left < 0 || g.indent > 7 {
		g.line("probe(%d, %s)", g.probe(), g.name())
		return
	}
	kind := g.n(38)
	if !s.try && (kind == 9 || kind == 25 || kind == 32 || kind == 36) && g.n(8) > 0 {
		kind = 17 // the program is to go on
	}
	switch kind {
	case 0, 1, 2, 3, 4, 5:
		g.line("%s = %s", g.name(), g.expr(s, 0))
	case 6, 7, 8:
		g.line("probe(%d, %s)", g.probe(), g.name())
	case 9:
		g.line("boom()")
	case 10, 11, 12:
		g.line("if %s:", g.cond(s, 0))
		g.block(s, nil)
		for g.n(3) == 0 {
			g.line("elif %s:", g.cond(s, 0))
			g.block(s, nil)
		}
		if g.n(2) == 0 {
			g.line("else:")
			g.block(s, nil)
		}
	case 13, 14:
		g.line("while maybe() and %s:", g.cond(s, 0))
		g.block(g.inLoop(s), nil)
		g.loopElse(s)
	case 15, 16:
		switch g.n(3) {
		case 0:
			g.line("for %s in lap(3):", g.name())
		case 1:
			g.line("for %s, (%s, *%s) in [(%d, (%d, 0)), (%d, (%d, 1, 2))]:", g.name(), g.name(), g.name(), g.num(), g.num(), g.num(), g.num())
		default:
			g.line("for _ in lap(2):")
		}
		g.block(g.inLoop(s), nil)
		g.loopElse(s)
	case 17, 18, 19, 20:
		g.try(s)
	case 21:
		g.with(s)
	case 22, 23:
		g.match(s)
	case 24:
		g.comprehension(s)
	case 25:
		g.line("del %s", g.name())
	case 26, 27:
		g.function(s)
	case 28:
		g.class(s)
	case 29:
		if s.loop {
			g.line("break")
		} else {
			g.call(s)
		}
	case 30:
		if s.loop {
			g.line("continue")
		} else {
			g.call(s)
		}
	case 31:
		if s.kind == DefCode {
			g.line("return %s", g.expr(s, 0))
		} else {
			g.call(s)
		}
	case 32:
		g.line("raise %s", [...]string{"E", "F", "E()"}[g.n(3)])
	case 33:
		g.line("%s += %d", g.name(), 1000*(1+g.n(3)))
	case 34:
		g.line("%s = %s = %s", g.name(), g.name(), g.expr(s, 0))
	case 35:
		g.line("(%s, %s) = %s, %s", g.name(), g.name(), g.expr(s, 0), g.expr(s, 0))
	case 36:
		g.line("assert %s, probe(%d, %s)", g.cond(s, 0), g.probe(), g.name())
	case 37:
		g.call(s)
	}
}

func (g *generator) loopElse(s *genScope) {
	if g.n(3) == 0 {
		g.line("else:")
		g.block(s, nil)
	}
}

func (g *generator) try(s *genScope) {
	g.line("try:")
	g.block(g.inTry(s), nil)
	handlers := g.n(3)
	finally := handlers == 0 || g.n(3) == 0
	for i := range handlers {
		switch g.n(4) {
		case 0:
			g.line("except E:")
		case 1:
			g.line("except F as %s:", g.name())
		case 2:
			g.line("except (E, F, NameError):")
		default:
			if i < handlers-1 {
				g.line("except Exception as %s:", g.name())
			} else {
				g.line("except:")
			}
		}
		g.block(s, nil)
	}
	if handlers > 0 && g.n(3) == 0 {
		g.line("else:")
		g.block(s, nil)
	}
	if finally {
		g.line("finally:")
		g.block(s, nil)
	}
}

func (g *generator) with(s *genScope) {
	switch g.n(3) {
	case 0:
		g.line("with suppress(E, NameError):")
	case 1:
		g.line("with manager() as %s, manager():", g.name())
	default:
		g.line("with manager(), suppress(E, F) as %s:", g.name())
	}
	g.block(g.inTry(s), nil)
}

func (g *generator) match(s *genScope) {
	subject := g.expr(s, 0)
	switch g.n(3) {
	case 0:
		subject = g.name()
	case 1:
		subject = fmt.Sprintf("(%s, %s)", g.expr(s, 1), g.expr(s, 1))
	}
	g.line("match %s:", subject)
	g.indent++
	for range 1 + g.n(3) {
		two := func() (x, y string) {
			x = g.name()
			for y = x; y == x; y = g.name() {
			}
			return x, y
		}
		x, y := two()
		pattern := ""
		switch g.n(10) {
		case 0:
			pattern = fmt.Sprintf("(%s, %d)", x, 1+g.n(g.number+1))
		case 1:
			pattern = fmt.Sprintf("[%s, *%s]", x, y)
		case 2:
			pattern = fmt.Sprintf("int(%s)", x)
		case 3:
			pattern = fmt.Sprintf("%d | %d", 1+g.n(g.number+1), 1+g.n(g.number+1))
		case 4:
			pattern = fmt.Sprintf("{0: %s, **%s}", x, y)
		case 5:
			pattern = fmt.Sprintf("(%d, %s) | (%s, %d)", 1+g.n(g.number+1), x, x, 1+g.n(g.number+1))
		case 6:
			pattern = fmt.Sprintf("int() as %s", x)
		case 7:
			pattern = "None | True"
		case 8:
			pattern = fmt.Sprintf("%s if %s", x, g.cond(s, 0))
		case 9:
			pattern = fmt.Sprintf("(int() | None as %s, _) if %s", x, g.cond(s, 0))
		}
		g.line("case %s:", pattern)
		g.block(s, nil)
	}
	if g.n(2) == 0 {
		g.line("case %s:", [...]string{"_", g.name()}[g.n(2)])
		g.block(s, nil)
	}
	g.indent--
}

func (g *generator) comprehension(s *genScope) {
	x := g.name()
	y := x
	for y == x {
		y = g.name()
	}
	second := ""
	if g.n(2) == 0 {
		second = fmt.Sprintf(" for _ in lap(2) if probe(%d, %s) is None", g.probe(), g.name())
	}
	test := "maybe()"
	if s.kind != ClassCode && g.n(2) == 0 {
		test = fmt.Sprintf("(%s := %d)", y, g.num())
	}
	body := fmt.Sprintf("probe(%d, %s) for %s in lap(2) if %s%s", g.probe(), g.name(), x, test, second)
	if second == "" && g.n(3) == 0 {
		body = fmt.Sprintf("(lambda: probe(%d, %s))() for %s in lap(2) if %s", g.probe(), g.name(), x, test)
	}
	switch g.n(4) {
	case 0:
		g.line("list(%s)", body)
	case 1:
		g.line("{%s}", body)
	case 2:
		g.line("{0: %s}", body)
	default:
		g.line("[%s]", body)
	}
}

func (g *generator) function(s *genScope) {
	g.funcs++
	f := fmt.Sprintf("f%d", g.funcs)
	t := &genScope{kind: DefCode, outer: s, remote: map[string]bool{}, callees: append([]string(nil), s.callees...)}
	var params []string
	used := map[string]bool{}
	for range g.n(3) {
		if n := g.name(); !used[n] {
			used[n] = true
			t.own = append(t.own, n)
			params = append(params, fmt.Sprintf("%s=%s", n, g.expr(s, 1)))
		}
	}
	if g.n(4) == 0 {
		g.line("@[probe(%d, %s), plain][1]", g.probe(), g.name())
	}
	g.line("def %s(%s):", f, strings.Join(params, ", "))
	g.block(t, func() {
		for _, n := range g.names {
			if used[n] {
				continue
			}
			switch g.n(8) {
			case 0:
				g.line("global %s", n)
				used[n] = true
			case 1:
				if g.bound(s, n) {
					g.line("nonlocal %s", n)
					used[n] = true
				}
			case 2, 3, 4:
				g.line("%s = %d", n, g.num())
				t.own = append(t.own, n)
				used[n] = true
			}
		}
	})
	if g.n(6) == 0 {
		g.indent++
		g.line("yield %d", g.num())
		g.line("probe(%d, %s)", g.probe(), g.name())
		g.indent--
		g.line("list(%s())", f)
	} else {
		g.line("%s()", f)
	}
	if s.kind != ClassCode {
		s.callees = append(s.callees, f)
	}
}

// bound reports whether an enclosing function binds a name for sure.
func (g *generator) bound(s *genScope, n string) bool {
	for ; s != nil && s.kind != ModuleCode; s = s.outer {
		if s.kind != DefCode {
			continue
		}
		for _, o := range s.own {
			if o == n {
				return true
			}
		}
	}
	return false
}

func (g *generator) class(s *genScope) {
	g.funcs++
	g.line("class C%d:", g.funcs)
	g.block(&genScope{kind: ClassCode, outer: s}, nil)
	g.line("probe(%d, %s)", g.probe(), g.name())
}

func (g *generator) call(s *genScope) {
	if len(s.callees) == 0 || s.kind == ClassCode {
		g.line("%s = %d", g.name(), g.num())
		return
	}
	g.line("%s()", s.callees[g.n(len(s.callees))])
}
