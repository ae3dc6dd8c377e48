package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
)

// What builtins and other C code call of the objects that they are given, beyond what any signature says: of the elements of a container
// when it is shown, hashed or compared, of a mapping's keys, and of an object that is copied or pickled.

// inheritedMethod is the method of a library that an object of the tree inherits under a name; nil when the tree defines it, or object does.
func (s *solver) inheritedMethod(f fact, name string) *model.Symbol {
	o := &s.objects[f]
	if o.kind != kInst || !s.isTree(o.a) {
		return nil
	}
	k := s.find(o.a, name)
	if k == 0 || s.classes[k].sym == nil || s.classes[k].sym.Name == "object" {
		return nil
	}
	return s.l.Own(s.classes[k].sym, name)
}

// inheritedCall calls, by a protocol, a method of a library that an object of the tree inherits: what that calls of the object is what
// the tree has of it.
func (s *solver) inheritedCall(st site, f fact, name string, a *args, result node) bool {
	sym := s.inheritedMethod(f, name)
	if sym == nil || sym.Kind != model.Func {
		return false
	}
	s.callHooks(st, sym, f, a)
	s.callLib(st, sym, f, a, result)
	return true
}

// within are the containers whose elements a builtin asks for the same as the container, and what it asks them for.
var within = map[string]string{"str": "repr", "repr": "repr", "format": "repr", "hash": "hash"}

// askElements asks what a container holds.
func (s *solver) askElements(c attrCtx, f fact) {
	name := within[c.name]
	o := &s.objects[f]
	if name == "" || o.kind != kCont && o.kind != kInst || s.again(askKey{site: c.site, f: f, name: "within " + name}) {
		return
	}
	class := ""
	for _, k := range s.mroOf(o.a) {
		switch n := s.classes[k].name; n {
		case "tuple", "frozenset", "list", "dict", "set", "collections.deque", "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
			"collections.UserList", "collections.UserDict":
			class = n
		}
		if class != "" {
			break
		}
	}
	if class == "" || name == "hash" && class != "tuple" && class != "frozenset" {
		return
	}
	s.askLater(c.site, name, s.all(f), pos{})
	if strings.Contains(strings.ToLower(class), "dict") {
		s.askLater(c.site, name, s.keys(f), pos{})
	}
}

// compareElements compares what a container holds with what the other side does.
func (s *solver) compareElements(st site, f fact, name string, other pos) {
	o := &s.objects[f]
	if name != "__eq__" && name != "__ne__" && name != "__lt__" && name != "__le__" && name != "__gt__" && name != "__ge__" || o.kind != kCont {
		return
	}
	switch s.classes[o.a].name {
	case "tuple", "list", "dict", "set", "frozenset", "collections.deque", "collections.OrderedDict", "collections.defaultdict":
	default:
		return
	}
	if s.again(askKey{site: st, f: f, name: "compare " + name}) {
		return
	}
	elems := s.newNode(0)
	for g := range s.known(s.nodeOf(other)) {
		if s.objects[g].kind == kCont {
			s.copy(s.all(g), elems)
		}
	}
	if name == "__ne__" {
		name = "__eq__" // of elements it is asked first whether they are the same
	}
	s.askLater(st, name, s.all(f), pos{n: elems})
	if name != "__eq__" { // which differ at all
		s.askLater(st, "__eq__", s.all(f), pos{n: elems})
	}
}

// A lateAsk is a question to what a node holds that is put when nothing else is left: few values have an answer, and nothing but the arguments
// of the methods that give it hangs on it.
type lateAsk struct {
	site site
	name string // of a protocol, or of a comparison
	of   node
	with pos    // the other side of a comparison
	done uint16 // how many facts have been asked
}

func (s *solver) askLater(st site, name string, of node, with pos) {
	if of != 0 && st.variant != 0 {
		s.lateAsks = append(s.lateAsks, lateAsk{site: st, name: name, of: of, with: with})
	}
}

// consumes notes that something goes through what map or filter gave: then is when the function is called.
func (s *solver) consumes(st site, f fact) {
	o := &s.objects[f]
	if st.variant == 0 || o.kind != kCont || s.classes[o.a].name != "map" && s.classes[o.a].name != "filter" {
		return
	}
	if n := s.partAt(f, s.nameOf("a function"), fAttr); n != 0 && !s.again(askKey{site: st, f: f, name: "consumes"}) {
		s.askLater(st, "called", n, pos{})
		s.askLater(st, "consumed", s.partAt(f, s.nameOf("an iterable"), fAttr), pos{})
	}
}

// askLate puts the questions that waited.
func (s *solver) askLate() {
	for i := 0; i < len(s.lateAsks); i++ {
		for s.lateAsks[i].done < s.cells[s.lateAsks[i].of].n {
			q := &s.lateAsks[i]
			f := s.at(q.of, q.done)
			q.done++
			if q.name == "consumed" {
				s.consumes(q.site, f)
				continue
			}
			if q.name == "called" {
				for _, fid := range s.functionsOf(f, nil, 0) {
					s.hit(q.site, target{fn: fid})
				}
				continue
			}
			switch o := &s.objects[f]; o.kind {
			case kInst:
				if !s.isTree(o.a) {
					continue
				}
			case kClass:
				if len(s.classes[o.a].meta) == 0 {
					continue
				}
			case kCont:
			default:
				continue
			}
			s.seeded++
			if strings.HasPrefix(q.name, "__") {
				s.compare(q.site, f, q.name, q.with)
			} else {
				s.ask(attrCtx{site: q.site, name: q.name}, f)
			}
		}
	}
}

// compare is x == y and its kin, as a library or the container that holds x does it: x is asked, or y where x does not know.
func (s *solver) compare(st site, f fact, name string, other pos) {
	switch {
	case s.treeMethod(f, name):
		s.method(st, f, name, &args{pos: []pos{other}}, 0)
	case name == "__ne__" && s.treeMethod(f, "__eq__"):
		s.method(st, f, "__eq__", &args{pos: []pos{other}}, 0)
	case name == "__contains__":
		s.contains(st, f, other)
	case s.inheritedCall(st, f, name, &args{pos: []pos{other}}, 0):
	default:
		s.compareElements(st, f, name, other)
	}
}

// contains is x in f.
func (s *solver) contains(st site, f fact, x pos) {
	o := &s.objects[f]
	switch {
	case s.treeMethod(f, "__contains__"):
		s.method(st, f, "__contains__", &args{pos: []pos{x}}, 0)
	case s.inheritedCall(st, f, "__contains__", &args{pos: []pos{x}}, 0):
	case s.treeMethod(f, "__iter__"):
		s.iterate(st, f, s.newNode(0))
	case s.treeMethod(f, "__getitem__"):
		s.method(st, f, "__getitem__", &args{pos: []pos{{f: s.lib("int")}}}, 0)
	case o.kind == kCont:
		switch s.classes[o.a].name {
		case "dict", "set", "frozenset", "collections.OrderedDict", "collections.defaultdict", "collections.Counter":
			s.hashed(st, x)
			if s.classes[o.a].name == "set" || s.classes[o.a].name == "frozenset" {
				s.askLater(st, "__eq__", s.nodeOf(x), pos{n: s.all(f)})
			} else {
				s.askLater(st, "__eq__", s.nodeOf(x), pos{n: s.keys(f)})
			}
		default:
			s.askLater(st, "__eq__", s.all(f), x)
			s.askLater(st, "__eq__", s.nodeOf(x), pos{n: s.all(f)})
		}
	}
}

// hashed asks a value for its hash, as sets and mappings do of what they hold.
func (s *solver) hashed(st site, x pos) { s.askLater(st, "hash", s.nodeOf(x), pos{}) }

// hashedKey asks the key of a mapping for its hash.
func (s *solver) hashedKey(st site, f, key fact) {
	if key == 0 || st.variant == 0 {
		return
	}
	switch ko := &s.objects[key]; ko.kind {
	case kInst:
		if !s.isTree(ko.a) {
			return
		}
	case kCont:
	default:
		return
	}
	if name := s.classes[s.objects[f].a].name; name == "list" || name == "tuple" {
		return
	}
	s.ask(attrCtx{site: st, name: "hash"}, key)
	if s.treeMethod(key, "__eq__") {
		s.method(st, key, "__eq__", &args{pos: []pos{{n: s.keys(f)}}}, 0)
	}
}

// hashing are functions that ask an argument, or each element of it, for its hash.
var hashing = map[string]bool{"set.add": false, "set.discard": false, "set.remove": false, "dict.get": false, "dict.pop": false, "dict.setdefault": false,
	"set": true, "frozenset": true, "set.update": true, "dict.fromkeys": true, "collections.Counter": true}

// lengthHints are functions that ask an iterable for its length before they go through it.
var lengthHints = map[string]bool{"list": true, "tuple": true, "sorted": true, "list.extend": true, "str.join": true, "bytes.join": true, "bytearray": true, "bytes": true}

// implied calls what a function of a library calls of its arguments besides what it says.
func (s *solver) implied(st site, name string, self fact, a *args) {
	if st.variant == 0 || len(a.pos) == 0 || a.pos[0].star {
		return
	}
	first := a.pos[0]
	if lengthHints[name] {
		s.askLater(st, "length", s.nodeOf(first), pos{})
	}
	if each, ok := hashing[name]; ok {
		if each {
			n := s.newNode(0)
			for f := range s.known(s.nodeOf(first)) {
				switch o := &s.objects[f]; o.kind {
				case kCont:
					s.copy(s.all(f), n)
				case kGen:
					s.copy(s.variants[o.b].gen, n)
				}
			}
			first = pos{n: n}
		}
		s.hashed(st, first)
	}
	switch name {
	case "list.index", "list.remove", "list.count", "tuple.index", "tuple.count", "collections.deque.index", "collections.deque.remove", "collections.deque.count":
		if self != 0 && s.objects[self].kind == kCont {
			s.askLater(st, "__eq__", s.all(self), first)
			s.askLater(st, "__eq__", s.nodeOf(first), pos{n: s.all(self)})
		}
	}
	if r, ok := reducing[name]; ok {
		s.askLater(st, r, s.nodeOf(first), pos{})
	}
}

// reducing are the functions that take objects apart: into something like them, or into bytes.
var reducing = map[string]string{"copy.copy": "copy", "copy.deepcopy": "deepcopy", "pickle.dump": "pickle", "pickle.dumps": "pickle", "pickle.Pickler.dump": "pickle",
	"_pickle.dump": "pickle", "_pickle.dumps": "pickle", "marshal.dumps": ""}

// maxReduced bounds how many objects are followed from one that is copied or pickled: all that a program has may hang together.
const maxReduced = 32

// reduce calls the methods by which an object is copied or pickled; all that it holds goes the same way, but for a shallow copy.
func (s *solver) reduce(c attrCtx, f fact) {
	o := s.objects[f]
	if o.kind != kCont && (o.kind != kInst || !s.isTree(o.a)) || s.reduces[c.site] >= maxReduced ||
		s.again(askKey{site: c.site, f: f, name: "reduce " + c.name}) {
		return
	}
	s.reduces[c.site]++
	if c.name != "copy" {
		if o.kind == kCont {
			s.askLater(c.site, c.name, s.all(f), pos{})
			s.askLater(c.site, c.name, s.keys(f), pos{})
		} else {
			for _, name := range s.attrsOf[f] {
				s.askLater(c.site, c.name, s.partAt(f, s.nameOf(name), fAttr), pos{})
			}
		}
	}
	if o.kind == kCont {
		return
	}
	own := map[string]string{"copy": "__copy__", "deepcopy": "__deepcopy__"}[c.name]
	if own != "" && s.treeMethod(f, own) {
		a := &args{}
		if own == "__deepcopy__" {
			a.pos = []pos{{f: s.lib("dict")}}
		}
		s.method(c.site, f, own, a, 0)
		return
	}
	var made node
	if c.name != "pickle" {
		made = s.newNode(0)
		s.rebuild(c.site, made)
	}
	s.reduced(c.site, f, made)
	for _, m := range [2]string{"__new__", "__setstate__"} { // where it is put together again: by a copy at once, from bytes by who loads them
		if c.name == "pickle" || !s.treeMethod(f, m) {
			continue
		}
		if m == "__new__" {
			s.callbs = append(s.callbs, callCtx{c.site, &args{pos: []pos{{f: s.classes[o.a].fact}}, implicit: true}})
			s.link(s.classAttr(s.find(o.a, m), m), 0, eCall, uint32(len(s.callbs)-1))
			continue
		}
		s.method(c.site, f, m, &args{pos: []pos{{f: s.lib("dict")}}}, 0)
	}
}

// rebuild calls what __reduce__ gave: the function that is the first element of it with what the second holds.
func (s *solver) rebuild(st site, made node) {
	part := func(i int) node {
		n, key := s.newNode(0), s.newNode(0)
		s.add(key, s.object(object{kind: kInt, b: uint32(i)}))
		s.attrs = append(s.attrs, attrCtx{site: st, val: key})
		s.link(made, n, eOperand, uint32(len(s.attrs)-1))
		return n
	}
	s.callLater(st, pos{n: part(0)}, &args{pos: []pos{{n: part(1), star: true}}, implicit: true}, 0)
}

// reduced calls the first of the methods that take an object apart, and what object's own of that name calls; what it gives says how to put
// the object together again.
func (s *solver) reduced(st site, f fact, made node) {
	switch {
	case s.treeMethod(f, "__reduce_ex__"):
		s.method(st, f, "__reduce_ex__", &args{pos: []pos{{f: s.lib("int")}}}, made)
	case s.treeMethod(f, "__reduce__"):
		s.method(st, f, "__reduce__", &args{}, made)
	default:
		for _, m := range [3]string{"__getnewargs_ex__", "__getnewargs__", "__getstate__"} {
			if s.treeMethod(f, m) {
				s.method(st, f, m, &args{}, 0)
			}
		}
	}
}

// asksClass asks the metaclass of the classes that isinstance or issubclass is given, and, of an abstract class, its __subclasshook__.
func (s *solver) asksClass(st site, name string, x, classes pos) {
	s.attrs = append(s.attrs, attrCtx{site: st, name: name, of: x})
	s.link(s.nodeOf(classes), 0, eProtocol, uint32(len(s.attrs)-1))
}

func (s *solver) askClass(c attrCtx, f fact) {
	o := s.objects[f]
	if o.kind == kCont {
		if s.classes[o.a].name == "tuple" && !s.again(askKey{site: c.site, f: f, name: c.name}) {
			s.asksClass(c.site, c.name, c.of, pos{n: s.all(f)})
		}
		return
	}
	if o.kind != kClass || !s.isTree(o.a) || s.metaMethod(c.site, f, o.a, c.name, &args{pos: []pos{c.of}}, 0) {
		return
	}
	if k := s.find(o.a, "__subclasshook__"); k != 0 && s.isTree(k) {
		s.loadAndCall(c.site, f, "__subclasshook__", &args{pos: []pos{c.of}, implicit: true})
	}
}

// loadAndCall calls what an object has under a name.
func (s *solver) loadAndCall(st site, f fact, name string, a *args) {
	n := s.newNode(0)
	s.loadAttr(st, f, name, n)
	s.callLater(st, pos{n: n}, a, 0)
}

// ---- Files that stand on files

// A wrapper is a class of the standard library whose objects use a file that they are made with.
type wrapper struct {
	param string   // by which the file is given, if not as the first argument
	first []string // what making the object calls of the file
}

var wrapping = map[string]wrapper{
	"io.BufferedReader":     {"raw", []string{"readable", "seekable", "tell", "seek"}},
	"io.BufferedWriter":     {"raw", []string{"writable", "seekable", "tell", "seek"}},
	"io.BufferedRandom":     {"raw", []string{"readable", "writable", "seekable", "tell", "seek"}},
	"io.TextIOWrapper":      {"buffer", []string{"readable", "writable", "seekable", "tell", "closed"}},
	"gzip.GzipFile":         {"fileobj", nil},
	"bz2.BZ2File":           {"", nil},
	"lzma.LZMAFile":         {"", nil},
	"zipfile.ZipFile":       {"file", []string{"read", "seek", "tell"}},
	"pickle.Pickler":        {"file", nil},
	"pickle.Unpickler":      {"file", nil},
	"logging.StreamHandler": {"stream", nil},
	"codecs.StreamReader":   {"stream", nil},
	"codecs.StreamWriter":   {"stream", nil},
}

// wrapped are the methods of a file that one of something which stands on it may call.
var wrapped = map[string][]string{
	"read": {"read", "readinto", "read1"}, "read1": {"read", "readinto", "read1"}, "readinto": {"readinto", "read"}, "readinto1": {"readinto", "read"},
	"readall": {"readall", "read", "readinto"}, "peek": {"read", "readinto"}, "readline": {"read", "readinto", "read1"},
	"readlines": {"read", "readinto", "read1"}, "__iter__": {"read", "readinto", "read1"}, "__next__": {"read", "readinto", "read1"},
	"write": {"write", "writable"}, "writelines": {"write"}, "flush": {"flush", "write"}, "close": {"close", "flush", "write"}, "__exit__": {"close", "flush", "write"},
	"seek": {"seek", "tell", "seekable"}, "tell": {"tell", "seekable"}, "seekable": {"seekable"}, "readable": {"readable"}, "writable": {"writable"},
	"truncate": {"truncate", "flush"}, "fileno": {"fileno"}, "isatty": {"isatty"}, "detach": {"flush"},
	"dump": {"write"}, "load": {"read", "readline", "readinto"}, "emit": {"write", "flush"}, "handle": {"write", "flush"},
	"extractall": {"read", "seek"}, "namelist": nil, "writestr": {"write", "seek", "tell", "flush"}, "reset": {"seek"},
}

// wrap notes the file that an object is made with.
func (s *solver) wrap(st site, name string, inst fact, a *args) {
	w := wrapping[name]
	file := pos{}
	if len(a.pos) > 0 && !a.pos[0].star && name != "gzip.GzipFile" {
		file = a.pos[0]
	}
	for _, k := range a.kw {
		if k.name == w.param {
			file = pos{n: k.n}
		}
	}
	if file == (pos{}) {
		return
	}
	s.flow(file, s.field(inst, "a file"))
	s.askFile(st, s.nodeOf(file), w.first)
}

func (s *solver) askFile(st site, file node, names []string) {
	for _, name := range names {
		s.attrs = append(s.attrs, attrCtx{site: st, name: name})
		s.link(file, 0, eManage, uint32(len(s.attrs)-1))
	}
}

// callWrapped calls what a method of a library calls of the file that its object stands on.
func (s *solver) callWrapped(st site, sym *model.Symbol, self fact, a *args) {
	at := strings.LastIndexByte(sym.Name, '.')
	if at < 0 {
		return
	}
	if name := sym.Name[at+1:]; name == "__init__" {
		if _, ok := wrapping[sym.Name[:at]]; ok { // of a subclass
			s.wrap(st, sym.Name[:at], self, a)
		}
	} else if names := wrapped[name]; len(names) > 0 && s.standsOnFile(s.classOf(self)) {
		s.askFile(st, s.field(self, "a file"), names)
	}
}

// askOn calls what is asked of an object that stands on a file of that file.
func (s *solver) askOn(st site, f fact, name string) {
	if !s.standsOnFile(s.classOf(f)) || s.again(askKey{site: st, f: f, name: "file " + name}) {
		return
	}
	names := wrapped[name]
	if names == nil {
		names = []string{name}
	}
	s.askFile(st, s.field(f, "a file"), names)
}

// standsOnFile reports whether the objects of a class use a file that they are made with.
func (s *solver) standsOnFile(c uint32) bool {
	if c == 0 {
		return false
	}
	for _, k := range s.mroOf(c) {
		if sym := s.classes[k].sym; sym != nil {
			if _, ok := wrapping[sym.Name]; ok {
				return true
			}
		}
	}
	return false
}
