package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/pattern"
	"github.com/wadjet-security/wadjet/internal/regex"
)

// version is what min-version and max-version are compared with: the version of Semgrep whose rule format is spoken here.
const semgrepVersion = "1.146.0"

// A decoder reads the rules of one file.
type decoder struct {
	file   string
	rule   string // id of the rule at hand
	lang   pattern.Language
	errors []Error
	failed bool // the rule at hand has an error
}

func (d *decoder) fail(n *node, key, format string, args ...any) {
	d.failed = true
	line := 0
	if n != nil {
		line = n.line
	}
	d.errors = append(d.errors, Error{d.file, line, d.rule, key, fmt.Sprintf(format, args...)})
}

// decodeFile reads all rules of a document. Rules for other languages than Python, generic and regex are
// counted, not read.
func decodeFile(file string, doc node) (rules []*Rule, foreign int, errors []Error) {
	d := &decoder{file: file}
	list := doc.get("rules")
	if list == nil || list.kind != listNode {
		d.fail(&doc, "", "is not a rule file: write `rules:` and a list of rules below it")
		return nil, 0, d.errors
	}
	for i := 0; i+1 < len(doc.items); i += 2 {
		if k := &doc.items[i]; k.value != "rules" && k.value != "missed" && k.value != "version" {
			d.fail(k, k.value, "is not known beside `rules:`; take it out")
		}
	}
	for i := range list.items {
		d.rule, d.failed = "", false
		r, ours := d.decodeRule(&list.items[i])
		switch {
		case !ours:
			foreign++
		case !d.failed:
			rules = append(rules, r)
		}
	}
	return rules, foreign, d.errors
}

var ruleKeys = []string{"id", "message", "severity", "languages", "mode", "pattern", "patterns", "pattern-either",
	"pattern-regex", "match", "taint", "pattern-sources", "pattern-sinks", "pattern-sanitizers", "pattern-propagators",
	"options", "paths", "metadata", "fix", "fix-regex", "min-version", "max-version", "product", "category"}

var allKeys = append(slices.Clone(ruleKeys), queryKeys...)

var severities = map[string]finding.Severity{
	"CRITICAL": finding.Critical, "HIGH": finding.High, "MEDIUM": finding.Medium, "LOW": finding.Low,
	"ERROR": finding.High, "WARNING": finding.Medium, "INFO": finding.Low, "INVENTORY": finding.Low, "EXPERIMENT": finding.Low,
}

// validID reports whether an id is of the characters that ids have, and of a length that a report can bear.
func validID(id string) bool {
	return id != "" && len(id) <= 1000 && !notID.MatchString(id)
}

// decodeRule reads one rule; ours is false when it is for languages that are not ours to read.
func (d *decoder) decodeRule(n *node) (r *Rule, ours bool) {
	r = &Rule{Line: n.line}
	r.File = d.file
	if n.kind != mapNode {
		d.fail(n, "", "a rule is a mapping: begin it with `- id: some-name`")
		return r, true
	}
	switch id := n.get("id"); {
	case id == nil || id.kind != scalarNode:
		d.fail(n, "id", "every rule needs an id of letters, digits, dots, slashes and hyphens")
		return r, true
	case !validID(id.value):
		d.fail(id, "id", "%q is not an id: write letters, digits, dots, slashes and hyphens, such as %s", id.value, idOf(id.value))
		return r, true
	}
	r.ID = n.get("id").value
	d.rule = r.ID

	if d.otherMode(n) {
		return r, true
	}
	ours = d.languages(n, r)
	if !ours {
		return r, false
	}
	if m := n.get("mode"); m != nil && m.value == "query" {
		d.keys(n, allKeys)
	} else {
		d.keys(n, ruleKeys)
	}
	r.Message = strings.TrimSpace(d.text(n, "message", true))
	r.Severity = finding.Medium
	if s := n.get("severity"); s == nil {
		d.fail(n, "severity", "is missing: write one of CRITICAL, HIGH, MEDIUM, LOW")
	} else if sev, ok := severities[strings.ToUpper(s.value)]; ok {
		r.Severity = sev
	} else {
		d.fail(s, "severity", "%q is not a severity: write one of CRITICAL, HIGH, MEDIUM, LOW (or ERROR, WARNING, INFO)", s.value)
	}
	d.versions(n)
	d.paths(n.get("paths"), r)
	options := d.options(n.get("options"))
	d.metadata(n.get("metadata"), r)
	d.fixes(n, r)

	mode := d.text(n, "mode", false)
	switch {
	case n.get("taint") != nil:
		r.Mode = Taint
		r.Pattern = pattern.Rule{ID: r.ID, Lang: d.lang, Options: options}
		d.taintV2(n.get("taint"), r)
	case mode == "taint":
		r.Mode = Taint
		r.Pattern = pattern.Rule{ID: r.ID, Lang: d.lang, Options: options}
		d.taint(n, r)
	case mode == "" || mode == "search":
		f := d.formulaOf(n, true)
		r.Pattern = pattern.Rule{ID: r.ID, Lang: d.lang, F: f, Options: options}
	case mode == "query":
		d.query(n, r, options)
	default:
		d.fail(n.get("mode"), "mode", "%q does not run in wadjet: it knows `search`, `query` and `taint`", mode)
	}
	return r, true
}

// idOf makes an id of a text that is none.
func idOf(s string) string {
	id := strings.Trim(notID.ReplaceAllString(s, "-"), "-")
	if id == "" || len(id) > 60 {
		return "no-eval"
	}
	return strings.ToLower(id)
}

var notID = regexp.MustCompile(`[^A-Za-z0-9._/-]+`)

// otherModes are Semgrep's ways to run rules that do not run here, with what to do instead.
var otherModes = map[string]string{
	"join":               "joins the results of several rules: write them as rules of their own",
	"extract":            "takes code of one language out of another: scan that code as files of its own, or use metavariable-pattern with `language:`",
	"step":               "runs several searches after one another: write them as rules of their own",
	"steps":              "runs several searches after one another: write them as rules of their own",
	"secrets":            "asks a service whether a secret is valid, and wadjet asks none: write it as a search without validators",
	"supply-chain":       "asks for a dependency of the project, which rules cannot",
	"project-depends-on": "asks for a dependency of the project, which rules cannot: take it out, and the rule searches in every project",
}

// otherMode reports a rule of a mode that does not run here. What else it says is for that mode, and not looked at.
func (d *decoder) otherMode(n *node) bool {
	mode := n.get("mode")
	for _, k := range []string{"join", "extract", "steps"} {
		if v := n.get(k); mode == nil && v != nil {
			d.fail(v, k, "%s; wadjet runs `mode: search` and reads `mode: taint`", otherModes[k])
			return true
		}
	}
	if mode == nil || mode.kind != scalarNode || otherModes[mode.value] == "" {
		return false
	}
	d.fail(mode, "mode", "`mode: %s` %s; wadjet runs `mode: search` and reads `mode: taint`", mode.value, otherModes[mode.value])
	return true
}

// keys reports each key of a map that no one reads.
func (d *decoder) keys(n *node, known []string) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.items); i += 2 {
		k := &n.items[i]
		if seen[k.value] {
			d.fail(k, k.value, "stands here twice: keep one of them")
		}
		seen[k.value] = true
		if !slices.Contains(known, k.value) {
			near := nearest(k.value, known)
			switch {
			case strings.HasSuffix(k.value, "project-depends-on"):
				d.fail(k, k.value, "%s", otherModes["project-depends-on"])
			case slices.Contains(formulaKeys, k.value) || slices.Contains(conditionKeys, k.value):
				d.fail(k, k.value, "stands only in the list of `patterns:`: write `patterns:` here, and below it `- pattern: …` and `- %s: …`", k.value)
			case near != "":
				d.fail(k, k.value, "is not known here: did you mean `%s`?", near)
			case len(known) > 12:
				d.fail(k, k.value, "is not known here; take it out (docs/rules.md has the keys there are)")
			default:
				d.fail(k, k.value, "is not known here; take it out (known: %s)", strings.Join(known, ", "))
			}
		}
	}
}

// nearest is the word at the smallest edit distance, when that is small.
func nearest(word string, words []string) string {
	best, bestDistance := "", 3
	for _, w := range words {
		if n := editDistance(word, w); n < bestDistance {
			best, bestDistance = w, n
		}
	}
	return best
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// text is a scalar value of a map, or "".
func (d *decoder) text(n *node, key string, required bool) string {
	v := n.get(key)
	switch {
	case v == nil && required:
		d.fail(n, key, "is missing")
	case v == nil:
	case v.kind != scalarNode:
		d.fail(v, key, "must be a text")
	default:
		return v.value
	}
	return ""
}

// texts is a value that may be one text or a list of them.
func (d *decoder) texts(v *node, key string) []string {
	if v == nil || v.kind == nullNode {
		return nil
	}
	if v.kind == scalarNode {
		return []string{v.value}
	}
	var out []string
	for i := range v.items {
		if v.kind != listNode || v.items[i].kind != scalarNode {
			d.fail(v, key, "must be a text or a list of texts")
			return nil
		}
		out = append(out, v.items[i].value)
	}
	return out
}

func (d *decoder) bool(v *node, key string) bool {
	switch {
	case v == nil:
		return false
	case v.kind == scalarNode && !v.quoted && (v.value == "true" || v.value == "True" || v.value == "yes"):
		return true
	case v.kind == scalarNode && !v.quoted && (v.value == "false" || v.value == "False" || v.value == "no"):
		return false
	}
	d.fail(v, key, "must be true or false")
	return false
}

func (d *decoder) int(v *node, key string) int {
	if v == nil {
		return 0
	}
	i, err := strconv.Atoi(v.value)
	if v.kind != scalarNode || err != nil {
		d.fail(v, key, "must be a whole number")
	}
	return i
}

func (d *decoder) languages(n *node, r *Rule) bool {
	v := n.get("languages")
	if v == nil {
		v = n.get("language")
	}
	names := d.texts(v, "languages")
	if len(names) == 0 {
		d.fail(n, "languages", "is missing: write `languages: [python]` (or generic, or regex)")
		return true
	}
	for _, name := range names {
		switch strings.ToLower(name) {
		case "python", "py", "python2", "python3":
			d.lang = pattern.Python
			return true
		}
	}
	for _, name := range names {
		switch strings.ToLower(name) {
		case "generic":
			d.lang = pattern.Generic
			return true
		case "regex", "none":
			d.lang = pattern.Regexp
			return true
		}
	}
	for _, name := range names {
		if l := strings.ToLower(name); !slices.Contains(foreign, l) {
			if near := nearest(l, append([]string{"python", "generic", "regex"}, foreign...)); near != "" {
				d.fail(v, "languages", "%q is not a language: did you mean %s?", name, near)
			} else {
				d.fail(v, "languages", "%q is not a language: write python, generic or regex", name)
			}
			return true
		}
	}
	return false
}

// foreign are Semgrep's languages that are not read here.
var foreign = strings.Fields(`apex bash sh c c++ cpp c# csharp cairo circom clojure dart docker dockerfile elixir ex erlang go golang hack html
	java javascript js json jsonnet julia kotlin kt lisp lua move_on_aptos move_on_sui none ocaml php promql proto proto3 protobuf ql r ruby rust
	scala scheme solidity sol swift terraform hcl tf ts typescript tsx vb vbnet visualbasic visual_basic vue xml yaml aliengrep spacegrep`)

func language(name string) (pattern.Language, bool) {
	switch strings.ToLower(name) {
	case "python", "py", "python2", "python3":
		return pattern.Python, true
	case "generic":
		return pattern.Generic, true
	case "regex", "none":
		return pattern.Regexp, true
	}
	return 0, false
}

func (d *decoder) versions(n *node) {
	if v := n.get("min-version"); v != nil && compareVersions(v.value, semgrepVersion) > 0 {
		d.fail(v, "min-version", "the rule asks for Semgrep %s, and wadjet speaks the rule format of %s: use an older form of the rule", v.value, semgrepVersion)
	}
	if v := n.get("max-version"); v != nil && compareVersions(v.value, semgrepVersion) < 0 {
		d.fail(v, "max-version", "the rule is for Semgrep up to %s, and wadjet speaks the rule format of %s: use a newer form of the rule", v.value, semgrepVersion)
	}
}

// compareVersions compares dotted numbers; what is not a number counts as 0.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		var m, n int
		if i < len(x) {
			m, _ = strconv.Atoi(x[i])
		}
		if i < len(y) {
			n, _ = strconv.Atoi(y[i])
		}
		if m != n {
			return m - n
		}
	}
	return 0
}

func (d *decoder) paths(n *node, r *Rule) {
	if n == nil {
		return
	}
	if n.kind != mapNode {
		d.fail(n, "paths", "must be a mapping with `include:` or `exclude:`")
		return
	}
	d.keys(n, []string{"include", "exclude"})
	r.Include = d.texts(n.get("include"), "include")
	r.Exclude = d.texts(n.get("exclude"), "exclude")
}

func (d *decoder) fixes(n *node, r *Rule) {
	if v := n.get("fix"); v != nil {
		if v.kind != scalarNode {
			d.fail(v, "fix", "must be a text: the code to put in place of the match")
		}
		r.Fix, r.HasFix = strings.TrimSuffix(v.value, "\n"), true
	}
	if v := n.get("fix-regex"); v != nil {
		if v.kind != mapNode {
			d.fail(v, "fix-regex", "must be a mapping with `regex:` and `replacement:`")
			return
		}
		d.keys(v, []string{"regex", "replacement", "count"})
		r.FixRegex = &FixRegex{d.text(v, "regex", true), d.text(v, "replacement", true), d.int(v.get("count"), "count")}
		if _, err := regex.Compile(r.FixRegex.Regex, 0); err != nil {
			d.fail(v.get("regex"), "fix-regex", "the regular expression is wrong: %v", err)
		}
	}
}

// optionSetters name every option of the rule format that has a meaning here. An option that is not
// among them is an error, because a rule that relies on it would quietly mean something else.
var optionSetters = map[string]func(o *pattern.Options, d *decoder, v *node, key string){
	"constant_propagation":                     boolOption(func(o *pattern.Options) *bool { return &o.ConstantPropagation }),
	"symbolic_propagation":                     boolOption(func(o *pattern.Options) *bool { return &o.SymbolicPropagation }),
	"attr_expr":                                boolOption(func(o *pattern.Options) *bool { return &o.AttrExpr }),
	"commutative_boolop":                       boolOption(func(o *pattern.Options) *bool { return &o.CommutativeBoolop }),
	"ac_matching":                              boolOption(func(o *pattern.Options) *bool { return &o.ACMatching }),
	"vardef_assign":                            boolOption(func(o *pattern.Options) *bool { return &o.VardefAssign }),
	"flddef_assign":                            boolOption(func(o *pattern.Options) *bool { return &o.FlddefAssign }),
	"implicit_return":                          boolOption(func(o *pattern.Options) *bool { return &o.ImplicitReturn }),
	"implicit_ellipsis":                        boolOption(func(o *pattern.Options) *bool { return &o.ImplicitEllipsis }),
	"implicit_deep_exprstmt":                   boolOption(func(o *pattern.Options) *bool { return &o.ImplicitDeepExprstmt }),
	"symmetric_eq":                             boolOption(func(o *pattern.Options) *bool { return &o.SymmetricEq }),
	"unify_ids_strictly":                       boolOption(func(o *pattern.Options) *bool { return &o.UnifyIDsStrictly }),
	"interfile":                                boolOption(func(o *pattern.Options) *bool { return &o.InterfileSuffix }),
	"decorators_order_matters":                 boolOption(func(o *pattern.Options) *bool { return &o.DecoratorsOrderMatters }),
	"generic_caseless":                         boolOption(func(o *pattern.Options) *bool { return &o.GenericCaseless }),
	"generic_multiline":                        boolOption(func(o *pattern.Options) *bool { return &o.GenericMultiline }),
	"taint_assume_safe_functions":              boolOption(func(o *pattern.Options) *bool { return &o.TaintAssumeSafeFunctions }),
	"taint_assume_safe_indexes":                boolOption(func(o *pattern.Options) *bool { return &o.TaintAssumeSafeIndexes }),
	"taint_assume_safe_comparisons":            boolOption(func(o *pattern.Options) *bool { return &o.TaintAssumeSafeComparisons }),
	"taint_assume_safe_booleans":               boolOption(func(o *pattern.Options) *bool { return &o.TaintAssumeSafeBooleans }),
	"taint_assume_safe_numbers":                boolOption(func(o *pattern.Options) *bool { return &o.TaintAssumeSafeNumbers }),
	"taint_only_propagate_through_assignments": boolOption(func(o *pattern.Options) *bool { return &o.TaintOnlyPropagateAssignment }),
	"generic_ellipsis_max_span":                intOption(func(o *pattern.Options) *int { return &o.GenericEllipsisMaxSpan }),
	"max_match_per_file":                       intOption(func(o *pattern.Options) *int { return &o.MaxMatchPerFile }),
	"generic_comment_style":                    textOption(func(o *pattern.Options) *string { return &o.GenericCommentStyle }),
	"generic_engine":                           textOption(func(o *pattern.Options) *string { return &o.GenericEngine }),
	"generic_extra_word_characters": func(o *pattern.Options, d *decoder, v *node, key string) {
		o.GenericExtraWordCharacters = d.texts(v, key)
	},
	"generic_extra_braces": func(o *pattern.Options, d *decoder, v *node, key string) {
		for i := range v.items {
			pair := d.texts(&v.items[i], key)
			if len(pair) != 2 {
				d.fail(&v.items[i], key, "must be a list of pairs, such as [[\"<\", \">\"]]")
				return
			}
			o.GenericExtraBraces = append(o.GenericExtraBraces, [2]string{pair[0], pair[1]})
		}
	},
	// These change only other languages, or how fast Semgrep's own engine runs.
	"xml_singleton_loose_matching": noOption, "xml_attrs_implicit_ellipsis": noOption, "xml_children_ordered": noOption,
	"let_is_var": noOption, "go_deeper_expr": noOption, "go_deeper_stmt": noOption, "arrow_is_function": noOption,
	"cpp_parsing_pref": noOption, "timeout": noOption, "dynamic_timeout": noOption, "dynamic_timeout_unit_kb": noOption,
	"dynamic_timeout_max_multiplier": noOption, "generic_propagate_through_comments": noOption, "taint_unify_mvars": noOption,
	"taint_match_on": noOption, "guarded_taint_signatures": noOption, "taint_intrafile": noOption, "taint_focus_on": noOption, "mvars_in_types": noOption,
}

func boolOption(field func(*pattern.Options) *bool) func(*pattern.Options, *decoder, *node, string) {
	return func(o *pattern.Options, d *decoder, v *node, key string) { *field(o) = d.bool(v, key) }
}

func intOption(field func(*pattern.Options) *int) func(*pattern.Options, *decoder, *node, string) {
	return func(o *pattern.Options, d *decoder, v *node, key string) { *field(o) = d.int(v, key) }
}

func textOption(field func(*pattern.Options) *string) func(*pattern.Options, *decoder, *node, string) {
	return func(o *pattern.Options, d *decoder, v *node, key string) {
		if v.kind != scalarNode {
			d.fail(v, key, "must be a text")
		}
		*field(o) = v.value
	}
}

func noOption(*pattern.Options, *decoder, *node, string) {}

func (d *decoder) options(n *node) pattern.Options {
	o := pattern.DefaultOptions()
	if n == nil || n.kind == nullNode {
		return o
	}
	if n.kind != mapNode {
		d.fail(n, "options", "must be a mapping")
		return o
	}
	for i := 0; i+1 < len(n.items); i += 2 {
		k := n.items[i].value
		set, ok := optionSetters[k]
		if !ok {
			d.fail(&n.items[i], k, "is not an option that wadjet knows; take it out, or see docs/rules.md for those it knows")
			continue
		}
		set(&o, d, &n.items[i+1], k)
	}
	return o
}
