//go:build !js

package core_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The README promises commands and answers; here each one is run.

// block is one fenced piece of the README.
type block struct{ language, text string }

func readmeBlocks(t *testing.T) []block {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	var blocks []block
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, block{m[1], m[2]})
	}
	require.NotEmpty(t, blocks, "the README has no fenced blocks")
	return blocks
}

// A json block holds part of what the sh block before it prints.
func TestReadmeCallsAnswerAsPrinted(t *testing.T) {
	blocks := readmeBlocks(t)
	ran := 0
	for i, b := range blocks[:len(blocks)-1] {
		if b.language != "sh" || blocks[i+1].language != "json" {
			continue
		}
		ran++
		command := exec.Command("sh", "-c", b.text)
		command.Dir = ".."
		out, err := command.Output()
		require.NoError(t, err, "%s\n%s", b.text, out)
		var printed, answered any
		require.NoError(t, json.Unmarshal([]byte(blocks[i+1].text), &printed))
		require.NoError(t, json.Unmarshal(out, &answered), "%s", out)
		requirePart(t, "", printed, answered)
	}
	require.GreaterOrEqual(t, ran, 2, "too few samples with an answer")
}

// requirePart checks that every member the README prints stands in the answer, lists element by element.
func requirePart(t *testing.T, at string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		require.True(t, ok, "%s is no object: %v", at, got)
		for name, value := range want {
			require.Contains(t, object, name, at)
			requirePart(t, at+"."+name, value, object[name])
		}
	case []any:
		list, ok := got.([]any)
		require.True(t, ok, "%s is no list: %v", at, got)
		require.GreaterOrEqual(t, len(list), len(want), at)
		for i, value := range want {
			requirePart(t, fmt.Sprintf("%s[%d]", at, i), value, list[i])
		}
	default:
		require.Equal(t, want, got, at)
	}
}

// Every make verb the README names exists, and every file it points at.
func TestReadmeNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	verbs := regexp.MustCompile("`make ([a-z]+)`").FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, verbs)
	makefile, err := os.ReadFile("../Makefile")
	require.NoError(t, err)
	for _, v := range verbs {
		require.Regexp(t, "(?m)^"+v[1]+":", string(makefile), "the Makefile has no verb %q", v[1])
	}
	for _, m := range regexp.MustCompile(`\]\(([^):#]+)\)`).FindAllStringSubmatch(string(text), -1) {
		_, err := os.Stat(filepath.Join("..", m[1]))
		require.NoError(t, err, "the README links to %s", m[1])
	}
}

// The two commands: `make run` builds, serves, prints its address, and ends on an interrupt.
func TestReadmeMakeRunServesThePage(t *testing.T) {
	for _, b := range readmeBlocks(t) {
		if b.language == "sh" && strings.Contains(b.text, "git clone") {
			require.Contains(t, b.text, "make run", "the first block is how a newcomer starts")
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "make", "run")
	command.Dir = ".."
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the interrupt reaches what make started
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	command.Stderr = command.Stdout
	require.NoError(t, command.Start())
	defer func() {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGINT)
		_ = command.Wait()
	}()
	address := firstAddress(t, stdout)
	response, err := http.Get(address)
	require.NoError(t, err)
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, string(page), "<title>authpad")
}

// The relay alone starts as the README says, and shows its code.
func TestReadmeRelayShowsItsCode(t *testing.T) {
	for _, b := range readmeBlocks(t) {
		if b.language != "sh" || !strings.Contains(b.text, "--relay-only") {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		command := exec.CommandContext(ctx, "sh", "-c", b.text)
		command.Dir = ".."
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		stdout, err := command.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, command.Start())
		defer func() {
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGINT)
			_ = command.Wait()
		}()
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if regexp.MustCompile(`^pairing code +[0-9A-Z]{4}-[0-9A-Z]{4}$`).MatchString(lines.Text()) {
				return
			}
		}
		t.Fatal("the relay ended without showing a code")
	}
	t.Fatal("the README does not say how to start the relay alone")
}

// firstAddress reads lines until one names the page's address, then lets the rest flow away.
func firstAddress(t *testing.T, output io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(lines.Text()); address != "" {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return address
		}
	}
	t.Fatal("make run ended without printing an address")
	return ""
}
