package infer

import (
	"slices"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
)

// A name is a string as a number: an index in solver.nameText. 0 is none.
type name uint32

func (s *solver) nameOf(text string) name {
	n, ok := s.names[text]
	if !ok {
		n = name(len(s.nameText))
		s.names[text] = n
		s.nameText = append(s.nameText, text)
	}
	return n
}

// digits is the name of a number: of an element of a sequence.
func (s *solver) digits(i int) name {
	if i < 0 || i >= len(s.digitNames) {
		return s.nameOf(itoa(i))
	}
	if s.digitNames[i] == 0 {
		s.digitNames[i] = s.nameOf(itoa(i))
	}
	return s.digitNames[i]
}

// ---- Parts of objects

type fieldKind uint8

const (
	fAttr      fieldKind = iota
	fElem                // an element by a constant key: 3, 'name
	fRest                // elements by keys that are not known
	fTail                // elements that were put behind those that a list was made with
	fAll                 // all elements
	fKeys                // the keys of a mapping
	fType                // a type parameter
	fInherited           // an attribute of the instances of a class and its subclasses
	fDeclared            // what is stored in one of an object that is declared to be of the class
	fMade                // what a call at a site makes of it
	fView                // the first type parameter of a base; its others follow: at most viewKinds
)

const (
	kindBits  = 4
	viewKinds = 1<<kindBits - fView
)

// A partTable finds the nodes of parts of objects.
type partTable struct {
	slots []part
	n     int
}

type part struct {
	f   fact
	key uint32 // the name, and the kind
	at  node
}

func partKey(n name, k fieldKind) uint32 { return uint32(n)<<kindBits | uint32(k) }

// find is the slot of a part: where at is 0 it is free.
func (t *partTable) find(f fact, key uint32) *part {
	if 4*t.n >= 3*len(t.slots) {
		old := t.slots
		t.slots = make([]part, max(1<<10, 2*len(old)))
		for i := range old {
			if old[i].at != 0 {
				*t.find(old[i].f, old[i].key) = old[i]
			}
		}
	}
	m := uint64(len(t.slots) - 1)
	for i := mix(0, uint64(f)<<32|uint64(key)) & m; ; i = (i + 1) & m {
		if p := &t.slots[i]; p.at == 0 || p.f == f && p.key == key {
			return p
		}
	}
}

// partAt is the node of a part, 0 where there is none yet.
func (s *solver) partAt(f fact, n name, k fieldKind) node { return s.fields.find(f, partKey(n, k)).at }

// newPart gives an object a part that it does not have yet.
func (s *solver) newPart(f fact, n name, k fieldKind) node {
	p := s.fields.find(f, partKey(n, k))
	*p = part{f, partKey(n, k), s.newNode(0)}
	s.fields.n++
	return p.at
}

func (s *solver) part(f fact, text string, k fieldKind) (n node, isNew bool) {
	return s.partOf(f, s.nameOf(text), k)
}

func (s *solver) partOf(f fact, id name, k fieldKind) (n node, isNew bool) {
	if k < fInherited || k >= fView {
		f = s.holder(f)
	}
	if n := s.partAt(f, id, k); n != 0 {
		return n, false
	}
	return s.newPart(f, id, k), true
}

// An element is one of a container, by its key.
type element struct {
	key string
	at  node
}

// ---- Attributes of classes

// A member is what a class itself has under a name.
type member struct {
	class uint32
	name  name
	at    node   // its attribute
	own   uint32 // ownStatic, ownKnown; for a class of a library the index of the symbol
	loads uint32 // the last of the class's look-ups of the name
}

const (
	ownStatic = 1 << iota // the class's body assigns it
	ownKnown              // a library was asked
	ownBits   = iota
)

// A memberTable finds them.
type memberTable struct {
	slots []member
	n     int
}

func (t *memberTable) slot(c uint32, n name) *member {
	m := uint64(len(t.slots) - 1)
	for i := mix(0, uint64(c)<<32|uint64(n)) & m; ; i = (i + 1) & m {
		if p := &t.slots[i]; p.class == 0 || p.class == c && p.name == n {
			return p
		}
	}
}

// put is the slot of a member, made where there is none; until the next is made.
func (t *memberTable) put(c uint32, n name) *member {
	if 4*t.n >= 3*len(t.slots) {
		old := t.slots
		t.slots = make([]member, 2*len(old))
		for i := range old {
			if old[i].class != 0 {
				*t.slot(old[i].class, old[i].name) = old[i]
			}
		}
	}
	p := t.slot(c, n)
	if p.class == 0 {
		p.class, p.name = c, n
		t.n++
	}
	return p
}

// static reports whether a class's body assigns a name.
func (s *solver) static(c uint32, n name) bool { return s.members.slot(c, n).own&ownStatic != 0 }

// defines reports whether a class of the tree has an attribute itself.
func (s *solver) defines(c uint32, n name) bool {
	m := s.members.slot(c, n)
	return m.own&ownStatic != 0 || m.at != 0
}

// ownOf is what a class of a library defines itself, or nil.
func (s *solver) ownOf(c uint32, n name) *model.Symbol {
	m := s.members.slot(c, n)
	if m.own&ownKnown == 0 {
		m = s.members.put(c, n)
		m.own |= ownKnown
		if sym := s.l.Own(s.classes[c].sym, s.nameText[n]); sym != nil {
			m.own |= uint32(len(s.owned)) << ownBits
			s.owned = append(s.owned, sym)
		}
	}
	return s.owned[m.own>>ownBits]
}

// assigned are the names that a class's body assigns, in order.
func (s *solver) assigned(c uint32) []string {
	out := make([]string, len(s.classes[c].static))
	for i, n := range s.classes[c].static {
		out[i] = s.nameText[n]
	}
	slices.Sort(out)
	return out
}

// ---- What calls reach

// A targetRec is a target of a site.
type targetRec struct {
	fn   uint32 // of the tree, or
	name name   // of a library
	how  how
	next uint32 // the site's next target
}

// hit notes that a call site reaches a function.
func (s *solver) hit(st site, t target) {
	id := s.siteID(st)
	if id == 0 {
		return
	}
	r := targetRec{fn: t.fn, how: t.how}
	if t.fn == 0 {
		r.name = s.nameOf(t.name)
	}
	at := &s.targets[id]
	for *at != 0 {
		old := &s.targetRecs[*at]
		if old.fn == r.fn && old.name == r.name {
			old.how = min(old.how, r.how)
			return
		}
		at = &old.next
	}
	*at = uint32(len(s.targetRecs))
	s.targetRecs = append(s.targetRecs, r)
}

// reached is how many functions a site reaches.
func (s *solver) reached(st site) (n int) {
	for at := s.targets[s.siteID(st)]; at != 0; at = s.targetRecs[at].next {
		n++
	}
	return n
}

// targetsOf are the functions that an instruction of a function reaches.
func (s *solver) targetsOf(fid uint32, at ir.Value) (list []target) {
	for i := s.targets[s.funcs[fid].site+uint32(at)]; i != 0; i = s.targetRecs[i].next {
		r := &s.targetRecs[i]
		list = append(list, target{r.fn, s.nameText[r.name], r.how})
	}
	return list
}
