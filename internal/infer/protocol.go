package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
)

// A protoCtx is the use of a value by a library that wants no more of it than some methods.
type protoCtx struct {
	t     model.Type
	site  site
	name  string // of the function that wants it
	other node   // what stands on the other side of an operator
}

// asks reports whether a type wants methods of a value: a protocol, an iterable, something with a length.
func asks(t *model.Type) bool {
	switch t.Kind {
	case model.Union:
		for i := range t.Args {
			if asks(&t.Args[i]) {
				return true
			}
		}
	case model.Instance:
		switch t.Name {
		case "collections.abc.Iterable", "collections.abc.Sized", "os.PathLike":
			return true
		}
		return strings.HasPrefix(t.Name, "_typeshed.Supports") || strings.HasPrefix(t.Name, "_Supports")
	}
	return false
}

// wants has a value asked for the methods of a type, where the value is an object of the tree.
func (s *solver) wants(t model.Type, p pos, st site, name string, other node) {
	if !asks(&t) || st.variant == 0 {
		return
	}
	c := protoCtx{t, st, name, other}
	if p.f != 0 {
		s.askProtocol(&c, &t, p.f)
		return
	}
	s.protos = append(s.protos, c)
	s.link(p.n, 0, eAsk, uint32(len(s.protos)-1))
}

// askProtocol calls the methods of a protocol that a value has.
func (s *solver) askProtocol(c *protoCtx, t *model.Type, f fact) {
	if o := &s.objects[f]; o.kind != kInst || !s.isTree(o.a) {
		return
	}
	if t.Kind == model.Union {
		// Comparison by one of two operators: max asks for the greater, all others for the less, and Python for the mirror image of what is missing.
		if comparison(t) {
			first, second := "__lt__", "__gt__"
			if c.name == "max" {
				first, second = second, first
			}
			for _, m := range [2]string{first, second} {
				if s.treeMethod(f, m) {
					s.method(c.site, f, m, &args{pos: []pos{{n: c.other, f: s.otherwiseSelf(c.other, f)}}}, 0)
					return
				}
			}
			return
		}
		for i := range t.Args {
			if asks(&t.Args[i]) {
				s.askProtocol(c, &t.Args[i], f)
			}
		}
		return
	}
	switch t.Name {
	case "collections.abc.Iterable":
		if s.treeMethod(f, "__iter__") || s.treeMethod(f, "__getitem__") {
			s.iterate(c.site, f, s.newNode(0))
		}
		return
	case "collections.abc.Sized":
		if s.treeMethod(f, "__len__") {
			s.method(c.site, f, "__len__", &args{}, 0)
		}
		return
	}
	sym := s.l.Symbol(t.Name)
	if sym == nil {
		return
	}
	for _, k := range s.l.MRO(sym) {
		if k.Name == "object" {
			continue
		}
		s.l.Names(k, func(m string) {
			if !strings.HasPrefix(m, "__") || !s.treeMethod(f, m) {
				return
			}
			a := &args{}
			if x := s.l.Own(k, m); x != nil && len(x.Sigs) > 0 && len(x.Sigs[0].Params) > 0 {
				a.pos = []pos{{n: c.other, f: s.otherwiseSelf(c.other, f)}}
			}
			s.method(c.site, f, m, a, 0)
		})
	}
}

// otherwiseSelf is the value itself, where nothing stands for the other side.
func (s *solver) otherwiseSelf(other node, f fact) fact {
	if other != 0 {
		return 0
	}
	return f
}

func comparison(t *model.Type) bool {
	for i := range t.Args {
		if n := t.Args[i].Name; n != "_typeshed.SupportsDunderLT" && n != "_typeshed.SupportsDunderGT" {
			return false
		}
	}
	return true
}
