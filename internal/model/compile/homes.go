package compile

import (
	"slices"
	"strings"
)

// moduleHomes are modules that are another one's implementation on Linux, where users know only the other.
var moduleHomes = map[string]string{"posixpath": "os.path", "genericpath": "os.path"}

// private reports that a module's name is not for users.
func private(module string) bool {
	for part := range strings.SplitSeq(module, ".") {
		if part[0] == '_' && !strings.HasPrefix(part, "__") {
			return true
		}
	}
	return false
}

// findHomes gives each definition of a module the name by which users know it, where that is another than the one
// where it stands: a public module that passes on what a private one defines (_io.StringIO is io.StringIO), a package that
// passes on what a module of its own defines (asyncio.runners.run is asyncio.run), collections.abc for the classes that typing
// happens to define in the stubs.
func (w *world) findHomes() {
	given := map[*def][]string{}
	for _, name := range w.names {
		m := w.stubs[name]
		if private(name) {
			continue
		}
		for _, n := range w.offered(m) {
			t := w.settle(w.member(m, n, maxHops))
			if t.def != nil && t.def.in.class == nil && t.def.in.mod != m {
				given[t.def] = append(given[t.def], name+"."+n)
			}
		}
	}
	for _, name := range w.names {
		m := w.stubs[name]
		for _, n := range m.scope.order {
			d := m.scope.defs[n]
			if d.imported {
				continue
			}
			if home := moduleHomes[name]; home != "" {
				w.homes[d] = home + "." + n
			} else if home := w.choose(d, given[d]); home != "" {
				w.homes[d] = home
			}
		}
	}
}

// offered are the names of a module that others may use: what it exports, and what it says is for others.
func (w *world) offered(m *stub) []string {
	out := slices.Clone(w.exports(m))
	for _, n := range m.scope.order {
		if d := m.scope.defs[n]; d.imported && d.public || !d.imported && d.value != nil && n[0] != '_' {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// choose is the best of the names under which a definition is passed on, or "" when its own is the best.
func (w *world) choose(d *def, names []string) string {
	module := d.in.mod.name
	if module == "builtins" {
		return ""
	}
	best, bestRank := "", 0
	for _, q := range names {
		dot := strings.LastIndexByte(q, '.')
		from, name := q[:dot], q[dot+1:]
		rank := 0
		switch {
		case module == "typing" && from == "collections.abc":
			rank = 5
		case private(module) && name == d.name && from == strings.TrimLeft(module, "_"):
			rank = 4
		case strings.HasPrefix(module, from+".") && name == d.name:
			rank = 3
		case private(module) && module != "_typeshed" && !strings.HasPrefix(module, "_typeshed.") && name == d.name:
			rank = 2
		case strings.HasPrefix(module, from+".") && name == strings.TrimLeft(d.name, "_"):
			rank = 2 // a private class that the package passes on under its old name
		case private(module) && module != "_typeshed" && !strings.HasPrefix(module, "_typeshed.") && name[0] != '_' && !w.extends(from, d.name):
			rank = 1 // under another name: threading.Lock is _thread.lock, hashlib.md5 is _hashlib.openssl_md5
		}
		if rank > bestRank || rank == bestRank && rank > 0 && (len(q) < len(best) || len(q) == len(best) && q < best) {
			best, bestRank = q, rank
		}
	}
	return best
}

// extends reports whether a module has something of its own under a name: socket.socket is more than _socket.socket, which SocketType is.
func (w *world) extends(module, name string) bool {
	m := w.stubs[module]
	d := m.scope.defs[name]
	return d != nil && !d.imported
}
