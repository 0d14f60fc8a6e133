package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Akamai EdgeGrid, version 1: method, address, chosen headers and the beginning of a POST's body, signed
// with a key for one second (https://developer.akamai.com/introduction/Client_Auth.html).
// edgegrid_steps.go has the formula of both sides, edgegrid_text.go its texts, edgegrid_verify.go the server.
var edgegrid = core.Scheme{
	ID: "edgegrid", Name: "Akamai EdgeGrid",
	Summary: "Signs method, address and the body of a POST with the credentials of an Akamai API client.",
	Refs:    []core.Ref{edgeRef("Authorization Header")},
	Fields: []core.Field{
		{ID: "clientToken", Label: "Client token", Kind: core.TextField, Placeholder: "akab-c113ntt0k3n4qtari252bfxxbsl-yvsdj",
			Help: "client_token in the .edgerc file. It is sent, and no secret by itself."},
		{ID: "clientSecret", Label: "Client secret", Kind: core.SecretField, Secret: true,
			Help: "client_secret in the .edgerc file. It is never sent: a key is made of it for each second."},
		{ID: "accessToken", Label: "Access token", Kind: core.TextField, Placeholder: "akab-acc35t0k3nodujqunph3w7hzp7-gtm6ij",
			Help: "access_token in the .edgerc file. It is sent."},
		{ID: "headersToSign", Label: "Headers to sign", Kind: core.TextField, Advanced: true, Placeholder: "X-Test1, X-Test2",
			Help: "Names with commas between, in the order the API wants. Empty for nearly all of Akamai’s APIs."},
		{ID: "maxBody", Label: "Bytes of the body", Kind: core.NumberField, Default: "131072", Advanced: true,
			Help: "How much of a POST’s body is signed at most: max_body in the .edgerc file."},
	},
	Answers: []string{"eg1-hmac-sha256"},
	Sign:    signEdgeGrid, Verify: verifyEdgeGrid, Challenge: challengeEdgeGrid,
	Example: core.Example{
		Values: edgeExample,
		Wrong:  core.Values{"clientSecret": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy="},
		Step:   "signing-key",
	},
}

// The account of the tests of Akamai's own libraries.
const (
	edgeHost = "https://akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net"
	edgeAuth = "EG1-HMAC-SHA256 client_token=akab-client-token-xxx-xxxxxxxxxxxxxxxx;access_token=akab-access-token-xxx-xxxxxxxxxxxxxxxx;" +
		"timestamp=20140321T19:34:21+0000;nonce=nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx;"
)

var (
	edgeExample = core.Values{"clientToken": "akab-client-token-xxx-xxxxxxxxxxxxxxxx",
		"clientSecret": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=", "accessToken": "akab-access-token-xxx-xxxxxxxxxxxxxxxx"}
	edgeNonces  = map[string]string{"nonce": "nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"}
	edgeTestRef = core.Ref{Doc: "AkamaiOPEN-edgegrid-node", Section: "test/test_data.json",
		URL: "https://github.com/akamai/AkamaiOPEN-edgegrid-node/blob/master/test/test_data.json"}
)

func edgeRef(section string) core.Ref {
	return core.Ref{Doc: "OPEN API Client Authentication", Section: section, URL: "https://developer.akamai.com/introduction/Client_Auth.html"}
}

func signEdgeGrid(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkEdgeGrid(in.Values); err != nil {
		return err
	}
	if req.Header.Has("Authorization") {
		return setAuthorization(req, "") // says that this is a conflict
	}
	s := newEdgeSide(in, req, tr)
	if s.coversBody() {
		if err := req.BringBody(); err != nil {
			return err
		}
	}
	if strings.ContainsAny(s.nonce.Value, edgeForbidden) || s.nonce.Value == "" || !syntax.ValidFieldValue(s.nonce.Value) {
		return &core.FieldError{Field: "nonces", Code: "edgegrid.nonce", Ref: edgeRef("Authorization Header Fields"),
			Message: "the nonce is empty or has a space, a semicolon, a line break or another character that the header cannot carry; pin another text, such as a UUID"}
	}
	noteEdgeGrid(s, tr)
	line, err := s.steps()
	if err != nil {
		return err
	}
	return setAuthorization(req, line)
}

// challengeEdgeGrid says what the server wants; Akamai's own names no scheme.
func challengeEdgeGrid(core.Input) []core.Challenge {
	return []core.Challenge{{Scheme: "EG1-HMAC-SHA256", Params: []core.Param{{Name: "realm", Value: realm}}}}
}
