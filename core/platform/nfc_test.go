package platform_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/platform"
)

func TestNFC(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"ASCII", "Aladdin", "Aladdin"},
		{"empty", "", ""},
		{"composes Hangul", "\u1112\u1161\u11ab", "한"},
		{"composes an accent", "Zoe\u0308", "Zoë"},
		{"keeps NFC", "Zoë 한 😀", "Zoë 한 😀"},
		{"orders marks", "q\u0307\u0323", "q\u0323\u0307"},
		{"keeps a byte order mark", "\ufeffZoe\u0308", "\ufeffZoë"},
		{"keeps what is not UTF-8", "e\u0308\xff", "e\u0308\xff"},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, platform.NFC(row.text)) })
	}
}

func TestNFD(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"ASCII", "Aladdin", "Aladdin"},
		{"parts Hangul", "한", "\u1112\u1161\u11ab"},
		{"parts an accent", "\ufeffZoë", "\ufeffZoe\u0308"},
		{"keeps NFD", "Zoe\u0308 😀", "Zoe\u0308 😀"},
		{"keeps what is not UTF-8", "é\xff", "é\xff"},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, platform.NFD(row.text)) })
	}
}

func FuzzNFC(f *testing.F) {
	for _, seed := range []string{"Zoe\u0308", "\u1112\u1161\u11ab", "\ufeff\ufeffe\u0301", "\xffe\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := platform.NFC(text)
		require.Equal(t, once, platform.NFC(once))
	})
}

func BenchmarkNFC(b *testing.B) {
	for b.Loop() {
		platform.NFC("open sesame, open sesame")
	}
}
