package walk

import "strings"

// A glob is one line of an ignore file. Most lines are plain names or *.suffix, so these have forms that
// cost one comparison.
type glob struct {
	form    globForm
	text    string // what the form compares with; for globPath the literal text before the first wildcard
	ops     []globOp
	negated bool // !line
	dirOnly bool // line/
}

type globForm uint8

const (
	globNever  globForm = iota // malformed: Git lets such a line match nothing
	nameEqual                  // name
	nameSuffix                 // *.suffix
	nameGlob                   // n?me
	pathEqual                  // a/name, /name
	pathGlob                   // a/*/name
)

// A globOp consumes one byte, or is a star.
type globOp struct {
	kind globKind
	char byte
	set  *byteSet
}

type globKind uint8

const (
	opChar  globKind = iota // this byte
	opAny                   // ?: any byte but a slash
	opSet                   // […]
	opStar                  // *: any run without a slash
	opDirs                  // **/: nothing, or a run that ends with a slash
	opCross                 // **: any run
)

type byteSet [4]uint64

func (s *byteSet) add(lo, hi byte) {
	for c := int(lo); c <= int(hi); c++ {
		s[c>>6] |= 1 << (c & 63)
	}
}

func (s *byteSet) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

// longestGlob bounds the cost of one comparison. No path is longer on any system, so a longer line can only be meant to hurt.
const longestGlob = 4096

// parseGlob reads one line of an ignore file. ok is false for an empty line or a comment.
func parseGlob(line string) (g glob, ok bool) {
	if i := strings.IndexByte(line, 0); i >= 0 {
		line = line[:i]
	}
	line = trimSpaces(line)
	if line == "" || line[0] == '#' {
		return g, false
	}
	return parsePattern(line), true
}

// trimSpaces removes trailing spaces, but not one that a backslash escapes.
func trimSpaces(line string) string {
	end := 0 // after the last character that stays
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			i++
		}
		end = min(i+1, len(line))
	}
	return line[:end]
}

func parsePattern(p string) (g glob) {
	if strings.HasPrefix(p, "!") {
		g.negated, p = true, p[1:]
	}
	if strings.HasSuffix(p, "/") { // also after a backslash: Git looks at the last byte only
		g.dirOnly, p = true, p[:len(p)-1]
	}
	if p == "" || len(p) > longestGlob {
		return g
	}
	plain := strings.IndexAny(p, `*?[\`)
	if !strings.Contains(p, "/") {
		switch {
		case plain < 0:
			g.form, g.text = nameEqual, p
		case p[0] == '*' && !strings.ContainsAny(p[1:], `*?[\`):
			g.form, g.text = nameSuffix, p[1:]
		default:
			g.compile(nameGlob, p)
		}
		return g
	}
	if p[0] == '/' {
		p = p[1:]
		plain--
	}
	if plain < 0 {
		g.form, g.text = pathEqual, p
		return g
	}
	// Git compares the literal text first and then matches the rest as if it stood alone: a**/b means a, then **/b.
	g.text = p[:plain]
	g.compile(pathGlob, p[plain:])
	return g
}

// compile sets form and ops, or leaves g to match nothing.
func (g *glob) compile(form globForm, p string) {
	for i := 0; i < len(p); {
		switch c := p[i]; c {
		case '\\':
			if i+1 == len(p) {
				return
			}
			g.ops = append(g.ops, globOp{kind: opChar, char: p[i+1]})
			i += 2
		case '?':
			g.ops = append(g.ops, globOp{kind: opAny})
			i++
		case '*':
			start := i
			for i < len(p) && p[i] == '*' {
				i++
			}
			// Two stars or more cross slashes when they are a whole part of the path; else they are one star.
			whole := form == pathGlob && i-start > 1 && (start == 0 || p[start-1] == '/')
			switch {
			case whole && i == len(p), whole && strings.HasPrefix(p[i:], `\/`):
				g.ops = append(g.ops, globOp{kind: opCross})
			case whole && p[i] == '/':
				g.ops = append(g.ops, globOp{kind: opDirs})
				i++
			default:
				g.ops = append(g.ops, globOp{kind: opStar})
			}
		case '[':
			set, n := parseSet(p[i:])
			if n == 0 {
				return
			}
			g.ops = append(g.ops, globOp{kind: opSet, set: set})
			i += n
		default:
			g.ops = append(g.ops, globOp{kind: opChar, char: c})
			i++
		}
	}
	g.form = form
}

// parseSet reads a bracket expression at the start of p, and says how long it is; 0 when it is malformed.
func parseSet(p string) (set *byteSet, n int) {
	set = new(byteSet)
	i := 1
	negated := i < len(p) && (p[i] == '!' || p[i] == '^')
	if negated {
		i++
	}
	last := byte(0) // what a following "-" would range from
	for first := true; ; first = false {
		if i >= len(p) {
			return nil, 0
		}
		c := p[i]
		switch {
		case c == ']' && !first:
			if negated {
				for j := range set {
					set[j] = ^set[j]
				}
			}
			set['/'>>6] &^= 1 << ('/' & 63) // no set matches a slash
			return set, i + 1
		case c == '\\':
			if i++; i >= len(p) {
				return nil, 0
			}
			last = p[i]
			set.add(last, last)
		case c == '-' && last != 0 && i+1 < len(p) && p[i+1] != ']':
			if i++; p[i] == '\\' {
				if i++; i >= len(p) {
					return nil, 0
				}
			}
			set.add(last, p[i])
			last = 0
		case c == '[' && i+1 < len(p) && p[i+1] == ':':
			end := strings.IndexByte(p[i+2:], ']')
			if end < 0 {
				return nil, 0
			}
			name := p[i+2 : i+2+end]
			if !strings.HasSuffix(name, ":") {
				set.add('[', '[') // no class after all: an ordinary bracket
				last = '['
				break
			}
			if !set.addClass(name[:len(name)-1]) {
				return nil, 0
			}
			i += 2 + end
			last = 0
		default:
			set.add(c, c)
			last = c
		}
		i++
	}
}

// addClass adds a POSIX class; as in Git, only ASCII belongs to any.
func (s *byteSet) addClass(name string) bool {
	switch name {
	case "alnum":
		s.add('0', '9')
		s.add('A', 'Z')
		s.add('a', 'z')
	case "alpha":
		s.add('A', 'Z')
		s.add('a', 'z')
	case "blank":
		s.add(' ', ' ')
		s.add('\t', '\t')
	case "cntrl":
		s.add(0, 31)
		s.add(127, 127)
	case "digit":
		s.add('0', '9')
	case "graph":
		s.add(33, 126)
	case "lower":
		s.add('a', 'z')
	case "print":
		s.add(32, 126)
	case "punct":
		s.add(33, 47)
		s.add(58, 64)
		s.add(91, 96)
		s.add(123, 126)
	case "space":
		s.add(9, 13)
		s.add(' ', ' ')
	case "upper":
		s.add('A', 'Z')
	case "xdigit":
		s.add('0', '9')
		s.add('A', 'F')
		s.add('a', 'f')
	default:
		return false
	}
	return true
}

// match compares a path, relative to the folder of the ignore file, and its last part.
func (g *glob) match(path, name string) bool {
	switch g.form {
	case nameEqual:
		return name == g.text
	case nameSuffix:
		return strings.HasSuffix(name, g.text)
	case nameGlob:
		return matchOps(g.ops, name)
	case pathEqual:
		return path == g.text
	case pathGlob:
		return strings.HasPrefix(path, g.text) && matchOps(g.ops, path[len(g.text):])
	}
	return false
}

// matchOps runs ops over text. Only the last star and the last star that crosses slashes need ever be
// tried again: whatever an earlier one could do, a later one can do as well. So the cost is
// at most len(ops) × len(text) for each part of the path.
func matchOps(ops []globOp, text string) bool {
	p, t := 0, 0
	starP, starT := -1, 0
	crossP, crossT := -1, 0
	for {
		if p == len(ops) {
			if t == len(text) {
				return true
			}
		} else {
			op := &ops[p]
			switch op.kind {
			case opStar:
				p++
				starP, starT = p, t
				continue
			case opDirs, opCross:
				p++
				if p == len(ops) && op.kind == opCross {
					return true
				}
				starP, crossP, crossT = -1, p, t
				continue
			}
			if t < len(text) {
				c := text[t]
				if op.kind == opChar && c == op.char || op.kind == opAny && c != '/' || op.kind == opSet && op.set.has(c) {
					p++
					t++
					continue
				}
			}
		}
		switch {
		case starP >= 0 && starT < len(text) && text[starT] != '/':
			starT++
			p, t = starP, starT
		case crossP >= 0 && ops[crossP-1].kind == opDirs:
			n := strings.IndexByte(text[crossT:], '/')
			if n < 0 {
				return false
			}
			crossT += n + 1
			p, t, starP = crossP, crossT, -1
		case crossP >= 0 && crossT < len(text):
			crossT++
			p, t, starP = crossP, crossT, -1
		default:
			return false
		}
	}
}

// A verdict is what a set of lines says of a path.
type verdict uint8

const (
	silent verdict = iota // nothing
	keep                  // a line with ! matched last
	ignore
)

// globs are the lines of one file, or of one option.
type globs []glob

// judge says what the last line that matches says.
func (gs globs) judge(path, name string, dir bool) verdict {
	for i := len(gs) - 1; i >= 0; i-- {
		g := &gs[i]
		if (!g.dirOnly || dir) && g.match(path, name) {
			if g.negated {
				return keep
			}
			return ignore
		}
	}
	return silent
}

// parseGlobs reads the lines of an ignore file.
func parseGlobs(text string) globs {
	var gs globs
	text = strings.TrimPrefix(text, "\uFEFF")
	for line := range strings.SplitSeq(text, "\n") {
		if g, ok := parseGlob(strings.TrimSuffix(line, "\r")); ok {
			gs = append(gs, g)
		}
	}
	return gs
}

// Globs are patterns in the syntax of .gitignore, for rules that hold for some paths only.
type Globs struct{ globs globs }

// NewGlobs reads patterns.
func NewGlobs(patterns []string) *Globs {
	g := &Globs{}
	for _, p := range patterns {
		if p != "" {
			g.globs = append(g.globs, parsePattern(fromDot(p)))
		}
	}
	return g
}

// Empty reports whether there are none.
func (g *Globs) Empty() bool { return len(g.globs) == 0 }

// Match reports whether the patterns match a path, or a folder on its way.
func (g *Globs) Match(path string) bool { return g.globs.judgeDeep(path, false) == ignore }
