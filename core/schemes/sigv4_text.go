package schemes

import (
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// How Signature Version 4 writes a request down, and how it is read again.

// path is the canonical URI of the path as it is sent, which is percent-encoded once already. Most
// services want that encoded again; of S3 and its kin each byte is encoded just once.
func (s *awsSigning) path() string {
	path := s.req.URL.Path
	if s.normal() {
		path = collapsed(path)
	}
	if s.plusIsSpace() {
		path = strings.ReplaceAll(path, "+", " ")
	}
	if s.once() {
		path = syntax.PercentDecode(path)
	}
	if path == "" {
		path = "/"
	}
	return syntax.PercentEncode(path, func(b byte) bool { return b == '/' || syntax.Unreserved(b) })
}

// collapsed leaves out empty segments, "." and "..", as most services do before they compare. Of "." and
// ".." a browser leaves none over.
func collapsed(path string) string {
	if !strings.Contains(path, "//") && !strings.Contains(path, "/.") && strings.HasPrefix(path, "/") {
		return path
	}
	var kept []string
	for _, segment := range strings.Split(path, "/") {
		switch {
		case segment == "" || segment == ".":
		case segment != "..":
			kept = append(kept, segment)
		case len(kept) > 0:
			kept = kept[:len(kept)-1]
		}
	}
	if len(kept) > 0 && strings.HasSuffix(path, "/") {
		kept = append(kept, "")
	}
	return "/" + strings.Join(kept, "/")
}

// awsQuery are the parameters of the canonical query: decoded, where "+" is a space, and encoded anew.
func awsQuery(query string, own []core.Param) []core.Param {
	return encodeParams(append(syntax.ParseForm(strings.TrimPrefix(query, "?")), own...))
}

// cutPresigned takes the parameters of a signature out of a query. The rest stays byte for byte; names
// match in one case only, as at AWS.
func cutPresigned(query string) (rest string, own []core.Param) {
	if !strings.Contains(query, "X-Amz-") && !strings.Contains(query, "%") {
		return query, nil
	}
	var kept []string
	for _, piece := range strings.Split(strings.TrimPrefix(query, "?"), "&") {
		list := syntax.ParseForm(piece)
		if len(list) == 1 && isPresignName(list[0].Name) {
			own = append(own, list[0])
		} else {
			kept = append(kept, piece)
		}
	}
	if own == nil {
		return query, nil
	}
	if rest = strings.Join(kept, "&"); rest != "" {
		rest = "?" + rest
	}
	return rest, own
}

func isPresignName(name string) bool {
	return listed(" X-Amz-Algorithm X-Amz-Credential X-Amz-Date X-Amz-Expires X-Amz-SignedHeaders X-Amz-Signature "+
		"X-Amz-Security-Token X-Amz-Region-Set ", name)
}

// listed reports whether name is one of these, which have spaces around them.
func listed(names, name string) bool {
	return strings.Contains(names, " "+name+" ") && !strings.Contains(name, " ")
}

// awsHeader is the canonical value of a header's lines: joined by commas, also where a line is folded;
// trimmed, and with one space where there were more. A tab inside stays: of AWS's own clients some keep
// it, and some do not.
func awsHeader(lines []string) string {
	var kept []string
	for _, line := range lines {
		for _, piece := range strings.Split(line, "\n") {
			if piece = strings.Trim(piece, " \t\r"); piece != "" {
				kept = append(kept, oneSpace(piece))
			}
		}
	}
	return strings.Join(kept, ",")
}

func oneSpace(text string) string {
	for strings.Contains(text, "  ") {
		text = strings.ReplaceAll(text, "  ", " ")
	}
	return text
}

// formatAmzDate writes ISO 8601 in its basic form: "20150830T123600Z".
func formatAmzDate(t time.Time) string {
	long := syntax.FormatTime(t)
	return long[:4] + long[5:7] + long[8:13] + long[14:16] + long[17:]
}

func readAmzDate(text string) (time.Time, bool) {
	if len(text) != len("20150830T123600Z") {
		return time.Time{}, false
	}
	return syntax.ParseTime(text[:4] + "-" + text[4:6] + "-" + text[6:11] + ":" + text[11:13] + ":" + text[13:])
}

// awsClaims is what a request says about its signature.
type awsClaims struct {
	presigned                       bool
	algorithm, credential           string
	signedHeaders, signature        string
	date, expires, token, regionSet string
}

// readAuthorization reads the value of an Authorization header:
// algorithm SP "Credential=" … "," "SignedHeaders=" … "," "Signature=" …, with or without space behind the commas.
func readAuthorization(line string) (c awsClaims, problem string) {
	var rest string
	c.algorithm, rest, _ = strings.Cut(line, " ")
	for _, piece := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimLeft(piece, " "), "=")
		into := c.member(name)
		switch {
		case into == nil:
			return c, "it has a part that is none of Credential, SignedHeaders and Signature"
		case *into != "":
			return c, name + " is there twice"
		case value == "":
			return c, name + " is empty"
		}
		*into = value
	}
	return c, c.missing("")
}

func (c *awsClaims) member(name string) *string {
	switch name {
	case "Credential":
		return &c.credential
	case "SignedHeaders":
		return &c.signedHeaders
	case "Signature":
		return &c.signature
	}
	return nil
}

// readPresigned reads the parameters of a presigned address.
func readPresigned(params []core.Param) (c awsClaims, problem string) {
	c.presigned = true
	seen := " "
	for _, p := range params {
		if listed(seen, p.Name) {
			return c, p.Name + " is there twice"
		}
		seen += p.Name + " "
		switch p.Name {
		case "X-Amz-Algorithm":
			c.algorithm = p.Value
		case "X-Amz-Date":
			c.date = p.Value
		case "X-Amz-Expires":
			c.expires = p.Value
		case "X-Amz-Security-Token":
			c.token = p.Value
		case "X-Amz-Region-Set":
			c.regionSet = p.Value
		default:
			*c.member(strings.TrimPrefix(p.Name, "X-Amz-")) = p.Value
		}
	}
	if c.algorithm == "" {
		return c, "X-Amz-Algorithm is missing"
	}
	return c, c.missing("X-Amz-")
}

func (c *awsClaims) missing(prefix string) string {
	for _, name := range []string{"Credential", "SignedHeaders", "Signature"} {
		if *c.member(name) == "" {
			return prefix + name + " is missing"
		}
	}
	return ""
}

// cutCredential reads a credential from its end, since an access key may contain slashes. Its scope has
// so many parts.
func cutCredential(credential string, parts int) (accessKey, scope string) {
	i := len(credential)
	for range parts {
		if i = strings.LastIndexByte(credential[:max(i, 0)], '/'); i < 0 {
			return "", credential
		}
	}
	return credential[:i], credential[i+1:]
}
