package model

import (
	"runtime"
	"testing"

	"github.com/wadjet-security/wadjet/models"
)

func open(tb testing.TB) *Library {
	l, err := Open(models.Libraries, models.Stdlib)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// BenchmarkOpen is what a program pays that asks nothing.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		open(b)
	}
}

// BenchmarkModule is the first question about a module: its block is read.
func BenchmarkModule(b *testing.B) {
	for _, name := range []string{"builtins", "os", "socket", "django.http", "tkinter"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				open(b).module(name)
			}
		})
	}
}

// BenchmarkFirst is the first question about a name, with all that it needs.
func BenchmarkFirst(b *testing.B) {
	for _, q := range []string{"os.path.join", "sqlite3.Cursor.execute", "collections.OrderedDict.get", "subprocess.Popen.__init__", "open"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				if open(b).Symbol(q) == nil {
					b.Fatal("unknown")
				}
			}
		})
	}
}

// BenchmarkAgain is every later one.
func BenchmarkAgain(b *testing.B) {
	l := open(b)
	b.Run("Symbol", func(b *testing.B) {
		for b.Loop() {
			l.Symbol("posixpath.join")
		}
	})
	c := l.Symbol("collections.OrderedDict")
	b.Run("Member", func(b *testing.B) {
		for b.Loop() {
			l.Member(c, "get")
		}
	})
	b.Run("Unknown", func(b *testing.B) {
		for b.Loop() {
			l.Symbol("myproject.models.Thing.method")
		}
	})
}

// TestCost holds what the program pays at its start and for the modules that most programs use, in bytes allocated.
func TestCost(t *testing.T) {
	allocated := func(f func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	var l *Library
	if n := allocated(func() { l = open(t) }); n > 4<<10 {
		t.Errorf("opening allocates %d bytes", n)
	}
	n := allocated(func() {
		for _, q := range []string{"os.path.join", "re.compile", "json.loads", "subprocess.run", "logging.getLogger", "flask.Flask.route", "str.join", "dict.get"} {
			if l.Symbol(q) == nil {
				t.Errorf("%s is unknown", q)
			}
		}
	})
	t.Logf("first questions about 8 modules: %d KB", n>>10)
	if n > 512<<10 {
		t.Errorf("the first questions about 8 modules allocate %d bytes", n)
	}
}
