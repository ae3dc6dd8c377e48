package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wadjet-security/wadjet/internal/near"
)

// noCommand is the complaint about a word that is no command, where one is wanted.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	message := fmt.Sprintf("%q is not a command of %s", args[0], cmd.CommandPath())
	if close := nearest(args[0], names); close != "" {
		message += fmt.Sprintf(": did you mean %s?", close)
	}
	return usage("%s; see %s --help", message, cmd.CommandPath())
}

// atLeastOne is for commands that work on what is named.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s needs %s; see %s --help", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}

// flagError is a complaint of the flags' parser in words for people, with the nearest flag that exists in place of one that does not.
func flagError(cmd *cobra.Command, err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if close := nearest(name, names); close != "" {
			return fmt.Sprintf("unknown flag --%s: did you mean --%s?", name, close)
		}
	}
	// invalid argument "x" for "-j, --jobs" flag: strconv.ParseInt: parsing "x": invalid syntax
	if rest, ok := strings.CutPrefix(text, "invalid argument "); ok {
		if what, why, ok := strings.Cut(rest, " flag: "); ok {
			if strings.HasPrefix(why, "strconv.") {
				why = "a whole number is wanted"
			}
			value, flag, _ := strings.Cut(what, " for ")
			return fmt.Sprintf("%s %s: %s", strings.Trim(flag, `"`), value, why)
		}
	}
	return text
}

// nearest is the name that a slip of the hand may have turned into given.
func nearest(given string, names []string) string { return near.Name(given, names) }
