package native

import (
	"errors"
	"strconv"

	"authpad/core"
	"authpad/core/platform"
)

// maxRedirects is the limit of fetch (https://fetch.spec.whatwg.org/#http-redirect-fetch).
const maxRedirects = 20

// bodyHeaders go when a redirect drops the body (the "request-body-header names" of fetch), and with
// them Content-Length, which a script in a browser could not have set.
var bodyHeaders = []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type",
	"Content-Length", "Transfer-Encoding"}

// originHeaders were meant for one origin and do not leave it. fetch names Authorization only, since
// scripts cannot set the others; aiohttp and curl drop Cookie and Proxy-Authorization as well.
// An API key in a header of its own looks like any other header: it is kept, as everywhere.
var originHeaders = []string{"Authorization", "Cookie", "Proxy-Authorization", "Host"}

// follow returns the request that a redirect leads to; nil where the response is the answer.
func (t *transport) follow(req *core.Request, response *core.Response, count int) (*core.Request, *core.Failure) {
	location, given := response.Header.Get("Location")
	if t.Fetch.Redirect == "manual" || !isRedirect(response.Status) {
		return nil, nil
	}
	if t.Fetch.Redirect == "error" {
		return nil, &core.Failure{Code: "redirect",
			Message: "the server answered with a redirect (" + strconv.Itoa(response.Status) + "), and redirects are set to be an error"}
	}
	if !given {
		return nil, nil
	}
	if count >= maxRedirects {
		return nil, &core.Failure{Code: "redirect.too-many",
			Message: "the server redirected more than " + strconv.Itoa(maxRedirects) + " times: look at the answers so far for where they go in circles"}
	}
	target, failure := redirectTarget(req.URL, location)
	if failure != nil {
		return nil, failure
	}
	return redirected(req, response.Status, target), nil
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// redirectTarget refuses what a Location may not say. Credentials in it would be sent, and were
// chosen by the server; fetch refuses them across origins, authpad everywhere.
func redirectTarget(from core.URL, location string) (core.URL, *core.Failure) {
	base := from
	base.Username, base.Password, base.Fragment = "", "", ""
	target, err := platform.ParseURL(location, base.String())
	var invalid *core.FieldError
	switch {
	case errors.As(err, &invalid):
		return target, &core.Failure{Code: "redirect.location", Message: "the redirect’s Location cannot be read: " + invalid.Message}
	case err != nil:
		return target, &core.Failure{Code: "redirect.location", Message: "the redirect’s Location is not an address"}
	case target.Scheme != "http" && target.Scheme != "https":
		return target, &core.Failure{Code: "redirect.scheme", Message: "the redirect leads to " + target.Scheme + ":, not to http or https"}
	case target.Username != "" || target.Password != "":
		return target, &core.Failure{Code: "redirect.credentials",
			Message: "the redirect’s Location carries a user name or password, which are not sent: open that address as a request of its own"}
	}
	return target, nil
}

// redirected is steps 9 to 14 of fetch's HTTP-redirect fetch.
func redirected(req *core.Request, status int, target core.URL) *core.Request {
	next := req.Clone()
	next.URL = target
	post := (status == 301 || status == 302) && req.Method == "POST"
	if post || status == 303 && req.Method != "GET" && req.Method != "HEAD" {
		next.Method, next.Body = "GET", nil
		remove(&next.Header, bodyHeaders)
	}
	if req.URL.Origin() != target.Origin() {
		remove(&next.Header, originHeaders)
	}
	return next
}

func remove(h *core.Header, names []string) {
	for _, name := range names {
		h.Del(name)
	}
}
