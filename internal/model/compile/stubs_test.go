package compile

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/models"
)

// TestStdlibIsCurrent makes the table again where typeshed's files are at hand.
func TestStdlibIsCurrent(t *testing.T) {
	dir := os.Getenv("TYPESHED")
	if dir == "" {
		t.Skip("TYPESHED does not name typeshed's stdlib folder (see models/NOTICE.md)")
	}
	blocks, err := Stubs(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(model.Encode(blocks), []byte(models.Stdlib)) {
		t.Error("models/stdlib.bin is not what these stubs say; it is of the commit that models/NOTICE.md names")
	}
}

// base are the modules that every world of stubs has.
var base = map[string]string{
	"typing.pyi": `
class _SpecialForm: ...
class TypeVar: ...
class ParamSpec: ...
Any: _SpecialForm
Union: _SpecialForm
Optional: _SpecialForm
Callable: _SpecialForm
Generic: _SpecialForm
Protocol: _SpecialForm
Literal: _SpecialForm
ClassVar: _SpecialForm
Final: _SpecialForm
Self: _SpecialForm
NoReturn: _SpecialForm
LiteralString: _SpecialForm
TypeAlias: _SpecialForm
TypeGuard: _SpecialForm
TypedDict: _SpecialForm
Concatenate: _SpecialForm
List = object()
T_co = TypeVar("T_co")
def overload(f): ...
class Iterable(Protocol[T_co]):
    def __iter__(self) -> Iterator[T_co]: ...
class Iterator(Iterable[T_co]): ...
class NamedTuple(tuple[Any, ...]): ...
`,
	"collections/__init__.pyi": "",
	"collections/abc.pyi":      "from _collections_abc import *\nfrom _collections_abc import __all__ as __all__\n",
	"_collections_abc.pyi":     "from typing import Iterable as Iterable, Iterator as Iterator, Callable as Callable\n__all__ = ['Iterable', 'Iterator', 'Callable']\n",
	"builtins.pyi":             "class object: ...\nclass type: ...\nclass int: ...\nclass str: ...\nclass bytes: ...\nclass bool(int): ...\nclass tuple: ...\nclass list: ...\nclass dict: ...\nclass property: ...\nclass classmethod: ...\nclass staticmethod: ...\n",
	"contextlib.pyi":           "class _GeneratorContextManager: ...\ndef contextmanager(f): ...\n",
	"enum.pyi":                 "class Enum: ...\n",
	"abc.pyi":                  "def abstractmethod(f): ...\n",
	"sys.pyi":                  "platform: str\n",
}

// TestStubs holds what is read of a module m, by lines: a name, and the symbol that it must be.
func TestStubs(t *testing.T) {
	for _, tt := range []struct{ name, stub, want string }{
		{"functions", `
def f(a: int, /, b: str = "", *args: bytes, c: bool = ..., d, **kw: int) -> list[int]: ...
async def g() -> None: ...
def old(__a: int, b: int) -> int: ...
`, `
m.f = function m.f | (/a: int, b?: str, *args: bytes, !c?: bool, !d, **kw: int) -> list[int]
m.g = function m.g @async | () -> None
m.old = function m.old | (/__a: int, b: int) -> int
`},
		{"types", `
from typing import Any, Union, Optional, Callable, Literal, NoReturn, LiteralString, TypeGuard, TypeAlias
from collections.abc import Iterable
import collections.abc as c
Pair: TypeAlias = tuple[int, str]
Maybe = Optional[Pair]
JSON: TypeAlias = "str | list[JSON]"
a: Union[int, None]
b: Optional[str | bytes]
c1: Callable[[int, str], bytes]
d: Callable[..., Any]
e: Literal["x", 1, True, None, b"y"]
f: tuple[int, ...]
g: tuple[()]
h: type[int]
i: "list[int]"
j: Pair
k: Maybe
l: str | Any
m: Any | None
n: object
o: Iterable[int]
p: c.Iterable[int]
def q() -> NoReturn: ...
def r(x: LiteralString) -> TypeGuard[int]: ...
s: Literal["x"] | str
`, `
m.a = variable m.a: int | None
m.b = variable m.b: str | bytes | None
m.c1 = variable m.c1: (int, str) -> bytes
m.d = variable m.d: (...) -> ?
m.e = variable m.e: Literal[str x] | Literal[int 1] | Literal[bool True] | None | Literal[bytes y]
m.f = variable m.f: tuple[int, ...]
m.g = variable m.g: tuple[]
m.h = variable m.h: type[int]
m.i = variable m.i: list[int]
m.j = variable m.j: tuple[int, str]
m.k = variable m.k: tuple[int, str] | None
m.l = variable m.l: str
m.m = variable m.m: ?
m.n = variable m.n: ?
m.o = variable m.o: collections.abc.Iterable[int]
m.p = variable m.p: collections.abc.Iterable[int]
m.q = function m.q | () -> Never
m.r = function m.r | (x: str) -> bool
m.s = variable m.s: str
m.Pair = -
m.JSON = -
`},
		{"variables of types", `
from typing import TypeVar, Generic, Callable, ParamSpec, Concatenate, Self, Protocol
T = TypeVar("T")
S = TypeVar("S", bound=int)
A = TypeVar("A", str, bytes)
P = ParamSpec("P")
def f(x: T, y: S) -> dict[S, T]: ...
def g(x: A) -> A: ...
def h(f: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...
def i(f: Callable[Concatenate[int, P], T]) -> Callable[P, T]: ...
class C(Generic[T, S]):
    a: S
    def m(self, x: A) -> T: ...
    def me(self) -> Self: ...
    def old(self: A) -> A: ...
    @classmethod
    def make(cls: type[A]) -> A: ...
    def __init__(self: C[int, S], x: S) -> None: ...
    def here(self: C[A, S]) -> A: ...
class D(C[T, int]): ...
class E[U, *V]:
    def m[W](self, w: W) -> U: ...
def j[W](w: W) -> list[W]: ...
type L[U] = list[U]
k: L[int]
class F(Protocol[T]):
    def __call__(self, x: int, *, y: int) -> T: ...
def l(f: F[str]) -> None: ...
`, `
m.f = function m.f | (x: %0, y: %1<int>) -> dict[%1<int>, %0]
m.g = function m.g | (x: %0<str|bytes>) -> %0<str|bytes>
m.h = function m.h | (f: (**%0, ...) -> %1, *args: **%0, **kwargs: **%0) -> %1
m.i = function m.i | (f: (int, **%0, ...) -> %1) -> (**%0, ...) -> %1
m.C.a = variable m.C.a: $1
m.C.m = function m.C.m | (x: %0<str|bytes>) -> $0
m.C.me = function m.C.me | () -> Self
m.C.old = function m.C.old | () -> Self
m.C.make = function m.C.make @classmethod | () -> Self
m.C.__init__ = function m.C.__init__ | (x: $1) -> m.C[int, $1]
m.C.here = function m.C.here | () -> $0
m.D = class m.D < m.C[$0, int]
m.E.m = function m.E.m | (w: %0) -> $0
m.j = function m.j | (w: %0) -> list[%0]
m.k = variable m.k: list[int]
m.l = function m.l | (f: (int, ...) -> str) -> None
`},
		{"classes", `
from typing import overload, NamedTuple, TypedDict, ClassVar, Final, Any
from enum import Enum
from abc import abstractmethod
from contextlib import contextmanager
from collections.abc import Iterator
class C(metaclass=Meta):
    x: ClassVar[int]
    y = 3
    z: Final = "s"
    @property
    def p(self) -> int: ...
    @p.setter
    def p(self, v: int) -> None: ...
    @staticmethod
    def s(a: int) -> None: ...
    @abstractmethod
    def ab(self) -> None: ...
    @overload
    def o(self, a: int) -> int: ...
    @overload
    def o(self, a: str) -> str: ...
    def again(self) -> None: ...
    other = again
    class In:
        def f(self) -> C.In: ...
    @contextmanager
    def cm(self) -> Iterator[int]: ...
class Meta(type): ...
class N(NamedTuple):
    a: int
class D(TypedDict):
    k: int
class Color(Enum):
    RED = 1
    label: str
    _hidden = 2
    def f(self) -> None: ...
class Open(Any): ...
class Get:
    def __getattr__(self, name: str) -> int: ...
`, `
m.C.x = variable m.C.x: int
m.C.y = variable m.C.y: Literal[int 3]
m.C.z = variable m.C.z: Literal[str s]
m.C.p = variable m.C.p @property: int
m.C.s = function m.C.s @staticmethod | (a: int) -> None
m.C.ab = function m.C.ab @abstract | () -> None
m.C.o = function m.C.o | (a: int) -> int | (a: str) -> str
m.C.other = function m.C.again | () -> None
m.C.In.f = function m.C.In.f | () -> m.C.In
m.C.cm = function m.C.cm | () -> contextlib._GeneratorContextManager[int]
m.N = class m.N < typing.NamedTuple
m.N.a = variable m.N.a: int
m.D = class m.D < dict[str, ?]
m.D.k = variable m.D.k @key: int
m.Color.RED = variable m.Color.RED @enum: m.Color
m.Color.label = variable m.Color.label: str
m.Color._hidden = variable m.Color._hidden: Literal[int 2]
m.Open = class m.Open @dynamic
m.Get = class m.Get @dynamic
`},
		{"branches", `
import sys
if sys.version_info >= (3, 12):
    def f() -> int: ...
    if sys.platform == "win32":
        windows: int
else:
    def f() -> str: ...
    def gone() -> str: ...
if sys.platform != "win32" and sys.version_info >= (3, 99):
    def future() -> int: ...
elif sys.platform == "linux":
    def g() -> int: ...
else:
    def g() -> str: ...
class C:
    if sys.version_info < (3, 0):
        def old(self) -> int: ...
        def both(self) -> int: ...
    def both(self) -> str: ...
`, `
m.f = function m.f | () -> int
m.windows = variable m.windows: int
m.gone = function m.gone | () -> str
m.future = function m.future | () -> int
m.g = function m.g | () -> int
m.C.old = function m.C.old | () -> int
m.C.both = function m.C.both | () -> str
`},
		{"names", `
from p import f as f, Hidden as Hidden, star_me as star_me
from p import *
from p import q as q
import _impl
error = int
List2 = list[int]
from typing import List as List
obj: _Rand
shuffle = obj.shuffle
class _Rand:
    def shuffle(self, x: int) -> None: ...
`, `
m.f = function p.f | () -> int
m.star = function p.star | () -> int
m.q = module p.q
m.error = class int
m.List2 = class list
m.List = class list
m.shuffle = function m.shuffle | (x: int) -> None
p.inner = function p.inner | () -> int
p.q.inner = function p.inner | () -> int
impl.work = function impl.work | () -> int
_impl.work = function impl.work | () -> int
m.nothing = -
`},
	} {
		fsys := fstest.MapFS{"m.pyi": {Data: []byte(tt.stub)}}
		for name, text := range base {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		fsys["p/__init__.pyi"] = &fstest.MapFile{Data: []byte("from .q import inner as inner\ndef f() -> int: ...\ndef star() -> int: ...\nclass Hidden: ...\nstar_me: int\n__all__ = ['star']\n")}
		fsys["p/q.pyi"] = &fstest.MapFile{Data: []byte("def inner() -> int: ...\n")}
		fsys["impl.pyi"] = &fstest.MapFile{Data: []byte("from _impl import work as work\n")}
		fsys["_impl.pyi"] = &fstest.MapFile{Data: []byte("def work() -> int: ...\n")}
		blocks, err := Stubs(fsys)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		l, err := model.Open(string(model.Encode(blocks)))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(strings.TrimSpace(tt.want)) {
			ask, want, _ := strings.Cut(strings.TrimSpace(line), " = ")
			got := "-"
			if s := l.Symbol(ask); s != nil {
				got = s.String()
			}
			if got != want {
				t.Errorf("%s: %s\n got %s\nwant %s", tt.name, ask, got, want)
			}
		}
	}
}

func TestExports(t *testing.T) {
	fsys := fstest.MapFS{
		"a.pyi":        {Data: []byte("__all__ = ['x', '_y']\n__all__ += ['z']\nx: int\n_y: int\nz: int\nw: int\n")},
		"b.pyi":        {Data: []byte("import a\nfrom a import *\n__all__ = a.__all__ + ['own']\nown: int\n")},
		"c.pyi":        {Data: []byte("import a\nimport a as a2\nfrom a import x as x\nfrom a import z\npub: int\n_priv: int\n")},
		"d.pyi":        {Data: []byte("from a import *\nfrom a import __all__ as __all__\nmore: int\n")},
		"builtins.pyi": {Data: []byte("class int: ...\nclass object: ...\n")},
	}
	blocks, err := Stubs(fsys)
	if err != nil {
		t.Fatal(err)
	}
	l, err := model.Open(string(model.Encode(blocks)))
	if err != nil {
		t.Fatal(err)
	}
	for module, want := range map[string]string{"a": "_y x z", "b": "_y own x z", "c": "pub x", "d": "_y x z", "e": ""} {
		if got := strings.Join(l.Exports(module), " "); got != want {
			t.Errorf("%s exports %q, want %q", module, got, want)
		}
	}
}

func TestBrokenStub(t *testing.T) {
	if _, err := Stubs(fstest.MapFS{"m.pyi": {Data: []byte("def f(:\n")}}); err == nil || !strings.Contains(err.Error(), "m.pyi") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
