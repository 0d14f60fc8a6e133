package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
)

// writeSchemes asks the native core what the page needs to draw its form before the module arrives, and prints it as a
// module of the page: {"schemes": […], "examples": […]}. A module comes with those that draw the form; a file of JSON
// would be answered only once the browser is done with starting the core.
func writeSchemes(out io.Writer, program string) error {
	merged := map[string]json.RawMessage{}
	for _, call := range []string{"schemes", "examples"} {
		list, err := ask(program, call)
		if err != nil {
			return err
		}
		merged[call] = list
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "export default %s;\n", text)
	return err
}

// ask makes one API call without parameters and returns the member of its answer that is named like the call.
func ask(program, call string) (json.RawMessage, error) {
	cmd := exec.Command(program, "call", call)
	cmd.Stdin = bytes.NewReader([]byte("{}"))
	answer, err := cmd.Output()
	var envelope struct {
		OK map[string]json.RawMessage `json:"ok"`
	}
	if jsonErr := json.Unmarshal(answer, &envelope); err != nil || jsonErr != nil {
		return nil, fmt.Errorf("%s call %s: %v %s", program, call, err, answer)
	}
	list := envelope.OK[call]
	if len(list) < len("[{}]") {
		return nil, fmt.Errorf("%s call %s: no %q in %s", program, call, call, answer)
	}
	return list, nil
}
