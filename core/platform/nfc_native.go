//go:build !js

package platform

import "golang.org/x/text/unicode/norm"

func normalize(text, form string) string {
	if form == formD {
		return norm.NFD.String(text)
	}
	return norm.NFC.String(text)
}
