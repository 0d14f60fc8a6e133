package schemes_test

import (
	"math/rand/v2"
	"strings"
)

// Odd texts, paths and queries for tests that compare with other implementations.

var oddTexts = []string{"a", "Z9", " ", "+", "%", "&", "=", "é", "가", "😀", "~", "*", "'", "/", "?", "#", ";", ":", "!", "(", "@", "\"", "\\", "%20", "\t", "a+b"}

func randomText(random *rand.Rand) string {
	var b strings.Builder
	for range random.IntN(6) {
		b.WriteString(oddTexts[random.IntN(len(oddTexts))])
	}
	return b.String()
}

// randomPath has what a browser leaves alone and what it encodes. Not "|", which Go's net/url encodes in
// a path and browsers do not.
func randomPath(random *rand.Rand) string {
	pieces := []string{"a", "B", "%2F", "%20", " ", "é", "가", "~", "*", "'", "!", "(", ")", "$", "@", ":", "=", ",", ";", "//", "%e9"}
	var b strings.Builder
	for range random.IntN(5) {
		b.WriteByte('/')
		for range random.IntN(4) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
	}
	return b.String()
}
