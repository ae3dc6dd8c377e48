package model

// MRO is the method resolution order of a class, itself first and object last. Bases that are not known are left out. Where the bases contradict each
// other, which Python refuses, it is the order of a search in depth.
func (l *Library) MRO(class *Symbol) []*Symbol { return l.mro(class, nil) }

func (l *Library) mro(class *Symbol, below []*Symbol) []*Symbol {
	if class == nil || class.Kind != Class {
		return nil
	}
	if m := class.class.mro.Load(); m != nil {
		return *m
	}
	for _, b := range below {
		if b == class {
			return nil // a class under itself: no table of ours has that, and a search must end
		}
	}
	below = append(below, class)
	var lists [][]*Symbol
	var bases []*Symbol
	for _, b := range class.Bases {
		if s := l.Symbol(b.Name); s != nil && s.Kind == Class {
			bases = append(bases, s)
		}
	}
	if len(bases) == 0 && class.Name != "object" {
		if o := l.Symbol("object"); o != nil {
			bases = append(bases, o)
		}
	}
	for _, b := range bases {
		lists = append(lists, l.mro(b, below))
	}
	lists = append(lists, bases)
	tail, ok := merge(lists)
	if !ok {
		tail = nil
		seen := map[*Symbol]bool{}
		for _, list := range lists {
			for _, s := range list {
				if !seen[s] && s.Name != "object" {
					seen[s] = true
					tail = append(tail, s)
				}
			}
		}
		tail = append(tail, l.Symbol("object"))
	}
	out := append([]*Symbol{class}, tail...)
	class.class.mro.Store(&out)
	return out
}

// merge is the C3 merge of Python. It fails where the lists contradict each other.
func merge(lists [][]*Symbol) ([]*Symbol, bool) {
	var out []*Symbol
	for {
		var head *Symbol
		empty := true
		for _, list := range lists {
			if len(list) == 0 {
				continue
			}
			empty = false
			if !inTail(lists, list[0]) {
				head = list[0]
				break
			}
		}
		if empty {
			return out, true
		}
		if head == nil {
			return nil, false
		}
		out = append(out, head)
		for i, list := range lists {
			if len(list) > 0 && list[0] == head {
				lists[i] = list[1:]
			}
		}
	}
}

func inTail(lists [][]*Symbol, s *Symbol) bool {
	for _, list := range lists {
		for i := 1; i < len(list); i++ {
			if list[i] == s {
				return true
			}
		}
	}
	return false
}

// Supertype views an instance as one of a class that it inherits from: a dict[str, int] as collections.abc.Iterable is Iterable[str].
// It is false when the class is not among the bases.
func (l *Library) Supertype(t Type, class string) (Type, bool) { return l.supertype(t, class, 0) }

func (l *Library) supertype(t Type, class string, depth int) (Type, bool) {
	if t.Name == class {
		return t, true
	}
	s := l.Symbol(t.Name)
	if s == nil || s.Kind != Class || depth > maxHops {
		return Type{}, false
	}
	if s.Name == class {
		return t, true
	}
	args := t.Args
	if t.Kind == Tuple {
		args = []Type{element(t)}
	}
	for _, b := range s.Bases {
		if up, ok := l.supertype(b.Subst(args, t), class, depth+1); ok {
			return up, true
		}
	}
	return Type{}, false
}

// element is what any item of a tuple may be.
func element(t Type) Type {
	if len(t.Args) == 1 {
		return t.Args[0]
	}
	if len(t.Args) == 0 {
		return Type{}
	}
	return Type{Kind: Union, Args: t.Args}
}
