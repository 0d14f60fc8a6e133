//go:build !js

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// firefox is a running Firefox, spoken to by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/), which it has without
// another program in between. The protocol that chromedp speaks it has no longer.
type firefox struct {
	process *exec.Cmd
	profile string
	conn    net.Conn

	mu      sync.Mutex
	last    int
	waiting map[int]chan bidiMessage
	heard   map[string]func(method string, params json.RawMessage) // by window
	version string
}

type bidiMessage struct {
	ID             int
	Method         string
	Result, Params json.RawMessage
	Error, Message string
}

// quiet keeps the browser's own requests at a proxy that answers nothing; this machine is never asked for through one.
const quiet = `user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", %[1]s);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", %[1]s);
user_pref("app.normandy.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
`

// startFirefox starts it with a profile of its own and the proxy at this address. What it returns is to be ended, also with an error.
func startFirefox(program, proxy string) (*firefox, error) {
	profile, err := os.MkdirTemp("", "authpad-firefox-")
	f := &firefox{profile: profile, waiting: map[int]chan bidiMessage{}, heard: map[string]func(string, json.RawMessage){}}
	_, port, errPort := net.SplitHostPort(proxy)
	errWrite := os.WriteFile(filepath.Join(profile, "user.js"), fmt.Appendf(nil, quiet, port), 0o600)
	if err = errors.Join(err, errPort, errWrite); err != nil {
		return f, err
	}
	f.process = exec.Command(program, "--headless", "--no-remote", "--profile", profile, "--width", "1280", "--height", "900", "--remote-debugging-port=0")
	said, err := f.process.StderrPipe()
	if err == nil {
		err = f.process.Start()
	}
	if err == nil {
		err = f.connect(said)
	}
	return f, err
}

var bidiListens = regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)

// connect reads where Firefox listens, and lets the rest of what it says flow.
func (f *firefox) connect(said io.Reader) error {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		found := bidiListens.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		go io.Copy(io.Discard, said)
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		var err error
		if f.conn, _, _, err = ws.Dial(ctx, found[1]+"/session"); err != nil {
			return err
		}
		go f.listen()
		var session struct {
			Capabilities struct{ BrowserName, BrowserVersion string }
		}
		if err = f.call(ctx, "session.new", map[string]any{"capabilities": map[string]any{}}, &session); err != nil {
			return err
		}
		f.version = session.Capabilities.BrowserName + " " + session.Capabilities.BrowserVersion
		return f.call(ctx, "session.subscribe", map[string]any{"events": []string{"log.entryAdded", "network.beforeRequestSent"}}, nil)
	}
	return errors.Join(errors.New("Firefox did not say where it listens"), lines.Err())
}

// listen hands on what arrives until the connection ends.
func (f *firefox) listen() {
	for {
		text, err := wsutil.ReadServerText(f.conn)
		if err != nil {
			return
		}
		var m bidiMessage
		if json.Unmarshal(text, &m) != nil {
			continue
		}
		f.mu.Lock()
		waits := f.waiting[m.ID]
		delete(f.waiting, m.ID)
		f.mu.Unlock()
		if waits != nil {
			waits <- m
		} else {
			f.tell(m)
		}
	}
}

// tell gives an event to the window that it is of.
func (f *firefox) tell(m bidiMessage) {
	var of struct {
		Context string
		Source  struct{ Context string }
	}
	_ = json.Unmarshal(m.Params, &of) // events of other forms are of no window
	f.mu.Lock()
	heard := f.heard[of.Context+of.Source.Context]
	f.mu.Unlock()
	if heard != nil {
		heard(m.Method, m.Params)
	}
}

// call gives one command and decodes its result into out, which may be nil.
func (f *firefox) call(ctx context.Context, method string, params map[string]any, out any) error {
	answered := make(chan bidiMessage, 1)
	f.mu.Lock()
	f.last++
	id := f.last
	f.waiting[id] = answered
	text, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err == nil {
		err = wsutil.WriteClientText(f.conn, text)
	}
	f.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case m := <-answered:
		if m.Error != "" {
			return fmt.Errorf("%s: %s: %s", method, m.Error, m.Message)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(m.Result, out)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// end ends the process, and with it its windows.
func (f *firefox) end() {
	if f.process != nil && f.process.Process != nil {
		_ = f.process.Process.Kill() // it may have ended by itself
		_ = f.process.Wait()
	}
	if f.conn != nil {
		f.conn.Close()
	}
	os.RemoveAll(f.profile)
}
