package schemes

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a server offers with Digest challenges, and which of them is answered (RFC 7616, sections 3.3
// and 3.7).

// digestOffer is a challenge that can be answered.
type digestOffer struct {
	realm, nonce, opaque string
	named                string // the algorithm as the server writes it, and wants it back; empty: it names none
	algorithm            digestAlgorithm
	qops                 []string // those known here, in the server's order; none: it asks for the form of RFC 2069
	otherQops            string   // those not known here
	hasOpaque            bool
	userhash, utf8       bool
	stale                bool // the server refused a nonce, not the credentials
}

// digestOffers returns the challenges that can be answered, and says in notes why others cannot.
func digestOffers(challenges []core.Challenge, tr *core.Trace) []digestOffer {
	var offers []digestOffer
	for _, c := range challenges {
		if !strings.EqualFold(c.Scheme, "Digest") {
			continue
		}
		offer, known := readOffer(c)
		switch {
		case !known:
			tr.Note(core.Note{Code: "digest.unknown-algorithm", Severity: core.Info, Field: "challenge", Ref: rfc("RFC 7616", "3.3"),
				Message: "a challenge is left out: nothing here hashes with the algorithm “" + visible(offer.named) + "”"})
		case offer.nonce == "":
			tr.Note(core.Note{Code: "digest.no-nonce", Severity: core.Warn, Field: "challenge", Ref: rfc("RFC 7616", "3.3"),
				Message: "a challenge is left out: it has no nonce, without which there is nothing to answer"})
		default:
			offers = append(offers, offer)
		}
		if known && offer.otherQops != "" {
			tr.Note(core.Note{Code: "digest.unknown-qop", Severity: core.Info, Field: "challenge", Ref: rfc("RFC 7616", "3.3"),
				Message: "the server offers a qop that is not known here and left out: " + visible(offer.otherQops)})
		}
	}
	return offers
}

func readOffer(c core.Challenge) (offer digestOffer, known bool) {
	offer.realm = octetsOf(c, "realm")
	offer.nonce = octetsOf(c, "nonce")
	_, offer.hasOpaque = c.Param("opaque")
	offer.opaque = octetsOf(c, "opaque")
	offer.named, _ = c.Param("algorithm")
	offer.userhash = isTrue(c, "userhash")
	offer.stale = isTrue(c, "stale")
	charset, _ := c.Param("charset")
	offer.utf8 = strings.EqualFold(charset, "UTF-8")
	list, _ := c.Param("qop")
	for _, qop := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		switch lower := strings.ToLower(qop); {
		case lower == qopAuth || lower == qopAuthInt:
			offer.qops = append(offer.qops, lower)
		default:
			offer.otherQops = strings.TrimLeft(offer.otherQops+", "+qop, ", ")
		}
	}
	offer.algorithm, known = digestAlgorithmOf(offer.named)
	return offer, known
}

// octetsOf is what goes back as it came, in the form that a header line can have.
func octetsOf(c core.Challenge, name string) string {
	value, _ := c.Param(name)
	return syntax.FieldOctets(value)
}

func isTrue(c core.Challenge, name string) bool {
	value, _ := c.Param(name)
	return strings.EqualFold(value, "true")
}

// allows reports whether this way to answer is open. The form without qop is there for servers that
// never heard of it, and can be tried on any.
func (o digestOffer) allows(qop string) bool {
	switch qop {
	case automatic:
		return len(o.qops) > 0 || o.otherQops == ""
	case qopNone:
		return true
	}
	return slices.Contains(o.qops, qop)
}

// chooseQop prefers auth: servers that offer both often fail on bodies, and curl and browsers never
// send auth-int. Empty stands for the form without qop.
func (o digestOffer) chooseQop(chosen string) string {
	switch {
	case chosen == qopNone || chosen == automatic && len(o.qops) == 0:
		return ""
	case chosen == automatic && slices.Contains(o.qops, qopAuth):
		return qopAuth
	case chosen == automatic:
		return o.qops[0]
	}
	return chosen
}

// chooseOffer returns the strongest that the two choices of the person leave, and the server's first
// among equals. It is not for picking what the server does not offer: that could only be refused.
func chooseOffer(offers []digestOffer, v core.Values) (best digestOffer, err error) {
	if len(offers) == 0 {
		return best, nil
	}
	byAlgorithm := 0
	for _, offer := range offers {
		if v["algorithm"] != automatic && v["algorithm"] != offer.algorithm.name {
			continue
		}
		byAlgorithm++
		if offer.allows(v["qop"]) && offer.algorithm.rank > best.algorithm.rank {
			best = offer
		}
	}
	switch {
	case best.algorithm.rank > 0:
		return best, nil
	case byAlgorithm == 0:
		return best, &core.FieldError{Field: "algorithm", Code: "digest.algorithm-not-offered", Ref: rfc("RFC 7616", "3.3"),
			Message: "the server does not offer this algorithm, but " + offeredAlgorithms(offers) + "; choose one it offers, or automatic"}
	case v["qop"] == automatic:
		return best, &core.FieldError{Field: "qop", Code: "digest.qop-unknown", Ref: rfc("RFC 7616", "3.3"),
			Message: "the server offers only a qop that is not known here; choose none to try without"}
	}
	return best, &core.FieldError{Field: "qop", Code: "digest.qop-not-offered", Ref: rfc("RFC 7616", "3.3"),
		Message: "the server does not offer " + v["qop"] + "; choose automatic"}
}

func offeredAlgorithms(offers []digestOffer) string {
	names := make([]string, 0, len(offers))
	for _, offer := range offers {
		if name := offer.algorithm.name; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
