package pattern

import (
	"math/big"
	"strings"
	"testing"
	"time"
)

func compareTestEnv() *compareEnv {
	vars := map[string]value{
		"$N":    intValue(7),
		"$BITS": intValue(0o777),
		"$F":    floatValue(2.5),
		"$S":    strValue("hello"),
		"$NUM":  strValue("42"),
		"$T":    boolValue(true),
		"$L":    {kind: vList, list: []value{intValue(1), strValue("a")}},
		"$CODE": {kind: vText, s: "os.getenv"},
		"$1":    {kind: vWord, s: "1024"},
		"$W":    {kind: vWord, s: "abc"},
		"$BIG":  {kind: vInt, i: new(big.Int).Lsh(big.NewInt(1), 100)},
		"$NONE": {},
		"$DAY":  strValue("2021-03-04"),
	}
	return &compareEnv{
		metavar: func(name string) (value, bool) { v, ok := vars[name]; return v, ok },
		now:     func() time.Time { return time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC) },
	}
}

func TestComparison(t *testing.T) {
	tests := []struct {
		expr string
		want bool
	}{
		{`$N > 5`, true}, {`$N > 7`, false}, {`$N >= 7`, true}, {`$N < 8`, true}, {`$N <= 6`, false},
		{`$N == 7`, true}, {`$N != 7`, false}, {`$N == 7.0`, true}, {`5 < $N < 9`, true}, {`5 < $N < 6`, false},
		{`$BITS > 0o650`, true}, {`$BITS == 0x1ff`, true}, {`$BITS == 0777`, true}, {`$N < 1_000`, true}, {`$F == 25e-1`, true},
		{`$F > 2`, true}, {`$F < 2`, false},
		{`$N + 3 * 2 == 13`, true}, {`($N + 3) * 2 == 20`, true}, {`$N % 2 == 1`, true}, {`-$N % 4 == 1`, true}, {`-7 // 2 == -4`, true},
		{`$N / 2 == 3`, true}, {`$F / 2 == 1.25`, true}, {`$N ** 2 == 49`, true}, {`-2 ** 2 == -4`, true}, {`2 ** 3 ** 2 == 512`, true}, {`2 ** -1 == 0.5`, true},
		{`$N & 3 == 3`, true}, {`$N | 8 == 15`, true}, {`$N ^ 1 == 6`, true}, {`~$N == -8`, true}, {`1 << 4 == 16`, true}, {`$N >> 1 == 3`, true},
		{`$BIG > 2 ** 99`, true}, {`$BIG < 2 ** 100`, false},
		{`$N / 0 == 1`, false}, {`$N % 0 != 1`, false}, {`2 ** 10000000000 > 1`, false}, {`1 << 10000000000 > 1`, false},
		{`$N in [1, 7]`, true}, {`$N not in [1, 7]`, false}, {`$N in (1, 2,)`, false}, {`"a" in $L`, true}, {`$S in ["hello", 'x']`, true},
		{`"ell" in $S`, true}, {`"ello" not in $S`, false}, {`"x" not in $S`, true}, {`$N in 7`, false}, {`$N not in 7`, false},
		{`$S == "hello"`, true}, {`$S == r'hello'`, true}, {`$S == "hel" "lo"`, true}, {`$S == """hello"""`, true}, {`$S < "world"`, true}, {`$S + "!" == "hello!"`, true}, {`"\x41\n" == "A\n"`, true},
		{`$S > 5`, false}, {`$S == 5`, false}, {`$S != 5`, true}, {`not $S == 5`, true}, {`not $S > 5`, false},
		{`$N > 5 and $F > 2`, true}, {`$N > 8 or $F > 2`, true}, {`$N > 8 and $MISSING`, false}, {`$N > 5 or $MISSING > 1`, true}, {`$MISSING > 1 or $N > 5`, false},
		{`not ($N > 8)`, true}, {`not not $T`, true}, {`$T`, true}, {`$N`, false}, {`$T == True`, true},
		{`$MISSING == 1`, false}, {`$MISSING != 1`, false}, {`not $MISSING`, false},
		{`int($NUM) == 42`, true}, {`int($NUM) + 1 > 42`, true}, {`int("0x10") == 16`, true}, {`int($S) > 0`, false}, {`float($NUM) == 42.0`, true}, {`int(2.9) == 2`, true},
		{`str($N) == "7"`, true}, {`str($CODE) == "os.getenv"`, true}, {`$CODE == "os.getenv"`, false}, {`$CODE != "x"`, false}, {`str($CODE) != "x"`, true}, {`str($F) == "2.5"`, true},
		{`$1 > 1000`, true}, {`$1 == "1024"`, true}, {`$1 == 1024`, true}, {`$1 < 2048 and "02" in $1`, true}, {`-$1 == -1024`, true}, {`$W == "abc"`, true}, {`$W > 1`, false}, {`$1 == $1`, true},
		{`len($S) == 5`, true}, {`len($L) > 2`, false}, {`len($N) > 2`, false},
		{`re.match("h.l", $S)`, true}, {`re.match("ell", $S)`, false}, {`re.match($S, "h")`, true}, {`re.search("ell", $S)`, true}, {`re.fullmatch("h|hell|.*o", $S)`, true}, {`not re.match("(?!h)", $S)`, true}, {`re.match("os\\.", $CODE)`, true}, {`re.match("7", $N)`, true}, {`re.match("a", $MISSING)`, false},
		{`strptime($DAY) < today()`, true}, {`strptime("2024-05-07") < today()`, false}, {`strptime($S) < today()`, false}, {`today() - strptime("2024-05-05") > 86400`, true},
		{`parse_promql_duration("1h30m") == 5400000`, true}, {`parse_promql_duration("5") > 1`, false}, {`parse_promql_duration("2ms") == 2`, true},
		{`$NONE is None`, true}, {`$N is not None`, true}, {`[1, [2]] == [1, [2.0]]`, true}, {`[1] == [1, 2]`, false}, {`True and 1`, false},
	}
	for _, tt := range tests {
		c, err := compileComparison(tt.expr)
		if err != nil {
			t.Errorf("%s: %v", tt.expr, err)
			continue
		}
		if got := c.holds(compareTestEnv()); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.expr, got, tt.want)
		}
	}
}

func TestComparisonErrors(t *testing.T) {
	tests := []struct{ expr, want string }{
		{``, "ends"}, {`$X >`, "ends"}, {`$X > 5)`, `")"`}, {`($X`, "expected"}, {`$X = 5`, `"= 5"`}, {`$X == 'a`, "not closed"},
		{`$X == foo`, "write $FOO"}, {`eval($X)`, "no function eval"}, {`re.sub("a", $X)`, "re.sub"}, {`re.match("(", $X)`, "never closed"},
		{`re.match($X, $Y)`, "written out"}, {`re.match($X)`, "takes"}, {`int()`, "takes 1"}, {`$X == 12abc`, "no number"}, {`$ > 1`, "without a name"}, {`$X not 5`, "not in"},
		{strings.Repeat("(", 500), "nested"}, {strings.Repeat("-", 500) + "1", "nested"}, {strings.Repeat("not ", 500), "nested"}, {`lambda: 1`, "lambda"},
	}
	for _, tt := range tests {
		if _, err := compileComparison(tt.expr); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.30s: got %v, want an error with %q", tt.expr, err, tt.want)
		}
	}
}

func TestComparisonMetavars(t *testing.T) {
	c, err := compileComparison(`$X > 1 and re.match("a", str($...ARGS)) or $1 == $X`)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.metavars, " "); got != "$X $...ARGS $1 $X" {
		t.Errorf("got %s", got)
	}
}

func TestParseNumber(t *testing.T) {
	for _, tt := range []struct {
		text string
		base int
		want string
	}{
		{"0o644", 0, "420"}, {"644", 8, "420"}, {"0644", 8, "420"}, {"0o644", 8, "420"}, {"ff", 16, "255"}, {"0xFF", 16, "255"}, {"-10", 0, "-10"},
		{"1_000", 0, "1000"}, {"_1", 0, ""}, {"9", 8, ""}, {"1.5", 0, "1.5"}, {"1.5", 10, ""}, {"", 0, ""}, {"nan", 0, ""}, {"inf", 0, ""}, {"0x", 0, ""}, {"00", 0, "0"}, {"--1", 0, ""},
	} {
		v, ok := parseNumber(tt.text, tt.base)
		got := ""
		if ok {
			s, _ := toStr(v)
			got = s.s
		}
		if got != tt.want {
			t.Errorf("%q in base %d: got %q, want %q", tt.text, tt.base, got, tt.want)
		}
	}
}

func FuzzComparison(f *testing.F) {
	for _, s := range []string{`$N + 1 > 2 ** 3`, `re.match("a+", $S) and not $T`, `[1, "a"] == $L or $1 in (1, 2)`, `"\u00e9" < r'a'`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 300 {
			return
		}
		if c, err := compileComparison(text); err == nil {
			c.holds(compareTestEnv())
		}
	})
}
