package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a person who signs a message should know.

type httpsigNotes struct {
	s   *httpsigSettings
	req *core.Request
	tr  *core.Trace
}

func noteHTTPSig(in core.Input, s *httpsigSettings, req *core.Request, tr *core.Trace) {
	n := &httpsigNotes{s, req, tr}
	n.noteKey(in.Values)
	n.noteTimes(in)
	n.noteCoverage()
	n.noteChanging()
	n.noteAsked(in)
	if req.Header.Has("Signature-Input") {
		n.note("beside", core.Info, "headers", "the headers already have a signature; it stays, and yours is added behind it", "", "4.3")
	}
}

//go:noinline
func (n *httpsigNotes) note(code string, severity core.Severity, field, message, fix, section string) {
	n.tr.Note(core.Note{Code: "httpsig." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: rfc("RFC 9421", section)})
}

func (n *httpsigNotes) noteKey(v core.Values) {
	s := n.s
	switch {
	case s.algorithm.jose != "":
		noteRSA("httpsig", "key", s.key, n.tr)
	case len(s.secret) < 16:
		n.note("short-key", core.Warn, "key", "the secret has "+byteCount(len(s.secret))+": short ones can be guessed from one signed request", "use 32 random bytes", "7.3.3")
	case v["keyEncoding"] == automatic && s.reading == "base64":
		n.note("read-as-base64", core.Info, "key", "the secret looks like base64 and is read so: "+byteCount(len(s.secret)), "choose text, if it is meant as it stands", "3.3.3")
	case v["keyEncoding"] == automatic && s.reading == "text" && onlyHex(v["key"]):
		n.note("maybe-hex", core.Info, "key", "the secret consists of hexadecimal digits and is taken as text", "choose hexadecimal, if it stands for bytes", "3.3.3")
	}
	if s.reading == "text" && strings.TrimSpace(v["key"]) != v["key"] {
		n.note("space", core.Warn, "key", "there is space or a line break around the secret, and it counts", "remove it, unless it belongs there", "3.3.3")
	}
	if v["keyId"] == "" {
		n.note("no-keyid", core.Info, "keyId", "the signature names no key: the server has to know from elsewhere which one to take", "", "2.3")
	}
}

func byteCount(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return strconv.Itoa(n) + " bytes"
}

func onlyHex(text string) bool {
	return len(text) >= 32 && strings.Trim(strings.ToLower(strings.TrimSpace(text)), "0123456789abcdef") == ""
}

func (n *httpsigNotes) noteTimes(in core.Input) {
	if in.Values["created"] != "true" {
		n.note("no-created", core.Warn, "created", "the signature does not say when it was created; most servers refuse it, since it would be good for ever", "say it", "7.2.2")
	}
	if expires, given := n.s.param("expires"); given && expires.Number <= in.Env.Now().Unix() {
		n.note("expired", core.Warn, "expires", "the signature has expired already: "+ago(in.Env.Now(), farTime(expires.Number)), "give a number of seconds from now", "2.3")
	}
}

// noteCoverage says what someone could change without breaking the signature (RFC 9421, section 7.2.1).
func (n *httpsigNotes) noteCoverage() {
	uncovered := func(code, message, fix string) {
		n.note(code, core.Warn, "components", message, "add "+fix, "7.2.1")
	}
	if !n.names("@method") {
		uncovered("method-not-covered", "the method is not signed: the same signature would be good for another one", `"@method"`)
	}
	whole := n.names("@target-uri")
	if !whole && !(n.names("@authority") || n.names("host")) {
		uncovered("host-not-covered", "the host is not signed: the request could be sent to another server", `"@authority"`)
	}
	whole = whole || n.names("@request-target")
	if !whole && !n.names("@path") {
		uncovered("path-not-covered", "the path is not signed: the same signature would be good for another one", `"@path"`)
	}
	if !whole && len(n.req.URL.Query) > 1 && !n.names("@query") && !n.names("@query-param") {
		uncovered("query-not-covered", "the query is not signed: anyone on the way can change it", `"@query"`)
	}
	digested := n.names("content-digest")
	switch {
	case n.req.BodySize() > 0 && !digested && n.req.Header.Has("Content-Digest"):
		uncovered("digest-not-covered", "the Content-Digest is sent, but not signed: who changes the body changes it too", `"content-digest"`)
	case n.req.BodySize() > 0 && !digested:
		uncovered("body-not-covered", "the body is not signed: anyone on the way can change it", `"content-digest", and choose sha-256 under Content-Digest`)
	}
}

// names reports whether a component of this name is covered, whatever its parameters.
func (n *httpsigNotes) names(component string) bool {
	for _, c := range n.s.components {
		if c.Text == component {
			return true
		}
	}
	return false
}

// noteChanging names the covered components that arrive otherwise than they were signed.
func (n *httpsigNotes) noteChanging() {
	for _, c := range n.s.components {
		switch why := changesOnTheWay(c.Text); {
		case why == "" || c.Text == "host" && !typesHost(n.req):
		case why == byProxies:
			n.note("proxy-changes", core.Info, "components", "“"+c.Text+"” "+why, "", "7.4.3")
		default:
			n.note("browser-changes", core.Warn, "components", "“"+c.Text+"” "+why, "leave it out, or send natively", "7.4.3")
		}
	}
}

const (
	byProxies = "is written anew by proxies; the signature breaks behind one"
	dropped   = "cannot be set by a page: the browser drops it without a word, and the signature does not match"
	ownValue  = "is written by the browser itself, whatever is typed; the signature matches only if that is the same"
)

// changesOnTheWay goes by the Fetch standard's forbidden request headers; User-Agent is Chromium's own.
func changesOnTheWay(name string) string {
	switch name {
	case "date", "cookie", "cookie2", "dnt", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
		"via", "accept-charset", "set-cookie", "user-agent":
		return dropped
	case "accept-encoding", "connection", "host", "origin", "referer":
		return ownValue
	case "@request-target", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "content-length":
		return byProxies
	case "signature", "signature-input":
		return "is a signature of others: signing it does not sign what it covers"
	}
	if strings.HasPrefix(name, "sec-") || strings.HasPrefix(name, "proxy-") {
		return dropped
	}
	return ""
}

// typesHost reports whether the headers have another Host than the address: only then it is not the browser’s own.
func typesHost(req *core.Request) bool {
	typed, given := req.Header.Get("Host")
	return given && !strings.EqualFold(syntax.TrimSpace(typed), req.URL.Authority())
}

// noteAsked reads the Accept-Signature of the answer that asked (RFC 9421, section 5).
func (n *httpsigNotes) noteAsked(in core.Input) {
	lines := in.Told.Values("Accept-Signature")
	if lines == nil {
		return
	}
	asked, err := syntax.ParseDictionary(strings.Join(lines, ", "))
	if err != nil {
		n.note("asked-unreadable", core.Warn, "components", "the server asks for a signature, but its Accept-Signature cannot be read: "+err.Error(), "", "5.1")
		return
	}
	for _, a := range asked {
		if !a.IsList {
			continue
		}
		n.note("asked", core.Info, "components", "the server asks for a signature “"+a.Key+"” over "+visible(syntax.Item{IsList: true, Inner: a.Inner}.String())+paramsAsked(a), "", "5.1")
		if lacks := n.lacking(a); lacks != "" && (len(asked) == 1 || a.Key == n.s.label) {
			n.note("asked-otherwise", core.Warn, "components", "yours is another one than the server asks for: "+lacks, "change it to what is asked", "5.2")
		}
	}
}

func paramsAsked(a syntax.Member) string {
	if len(a.Params) == 0 {
		return ""
	}
	return " with " + visible(strings.TrimPrefix(syntax.Item{Params: a.Params}.String(), ";"))
}

// lacking says in what the signature is not the one asked for; empty: in nothing.
func (n *httpsigNotes) lacking(a syntax.Member) string {
	var lacks []string
	if a.Key != n.s.label {
		lacks = append(lacks, "its label is “"+n.s.label+"”")
	}
	for _, c := range a.Inner {
		if !n.s.covers(c) {
			lacks = append(lacks, "it does not cover "+visible(c.String()))
		}
	}
	for _, c := range n.s.components {
		if !(&httpsigPlan{components: a.Inner}).covers(c) {
			lacks = append(lacks, "it also covers "+c.String())
		}
	}
	for _, p := range a.Params {
		switch own, given := n.s.param(p.Key); {
		case !given:
			lacks = append(lacks, p.Key+" is missing")
		case p.Value.Kind == syntax.StringItem && own != p.Value:
			lacks = append(lacks, p.Key+" is another one")
		}
	}
	return strings.Join(lacks, ", ")
}

// noteReceived says what a server may want to know of a signature that is right.
func noteReceived(in core.Input, got *httpsigReceived, req *core.Request, tr *core.Trace) {
	(&httpsigNotes{&httpsigSettings{httpsigPlan: got.httpsigPlan}, req, tr}).noteCoverage()
	if got.label != in.Values["label"] {
		tr.Note(core.Note{Code: "httpsig.other-label", Severity: core.Info, Field: "label", Ref: rfc("RFC 9421", "7.2.5"),
			Message: "the signature has the label “" + got.label + "”; labels prove nothing, so that is no fault"})
	}
}
