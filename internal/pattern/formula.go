package pattern

import (
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A Language says what the text of a pattern is.
type Language uint8

const (
	Python  Language = iota // Python with metavariables and `...`
	Generic                 // words and brackets of any text
	Regexp                  // nothing but pattern-regex
)

// A Pos is a place in a rule file, 1-based, for errors. The zero Pos is unknown.
type Pos struct{ Line, Column int }

// A Formula is a tree of patterns: *[Leaf], *[Regex], *[And], *[Or], *[Not], *[Inside], *[Anywhere] or *[As].
type Formula interface{ formula() }

// A Leaf is `pattern:`.
type Leaf struct {
	Text string
	Lang Language
	Pos  Pos
}

// A Regex is `pattern-regex:`, matched over the text of the file. Its groups are bound as "$1" and "$name".
type Regex struct {
	Text string
	Pos  Pos
}

// An And is `patterns:`. The conditions and the focus apply to what is left of its parts.
type And struct {
	Of    []Formula
	Where []Condition
	Focus [][]string // one entry for each focus-metavariable; several names in an entry are a union
	Pos   Pos
}

// An Or is `pattern-either:`.
type Or struct {
	Of  []Formula
	Pos Pos
}

// A Not is `pattern-not:` and `pattern-not-regex:`, and around an [Inside] `pattern-not-inside:`.
type Not struct {
	F   Formula
	Pos Pos
}

// An Inside is `pattern-inside:`.
type Inside struct {
	F   Formula
	Pos Pos
}

// An Anywhere holds where its formula matches anywhere in the file, in agreement with the metavariables.
type Anywhere struct {
	F   Formula
	Pos Pos
}

// An As binds what its formula matches to a metavariable.
type As struct {
	F    Formula
	Name string
	Pos  Pos
}

func (*Leaf) formula()     {}
func (*Regex) formula()    {}
func (*And) formula()      {}
func (*Or) formula()       {}
func (*Not) formula()      {}
func (*Inside) formula()   {}
func (*Anywhere) formula() {}
func (*As) formula()       {}

// A Condition is one of the metavariable-… keys: *[MetavarRegex], *[MetavarPattern],
// *[MetavarComparison], *[MetavarAnalysis] or *[MetavarType].
type Condition interface{ condition() }

// A MetavarRegex is `metavariable-regex:`; the expression is anchored at the start of the metavariable's text.
type MetavarRegex struct {
	Metavar             string
	Regex               string
	ConstantPropagation bool
	Pos                 Pos
}

// A MetavarPattern is `metavariable-pattern:`. With a Lang, the metavariable's text is read anew as that language.
type MetavarPattern struct {
	Metavar string
	Lang    *Language // nil: the rule's own
	F       Formula
	Pos     Pos
}

// A MetavarComparison is `metavariable-comparison:`. Metavar may be empty when the comparison names what it needs.
type MetavarComparison struct {
	Metavar    string
	Comparison string
	Base       int  // 0: by the literal's own prefix
	Strip      bool // quotes are taken off before the value is read as a number
	Pos        Pos
}

// A MetavarAnalysis is `metavariable-analysis:`.
type MetavarAnalysis struct {
	Metavar  string
	Analyzer string // "entropy", "entropy_v2", "redos"
	Pos      Pos
}

// A MetavarType is `metavariable-type:`; one of the types is enough.
type MetavarType struct {
	Metavar string
	Types   []string
	Pos     Pos
}

func (*MetavarRegex) condition()      {}
func (*MetavarPattern) condition()    {}
func (*MetavarComparison) condition() {}
func (*MetavarAnalysis) condition()   {}
func (*MetavarType) condition()       {}

// Options are a rule's `options:`. [DefaultOptions] are those of a rule that says nothing.
type Options struct {
	ConstantPropagation    bool // literals match names whose value is known
	SymbolicPropagation    bool // patterns match names by the expression assigned to them
	AttrExpr               bool // decorators are also searched as expressions
	CommutativeBoolop      bool // and, or match in any order
	ACMatching             bool // associative and commutative operators match in any grouping and order
	VardefAssign           bool // accepted for other languages; no effect in Python
	FlddefAssign           bool // accepted for other languages; no effect in Python
	ImplicitReturn         bool // accepted for other languages; no effect in Python
	ImplicitEllipsis       bool // accepted; class and dictionary fields match as subsets
	ImplicitDeepExprstmt   bool // an expression pattern standing as a statement also matches within one
	SymmetricEq            bool // == and != match with sides exchanged
	UnifyIDsStrictly       bool // identifiers are equal only when they resolve to the same binding
	InterfileSuffix        bool // accepted: names are known across files in any case
	DecoratorsOrderMatters bool

	GenericEllipsisMaxSpan       int // lines that `...` may cover beyond the one where it begins; 0: that line only
	GenericCaseless              bool
	GenericMultiline             bool
	GenericExtraBraces           [][2]string
	GenericExtraWordCharacters   []string
	GenericCommentStyle          string // "", "c", "cpp", "shell"
	GenericEngine                string // "", "aliengrep": both read alike
	MaxStepsPerFile              int    // 0: the default bound of counted steps
	MaxMatchPerFile              int    // 0: no bound but the default
	TaintAssumeSafeFunctions     bool
	TaintAssumeSafeIndexes       bool
	TaintAssumeSafeComparisons   bool
	TaintAssumeSafeBooleans      bool
	TaintAssumeSafeNumbers       bool
	TaintOnlyPropagateAssignment bool
}

// DefaultOptions are the options of a rule that has none.
func DefaultOptions() Options {
	return Options{
		ConstantPropagation:  true,
		AttrExpr:             true,
		CommutativeBoolop:    false,
		ACMatching:           true,
		VardefAssign:         true,
		FlddefAssign:         false,
		ImplicitEllipsis:     true,
		ImplicitDeepExprstmt: true,
		UnifyIDsStrictly:     true,
		GenericMultiline:     true,

		GenericEllipsisMaxSpan: 10,
	}
}

// A Rule is what the matcher needs of a rule.
type Rule struct {
	ID      string
	Lang    Language
	F       Formula
	Options Options
	Values  bool // its message tells values: bindings have their constants
}

// An Error says what is wrong with one rule. The other rules are still compiled.
type Error struct {
	Rule    int    // index in the rules given to [Compile]
	Pos     Pos    // in the rule file
	Key     string // "pattern", "metavariable-regex", …
	Message string // one line, with the remedy
}

func (e Error) Error() string { return e.Key + ": " + e.Message }

// A Match is one place where a rule's formula holds.
type Match struct {
	Rule     int
	Span     source.Span
	Node     syntax.Node // nil for regular expressions and generic patterns, and for runs of statements
	Bindings []Binding   // sorted by name
}

// A Binding is what a metavariable stands for.
type Binding struct {
	Name  string // "$X", "$...ARGS", "$1"
	Text  string // as it is written; the content, for "$X" within quotes
	Span  source.Span
	Node  syntax.Node // nil when it is a name that has no node of its own, a run of nodes, or text
	Const string      // value, when the rule asks for values, the constant is known and differs from Text
	run   []syntax.Node
}

// Exhausted reports that a rule used up its bound of steps in a file, or its bound of matches: what it found until then is
// reported, and more may be there.
type Exhausted struct {
	Rule    int
	Steps   int // the bound of steps
	Matches int // the bound of matches, where it was that one; else 0
}
