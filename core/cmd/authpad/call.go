package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"authpad/core"
	"authpad/core/api"
	"authpad/core/native"
)

// runCall makes one call of the contract: parameters from stdin, the envelope to stdout. The exit
// status is 0 for {"ok": …}, 1 for {"error": …}, 2 for wrong arguments.
func runCall(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c, status := parseCall(args, stderr)
	if c == nil {
		return status
	}
	params, body, err := c.input(stdin)
	if err != nil {
		fmt.Fprintln(stderr, "authpad call:", err)
		return 2
	}
	answer, outBody := newAPI().Call(ctx, c.name, params, body)
	if err := c.output(stdout, answer, outBody); err != nil {
		fmt.Fprintln(stderr, "authpad call:", err)
		return 2
	}
	if bytes.HasPrefix(answer, []byte(`{"error":`)) {
		return 1
	}
	return 0
}

// newAPI is the core as a native program has it.
func newAPI() *api.API {
	return api.New(api.Host{
		Env:     native.Env(),
		Version: version(),
		Transport: func(o api.SendOptions) (core.Transport, error) {
			return native.NewTransport(o.TLS, o.Fetch)
		},
	})
}

// callArgs are the arguments of "authpad call".
type callArgs struct{ name, bodyFile, outFile string }

// parseCall takes flags before and after the name. It returns nil and the exit status where there is
// nothing to call.
func parseCall(args []string, stderr io.Writer) (*callArgs, int) {
	var c callArgs
	flags := flag.NewFlagSet("authpad call", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.bodyFile, "body", "", "`file` with the bytes that go beside the parameters, such as a request body")
	flags.StringVar(&c.outFile, "out", "", "`file` for the bytes that come beside the answer, such as a response body")
	for len(args) > 0 {
		switch err := flags.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			return nil, 0
		case err != nil:
			return nil, 2
		}
		if args = flags.Args(); len(args) == 0 {
			break
		}
		if c.name != "" {
			fmt.Fprintf(stderr, "authpad call: unexpected argument %q\n", args[0])
			return nil, 2
		}
		c.name, args = args[0], args[1:]
	}
	if c.name == "" {
		fmt.Fprintln(stderr, "authpad call: which call? try: authpad call version")
		return nil, 2
	}
	return &c, 0
}

// input reads parameters and body. Nobody types JSON at a prompt, so a terminal counts as empty.
func (c *callArgs) input(stdin io.Reader) (params, body []byte, err error) {
	if !isTerminal(stdin) {
		if params, err = io.ReadAll(stdin); err != nil {
			return nil, nil, fmt.Errorf("reading the parameters: %w", err)
		}
	}
	if params = bytes.TrimSpace(params); len(params) == 0 {
		params = []byte("{}")
	}
	if c.bodyFile != "" {
		body, err = os.ReadFile(c.bodyFile)
	}
	return params, body, err
}

func (c *callArgs) output(stdout io.Writer, answer, body []byte) error {
	if _, err := stdout.Write(append(answer, '\n')); err != nil {
		return err
	}
	if c.outFile == "" {
		return nil
	}
	return os.WriteFile(c.outFile, body, 0o600) // it may hold what only this person should see
}

func isTerminal(r io.Reader) bool {
	file, isFile := r.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
