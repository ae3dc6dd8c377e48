package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/ir"
	"github.com/wadjet-security/wadjet/internal/resolve"
	"github.com/wadjet-security/wadjet/internal/source"
	"github.com/wadjet-security/wadjet/internal/syntax"
	"github.com/wadjet-security/wadjet/internal/walk"
)

func debugCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "debug",
		Short:   "Show what wadjet sees: for reports of defects, and for its own tests",
		Example: "  wadjet debug ast app.py",
		Args:    noCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(debugASTCommand(s), debugScopesCommand(s), debugIRCommand(s), debugCallgraphCommand(s), debugTypesCommand(s), debugResolveCommand(s))
	return cmd
}

// astLine is one line of `debug ast`.
type astLine struct {
	Path  string `json:"path"`
	OK    bool   `json:"ok"`
	Error string `json:"error"`
	Dump  string `json:"dump"`
}

func debugASTCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "ast FILE…",
		Short: "Print syntax trees as CPython's ast.dump does, one JSON line a file",
		Long: `Ast prints one JSON line for each file: {"path", "ok", "error", "dump"}. The dump is what CPython 3.14 prints for
ast.dump(tree, include_attributes=True). A file with errors still has a tree, of what could be read.`,
		Example: "  wadjet debug ast app.py",
		Args:    atLeastOne("a file"),
		RunE: func(_ *cobra.Command, args []string) error {
			out := json.NewEncoder(s.Out)
			out.SetEscapeHTML(false)
			for _, a := range args {
				if err := out.Encode(astOf(s, a)); err != nil {
					return exit{exitUsage, err}
				}
			}
			return nil
		},
	}
}

func debugScopesCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "scopes FILE…",
		Short: "Print the scopes of files, and the names that each binds",
		Long: `Scopes prints one line for each scope: what it belongs to and the line where that begins, then its names, each with the kind and
line of what defines it. A name that inner functions use is marked captured; one that they assign, remote.`,
		Example: "  wadjet debug scopes app.py",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return eachTree(s, args, func(tree *syntax.File) error { return resolve.Resolve(tree).Print(s.Out) })
		},
	}
}

func debugIRCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "ir FILE…",
		Short: "Print the intermediate representation of files: blocks in static single assignment form",
		Long: `Ir prints each module, class body, function and lambda as the blocks that it was lowered to. A value is written %N; "from" names the
blocks that lead to one, and "->" those that it leads to, the first being that of truth where it ends on a condition.`,
		Example: "  wadjet debug ir app.py",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return eachTree(s, args, func(tree *syntax.File) error {
				u := ir.NewUnit(resolve.Resolve(tree))
				u.LowerAll()
				for _, f := range u.Funcs {
					if err := f.Check(); err != nil {
						return fmt.Errorf("%s: %w", f.Name, err)
					}
					if err := f.Print(s.Out); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

// eachTree calls f with the trees of files; of those with errors, with what could be read.
func eachTree(s *Streams, names []string, f func(*syntax.File) error) error {
	var unread error
	for _, name := range names {
		file, err := debugFile(s, name)
		if err != nil {
			unread = exit{exitUsage, fmt.Errorf("%s: %w", name, err)}
			continue
		}
		if err := f(syntax.Parse(file)); err != nil {
			return exit{exitUsage, err}
		}
	}
	return unread
}

// debugFile reads one file, - being standard input.
func debugFile(s *Streams, name string) (*source.File, error) {
	o := walk.Options{Root: s.Dir, Stdin: s.In, StdinName: "stdin.py"}
	path := name
	if name != "-" {
		path = s.path(name)
	}
	list, err := walk.Walk([]string{path}, o)
	if err != nil {
		return nil, err
	}
	if len(list.Entries) == 0 {
		message := "no file to read"
		for _, p := range list.Problems {
			message = p.Message
		}
		return nil, errors.New(message)
	}
	file, problem := walk.Read(list.Entries[0], o)
	if problem != nil {
		return nil, errors.New(problem.Message)
	}
	return file, nil
}

func astOf(s *Streams, name string) astLine {
	line := astLine{Path: name}
	file, err := debugFile(s, name)
	if err != nil {
		line.Error = err.Error()
		return line
	}
	tree := syntax.Parse(file)
	line.OK, line.Dump = true, syntax.Dump(tree)
	for _, n := range file.Notes {
		line.OK, line.Error = false, n.Message
	}
	if len(tree.Errors) > 0 {
		e := tree.Errors[0]
		at := file.Place(e.Span.Start)
		line.OK, line.Error = false, fmt.Sprintf("%s: %s", at, e.Message)
	}
	return line
}
