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
// status is 0 for {"ok": …}, 1 for {"error": …}, 2 for wrong arguments. That no answer came is what
// "send" has found out, so it is 0.
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
	out, err := c.openOut() // before anything is sent that could not be kept
	if err != nil {
		fmt.Fprintln(stderr, "authpad call:", err)
		return 2
	}
	answer, outBody := newAPI(out.body()).Call(ctx, c.name, params, body)
	if err := errors.Join(out.finish(outBody), writeLine(stdout, answer)); err != nil {
		fmt.Fprintln(stderr, "authpad call:", err)
		return 2
	}
	if bytes.HasPrefix(answer, []byte(`{"error":`)) {
		return 1
	}
	return 0
}

// newAPI is the core as a native program has it. The body of a response goes to into, whole.
func newAPI(into io.Writer) *api.API {
	return api.New(api.Host{
		Env:     native.Env(),
		Version: version(),
		Transport: func(o api.SendOptions) (core.Transport, error) {
			return native.NewTransport(native.Options{TLS: o.TLS, Fetch: o.Fetch, Proxy: o.Proxy, Into: into})
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

// outFile is the file named by --out; without one it takes everything and keeps nothing.
type outFile struct {
	file     *os.File // nil: none is named
	streamed bool     // something went into it already
}

func (c *callArgs) openOut() (*outFile, error) {
	if c.outFile == "" {
		return &outFile{}, nil
	}
	file, err := os.OpenFile(c.outFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it may hold what only this person should see
	return &outFile{file: file}, err
}

// body takes the body of a response while it arrives: an answer keeps only the start of it.
func (o *outFile) body() io.Writer {
	if o.file == nil {
		return io.Discard
	}
	return o
}

func (o *outFile) Write(p []byte) (int, error) {
	o.streamed = true
	return o.file.Write(p)
}

// finish writes what came beside the answer, unless it is the start of what has gone by.
func (o *outFile) finish(beside []byte) error {
	if o.file == nil {
		return nil
	}
	var err error
	if !o.streamed {
		_, err = o.file.Write(beside)
	}
	return errors.Join(err, o.file.Close())
}

func writeLine(to io.Writer, answer []byte) error {
	_, err := to.Write(append(answer, '\n'))
	return err
}

func isTerminal(r io.Reader) bool {
	file, isFile := r.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
