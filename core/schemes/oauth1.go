package schemes

import (
	"strings"

	"authpad/core"
)

// OAuth 1.0 (RFC 5849): each request signed with the secrets of the application and of the person it
// acts for. Used by Twitter, Flickr, Tumblr, Discogs, NetSuite, LTI 1 and many shops.
var oauth1 = core.Scheme{
	ID: "oauth1", Name: "OAuth 1.0",
	Summary: "Signs each request with the secrets of an application and of the person it acts for.",
	Refs:    []core.Ref{rfc("RFC 5849", ""), bodyHashRef},
	Fields: []core.Field{
		{ID: "consumerKey", Label: "Consumer key", Kind: core.TextField, Placeholder: "dpf43f3p2l4k3l03",
			Help: "The application’s name at the server, also called API key or client key."},
		{ID: "consumerSecret", Label: "Consumer secret", Kind: core.SecretField, Secret: true, When: withSecrets,
			Help: "The application’s password, also called API secret. It is never sent, but for PLAINTEXT."},
		{ID: "token", Label: "Token", Kind: core.TextField, Placeholder: "nnch734d00sl2jdk",
			Help: "What the server gave the application for one person, also called access token. Empty if there is none yet."},
		{ID: "tokenSecret", Label: "Token secret", Kind: core.SecretField, Secret: true, When: withSecrets,
			Help: "It came together with the token."},
		{ID: "signatureMethod", Label: "Signature method", Kind: core.ChoiceField, Default: "HMAC-SHA1",
			Help:    "The server’s documentation names it. HMAC uses the secrets, RSA a private key; PLAINTEXT sends the secrets.",
			Options: oauthMethods},
		{ID: "privateKey", Label: "Private key", Kind: core.MultilineField, Secret: true,
			When: core.When{Field: "signatureMethod", Values: []string{"RSA-SHA1", "RSA-SHA256", "RSA-SHA512"}},
			Help: "An RSA key, as PEM or JWK.", ToVerify: "Its public half will do.", Placeholder: "-----BEGIN PRIVATE KEY-----"},
		{ID: "in", Label: "Where", Kind: core.ChoiceField, Default: inHeader, Advanced: true, Free: true,
			Help:    "Servers take the parameters in each of these places; the header is the usual one.",
			Options: []core.Option{{Value: inHeader, Label: "Header"}, {Value: inQuery, Label: "Query"}, {Value: inBody, Label: "Form body"}}},
		{ID: "realm", Label: "Realm", Kind: core.TextField, Advanced: true, Optional: true, Placeholder: "Photos",
			Help: "Which part of the server is meant. Only if its documentation asks for one; it is not signed."},
		{ID: "callback", Label: "Callback", Kind: core.TextField, Advanced: true, Free: true, Placeholder: "https://app.example/ready",
			Help: "Only when asking for a request token: the address to come back to, or “oob” if there is none."},
		{ID: "verifier", Label: "Verifier", Kind: core.TextField, Advanced: true, Free: true, Placeholder: "hfdp7dh39dks9884",
			Help: "Only when exchanging a request token: the code that came back with the person."},
		{ID: "bodyHash", Label: "Sign the body’s hash", Kind: core.ToggleField, Default: "false", Advanced: true, Free: true,
			Help: "Covers a body that is not a form, such as JSON. LTI and Mastercard want it.", ToVerify: "Demands it."},
		{ID: "version", Label: "Send oauth_version", Kind: core.ToggleField, Default: "true", Advanced: true, Free: true,
			Help: "Always 1.0. Servers do not need it, but some insist, and few refuse it."},
	},
	Answers: []string{"oauth"},
	Sign:    signOAuth1, Verify: verifyOAuth1, Challenge: challengeOAuth1,
	Example: core.Example{
		Values: core.Values{"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44",
			"token": "nnch734d00sl2jdk", "tokenSecret": "pfkkdhi9sl3r4s00"},
		Wrong: core.Values{"tokenSecret": "pfkkdhi9sl3r4s01"},
		Step:  "key",
	},
}

const inBody = "body"

var (
	withSecrets  = core.When{Field: "signatureMethod", Values: []string{"HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", plaintext}}
	oauthMethods = []core.Option{{Value: "HMAC-SHA1", Label: "HMAC-SHA1"}, {Value: "HMAC-SHA256", Label: "HMAC-SHA256"},
		{Value: "HMAC-SHA512", Label: "HMAC-SHA512"}, {Value: "RSA-SHA1", Label: "RSA-SHA1"}, {Value: "RSA-SHA256", Label: "RSA-SHA256"},
		{Value: "RSA-SHA512", Label: "RSA-SHA512"}, {Value: plaintext, Label: "PLAINTEXT (https only)"}}
)

func signOAuth1(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	if isForm(req) || v["in"] == inBody || sendsBodyHash(v, req) {
		if err := req.BringBody(); err != nil {
			return err
		}
	}
	if err := checkOAuth1(v, req); err != nil {
		return err
	}
	key, err := oauthKey(in, true)
	if err != nil {
		return err
	}
	noteOAuth1(v, key, req, tr)
	s := oauthSide{in: in, req: req, tr: tr, key: key}
	s.nameParties()
	s.makeUnique()
	if sendsBodyHash(v, req) {
		if err := s.hashBody(); err != nil {
			return err
		}
	}
	protocol := s.ownParams()
	s.collect(protocol)
	signature, err := s.sign(s.composeBase())
	if err != nil {
		return err
	}
	return s.write(s.place(v["in"], protocol, signature))
}

// ownParams are the parameters that a client sends, in the order of RFC 5849's examples.
func (s oauthSide) ownParams() []core.Param {
	v := s.in.Values
	params := []core.Param{{Name: "oauth_consumer_key", Value: v["consumerKey"]}}
	add := func(name, value string, send bool) {
		if send {
			params = append(params, core.Param{Name: name, Value: value})
		}
	}
	nonce := s.tr.Step("nonce").Out
	unique := nonce != "" || v["signatureMethod"] != plaintext // RFC 5849, section 3.1: PLAINTEXT may leave both out
	add("oauth_token", v["token"], v["token"] != "")
	add("oauth_signature_method", v["signatureMethod"], true)
	add("oauth_timestamp", s.tr.Step("timestamp").Out, unique)
	add("oauth_nonce", nonce, unique)
	add("oauth_version", "1.0", v["version"] == "true")
	add("oauth_callback", v["callback"], v["callback"] != "")
	add("oauth_verifier", v["verifier"], v["verifier"] != "")
	if step := s.tr.Step("body-hash"); step != nil {
		add("oauth_body_hash", step.Out, true)
	}
	return params
}

// write puts the last step where the person wants it.
func (s oauthSide) write(last string) error {
	switch s.in.Values["in"] {
	case inQuery:
		s.req.URL.Query = last
	case inBody:
		s.req.Body = []byte(last)
	default:
		return setAuthorization(s.req, last)
	}
	return nil
}

// challengeOAuth1 is RFC 5849, section 3.5.1.
func challengeOAuth1(in core.Input) []core.Challenge {
	named := in.Values["realm"]
	if named == "" {
		named = realm
	}
	return []core.Challenge{{Scheme: "OAuth", Params: []core.Param{{Name: "realm", Value: named}}}}
}

func trimQuestion(query string) string { return strings.TrimPrefix(query, "?") }
