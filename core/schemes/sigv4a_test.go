package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
)

// No two signatures of ECDSA are the same: the texts are compared, and theirs verified.
func TestSigV4AVectors(t *testing.T) {
	vectors.Load(t, "sigv4a").Run(t, map[string]func(*testing.T, vectors.Case){"suite": func(t *testing.T, c vectors.Case) {
		var v awsCase
		c.Decode(t, &v)
		for mode, want := range v.byMode() {
			t.Run(mode, func(t *testing.T) {
				values, now := v.values("sigv4a", mode), atTime(t, v.Context.Timestamp)
				signed := v.request(t)
				tr := signPinned(t, "sigv4a", values, now, signed)
				require.Equal(t, want.CanonicalRequest, tr.Step("canonical-request").Out)
				require.Equal(t, want.StringToSign, tr.Step("string-to-sign").Out)
				require.Equal(t, v.PrivateD, tr.Step("private-key").Out)
				require.Equal(t, "04"+v.PublicKey.X+v.PublicKey.Y, tr.Step("public-key").Out)
				checkServer(t, "sigv4a", v, values, signed.Clone(), tr)
				requireWire(t, joinRepeated(withSignature(want.SignedRequest, tr.Step("signature").Out)), signed)
				for _, theirs := range []string{want.Signature, signatureIn(want.SignedRequest)} {
					require.NoError(t, verifyPinned(t, "sigv4a", values, now, signedBy(v.request(t), want.SignedRequest, theirs)))
				}
			})
		}
	}})
}

func signatureIn(text string) string {
	_, rest, _ := strings.Cut(text, "Signature=")
	return rest[:strings.IndexAny(rest+" ", " \n")]
}

func withSignature(text, signature string) string {
	return strings.Replace(text, signatureIn(text), signature, 1)
}

// joinRepeated writes repeated lines as one, which is how they are sent: a browser would join them with a
// space that breaks the signature.
func joinRepeated(text string) string {
	return strings.Replace(text, "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1\n", "My-Header1:value2,value2,value1\n", 1)
}

// signedBy is the request with a signature of theirs, every line as they print it.
func signedBy(req *core.Request, text, signature string) *core.Request {
	head, _, _ := strings.Cut(withSignature(text, signature), "\n\n")
	lines := strings.Split(head, "\n")
	if _, query, found := strings.Cut(strings.TrimSuffix(lines[0], " HTTP/1.1"), "?"); found {
		req.URL.Query = "?" + query
	}
	req.Header = nil
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		req.Header.Add(name, value)
	}
	return req
}

func TestSigV4ARegions(t *testing.T) {
	for _, c := range []struct{ server, client, code string }{
		{"us-east-1", "us-east-1", ""},
		{"us-east-1", "*", ""},
		{"us-east-1", "eu-*,us-*", ""},
		{"us-east-1", "eu-west-1", "wrong-region-set"},
		{"us-east-1", "us-east-1*1", "wrong-region-set"},
		{"us-east-1,eu-west-1", "us-*", "wrong-region-set"},
	} {
		for _, mode := range []string{"header", "query"} {
			t.Run(c.server+" "+c.client+" "+mode, func(t *testing.T) {
				values := merged(awsAccount("sigv4a", "service"), core.Values{"in": mode, "regionSet": c.client})
				req := awsRequest(t)
				signPinned(t, "sigv4a", values, atTime(t, awsNow), req)
				_, err := verifyAt(t, "sigv4a", merged(values, core.Values{"regionSet": c.server}), awsNow, req)
				if c.code == "" {
					require.NoError(t, err)
					return
				}
				rejection := asRejection(t, err)
				require.Equal(t, []string{"sigv4a." + c.code, "region-set", c.server, c.client}, []string{rejection.Code, rejection.Step, rejection.Want, rejection.Got})
			})
		}
	}
	t.Run("a set typed with spaces", func(t *testing.T) {
		values, req := merged(awsAccount("sigv4a", "service"), core.Values{"regionSet": " us-east-1, eu-west-1"}), awsRequest(t)
		tr := signPinned(t, "sigv4a", values, atTime(t, awsNow), req)
		require.Equal(t, "us-east-1,eu-west-1", tr.Step("region-set").Out)
		require.Contains(t, codesOf(tr), "sigv4a.space")
		require.NoError(t, verifyPinned(t, "sigv4a", values, atTime(t, awsNow), req))
	})
	t.Run("a set with a line break", func(t *testing.T) {
		values, req := awsAccount("sigv4a", "service"), awsRequest(t)
		signPinned(t, "sigv4a", values, atTime(t, awsNow), req)
		editHeader("X-Amz-Region-Set", "us-east-1", "us-east-1\n")(req)
		_, err := verifyAt(t, "sigv4a", values, awsNow, req)
		require.Equal(t, "sigv4a.wrong-region-set", asRejection(t, err).Code)
	})
	t.Run("a set that was left out", func(t *testing.T) {
		values := merged(awsAccount("sigv4a", "service"), core.Values{"in": "query"})
		req := awsRequest(t)
		signPinned(t, "sigv4a", values, atTime(t, awsNow), req)
		editQuery("&X-Amz-Region-Set=us-east-1", "")(req)
		_, err := verifyAt(t, "sigv4a", values, awsNow, req)
		require.Equal(t, "sigv4a.wrong-region-set", asRejection(t, err).Code)
		require.Contains(t, err.Error(), "missing")
	})
}

// The signature is hex of DER, and nothing that is read the same.
func TestSigV4AIsStrictAboutItsSignature(t *testing.T) {
	values := awsAccount("sigv4a", "service")
	req := awsRequest(t)
	tr := signPinned(t, "sigv4a", values, atTime(t, awsNow), req)
	signature := tr.Step("signature").Out
	for name, other := range map[string]string{"upper case": strings.ToUpper(signature), "half a byte more": signature + "0", "a byte more": signature + "00",
		"a byte less": signature[:len(signature)-2], "R and S alone": strings.Repeat("11", 64), "no hex": "zz"} {
		t.Run(name, func(t *testing.T) {
			changed := req.Clone()
			editHeader("Authorization", signature, other)(changed)
			_, err := verifyAt(t, "sigv4a", values, awsNow, changed)
			require.Equal(t, "sigv4a.malformed", asRejection(t, err).Code)
		})
	}
}

// In a page the keys are asked twice: the first call must come back with nothing but ErrWaits.
func TestSigV4AWaits(t *testing.T) {
	scheme, in := inputFor(t, "sigv4a", awsAccount("sigv4a", "service"), atTime(t, awsNow))
	signed := awsRequest(t)
	require.NoError(t, scheme.Sign(in, signed, &core.Trace{}))
	in.Env.Keys = waitingKeys{}
	require.Equal(t, core.ErrWaits, scheme.Sign(in, awsRequest(t), &core.Trace{}))
	require.Equal(t, core.ErrWaits, scheme.Verify(in, signed, &core.Trace{}))
}

type waitingKeys struct{ core.Keys }

func (waitingKeys) Sign(string, core.Key, []byte) ([]byte, error) { return nil, core.ErrWaits }
func (waitingKeys) Verify(string, core.Key, []byte, []byte) (bool, error) {
	return false, core.ErrWaits
}
func (waitingKeys) Public(core.Key) (core.Key, error)   { return core.Key{}, core.ErrWaits }
func (waitingKeys) Hash(string, []byte) ([]byte, error) { return nil, core.ErrWaits }

func TestSigV4WaitsForTheHashOfALargeBody(t *testing.T) {
	scheme, in := inputFor(t, "sigv4", awsAccount("sigv4", "s3"), atTime(t, awsNow))
	large := awsRequest(t)
	large.Body = make([]byte, 1<<20)
	signed := large.Clone()
	require.NoError(t, scheme.Sign(in, signed, &core.Trace{}))
	in.Env.Keys = waitingKeys{}
	require.Equal(t, core.ErrWaits, scheme.Sign(in, large, &core.Trace{}))
	require.Equal(t, core.ErrWaits, scheme.Verify(in, signed, &core.Trace{}))
	presigned, in2 := inputFor(t, "sigv4", merged(awsAccount("sigv4", "s3"), core.Values{"in": "query"}), atTime(t, awsNow))
	in2.Env.Keys = waitingKeys{}
	require.NoError(t, presigned.Sign(in2, large.Clone(), &core.Trace{}), "a presigned address of S3 does not cover the body")
}
