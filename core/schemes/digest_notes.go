package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a person should know of a Digest request before it goes out.

// noteUnasked says why nothing is signed yet.
func noteUnasked(challenges []core.Challenge, tr *core.Trace) {
	for _, c := range challenges {
		if strings.EqualFold(c.Scheme, "Digest") {
			tr.Note(core.Note{Code: "digest.unanswerable", Severity: core.Warn, Field: "challenge", Ref: rfc("RFC 7616", "3.3"),
				Message: "the server asks for Digest in no way that can be answered here; the request goes out without credentials"})
			return
		}
	}
	tr.Note(core.Note{Code: "digest.unasked", Severity: core.Info, Ref: rfc("RFC 7616", "3.1.2"),
		Message: "the first try goes out without credentials: the server has to name its nonce first, in a 401. Send answers that at once, and the steps are shown then",
		Fix:     "paste the WWW-Authenticate line of a 401 to see the answer to it now"})
}

func noteDigestFields(v core.Values, req *core.Request, tr *core.Trace) {
	if req.URL.Scheme == "http" && !req.URL.Loopback() {
		tr.Note(core.Note{Code: "digest.plain-http", Severity: core.Warn, Field: "url", Ref: rfc("RFC 7616", "5.1"),
			Message: "http is not encrypted: anyone on the way reads and can change all but what is hashed, and can try passwords on the hash", Fix: "use https"})
	}
	for _, f := range basicTexts {
		if v[f.ID] == "" {
			tr.Note(core.Note{Code: "digest.empty-" + f.ID, Severity: core.Info, Field: f.ID, Ref: rfc("RFC 7616", "3.4.2"),
				Message: "the " + f.Label + " is empty, and hashed so"})
		}
		noteSpaceAround("digest", f, v[f.ID], rfc("RFC 7616", "3.4.2"), tr)
		noteDecomposed("digest", f, v[f.ID], rfc("RFC 7616", "4"), tr)
	}
	if strings.Contains(v["username"], ":") {
		tr.Note(core.Note{Code: "digest.colon", Severity: core.Warn, Field: "username", Ref: rfc("RFC 7616", "3.4.2"),
			Message: "the user name contains a colon: many servers keep their accounts in lines split by colons and cannot have such a name"})
	}
}

// noteDigestAnswer is about what was chosen of what the server offers.
func noteDigestAnswer(a digestAnswer, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, section, message, fix string) {
		tr.Note(core.Note{Code: "digest." + code, Severity: severity, Field: field, Ref: rfc("RFC 7616", section), Message: message, Fix: fix})
	}
	best := a.offer.algorithm
	for _, other := range a.offered {
		if other.algorithm.rank > best.rank {
			best = other.algorithm
		}
		if other.realm != a.offer.realm {
			note("realms", core.Info, "challenge", "3.3", "the server offers more than one realm; this answers “"+visible(syntax.FieldText(a.offer.realm))+"”", "")
		}
	}
	switch {
	case best.rank > a.offer.algorithm.rank:
		note("weaker", core.Warn, "algorithm", "3.7", "the server offers "+best.name+", which is stronger than the "+a.offer.algorithm.name+" chosen here", "choose automatic")
	case a.offer.algorithm.rank == 1:
		note("md5", core.Info, "algorithm", "5.14", "the server offers nothing stronger than MD5: whoever records this can try passwords very fast", "")
	}
	switch {
	case a.qop == "" && len(a.offer.qops) > 0:
		note("qop-left-out", core.Warn, "qop", "3.4", "the server offers a qop and this is the form without one, which strict servers refuse", "choose automatic")
	case a.qop == "":
		note("no-qop", core.Info, "qop", "3.3", "the server offers no qop: uses of its nonce are not counted, so that it cannot tell a repeated request", "")
	}
	if a.offer.realm == "" {
		note("no-realm", core.Info, "challenge", "3.3", "the challenge names no realm, though each one has to; the empty text is hashed and sent in its place", "")
	}
	if !isASCII(a.username) && !a.offer.utf8 {
		note("charset-unknown", core.Warn, "username", "4", "the server does not say charset=UTF-8: it may not know this form of a name, or hash other bytes", "")
	}
	if syntax.FieldText(a.offer.realm) != a.offer.realm || !isASCII(a.offer.realm) {
		note("realm-charset", core.Info, "challenge", "3.3", "the realm has characters outside ASCII, which are hashed as UTF-8; no rule says in which charset servers hash them", "")
	}
	if a.offer.stale {
		note("stale", core.Info, "challenge", "3.3", "the server says stale=true: it refused the nonce of the last request, not its credentials", "")
	}
}
