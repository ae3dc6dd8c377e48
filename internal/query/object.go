package query

import (
	"cmp"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// An Object is what a call makes, with all that is done with it afterwards where it can be followed.
type Object struct {
	call *Call
	fl   *flow
	at   ir.Value
	h    handle
	uses []*Use
	done bool
}

// A Use is one thing that is done with an object.
type Use struct {
	fl   *flow
	at   ir.Value
	h    handle
	kind string // method, argument, returned, yielded, stored
	name string // the method, or what it is given to
	node syntax.Node
	also []place
}

func (o *Object) place() syntax.Node { return o.call.node }
func (u *Use) place() syntax.Node    { return u.node }

func newObject(file *File, n syntax.Node, of []string) ref.Val {
	v := newCall(file, n, of)
	if v == nil {
		return nil
	}
	o := &Object{call: v.(*object).x.(*Call)}
	if e, ok := n.(syntax.Expr); ok {
		if fl := file.flow(e); fl != nil {
			if at := fl.f.ValueOf(e); at != 0 {
				o.fl, o.at, o.h = fl, at, fl.handle(at)
			}
		}
	}
	return &object{objectT, o}
}

// all are the uses of the object in the function that makes it and in those that find it in self, in a variable of the module or of that function.
func (o *Object) all() []*Use {
	if o.done || o.fl == nil {
		return o.uses
	}
	o.done = true
	handles := []handle{o.h}
	for v := range o.fl.f.Instrs { // names that may be it or another
		if o.fl.f.Instrs[v].Op == ir.Phi && slices.ContainsFunc(o.fl.f.List(&o.fl.f.Instrs[v]), func(a ir.Arg) bool { return slices.Contains(handles, o.fl.handle(a.Value)) }) {
			handles = append(handles, handle{root: ir.Value(v)})
		}
	}
	for _, h := range handles {
		o.fl.usesOf(h, &o.uses)
	}
	fi := o.fl.file
	for at, list := range o.fl.stores {
		if !slices.ContainsFunc(list, func(s ir.Value) bool { return slices.Contains(handles, o.fl.handle(o.fl.storedValue(s))) }) {
			continue
		}
		switch {
		case o.fl.ownPath(at):
			class := fi.m.Names.Parent(o.fl.f.Syntax)
			for _, d := range fi.m.Names.Functions {
				if fi.m.Names.Parent(d) != class || syntax.Node(d) == o.fl.f.Syntax || len(d.Body) == 0 {
					continue
				}
				if fl := fi.flow(d.Body[0]); fl != nil {
					if self := fl.self(); self != 0 {
						fl.usesOf(handle{root: self, path: at.path}, &o.uses)
					}
				}
			}
		case at.root == 0:
			if at.name[0] == 'g' {
				b := fi.m.Names.Module.Lookup(at.name[1:])
				if b == nil || !b.Captured {
					continue
				}
			}
			for _, d := range fi.m.Names.Functions {
				if len(d.Body) == 0 || syntax.Node(d) == o.fl.f.Syntax {
					continue
				}
				if fl := fi.flow(d.Body[0]); fl != nil && fl != o.fl {
					fl.usesOf(at, &o.uses)
				}
			}
		}
	}
	slices.SortStableFunc(o.uses, func(a, b *Use) int {
		x, y := a.node.Span(), b.node.Span()
		return cmp.Or(int(x.Start)-int(y.Start), int(y.End)-int(x.End), strings.Compare(a.kind, b.kind), strings.Compare(a.name, b.name), cmp.Compare(a.at, b.at))
	})
	// One use of several steps: the code of a finally stands for what happens after whatever came before; or of several names.
	kept := o.uses[:0]
	for _, u := range o.uses {
		if n := len(kept); n > 0 && kept[n-1].node == u.node && kept[n-1].kind == u.kind {
			if kept[n-1].at != u.at {
				kept[n-1].also = append(kept[n-1].also, place{fl: u.fl, at: u.at, h: u.h})
			}
			continue
		}
		kept = append(kept, u)
	}
	o.uses = kept
	return o.uses
}

// self is the value of the first parameter.
func (fl *flow) self() ir.Value {
	for i := range fl.f.Instrs {
		if in := &fl.f.Instrs[i]; in.Op == ir.ParamOp && in.A == 0 {
			return ir.Value(i)
		}
	}
	return 0
}

// usesOf adds what a function does with an object.
func (fl *flow) usesOf(h handle, out *[]*Use) {
	add := func(at ir.Value, kind, name string) {
		if n := fl.file.m.Names.Node(fl.f.Instrs[at].Node); n != nil && fl.blocks[at] != 0 {
			*out = append(*out, &Use{fl: fl, at: at, h: h, kind: kind, name: name, node: n})
		}
	}
	if !fl.file.spend(len(fl.f.Instrs)) {
		return
	}
	for i := range fl.f.Instrs {
		at := ir.Value(i)
		switch in := &fl.f.Instrs[i]; in.Op {
		case ir.Call:
			fn := &fl.f.Instrs[fl.f.Source(ir.Value(in.A))]
			if fn.Op == ir.Attr && fl.handle(ir.Value(fn.A)) == h {
				add(at, "method", fl.sym(fn.B))
				continue
			}
			for _, a := range fl.f.List(in) {
				if fl.handle(a.Value) != h {
					continue
				}
				name := ""
				if c, ok := fl.file.m.Names.Node(in.Node).(*syntax.Call); ok {
					if names := (&Call{file: fl.file, node: c, fn: c.Func}).callees(); len(names) > 0 {
						name = names[0]
					}
				}
				add(at, "argument", name)
				break
			}
		case ir.ReturnOp:
			if fl.handle(ir.Value(in.A)) == h && in.A != 0 {
				add(at, "returned", "")
			}
		case ir.YieldOp:
			if fl.handle(ir.Value(in.A)) == h && in.A != 0 {
				add(at, "yielded", "")
			}
		case ir.SetAttr:
			if fl.handle(ir.Value(in.C)) == h && in.Sub == 0 {
				add(at, "stored", fl.sym(in.B))
			}
		case ir.SetItem:
			if fl.handle(ir.Value(in.C)) == h {
				add(at, "stored", "")
			}
		case ir.MakeTuple, ir.MakeList, ir.MakeSet, ir.MakeDict:
			if slices.ContainsFunc(fl.f.List(in), func(a ir.Arg) bool { return a.Value != 0 && fl.handle(a.Value) == h }) {
				add(at, "stored", "")
			}
		}
	}
}

// before is the state of the object before a use.
func (u *Use) before(path string, q ask) state {
	p := place{fl: u.fl, at: u.at, h: u.h, also: u.also}
	return p.part(path).before(q, 0)
}

func (u *Use) value() *Value {
	return &Value{file: u.fl.file, at: u.node, where: &place{fl: u.fl, at: u.at, h: u.h, also: u.also}}
}

// final is the state of the object, or of a part of it, where it is handed on: given to something, returned, yielded, put into something that is not self; or else where its
// function ends.
func (o *Object) final(path string, q ask) (out state) {
	if o.fl == nil {
		return state{open: true}
	}
	handed := false
	for _, u := range o.all() {
		if u.kind == "method" || u.kind == "stored" && u.keeps() {
			continue
		}
		handed = true
		out.add(u.before(path, q))
	}
	h := o.h
	h.path += path
	if !handed {
		out = o.fl.atEnd(h, q, 0)
	}
	if o.fl.shared(h, q) {
		out.open = true
	}
	return out
}

// keeps reports whether the use only puts the object into self.
func (u *Use) keeps() bool {
	in := &u.fl.f.Instrs[u.at]
	if in.Op != ir.SetAttr {
		return false
	}
	h := u.fl.plain(ir.Value(in.A), 0)
	h.path += "." + u.fl.sym(in.B)
	return u.fl.ownPath(h)
}

// value is the object where it is handed on.
func (o *Object) value() *Value {
	return &Value{file: o.call.file, at: o.call.node, where: &place{fl: o.fl, at: o.at, of: o}}
}

func useList(list []*Use) ref.Val {
	out := make([]ref.Val, len(list))
	for i, u := range list {
		out[i] = &object{useT, u}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, out)
}

func objectMembers() (string, []Member) {
	name := Param{Name: "name", Type: "string"}
	obj := func(x any) *Object { return x.(*Object) }
	return "What a call makes, a constructor or another function, and what is done with it afterwards: in the function that makes it, and where that one keeps it, in `self`, in a variable of the module, in a variable of its own that inner functions use.", []Member{
		{Name: "call", Result: "Call", Doc: "The call that makes it.", Example: `object.call.arg(0).is("ssl.PROTOCOL_TLSv1")`, get: func(x any, _ []ref.Val) ref.Val { return callValue(obj(x).call) }},
		{Name: "attr", Method: true, Params: []Param{name}, Result: "Value", Doc: "What an attribute was set to before the object is handed on (given to a function, returned, yielded, put into something), or else until its function ends. Not given where nothing sets it.",
			Example: `object.attr("verify_mode").is("ssl.CERT_NONE")`, get: func(x any, a []ref.Val) ref.Val {
				return valueVal(obj(x).value().attr(textOf(a[0])))
			}},
		{Name: "item", Method: true, Params: []Param{{Name: "key", Type: "string"}}, Result: "Value", Doc: "The same for an item that is set on it.",
			Example: `object.item("SECRET_KEY").is_known`, get: func(x any, a []ref.Val) ref.Val {
				return valueVal(obj(x).value().item(textOf(a[0])))
			}},
		{Name: "called", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether a method was called on every way until the object is handed on, or its function ends.",
			Example: `!object.called("starttls")`, get: func(x any, a []ref.Val) ref.Val { return obj(x).value().called(textOf(a[0])).val() }},
		flagMember("object", func(x any) *Value { return obj(x).value() }),
		{Name: "calls", Method: true, Params: []Param{name}, Result: "list of Use", Doc: "The calls of a method of it.",
			Example: `object.calls("login").exists(u, !u.called("starttls"))`, get: func(x any, a []ref.Val) ref.Val {
				var list []*Use
				for _, u := range obj(x).all() {
					if u.kind == "method" && u.name == textOf(a[0]) {
						list = append(list, u)
					}
				}
				return useList(list)
			}},
		{Name: "uses", Result: "list of Use", Doc: "All that is done with it, in the order of the source.", Example: `object.uses.exists(u, u.kind == "argument" && u.name == "ssl.wrap_socket")`,
			get: func(x any, _ []ref.Val) ref.Val { return useList(obj(x).all()) }},
		{Name: "text", Result: "string", Doc: "The call that makes it, as it is written.", Example: `object.text.contains("unverified")`, get: func(x any, _ []ref.Val) ref.Val {
			o := obj(x)
			return types.String(o.call.file.m.File.Slice(o.call.node.Span()))
		}},
		{Name: "module", Result: "Module", Doc: "The file that it stands in.", Example: `!object.module.is_test`, get: func(x any, _ []ref.Val) ref.Val { return moduleVal(obj(x).call.file, nil) }},
		{Name: "function", Result: "Function", Doc: "The function in whose code it is made.", Example: `object.function.name == "main"`, get: func(x any, _ []ref.Val) ref.Val { return functionAround(obj(x).call.file, obj(x).call.node) }},
	}
}

func useMembers() (string, []Member) {
	use := func(x any) *Use { return x.(*Use) }
	name := Param{Name: "name", Type: "string"}
	return "One thing that is done with an object.", []Member{
		{Name: "kind", Result: "string", Doc: "`method` (one of its own is called), `argument` (it is given to a call), `returned`, `yielded` or `stored` (in an attribute, an item or a display).",
			Example: `object.uses.exists(u, u.kind == "returned")`, get: func(x any, _ []ref.Val) ref.Val { return types.String(use(x).kind) }},
		{Name: "name", Result: "string", Doc: "The method that is called, the full name of what it is given to, the attribute that it is stored in.",
			Example: `object.uses.exists(u, u.name == "requests.get")`, get: func(x any, _ []ref.Val) ref.Val { return types.String(use(x).name) }},
		{Name: "call", Result: "Call", Doc: "The call, of a method or argument.", Example: `object.calls("connect").exists(u, u.call.arg(0).string == "0.0.0.0")`, get: func(x any, _ []ref.Val) ref.Val {
			if c, ok := use(x).node.(*syntax.Call); ok {
				return newCall(use(x).fl.file, c, nil)
			}
			return unknown
		}},
		{Name: "attr", Method: true, Params: []Param{name}, Result: "Value", Doc: "What an attribute of the object was set to until then.",
			Example: `object.calls("wrap_socket").exists(u, u.attr("check_hostname").is_false)`, get: func(x any, a []ref.Val) ref.Val { return valueVal(use(x).value().attr(textOf(a[0]))) }},
		{Name: "item", Method: true, Params: []Param{{Name: "key", Type: "string"}}, Result: "Value", Doc: "What an item of the object was set to until then.",
			Example: `object.uses.exists(u, u.item("debug").is_true)`, get: func(x any, a []ref.Val) ref.Val { return valueVal(use(x).value().item(textOf(a[0]))) }},
		{Name: "called", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether a method was called on every way until then.",
			Example: `object.calls("login").exists(u, !u.called("starttls"))`, get: func(x any, a []ref.Val) ref.Val { return use(x).value().called(textOf(a[0])).val() }},
		flagMember("object.uses[0]", func(x any) *Value { return use(x).value() }),
		{Name: "calls", Method: true, Params: []Param{name}, Result: "list of Call", Doc: "The calls of a method of the object on the ways until then.",
			Example: `object.calls("parse").exists(u, u.calls("setFeature").exists(c, c.arg(1).is_true))`, get: func(x any, a []ref.Val) ref.Val { return use(x).value().callsOf(textOf(a[0])) }},
		{Name: "text", Result: "string", Doc: "It as it is written.", Example: `object.uses.exists(u, u.text.contains("secret"))`, get: func(x any, _ []ref.Val) ref.Val {
			u := use(x)
			return types.String(u.fl.file.m.File.Slice(u.node.Span()))
		}},
	}
}

// dottedText is a chain of attributes as it is written, "self.request.method"; "" for anything else.
func dottedText(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Name:
		return e.Name
	case *syntax.Attribute:
		if x := dottedText(e.X); x != "" {
			return x + "." + e.Name
		}
	}
	return ""
}

// endsIn reports whether a chain of attributes is, or ends in, another.
func endsIn(chain, end string) bool { return chain == end || strings.HasSuffix(chain, "."+end) }
