package evaluate

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Kinds of address, as [AddressKind] says them.
const (
	Any       = "any"       // every interface: 0.0.0.0, ::
	Loopback  = "loopback"  // this machine: 127.0.0.0/8, ::1, localhost
	Metadata  = "metadata"  // what a cloud tells its machines of themselves, keys included
	LinkLocal = "linklocal" // the network segment
	Private   = "private"   // RFC 1918, RFC 4193, RFC 6598, and other ranges that the internet does not route
	Multicast = "multicast"
	Reserved  = "reserved" // documentation, benchmarks, future use
	Public    = "public"
)

// metadataHosts are the names and addresses by which clouds hand out a machine's own keys.
var metadataHosts = map[string]bool{
	"metadata.google.internal": true, "metadata": true, "metadata.goog": true, "instance-data": true, "instance-data.ec2.internal": true,
	"metadata.azure.internal": true, "metadata.tencentyun.com": true,
}

var metadataAddresses = prefixes("169.254.169.254/32", "fd00:ec2::254/128", "169.254.170.2/32", "169.254.170.23/32", "fd00:ec2::23/128",
	"100.100.100.200/32", "192.0.0.192/32", "fd20:ce::254/128", "168.63.129.16/32")

func prefixes(texts ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, t := range texts {
		out = append(out, netip.MustParsePrefix(t))
	}
	return out
}

// kinds are the special ranges of IANA's registries for IPv4 and IPv6, the narrower ones first.
var kinds = []struct {
	kind   string
	ranges []netip.Prefix
}{
	{Metadata, metadataAddresses},
	{Any, prefixes("0.0.0.0/32", "::/128")},
	{Loopback, prefixes("127.0.0.0/8", "::1/128")},
	{LinkLocal, prefixes("169.254.0.0/16", "fe80::/10")},
	{Multicast, prefixes("224.0.0.0/4", "ff00::/8")},
	{Public, prefixes("192.0.0.9/32", "192.0.0.10/32", "2001:1::1/128", "2001:1::2/128", "2001:3::/32", "2001:4:112::/48", "2001:20::/28", "2001:30::/28")},
	{Private, prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10")},
	{Reserved, prefixes("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "64:ff9b:1::/48")},
}

// Address reads a host in every spelling that resolvers take: dotted, as one number, in octal and hexadecimal parts, with
// fewer than four parts, IPv6, with brackets, with a zone, and IPv4 within IPv6 (mapped, compatible, NAT64, 6to4). The last are
// given as the IPv4 address that they reach.
func Address(host string) (netip.Addr, bool) {
	host = strings.TrimSpace(host)
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(inner, "]")
	}
	if strings.Contains(host, ":") {
		addr, err := netip.ParseAddr(host)
		if err != nil {
			return netip.Addr{}, false
		}
		return embedded(addr.WithZone("")), true
	}
	return inetAton(host)
}

// inetAton reads an IPv4 address as inet_aton of C does.
func inetAton(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var v uint64
	for i, p := range parts {
		base := 10
		switch lower := strings.ToLower(p); {
		case strings.HasPrefix(lower, "0x"):
			p, base = p[2:], 16
			if p == "" {
				p = "0" // glibc reads 0x as nothing
			}
		case len(p) > 1 && p[0] == '0':
			p, base = p[1:], 8
		}
		n, err := strconv.ParseUint(p, base, 32)
		if err != nil || strings.ContainsAny(p, "+_") {
			return netip.Addr{}, false
		}
		if i < len(parts)-1 {
			if n > 255 {
				return netip.Addr{}, false
			}
			v = v<<8 | n
			continue
		}
		rest := 4 - i
		if n >= 1<<(8*rest) {
			return netip.Addr{}, false
		}
		v = v<<(8*rest) | n
	}
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), true
}

// embedded is the IPv4 address within an IPv6 one that reaches it, or the address itself.
func embedded(a netip.Addr) netip.Addr {
	if a.Is4In6() {
		return a.Unmap()
	}
	if !a.Is6() {
		return a
	}
	b := a.As16()
	four := func(i int) netip.Addr { return netip.AddrFrom4([4]byte(b[i : i+4])) }
	switch {
	case strings.HasPrefix(string(b[:]), "\x00\x64\xff\x9b\x00\x00\x00\x00\x00\x00\x00\x00"): // NAT64
		return four(12)
	case b[0] == 0x20 && b[1] == 0x02: // 6to4
		return four(2)
	case strings.Trim(string(b[:12]), "\x00") == "" && (b[12] != 0 || b[13] != 0): // compatible, of old
		return four(12)
	}
	return a
}

// AddressKind says what a host is: "any", "loopback", "metadata", "linklocal", "private", "multicast", "reserved" or "public"; "" for a name that
// says nothing. It takes addresses in every spelling, the names localhost and *.localhost, and the metadata hosts of clouds.
func AddressKind(host string) string {
	name := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(host)), ".")
	switch {
	case metadataHosts[name]:
		return Metadata
	case name == "localhost" || strings.HasSuffix(name, ".localhost") || name == "localhost.localdomain" || name == "ip6-localhost":
		return Loopback
	}
	addr, ok := Address(name)
	if !ok {
		return ""
	}
	for _, k := range kinds {
		for _, p := range k.ranges {
			if p.Contains(addr) {
				return k.kind
			}
		}
	}
	return Public
}

// URLHost is the host of a URL, without user, port and brackets; of what is no URL, host:port and host are read as such.
func URLHost(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "//") {
		u, err := url.Parse(text)
		if err != nil {
			return ""
		}
		return u.Hostname()
	}
	host, _, _ := strings.Cut(text, "/")
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
		return host
	}
	if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	return host
}

// CIDR reads a network, or an address as a network of one.
func CIDR(text string) (netip.Prefix, bool) {
	text = strings.TrimSpace(text)
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	// 0.0.0.0/0.0.0.0: a mask in place of a length.
	if addr, mask, ok := strings.Cut(text, "/"); ok {
		a, ok1 := inetAton(addr)
		m, ok2 := inetAton(mask)
		if ok1 && ok2 && strings.Count(mask, ".") == 3 {
			b := m.As4()
			v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
			ones := 0
			for v&(1<<31) != 0 {
				ones++
				v <<= 1
			}
			if v == 0 {
				return netip.PrefixFrom(a, ones).Masked(), true
			}
		}
	}
	return netip.Prefix{}, false
}

// OpenCIDR reports whether a network takes in the internet: 0.0.0.0/0, ::/0, and those so wide that hardly anything is outside (up to
// /7 of IPv4, where nothing smaller than a regional registry is meant, and /15 of IPv6).
func OpenCIDR(text string) bool {
	p, ok := CIDR(text)
	if !ok {
		return false
	}
	if p.Addr().Is4() {
		return p.Bits() < 8 && AddressKind(p.Addr().String()) != Multicast
	}
	return p.Bits() < 16 && (p.Bits() < 4 || p.Overlaps(netip.MustParsePrefix("2000::/3")))
}

// CIDRContains reports whether a network takes in an address or another network.
func CIDRContains(network, text string) bool {
	outer, ok1 := CIDR(network)
	inner, ok2 := CIDR(text)
	return ok1 && ok2 && outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// sensitivePorts are those at which a service listens that is meant for those who run it: to log in, to administrate, or to
// read a database that often asks nobody for a password.
var sensitivePorts = []struct {
	port int64
	name string
}{
	{20, "FTP"}, {21, "FTP"}, {22, "SSH"}, {23, "Telnet"}, {69, "TFTP"}, {110, "POP3"}, {111, "RPC"}, {135, "RPC"}, {137, "NetBIOS"}, {138, "NetBIOS"},
	{139, "NetBIOS"}, {143, "IMAP"}, {161, "SNMP"}, {389, "LDAP"}, {445, "SMB"}, {512, "rexec"}, {513, "rlogin"}, {514, "rsh"}, {636, "LDAP"}, {873, "rsync"},
	{1433, "SQL Server"}, {1434, "SQL Server"}, {1521, "Oracle"}, {2049, "NFS"}, {2375, "Docker"}, {2376, "Docker"}, {2379, "etcd"}, {2380, "etcd"},
	{3306, "MySQL"}, {3389, "RDP"}, {4333, "mSQL"}, {5432, "PostgreSQL"}, {5500, "VNC"}, {5601, "Kibana"}, {5672, "RabbitMQ"}, {5900, "VNC"}, {5984, "CouchDB"},
	{5985, "WinRM"}, {5986, "WinRM"}, {6379, "Redis"}, {6443, "Kubernetes"}, {7000, "Cassandra"}, {7001, "Cassandra"}, {8020, "HDFS"}, {8086, "InfluxDB"},
	{8500, "Consul"}, {8888, "Jupyter"}, {9042, "Cassandra"}, {9092, "Kafka"}, {9200, "Elasticsearch"}, {9300, "Elasticsearch"}, {10250, "kubelet"},
	{11211, "memcached"}, {15672, "RabbitMQ"}, {27017, "MongoDB"}, {27018, "MongoDB"}, {27019, "MongoDB"}, {50070, "HDFS"},
}

// SensitivePorts names the services within a range of ports that are not for everyone: "SSH", "PostgreSQL" …, in the order of their ports.
// -1 to -1 is every port, as in AWS; a range that runs backwards holds none.
func SensitivePorts(from, to int64) []string {
	if from == -1 && (to == -1 || to == 0) {
		from, to = 0, 65535
	}
	var out []string
	for _, p := range sensitivePorts {
		if p.port >= from && p.port <= to && (len(out) == 0 || out[len(out)-1] != p.name) {
			out = append(out, p.name)
		}
	}
	return out
}

// PortRange reads "22", "20-25", "20:25", "*" and "all".
func PortRange(text string) (from, to int64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "*" || text == "all" || text == "-1" {
		return 0, 65535, true
	}
	first, last, ranged := strings.Cut(strings.ReplaceAll(text, ":", "-"), "-")
	from, err := strconv.ParseInt(strings.TrimSpace(first), 10, 32)
	if err != nil || from < 0 || from > 65535 {
		return 0, 0, false
	}
	if !ranged {
		return from, from, true
	}
	to, err = strconv.ParseInt(strings.TrimSpace(last), 10, 32)
	if err != nil || to < from || to > 65535 {
		return 0, 0, false
	}
	return from, to, true
}
