package schemes

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// digestAlgorithm is one of RFC 7616, section 6.1.
type digestAlgorithm struct {
	name string // as registered
	op   string // of a step
	rank int    // stronger is more
	sess bool   // HA1 is hashed once more, with both nonces
	sum  func(octets []byte) []byte
}

var digestHashes = []digestAlgorithm{
	{name: "SHA-512-256", op: "sha-512/256", rank: 3, sum: func(octets []byte) []byte { s := sha512.Sum512_256(octets); return s[:] }},
	{name: "SHA-256", op: "sha-256", rank: 2, sum: func(octets []byte) []byte { s := sha256.Sum256(octets); return s[:] }},
	{name: "MD5", op: "md5", rank: 1, sum: func(octets []byte) []byte { s := md5.Sum(octets); return s[:] }},
}

var digestAlgorithmOptions = []core.Option{{Value: automatic, Label: "Automatic"},
	{Value: "MD5", Label: "MD5"}, {Value: "MD5-sess", Label: "MD5-sess"},
	{Value: "SHA-256", Label: "SHA-256"}, {Value: "SHA-256-sess", Label: "SHA-256-sess"},
	{Value: "SHA-512-256", Label: "SHA-512-256"}, {Value: "SHA-512-256-sess", Label: "SHA-512-256-sess"}}

// digestAlgorithmOf knows a name in any case; none at all means MD5 (RFC 7616, section 3.3).
func digestAlgorithmOf(named string) (algorithm digestAlgorithm, known bool) {
	if named == "" {
		named = "MD5"
	}
	base, sess := strings.CutSuffix(strings.ToLower(named), "-sess")
	for _, a := range digestHashes {
		if strings.EqualFold(a.name, base) {
			if a.sess = sess; sess {
				a.name += "-sess"
			}
			return a, true
		}
	}
	return digestAlgorithm{}, false
}

// hash is H(parts joined with colons) in lower-case hex: KD and H of RFC 7616, section 3.3.
func (a digestAlgorithm) hash(parts ...string) string {
	return hexOf(a.sum([]byte(strings.Join(parts, ":"))))
}

func (a digestAlgorithm) ofJoined() string { return a.op + " of the texts, joined with colons" }

// digestAnswer is one answer to a challenge: all that goes into its hashes.
type digestAnswer struct {
	offer              digestOffer
	offered            []digestOffer // the others, too
	username, password string
	qop                string // empty: the form of RFC 2069
	cnonce, nc         string
	method, uri        string
	body               []byte
	env                core.Env // for hashes of large bodies
}

func (a digestAnswer) usesCnonce() bool { return a.qop != "" || a.offer.algorithm.sess }

// steps is the one formula of both sides, RFC 7616, section 3.4.1, and the header line it ends in.
func (a digestAnswer) steps(tr *core.Trace) (line string, err error) {
	a.stepsOfOffer(tr)
	name := a.stepsOfName(tr)
	if a.usesCnonce() {
		tr.Add(core.Step{ID: "cnonce", Title: "Make a nonce of your own", Op: "random", Ref: rfc("RFC 7616", "3.4"),
			Why: "The server cannot prepare hashes for a value that it does not know beforehand.",
			In:  []core.Part{{Name: "cnonce", Value: a.cnonce, From: "env:cnonce"}}, Out: a.cnonce})
	}
	if a.qop != "" {
		tr.Add(core.Step{ID: "nc", Title: "Count the use of the nonce", Op: "hexadecimal, 8 digits", Ref: rfc("RFC 7616", "3.4"),
			Why: "A request that someone repeats has a count the server has seen.",
			In:  []core.Part{{Name: "nc", Value: a.nc, From: "env:nc"}}, Out: a.nc})
	}
	tr.Add(core.Step{ID: "uri", Title: "Take the target as sent", Op: "copy", Ref: rfc("RFC 7616", "3.4.6"),
		Why: "The server compares it with the request line, query included; another spelling is another target.",
		In:  []core.Part{{Name: "path and query", Value: a.uri, From: "request:url"}}, Out: a.uri})
	ha1 := a.stepsOfHA1(tr)
	ha2, err := a.stepsOfHA2(tr)
	if err != nil {
		return "", err
	}
	response := a.stepOfResponse(ha1, ha2, tr)
	return a.stepOfHeader(name, response, tr), nil
}

// stepsOfOffer is what comes from the challenge.
func (a digestAnswer) stepsOfOffer(tr *core.Trace) {
	tr.Add(core.Step{ID: "algorithm", Title: "Choose the algorithm", Op: "choose", Ref: rfc("RFC 7616", "3.7"),
		Why: "Both sides have to hash in the same way; the server reckons with those it offers.",
		In:  []core.Part{{Name: "offered", Value: offeredAlgorithms(a.offered), From: "challenge:algorithm"}}, Out: a.offer.algorithm.name})
	a.copied(tr, "realm", "Take the realm", "It says which of the server’s accounts are meant, and it is part of what the server stores.", a.offer.realm)
	a.copied(tr, "nonce", "Take the server’s nonce", "It makes this answer good for this nonce only, so that it ages.", a.offer.nonce)
	if a.offer.hasOpaque {
		a.copied(tr, "opaque", "Keep what the server wants back", "The server knows its own challenge by it; it means nothing to others.", a.offer.opaque)
	}
	qop := a.qop
	if qop == "" {
		qop = qopNone
	}
	tr.Add(core.Step{ID: "qop", Title: "Choose what is protected", Op: "choose", Ref: rfc("RFC 7616", "3.4"),
		Why: "It decides what is hashed: auth counts uses of the nonce, auth-int hashes the body, too.",
		In:  []core.Part{{Name: "offered", Value: strings.Join(a.offer.qops, ", "), From: "challenge:qop"}}, Out: qop})
}

func (a digestAnswer) copied(tr *core.Trace, id, title, why, value string) {
	tr.Add(core.Step{ID: id, Title: title, Why: why, Op: "copy", Ref: rfc("RFC 7616", "3.3"),
		In: []core.Part{{Name: id, Value: value, From: "challenge:" + id}}, Out: value})
}

// stepsOfName returns the parameters that name the user: in plain text, in an ext-value where a quoted
// string has no characters for it, or hashed where the server asks for that (RFC 7616, section 3.4.4).
func (a digestAnswer) stepsOfName(tr *core.Trace) (params []core.Param) {
	tr.Add(core.Step{ID: "username", Title: "Take the user name", Op: "copy", Ref: rfc("RFC 7616", "3.4"),
		Why: "The server looks the account up by it; case and spaces count.",
		In: append([]core.Part{{Name: "user name", Value: a.username, From: "field:username"}},
			composed("username", a.username, false)...),
		Out: a.username})
	from := core.Part{Name: "user name", Value: a.username, From: "step:username"}
	switch {
	case a.offer.userhash:
		hashed := tr.Add(core.Step{ID: "userhash", Title: "Hash the user name", Op: a.offer.algorithm.ofJoined(), Ref: rfc("RFC 7616", "3.4.4"),
			Why: "The server asks for it, so that nobody on the way reads who you are.",
			In:  []core.Part{from, {Name: "realm", Value: a.offer.realm, From: "step:realm"}},
			Hex: true, Out: a.offer.userHash(a.username)})
		return []core.Param{{Name: "username", Value: hashed}}
	case !isASCII(a.username):
		extended := tr.Add(core.Step{ID: "username-ext", Title: "Write the name in ASCII", Op: "ext-value", Ref: rfc("RFC 7616", "3.4"),
			Why: "A header line cannot say in which charset its characters are; this form does.",
			In:  []core.Part{from}, Out: syntax.EncodeExt(a.username)})
		return []core.Param{{Name: "username*", Value: extended}}
	}
	return []core.Param{{Name: "username", Value: a.username}}
}

// userHash is H( username : realm ), RFC 7616, section 3.4.4.
func (o digestOffer) userHash(username string) string {
	return o.algorithm.hash(username, syntax.FieldText(o.realm))
}

// stepsOfHA1 is H(A1), RFC 7616, section 3.4.2.
func (a digestAnswer) stepsOfHA1(tr *core.Trace) string {
	hash := a.offer.algorithm
	ha1 := tr.Add(core.Step{ID: "ha1", Title: "Hash the account", Op: hash.ofJoined(), Secret: true, Ref: rfc("RFC 7616", "3.4.2"),
		Why: "It stands for the password: servers store it, and who has it can sign for this realm.",
		In: append([]core.Part{{Name: "user name", Value: a.username, From: "step:username"},
			{Name: "realm", Value: a.offer.realm, From: "step:realm"},
			{Name: "password", Value: a.password, From: "field:password", Secret: true}}, composed("password", a.password, true)...),
		Hex: true, Out: hash.hash(a.username, syntax.FieldText(a.offer.realm), a.password)})
	if !hash.sess {
		return ha1
	}
	return tr.Add(core.Step{ID: "ha1-sess", Title: "Bind it to both nonces", Op: hash.ofJoined(), Secret: true, Ref: rfc("RFC 7616", "3.4.2"),
		Why: "Whoever checks this session then needs no hash that is good for others.",
		In: []core.Part{{Name: "HA1", Value: ha1, From: "step:ha1", Secret: true}, {Name: "nonce", Value: a.offer.nonce, From: "step:nonce"},
			{Name: "cnonce", Value: a.cnonce, From: "step:cnonce"}},
		Hex: true, Out: hash.hash(ha1, syntax.FieldText(a.offer.nonce), a.cnonce)})
}

// stepsOfHA2 is H(A2), RFC 7616, section 3.4.3.
func (a digestAnswer) stepsOfHA2(tr *core.Trace) (string, error) {
	hash := a.offer.algorithm
	in := []core.Part{{Name: "method", Value: a.method, From: "request:method"}, {Name: "uri", Value: a.uri, From: "step:uri"}}
	texts := []string{a.method, a.uri}
	if a.qop == qopAuthInt {
		hashed, err := a.hashBody()
		if err != nil {
			return "", err
		}
		tr.Add(core.Step{ID: "body-hash", Title: "Hash the body", Op: hash.op, Ref: rfc("RFC 7616", "3.4.3"),
			Why: "A body that changes on the way no longer fits.",
			In:  []core.Part{bodyPart(a.body)}, Hex: true, Out: hashed})
		in, texts = append(in, core.Part{Name: "hash of the body", Value: hashed, From: "step:body-hash"}), append(texts, hashed)
	}
	return tr.Add(core.Step{ID: "ha2", Title: "Hash the request", Op: hash.ofJoined(), Ref: rfc("RFC 7616", "3.4.3"),
		Why: "Nobody can use this answer for another method or address.",
		In:  in, Hex: true, Out: hash.hash(texts...)}), nil
}

// stepOfResponse is response = H(HA1:nonce:nc:cnonce:qop:HA2), or H(HA1:nonce:HA2) without qop
// (RFC 7616, section 3.4.1; RFC 2069, section 2.1.2).
func (a digestAnswer) stepOfResponse(ha1, ha2 string, tr *core.Trace) string {
	id := "ha1"
	if a.offer.algorithm.sess {
		id = "ha1-sess"
	}
	in := []core.Part{{Name: "HA1", Value: ha1, From: "step:" + id, Secret: true}, {Name: "nonce", Value: a.offer.nonce, From: "step:nonce"}}
	if a.qop != "" {
		in = append(in, core.Part{Name: "nc", Value: a.nc, From: "step:nc"}, core.Part{Name: "cnonce", Value: a.cnonce, From: "step:cnonce"},
			core.Part{Name: "qop", Value: a.qop, From: "step:qop"})
	}
	in = append(in, core.Part{Name: "HA2", Value: ha2, From: "step:ha2"})
	return tr.Add(core.Step{ID: "response", Title: "Hash it all together", Op: a.offer.algorithm.ofJoined(), Ref: rfc("RFC 7616", "3.4.1"),
		Why: "This is the proof: only who knows the password gets the same.",
		In:  in, Hex: true, Out: a.response(ha1, ha2)})
}

func (a digestAnswer) response(ha1, ha2 string) string {
	nonce := syntax.FieldText(a.offer.nonce)
	if a.qop == "" {
		return a.offer.algorithm.hash(ha1, nonce, ha2)
	}
	return a.offer.algorithm.hash(ha1, nonce, a.nc, a.cnonce, a.qop, ha2)
}

// hashBody hashes bytes as they are. The error is core.ErrWaits, or what core.Keys has against it.
func (a digestAnswer) hashBody() (string, error) {
	if a.offer.algorithm.op != "sha-256" {
		return hexOf(a.offer.algorithm.sum(a.body)), nil
	}
	sum, err := hashOfBody(a.env, "SHA-256", a.body)
	return hexOf(sum), err
}
