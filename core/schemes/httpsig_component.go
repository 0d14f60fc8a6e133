package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a message signature can cover (RFC 9421, section 2): the values of components, and which
// identifiers name one.

// httpMessage is what is signed: a request, or the answer to it.
type httpMessage struct {
	req    *core.Request
	answer *core.Response // nil: the request
}

// unfit says why a component has no value.
type unfit struct{ code, section, message string }

// checkComponents looks at all that can be known without the message; at is the first that is wrong.
func checkComponents(list []syntax.Item, ofAnswer bool) (at int, u *unfit) {
	seen := make([]string, 0, len(list))
	for i, c := range list {
		if u := checkComponent(c, ofAnswer); u != nil {
			return i, u
		}
		id := identity(c)
		for _, other := range seen {
			if other == id {
				return i, &unfit{"repeated", "2", "it stands there already; each component may be named once"}
			}
		}
		seen = append(seen, id)
	}
	return 0, nil
}

// identity is the identifier with its parameters in one order: theirs makes no difference.
func identity(c syntax.Item) string {
	id := c.Text
	for _, key := range [...]string{"bs", "key", "name", "req", "sf", "tr"} {
		if value, given := c.Param(key); given {
			id += ";" + key + "=" + value.String()
		}
	}
	return id
}

func checkComponent(c syntax.Item, ofAnswer bool) *unfit {
	switch {
	case c.Kind != syntax.StringItem:
		return &unfit{"quotes", "2.5", "the name of a component stands in double quotes"}
	case c.Text == "@signature-params":
		return &unfit{"signature-params", "2.3", "the parameters are always signed; they are not named"}
	case strings.HasPrefix(c.Text, "@"):
		return checkDerived(c, ofAnswer)
	case !syntax.IsToken(c.Text) || strings.ToLower(c.Text) != c.Text:
		return &unfit{"name", "2.1", "the name of a header field is written in small letters, without a colon"}
	}
	for _, p := range c.Params {
		if u := checkComponentParam(p, ofAnswer); u != nil {
			return u
		}
	}
	_, wrapped := c.Param("bs")
	if _, strict := c.Param("sf"); wrapped && strict {
		return &unfit{"bs-and-sf", "2.1", "bs takes the bytes as they are, sf writes them anew: only one of them is possible"}
	}
	if _, member := c.Param("key"); wrapped && member {
		return &unfit{"bs-and-sf", "2.1", "bs takes the bytes as they are, key reads them: only one of them is possible"}
	}
	return nil
}

func checkComponentParam(p syntax.ItemParam, ofAnswer bool) *unfit {
	isFlag := p.Value == syntax.Bare{Kind: syntax.BooleanItem, Number: 1}
	switch {
	case p.Key == "tr":
		return &unfit{"trailer", "2.1.4", "trailers cannot be signed here: scripts neither send nor see them"}
	case p.Key == "req" && isFlag && !ofAnswer:
		return &unfit{"req", "2.4", "req stands in signatures of answers only; it means the request that was answered"}
	case (p.Key == "sf" || p.Key == "bs" || p.Key == "req") && isFlag, p.Key == "key" && p.Value.Kind == syntax.StringItem:
		return nil
	case p.Key == "sf" || p.Key == "bs" || p.Key == "req" || p.Key == "key":
		return &unfit{"parameter", "2.1", p.Key + " is written as in \"x\";sf, \"x\";bs or \"x\";key=\"a\""}
	}
	return &unfit{"parameter", "2.5", "there is no parameter " + p.Key + " of a header field; those are sf, bs, key and req"}
}

func checkDerived(c syntax.Item, ofAnswer bool) *unfit {
	if _, known := derivedText(c.Text); !known {
		return &unfit{"unknown", "2.2", "there is no such component; those of a request are @method, @target-uri, @authority, @scheme, @request-target, @path, @query and @query-param, of an answer @status"}
	}
	_, ofRequest := c.Param("req")
	switch {
	case c.Text == "@status" && (!ofAnswer || ofRequest):
		return &unfit{"status", "2.2.9", "a request has no status; only answers can have it signed"}
	case c.Text != "@status" && ofAnswer && !ofRequest:
		return &unfit{"of-request", "2.4", "an answer has none; with ;req it is the request’s"}
	}
	if name, _ := c.Param("name"); c.Text == "@query-param" && name.Kind != syntax.StringItem {
		return &unfit{"query-name", "2.2.8", "it needs the parameter’s name, as in \"@query-param\";name=\"page\""}
	}
	for _, p := range c.Params {
		switch {
		case p.Key == "name" && c.Text == "@query-param":
		case p.Key != "req":
			return &unfit{"parameter", "2.2", "the parameter " + p.Key + " is not one of " + c.Text}
		default:
			if u := checkComponentParam(p, ofAnswer); u != nil {
				return u
			}
		}
	}
	return nil
}

// value is the component's value. The identifier has passed checkComponents.
func (m httpMessage) value(c syntax.Item) (string, *unfit) {
	_, ofRequest := c.Param("req")
	of := m
	if ofRequest {
		of.answer = nil
	}
	var value string
	var u *unfit
	if strings.HasPrefix(c.Text, "@") {
		value, u = of.derived(c)
	} else {
		value, u = of.field(c)
	}
	switch {
	case u != nil:
		return "", u
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "", &unfit{"control", "2", "its value has a line break or another control character: it could pass for several lines of what is signed"}
	case !isASCII(value):
		return "", &unfit{"not-ascii", "2.5", "its value has characters outside ASCII; with ;bs their bytes are signed"}
	}
	return value, nil
}

func (m httpMessage) derived(c syntax.Item) (string, *unfit) {
	u := m.req.URL
	switch c.Text {
	case "@status":
		return strconv.Itoa(m.answer.Status), nil
	case "@method":
		return m.req.Method, nil
	case "@target-uri":
		return u.Origin() + u.Target(), nil
	case "@authority":
		return u.Authority(), nil
	case "@scheme":
		return u.Scheme, nil
	case "@request-target":
		return u.Target(), nil
	case "@path":
		return strings.TrimSuffix(u.Target(), u.Query), nil
	case "@query":
		return "?" + strings.TrimPrefix(u.Query, "?"), nil
	}
	name, _ := c.Param("name")
	return queryParam(u.Query, name.Text)
}

// queryParam is the one parameter of this name, read and written as RFC 9421, section 2.2.8 has it.
func queryParam(query, name string) (string, *unfit) {
	value, found := "", false
	for _, p := range syntax.ParseForm(strings.TrimPrefix(query, "?")) {
		if encodeQueryPart(p.Name) != name {
			continue
		}
		if found {
			return "", &unfit{"query-twice", "2.2.8", "the query has this parameter twice, and servers disagree which one counts; take \"@query\" instead"}
		}
		value, found = encodeQueryPart(p.Value), true
	}
	if !found {
		return "", &unfit{"no-query-param", "2.2.8", "the query has no such parameter; its name is written percent-encoded here"}
	}
	return value, nil
}

// encodeQueryPart writes a part of a query in the application/x-www-form-urlencoded percent-encode set, the
// space as "%20" (URL standard, section 1.3).
func encodeQueryPart(text string) string {
	return syntax.PercentEncode(syntax.ReplaceInvalidUTF8(text), func(b byte) bool {
		return syntax.Unreserved(b) && b != '~' || b == '*'
	})
}

// field is the value of a header field (RFC 9421, section 2.1).
func (m httpMessage) field(c syntax.Item) (string, *unfit) {
	lines := m.lines(c.Text)
	if lines == nil {
		return "", &unfit{"absent", "2.5", "the message has no such header field"}
	}
	if _, wrapped := c.Param("bs"); wrapped {
		return wrapBytes(lines)
	}
	joined := strings.Join(lines, ", ")
	if key, given := c.Param("key"); given {
		return dictionaryMember(joined, key.Text)
	}
	if _, strict := c.Param("sf"); strict {
		return strictField(c.Text, joined)
	}
	return joined, nil
}

// lines are the field's values as received: without space around them and line folding in them. Host
// and Content-Length are not in core.Request unless typed; whoever sends it adds them.
func (m httpMessage) lines(name string) []string {
	header := m.req.Header
	if m.answer != nil {
		header = m.answer.Header
	}
	lines := header.Values(name)
	for i := range lines {
		lines[i] = unfold(lines[i])
	}
	switch {
	case lines != nil || m.answer != nil:
	case name == "host":
		return []string{m.req.URL.Authority()}
	case name == "content-length" && (m.req.BodySize() > 0 || sendsLength(m.req.Method)):
		return []string{strconv.FormatInt(m.req.BodySize(), 10)}
	}
	return lines
}

// sendsLength: of these methods also an empty body has its length told (RFC 9110, section 8.6).
func sendsLength(method string) bool { return method == "POST" || method == "PUT" || method == "PATCH" }

// unfold replaces obsolete line folding by a space (RFC 9112, section 5.2).
func unfold(value string) string {
	if !strings.Contains(value, "\n") {
		return syntax.TrimSpace(value)
	}
	folded := strings.Split(value, "\n")
	for i := range folded {
		folded[i] = strings.Trim(folded[i], " \t\r")
	}
	return strings.TrimSpace(strings.Join(folded, " "))
}
