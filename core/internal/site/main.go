// Site is the page's build tool: it derives the generated files of web/, copies the page for static hosting, weighs it
// and checks its sources. The Makefile is its only user.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
)

const usage = `usage:
  site schemes PROGRAM     print web/schemes.js, asked from the native program
  site assets WEB          print web/assets.js: the list and the version of what the page loads
  site shrink MODULE       empty the traceback tables of a Go module, in place
  site safejs SOURCE COPY  copy safejs with errors that need no package fmt
  site dist WEB TARGET [PACKED]
                           copy what the page loads into a new folder TARGET, with PACKED for authpad.wasm.gz
  site size WEB BUDGET     weigh a first visit; fails above BUDGET kB of gzip
  site check ROOT          check the top level and the page’s sources`

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	switch {
	case len(args) == 2 && args[0] == "schemes":
		return writeSchemes(out, args[1])
	case len(args) == 2 && args[0] == "assets":
		return writeAssets(out, args[1])
	case len(args) == 2 && args[0] == "shrink":
		return shrinkFile(args[1])
	case len(args) == 3 && args[0] == "safejs":
		return copySafeJS(args[1], args[2])
	case len(args) == 3 && args[0] == "dist":
		return copyDist(args[1], args[2], "")
	case len(args) == 4 && args[0] == "dist":
		return copyDist(args[1], args[2], args[3])
	case len(args) == 3 && args[0] == "size":
		budget, err := strconv.ParseFloat(args[2], 64)
		if err != nil {
			return fmt.Errorf("budget: %w", err)
		}
		return weigh(out, args[1], budget)
	case len(args) == 2 && args[0] == "check":
		return check(out, args[1])
	}
	return fmt.Errorf("%s", usage)
}
