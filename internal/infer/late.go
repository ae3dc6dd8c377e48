package infer

// maxLateRounds bounds how often those calls that wait for their arguments are looked through: they may wait for each other.
const maxLateRounds = 200

// unready reports whether a call had better wait for what is still to come: a class for its bases, a function of a library
// that is chosen by the types of its arguments for these.
func (s *solver) unready(c *pendingCall) bool {
	f := c.f
	if o := &s.objects[f]; o.kind == kBound {
		f = fact(o.a)
	}
	switch o := &s.objects[f]; o.kind {
	case kClass:
		if s.isEnum(o.a) && len(c.args.pos) > 1 && s.lacking(c.args) { // what it makes hangs on the names that it is given
			return true
		}
		sym := s.classes[o.a].sym
		if sym == nil {
			return s.unfinished(f)
		}
		return s.lacking(c.args)
	case kLib:
		return (len(o.sym.Sigs) > 1 || readsFacts[o.sym.Name]) && s.lacking(c.args)
	}
	return false
}

// readsFacts are functions of one signature whose calls look at what their arguments are by then.
var readsFacts = map[string]bool{"collections.namedtuple": true, "type.__new__": true, "dataclasses.replace": true, "copy.replace": true,
	"functools.total_ordering": true}

// lacking reports whether nothing is known of an argument.
func (s *solver) lacking(a *args) bool {
	for _, p := range a.pos {
		if p.n == 0 {
			continue
		}
		if s.cells[p.n].n == 0 {
			return true
		}
		// Nor of what a display or comprehension holds, which is as telling.
		if s.cells[p.n].n == 1 {
			if f := s.cells[p.n].f0; s.filled(f) && !s.holdsAny(f) {
				return true
			}
		}
	}
	for _, k := range a.kw {
		if k.n != 0 && s.cells[k.n].n == 0 {
			return true
		}
	}
	return false
}

// filled reports whether a value is a display or a generator expression that has elements, known or not.
func (s *solver) filled(f fact) bool {
	o := &s.objects[f]
	return s.lens[f] > 0 || o.kind == kCont && s.classes[o.a].name == "collections.abc.Generator"
}

// applyLate makes those of the waiting calls that are ready, or all when none is.
func (s *solver) applyLate() {
	s.lateRounds++
	batch := s.late
	s.late = nil
	s.lateWork += len(batch)
	if s.lateRounds < maxLateRounds && s.lateWork < s.soon && !s.hasty {
		ready := make([]bool, len(batch))
		any := false
		for i := range batch {
			ready[i] = !s.unready(&batch[i])
			any = any || ready[i]
		}
		if any {
			for i := range batch {
				if c := &batch[i]; ready[i] {
					s.steps++
					s.applyNow(c.site, c.f, c.args, c.result, c.how)
				} else {
					s.late = append(s.late, *c)
				}
			}
			return
		}
	}
	for i := range batch {
		c := &batch[i]
		s.steps++
		s.applyNow(c.site, c.f, c.args, c.result, c.how)
	}
}

// onlyNone reports whether a node holds None and nothing else, which says little of what it may be.
func (s *solver) onlyNone(n node) bool {
	c := &s.cells[n]
	return c.n == 0 || c.n == 1 && s.objects[c.f0].kind == kNone
}

// filtered is filter(function, iterable): the elements of the iterable, whatever the function says of them.
func (s *solver) filtered(st site, a *args, result node) {
	if len(a.pos) != 2 || a.pos[0].star || a.pos[1].star {
		return
	}
	elems := s.newNode(0)
	s.link(s.nodeOf(a.pos[1]), elems, eElem, s.siteIndex(st))
	s.callLater(st, a.pos[0], &args{pos: []pos{{n: elems}}}, 0)
	if result != 0 {
		f := s.object(object{kind: kCont, a: s.libClass("filter"), b: uint32(result)})
		s.copy(elems, s.rest(f))
		s.flow(a.pos[0], s.field(f, "a function"))
		s.flow(a.pos[1], s.field(f, "an iterable"))
		s.add(result, f)
	}
}
