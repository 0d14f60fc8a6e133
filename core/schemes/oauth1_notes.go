package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// What OAuth 1.0 cannot carry, and what a person may not have meant.

// checkOAuth1 refuses what cannot be signed or sent.
func checkOAuth1(v core.Values, req *core.Request) error {
	if err := checkOAuth1Values(v); err != nil {
		return err
	}
	wrong := func(field, code, section, message string) error {
		return &core.FieldError{Field: field, Code: "oauth1." + code, Message: message, Ref: rfc("RFC 5849", section)}
	}
	query, form := oauthSources(req)
	switch {
	case req.URL.Port == "0":
		return wrong("url", "port", "3.4.1.2", "nothing can be reached at port 0; leave the port out, or write the server’s")
	case len(query) > len(without(query)):
		return wrong("url", "conflict", "3.5", "the address already has parameters that begin with oauth_; remove them: they are made anew for each request")
	case len(form) > len(without(form)):
		return wrong("body", "conflict", "3.5", "the form already has fields that begin with oauth_; remove them: they are made anew for each request")
	case v["in"] == inBody && !isForm(req):
		return wrong("body", "not-a-form", "3.5.2", "the parameters can go into the body only if it is a form ("+formType+"); send a form, or choose the header")
	}
	return nil
}

func checkOAuth1Values(v core.Values) error {
	if !syntax.ValidFieldValue(v["realm"]) {
		return &core.FieldError{Field: "realm", Code: "oauth1.realm", Ref: rfc("RFC 9110", "5.5"),
			Message: "the realm contains a line break, a control character or a character above U+00FF, which a header cannot carry"}
	}
	return nil
}

// sendsBodyHash: a form is covered already, and PLAINTEXT covers nothing.
func sendsBodyHash(v core.Values, req *core.Request) bool {
	return v["bodyHash"] == "true" && !isForm(req) && v["signatureMethod"] != plaintext
}

// noteOAuth1 says what a person may not have meant.
func noteOAuth1(v core.Values, key core.Key, req *core.Request, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, section, message, fix string) {
		tr.Note(core.Note{Code: "oauth1." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: rfc("RFC 5849", section)})
	}
	method := v["signatureMethod"]
	if method == plaintext {
		notePlainHTTP("oauth1", "both secrets", req, tr)
		if v["in"] == inQuery {
			note("plaintext-query", core.Warn, "in", "4.4", "both secrets become part of the address, which ends up in logs and histories", "choose the header")
		}
	}
	noteOAuthValues(v, note)
	if v["in"] != inHeader && v["realm"] != "" {
		note("realm-unsent", core.Info, "realm", "3.5.1", "the realm is sent in the Authorization header only, so it is left out here", "")
	}
	switch {
	case v["bodyHash"] == "true" && isForm(req):
		note("body-hash-form", core.Info, "bodyHash", "3.4.1.3.1", "the body is a form, whose fields are signed already; a hash of it must not be sent", "")
	case v["bodyHash"] == "true" && method == plaintext:
		note("body-hash-plaintext", core.Info, "bodyHash", "3.4.4", "PLAINTEXT signs nothing, so a hash of the body would protect nothing; it is left out", "")
	case req.BodySize() > 0 && !isForm(req) && v["bodyHash"] != "true" && method != plaintext:
		note("body-unsigned", core.Info, "body", "3.4.1.3.1", "the body is no form, so the signature does not cover it", "turn on “Sign the body’s hash”, if the server knows it")
	}
	if method == "RSA-SHA1" {
		note("sha1", core.Warn, "signatureMethod", "4.10", "SHA-1 is broken for signatures", "choose RSA-SHA256, if the server takes it")
	}
	noteRSA("oauth1", "privateKey", key, tr)
}

// noteRSA warns of keys below 2048 bits.
func noteRSA(scheme, field string, key core.Key, tr *core.Trace) {
	if bits := keys.Bits(key); key.Kind == "RSA" && bits > 0 && bits < 2048 {
		tr.Note(core.Note{Code: scheme + ".short-key", Severity: core.Warn, Field: field,
			Ref:     core.Ref{Doc: "NIST SP 800-131A Rev. 2", Section: "3", URL: "https://doi.org/10.6028/NIST.SP.800-131Ar2"},
			Message: "the key is " + keys.Describe(key) + ", too short to be safe today", Fix: "make one of 2048 bits or more"})
	}
}

// noteOAuthValues looks at each value by itself.
func noteOAuthValues(v core.Values, note func(code string, severity core.Severity, field, section, message, fix string)) {
	shared := methodOf(v["signatureMethod"]).rsa == ""
	switch {
	case v["consumerKey"] == "":
		note("empty-consumer-key", core.Warn, "consumerKey", "3.1", "the consumer key is empty, and sent so", "")
	case v["consumerSecret"] == "" && shared:
		note("empty-consumer-secret", core.Warn, "consumerSecret", "3.4.2", "the consumer secret is empty: anyone could make this signature", "")
	}
	switch {
	case v["token"] != "" && v["tokenSecret"] == "" && shared:
		note("no-token-secret", core.Warn, "tokenSecret", "3.4.2", "there is a token, but not the secret that came with it", "")
	case v["token"] == "" && v["tokenSecret"] != "":
		note("no-token", core.Warn, "token", "3.1", "there is a token secret, but not the token that it belongs to", "")
	}
	for _, f := range []core.Field{{ID: "consumerKey", Label: "consumer key"}, {ID: "consumerSecret", Label: "consumer secret"},
		{ID: "token", Label: "token"}, {ID: "tokenSecret", Label: "token secret"}, {ID: "verifier", Label: "verifier"}} {
		if value := v[f.ID]; strings.TrimSpace(value) != value {
			note("space", core.Warn, f.ID, "3.6", "there is space around the "+f.Label+", and it is used so", "remove it, if it came along when you copied")
		}
	}
	if c := v["callback"]; c != "" && c != "oob" && !strings.Contains(c, "://") {
		note("callback", core.Warn, "callback", "2.1", "the callback is neither an absolute address nor “oob”", "")
	}
}
