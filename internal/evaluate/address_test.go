package evaluate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestAddressKind(t *testing.T) {
	tests := map[string]string{
		"0.0.0.0": Any, "::": Any, "0": Any, "0x0": Any, "00": Any, "[::]": Any, "0.0": Any, "::ffff:0.0.0.0": Any,
		"127.0.0.1": Loopback, "127.1": Loopback, "2130706433": Loopback, "0177.0.0.1": Loopback, "0x7f.0.0.1": Loopback, "0x7f000001": Loopback,
		"017700000001": Loopback, "127.255.255.254": Loopback, "::1": Loopback, "[::1]": Loopback, "localhost": Loopback, "LOCALHOST.": Loopback,
		"a.localhost": Loopback, "::ffff:127.0.0.1": Loopback, "::ffff:7f00:1": Loopback, "64:ff9b::7f00:1": Loopback, "2002:7f00:1::": Loopback,
		"::127.0.0.1": Loopback, "0:0:0:0:0:0:0:1": Loopback, "localhost.localdomain": Loopback,
		"169.254.169.254": Metadata, "2852039166": Metadata, "0xa9fea9fe": Metadata, "0251.0376.0251.0376": Metadata, "169.254.43518": Metadata,
		"fd00:ec2::254": Metadata, "FD00:EC2:0::254": Metadata, "::ffff:169.254.169.254": Metadata, "::ffff:a9fe:a9fe": Metadata,
		"metadata.google.internal": Metadata, "metadata.google.internal.": Metadata, "100.100.100.200": Metadata, "169.254.170.2": Metadata,
		"64:ff9b::a9fe:a9fe": Metadata, "169.254.1.1": LinkLocal, "fe80::1": LinkLocal, "fe80::1%eth0": LinkLocal,
		"10.0.0.1": Private, "10.1": Private, "172.16.0.1": Private, "172.32.0.1": Public, "192.168.1.1": Private, "100.64.0.1": Private, "fd12::1": Private,
		"0xa.1": Private, "224.0.0.1": Multicast, "ff02::1": Multicast, "192.0.2.1": Reserved, "203.0.113.7": Reserved, "240.0.0.1": Reserved,
		"255.255.255.255": Reserved, "0.1.2.3": Reserved, "2001:db8::1": Reserved, "8.8.8.8": Public, "2606:4700::1111": Public, "1.1": Public,
		"example.com": "", "": "", "1.2.3.4.5": "", "256.1.1.1": "", "0x": Any, "localhosts": "", "mylocalhost": "", "08.8.8.8": "", "1..2": "", "0xg": "",
		":": "", "::g": "", "127.0.0.1.example.com": "", "4294967296": "", "+1": "", "1_0": "", "metadata.example.com": "",
	}
	for host, want := range tests {
		if got := AddressKind(host); got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}

func TestURLHost(t *testing.T) {
	tests := map[string]string{
		"http://example.com/a": "example.com", "https://u:p@h:1/": "h", "http://[::1]:80/": "::1", "//h/x": "h", "h:80": "h", "h": "h", "[::1]:80": "::1",
		"::1": "::1", "h/x:y": "h", "": "", "http://%zz/": "",
	}
	for text, want := range tests {
		if got := URLHost(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestOpenCIDR(t *testing.T) {
	tests := map[string]bool{
		"0.0.0.0/0": true, "::/0": true, "0.0.0.0/1": true, "128.0.0.0/1": true, " 0.0.0.0/0 ": true, "0.0.0.0/0.0.0.0": true, "1.2.3.4/0": true,
		"0:0:0:0:0:0:0:0/0": true, "::/1": true, "2000::/3": true, "0000:0000::/0": true,
		"10.0.0.0/8": false, "0.0.0.0/8": false, "0.0.0.0": false, "224.0.0.0/4": false, "fc00::/7": false, "fe80::/10": false, "10.0.0.0/255.0.0.0": false,
		"2001:db8::/32": false, "": false, "x": false, "0.0.0.0/33": false, "0.0.0.0/": false, "0.0.0.0/255.0.255.0": false,
	}
	for text, want := range tests {
		if got := OpenCIDR(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
	for _, tt := range []struct {
		outer, inner string
		want         bool
	}{
		{"10.0.0.0/8", "10.2.3.4", true}, {"10.0.0.0/8", "10.2.0.0/16", true}, {"10.2.0.0/16", "10.0.0.0/8", false}, {"0.0.0.0/0", "169.254.169.254", true},
		{"0.0.0.0/0", "::1", false}, {"::/0", "fd00:ec2::254", true}, {"x", "10.0.0.1", false},
	} {
		if got := CIDRContains(tt.outer, tt.inner); got != tt.want {
			t.Errorf("%s in %s: got %v", tt.inner, tt.outer, got)
		}
	}
}

func TestPorts(t *testing.T) {
	for _, tt := range []struct {
		from, to int64
		want     string
	}{
		{22, 22, "SSH"}, {20, 23, "FTP SSH Telnet"}, {80, 80, ""}, {443, 443, ""}, {3306, 3306, "MySQL"}, {8000, 8080, "HDFS"}, {5, 1, ""}, {27017, 27019, "MongoDB"},
	} {
		if got := strings.Join(SensitivePorts(tt.from, tt.to), " "); got != tt.want {
			t.Errorf("%d-%d: got %q, want %q", tt.from, tt.to, got, tt.want)
		}
	}
	if all := SensitivePorts(-1, -1); len(all) < 30 || !slices.Equal(all, SensitivePorts(0, 65535)) {
		t.Errorf("every port: %v", all)
	}
	for text, want := range map[string]string{
		"22": "22 22 true", "20-25": "20 25 true", "20:25": "20 25 true", "*": "0 65535 true", "ALL": "0 65535 true", " 1 - 2 ": "1 2 true",
		"25-20": "0 0 false", "x": "0 0 false", "70000": "0 0 false", "": "0 0 false", "1-": "0 0 false",
	} {
		from, to, ok := PortRange(text)
		if got := fmt.Sprint(from, to, ok); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func randomHost(rnd *rand.Rand) string {
	part := func(most uint64) string {
		n := rnd.Uint64() % (most + 1)
		switch rnd.Intn(5) {
		case 0:
			return fmt.Sprintf("0%o", n)
		case 1:
			return fmt.Sprintf("0x%x", n)
		case 2:
			return fmt.Sprintf("0X%X", n)
		}
		return fmt.Sprint(n)
	}
	switch rnd.Intn(4) {
	case 0:
		return part(1 << 33)
	case 1:
		return part(300) + "." + part(1<<25)
	case 2:
		return part(256) + "." + part(256) + "." + part(1<<17)
	}
	return part(256) + "." + part(256) + "." + part(256) + "." + part(256)
}

// C's inet_aton, through Python, for the spellings of IPv4; Python's ipaddress for what a range is.
func TestAddressOracle(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on this machine: the table of the other tests remains")
	}
	rnd := rand.New(rand.NewSource(1))
	var hosts, addrs []string
	for range 4000 {
		hosts = append(hosts, randomHost(rnd))
		var b [16]byte
		rnd.Read(b[:])
		addrs = append(addrs, netip.AddrFrom4([4]byte(b[:4])).String())
		b[0] = []byte{0x20, 0xfc, 0xfd, 0xfe, 0xff, 0x26}[rnd.Intn(6)]
		addrs = append(addrs, netip.AddrFrom16(b).String())
	}
	for _, k := range kinds {
		for _, p := range k.ranges {
			addrs = append(addrs, p.Addr().String())
			if p.Addr().Is4() {
				addrs = append(addrs, p.Addr().Next().String())
			}
		}
	}
	in, _ := json.Marshal([][]string{hosts, addrs})
	cmd := exec.Command(python, "-c", `
import ipaddress, json, socket, sys
hosts, addrs = json.load(sys.stdin)
out = [[], []]
for h in hosts:
    try: out[0].append(socket.inet_ntoa(socket.inet_aton(h)))
    except OSError: out[0].append("")
for a in addrs:
    a = ipaddress.ip_address(a)
    out[1].append([a.is_unspecified, a.is_loopback, a.is_link_local, a.is_multicast, a.is_private or a in ipaddress.ip_network("100.64.0.0/10") if a.version == 4 else a.is_private])
json.dump(out, sys.stdout)
`)
	cmd.Stdin = bytes.NewReader(in)
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [2]json.RawMessage
	if err := json.Unmarshal(raw, &answers); err != nil {
		t.Fatal(err)
	}
	var spelled []string
	var flags [][]bool
	if json.Unmarshal(answers[0], &spelled) != nil || json.Unmarshal(answers[1], &flags) != nil {
		t.Fatal("the answers are of another form")
	}
	read := 0
	for i, h := range hosts {
		got := ""
		if a, ok := Address(h); ok {
			got = a.String()
		}
		if spelled[i] != "" {
			read++
		}
		if got != spelled[i] {
			t.Errorf("%q: got %q, inet_aton has %q", h, got, spelled[i])
		}
	}
	if read < len(hosts)/3 {
		t.Errorf("inet_aton read only %d of %d", read, len(hosts))
	}
	for i, a := range addrs {
		kind := AddressKind(a)
		unspecified, loopback, linkLocal, multicast, private := flags[i][0], flags[i][1], flags[i][2], flags[i][3], flags[i][4]
		addr := netip.MustParseAddr(a)
		if embedded(addr) != addr || metadataAddress(addr) {
			continue // judged by what it reaches; ipaddress does not know clouds
		}
		want := map[bool]string{true: "inside", false: Public}[private]
		switch {
		case unspecified:
			want = Any
		case loopback:
			want = Loopback
		case linkLocal:
			want = LinkLocal
		case multicast:
			want = Multicast
		}
		inside := want == "inside" && (kind == Private || kind == Reserved)
		// Ranges that IANA gave out, or took back, since ipaddress of 3.11 was written.
		newer := strings.HasPrefix(a, "3fff") || strings.HasPrefix(a, "5f00") || strings.HasPrefix(a, "64:ff9b:1") || strings.HasPrefix(a, "2001:") ||
			strings.HasPrefix(a, "192.0.0.") || strings.HasPrefix(a, "fec") || strings.HasPrefix(a, "fed") || strings.HasPrefix(a, "fee") || strings.HasPrefix(a, "fef")
		if kind != want && !inside && !newer {
			t.Errorf("%s: got %s, ipaddress says %s", a, kind, want)
		}
	}
}

func metadataAddress(a netip.Addr) bool {
	return slices.ContainsFunc(metadataAddresses, func(p netip.Prefix) bool { return p.Contains(a) })
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"127.1", "[::1]", "0x7f.1", "fe80::1%a", "1.2.3.4/0", "http://[", "a:b:c", "::ffff:1.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind := AddressKind(s)
		if a, ok := Address(s); ok && kind == "" {
			t.Fatalf("%v has no kind", a)
		}
		_ = URLHost(s)
		_, _, _ = PortRange(s)
		if OpenCIDR(s) {
			if p, ok := CIDR(s); !ok || p.Bits() > 15 {
				t.Fatalf("%v is open", p)
			}
		}
		if CIDRContains(s, s) != func() bool { _, ok := CIDR(s); return ok }() {
			t.Fatal("a network does not take itself in")
		}
	})
}
