// Command genpack writes pack.bin and controls.bin, the built-in rules and what standards ask of them, in the form that the
// binary embeds, and docs/rules, their pages. go generate runs it in the rules folder.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/wadjet-security/wadjet/internal/control"
	"github.com/wadjet-security/wadjet/internal/explain"
	"github.com/wadjet-security/wadjet/internal/rule"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("genpack: ")
	pack, err := rule.BuildPack(os.DirFS("."))
	write("pack.bin", pack, err)
	text, err := os.ReadFile("controls.yaml")
	if err != nil {
		log.Fatal(err)
	}
	controls, err := control.Build(text)
	write("controls.bin", controls, err)

	// The table of standards that this program carries is that of before: the pages are made with the new one.
	table, err := control.Parse(string(controls))
	if err != nil {
		log.Fatal(err)
	}
	l, err := rule.LoadPack(string(pack))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range l.Rules {
		r.Standards = table.Of(&r.Rule)
	}
	pages := explain.Pages(l.Rules)
	docs := filepath.Join("..", "docs", "rules")
	if err := os.MkdirAll(docs, 0o755); err != nil {
		log.Fatal(err)
	}
	old, err := filepath.Glob(filepath.Join(docs, "*.md"))
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range old {
		if _, ok := pages[filepath.Base(file)]; !ok {
			if err := os.Remove(file); err != nil {
				log.Fatal(err)
			}
		}
	}
	for name, text := range pages {
		write(filepath.Join(docs, name), []byte(text), nil)
	}
}

func write(name string, data []byte, err error) {
	if err == nil {
		err = os.WriteFile(name, data, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}
