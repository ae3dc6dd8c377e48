// Command genpack writes pack.bin and controls.bin, the built-in rules and what standards ask of them, in the form that the
// binary embeds. go generate runs it in the rules folder.
package main

import (
	"log"
	"os"

	"github.com/wadjet-security/wadjet/internal/control"
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
}

func write(name string, data []byte, err error) {
	if err == nil {
		err = os.WriteFile(name, data, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}
