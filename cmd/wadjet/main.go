// Command wadjet secures Python programs: see wadjet --help.
package main

import (
	"os"

	"github.com/wadjet-security/wadjet/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Standard()))
}
