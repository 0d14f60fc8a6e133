//go:build !js

package platform

import "golang.org/x/text/unicode/norm"

func normalizeNFC(text string) string { return norm.NFC.String(text) }
