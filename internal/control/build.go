package control

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The compiled form is text, a line for each thing, fields parted by tabs:
//
//	s key edition name url prefix      a standard
//	c id title cwe,cwe                 a control of the last standard
//	t weakness,… cwe,… control,…       a topic; controls by number, in the order of their lines
//
// It is a third of the YAML, and is read in the time that it takes to split it.

// source is controls.yaml.
type source struct {
	Standards []struct {
		Key, Edition, Name, URL, Prefix string
		Controls                        yaml.Node // a mapping, whose order counts
	}
	Topics []map[string]yaml.Node
}

// Build compiles controls.yaml. What is not known, or said twice, is an error.
func Build(text []byte) ([]byte, error) {
	var src source
	if err := yaml.Unmarshal(text, &src); err != nil {
		return nil, err
	}
	b := builder{number: map[string]int{}}
	for _, s := range src.Standards {
		if s.Key == "" || s.Name == "" || s.URL == "" {
			return nil, fmt.Errorf("standard %s %s: give it a key, a name and a url", s.Key, s.Name)
		}
		if err := b.line("s", s.Key, s.Edition, s.Name, s.URL, s.Prefix); err != nil {
			return nil, err
		}
		for i := 0; i+1 < len(s.Controls.Content); i += 2 {
			if err := b.control(s.Key, s.Edition, s.Controls.Content[i].Value, s.Controls.Content[i+1]); err != nil {
				return nil, err
			}
		}
	}
	seen := map[string]bool{}
	for _, t := range src.Topics {
		if err := b.topic(t, seen); err != nil {
			return nil, err
		}
	}
	for ref := range b.number {
		if key, _, _ := strings.Cut(ref, ":"); !b.used[ref] && key != "owasp" && key != "cwe-top25" {
			return nil, fmt.Errorf("no topic leads to %s: take it out", ref)
		}
	}
	return b.out, nil
}

type builder struct {
	out    []byte
	number map[string]int // of each control, by key:id and, where there are editions, key:id:edition
	used   map[string]bool
}

func (b *builder) line(fields ...string) error {
	for _, f := range fields {
		if strings.ContainsAny(f, "\t\n") {
			return fmt.Errorf("%q has a tab or a line end in it", f)
		}
	}
	b.out = append(b.out, strings.Join(fields, "\t")+"\n"...)
	return nil
}

func (b *builder) control(key, edition, id string, n *yaml.Node) error {
	ref := key + ":" + id
	if edition != "" {
		ref += ":" + edition
	}
	if _, ok := b.number[ref]; ok {
		return fmt.Errorf("%s is there twice", ref)
	}
	b.number[ref] = len(b.number)
	var full struct {
		Title string
		CWE   []int
	}
	if n.Kind == yaml.MappingNode {
		if err := n.Decode(&full); err != nil {
			return fmt.Errorf("%s: %w", ref, err)
		}
	} else {
		full.Title = n.Value
	}
	if number, ok := strings.CutPrefix(id, "CWE-"); ok {
		n, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("%s is no CWE number", id)
		}
		full.CWE = []int{n}
	}
	if full.Title == "" {
		return fmt.Errorf("%s has no title", ref)
	}
	return b.line("c", id, full.Title, join(full.CWE))
}

func (b *builder) topic(t map[string]yaml.Node, seen map[string]bool) error {
	var weaknesses []string
	var cwe, controls []int
	keys := make([]string, 0, len(t))
	for key := range t {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		n := t[key]
		var err error
		switch key {
		case "weaknesses":
			err = n.Decode(&weaknesses)
		case "cwe":
			err = n.Decode(&cwe)
		default:
			for _, id := range n.Content {
				ref := key + ":" + id.Value
				number, ok := b.number[ref]
				if !ok {
					return fmt.Errorf("line %d: %s is no control that is listed", id.Line, ref)
				}
				if b.used == nil {
					b.used = map[string]bool{}
				}
				b.used[ref] = true
				controls = append(controls, number)
			}
		}
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", n.Line, key, err)
		}
	}
	if len(weaknesses) == 0 {
		return errors.New("a topic names no weakness")
	}
	for _, w := range weaknesses {
		if seen[w] {
			return fmt.Errorf("weakness %s is in two topics", w)
		}
		seen[w] = true
	}
	for _, c := range cwe {
		if name := "CWE-" + strconv.Itoa(c); seen[name] {
			return fmt.Errorf("%s is in two topics", name)
		} else {
			seen[name] = true
		}
	}
	slices.Sort(controls)
	return b.line("t", strings.Join(weaknesses, ","), join(cwe), join(controls))
}

func join(numbers []int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ",")
}
