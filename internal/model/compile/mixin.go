package compile

import "github.com/wadjet-security/wadjet/internal/model"

// concrete are classes written in C that define all methods of their kind themselves. The stubs let them inherit some from an abstract
// collection, which is not among their bases when a program runs: dict.update would be known as a method of MutableMapping.
var concrete = map[string]bool{
	"builtins.dict": true, "builtins.list": true, "builtins.set": true, "builtins.bytearray": true, "collections.deque": true, "array.array": true,
}

// addMixins gives such a class the methods that its stub inherits.
func (w *world) addMixins(d *def, out *model.Decl) {
	if !concrete[d.path()] {
		return
	}
	have := map[string]bool{}
	for _, m := range out.Members {
		have[m.Name] = true
	}
	var add func(from *def, args []model.Type)
	add = func(from *def, args []model.Type) {
		v := w.classEnv(from)
		for _, n := range from.inner.order {
			c := from.inner.defs[n]
			if have[n] || n[0] == '_' || len(c.funcs) == 0 {
				continue
			}
			have[n] = true
			m := w.declareFunc(c, v)
			m.Name = n
			m.Symbol.Flags &^= model.Abstract
			m.Symbol.Sigs = substitute(m.Symbol.Sigs, args)
			out.Members = append(out.Members, m)
		}
		for _, a := range from.class.Args {
			b := w.settle(w.resolve(from.in, baseName(a))).def
			if b != nil && b.class != nil && special(target{def: b}) == "" {
				add(b, w.typ(from.in, a, v).Subst(args, model.Type{Kind: model.Self}).Args)
			}
		}
	}
	for _, a := range d.class.Args {
		if b := w.settle(w.resolve(d.in, baseName(a))).def; b != nil && b.class != nil {
			add(b, w.typ(d.in, a, w.classEnv(d)).Args)
		}
	}
}

// substitute is what signatures say where the class's type parameters are args.
func substitute(sigs []model.Signature, args []model.Type) []model.Signature {
	self := model.Type{Kind: model.Self}
	for i := range sigs {
		for j := range sigs[i].Params {
			sigs[i].Params[j].Type = sigs[i].Params[j].Type.Subst(args, self)
		}
		sigs[i].Returns = sigs[i].Returns.Subst(args, self)
	}
	return sigs
}
