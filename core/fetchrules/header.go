package fetchrules

import (
	"strings"

	"authpad/core"
)

// readHeader goes through the lines as fetch does when it fills a Headers object: it checks each,
// drops what a script may not set, and joins repeats.
func (p *prediction) readHeader() {
	p.header = make([]line, 0, len(p.req.Header))
	merged := ""
	for _, f := range p.req.Header {
		value := strings.Trim(f.Value, " \t\r\n")
		if p.headerFault == nil {
			p.headerFault = headerFault(f.Name, value)
		}
		if p.append(f.Name, value) {
			merged = f.Name
		}
	}
	if merged != "" {
		p.out.Notes = append(p.out.Notes, core.Note{Code: "fetch.header-merged", Severity: core.Warn, Field: "headers", Ref: combineRef,
			Message: "the browser sends lines of the same name as one, with commas between: " + merged,
			Fix:     "write one line; for credentials the server would take the whole as one value"})
	}
	if p.crossOrigin() {
		p.judge()
	}
}

// headerFault says why fetch throws on a line. Neither text shows the line: a whole header pasted
// into the name would bring its secret along.
func headerFault(name, value string) *core.Note {
	if !isName(name) {
		return &headerNameFault
	}
	for _, c := range value {
		if c == 0 || c == '\r' || c == '\n' {
			return &headerBreakFault
		}
		if c > 0xff { // what is not UTF-8 reads as U+FFFD
			return &headerLatinFault
		}
	}
	return nil
}

// append follows https://fetch.spec.whatwg.org/#concept-headers-append; it reports whether the line
// was joined with an earlier one.
func (p *prediction) append(name, value string) (joined bool) {
	var buffer [64]byte
	lower := lowerInto(&buffer, name)
	if reason, code := forbiddenHeader(lower, value); code != "" {
		p.drop(name, reason, code, forbiddenHeaderRef)
		return false
	}
	if reason, code := droppedByChromium(lower); code != "" && !p.f.Gecko {
		p.drop(name, reason, code, forbiddenHeaderRef)
		return false
	}
	earlier := p.find(lower)
	if earlier != nil {
		value = earlier.value + ", " + value
	}
	if p.f.Mode == "no-cors" && !safelistedWithoutCORS(lower, value) {
		p.drop(name, "in mode “no-cors” scripts may set only Accept, Accept-Language, Content-Language and simple values of Content-Type; choose mode “cors”",
			"fetch.no-cors-header", noCORSRef)
		return false
	}
	if earlier != nil {
		earlier.value = value
		return true
	}
	p.header = append(p.header, line{name: name, lower: lowerName(name, lower), value: value})
	return false
}

func (p *prediction) find(lower []byte) *line {
	for i := range p.header {
		if p.header[i].lower == string(lower) {
			return &p.header[i]
		}
	}
	return nil
}

// frequent names cost no allocation.
var frequent = [...]string{"accept", "authorization", "content-type", "accept-language", "cache-control", "x-api-key"}

// lowerName is lower as a string, without a copy where there is one already.
func lowerName(name string, lower []byte) string {
	if name == string(lower) {
		return name
	}
	for _, f := range frequent {
		if f == string(lower) {
			return f
		}
	}
	return string(lower)
}

// judge marks what needs no preflight. Together such values may not exceed maxSafeValues: then all
// of them need one (https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names).
func (p *prediction) judge() {
	sum := 0
	for i := range p.header {
		h := &p.header[i]
		var buffer [64]byte
		lower := append(buffer[:0], h.lower...)
		h.safe = safelisted(lower, h.value) || !p.f.Gecko && safelistedByChromium(lower, h.value)
		if h.safe {
			sum += len(h.value)
		}
	}
	for i := range p.header {
		p.header[i].safe = p.header[i].safe && sum <= maxSafeValues
	}
}
