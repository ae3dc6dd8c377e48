package cli

import (
	"encoding/json"
	"runtime"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/infer"
	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/program"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// inferred solves types and calls of the Python files of a folder.
func inferred(s *Streams, dir string) (*infer.Result, error) {
	o := walk.Options{Root: s.path(dir), NoIgnore: true}
	list, err := walk.Walk([]string{s.path(dir)}, o)
	if err != nil {
		return nil, exit{exitUsage, err}
	}
	p := program.New(program.Options{})
	lowered := make([]*infer.Lowered, len(list.Entries))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				if file, problem := walk.Read(list.Entries[i], o); problem == nil {
					m := p.Add(file)
					lowered[i] = infer.Lower(m)
					m.Drop() // all trees of a large program at once take more memory than the solving
				}
			}
		})
	}
	for i := range list.Entries {
		next <- i
	}
	close(next)
	wg.Wait()
	p.Link()
	l, err := model.Default()
	if err != nil {
		return nil, err
	}
	lowered = slices.DeleteFunc(lowered, func(l *infer.Lowered) bool { return l == nil })
	return infer.SolveLowered(p, lowered, l), nil
}

func debugCallgraphCommand(s *Streams) *cobra.Command {
	var sites, stats bool
	cmd := &cobra.Command{
		Use:   "callgraph DIR",
		Short: "Print who calls whom, as JSON",
		Long: `Callgraph prints {"caller": ["callee", …]} for the Python files of a folder. Functions are named by module, class and
function: main.Cls.method, main.outer.inner, main.f.<lambda1>; builtins <builtin>.print, methods of literals
<**PyStr**>.join, and what an import outside of the folder gives by its dotted name.

With --sites it prints one JSON line for each place where something is called, with what is reached there and how that
is known: resolved, hierarchy (the type is only declared, so that subclasses count), or by-name. With --stats it prints
only how much there was to do, and where something was given up.`,
		Example: "  wadjet debug callgraph src\n  wadjet debug callgraph --sites src",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := inferred(s, args[0])
			if err != nil {
				return err
			}
			out := json.NewEncoder(s.Out)
			out.SetEscapeHTML(false)
			if stats {
				return out.Encode(r.Stats())
			}
			if sites {
				for _, site := range r.Sites() {
					if err := out.Encode(site); err != nil {
						return exit{exitUsage, err}
					}
				}
				return nil
			}
			out.SetIndent("", "  ")
			return out.Encode(r.CallGraph())
		},
	}
	cmd.Flags().BoolVar(&stats, "stats", false, "say only how much there was to do, and what was given up")
	cmd.Flags().BoolVar(&sites, "sites", false, "one line for each place where something is called")
	return cmd
}

func debugTypesCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "types DIR",
		Short: "Print the types of results, parameters and variables, as JSON",
		Long: `Types prints a list of {"file", "line_number", "col_offset", "function", "type"} for the Python files of a folder, with
"parameter" for a parameter and "variable" for a variable; lines and columns count from 1, at the name.`,
		Example: "  wadjet debug types src",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := inferred(s, args[0])
			if err != nil {
				return err
			}
			out := json.NewEncoder(s.Out)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			return out.Encode(r.Types())
		},
	}
}
