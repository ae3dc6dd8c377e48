package model

import (
	"encoding/binary"
	"errors"
	"sort"
	"strings"
)

// A table in its bytes. All offsets are from the table's beginning, numbers without a size are uvarints:
//
//	magic, then 4 × uint32: where strings, types, signatures and modules begin
//	strings     uint32 count, count+1 × uint32 offset, bytes
//	types       uint32 count, count × uint32 offset; each: kind and Variadic, index, name, text, count, types
//	signatures  uint32 count, count × uint32 offset; each: count, (name, kind and Optional, type)…, result, count, types
//	modules     uint32 count, count × (uint32 name, uint32 offset), sorted by name; each a block:
//	  flags, exports: 0 for unknown or count+1, names; declarations: count, (name, size, body)…
//	  body of an alias: 255, name; of a symbol: kind, flags, then
//	    Func: count, signatures   Var: type   Module: nothing
//	    Class: metaclass, count, parameters, count, bases, declarations
//
// Strings, types and signatures stand once each and are named by number; string 0 is empty, type 0 Unknown.
const magic = "wadjet model 1\n\x00"

const aliasKind = 255

// A table is read where it lies, in the binary: nothing of it is copied before somebody asks.
type table struct {
	data                          string
	strings, types, sigs, modules uint32 // where the offsets begin
	nmodules                      int
}

var errTable = errors.New("model: not a table of this version")

func openTable(data string) (*table, error) {
	if !strings.HasPrefix(data, magic) || len(data) < len(magic)+16 {
		return nil, errTable
	}
	t := &table{data: data}
	p := uint32(len(magic))
	t.strings, t.types, t.sigs, t.modules = t.u32(p), t.u32(p+4), t.u32(p+8), t.u32(p+12)
	if int(t.modules)+4 > len(data) {
		return nil, errTable
	}
	t.nmodules = int(t.u32(t.modules))
	return t, nil
}

func (t *table) u32(at uint32) uint32 {
	d := t.data[at : at+4]
	return uint32(d[0]) | uint32(d[1])<<8 | uint32(d[2])<<16 | uint32(d[3])<<24
}

func (t *table) str(i int) string {
	at := t.strings + 4
	n := t.u32(t.strings)
	base := at + 4*(n+1)
	return t.data[base+t.u32(at+4*uint32(i)) : base+t.u32(at+4*uint32(i)+4)]
}

// search is the first module whose name is not before a text.
func (t *table) search(name string) int {
	return sort.Search(t.nmodules, func(i int) bool { return t.moduleName(i) >= name })
}

// module is the block of a module, or 0.
func (t *table) module(name string) uint32 {
	i := t.search(name)
	if i == t.nmodules || t.moduleName(i) != name {
		return 0
	}
	return t.u32(t.modules + 4 + 8*uint32(i) + 4)
}

// hasTop reports that there is a module whose name begins with a word.
func (t *table) hasTop(word string) bool {
	i := t.search(word)
	if i == t.nmodules {
		return false
	}
	// Nothing that a name may have is before the dot, so a.b is the first after a.
	rest, ok := strings.CutPrefix(t.moduleName(i), word)
	return ok && (rest == "" || rest[0] == '.')
}

func (t *table) moduleName(i int) string { return t.str(int(t.u32(t.modules + 4 + 8*uint32(i)))) }

// A reader reads numbers from a place on.
type reader struct {
	t  *table
	at uint32
}

func (r *reader) num() int {
	x, s := 0, 0
	for {
		b := r.t.data[r.at]
		r.at++
		x |= int(b&0x7f) << s
		if b < 0x80 {
			return x
		}
		s += 7
	}
}

func (r *reader) str() string { return r.t.str(r.num()) }

func (r *reader) strs() []string {
	n := r.num()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.str()
	}
	return out
}

func (r *reader) typ() Type { return r.t.typ(r.num()) }

func (r *reader) typs() []Type {
	n := r.num()
	if n == 0 {
		return nil
	}
	out := make([]Type, n)
	for i := range out {
		out[i] = r.typ()
	}
	return out
}

func (t *table) typ(i int) Type {
	if i == 0 {
		return Type{}
	}
	r := reader{t, t.u32(t.types + 4 + 4*uint32(i))}
	k := r.num()
	u := Type{Kind: TypeKind(k >> 1), Variadic: k&1 != 0}
	u.Index = r.num()
	u.Name = r.str()
	u.Text = r.str()
	u.Args = r.typs()
	return u
}

func (t *table) sig(i int) Signature {
	r := reader{t, t.u32(t.sigs + 4 + 4*uint32(i))}
	var s Signature
	if n := r.num(); n > 0 {
		s.Params = make([]Param, n)
		for i := range s.Params {
			p := &s.Params[i]
			p.Name = r.str()
			k := r.num()
			p.Kind, p.Optional = ParamKind(k>>1), k&1 != 0
			p.Type = r.typ()
		}
	}
	s.Returns = r.typ()
	s.Calls = r.typs()
	return s
}

// members are the declarations of a module or class, by name: where each body begins.
type members struct {
	t     *table
	at    uint32 // of the count
	where map[string]uint32
}

func (r *reader) members() map[string]uint32 {
	n := r.num()
	m := make(map[string]uint32, n)
	for range n {
		name := r.str()
		size := r.num()
		m[name] = r.at
		r.at += uint32(size)
	}
	return m
}

// symbol reads one body: a symbol without its name, or the name that an alias leads to.
func (t *table) symbol(at uint32) (s *Symbol, alias string) {
	r := reader{t, at}
	kind := r.num()
	if kind == aliasKind {
		return nil, r.str()
	}
	s = &Symbol{Kind: Kind(kind), Flags: Flags(r.num())}
	switch s.Kind {
	case Func:
		s.Sigs = make([]Signature, r.num())
		for i := range s.Sigs {
			s.Sigs[i] = t.sig(r.num())
		}
	case Var:
		s.Type = r.typ()
	case Class:
		s.Meta = r.str()
		s.Params = r.strs()
		s.Bases = r.typs()
		s.own = members{t: t, at: r.at}
	}
	return s, ""
}

// ---- writing

// A Decl is one name that a module or class defines.
type Decl struct {
	Name    string
	Alias   string  // the qualified name that it is another name of; then there is nothing else
	Symbol  *Symbol // without Name
	Members []*Decl // of a class
}

// A Block is what a table says of one module.
type Block struct {
	Name    string
	Dynamic bool
	Exports []string // what `from m import *` brings; nil when unknown
	Decls   []*Decl
}

// Encode writes a table. The same blocks give the same bytes.
func Encode(blocks []Block) []byte {
	e := encoder{strIDs: map[string]int{}, typeIDs: map[string]int{}, sigIDs: map[string]int{}}
	e.str("")
	e.typ(Type{})
	sort.Slice(blocks, func(i, j int) bool { return blocks[i].Name < blocks[j].Name })
	var bodies [][]byte
	var names []int
	for _, b := range blocks {
		var flags Flags
		if b.Dynamic {
			flags |= Dynamic
		}
		out := num(nil, int(flags))
		if b.Exports == nil {
			out = num(out, 0)
		} else {
			out = num(out, len(b.Exports)+1)
			for _, x := range b.Exports {
				out = num(out, e.str(x))
			}
		}
		out = e.decls(out, b.Decls)
		bodies = append(bodies, out)
		names = append(names, e.str(b.Name))
	}
	out := append([]byte(magic), make([]byte, 16)...)
	le := binary.LittleEndian
	section := func(i int) { le.PutUint32(out[len(magic)+4*i:], uint32(len(out))) }

	section(0)
	out = le.AppendUint32(out, uint32(len(e.strs)))
	at := uint32(0)
	for _, s := range e.strs {
		out = le.AppendUint32(out, at)
		at += uint32(len(s))
	}
	out = le.AppendUint32(out, at)
	for _, s := range e.strs {
		out = append(out, s...)
	}
	for i, items := range [][][]byte{e.types, e.sigs} {
		section(i + 1)
		out = le.AppendUint32(out, uint32(len(items)))
		at := uint32(len(out) + 4*len(items))
		for _, it := range items {
			out = le.AppendUint32(out, at)
			at += uint32(len(it))
		}
		for _, it := range items {
			out = append(out, it...)
		}
	}
	section(3)
	out = le.AppendUint32(out, uint32(len(bodies)))
	at = uint32(len(out) + 8*len(bodies))
	for i, b := range bodies {
		out = le.AppendUint32(out, uint32(names[i]))
		out = le.AppendUint32(out, at)
		at += uint32(len(b))
	}
	for _, b := range bodies {
		out = append(out, b...)
	}
	return out
}

type encoder struct {
	strIDs, typeIDs, sigIDs map[string]int
	strs                    []string
	types, sigs             [][]byte
}

func num(out []byte, n int) []byte { return binary.AppendUvarint(out, uint64(n)) }

func (e *encoder) str(s string) int {
	id, ok := e.strIDs[s]
	if !ok {
		id = len(e.strs)
		e.strIDs[s] = id
		e.strs = append(e.strs, s)
	}
	return id
}

func (e *encoder) typ(t Type) int {
	if t.Kind == Unknown {
		t = Type{} // whoever made the table may have noted why
	}
	k := int(t.Kind) << 1
	if t.Variadic {
		k |= 1
	}
	out := num(nil, k)
	out = num(out, t.Index)
	out = num(out, e.str(t.Name))
	out = num(out, e.str(t.Text))
	out = e.typs(out, t.Args)
	return intern(e.typeIDs, &e.types, out)
}

func (e *encoder) typs(out []byte, ts []Type) []byte {
	out = num(out, len(ts))
	for _, t := range ts {
		out = num(out, e.typ(t))
	}
	return out
}

func (e *encoder) sig(s Signature) int {
	out := num(nil, len(s.Params))
	for _, p := range s.Params {
		out = num(out, e.str(p.Name))
		k := int(p.Kind) << 1
		if p.Optional {
			k |= 1
		}
		out = num(out, k)
		out = num(out, e.typ(p.Type))
	}
	out = num(out, e.typ(s.Returns))
	out = e.typs(out, s.Calls)
	return intern(e.sigIDs, &e.sigs, out)
}

func intern(ids map[string]int, items *[][]byte, item []byte) int {
	id, ok := ids[string(item)]
	if !ok {
		id = len(*items)
		ids[string(item)] = id
		*items = append(*items, item)
	}
	return id
}

func (e *encoder) decls(out []byte, ds []*Decl) []byte {
	out = num(out, len(ds))
	for _, d := range ds {
		body := e.body(d)
		out = num(out, e.str(d.Name))
		out = num(out, len(body))
		out = append(out, body...)
	}
	return out
}

func (e *encoder) body(d *Decl) []byte {
	if d.Alias != "" {
		return num(num(nil, aliasKind), e.str(d.Alias))
	}
	s := d.Symbol
	out := num(num(nil, int(s.Kind)), int(s.Flags))
	switch s.Kind {
	case Func:
		out = num(out, len(s.Sigs))
		for _, g := range s.Sigs {
			out = num(out, e.sig(g))
		}
	case Var:
		out = num(out, e.typ(s.Type))
	case Class:
		out = num(out, e.str(s.Meta))
		out = num(out, len(s.Params))
		for _, p := range s.Params {
			out = num(out, e.str(p))
		}
		out = e.typs(out, s.Bases)
		out = e.decls(out, d.Members)
	}
	return out
}
