package schemes_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/schemes"
)

func TestBasicVectors(t *testing.T) {
	vectors.Load(t, "basic").Run(t, map[string]func(*testing.T, vectors.Case){
		"encode": func(t *testing.T, c vectors.Case) {
			var v struct {
				Username, Password, Charset string
				Expect                      struct{ Authorization string }
			}
			c.Decode(t, &v)
			require.Equal(t, "UTF-8", v.Charset)
			values := core.Values{"username": v.Username, "password": v.Password, "charset": "utf-8"}
			req, _, err := build(t, "basic", values, core.Request{})
			require.NoError(t, err)
			require.Equal(t, core.Header{{Name: "Authorization", Value: v.Expect.Authorization}}, req.Header)
			require.NoError(t, verify(t, "basic", values, req.Header))
		},
		"reject": func(t *testing.T, c vectors.Case) {
			var v struct{ Username, Password, Error string }
			c.Decode(t, &v)
			_, _, err := build(t, "basic", core.Values{"username": v.Username, "password": v.Password}, core.Request{})
			wanted := map[string]string{"colon in user-id": "basic.colon", "control character": "basic.control"}
			require.Equal(t, wanted[v.Error], fieldError(t, err).Code)
		},
		"parse": func(t *testing.T, c vectors.Case) {
			var v struct {
				Authorization string
				Expect        struct {
					Username, Password string
					Error              bool
				}
			}
			c.Decode(t, &v)
			err := verify(t, "basic", core.Values{"username": v.Expect.Username, "password": v.Expect.Password},
				core.Header{{Name: "Authorization", Value: v.Authorization}})
			if v.Expect.Error {
				asRejection(t, err)
				return
			}
			require.NoError(t, err)
		},
	})
}

func TestBasicRefusesWhatItCannotSay(t *testing.T) {
	for name, c := range map[string]struct {
		values      core.Values
		field, code string
		says        string
	}{
		"a colon in the user name":         {core.Values{"username": "a:b"}, "username", "basic.colon", "colon"},
		"a line break in the user name":    {core.Values{"username": "a\nb"}, "username", "basic.control", "line break"},
		"a C1 control in the password":     {core.Values{"password": "a\u0085b"}, "password", "basic.control", "control character"},
		"DEL in the password":              {core.Values{"password": "a\x7fb"}, "password", "basic.control", "control character"},
		"Hangul in ISO-8859-1":             {core.Values{"username": "한글", "charset": "iso-8859-1"}, "username", "basic.charset", "choose UTF-8"},
		"NFD in ISO-8859-1":                {core.Values{"username": "Zoe\u0308", "charset": "iso-8859-1"}, "username", "basic.charset", "NFC"},
		"the euro sign in ISO-8859-1":      {core.Values{"password": "€", "charset": "iso-8859-1"}, "password", "basic.charset", "choose UTF-8"},
		"bytes that are no text, in UTF-8": {core.Values{"password": "\xff"}, "password", "basic.charset", "is not UTF-8 text"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "basic", c.values, core.Request{})
			wrong := fieldError(t, err)
			require.Equal(t, c.field, wrong.Field)
			require.Equal(t, c.code, wrong.Code)
			require.Contains(t, wrong.Message, c.says)
		})
	}
	t.Run("an Authorization header of one's own", func(t *testing.T) {
		own := core.Request{Header: core.Header{{Name: "authorization", Value: "Bearer x"}}}
		for _, id := range []string{"basic", "bearer"} {
			_, _, err := build(t, id, nil, own)
			require.Equal(t, "authorization.conflict", fieldError(t, err).Code)
			require.Equal(t, "headers", fieldError(t, err).Field)
		}
	})
}

func TestBasicWritesISO88591(t *testing.T) {
	values := core.Values{"username": "test", "password": "123£", "charset": "iso-8859-1"}
	req, tr, err := build(t, "basic", values, core.Request{})
	require.NoError(t, err)
	require.Equal(t, "746573743a313233a3", tr.Step("octets").Out) // £ is A3 there
	require.Equal(t, "Basic dGVzdDoxMjOj", req.Header[0].Value)
	require.NoError(t, verify(t, "basic", values, req.Header))
}

func TestBasicNamesWhatDiffers(t *testing.T) {
	zoe := core.Values{"username": "Zoë", "password": "open sesame"}
	for name, c := range map[string]struct {
		server, client core.Values
		code, step     string
	}{
		"another user name": {zoe, core.Values{"username": "Zoé"}, "basic.wrong-username", "username"},
		"another password":  {zoe, core.Values{"password": "open"}, "basic.wrong-password", "password"},
		"ISO-8859-1 where UTF-8 is expected": {zoe, core.Values{"charset": "iso-8859-1"},
			"basic.other-charset", "octets"},
		"UTF-8 where ISO-8859-1 is expected": {merged(zoe, core.Values{"charset": "iso-8859-1"}), core.Values{"charset": "utf-8"},
			"basic.other-charset", "octets"},
		"ISO-8859-1 and another password": {zoe, core.Values{"charset": "iso-8859-1", "password": "x"},
			"basic.not-utf-8", "octets"},
		"a space behind the password":  {zoe, core.Values{"password": "open sesame "}, "basic.space", "password"},
		"a space in front of the name": {zoe, core.Values{"username": " Zoë"}, "basic.space", "username"},
		"the same name in NFD":         {zoe, core.Values{"username": "Zoe\u0308"}, "basic.normalization", "username"},
		"the same password in NFD":     {merged(zoe, core.Values{"password": "é"}), core.Values{"password": "e\u0301"}, "basic.normalization", "password"},
	} {
		t.Run(name, func(t *testing.T) {
			req, _, err := build(t, "basic", merged(c.server, c.client), core.Request{})
			require.NoError(t, err)
			rejection := asRejection(t, verify(t, "basic", c.server, req.Header))
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
		})
	}
}

// The commonest fault of credentials that were encoded by hand: “echo user:pass | base64” encodes its line break.
func TestBasicKnowsEcho(t *testing.T) {
	err := verify(t, "basic", core.Values{"username": "a", "password": "b"}, core.Header{{Name: "Authorization", Value: "Basic YTpiCg=="}})
	rejection := asRejection(t, err)
	require.Equal(t, "basic.space at password", rejection.Code+" at "+rejection.Step)
	require.Contains(t, rejection.Message, "echo -n")
}

func TestBasicIsStrictAboutWhatItReads(t *testing.T) {
	for value, want := range map[string]string{
		"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ":       "basic.base64", // no padding
		"Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==":     "basic.base64", // bits in the padding
		"Basic QWxhZGRp\r\nbjpvcGVuIHNlc2FtZQ==": "basic.base64",
		"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==,":    "basic.base64",
		"Basic":                                  "basic.no-colon",
		"Basic dXNlcg==":                         "basic.no-colon",
		"BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==":      "authorization.scheme",
		"Digest QWxhZGRpbjpvcGVuIHNlc2FtZQ==":    "authorization.scheme",
		"":                                       "authorization.scheme",
	} {
		err := verify(t, "basic", core.Values{"username": "Aladdin", "password": "open sesame"}, core.Header{{Name: "Authorization", Value: value}})
		require.Equal(t, want, asRejection(t, err).Code, value)
	}
	twice := core.Header{{Name: "Authorization", Value: "Basic Og=="}, {Name: "Authorization", Value: "Basic Og=="}}
	require.Equal(t, "authorization.repeated", asRejection(t, verify(t, "basic", nil, twice)).Code)
	require.Equal(t, "authorization.missing", asRejection(t, verify(t, "basic", nil, nil)).Code)
}

// What stands where a scheme should is told only where it is the name of one: it may be a token without.
func TestAnotherSchemeIsNamedIfItIsOne(t *testing.T) {
	for value, got := range map[string]string{"AWS4-HMAC-SHA256 Credential=x": "AWS4-HMAC-SHA256", "bearer abc": "bearer", "s3cr3t": "", "": "", "basic2 x": ""} {
		rejection := asRejection(t, verify(t, "basic", nil, core.Header{{Name: "Authorization", Value: value}}))
		require.Equal(t, "authorization.scheme "+got, rejection.Code+" "+rejection.Got, value)
	}
}

func TestBasicNotes(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		url    string
		want   []string
	}{
		"nothing to say":         {core.Values{"username": "a", "password": "b"}, "https://example.com/", nil},
		"plain http":             {core.Values{"username": "a", "password": "b"}, "http://example.com/", []string{"basic.plain-http"}},
		"http to this machine":   {core.Values{"username": "a", "password": "b"}, "http://127.0.0.1:8765/", nil},
		"http to localhost":      {core.Values{"username": "a", "password": "b"}, "http://api.localhost./", nil},
		"http to ::1":            {core.Values{"username": "a", "password": "b"}, "http://[::1]/", nil},
		"http to a name like it": {core.Values{"username": "a", "password": "b"}, "http://127.example.com/", []string{"basic.plain-http"}},
		"empty fields":           {nil, "https://example.com/", []string{"basic.empty-username", "basic.empty-password"}},
		"space around":           {core.Values{"username": "a", "password": "b "}, "https://example.com/", []string{"basic.space"}},
		"a no-break space":       {core.Values{"username": "\u00a0a", "password": "b"}, "https://example.com/", []string{"basic.space"}},
		"NFD":                    {core.Values{"username": "\u1112\u1161\u11ab", "password": "e\u0301"}, "https://example.com/", []string{"basic.decomposed", "basic.decomposed"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := buildAt(t, "basic", c.values, c.url)
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}

func TestBasicShowsBothFormsOfHangul(t *testing.T) {
	_, tr, err := build(t, "basic", core.Values{"username": "\u1112\u1161\u11ab", "password": "\u1100\u1173\u11af"}, core.Request{})
	require.NoError(t, err)
	require.Contains(t, tr.Notes[0].Message, "e18492e185a1e186ab instead of ed959c")
	require.Equal(t, "ed959c", tr.Step("username").In[2].Value)
	require.NotContains(t, tr.Notes[1].Message, "eab880", "the password's bytes")
	require.Equal(t, core.Part{Name: "its bytes in NFC, hex", Value: "eab880", From: "field:password", Secret: true}, tr.Step("password").In[2])
}

// The judge is net/http, which was not written by us.
func FuzzBasicAgreesWithNetHTTP(f *testing.F) {
	for _, c := range vectors.Load(f, "basic").Cases {
		var v struct{ Username, Password, Authorization string }
		c.DecodeSome(f, &v)
		f.Add(v.Username, v.Password, v.Authorization)
	}
	f.Add("Zoë", "é:€", "Basic Wm/Dqzo=")
	f.Fuzz(func(t *testing.T, username, password, line string) {
		values := core.Values{"username": username, "password": password}
		req, _, err := build(t, "basic", values, core.Request{})
		if err == nil {
			native := &http.Request{Header: http.Header{"Authorization": {req.Header[0].Value}}}
			gotName, gotPassword, ok := native.BasicAuth()
			require.True(t, ok)
			require.Equal(t, []string{username, password}, []string{gotName, gotPassword})
			native.SetBasicAuth(username, password)
			require.Equal(t, native.Header.Get("Authorization"), req.Header[0].Value)
		}
		if err == nil && verify(t, "basic", values, core.Header{{Name: "Authorization", Value: line}}) == nil {
			require.Equal(t, req.Header[0].Value[5:], " "+lastWord(line), "accepted another line than the one signed")
		}
	})
}

func TestBasicChallenge(t *testing.T) {
	scheme, _ := schemes.ByID("basic")
	realm := core.Param{Name: "realm", Value: "authpad lab"}
	require.Equal(t, []core.Challenge{{Scheme: "Basic", Params: []core.Param{realm, {Name: "charset", Value: "UTF-8"}}}},
		scheme.Challenge(core.Input{Values: core.Values{"charset": "utf-8"}}))
	require.Equal(t, []core.Challenge{{Scheme: "Basic", Params: []core.Param{realm}}},
		scheme.Challenge(core.Input{Values: core.Values{"charset": "iso-8859-1"}}))
}
