package model

import (
	"strings"
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
