package model

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// show is a symbol, or "-" for none.
func show(s *Symbol) string {
	if s == nil {
		return "-"
	}
	return s.String()
}

// facts are questions and what the answer begins with.
var facts = []struct{ ask, want string }{
	{"os.path", "module os.path"},
	{"posixpath", "module os.path"},
	{"posixpath.join", "function os.path.join | (/a: str, *paths: str) -> str"},
	{"builtins.str.join", "function str.join | (/iterable: collections.abc.Iterable[str]) -> str"},
	{"io.open", "function open | "},
	{"_io.StringIO", "class io.StringIO < io.TextIOBase"},
	{"socket.error", "class OSError < Exception"},
	{"socket.socket.recv", "function _socket.socket.recv | (/bufsize: int, /flags?: int) -> bytes"},
	{"hashlib.md5", "function hashlib.md5 | "},
	{"_hashlib.openssl_sha1", "function hashlib.sha1 | "},
	{"threading.Lock", "class threading.Lock"},
	{"asyncio.runners.run", "function asyncio.run | (main: collections.abc.Coroutine[?, ?, %0]"},
	{"asyncio.Queue.get", "function asyncio.Queue.get @async | () -> $0"},
	{"typing.Mapping", "class collections.abc.Mapping < collections.abc.Collection[$0]"},
	{"typing.List", "class list < collections.abc.MutableSequence[$0]"},
	{"collections.OrderedDict.get", "function dict.get | (/key: $0, /default?: None) -> $1 | None"},
	{"sqlite3.dbapi2.connect", "function sqlite3.connect | "},
	{"sqlite3.Cursor.execute", "function sqlite3.Cursor.execute | "},
	{"concurrent.futures.thread.ThreadPoolExecutor.submit", "function concurrent.futures.Executor.submit | (/fn: (**%0, ...) -> %1, *args: **%0, **kwargs: **%0) -> concurrent.futures.Future[%1]"},
	{"re.Match.group", "function re.Match.group | (/group?: Literal[int 0]) -> $0"},
	{"sys.stdout.write", "function typing.IO.write @abstract"},
	{"logging.DEBUG", "variable logging.DEBUG: Literal[int 10]"},
	{"http.HTTPStatus.OK", "variable http.HTTPStatus.OK @enum: http.HTTPStatus"},
	{"http.HTTPStatus.phrase", "variable http.HTTPStatus.phrase @property: str"},
	{"sys.exit", "function sys.exit | (/status?: str | int | None) -> Never"},
	{"random.randint", "function random.randint | (a: int, b: int) -> int"},
	{"multiprocessing.Pool", "function multiprocessing.Pool | "},
	{"threading.Lock", "class threading.Lock"},
	{"datetime.datetime.now", "function datetime.datetime.now @classmethod | (tz?: datetime.tzinfo | None) -> Self"},
	{"unittest.TestCase.assertEquals", "function unittest.TestCase.assertEqual | (first, second, msg?) -> None"},
	{"asyncore.dispatcher", "class asyncore.dispatcher"},
	{"open", "function open | (file: "},
	{"collections.abc.Sequence", "class collections.abc.Sequence < collections.abc.Reversible[$0] < collections.abc.Collection[$0]"},
	{"dict.setdefault", "function dict.setdefault | (/key: $0, /default?: None) -> $1 | None"},
	{"dict.update", "function dict.update | "},
	{"shutil.rmtree", "function shutil.rmtree | "},
	{"unittest.main", "class unittest.TestProgram"},
	{"email.message_from_string", "function email.message_from_string | "},
	{"urllib.request.urlopen", "function urllib.request.urlopen | (url: str | urllib.request.Request, data?, timeout?: float | None"},
	{"os.environ.get", "function os._Environ.get | "},
	{"functools.lru_cache", "function functools.lru_cache | (maxsize?: int | None, typed?: bool) -> ((...) -> %0) -> functools._lru_cache_wrapper[%0]"},
	{"contextlib.contextmanager", "function contextlib.contextmanager | (func: (**%0, ...) -> collections.abc.Generator[%1, None, ?]) -> (**%0, ...) -> contextlib._GeneratorContextManager[%1, None, None]"},
	{"atexit.register", "function atexit.register | (/func: (**%0, ...) -> %1, *args: **%0, **kwargs: **%0) -> (**%0, ...) -> %1"},
	{"map.__new__", "function map.__new__ | (/func: (%0) -> $0, /iterable: collections.abc.Iterable[%0]"},
	{"list.sort", "function list.sort | "},
	{"zip.__new__", "function zip.__new__ | "},

	{"flask.app.Flask", "class flask.Flask < flask.sansio.scaffold.Scaffold"},
	{"flask.Flask.route", "function flask.sansio.scaffold.Scaffold.route @registers | (rule: str, **options) -> (%0<(...) -> ?>) -> %0<(...) -> ?>"},
	{"flask.Blueprint.before_request", "function flask.sansio.scaffold.Scaffold.before_request @registers | (f: %0<(...) -> ?>) -> %0<(...) -> ?>"},
	{"flask.request", "variable flask.request: flask.Request"},
	{"flask.globals.request.args", "variable werkzeug.wrappers.Request.args: werkzeug.datastructures.ImmutableMultiDict[str, str]"},
	{"flask.request.args.get", "function werkzeug.datastructures.MultiDict.get | (key: $0, default?: None, type?: None) -> $1 | None"},
	{"flask.request.get_json", "function werkzeug.wrappers.Request.get_json | "},
	{"flask.session.get", "function collections.abc.Mapping.get | "},
	{"flask.Markup", "class markupsafe.Markup < str"},
	{"flask.views.MethodView.as_view", "function flask.views.View.as_view @classmethod @registers | "},
	{"werkzeug.exceptions.NotFound", "class werkzeug.exceptions.NotFound < werkzeug.exceptions.HTTPException"},
	{"jinja2.environment.Template.render", "function jinja2.Template.render | (*args, **kwargs) -> str"},
	{"django.http.request.HttpRequest", "class django.http.HttpRequest @dynamic"},
	{"django.http.HttpRequest.GET", "variable django.http.HttpRequest.GET: django.http.QueryDict"},
	{"django.http.QueryDict.getlist", "function django.utils.datastructures.MultiValueDict.getlist | (key: $0, default?) -> list[$1]"},
	{"django.db.models.Model.objects", "variable django.db.models.Model.objects: django.db.models.Manager[Self]"},
	{"django.db.models.Manager.filter", "function django.db.models.Manager.filter | (*args, **kwargs) -> django.db.models.QuerySet[$0]"},
	{"django.db.models.QuerySet.get", "function django.db.models.Manager.get | (*args, **kwargs) -> $0"},
	{"django.db.models.QuerySet.__iter__", "function django.db.models.QuerySet.__iter__ | () -> collections.abc.Iterator[$0]"},
	{"django.db.models.CharField", "class django.db.models.CharField < django.db.models.Field[str]"},
	{"django.db.models.CharField.__get__", "function django.db.models.Field.__get__ | (instance: None, owner) -> Self | (instance, owner) -> $0"},
	{"django.shortcuts.get_object_or_404", "function django.shortcuts.get_object_or_404 | (klass: type[%0<django.db.models.Model>] | "},
	{"django.views.View", "class django.views.generic.base.View"},
	{"django.contrib.auth.decorators.login_required", "function django.contrib.auth.decorators.login_required | (f: %0<(...) -> ?>) -> %0<(...) -> ?> | "},
	{"django.db.connection.cursor", "function django.db.backends.base.base.BaseDatabaseWrapper.cursor | () -> django.db.backends.utils.CursorWrapper"},
	{"rest_framework.viewsets.ModelViewSet.create", "function rest_framework.mixins.CreateModelMixin.create | "},
	{"sqlalchemy.engine.create_engine", "function sqlalchemy.create_engine | "},
	{"sqlalchemy.engine.Connection.__enter__", "function sqlalchemy.engine.Connection.__enter__ | () -> Self"},
	{"sqlalchemy.orm.session.Session.query", "function sqlalchemy.orm.Session.query | (entity: type[%0], *entities, **kwargs) -> sqlalchemy.orm.Query[%0]"},
	{"sqlalchemy.orm.Query.first", "function sqlalchemy.orm.Query.first | () -> $0 | None"},
	{"sqlalchemy.ext.asyncio.AsyncSession.execute", "function sqlalchemy.ext.asyncio.AsyncSession.execute @async | "},
	{"requests.get", "function requests.get | (url: str, params?, **kwargs) -> requests.Response"},
	{"requests.sessions.Session.get", "function requests.Session.get | (url: str, **kwargs) -> requests.Response"},
	{"httpx.AsyncClient.get", "function httpx.AsyncClient.get @async | (url: str, **kwargs) -> httpx.Response"},
	{"aiohttp.ClientSession.get", "function aiohttp.ClientSession.get | "},
	{"aiohttp.web_request.Request.query", "variable aiohttp.web_request.BaseRequest.query: multidict.MultiDictProxy[str]"},
	{"tornado.web.RequestHandler.get_argument", "function tornado.web.RequestHandler.get_argument | (name: str, default?: str, strip?: bool) -> str"},
	{"bottle.request.query", "variable bottle.BaseRequest.query: bottle.FormsDict"},
	{"fastapi.Request", "class starlette.requests.Request < starlette.requests.HTTPConnection"},
	{"fastapi.FastAPI.get", "function fastapi.FastAPI.get @registers | "},
	{"fastapi.Depends", "function fastapi.Depends @registers | (dependency?: (...) -> %0 | None, !use_cache?: bool) -> %0"},
	{"click.command", "function click.command @registers | (f: %0<(...) -> ?>) -> click.Command[%0<(...) -> ?>] | (name?: str | None, cls?, **attrs) -> (%0<(...) -> ?>) -> click.Command[%0<(...) -> ?>]"},
	{"celery.app.base.Celery.task", "function celery.Celery.task @registers | (f: %0<(...) -> ?>) -> celery.Task[%0<(...) -> ?>] | "},
	{"celery.app.task.Task.delay", "function celery.Task.delay @registers | (*args, **kwargs) -> celery.result.AsyncResult calls $0"},
	{"psycopg2.connect", "function psycopg2.connect | "},
	{"psycopg2.extras.RealDictCursor.execute", "function psycopg2.extensions.cursor.execute | (query, vars?) -> None"},
	{"MySQLdb.cursors.DictCursor.fetchone", "function MySQLdb.cursors.DictCursor.fetchone | () -> dict[str, ?] | None"},
	{"lxml.etree.XML", "function lxml.etree.fromstring | (text: str | bytes, parser?, !base_url?: str | None) -> lxml.etree._Element"},
	{"yaml.CSafeLoader", "class yaml.SafeLoader < yaml.BaseLoader"},
	{"jwt.api_jwt.decode", "function jwt.decode | "},
	{"paramiko.client.SSHClient.exec_command", "function paramiko.SSHClient.exec_command | "},
	{"boto3.client", "function boto3.client | "},
	{"attr.s", "function attrs.define | (maybe_cls: %0) -> %0 | "},
	{"pydantic.main.BaseModel.parse_obj", "function pydantic.BaseModel.parse_obj @classmethod | (obj) -> Self"},
	{"pytest.fixture", "function pytest.fixture @registers | (fixture_function: %0<(...) -> ?>) -> %0<(...) -> ?> | "},
	{"no.such.module", "-"},
	{"os.no_such_name", "-"},
	{"str.no_such_method", "-"},
}

func TestFacts(t *testing.T) {
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		if got := show(l.Symbol(f.ask)); !strings.HasPrefix(got, f.want) {
			t.Errorf("%s\n got %s\nwant %s", f.ask, got, f.want)
		}
	}
}

func TestSupertype(t *testing.T) {
	l := open(t)
	str, integer := Type{Kind: Instance, Name: "str"}, Type{Kind: Instance, Name: "int"}
	model := Type{Kind: Instance, Name: "app.Book"}
	for _, tt := range []struct {
		t        Type
		as, want string
	}{
		{Type{Kind: Instance, Name: "dict", Args: []Type{str, integer}}, "collections.abc.Iterable", "collections.abc.Iterable[str]"},
		{Type{Kind: Instance, Name: "collections.OrderedDict", Args: []Type{str, integer}}, "collections.abc.Mapping", "collections.abc.Mapping[str, int]"},
		{Type{Kind: Tuple, Name: "tuple", Variadic: true, Args: []Type{str}}, "collections.abc.Iterable", "collections.abc.Iterable[str]"},
		{Type{Kind: Tuple, Name: "tuple", Args: []Type{str, integer}}, "collections.abc.Sequence", "collections.abc.Sequence[str | int]"},
		{Type{Kind: Instance, Name: "str"}, "collections.abc.Iterable", "collections.abc.Iterable[str]"},
		{Type{Kind: Instance, Name: "django.db.models.QuerySet", Args: []Type{model}}, "django.db.models.Manager", "django.db.models.Manager[app.Book]"},
		{Type{Kind: Instance, Name: "http.client.HTTPResponse"}, "io.BufferedIOBase", "io.BufferedIOBase"},
		{str, "collections.abc.Mapping", "-"},
		{Type{Kind: Instance, Name: "no.such"}, "collections.abc.Mapping", "-"},
	} {
		got := "-"
		if up, ok := l.Supertype(tt.t, tt.as); ok {
			got = up.String()
		}
		if got != tt.want {
			t.Errorf("%s as %s: got %s, want %s", tt.t, tt.as, got, tt.want)
		}
	}
}

func TestMember(t *testing.T) {
	l := open(t)
	for _, tt := range []struct{ class, name, want string }{
		{"collections.OrderedDict", "get", "dict.get"},
		{"collections.OrderedDict", "move_to_end", "collections.OrderedDict.move_to_end"},
		{"bool", "bit_length", "int.bit_length"},
		{"bool", "__class__", "object.__class__"},
		{"io.StringIO", "getvalue", "io.StringIO.getvalue"},
		{"threading.Timer", "start", "threading.Thread.start"},
		{"flask.Flask", "route", "flask.sansio.scaffold.Scaffold.route"},
		{"django.contrib.auth.models.User", "objects", "django.contrib.auth.models.AbstractUser.objects"},
		{"django.contrib.auth.models.User", "save", "django.db.models.Model.save"},
		{"str", "nothing", "-"},
		{"os.path.join", "nothing", "-"}, // not a class
	} {
		for range 2 { // found, and found again
			got := "-"
			if s := l.Member(l.Symbol(tt.class), tt.name); s != nil {
				got = s.Name
			}
			if got != tt.want {
				t.Errorf("%s of %s: got %s, want %s", tt.name, tt.class, got, tt.want)
			}
		}
	}
	if l.Member(nil, "x") != nil || l.MRO(nil) != nil || l.Own(nil, "x") != nil {
		t.Error("no class has members")
	}
}

// TestConcurrent asks one fresh library from many goroutines: the race detector watches, and every answer is the one symbol.
func TestConcurrent(t *testing.T) {
	l := open(t)
	ask := []string{"os.path.join", "posixpath.join", "collections.OrderedDict", "flask.Flask.route", "sys.stdout.write", "no.such"}
	got := make([][]*Symbol, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			for _, q := range ask {
				s := l.Symbol(q)
				l.MRO(s)
				l.Member(s, "get")
				got[i] = append(got[i], s)
			}
		})
	}
	wg.Wait()
	for i := range got {
		if !slices.Equal(got[i], got[0]) {
			t.Errorf("goroutine %d got other symbols", i)
		}
	}
}
