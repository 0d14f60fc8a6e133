package schemes

import (
	"errors"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// What a person chose for a message signature.

// httpsigAlgorithm is one of RFC 9421, section 3.3.
type httpsigAlgorithm struct {
	name    string // as registered
	jose    string // as core.Keys calls it; empty: a shared secret
	op      string // of a step
	section string
}

var httpsigAlgorithms = []httpsigAlgorithm{
	{"ed25519", "EdDSA", "ed25519", "3.3.6"},
	{"ecdsa-p256-sha256", "ES256", "ecdsa-p256-sha-256", "3.3.4"},
	{"ecdsa-p384-sha384", "ES384", "ecdsa-p384-sha-384", "3.3.5"},
	{"rsa-pss-sha512", "PS512", "rsa-pss-sha-512", "3.3.1"},
	{"rsa-v1_5-sha256", "RS256", "rsa-pkcs1-sha-256", "3.3.2"},
	{"hmac-sha256", "", "hmac-sha-256", "3.3.3"},
}

func httpsigAlgorithmOf(name string) httpsigAlgorithm {
	for _, a := range httpsigAlgorithms {
		if a.name == name {
			return a
		}
	}
	return httpsigAlgorithms[0] // Fill lets no other name in
}

// httpsigSettings are the fields, read.
type httpsigSettings struct {
	httpsigPlan
	algorithm httpsigAlgorithm
	key       core.Key
	secret    []byte // instead of key
	reading   string // how the secret was read: "text", "base64", "hex" or "jwk"
}

// readHTTPSig reads the fields; who signs needs the private half of the key.
func readHTTPSig(in core.Input, signs bool) (s *httpsigSettings, err error) {
	v := in.Values
	s = &httpsigSettings{}
	s.algorithm = httpsigAlgorithmOf(v["algorithm"])
	s.label = v["label"]
	if members, err := syntax.ParseDictionary(s.label); err != nil || len(members) != 1 || members[0].Key != s.label {
		return s, wrongHTTPSig("label", "label", "4.1", "a label begins with a small letter and has small letters, digits and _-.* only, such as sig1")
	}
	if s.components, err = readComponents(v["components"]); err != nil {
		return s, err
	}
	if s.params, err = httpsigParams(in); err != nil {
		return s, err
	}
	if s.algorithm.jose == "" {
		s.secret, s.reading, err = sharedSecret(v["key"], v["keyEncoding"])
		return s, err
	}
	if s.key, err = readKey(in.Env, v["key"], signs); err == nil {
		err = keys.Fits(s.key, s.algorithm.jose)
	}
	return s, keys.At("key", err)
}

//go:noinline
func wrongHTTPSig(field, code, section, message string) error {
	return &core.FieldError{Field: field, Code: "httpsig." + code, Ref: rfc("RFC 9421", section), Message: message}
}

// readComponents reads what stands between the parentheses; it may be written on several lines.
func readComponents(typed string) ([]syntax.Item, error) {
	text := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return r
	}, typed)
	list, err := syntax.ParseInnerList(text)
	switch {
	case err != nil && strings.HasPrefix(strings.TrimLeft(text, " "), "("):
		return nil, wrongHTTPSig("components", "parentheses", "2.5", "only what stands between the parentheses goes here: "+`"@method" "@target-uri"`)
	case err != nil:
		return nil, wrongComponents(text, err)
	}
	if at, u := checkComponents(list, false); u != nil {
		return nil, wrongHTTPSig("components", u.code, u.section, placed(list, at)+u.message)
	}
	return list, nil
}

func wrongComponents(text string, err error) error {
	var wrong *syntax.StructureError
	if errors.As(err, &wrong) {
		if start := 1 + strings.LastIndexByte(text[:wrong.At], ' '); start < len(text) && text[start] != '"' {
			err = &syntax.StructureError{At: start, Message: "the name of a component stands in double quotes"}
		}
	}
	return wrongHTTPSig("components", "syntax", "2.5", err.Error()+`; components are written as "@method" "content-type"`)
}

// placed says which component is meant.
func placed(list []syntax.Item, at int) string {
	return "component " + strconv.Itoa(at+1) + ", " + visible(list[at].String()) + ": "
}

// httpsigComponents is what is signed unless something else is chosen. Who verifies may not have chosen, so
// it asks for nothing: notes say what is not covered.
const httpsigComponents = `"@method" "@target-uri"`

// httpsigOrder is the order of the parameters unless another one is given; alg is sent only where it
// is named there (RFC 9421, section 2.3: any order will do, and none may change it).
const httpsigOrder = "created expires keyid nonce tag"

// httpsigParams are the parameters of a new signature.
func httpsigParams(in core.Input) (params []syntax.ItemParam, err error) {
	v := in.Values
	values := []syntax.ItemParam{{Key: "alg", Value: syntax.Bare{Kind: syntax.StringItem, Text: v["algorithm"]}}}
	now := in.Env.Now().Unix()
	if v["created"] == "true" {
		values = append(values, integerParam("created", now))
	}
	if v["expires"] != "" {
		expires, ok := expiryTime(syntax.TrimSpace(v["expires"]), now)
		if !ok {
			return nil, wrongHTTPSig("expires", "expires", "2.3", "this is neither a number of seconds nor a time such as 2026-01-31T23:59:59Z")
		}
		values = append(values, integerParam("expires", expires))
	}
	for _, f := range [...]struct{ field, key string }{{"keyId", "keyid"}, {"nonce", "nonce"}, {"tag", "tag"}} {
		p := syntax.ItemParam{Key: f.key, Value: syntax.Bare{Kind: syntax.StringItem, Text: v[f.field]}}
		if !p.Value.Valid() {
			return nil, wrongHTTPSig(f.field, "text", "2.3", f.key+" can have printable ASCII characters only")
		}
		if v[f.field] != "" {
			values = append(values, p)
		}
	}
	return ordered(values, v["parameters"])
}

// ordered puts the parameters into the order that was typed; those not named there come last.
func ordered(values []syntax.ItemParam, typed string) (params []syntax.ItemParam, err error) {
	named := strings.Fields(strings.ReplaceAll(typed, ";", " "))
	for i, name := range append(named, strings.Fields(httpsigOrder)...) {
		p, given := syntax.Item{Params: values}.Param(name)
		_, twice := syntax.Item{Params: params}.Param(name)
		switch {
		case !strings.Contains(" alg "+httpsigOrder+" ", " "+name+" "):
			return nil, wrongHTTPSig("parameters", "parameters", "2.3", "“"+visible(name)+"” is no parameter; those are created, expires, keyid, alg, nonce and tag")
		case twice && i < len(named):
			return nil, wrongHTTPSig("parameters", "parameters", "2.3", name+" stands there twice")
		case given && !twice:
			params = append(params, syntax.ItemParam{Key: name, Value: p})
		}
	}
	return params, nil
}

func integerParam(key string, n int64) syntax.ItemParam {
	return syntax.ItemParam{Key: key, Value: syntax.Bare{Kind: syntax.IntegerItem, Number: n}}
}

// expiryTime reads seconds from now on, a Unix time, or a date. Nobody means thirty years from now on.
func expiryTime(text string, now int64) (unix int64, ok bool) {
	if t, isTime := syntax.ParseTime(text); isTime {
		return t.Unix(), true
	}
	n, err := strconv.ParseInt(text, 10, 48)
	if err == nil && n < 1e9 {
		n += now
	}
	return n, err == nil && n >= 0
}

// sharedSecret reads the key of an HMAC. Left to itself it takes a JWK for one, and what can only be
// base64 of 32 bytes or more for that.
func sharedSecret(typed, encoding string) (secret []byte, reading string, err error) {
	shared, isJWK, err := keys.ParseShared(typed)
	switch {
	case isJWK:
		return shared.Secret, "jwk", keys.At("key", err)
	case typed == "":
		return nil, "", wrongHTTPSig("key", "no-key", "3.3.3", "the secret that both sides know is needed")
	case keys.LooksAsymmetric(typed):
		return nil, "", wrongHTTPSig("key", "key-kind", "3.3.3", "this is a key of another kind, or was meant to be; an HMAC needs a secret that both sides know")
	}
	text := strings.TrimSpace(typed)
	octets, isBase64, _ := anyBase64(text)
	digits, notHex := syntax.Unhex(text)
	switch {
	case encoding == "hex" && notHex == nil:
		return digits, "hex", nil
	case encoding == "base64" && isBase64, encoding == automatic && isBase64 && notHex != nil && len(octets) >= 32:
		return octets, "base64", nil
	case encoding == "hex" || encoding == "base64":
		return nil, "", wrongHTTPSig("key", "key-encoding", "3.3.3", "the secret is not written in "+encoding+", which is chosen as its encoding")
	}
	return []byte(typed), "text", nil
}
