package schemes

import (
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// What a JSON Web Token that was pasted says about itself (RFC 7519), for the notes of Bearer. It is
// decoded, never verified: only who has the key can do that.

const maxJWT = 64 << 10 // bytes; no header line is longer

// noteJWT decodes token if it looks like a JWT, and holds its times against the clock of env.
func noteJWT(token string, env core.Env, tr *core.Trace) {
	parts := strings.Split(token, ".")
	if !strings.HasPrefix(token, "eyJ") || len(token) > maxJWT { // "eyJ" is {" in base64
		return
	}
	header, err := decodeJSON(parts[0])
	switch {
	case err == nil && len(parts) == 5:
		tr.Note(core.Note{Code: "bearer.jwe", Severity: core.Info, Field: "token", Ref: rfc("RFC 7516", "7.1"),
			Message: "the token is an encrypted JWT; only its recipient can read the claims (" + header.list("alg", "enc", "kid") + ")"})
		return
	case err != nil || len(parts) != 3:
		noteBrokenJWT(tr)
		return
	}
	claims, err := decodeJSON(parts[1])
	if err != nil {
		noteBrokenClaims(err, tr)
		return
	}
	said := append(header.pairs("alg", "typ", "kid"), claims.pairs("iss", "sub", "aud", "scope")...)
	tr.Note(core.Note{Code: "bearer.jwt", Severity: core.Info, Field: "token", Ref: rfc("RFC 7519", "4.1"),
		Message: "the token is a JWT, decoded here but not verified: " + strings.Join(said, ", ")})
	if strings.EqualFold(header["alg"].text, "none") {
		tr.Note(core.Note{Code: "bearer.jwt-unsigned", Severity: core.Warn, Field: "token", Ref: rfc("RFC 7519", "6"),
			Message: "the JWT is not signed (alg none); servers refuse it, and should"})
	}
	noteTimes(claims, env.Now(), tr)
}

func noteBrokenJWT(tr *core.Trace) {
	tr.Note(core.Note{Code: "bearer.jwt-broken", Severity: core.Warn, Field: "token", Ref: rfc("RFC 7519", "7.2"),
		Message: "the token begins like a JWT, but is none: three parts of base64url JSON with dots between them are needed",
		Fix:     "look whether it was cut off when it was copied"})
}

func noteBrokenClaims(err error, tr *core.Trace) {
	what := "its claims are no JSON object"
	if err == errRepeated {
		what = "a member of its claims is there twice, of which servers take the first or the last"
	}
	tr.Note(core.Note{Code: "bearer.jwt-broken", Severity: core.Warn, Field: "token", Ref: rfc("RFC 7519", "7.2"),
		Message: "the token is in three parts like a JWT, but " + what,
		Fix:     "look whether it was changed when it was copied"})
}

// noteTimes reads the claims exp, nbf and iat (RFC 7519, sections 4.1.4 to 4.1.6).
func noteTimes(claims object, now time.Time, tr *core.Trace) {
	note := func(code string, severity core.Severity, section, message, fix string) {
		tr.Note(core.Note{Code: "bearer.jwt-" + code, Severity: severity, Field: "token", Message: message, Fix: fix,
			Ref: rfc("RFC 7519", section)})
	}
	for _, claim := range []struct{ name, section string }{{"exp", "4.1.4"}, {"nbf", "4.1.5"}, {"iat", "4.1.6"}} {
		value, given := claims[claim.name]
		at, isDate := value.date()
		switch {
		case !given:
		case !isDate:
			note("date", core.Warn, claim.section, "the JWT’s "+claim.name+" "+value.notDate()+"; it has to be in seconds since 1970", "")
		case claim.name == "exp" && !now.Before(at):
			note("expired", core.Warn, claim.section, "the JWT expired "+ago(now, at)+", not verified", "get a new token")
		case claim.name == "exp":
			note("expires", core.Info, claim.section, "the JWT expires "+ago(now, at)+", not verified", "")
		case now.Before(at):
			note("early", core.Warn, claim.section, "the JWT’s "+claim.name+" lies in the future, "+ago(now, at)+", not verified",
				"compare your clock with the issuer’s")
		}
	}
}

// ago is the distance of two times in words, and the time itself: "in 5 minutes (2026-01-02T03:04:05Z)".
func ago(now, at time.Time) string {
	from, to, words := now, at, "less than a second"
	past := at.Before(now)
	if past {
		from, to = at, now
	}
	seconds := to.Unix() - from.Unix() // not Sub, which ends at 292 years
	if to.Nanosecond() < from.Nanosecond() {
		seconds--
	}
	for _, unit := range []struct {
		name    string
		seconds int64
	}{{"second", 1}, {"minute", 60}, {"hour", 60 * 60}, {"day", 24 * 60 * 60}} {
		if n := seconds / unit.seconds; n > 0 {
			words = strconv.FormatInt(n, 10) + " " + unit.name
			if n > 1 {
				words += "s"
			}
		}
	}
	if past {
		words += " ago"
	} else {
		words = "in " + words
	}
	return words + " (" + syntax.FormatTime(at) + ")"
}
