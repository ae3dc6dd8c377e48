package rule

import (
	"regexp"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/pattern"
)

func pos(n *node) pattern.Pos { return pattern.Pos{Line: n.line, Column: n.column} }

// Keys of which a formula has exactly one.
var formulaKeys = []string{"pattern", "patterns", "pattern-either", "pattern-regex", "pattern-not",
	"pattern-inside", "pattern-not-inside", "pattern-not-regex", "match", "semgrep-internal-pattern-anywhere",
	"all", "any", "not", "inside", "regex", "anywhere"}

// topKeys are those that may stand at the top of a rule.
var topKeys = []string{"pattern", "patterns", "pattern-either", "pattern-regex", "match"}

// formulaOf reads the one formula of a map: a rule, or an item of `patterns:`.
func (d *decoder) formulaOf(n *node, top bool) pattern.Formula {
	known := formulaKeys
	if top {
		known = topKeys
	}
	var key, value *node
	for i := 0; i+1 < len(n.items); i += 2 {
		k := &n.items[i]
		if !slices.Contains(known, k.value) {
			continue
		}
		if key != nil {
			d.fail(k, k.value, "stands beside `%s`: put both into one `patterns:` list", key.value)
			return nil
		}
		key, value = k, &n.items[i+1]
	}
	if key == nil {
		switch v := n.get("pattern-sources"); {
		case top && v != nil:
			d.fail(v, "pattern-sources", "stands in a rule of `mode: taint`: add that")
		case !top || !d.failed: // else the key at fault may be the pattern
			d.fail(n, "", "has no pattern: write one of %s", strings.Join(known, ", "))
		}
		return nil
	}
	f := d.formula(key.value, value)
	if top {
		d.positive(f, key)
	}
	return f
}

// positive reports a formula that nothing can match, because all of its parts say only what must not be.
func (d *decoder) positive(f pattern.Formula, n *node) {
	and, ok := f.(*pattern.And)
	if !ok {
		return
	}
	for _, part := range and.Of {
		if _, not := part.(*pattern.Not); !not {
			return
		}
	}
	if len(and.Of) > 0 {
		d.fail(n, "patterns", "says only what must not be there: add a `pattern`, `pattern-either`, `pattern-regex` or `pattern-inside`")
	}
}

// formula reads the value of one formula key.
func (d *decoder) formula(key string, v *node) pattern.Formula {
	switch key {
	case "pattern":
		if v.kind == mapNode {
			return d.formulaOf(v, false)
		}
		return d.leaf(v, key)
	case "pattern-regex", "regex":
		return d.regex(v, key)
	case "pattern-not-regex":
		return &pattern.Not{F: d.regex(v, key), Pos: pos(v)}
	case "pattern-not", "not":
		return &pattern.Not{F: d.nested(v, key), Pos: pos(v)}
	case "pattern-inside", "inside":
		return &pattern.Inside{F: d.nested(v, key), Pos: pos(v)}
	case "pattern-not-inside":
		return &pattern.Not{F: &pattern.Inside{F: d.nested(v, key), Pos: pos(v)}, Pos: pos(v)}
	case "pattern-either", "any":
		or := &pattern.Or{Pos: pos(v)}
		for _, item := range d.list(v, key) {
			or.Of = append(or.Of, d.item(item, key))
		}
		return or
	case "patterns", "all":
		return d.conjunction(v, key)
	case "match":
		return d.match(v)
	case "semgrep-internal-pattern-anywhere", "anywhere":
		return &pattern.Anywhere{F: d.nested(v, key), Pos: pos(v)}
	}
	d.fail(v, key, "does not run in wadjet; write the rule without it")
	return nil
}

func (d *decoder) list(v *node, key string) []*node {
	if v.kind != listNode || len(v.items) == 0 {
		d.fail(v, key, "must be a list with at least one item: write `- pattern: …` below it")
		return nil
	}
	out := make([]*node, len(v.items))
	for i := range v.items {
		out[i] = &v.items[i]
	}
	return out
}

// item is one entry of a list of formulas: a map, or in the newer form a bare pattern.
func (d *decoder) item(n *node, key string) pattern.Formula {
	if n.kind == scalarNode {
		return d.leaf(n, key)
	}
	if n.kind != mapNode {
		d.fail(n, key, "has an item that is no pattern: write `- pattern: …`")
		return nil
	}
	d.keys(n, append([]string{"where", "as", "focus-metavariable"}, formulaKeys...))
	return d.formulaWhere(n)
}

// formulaWhere is a formula with the newer form's `where:` beside it.
func (d *decoder) formulaWhere(n *node) pattern.Formula {
	f := d.formulaOf(n, false)
	where := n.get("where")
	if as := n.get("as"); as != nil {
		name := d.text(n, "as", true)
		if !metavarName.MatchString(name) {
			d.fail(as, "as", "%q is not a metavariable: write it as $NAME", name)
		}
		f = &pattern.As{F: f, Name: name, Pos: pos(as)}
	}
	if where == nil {
		return f
	}
	and := &pattern.And{Of: []pattern.Formula{f}, Pos: pos(where)}
	for _, c := range d.list(where, "where") {
		d.condition(and, c, true)
	}
	return and
}

// nested is a pattern as text, or a formula as a map or list.
func (d *decoder) nested(v *node, key string) pattern.Formula {
	switch v.kind {
	case scalarNode:
		return d.leaf(v, key)
	case mapNode:
		return d.formulaWhere(v)
	}
	d.fail(v, key, "must be a pattern")
	return nil
}

// leaf is a pattern in the rule's language.
func (d *decoder) leaf(v *node, key string) pattern.Formula {
	switch {
	case v.kind == listNode:
		d.fail(v, key, "must be the text of one pattern: put several below `patterns:` (all have to match) or `pattern-either:` (one has to)")
		return nil
	case v.kind != scalarNode || strings.TrimSpace(v.value) == "":
		d.fail(v, key, "is empty: write the text of a pattern behind it")
		return nil
	}
	if d.lang == pattern.Regexp { // there a pattern is a regular expression
		return d.regex(v, key)
	}
	return &pattern.Leaf{Text: v.value, Lang: d.lang, Pos: pos(v)}
}

func (d *decoder) regex(v *node, key string) pattern.Formula {
	if v.kind != scalarNode || v.value == "" {
		d.fail(v, key, "must be a regular expression")
		return nil
	}
	return &pattern.Regex{Text: v.value, Pos: pos(v)}
}

var conditionKeys = []string{"metavariable-regex", "metavariable-pattern", "metavariable-comparison",
	"metavariable-analysis", "metavariable-type", "metavariable-name", "focus-metavariable", "focus"}

func (d *decoder) conjunction(v *node, key string) pattern.Formula {
	and := &pattern.And{Pos: pos(v)}
	for _, item := range d.list(v, key) {
		if item.kind == mapNode && slices.ContainsFunc(conditionKeys, func(k string) bool { return item.get(k) != nil }) {
			d.condition(and, item, false)
			continue
		}
		and.Of = append(and.Of, d.item(item, key))
	}
	return and
}

// match reads the newer form: `match:` with all, any, not, inside, regex and where.
func (d *decoder) match(v *node) pattern.Formula {
	if v.kind == scalarNode {
		return d.leaf(v, "match")
	}
	if v.kind != mapNode {
		d.fail(v, "match", "must be a pattern, or a mapping with `all:`, `any:` or `pattern:`")
		return nil
	}
	return d.formulaWhere(v)
}

var metavarName = regexp.MustCompile(`^\$(\.\.\.)?[A-Z_][A-Z_0-9]*$|^\$[0-9]+$|^\$[A-Za-z_][A-Za-z_0-9]*$`)

func (d *decoder) metavar(n *node, key string) string {
	name := d.text(n, "metavariable", true)
	if name != "" && !metavarName.MatchString(name) {
		d.fail(n, key, "%q is not a metavariable: write it as $NAME", name)
	}
	return name
}

// condition reads one metavariable-… or focus entry into and. The newer form has no prefix to tell
// the kind: `- metavariable: $X` with the kind's own key beside it.
func (d *decoder) condition(and *pattern.And, item *node, newer bool) {
	if item.kind != mapNode {
		d.fail(item, "where", "has an item that is no condition: write `- metavariable: $X` with `regex:`, `pattern:`, `comparison:` … below it")
		return
	}
	if newer {
		switch {
		case item.get("focus") != nil:
			d.focus(and, item.get("focus"))
		case item.get("comparison") != nil:
			d.comparison(and, item)
		case item.get("regex") != nil:
			d.metavarRegex(and, item)
		case item.get("analyzer") != nil:
			d.analysis(and, item)
		case item.get("type") != nil || item.get("types") != nil:
			d.metavarType(and, item)
		case item.get("metavariable") != nil:
			d.metavarPattern(and, item)
		default:
			d.fail(item, "where", "is no condition that wadjet knows: use regex, pattern, comparison, analyzer, type or focus")
		}
		return
	}
	if len(item.items) != 2 {
		d.fail(item, item.items[0].value, "must stand alone in its item: begin each entry of `patterns:` with its own hyphen")
		return
	}
	key, v := item.items[0].value, &item.items[1]
	if key == "focus-metavariable" || key == "focus" {
		d.focus(and, v)
		return
	}
	if v.kind != mapNode {
		d.fail(v, key, "must be a mapping with `metavariable:` and what it must hold")
		return
	}
	switch key {
	case "metavariable-regex":
		d.keys(v, []string{"metavariable", "regex", "constant-propagation"})
		d.metavarRegex(and, v)
	case "metavariable-pattern":
		d.metavarPattern(and, v)
	case "metavariable-comparison":
		d.keys(v, []string{"metavariable", "comparison", "base", "strip"})
		d.comparison(and, v)
	case "metavariable-analysis":
		d.keys(v, []string{"metavariable", "analyzer", "options"})
		d.analysis(and, v)
	case "metavariable-type":
		d.keys(v, []string{"metavariable", "type", "types", "language"})
		d.metavarType(and, v)
	default:
		d.fail(v, key, "does not run in wadjet; use metavariable-regex, metavariable-pattern or metavariable-type")
	}
}

func (d *decoder) focus(and *pattern.And, v *node) {
	names := d.texts(v, "focus-metavariable")
	for _, name := range names {
		if !metavarName.MatchString(name) {
			d.fail(v, "focus-metavariable", "%q is not a metavariable: write it as $NAME", name)
		}
	}
	and.Focus = append(and.Focus, names)
}

func (d *decoder) metavarRegex(and *pattern.And, v *node) {
	and.Where = append(and.Where, &pattern.MetavarRegex{Metavar: d.metavar(v, "metavariable-regex"),
		Regex: d.text(v, "regex", true), ConstantPropagation: d.bool(v.get("constant-propagation"), "constant-propagation"), Pos: pos(v)})
}

func (d *decoder) metavarPattern(and *pattern.And, v *node) {
	c := &pattern.MetavarPattern{Metavar: d.metavar(v, "metavariable-pattern"), Pos: pos(v)}
	outer := d.lang
	if name := d.text(v, "language", false); name != "" {
		lang, ok := language(name)
		if !ok {
			d.fail(v.get("language"), "language", "%q is not read by wadjet: use python, generic or regex", name)
			return
		}
		c.Lang, d.lang = &lang, lang
	}
	c.F = d.formulaOf(v, false)
	d.lang = outer
	and.Where = append(and.Where, c)
}

func (d *decoder) comparison(and *pattern.And, v *node) {
	c := &pattern.MetavarComparison{Comparison: d.text(v, "comparison", true),
		Base: d.int(v.get("base"), "base"), Strip: d.bool(v.get("strip"), "strip"), Pos: pos(v)}
	if v.get("metavariable") != nil {
		c.Metavar = d.metavar(v, "metavariable-comparison")
	}
	and.Where = append(and.Where, c)
}

func (d *decoder) analysis(and *pattern.And, v *node) {
	c := &pattern.MetavarAnalysis{Metavar: d.metavar(v, "metavariable-analysis"), Analyzer: d.text(v, "analyzer", true), Pos: pos(v)}
	switch c.Analyzer {
	case "entropy", "entropy_v2", "redos":
	default:
		d.fail(v, "analyzer", "%q is not known: use entropy, entropy_v2 or redos", c.Analyzer)
	}
	and.Where = append(and.Where, c)
}

func (d *decoder) metavarType(and *pattern.And, v *node) {
	c := &pattern.MetavarType{Metavar: d.metavar(v, "metavariable-type"), Pos: pos(v)}
	c.Types = append(d.texts(v.get("type"), "type"), d.texts(v.get("types"), "types")...)
	if len(c.Types) == 0 {
		d.fail(v, "metavariable-type", "needs `type:` or `types:`")
	}
	and.Where = append(and.Where, c)
}

// ---- mode: taint, read and validated; the engine that runs it asks for nothing else

var taintItemKeys = append([]string{"by-side-effect", "label", "requires", "exact", "control", "not_conflicting",
	"at-exit", "from", "to", "replace-labels", "where", "focus-metavariable"}, formulaKeys...)

func (d *decoder) taint(n *node, r *Rule) {
	r.TaintParts.Sources = d.taintItems(n, "pattern-sources", true)
	r.TaintParts.Sinks = d.taintItems(n, "pattern-sinks", true)
	r.TaintParts.Sanitizers = d.taintItems(n, "pattern-sanitizers", false)
	r.TaintParts.Propagators = d.taintItems(n, "pattern-propagators", false)
}

func (d *decoder) taintV2(n *node, r *Rule) {
	if n.kind != mapNode {
		d.fail(n, "taint", "must be a mapping with `sources:` and `sinks:`")
		return
	}
	d.keys(n, []string{"sources", "sinks", "sanitizers", "propagators"})
	r.TaintParts.Sources = d.taintItems(n, "sources", true)
	r.TaintParts.Sinks = d.taintItems(n, "sinks", true)
	r.TaintParts.Sanitizers = d.taintItems(n, "sanitizers", false)
	r.TaintParts.Propagators = d.taintItems(n, "propagators", false)
}

func (d *decoder) taintItems(n *node, key string, required bool) []pattern.Formula {
	v := n.get(key)
	if v == nil {
		if required {
			d.fail(n, key, "is missing: a taint rule says where data enters and where it does harm")
		}
		return nil
	}
	var out []pattern.Formula
	for _, item := range d.list(v, key) {
		if item.kind == scalarNode {
			out = append(out, d.leaf(item, key))
			continue
		}
		d.keys(item, taintItemKeys)
		out = append(out, d.formulaWhere(item))
	}
	return out
}
