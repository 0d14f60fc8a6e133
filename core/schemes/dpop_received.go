package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/keys"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// A proof as it came (RFC 9449, section 4.3, checks 1 to 5 and 7).

// dpopReceived is what the DPoP header holds. Its claims are texts, "" where they are missing.
type dpopReceived struct {
	*jwsToken
	key                       core.Key
	algorithm                 string
	jti, htm, htu, ath, nonce string
	iat                       member
	right                     bool // nothing is wrong with it but, maybe, its signature
}

func refuseDPoP(code, step, section, message string) *core.Rejection {
	return &core.Rejection{Code: "dpop." + code, Step: step, Ref: rfc("RFC 9449", section), Message: message}
}

// receiveDPoP reads the proof. What was readable comes back beside the rejection.
func receiveDPoP(header core.Header) (r *dpopReceived, wrong *core.Rejection) {
	r = &dpopReceived{jwsToken: &jwsToken{}}
	switch lines := header.Values("DPoP"); len(lines) {
	case 0:
		return r, refuseDPoP("missing", "signing-input", "4.3", "the request has no DPoP header")
	case 1:
		r.jwsToken = readJWS(syntax.TrimSpace(lines[0]))
	default:
		return r, refuseDPoP("repeated", "signing-input", "4.3", "the request has more than one DPoP header")
	}
	switch {
	case r.jwsToken.wrong != nil:
		return r, refuseDPoP("malformed", r.jwsToken.wrong.Step, "4.3", "the DPoP header is no JWT: "+r.jwsToken.wrong.Message)
	case r.wrongClaims != nil:
		return r, refuseDPoP("malformed", "claims", "4.3", "the proof’s claims are no JSON object whose members are there once each")
	}
	if wrong = r.readHeader(); wrong == nil {
		wrong = r.readClaims()
	}
	return r, wrong
}

func (r *dpopReceived) readHeader() *core.Rejection {
	r.algorithm = r.header["alg"].text
	if r.algorithm == "Ed25519" { // its name since RFC 9864; core.Keys has the older one
		r.algorithm = "EdDSA"
	}
	known := false
	for _, o := range dpopAlgorithms {
		known = known || o.Value == r.algorithm
	}
	_, critical := r.header["crit"]
	switch {
	case r.header["typ"].text != "dpop+jwt" || r.header["typ"].kind != json.String:
		return refuseDPoP("typ", "header", "4.3", "typ is not dpop+jwt: another kind of token must not pass for a proof")
	case !known:
		return refuseDPoP("algorithm", "header", "4.3", "alg is “"+visible(r.algorithm)+"”, no algorithm of a key pair that this server takes")
	case critical:
		return refuseDPoP("crit", "header", "4.3", "the header has members that must be understood (crit), and are not")
	}
	return r.readKey()
}

// readKey reads jwk, which must not hold the private half (RFC 9449, section 4.3, check 7).
func (r *dpopReceived) readKey() (wrong *core.Rejection) {
	text, private, set := memberText(r.headerText, "jwk"), false, false
	in := json.NewReader([]byte(text))
	err := in.Object(func(name []byte) error {
		switch string(name) {
		case "d", "p", "q", "dp", "dq", "qi", "oth", "k":
			private = true
		case "keys":
			set = true
		}
		return in.Skip()
	})
	switch {
	case err != nil:
		return refuseDPoP("jwk", "key", "4.3", "the header has no jwk with the public key")
	case set:
		return refuseDPoP("jwk", "key", "4.3", "jwk is a set of keys; it has to be the one public key")
	case private:
		return refuseDPoP("private-jwk", "key", "4.3", "jwk holds a private or secret key, which is now known to everyone on the way")
	}
	if r.key, err = keys.Parse(text); err == nil {
		err = keys.Fits(r.key, r.algorithm)
	}
	if err != nil {
		r.key = core.Key{}
		return refuseDPoP("jwk", "key", "4.3", "jwk is no key for "+r.algorithm+": "+messageOf(err))
	}
	return nil
}

// messageOf is the text of an error of package keys without its code.
func messageOf(err error) string {
	if wrong, ok := keys.At("", err).(*core.FieldError); ok {
		return wrong.Message
	}
	return err.Error()
}

// memberText is the value of an object's member as it is written.
func memberText(object, name string) (text string) {
	r := json.NewReader([]byte(object))
	_ = r.Object(func(member []byte) (err error) {
		if string(member) != name {
			return r.Skip()
		}
		text, err = r.Raw()
		return err
	})
	return text
}

func (r *dpopReceived) readClaims() *core.Rejection {
	r.iat = r.claims["iat"]
	for _, c := range [...]struct {
		name     string
		text     *string
		required bool
	}{{"jti", &r.jti, true}, {"htm", &r.htm, true}, {"htu", &r.htu, true}, {"ath", &r.ath, false}, {"nonce", &r.nonce, false}} {
		m, given := r.claims[c.name]
		switch {
		case given && m.kind != json.String || c.required && given && m.text == "":
			return refuseDPoP("claim-type", "claims", "4.2", c.name+" is empty or is not a text")
		case c.required && !given:
			return refuseDPoP("missing-claim", "claims", "4.3", "the proof lacks "+c.name)
		}
		*c.text = m.text
	}
	if _, given := r.claims["iat"]; !given {
		return refuseDPoP("missing-claim", "claims", "4.3", "the proof lacks iat")
	}
	if _, isDate := r.iat.date(); !isDate {
		return refuseDPoP("claim-type", "claims", "4.2", "iat "+r.iat.notDate()+"; it has to be in seconds since 1970")
	}
	return nil
}

// sameTarget compares two addresses after the normalisation of RFC 3986, section 6.2, without query and
// fragment (RFC 9449, section 4.3, check 9).
func sameTarget(htu string, u core.URL) bool {
	parsed, err := platform.ParseURL(htu, "")
	return err == nil && isPlainURI(htu) && parsed.Username+parsed.Password == "" && normalTarget(parsed) == normalTarget(u)
}

// isPlainURI leaves out what the browsers' parser mends and other servers read otherwise: space, backslashes,
// another number of slashes than two.
func isPlainURI(text string) bool {
	_, rest, found := strings.Cut(text, "://")
	return found && !strings.HasPrefix(rest, "/") && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f })
}

// normalTarget is dpopTarget with unreserved characters as themselves, and all other escapes in capitals.
func normalTarget(u core.URL) string {
	text := dpopTarget(u)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+2 >= len(text) {
			b.WriteByte(text[i])
			continue
		}
		if plain := syntax.PercentDecode(text[i : i+3]); len(plain) == 1 && syntax.Unreserved(plain[0]) {
			b.WriteString(plain)
		} else {
			b.WriteString(strings.ToUpper(text[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

// splitJWT is the three parts of what looks like a JWT, else nil.
func splitJWT(token string) []string {
	parts := strings.Split(token, ".")
	if !strings.HasPrefix(token, "eyJ") || len(token) > maxJWT || len(parts) != 3 {
		return nil
	}
	return parts
}
