package syntax

// A kind is what a token is. Keywords stand together at the end, operators that assign
// stand together, so that ranges of kinds can be asked for.
type kind uint8

const (
	tEOF kind = iota
	tNewline
	tIndent
	tDedent
	tBad     // after an error, until the parser has found a place to go on; see parser.fail
	tIllegal // bytes that begin no token; the scanner has recorded the error

	tName
	tNumber
	tString
	tFStart  // f" with its prefix
	tFMiddle // literal text within an f-string, doubled braces still doubled
	tFEnd

	tLPar
	tRPar
	tLBrack
	tRBrack
	tLBrace
	tRBrace
	tColon
	tComma
	tSemi
	tDot
	tEllipsis
	tArrow
	tAssign
	tWalrus
	tBang
	tBackquote
	tDeepOpen  // <... in a pattern
	tDeepClose // ...> in a pattern

	tPlus
	tMinus
	tStar
	tSlash
	tDoubleSlash
	tPercent
	tAt
	tAmper
	tVBar
	tCaret
	tLShift
	tRShift
	tDoubleStar
	tTilde
	tLess
	tGreater
	tEqEq
	tNotEq
	tLessEq
	tGreaterEq

	// In the order of the operators above.
	tPlusAssign
	tMinusAssign
	tStarAssign
	tSlashAssign
	tDoubleSlashAssign
	tPercentAssign
	tAtAssign
	tAmperAssign
	tVBarAssign
	tCaretAssign
	tLShiftAssign
	tRShiftAssign
	tDoubleStarAssign

	tFalse
	tNone
	tTrue
	tAnd
	tAs
	tAssert
	tAsync
	tAwait
	tBreak
	tClass
	tContinue
	tDef
	tDel
	tElif
	tElse
	tExcept
	tFinally
	tFor
	tFrom
	tGlobal
	tIf
	tImport
	tIn
	tIs
	tLambda
	tNonlocal
	tNot
	tOr
	tPass
	tRaise
	tReturn
	tTry
	tWhile
	tWith
	tYield

	numKinds
)

var kindNames = [numKinds]string{
	tEOF: "the end of the file", tNewline: "the end of the line", tIndent: "an indent", tDedent: "an unindent",
	tName: "a name", tNumber: "a number", tString: "a string", tFStart: "an f-string",
	tFMiddle: "text", tFEnd: "the end of an f-string",
	tLPar: "(", tRPar: ")", tLBrack: "[", tRBrack: "]", tLBrace: "{", tRBrace: "}", tColon: ":", tComma: ",",
	tSemi: ";", tDot: ".", tEllipsis: "...", tArrow: "->", tAssign: "=", tWalrus: ":=", tBang: "!", tBackquote: "`",
	tDeepOpen: "<...", tDeepClose: "...>", tPlus: "+", tMinus: "-", tStar: "*", tSlash: "/", tDoubleSlash: "//",
	tPercent: "%", tAt: "@", tAmper: "&", tVBar: "|", tCaret: "^", tLShift: "<<", tRShift: ">>",
	tDoubleStar: "**", tTilde: "~", tLess: "<", tGreater: ">", tEqEq: "==", tNotEq: "!=", tLessEq: "<=", tGreaterEq: ">=",
	tPlusAssign: "+=", tMinusAssign: "-=", tStarAssign: "*=", tSlashAssign: "/=", tDoubleSlashAssign: "//=",
	tPercentAssign: "%=", tAtAssign: "@=", tAmperAssign: "&=", tVBarAssign: "|=", tCaretAssign: "^=",
	tLShiftAssign: "<<=", tRShiftAssign: ">>=", tDoubleStarAssign: "**=",
	tFalse: "False", tNone: "None", tTrue: "True", tAnd: "and", tAs: "as", tAssert: "assert", tAsync: "async",
	tAwait: "await", tBreak: "break", tClass: "class", tContinue: "continue", tDef: "def", tDel: "del",
	tElif: "elif", tElse: "else", tExcept: "except", tFinally: "finally", tFor: "for", tFrom: "from",
	tGlobal: "global", tIf: "if", tImport: "import", tIn: "in", tIs: "is", tLambda: "lambda",
	tNonlocal: "nonlocal", tNot: "not", tOr: "or", tPass: "pass", tRaise: "raise", tReturn: "return",
	tTry: "try", tWhile: "while", tWith: "with", tYield: "yield",
}

// String is the token as a reader of an error message knows it.
func (k kind) String() string {
	if k >= tLPar {
		return "'" + kindNames[k] + "'"
	}
	return kindNames[k]
}

// keyword tells whether a word is one of Python's keywords, and which: tName if none.
func keyword(w string) kind {
	if len(w) < 2 || len(w) > 8 {
		return tName
	}
	switch w[0] {
	case 'F':
		if w == "False" {
			return tFalse
		}
	case 'N':
		if w == "None" {
			return tNone
		}
	case 'T':
		if w == "True" {
			return tTrue
		}
	case 'a':
		switch w {
		case "and":
			return tAnd
		case "as":
			return tAs
		case "assert":
			return tAssert
		case "async":
			return tAsync
		case "await":
			return tAwait
		}
	case 'b':
		if w == "break" {
			return tBreak
		}
	case 'c':
		switch w {
		case "class":
			return tClass
		case "continue":
			return tContinue
		}
	case 'd':
		switch w {
		case "def":
			return tDef
		case "del":
			return tDel
		}
	case 'e':
		switch w {
		case "elif":
			return tElif
		case "else":
			return tElse
		case "except":
			return tExcept
		}
	case 'f':
		switch w {
		case "for":
			return tFor
		case "from":
			return tFrom
		case "finally":
			return tFinally
		}
	case 'g':
		if w == "global" {
			return tGlobal
		}
	case 'i':
		switch w {
		case "if":
			return tIf
		case "in":
			return tIn
		case "is":
			return tIs
		case "import":
			return tImport
		}
	case 'l':
		if w == "lambda" {
			return tLambda
		}
	case 'n':
		switch w {
		case "not":
			return tNot
		case "nonlocal":
			return tNonlocal
		}
	case 'o':
		if w == "or" {
			return tOr
		}
	case 'p':
		if w == "pass" {
			return tPass
		}
	case 'r':
		switch w {
		case "return":
			return tReturn
		case "raise":
			return tRaise
		}
	case 't':
		if w == "try" {
			return tTry
		}
	case 'w':
		switch w {
		case "with":
			return tWith
		case "while":
			return tWhile
		}
	case 'y':
		if w == "yield" {
			return tYield
		}
	}
	return tName
}

// Precedences of the operators that stand between two operands, weakest first. Zero is no operator.
const (
	precOr uint8 = 1 + iota
	precAnd
	precNot
	precCompare
	precBitOr
	precBitXor
	precBitAnd
	precShift
	precSum
	precTerm
	precUnary
	precPower
)

var precedence = [256]uint8{
	tOr: precOr, tAnd: precAnd,
	tNot: precCompare, tIn: precCompare, tIs: precCompare, tLess: precCompare, tGreater: precCompare,
	tEqEq: precCompare, tNotEq: precCompare, tLessEq: precCompare, tGreaterEq: precCompare,
	tVBar: precBitOr, tCaret: precBitXor, tAmper: precBitAnd, tLShift: precShift, tRShift: precShift,
	tPlus: precSum, tMinus: precSum,
	tStar: precTerm, tSlash: precTerm, tDoubleSlash: precTerm, tPercent: precTerm, tAt: precTerm,
}

var operators = [256]Op{
	tPlus: Add, tMinus: Sub, tStar: Mult, tSlash: Div, tDoubleSlash: FloorDiv, tPercent: Mod, tAt: MatMult,
	tAmper: BitAnd, tVBar: BitOr, tCaret: BitXor, tLShift: LShift, tRShift: RShift, tDoubleStar: Pow,
	tLess: Lt, tGreater: Gt, tEqEq: Eq, tNotEq: NotEq, tLessEq: LtE, tGreaterEq: GtE,
}

// startsExpr tells which tokens an expression can begin with.
var startsExpr = [256]bool{
	tName: true, tNumber: true, tString: true, tFStart: true, tLPar: true, tLBrack: true, tLBrace: true,
	tEllipsis: true, tBackquote: true, tDeepOpen: true, tPlus: true, tMinus: true, tTilde: true, tFalse: true,
	tNone: true, tTrue: true, tAwait: true, tLambda: true, tNot: true,
}

// statementOnly tells which keywords begin a statement and stand in no expression: where one begins a
// line within brackets, a bracket was left open.
var statementOnly = [256]bool{
	tAssert: true, tBreak: true, tClass: true, tContinue: true, tDef: true, tDel: true, tElif: true,
	tExcept: true, tFinally: true, tGlobal: true, tImport: true, tNonlocal: true, tPass: true, tRaise: true,
	tReturn: true, tTry: true, tWhile: true, tWith: true,
}
