package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"authpad/core/native"
)

// runServe serves until ctx ends, which Ctrl-C does.
func runServe(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options := native.ServeOptions{Log: stdout, Version: version()}
	flags := flag.NewFlagSet("authpad serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&options.Web, "web", "web", "`folder` of the page, as \"make build\" leaves it")
	flags.StringVar(&options.Addr, "addr", "", "loopback `address` of page and lab (default 127.0.0.1:8765, or a free port)")
	flags.StringVar(&options.LabAddr, "lab-addr", "", "loopback `address` of the second lab, for cross-origin requests (default 127.0.0.1:8766, or a free port)")
	flags.BoolVar(&options.Open, "open", false, "open the page in your browser")
	flags.StringVar(&options.RelayAddr, "relay-addr", "", "loopback `address` of the relay (default 127.0.0.1:8767, or a free port)")
	flags.BoolVar(&options.NoRelay, "no-relay", false, "serve no relay")
	flags.BoolVar(&options.RelayOnly, "relay-only", false, "serve the relay alone, for a page that is hosted elsewhere")
	flags.Func("allow-origin", "`origin` of a page hosted elsewhere that may be paired with the relay: https://pages.example (may be repeated)", func(origin string) error {
		options.AllowOrigins = append(options.AllowOrigins, origin)
		return nil
	})
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "authpad serve: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	server, err := native.Serve(ctx, options)
	if err == nil {
		err = server.Wait()
	}
	if err != nil {
		fmt.Fprintln(stderr, "authpad serve:", err)
		return 1
	}
	return 0
}
