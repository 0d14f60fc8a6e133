package schemes

import (
	"authpad/core/syntax"
)

// Header fields that are read before they are signed (RFC 9421, sections 2.1.1 to 2.1.3).

// wrapBytes writes each line's bytes as a byte sequence; a character is a byte, as on the wire.
func wrapBytes(lines []string) (string, *unfit) {
	list := make([]syntax.Item, len(lines))
	for i, line := range lines {
		octets, ok := encodeCharset(line, latin1Charset)
		if !ok {
			return "", &unfit{"not-sendable", "2.1.3", "its value has a character above U+00FF, which no header can carry"}
		}
		list[i].Bare = syntax.Bare{Kind: syntax.BytesItem, Text: string(octets)}
	}
	return syntax.FormatList(list), nil
}

func dictionaryMember(value, key string) (string, *unfit) {
	members, err := syntax.ParseDictionary(value)
	if err != nil {
		return "", &unfit{"malformed", "2.1.2", "its value is no dictionary: " + err.Error()}
	}
	for _, m := range members {
		if m.Key == key {
			return m.Item.String(), nil
		}
	}
	return "", &unfit{"no-member", "2.1.2", "its value has no member of this key"}
}

// strictField writes the value as its type has it. Of a field whose type is not known here, it must be
// the same whatever the type.
func strictField(name, value string) (string, *unfit) {
	kinds, known := structuredKind(name), true
	if kinds == "" {
		kinds, known = "dli", false
	}
	var result string
	var wrong error
	read := false
	for i := range len(kinds) {
		text, err := rewrite(kinds[i], value)
		switch {
		case err != nil:
			wrong = err
		case read && text != result:
			return "", &unfit{"unknown-type", "2.1.1", "it is not known here whether this field is a list or a dictionary, and that makes a difference; leave out ;sf"}
		default:
			result, read = text, true
		}
	}
	switch {
	case read:
		return result, nil
	case known:
		return "", &unfit{"malformed", "2.1.1", "its value is not written as a structured field: " + wrong.Error()}
	}
	return "", &unfit{"malformed", "2.1.1", "its value is no structured field; leave out ;sf"}
}

func rewrite(kind byte, value string) (string, error) {
	switch kind {
	case 'd':
		members, err := syntax.ParseDictionary(value)
		return syntax.FormatDictionary(members), err
	case 'l':
		list, err := syntax.ParseList(value)
		return syntax.FormatList(list), err
	}
	item, err := syntax.ParseItem(value)
	return item.String(), err
}

// structuredKind is the type of registered fields that are structured: a dictionary, a list or an item;
// empty where it is not known (https://www.iana.org/assignments/http-fields).
func structuredKind(name string) string {
	switch name {
	case "content-digest", "repr-digest", "want-content-digest", "want-repr-digest", "signature", "signature-input",
		"accept-signature", "priority", "cdn-cache-control":
		return "d"
	case "accept-ch", "cache-status", "proxy-status", "client-cert-chain", "cache-groups", "cache-group-invalidation":
		return "l"
	case "client-cert", "capsule-protocol", "deprecation", "cross-origin-opener-policy", "cross-origin-embedder-policy", "origin-agent-cluster":
		return "i"
	}
	return ""
}
