package ir

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// Print writes a function as people read it.
func (f *Func) Print(out io.Writer) error {
	w := bufio.NewWriter(out)
	kind := [...]string{"module", "class", "def", "lambda"}[f.Kind]
	var params []string
	for _, p := range f.Params {
		params = append(params, f.Unit.Syms[p.Name])
	}
	if f.Name != "" {
		kind += " " + f.Name
	}
	fmt.Fprintf(w, "%s(%s)\n", kind, strings.Join(params, ", "))
	for id := range f.Blocks {
		b := &f.Blocks[id]
		fmt.Fprintf(w, "b%d:", id)
		if len(b.Preds) > 0 {
			fmt.Fprintf(w, " from")
			for _, p := range b.Preds {
				fmt.Fprintf(w, " b%d", p)
			}
		}
		if b.Handler {
			fmt.Fprintf(w, " by exception")
		}
		fmt.Fprintln(w)
		for p := b.Phi; p != 0; p = f.NextPhi(p) {
			fmt.Fprintf(w, "  %s\n", f.text(p))
		}
		for v := b.First; v < b.End; v++ {
			if f.Instrs[v].Op != Phi {
				fmt.Fprintf(w, "  %s\n", f.text(v))
			}
		}
		if b.Cond != 0 {
			fmt.Fprintf(w, "  if %%%d", b.Cond)
		}
		for _, s := range b.Succs {
			fmt.Fprintf(w, "  -> b%d", s)
		}
		if len(b.Succs) > 0 {
			fmt.Fprintln(w)
		}
	}
	return w.Flush()
}

func (f *Func) cell(binding uint32) string {
	if f.Unit.Names == nil {
		return fmt.Sprintf(" #%d", binding)
	}
	return " " + f.Unit.Names.AllBindings()[binding].Name
}

func (f *Func) text(v Value) string {
	in := &f.Instrs[v]
	var b strings.Builder
	if !in.effect() {
		fmt.Fprintf(&b, "%%%d = ", v)
	}
	b.WriteString(in.Op.String())
	val := func(x uint32) { fmt.Fprintf(&b, " %%%d", x) }
	sym := func(x uint32) { fmt.Fprintf(&b, " %s", f.Unit.Syms[x]) }
	switch in.Op {
	case ConstOp:
		fmt.Fprintf(&b, " %s", f.Consts[in.A])
	case ParamOp:
		sym(uint32(f.Params[in.A].Name))
	case Global:
		sym(in.A)
		if in.Sub == 1 {
			b.WriteString("?") // the module does not bind it
		}
	case TypeVar, Import:
		sym(in.A)
	case SetGlobal, SetName, DeclareName:
		sym(in.A)
		val(in.B)
	case Cell:
		b.WriteString(f.cell(in.A))
	case SetCell:
		b.WriteString(f.cell(in.A))
		val(in.B)
	case Phi:
		for _, a := range f.List(in) {
			val(uint32(a.Value))
			if f.Instrs[a.Value].Op == Global { // it stands in no block
				fmt.Fprintf(&b, "(%s)", f.Unit.Syms[f.Instrs[a.Value].A])
			}
		}
	case Attr, DelAttr:
		val(in.A)
		sym(in.B)
	case SetAttr:
		val(in.A)
		sym(in.B)
		val(in.C)
	case ImportFrom:
		fmt.Fprintf(&b, " %s%s %s", strings.Repeat(".", int(in.C)), f.Unit.Syms[in.A], f.Unit.Syms[in.B])
	case ImportStar:
		fmt.Fprintf(&b, " %s%s", strings.Repeat(".", int(in.C)), f.Unit.Syms[in.A])
	case Refine:
		val(in.A)
		fmt.Fprintf(&b, " %%%d is %t", in.B, in.Sub == 1)
	case Unpack:
		val(in.A)
		fmt.Fprintf(&b, " %s %d of %d", [...]string{"at", "rest", "end"}[in.Sub], in.B, in.C)
	case MatchAttr:
		val(in.A)
		val(in.B)
		fmt.Fprintf(&b, " %d", in.C)
	case Annotate:
		val(in.A)
		fmt.Fprintf(&b, " %d", in.B)
		val(in.C)
	case Bin, InPlace, Unary, Compare:
		fmt.Fprintf(&b, " %s", syntax.Op(in.Sub))
		fallthrough
	default:
		if in.Op == MakeFunc || in.Op == MakeClass {
			fmt.Fprintf(&b, " %s/%d", f.Unit.Funcs[in.A].Name, in.A)
		}
		if in.Op == MakeFunc {
			for _, a := range f.List(in) {
				fmt.Fprintf(&b, " %d=%%%d", a.Name, a.Value)
			}
			break
		}
		if in.Op == Call || in.Op == MakeClass || in.Op == MakeTuple || in.Op == MakeList || in.Op == MakeSet {
			if in.Op == Call {
				val(in.A)
			}
			for _, a := range f.List(in) {
				b.WriteString(" ")
				b.WriteString(f.Unit.Syms[a.Name])
				if a.Name >= firstSym {
					b.WriteString("=")
				}
				fmt.Fprintf(&b, "%%%d", a.Value)
			}
			break
		}
		f.Operands(v, func(o Value) { val(uint32(o)) })
	}
	return b.String()
}
