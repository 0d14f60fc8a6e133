package schemes

import (
	"encoding/base64"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// EdgeGrid's formula, which both sides compute:
// signature = base64( HMAC-SHA-256( base64( HMAC-SHA-256( secret, timestamp ) ), data to sign ) ).

// edgeSide is what one of the two sides brings to the steps.
type edgeSide struct {
	v           core.Values // without space around them
	env         core.Env
	req         *core.Request
	tr          *core.Trace
	time, nonce core.Part
	timestamp   string
	names       []string // of the headers to sign, in lower case
	maxBody     int
}

// newEdgeSide is what this side would sign at its own time.
func newEdgeSide(in core.Input, req *core.Request, tr *core.Trace) edgeSide {
	now := in.Env.Now()
	v := make(core.Values, len(in.Values))
	for id, value := range in.Values {
		v[id] = strings.TrimSpace(value)
	}
	maxBody, _ := edgeMaxBody(v["maxBody"]) // checkEdgeGrid has looked at it
	return edgeSide{v: v, env: in.Env, req: req, tr: tr, timestamp: edgeTime(now), names: edgeHeaders(v["headersToSign"]), maxBody: maxBody,
		time:  core.Part{Name: "now", Value: syntax.FormatTime(now), From: "env:now"},
		nonce: core.Part{Name: "nonce", Value: in.Env.Nonce("nonce", 16), From: "env:nonce"}}
}

// steps returns the value of the Authorization header.
func (s edgeSide) steps() (string, error) {
	unsigned := s.name()
	headers := s.tr.Add(core.Step{ID: "canonical-headers", Title: "Write the headers to sign", Op: "normalize, join", Ref: edgeRef("Canonicalized Request Headers"),
		Why: "In the order of the list, names in lower case, each run of space one space: proxies change the rest.",
		In:  s.headerParts(), Out: s.canonicalHeaders(s.names)})
	hash, err := s.contentHash()
	if err != nil {
		return "", err
	}
	u := s.req.URL
	data := s.tr.Add(core.Step{ID: "data-to-sign", Title: "Join all with tabs", Op: "join", Ref: edgeRef("Data to Sign"),
		Why: "Both sides must build this text byte for byte; the path goes with its query, and a place for what is missing stays empty.",
		In: []core.Part{{Name: "method", Value: s.req.Method, From: "request:method"}, {Name: "address", Value: u.String(), From: "request:url"},
			{Name: "headers", Value: headers, From: "step:canonical-headers"}, {Name: "content hash", Value: hash, From: "step:content-hash"},
			{Name: "header so far", Value: unsigned, From: "step:unsigned-header"}},
		Out: s.data(headers, hash, unsigned)})
	key := s.tr.Add(core.Step{ID: "signing-key", Title: "Make the key for this second", Op: "hmac-sha-256, base64", Ref: edgeRef("Signing Key"), Secret: true,
		Why: "The secret itself signs nothing but the time. The key is the base64 text, not the bytes it stands for.",
		In: []core.Part{{Name: "time", Value: s.timestamp, From: "step:timestamp"},
			{Name: "client secret", Value: s.v["clientSecret"], From: "field:clientSecret", Secret: true}},
		Out: edgeMAC(s.v["clientSecret"], s.timestamp)})
	signature := s.tr.Add(core.Step{ID: "signature", Title: "Sign the text with this key", Op: "hmac-sha-256, base64", Ref: edgeRef("Signature"),
		Why: "Only who has the client secret can make it, and it fits no other text.",
		In:  []core.Part{{Name: "text", Value: data, From: "step:data-to-sign"}, {Name: "key", Value: key, From: "step:signing-key", Secret: true}},
		Out: edgeMAC(key, data)})
	return s.tr.Add(core.Step{ID: "authorization", Title: "Put the signature behind it", Op: "append", Ref: edgeRef("Authorization Header"),
		Why: "The server computes the signature again from these values and the request.",
		In:  []core.Part{{Name: "header so far", Value: unsigned, From: "step:unsigned-header"}, {Name: "signature", Value: signature, From: "step:signature"}},
		Out: unsigned + "signature=" + signature}), nil
}

// name are the steps of what the header says besides the signature.
func (s edgeSide) name() string {
	field := func(id, step, title, why string) core.Part {
		token := s.tr.Add(core.Step{ID: step, Title: title, Op: "trim", Ref: edgeRef("Authorization Header Fields"), Why: why,
			In: []core.Part{{Name: "token", Value: s.v[id], From: "field:" + id}}, Out: s.v[id]})
		return core.Part{Name: step, Value: token, From: "step:" + step}
	}
	client := field("clientToken", "client-token", "Take the client token", "The server finds the client secret by it.")
	access := field("accessToken", "access-token", "Take the access token", "It says for whom the client acts, and what it may do.")
	at := s.tr.Add(core.Step{ID: "timestamp", Title: "Write the time", Op: "format", Ref: edgeRef("Authorization Header Fields"),
		Why: "The server refuses a request from another time. Dashes are missing in the date, and the zone is +0000.",
		In:  []core.Part{s.time}, Out: s.timestamp})
	nonce := s.tr.Add(core.Step{ID: "nonce", Title: "Draw a nonce", Op: "random", Ref: edgeRef("Authorization Header Fields"),
		Why: "The server takes each one once, so that nobody can send a copy of this request.",
		In:  []core.Part{s.nonce}, Out: s.nonce.Value})
	return s.tr.Add(core.Step{ID: "unsigned-header", Title: "Write the header up to the signature", Op: "join", Ref: edgeRef("Authorization Header"),
		Why: "It is signed as well, byte for byte, the last semicolon included.",
		In:  []core.Part{client, access, {Name: "time", Value: at, From: "step:timestamp"}, {Name: "nonce", Value: nonce, From: "step:nonce"}},
		Out: "EG1-HMAC-SHA256 client_token=" + client.Value + ";access_token=" + access.Value + ";timestamp=" + at + ";nonce=" + nonce + ";"})
}

func (s edgeSide) headerParts() []core.Part {
	parts := []core.Part{{Name: "headers to sign", Value: s.v["headersToSign"], From: "field:headersToSign"}}
	for _, name := range s.names {
		for _, value := range s.req.Header.Values(name) {
			parts = append(parts, core.Part{Name: name, Value: value, From: "request:headers"})
		}
	}
	return parts
}

// canonicalHeaders leaves out what the request does not have. Lines of one name go out as one.
func (s edgeSide) canonicalHeaders(names []string) string {
	var lines []string
	for _, name := range names {
		values := s.req.Header.Values(name)
		for i, value := range values {
			values[i] = strings.Join(strings.Fields(value), " ")
		}
		if values != nil {
			lines = append(lines, name+":"+strings.Join(values, ", "))
		}
	}
	return strings.Join(lines, "\t")
}

// contentHash is base64( SHA-256( the first maxBody bytes ) ) of a POST with a body, else empty.
func (s edgeSide) contentHash() (string, error) {
	step := core.Step{ID: "content-hash", Title: "Leave the body out", Op: "leave out", Ref: edgeRef("Content Hash"),
		Why: "Only a POST’s body is signed: nothing ties another one to this signature.",
		In:  []core.Part{{Name: "method", Value: s.req.Method, From: "request:method"}, requestPart(s.req)}}
	if !s.coversBody() {
		return s.tr.Add(step), nil
	}
	sum, err := hashOfBody(s.env, "SHA-256", s.req.Body[:min(len(s.req.Body), s.maxBody)])
	if err != nil {
		return "", keys.At("body", err)
	}
	step.Title, step.Op, step.Out = "Hash the beginning of the body", "cut, sha-256, base64", base64.StdEncoding.EncodeToString(sum)
	step.Why = "Through its hash the signature covers the body, as far as the server wants to look."
	step.In = append(step.In, core.Part{Name: "bytes at most", Value: s.v["maxBody"], From: "field:maxBody"})
	return s.tr.Add(step), nil
}

func (s edgeSide) coversBody() bool { return s.req.Method == "POST" && s.req.BodySize() > 0 }

func (s edgeSide) data(headers, hash, unsigned string) string {
	u := s.req.URL
	return strings.Join([]string{strings.ToUpper(s.req.Method), u.Scheme, u.Authority(), u.Target(), headers, hash, unsigned}, "\t")
}

func edgeMAC(key, text string) string {
	return base64.StdEncoding.EncodeToString(mac("SHA-256", []byte(key), []byte(text)))
}
