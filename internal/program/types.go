package program

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// TypeOf is the qualified name of the class of an expression's value: "str", "sqlite3.Connection", "app.models.User". It is ""
// when it is not known. It is told by literals, constructors, calls of known functions, annotations, with, and what the class
// stores in self.
func (m *Module) TypeOf(e syntax.Expr) string {
	if m.memo.depth > maxDepth {
		return ""
	}
	m.memo.depth++
	defer func() { m.memo.depth-- }()
	switch e := e.(type) {
	case *syntax.Str:
		if e.Flags&syntax.Bytes != 0 {
			return "bytes"
		}
		return "str"
	case *syntax.FString:
		if e.Template {
			return "string.templatelib.Template"
		}
		return "str"
	case *syntax.Num:
		return [...]string{"int", "float", "complex"}[e.Kind]
	case *syntax.Const:
		switch e.Kind {
		case syntax.True, syntax.False:
			return "bool"
		case syntax.None:
			return "None"
		}
	case *syntax.List:
		return "list"
	case *syntax.Tuple:
		return "tuple"
	case *syntax.Dict:
		return "dict"
	case *syntax.Set:
		return "set"
	case *syntax.Comp:
		return [...]string{"generator", "list", "set", "dict"}[e.Kind]
	case *syntax.Compare:
		return "bool"
	case *syntax.BinOp:
		x, y := m.TypeOf(e.X), m.TypeOf(e.Y)
		if x == "str" || x == "bytes" {
			return x
		}
		if x == y && (x == "int" || x == "float") && e.Op != syntax.Div {
			return x
		}
	case *syntax.Await:
		return m.TypeOf(e.X)
	case *syntax.Walrus:
		return m.TypeOf(e.Value)
	case *syntax.Call:
		return m.resultOf(e)
	case *syntax.Name:
		return m.typeOfName(e)
	case *syntax.Attribute:
		if v := m.selfAttr(e); v != nil {
			return m.TypeOf(v)
		}
		if t := m.TypeOf(e.X); t != "" {
			return results[t+"."+e.Name+" "]
		}
	}
	return ""
}

// resultOf is the type of what a call returns.
func (m *Module) resultOf(c *syntax.Call) string {
	out := ""
	m.EachQualified(c.Func, func(q string) bool {
		switch {
		case results[q] != "":
			out = results[q]
		case builtinTypes[q], constructor(q):
			out = q
		}
		return out == ""
	})
	if out != "" {
		return out
	}
	if a, ok := c.Func.(*syntax.Attribute); ok {
		if t := m.TypeOf(a.X); t != "" {
			return results[t+"."+a.Name]
		}
	}
	return ""
}

var builtinTypes = wordSet("str bytes int float bool list dict set frozenset tuple bytearray complex object")

// constructor tells by its name whether what is called is a class: classes are written in capitals (PEP 8), and in the standard library and the
// well-known packages nothing else is.
func constructor(q string) bool {
	name := q[strings.LastIndexByte(q, '.')+1:]
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return false
	}
	return strings.ToUpper(name) != name || len(name) <= 4
}

func (m *Module) typeOfName(n *syntax.Name) string {
	b := m.Names.Binding(n)
	if b == nil {
		return ""
	}
	if len(b.Defs) == 1 {
		switch d := b.Defs[0].Node.(type) {
		case *syntax.Param:
			return m.annotation(d.Annotation)
		case *syntax.Name:
			if b.Defs[0].Kind == resolve.With {
				return m.entered(d)
			}
		}
	}
	for i := range b.Defs {
		if a, ok := m.Names.Parent(b.Defs[i].Node).(*syntax.AnnAssign); ok {
			if t := m.annotation(a.Annotation); t != "" {
				return t
			}
		}
	}
	nodes, ok := m.reaching(n)
	if !ok {
		return ""
	}
	t := ""
	for i, node := range nodes {
		e, ok := node.(syntax.Expr)
		if !ok {
			return ""
		}
		u := m.TypeOf(e)
		if i > 0 && u != t {
			return ""
		}
		t = u
	}
	return t
}

// entered is the type of `x` in `with value as x`: most managers give themselves.
func (m *Module) entered(target *syntax.Name) string {
	w, ok := m.Names.Parent(target).(*syntax.With)
	if !ok {
		return ""
	}
	for _, item := range w.Items {
		if item.Vars == target {
			t := m.TypeOf(item.X)
			if given := results[t+".__enter__"]; given != "" {
				return given
			}
			return t
		}
	}
	return ""
}

// annotation is the type that an annotation names: X, "X", Optional[X], X | None, Annotated[X, …].
func (m *Module) annotation(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name, *syntax.Attribute:
		return m.Qualified(e)
	case *syntax.Str:
		return m.named(e.Value)
	case *syntax.BinOp:
		if e.Op == syntax.BitOr {
			if c, ok := e.Y.(*syntax.Const); ok && c.Kind == syntax.None {
				return m.annotation(e.X)
			}
			if c, ok := e.X.(*syntax.Const); ok && c.Kind == syntax.None {
				return m.annotation(e.Y)
			}
		}
	case *syntax.Subscript:
		switch q := m.Qualified(e.X); q {
		case "typing.Optional", "typing.Final", "typing.ClassVar", "typing.Required", "typing.NotRequired":
			return m.annotation(e.Index)
		case "typing.Annotated", "typing_extensions.Annotated":
			if t, ok := e.Index.(*syntax.Tuple); ok && len(t.Elts) > 0 {
				return m.annotation(t.Elts[0])
			}
		case "typing.List":
			return "list"
		case "typing.Dict":
			return "dict"
		default:
			return q
		}
	}
	return ""
}

// named is the type that an annotation in quotes names, where that is a dotted name.
func (m *Module) named(text string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), ".")
	for _, c := range []byte(text) {
		if !(c == '.' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z') {
			return ""
		}
	}
	q := ""
	if b := m.Names.Module.Lookup(first); b != nil {
		switch d := b.Defs[0].Node.(type) {
		case *syntax.Alias:
			q = m.absolute(m.imported(d))
		case *syntax.ClassDef:
			q = m.defined(b)
		}
	} else if ir.IsBuiltin(first) {
		q = first
	}
	if q != "" && rest != "" {
		q += "." + rest
	}
	return q
}

// NamesOfType are names one of which a module has to spell, or take from another one, for [Module.TypeOf] to tell a type in it; nil when
// there are none, as for the types of literals. The type may lack its module.
func NamesOfType(t string) []string {
	if builtinTypes[t] || !strings.Contains(t, ".") && (t == "" || t[0] < 'A' || t[0] > 'Z' || t == "None" || t == "Template") || t == "string.templatelib.Template" {
		return nil
	}
	last := func(q string) string { return q[strings.LastIndexByte(q, '.')+1:] }
	names := []string{last(t)}
	for of, result := range results {
		if result == t || strings.HasSuffix(result, "."+t) {
			if name := last(strings.TrimSuffix(strings.TrimSuffix(of, " "), ".__enter__")); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// results are the types of what well-known functions and methods return; a name with a space after it is an attribute.
var results = map[string]string{
	"open": "io.TextIOWrapper", "io.open": "io.TextIOWrapper", "input": "str", "repr": "str", "ascii": "str", "chr": "str", "hex": "str", "format": "str",
	"len": "int", "ord": "int", "hash": "int", "id": "int", "sorted": "list", "str.join": "str", "str.format": "str", "str.strip": "str",
	"str.lower": "str", "str.upper": "str", "str.replace": "str", "str.encode": "bytes", "bytes.decode": "str", "str.split": "list",
	"sqlite3.connect": "sqlite3.Connection", "sqlite3.Connection.cursor": "sqlite3.Cursor", "sqlite3.Connection.execute": "sqlite3.Cursor",
	"psycopg2.connect": "psycopg2.extensions.connection", "psycopg2.extensions.connection.cursor": "psycopg2.extensions.cursor",
	"psycopg.connect": "psycopg.Connection", "psycopg.Connection.cursor": "psycopg.Cursor",
	"pymysql.connect": "pymysql.connections.Connection", "pymysql.connections.Connection.cursor": "pymysql.cursors.Cursor",
	"MySQLdb.connect": "MySQLdb.connections.Connection", "MySQLdb.connections.Connection.cursor": "MySQLdb.cursors.Cursor",
	"sqlalchemy.create_engine": "sqlalchemy.engine.Engine", "sqlalchemy.engine.Engine.connect": "sqlalchemy.engine.Connection",
	"sqlalchemy.engine.Engine.begin": "sqlalchemy.engine.Connection", "sqlalchemy.orm.sessionmaker": "sqlalchemy.orm.sessionmaker",
	"ssl.create_default_context": "ssl.SSLContext", "ssl._create_unverified_context": "ssl.SSLContext", "ssl._create_stdlib_context": "ssl.SSLContext",
	"ssl.wrap_socket": "ssl.SSLSocket", "ssl.SSLContext.wrap_socket": "ssl.SSLSocket", "socket.create_connection": "socket.socket", "socket.socket": "socket.socket",
	"requests.session": "requests.Session", "requests.get": "requests.Response", "requests.post": "requests.Response", "requests.put": "requests.Response",
	"requests.request": "requests.Response", "requests.Session.get": "requests.Response", "requests.Session.post": "requests.Response",
	"httpx.get": "httpx.Response", "httpx.post": "httpx.Response", "logging.getLogger": "logging.Logger",
	"subprocess.run": "subprocess.CompletedProcess", "hashlib.new": "hashlib._Hash", "hashlib.md5": "hashlib._Hash", "hashlib.sha1": "hashlib._Hash",
	"hashlib.sha256": "hashlib._Hash", "hmac.new": "hmac.HMAC", "re.compile": "re.Pattern", "re.match": "re.Match", "re.search": "re.Match",
	"re.Pattern.match": "re.Match", "re.Pattern.search": "re.Match", "argparse.ArgumentParser.parse_args": "argparse.Namespace",
	"os.getcwd": "str", "os.path.join": "str", "os.path.abspath": "str", "os.path.basename": "str", "os.path.dirname": "str", "os.path.exists": "bool",
	"os.getenv": "str", "os.urandom": "bytes", "os.popen": "os._wrap_close", "json.dumps": "str", "time.time": "float", "random.random": "float", "random.randint": "int",
	"tarfile.open": "tarfile.TarFile", "tarfile.TarFile.open": "tarfile.TarFile", "zipfile.ZipFile.open": "zipfile.ZipExtFile",
	"tempfile.TemporaryDirectory.__enter__": "str", "tempfile.mkdtemp": "str", "tempfile.mktemp": "str", "tempfile.gettempdir": "str",
	"datetime.datetime.now": "datetime.datetime", "datetime.datetime.utcnow": "datetime.datetime", "datetime.date.today": "datetime.date",
	"pathlib.Path.cwd": "pathlib.Path", "pathlib.Path.home": "pathlib.Path", "pathlib.Path.resolve": "pathlib.Path", "pathlib.Path.read_text": "str",
	"paramiko.client.SSHClient": "paramiko.SSHClient", "paramiko.SSHClient": "paramiko.SSHClient", "smtplib.SMTP": "smtplib.SMTP", "smtplib.SMTP_SSL": "smtplib.SMTP_SSL",
	"ftplib.FTP": "ftplib.FTP", "imaplib.IMAP4": "imaplib.IMAP4", "poplib.POP3": "poplib.POP3", "asyncio.get_event_loop": "asyncio.AbstractEventLoop",
	"boto3.client": "botocore.client.BaseClient", "boto3.resource": "boto3.resources.base.ServiceResource", "secrets.token_hex": "str", "secrets.token_urlsafe": "str",
	"uuid.uuid4": "uuid.UUID", "uuid.uuid1": "uuid.UUID", "xml.etree.ElementTree.parse": "xml.etree.ElementTree.ElementTree", "lxml.etree.parse": "lxml.etree._ElementTree",
	"jinja2.Environment.get_template": "jinja2.Template", "jinja2.Environment.from_string": "jinja2.Template", "urllib.request.urlopen": "http.client.HTTPResponse",
}
