package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/scan"
	"github.com/wadjet-security/wadjet/internal/settings"
)

// ruleFlags are the flags that say which rules run and where settings come from; scan, baseline and rules share them. What was given is
// read from the command's flags by name, because each beats the setting that is called like it.
type ruleFlags struct {
	config   string
	isolated bool
}

func (r *ruleFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArray("rules", nil, "also run the rules of this `file or folder`, in Semgrep's format (repeatable)")
	f.Bool("no-builtin", false, "leave the built-in rules out")
	f.String("profile", "default", "how much to show, a `profile`: default, strict or audit (everything)")
	f.StringSlice("select", nil, "only these rules: `ids` of wadjet, Bandit or Ruff, cwe:78, owasp:A05, cwe-top25, asvs:1.2, pci:6.2.4")
	f.StringSlice("extend-select", nil, "these rules as well: `ids` as for --select")
	f.StringSlice("ignore", nil, "all but these rules: `ids` as for --select")
	f.StringArray("per-file-ignores", nil, "ignore rules in some files: `GLOB:ID,ID` (repeatable)")
	f.StringVar(&r.config, "config", "", "settings from this `file` alone, a wadjet.toml (default: those of the folders, see docs/configuration.md)")
	f.BoolVar(&r.isolated, "isolated", false, "no settings from files")
}

// settings opens those that hold for paths. Flags that were given beat files.
func (r *ruleFlags) settings(cmd *cobra.Command, s *Streams, paths []string, forced ...[]string) (*settings.Tree, error) {
	if r.config != "" && r.isolated {
		return nil, usage("--config and --isolated exclude each other")
	}
	var flags settings.Flags
	var failed error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		failed = errors.Join(failed, give(&flags, f, s))
	})
	for _, f := range forced {
		failed = errors.Join(failed, flags.Set(f[0], f[1:]...))
	}
	if failed != nil {
		return nil, exit{exitUsage, failed}
	}
	tree, err := settings.Open(settings.Options{Root: s.Dir, Paths: paths, Config: r.config, Isolated: r.isolated, Flags: flags, Version: Version()})
	if err != nil {
		return nil, exit{exitUsage, err}
	}
	return tree, nil
}

// give hands a flag that was given to the settings, if it is one of theirs.
func give(flags *settings.Flags, f *pflag.Flag, s *Streams) error {
	switch f.Name {
	case "no-builtin":
		if f.Value.String() == "true" {
			return flags.Set("builtin", "false")
		}
		return nil
	case "per-file-ignores":
		for _, pair := range f.Value.(pflag.SliceValue).GetSlice() {
			if err := flags.Ignore(pair); err != nil {
				return err
			}
		}
		return nil
	case "baseline":
		return flags.Set("baseline", s.path(f.Value.String()))
	case "format", "output", "exclude", "include": // each command has its own way with them
		return nil
	}
	if _, ok := settings.KeyOf(f.Name); !ok {
		return nil
	}
	list, ok := f.Value.(pflag.SliceValue)
	if !ok {
		return flags.Set(f.Name, f.Value.String())
	}
	values := list.GetSlice()
	if f.Name == "rules" {
		for i, name := range values {
			values[i] = s.path(name)
		}
	}
	return flags.Set(f.Name, values...)
}

// load are the rules that would look at the files of this folder, unless the settings of a sub-folder say otherwise. Those that are
// forced, as KEY, VALUE…, beat all that files and flags say.
func (r *ruleFlags) load(cmd *cobra.Command, s *Streams, forced ...[]string) (rules []*rule.Rule, wrong []rule.Error, err error) {
	tree, err := r.settings(cmd, s, nil, forced...)
	if err != nil {
		return nil, nil, err
	}
	rules, wrong, err = scan.RulesFor(tree, builtin)
	if err != nil {
		return nil, nil, exit{exitUsage, err}
	}
	return rules, wrong, nil
}

// everything is what makes load give all rules there are.
var everything = [][]string{{"profile", "audit"}, {"select", "all"}}

// path is a file name of the command line, relative to the working directory.
func (s *Streams) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.Dir, name)
}

// outputsOf are the reports that settings ask for, as --format and --output would have them.
func outputsOf(s *settings.Settings) (format string, outputs []*output, err error) {
	if v, ok := s.Value("format"); ok {
		if format = v.Text; !slices.Contains(formats, format) {
			return "", nil, usage("%s: %q is no format: use %s", v.Origin, format, strings.Join(formats, ", "))
		}
	}
	v, _ := s.Value("output")
	for _, item := range v.List {
		name, file, _ := strings.Cut(item.Text, "=")
		if !slices.Contains(formats, name) {
			return "", nil, usage("%s: %q is no format: use %s", item.Origin, name, strings.Join(formats, ", "))
		}
		// The tree may be a stranger's: no report may be led elsewhere by a link.
		folder, err := filepath.EvalSymlinks(filepath.Dir(file))
		if err != nil {
			return "", nil, usage("%s: there is no folder %s: make it first", item.Origin, filepath.Dir(file))
		}
		if info, err := os.Lstat(file); err == nil && !info.Mode().IsRegular() || folder != filepath.Dir(file) {
			return "", nil, usage("%s: %s leads elsewhere: settings may ask for reports below their own folder only", item.Origin, file)
		}
		outputs = append(outputs, &output{format: name, file: file})
	}
	return format, outputs, nil
}
