package evaluate

import "testing"

func TestWideRange(t *testing.T) {
	for pattern, want := range map[string]string{
		`[A-z]`: "A-z", `^[a-zA-z0-9]+$`: "A-z", `[0-z]`: "0-z", `[0-Z]`: "0-Z", `[$-_@.&+]`: "$-_", `[^A-z]`: "A-z", `[]A-z]`: "A-z", `x[+-_]`: "+-_",
		`[a-zA-Z0-9]`: "", `[ -~]`: "", `[!-~]`: "", `[!-/:-@]`: "", `[#-'*+/-9=?A-Z^-~-]`: "", `A-z`: "", `\[A-z]`: "", `[A\-z]`: "", `[\w-z]`: "", `[a-]`: "",
		`[-z]`: "", `[a-f0-9]`: "", `[α-ω]`: "", `[\x00-\x1f]`: "", `[`: "", `[a`: "", `[a-`: "", `[\`: "", ``: "",
	} {
		if got := WideRange(pattern); got != want {
			t.Errorf("%q: got %q, want %q", pattern, got, want)
		}
	}
}

func TestHosts(t *testing.T) {
	for _, tt := range []struct{ pattern, loose, open string }{
		{`^https://www.example.com/`, "www.example.com", ""},
		{`^https://www\.example\.com/`, "", ""},
		{`^(www|beta).example\.com$`, "example.com", ""},
		{`^(?:www|beta)\.example\.com$`, "", ""},
		{`https?://[a-z]+.example\.com/`, "example.com", ""},
		{`https?://[a-z]+\.example\.com`, "", "example.com"},
		{`^https://good\.com`, "", "good.com"},
		{`^https://good\.com(/|$)`, "", ""},
		{`^https://(good\.com)`, "", "good.com"},
		{`^https://good\.com:\d+`, "", ""},
		{`@example\.org$`, "", ""},
		{`@example.org$`, "example.org", ""},
		{`.*\.example\.com`, "", "example.com"},
		{`.*.example.com`, "example.com", "example.com"},
		{`\d+.\d+`, "", ""}, {`setup.py`, "", ""}, {`^a.b$`, "", ""}, {`foo.+com`, "", ""}, {`^v1.2.3$`, "", ""}, {`(?P<host>x\.io)/`, "", ""}, {``, "", ""}, {`(?`, "", ""},
		{`a{2}.com`, "", ""}, {`a{.com`, "", ""},
	} {
		if got := LooseHost(tt.pattern); got != tt.loose {
			t.Errorf("%q: loose: got %q, want %q", tt.pattern, got, tt.loose)
		}
		if got := OpenHost(tt.pattern, "match"); got != tt.open {
			t.Errorf("%q: open: got %q, want %q", tt.pattern, got, tt.open)
		}
		if got := OpenHost(tt.pattern, "fullmatch"); got != "" {
			t.Errorf("%q: fullmatch takes the whole text, got %q", tt.pattern, got)
		}
	}
}

func TestAnchored(t *testing.T) {
	for pattern, want := range map[string]bool{`a$`: true, `(a|b$)`: true, `a\Z`: true, `a\$`: false, `a`: false, ``: false, `^a`: false} {
		if got := Anchored(pattern); got != want {
			t.Errorf("%q: got %v", pattern, got)
		}
	}
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{`[A-z]`, `(?P<a>b.com)`, `\`, `[^]`, `a{1,}`, `(?`, `[a-\d]`, `www.x.com`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = WideRange(s)
		_ = Anchored(s)
		if h := LooseHost(s); h != "" && OpenHost(s, "fullmatch") != "" {
			t.Fatal(h)
		}
		_ = OpenHost(s, "search")
	})
}
