package query

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
)

// A definition is a def or a lambda.
type definition struct {
	file *File
	node syntax.Node
}

// A Class is a class statement.
type Class struct {
	file *File
	node *syntax.ClassDef
}

// An Assignment gives a name, an attribute or an item a value.
type Assignment struct {
	file   *File
	node   syntax.Node
	target syntax.Expr
	value  syntax.Expr
}

// A Module is a file.
type Module struct {
	file *File
	node syntax.Node // what it was found by
}

func (f *definition) place() syntax.Node { return f.node }
func (c *Class) place() syntax.Node      { return c.node }
func (a *Assignment) place() syntax.Node { return a.node }
func (m *Module) place() syntax.Node     { return m.node }

func functionVal(file *File, n syntax.Node) ref.Val { return &object{functionT, &definition{file, n}} }
func moduleVal(file *File, n syntax.Node) ref.Val   { return &object{moduleT, &Module{file, n}} }

// functionAround is the def or lambda that a node stands in; unknown at the level of the module, where none is.
func functionAround(file *File, n syntax.Node) ref.Val {
	for p := file.m.Names.Parent(n); p != nil; p = file.m.Names.Parent(p) {
		switch p.(type) {
		case *syntax.FunctionDef, *syntax.Lambda:
			return functionVal(file, p)
		}
	}
	return functionVal(file, nil)
}

func classAround(file *File, n syntax.Node) ref.Val {
	for p := file.m.Names.Parent(n); p != nil; p = file.m.Names.Parent(p) {
		if c, ok := p.(*syntax.ClassDef); ok {
			return &object{classT, &Class{file, c}}
		}
	}
	return &object{classT, &Class{file: file}}
}

func newAssignment(file *File, n syntax.Node) ref.Val {
	a := &Assignment{file: file, node: n}
	switch n := n.(type) {
	case *syntax.Assign:
		a.target, a.value = n.Targets[0], n.Value
	case *syntax.AnnAssign:
		a.target, a.value = n.Target, n.Value
	case *syntax.AugAssign:
		a.target, a.value = n.Target, n.Value
	}
	if a.target == nil || a.value == nil {
		return nil
	}
	return &object{assignmentT, a}
}

// own calls f with each node of the function's own code, not of what is defined within it.
func (f *definition) own(visit func(syntax.Node)) {
	walk := func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.FunctionDef, *syntax.ClassDef, *syntax.Lambda:
			return false
		}
		visit(n)
		return true
	}
	switch n := f.node.(type) {
	case *syntax.FunctionDef:
		for _, s := range n.Body {
			syntax.Inspect(s, walk)
		}
	case *syntax.Lambda:
		syntax.Inspect(n.Body, walk)
	}
}

// returns are the values that a call gives; ok is false for generators.
func (f *definition) returns() (list []*Value, ok bool) {
	switch n := f.node.(type) {
	case *syntax.Lambda:
		return []*Value{{file: f.file, e: n.Body, at: n.Body}}, true
	case *syntax.FunctionDef:
		if len(n.Body) == 0 {
			return nil, false
		}
		fl := f.file.flow(n.Body[0])
		if fl == nil || fl.f.Generator {
			return nil, false
		}
		none := fl.f.FallsOff
		f.own(func(x syntax.Node) {
			if r, isReturn := x.(*syntax.Return); isReturn {
				if r.X == nil {
					none = true
				} else {
					list = append(list, &Value{file: f.file, e: r.X, at: r.X})
				}
			}
		})
		if none {
			list = append(list, &Value{file: f.file, at: n, fixed: ir.NoneConst()})
		}
		return list, true
	}
	return nil, false
}

// always is whether every call that returns gives something of which a fact holds.
func (f *definition) always(fact func(*Value) Fact) Fact {
	list, ok := f.returns()
	if !ok {
		return Unknown
	}
	if len(list) == 0 {
		return No // it always raises
	}
	some := No
	for _, v := range list {
		switch fact(v) {
		case No:
			return No
		case Unknown:
			some = Unknown
		}
	}
	if some == Unknown {
		return Unknown
	}
	return Yes
}

// chains calls f with what an expression names, as it is written, with the definition of a local name followed.
func (f *definition) chains(e syntax.Expr, visit func(string)) {
	visit(dottedText(e))
	if _, isName := e.(*syntax.Name); isName {
		list, _ := f.file.m.Possible(e)
		for _, x := range list {
			visit(dottedText(x))
		}
	}
}

// compares is whether the function's code compares what is written so with something.
func (f *definition) compares(chain string) bool {
	found := false
	see := func(e syntax.Expr) {
		f.chains(e, func(c string) { found = found || c != "" && endsIn(c, chain) })
	}
	f.own(func(n syntax.Node) {
		switch n := n.(type) {
		case *syntax.Compare:
			see(n.X)
			for _, x := range n.Rest {
				see(x)
			}
		case *syntax.Match:
			see(n.Subject)
		}
	})
	return found
}

func (f *definition) mentions(chain string) bool {
	found := false
	f.own(func(n syntax.Node) {
		if e, ok := n.(syntax.Expr); ok {
			c := dottedText(e)
			found = found || c != "" && endsIn(c, chain)
		}
	})
	return found
}

func (f *definition) callsNamed(name string) *Call {
	var found *Call
	f.own(func(n syntax.Node) {
		if c, ok := n.(*syntax.Call); ok && found == nil {
			call := &Call{file: f.file, node: c, fn: c.Func, args: c.Args}
			if call.isNamed(name) == Yes || written(name, c.Func) {
				found = call
			}
		}
	})
	return found
}

// written reports whether a name of the form *.name is the last part of what is written.
func written(pattern string, e syntax.Expr) bool {
	last, ok := strings.CutPrefix(pattern, "*.")
	return ok && lastName(e) == last
}

func decoratorsOf(n syntax.Node) []syntax.Expr {
	switch n := n.(type) {
	case *syntax.FunctionDef:
		return n.Decorators
	case *syntax.ClassDef:
		return n.Decorators
	}
	return nil
}

// decorator is the decorator of a name. Of one that nobody knows only its last part tells whether it may be that.
func decorator(file *File, n syntax.Node, name string) (*Call, Fact) {
	out := No
	for _, d := range decoratorsOf(n) {
		v := newCall(file, d, []string{name})
		if v == nil {
			continue
		}
		c := v.(*object).x.(*Call)
		fact := c.isNamed(name)
		if fact != Yes && written(name, c.fn) {
			fact = Yes
		}
		switch {
		case fact == Yes:
			return c, Yes
		case fact == Unknown && lastName(c.fn) == name[strings.LastIndexByte(name, '.')+1:]:
			out = Unknown
		}
	}
	return nil, out
}

// isTest is whether code is that of a test: by the file, the function or the class that it stands in.
func isTest(file *File, n syntax.Node) bool {
	if file.m.File.Origin == source.Test {
		return true
	}
	for p := n; p != nil; p = file.m.Names.Parent(p) {
		switch p := p.(type) {
		case *syntax.FunctionDef:
			if strings.HasPrefix(p.Name.Name, "test_") {
				return true
			}
		case *syntax.ClassDef:
			if (&Class{file, p}).inherits("unittest.TestCase") == Yes {
				return true
			}
		}
	}
	return false
}

func (c *Class) name() string {
	if c.node == nil {
		return ""
	}
	if n := c.file.m.Enclosing(c.node); n != "" {
		return n + "." + c.node.Name.Name
	}
	return c.node.Name.Name
}

// inherits is whether the class inherits from one of a name: not known when nothing is known of one of its bases.
func (c *Class) inherits(name string) Fact {
	if c.node == nil {
		return No
	}
	out := No
	for _, b := range c.node.Args {
		if _, keyword := b.(*syntax.Keyword); keyword {
			continue
		}
		known := false
		yes := false
		c.file.m.EachQualified(b, func(q string) bool {
			known = true
			yes = yes || matchesName(name, q) || c.file.m.Is(q, name)
			return !yes
		})
		switch {
		case yes:
			return Yes
		case !known:
			out = Unknown
		}
	}
	return out
}

// variable is what the body of a module or class last gives a name at its own level.
func variable(file *File, body []syntax.Stmt, name string) *Value {
	var found *Value
	var count int
	for _, s := range body {
		var targets []syntax.Expr
		var value syntax.Expr
		switch s := s.(type) {
		case *syntax.Assign:
			targets, value = s.Targets, s.Value
		case *syntax.AnnAssign:
			targets, value = []syntax.Expr{s.Target}, s.Value
		}
		for _, t := range targets {
			if n, ok := t.(*syntax.Name); ok && n.Name == name && value != nil {
				found = &Value{file: file, e: value, at: value}
				count++
			}
		}
	}
	return found
}

// The names of settings that make a module one of Django's settings, or a class one of Flask's. Each is
// read by the framework under that very name, and hardly has another use.
var (
	djangoSettings = words(`INSTALLED_APPS MIDDLEWARE MIDDLEWARE_CLASSES ROOT_URLCONF WSGI_APPLICATION ASGI_APPLICATION DATABASES TEMPLATES ALLOWED_HOSTS
		SECRET_KEY AUTH_PASSWORD_VALIDATORS AUTHENTICATION_BACKENDS AUTH_USER_MODEL STATIC_URL STATIC_ROOT STATICFILES_DIRS MEDIA_URL MEDIA_ROOT LANGUAGE_CODE USE_TZ USE_I18N
		TIME_ZONE SITE_ID DEFAULT_AUTO_FIELD SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE CSRF_TRUSTED_ORIGINS SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS CACHES LOGIN_URL LOGIN_REDIRECT_URL
		EMAIL_BACKEND REST_FRAMEWORK DEBUG`)
	flaskSettings = words(`SECRET_KEY DEBUG TESTING SQLALCHEMY_DATABASE_URI SQLALCHEMY_TRACK_MODIFICATIONS WTF_CSRF_ENABLED WTF_CSRF_SECRET_KEY SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY
		SESSION_COOKIE_SAMESITE SESSION_COOKIE_NAME REMEMBER_COOKIE_SECURE REMEMBER_COOKIE_HTTPONLY PERMANENT_SESSION_LIFETIME MAX_CONTENT_LENGTH UPLOAD_FOLDER SERVER_NAME APPLICATION_ROOT
		PREFERRED_URL_SCHEME JWT_SECRET_KEY MAIL_SERVER MAIL_PASSWORD CSRF_ENABLED SESSION_TYPE`)
)

func words(text string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		out[w] = true
	}
	return out
}

// settingsIn counts the settings of a framework that a body assigns at its own level.
func settingsIn(body []syntax.Stmt, of map[string]bool) int {
	seen := map[string]bool{}
	for _, s := range body {
		var targets []syntax.Expr
		switch s := s.(type) {
		case *syntax.Assign:
			targets = s.Targets
		case *syntax.AnnAssign:
			targets = []syntax.Expr{s.Target}
		}
		for _, t := range targets {
			if n, ok := t.(*syntax.Name); ok && of[n.Name] {
				seen[n.Name] = true
			}
		}
	}
	return len(seen)
}

// djangoCore are the settings that only Django's modules have.
var djangoCore = []string{"INSTALLED_APPS", "ROOT_URLCONF", "WSGI_APPLICATION", "MIDDLEWARE", "MIDDLEWARE_CLASSES", "AUTH_PASSWORD_VALIDATORS"}

// settingsOf says whose settings the module holds, by what it assigns: "django" where it gives several names that Django reads, one of which
// nothing else does, or takes over all names of a module that does.
func (fi *File) settingsOf() string {
	if fi.settings == nil {
		out := ""
		body := fi.m.Tree.Body
		n := settingsIn(body, djangoSettings)
		core := slices.ContainsFunc(djangoCore, func(c string) bool { return fi.m.Names.Module.Lookup(c) != nil })
		switch {
		case n >= 3 && core, n >= 6:
			out = "django"
		case n >= 1:
			for _, imp := range fi.m.Names.FromImport {
				if len(imp.Names) == 1 && imp.Names[0].Name == "*" {
					other := fi.m.Program().Module(fi.m.Absolute(int(imp.Level), imp.Module.Name))
					if other != nil && slices.ContainsFunc(djangoCore, other.Offers) {
						out = "django"
					}
				}
			}
		}
		if out == "" && settingsIn(body, flaskSettings) >= 2 && len(fi.m.Names.Functions) == 0 {
			out = "flask" // a file for from_pyfile or from_object: names, and no code
		}
		fi.settings = &out
	}
	return *fi.settings
}

// settingsOf says whose settings a class holds: Flask reads those of the classes that it is given.
func (c *Class) settingsOf() string {
	if c.node != nil && settingsIn(c.node.Body, flaskSettings) >= 2 {
		return "flask"
	}
	return ""
}

// inSettings says whose settings an assignment is one of.
func (a *Assignment) inSettings() string {
	n, ok := a.target.(*syntax.Name)
	if !ok || n.Name != strings.ToUpper(n.Name) {
		return ""
	}
	for p := a.file.m.Names.Parent(a.node); p != nil; p = a.file.m.Names.Parent(p) {
		switch p := p.(type) {
		case *syntax.FunctionDef, *syntax.Lambda:
			return ""
		case *syntax.ClassDef:
			return (&Class{a.file, p}).settingsOf()
		}
	}
	return a.file.settingsOf()
}

// imports reports whether the module imports something of a name, or of what lies below it.
func (fi *File) imports(name string) bool {
	within := func(q string) bool { return q == name || strings.HasPrefix(q, name+".") }
	for _, i := range fi.m.Names.Imports {
		for _, a := range i.Names {
			if within(a.Name) {
				return true
			}
		}
	}
	for _, i := range fi.m.Names.FromImport {
		from := fi.m.Absolute(int(i.Level), i.Module.Name)
		if within(from) {
			return true
		}
		for _, a := range i.Names {
			if within(from + "." + a.Name) {
				return true
			}
		}
	}
	return false
}

func functionMembers() (string, []Member) {
	fn := func(x any) *definition { return x.(*definition) }
	name := Param{Name: "name", Type: "string"}
	return "A `def` or a `lambda`. Outside of any, its name is empty.", []Member{
		{Name: "name", Result: "string", Doc: "Its name, `Class.method` for a method; `<lambda>` for a lambda.", Example: `def.name.endsWith("_view")`, get: func(x any, _ []ref.Val) ref.Val {
			switch n := fn(x).node.(type) {
			case *syntax.FunctionDef:
				if in := fn(x).file.m.Enclosing(n); in != "" {
					return types.String(in + "." + n.Name.Name)
				}
				return types.String(n.Name.Name)
			case *syntax.Lambda:
				return types.String("<lambda>")
			}
			return types.String("")
		}},
		{Name: "parameters", Result: "list of string", Doc: "The names of its parameters.", Example: `"request" in def.parameters`, get: func(x any, _ []ref.Val) ref.Val {
			var ps *syntax.Params
			switch n := fn(x).node.(type) {
			case *syntax.FunctionDef:
				ps = n.Params
			case *syntax.Lambda:
				ps = n.Params
			}
			var out []string
			if ps != nil {
				for _, p := range ps.List {
					out = append(out, p.Name)
				}
			}
			return types.NewStringList(types.DefaultTypeAdapter, out)
		}},
		{Name: "is_async", Result: "bool", Doc: "Whether it is an `async def`.", Example: `def.is_async`, get: func(x any, _ []ref.Val) ref.Val {
			d, ok := fn(x).node.(*syntax.FunctionDef)
			return types.Bool(ok && d.Async)
		}},
		{Name: "is_test", Result: "bool", Doc: "Whether it is code of a test: by its file, its name `test_…` or its class, a `unittest.TestCase`.", Example: `!def.is_test`,
			get: func(x any, _ []ref.Val) ref.Val { return types.Bool(isTest(fn(x).file, fn(x).node)) }},
		{Name: "decorated", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it has a decorator of a full name, with or without arguments; `*.name` for one of which the last part is that.",
			Example: `def.decorated("django.views.decorators.csrf.csrf_exempt")`, get: func(x any, a []ref.Val) ref.Val {
				_, fact := decorator(fn(x).file, fn(x).node, textOf(a[0]))
				return fact.val()
			}},
		{Name: "decorator", Method: true, Params: []Param{name}, Result: "Call", Doc: "That decorator, as a call.", Example: `def.decorator("flask.Flask.route").arg("methods").items.exists(m, m.string == "POST")`,
			get: func(x any, a []ref.Val) ref.Val {
				c, _ := decorator(fn(x).file, fn(x).node, textOf(a[0]))
				if c == nil {
					return unknown
				}
				return callValue(c)
			}},
		{Name: "compares", Method: true, Params: []Param{{Name: "expression", Type: "string"}}, Result: "bool", Doc: "Whether its code ever compares, or matches, what is written so or ends so: `self.request.method`, too, and a local name that is assigned it.",
			Example: `!def.compares("request.method")`, get: func(x any, a []ref.Val) ref.Val { return types.Bool(fn(x).compares(textOf(a[0]))) }},
		{Name: "mentions", Method: true, Params: []Param{{Name: "expression", Type: "string"}}, Result: "bool", Doc: "Whether its code has what is written so or ends so.",
			Example: `def.mentions("request.user")`, get: func(x any, a []ref.Val) ref.Val { return types.Bool(fn(x).mentions(textOf(a[0]))) }},
		{Name: "calls", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether its code calls what has this full name, as far as names tell; `*.name` for any method that is called so.",
			Example: `def.calls("hmac.compare_digest")`, get: func(x any, a []ref.Val) ref.Val { return types.Bool(fn(x).callsNamed(textOf(a[0])) != nil) }},
		{Name: "always_true", Result: "bool", Doc: "Whether every call that returns gives something that counts as true.", Example: `call.arg("check").function.always_true`,
			get: func(x any, _ []ref.Val) ref.Val {
				return fn(x).always(func(v *Value) Fact { return v.truthy(true) }).val()
			}},
		{Name: "always_false", Result: "bool", Doc: "Whether every call that returns gives something that counts as false.", Example: `call.arg("check").function.always_false`,
			get: func(x any, _ []ref.Val) ref.Val {
				return fn(x).always(func(v *Value) Fact { return v.truthy(false) }).val()
			}},
		{Name: "returns", Result: "list of Value", Doc: "What it returns, `None` where control may pass its end; unknown for generators.", Example: `def.returns.exists(r, r.made_by("os.urandom"))`, get: func(x any, _ []ref.Val) ref.Val {
			list, ok := fn(x).returns()
			if !ok {
				return unknown
			}
			return valueList(list)
		}},
		{Name: "raises", Result: "bool", Doc: "Whether its code has a `raise` or an `assert`.", Example: `!call.arg(0).function.raises`, get: func(x any, _ []ref.Val) ref.Val {
			found := false
			fn(x).own(func(n syntax.Node) {
				switch n.(type) {
				case *syntax.Raise, *syntax.Assert:
					found = true
				}
			})
			return types.Bool(found)
		}},
		{Name: "is_empty", Result: "bool", Doc: "Whether it does nothing: `pass`, `...`, a text, a bare `return`.", Example: `def.is_empty`, get: func(x any, _ []ref.Val) ref.Val {
			d, ok := fn(x).node.(*syntax.FunctionDef)
			return types.Bool(ok && empty(d.Body))
		}},
		{Name: "class", Result: "Class", Doc: "The class around it; of none the name is empty.", Example: `def.class.inherits("django.views.View")`,
			get: func(x any, _ []ref.Val) ref.Val {
				if fn(x).node == nil {
					return &object{classT, &Class{file: fn(x).file}}
				}
				return classAround(fn(x).file, fn(x).node)
			}},
		{Name: "module", Result: "Module", Doc: "The file that it stands in.", Example: `def.module.imports("flask")`, get: func(x any, _ []ref.Val) ref.Val { return moduleVal(fn(x).file, nil) }},
	}
}

func empty(body []syntax.Stmt) bool {
	return !slices.ContainsFunc(body, func(s syntax.Stmt) bool {
		switch s := s.(type) {
		case *syntax.Pass:
			return false
		case *syntax.Return:
			if s.X == nil {
				return false
			}
			c, ok := s.X.(*syntax.Const)
			return !ok || c.Kind != syntax.None
		case *syntax.ExprStmt:
			switch x := s.X.(type) {
			case *syntax.Str:
				return false
			case *syntax.Const:
				return x.Kind != syntax.Ellipsis
			}
		}
		return true
	})
}

func classMembers() (string, []Member) {
	class := func(x any) *Class { return x.(*Class) }
	name := Param{Name: "name", Type: "string"}
	return "A class statement. Outside of any, its name is empty.", []Member{
		{Name: "name", Result: "string", Doc: "Its name, with those of what it stands in.", Example: `class.name.endsWith("Handler")`, get: func(x any, _ []ref.Val) ref.Val { return types.String(class(x).name()) }},
		{Name: "inherits", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it inherits from a class, through others as well; unknown where nobody knows one of its bases.",
			Example: `class.inherits("django.forms.ModelForm")`, get: func(x any, a []ref.Val) ref.Val { return class(x).inherits(textOf(a[0])).val() }},
		{Name: "decorated", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it has a decorator of a full name.", Example: `class.decorated("dataclasses.dataclass")`, get: func(x any, a []ref.Val) ref.Val {
			if class(x).node == nil {
				return types.False
			}
			_, fact := decorator(class(x).file, class(x).node, textOf(a[0]))
			return fact.val()
		}},
		{Name: "variable", Method: true, Params: []Param{name}, Result: "Value", Doc: "What its body gives a name.", Example: `class.variable("fields").string == "__all__"`, get: func(x any, a []ref.Val) ref.Val {
			c := class(x)
			if c.node != nil {
				if v := variable(c.file, c.node.Body, textOf(a[0])); v != nil {
					return valueVal(v)
				}
			}
			return valueVal(&Value{file: c.file, absent: true})
		}},
		{Name: "defines", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether its body defines a method of a name.", Example: `class.defines("test_func")`, get: func(x any, a []ref.Val) ref.Val {
			c := class(x)
			return types.Bool(c.node != nil && slices.ContainsFunc(c.node.Body, func(s syntax.Stmt) bool {
				d, ok := s.(*syntax.FunctionDef)
				return ok && d.Name.Name == textOf(a[0])
			}))
		}},
		{Name: "settings_of", Result: "string", Doc: "`flask` where it assigns settings that Flask reads, as the classes do that `from_object` takes; else empty.", Example: `class.settings_of == "flask"`,
			get: func(x any, _ []ref.Val) ref.Val { return types.String(class(x).settingsOf()) }},
		{Name: "module", Result: "Module", Doc: "The file that it stands in.", Example: `class.module.imports("rest_framework")`, get: func(x any, _ []ref.Val) ref.Val { return moduleVal(class(x).file, nil) }},
	}
}

func assignmentMembers() (string, []Member) {
	as := func(x any) *Assignment { return x.(*Assignment) }
	return "An assignment to a name, an attribute or an item.", []Member{
		{Name: "name", Result: "string", Doc: "The name or attribute, or the key of an item where that is a text: `DEBUG` of `DEBUG = 1`, `s.DEBUG = 1` and `config[\"DEBUG\"] = 1`.", Example: `assignment.name == "DEBUG"`, get: func(x any, _ []ref.Val) ref.Val {
			a := as(x)
			if s, ok := a.target.(*syntax.Subscript); ok {
				c, known := a.file.m.Const(s.Index)
				if text, isText := c.Str(); known && isText {
					return types.String(text)
				}
				return unknown
			}
			return types.String(lastName(a.target))
		}},
		{Name: "value", Result: "Value", Doc: "What it is given.", Example: `assignment.value.is_true`, get: func(x any, _ []ref.Val) ref.Val {
			a := as(x)
			return valueVal(&Value{file: a.file, e: a.value, at: a.value})
		}},
		{Name: "receiver", Result: "Value", Doc: "What the attribute or item is of; not given for a name.", Example: `assignment.receiver.is_a("ssl.SSLContext")`, get: func(x any, _ []ref.Val) ref.Val {
			a := as(x)
			switch t := a.target.(type) {
			case *syntax.Attribute:
				return valueVal(&Value{file: a.file, e: t.X, at: t.X})
			case *syntax.Subscript:
				return valueVal(&Value{file: a.file, e: t.X, at: t.X})
			}
			return valueVal(&Value{file: a.file, at: a.node, absent: true})
		}},
		{Name: "settings_of", Result: "string", Doc: "`django` or `flask` where it is one of the settings of a module or class that is known for what it assigns; else empty.",
			Example: `assignment.settings_of == "django"`, get: func(x any, _ []ref.Val) ref.Val { return types.String(as(x).inSettings()) }},
		{Name: "function", Result: "Function", Doc: "The function in whose code it stands.", Example: `assignment.function.name == ""`, get: func(x any, _ []ref.Val) ref.Val { return functionAround(as(x).file, as(x).node) }},
		{Name: "class", Result: "Class", Doc: "The class around it.", Example: `assignment.class.name == "Meta"`, get: func(x any, _ []ref.Val) ref.Val { return classAround(as(x).file, as(x).node) }},
		{Name: "module", Result: "Module", Doc: "The file that it stands in.", Example: `assignment.module.is_test`, get: func(x any, _ []ref.Val) ref.Val { return moduleVal(as(x).file, nil) }},
	}
}

func moduleMembers() (string, []Member) {
	mod := func(x any) *File { return x.(*Module).file }
	name := Param{Name: "name", Type: "string"}
	return "A file.", []Member{
		{Name: "name", Result: "string", Doc: "The dotted name by which it is imported.", Example: `module.name == "app.settings"`, get: func(x any, _ []ref.Val) ref.Val { return types.String(mod(x).m.Name) }},
		{Name: "path", Result: "string", Doc: "Its path.", Example: `module.path.endsWith("/manage.py")`, get: func(x any, _ []ref.Val) ref.Val { return types.String(mod(x).m.File.Path) }},
		{Name: "imports", Method: true, Params: []Param{name}, Result: "bool", Doc: "Whether it imports a module, something of it or something below it.", Example: `module.imports("django")`,
			get: func(x any, a []ref.Val) ref.Val { return types.Bool(mod(x).imports(textOf(a[0]))) }},
		{Name: "variable", Method: true, Params: []Param{name}, Result: "Value", Doc: "What a name is given at its own level.", Example: `module.variable("DEBUG").is_true`, get: func(x any, a []ref.Val) ref.Val {
			f := mod(x)
			if v := variable(f, f.m.Tree.Body, textOf(a[0])); v != nil {
				return valueVal(v)
			}
			return valueVal(&Value{file: f, absent: true})
		}},
		{Name: "is_test", Result: "bool", Doc: "Whether it is a file of tests, by its name and folder.", Example: `!call.module.is_test`,
			get: func(x any, _ []ref.Val) ref.Val { return types.Bool(mod(x).m.File.Origin == source.Test) }},
		{Name: "settings_of", Result: "string", Doc: "`django` where it assigns several settings that Django reads, or takes them over from a module that does; `flask` for a file of nothing but settings that Flask reads; else empty.",
			Example: `module.settings_of == "django"`, get: func(x any, _ []ref.Val) ref.Val { return types.String(mod(x).settingsOf()) }},
		{Name: "is_settings", Result: "bool", Doc: "Whether it is such a module.", Example: `module.is_settings`, get: func(x any, _ []ref.Val) ref.Val { return types.Bool(mod(x).settingsOf() != "") }},
	}
}
