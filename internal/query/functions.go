package query

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/pattern"
)

// A Function is one that stands by itself: `entropy(call.arg(0))`.
type Function struct {
	Name    string
	Params  []Param
	Result  string
	Doc     string
	Example string
	call    func(args []ref.Val) ref.Val
}

// Signature is how a function is written.
func (f *Function) Signature() string { return f.Name + params(f.Params) + " " + f.Result }

// Functions are all that stand by themselves. An evaluator is registered by one line here.
var Functions = []Function{
	{Name: "same", Params: []Param{{Name: "a", Type: "Value"}, {Name: "b", Type: "Value"}}, Result: "bool",
		Doc:     "Whether two values are the same: one name with the same definition, or equal constants. Two things that are written alike and may differ, such as two calls, are not known to be the same.",
		Example: `same(call.arg("password"), call.arg("salt"))`, call: func(a []ref.Val) ref.Val { return same(valueOf(a[0]), valueOf(a[1])).val() }},
	{Name: "secret", Params: []Param{{Name: "text", Type: "string"}}, Result: "bool",
		Doc:     "Whether a text has the entropy of a key, a token or a password that a machine made, rather than that of words.",
		Example: `secret(call.arg("token").string)`, call: ofText(func(s string) any { return pattern.LooksSecret(s) })},
}

// ofText makes a function of a text one of CEL.
func ofText(f func(s string) any) func([]ref.Val) ref.Val {
	return func(args []ref.Val) ref.Val {
		s, ok := args[0].(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(args[0])
		}
		return types.DefaultTypeAdapter.NativeToValue(f(string(s)))
	}
}
