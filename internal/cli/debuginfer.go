package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
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
	lost := make([]string, len(list.Entries))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				file, problem := walk.Read(list.Entries[i], o)
				if problem != nil {
					lost[i] = problem.Message
					continue
				}
				m := p.Add(file)
				lowered[i] = infer.Lower(m)
				m.Drop() // all trees of a large program at once take more memory than the solving
			}
		})
	}
	for i := range list.Entries {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, p := range list.Problems {
		if p.Lost {
			fmt.Fprintf(s.Err, "wadjet: %s: not analysed: %s\n", p.Path, p.Message)
		}
	}
	for i, message := range lost {
		if message != "" {
			fmt.Fprintf(s.Err, "wadjet: %s: not analysed: %s\n", list.Entries[i].Path, message)
		}
	}
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
is known: resolved, hierarchy (the type is only declared, so that subclasses count), by-name (nothing is known of the object, and this
is a function of that name), or open, without a name, where more could be reached than is kept. With --stats it prints
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

func debugResolveCommand(s *Streams) *cobra.Command {
	var root string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "resolve FILE:LINE:COL",
		Short: "Say what the expression at a place may be, and why",
		Long: `Resolve prints what the smallest expression or name at a place may be: functions, classes, instances, modules, names of
libraries; and under each how that is known, step by step, the nearest step first. Lines and columns count from 1.

What is read is the folder of the project that the file lies in: the nearest one above it that holds pyproject.toml, setup.py, setup.cfg
or .git, or else the folder of the outermost package. --root names another.`,
		Example: "  wadjet debug resolve app/views.py:12:9",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			name, line, col, err := placeOf(args[0])
			if err != nil {
				return exit{exitUsage, err}
			}
			file := s.path(name)
			if _, err := os.Stat(file); err != nil {
				return exit{exitUsage, err}
			}
			dir := s.path(root)
			if root == "" {
				dir = projectRoot(file)
			}
			rel, err := filepath.Rel(dir, file)
			if err != nil {
				return exit{exitUsage, err}
			}
			r, err := inferred(s, dir)
			if err != nil {
				return err
			}
			found, err := r.Resolve(filepath.ToSlash(rel), line, col)
			if err != nil {
				return exit{exitUsage, fmt.Errorf("%s: %w", args[0], err)}
			}
			if asJSON {
				out := json.NewEncoder(s.Out)
				out.SetEscapeHTML(false)
				out.SetIndent("", "  ")
				return out.Encode(found)
			}
			text, _, _ := strings.Cut(found.Text, "\n")
			fmt.Fprintf(s.Out, "%s:%d:%d: %s\n", found.File, found.Line, found.Col, text)
			if len(found.Facts) == 0 {
				fmt.Fprintln(s.Out, "  nothing is known of it")
			}
			for _, f := range found.Facts {
				fmt.Fprintf(s.Out, "  %s %s\n", f.Kind, f.Name)
				for _, w := range f.Why {
					if w.File == "" {
						fmt.Fprintf(s.Out, "    %s\n", w.What)
					} else {
						fmt.Fprintf(s.Out, "    %s:%d:%d: %s\n", w.File, w.Line, w.Col, w.What)
					}
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&root, "root", "", "the folder to read, instead of the file's project")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// placeOf takes FILE:LINE:COL apart.
func placeOf(arg string) (file string, line, col int, err error) {
	parts := strings.Split(arg, ":")
	if n := len(parts); n >= 3 {
		var err1, err2 error
		line, err1 = strconv.Atoi(parts[n-2])
		col, err2 = strconv.Atoi(parts[n-1])
		if err1 == nil && err2 == nil && line > 0 && col > 0 {
			return strings.Join(parts[:n-2], ":"), line, col, nil
		}
	}
	return "", 0, 0, errors.New(arg + " is no place: write FILE:LINE:COL, as in app/views.py:12:9")
}

// projectRoot is the folder of the project that a file lies in.
func projectRoot(file string) string {
	dir := filepath.Dir(file)
	for up := dir; ; up = filepath.Dir(up) {
		for _, mark := range []string{"pyproject.toml", "setup.py", "setup.cfg", ".git"} {
			if _, err := os.Stat(filepath.Join(up, mark)); err == nil {
				return up
			}
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "__init__.py")); err != nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
