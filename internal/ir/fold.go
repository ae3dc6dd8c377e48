package ir

import (
	"math/big"
	"strings"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

const (
	// maxConst bounds the size of a folded value in bytes: a program that builds larger ones does not spell them out.
	maxConst = 64 << 10
	maxShift = 4096
)

// Fold computes the value of an expression, when it is the same in every run. The values of names, attributes and
// calls that it holds are asked of known; each node costs a step.
func Fold(e syntax.Expr, known func(syntax.Expr) (Const, bool), steps *int) (Const, bool) {
	f := folder{known: known, steps: steps}
	c := f.fold(e)
	if !c.IsValid() || c.size() > maxConst {
		return Const{}, false
	}
	return c, true
}

type folder struct {
	known func(syntax.Expr) (Const, bool)
	steps *int
	depth int
}

func (f *folder) fold(e syntax.Expr) Const {
	if *f.steps--; *f.steps < 0 || f.depth > 200 {
		return Const{}
	}
	f.depth++
	defer func() { f.depth-- }()
	switch e := e.(type) {
	case *syntax.Const:
		return constOf(e.Kind)
	case *syntax.Num:
		return number(e)
	case *syntax.Str:
		if e.Flags&syntax.Bytes != 0 {
			return BytesConst(e.Value)
		}
		return StrConst(e.Value)
	case *syntax.Name, *syntax.Attribute:
		c, _ := f.known(e)
		return c
	case *syntax.FString:
		return f.fstring(e)
	case *syntax.Tuple:
		if elts, ok := f.all(e.Elts); ok {
			return TupleConst(elts)
		}
	case *syntax.List:
		if elts, ok := f.all(e.Elts); ok {
			return ListConst(elts)
		}
	case *syntax.Dict:
		keys, ok := f.all(e.Keys)
		values, ok2 := f.all(e.Values)
		if ok && ok2 {
			c, _ := dictConst(keys, values)
			return c
		}
	case *syntax.UnaryOp:
		return unary(e.Op, f.fold(e.X))
	case *syntax.BinOp:
		x := f.fold(e.X)
		if !x.IsValid() {
			return Const{}
		}
		return binary(e.Op, x, f.fold(e.Y))
	case *syntax.BoolOp:
		return f.boolOp(e)
	case *syntax.Cond:
		return f.cond(e)
	case *syntax.Compare:
		return f.compare(e)
	case *syntax.Walrus:
		return f.fold(e.Value)
	case *syntax.Subscript:
		return subscript(f.fold(e.X), f.fold(e.Index))
	case *syntax.Call:
		return f.call(e)
	}
	return Const{}
}

func constOf(k syntax.ConstKind) Const {
	switch k {
	case syntax.None:
		return NoneConst()
	case syntax.Ellipsis:
		return Const{kind: Ellipsis}
	}
	return BoolConst(k == syntax.True)
}

func number(n *syntax.Num) Const {
	switch n.Kind {
	case syntax.Int:
		if i := n.Int(); i != nil {
			return BigConst(i)
		}
	case syntax.Float:
		return FloatConst(n.Float())
	}
	return Const{}
}

// all folds a list of elements, none of which may be starred.
func (f *folder) all(list []syntax.Expr) ([]Const, bool) {
	out := make([]Const, len(list))
	for i, e := range list {
		if e == nil {
			return nil, false
		}
		if out[i] = f.fold(e); !out[i].IsValid() {
			return nil, false
		}
	}
	return out, true
}

func (f *folder) fstring(e *syntax.FString) Const {
	if e.Template {
		return Const{}
	}
	var b strings.Builder
	for _, p := range e.Parts {
		switch p := p.(type) {
		case *syntax.Str:
			b.WriteString(p.Value)
		case *syntax.Interp:
			c := f.fold(p.X)
			if !c.IsValid() || p.Spec != nil || b.Len() > maxConst {
				return Const{}
			}
			text, ok := display(c, p.Conversion)
			if !ok {
				return Const{}
			}
			b.WriteString(text)
		}
	}
	return StrConst(b.String())
}

// display is str(c), or repr(c).
func display(c Const, conversion byte) (string, bool) {
	if s, ok := c.Str(); ok && (conversion == 0 || conversion == 's') {
		return s, true
	}
	if conversion == 'a' || !c.IsValid() {
		return "", false
	}
	return c.String(), true
}

func (f *folder) boolOp(e *syntax.BoolOp) Const {
	var c Const
	for _, v := range e.Values {
		if c = f.fold(v); !c.IsValid() {
			return Const{}
		}
		if c.Truth() == (e.Op == syntax.Or) {
			break
		}
	}
	return c
}

// cond is a conditional whose test is known, or whose branches are the same.
func (f *folder) cond(e *syntax.Cond) Const {
	if test := f.fold(e.Test); test.IsValid() {
		if test.Truth() {
			return f.fold(e.Then)
		}
		return f.fold(e.Else)
	}
	if x := f.fold(e.Then); x.IsValid() && x.Equal(f.fold(e.Else)) {
		return x
	}
	return Const{}
}

func (f *folder) compare(e *syntax.Compare) Const {
	if len(e.Ops) != 1 {
		return Const{}
	}
	return compareConst(e.Ops[0], f.fold(e.X), f.fold(e.Rest[0]))
}

func compareConst(op syntax.Op, x, y Const) Const {
	if !x.IsValid() || !y.IsValid() {
		return Const{}
	}
	switch op {
	case syntax.Eq:
		return BoolConst(x.pyEqual(y))
	case syntax.NotEq:
		return BoolConst(!x.pyEqual(y))
	case syntax.Is:
		if x.IsNone() || y.IsNone() {
			return BoolConst(x.IsNone() && y.IsNone())
		}
	case syntax.IsNot:
		if x.IsNone() || y.IsNone() {
			return BoolConst(x.IsNone() != y.IsNone())
		}
	case syntax.In, syntax.NotIn:
		if found, ok := member(x, y); ok {
			return BoolConst(found == (op == syntax.In))
		}
	case syntax.Lt, syntax.LtE, syntax.Gt, syntax.GtE:
		if x.numeric() && y.numeric() {
			return ordered(op, x.float(), y.float())
		}
	}
	return Const{}
}

// member is Python's `x in y`.
func member(x, y Const) (found, ok bool) {
	switch {
	case y.kind == Str && x.kind == Str:
		return strings.Contains(y.str, x.str), true
	case y.kind == Tuple || y.kind == List || y.kind == Dict:
		for _, e := range y.Elems() {
			if e.pyEqual(x) {
				return true, true
			}
		}
		return false, true
	}
	return false, false
}

func ordered(op syntax.Op, x, y float64) Const {
	switch op {
	case syntax.Lt:
		return BoolConst(x < y)
	case syntax.LtE:
		return BoolConst(x <= y)
	case syntax.Gt:
		return BoolConst(x > y)
	}
	return BoolConst(x >= y)
}

func unary(op syntax.Op, x Const) Const {
	if !x.IsValid() {
		return Const{}
	}
	if op == syntax.Not {
		return BoolConst(!x.Truth())
	}
	if v, ok := x.Float64(); ok {
		switch op {
		case syntax.USub:
			return FloatConst(-v)
		case syntax.UAdd:
			return x
		}
		return Const{}
	}
	v, ok := x.BigInt()
	if !ok {
		return Const{}
	}
	switch op {
	case syntax.USub:
		return BigConst(new(big.Int).Neg(v))
	case syntax.Invert:
		return BigConst(new(big.Int).Not(v))
	}
	return BigConst(new(big.Int).Set(v))
}

func binary(op syntax.Op, x, y Const) Const {
	if !x.IsValid() || !y.IsValid() {
		return Const{}
	}
	switch {
	case op == syntax.Mod && x.kind == Str:
		return percent(x.str, y)
	case op == syntax.Add && x.kind == y.kind && (x.kind == Str || x.kind == Bytes):
		if len(x.str)+len(y.str) <= maxConst {
			return Const{kind: x.kind, str: x.str + y.str}
		}
	case op == syntax.Add && x.kind == y.kind && (x.kind == List || x.kind == Tuple):
		elts := append(append([]Const(nil), x.Elems()...), y.Elems()...)
		return Const{kind: x.kind, more: &more{elts: elts}}
	case op == syntax.Mult && (x.kind == Str || x.kind == Bytes):
		return repeat(x, y)
	case op == syntax.Mult && (y.kind == Str || y.kind == Bytes):
		return repeat(y, x)
	case x.kind == Float || y.kind == Float || op == syntax.Div:
		if x.numeric() && y.numeric() {
			return floatOp(op, x.float(), y.float())
		}
	default:
		a, ok := x.BigInt()
		b, ok2 := y.BigInt()
		if ok && ok2 {
			return intOp(op, a, b)
		}
	}
	return Const{}
}

func repeat(s, n Const) Const {
	k, ok := n.Int64()
	if !ok || k > maxConst || int64(len(s.str))*max(k, 0) > maxConst {
		return Const{}
	}
	return Const{kind: s.kind, str: strings.Repeat(s.str, int(max(k, 0)))}
}

func floatOp(op syntax.Op, x, y float64) Const {
	switch op {
	case syntax.Add:
		return FloatConst(x + y)
	case syntax.Sub:
		return FloatConst(x - y)
	case syntax.Mult:
		return FloatConst(x * y)
	case syntax.Div:
		if y != 0 {
			return FloatConst(x / y)
		}
	}
	return Const{}
}

func intOp(op syntax.Op, x, y *big.Int) Const {
	z := new(big.Int)
	if x.BitLen() > maxShift*2 || y.BitLen() > maxShift*2 {
		return Const{}
	}
	switch op {
	case syntax.Add:
		z.Add(x, y)
	case syntax.Sub:
		z.Sub(x, y)
	case syntax.Mult:
		z.Mul(x, y)
	case syntax.FloorDiv, syntax.Mod:
		if y.Sign() == 0 {
			return Const{}
		}
		m := new(big.Int)
		z.Quo(x, y)
		m.Rem(x, y)
		if m.Sign() != 0 && m.Sign() != y.Sign() {
			z.Sub(z, big.NewInt(1))
			m.Add(m, y)
		}
		if op == syntax.Mod {
			z = m
		}
	case syntax.Pow:
		if y.Sign() < 0 || !y.IsInt64() || y.Int64()*int64(x.BitLen()) > maxShift {
			return Const{}
		}
		z.Exp(x, y, nil)
	case syntax.LShift, syntax.RShift:
		if y.Sign() < 0 || !y.IsInt64() || y.Int64() > maxShift {
			return Const{}
		}
		if op == syntax.LShift {
			z.Lsh(x, uint(y.Int64()))
		} else {
			z.Rsh(x, uint(y.Int64()))
		}
	case syntax.BitAnd:
		z.And(x, y)
	case syntax.BitOr:
		z.Or(x, y)
	case syntax.BitXor:
		z.Xor(x, y)
	default:
		return Const{}
	}
	return BigConst(z)
}

func subscript(x, i Const) Const {
	if !x.IsValid() || !i.IsValid() {
		return Const{}
	}
	if x.kind == Dict {
		for n, k := range x.Elems() {
			if k.pyEqual(i) {
				return x.Values()[n]
			}
		}
		return Const{}
	}
	n, ok := i.Int64()
	if !ok {
		return Const{}
	}
	if x.kind == Str {
		runes := []rune(x.str)
		if n < 0 {
			n += int64(len(runes))
		}
		if n >= 0 && n < int64(len(runes)) {
			return StrConst(string(runes[n]))
		}
		return Const{}
	}
	elts := x.Elems()
	if n < 0 {
		n += int64(len(elts))
	}
	if (x.kind == List || x.kind == Tuple) && n >= 0 && n < int64(len(elts)) {
		return elts[n]
	}
	return Const{}
}
