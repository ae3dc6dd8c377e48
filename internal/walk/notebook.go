package walk

import "github.com/wadjet-security/wadjet/internal/source"

func readNotebook(e Entry, raw []byte) (*source.File, *Problem) {
	return nil, &Problem{Path: e.Path, Code: "notebook", Message: "notebooks are not read", Lost: true, Blind: e.Explicit}
}
