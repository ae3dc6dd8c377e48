package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
	if near := nearest(args[0], names); near != "" {
		message += fmt.Sprintf(": did you mean %s?", near)
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
		if near := nearest(name, names); near != "" {
			return fmt.Sprintf("unknown flag --%s: did you mean --%s?", name, near)
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

// nearest is the name that a slip of the hand may have turned into given: one that it begins or that begins it, else the one
// with the fewest letters changed, if these are few. Of equal ones the first counts.
func nearest(given string, names []string) string {
	best, at := "", 1+max(1, len(given)/3)
	for _, n := range names {
		d := distance(given, n)
		if len(given) > 1 && (strings.HasPrefix(n, given) || strings.HasPrefix(given, n)) {
			d = 1
		}
		if d < at {
			best, at = n, d
		}
	}
	return best
}

// distance is how many letters are to be put in, left out, changed or swapped with the next to make b of a.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
