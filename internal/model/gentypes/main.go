// Command gentypes writes what is known of libraries in the form that the binary embeds: stdlib.bin from the stubs in the folder that the environment
// variable TYPESHED names, and libraries.bin from the rows of *.yaml. go generate runs it in the models folder.
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
	if dir := os.Getenv("TYPESHED"); dir == "" {
		fmt.Println("gentypes: TYPESHED does not name typeshed's stdlib folder, so stdlib.bin stays as it is")
	} else {
		blocks, err := compile.Stubs(os.DirFS(dir))
		if err != nil {
			log.Fatal(err)
		}
		write("stdlib.bin", blocks)
	}
	stdlib, err := os.ReadFile("stdlib.bin")
	if err != nil {
		log.Fatal(err)
	}
	library, err := model.Open(string(stdlib))
	if err != nil {
		log.Fatal(err)
	}
	blocks, err := compile.Rows(os.DirFS("."), library)
	if err != nil {
		log.Fatal(err)
	}
	write("libraries.bin", blocks)
}

func write(name string, blocks []model.Block) {
	if err := os.WriteFile(name, model.Encode(blocks), 0o644); err != nil {
		log.Fatal(err)
	}
}
