package cli

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/finding"
)

// Exit codes, the same whatever the format.
const (
	exitClean    = 0 // clean, or under the gate
	exitFindings = 1 // findings at or over the gate
	exitUsage    = 2 // usage, configuration or internal error
	exitBlind    = 3 // something that was asked for was not looked at
)

// Streams are what a command talks to. A test gives its own.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // Out is a terminal
	ErrTTY   bool // Err is a terminal
	Width    int  // columns of the terminal, 0 when unknown
	Env      func(string) string
	Dir      string       // working directory; file names on the command line are relative to it
	Client   *http.Client // for the commands that open connections; nil: the usual one
}

// exit carries an exit code through cobra. Its message, when there is one, goes to standard error.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

// interrupted is the end that control-C makes.
var interrupted = exit{130, errors.New("interrupted: nothing was reported")}

func usage(format string, args ...any) error { return exit{exitUsage, fmt.Errorf(format, args...)} }

// Main runs one command and returns its exit code.
func Main(args []string, s Streams) (code int) {
	root := rootCommand(&s)
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.Execute()
	if err == nil {
		return exitClean
	}
	code = exitUsage
	var e exit
	if errors.As(err, &e) {
		code = e.code
	}
	if message := err.Error(); message != "" {
		for line := range strings.SplitSeq(message, "\n") {
			fmt.Fprintf(s.Err, "wadjet: %s\n", finding.Plain(line))
		}
	}
	return code
}

func rootCommand(s *Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "wadjet",
		Short: "Secures Python programs: finds what is wrong, proves it, and says what to write instead",
		Long: `Wadjet reads a Python program once, builds one model of it, and asks it what is wrong.
It works offline, asks for no account, and never runs the code that it reads.`,
		Example: `  wadjet scan                          what is wrong in this folder
  wadjet scan src tests/app.py         in these
  wadjet scan -o sarif=out.sarif       and a file for code scanning
  wadjet explain subprocess-shell      why a rule matters, and the mend`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       Version(),
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("wadjet {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%s; see %s --help", flagError(cmd, err), cmd.CommandPath())
	})
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "FlagUsages |", fmt.Sprintf("FlagUsagesWrapped %d |", helpWidth(s.Width))))
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(scanCommand(s), explainCommand(s), rulesCommand(s), configCommand(s), migrateCommand(s), baselineCommand(s), debugCommand(s))
	return root
}

// helpWidth is how wide help is written: as the terminal, as far as lines stay readable.
func helpWidth(columns int) int {
	if columns <= 0 {
		return 100
	}
	return min(max(columns-1, 60), 120)
}

// version is set by the linker for releases.
var version = ""

// Version is the version of this program: that of the release, or of the commit it was built from.
func Version() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	return "0.1.0-dev"
}

func tool() finding.Tool {
	return finding.Tool{Name: "wadjet", Version: Version(), URL: "https://github.com/wadjet-security/wadjet"}
}

// Standard is the process's own streams.
func Standard() Streams {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Dir: dir}
	s.Terminal, s.Width = terminal(os.Stdout)
	s.ErrTTY, _ = terminal(os.Stderr)
	return s
}
