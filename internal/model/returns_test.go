package model

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// returns are calls of the standard library, each with an expression that makes it. What python3 says the value is must be among what
// the table says the call gives, and nothing but it and None where the table says one thing.
var returns = []struct{ call, expr string }{
	{"os.getcwd", "os.getcwd()"},
	{"os.path.join", "os.path.join('a', 'b')"},
	{"os.path.splitext", "os.path.splitext('a.b')"},
	{"os.listdir", "os.listdir('/')"},
	{"os.stat", "os.stat('/')"},
	{"os.urandom", "os.urandom(3)"},
	{"os.getenv", "os.getenv('HOME', 'x')"},
	{"os.path.exists", "os.path.exists('/')"},
	{"os.walk", "os.walk('/')"},
	{"open", "open('/dev/null')"},
	{"sorted", "sorted([1])"},
	{"repr", "repr(1)"},
	{"len", "len('x')"},
	{"str.split", "'a b'.split()"},
	{"str.join", "''.join(['a'])"},
	{"str.encode", "'a'.encode()"},
	{"str.partition", "'a'.partition('b')"},
	{"str.format", "'a'.format()"},
	{"bytes.decode", "b'a'.decode()"},
	{"bytes.hex", "b'a'.hex()"},
	{"int.to_bytes", "(1).to_bytes(1, 'big')"},
	{"float.as_integer_ratio", "(1.5).as_integer_ratio()"},
	{"dict.keys", "{}.keys()"},
	{"dict.items", "{}.items()"},
	{"dict.copy", "{}.copy()"},
	{"list.copy", "[].copy()"},
	{"set.union", "{1}.union([2])"},
	{"json.dumps", "json.dumps(1)"},
	{"re.compile", "re.compile('a')"},
	{"re.match", "re.match('a', 'a')"},
	{"re.sub", "re.sub('a', 'b', 'c')"},
	{"re.findall", "re.findall('a', 'b')"},
	{"re.Match.span", "re.match('a', 'a').span()"},
	{"re.Pattern.match", "re.compile('a').match('a')"},
	{"subprocess.run", "subprocess.run(['true'])"},
	{"subprocess.check_output", "subprocess.check_output(['true'])"},
	{"subprocess.getoutput", "subprocess.getoutput('true')"},
	{"urllib.parse.quote", "urllib.parse.quote('a')"},
	{"urllib.parse.urlparse", "urllib.parse.urlparse('http://a')"},
	{"urllib.parse.parse_qs", "urllib.parse.parse_qs('a=b')"},
	{"urllib.parse.urlencode", "urllib.parse.urlencode({})"},
	{"urllib.parse.urljoin", "urllib.parse.urljoin('a', 'b')"},
	{"base64.b64encode", "base64.b64encode(b'a')"},
	{"base64.b64decode", "base64.b64decode(b'')"},
	{"hashlib.md5", "hashlib.md5(b'')"},
	{"hmac.new", "hmac.new(b'a', b'b', 'sha1')"},
	{"hmac.compare_digest", "hmac.compare_digest('a', 'a')"},
	{"secrets.token_hex", "secrets.token_hex()"},
	{"secrets.token_bytes", "secrets.token_bytes()"},
	{"random.random", "random.random()"},
	{"random.randint", "random.randint(1, 2)"},
	{"uuid.uuid4", "uuid.uuid4()"},
	{"time.time", "time.time()"},
	{"time.localtime", "time.localtime()"},
	{"datetime.timedelta.total_seconds", "datetime.timedelta(1).total_seconds()"},
	{"datetime.date.isoformat", "datetime.date(2020, 1, 1).isoformat()"},
	{"logging.getLogger", "logging.getLogger('x')"},
	{"logging.Logger.getChild", "logging.getLogger('x').getChild('y')"},
	{"sqlite3.connect", "sqlite3.connect(':memory:')"},
	{"sqlite3.Connection.cursor", "sqlite3.connect(':memory:').cursor()"},
	{"sqlite3.Connection.execute", "sqlite3.connect(':memory:').execute('select 1')"},
	{"sqlite3.Cursor.fetchall", "sqlite3.connect(':memory:').cursor().fetchall()"},
	{"xml.etree.ElementTree.fromstring", "xml.etree.ElementTree.fromstring('<a/>')"},
	{"xml.etree.ElementTree.tostring", "xml.etree.ElementTree.tostring(xml.etree.ElementTree.fromstring('<a/>'))"},
	{"xml.etree.ElementTree.Element.iter", "xml.etree.ElementTree.fromstring('<a/>').iter()"},
	{"xml.dom.minidom.parseString", "xml.dom.minidom.parseString('<a/>')"},
	{"argparse.ArgumentParser.parse_args", "argparse.ArgumentParser().parse_args([])"},
	{"argparse.ArgumentParser.add_subparsers", "argparse.ArgumentParser().add_subparsers()"},
	{"pathlib.Path.read_text", "pathlib.Path('/dev/null').read_text()"},
	{"pathlib.Path.read_bytes", "pathlib.Path('/dev/null').read_bytes()"},
	{"pathlib.Path.iterdir", "pathlib.Path('/').iterdir()"},
	{"pathlib.Path.exists", "pathlib.Path('/').exists()"},
	{"tempfile.gettempdir", "tempfile.gettempdir()"},
	{"shutil.which", "shutil.which('true')"},
	{"shlex.split", "shlex.split('a')"},
	{"shlex.quote", "shlex.quote('a')"},
	{"socket.gethostname", "socket.gethostname()"},
	{"ssl.create_default_context", "ssl.create_default_context()"},
	{"string.Template.substitute", "string.Template('a').substitute()"},
	{"textwrap.dedent", "textwrap.dedent('a')"},
	{"html.escape", "html.escape('a')"},
	{"inspect.signature", "inspect.signature(len)"},
	{"copy.copy", "copy.copy(1)"},
	{"pickle.dumps", "pickle.dumps(1)"},
	{"zlib.compress", "zlib.compress(b'')"},
	{"struct.pack", "struct.pack('b', 1)"},
	{"struct.unpack", "struct.unpack('b', b'a')"},
	{"fnmatch.filter", "fnmatch.filter([], 'a')"},
	{"glob.glob", "glob.glob('a')"},
	{"difflib.unified_diff", "difflib.unified_diff([], [])"},
	{"threading.current_thread", "threading.current_thread()"},
	{"asyncio.new_event_loop", "asyncio.new_event_loop()"},
	{"concurrent.futures.Executor.submit", "concurrent.futures.ThreadPoolExecutor().submit(len, 'a')"},
	{"configparser.RawConfigParser.sections", "configparser.ConfigParser().sections()"},
	{"email.message_from_string", "email.message_from_string('a: b')"},
	{"mimetypes.guess_type", "mimetypes.guess_type('a.txt')"},
	{"getpass.getuser", "getpass.getuser()"},
	{"platform.system", "platform.system()"},
	{"ipaddress.ip_address", "ipaddress.ip_address('1.2.3.4')"},
	{"decimal.Decimal.sqrt", "decimal.Decimal(4).sqrt()"},
	{"fractions.Fraction.limit_denominator", "fractions.Fraction(1, 3).limit_denominator()"},
	{"statistics.mean", "statistics.mean([1.0])"},
	{"collections.Counter.most_common", "collections.Counter('a').most_common()"},
	{"itertools.chain.from_iterable", "itertools.chain.from_iterable([])"},
	{"functools.partial.__new__", "functools.partial(len)"},
	{"operator.itemgetter.__new__", "operator.itemgetter(1)"},
	{"ast.parse", "ast.parse('1')"},
	{"tokenize.tokenize", "tokenize.tokenize(io.BytesIO(b'').readline)"},
	{"io.StringIO.getvalue", "io.StringIO().getvalue()"},
	{"io.BytesIO.getbuffer", "io.BytesIO().getbuffer()"},
	{"gzip.compress", "gzip.compress(b'')"},
	{"csv.reader", "csv.reader([])"},
}

// stubNames are what the stubs call classes of CPython that have another name, or none that can be imported.
var stubNames = map[string]string{
	"builtins.dict_keys": "_collections_abc.dict_keys", "builtins.dict_items": "_collections_abc.dict_items", "_csv.reader": "_csv.Reader",
	"_elementtree._element_iterator": "collections.abc.Generator",
}

// TestReturns asks python3 what each call gives.
func TestReturns(t *testing.T) {
	exe, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to ask")
	}
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	var in strings.Builder
	for _, r := range returns {
		in.WriteString(r.call + "\t" + r.expr + "\n")
	}
	cmd := exec.Command(exe, "-W", "ignore", "testdata/returns.py")
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(answers) != len(returns) {
		t.Fatalf("%d answers to %d questions", len(answers), len(returns))
	}
	checked := 0
	for i, r := range returns {
		s := l.Symbol(r.call)
		if s == nil {
			t.Errorf("%s is unknown", r.call)
			continue
		}
		var says []string
		owner, _, _ := cutLast(s.Name)
		for _, g := range s.Sigs {
			says = classesOf(l, g.Returns, owner, says)
		}
		if len(says) == 0 {
			continue // a type variable
		}
		checked++
		// The value's class or one of its bases is what the table says: it may say no more than Iterator.
		if !slices.ContainsFunc(strings.Fields(answers[i]), func(class string) bool {
			c := l.Symbol(class)
			return c != nil && slices.Contains(says, c.Name) || slices.Contains(says, stubNames[class])
		}) {
			t.Errorf("%s gives %s; the table says %v", r.expr, answers[i], says)
		}
	}
	t.Logf("%d calls checked", checked)
	if checked < 100 {
		t.Errorf("only %d calls checked", checked)
	}
}

// classesOf adds the classes that a type names.
func classesOf(l *Library, u Type, owner string, out []string) []string {
	switch u.Kind {
	case Instance, Literal:
		return append(out, u.Name)
	case Tuple:
		return append(out, "tuple")
	case Self:
		return append(out, owner)
	case None:
		return append(out, "types.NoneType")
	case Union, FuncVar: // of a variable: what it is bounded by
		for _, a := range u.Args {
			out = classesOf(l, a, owner, out)
		}
	}
	return out
}
