package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

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
	cmd.AddCommand(debugASTCommand(s), debugCallgraphCommand(s), debugTypesCommand(s))
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

func astOf(s *Streams, name string) astLine {
	line := astLine{Path: name}
	o := walk.Options{Root: s.Dir, Stdin: s.In, StdinName: "stdin.py"}
	path := name
	if name != "-" {
		path = s.path(name)
	}
	list, err := walk.Walk([]string{path}, o)
	if err != nil {
		line.Error = err.Error()
		return line
	}
	for _, p := range list.Problems {
		line.Error = p.Message
	}
	if len(list.Entries) == 0 {
		return line
	}
	file, problem := walk.Read(list.Entries[0], o)
	if problem != nil {
		line.Error = problem.Message
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
