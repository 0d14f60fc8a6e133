package schemes

import (
	"strings"

	"authpad/core"
)

// What the server makes of a response that is not the expected one (RFC 7616, section 3.4.1).

// checkResponse tries the mistakes that a hash shows, once it is not the expected one.
func (c *digestCheck) checkResponse() error {
	got := c.theirs.get("response")
	if sameSecret(got, c.tr.Step("response").Out) {
		return nil
	}
	if sameSecret(strings.ToLower(got), c.tr.Step("response").Out) {
		return c.refuse("upper-case", "response", got, "3.4.1", "the response is right, but for its letters: they have to be in lower case")
	}
	for _, m := range digestMistakes {
		as := c.expected
		if !m.make(&as) {
			continue
		}
		var tr core.Trace
		if _, err := as.steps(&tr); err == nil && sameSecret(got, tr.Step("response").Out) {
			return c.refuse(m.code, m.step, "", m.section, m.message)
		}
	}
	message := "the password is not the one this server knows"
	if c.expected.qop == qopAuthInt {
		message += ", or the body is not what the client hashed"
	}
	return c.refuse("wrong-password", "ha1", "", "3.4.2", message)
}

// digestMistakes are what clients do wrong with the right password; make is false where it is none.
var digestMistakes = []struct {
	code, step, section, message string
	make                         func(a *digestAnswer) bool
}{
	{"formula", "response", "3.4.1", "the response is that of the form without qop, though the client sends one",
		func(a *digestAnswer) bool { sent := a.qop; a.qop = ""; return sent != "" }},
	{"qop-missing", "response", "3.4.1", "the response is that of a qop, though the client sends none",
		func(a *digestAnswer) bool { sent := a.qop; a.qop = a.offer.chooseQop(automatic); return sent == "" }},
	{"body-left-out", "body-hash", "3.4.3", "the client hashed an empty body instead of the one it sends",
		func(a *digestAnswer) bool { had := len(a.body) > 0; a.body = nil; return had && a.qop == qopAuthInt }},
	{"other-charset", "ha1", "4", "user name and password are right, but hashed in ISO-8859-1 instead of UTF-8", asLatin1},
	{"normalization", "ha1", "4", "the password is the same, but its characters are composed in another way (NFC, NFD) than the server has them",
		func(a *digestAnswer) bool { was := a.password; a.password = otherForm(was); return a.password != was }},
	{"method", "ha2", "3.4.3", "the client hashed the method GET instead of the one it sends",
		func(a *digestAnswer) bool { was := a.method; a.method = "GET"; return was != "GET" }},
}

// asLatin1 is for hashing only: the texts are bytes then, and no UTF-8.
func asLatin1(a *digestAnswer) bool {
	name, ok := encodeCharset(a.username, latin1Charset)
	password, okToo := encodeCharset(a.password, latin1Charset)
	a.username, a.password = string(name), string(password)
	return ok && okToo
}
