package near

import "testing"

func TestName(t *testing.T) {
	names := []string{"profile", "per-file-ignores", "select", "severity-level", "fail-on"}
	for given, want := range map[string]string{"profil": "profile", "proflie": "profile", "per_file_ignores": "per-file-ignores", "selct": "select",
		"severity": "severity-level", "failon": "fail-on", "colour": "", "": ""} {
		if got := Name(given, names); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
