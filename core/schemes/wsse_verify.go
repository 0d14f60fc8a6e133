package schemes

import (
	"encoding/base64"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// The server's side of WSSE.

// wsseWindow is how old a token may be: OASIS recommends five minutes (section 3.1).
const wsseWindow = 5 * time.Minute

// verifyWSSE computes the digest of the server's own password with nonce and time of the request.
func verifyWSSE(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkWSSE(in.Values); err != nil {
		return err
	}
	theirs, unreadable := readWSSE(req)
	s := expectedWSSE(in, theirs)
	s.steps(tr)
	line, err := authorization(req)
	switch {
	case err != nil:
		return err
	case !isWSSEProfile(line):
		return &core.Rejection{Code: "wsse.profile", Step: "authorization", Want: wsseProfile, Ref: atomRef,
			Message: `the Authorization header does not say WSSE profile="UsernameToken"`}
	case unreadable != nil:
		return unreadable
	}
	if err := s.judgeOwn(in, theirs); err != nil {
		return err
	}
	if !sameSecret(theirs.digest, tr.Step("password-digest").Out) {
		return s.wrongDigest(theirs, tr)
	}
	key := "wsse\n" + theirs.username + "\n" + theirs.nonce + "\n" + theirs.created
	if in.Env.Seen != nil && in.Env.Seen(key, 2*wsseWindow) {
		return &core.Rejection{Code: "wsse.replay", Step: "nonce", Got: visible(theirs.nonce), Ref: oasisRef("3.1"),
			Message: "this nonce was used before: the request is a copy"}
	}
	return nil
}

// expectedWSSE takes nonce and time of the request, or else new ones. Where the server leaves the form of
// the nonce open, it is the one that gives the digest of the request.
func expectedWSSE(in core.Input, theirs wsseToken) wsseSide {
	s := wsseSide{values: in.Values, token: wsseToken{username: in.Values["username"], nonce: theirs.nonce, created: theirs.created},
		nonce:   core.Part{Name: "nonce", Value: theirs.nonce, From: "request:headers"},
		created: core.Part{Name: "time", Value: theirs.created, From: "request:headers"}}
	if theirs.nonce == "" {
		s.token.nonce, s.token.created = in.Env.Nonce("nonce", 16), wsseTime(in.Env.Now())
		s.nonce.Value, s.nonce.From = s.token.nonce, "env:nonce"
		s.created.Value, s.created.From = s.token.created, "env:now"
	}
	s.form = nonceFormOf(s.token.nonce, in.Values["nonceForm"])
	_, both := decodeNonce(s.token.nonce)
	if other := s.otherForm(); both && in.Values["nonceForm"] == nonceEither && sameSecret(other.digest(), theirs.digest) {
		return other
	}
	return s
}

func (s wsseSide) otherForm() wsseSide {
	if s.form == nonceDecoded {
		s.form = nonceAsText
	} else {
		s.form = nonceDecoded
	}
	return s
}

func (s wsseSide) digest() string {
	return wsseDigest(string(s.octets())+s.token.created+s.values["password"], s.values["digestForm"])
}

// judgeOwn is about what the client says of itself: name, nonce and time.
func (s wsseSide) judgeOwn(in core.Input, theirs wsseToken) error {
	if name := in.Values["username"]; theirs.username != name {
		r := &core.Rejection{Code: "wsse.wrong-username", Step: "username", Want: name, Got: visible(theirs.username), Ref: atomRef,
			Message: "there is no such user name"}
		if platform.NFC(name) == platform.NFC(theirs.username) {
			r.Code, r.Message = "wsse.normalization", "the user name is the same, but its characters are composed in another way: send NFC"
		}
		return r
	}
	if _, encoded := decodeNonce(theirs.nonce); !encoded && s.form == nonceDecoded {
		return &core.Rejection{Code: "wsse.nonce", Step: "nonce", Got: visible(theirs.nonce), Ref: oasisRef("3.1"),
			Message: "the nonce is not base64 with its padding"}
	}
	at, ok := syntax.ParseTime(theirs.created)
	if !ok {
		return &core.Rejection{Code: "wsse.created", Step: "created", Want: "a time such as " + wsseTime(in.Env.Now()), Got: visible(theirs.created), Ref: oasisRef("3.1"),
			Message: "the time is not written as 2003-12-15T14:43:07Z"}
	}
	return refuseTime("wsse.clock", "created", in.Env.Now(), at, wsseWindow, oasisRef("3.1"))
}

// wrongDigest tries the forms that implementations mix up. It does not say the right digest, which would
// be as good as the password until its time is over.
func (s wsseSide) wrongDigest(theirs wsseToken, tr *core.Trace) error {
	if sameSecret(theirs.digest, s.otherForm().digest()) {
		return &core.Rejection{Code: "wsse.nonce-form", Step: "nonce-octets", Want: tr.Step("nonce-octets").Out, Got: hexOf(s.otherForm().octets()), Ref: oasisRef("3.1"),
			Message: "the password is right, but the client hashes other bytes of the nonce: this server wants " + s.wants()}
	}
	hexed := s
	hexed.values = core.Values{"password": s.values["password"], "digestForm": digestOfHex}
	if s.values["digestForm"] == digestOfHex {
		hexed.values["digestForm"] = digestOfBytes
	}
	if sameSecret(theirs.digest, hexed.digest()) {
		return &core.Rejection{Code: "wsse.digest-form", Step: "password-digest", Ref: oasisRef("3.1"),
			Message: "the password is right, but its digest is written in another form: " + digestFormOf(theirs.digest) + ", which this server does not take"}
	}
	composed := s
	composed.values = core.Values{"password": otherForm(s.values["password"]), "digestForm": s.values["digestForm"]}
	if sameSecret(theirs.digest, composed.digest()) {
		return &core.Rejection{Code: "wsse.normalization", Step: "digest-input", Ref: oasisRef("3.1"),
			Message: "the password is the same, but its characters are composed in another way (NFC, NFD) than the server has them"}
	}
	return &core.Rejection{Code: "wsse.wrong-password", Step: "digest-input", Ref: oasisRef("3.1"),
		Message: "the digest differs: the password is not the one of this user name, or nonce or time arrived changed"}
}

func (s wsseSide) wants() string {
	if s.form == nonceDecoded {
		return "those that it stands for in base64"
	}
	return "the text as it is sent"
}

func digestFormOf(digest string) string {
	if text, err := base64.StdEncoding.DecodeString(digest); err == nil && strings.Trim(string(text), "0123456789abcdef") == "" {
		return "base64 of hexadecimal digits"
	}
	return "base64 of the bytes"
}
