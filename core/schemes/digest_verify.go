package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
)

// digestCheck is one received request beside what the server expects of it.
type digestCheck struct {
	in       core.Input
	theirs   digestCredentials
	expected digestAnswer
	tr       *core.Trace // the expected steps
}

// verifyDigest compares value by value in the order of the steps, and the response last. in.Challenges
// are what the server asked for; without them realm, nonce and opaque are believed, with a note.
func verifyDigest(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkDigest(in.Values); err != nil {
		return err
	}
	theirs, unreadable := readDigest(req, tr)
	c := digestCheck{in: in, theirs: theirs, tr: tr}
	known := c.expect(req)
	if _, err := c.expected.steps(tr); err != nil {
		return err
	}
	if unreadable != nil {
		return unreadable
	}
	if !known {
		return c.refuse("algorithm", "algorithm", theirs.get("algorithm"), "3.4", c.faultOfAlgorithm())
	}
	for _, check := range []func() error{c.checkOffer, c.checkOwn, c.checkResponse, c.checkUse} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// expect fills in what the server would have answered itself, with what is the client's to choose taken
// from the client. known is false where it chose an algorithm that was not offered.
func (c *digestCheck) expect(req *core.Request) (known bool) {
	offers := c.offers()
	offer := offers[0]
	for i := len(offers) - 1; i >= 0; i-- {
		if offers[i].named == c.theirs.get("algorithm") && (!known || offers[i].realm == c.theirs.get("realm")) {
			offer, known = offers[i], true
		}
	}
	if _, ours := digestNonceAge(c.theirs.get("nonce"), c.in); ours {
		offer.nonce = c.theirs.get("nonce")
	}
	offer.userhash = offer.userhash && isTrue(c.theirs.Challenge, "userhash")
	c.expected = digestAnswer{offer: offer, offered: offers, username: c.in.Values["username"], password: c.in.Values["password"],
		qop: c.theirs.get("qop"), cnonce: c.theirs.get("cnonce"), nc: c.theirs.get("nc"),
		method: req.Method, uri: req.URL.Target(), body: req.Body, env: c.in.Env}
	if c.expected.qop != "" && !offer.allows(c.expected.qop) {
		c.expected.qop = offer.chooseQop(automatic)
	}
	return known
}

// offers are the challenges that this server sent, as far as its own values leave them open, or else
// one made of the request itself.
func (c *digestCheck) offers() []digestOffer {
	var offers []digestOffer
	for _, offer := range digestOffers(c.in.Challenges, &core.Trace{}) {
		if only := c.in.Values["algorithm"]; only == automatic || only == offer.algorithm.name {
			offers = append(offers, offer)
		}
	}
	if len(offers) > 0 {
		return offers
	}
	offer, known := readOffer(c.theirs.Challenge)
	only := c.in.Values["algorithm"]
	if !known || only != automatic && only != offer.algorithm.name {
		offer.named = strings.TrimPrefix(only, automatic) // refused below: it is not theirs
		offer.algorithm, _ = digestAlgorithmOf(offer.named)
	}
	if only := c.in.Values["qop"]; only != automatic && only != qopNone {
		offer.qops = []string{only}
	}
	if offer.nonce != "" {
		c.tr.Note(core.Note{Code: "digest.challenge-unknown", Severity: core.Info, Field: "challenge", Ref: rfc("RFC 7616", "3.4"),
			Message: "it is not known what the server asked for: its realm, nonce and opaque are taken as the request has them"})
	}
	return []digestOffer{offer}
}

// faultOfAlgorithm tells an algorithm that was not offered from one that was, written otherwise.
func (c *digestCheck) faultOfAlgorithm() string {
	theirs, _ := digestAlgorithmOf(c.theirs.get("algorithm"))
	for _, offer := range c.expected.offered {
		if offer.algorithm.name == theirs.name {
			return "the client writes the algorithm otherwise than the server, whose own text has to come back, and none where it names none"
		}
	}
	return "the server did not offer this algorithm"
}

// checkOffer is about what the client had only to copy.
func (c *digestCheck) checkOffer() error {
	offer, theirs := c.expected.offer, c.theirs
	opaque, hasOpaque := theirs.Param("opaque")
	switch {
	case theirs.get("realm") != offer.realm:
		return c.refuse("realm", "realm", theirs.get("realm"), "3.4", "the realm is not the one the server named")
	case theirs.get("nonce") != offer.nonce:
		return c.refuseNonce()
	case offer.hasOpaque && (!hasOpaque || opaque != offer.opaque):
		return c.refuse("opaque", "opaque", opaque, "3.4", "the client does not send back the opaque it was given")
	case !c.qopAllowed():
		return c.refuse("qop", "qop", theirs.get("qop"), "3.4", "the client answers with another qop than the server offers")
	}
	return nil
}

func (c *digestCheck) qopAllowed() bool {
	qop, given := c.theirs.Param("qop")
	if own := c.in.Values["qop"]; own != automatic && (own == qopNone && given || own != qopNone && own != qop) {
		return false
	}
	return !given || qop != qopNone && c.expected.offer.allows(qop) && qop != automatic
}

// refuseNonce says stale only to who knows the password (RFC 7616, section 3.3): the client then tries
// again with the new nonce and without asking its user.
func (c *digestCheck) refuseNonce() error {
	theirs := c.expected
	theirs.offer.nonce = c.theirs.get("nonce")
	var tr core.Trace
	if _, err := theirs.steps(&tr); err == nil && sameSecret(tr.Step("response").Out, c.theirs.get("response")) {
		return c.refuse("stale", "nonce", theirs.offer.nonce, "3.3", "the credentials are right, but for a nonce that this server did not give or no longer knows")
	}
	return c.refuse("unknown-nonce", "nonce", theirs.offer.nonce, "3.4", "the nonce is not one that this server gave")
}

// checkOwn is about what the client says of itself and its request.
func (c *digestCheck) checkOwn() error {
	name, readable := c.theirs.name()
	step, want := "username", c.expected.username
	if c.expected.offer.userhash {
		step, want = "userhash", c.tr.Step("userhash").Out
	}
	uri := c.theirs.get("uri")
	switch {
	case !readable:
		return c.refuse("username", step, "", "3.4", "there has to be one user name that can be read: username, or username* as UTF-8''… and without userhash")
	case name != want && c.isOtherForm(name):
		return c.refuse("normalization", step, name, "4", "the user name is the same, but its characters are composed in another way: send NFC")
	case !sameSecret(name, want):
		return c.refuse("wrong-username", step, name, "3.4", "there is no such user name")
	case c.expected.usesCnonce() && c.expected.cnonce == "":
		return c.refuse("cnonce", "cnonce", "", "3.4", "with a qop or a -sess algorithm the client has to send a cnonce")
	case c.expected.qop != "" && !isNonceCount(c.expected.nc):
		return c.refuse("nc", "nc", c.expected.nc, "3.4", "nc is not a count in eight hexadecimal digits, in lower case")
	case uri != c.expected.uri && uri == strings.TrimSuffix(c.expected.uri, "?"+c.query()):
		return c.refuse("uri", "uri", uri, "3.4.6", "the uri leaves out the query, which belongs to the request target")
	case uri != c.expected.uri:
		return c.refuse("uri", "uri", uri, "3.4.6", "the uri is not the target of the request line")
	}
	return nil
}

// isOtherForm reports whether the name is the right one, composed in another way. A hashed name does not show that by
// itself.
func (c *digestCheck) isOtherForm(name string) bool {
	if !c.expected.offer.userhash {
		return sameComposed(name, c.expected.username)
	}
	return sameSecret(name, c.expected.offer.userHash(otherForm(c.expected.username)))
}

func (c *digestCheck) query() string {
	_, query, _ := strings.Cut(c.expected.uri, "?")
	return query
}

// checkUse comes last: only who knows the password can wear a nonce out.
func (c *digestCheck) checkUse() error {
	nonce := c.expected.offer.nonce
	age, ours := digestNonceAge(nonce, c.in)
	if ours && (age > digestLifetime || age < -digestLifetime) {
		return c.refuse("stale", "nonce", nonce, "3.3", "the nonce is "+strconv.Itoa(int(age.Seconds()))+" seconds old; it is good for "+strconv.Itoa(int(digestLifetime.Seconds())))
	}
	step := "nc"
	if c.expected.qop == "" { // nothing is counted: once has to be enough
		step = "nonce"
	}
	if c.in.Env.Seen != nil && c.in.Env.Seen("digest "+nonce+" "+c.expected.nc, 2*digestLifetime) {
		return c.refuse("replay", step, c.tr.Step(step).Out, "5.12", "this use of the nonce was seen before: count nc up, or ask for a new nonce")
	}
	return nil
}

// refuse names the step and what it should have been, unless that is secret.
func (c *digestCheck) refuse(code, step, got, section, message string) error {
	r := &core.Rejection{Code: "digest." + code, Step: step, Ref: rfc("RFC 7616", section), Message: message}
	if expected := c.tr.Step(step); expected != nil && !expected.Secret && got != expected.Out {
		r.Want, r.Got = expected.Out, got
	}
	return r
}
