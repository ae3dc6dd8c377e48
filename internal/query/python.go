package query

import (
	"regexp"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/wadjet-security/wadjet/internal/manifest"
)

var pythonVersion = regexp.MustCompile(`^[0-9]+\.[0-9]+(\.[0-9]+)?$`)

func (fi *File) oldest() string {
	if fi.python == nil {
		return ""
	}
	return fi.python()
}

func pythonMembers() (string, []Member) {
	version := []Param{{Name: "version", Type: "string"}}
	order := func(f func(oldest, v string) bool) func(any, []ref.Val) ref.Val {
		return func(x any, a []ref.Val) ref.Val {
			v := textOf(a[0])
			if !pythonVersion.MatchString(v) {
				return types.NewErr("%q is no version of Python", v)
			}
			oldest := x.(*File).oldest()
			if oldest == "" {
				return unknown
			}
			return types.Bool(f(oldest, v))
		}
	}
	return "The versions of Python that the file is to run on: what the settings or `--python-version` say, or else the nearest pyproject.toml, setup.cfg or setup.py. Where none says anything, all is unknown but `known`. Every query has it, as `python`.", []Member{
		{Name: "known", Result: "bool", Doc: "Whether anything is declared.", Example: `!python.known || python.before("3.12")`, get: func(x any, _ []ref.Val) ref.Val { return types.Bool(x.(*File).oldest() != "") }},
		{Name: "min", Result: "string", Doc: "The oldest one, such as `3.9`.", Example: `python.min == "3.9"`, get: func(x any, _ []ref.Val) ref.Val {
			if v := x.(*File).oldest(); v != "" {
				return types.String(v)
			}
			return unknown
		}},
		{Name: "at_least", Method: true, Params: version, Result: "bool", Doc: "Whether it runs on this version and later ones only.", Example: `python.at_least("3.14")`,
			get: order(func(oldest, v string) bool { return !manifest.Less(oldest, v) })},
		{Name: "before", Method: true, Params: version, Result: "bool", Doc: "Whether it is to run on versions before this one as well.", Example: `call.arg("filter").missing && python.before("3.14")`,
			get: order(manifest.Less)},
	}
}
