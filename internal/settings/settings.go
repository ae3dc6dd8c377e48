package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wadjet-security/wadjet/internal/near"
	"github.com/wadjet-security/wadjet/internal/walk"
)

// Settings are what holds for one file, or for a scan as a whole.
type Settings struct {
	values map[string]Value  // of keys with one value: the last
	lists  map[string][]Item // of lists that add up
	Steps  []Step            // how rules are chosen
	Rules  []RuleSetting     // the later ones win
}

// A Step changes which rules are chosen.
type Step struct {
	Op        Op
	Selectors []Item
}

// An Op is what a step does.
type Op uint8

const (
	Select Op = iota // only these
	Extend           // these as well
	Ignore           // not these
)

// steps is the order in which the keys of one place count.
var steps = []string{"select", "extend-select", "ignore"}

func (s *Settings) apply(l *layer) {
	for op, name := range steps {
		for _, v := range l.values {
			if v.Key.Name == name {
				s.Steps = append(s.Steps, Step{Op(op), v.List})
			}
		}
	}
	for _, v := range l.values {
		switch v.Key.Kind {
		case Words:
		case Globs, Paths:
			s.lists[v.Key.Name] = append(s.lists[v.Key.Name], v.List...)
		default:
			s.values[v.Key.Name] = v
		}
	}
}

// Text is the text of a key, or the default where it was not set.
func (s *Settings) Text(name string) string {
	if v, ok := s.values[name]; ok {
		return v.Text
	}
	k, _ := KeyOf(name)
	return strings.Trim(k.Default, `"`)
}

// On is whether a key is true.
func (s *Settings) On(name string) bool {
	if v, ok := s.values[name]; ok {
		return v.On
	}
	k, _ := KeyOf(name)
	return k.Default == "true"
}

// Value is what a key was set to, if it was.
func (s *Settings) Value(name string) (Value, bool) {
	v, ok := s.values[name]
	return v, ok
}

// List is the values of a list that adds up.
func (s *Settings) List(name string) []Item { return s.lists[name] }

// A Line is a setting as it is shown to people: where each value came from.
type Line struct {
	Key, Value string
	Origin
}

// Lines lists all settings in the order of [Keys], those that were not set with their default.
func (s *Settings) Lines() []Line {
	var out []Line
	for _, k := range Keys {
		before := len(out)
		if i := slices.Index(steps, k.Name); i >= 0 {
			for _, step := range s.Steps {
				if step.Op == Op(i) && len(step.Selectors) == 0 {
					continue
				}
				if step.Op == Op(i) {
					out = append(out, Line{k.Name, quoted(step.Selectors), step.Selectors[0].Origin})
				}
			}
		}
		if k.Name == "rule" {
			for _, r := range s.Rules {
				var parts []string
				for _, p := range [][2]string{{"severity", r.Severity}, {"confidence", r.Confidence}} {
					if p[1] != "" {
						parts = append(parts, fmt.Sprintf("%s = %q", p[0], p[1]))
					}
				}
				if r.Off {
					parts = append(parts, "off here")
				}
				out = append(out, Line{k.Name + "." + r.Selector, "{" + strings.Join(parts, ", ") + "}", r.Origin})
			}
		}
		for _, item := range s.lists[k.Name] {
			out = append(out, Line{k.Name, fmt.Sprintf("[%q]", item.Text), item.Origin})
		}
		if v, ok := s.values[k.Name]; ok {
			out = append(out, Line{k.Name, v.String(), v.Origin})
		}
		if len(out) == before && k.Default != "" {
			out = append(out, Line{k.Name, k.Default, Origin{}})
		}
	}
	return out
}

// String is a value as it would be written.
func (v Value) String() string {
	switch v.Key.Kind {
	case Flag:
		return fmt.Sprint(v.On)
	case Number:
		return fmt.Sprint(v.Number)
	case Text, Choice, Path:
		return fmt.Sprintf("%q", v.Text)
	}
	return quoted(v.List)
}

func quoted(items []Item) string {
	var out []string
	for _, item := range items {
		out = append(out, fmt.Sprintf("%q", item.Text))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// Flags are settings that flags give.
type Flags struct {
	values []Value
	parts  []struct {
		glob  string
		value Value
	}
}

// Set gives a key the values of a flag: one, or the elements of a list.
func (f *Flags) Set(name string, values ...string) error {
	k, ok := KeyOf(name)
	if !ok {
		return fmt.Errorf("%q is no setting", name)
	}
	v := Value{Key: k, Origin: Origin{Flag: "--" + name}}
	switch k.Kind {
	case Text, Choice, Path:
		v.Text = values[0]
		if message := k.wrong(v.Text, ""); message != "" && k.Name != "required-version" {
			if k.Kind == Choice {
				message = fmt.Sprintf("%q is not known: use %s", v.Text, either(k.Choices))
				if close := near.Name(v.Text, k.Choices); close != "" {
					message = fmt.Sprintf("%q is not known: did you mean %s?", v.Text, close)
				}
			}
			return fmt.Errorf("--%s %s", name, strings.TrimPrefix(message, name+" "))
		}
	case Flag:
		v.On = values[0] == "true"
	case Number:
		if _, err := fmt.Sscan(values[0], &v.Number); err != nil || v.Number < 0 {
			return fmt.Errorf("--%s %s: give a whole number, not negative", name, values[0])
		}
	default:
		for _, text := range values {
			v.List = append(v.List, Item{text, v.Origin})
		}
	}
	f.values = append(f.values, v)
	return nil
}

// Ignore adds what --per-file-ignores says: GLOB:ID,ID.
func (f *Flags) Ignore(pair string) error {
	i := strings.LastIndexByte(pair, ':')
	if i <= 0 || i == len(pair)-1 {
		return fmt.Errorf("--per-file-ignores %q: write GLOB:ID, as \"tests/*:B101\"", pair)
	}
	k, _ := KeyOf("ignore")
	v := Value{Key: k, Origin: Origin{Flag: "--per-file-ignores"}}
	for id := range strings.SplitSeq(pair[i+1:], ",") {
		if id = strings.TrimSpace(id); id != "" {
			v.List = append(v.List, Item{id, v.Origin})
		}
	}
	if v.List == nil {
		return fmt.Errorf("--per-file-ignores %q names no rule", pair)
	}
	f.parts = append(f.parts, struct {
		glob  string
		value Value
	}{pair[:i], v})
	return nil
}

func (f *Flags) layer(root string) *layer {
	l := &layer{values: f.values}
	for i, p := range f.parts {
		where := Origin{Flag: fmt.Sprintf("--per-file-ignores %d", i)}
		l.ignores = append(l.ignores, part{walk.NewGlobs([]string{p.glob}), root, &layer{values: []Value{p.value}}, where})
	}
	return l
}
