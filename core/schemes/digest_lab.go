package schemes

import (
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// The server's half of asking: what a 401 says, and how it knows its own nonces again without keeping
// them (RFC 7616, section 3.3 proposes a time and a hash of it with a secret).

const (
	digestOpaque   = "bm90aGluZyB0byByZW1lbWJlcg=="
	digestLifetime = 5 * time.Minute // of a nonce
)

// challengeDigest offers the strong algorithm first and the one that every client knows second, both
// with one nonce, as RFC 7616, section 3.9.1 does; or only what the server's own values name.
func challengeDigest(in core.Input) []core.Challenge {
	algorithms, qops := []string{"SHA-256", "MD5"}, qopAuth+", "+qopAuthInt
	if only := in.Values["algorithm"]; only != automatic && only != "" {
		algorithms = []string{only}
	}
	if only := in.Values["qop"]; only != automatic && only != "" {
		qops = only
	}
	nonce := newDigestNonce(in)
	var challenges []core.Challenge
	for _, algorithm := range algorithms {
		c := core.Challenge{Scheme: "Digest", Params: []core.Param{{Name: "realm", Value: realm}}}
		if qops != qopNone {
			c.Params = append(c.Params, core.Param{Name: "qop", Value: qops})
		}
		c.Params = append(c.Params, core.Param{Name: "algorithm", Value: algorithm}, core.Param{Name: "nonce", Value: nonce},
			core.Param{Name: "opaque", Value: digestOpaque}, core.Param{Name: "charset", Value: "UTF-8"})
		if in.Refused != nil && (in.Refused.Code == "digest.stale" || in.Refused.Code == "digest.replay") {
			c.Params = append(c.Params, core.Param{Name: "stale", Value: "true"})
		}
		challenges = append(challenges, c)
	}
	return challenges
}

// newDigestNonce is time "." chance "." MAC of both. The chance keeps two of one moment apart.
func newDigestNonce(in core.Input) string {
	made := strconv.FormatInt(in.Env.Now().UnixMilli(), 16) + "." + in.Env.Nonce("server-nonce", 8)
	return made + "." + digestNonceMAC(made, in.Values)
}

// digestNonceMAC is keyed with the password: who could forge a nonce could as well answer an honest one.
// Where a password is worth guessing a server needs a key of its own here; the lab's is printed beside it.
func digestNonceMAC(made string, v core.Values) string {
	return hexOf(mac("SHA-256", []byte(v["password"]), []byte("digest nonce "+made))[:16])
}

// digestNonceAge reads a nonce; ours is false where newDigestNonce did not make it.
func digestNonceAge(nonce string, in core.Input) (age time.Duration, ours bool) {
	end := strings.LastIndexByte(nonce, '.')
	if end < 0 || !sameSecret(nonce[end+1:], digestNonceMAC(nonce[:end], in.Values)) {
		return 0, false
	}
	made, _, _ := strings.Cut(nonce, ".")
	ms, err := strconv.ParseInt(made, 16, 64)
	return in.Env.Now().Sub(time.UnixMilli(ms)), err == nil
}

// tellDigest proves that the server knows the password, too (RFC 7616, section 3.5), and names the next
// nonce before this one is worn out: without qop it is good for one request, else for three, or half its
// lifetime. So a client meets both, counting and a new nonce.
func tellDigest(in core.Input, req *core.Request, answer *core.Response, tr *core.Trace) error {
	theirs, err := readDigest(req, &core.Trace{})
	a, ha1 := proofOf(theirs, answer.Body, tr)
	if in.Refused != nil || err != nil || ha1 == nil {
		return nil
	}
	line := `rspauth="` + a.stepsOfProof(ha1, core.Part{}, tr) + `"`
	if a.qop != "" {
		line += ", qop=" + a.qop + ", cnonce=" + syntax.Quote(a.cnonce) + ", nc=" + a.nc
	}
	if age, _ := digestNonceAge(a.offer.nonce, in); a.qop == "" || a.nc > "00000002" || age > digestLifetime/2 {
		line += ", nextnonce=" + syntax.Quote(newDigestNonce(in))
	}
	answer.Header.Add("Authentication-Info", line)
	return nil
}
