package evaluate

import "strings"

// bigramCost is what a letter costs after another in English words and identifiers, in quarter bits above '0': rows for the
// letter before, a to z and none, columns for the letter. It was counted over comments of free software, each
// word by the root of its frequency, so that names weigh as much as prose.
var bigramCost = [27]string{
	"MC?@QLDSDZI<B=ZCY<?;HJKKIQ",
	"=GDJ=JOW>DT:JM>HSAAI=SPQBQ",
	"<OFL=NN>Ca?AIP9KUCF=DMSWK^",
	"@HGA7IJP:PSCIK@IOB@GBKLMIV",
	"AL@=FEGOKZRBC=MEJ:<?OHJBLX",
	"?NGH?=MR8\\T?JK<JZ@CB@XRTG\\",
	"AMFL8KEA>YVCG@>KW>>GAONTQP",
	"9NMK8NRR<_SIGM<NUCG@ETPWIT",
	"DG?BCEC[VXPAB8>FXE?>YE\\J^F",
	"<MLG7JROBQGOHJ<GQN=L;VJJHF",
	"?JJH5JEI<ONCJDGHTG=HEPDSJV",
	"=NKC8KOS:XQ=OP<KWNCCDLPW@V",
	"9DOK8NTS>bOHCN=<VOCHBSTVMW",
	"?O?==E;PATIJLGAKUN=:GHQYMX",
	"GGAAMFHUHVHA@9DB[;CB@DDNUX",
	";PHJ;NOFA`N>KP=BT;B?DSQVC]",
	"FJEGNLWRLfZCCKPKICDJ2QLOQK",
	"<NFE8JES=]HHDF=KXC?AFJOYE\\",
	"COBL:LMA=\\GFILBBNK?9@QLSEX",
	">OFL9KQ?:]TGJN@HX>ACERMQCS",
	"CACG@FGWA^O>A:KAW=>=SWWM_S",
	":JGH5LPL<]WKHNDAMJEKNJINWS",
	":NHH=LO?:WTGIA>IT=?JMQIPZS",
	"?D>C=ARJ?^RJDMH;RHE:MGNCFW",
	"EHCIAHJMBYPC??E9WD<=KKGRMI",
	">OKK4ORJ=RJILL=LgJKPOYNJHD",
	"@C>ABBEFANKCADE@O@=@EFEHQP",
}

// Bounds of what looks like a secret: so many bits in all, and so many for each character.
const (
	secretBits    = 55
	secretDensity = 4.5
	hexBits       = 48
	hexDistinct   = 7
	partDigits    = 16 // hexadecimal ones, of a part of a text
	numberDigits  = 12
	numberBits    = 36
)

// LooksSecret reports whether a text has the entropy of a secret: it is long enough to be one and hardly like words.
func LooksSecret(s string) bool {
	if hexLike(s) || hexPart(s) || randomNumber(s) {
		return true
	}
	bits := textBits(s)
	return bits >= secretBits && bits >= secretDensity*float64(len(s))
}

// hexLike reports whether a text is a number of at least hexBits bits in hexadecimal digits, with or without hyphens. Such a number
// has but four bits for each digit, and is still random.
func hexLike(s string) bool {
	var seen [256]bool
	digits, letters, upper, distinct := 0, 0, 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '-':
			continue
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f':
			letters++
		case c >= 'A' && c <= 'F':
			upper++
		default:
			return false
		}
		if !seen[c] {
			seen[c] = true
			distinct++
		}
	}
	if letters > 0 && upper > 0 {
		return false
	}
	letters += upper
	return digits >= 2 && letters >= 2 && distinct >= hexDistinct && 4*(digits+letters) >= hexBits
}

// hexPart reports whether a text is parts of which one is a long random number in hexadecimal digits, like live_0f3a… is. In an address
// such a part is the name of a commit or a file.
func hexPart(s string) bool {
	if strings.ContainsAny(s, "/ ") {
		return false
	}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ':' }) {
		if len(part) >= partDigits && len(part) < len(s) && hexLike(part) {
			return true
		}
	}
	return false
}

// randomNumber reports whether a text is a long number of no order: the number of an account, not 123456789012 and not a date.
func randomNumber(s string) bool {
	return len(s) >= numberDigits && strings.Trim(s, "0123456789") == "" && !isDate(s) && textBits(s) >= numberBits
}

// isDate reports whether a number begins with a year, a month and a day.
func isDate(s string) bool {
	return (s[:2] == "19" || s[:2] == "20") && s[4:6] >= "01" && s[4:6] <= "12" && s[6:8] >= "01" && s[6:8] <= "31"
}

type charClass uint8

const (
	noChar charClass = iota
	lowerChar
	upperChar
	digitChar
	otherChar
)

func classOf(c byte) charClass {
	switch {
	case c >= 'a' && c <= 'z':
		return lowerChar
	case c >= 'A' && c <= 'Z':
		return upperChar
	case c >= '0' && c <= '9':
		return digitChar
	}
	return otherChar
}

// longestEntropy bounds what is measured: the beginning of a text tells what it is.
const longestEntropy = 4096

// textBits estimates the information of a text: letters by how usual they are after one another, changes between letters
// and digits as surprises, and what was there before as next to nothing.
func textBits(s string) float64 {
	full := len(s)
	s = s[:min(full, longestEntropy)]
	bits := 0.0
	before, letter := noChar, 26
	seen := map[[4]byte]bool{}
	for i := range len(s) {
		c := s[i]
		class := classOf(c)
		cost := 3.0
		switch class {
		case lowerChar, upperChar:
			next := int(c | 0x20 - 'a')
			from := 26
			if before == upperChar || before == lowerChar && class == lowerChar {
				from = letter
			}
			cost = float64(bigramCost[from][next]-'0') / 4
			switch {
			case before == lowerChar && class == upperChar:
				cost++
			case before == digitChar:
				cost += 1.5
			case before == upperChar && class == lowerChar && i >= 2 && classOf(s[i-2]) == upperChar:
				cost++
			}
			letter = next
		case digitChar:
			cost = 3.32
			if before == lowerChar || before == upperChar {
				cost += 2
			}
		}
		if class != otherChar && class == before {
			if step := int(c) - int(s[i-1]); step >= -1 && step <= 1 {
				cost = min(cost, 1.5) // 123, abc
			}
		}
		if i > 0 && c == s[i-1] {
			cost = min(cost, 1.5)
			if i > 1 && s[i-2] == c {
				cost = 0.3
			}
		}
		if i >= 3 {
			key := [4]byte{s[i-3], s[i-2], s[i-1], c}
			if seen[key] {
				cost = min(cost, 0.5)
			}
			seen[key] = true
		}
		bits += cost
		before = class
	}
	if full > len(s) {
		bits *= float64(full) / float64(len(s))
	}
	return bits
}

// fillIns are words that a text holds which is to be filled in, or which nobody would protect.
var fillIns = map[string]bool{
	"changeme": true, "change": true, "changethis": true, "replace": true, "replaceme": true, "your": true, "insert": true, "todo": true, "fixme": true, "tbd": true,
	"example": true, "dummy": true, "fake": true, "sample": true, "placeholder": true, "redacted": true, "none": true, "null": true, "nil": true, "undefined": true,
	"test": true, "testing": true, "foo": true, "bar": true, "baz": true, "xxx": true, "fill": true, "filled": true, "here": true, "mock": true, "na": true,
}

// secretWords are kinds of secret, which alone name one and are none.
var secretWords = map[string]bool{
	"secret": true, "password": true, "passwd": true, "token": true, "key": true, "apikey": true, "api": true, "access": true, "my": true, "the": true, "a": true,
	"private": true, "client": true, "auth": true, "db": true, "user": true, "pass": true,
}

// Placeholder reports whether a text stands where a secret is to be put in: it is empty, of one character, a reference (${PASSWORD}), in
// brackets (<token>), says so (changeme, your-api-key), or only names what it is (my-secret-key).
func Placeholder(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > 200 {
		return false
	}
	inner := strings.Trim(s, "'\"`")
	for _, pair := range [...][2]string{{"<", ">"}, {"${", "}"}, {"{", "}"}, {"%(", ""}, {"[", "]"}, {"$(", ")"}, {"%", "%"}, {"$", ""}, {"__", "__"}} {
		if strings.HasPrefix(inner, pair[0]) && strings.HasSuffix(inner, pair[1]) && len(inner) > len(pair[0]) {
			body := inner[len(pair[0]) : len(inner)-len(pair[1])]
			if pair[0] != "$" || strings.Trim(body, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" {
				return true
			}
		}
	}
	if inner == "%s" || inner == "n/a" || strings.ContainsAny(inner, "…") {
		return true
	}
	distinct := map[rune]bool{}
	for _, r := range strings.ToLower(inner) {
		if r != '-' && r != '_' && r != ' ' {
			distinct[r] = true
		}
	}
	if len(distinct) <= 1 {
		return true
	}
	only, words := true, 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(inner), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		words++
		if fillIns[word] || len(word) > 3 && strings.Trim(word, "x") == "" {
			return true
		}
		only = only && secretWords[word]
	}
	return only || words == 0 && len(distinct) <= 2
}
