package compile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/models"
)

const modelsDir = "../../../models"

func stdlib(t *testing.T) *model.Library {
	t.Helper()
	l, err := model.Open(models.Stdlib)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLibrariesAreCurrent holds the embedded table to the files.
func TestLibrariesAreCurrent(t *testing.T) {
	blocks, err := Rows(os.DirFS(modelsDir), stdlib(t))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(model.Encode(blocks), []byte(models.Libraries)) {
		t.Error("models/libraries.bin is not what the files say: run go generate ./models")
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "..", "docs", "schema", "models-1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is a YAML document as the schema's validator wants it.
func asJSON(t *testing.T, text []byte) any {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	j, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(j))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFilesKeepToTheSchema(t *testing.T) {
	s := schema(t)
	files, err := filepath.Glob(filepath.Join(modelsDir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(asJSON(t, text)); err != nil {
			t.Errorf("%s: %v", filepath.Base(f), err)
		}
	}
}

// TestRowErrors holds what is wrong in a file: each must be said by the reader, and by the schema where that can know.
func TestRowErrors(t *testing.T) {
	s := schema(t)
	for _, tt := range []struct {
		name, rows, want string
		schema           bool // the schema sees it too
	}{
		{"unknown field of a row", "m.f: {cal: '() -> int'}", "cal is not a field of a row", true},
		{"nothing said", "m.f: {also: [m.g]}", "neither what is called", false},
		{"not a type", "m.x: 'list['", "is not a type", false},
		{"unknown type", "m.x: Foo", "m.x: Foo is no type", false},
		{"unknown type inside", "m.x: 'dict[str, m.Foo]'", "m.Foo is no type", false},
		{"a function as a type", "m.x: os.getcwd", "os.getcwd is no type", false},
		{"a class by another name", "m.x: 'typing.Mapping[str, int]'", "typing.Mapping is collections.abc.Mapping", false},
		{"not a signature", "m.f: {call: '(x: int -> str'}", "is not a signature", false},
		{"unknown type in a signature", "m.f: '(x: Foo) -> str'", "Foo is no type", false},
		{"unknown base", "m.C: {bases: [m.B]}", "m.B is no type", false},
		{"bases that are no list", "m.C: {bases: m.B}", "bases is a list", true},
		{"a type as overloads", "m.f: [int, str]", "is not a signature", true},
		{"a member as a row", "m.C: {bases: []}\n  m.C.f: '() -> int'", "belongs among that one's members", false},
		{"a member twice", "m.C: {bases: [], iterates: int, members: {__iter__: '() -> Any'}}", "said twice", false},
		{"a row twice", "m.f: '() -> int'\n  m.f: '() -> int'", "m.f is there twice", false},
		{"another name twice", "m.f: {call: '() -> int', also: [m.g]}\n  m.g: '() -> int'", "has a row in", false},
		{"no module", "f: '() -> int'", "f is not in a module", true},
		{"an alias of nothing", "m.f: {alias: m.g}", "an alias of m.g, which is not known", false},
		{"an alias with more", "m.f: {alias: os.getcwd, type: int}", "nothing else", true},
		{"call and returns", "m.f: {call: '() -> int', returns: int}", "without call", false},
		{"use of a decorator", "m.f: {decorates: keeps, use: sometimes}", "bare, called or both", true},
		{"result of a decorator", "m.f: {decorates: keeps, call: '() -> int'}", "only its parameters", false},
		{"dynamic: false", "m.C: {bases: [], dynamic: false}", "can only be true", true},
		{"a class that returns", "m.C: {bases: [], returns: int}", "a class has call", false},
	} {
		text := "library: X\nrows:\n  " + tt.rows + "\n"
		_, err := Rows(fstest.MapFS{"x.yaml": {Data: []byte(text)}}, stdlib(t))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		if tt.schema && s.Validate(asJSON(t, []byte(text))) == nil {
			t.Errorf("%s: the schema does not see it", tt.name)
		}
	}
	for _, text := range []string{"library: X\n", "rows: {}\n", "library: X\nrows: {}\nrow: {}\n"} {
		if _, err := Rows(fstest.MapFS{"x.yaml": {Data: []byte(text)}}, stdlib(t)); err == nil {
			t.Errorf("%q is taken", text)
		}
		if s.Validate(asJSON(t, []byte(text))) == nil {
			t.Errorf("%q is taken by the schema", text)
		}
	}
}

// TestTwoFiles holds that files may speak of one module, and not of one name.
func TestTwoFiles(t *testing.T) {
	a := &fstest.MapFile{Data: []byte("library: A\nnames: {T: m.A}\nrows:\n  m.A: {bases: []}\n  m.a: T\n")}
	b := &fstest.MapFile{Data: []byte("library: B\nnames: {T: m.B}\nrows:\n  m.B: {bases: [m.A]}\n  m.b: T\n")}
	blocks, err := Rows(fstest.MapFS{"a.yaml": a, "b.yaml": b}, stdlib(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := stdlib(t).With(string(model.Encode(blocks)))
	if err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]string{"m.a": "m.A", "m.b": "m.B"} {
		if s := l.Symbol(q); s == nil || s.Type.String() != want {
			t.Errorf("%s: %v, want %s", q, s, want)
		}
	}
	if mro := l.MRO(l.Symbol("m.B")); len(mro) != 3 || mro[1].Name != "m.A" {
		t.Errorf("m.B: %d classes", len(mro))
	}
	if _, err := Rows(fstest.MapFS{"a.yaml": a, "b.yaml": a}, stdlib(t)); err == nil {
		t.Error("two files have the same rows")
	}
}
