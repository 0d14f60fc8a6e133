//go:build !js

package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// spoken are all the words that an element shows or says, its names and places of text included.
const spoken = `[...document.querySelectorAll("body *")].flatMap((el) => [...["title", "aria-label", "placeholder"].map((a) => el.getAttribute(a)),
	...[...el.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data)]).filter(Boolean)`

// The form has its texts before those of the result are there: an ID without a text would show itself.
func TestTheFormHasItsTextsFirst(t *testing.T) {
	files := http.FileServer(http.Dir(dist(t)))
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "later.js") {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(bare.Close)
	p := newTab(t)
	p.tampered = true
	p.visit(bare.URL + "/")
	p.wait("the form", `document.body.dataset.form === "ready"`)
	var seen []string
	for _, scheme := range []string{"basic", "digest", "sigv4", "httpsig"} {
		p.choose("scheme", scheme)
		var words []string
		p.eval(spoken, &words)
		require.Greater(t, len(words), 50)
		seen = append(seen, words...)
	}
	words, err := json.Marshal(seen)
	require.NoError(t, err)
	require.Empty(t, p.text(`(async () => {
		const { has } = await import("./text.js");
		await Promise.all([import("./requesttext.js"), import("./resulttext.js")]);
		return `+string(words)+`.filter((text) => has(text)).join(" ");
	})()`))
}
