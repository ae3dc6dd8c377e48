package finding

import (
	"strings"
	"testing"

	"github.com/wadjet-security/wadjet/internal/source"
)

func TestRedact(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{`""`, `""`},
		{`"hunter2"`, `"****"`},
		{`'Tr0ub4dor&3-horse'`, `'Tr****'`},
		{`b'Tr0ub4dor&3-horse'`, `b'Tr****'`},
		{`password = "hunter2"`, `password = "****"`},
		{`connect(host, password="hunter2")`, `connect(host, password="****")`},
		{"password", "password"},
		{"self.db_password", "self.db_password"},
		{"api-key2", "api-key2"},
		{"password=hunter2", "password=****"},
		{"AKIAIOSFODNN7EXAMPLE", "AK****"},
		{"wJalrXUtnFEMIKMDENGbPxRfiCY", "wJ****"},
		{"hunter2hunter2x", "hu****"},
		{"s3cr3t", "****"},
		{`"half a literal`, `"ha****`},
	} {
		if got := Redact(tt.in); got != tt.want {
			t.Errorf("Redact(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMask(t *testing.T) {
	secret := &Rule{ID: "password", Secret: true}
	for _, tt := range []struct{ name, code, want string }{
		{"assignment", `«password = "hunter2"»`, `password = "****"`},
		{"the literal alone", `password = «"hunter2"»`, `password = "****"`},
		{"inside the quotes", `password = "«hunter2»"`, `password = "****"`},
		{"part of a literal hides all of it", `url = "https://u:«hunter2»@host"`, `url = "ht****"`},
		{"long ones show their start", `«key = "AKIAIOSFODNN7EXAMPLE"»`, `key = "AK****"`},
		{"dictionary: the key is kept", `«{"password": "hunter2"}»`, `{"password": "****"}`},
		{"subscript: the key is kept", `«config["password"] = "hunter2"»`, `config["password"] = "****"`},
		{"several lines", "«password = (\"hunter2\"\n  \"hunter3\")»", "password = (\"****\"\n  \"****\")"},
		{"triple quotes", "«key = \"\"\"-----BEGIN\nMIIE\n-----END\"\"\"»", "key = \"\"\"--****\"\"\""},
		{"the same long value elsewhere", "«k = \"correct horse\"»\nprint('correct horse')", "k = \"co****\"\nprint('co****')"},
		{"a short one again in a comment", "«password = 'pass'» # pass", "password = '****' # ****"},
		{"other literals are kept", "x = 'visible'\n«password = 'hunter2'»", "x = 'visible'\npassword = '****'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := at(t, secret, "a.py", tt.code)
			m := NewMask([]*Finding{f})
			if got := m.Slice(f.File, source.Span{End: uint32(len(f.File.Text))}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("text that is not Python", func(t *testing.T) {
		for code, want := range map[string]string{"«DB_PASSWORD=hunter2»": "DB_PASSWORD=****", "DB_PASSWORD=«hunter2»": "DB_PASSWORD=****",
			`password: "«hunter2»"`: `password: "****"`, "aws «AKIAIOSFODNN7EXAMPLE»": "aws AK****"} {
			f := at(t, secret, "a.env", code)
			f.File.Kind = source.Other
			m := NewMask([]*Finding{f})
			if got := m.Slice(f.File, source.Span{End: uint32(len(f.File.Text))}); got != want {
				t.Errorf("%s: got %q, want %q", code, got, want)
			}
		}
	})
	t.Run("messages and captures", func(t *testing.T) {
		f := at(t, secret, "a.py", `«password = "hunter2"»`)
		m := NewMask([]*Finding{f})
		if got := m.Text(f, `hunter2 is in the source; use os.environ`); strings.Contains(got, "hunter2") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("findings of other rules", func(t *testing.T) {
		f := at(t, secret, "a.py", `«password = "hunter2"»; eval(x)`)
		g := &Finding{Rule: &Rule{ID: "eval"}, File: f.File, Span: source.Span{Start: 22, End: 29}}
		m := NewMask([]*Finding{g, f})
		if got := m.Slice(f.File, f.File.LineSpan(1)); got != `password = "****"; eval(x)` {
			t.Errorf("got %q", got)
		}
	})
	t.Run("no secrets", func(t *testing.T) {
		f := at(t, &Rule{ID: "eval"}, "a.py", `«eval("x")»`)
		if got := NewMask([]*Finding{f}).Slice(f.File, f.Span); got != `eval("x")` {
			t.Errorf("got %q", got)
		}
	})
}
