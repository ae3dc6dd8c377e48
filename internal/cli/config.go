package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/rule"
	"github.com/wadjet-security/wadjet/internal/settings"
)

func configCommand(s *Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings that hold, and fetch policies",
		Long: `Settings are found without a flag: [tool.wadjet] of pyproject.toml, or wadjet.toml, in the folders from the root of the
repository down to each file. The nearest wins; what it does not say is inherited. See docs/configuration.md.`,
		Example: `  wadjet config show                 what holds here, and where each value comes from
  wadjet config show src/app.py      what holds for a file
  wadjet config fetch                bring the policies that are extended by url
  wadjet config schema               the JSON Schema, for editors`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(configShowCommand(s), configFetchCommand(s), configSchemaCommand(s))
	return cmd
}

func configShowCommand(s *Streams) *cobra.Command {
	var f ruleFlags
	var format string
	cmd := &cobra.Command{
		Use:   "show [PATH]",
		Short: "Say what each setting is for a file or folder, and where it comes from",
		Example: `  wadjet config show
  wadjet config show tests/test_app.py
  wadjet config show -f json src`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return usage("--format %q is not known: use text or json", format)
			}
			for _, a := range args {
				if _, err := os.Stat(s.path(a)); err != nil {
					return usage("there is no %s", a)
				}
			}
			tree, err := f.settings(cmd, s, args)
			if err != nil {
				return err
			}
			of := tree.Start()
			if len(args) == 1 {
				if info, err := os.Stat(s.path(args[0])); err == nil && !info.IsDir() {
					of = tree.For(tree.Path(args[0]))
				}
			}
			if err := tree.Err(); err != nil {
				return exit{exitUsage, err}
			}
			if format == "json" {
				type line struct {
					Key   string `json:"key"`
					Value string `json:"value"` // as it would be written in TOML
					From  string `json:"from"`
				}
				lines := []line{}
				for _, l := range of.Lines() {
					lines = append(lines, line{l.Key, l.Value, l.Origin.String()})
				}
				out, err := json.MarshalIndent(map[string]any{"files": append([]string{}, tree.Files()...), "settings": lines}, "", "  ")
				if err != nil {
					return exit{exitUsage, err}
				}
				_, err = fmt.Fprintf(s.Out, "%s\n", finding.PlainJSON(out))
				return err
			}
			w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
			for _, l := range of.Lines() {
				fmt.Fprintf(w, "%s\t= %s\t# %s\n", finding.Plain(l.Key), finding.Plain(l.Value), finding.Plain(l.Origin.String()))
			}
			return w.Flush()
		},
	}
	f.register(cmd)
	cmd.Flags().StringVarP(&format, "format", "f", "text", "the `format`: text or json")
	return cmd
}

func configFetchCommand(s *Streams) *cobra.Command {
	var f ruleFlags
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "Bring the policies that the settings here extend by url",
		Long: `Fetch reads the policies that extends = {url = "https://…", sha256 = "…"} names, and keeps them below the file that says so, in
.wadjet/policies. What is fetched must have that SHA-256. This is the one command that opens a connection for settings: a
scan reads the copy.`,
		Example: `  wadjet config fetch
  wadjet config fetch --config ci/wadjet.toml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client := s.Client
			if client == nil {
				client = http.DefaultClient
			}
			fetched, err := settings.Fetch(cmd.Context(), settings.Options{Root: s.Dir, Config: f.config, Version: Version()}, client)
			for _, p := range fetched {
				name := p.File
				if rel, err := filepath.Rel(s.Dir, p.File); err == nil {
					name = filepath.ToSlash(rel)
				}
				fmt.Fprintf(s.Out, "%s is now in %s\n", finding.Plain(p.URL), finding.Plain(name))
			}
			if err != nil {
				return exit{exitUsage, err}
			}
			if len(fetched) == 0 {
				fmt.Fprintln(s.Out, "No policy is missing")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&f.config, "config", "", "of this `file` alone")
	return cmd
}

func configSchemaCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of the settings, for editors",
		Example: "  wadjet config schema > .wadjet-schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			out, err := settings.Schema()
			if err != nil {
				return exit{exitUsage, err}
			}
			_, err = s.Out.Write(out)
			return err
		},
	}
}

func migrateCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate [FOLDER]",
		Short: "Print the settings that equal those of Bandit and of Ruff's S rules",
		Long: `Migrate reads what Bandit and Ruff are told in a folder (default: this one) and prints the equal [tool.wadjet]: [tool.bandit] and
[tool.ruff.lint] of pyproject.toml, .bandit, bandit.yaml, ruff.toml. It writes nothing. Comments in the code keep working as they are.`,
		Example: `  wadjet migrate
  wadjet migrate >> pyproject.toml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := s.Dir
			if len(args) == 1 {
				dir = s.path(args[0])
			}
			pack, err := builtin()
			if err != nil {
				return exit{exitUsage, err}
			}
			m, err := settings.Migrate(dir, func(id string) bool { return rule.Fits(pack.Rules, id) == nil })
			if err != nil {
				return exit{exitUsage, err}
			}
			if len(m.Files) == 0 {
				return exit{exitBlind, fmt.Errorf("there are no settings of Bandit here, and none of Ruff that choose S rules")}
			}
			_, err = fmt.Fprint(s.Out, m.TOML())
			return err
		},
	}
}
