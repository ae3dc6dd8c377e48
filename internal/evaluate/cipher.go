package evaluate

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A suite is one row of the table.
type suite struct {
	name, version, kx, au, enc, mac, strength string
	bits                                      int
	inDefault, fips, legacy                   bool
}

var suites = sync.OnceValue(func() []suite {
	var out []suite
	for line := range strings.Lines(strings.TrimSpace(suiteTable)) {
		f := strings.Fields(line)
		bits, _ := strconv.Atoi(f[5])
		out = append(out, suite{
			name: f[0], version: f[1], kx: f[2], au: f[3], enc: f[4], bits: bits, mac: f[6], strength: f[7],
			inDefault: strings.Contains(f[8], "D"), fips: strings.Contains(f[8], "F"), legacy: strings.Contains(f[8], "L"),
		})
	}
	return out
})

func (s *suite) anonymous() bool { return s.au == "None" }
func (s *suite) clear() bool     { return s.enc == "None" }

// is reports whether a keyword of OpenSSL's cipher strings means a suite; known is false for a word that means nothing.
func (s *suite) is(word string) (is, known bool) {
	if s.name == word {
		return true, true
	}
	aes128, aes256 := s.bits == 128 && strings.HasPrefix(s.enc, "AES"), s.bits == 256 && strings.HasPrefix(s.enc, "AES")
	switch word {
	case "ALL":
		return !s.clear(), true
	case "COMPLEMENTOFALL", "eNULL", "NULL":
		return s.clear(), true
	case "COMPLEMENTOFDEFAULT":
		return !s.inDefault, true
	case "HIGH", "MEDIUM", "LOW":
		return s.strength == word, true
	case "EXP", "EXPORT":
		return s.strength == "EXPORT", true
	case "EXPORT40":
		return s.strength == "EXPORT" && s.bits == 40, true
	case "EXPORT56":
		return s.strength == "EXPORT" && s.bits == 56, true
	case "FIPS":
		return s.fips, true
	case "kRSA", "RSA":
		return s.kx == "RSA", true
	case "kEDH", "kDHE", "DH":
		return s.kx == "DH", true
	case "EDH", "DHE":
		return s.kx == "DH" && !s.anonymous(), true
	case "kEECDH", "kECDHE", "ECDH":
		return s.kx == "ECDH", true
	case "EECDH", "ECDHE":
		return s.kx == "ECDH" && !s.anonymous(), true
	case "kPSK":
		return s.kx == "PSK", true
	case "kRSAPSK":
		return s.kx == "RSAPSK", true
	case "kDHEPSK":
		return s.kx == "DHEPSK", true
	case "kECDHEPSK":
		return s.kx == "ECDHEPSK", true
	case "PSK":
		return strings.HasSuffix(s.kx, "PSK"), true
	case "kSRP", "SRP":
		return s.kx == "SRP", true
	case "aRSA":
		return s.au == "RSA", true
	case "aDSS", "DSS":
		return s.au == "DSS", true
	case "aECDSA", "ECDSA":
		return s.au == "ECDSA", true
	case "aPSK":
		return s.au == "PSK", true
	case "aSRP":
		return s.au == "SRP", true
	case "aNULL":
		return s.anonymous(), true
	case "ADH":
		return s.kx == "DH" && s.anonymous(), true
	case "AECDH":
		return s.kx == "ECDH" && s.anonymous(), true
	case "AES128":
		return aes128, true
	case "AES256":
		return aes256, true
	case "AES":
		return aes128 || aes256, true
	case "AESGCM", "AESCCM8", "ARIAGCM", "3DES", "RC4", "RC2", "DES", "SEED", "IDEA":
		return s.enc == word, true
	case "AESCCM":
		return s.enc == "AESCCM" || s.enc == "AESCCM8", true
	case "ARIA":
		return s.enc == "ARIAGCM", true
	case "ARIA128":
		return s.enc == "ARIAGCM" && s.bits == 128, true
	case "ARIA256":
		return s.enc == "ARIAGCM" && s.bits == 256, true
	case "CAMELLIA":
		return s.enc == "Camellia", true
	case "CAMELLIA128":
		return s.enc == "Camellia" && s.bits == 128, true
	case "CAMELLIA256":
		return s.enc == "Camellia" && s.bits == 256, true
	case "CHACHA20":
		return s.enc == "CHACHA20", true
	case "CBC":
		return s.mac != "AEAD" && !s.clear() && s.enc != "RC4", true
	case "MD5":
		return s.mac == "MD5", true
	case "SHA", "SHA1":
		return s.mac == "SHA1", true
	case "SHA256", "SHA384":
		return s.mac == word, true
	case "SSLv3", "TLSv1.2":
		return s.version == word, true
	case "TLSv1", "TLSv1.0":
		return s.version == "TLSv1", true
	case "SUITEB128ONLY", "SUITEB128C2":
		return s.name == "ECDHE-ECDSA-AES128-GCM-SHA256", true
	case "SUITEB192":
		return s.name == "ECDHE-ECDSA-AES256-GCM-SHA384", true
	case "SUITEB128":
		return s.name == "ECDHE-ECDSA-AES128-GCM-SHA256" || s.name == "ECDHE-ECDSA-AES256-GCM-SHA384", true
	// Words that mean suites of no build that is left, or none of the table.
	case "kDHr", "kDHd", "kDH", "kECDHr", "kECDHe", "kECDH", "aDH", "aECDH", "aGOST", "aGOST01", "kGOST", "GOST89", "GOST94", "GOST89MAC", "TLSv1.3":
		return false, true
	}
	return false, false
}

// selected evaluates an OpenSSL cipher string to the suites that it leaves.
func selected(text string) []*suite {
	all := suites()
	const (
		out, in, killed = 0, 1, 2
	)
	state := make([]uint8, len(all))
	apply := func(rule string) {
		op := byte('=')
		if rule != "" && strings.IndexByte("-+!", rule[0]) >= 0 {
			op, rule = rule[0], rule[1:]
		}
		if rule == "" {
			return
		}
		words := strings.Split(rule, "+")
		// COMPLEMENTOFDEFAULT leaves out what does not encrypt, unless a suite is named beside it.
		exact := slices.ContainsFunc(words, isSuite)
		encrypts := !exact && slices.Contains(words, "COMPLEMENTOFDEFAULT")
		hits := make([]int, 0, 64)
		for i := range all {
			hit := !encrypts || !all[i].clear()
			for _, w := range words {
				is, known := all[i].is(w)
				if !known && (!exact || !isSuite(w)) {
					return // a word that nobody knows makes its rule void
				}
				hit = hit && is
			}
			if hit {
				hits = append(hits, i)
			}
		}
		for _, i := range hits {
			switch {
			case op == '!':
				state[i] = killed
			case state[i] == killed || op == '+': // + moves what is in to the end
			case op == '-':
				state[i] = out
			default:
				state[i] = in
			}
		}
	}
	first := true
	for rule := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ':' || r == ',' || r == ' ' || r == ';' }) {
		if strings.HasPrefix(rule, "@") {
			first = false
			continue // @STRENGTH sorts, @SECLEVEL judges keys
		}
		if first && rule == "DEFAULT" {
			for _, r := range []string{"ALL", "!COMPLEMENTOFDEFAULT", "!eNULL"} {
				apply(r)
			}
		} else {
			apply(rule)
		}
		first = false
	}
	var left []*suite
	for i := range all {
		if state[i] == in {
			left = append(left, &all[i])
		}
	}
	return left
}

func isSuite(word string) bool {
	return slices.ContainsFunc(suites(), func(s suite) bool { return s.name == word })
}

// CipherSuites is what an OpenSSL cipher string such as HIGH:!aNULL:!MD5:@STRENGTH allows below TLS 1.3, by OpenSSL's names and in the order of its
// table. Suites that today's builds leave out are among them: the string asks for them, and a build with them obeys.
func CipherSuites(text string) []string {
	var out []string
	for _, s := range selected(text) {
		out = append(out, s.name)
	}
	return out
}

// The kinds of weakness that [CipherWeaknesses] knows, worst first.
var cipherKinds = []struct {
	name string
	has  func(*suite) bool
}{
	{"no encryption", (*suite).clear},
	{"no authentication", (*suite).anonymous},
	{"export", func(s *suite) bool { return s.strength == "EXPORT" }},
	{"RC4", func(s *suite) bool { return s.enc == "RC4" }},
	{"DES", func(s *suite) bool { return s.enc == "DES" || s.enc == "RC2" }},
	{"3DES", func(s *suite) bool { return s.enc == "3DES" || s.enc == "IDEA" }},
	{"MD5", func(s *suite) bool { return s.mac == "MD5" }},
}

// CipherWeaknesses says what is weak in the suites that an OpenSSL cipher string allows: "no encryption", "no authentication", "export", "RC4",
// "DES" (and RC2), "3DES" (and other blocks of 64 bits), "MD5"; worst first.
func CipherWeaknesses(text string) []string {
	left := selected(text)
	var out []string
	for _, k := range cipherKinds {
		if slices.ContainsFunc(left, k.has) {
			out = append(out, k.name)
		}
	}
	return out
}

// CipherForwardSecret reports whether every suite that an OpenSSL cipher string allows makes a key for each connection, so that one
// stolen later opens nothing that was recorded; false, too, for a string that allows none.
func CipherForwardSecret(text string) bool {
	left := selected(text)
	return len(left) > 0 && !slices.ContainsFunc(left, func(s *suite) bool {
		return s.kx == "RSA" || s.kx == "PSK" || s.kx == "RSAPSK"
	})
}
