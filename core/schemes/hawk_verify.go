package schemes

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// The server's side of Hawk.

// hawkWindow is how far a request's time may be from the server's, as in Hawk's own server.
const hawkWindow = time.Minute

// verifyHawk computes the MAC of what arrived with the server's own key.
func verifyHawk(in core.Input, req *core.Request, tr *core.Trace) error {
	theirs, unreadable := readHawkRequest(req)
	if err := checkHawk(in.Values); err != nil && !isMalformed(unreadable) {
		return err
	}
	s := hawkSide{v: in.Values, env: in.Env, req: req, tr: tr}
	rest, bewit, linked := cutBewit(req.URL.Target())
	s.target = rest
	if linked && !req.Header.Has("Authorization") {
		return s.verifyBewit(bewit)
	}
	s.target = req.URL.Target()
	s.fromRequest(theirs)
	s.id()
	if _, err := s.header(); err != nil {
		return err
	}
	switch {
	case unreadable != nil:
		return unreadable
	case linked:
		return &core.Rejection{Code: "hawk.bewit-authorization", Step: "authorization", Ref: hawkBewitRef,
			Message: "the address has a bewit and there is an Authorization header as well: one of the two is needed"}
	}
	return s.judge(theirs)
}

// isMalformed: such a header is refused whatever the server's own values are.
func isMalformed(unreadable error) bool {
	var r *core.Rejection
	return errors.As(unreadable, &r) && strings.HasPrefix(r.Code, "hawk.")
}

// readHawkRequest reads the Authorization header and holds that nothing is missing.
func readHawkRequest(req *core.Request) (core.Challenge, error) {
	line, err := authorization(req)
	if err == nil {
		_, err = credentials(req, "Hawk")
	}
	if err != nil {
		return core.Challenge{}, err
	}
	theirs, code, problem := readHawk(line, "id", "ts", "nonce", "hash", "ext", "mac", "app", "dlg")
	if problem == "" {
		for _, name := range []string{"id", "ts", "nonce", "mac"} {
			if _, given := theirs.Param(name); !given {
				code, problem = "incomplete", "it lacks "+name
			}
		}
	}
	if problem != "" {
		return theirs, &core.Rejection{Code: "hawk." + code, Step: "authorization", Ref: hawkExampleRef,
			Message: "the Authorization header cannot be used: " + problem}
	}
	return theirs, nil
}

// fromRequest takes what the client chose from the request, and the rest from the server's own values.
func (s *hawkSide) fromRequest(theirs core.Challenge) {
	sent := func(name string) core.Part {
		value, _ := theirs.Param(name)
		return core.Part{Name: name, Value: value, From: "request:headers"}
	}
	own := func(name string) core.Part {
		if s.v[name] == "" {
			return sent(name)
		}
		return core.Part{Name: name, Value: s.v[name], From: "field:" + name}
	}
	s.time, s.nonce, s.ext, s.app, s.dlg = sent("ts"), sent("nonce"), sent("ext"), own("app"), own("dlg")
	s.ts = s.time.Value
	if s.ts == "" {
		s.ts, s.time = unixText(s.env.Now()), core.Part{Name: "now", Value: syntax.FormatTime(s.env.Now()), From: "env:now"}
	}
	if s.nonce.Value == "" {
		s.nonce = core.Part{Name: "nonce", Value: s.env.Nonce("nonce", 8), From: "env:nonce"}
	}
	hash := sent("hash")
	s.hashed = hash.Value != ""
	switch {
	case s.v["payloadHash"] == "true":
	case s.hashed && len(s.req.Body) > 0: // it is at hand, so that it can be checked
		s.v = withHash(s.v)
	default:
		s.sentHash = hash
	}
}

func withHash(v core.Values) core.Values {
	covered := make(core.Values, len(v))
	for id, value := range v {
		covered[id] = value
	}
	covered["payloadHash"] = "true"
	return covered
}

// judge names the earliest step at which the request parts from what was expected. As in Hawk's own server
// the time comes after the MAC: only who has the key is told the server's.
func (s *hawkSide) judge(theirs core.Challenge) error {
	get := func(name string) string {
		value, _ := theirs.Param(name)
		return value
	}
	at, isTime := unixTime(get("ts"))
	switch {
	case get("id") != s.v["id"]:
		return s.wrongID(get("id"))
	case !isTime:
		return &core.Rejection{Code: "hawk.timestamp", Step: "timestamp", Got: visible(get("ts")), Ref: hawkReplayRef,
			Message: "ts is not a number of seconds since 1970; it may be in milliseconds"}
	case s.hash != get("hash"):
		return s.wrongHash(get("hash"))
	case s.app.Value != get("app") || s.dlg.Value != get("dlg"):
		return s.wrongApp(get("app"), get("dlg"))
	case !sameSecret(get("mac"), s.tr.Step("mac").Out):
		return s.wrongMAC("header", get("mac"))
	}
	key := "hawk\n" + s.v["id"] + "\n" + get("ts") + "\n" + get("nonce")
	if s.env.Seen != nil && s.env.Seen(key, 2*hawkWindow) {
		return &core.Rejection{Code: "hawk.replay", Step: "nonce", Got: get("nonce"), Ref: hawkReplayRef,
			Message: "this nonce was used before: the request is a copy"}
	}
	return refuseTime("hawk.stale", "timestamp", s.env.Now(), at, hawkWindow, hawkReplayRef)
}

func (s *hawkSide) wrongID(got string) error {
	return &core.Rejection{Code: "hawk.wrong-id", Step: "id", Want: s.v["id"], Got: visible(got), Ref: hawkExampleRef,
		Message: "the server knows no key of this ID"}
}

func (s *hawkSide) wrongApp(app, dlg string) error {
	pair := func(app, dlg string) string { return `app="` + app + `" dlg="` + dlg + `"` }
	return &core.Rejection{Code: "hawk.app", Step: "normalized", Want: pair(s.app.Value, s.dlg.Value), Got: pair(app, dlg), Ref: hawkExampleRef,
		Message: "app or dlg is not what this server gave the key out for"}
}

// wrongHash tries what clients get wrong about the body, once its hash is not the expected one.
func (s *hawkSide) wrongHash(got string) error {
	refuse := func(code, message string) error {
		return &core.Rejection{Code: "hawk." + code, Step: "payload-hash", Want: s.hash, Got: got, Ref: hawkPayloadRef, Message: message}
	}
	header, _ := s.req.Header.Get("Content-Type")
	of := func(contentType, body string) bool {
		h := newHash(hawkHash(s.v["algorithm"]))
		h.Write(hawkPayload(contentType, []byte(body)))
		return base64.StdEncoding.EncodeToString(h.Sum(nil)) == got
	}
	body := string(s.req.Body)
	switch {
	case got == "":
		return refuse("payload-missing", "the request has no hash of its body, which this server demands")
	case len(got) != len(s.hash):
		return refuse("payload", "the hash is not as long as one of "+s.v["algorithm"]+": the client may use the other algorithm")
	case of("", body):
		return refuse("content-type", "the client hashes the body without its content type")
	case of(header, body) || of(strings.ToLower(header), body):
		return refuse("content-type", "the client hashes the content type with its parameters or capitals; only the bare type in lower case belongs there")
	case of(bareType(header), ""):
		return refuse("payload", "the hash is that of an empty body: the client does not hash what it sends")
	}
	return refuse("payload", "the hash differs: the body or its content type arrived changed, or the client hashes other bytes")
}

// wrongMAC tries what the two sides most often see differently. It does not say the right MAC: that would
// be as good as the key for this request.
func (s *hawkSide) wrongMAC(kind, got string) error {
	refuse := func(code, step, message string) error {
		return &core.Rejection{Code: "hawk." + code, Step: step, Message: message, Ref: hawkExampleRef}
	}
	with := func(port string, edit func(*hawkSide)) bool {
		other := *s
		edit(&other)
		return sameSecret(got, other.mac(other.normalized(kind, port)))
	}
	path, _, _ := strings.Cut(s.target, "?")
	port := hawkPort(s.req.URL)
	of := func(target, port string) bool { return with(port, func(other *hawkSide) { other.target = target }) }
	switch {
	case len(got) != len(s.tr.Step("mac").Out):
		return refuse("algorithm", "mac", "the MAC is not as long as one of "+s.v["algorithm"]+": the client may use the other algorithm")
	case of(path, port):
		return refuse("query", "normalized", "the key is right, but the client signs the path without the query, which belongs to it")
	case with(port, func(other *hawkSide) { other.hash = "" }):
		return refuse("hash-unsigned", "normalized", "the key is right, but the client does not sign the hash of the body that it sends")
	case with(port, func(other *hawkSide) { other.ext.Value = "" }):
		return refuse("ext-unsigned", "normalized", "the key is right, but the client does not sign the ext that it sends")
	case with(port, func(other *hawkSide) { other.v = core.Values{"algorithm": s.v["algorithm"], "key": s.v["key"] + "\n"} }):
		return refuse("key-line-end", "mac", "the client’s key has a line break at its end, as one that was read from a file")
	}
	for _, other := range []string{"80", "443", "8000", "8080"} {
		if of(s.target, other) {
			return refuse("port", "normalized", "the key is right, but the client signs port "+other+" where this server sees "+port+": behind a proxy the two differ")
		}
	}
	for _, sent := range asSent(s.req) {
		target := sent.URL.Target()
		if kind == inBewit {
			target, _, _ = cutBewit(target)
		}
		if with(hawkPort(sent.URL), func(other *hawkSide) { other.req, other.target = sent, target }) {
			return refuse("address", "normalized", "the key is right, but "+signedElsewhere(sent, s.req))
		}
	}
	return refuse("wrong-mac", "mac", "the MAC differs: the key is not this server’s, or what was signed arrived changed")
}
