package fetchrules

import (
	"strconv"

	"authpad/core"
)

// added is what Chromium, or Firefox, sends besides the script's headers, in its order. The script's headers stand in
// front of Origin, in one table by hash with Accept, User-Agent and the client hints: several of them may
// also change the order of those.
func (p *prediction) added() core.Header {
	if p.f.Gecko {
		return p.addedByGecko()
	}
	h := make(core.Header, 0, 18)
	h.Add("Host", p.req.URL.Authority())
	h.Add("Connection", "keep-alive")
	if wantsLength(p.method, p.req.BodySize()) {
		h.Add("Content-Length", strconv.FormatInt(p.req.BodySize(), 10))
	}
	p.addCaching(&h)
	trustworthy := p.target.trustworthy() // others get neither client hints nor Sec-Fetch-*
	if trustworthy {
		h.Add("sec-ch-ua-platform", Own)
	}
	h.Add("User-Agent", Own)
	if trustworthy {
		h.Add("sec-ch-ua", Own)
		h.Add("sec-ch-ua-mobile", Own)
	}
	p.addUnlessSent(&h, "Accept", "accept", "*/*")
	if p.sendsOrigin() {
		h.Add("Origin", p.f.Origin)
	}
	if trustworthy {
		p.addFetchMetadata(&h)
	}
	h.Add("Accept-Encoding", p.codings())
	p.addUnlessSent(&h, "Accept-Language", "accept-language", Own)
	if p.mayCarryCookies() {
		h.Add("Cookie", "(the cookies the browser holds, if any)")
	}
	return h
}

func (p *prediction) addUnlessSent(h *core.Header, name, lower, value string) {
	if _, sent := p.sends(lower); !sent {
		h.Add(name, value)
	}
}

// addCaching is what asks caches on the way to stand aside.
func (p *prediction) addCaching(h *core.Header) {
	switch {
	case p.passesCaches():
		p.addUnlessSent(h, "Pragma", "pragma", "no-cache")
		p.addUnlessSent(h, "Cache-Control", "cache-control", "no-cache")
	case p.revalidates():
		p.addUnlessSent(h, "Cache-Control", "cache-control", "max-age=0")
	}
}

func (p *prediction) passesCaches() bool {
	return p.f.Cache == "no-store" || p.f.Cache == "reload" || p.f.Gecko && p.f.Cache == "default" && p.isConditional()
}

func (p *prediction) revalidates() bool {
	return p.f.Cache == "no-cache" || p.f.Cache == "default" && p.isConditional()
}

// isConditional: the script does its own caching with one of these.
func (p *prediction) isConditional() bool {
	for i := range p.header {
		switch p.header[i].lower {
		case "if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range":
			return true
		}
	}
	return false
}

// sendsOrigin follows https://fetch.spec.whatwg.org/#append-a-request-origin-header.
func (p *prediction) sendsOrigin() bool {
	return p.crossOrigin() || p.method != "GET" && p.method != "HEAD"
}

func (p *prediction) addFetchMetadata(h *core.Header) {
	h.Add("Sec-Fetch-Site", string(p.kinship()))
	h.Add("Sec-Fetch-Mode", p.f.Mode)
	h.Add("Sec-Fetch-Dest", "empty")
	if p.mayUseStorage() {
		h.Add("Sec-Fetch-Storage-Access", Own) // "none" where third-party cookies are off
	}
}

func (p *prediction) mayUseStorage() bool {
	return p.f.Credentials == "include" && p.target.trustworthy() && p.kinship() == crossSite
}

// codings: part of a compressed answer could not be undone, so a Range asks for none.
func (p *prediction) codings() string {
	if _, partial := p.sends("range"); partial {
		return "identity"
	}
	return anyCodings(p.target)
}

// anyCodings: proxies in the open may spoil the newer codings.
func anyCodings(target place) string {
	if target.trustworthy() {
		return "gzip, deflate, br, zstd"
	}
	return "gzip, deflate"
}

func (p *prediction) mayCarryCookies() bool {
	return p.f.Credentials == "include" || p.f.Credentials == "same-origin" && p.sameOrigin
}
