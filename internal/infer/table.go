package infer

import "hash/maphash"

// A table finds numbers by what they stand for: it holds the numbers alone, in open addressing, and leaves comparing to its
// user. It takes a third of the time and memory of a Go map whose keys are structs.
type table struct {
	slots []uint32
	n     int
}

// full reports whether the table must grow before something is put into it.
func (t *table) full() bool { return 4*t.n >= 3*len(t.slots) }

// grow doubles the table; hash gives the hash of what a number stands for.
func (t *table) grow(hash func(uint32) uint64) {
	old := t.slots
	t.slots = make([]uint32, max(1<<10, 2*len(old)))
	m := uint64(len(t.slots) - 1)
	for _, x := range old {
		if x == 0 {
			continue
		}
		i := hash(x) & m
		for t.slots[i] != 0 {
			i = (i + 1) & m
		}
		t.slots[i] = x
	}
}

// mix takes a number into a hash. The first two of a thing are not to be mixed with each other: mix(mix(0, x), y).
func mix(h, x uint64) uint64 {
	h = (h ^ x) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// A set holds fingerprints: what things are told apart by that are only asked whether they were there before. Of 64 bits, so that among a
// hundred million things no two are taken for each other, but with a chance of one in four thousand.
type set struct {
	slots []uint64
	n     int
}

// add reports whether a fingerprint is new.
func (t *set) add(h uint64) bool {
	if h == 0 {
		h = 1
	}
	if 4*t.n >= 3*len(t.slots) {
		old := t.slots
		t.slots = make([]uint64, max(1<<10, 2*len(old)))
		m := uint64(len(t.slots) - 1)
		for _, x := range old {
			if x != 0 {
				i := x & m
				for t.slots[i] != 0 {
					i = (i + 1) & m
				}
				t.slots[i] = x
			}
		}
	}
	m := uint64(len(t.slots) - 1)
	i := h & m
	for ; t.slots[i] != 0; i = (i + 1) & m {
		if t.slots[i] == h {
			return false
		}
	}
	t.slots[i] = h
	t.n++
	return true
}

var seed = maphash.MakeSeed() // where things lie in a table is never seen

func (e *edge) hash(from node) uint64 {
	return mix(mix(0, uint64(from)<<32|uint64(e.to)), uint64(e.kind)<<32|uint64(e.aux))
}

// manyEdges is of how many edges of a node the table knows: fewer are looked through.
const manyEdges = 8

// knownEdge reports whether there is such an edge; if not, the caller appends it.
func (s *solver) knownEdge(from node, x *edge) bool {
	c := &s.cells[from]
	if c.degree < manyEdges {
		for at := c.edges; at != 0; {
			e := &s.edges[at]
			if e.to == x.to && e.aux == x.aux && e.kind == x.kind {
				return true
			}
			at = e.next
		}
		if c.degree++; c.degree == manyEdges {
			for at := c.edges; at != 0; at = s.edges[at].next {
				s.edgeSet.add(s.edges[at].hash(from))
			}
			s.edgeSet.add(x.hash(from))
		}
		return false
	}
	return !s.edgeSet.add(x.hash(from))
}

func (o *object) hash() uint64 {
	h := mix(mix(0, uint64(o.kind)), uint64(o.a)<<32|uint64(o.b))
	if o.text != "" {
		h = mix(h, maphash.String(seed, o.text))
	}
	if o.sym != nil {
		h = mix(h, maphash.String(seed, o.sym.Name))
	}
	return h ^ h>>32
}

// object is the fact of an object.
func (s *solver) object(x object) fact {
	t := &s.objectTable
	if t.full() {
		t.grow(func(i uint32) uint64 { return s.objects[i].hash() })
	}
	m := uint64(len(t.slots) - 1)
	i := x.hash() & m
	for ; t.slots[i] != 0; i = (i + 1) & m {
		if o := &s.objects[t.slots[i]]; o.kind == x.kind && o.a == x.a && o.b == x.b && o.sym == x.sym && o.text == x.text {
			return fact(t.slots[i])
		}
	}
	t.slots[i] = uint32(len(s.objects))
	t.n++
	s.objects = append(s.objects, x)
	return fact(t.slots[i])
}

// again reports whether something was done before, and notes it.
func (s *solver) again(k askKey) bool {
	h := mix(mix(0, uint64(k.site.variant)<<32|uint64(k.site.instr)), uint64(k.f)<<32|uint64(k.to))
	h = mix(h, uint64(k.first.n)<<32|uint64(k.first.f))
	if k.first.star {
		h = mix(h, 1)
	}
	if k.name != "" {
		h = mix(h, maphash.String(seed, k.name))
	}
	if k.sym != nil {
		h = mix(h, ^maphash.String(seed, k.sym.Name))
	}
	return !s.asked.add(h)
}

// appliedBefore reports whether a value was called before at a site, with such arguments and for that result, and notes it.
func (s *solver) appliedBefore(st site, f fact, a *args, result node) bool {
	h := mix(mix(0, uint64(st.variant)<<32|uint64(st.instr)), uint64(f)<<32|uint64(a.self))
	first := firstPos(a)
	star := uint64(0)
	if first.star {
		star = 1 << 32
	}
	h = mix(h, uint64(result)<<32|uint64(first.n))
	return !s.done.add(mix(h, uint64(first.f)|star))
}

func (c *bindCtx) hash() uint64 {
	h := mix(mix(0, uint64(c.site.variant)<<32|uint64(c.site.instr)), uint64(c.self)<<32|uint64(c.class))
	h = mix(h, uint64(c.store))
	return h ^ h>>32
}

// tables are what the solver looks up most.
type tables struct {
	edgeSet   set // edges of nodes that have many
	done      set // calls, each once
	asked     set // questions, each once
	bindTable table
	lastBind  uint32 // 1 + the last that was asked for

	names      map[string]name
	nameText   []string
	digitNames [256]name // of small numbers
	members    memberTable
	targetRecs []targetRec // 0 is none
	loads      []loadRec   // look-ups of names of classes; 0 is none
	inTail     []int32     // by class, in how many tails it is; for c3

	unifyIDs map[unifyKey]uint32
	backs    map[useKey]bool // functions that a library has called
	keyed    map[fact]bool   // containers of more than maxKeys

	declarers map[name][]uint32   // classes by the attributes that are stored in objects declared to be of them
	built     map[siteID][]uint32 // classes without an __init__ in the tree, by the calls that make instances
	narrows   []narrowed
	narrowAt  map[site]int
	viewedBy  map[uint32]string // by which method an object is what a protocol says, by the key of the part
	lateAsks  []lateAsk
	reduces   map[site]int // objects that are followed from a place that copies or pickles

	equalBy []equality // functions that unittest compares values of a type by
	equalAs []callCtx  // and the calls that may use them

	given    []bound
	ended    bool   // nothing is solved any more
	steps    int    // that the solving took
	work     int    // what the steps took: classes looked at, operators and calls of libraries evaluated
	limit    int    // of steps
	soon     int    // steps from which on it hurries
	lateWork int    // how often calls that wait were looked at
	nodes    int    // nodes from which on it hurries
	hasty    bool   // it hurries: no more variants, fewer facts a value
	most     uint16 // facts that a value keeps
}

func newTables() tables {
	return tables{loads: make([]loadRec, 1), names: map[string]name{"": 0}, nameText: []string{""}, members: memberTable{slots: make([]member, 1<<10)}, targetRecs: make([]targetRec, 1), unifyIDs: map[unifyKey]uint32{},
		declarers: map[name][]uint32{}, built: map[siteID][]uint32{}, narrowAt: map[site]int{}, viewedBy: map[uint32]string{}, reduces: map[site]int{}, backs: map[useKey]bool{}, keyed: map[fact]bool{}}
}
