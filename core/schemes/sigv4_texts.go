package schemes

import "authpad/core"

// What the steps of Signature Version 4 say. They are a table because a page loads them as data: as
// literals in the functions they would be code, which is many times as much.

// awsText is all of a step that does not depend on the request.
type awsText struct {
	text           string // what the functions call it; the ID is the same but where it has its own
	id             string
	title, op, why string
	page           string   // in the guide
	secret         byte     // never, always, masked
	octets         bool     // in hex
	made           []string // inputs from earlier steps: a name, and where it is from
}

const (
	never byte = iota
	always
	masked // where a session token is in it
)

var awsTexts = [...]awsText{
	{text: "timestamp", title: "Take the time", op: "format", page: awsPage + "#create-string-to-sign",
		why: "The server refuses a request from another time, so that a copy of it ages."},
	{text: "credential-scope", title: "Say what the key is for", op: "join", page: awsPage + "#create-string-to-sign",
		why:  "A server elsewhere, of another service, or tomorrow, must not take this signature.",
		made: []string{"time", "step:timestamp"}},
	{text: "credential", title: "Put the access key in front", op: "join", page: awsPage + "#add-signature-to-request",
		why:  "The server looks the secret up by it.",
		made: []string{"scope", "step:credential-scope"}},
	{text: "session-token", title: "Take the session token", op: "copy", page: awsPage + "#temporary-security-credentials", secret: always,
		why: "Temporary keys are nothing without it: it says who they were made for, and until when."},
	{text: "region-set", title: "Name the regions", op: "copy", page: awsPage + "#create-canonical-request",
		why: "The signature holds in each of them; “*” stands for any text."},
	{text: "payload-hash", title: "Hash the body", op: "sha-256", page: awsPage + "#create-canonical-request", octets: true,
		why: "The signature covers the body by its hash; a body that is changed on the way does not fit it."},
	{text: "payload-unknown", id: "payload-hash", title: "Leave the body uncovered", op: "choose", page: awsPage + "#create-canonical-request",
		why: "The body is not known when the signature is made, so anyone who has it may send any body."},
	{text: "payload-unsigned", id: "payload-hash", title: "Leave the body uncovered", op: "choose", page: awsPage + "#create-canonical-request",
		why: "The signature says so itself, but nobody notices a body that is changed on the way."},
	{text: "canonical-uri", title: "Encode the path", page: awsPage + "#create-canonical-request",
		why: "Paths are written in many ways on their way to the server. S3 encodes each byte once, most others encode the encoded path again."},
	{text: "canonical-headers", title: "List the headers to sign", op: "lower, trim, sort", page: awsPage + "#create-canonical-request", secret: masked,
		why: "Names in lower case, no space around values, one inside: what differs without a meaning must not break the signature."},
	{text: "signed-headers", title: "Name the signed headers", op: "join", page: awsPage + "#create-canonical-request",
		why:  "Browsers and proxies add headers of their own; the server must know which ones count.",
		made: []string{"headers", "step:canonical-headers"}},
	{text: "canonical-query", title: "Encode and sort the query", op: "percent-encode, sort", page: awsPage + "#create-canonical-request",
		why: "Order and encoding may change on the way. A space is %20, a name without value gets its “=”; sorted is what is encoded."},
	{text: "presigned-query", id: "canonical-query", title: "Encode and sort the query", op: "percent-encode, sort", page: awsPage + "#create-canonical-request", secret: masked,
		why:  "All that is sent in the address is signed, but for the signature: when, for how long, by whom, which headers.",
		made: []string{"X-Amz-Credential", "step:credential", "X-Amz-Date", "step:timestamp", "X-Amz-SignedHeaders", "step:signed-headers"}},
	{text: "canonical-request", title: "Write the request in canonical form", op: "join", page: awsPage + "#create-canonical-request", secret: masked,
		why:  "Both sides must come to this text byte for byte; AWS prints its own when a signature does not match.",
		made: []string{"path", "step:canonical-uri", "query", "step:canonical-query", "headers", "step:canonical-headers", "names", "step:signed-headers", "payload", "step:payload-hash"}},
	{text: "canonical-request-hash", title: "Hash the canonical request", op: "sha-256", page: awsPage + "#create-canonical-request-hash", octets: true,
		why:  "What is signed stays short, however long the request is.",
		made: []string{"canonical request", "step:canonical-request"}},
	{text: "string-to-sign", title: "Write what is signed", op: "join", page: awsPage + "#create-string-to-sign",
		why:  "Time and scope are signed, too, so that neither can be exchanged.",
		made: []string{"time", "step:timestamp", "scope", "step:credential-scope", "hash", "step:canonical-request-hash"}},
	{text: "k-date", title: "Derive a key for the day", op: "hmac-sha-256", page: awsPage + "#derive-signing-key", secret: always, octets: true,
		why:  "Here the secret enters. Whoever learns a later key cannot go back to it.",
		made: []string{"day, of the time", "step:timestamp"}},
	{text: "k-region", title: "Derive a key for the region", op: "hmac-sha-256", page: awsPage + "#derive-signing-key", secret: always, octets: true,
		why:  "A server of one region need not know the secret, or keys of other regions.",
		made: []string{"key of the day", "step:k-date"}},
	{text: "k-service", title: "Derive a key for the service", op: "hmac-sha-256", page: awsPage + "#derive-signing-key", secret: always, octets: true,
		why:  "Likewise, each service has only keys of its own.",
		made: []string{"key of the region", "step:k-region"}},
	{text: "k-signing", title: "Derive the signing key", op: "hmac-sha-256", page: awsPage + "#derive-signing-key", secret: always, octets: true,
		why:  "It ends the chain, so that no other use of the keys comes to the same one.",
		made: []string{"key of the service", "step:k-service"}},
	{text: "signature", title: "Sign", op: "hmac-sha-256, hex", page: awsPage + "#calculate-signature", octets: true,
		why:  "Only who knows the secret comes to it, and it fits no other request.",
		made: []string{"signing key", "step:k-signing", "string to sign", "step:string-to-sign"}},
	{text: "private-key", title: "Derive the private key", op: "hmac-sha-256, add one", page: awsPage + "#derive-signing-key", secret: always, octets: true,
		why: "Here the secret enters. A hash of it is taken for a number of the curve P-256, and another one if it is too large."},
	{text: "public-key", title: "Compute the public key", op: "p-256", page: awsPage + "#derive-signing-key", octets: true,
		why:  "The servers of all regions know it, and could not sign with it.",
		made: []string{"private key", "step:private-key"}},
	{text: "ecdsa", id: "signature", title: "Sign", op: "ecdsa-p256-sha256, der, hex", page: awsPage + "#calculate-signature", octets: true,
		why:  "Each signature is another one, since a random number goes into it; all of them fit the public key.",
		made: []string{"private key", "step:private-key", "string to sign", "step:string-to-sign"}},
	{text: "authorization", title: "Write the header", op: "join", page: awsPage + "#add-signature-to-request",
		why:  "The server takes credential and names from here, comes to a signature of its own and compares the two.",
		made: []string{"credential", "step:credential", "signed headers", "step:signed-headers", "signature", "step:signature"}},
	{text: "signed-query", title: "Put everything into the query", op: "percent-encode, join", page: awsPage + "#add-signature-to-request", secret: masked,
		why:  "The address alone is now enough: whoever has it may send this request until it expires.",
		made: []string{"credential", "step:credential", "signed headers", "step:signed-headers", "signature", "step:signature"}},
}

// add records a step: its text from the table, what it is made of, and its output.
func (s *awsSigning) add(text, out string, in ...core.Part) string {
	t := textOf(text)
	step := core.Step{ID: t.id, Title: t.title, Op: t.op, Why: t.why, Out: out, Ref: awsRef(t.page),
		Hex: t.octets, Secret: t.secret == always || t.secret == masked && s.masked}
	if step.ID == "" {
		step.ID = t.text
	}
	first := len(s.parts)
	s.parts = append(s.parts, in...)
	for i := 0; i < len(t.made); i += 2 {
		from := s.tr.Step(t.made[i+1][len("step:"):])
		s.parts = append(s.parts, core.Part{Name: t.made[i], Value: from.Out, From: t.made[i+1], Secret: from.Secret})
	}
	step.In = s.parts[first:len(s.parts):len(s.parts)]
	return s.tr.Add(step)
}

func textOf(name string) *awsText {
	for i := range awsTexts {
		if awsTexts[i].text == name {
			return &awsTexts[i]
		}
	}
	return nil // a mistake of ours, which every test finds
}

func (s *awsSigning) out(id string) string { return s.tr.Step(id).Out }
