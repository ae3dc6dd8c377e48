package query

import (
	"cel.dev/cel-go/common/types/ref"
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

// Functions are all that stand by themselves: those of values, and the evaluators.
var Functions = append([]Function{
	{Name: "same", Params: []Param{{Name: "a", Type: "Value"}, {Name: "b", Type: "Value"}}, Result: "bool",
		Doc:     "Whether two values are the same: one name with the same definition, or equal constants. Two things that are written alike and may differ, such as two calls, are not known to be the same.",
		Example: `same(call.arg("password"), call.arg("salt"))`, call: func(a []ref.Val) ref.Val { return same(valueOf(a[0]), valueOf(a[1])).val() }},
}, evaluators...)
