package query

import (
	"sync"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/wadjet-security/wadjet/internal/evaluate"
)

var oneText = []Param{{Name: "text", Type: "string"}}

// evaluators are the functions of package evaluate; one is registered by one line here.
var evaluators = []Function{
	{Name: "secret", Params: oneText, Result: "bool",
		Doc:     "Whether a text has the entropy of a key, a token or a password that a machine made, rather than that of words.",
		Example: `secret(call.arg("token").string)`, call: ofText(func(s string) any { return evaluate.LooksSecret(s) })},
	{Name: "placeholder", Params: oneText, Result: "bool",
		Doc:     "Whether a text stands where a secret is to be put in: empty, `changeme`, `<token>`, `${PASSWORD}`, `your-api-key`.",
		Example: `!placeholder(call.arg("password").string)`, call: ofText(func(s string) any { return evaluate.Placeholder(s) })},
	{Name: "redos", Params: []Param{{Name: "pattern", Type: "string"}, {Name: "function", Type: "string"}}, Result: "string",
		Doc:     "How the time of a function of `re` (`match`, `search`, `fullmatch`, `sub` …) grows with a text that an attacker chooses: `linear`, `polynomial` or `exponential`; empty for what is no expression, or too large.",
		Example: `redos(call.arg(0).string, call.method) == "exponential"`, call: ofTexts(remembered(func(a, b string) any { return evaluate.Redos(a, b) }))},
	{Name: "redos_exponential", Params: []Param{{Name: "pattern", Type: "string"}, {Name: "function", Type: "string"}}, Result: "bool",
		Doc:     "Whether `redos` says `exponential`: sooner answered than which of the others it is.",
		Example: `redos_exponential(call.arg(0).string, call.callee)`, call: ofTexts(remembered(func(a, b string) any { return evaluate.RedosExponential(a, b) }))},
	{Name: "wide_range", Params: oneText, Result: "string", Doc: "The range within a class of a regular expression that takes in more than it seems to, such as `A-z` or `$-_`; empty where there is none.",
		Example: `wide_range(call.arg(0).string) != ""`, call: ofText(func(s string) any { return evaluate.WideRange(s) })},
	{Name: "loose_host", Params: oneText, Result: "string", Doc: "A host name in a regular expression with a dot that takes any character; empty where there is none.",
		Example: `loose_host(call.arg(0).string) != ""`, call: ofText(func(s string) any { return evaluate.LooseHost(s) })},
	{Name: "open_host", Params: []Param{{Name: "pattern", Type: "string"}, {Name: "function", Type: "string"}}, Result: "string",
		Doc:     "A host name at the end of a regular expression that nothing ends, so that `good.com` fits `good.com.evil.com`; empty where there is none.",
		Example: `open_host(call.arg(0).string, call.method) != ""`, call: ofTexts(func(a, b string) any { return evaluate.OpenHost(a, b) })},
	{Name: "ciphers", Params: oneText, Result: "list of string",
		Doc:     "What is weak in the suites that an OpenSSL cipher string allows: `no encryption`, `no authentication`, `export`, `RC4`, `DES`, `3DES`, `MD5`.",
		Example: `ciphers(call.arg(0).string).size() > 0`, call: ofText(func(s string) any { return evaluate.CipherWeaknesses(s) })},
	{Name: "address", Params: oneText, Result: "string",
		Doc:     "What a host is, in any spelling: `any` (0.0.0.0, ::), `loopback`, `metadata` (of a cloud), `linklocal`, `private`, `multicast`, `reserved`, `public`; empty for a name.",
		Example: `address(call.arg("host").string) == "any"`, call: ofText(func(s string) any { return evaluate.AddressKind(s) })},
	{Name: "url_host", Params: oneText, Result: "string", Doc: "The host of a URL, or of `host:port`.",
		Example: `address(url_host(call.arg(0).string)) == "metadata"`, call: ofText(func(s string) any { return evaluate.URLHost(s) })},
	{Name: "open_cidr", Params: oneText, Result: "bool", Doc: "Whether a network takes in the internet: 0.0.0.0/0, ::/0, and nearly that.",
		Example: `open_cidr(call.arg("CidrIp").string)`, call: ofText(func(s string) any { return evaluate.OpenCIDR(s) })},
	{Name: "cidr_contains", Params: []Param{{Name: "network", Type: "string"}, {Name: "inner", Type: "string"}}, Result: "bool",
		Doc:     "Whether a network takes in an address, or another network.",
		Example: `cidr_contains(call.arg(0).string, "169.254.169.254")`, call: ofTexts(func(a, b string) any { return evaluate.CIDRContains(a, b) })},
	{Name: "sensitive_ports", Params: []Param{{Name: "from", Type: "int"}, {Name: "to", Type: "int"}}, Result: "list of string",
		Doc:     "The services within a range of ports that are not for everyone: `SSH`, `RDP`, `PostgreSQL` …; -1 to -1 is every port.",
		Example: `sensitive_ports(call.arg("FromPort").int, call.arg("ToPort").int).size() > 0`, call: sensitivePorts},
	{Name: "sensitive_port_range", Params: oneText, Result: "list of string",
		Doc:     "The same of a range that is a text: `22`, `20-25`, `*`; empty for what is none.",
		Example: `sensitive_port_range(call.arg("destination_port_range").string).size() > 0`, call: ofText(sensitivePortRange)},
	{Name: "iam", Params: []Param{{Name: "policy", Type: "any"}}, Result: "list of string",
		Doc:     "What an IAM policy, as JSON or as a dict, allows too much of, worst first: `admin`, `public-principal`, `not-principal`, `privilege-escalation`, `not-action`, `not-resource`, `service-admin`, `all-resources`.",
		Example: `"admin" in iam(call.arg("PolicyDocument").value)`, call: func(a []ref.Val) ref.Val { return list(evaluate.PolicyKinds(native(a[0], 0))) }},
}

func sensitivePortRange(text string) any {
	from, to, ok := evaluate.PortRange(text)
	if !ok {
		return []string{}
	}
	return append([]string{}, evaluate.SensitivePorts(from, to)...)
}

// list is a list of texts for CEL, empty rather than null.
func list(texts []string) ref.Val {
	return types.DefaultTypeAdapter.NativeToValue(append([]string{}, texts...))
}

func sensitivePorts(args []ref.Val) ref.Val {
	from, ok1 := args[0].(types.Int)
	to, ok2 := args[1].(types.Int)
	if !ok1 {
		return types.MaybeNoSuchOverloadErr(args[0])
	}
	if !ok2 {
		return types.MaybeNoSuchOverloadErr(args[1])
	}
	return list(evaluate.SensitivePorts(int64(from), int64(to)))
}

// deepest bounds how far a value is unfolded.
const deepest = 64

// native is a value of CEL as Go has it, as far as JSON goes; nil for what JSON has not.
func native(v ref.Val, depth int) any {
	if depth > deepest {
		return nil
	}
	switch v := v.(type) {
	case traits.Mapper:
		out := map[string]any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			k := it.Next()
			if s, ok := k.(types.String); ok {
				out[string(s)] = native(v.Get(k), depth+1)
			}
		}
		return out
	case traits.Lister:
		var out []any
		for it := v.Iterator(); it.HasNext() == types.True; {
			out = append(out, native(it.Next(), depth+1))
		}
		return out
	case types.String:
		return string(v)
	}
	return nil
}

// ofText makes a function of a text one of CEL.
func ofText(f func(s string) any) func([]ref.Val) ref.Val {
	return func(args []ref.Val) ref.Val {
		s, ok := args[0].(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(args[0])
		}
		return value(f(string(s)))
	}
}

// remembered keeps some results of a function that takes long, because several rules ask the same of one call.
func remembered(f func(a, b string) any) func(a, b string) any {
	const most = 1024
	var mu sync.Mutex
	results := map[[2]string]any{}
	return func(a, b string) any {
		k := [2]string{a, b}
		mu.Lock()
		v, ok := results[k]
		mu.Unlock()
		if ok {
			return v
		}
		v = f(a, b)
		mu.Lock()
		if len(results) >= most {
			clear(results)
		}
		results[k] = v
		mu.Unlock()
		return v
	}
}

// ofTexts makes a function of two texts one of CEL.
func ofTexts(f func(a, b string) any) func([]ref.Val) ref.Val {
	return func(args []ref.Val) ref.Val {
		a, ok1 := args[0].(types.String)
		b, ok2 := args[1].(types.String)
		if !ok1 {
			return types.MaybeNoSuchOverloadErr(args[0])
		}
		if !ok2 {
			return types.MaybeNoSuchOverloadErr(args[1])
		}
		return value(f(string(a), string(b)))
	}
}

func value(v any) ref.Val {
	if texts, ok := v.([]string); ok {
		return list(texts)
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}
