package lab

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/syntax"
)

const maxDelay = time.Minute

// bodyless are the statuses whose answers have no content (RFC 9110, sections 15.3.5, 15.3.6, 15.4.5).
var bodyless = []int{204, 205, 304}

// redirects are the statuses with a Location that a browser follows.
var redirects = []int{301, 302, 303, 307, 308}

// status refuses 1xx: those are no final answers, and neither host could send one as such.
func (l *Lab) status(arg string, _ *core.Request) *Response {
	code, ok := number(arg, 599)
	if !ok || code < 200 {
		return refuse(400, "lab.status", "a status is a number from 200 to 599", nil)
	}
	if slices.Contains(bodyless, int(code)) {
		return &Response{Status: int(code)}
	}
	r := answerJSON(int(code), func(w *json.Writer) {
		w.Number("status", code)
	})
	switch code { // what these two must say (RFC 9110, sections 15.5.2, 15.5.6)
	case 401:
		r.Header.Add("WWW-Authenticate", `Bearer realm="lab/status"`) // a scheme for which no browser asks
	case 405:
		r.Header.Add("Allow", "GET, HEAD")
	}
	return r
}

// redirect answers with a Location that is read relative to the lab's own address: "to=echo" is lab/echo.
func (l *Lab) redirect(_ string, req *core.Request) *Response {
	to := location(question(req, "to", ""))
	if to == "" {
		return refuse(400, "lab.to", "say where to with ?to=, such as redirect?to=echo", nil)
	}
	code, ok := number(question(req, "code", "302"), 599)
	if !ok || !slices.Contains(redirects, int(code)) {
		return refuse(400, "lab.code", "a redirect’s code is 301, 302, 303, 307 or 308", nil)
	}
	hops, ok := number(question(req, "n", "1"), 100)
	if !ok || hops < 1 {
		return refuse(400, "lab.n", "the number of hops is 1 to 100", nil)
	}
	if hops > 1 {
		to = "redirect?to=" + syntax.PercentEncode(to, syntax.Unreserved) +
			"&code=" + strconv.FormatInt(code, 10) + "&n=" + strconv.FormatInt(hops-1, 10)
	}
	r := answerJSON(int(code), func(w *json.Writer) { w.Text("location", to) })
	r.Header.Add("Location", to)
	return r
}

// location writes what a header line cannot carry in percent-encoding, line breaks among it.
func location(to string) string {
	return syntax.PercentEncode(strings.TrimSpace(to), func(b byte) bool { return b > ' ' && b < 0x7f })
}

func (l *Lab) delay(arg string, _ *core.Request) *Response {
	ms, ok := number(arg, maxDelay.Milliseconds())
	if !ok {
		return refuse(400, "lab.ms", "a delay is a number of milliseconds from 0 to 60000", nil)
	}
	r := answerJSON(200, func(w *json.Writer) {
		w.Number("delayMs", ms)
	})
	r.Delay = time.Duration(ms) * time.Millisecond
	return r
}

// number reads decimal digits; ok is false for anything else and above most.
func number(text string, most int64) (n int64, ok bool) {
	u, err := strconv.ParseUint(text, 10, 63)
	return int64(u), err == nil && int64(u) <= most
}

// question returns the first value of a query parameter that is not empty, or else the usual one.
func question(req *core.Request, name, usual string) string {
	for _, value := range syntax.Parameters(req.URL.Query, name) {
		if value != "" {
			return value
		}
	}
	return usual
}
