package infer

import (
	"iter"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/program"
)

const (
	maxFacts    = 16  // of one node
	fewFacts    = 6   // of a node that keeps all apart
	manyNames   = 6   // of what is not in the tree, in one node
	manyConts   = 6   // containers of one node; others are only of their class
	manyConsts  = 8   // facts of a node that keeps constants
	manyObjects = 8   // facts of a node that keeps instances of classes apart
	maxVariants = 8   // of one function, by call site; a small one has up to eight times as many
	maxApart    = 500 // variants of one method of descriptors, by object
	maxHeirs    = 6   // variants of one method, by class of self
	maxKeys     = 64  // of one container
	maxTargets  = 16  // of one call site, in the tree; more is one open edge
	smallFunc   = 200 // instructions of a function that may have variants
	maxStr      = 80  // bytes of a string that is kept as a constant
)

// A node is what one value may be. 0 is none.
type node uint32

// cell holds a node's facts: two in place, the others in solver.pool. It holds no pointer, and two fill a line of the cache.
type cell struct {
	n, done uint16
	flags   uint16
	degree  uint16 // how many edges it has, up to manyEdges
	f0, f1  fact
	more    uint32 // where in the pool
	edges   uint32 // the first of its edges
	variant uint32 // whose value it is; 0 for none
	uses    uint32 // where in solver.uses the instructions are that use it; 0 for none
}

const (
	queued  uint16 = 1 << iota
	open           // facts were dropped
	manyExt        // names outside of the tree were dropped
)

// An edge takes facts from one node to another.
type edge struct {
	to   node
	aux  uint32
	next uint32 // the next edge of the node that it leads from
	kind edgeKind
}

type edgeKind uint8

const (
	eCopy    edgeKind = iota
	eBind             // attributes of a class, read through an instance or class; aux: binds
	eElem             // elements of the iterable; aux: sites
	eStar             // *args of a call; aux: stars
	eDStar            // **kwargs of a call; aux: stars
	eUnify            // matched with a type of a library; aux: unifies
	eCall             // what arrives is called; aux: calls
	eAttr             // attribute of what arrives; aux: attrs
	eGen              // the elements of a generator, as what a context manager made of it enters as
	eAwait            // what awaiting gives
	eNext             // what the iterator gives
	eIter             // the iterator of the iterable
	eGetattr          // the attribute of another value that this string names
	eSetattr
	eStore
	eImport // the module that this string names
	eManager
	eProtocol
	eKey
	eStatic
	eClassM
	eType
	eBases // the bases of a class made by a call; aux: the class
	eSuper
	eMerge
	eCompare
	eManage
	ePair
	eCaught
	eInit      // what __new__ gives is initialised; aux: inits
	eFields    // fields of a record by name; aux: inits
	eDefault   // the default of a field; aux: inits
	eMember    // a value of an enumeration; aux: the class
	eNamespace // what a class made by a call is made of; aux: the class
	eWrapped   // what arrives wraps; aux: a node
	eFormat    // what arrives is formatted; aux: sites
	eOperand   // an attribute or item of what arrives; aux: attrs
	eReturned  // what a generator returns, when what arrives is one; aux: sites
	eLike      // attributes of what arrives that a string known in part may name; aux: attrs
	eMirror    // the right operand, when the left one gave NotImplemented; aux: attrs
	eInsert    // what arrives is a container that gets another element; aux: attrs
	eBody      // the namespace that a metaclass prepares for a class; aux: the class
	eEval      // a text that is run; aux: attrs
	eAsk       // a library wants methods of what arrives; aux: protos
	eNarrow    // what passes the branches before a load; aux: narrows
	eBase      // a base of a class made by a call, at one place; aux: attrs
	eResult    // what an operator's method gives; aux: ops
)

// A variant is a function as it is called from one place, or from all that share it.
type variant struct {
	fn   uint32
	env  uint32 // the variant that made it, whose variables it reads
	base node   // of its values
	ret  node   // what it returns
	gen  node   // what it yields
	sent node
	cls  uint32 // of a class body
}

// A function is one Func of the tree.
type function struct {
	f         *ir.Func
	module    *module
	name      string
	outer     uint32
	class     uint32   // whose body it is defined in; 0 for none
	uses      []uint32 // of each value, where in solver.uses its users are
	cells     []uint32 // bindings that live here and that others read, in order
	line      uint32   // where it starts, with its decorators
	site      uint32   // the siteID of its first instruction
	generic   bool     // worth variants
	consts    []uint32 // the facts of its constants, once asked for
	begin     []uint32 // values that are something by themselves, in order
	declares  []uint32 // values that declarations or tests may say something of, in order
	limit     int      // of variants by call site
	takes     []int32  // parameters that positional arguments are for
	varArgs   int      // *args, or -1
	kwArgs    int      // **kwargs, or -1
	variants  []uint32
	bySite    map[variantKey]uint32
	merged    map[uint32]uint32 // env → variant
	defaults  []defaultOf
	lambdas   int
	private   string // what Python puts before names that begin with two underscores: _Class
	template  bool   // worth variants by the class of self
	heirs     int    // variants by class of self
	apart     int    // variants by object
	shared    bool   // more call sites than variants
	annots    []annot
	params    []ir.Value
	narrow    []narrowing           // loads of attributes that branches have looked at
	forward   map[ir.Value]ir.Value // loads to what they are known to give
	unreached []bool                // blocks that control never reaches; nil for none
}

type defaultOf struct {
	param int
	at    node
}

type variantKey struct {
	env  uint32
	site uint64
}

type module struct {
	name    string // in results
	index   uint32
	m       *program.Module
	unit    *ir.Unit
	first   uint32 // id of its first function
	fact    fact
	globals map[string]node
	names   []globalName    // by symbol of the unit
	binds   map[string]bool // names that its code assigns
	stars   []starImport
	hidden  map[string]bool // names that its code assigns before it imports all of another module
	text    bool            // of a text that the program runs by eval or exec
}

// A globalName is what a symbol means as a name of the module, once it was asked for.
type globalName struct {
	at      node
	builtin fact // the function or class of that name among the builtins
	state   builtinState
	bound   bool // the module's code assigns it
}

type builtinState uint8

const (
	builtinUnknown builtinState = iota
	builtinNone
	builtinFact
	builtinVar // whose value is made anew
)

type starImport struct{ from fact }

type solver struct {
	p    *program.Program
	l    *model.Library
	mods []*module

	objects     []object
	objectTable table
	funcs       []function // 0 is none
	variants    []variant  // 0 is none
	classes     []class    // 0 is none
	libs        map[string]uint32
	modOf       map[*program.Module]*module

	cells []cell
	pool  []fact
	free  [len(poolSizes)][]uint32 // places in the pool, by size
	uses  []uint32                 // lists of instructions that use a value, each ended by 0; see findUses
	edges []edge
	queue []node
	head  int
	calls []pendingCall
	spare []pendingCall // what the next calls are kept in
	early bool          // bodies of functions wait
	wait  []uint32

	fields  partTable
	keysOf  map[fact][]element
	lens    map[fact]int // of lists and tuples made by displays: how many elements they were made with
	binds   []bindCtx
	sites   []site
	stars   []starCtx
	unifies []unifyCtx
	callbs  []callCtx
	attrs   []attrCtx
	parts   map[uint32]*partial // by site
	onKey   map[fact][]uint32   // star contexts that want each new key
	targets []uint32            // by site, the first of what it reaches
	owned   []*model.Symbol     // what classes of libraries define; 0 is none
	depth   int

	none        fact
	siteIDs     map[site]uint32
	attrsOf     map[fact][]string
	cellsOf     map[cellKey]node
	classOfBody map[uint32]uint32
	made        map[uint32]uint32 // by site
	merges      []fact
	late        []pendingCall // calls that wait for what they are given
	lateRounds  int
	nameDicts   map[fact]fact // namespaces of objects, and
	spaceOf     map[fact]fact // whose they are
	sysModules  fact
	stores      []pendingStore
	protos      []protoCtx
	evals       map[evalKey]evaluated
	inits       []initCtx
	ops         []opCtx
	news        []newCtx
	spaces      map[fact]uint32 // namespaces of classes that metaclasses are given, and whose they are
	callables   []callable
	callableIDs map[madeKey]uint32
	factNodes   map[fact]node
	useHead     []uint32 // see findUses
	usePairs    []usePair
	numbers     slab[uint32] // lists that functions have
	lastArgs    *args        // of lastSite
	lastSite    site
	libFacts    map[string]fact
	owners      map[*model.Symbol]*model.Symbol
	seeded      int
	ran         map[closure]bool // closures that have variants, of those before ranTo
	ranTo       int
	belowOf     map[belowKey][]uint32
	holders     map[name][]fact   // instances by the attributes that are stored in them
	inheritors  map[name][]uint32 // classes of which inherited attributes were asked
	released    bool              // isinstance of classes that never became known holds nothing back any more
	mapping     map[*model.Symbol]bool
	Bounds      Bounds
	tables
}

// A site is an instruction of a variant: where calls happen.
type site struct {
	variant uint32
	instr   ir.Value
}

// A siteID numbers the instructions of the program; 0 is none.
type siteID uint32

func (s *solver) siteID(st site) siteID {
	if st.variant == 0 {
		return 0
	}
	return siteID(s.funcs[s.variants[st.variant].fn].site + uint32(st.instr))
}

type how uint8

const (
	resolved how = iota
	hierarchy
	byName
	openCall // more than is said
)

func (h how) String() string { return [...]string{"resolved", "hierarchy", "by-name", "open"}[h] }

type target struct {
	fn   uint32 // of the tree, or
	name string // of a library
	how  how
}

func (s *solver) newNode(variant uint32) node {
	s.cells = append(s.cells, cell{variant: variant})
	return node(len(s.cells) - 1)
}

func (s *solver) facts(n node) []fact {
	c := &s.cells[n]
	if c.n == 0 {
		return nil
	}
	list := make([]fact, 0, c.n)
	list = append(list, c.f0)
	if c.n > 1 {
		list = append(list, c.f1)
	}
	if c.n > 2 {
		list = append(list, s.pool[c.more:c.more+uint32(c.n)-2]...)
	}
	return list
}

// known are the facts that a node holds now: what comes while they are gone through comes to its end and is left out.
func (s *solver) known(n node) iter.Seq[fact] {
	return func(yield func(fact) bool) {
		for i := range s.cells[n].n {
			if !yield(s.at(n, i)) {
				return
			}
		}
	}
}

func (s *solver) at(n node, i uint16) fact {
	c := &s.cells[n]
	switch i {
	case 0:
		return c.f0
	case 1:
		return c.f1
	}
	return s.pool[c.more+uint32(i)-2]
}

func (s *solver) has(n node, f fact) bool {
	c := &s.cells[n]
	if c.n > 0 && c.f0 == f || c.n > 1 && c.f1 == f {
		return true
	}
	return c.n > 2 && s.pooled(c, f)
}

// pooled reports whether a cell's facts in the pool hold one.
func (s *solver) pooled(c *cell, f fact) bool {
	for _, g := range s.pool[c.more : c.more+uint32(c.n)-2] {
		if g == f {
			return true
		}
	}
	return false
}

// add gives a node a fact.
func (s *solver) add(n node, f fact) {
	if n == 0 || f == 0 {
		return
	}
	c := &s.cells[n]
	switch c.n {
	case 0:
		c.f0 = f
	case 1:
		if c.f0 == f {
			return
		}
		c.f1 = f
	default:
		if c.f0 == f || c.f1 == f || c.n > 2 && s.pooled(c, f) {
			return
		}
		if c.n >= fewFacts {
			if c.n >= s.most {
				if c.flags&open == 0 {
					c.flags |= open
					s.wide(n)
				}
				return
			}
			if f = s.widened(n, f); f == 0 || s.has(n, f) {
				return
			}
			c = &s.cells[n]
		}
		s.put(c, f)
	}
	c.n++
	if c.flags&queued == 0 {
		c.flags |= queued
		s.queue = append(s.queue, n)
	}
}

// poolSizes are the sizes of places in the pool: a cell moves to the next when its facts fill one.
var poolSizes = [...]uint32{2, 4, 8, maxFacts - 2}

// put adds a fact to those of a cell that are in the pool.
func (s *solver) put(c *cell, f fact) {
	k := uint32(c.n) - 2
	for i, size := range poolSizes {
		if k < size {
			break
		}
		if k == size {
			old := c.more
			c.more = s.place(i + 1)
			copy(s.pool[c.more:], s.pool[old:old+k])
			s.free[i] = append(s.free[i], old)
			break
		}
	}
	if k == 0 {
		c.more = s.place(0)
	}
	s.pool[c.more+k] = f
}

// place is a free place in the pool.
func (s *solver) place(size int) uint32 {
	if free := s.free[size]; len(free) > 0 {
		s.free[size] = free[:len(free)-1]
		return free[len(free)-1]
	}
	at := uint32(len(s.pool))
	for range poolSizes[size] {
		s.pool = append(s.pool, 0)
	}
	return at
}

// link adds an edge, along which present and future facts go.
func (s *solver) link(from, to node, k edgeKind, aux uint32) {
	if from == 0 || from == to && k == eCopy {
		return
	}
	c := &s.cells[from]
	e := edge{to: to, kind: k, aux: aux, next: c.edges}
	if s.knownEdge(from, &e) {
		return
	}
	s.edges = append(s.edges, e)
	c.edges = uint32(len(s.edges) - 1)
	s.steps++
	for i := uint16(0); i < s.cells[from].done; i++ {
		s.deliver(&e, s.at(from, i))
	}
}

// fresh is copy for a node that nothing else leads to from there.
func (s *solver) fresh(from, to node) {
	c := &s.cells[from]
	e := edge{to: to, next: c.edges}
	s.edges = append(s.edges, e)
	c.edges = uint32(len(s.edges) - 1)
	s.steps++
	for i := uint16(0); i < s.cells[from].done; i++ {
		s.deliver(&e, s.at(from, i))
	}
}

func (s *solver) copy(from, to node) { s.link(from, to, eCopy, 0) }

// solve runs until nothing moves.
func (s *solver) solve() {
	for {
		for s.head < len(s.queue) {
			if s.steps > s.soon || len(s.cells) > s.nodes {
				s.hurry()
			}
			if s.spent() {
				return
			}
			n := s.queue[s.head]
			s.head++
			if s.head > 1<<16 && s.head*2 > len(s.queue) {
				s.queue = append(s.queue[:0], s.queue[s.head:]...)
				s.head = 0
			}
			s.cells[n].flags &^= queued
			s.process(n)
		}
		if len(s.calls) > 0 {
			batch := s.calls
			s.calls = s.spare[:0]
			for _, c := range batch {
				if s.steps++; len(s.cells) > s.nodes || s.steps > s.soon {
					s.hurry()
				}
				if s.spent() {
					return
				}
				if s.unready(&c) {
					s.late = append(s.late, c)
					continue
				}
				s.applyNow(c.site, c.f, c.args, c.result, c.how)
			}
			clear(batch)
			s.spare = batch
			continue
		}
		if len(s.late) > 0 {
			s.applyLate()
			continue
		}
		if s.early {
			s.early = false
			stores := s.stores
			s.stores = nil
			for _, x := range stores {
				s.storeAttr(x.site, x.f, x.name, x.val)
			}
			wait := s.wait
			s.wait = nil
			for _, v := range wait {
				s.start(v)
			}
			continue
		}
		return
	}
}

func (s *solver) process(n node) {
	uses := s.cells[n].uses
	for s.cells[n].done < s.cells[n].n {
		i := s.cells[n].done
		s.cells[n].done++
		f := s.at(n, i)
		s.steps++
		for at := s.cells[n].edges; at != 0; {
			e := s.edges[at]
			if at = e.next; e.kind == eCopy {
				s.steps++
				s.add(e.to, f)
			} else {
				s.deliver(&e, f)
			}
		}
		if uses == 0 {
			continue
		}
		v := s.cells[n].variant
		val := ir.Value(n - s.variants[v].base)
		for _, u := range s.uses[uses:] {
			if u == 0 {
				break
			}
			if u == branches {
				s.truth(site{v, val}, f)
			} else {
				s.step(v, ir.Value(u), val, f)
			}
		}
	}
}

// branches stands at the end of a list of users where the value decides a branch.
const branches = ^uint32(0)

// deliver takes a fact along an edge.
func (s *solver) deliver(e *edge, f fact) {
	s.steps++
	switch e.kind {
	case eCopy:
		s.add(e.to, f)
	case eBind:
		s.bound(e.to, s.binds[e.aux], f)
	case eElem:
		s.iterate(s.sites[e.aux], f, e.to)
	case eStar:
		s.spread(s.stars[e.aux], e.aux, f)
	case eDStar:
		s.spreadNamed(s.stars[e.aux], e.aux, f)
	case eUnify:
		c := &s.unifies[e.aux]
		s.unify(c.t, f, c.b)
	case eCall:
		c := s.callbs[e.aux]
		s.call(c.site, f, c.args, e.to)
	case eAttr:
		c := s.attrs[e.aux]
		s.loadAttr(c.site, f, c.name, e.to)
	case eAwait:
		s.await(s.sites[e.aux], f, e.to)
	default:
		s.special(*e, f)
	}
}
