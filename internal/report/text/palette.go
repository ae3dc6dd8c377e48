package text

import "github.com/wadjet-security/wadjet/internal/finding"

// A palette colours text, or leaves it as it is. It uses the sixteen colours that every terminal's owner has chosen.
type palette struct{ on bool }

func (p *palette) sgr(codes, s string) string {
	if !p.on || s == "" {
		return s
	}
	return "\x1b[" + codes + "m" + s + "\x1b[0m"
}

func (p *palette) bold(s string) string   { return p.sgr("1", s) }
func (p *palette) dim(s string) string    { return p.sgr("2", s) }
func (p *palette) gutter(s string) string { return p.sgr("1;34", s) }
func (p *palette) good(s string) string   { return p.sgr("1;32", s) }
func (p *palette) help(s string) string   { return p.sgr("1;36", s) }
func (p *palette) bad(s string) string    { return p.sgr("1;31", s) }
func (p *palette) warn(s string) string   { return p.sgr("1;33", s) }

// of is the colour of a severity.
func (p *palette) of(sev finding.Severity) func(string) string {
	switch sev {
	case finding.Critical:
		return func(s string) string { return p.sgr("1;35", s) }
	case finding.High:
		return p.bad
	case finding.Medium:
		return p.warn
	}
	return p.help
}
