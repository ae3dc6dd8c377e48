package model

import "strings"

var flagNames = [...]string{"property", "classmethod", "staticmethod", "async", "abstract", "protocol", "dynamic", "enum", "key", "registers"}

var paramSigils = [...]string{"/", "", "*", "!", "**"} // by ParamKind

// String is a symbol in a line, for people and tests: its kind, name and flags, then of a class the bases, of a variable the type, of a
// function each signature. A parameter is /positional, !keyword only, optional?.
func (s *Symbol) String() string {
	var b strings.Builder
	b.WriteString(s.Kind.String() + " " + s.Name)
	for i, f := range flagNames {
		if s.Flags&(1<<i) != 0 {
			b.WriteString(" @" + f)
		}
	}
	switch s.Kind {
	case Var:
		b.WriteString(": " + s.Type.String())
	case Class:
		for _, t := range s.Bases {
			b.WriteString(" < " + t.String())
		}
	case Func:
		for _, g := range s.Sigs {
			b.WriteString(" | ")
			g.write(&b)
		}
	}
	return b.String()
}

func (g *Signature) write(b *strings.Builder) {
	b.WriteString("(")
	for i, p := range g.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(paramSigils[p.Kind] + p.Name)
		if p.Optional && p.Kind != VarArgs && p.Kind != KwArgs {
			b.WriteString("?")
		}
		if p.Type.Kind != Unknown {
			b.WriteString(": " + p.Type.String())
		}
	}
	b.WriteString(") -> " + g.Returns.String())
	for _, c := range g.Calls {
		b.WriteString(" calls " + c.String())
	}
}
