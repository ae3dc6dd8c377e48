package pattern

import (
	"strings"
)

// unbound finds a condition or a focus of a formula on a metavariable that no pattern there can bind, so that it never holds. Outer is
// the formula around a metavariable-pattern, whose metavariables its conditions may name.
func unbound(f Formula, outer []Formula) *Error {
	switch f := f.(type) {
	case *And:
		for _, x := range f.Of {
			if err := unbound(x, outer); err != nil {
				return err
			}
		}
		scope := append(outer[:len(outer):len(outer)], f)
		for _, names := range f.Focus {
			for _, name := range names {
				if !bindsAny(scope, name) {
					return &Error{Pos: f.Pos, Key: "focus-metavariable", Message: noPattern(name)}
				}
			}
		}
		for _, w := range f.Where {
			key, pos, names := asked(w)
			for _, name := range names {
				if !bindsAny(scope, name) {
					return &Error{Pos: pos, Key: key, Message: noPattern(name)}
				}
			}
			if p, ok := w.(*MetavarPattern); ok {
				if err := unbound(p.F, scope); err != nil {
					return err
				}
			}
		}
	case *Or:
		for _, x := range f.Of {
			if err := unbound(x, outer); err != nil {
				return err
			}
		}
	case *Not:
		return unbound(f.F, outer)
	case *Inside:
		return unbound(f.F, outer)
	case *Anywhere:
		return unbound(f.F, outer)
	case *As:
		return unbound(f.F, outer)
	}
	return nil
}

func noPattern(name string) string {
	return "no pattern here has " + name + ", so this never holds: write a metavariable of the patterns beside it"
}

// asked are the metavariables that a condition is about.
func asked(w Condition) (key string, pos Pos, names []string) {
	switch w := w.(type) {
	case *MetavarRegex:
		return "metavariable-regex", w.Pos, []string{w.Metavar}
	case *MetavarPattern:
		return "metavariable-pattern", w.Pos, []string{w.Metavar}
	case *MetavarAnalysis:
		return "metavariable-analysis", w.Pos, []string{w.Metavar}
	case *MetavarType:
		return "metavariable-type", w.Pos, []string{w.Metavar}
	case *MetavarComparison:
		if w.Metavar != "" {
			names = []string{w.Metavar}
		}
		return "metavariable-comparison", w.Pos, names
	}
	return "", Pos{}, nil
}

func bindsAny(scope []Formula, name string) bool {
	for _, f := range scope {
		if binds(f, name) {
			return true
		}
	}
	return false
}

// binds reports whether a formula may bind a metavariable.
func binds(f Formula, name string) bool {
	switch f := f.(type) {
	case *Leaf:
		if f.Lang == Regexp {
			return hasGroup(f.Text, name)
		}
		return hasWord(f.Text, name)
	case *Regex:
		return hasGroup(f.Text, name)
	case *Or:
		for _, x := range f.Of {
			if binds(x, name) {
				return true
			}
		}
	case *And:
		for _, x := range f.Of {
			if binds(x, name) {
				return true
			}
		}
		for _, w := range f.Where {
			switch w := w.(type) {
			case *MetavarPattern:
				if binds(w.F, name) {
					return true
				}
			case *MetavarRegex:
				if hasGroup(w.Regex, name) {
					return true
				}
			}
		}
	case *Inside:
		return binds(f.F, name)
	case *Anywhere:
		return binds(f.F, name)
	case *As:
		return f.Name == name || binds(f.F, name)
	}
	return false
}

// hasWord reports whether a text has a metavariable.
func hasWord(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		from += i + len(name)
		if from == len(text) || !isNameByte(text[from]) {
			return true
		}
	}
}

// hasGroup reports whether an expression has a group of a metavariable's name or number.
func hasGroup(text, name string) bool {
	if c := name[1]; c >= '1' && c <= '9' {
		return strings.Contains(text, "(")
	}
	return strings.Contains(text, "<"+name[1:]+">") || strings.Contains(text, "'"+name[1:]+"'")
}
