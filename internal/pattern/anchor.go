package pattern

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An anchor says at which nodes of a file a pattern can match at all, so that nowhere else is it tried.
type anchor struct {
	syms  []int32 // one of these names has to be the last component of what the node names or calls; nil: any
	calls bool    // the node is a call of that name, else the name itself
	keyed bool    // the node is a call that gives an argument that name
	from  bool    // the node imports a module or a name that is called so
	// What follows holds when there are no symbols.
	text  int32    // one more than the number of the text that the node is, if it is not of the kind; or 0
	stmt  bool     // the pattern is statements
	kind  nodeKind // of the node; anyNode if it may be any expression or statement
	also  nodeKind // a second kind; anyNode if there is none
	needs []int32  // names that have to stand somewhere in the file
	roots []int32  // names that have to stand there, or be taken from elsewhere: see [index.knows]
}

// nodeKind sorts nodes for anchors.
type nodeKind uint8

const (
	anyNode nodeKind = iota
	kCall
	kNamedCall  // with an argument by name
	kUnpackCall // with **
	kName       // *Name and *Attribute
	kStr        // *Str and *FString
	kFString    // of those, the ones with fields
	kNum
	kConst
	kBinOp
	kBoolOp
	kCompare
	kUnary
	kSubscript
	kContainer // lists, tuples and sets
	kDict
	kComp
	kLambda
	kCond
	kAwait
	kYield
	kWalrus
	kStarred
	kKeyword
	kOtherExpr
	kExprStmt
	kAssign // *Assign and *AnnAssign
	kAugAssign
	kFunction
	kClass
	kReturn
	kIf
	kFor
	kWhile
	kWith
	kTry
	kHandler
	kRaise
	kImport // *Import and *ImportFrom
	// Of those above, the ones that patterns of texts can match: see [matcher.noString].
	kTextAssign   // of what may be a text
	kTextCompare  // with what may be one
	kTextFunction // with a parameter whose default may be one
	kOtherStmt
	numNodeKinds
)

func kindOf(n syntax.Node) nodeKind {
	switch n.(type) {
	case *syntax.Call:
		return kCall
	case *syntax.Name, *syntax.Attribute:
		return kName
	case *syntax.Str:
		return kStr
	case *syntax.FString:
		return kFString
	case *syntax.Num:
		return kNum
	case *syntax.Const:
		return kConst
	case *syntax.BinOp:
		return kBinOp
	case *syntax.BoolOp:
		return kBoolOp
	case *syntax.Compare:
		return kCompare
	case *syntax.UnaryOp:
		return kUnary
	case *syntax.Subscript:
		return kSubscript
	case *syntax.List, *syntax.Tuple, *syntax.Set:
		return kContainer
	case *syntax.Dict:
		return kDict
	case *syntax.Comp:
		return kComp
	case *syntax.Lambda:
		return kLambda
	case *syntax.Cond:
		return kCond
	case *syntax.Await:
		return kAwait
	case *syntax.Yield:
		return kYield
	case *syntax.Walrus:
		return kWalrus
	case *syntax.Starred:
		return kStarred
	case *syntax.Keyword:
		return kKeyword
	case *syntax.ExprStmt:
		return kExprStmt
	case *syntax.Assign, *syntax.AnnAssign:
		return kAssign
	case *syntax.AugAssign:
		return kAugAssign
	case *syntax.FunctionDef:
		return kFunction
	case *syntax.ClassDef:
		return kClass
	case *syntax.Return:
		return kReturn
	case *syntax.If:
		return kIf
	case *syntax.For:
		return kFor
	case *syntax.While:
		return kWhile
	case *syntax.With:
		return kWith
	case *syntax.Try:
		return kTry
	case *syntax.Handler:
		return kHandler
	case *syntax.Raise:
		return kRaise
	case *syntax.Import, *syntax.ImportFrom:
		return kImport
	case syntax.Stmt:
		return kOtherStmt
	}
	return kOtherExpr
}

func isMetavar(name string) bool { return len(name) > 1 && name[0] == '$' }

// isRun reports whether a metavariable stands for any number of things: $...X.
func isRun(name string) bool { return strings.HasPrefix(name, "$...") }

func isEllipsis(e syntax.Node) bool {
	c, ok := e.(*syntax.Const)
	return ok && c.Kind == syntax.Ellipsis
}

func (c *compiler) sym(name string) int32 {
	if s, ok := c.set.symbols[name]; ok {
		return s
	}
	s := int32(len(c.set.symbols))
	c.set.symbols[name] = s
	return s
}

// anchorOf finds where a pattern can match. A literal or name that it holds has to be written in the file, but for what constant
// propagation and imports may bring: so only the names of what is called or got are relied on.
func (c *compiler) anchorOf(l *leaf) anchor {
	a := c.anchorAt(l)
	a.roots = c.roots(l.pattern)
	return a
}

func (c *compiler) anchorAt(l *leaf) anchor {
	p := l.pattern
	switch {
	case p.Expr != nil:
		return c.exprAnchor(p.Expr, l.options)
	case p.Partial != nil:
		return c.partialAnchor(p.Partial)
	case p.Decorators != nil:
		return anchor{stmt: true, kind: anyNode, needs: c.needs(p.Decorators[0])}
	}
	a := anchor{stmt: true, kind: anyNode}
	for _, s := range p.Body {
		if x, ok := s.(*syntax.ExprStmt); ok && isEllipsis(x.X) {
			continue
		}
		a.needs = append(a.needs, c.needs(s)...)
	}
	if len(p.Body) == 1 {
		if sym := c.importAnchor(p.Body[0]); sym >= 0 {
			return anchor{syms: []int32{sym}, from: true, needs: a.needs}
		}
		a.kind = textKind(p.Body[0], stmtKind(p.Body[0]), l.options)
	}
	return a
}

// importAnchor is the last component of what a statement imports, when it is one module or one name; else -1.
func (c *compiler) importAnchor(s syntax.Stmt) int32 {
	name := ""
	switch s := s.(type) {
	case *syntax.Import:
		if len(s.Names) == 1 {
			name = s.Names[0].Name
		}
	case *syntax.ImportFrom:
		if s.Level == 0 && len(s.Names) == 1 {
			if name = s.Names[0].Name; isMetavar(name) || name == "..." || name == "*" {
				name = s.Module.Name
			}
		}
	}
	if name = name[strings.LastIndexByte(name, '.')+1:]; name == "" || strings.Contains(name, "$") || name == "*" {
		return -1
	}
	return c.sym(name)
}

// textKind is the narrower kind of nodes that a pattern of a text matches.
func textKind(n syntax.Node, kind nodeKind, options uint8) nodeKind {
	switch n := n.(type) {
	case *syntax.Assign:
		if isText(n.Value, options) {
			return kTextAssign
		}
	case *syntax.Compare:
		if len(n.Rest) == 1 && options&optSymmetricEq == 0 && isText(n.Rest[0], options) {
			return kTextCompare
		}
	case *syntax.FunctionDef:
		if n.Params == nil {
			break
		}
		for _, p := range n.Params.List {
			if p.Default != nil && isText(p.Default, options) {
				return kTextFunction
			}
		}
	}
	return kind
}

// isText reports whether a pattern matches texts alone, whichever way it is asked about them.
func isText(p syntax.Expr, options uint8) bool {
	s, ok := p.(*syntax.Str)
	return ok && options&optSymbolic == 0 && strings.Trim(s.Value, ".") != ""
}

// stmtKind is the kind of the statements that a pattern of one statement matches.
func stmtKind(s syntax.Stmt) nodeKind {
	if _, ok := s.(*syntax.ExprStmt); ok {
		return anyNode
	}
	return kindOf(s)
}

func (c *compiler) exprAnchor(e syntax.Expr, options uint8) anchor {
	switch e := e.(type) {
	case *syntax.Call:
		if name := lastName(e.Func); name != "" {
			return anchor{syms: []int32{c.sym(name)}, calls: true}
		}
		a := anchor{kind: kCall, needs: c.needs(e)}
		for _, kw := range argumentsOf(e.Args).named {
			switch {
			case kw.Name == "":
				a.kind = kUnpackCall
			case isMetavar(kw.Name):
				if a.kind == kCall {
					a.kind = kNamedCall
				}
			default:
				return anchor{syms: []int32{c.sym(kw.Name)}, keyed: true, needs: a.needs}
			}
		}
		return a
	case *syntax.Name, *syntax.Attribute:
		if name := lastName(e); name != "" {
			return anchor{syms: []int32{c.sym(name)}}
		}
		if a, ok := e.(*syntax.Attribute); ok {
			return anchor{kind: kName, needs: c.needs(a)}
		}
		return anchor{kind: anyNode}
	case *syntax.Const:
		if e.Kind == syntax.Ellipsis {
			return anchor{kind: anyNode}
		}
		return anchor{kind: kConst}
	case *syntax.List:
		if len(e.Elts) == 1 && runOf(e.Elts[0]) == "..." {
			return anchor{kind: kContainer, also: kComp}
		}
	case *syntax.Dict:
		if anyItems(e) {
			return anchor{kind: anyNode}
		}
	case *syntax.Str:
		if plainText(e) {
			return anchor{text: 1 + c.text(e.Value), kind: kFString}
		}
		return anchor{kind: kStr}
	case *syntax.Deep:
		return anchor{kind: anyNode, needs: c.needs(e)}
	case *syntax.Typed:
		return anchor{kind: anyNode}
	}
	return anchor{kind: textKind(e, kindOf(e), options), needs: c.needs(e)}
}

// plainText reports whether a text of a pattern stands for itself alone.
func plainText(p *syntax.Str) bool {
	return p.Value != "" && !strings.Contains(p.Value, "...") && !strings.HasPrefix(p.Value, "=~/") && !isMetavar(p.Value)
}

// text is the number of a text that a pattern is.
func (c *compiler) text(text string) int32 {
	t, ok := c.set.texts[text]
	if !ok {
		t = int32(len(c.set.texts))
		c.set.texts[text] = t
	}
	return t
}

func (c *compiler) partialAnchor(n syntax.Node) anchor {
	a := anchor{stmt: true, kind: kindOf(n), needs: c.needs(n)}
	if _, ok := n.(*syntax.Case); ok {
		a.kind = anyNode
	}
	return a
}

// lastName is the last component of a name that has to be there; "" for a metavariable or an ellipsis.
func lastName(e syntax.Expr) string {
	name := ""
	switch e := e.(type) {
	case *syntax.Name:
		name = e.Name
	case *syntax.Attribute:
		name = e.Name
	}
	if isMetavar(name) || name == "..." {
		return ""
	}
	return name
}

// needs are the names that have to occur in a file that a pattern matches in: those of attributes, keywords, functions
// and classes, and bare names. A name may come in by an import under another name, so an index of a file holds the
// original names of its imports, too.
func (c *compiler) needs(n syntax.Node) []int32 {
	var out []int32
	add := func(name string) {
		if name != "" && name != "..." && name != "*" && !isMetavar(name) && !strings.Contains(name, "$") {
			out = append(out, c.sym(name))
		}
	}
	syntax.Inspect(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			add(n.Name)
		case *syntax.Attribute:
			add(n.Name)
			// What stands before may be imported under any name.
			return !plainDotted(n.X)
		case *syntax.Keyword:
			add(n.Name)
		case *syntax.FunctionDef:
			add(n.Name.Name)
		case *syntax.ClassDef:
			add(n.Name.Name)
		case *syntax.Typed, *syntax.Import, *syntax.ImportFrom, *syntax.Param:
			return false
		case *syntax.If, *syntax.Try, *syntax.With:
			return true
		}
		return true
	})
	return out
}

// roots are the components of the dotted names that a pattern calls or takes a part of: `crypt` and `crypt` again of crypt.crypt(...).
// A name may be imported as another one, and from a module of the program that imports it; but then its parts are spelled there.
func (c *compiler) roots(p *syntax.Pattern) []int32 {
	var out []int32
	var add func(e syntax.Expr)
	add = func(e syntax.Expr) {
		switch e := e.(type) {
		case *syntax.Name:
			out = append(out, c.sym(e.Name))
		case *syntax.Attribute:
			out = append(out, c.sym(e.Name))
			add(e.X)
		}
	}
	visit := func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Attribute:
			if plainDotted(n) {
				add(n)
				return false
			}
			if plainDotted(n.X) {
				add(n.X)
				return false
			}
		case *syntax.Typed, *syntax.Import, *syntax.ImportFrom, *syntax.BinOp, *syntax.BoolOp, *syntax.FunctionDef, *syntax.ClassDef, *syntax.Match, *syntax.Case:
			return false // parts may stand in another order, be left out, or mean a type
		}
		return true
	}
	switch {
	case p.Expr != nil:
		syntax.Inspect(p.Expr, visit)
	case len(p.Body) == 1:
		syntax.Inspect(p.Body[0], visit)
	}
	return out
}

// plainDotted reports whether e is a.b.c without metavariables.
func plainDotted(e syntax.Expr) bool {
	for {
		switch x := e.(type) {
		case *syntax.Name:
			return !isMetavar(x.Name)
		case *syntax.Attribute:
			if isMetavar(x.Name) || x.Name == "..." {
				return false
			}
			e = x.X
		default:
			return false
		}
	}
}

// dotted is the text of a.b.c, or "".
func dotted(e syntax.Expr) string {
	switch x := e.(type) {
	case *syntax.Name:
		if !isMetavar(x.Name) {
			return x.Name
		}
	case *syntax.Attribute:
		if x.Name == "..." || isMetavar(x.Name) {
			return ""
		}
		if p := dotted(x.X); p != "" {
			return p + "." + x.Name
		}
	}
	return ""
}
