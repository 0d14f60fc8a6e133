package schemes

import (
	"cmp"
	"maps"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What Signature Version 4 cannot sign or send, each at its field.

//go:noinline
func (s *awsSigning) wrong(field, code, message string) error {
	return &core.FieldError{Field: field, Code: s.id + "." + code, Message: message, Ref: awsRef(awsPage)}
}

// tidied are the values without space around them: no key has any, and it often comes with a paste.
func (s *awsSigning) tidied(typed core.Values) core.Values {
	v, changed := typed, false
	for _, field := range [...]string{"accessKeyId", "secretAccessKey", "sessionToken", s.regionField(), "service", "expires"} {
		if kept := tidy(typed[field], field == "regionSet"); kept != typed[field] {
			if !changed {
				v, changed = maps.Clone(typed), true
			}
			v[field] = kept
			s.say("space", core.Info, field, "the space around this value is left out: it is not part of it", "remove it")
		}
	}
	return v
}

// tidy also trims the members of a list.
func tidy(text string, isList bool) string {
	if !isList {
		return strings.TrimSpace(text)
	}
	members := strings.Split(text, ",")
	for i := range members {
		members[i] = strings.TrimSpace(members[i])
	}
	return strings.Join(members, ",")
}

// check is about the fields; Verify asks it, too.
func (s *awsSigning) check() error {
	if err := cmp.Or(s.checkKeys(), s.checkRegion(), s.checkService(), s.checkExpires()); err != nil {
		return err
	}
	if s.is("payload", "unsigned") && !s.presigned && !s.mayBeUnsigned() && !s.req.Header.Has(contentHash) {
		return s.wrong("payload", "unsigned-payload", "the service "+s.service.Value+" is not known to take an unsigned body, as S3 does; "+
			"sign it, or type the header X-Amz-Content-Sha256: UNSIGNED-PAYLOAD if it does")
	}
	return nil
}

func (s *awsSigning) checkKeys() error {
	switch key := s.accessKey; {
	case key == "":
		return s.wrong("accessKeyId", "no-access-key", "the access key ID is missing; it has 20 letters and digits and begins with AKIA or ASIA")
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`,;="`, r) }):
		return s.wrong("accessKeyId", "access-key", "the access key ID has a space, a comma, a quote, “=” or another character that it cannot have; paste the ID alone")
	case s.secret == "":
		return s.wrong("secretAccessKey", "no-secret", "the secret access key is missing; AWS shows it once, when the key is made")
	case !syntax.ValidFieldValue(s.token):
		return s.wrong("sessionToken", "session-token", "the session token contains a line break, a control character or a character above U+00FF, which a header cannot carry; paste it in one line")
	}
	return nil
}

func (s *awsSigning) checkRegion() error {
	region, field := s.region.Value, s.regionField()
	switch {
	case region == "" && strings.HasSuffix(s.host, ".s3-global.amazonaws.com"):
		return s.wrong(field, "no-region", "this access point spans several regions; choose SigV4A, which signs for all of them")
	case region == "":
		return s.wrong(field, "no-region", "the region is missing, and the host does not tell it; type one, such as us-east-1")
	case !s.asymmetric():
		return s.checkRegionName(region, "-_")
	}
	for _, member := range strings.Split(region, ",") {
		if err := s.checkRegionName(member, "-_*"); err != nil {
			return err
		}
	}
	return nil
}

// checkRegionName is about one region, or one member of a set.
func (s *awsSigning) checkRegionName(region, marks string) error {
	zone := strings.TrimRight(region, "abcdef")
	switch {
	case region == "":
		return s.wrong(s.regionField(), "region", "the set has a comma without a region on both sides of it; type names with one comma between them, such as us-east-1,eu-west-1")
	case !consists(region, marks):
		return s.wrong(s.regionField(), "region", "“"+visible(region)+"” is no region; type its name in letters, digits and dashes, such as us-east-1")
	case len(zone) == len(region)-1 && isRegion(zone):
		return s.wrong(s.regionField(), "zone", region+" is an availability zone; its region is "+zone)
	}
	return nil
}

func (s *awsSigning) checkService() error {
	switch service := s.service.Value; {
	case service == "":
		return s.wrong("service", "no-service", "the service is missing, and the host does not tell it; type the name it signs with, such as s3 or execute-api")
	case !consists(service, "-_."):
		return s.wrong("service", "service", "“"+visible(service)+"” is no service; type the name it signs with, such as s3, execute-api or es")
	}
	return nil
}

// consists reports whether text has letters, digits and some marks only. A slash would end its part of
// the scope.
//
//go:noinline
func consists(text, marks string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z') && !strings.ContainsRune(marks, r)
	})
}

const maxExpires = 7 * 24 * 60 * 60

func (s *awsSigning) checkExpires() error {
	if !s.presigned {
		return nil
	}
	if n, ok := readExpires(s.expires); !ok {
		return s.wrong("expires", "expires", "a presigned address is valid for 1 to "+strconv.Itoa(maxExpires)+" seconds (a week); type a whole number of them")
	} else {
		s.expires = strconv.Itoa(n)
	}
	return nil
}

// readExpires reads what AWS takes: a whole number of seconds, up to a week.
func readExpires(text string) (seconds int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= maxExpires && text[0] != '+'
}

// conflict refuses a request that is signed already, or says twice what is to be signed once.
func (s *awsSigning) conflict() error {
	h := s.req.Header
	if _, own := cutPresigned(s.req.URL.Query); presents(own) && !s.presigned {
		return s.wrong("url", "presigned-already", "the address is presigned already, and a request may have one signature only; remove its X-Amz-… parameters, or choose the scheme “none”")
	} else if own != nil && s.presigned {
		s.say("replaced", core.Info, "url", "the address was presigned before; its X-Amz-… parameters are replaced", "")
	}
	if h.Has("Authorization") {
		return setAuthorization(s.req, "") // which refuses
	}
	for _, name := range []string{"X-Amz-Date", contentHash, sessionToken, "X-Amz-Region-Set"} {
		if len(h.Values(name)) > 1 {
			return s.wrong("headers", "repeated", "the headers have "+name+" more than once; leave one")
		}
	}
	if s.another(sessionToken, s.token) || s.another("X-Amz-Region-Set", s.v["regionSet"]) {
		return s.wrong("headers", "conflict", "the headers have another session token or region set than the field; remove the header")
	}
	return nil
}

// another reports whether the header has another value than the field.
func (s *awsSigning) another(name, field string) bool {
	typed, given := s.req.Header.Get(name)
	return given && field != "" && typed != field
}
