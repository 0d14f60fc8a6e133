package session

import (
	"errors"
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// What becomes of an answer: a server that asks for something the first request could not know gets one
// more request, and what it says for the next one is remembered.

// asksAgain is the one place that knows when another request is worth it: where the challenge has
// something in it that makes the next request another one. Basic, Bearer and whatever else answers with
// what it knew before would only be refused twice, and count twice where accounts are locked.
func asksAgain(c core.Challenge, sent *core.Request) bool {
	switch strings.ToLower(c.Scheme) {
	case "digest": // RFC 7616, section 3.3: who was refused with stale=false has the wrong password
		stale, _ := c.Param("stale")
		return !sent.Header.Has("Authorization") || strings.EqualFold(stale, "true") || firstRealm([]core.Challenge{c}) != sentRealm(sent)
	case "dpop": // RFC 9449, section 9
		reason, _ := c.Param("error")
		return reason == "use_dpop_nonce"
	case "hawk": // the server's clock
		_, tells := c.Param("ts")
		return tells
	}
	return false
}

// waitsForChallenge reports whether a scheme may find out only from an answer what to send.
func waitsForChallenge(scheme *core.Scheme) bool {
	return schemes.Answers(scheme, "digest") || schemes.Answers(scheme, "dpop") || schemes.Answers(scheme, "hawk")
}

// remembers reports whether what is asked of a scheme is good for later requests, too. Of Hawk it is not:
// its challenge tells the time.
func remembers(scheme *core.Scheme) bool {
	return schemes.Answers(scheme, "digest") || schemes.Answers(scheme, "dpop")
}

// answerStatuses are those of answers that may be answered in turn.
var answerStatuses = []int{401, 400}

func sentRealm(sent *core.Request) string {
	return firstRealm(syntax.ParseChallenges(sent.Header.Values("Authorization")))
}

// answer builds the request that answers the last exchange of r; nil: there is nothing to answer. What
// a person should know of it goes into the notes of that exchange.
func (j Job) answer(r *Result) *Built {
	last := r.last()
	if last.Response == nil || last.Failure != nil {
		return nil
	}
	if !asksMore(r.Built.scheme, last) {
		r.noteUnanswered(last, j.Native)
		return nil
	}
	j.Challenge, j.Told = last.Response.Header.Values("WWW-Authenticate"), last.Response.Header
	if !j.turnTo(r.Built.Request, last) {
		return nil
	}
	next, err := Build(j)
	var wrong *core.FieldError
	if errors.As(err, &wrong) {
		last.Notes = append(last.Notes, core.Note{Code: wrong.Code, Severity: core.Error, Field: wrong.Field, Ref: wrong.Ref,
			Message: "this could not be answered: " + wrong.Message})
	}
	if err != nil || slices.Equal(next.Request.Header, last.Request.Header) && next.Request.URL == last.Request.URL {
		return nil // nothing else can be said
	}
	return next
}

// asksMore also knows the 400 of a token endpoint, which names DPoP's nonce without a challenge
// (RFC 9449, section 8). Any other 400 may bring a nonce too, but a code that was refused stays so.
func asksMore(scheme *core.Scheme, e *core.Exchange) bool {
	switch isDPoP := schemes.Answers(scheme, "dpop"); {
	case isDPoP && !e.Response.Header.Has("DPoP-Nonce"): // or the browser hides it
		return false
	case isDPoP && e.Response.Status == 400:
		return strings.Contains(string(e.Response.Body), `"use_dpop_nonce"`)
	}
	return slices.ContainsFunc(answerable(scheme, e.Response), func(c core.Challenge) bool { return asksAgain(c, e.Request) })
}

// answerable are the challenges of a 401 that the scheme knows. A 407 is a proxy's, which no page ever
// talks to itself.
func answerable(scheme *core.Scheme, answer *core.Response) []core.Challenge {
	if answer.Status != 401 {
		return nil
	}
	challenges := syntax.ParseChallenges(answer.Header.Values("WWW-Authenticate"))
	return slices.DeleteFunc(challenges, func(c core.Challenge) bool { return !schemes.Answers(scheme, c.Scheme) })
}

// turnTo goes where a redirect led, within the origin. Another one never gets an answer made of
// credentials that were meant for the first.
func (j *Job) turnTo(asked *core.Request, last *core.Exchange) bool {
	from := sourceOf(last)
	if from.Target() == asked.URL.Target() && from.Origin() == asked.URL.Origin() {
		return true
	}
	note := func(code, message, fix string) {
		last.Notes = append(last.Notes, core.Note{Code: "answer." + code, Severity: core.Warn, Field: "url", Ref: challengeRef, Message: message, Fix: fix})
	}
	switch {
	case from.Origin() != asked.URL.Origin():
		note("other-origin", "a redirect led to another origin, and that one asks for credentials: it gets none, since these were meant for the first",
			"send to "+from.Origin()+" itself if it is to have them")
		return false
	case asked.Method != "GET" && asked.Method != "HEAD":
		note("redirected", "a redirect led to another address, and that one asks for credentials: "+asked.Method+" is not sent there by itself", "send to "+from.Origin()+from.Path+" itself")
		return false
	}
	j.Request.URL = from.String()
	return true
}

// sourceOf is the address that the answer is from: a browser follows redirects out of sight.
func sourceOf(e *core.Exchange) core.URL {
	from, err := platform.ParseURL(e.Response.URL, "")
	if err != nil {
		from = e.Request.URL
	}
	from.Username, from.Password, from.Fragment = "", "", ""
	return from
}

// learn remembers what the last answer says of the next request.
func (j Job) learn(r *Result) {
	last := r.last()
	if last.Response == nil || !remembers(r.Built.scheme) {
		return
	}
	at := place{r.Built.scheme.ID, sourceOf(last).Origin()}
	var answered []core.Challenge
	if at.origin == r.Built.Request.URL.Origin() {
		answered = r.Built.input.Challenges
	}
	j.Memory.learn(at, answered, answerable(r.Built.scheme, last.Response), last.Response)
}

// noteUnanswered says why a 401 is the last word, where that may surprise.
func (r *Result) noteUnanswered(last *core.Exchange, native bool) {
	if last.Response.Status != 401 || r.Built.scheme == nil {
		return
	}
	if r.Built.scheme.Sign == nil && last.Request.Header.Has("Authorization") { // typed by hand, for a scheme that only its writer knows
		return
	}
	noteAnswer(syntax.ParseChallenges(last.Response.Header.Values("WWW-Authenticate")), r.Built.scheme, func(code string, severity core.Severity, message, fix string) {
		if code == "other-scheme" {
			last.Notes = append(last.Notes, core.Note{Code: "challenge." + code, Severity: severity, Field: "scheme", Ref: challengeRef, Message: message, Fix: fix})
		}
	})
	if !waitsForChallenge(r.Built.scheme) {
		return
	}
	switch {
	case last.Response.Hidden && !last.Response.Header.Has("WWW-Authenticate"):
		last.Notes = append(last.Notes, core.Note{Code: "answer.hidden", Severity: core.Warn, Field: "challenge",
			Ref:     core.Ref{Doc: "Fetch Standard", Section: "CORS protocol", URL: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers"},
			Message: "the browser shows no WWW-Authenticate line of this 401: the server does not expose it to pages, so that what it asks for cannot be answered",
			Fix:     "let the server send Access-Control-Expose-Headers: WWW-Authenticate, or paste that line as “curl -i” shows it"})
	case !native && !last.Response.Header.Has("WWW-Authenticate"):
		last.Notes = append(last.Notes, core.Note{Code: "answer.no-challenge", Severity: core.Warn, Field: "challenge", Ref: challengeRef,
			Message: "this 401 shows no WWW-Authenticate line, so that there is nothing to answer: either the server sends none, or the browser is Firefox and the server sends several, of which Firefox shows a page none",
			Fix:     "paste those lines as “curl -i” shows them, or let the server write its challenges into one line"})
	case r.Built.remembered && schemes.Answers(r.Built.scheme, "digest") && len(answerable(r.Built.scheme, last.Response)) > 0:
		last.Notes = append(last.Notes, core.Note{Code: "answer.refused", Severity: core.Info, Ref: core.Ref{Doc: "RFC 7616", Section: "3.3"},
			Message: "the server refuses an answer to what it asked before, and does not say that it is stale: either the credentials are wrong, or it has forgotten its own nonce, as after a restart",
			Fix:     "if the credentials are right, send again: the new challenge is answered then"})
	}
}

// confirm adds what the server proves or tells of itself in its last answer.
func (r *Result) confirm() {
	last, scheme := r.last(), r.Built.scheme
	if last.Response == nil || scheme == nil || scheme.Confirm == nil {
		return
	}
	built := *r.Built
	built.Trace.Steps, built.Trace.Notes = slices.Clip(built.Trace.Steps), slices.Clip(built.Trace.Notes)
	scheme.Confirm(built.input, last.Request, last.Response, &built.Trace)
	steps, notes := len(r.Built.Trace.Steps), len(r.Built.Trace.Notes)
	if len(built.Trace.Steps) > steps || len(built.Trace.Notes) > notes {
		last.Steps, last.Notes = built.Trace.Steps[steps:], append(last.Notes, built.Trace.Notes[notes:]...)
		r.Built = &built
	}
}

func (r *Result) last() *core.Exchange { return &r.Exchanges[len(r.Exchanges)-1] }
