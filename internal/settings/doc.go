// Package settings is wadjet's own configuration: `[tool.wadjet]` of pyproject.toml, or wadjet.toml.
//
// Settings are found without a flag. For a file, all that the folders above it say holds, from the root of the repository (or [Options.Root],
// whichever is higher; the same as for ignore files) down, and the nearest says last. So a sub-folder changes what holds
// for the files below it, and inherits the rest. Within a file of settings the order is:
//
//	what it extends, its own keys, per-file-ignores, overrides in their order
//
// and flags come after all files. Of a single value the last one counts. Rules are chosen step by step in that order: the profile's rules
// to begin with; then each `select` replaces what was chosen, `extend-select` adds, `ignore` takes away. Lists of excludes, rule
// files and the like add up.
//
// One table of keys ([Keys]) gives the types, the errors, the JSON Schema for editors and the page in the docs. An unknown key is an
// error with file, line and the nearest known one: a typing mistake must not look like a clean scan.
//
// A policy that is shared over the network is pinned by its SHA-256, and fetched by [Fetch] alone, into a file below the project. Reading
// settings never opens a connection.
//
// Settings of packages that are installed below the tree (site-packages) do not count.
package settings
