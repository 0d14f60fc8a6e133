package schemes

import (
	"slices"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// How OAuth 1.0 reads a request and writes its parameters (RFC 5849, sections 3.4.1, 3.5 and 3.6).

const formType = "application/x-www-form-urlencoded"

// isForm reports whether the body's parameters are signed (RFC 5849, section 3.4.1.3.1). What follows
// the type, such as a charset, does not matter.
func isForm(req *core.Request) bool {
	mediaType, _ := req.Header.Get("Content-Type")
	mediaType, _, _ = strings.Cut(mediaType, ";")
	return strings.EqualFold(syntax.TrimSpace(mediaType), formType)
}

// oauthSources are the parameters of the query and of a form body, decoded. Both are read like a form,
// where "+" is a space.
//
//go:noinline
func oauthSources(req *core.Request) (query, form []core.Param) {
	if isForm(req) {
		form = syntax.ParseForm(string(req.Body))
	}
	return syntax.ParseForm(strings.TrimPrefix(req.URL.Query, "?")), form
}

// baseStringURI is scheme, host, port unless it is the default, and path (RFC 5849, section 3.4.1.2).
// The URL's parser has lowered the case and left the default port out.
//
//go:noinline
func baseStringURI(u core.URL) string {
	path := u.Path
	if path == "" {
		path = "/"
	}
	return u.Scheme + "://" + u.Authority() + path
}

// percent is the encoding of RFC 5849, section 3.6: all but the unreserved characters, in upper case.
func percent(text string) string { return syntax.PercentEncode(text, syntax.Unreserved) }

func encodeParams(params []core.Param) []core.Param {
	encoded := make([]core.Param, len(params))
	for i, p := range params {
		encoded[i] = core.Param{Name: percent(p.Name), Value: percent(p.Value)}
	}
	return encoded
}

// sortParams sorts encoded parameters by name, then by value, as bytes (RFC 5849, section 3.4.1.3.2).
// "name=value" as a whole would sort otherwise: "=" comes behind "%" and the digits.
func sortParams(params []core.Param) []core.Param {
	sorted := slices.Clone(params)
	slices.SortStableFunc(sorted, func(a, b core.Param) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return strings.Compare(a.Value, b.Value)
	})
	return sorted
}

func joinParams(params []core.Param, between string) string {
	joined := make([]byte, 0, 256)
	for i, p := range params {
		if i > 0 {
			joined = append(joined, between...)
		}
		joined = append(joined, p.Name...)
		joined = append(joined, '=')
		joined = append(joined, p.Value...)
	}
	return string(joined)
}

// oauthHeader writes the Authorization header (RFC 5849, section 3.5.1). The realm is no parameter of
// the protocol: it is quoted as HTTP has it, not percent-encoded.
func oauthHeader(realm string, params []core.Param) string {
	quoted := encodeParams(params)
	for i := range quoted {
		quoted[i].Value = `"` + quoted[i].Value + `"` // nothing in there needs an escape
	}
	if realm != "" {
		quoted = append([]core.Param{{Name: "realm", Value: syntax.Quote(realm)}}, quoted...)
	}
	return "OAuth " + joinParams(quoted, ", ")
}

// appendParams writes the parameters behind those that are there already.
func appendParams(list string, params []core.Param) string {
	if list != "" {
		list += "&"
	}
	return list + joinParams(encodeParams(params), "&")
}

func isOAuthName(name string) bool { return strings.HasPrefix(name, "oauth_") }

func paramOf(params []core.Param, name string) (value string, found bool) {
	for _, p := range params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// received is what a request says in OAuth's terms.
type received struct {
	place  string // inHeader, inQuery, inBody; empty: nowhere
	params []core.Param
	realm  string
	wrong  *core.Rejection // why it cannot be read
}

// readOAuth1 looks in the three places; parameters in more than one are refused (RFC 5849, section 3.5).
func readOAuth1(req *core.Request) received {
	var r received
	r.readHeader(req)
	query, form := oauthSources(req)
	r.readList(inQuery, query)
	r.readList(inBody, form)
	if r.wrong == nil && r.place == "" {
		r.refuse("oauth1.missing", "the request has no OAuth parameters, in none of the three places", "3.5")
		if req.Header.Has("Authorization") {
			r.refuse("authorization.scheme", "the Authorization header is for another scheme than OAuth", "3.5.1")
		}
	}
	return r
}

func (r *received) readHeader(req *core.Request) {
	lines := req.Header.Values("Authorization")
	if !slices.ContainsFunc(lines, isOAuthLine) {
		return
	}
	r.place = inHeader
	if len(lines) > 1 {
		r.refuse("authorization.repeated", "the request has more than one Authorization header", "3.5.1")
		return
	}
	parsed := syntax.ParseChallenges(lines) // the same grammar: RFC 9110, section 11
	if len(parsed) != 1 || parsed[0].Token68 != "" || len(parsed[0].Problems) > 0 {
		problem := ""
		if len(parsed) > 0 && len(parsed[0].Problems) > 0 {
			problem = ": " + visible(parsed[0].Problems[0])
		}
		r.refuse("oauth1.header", "the Authorization header is not OAuth and a list of name=\"value\" with commas between them"+problem, "3.5.1")
		return
	}
	for _, p := range parsed[0].Params {
		if strings.EqualFold(p.Name, "realm") {
			r.realm = p.Value
			continue
		}
		name, value := syntax.PercentDecode(p.Name), syntax.PercentDecode(p.Value)
		if percent(value) != p.Value || percent(name) != p.Name {
			r.refuse("oauth1.encoding", "the value of "+visible(name)+" is not percent-encoded as OAuth has it: all but letters, digits and -._~, in upper case", "3.6")
		}
		r.params = append(r.params, core.Param{Name: name, Value: value})
	}
}

func isOAuthLine(line string) bool {
	_, ok := cutScheme(syntax.TrimSpace(line), "OAuth")
	return ok
}

func (r *received) readList(place string, list []core.Param) {
	var own []core.Param
	for _, p := range list {
		if isOAuthName(p.Name) {
			own = append(own, p)
		}
	}
	switch {
	case len(own) == 0:
	case r.place != "":
		r.refuse("oauth1.places", "there are OAuth parameters in more than one place: "+r.place+" and "+place, "3.5")
	default:
		r.place, r.params = place, own
	}
}

//go:noinline
func (r *received) refuse(code, message, section string) {
	r.wrong = &core.Rejection{Code: code, Step: "consumer-key", Message: message, Ref: rfc("RFC 5849", section)}
}

// seconds is a time in Unix seconds, as specifications print it.
func seconds(n int64) time.Time { return time.Unix(n, 0).UTC() }
