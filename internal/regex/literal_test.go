package regex

import "testing"

func TestBeyondASCII(t *testing.T) {
	for expr, want := range map[string]bool{
		`[\u200b-\u200f]`:             true,
		`a\u200b`:                     true,
		`(?=\w*[\u0410-\u042f])[a-z]`: true,
		`(?<=[^\n])\ufeff`:            true,
		`(é|[\u0400-\u04ff])+`:        true,
		`(é|e)`:                       false,
		`é*`:                          false,
		`(?!é)x`:                      false,
		`[^a]`:                        false,
		`[a\u200b]`:                   false,
		`\w`:                          false,
		`x`:                           false,
		``:                            false,
	} {
		re, err := Compile(expr, 0)
		if err != nil {
			t.Fatal(err)
		}
		if re.BeyondASCII() != want {
			t.Errorf("%q: BeyondASCII is %v", expr, !want)
		}
	}
}
