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

// maxLabBody is how much of a request's body the lab reads: it checks bodies whole.
const maxLabBody = 64 << 20

// LabHandler serves the lab to other programs and to pages of every origin: it holds nothing but
// published examples. Mount it at "/lab/".
//
// net/http has lost two things by the time a handler runs: the order of the header lines and the
// case of their names. So an echo lists them by name, as in "X-Amz-Date".
func LabHandler(l *lab.Lab) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowOrigin(w.Header(), r.Header.Get("Origin"))
		if isPreflight(r) { // before anything asks for credentials: a preflight never has them
			answerPreflight(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLabBody))
		if err != nil {
			refuseBody(w, err)
			return
		}
		req := receivedRequest(r, body)
		sendLab(r.Context(), w, r.Method, l.Handle(labRoute(req.URL.Path), req))
	})
}

// receivedRequest is r in the words of the core. The path and the query are those of the wire.
func receivedRequest(r *http.Request, body []byte) *core.Request {
	req := &core.Request{Method: r.Method, URL: receivedURL(r), Body: body}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range r.Header[name] {
			req.Header.Add(name, value)
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

// sendLab writes the answer, and stops where the client has gone.
func sendLab(ctx context.Context, w http.ResponseWriter, method string, answer *lab.Response) {
	if !waited(ctx, answer.Delay) {
		return
	}
	for _, f := range answer.Header {
		w.Header()[f.Name] = append(w.Header()[f.Name], f.Value) // not Add: it would change the name's case
	}
	exposeAll(w.Header())
	if answer.Size >= 0 && (answer.Body != nil || method == http.MethodHead) {
		w.Header().Set("Content-Length", strconv.FormatInt(answer.Size, 10))
	}
	w.WriteHeader(answer.Status)
	if answer.Body != nil {
		stream(ctx, w, answer.Body)
	}
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

// stream copies piece by piece and flushes each, so that a slow or endless body is seen to arrive.
func stream(ctx context.Context, w http.ResponseWriter, body io.Reader) {
	piece := make([]byte, 64<<10)
	flush := http.NewResponseController(w)
	for ctx.Err() == nil {
		n, err := body.Read(piece)
		if _, gone := w.Write(piece[:n]); gone != nil {
			return
		}
		if err != nil || flush.Flush() != nil {
			return
		}
	}
}

func refuseBody(w http.ResponseWriter, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		http.Error(w, "the lab reads bodies of at most 64 MiB", http.StatusRequestEntityTooLarge)
	}
} // else the client has gone
