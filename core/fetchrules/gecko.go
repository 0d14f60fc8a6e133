package fetchrules

import (
	"slices"
	"strconv"
	"strings"

	"authpad/core"
)

// What Firefox 153 sends where Chromium sends something else. Its order is Host, User-Agent to Accept-Encoding, the
// script's own headers, and the rest; a script's own value of one of the first four stands in that one's place.

// addedByGecko is added for Firefox.
func (p *prediction) addedByGecko() core.Header {
	h := make(core.Header, 0, 16)
	h.Add("Host", p.req.URL.Authority())
	p.addUnlessSent(&h, "User-Agent", "user-agent", Own)
	p.addUnlessSent(&h, "Accept", "accept", "*/*")
	p.addUnlessSent(&h, "Accept-Language", "accept-language", Own)
	h.Add("Accept-Encoding", p.codings())
	if p.req.BodySize() > 0 {
		h.Add("Content-Length", strconv.FormatInt(p.req.BodySize(), 10))
	}
	switch {
	case p.f.Mode != "cors" && p.sendsOrigin(): // as the standard has it for the page's referrer policy
		h.Add("Origin", "null")
	case p.sendsOrigin():
		h.Add("Origin", p.f.Origin)
	}
	if p.mayUseStorage() {
		h.Add("Sec-Fetch-Storage-Access", Own)
	}
	if p.target.trustworthy() { // behind Connection while no worker controls the page
		h.Add("Sec-Fetch-Dest", "empty")
		h.Add("Sec-Fetch-Mode", p.f.Mode)
		h.Add("Sec-Fetch-Site", string(p.kinship()))
	}
	h.Add("Connection", "keep-alive")
	if p.mayCarryCookies() {
		h.Add("Cookie", "(the cookies the browser holds, if any)")
	}
	p.addUnlessSent(&h, "Priority", "priority", "u=4")
	p.addCaching(&h)
	if wantsLength(p.method, p.req.BodySize()) && p.req.BodySize() == 0 {
		h.Add("Content-Length", "0")
	}
	return h
}

// preflightOfGecko is the end of a preflight's request as Firefox writes it. Of lines of one name it names each.
func (p *prediction) preflightOfGecko(t *wireText, unsafe []string) {
	var names []string
	for _, f := range p.req.Header {
		if name := strings.ToLower(f.Name); slices.Contains(unsafe, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	t.line("User-Agent", Own)
	t.line("Accept", "*/*")
	t.line("Accept-Language", Own)
	t.line("Accept-Encoding", anyCodings(p.target))
	t.line("Access-Control-Request-Method", p.method)
	if len(names) > 0 {
		t.line("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	t.line("Origin", p.f.Origin)
	if p.mayUseStorage() {
		t.line("Sec-Fetch-Storage-Access", Own)
	}
	t.line("Connection", "keep-alive")
	if p.target.trustworthy() {
		t.line("Sec-Fetch-Dest", "empty")
		t.line("Sec-Fetch-Mode", "cors")
		t.line("Sec-Fetch-Site", string(p.kinship()))
	}
	t.line("Priority", "u=4")
	switch {
	case p.passesCaches():
		t.line("Pragma", "no-cache")
		t.line("Cache-Control", "no-cache")
	case p.revalidates():
		t.line("Cache-Control", "max-age=0")
	}
}
