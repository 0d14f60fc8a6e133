package fetchrules

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestPredictNotes(t *testing.T) {
	type edit = func(*core.Request, *core.Fetch)
	header := func(name, value string) edit {
		return func(r *core.Request, _ *core.Fetch) { r.Header.Add(name, value) }
	}
	for _, row := range []struct {
		name string
		edit edit
		code string
		seen bool
	}{
		{"a lower-case method", func(r *core.Request, _ *core.Fetch) { r.Method = "patch" }, "fetch.method-case", true},
		{"a mixed-case method", func(r *core.Request, _ *core.Fetch) { r.Method = "Query" }, "fetch.method-case", true},
		{"a method that fetch upper-cases", func(r *core.Request, _ *core.Fetch) { r.Method = "post" }, "fetch.method-case", false},
		{"two lines of one name", func(r *core.Request, _ *core.Fetch) { r.Header.Add("X-Dup", "1"); r.Header.Add("x-dup", "2") }, "fetch.header-merged", true},
		{"two dropped lines of one name", func(r *core.Request, _ *core.Fetch) { r.Header.Add("Date", "1"); r.Header.Add("date", "2") }, "fetch.header-merged", false},
		{"an odd case over http", header("X-CaSe-MiX", "1"), "fetch.lower-case-names", false},
		{"an odd case over https", func(r *core.Request, _ *core.Fetch) { r.URL.Scheme = "https"; r.Header.Add("X-CaSe-MiX", "1") }, "fetch.lower-case-names", true},
		{"the usual case over https", func(r *core.Request, _ *core.Fetch) { r.URL.Scheme = "https"; r.Header.Add("X-Api-Key", "1") }, "fetch.lower-case-names", false},

		{"omit", func(_ *core.Request, f *core.Fetch) { *f = sameAsPage }, "fetch.prompt", false},
		{"own origin, same-origin", func(_ *core.Request, f *core.Fetch) { *f = sameAsPage; f.Credentials = "same-origin" }, "fetch.prompt", true},
		{"own origin, include", func(_ *core.Request, f *core.Fetch) { *f = sameAsPage; f.Credentials = "include" }, "fetch.prompt", true},
		{"same site, same-origin", func(_ *core.Request, f *core.Fetch) {
			f.Origin, f.Credentials = "http://127.0.0.1:8000", "same-origin"
		}, "fetch.prompt", false},
		{"same site, include", func(_ *core.Request, f *core.Fetch) {
			f.Origin, f.Credentials = "http://127.0.0.1:8000", "include"
		}, "fetch.prompt", true},
		{"cross site, include", func(_ *core.Request, f *core.Fetch) { f.Credentials = "include" }, "fetch.prompt", false},

		{"another origin", func(*core.Request, *core.Fetch) {}, "cors.allow-origin", true},
		{"another origin hides headers", func(*core.Request, *core.Fetch) {}, "cors.hidden-headers", true},
		{"own origin hides none", func(_ *core.Request, f *core.Fetch) { *f = sameAsPage }, "cors.hidden-headers", false},
		{"include rules out the wildcard", func(_ *core.Request, f *core.Fetch) { f.Credentials = "include" }, "cors.credentials", true},
		{"a simple request asks for no preflight", func(*core.Request, *core.Fetch) {}, "cors.preflight-status", false},
		{"a preflight wants 2xx", header("X-A", "1"), "cors.preflight-status", true},
		{"Authorization and the wildcard", header("authorization", "Basic eA=="), "cors.authorization-wildcard", true},
		{"other headers and the wildcard", header("X-A", "1"), "cors.authorization-wildcard", false},
		{"no-cors hides the answer", func(_ *core.Request, f *core.Fetch) { f.Mode = "no-cors" }, "cors.opaque", true},

		{"loopback from a public page", func(_ *core.Request, f *core.Fetch) { f.Origin = "https://pad.example" }, "fetch.local-network", true},
		{"loopback from a loopback page", func(*core.Request, *core.Fetch) {}, "fetch.local-network", false},
		{"private from a public page", func(r *core.Request, f *core.Fetch) {
			r.URL.Scheme, r.URL.Host, f.Origin = "https", "172.16.0.9", "https://pad.example"
		}, "fetch.local-network", true},
		{"not quite private", func(r *core.Request, f *core.Fetch) {
			r.URL.Scheme, r.URL.Host, f.Origin = "https", "172.32.0.9", "https://pad.example"
		}, "fetch.local-network", false},
		{"private IPv6", func(r *core.Request, f *core.Fetch) {
			r.URL.Scheme, r.URL.Host, f.Origin = "https", "[fd00::1]", "https://pad.example"
		}, "fetch.local-network", true},
		{"loopback from an insecure page", func(_ *core.Request, f *core.Fetch) { f.Origin = "http://pad.example" }, "fetch.local-network-insecure", true},

		{"the cache and credentials", func(r *core.Request, f *core.Fetch) { r.Header.Add("Authorization", "x"); f.Cache = "default" }, "fetch.cache", true},
		{"no cache and credentials", header("Authorization", "x"), "fetch.cache", false},
		{"redirects lose Authorization", header("Authorization", "x"), "fetch.redirect-authorization", true},
		{"redirects take an API key along", header("X-Api-Key", "x"), "fetch.redirect-secret", true},
		{"redirects take a harmless header along", header("X-Date", "x"), "fetch.redirect-secret", false},
		{"one note of redirects is enough", func(r *core.Request, _ *core.Fetch) {
			r.Header.Add("Authorization", "x")
			r.Header.Add("X-Api-Key", "x")
		}, "fetch.redirect-authorization", false},
		{"redirects are not followed", func(r *core.Request, f *core.Fetch) { r.Header.Add("X-Api-Key", "x"); f.Redirect = "error" }, "fetch.redirect-secret", false},
		{"redirects are hidden", func(_ *core.Request, f *core.Fetch) { f.Redirect = "manual" }, "fetch.redirect-manual", true},
		{"redirects fail", func(_ *core.Request, f *core.Fetch) { f.Redirect = "error" }, "fetch.redirect-error", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			req, f := get(), crossOrigin
			row.edit(req, &f)
			got := Predict(req, f)
			require.Nil(t, got.Blocked)
			if row.seen {
				require.Contains(t, codes(got.Notes), row.code)
			} else {
				require.NotContains(t, codes(got.Notes), row.code)
			}
			for _, note := range got.Notes {
				require.NotEmpty(t, note.Message, note.Code)
				require.NotEmpty(t, note.Severity, note.Code)
				require.NotEmpty(t, note.Ref.Link(), note.Code)
			}
		})
	}
}

// A key that goes astray can be used for anything, a signature for the request that it signs.
func TestRedirectsAreAsGraveAsWhatTheyTake(t *testing.T) {
	for name, severity := range map[string]core.Severity{"X-Api-Key": core.Warn, "X-WSSE": core.Warn, "Signature-Input": core.Info, "X-Signature": core.Info, "DPoP": core.Info} {
		notes := Predict(get(core.HeaderField{Name: name, Value: "x"}), sameAsPage).Notes
		at := slices.IndexFunc(notes, func(n core.Note) bool { return n.Code == "fetch.redirect-secret" })
		require.GreaterOrEqual(t, at, 0, name)
		require.Equal(t, severity, notes[at].Severity, name)
		require.Equal(t, "fetch.redirect", notes[at].Field, "%s: the way to what can be done", name)
	}
	notes := Predict(get(core.HeaderField{Name: "X-Signature", Value: "x"}, core.HeaderField{Name: "X-Token", Value: "x"}), sameAsPage).Notes
	require.Contains(t, notes[slices.IndexFunc(notes, func(n core.Note) bool { return n.Code == "fetch.redirect-secret" })].Message, "X-Token", "the gravest is named")
}

// TestPredictDropsWithoutCORS: such a request may carry what a form may, and no more.
func TestPredictDropsWithoutCORS(t *testing.T) {
	f := crossOrigin
	f.Mode = "no-cors"
	got := Predict(get(core.HeaderField{Name: "Authorization", Value: "x"}, core.HeaderField{Name: "Accept", Value: "a/b"},
		core.HeaderField{Name: "Range", Value: "bytes=0-5"}, core.HeaderField{Name: "Content-Type", Value: "application/json"},
		core.HeaderField{Name: "dpr", Value: "1"}, core.HeaderField{Name: "Content-Language", Value: "de"}), f)
	require.Nil(t, got.Preflight)
	var names []string
	for _, d := range got.Dropped {
		require.Equal(t, "fetch.no-cors-header", d.Code)
		names = append(names, d.Name)
	}
	require.Equal(t, []string{"Authorization", "Range", "Content-Type", "dpr"}, names)
}

func TestPredictSaysNothingAboutThePlainCase(t *testing.T) {
	got := Predict(get(core.HeaderField{Name: "Accept", Value: "application/json"}), sameAsPage)
	require.Empty(t, got.Dropped)
	require.Nil(t, got.Preflight)
	require.Nil(t, got.Blocked)
	require.Empty(t, got.Notes)
}
