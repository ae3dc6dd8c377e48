package regex

import "testing"

func TestBacktracking(t *testing.T) {
	tests := []struct {
		expr string
		want Growth
	}{
		// Exponential.
		{`(a+)+$`, Exponential},
		{`^(a+)+$`, Exponential},
		{`(a*)*b`, Exponential},
		{`(a|a)*$`, Exponential},
		{`(a|aa)+$`, Exponential},
		{`(a|a?)+$`, Exponential},
		{`(.*a){20}$`, Exponential},
		{`^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$`, Exponential},
		{`^(([a-z])+.)+[A-Z]([a-z])+$`, Exponential},
		{`(\w+\s*)+:`, Exponential},
		{`(?:\d+|[0-9a-f]+)+;`, Exponential},
		{`^(?:(?:"[^"]*")|\w|.)*!`, Exponential},
		{`(x+x+)+y`, Exponential},
		{`([^"\\]|\\.|[^"])*"`, Exponential},
		{`(?i)(a|A)+$`, Exponential},
		{`(a+)+\b`, Exponential},
		{`(a+)+(?=b)`, Exponential},
		{`(a+)+(?!b)`, Exponential},
		{`b|(a+)+$`, Exponential},
		{`(b|(a+)+$)`, Exponential},

		{`(aa?)*$`, Exponential},
		{`([ab]|[ac])*$`, Exponential},
		{`([ab]|ab|ba)+$`, Exponential},
		{`(a{1,2})*$`, Exponential},
		{`(a{1,500})*$`, Exponential},
		{`(a*)*?$`, Exponential},
		{`(a*?)*$`, Exponential},
		{`(aa*a)*$`, Exponential},
		{`^(a+)+(?P<x>b|c)$`, Exponential},
		{`(a+)+(b|$)`, Exponential},

		// Polynomial.
		{`\s*\s*$`, Polynomial},
		{`^.*foo.*bar.*baz$`, Polynomial},
		{`\d+\d+x`, Polynomial},
		{`^[a-z]+[a-z0-9]*@`, Polynomial},

		// Neither.
		{`(a+)+`, Linear},
		{`(a+)+|b$`, Linear},
		{`(a+)+b?`, Linear},
		{`(a?)*$`, Linear},
		{`(a|ab)*$`, Linear},
		{`(a++)+$`, Linear},
		{`(a+)++$`, Linear},
		{`^([a-zA-Z0-9])(([-.]|[_]++)?+([a-zA-Z0-9]++))*+@$`, Linear},
		{`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$`, Linear},
		{`(a|b)*$`, Linear},
		{`(a+b)+$`, Linear},
		{`(?:ab|cd)+$`, Linear},
		{`(a+b?)*`, Linear},
		{`^\d+$`, Linear},
		{`^\d+(\.\d+)*$`, Linear},
		{`^[a-z]+(-[a-z]+)*$`, Linear},
		{`^\w+@\w+\.com$`, Linear},
		{`"([^"\\]|\\.)*"`, Linear},
		{`(?>a+)+$`, Linear},
		{`(?:a++)*$`, Linear},
		{`(a{1,3}b)*$`, Linear},
		{`^(https?://)?[a-z.]+/`, Linear},
		{`^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$`, Linear},
		{`^#([a-f0-9]{6}|[a-f0-9]{3})$`, Linear},
		{`^[A-Za-z0-9_]+$`, Linear},
		{`^(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)$`, Linear},
		{`^(\s*,\s*\w+,)+$`, Linear},
		{`(`, Linear},
		{``, Linear},
	}
	for _, tt := range tests {
		if got := Backtracking(tt.expr, Python); got != tt.want {
			t.Errorf("%q: got %v, want %v", tt.expr, got, tt.want)
		}
	}
}
