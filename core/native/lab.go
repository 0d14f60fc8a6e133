package native

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/lab"
)

// LabHandler serves the lab to other programs and to pages of every origin: it holds nothing but
// published examples. Mount it at "/lab/".
//
// An echo lists the header lines in the order and spelling in which they arrived where the server's
// connections keep them, as those of Serve do. Elsewhere they are net/http's: sorted by names such as
// "X-Amz-Date", behind the Host line.
func LabHandler(l *lab.Lab) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowOrigin(w.Header(), r.Header.Get("Origin"))
		if isPreflight(r) { // before anything asks for credentials: a preflight never has them
			answerPreflight(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, lab.MaxRequestBody))
		if err != nil {
			sendLab(r.Context(), w, r.Method, refusedBody(err))
			return
		}
		req := receivedRequest(r, body)
		sendLab(r.Context(), w, r.Method, l.Handle(labRoute(req.URL.Path), req))
	})
}

func refusedBody(err error) *lab.Response {
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return lab.TooLarge()
	}
	return lab.BrokenBody()
}

// receivedRequest is r in the words of the core. The path and the query are those of the wire.
func receivedRequest(r *http.Request, body []byte) *core.Request {
	req := &core.Request{Method: r.Method, URL: receivedURL(r), Body: body}
	if arrived, ok := arrivedHeader(r); ok {
		req.Header = arrived
		return req
	}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	if r.Host != "" { // HTTP/1.0 needs none
		req.Header.Add("Host", r.Host)
	}
	for _, name := range names {
		for _, value := range r.Header[name] {
			req.Header.Add(name, readable(value))
		}
	}
	return req
}

func receivedURL(r *http.Request) core.URL {
	u := core.URL{Scheme: "http"}
	defaultPort := ":80"
	if r.TLS != nil {
		u.Scheme, defaultPort = "https", ":443"
	}
	authority := strings.TrimSuffix(strings.ToLower(r.Host), defaultPort)
	u.Host = authority
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		u.Host, u.Port = authority[:colon], authority[colon+1:]
	}
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") { // absolute form, which every server must accept (RFC 9112, section 3.2.2)
		target = r.URL.RequestURI()
	}
	path, query, found := strings.Cut(target, "?")
	if u.Path = path; found {
		u.Query = "?" + query
	}
	return u
}

func labRoute(path string) string {
	_, route, _ := strings.Cut(path, "/lab/")
	return route
}

// sendLab writes the answer. Where the client has gone, or the server ends, it breaks the connection:
// to return would make a cut body look whole.
func sendLab(ctx context.Context, w http.ResponseWriter, method string, answer *lab.Response) {
	if !waited(ctx, answer.Delay) {
		panic(http.ErrAbortHandler)
	}
	for _, f := range answer.Header {
		w.Header().Add(f.Name, latin1(f.Value))
	}
	gatherChallenges(w.Header())
	exposeAll(w.Header())
	if answer.Size > 0 && (answer.Body != nil || method == http.MethodHead) {
		w.Header().Set("Content-Length", strconv.FormatInt(answer.Size, 10))
	}
	w.WriteHeader(answer.Status)
	if answer.Body != nil && !streamed(ctx, w, answer.Body) {
		panic(http.ErrAbortHandler)
	}
}

// latin1 writes each character as one byte, as a header line is read by fetch.
func latin1(value string) string {
	octets := make([]byte, 0, len(value))
	for _, r := range value {
		octets = append(octets, byte(r))
	}
	return string(octets)
}

func waited(ctx context.Context, delay time.Duration) bool {
	if delay <= 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// streamed copies piece by piece and flushes each, so that an endless body is seen to arrive; it
// reports whether the whole body was written.
func streamed(ctx context.Context, w http.ResponseWriter, body io.Reader) bool {
	piece := make([]byte, 64<<10)
	flush := http.NewResponseController(w)
	for ctx.Err() == nil {
		n, err := body.Read(piece)
		if _, gone := w.Write(piece[:n]); gone != nil {
			return false
		}
		if err != nil {
			return err == io.EOF
		}
		if flush.Flush() != nil {
			return false
		}
	}
	return false
}
