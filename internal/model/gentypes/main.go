// Command gentypes writes stdlib.bin, what is known of the standard library, from the stubs in the folder that the environment
// variable TYPESHED names. go generate runs it in the models folder.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/wadjet-security/wadjet/internal/model"
	"github.com/wadjet-security/wadjet/internal/model/compile"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gentypes: ")
	dir := os.Getenv("TYPESHED")
	if dir == "" {
		fmt.Println("gentypes: TYPESHED does not name typeshed's stdlib folder: stdlib.bin stays as it is")
		return
	}
	blocks, err := compile.Stubs(os.DirFS(dir))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("stdlib.bin", model.Encode(blocks), 0o644); err != nil {
		log.Fatal(err)
	}
}
