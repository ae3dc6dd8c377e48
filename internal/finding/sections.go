package finding

import "strings"

// A Section is a part of what is said of a rule.
type Section struct {
	Title string
	Text  string // Markdown, or code
	Code  bool
}

// Sections are what a rule says beside its title, in the order in which everything that shows a rule shows them. Empty ones are left out.
func (r *Rule) Sections() []Section {
	var out []Section
	for _, s := range []Section{
		{"Why", r.Why, false}, {"Instead", r.Mend, false}, {"Bad", r.Bad, true}, {"Good", r.Good, true},
		{"References", list(r.References), false},
	} {
		if s.Text = strings.Trim(s.Text, "\n"); strings.TrimSpace(s.Text) != "" {
			out = append(out, s)
		}
	}
	return out
}

func list(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "- " + strings.Join(items, "\n- ")
}

// Fence is code as a block of Markdown that it cannot end.
func Fence(language, code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + language + "\n" + code + "\n" + fence
}

// Area is what a built-in rule is about: the folder of the pack that it lies in. Of other rules it is "".
func (r *Rule) Area() string {
	folder, _, ok := strings.Cut(r.File, "/")
	if !ok || !r.Builtin {
		return ""
	}
	return folder
}
