package suppress

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/source"
)

type kind uint8

const (
	wadjet kind = iota
	nosec
	noqa
	nosem
	sonar
	codeql
	config  // Trivy, Checkov, zizmor: they read configuration, and name what they mean
	secrets // silences only rules about secrets
)

type reach uint8

const (
	thisLine   reach = iota // the statement of this line
	thisOrNext              // the same, or the next one when alone on its line
	nextLine
	wholeFile
	rangeStart
	rangeEnd
)

// A directive is one instruction in a comment; a comment may hold several.
type directive struct {
	kind        kind
	reach       reach
	ids         []string // as written; none: every rule
	used        []bool   // which of the ids silenced something; of a blanket the one element that it has
	ruff        bool     // Ruff's own, in which rules also go by name
	needsIDs    bool
	empty       bool // there are brackets, and nothing in them: no rule at all
	reason      string
	text        string // as written
	offset      int    // in the comment
	place       source.Place
	line        int    // of the text, which is not that of the place in a notebook
	first, last int    // lines that it covers; none when last is 0
	expires     string // the day after which it silences nothing, as 2026-12-31, or ""
	ends        []ending
}

// An ending is where one id of a range stops to be silenced.
type ending struct {
	id   string
	line int
}

// words are the directives, each longer one before those that it begins with. They are compared without case,
// and blanks around a colon do not count.
var words = []struct {
	word string
	kind
	reach
	needsIDs bool // means nothing without
}{
	{"wadjet:ignore-file", wadjet, wholeFile, false},
	{"wadjet:ignore", wadjet, thisOrNext, false},
	{"nosec", nosec, thisLine, false},
	{"ruff:noqa", noqa, wholeFile, false},
	{"flake8:noqa", noqa, wholeFile, false},
	{"ruff:file-ignore", noqa, wholeFile, true},
	{"ruff:ignore", noqa, thisOrNext, true},
	{"ruff:disable", noqa, rangeStart, true},
	{"ruff:enable", noqa, rangeEnd, true},
	{"noqa", noqa, thisLine, false},
	{"nosemgrep", nosem, thisOrNext, false},
	{"nosem", nosem, thisOrNext, false},
	{"nosonar", sonar, thisLine, false},
	{"codeql", codeql, thisOrNext, true},
	{"lgtm", codeql, thisLine, false},
	{"trivy:ignore", config, thisOrNext, true},
	{"tfsec:ignore", config, thisOrNext, true},
	{"checkov:skip", config, thisOrNext, true},
	{"zizmor:ignore", config, thisOrNext, true},
	{"gitleaks:allow", secrets, thisLine, false},
	{"trufflehog:ignore", secrets, thisLine, false},
	{"pragma:allowlist nextline secret", secrets, nextLine, false},
	{"pragma:whitelist nextline secret", secrets, nextLine, false},
	{"pragma:allowlist secret", secrets, thisLine, false},
	{"pragma:whitelist secret", secrets, thisLine, false},
}

// mentions is a quick look whether parse could find anything.
func mentions(comment string) bool {
	for i := 0; i+4 <= len(comment); i++ {
		switch comment[i] | 0x20 {
		case 'w', 'n', 'r', 'f', 'c', 'l', 'g', 't', 'p', 'z':
			switch low := strings.ToLower(comment[i : i+4]); low {
			case "wadj", "nose", "noqa", "noso", "ruff", "flak", "code", "lgtm", "gitl", "truf", "prag",
				"triv", "tfse", "chec", "zizm":
				return true
			}
		}
	}
	return false
}

// parse reads a comment from its # on.
func parse(comment string) []*directive {
	var found []*directive
	var rests []int // offsets at which what follows the word begins
	for i := 0; i < len(comment); i++ {
		if comment[i] != '#' || len(found) == maxEach {
			continue
		}
		text := strings.TrimLeft(comment[i+1:], " \t")
		for _, w := range words {
			if rest, ok := cutWord(text, w.word); ok {
				found = append(found, &directive{kind: w.kind, reach: w.reach, needsIDs: w.needsIDs, offset: i,
					ruff: strings.HasPrefix(w.word, "ruff:") && w.needsIDs})
				rests = append(rests, len(comment)-len(rest))
				break
			}
		}
	}
	var kept []*directive
	for n, d := range found {
		// It goes as far as the next directive, so that a reason may speak of #12.
		end := len(comment)
		if n+1 < len(found) {
			end = found[n+1].offset
		}
		d.text = strings.TrimSpace(comment[d.offset:end])
		d.read(comment[rests[n]:end])
		d.used = make([]bool, max(1, len(d.ids)))
		if len(d.ids) > 0 || !d.needsIDs && !d.empty || d.kind == wadjet {
			kept = append(kept, d)
		}
	}
	return kept
}

// cutWord takes word off the beginning of text: letters in any case, blanks allowed around colons, and no word going on.
func cutWord(text, word string) (rest string, ok bool) {
	for i := 0; i < len(word); i++ {
		if word[i] == ':' {
			text = strings.TrimLeft(text, " \t")
		}
		if text == "" || lower(text[0]) != word[i] {
			return "", false
		}
		text = text[1:]
		if word[i] == ':' || word[i] == ' ' {
			text = strings.TrimLeft(text, " \t")
		}
	}
	if text != "" && (isAlnum(text[0]) || text[0] == '_' || text[0] >= 0x80) {
		return "", false
	}
	if len(text) > 1 && text[0] == '-' && isAlnum(text[1]) { // `nosec-like`, `ignore-next`
		return "", false
	}
	return text, true
}

// read takes ids and reason from what follows the word.
func (d *directive) read(rest string) {
	rest = strings.TrimLeft(rest, " \t")
	named := isNamed
	switch d.kind {
	case noqa, sonar, codeql:
		named = isCode
	case nosem:
		named = isRuleID
	case config:
		if !strings.HasPrefix(rest, "[") {
			d.readConfig(rest)
			return
		}
	case secrets:
		d.reason = reason(rest)
		return
	}
	open, closed := "[", "]"
	if d.kind == sonar && strings.HasPrefix(rest, "(") { // NOSONAR(S5443)
		open, closed = "(", ")"
	}
	after, colon := strings.CutPrefix(rest, ":")
	switch {
	case strings.HasPrefix(rest, open) && d.kind != nosec:
		var list string
		list, rest, _ = strings.Cut(rest[1:], closed)
		for id := range strings.SplitSeq(list, ",") {
			if id = strings.TrimSpace(id); id == "*" {
				d.ids, d.empty = nil, false
				break
			} else if id != "" {
				d.ids = append(d.ids, id)
			}
			d.empty = len(d.ids) == 0
		}
	case d.kind == nosec:
		if d.ids, rest = ids(strings.TrimLeft(after, " \t(["), named); len(d.ids) == 0 {
			d.ids = banditWords(rest)
		}
	case d.kind == wadjet:
		d.ids, rest = ids(after, named)
	case colon:
		d.ids, rest = ids(after, named)
		d.empty = len(d.ids) == 0 && d.kind == noqa && strings.TrimSpace(after) != ""
	}
	d.reason = reason(rest)
}

// readConfig reads `:ID:exp:2026-12-31` as Trivy has it, and `=ID,ID:reason` as Checkov has it.
func (d *directive) readConfig(rest string) {
	list, rest, _ := strings.Cut(strings.TrimLeft(rest, ":="), " ")
	list, more, _ := strings.Cut(list, ":")
	for id := range strings.SplitSeq(list, ",") {
		if id != "" && isRuleID(id) {
			d.ids = append(d.ids, id)
		}
	}
	if day, ok := strings.CutPrefix(more, "exp:"); ok {
		d.expires, _, _ = strings.Cut(day, ":")
		more = ""
	}
	d.reason = reason(strings.TrimSpace(more + " " + rest))
}

// ids takes from the beginning of text what are ids, between commas and blanks, and gives what follows.
func ids(text string, is func(string) bool) (out []string, rest string) {
	for {
		trimmed := strings.TrimLeft(text, " \t,")
		end := strings.IndexAny(trimmed, " \t,")
		if end < 0 {
			end = len(trimmed)
		}
		id := strings.TrimRight(trimmed[:end], ".;:)]")
		if id == "" || !is(id) {
			return out, text
		}
		out = append(out, id)
		text = trimmed[end:]
		if len(id) < end { // a mark ends the list
			return out, text
		}
	}
}

// banditWords are Bandit's numbers and names anywhere in a text: it takes them from all of the comment.
func banditWords(text string) (ids []string) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r != '_' && (r >= 0x80 || !isAlnum(byte(r))) }) {
		name := strings.ToLower(word)
		known := banditNames[name] != "" && name != "input" // which Bandit knows no more, and reasons speak of
		if known || len(word) == 4 && lower(word[0]) == 'b' && strings.Trim(word[1:], "0123456789") == "" {
			ids = append(ids, word)
		}
	}
	return ids
}

// isCode: letters and digits, as B602, S608 and DUO130.
func isCode(s string) bool {
	letters := len(s) - len(strings.TrimLeft(strings.ToUpper(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	return letters > 0 && letters <= 8 && letters < len(s) && strings.Trim(s[letters:], "0123456789") == "" ||
		s == "S" // flake8: all of one letter
}

// isRuleID: what Semgrep takes for one.
func isRuleID(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && !strings.ContainsRune("_-.", rune(s[i])) {
			return false
		}
	}
	return isAlnum(s[0])
}

// isNamed: a code, a name that Bandit knows, or words joined by hyphens as our ids are. A plain word begins a reason.
func isNamed(s string) bool {
	if isCode(s) || banditNames[strings.ToLower(s)] != "" {
		return true
	}
	return strings.ContainsAny(s, "-_") && isRuleID(s) && isAlnum(s[len(s)-1])
}

// reason is what an author gave as one: without the marks before it and another comment behind it.
func reason(s string) string {
	if strings.HasPrefix(s, "# ") {
		return ""
	}
	s, _, _ = strings.Cut(s, " # ")
	return strings.TrimRight(strings.TrimLeft(s, " \t-–—:,;."), " \t\r\n")
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= lower(c) && lower(c) <= 'z'
}
