//go:build !js

package platform

import "github.com/nlnwa/whatwg-url/url"

// urlParser follows the URL standard as of 2025. The library has the path percent-encode set of
// before whatwg/url#817, when "^" went into a path as it is.
var urlParser = url.NewParser(url.WithPathPercentEncodeSet(url.PathPercentEncodeSet.Set('^')))

// parseHref returns the serialised URL; ok is false where the standard says failure.
func parseHref(raw, base string) (href string, ok bool) {
	var u *url.Url
	var err error
	if base == "" {
		u, err = urlParser.Parse(raw)
	} else {
		u, err = urlParser.ParseRef(base, raw)
	}
	if err != nil {
		return "", false
	}
	return u.Href(false), true
}
