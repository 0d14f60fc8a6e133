package schemes

import (
	"authpad/core"
	"authpad/core/syntax"
)

// Notes and errors that more than one scheme has.

// notePlainHTTP warns of a secret that anyone on the way can read. Requests to this machine itself
// do not leave it: https would protect from nobody there.
func notePlainHTTP(scheme, secret string, req *core.Request, tr *core.Trace) {
	if req.URL.Scheme != "http" || req.URL.Loopback() {
		return
	}
	tr.Note(core.Note{Code: scheme + ".plain-http", Severity: core.Warn, Field: "url", Ref: rfc("RFC 9110", "17.16.1"),
		Message: "http is not encrypted: anyone on the way can read " + secret + " and use it again",
		Fix:     "use https"})
}

// unsendable refuses what no header line can carry (RFC 9110, section 5.5).
func unsendable(scheme, field, label, text string) error {
	fault := syntax.FieldValueFault(text)
	if fault == "" {
		return nil
	}
	return &core.FieldError{Field: field, Code: scheme + ".not-sendable", Ref: rfc("RFC 9110", "5.5"),
		Message: "the " + label + " contains " + fault + ", which a header cannot carry; look whether it came along when you copied"}
}

// trimmed is text without the space around it, which no recipient of a header line gets to see
// (RFC 9110, section 5.5). A note says so: it often comes with a paste.
func trimmed(scheme, field, label, text string, tr *core.Trace) string {
	kept := syntax.TrimSpace(text)
	if kept != text {
		tr.Note(core.Note{Code: scheme + ".space", Severity: core.Info, Field: field, Ref: rfc("RFC 9110", "5.5"),
			Message: "the space around the " + label + " is left out: a header value loses it on the way",
			Fix:     "remove it"})
	}
	return kept
}
