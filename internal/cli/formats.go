package cli

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/report/csv"
	"github.com/wadjet-security/wadjet/internal/report/github"
	"github.com/wadjet-security/wadjet/internal/report/gitlab"
	"github.com/wadjet-security/wadjet/internal/report/html"
	"github.com/wadjet-security/wadjet/internal/report/json"
	"github.com/wadjet-security/wadjet/internal/report/junit"
	"github.com/wadjet-security/wadjet/internal/report/markdown"
	"github.com/wadjet-security/wadjet/internal/report/sarif"
	"github.com/wadjet-security/wadjet/internal/report/text"
)

// formats are the names of the reports.
var formats = []string{"text", "json", "sarif", "html", "markdown", "junit", "gitlab", "github", "csv"}

// handler makes the report that goes to w.
func (f *scanFlags) handler(o *output, w io.Writer, s *Streams) finding.Handler {
	switch o.format {
	case "json":
		return json.New(w, json.Options{Suppressed: f.showSuppressed})
	case "sarif":
		return sarif.New(w, sarif.Options{Suppressed: f.showSuppressed})
	case "html":
		return html.New(w, html.Options{Suppressed: f.showSuppressed})
	case "markdown":
		return markdown.New(w)
	case "junit":
		return junit.New(w, junit.Options{Suppressed: f.showSuppressed})
	case "gitlab":
		return gitlab.New(w, gitlab.Options{Started: s.now(), Now: s.now})
	case "github":
		return github.New(w)
	case "csv":
		return csv.New(w, csv.Options{Suppressed: f.showSuppressed})
	}
	options := text.Options{Width: s.Width, Verbose: f.verbose, Quiet: f.quiet}
	if o.file == "" {
		options.Color = s.colour(f.noColor)
	}
	return text.New(w, options)
}

// now is the time, or what SOURCE_DATE_EPOCH says it is (reproducible-builds.org), in seconds since 1970.
func (s *Streams) now() time.Time {
	if n, err := strconv.ParseInt(s.Env("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(n, 0)
	}
	return time.Now()
}

// completeFormats lets a shell complete the names of formats, also those before FORMAT=FILE.
func completeFormats(cmd *cobra.Command) {
	names := func(suffix string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
			if strings.ContainsAny(begun, "=/.") {
				return nil, cobra.ShellCompDirectiveDefault
			}
			directive := cobra.ShellCompDirectiveNoFileComp
			var out []string
			for _, f := range formats {
				if strings.HasPrefix(f, begun) {
					out = append(out, f+suffix)
				}
			}
			if suffix != "" {
				directive = cobra.ShellCompDirectiveNoSpace
			}
			return out, directive
		}
	}
	for flag, suffix := range map[string]string{"format": "", "output": "="} {
		if err := cmd.RegisterFlagCompletionFunc(flag, names(suffix)); err != nil {
			panic(err) // there is no such flag
		}
	}
}
