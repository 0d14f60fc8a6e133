package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Templates: text with names in braces, which something else gives values to. "{{" is a brace; "\n", "\r",
// "\t" and "\\" are what they are in C; a line break stands for itself. The grammar is authpad's own.

// TemplatePart is a piece of a template: text that stands for itself, or a name.
type TemplatePart struct {
	Text string
	Name string // empty: Text counts
	At   int    // where its brace is, in characters from 1
}

// TemplateProblem is why a text is no template.
type TemplateProblem struct {
	At   int // in characters from 1
	Text string
}

// ParseTemplate reads a template. Which names there are is the caller's business.
func ParseTemplate(text string) ([]TemplatePart, *TemplateProblem) {
	text = strings.ReplaceAll(text, "\r\n", "\n") // a pasted line break is one character
	var parts []TemplatePart
	literal := func(s string) {
		if n := len(parts); n > 0 && parts[n-1].Name == "" {
			parts[n-1].Text += s
		} else {
			parts = append(parts, TemplatePart{Text: s})
		}
	}
	rest, at := text, 1
	next := func(n int) {
		at += utf8.RuneCountInString(rest[:n])
		rest = rest[n:]
	}
	for rest != "" {
		plain := strings.IndexAny(rest, `{\`)
		if plain != 0 {
			if plain < 0 {
				plain = len(rest)
			}
			literal(rest[:plain])
			next(plain)
			continue
		}
		if rest[0] == '\\' {
			escape := strings.IndexByte(`nrt\`, (rest + " ")[1])
			if escape < 0 {
				return nil, &TemplateProblem{at, `the backslash at character ` + strconv.Itoa(at) + ` stands in front of something else than n, r, t or \`}
			}
			literal("\n\r\t\\"[escape : escape+1])
			next(2)
			continue
		}
		if strings.HasPrefix(rest, "{{") {
			literal("{")
			next(2)
			continue
		}
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return nil, &TemplateProblem{at, "the brace at character " + strconv.Itoa(at) + " is not closed; for a brace itself write {{"}
		}
		if end == 1 {
			return nil, &TemplateProblem{at, "the braces at character " + strconv.Itoa(at) + " are empty; for a brace itself write {{"}
		}
		parts = append(parts, TemplatePart{Name: rest[1:end], At: at})
		next(end + 1)
	}
	return parts, nil
}
