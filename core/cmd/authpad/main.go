// Command authpad is the native program: it serves the page with its lab, and answers any call of
// the contract from the command line.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

const usage = `authpad explains authenticated HTTP requests.

  authpad serve [--web DIR] [--addr HOST:PORT] [--lab-addr HOST:PORT] [--open]
                [--relay-addr HOST:PORT] [--no-relay] [--allow-origin ORIGIN]…
        serve the page, the lab and the relay on this machine only
  authpad serve --relay-only --allow-origin https://pages.example
        serve the relay alone, for a page that is hosted elsewhere
  authpad call NAME [--body FILE] [--out FILE] < params.json > answer.json
        make one call: authpad call version < /dev/null
        --body: bytes that go beside the parameters; --out: gets the whole body of a response
  authpad version
        print the version
  authpad help
        print this

Exit status: 0 for success, 1 for a failure, 2 for wrong arguments. “call” ends with 1 where its answer
is an error; a request that found no server is an answer of “send” with a failure in it, and ends with 0.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is main without the process: it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	log.SetOutput(io.Discard) // net/http logs what it did not expect a server to say, secrets included
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	switch name, rest := args[0], args[1:]; name {
	case "serve":
		return runServe(ctx, rest, stdout, stderr)
	case "call":
		return runCall(ctx, rest, stdin, stdout, stderr)
	case "version", "--version":
		fmt.Fprintln(stdout, "authpad", version(), runtime.Version())
		return 0
	case "help", "--help", "-h":
		fmt.Fprint(stdout, usage)
		return 0
	default:
		fmt.Fprintf(stderr, "authpad: no command %q\n\n%s", name, usage)
		return 2
	}
}

// version is the module's version, or the commit it was built from.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return build.Main.Version
}
