package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/keys"
)

// What a person may not have meant with an HMAC signature.

func noteHMAC(s hmacSide) {
	v, plan := s.in.Values, s.plan
	note := func(code string, severity core.Severity, field, message, fix string) {
		s.tr.Note(core.Note{Code: "hmac." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: plan.preset.ref})
	}
	noteJWSKey("hmac", "key", v["key"], jwsKey{secret: plan.key, encoding: v["keyEncoding"]}, "HS"+strings.TrimPrefix(plan.hash, "SHA-"), s.tr)
	if _, isJWK, _ := keys.ParseShared(v["key"]); v["keyEncoding"] == "text" && (isJWK || keys.LooksAsymmetric(v["key"])) {
		note("key-text", core.Warn, "key", "the key looks like a PEM or a JWK, and is used as the text that it is", "paste the secret alone that both sides share")
	}
	for _, name := range []string{timestampSeconds, timestampMillis, "nonce"} {
		switch {
		case hasName(plan.message, name) && !plan.sends(name):
			note("not-sent", core.Warn, "extraHeaders", "{"+name+"} is signed, but no header carries it: the server cannot check what it does not know",
				"send it, such as “X-Timestamp: {timestamp}” among more headers")
		case plan.sends(name) && !plan.signs(name):
			note("not-signed", core.Warn, "message", "{"+name+"} is sent, but not signed: anyone can change it on the way", "add it to what is signed")
		}
	}
	if !plan.signs(timestampSeconds) && !plan.signs(timestampMillis) && !plan.signs("nonce") {
		note("replayable", core.Info, "message", "neither a time nor a nonce is signed: whoever records this request can send it again at any time", "")
	}
	if s.req.BodySize() > 0 && !plan.signs("body") && !plan.signs(bodySHA256) && !plan.signs(bodySHA256Base64) {
		note("body-not-signed", core.Warn, "message", "the body is not signed: anyone can change it on the way", "add {body} or {body.sha256} to what is signed")
	}
	if plan.preset.id != customPreset && v["message"]+v["header"]+v["value"]+v["extraHeaders"] != "" {
		note("preset-changed", core.Info, "preset", "fields of your own template are filled in and stand in the place of this service’s", "empty them, or choose “My own” to see them")
	}
	if strings.HasSuffix(v["message"], "\n") {
		note("line-end", core.Warn, "message", "what is signed ends with a line break, which counts", "remove it, unless the server signs it, too")
	}
	noteSignedHeaders(s, note)
}

// noteSignedHeaders looks at the headers that the message names.
func noteSignedHeaders(s hmacSide, note func(code string, severity core.Severity, field, message, fix string)) {
	for _, part := range s.plan.message {
		name, is := headerName(part.Name)
		if !is || strings.EqualFold(name, "host") && !typesHost(s.req) {
			continue
		}
		own := false
		for _, l := range s.plan.lines {
			own = own || strings.EqualFold(l.name, name)
		}
		if !own && !s.req.Header.Has(name) {
			note("no-header", core.Warn, "headers", "the request has no header "+name+", which is signed; it counts as empty", "add it to the headers")
		}
		if why := changesOnTheWay(strings.ToLower(name)); why != "" {
			note("browser-changes", core.Warn, "message", "“"+name+"” "+why, "leave it out, or send natively")
		}
	}
}
