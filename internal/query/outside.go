package query

import (
	"regexp"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// What comes from outside is told within one function, and where the code shows it: what reads a request, a terminal, a command
// line, a socket, and what texts are made of it by operators and by functions that keep what is in them. A function that nobody
// knows ends it, for it may escape, check or look up what it is given; so nothing that was escaped counts. Whether a parameter
// comes from outside is asked of the whole program, and not here.

// requestParts are the attributes and methods of the requests of the web frameworks that hold what a client sent: Django, Django REST
// framework, Flask, Quart, Bottle, Pyramid, aiohttp, Starlette, Sanic, Tornado, Falcon, CherryPy, WebOb.
var requestParts = map[string]bool{
	"GET": true, "POST": true, "COOKIES": true, "FILES": true, "META": true, "REQUEST": true, "args": true, "form": true, "forms": true,
	"values": true, "json": true, "get_json": true, "data": true, "get_data": true, "body": true, "headers": true, "cookies": true,
	"files": true, "query": true, "query_params": true, "query_string": true, "query_arguments": true, "arguments": true, "body_arguments": true,
	"params": true, "matchdict": true, "match_info": true, "path_params": true, "text": true, "read": true, "post": true, "stream": true,
	"media": true, "get_param": true, "raw_post_data": true, "json_body": true, "get_argument": true, "get_query_argument": true,
	"get_body_argument": true, "url": true, "path": true, "full_path": true,
}

// handlerReads are methods of a handler, in Tornado and http.server, that read the request themselves.
var handlerReads = map[string]bool{"get_argument": true, "get_arguments": true, "get_query_argument": true, "get_body_argument": true}

// outsideNames are, by full name, what is from outside, or gives it when it is called.
var outsideNames = map[string]bool{
	"input": true, "builtins.input": true, "raw_input": true, "builtins.raw_input": true, "sys.argv": true, "sys.stdin": true, "os.environ": true, "os.environb": true,
	"os.getenv": true, "cgi.FieldStorage": true, "flask.request": true, "quart.request": true, "bottle.request": true, "cherrypy.request": true,
}

// keeping are functions that give a text, or data, with all in it that was in what they are given.
var keeping = map[string]bool{
	"str": true, "bytes": true, "bytearray": true, "list": true, "tuple": true, "dict": true, "sorted": true, "reversed": true, "set": true, "map": true,
	"io.BytesIO": true, "io.StringIO": true, "zlib.decompress": true, "gzip.decompress": true, "bz2.decompress": true, "lzma.decompress": true,
	"base64.b64decode": true, "base64.urlsafe_b64decode": true, "base64.standard_b64decode": true, "base64.decodebytes": true,
	"binascii.unhexlify": true, "binascii.a2b_base64": true, "urllib.parse.unquote": true, "urllib.parse.unquote_plus": true, "urllib.unquote": true,
	"json.loads": true, "json.dumps": true, "os.path.join": true, "os.path.expanduser": true, "textwrap.dedent": true, "typing.cast": true,
}

// narrowing are methods that leave nothing of a text but a number or a choice, or may take out what does harm.
var narrowing = map[string]bool{
	"isdigit": true, "isalnum": true, "startswith": true, "endswith": true, "count": true, "find": true, "index": true, "hexdigest": true, "digest": true,
	"is_ajax": true, "is_secure": true, "urlencode": true, "replace": true, "translate": true, // the last three may be an escape
}

// numeric are annotations and converters of parameters that leave a number, a date or an identifier.
var numeric = regexp.MustCompile(`(?i)^(typing\.|t\.|datetime\.|uuid\.)?(Optional\[)?(int|float|bool|complex|uuid|UUID|date|datetime|Decimal|\w*Enum)\b`)

// outside reports whether the value is, or is put together with, what comes from outside in this function.
func (v *Value) outside() bool {
	for _, a := range v.alts {
		if a.outside() {
			return true
		}
	}
	if v.e == nil || v.absent {
		return false
	}
	w := outsideWalk{file: v.file, seen: map[syntax.ID]bool{}}
	return w.from(v.e) || v.added != nil && w.from(v.added)
}

type outsideWalk struct {
	file *File
	seen map[syntax.ID]bool
}

// maxOutside bounds how many expressions are looked at for one question.
const maxOutside = 400

func (w *outsideWalk) any(list []syntax.Expr) bool { return slices.ContainsFunc(list, w.from) }

func (w *outsideWalk) from(e syntax.Expr) bool {
	if e == nil || w.seen[e.ID()] || len(w.seen) > maxOutside {
		return false
	}
	w.seen[e.ID()] = true
	switch e := e.(type) {
	case *syntax.Name:
		return w.name(e)
	case *syntax.Attribute:
		return w.source(e) || w.from(e.X)
	case *syntax.Call:
		return w.call(e)
	case *syntax.Subscript:
		if c, ok := w.file.m.Const(e.Index); ok && c.Equal(ir.IntConst(0)) && w.file.m.Qualified(e.X) == "sys.argv" {
			return false // the program itself
		}
		return w.from(e.X)
	case *syntax.BinOp:
		return w.from(e.X) || w.from(e.Y)
	case *syntax.BoolOp:
		return w.any(e.Values)
	case *syntax.Cond:
		return w.from(e.Then) || w.from(e.Else)
	case *syntax.Walrus:
		return w.from(e.Value)
	case *syntax.Await:
		return w.from(e.X)
	case *syntax.Starred:
		return w.from(e.X)
	case *syntax.FString:
		return w.any(e.Parts)
	case *syntax.Interp:
		return w.from(e.X)
	case *syntax.Tuple:
		return w.any(e.Elts)
	case *syntax.List:
		return w.any(e.Elts)
	case *syntax.Set:
		return w.any(e.Elts)
	case *syntax.Dict:
		return w.any(e.Values)
	case *syntax.Comp:
		return w.from(e.Elt)
	}
	return false
}

// name follows a variable to what reaches it: assignments, what a loop goes through, what is hung on to it, the route that fills a
// parameter.
func (w *outsideWalk) name(e *syntax.Name) bool {
	if w.source(e) {
		return true
	}
	m := w.file.m
	list, complete := m.Possible(e)
	for _, x := range list {
		if x != syntax.Expr(e) && w.from(x) {
			return true
		}
	}
	b := m.Names.Binding(e)
	if b == nil || complete && (len(list) != 1 || list[0] != syntax.Expr(e)) {
		return false
	}
	for _, d := range b.Defs {
		if d.Kind == resolve.Param {
			if w.routed(d.Node, b.Name) {
				return true
			}
			continue
		}
		for n := d.Node; n != nil; n = m.Names.Parent(n) {
			if x, ok := n.(syntax.Expr); ok {
				if c, ok := x.(*syntax.Comp); ok {
					for _, clause := range c.Clauses {
						if clause.Target.Span().Contains(d.Node.Span()) && w.from(clause.Iter) {
							return true
						}
					}
				}
				continue
			}
			switch n := n.(type) {
			case *syntax.AugAssign:
				if w.from(n.Value) {
					return true
				}
			case *syntax.For:
				if n.Target.Span().Contains(d.Node.Span()) && w.from(n.Iter) {
					return true
				}
			}
			break
		}
	}
	return false
}

// source reports whether a chain of attributes is itself what comes from outside.
func (w *outsideWalk) source(e syntax.Expr) bool {
	found := false
	w.file.m.EachQualified(e, func(q string) bool {
		head, part, ok := strings.Cut(q, ".request.")
		found = found || outsideNames[q] && !strings.HasSuffix(q, ".request") || ok && outsideNames[head+".request"] && requestParts[firstPart(part)]
		return !found
	})
	if found {
		return true
	}
	a, ok := e.(*syntax.Attribute)
	if !ok || !requestParts[a.Name] {
		return false
	}
	chain := dottedText(a.X)
	return chain == "request" || chain == "req" || chain == "self.request" || chain == "self.req"
}

func firstPart(chain string) string {
	first, _, _ := strings.Cut(chain, ".")
	return first
}

func (w *outsideWalk) call(e *syntax.Call) bool {
	if w.source(e.Func) {
		return !w.converted(e)
	}
	args := func() bool {
		for _, a := range e.Args {
			if k, ok := a.(*syntax.Keyword); ok {
				a = k.Value
			}
			if w.from(a) {
				return true
			}
		}
		return false
	}
	keeps := false
	w.file.m.EachCallee(e.Func, func(q string) bool {
		keeps = keeps || keeping[q] || keeping[strings.TrimPrefix(q, "builtins.")]
		return !keeps
	})
	if keeps {
		return args()
	}
	a, ok := e.Func.(*syntax.Attribute)
	if !ok {
		return false
	}
	switch a.Name {
	case "recv", "recvfrom", "recv_string", "recv_pyobj":
		return true // of a socket
	case "format", "join", "format_map":
		return args() || w.from(a.X)
	}
	if handlerReads[a.Name] && dottedText(a.X) == "self" {
		return !w.converted(e)
	}
	return !narrowing[a.Name] && !w.converted(e) && w.from(a.X)
}

// converted reports whether a call that reads a field is told to make a number of it: `request.args.get("n", type=int)`.
func (w *outsideWalk) converted(e *syntax.Call) bool {
	for _, a := range e.Args {
		if k, ok := a.(*syntax.Keyword); ok && k.Name == "type" {
			switch dottedText(k.Value) {
			case "str", "bytes":
			default:
				return true
			}
		}
	}
	return false
}

// routes are the last names of decorators that make a function answer requests; those that are verbs count where a path is given.
var routes = map[string]bool{"route": true, "get": true, "post": true, "put": true, "patch": true, "delete": true, "api_route": true, "websocket": true}

// routed reports whether a parameter is filled by what a client sends: a part of the path that the decorator names, or a field of the
// query where the framework reads it from the parameters, as FastAPI does.
func (w *outsideWalk) routed(n syntax.Node, name string) bool {
	m := w.file.m
	var def *syntax.FunctionDef
	for p := n; p != nil && def == nil; p = m.Names.Parent(p) {
		switch p := p.(type) {
		case *syntax.Lambda:
			return false
		case *syntax.FunctionDef:
			def = p
		}
	}
	if def == nil || def.Params == nil {
		return false
	}
	list := def.Params.List
	if len(list) == 2 && list[0].Name == "event" && list[1].Name == "context" {
		return name == "event" // AWS Lambda
	}
	i := slices.IndexFunc(list, func(p *syntax.Param) bool { return p.Name == name })
	if i < 0 || list[i].Annotation != nil && numeric.MatchString(w.file.m.File.Slice(list[i].Annotation.Span())) {
		return false
	}
	if d, ok := list[i].Default.(*syntax.Call); ok && strings.HasSuffix(dottedText(d.Func), "Depends") {
		return false
	}
	for _, d := range def.Decorators {
		c, ok := d.(*syntax.Call)
		if !ok || !routes[lastName(c.Func)] || len(c.Args) == 0 {
			continue
		}
		path, _ := m.Const(c.Args[0])
		text, ok := textOfConst(path)
		if !ok || !strings.HasPrefix(text, "/") {
			continue
		}
		for _, hole := range holes.FindAllStringSubmatch(text, -1) {
			if hole[2]+hole[3] == name {
				return !numeric.MatchString(hole[1]) && !numeric.MatchString(hole[4])
			}
		}
		// FastAPI: what is a plain value and not in the path is read from the query.
		if lastName(c.Func) != "route" && list[i].Annotation != nil {
			switch dottedText(list[i].Annotation) {
			case "str", "bytes":
				return true
			}
		}
	}
	return false
}

// holes are `<name>`, `<string:name>`, `{name}` and `{name:path}`.
var holes = regexp.MustCompile(`<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>|\{(\w+)(?::(\w+))?\}`)
