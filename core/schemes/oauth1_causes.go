package schemes

import (
	"encoding/base64"
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// Why a signature of OAuth 1.0 may not fit: the ways in which clients are known to differ.

// oauthClient is what a client may have signed. It begins as what it should have.
type oauthClient struct {
	secret, method        string
	url                   core.URL
	behind                string // what stands behind the path in the address
	query, protocol, form []core.Param
	write                 func([]core.Param) string // parameters as one text
	signature             string
}

// oauthCause is one way in which clients often differ.
type oauthCause struct {
	code, step, message string
	change              func(*oauthClient)
}

// explain tries those ways until one fits the signature. What differs then is known, and harmless to say.
func (s oauthSide) explain(protocol []core.Param, sent string) error {
	query, form := oauthSources(s.req)
	for _, cause := range s.causes(form != nil) {
		c := oauthClient{method: strings.ToUpper(s.req.Method), url: s.req.URL, query: query, protocol: protocol, form: form, write: normalized, signature: sent}
		if step := s.tr.Step("key"); step != nil {
			c.secret = step.Out
		}
		cause.change(&c)
		fits, err := s.fits(c)
		if err != nil {
			return keys.At("privateKey", err)
		}
		if fits {
			return s.differs(cause, c)
		}
	}
	return &core.Rejection{Code: "oauth1.wrong-signature", Step: "key", Ref: rfc("RFC 5849", "3.2"),
		Message: "the signature differs: a secret or the key is not this server’s, or what was signed arrived changed"}
}

func (s oauthSide) differs(cause oauthCause, c oauthClient) error {
	r := &core.Rejection{Code: "oauth1." + cause.code, Message: cause.message}
	step := s.tr.Step(cause.step)
	if step == nil { // who cannot sign has no signature to show
		step = s.tr.Step("key")
	}
	r.Step, r.Ref = step.ID, step.Ref
	if step.ID == "base-string-uri" {
		r.Want, r.Got = step.Out, baseStringURI(c.url)+c.behind
	}
	return r
}

func (s oauthSide) fits(c oauthClient) (bool, error) {
	method := s.in.Values["signatureMethod"]
	if method == plaintext {
		return sameSecret(c.secret, c.signature), nil
	}
	all := append(append(without(c.query), c.protocol...), without(c.form)...)
	base := c.method + "&" + percent(baseStringURI(c.url)+c.behind) + "&" + percent(c.write(all))
	with := methodOf(method)
	if with.rsa == "" {
		return sameSecret(base64.StdEncoding.EncodeToString(mac(with.hash, []byte(c.secret), []byte(base))), c.signature), nil
	}
	octets, err := s.checked(with.rsa, base, c.signature)
	return octets != nil, err
}

//go:noinline
func normalized(all []core.Param) string { return joinParams(sortParams(encodeParams(all)), "&") }

type oauthCauses []oauthCause

//go:noinline
func (l *oauthCauses) add(code, step, message string, change func(*oauthClient)) {
	*l = append(*l, oauthCause{code, step, message, change})
}

func (s oauthSide) causes(isForm bool) (list oauthCauses) {
	if isForm && !isExplained(s.req, len(s.req.Body)) || !isExplained(s.req, 0) {
		return nil
	}
	if methodOf(s.in.Values["signatureMethod"]).rsa == "" {
		s.keyCauses(&list)
	}
	for _, form := range [...]struct {
		name string
		read func(string) string
	}{{"percent-encoded twice", syntax.PercentDecode}, {"in hexadecimal digits instead of base64", fromHex}, {"as base64 of its hexadecimal digits, not of its bytes", fromHexInBase64}} {
		list.add("signature-form", "signature", "the signature is right, but sent "+form.name, func(c *oauthClient) { c.signature = form.read(c.signature) })
	}
	s.addressCauses(&list)
	s.paramCauses(&list)
	return list
}

func (s oauthSide) keyCauses(list *oauthCauses) {
	consumer, token := s.in.Values["consumerSecret"], s.in.Values["tokenSecret"]
	for _, key := range [...]struct{ secret, message string }{
		{percent(consumer) + "&", "the client left the token secret out of its key"},
		{percent(consumer), "the client’s key lacks the “&”, which stays where there is no token secret"},
		{percent(token) + "&" + percent(consumer), "the client exchanged the two secrets; the consumer’s comes first"},
		{consumer + "&" + token, "the client joined the secrets without percent-encoding them first"},
	} {
		list.add("key", "key", key.message, func(c *oauthClient) { c.secret = key.secret })
	}
}

// addressCauses: proxies change addresses, and the query belongs to the parameters.
func (s oauthSide) addressCauses(list *oauthCauses) {
	for _, sent := range asSent(s.req) {
		step := either(sent.Method == s.req.Method, "base-string-uri", "base-string")
		list.add("address", step, signedElsewhere(sent, s.req), func(c *oauthClient) { c.method, c.url = sent.Method, sent.URL })
	}
	list.add("address", "base-string-uri", "the client left the query in the address; its parameters belong to the others", func(c *oauthClient) { c.query, c.behind = nil, c.url.Query })
	for _, path := range [...]string{syntax.PercentDecode(s.req.URL.Path), strings.ReplaceAll(s.req.URL.Path, "%", "%25")} {
		list.add("path", "base-string-uri", "the client signed another form of this path than arrived", func(c *oauthClient) { c.url.Path = path })
	}
}

// paramCauses are about what is signed besides OAuth's own parameters, and how it is written.
func (s oauthSide) paramCauses(list *oauthCauses) {
	without := func(what string, change func(*oauthClient)) {
		list.add("parameters", "parameters", "the signature fits without the parameters of "+what+": the client left them out, or they were added on the way", change)
	}
	without("the query", func(c *oauthClient) { c.query = nil })
	without("the form", func(c *oauthClient) { c.form = nil })
	without("query and form", func(c *oauthClient) { c.query, c.form = nil, nil })
	if isExplained(s.req, len(s.req.Body)) {
		list.add("parameters", "parameters", "the client signed the body as a form, but its Content-Type does not say that it is one", func(c *oauthClient) { c.form = syntax.ParseForm(string(s.req.Body)) })
	}
	list.add("parameters", "parameters", "the client signed the realm, too, which is none of the parameters", func(c *oauthClient) {
		c.protocol = append(slices.Clip(c.protocol), core.Param{Name: "realm", Value: readOAuth1(s.req).realm})
	})
	list.add("parameters", "parameters", "“+” in the query was signed as a plus, but is read as a space; the client has to send %20 or %2B", func(c *oauthClient) {
		c.query = syntax.ParseForm(strings.ReplaceAll(trimQuestion(c.url.Query), "+", "%2B"))
	})
	list.add("parameter-encoding", "encoded-parameters", "the client encoded the parameters like a form, with “+” for a space; a space is %20, “*” is %2A and “~” itself", func(c *oauthClient) { c.write = normalizedAsForm })
	list.add("order", "sorted-parameters", "the client signed the parameters in the order in which they are sent; they have to be sorted", func(c *oauthClient) {
		c.write = func(all []core.Param) string { return joinParams(encodeParams(all), "&") }
	})
}

func normalizedAsForm(all []core.Param) string {
	form := strings.NewReplacer("%20", "+", "%2A", "*", "~", "%7E")
	encoded := encodeParams(all)
	for i, p := range encoded {
		encoded[i] = core.Param{Name: form.Replace(p.Name), Value: form.Replace(p.Value)}
	}
	return joinParams(sortParams(encoded), "&")
}

// fromHex writes hexadecimal digits anew, in base64; what is none comes to nothing.
func fromHex(text string) string {
	octets, _ := syntax.Unhex(text)
	return base64.StdEncoding.EncodeToString(octets)
}

// fromHexInBase64 is for PHP's base64_encode(hash_hmac(…)), which lacks the argument for raw bytes.
func fromHexInBase64(text string) string {
	digits, _ := base64.StdEncoding.DecodeString(text)
	return fromHex(string(digits))
}
