package schemes

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"authpad/core"
)

// The server's side of EdgeGrid.

// edgeWindow is how far a request's time may be from the server's.
const edgeWindow = 30 * time.Second

// edgeCredentials is what the header says.
type edgeCredentials struct{ clientToken, accessToken, timestamp, nonce, signature string }

// verifyEdgeGrid computes the signature of what arrived with the server's own secret.
func verifyEdgeGrid(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkEdgeGrid(in.Values); err != nil {
		return err
	}
	s := newEdgeSide(in, req, tr)
	theirs, unreadable := readEdgeGrid(req)
	if unreadable == nil {
		s.timestamp, s.time = theirs.timestamp, core.Part{Name: "timestamp", Value: theirs.timestamp, From: "request:headers"}
		s.nonce = core.Part{Name: "nonce", Value: theirs.nonce, From: "request:headers"}
	}
	if _, err := s.steps(); err != nil {
		return err
	}
	if unreadable != nil {
		return unreadable
	}
	return s.judge(theirs)
}

// readEdgeGrid reads name=value with semicolons between, in the one order that is signed.
func readEdgeGrid(req *core.Request) (edgeCredentials, error) {
	rest, err := credentials(req, "EG1-HMAC-SHA256")
	if err != nil {
		return edgeCredentials{}, err
	}
	var c edgeCredentials
	for _, p := range []struct {
		name string
		into *string
	}{{"client_token", &c.clientToken}, {"access_token", &c.accessToken}, {"timestamp", &c.timestamp}, {"nonce", &c.nonce}, {"signature", &c.signature}} {
		value, ok := strings.CutPrefix(rest, p.name+"=")
		if p.into != &c.signature { // which comes last
			value, rest, _ = strings.Cut(value, ";")
		}
		if !ok || value == "" || strings.ContainsAny(value, edgeForbidden) {
			return c, &core.Rejection{Code: "edgegrid.format", Step: "authorization", Ref: edgeRef("Authorization Header"),
				Message: "the Authorization header has no " + p.name + " where it belongs: client_token, access_token, timestamp, nonce and signature follow each other with a semicolon between"}
		}
		*p.into = value
	}
	return c, nil
}

// judge names the earliest step at which the request parts from what was expected.
func (s edgeSide) judge(theirs edgeCredentials) error {
	refuse := func(code, step, want, got, message string) error {
		return &core.Rejection{Code: "edgegrid." + code, Step: step, Want: want, Got: visible(got), Message: message, Ref: edgeRef("Authorization Header Fields")}
	}
	if theirs.clientToken != s.v["clientToken"] {
		return refuse("wrong-client-token", "client-token", s.v["clientToken"], theirs.clientToken, "the server knows no such client token")
	}
	if theirs.accessToken != s.v["accessToken"] {
		return refuse("wrong-access-token", "access-token", s.v["accessToken"], theirs.accessToken, "the access token is not the one of this client")
	}
	at, ok := readEdgeTime(theirs.timestamp)
	if !ok {
		return refuse("timestamp", "timestamp", edgeTime(s.env.Now()), theirs.timestamp, "the time is not written as 20140321T19:34:21+0000")
	}
	if err := refuseTime("edgegrid.clock", "timestamp", s.env.Now(), at, edgeWindow, edgeRef("Authorization Header Fields")); err != nil {
		return err
	}
	if !sameSecret(theirs.signature, s.tr.Step("signature").Out) {
		return s.wrongSignature(theirs.signature)
	}
	key := "edgegrid\n" + theirs.clientToken + "\n" + theirs.timestamp + "\n" + theirs.nonce
	if s.env.Seen != nil && s.env.Seen(key, 2*edgeWindow) {
		return refuse("replay", "nonce", "", theirs.nonce, "this nonce was used before: the request is a copy")
	}
	return nil
}

// wrongSignature tries what the two sides most often do differently. It does not say the right signature:
// that would be as good as the secret for this request.
func (s edgeSide) wrongSignature(got string) error {
	refuse := func(code, step, message string) error {
		return &core.Rejection{Code: "edgegrid." + code, Step: step, Message: message, Ref: edgeRef("Data to Sign")}
	}
	if octets, err := base64.StdEncoding.Strict().DecodeString(got); err != nil || len(octets) != hashSize("SHA-256") {
		return refuse("signature-form", "signature", "the signature is not base64 of 32 bytes, which are 44 characters; it has "+strconv.Itoa(len(got)))
	}
	headers, hash := s.tr.Step("canonical-headers").Out, s.tr.Step("content-hash").Out
	unsigned, key := s.tr.Step("unsigned-header").Out, s.tr.Step("signing-key").Out
	of := func(headers, hash string) bool { return sameSecret(got, edgeMAC(key, s.data(headers, hash, unsigned))) }
	for _, other := range s.otherHeaders() {
		if other != headers && of(other, hash) {
			return refuse("headers", "canonical-headers", "the secret is right, but the client signs other headers than this server: "+visible(spelled(other)))
		}
	}
	for _, other := range s.otherHashes() {
		if other != hash && of(headers, other) {
			return refuse("content-hash", "content-hash", "the secret is right, but the client hashes another part of the body, or none: only a POST’s is signed, up to "+s.v["maxBody"]+" bytes")
		}
	}
	for _, sent := range asSent(s.req) {
		other := s
		other.req = sent
		if sameSecret(got, edgeMAC(key, other.data(headers, hash, unsigned))) {
			return refuse("address", "data-to-sign", "the secret is right, but "+signedElsewhere(sent, s.req))
		}
	}
	return refuse("wrong-signature", "signing-key", "the signature differs: the client secret is not this server’s, or what was signed arrived changed")
}

func spelled(headers string) string {
	if headers == "" {
		return "none"
	}
	return strings.ReplaceAll(headers, "\t", ", ")
}

// otherHeaders are none, each left out in turn, one more, the list the other way round, and a tab behind it, as the
// specification has it and no library does.
func (s edgeSide) otherHeaders() []string {
	if !isExplained(s.req, 0) {
		return nil
	}
	all := []string{"", s.canonicalHeaders(s.names) + "\t"}
	backwards := slices.Clone(s.names)
	slices.Reverse(backwards)
	all = append(all, s.canonicalHeaders(backwards))
	for _, f := range s.req.Header {
		if name := strings.ToLower(f.Name); !slices.Contains(s.names, name) {
			all = append(all, s.canonicalHeaders(append(slices.Clip(s.names), name)))
		}
	}
	for i := range s.names {
		all = append(all, s.canonicalHeaders(slices.Delete(slices.Clone(s.names), i, i+1)))
	}
	return all
}

// otherHashes are none, that of nothing, and those of the body cut where clients do.
func (s edgeSide) otherHashes() []string {
	all := []string{""}
	for _, size := range []int{0, 2048, 8192, 131072, len(s.req.Body)} {
		h := newHash("SHA-256")
		h.Write(s.req.Body[:min(size, len(s.req.Body))])
		all = append(all, base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return all
}
