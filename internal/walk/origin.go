package walk

import (
	"path/filepath"
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

// rank orders origins by how much they say: whoever wrote the tests of a vendored package, it is not ours. An installed package
// is a project in this, with tests, vendored code and generated code of its own.
var rank = [...]uint8{source.Project: 0, source.Library: 1, source.Generated: 2, source.Test: 3, source.Vendored: 4}

func stronger(a, b source.Origin) source.Origin {
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// beneath is the origin of a folder beneath one of origin up. Where packages are installed, names of folders further up say nothing
// any more: a virtual environment may lie anywhere, in tests/ too.
func beneath(up source.Origin, folder string) source.Origin {
	own := folderOrigin(folder)
	if own == source.Library {
		return own
	}
	return stronger(up, own)
}

// folderOrigin is what the name of a folder says of all that lies in it.
func folderOrigin(name string) source.Origin {
	lower := strings.ToLower(name)
	switch lower {
	case "site-packages", "dist-packages":
		return source.Library
	case "_vendor", "vendor", "vendors", "_vendors", "vendored", "_vendored", "third_party", "third-party", "thirdparty",
		"3rdparty", "3rd_party", "3rd-party", "extern", "externs", "_extern", "externals", "_externals":
		return source.Vendored
	case "test", "tests", "testing", "_tests", "_testing", ".semgrep":
		return source.Test
	}
	for _, s := range [...]string{"_test", "_tests", "-test", "-tests"} {
		if strings.HasSuffix(lower, s) {
			return source.Test
		}
	}
	if strings.HasPrefix(lower, "test_") || strings.HasPrefix(lower, "tests_") {
		return source.Test
	}
	return source.Project
}

// isVendor reports whether a folder's name is also a word of commerce.
func isVendor(name string) bool {
	name = strings.ToLower(name)
	return name == "vendor" || name == "vendors"
}

// fileOrigin is what the name of a file says of it.
func fileOrigin(name string) source.Origin {
	lower := strings.ToLower(name)
	dot := strings.LastIndexByte(lower, '.')
	if dot < 0 {
		return source.Project
	}
	stem := lower[:dot]
	switch stem {
	case "conftest", "tests":
		return source.Test
	case "parsetab", "lextab":
		return source.Generated
	case "versioneer", "ez_setup", "distribute_setup":
		return source.Vendored
	}
	switch {
	case strings.HasPrefix(stem, "test_"), strings.HasSuffix(stem, "_test"), strings.HasSuffix(stem, "_tests"):
		return source.Test
	case strings.HasSuffix(stem, "_pb2"), strings.HasSuffix(stem, "_pb2_grpc"):
		return source.Generated
	}
	return source.Project
}

// originOf judges a path that was not reached step by step.
func (w *walker) originOf(judged string) source.Origin {
	return stronger(w.originOfFolder(parentOf(judged)), fileOrigin(lastPart(judged)))
}

func (w *walker) originOfFolder(judged string) source.Origin {
	origin := source.Project
	for i := 0; i <= len(judged); i++ {
		if i < len(judged) && judged[i] != '/' {
			continue
		}
		name := lastPart(judged[:i])
		if !isVendor(name) || !w.ownVendor(judged[:i]) {
			origin = beneath(origin, name)
		}
	}
	return origin
}

// ownVendor reports whether a folder called vendor holds the modules of a web application, and so is one of the project's.
func (w *walker) ownVendor(judged string) bool {
	own, known := w.owned[judged]
	if !known {
		names := w.look(filepath.Join(w.realRoot, filepath.FromSlash(judged)))
		own = names.app
		if w.owned == nil {
			w.owned = map[string]bool{}
		}
		w.owned[judged] = own
	}
	return own
}

// librariesAlone takes installed packages for projects when the scan found nothing else: then they are what was asked for.
func (w *walker) librariesAlone() {
	for i := range w.list.Entries {
		if w.list.Entries[i].Origin == source.Project || !strings.Contains(w.judged[i], "-packages/") {
			return
		}
	}
	for i := range w.list.Entries {
		if w.list.Entries[i].Origin == source.Library {
			w.list.Entries[i].Origin = source.Project
		}
	}
}
