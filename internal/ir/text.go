package ir

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/wadjet-security/wadjet/internal/syntax"
)

// percent is format % args, for the conversions whose text is plain.
func percent(format string, args Const) Const {
	list := []Const{args}
	if args.kind == Tuple {
		list = args.Elems()
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i >= len(format) {
			return Const{}
		}
		c := format[i]
		if c == '%' {
			b.WriteByte('%')
			continue
		}
		var arg Const
		if c == '(' {
			end := strings.IndexByte(format[i:], ')')
			if end < 0 || i+end+1 >= len(format) {
				return Const{}
			}
			v, ok := args.Get(format[i+1 : i+end])
			if !ok {
				return Const{}
			}
			arg, i = v, i+end+1
			c = format[i]
		} else {
			if len(list) == 0 {
				return Const{}
			}
			arg, list = list[0], list[1:]
		}
		switch c {
		case 's':
			text, _ := display(arg, 0)
			b.WriteString(text)
		case 'r':
			b.WriteString(arg.String())
		case 'd', 'i':
			v, ok := arg.BigInt()
			if !ok {
				return Const{}
			}
			b.WriteString(v.String())
		default:
			return Const{}
		}
		if b.Len() > maxConst {
			return Const{}
		}
	}
	if args.kind == Tuple && len(list) > 0 || args.kind != Tuple && args.kind != Dict && args.kind != List && len(list) > 0 {
		return Const{} // not all arguments converted
	}
	return StrConst(b.String())
}

// format is template.format(*args, **named), for fields without conversion, attribute or specification.
func format(template string, args []Const, named map[string]Const) Const {
	var b strings.Builder
	next, numbered := 0, false
	for i := 0; i < len(template); i++ {
		c := template[i]
		if c != '{' && c != '}' {
			b.WriteByte(c)
			continue
		}
		if i+1 < len(template) && template[i+1] == c {
			b.WriteByte(c)
			i++
			continue
		}
		end := strings.IndexByte(template[i:], '}')
		if c == '}' || end < 0 {
			return Const{}
		}
		field := template[i+1 : i+end]
		i += end
		v, ok := named[field]
		if !ok {
			n, err := strconv.Atoi(field)
			if field == "" {
				n, err = next, nil
				next++
			} else {
				numbered = true
			}
			if err != nil || n < 0 || n >= len(args) || numbered && next > 0 { // either all are numbered or none
				return Const{}
			}
			v = args[n]
		}
		text, ok := display(v, 0)
		if !ok || b.Len()+len(text) > maxConst {
			return Const{}
		}
		b.WriteString(text)
	}
	return StrConst(b.String())
}

// call folds the calls whose result is plain: methods of strings, and conversions.
func (f *folder) call(e *syntax.Call) Const {
	switch fn := e.Func.(type) {
	case *syntax.Name:
		if _, shadowed := f.known(fn); shadowed || len(e.Args) > 1 {
			return Const{}
		}
		var args []Const
		for _, a := range e.Args {
			if _, plain := a.(*syntax.Keyword); plain {
				return Const{}
			}
			if fn.Name == "str" || fn.Name == "int" || fn.Name == "bool" || fn.Name == "len" || fn.Name == "tuple" || fn.Name == "list" {
				args = append(args, f.fold(a))
			} else {
				return Const{}
			}
		}
		return convert(fn.Name, args)
	case *syntax.Attribute:
		x := f.fold(fn.X)
		if !x.IsValid() {
			return Const{}
		}
		var args []Const
		named := map[string]Const{}
		for _, a := range e.Args {
			switch a := a.(type) {
			case *syntax.Starred:
				return Const{}
			case *syntax.Keyword:
				v := f.fold(a.Value)
				if !v.IsValid() || a.Name == "" {
					return Const{}
				}
				named[a.Name] = v
			default:
				v := f.fold(a)
				if !v.IsValid() {
					return Const{}
				}
				args = append(args, v)
			}
		}
		return method(x, fn.Name, args, named)
	}
	return Const{}
}

// convert folds calls of builtins: str(x), int(x) and the like.
func convert(name string, args []Const) Const {
	if len(args) == 0 && name == "str" {
		return StrConst("")
	}
	if len(args) != 1 || !args[0].IsValid() {
		return Const{}
	}
	x := args[0]
	switch name {
	case "str":
		if text, ok := display(x, 0); ok {
			return StrConst(text)
		}
	case "bool":
		return BoolConst(x.Truth())
	case "int":
		if s, ok := x.Str(); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
				return IntConst(n)
			}
			return Const{}
		}
		if n, ok := x.Int64(); ok {
			return IntConst(n)
		}
	case "len":
		switch x.kind {
		case Bytes:
			return IntConst(int64(len(x.str)))
		case Str:
			return IntConst(int64(len([]rune(x.str))))
		case List, Tuple, Dict:
			return IntConst(int64(len(x.Elems())))
		}
	case "tuple":
		if x.kind == List || x.kind == Tuple {
			return TupleConst(x.Elems())
		}
	case "list":
		if x.kind == List || x.kind == Tuple {
			return ListConst(x.Elems())
		}
	}
	return Const{}
}

func method(x Const, name string, args []Const, named map[string]Const) Const {
	if x.kind == Dict && name == "get" && len(args) > 0 {
		if v := subscript(x, args[0]); v.IsValid() {
			return v
		}
		if len(args) == 2 {
			return args[1]
		}
		return NoneConst()
	}
	if x.kind != Str && x.kind != Bytes {
		return Const{}
	}
	s := x.str
	same := func(s string) Const { return Const{kind: x.kind, str: s} }
	texts := make([]string, len(args))
	for i, a := range args {
		if a.kind != x.kind {
			texts = nil
			break
		}
		texts[i] = a.str
	}
	switch name {
	case "format":
		if x.kind == Str {
			return format(s, args, named)
		}
	case "join":
		return joinText(x, args)
	case "encode":
		if x.kind == Str && len(named) == 0 && isUTF8(args) {
			return BytesConst(s)
		}
		return Const{}
	case "decode":
		if x.kind == Bytes && len(named) == 0 && isUTF8(args) && utf8.ValidString(s) {
			return StrConst(s)
		}
		return Const{}
	}
	if len(named) > 0 || texts == nil && len(args) > 0 {
		return Const{}
	}
	switch {
	case name == "lower" && len(args) == 0:
		return same(strings.ToLower(s))
	case name == "upper" && len(args) == 0:
		return same(strings.ToUpper(s))
	case name == "strip" && len(args) == 0:
		return same(strings.TrimSpace(s))
	case name == "strip" && len(args) == 1:
		return same(strings.Trim(s, texts[0]))
	case name == "lstrip" && len(args) == 0:
		return same(strings.TrimLeft(s, " \t\r\n\f\v"))
	case name == "rstrip" && len(args) == 0:
		return same(strings.TrimRight(s, " \t\r\n\f\v"))
	case name == "rstrip" && len(args) == 1:
		return same(strings.TrimRight(s, texts[0]))
	case name == "lstrip" && len(args) == 1:
		return same(strings.TrimLeft(s, texts[0]))
	case name == "replace" && len(args) == 2 && texts[0] != "" && strings.Count(s, texts[0])*len(texts[1])+len(s) <= maxConst:
		return same(strings.ReplaceAll(s, texts[0], texts[1]))
	case name == "startswith" && len(args) == 1:
		return BoolConst(strings.HasPrefix(s, texts[0]))
	case name == "endswith" && len(args) == 1:
		return BoolConst(strings.HasSuffix(s, texts[0]))
	}
	return Const{}
}

// isUTF8 reports whether the arguments of encode or decode name the encoding that is the default.
func isUTF8(args []Const) bool {
	if len(args) == 0 {
		return true
	}
	name, ok := args[0].Str()
	return ok && len(args) == 1 && strings.ReplaceAll(strings.ToLower(name), "-", "") == "utf8"
}

func joinText(x Const, args []Const) Const {
	if len(args) != 1 || args[0].kind != List && args[0].kind != Tuple {
		return Const{}
	}
	var b strings.Builder
	for i, e := range args[0].Elems() {
		if e.kind != x.kind || b.Len()+len(e.str)+len(x.str) > maxConst {
			return Const{}
		}
		if i > 0 {
			b.WriteString(x.str)
		}
		b.WriteString(e.str)
	}
	return Const{kind: x.kind, str: b.String()}
}
