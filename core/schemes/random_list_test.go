//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// randomList is a query or a form in which no name occurs twice, encoded in any way that is read the same.
func randomList(random *rand.Rand, prefix string) string {
	var list []string
	for i := range random.IntN(5) {
		name, value := prefix+strconv.Itoa(random.IntN(3))+strconv.Itoa(i)+randomText(random), randomText(random)
		switch random.IntN(5) {
		case 0:
			list = append(list, escapeAll(name)) // without "="
		case 1:
			list = append(list, prefix+strconv.Itoa(i)+"-é 가~*'()!/?:@="+"😀 +%20") // left to the browser
		case 2:
			list = append(list, escapeAll(name)+"="+strings.ToLower(escapeAll(value)))
		default:
			list = append(list, escapeAll(name)+"="+strings.ReplaceAll(escapeAll(value), "%20", "+"))
		}
	}
	return strings.Join(list, "&")
}
