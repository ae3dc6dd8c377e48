package evaluate

import "testing"

// The engine's own tests hold the verdicts against Python's time; here is what names of functions mean.
func TestRedos(t *testing.T) {
	for _, tt := range []struct{ pattern, method, want string }{
		{`^(a+)+$`, "match", "exponential"}, {`^(a+)+$`, "compile", "exponential"}, {`(a+)+`, "match", "linear"}, {`(a+)+`, "fullmatch", "exponential"},
		{`\s+$`, "search", "polynomial"}, {`\s+$`, "sub", "polynomial"}, {`\s+$`, "match", "linear"}, {`(`, "match", ""}, {`a`, "escape", ""}, {``, "split", "linear"},
	} {
		if got := Redos(tt.pattern, tt.method); got != tt.want {
			t.Errorf("%q with %s: got %q, want %q", tt.pattern, tt.method, got, tt.want)
		}
	}
	if got := RedosAttack(`^(a+)+$`, "match", 3); len(got) < 4 || got[:3] != "aaa" {
		t.Errorf("the attack is %q", got)
	}
	if got := RedosAttack(`^a+$`, "match", 3); got != "" {
		t.Errorf("an attack on what is linear: %q", got)
	}
}
