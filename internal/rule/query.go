package rule

import (
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/check"
	"github.com/wadjet-security/wadjet/internal/finding"
	"github.com/wadjet-security/wadjet/internal/pattern"
	"github.com/wadjet-security/wadjet/internal/query"
)

// queryKeys are those of a rule of `mode: query`.
var queryKeys = []string{"over", "of", "where", "report", "bind", "unknown"}

// query reads a rule of `mode: query`: an anchor, which is patterns like those of any rule, and what is asked of what it finds.
func (d *decoder) query(n *node, r *Rule, options pattern.Options) {
	r.Mode = Query
	r.Pattern = pattern.Rule{ID: r.ID, Lang: d.lang, Options: options}
	if d.lang != pattern.Python {
		d.fail(n, "languages", "a query asks about programs: write `languages: [python]`")
		return
	}
	var names []string
	for _, c := range query.Collections {
		names = append(names, c.Name)
	}
	over := d.text(n, "over", false)
	collection := query.CollectionNamed(over)
	switch {
	case over == "":
		d.fail(n, "over", "is missing: write what the query looks through, one of %s", strings.Join(names, ", "))
		return
	case collection == nil:
		near := nearest(over, names)
		if near != "" {
			d.fail(n.get("over"), "over", "%q is no collection: did you mean `%s`?", over, near)
		} else {
			d.fail(n.get("over"), "over", "%q is no collection: write one of %s", over, strings.Join(names, ", "))
		}
		return
	}
	spec := query.Spec{Over: over, Of: d.texts(n.get("of"), "of"), Where: d.text(n, "where", false), Report: d.text(n, "report", false)}
	if b := n.get("bind"); b != nil {
		if b.kind != mapNode {
			d.fail(b, "bind", "must be a mapping of names to expressions: `bind: {ALG: call.arg(0)}`")
		} else {
			for i := 0; i+1 < len(b.items); i += 2 {
				name := strings.TrimPrefix(b.items[i].value, "$")
				if !metavarName.MatchString("$" + name) {
					d.fail(&b.items[i], "bind", "%q is not a name: write it in capitals, as in `bind: {ALG: call.arg(0)}`", b.items[i].value)
				}
				spec.Bind = append(spec.Bind, query.Bind{Name: name, Expr: b.items[i+1].value})
			}
		}
	}
	r.keyLines = map[string]int{}
	for _, k := range []string{"where", "report", "bind"} {
		if v := n.get(k); v != nil {
			r.keyLines[k] = v.line
			if strings.Contains(strings.TrimSpace(v.value), "\n") { // | stands a line above
				r.keyLines[k]++
			}
		}
	}
	switch u := d.text(n, "unknown", false); u {
	case "", "skip":
	case "audit":
		r.UnknownInAudit = true
	default:
		d.fail(n.get("unknown"), "unknown", "%q is not known: write `audit` to report in that profile what cannot be told, or leave it out", u)
	}
	has := slices.ContainsFunc(topKeys, func(k string) bool { return n.get(k) != nil })
	switch of := n.get("of"); {
	case of != nil && has:
		d.fail(of, "of", "stands beside a pattern: keep one of them")
	case has:
		r.Pattern.F = d.formulaOf(n, true)
	case len(spec.Of) == 0:
		d.fail(n, "of", "is missing: write the full names of what the query is about, such as `of: [hashlib.new]`, or a pattern")
	default:
		r.Pattern.F = d.anchors(of, collection, spec.Of)
	}
	r.Query = query.New(spec)
	r.Asked = true
}

// anchors are the patterns for the names of `of:`.
func (d *decoder) anchors(n *node, c *query.Collection, names []string) pattern.Formula {
	or := &pattern.Or{Pos: pos(n)}
	for i, name := range names {
		at := n
		if n.kind == listNode {
			at = &n.items[i]
		}
		list, err := c.Anchors(name)
		if err != nil {
			d.fail(at, "of", "%v", err)
			continue
		}
		for _, a := range list {
			var f pattern.Formula = &pattern.Leaf{Text: a.Pattern, Lang: pattern.Python, Pos: pos(at)}
			if a.Class != "" {
				f = &pattern.And{Of: []pattern.Formula{f}, Pos: pos(at),
					Where: []pattern.Condition{&pattern.MetavarType{Metavar: "$OBJECT", Types: []string{a.Class}, Pos: pos(at)}}}
			}
			if a.Around != "" {
				f = &pattern.And{Of: []pattern.Formula{f, &pattern.Anywhere{F: &pattern.Leaf{Text: a.Around, Lang: pattern.Python, Pos: pos(at)}, Pos: pos(at)}}, Pos: pos(at)}
			}
			or.Of = append(or.Of, f)
		}
	}
	return or
}

// checkQuery compiles the expressions of a rule, so that a wrong one is told before the rule runs. Those of the built-in pack a
// test has compiled.
func checkQuery(r *Rule) (errors []Error) {
	for _, e := range r.Query.Check() {
		line := r.Line
		if l, ok := r.keyLines[e.Key]; ok {
			line = l + e.Line
		}
		errors = append(errors, Error{r.File, line, r.ID, e.Key, e.Message})
	}
	return errors
}

// ask is the finding of a query at what its anchor found, or nil.
func (s *Set) ask(u check.Unit, file *query.File, m *pattern.Match, bounds *[]check.Bound) *finding.Finding {
	r := s.Rules[m.Rule]
	if m.Node == nil {
		return nil
	}
	out := r.Query.Eval(file, m.Node)
	if out.Tired {
		*bounds = append(*bounds, check.Bound{Rule: r.ID, Steps: query.MaxSteps})
	}
	switch out.Holds {
	case query.No:
		return nil
	case query.Unknown:
		s.unseen[m.Rule].Add(1)
		if !r.UnknownInAudit || !u.Unsure {
			return nil
		}
	}
	at := *m
	at.Span, at.Node = out.Span, out.Node
	for _, b := range out.Bound {
		if i := slices.IndexFunc(at.Bindings, func(x pattern.Binding) bool { return x.Name == b.Name }); i >= 0 {
			at.Bindings = slices.Delete(slices.Clone(at.Bindings), i, i+1)
		}
		nb := pattern.Binding{Name: b.Name, Text: b.Text, Node: b.Node, Const: b.Const}
		if b.Node != nil {
			nb.Span = b.Node.Span()
		}
		at.Bindings = append(slices.Clip(at.Bindings), nb)
	}
	f := s.finding(u, &at)
	if out.Holds == query.Unknown {
		f.Confidence = finding.Unsure
	}
	return f
}

// Forget lets Unseen count anew, for another scan with the same set.
func (s *Set) Forget() {
	for i := range s.unseen {
		s.unseen[i].Store(0)
	}
}

// Unseen is how often a query could not tell, by rule, for those that met such a place.
func (s *Set) Unseen() map[string]int64 {
	out := map[string]int64{}
	for i, r := range s.Rules {
		if r.Query == nil {
			continue
		}
		if n := s.unseen[i].Load(); n > 0 {
			out[r.ID] = n
		}
	}
	return out
}
