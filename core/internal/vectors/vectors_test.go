package vectors

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLoad(t *testing.T) {
	for _, name := range []string{"apikey", "basic", "bearer", "challenges", "cors", "url_userinfo"} {
		t.Run("reads "+name, func(t *testing.T) {
			require.NotEmpty(t, Load(t, name).Cases)
		})
	}
}

func TestParse(t *testing.T) {
	file, err := parse([]byte(`{"scheme":"x","count":1,"keys":{"a":1},"cases":[{"id":"1","kind":"k","source":"s","note":"n","in":"v"}]}`))
	require.NoError(t, err)
	require.Equal(t, "x", file.Scheme)
	require.Contains(t, file.Shared, "keys")
	var members struct{ In string }
	file.Cases[0].Decode(t, &members)
	require.Equal(t, "v", members.In)

	for name, text := range map[string]string{
		"no cases":                 `{"scheme":"x","count":0,"cases":[]}`,
		"another count than cases": `{"scheme":"x","count":2,"cases":[{"id":"1","kind":"k","source":"s"}]}`,
		"a case without a source":  `{"scheme":"x","count":1,"cases":[{"id":"1","kind":"k"}]}`,
		"what is no JSON":          `{"scheme":`,
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			_, err := parse([]byte(text))
			require.Error(t, err)
		})
	}
}

func TestLoadWithoutTheFolder(t *testing.T) {
	t.Setenv("AUTHPAD_VECTORS", filepath.Join(t.TempDir(), "absent"))
	for ci, method := range map[string]string{"": "Skipf", "1": "Fatalf"} {
		t.Run("calls "+method, func(t *testing.T) {
			t.Setenv("CI", ci)
			fake := &recorder{TB: t}
			func() {
				defer func() { _ = recover() }()
				Load(fake, "basic")
			}()
			require.Equal(t, method, fake.called)
		})
	}
}

// recorder notes which way a test was ended, instead of ending it.
type recorder struct {
	testing.TB
	called string
}

func (r *recorder) Helper()               {}
func (r *recorder) Skipf(string, ...any)  { r.called = "Skipf"; panic(r) }
func (r *recorder) Fatalf(string, ...any) { r.called = "Fatalf"; panic(r) }
