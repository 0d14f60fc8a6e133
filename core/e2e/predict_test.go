//go:build !js

package e2e

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/fetchrules"
)

// What is predicted of a request, held against the bytes that this very browser sends.

// probe is a request to predict and to send, in JSON of the contract: header lines, body, and options of fetch.
type probe struct{ name, method, headers, body, fetch string }

func probes() []probe {
	return []probe{
		{name: "GET", method: "GET"},
		{name: "HEAD", method: "HEAD"},
		{name: "OPTIONS", method: "OPTIONS"},
		{name: "DELETE", method: "DELETE"},
		{name: "a method of one's own", method: "Chicken"},
		{name: "a method that is not put in capitals", method: "patch", body: `{"text":"x."}`},
		{name: "a method that is", method: "post", body: `{"text":"x."}`},
		{name: "PUT without a body", method: "PUT"},
		{name: "POST without a body", method: "POST"},
		{name: "a form", method: "POST", body: `{"form":[["a","b."]]}`},
		{name: "a form with parts", method: "POST", body: `{"multipart":[{"name":"a","value":"b"}]}`},
		{name: "JSON with credentials", method: "POST", headers: `["Content-Type","application/json"],["Authorization","Bearer t"]`, body: `{"text":"{}"}`},
		{name: "lines twice", method: "GET", headers: `["X-A","1"],["X-B","2"],["x-a","3"],["Accept","a/b"],["accept","c/d"]`},
		{name: "lines in several spellings", method: "PUT", headers: `["x-lower","1"],["X-UPPER","2"],["X-mIxEd","3"],["authorization","a b"]`},
		{name: "own Accept and languages", method: "GET", headers: `["Accept","text/x"],["accept-language","de"]`},
		{name: "empty values", method: "GET", headers: `["X-Empty",""],["Accept",""]`},
		{name: "blanks and bytes in values", method: "GET", headers: `["X-Blank","  a  b "],["X-Latin","café"]`},
		{name: "forbidden lines", method: "GET", headers: `["Cookie","a=b"],["Host","x.test"],["Date","now"],["Origin","http://x.test"],` +
			`["Referer","http://x.test"],["User-Agent","me"],["Accept-Encoding","x"],["Accept-Charset","x"],["Connection","close"],["Content-Length","7"],` +
			`["Transfer-Encoding","chunked"],["Expect","100-continue"],["TE","trailers"],["Trailer","x"],["Upgrade","x"],["Via","x"],["DNT","1"],["Keep-Alive","1"],` +
			`["Set-Cookie","x"],["Proxy-Authorization","x"],["Sec-Fetch-Site","none"],["Sec-Own","x"],["Access-Control-Request-Headers","a"],` +
			`["X-HTTP-Method-Override","TRACE"],["X-Allowed","1"]`},
		{name: "lines that sound forbidden", method: "GET", headers: `["X-HTTP-Method","PUT"],["Early-Data","1"],["Warning","1"],["From","a"],["Forwarded","for=a"],` +
			`["Upgrade-Insecure-Requests","1"],["Priority","u=1"],["Purpose","prefetch"],["X-Requested-With","X"],["Last-Event-ID","1"]`},
		{name: "values that go without asking", method: "POST", headers: `["Accept","a/b;q=0.5"],["Content-Language","de"],["Content-Type","text/plain;charset=x"],["Range","bytes=0-5"]`},
		{name: "values that do not", method: "POST", headers: `["Accept","a(b)"],["Content-Language","a@b"],["Content-Type","text/html"],["Range","bytes=-5"]`},
		{name: "a value that is too long", method: "GET", headers: `["Accept","` + strings.Repeat("a", 129) + `"]`},
		{name: "client hints of old", method: "GET", headers: `["DPR","1"],["Width","1"],["Save-Data","on"],["RTT","1"],["ECT","4g"],["Downlink","1"],["Viewport-Width","3"],["Device-Memory","1"]`},
		{name: "own Cache-Control", method: "GET", headers: `["Cache-Control","max-age=3"]`},
		{name: "own Pragma", method: "GET", headers: `["Pragma","x"]`},
		{name: "cache default", method: "GET", headers: `["X-A","1"]`, fetch: `"cache":"default"`},
		{name: "cache reload", method: "GET", headers: `["X-A","1"]`, fetch: `"cache":"reload"`},
		{name: "cache no-cache", method: "GET", headers: `["X-A","1"]`, fetch: `"cache":"no-cache"`},
		{name: "cache force-cache", method: "GET", headers: `["X-A","1"]`, fetch: `"cache":"force-cache"`},
		{name: "a condition", method: "GET", headers: `["If-None-Match","x"]`, fetch: `"cache":"default"`},
		{name: "a condition and no-store", method: "GET", headers: `["If-Modified-Since","x"]`},
		{name: "a conditional range", method: "GET", headers: `["If-Range","x"],["Range","bytes=1-"]`, fetch: `"cache":"default"`},
		{name: "cookies", method: "GET", headers: `["X-A","1"]`, fetch: `"credentials":"include"`},
		{name: "cookies of the page's origin", method: "POST", body: `{"text":"x."}`, fetch: `"credentials":"same-origin"`},
		{name: "without CORS", method: "POST", headers: `["X-A","1"],["Accept","a/b"],["Content-Type","application/json"],["Content-Language","de"]`, body: `{"text":"x."}`, fetch: `"mode":"no-cors"`},
		{name: "redirects by hand", method: "GET", fetch: `"redirect":"manual"`},
	}
}

func TestPredictionsHold(t *testing.T) {
	home, away := startProbed(t), startProbed(t)
	hosts := map[string]*probedHost{home.port: home, away.port: away}
	p := newTab(t)
	p.mayAsk = []string{"http://127.0.0.1:" + away.port, "http://localhost:" + away.port}
	p.visit("http://127.0.0.1:" + home.port + "/")
	p.holdPredictions(hosts, map[string]string{
		"the page's origin": "http://127.0.0.1:" + home.port, "another origin": "http://127.0.0.1:" + away.port, "another site": "http://localhost:" + away.port,
	})
}

func TestPredictionsHoldWithoutTLS(t *testing.T) {
	home, away := startProbed(t), startProbed(t)
	hosts := map[string]*probedHost{home.port: home, away.port: away}
	p := openWithNames(t, "http://page.test:"+home.port+"/")
	p.holdPredictions(hosts, map[string]string{
		"the page's origin": "http://page.test:" + home.port, "another origin": "http://page.test:" + away.port,
		"perhaps another site": "http://api.page.test:" + away.port, "another site": "http://other.test:" + away.port, "this machine": "http://127.0.0.1:" + away.port,
	})
}

// holdPredictions sends every probe to every place.
func (p *tab) holdPredictions(hosts map[string]*probedHost, places map[string]string) {
	p.t.Helper()
	p.wait("the core", `globalThis.authpadReady !== undefined`)
	if inFirefox() { // it puts the lines into another order then
		p.controlled()
	}
	asked := 0
	for place, origin := range places {
		for _, c := range probes() {
			asked++
			path := fmt.Sprintf("/probe/%d", asked)
			p.t.(*testing.T).Run(c.name+" to "+place, func(t *testing.T) {
				defer p.within(t)()
				p.holdPrediction(c, origin+path, func() [][]string { return hosts[origin[strings.LastIndex(origin, ":")+1:]].heads(path) })
			})
		}
	}
}

// prediction is the part of the contract's Prediction that can be seen on the wire.
type prediction struct {
	Dropped   []struct{ Name string }
	Added     [][2]string
	Preflight *struct{ Request string }
	Blocked   *struct{ Code string }
}

func (p *tab) holdPrediction(c probe, address string, arrived func() [][]string) {
	p.t.Helper()
	if c.body != "" {
		c.body = `,"body":` + c.body
	}
	params := fmt.Sprintf(`{"request":{"method":%q,"url":%q,"headers":[%s]%s},"auth":{"scheme":"none","values":{}},"fetch":{%s}}`,
		c.method, address, c.headers, c.body, c.fetch)
	var want prediction
	p.call("predict", params, &want)
	var sent struct {
		Exchanges []struct {
			Request struct {
				Method  string
				Headers [][2]string
			}
		}
	}
	p.call("send", params, &sent)
	heads := arrived()
	require.Nil(p.t, want.Blocked)
	if want.Preflight != nil {
		require.Len(p.t, heads, 2, "a preflight and the request")
		first := slices.IndexFunc(heads, func(head []string) bool {
			return strings.Contains(strings.Join(head, "\n"), "Access-Control-Request-Method: ")
		})
		require.GreaterOrEqual(p.t, first, 0, "%q", heads)
		lines := strings.Split(strings.TrimRight(want.Preflight.Request, "\n"), "\n")
		lines[0] = "OPTIONS"
		holdLines(p.t, lines, heads[first])
		heads = slices.Delete(heads, first, first+1)
	}
	require.Len(p.t, heads, 1, "the request alone: %q", heads)
	request := sent.Exchanges[0].Request
	require.Equal(p.t, request.Method, heads[0][0])
	own, added := want.parted(request.Headers, heads[0][1:])
	require.Equal(p.t, want.own(request.Headers), own)
	holdLines(p.t, want.added(len(own) == 0, added), settled(len(own) == 0, added))
}

// own are the person's lines that are not dropped, repeats joined, as fetch sends them.
func (want *prediction) own(typed [][2]string) map[string]string {
	own := map[string]string{}
	for _, line := range typed {
		name := strings.ToLower(line[0])
		if slices.ContainsFunc(want.Dropped, func(d struct{ Name string }) bool { return strings.EqualFold(d.Name, name) }) {
			continue
		}
		value := strings.Trim(line[1], " ")
		if earlier, twice := own[name]; twice {
			value = earlier + ", " + value
		}
		own[name] = value
	}
	return own
}

// parted tells the person's lines from the browser's.
func (want *prediction) parted(typed [][2]string, head []string) (own map[string]string, added []string) {
	named := want.own(typed)
	own = map[string]string{}
	for _, line := range head {
		name, value, _ := strings.Cut(line, ": ")
		name = strings.ToLower(name)
		if _, mine := named[name]; mine {
			own[name] = latin1(value)
		} else {
			added = append(added, line)
		}
	}
	return own, added
}

// latin1 reads each byte as a character.
func latin1(value string) string {
	var text strings.Builder
	for i := range len(value) {
		text.WriteRune(rune(value[i]))
	}
	return text.String()
}

// added are the lines that the browser adds; there may be no cookies.
func (want *prediction) added(exactly bool, got []string) (lines []string) {
	cookies := slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, "Cookie: ") })
	for _, line := range want.Added {
		switch {
		case line[0] != "Cookie":
			lines = append(lines, line[0]+": "+line[1])
		case cookies:
			lines = append(lines, "Cookie: "+fetchrules.Own)
		}
	}
	return settled(exactly, lines)
}

// settled puts the lines into one order that Chromium keeps together with the person's in a table by hash: which
// comes first depends on what else is in there.
func settled(exactly bool, lines []string) []string {
	if exactly {
		return lines
	}
	tabled := func(line string) int {
		name, _, _ := strings.Cut(line, ": ")
		return slices.Index([]string{"sec-ch-ua-platform", "User-Agent", "sec-ch-ua", "sec-ch-ua-mobile", "Accept"}, name)
	}
	first := slices.IndexFunc(lines, func(line string) bool { return tabled(line) >= 0 })
	end := first
	for end >= 0 && end < len(lines) && tabled(lines[end]) >= 0 {
		end++
	}
	if first >= 0 {
		slices.SortFunc(lines[first:end], func(a, b string) int { return tabled(a) - tabled(b) })
	}
	return lines
}

// holdLines compares lines, and of values that are the browser's own only the names.
func holdLines(t testing.TB, want, got []string) {
	t.Helper()
	unknown := map[string]string{}
	for _, line := range want {
		name, value, _ := strings.Cut(line, ": ")
		if value == fetchrules.Own || value == "(same-site or cross-site)" {
			unknown[name] = line
		}
	}
	for i, line := range got {
		name, _, _ := strings.Cut(line, ": ")
		got[i] = cmp.Or(unknown[name], line)
	}
	require.Equal(t, strings.Join(want, "\n"), strings.Join(got, "\n"))
}
