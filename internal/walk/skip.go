package walk

import "sort"

// Reasons for which a file or folder is left out. They are for people and for machines, so they stay as they are.
const (
	NotPython      = "not Python"
	Excluded       = "excluded by the options"
	NotIncluded    = "not included by the options"
	BySettings     = "excluded by the settings"
	ByWadjetignore = "ignored by .wadjetignore"
	BySemgrep      = "ignored by .semgrepignore"
	ByIgnore       = "ignored by .ignore"
	ByGitignore    = "ignored by .gitignore"
	ByGitExclude   = "ignored by .git/info/exclude"
	VirtualEnv     = "virtual environment"
	NodeModules    = "installed JavaScript packages"
	Cache          = "cache of a tool"
	VersionControl = "version control data"
	LinkOut        = "symbolic link that leaves the tree"
	LinkBroken     = "symbolic link that leads nowhere"
	LinkTwice      = "symbolic link to what is scanned under its own name"
	Special        = "device, pipe or socket"
)

// A Skip counts what was left out for one reason.
type Skip struct {
	Reason  string
	Files   int
	Folders int      // folders that the walk did not enter; what lies in them is not counted
	Paths   []string // the first few, sorted; a folder's ends with a slash
}

// maxSamples is how many paths a Skip shows.
const maxSamples = 5

// skips gathers Skips.
type skips map[string]*Skip

func (s skips) add(reason, path string, folder bool) {
	k := s[reason]
	if k == nil {
		k = &Skip{Reason: reason}
		s[reason] = k
	}
	if folder {
		k.Folders++
		path += "/"
	} else {
		k.Files++
	}
	// The paths come nearly in order, so this inserts at the end or not at all.
	i := sort.SearchStrings(k.Paths, path)
	if i == maxSamples {
		return
	}
	if len(k.Paths) < maxSamples {
		k.Paths = append(k.Paths, "")
	}
	copy(k.Paths[i+1:], k.Paths[i:])
	k.Paths[i] = path
}

// sorted is all of them, by reason.
func (s skips) sorted() []Skip {
	all := make([]Skip, 0, len(s))
	for _, k := range s {
		all = append(all, *k)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Reason < all[j].Reason })
	return all
}

// skippedFolder says why a folder of this name is never entered, or "". Names that a package
// of the project could have as well are not here.
func skippedFolder(name string) string {
	switch name {
	case ".git", ".hg", ".svn", ".bzr", ".jj", ".sl", "_darcs", "_FOSSIL_":
		return VersionControl
	case "node_modules", "bower_components", "jspm_packages":
		return NodeModules
	case "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".pytype", ".pyre", ".hypothesis",
		".tox", ".nox", ".eggs", ".cache", ".ipynb_checkpoints", ".pants.d", ".git-rewrite", ".pdm-build", "buck-out":
		return Cache
	case "__pypackages__", ".pyenv", ".pixi", ".direnv":
		return VirtualEnv
	}
	return ""
}

// cacheTag begins every CACHEDIR.TAG (bford.info/cachedir).
const cacheTag = "Signature: 8a477f597d28d172789f06886806bc55"
