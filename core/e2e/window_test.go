//go:build !js

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// window is what a test does to a page by means of the browser. Tests that ask for no more run in Firefox too, where
// AUTHPAD_BROWSER says so: .ci/interop.
type window interface {
	navigate(ctx context.Context, address string) error
	reload(ctx context.Context) error
	// evaluate computes an expression whose value is the promise of a string, as in a person's turn.
	evaluate(ctx context.Context, expression string) (string, error)
	click(ctx context.Context, x, y float64) error
	insert(ctx context.Context, text string) error        // where the caret is
	choose(ctx context.Context, input, path string) error // a file, in the input that this selector finds
	resize(ctx context.Context, width, height int64) error
	screenshot(ctx context.Context) ([]byte, error)
}

// chromiumWindow takes contexts of chromedp, which know of their window.
type chromiumWindow struct{}

func (chromiumWindow) navigate(ctx context.Context, address string) error {
	return chromedp.Run(ctx, chromedp.Navigate(address))
}

func (chromiumWindow) reload(ctx context.Context) error { return chromedp.Run(ctx, chromedp.Reload()) }

func (chromiumWindow) evaluate(ctx context.Context, expression string) (text string, err error) {
	err = chromedp.Run(ctx, chromedp.Evaluate(expression, &text, func(e *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams {
		return e.WithAwaitPromise(true).WithUserGesture(true)
	}))
	return text, err
}

func (chromiumWindow) click(ctx context.Context, x, y float64) error {
	return chromedp.Run(ctx, chromedp.MouseClickXY(x, y))
}

func (chromiumWindow) insert(ctx context.Context, text string) error {
	return chromedp.Run(ctx, input.InsertText(text))
}

func (chromiumWindow) choose(ctx context.Context, input, path string) error {
	return chromedp.Run(ctx, chromedp.SetUploadFiles(input, []string{path}, chromedp.ByQuery))
}

func (chromiumWindow) resize(ctx context.Context, width, height int64) error {
	return chromedp.Run(ctx, emulation.SetDeviceMetricsOverride(width, height, 1, false))
}

func (chromiumWindow) screenshot(ctx context.Context) (picture []byte, err error) {
	err = chromedp.Run(ctx, chromedp.CaptureScreenshot(&picture))
	return picture, err
}

// firefoxWindow is a browsing context in a user context of its own, which shares no storage with the others.
type firefoxWindow struct {
	in      *firefox
	context string
}

// open makes the window; heard gets what the browser tells of it. closed ends it.
func (f *firefox) open(ctx context.Context, heard func(method string, params json.RawMessage)) (w *firefoxWindow, closed func(), err error) {
	var made struct{ UserContext, Context string }
	if err := f.call(ctx, "browser.createUserContext", map[string]any{}, &made); err != nil {
		return nil, nil, err
	}
	if err := f.call(ctx, "browsingContext.create", map[string]any{"type": "tab", "userContext": made.UserContext}, &made); err != nil {
		return nil, nil, err
	}
	f.mu.Lock()
	f.heard[made.Context] = heard
	f.mu.Unlock()
	w = &firefoxWindow{f, made.Context}
	size := map[string]any{"width": 1280, "height": 900}
	return w, func() {
			_ = f.call(context.Background(), "browser.removeUserContext", map[string]any{"userContext": made.UserContext}, nil)
		},
		w.call(ctx, "browsingContext.setViewport", map[string]any{"viewport": size}, nil)
}

func (w *firefoxWindow) call(ctx context.Context, method string, params map[string]any, out any) error {
	params["context"] = w.context
	return w.in.call(ctx, method, params, out)
}

func (w *firefoxWindow) navigate(ctx context.Context, address string) error {
	return w.call(ctx, "browsingContext.navigate", map[string]any{"url": address, "wait": "complete"}, nil)
}

func (w *firefoxWindow) reload(ctx context.Context) error {
	return w.call(ctx, "browsingContext.reload", map[string]any{"wait": "complete"}, nil)
}

func (w *firefoxWindow) evaluate(ctx context.Context, expression string) (string, error) {
	var answer struct {
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	err := w.in.call(ctx, "script.evaluate", map[string]any{"expression": expression, "target": map[string]any{"context": w.context},
		"awaitPromise": true, "userActivation": true}, &answer)
	if err == nil && answer.ExceptionDetails.Text != "" {
		err = errors.New(answer.ExceptionDetails.Text)
	}
	return answer.Result.Value, err
}

func (w *firefoxWindow) click(ctx context.Context, x, y float64) error {
	return w.act(ctx, map[string]any{"type": "pointer", "id": "mouse"}, []any{
		map[string]any{"type": "pointerMove", "x": int(x), "y": int(y)}, map[string]any{"type": "pointerDown", "button": 0}, map[string]any{"type": "pointerUp", "button": 0}})
}

func (w *firefoxWindow) insert(ctx context.Context, text string) error {
	var strokes []any
	for _, key := range strings.ReplaceAll(text, "\n", "\ue006") { // Enter, in WebDriver's words
		strokes = append(strokes, map[string]any{"type": "keyDown", "value": string(key)}, map[string]any{"type": "keyUp", "value": string(key)})
	}
	return w.act(ctx, map[string]any{"type": "key", "id": "keyboard"}, strokes)
}

func (w *firefoxWindow) act(ctx context.Context, source map[string]any, actions []any) error {
	source["actions"] = actions
	return w.call(ctx, "input.performActions", map[string]any{"actions": []any{source}}, nil)
}

func (w *firefoxWindow) choose(ctx context.Context, input, path string) error {
	var found struct{ Result struct{ SharedID string } }
	err := w.in.call(ctx, "script.evaluate", map[string]any{"expression": "document.querySelector(" + quoted(input) + ")",
		"target": map[string]any{"context": w.context}, "awaitPromise": false}, &found)
	if err != nil {
		return err
	}
	return w.call(ctx, "input.setFiles", map[string]any{"element": map[string]any{"sharedId": found.Result.SharedID}, "files": []string{path}}, nil)
}

func (w *firefoxWindow) resize(ctx context.Context, width, height int64) error {
	return w.call(ctx, "browsingContext.setViewport", map[string]any{"viewport": map[string]any{"width": width, "height": height}}, nil)
}

func (w *firefoxWindow) screenshot(ctx context.Context) ([]byte, error) {
	var taken struct{ Data []byte }
	err := w.call(ctx, "browsingContext.captureScreenshot", map[string]any{}, &taken)
	return taken.Data, err
}

// recordFirefox is record for what Firefox tells.
func (p *tab) recordFirefox(method string, params json.RawMessage) {
	var told struct {
		Level, Text string
		Request     struct{ URL string }
	}
	err := json.Unmarshal(params, &told)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err != nil:
		p.console = append(p.console, fmt.Sprintf("%s, which cannot be read: %v", method, err))
	case method == "log.entryAdded" && told.Level == "error":
		p.console = append(p.console, told.Text)
	case method == "network.beforeRequestSent":
		p.recordRequest(told.Request.URL)
	}
}
