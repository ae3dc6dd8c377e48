// Command genpack writes pack.bin, the built-in rules in the form that the binary embeds. go generate runs it in
// the rules folder.
package main

import (
	"log"
	"os"

	"github.com/wadjet-security/wadjet/internal/rule"
)

func main() {
	log.SetFlags(0)
	pack, err := rule.BuildPack(os.DirFS("."))
	if err != nil {
		log.Fatal("genpack: ", err)
	}
	if err := os.WriteFile("pack.bin", pack, 0o644); err != nil {
		log.Fatal("genpack: ", err)
	}
}
