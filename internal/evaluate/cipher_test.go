package evaluate

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestCipherWeaknesses(t *testing.T) {
	tests := []struct {
		text   string
		want   string
		secret bool
	}{
		{"HIGH:!aNULL:!MD5", "", false},
		{"HIGH:!aNULL:!eNULL:!MD5:@STRENGTH", "", false},
		{"HIGH", "no authentication", false},
		{"DEFAULT", "", false},
		{"DEFAULT:!aNULL:!eNULL:!MD5:!3DES:!DES:!RC4:!IDEA:!SEED:!aDSS:!SRP:!PSK", "", false},
		{"ALL", "no authentication, export, RC4, DES, 3DES, MD5", false},
		{"ALL:eNULL", "no encryption, no authentication, export, RC4, DES, 3DES, MD5", false},
		{"ALL:!ADH:!LOW:!EXP:!MD5:@STRENGTH", "no authentication, RC4, 3DES", false},
		{"ALL:!aNULL:!RC4:!MEDIUM:!LOW:!EXP", "", false},
		{"NULL", "no encryption, no authentication, MD5", false},
		{"NULL-SHA256", "no encryption", false},
		{"RC4-SHA:AES256-SHA", "RC4", false},
		{"DES-CBC3-SHA", "3DES", false},
		{"ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384", "", true},
		{"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM", "", true},
		{"ECDH+AESGCM:DH+AESGCM:!aNULL:!MD5:!DSS", "", true},
		{"ECDH+AESGCM", "", true}, // no such suite is anonymous
		{"DH+AESGCM", "no authentication", true},
		{"HIGH:-aNULL:+kRSA", "", false},
		{"!aNULL:HIGH", "", false},
		{"-aNULL:HIGH", "no authentication", false},
		{"EECDH+AES256,EDH+AES256", "", true},
		{"MEDIUM", "no authentication, RC4, 3DES, MD5", false},
		{"@SECLEVEL=1:DEFAULT", "", false}, // DEFAULT stands first or means nothing
		{"NOSUCH", "", false},
		{"HIGH+NOSUCH", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		if got := strings.Join(CipherWeaknesses(tt.text), ", "); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
		if got := CipherForwardSecret(tt.text); got != tt.secret {
			t.Errorf("%q: forward secret: got %v", tt.text, got)
		}
	}
}

// cipherWords are what random cipher strings are made of.
var cipherWords = strings.Fields(`ALL HIGH MEDIUM LOW DEFAULT COMPLEMENTOFDEFAULT COMPLEMENTOFALL eNULL NULL aNULL kRSA RSA kEDH kDHE DH EDH DHE
	kEECDH kECDHE ECDH EECDH ECDHE kPSK kRSAPSK kDHEPSK kECDHEPSK PSK kSRP SRP aRSA aDSS DSS aECDSA ECDSA aPSK aSRP ADH AECDH AES128 AES256 AES
	AESGCM AESCCM AESCCM8 ARIA ARIAGCM ARIA128 ARIA256 CAMELLIA CAMELLIA128 CAMELLIA256 CHACHA20 CBC SHA SHA1 SHA256 SHA384 SSLv3 TLSv1 TLSv1.0
	TLSv1.2 3DES RC4 DES SEED IDEA EXP FIPS MD5 kGOST NOSUCH AES128-SHA ECDHE-RSA-AES256-GCM-SHA384 ADH-AES256-SHA NULL-SHA PSK-NULL-SHA`)

func randomCipher(rnd *rand.Rand) string {
	var b strings.Builder
	for i := range 1 + rnd.Intn(6) {
		if i > 0 {
			b.WriteString([]string{":", ":", ":", ",", " "}[rnd.Intn(5)])
		}
		b.WriteString([]string{"", "", "", "!", "-", "+"}[rnd.Intn(6)])
		b.WriteString(cipherWords[rnd.Intn(len(cipherWords))])
		for rnd.Intn(3) == 0 {
			b.WriteString("+" + cipherWords[rnd.Intn(len(cipherWords))])
		}
	}
	if rnd.Intn(4) == 0 {
		b.WriteString(":@STRENGTH")
	}
	return b.String()
}

// today takes out what today's builds leave out.
func today(text string) []string {
	var out []string
	for _, s := range selected(text) {
		if !s.legacy {
			out = append(out, s.name)
		}
	}
	slices.Sort(out)
	return out
}

// What OpenSSL itself makes of each word, of pairs and of random strings.
func TestCipherOracle(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not on this machine: the table of the other tests remains")
	}
	if v, _ := exec.Command(openssl, "version").Output(); !bytes.HasPrefix(v, []byte("OpenSSL 3.")) {
		t.Skipf("the table is that of OpenSSL 3; here is %s", v)
	}
	rnd := rand.New(rand.NewSource(1))
	texts := slices.Clone(cipherWords)
	for range 600 {
		texts = append(texts, randomCipher(rnd))
	}
	filled := 0
	for _, text := range texts {
		asked := text
		if strings.HasPrefix(text, "-") {
			asked = ":" + text // else it is taken for an option
		}
		raw, _ := exec.Command(openssl, "ciphers", asked).Output() // an empty choice is an error there
		var want []string
		for name := range strings.SplitSeq(strings.TrimSpace(string(raw)), ":") {
			if name != "" && !strings.HasPrefix(name, "TLS_") {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		if len(want) > 0 {
			filled++
		}
		if got := today(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %d suites, OpenSSL has %d; here alone %v, there alone %v", text, len(got), len(want), without(got, want), without(want, got))
		}
	}
	if filled < len(texts)/3 {
		t.Errorf("only %d of %d strings allow anything", filled, len(texts))
	}
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// The same through Python's ssl module, which is what programs call: it leaves out what its own level of security forbids.
func TestCipherPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on this machine: openssl is asked above")
	}
	rnd := rand.New(rand.NewSource(2))
	var texts []string
	for range 300 {
		texts = append(texts, randomCipher(rnd))
	}
	in, _ := json.Marshal(texts)
	cmd := exec.Command(python, "-c", `
import json, ssl, sys
out = []
for text in json.load(sys.stdin):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try: c.set_ciphers(text)
    except ssl.SSLError: out.append([]); continue
    out.append([x["name"] for x in c.get_ciphers() if not x["name"].startswith("TLS_")])
json.dump(out, sys.stdout)
`)
	cmd.Stdin = bytes.NewReader(in)
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [][]string
	if err := json.Unmarshal(raw, &answers); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for i, text := range texts {
		got := today(text)
		for _, name := range answers[i] {
			seen++
			if !slices.Contains(got, name) {
				t.Errorf("%q: Python's ssl module allows %s", text, name)
			}
		}
	}
	if seen < 1000 {
		t.Errorf("Python's ssl module allowed only %d suites in all", seen)
	}
}

func FuzzCipher(f *testing.F) {
	for _, s := range []string{"HIGH:!aNULL", "ALL@", "+++", "!:-", "DEFAULT@SECLEVEL=0", "a+b+c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 2000 {
			return
		}
		kinds := CipherWeaknesses(s)
		if len(kinds) > 0 && len(CipherSuites(s)) == 0 {
			t.Fatalf("weak without a suite: %v", kinds)
		}
		if len(CipherWeaknesses("!ALL:!eNULL:"+s)) > 0 {
			t.Fatal("what is killed came back")
		}
	})
}
