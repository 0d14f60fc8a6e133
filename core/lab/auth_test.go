package lab_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// signed is a request to the scheme's own route, with the example's values and what changes them.
func signed(t *testing.T, scheme *core.Scheme, changes core.Values) (string, *core.Request) {
	t.Helper()
	typed := maps.Clone(scheme.Example.Values)
	if typed == nil {
		typed = core.Values{}
	}
	maps.Copy(typed, changes)
	values, err := scheme.Fill(typed)
	require.NoError(t, err)
	path, req := get("auth/" + scheme.ID)
	in := core.Input{Values: values, Env: testEnv()}
	if scheme.Challenge != nil {
		in.Told = handle("auth/" + scheme.ID).Header
		in.Challenges = syntax.ParseChallenges(in.Told.Values("WWW-Authenticate"))
	}
	if scheme.Sign != nil {
		require.NoError(t, scheme.Sign(in, req, &core.Trace{}))
	}
	return path, req
}

func TestAuth(t *testing.T) {
	for _, scheme := range schemes.All() {
		t.Run(scheme.ID+"/accepts the example", func(t *testing.T) {
			r := lab.New(testEnv()).Handle(signed(t, scheme, nil))
			answer := text(t, r)
			require.Equal(t, 200, r.Status, answer)
			require.Contains(t, answer, `"authenticated": true`)
			for _, f := range scheme.Fields {
				if value := scheme.Example.Values[f.ID]; f.Secret && value != "" {
					require.NotContains(t, answer, value, "a server does not send secrets back")
				}
			}
		})
		t.Run(scheme.ID+"/prints the account", func(t *testing.T) {
			answer := text(t, handle("auth/"+scheme.ID+"/account"))
			for id, value := range scheme.Example.Values {
				require.Contains(t, answer, `"`+id+`": `, value)
			}
		})
		if scheme.Example.Step == "" {
			continue // nothing to get wrong
		}
		t.Run(scheme.ID+"/refuses the twin at its step", func(t *testing.T) {
			r := lab.New(testEnv()).Handle(signed(t, scheme, scheme.Example.Wrong))
			checkRefusal(t, scheme, r)
		})
		t.Run(scheme.ID+"/refuses a bare request", func(t *testing.T) {
			r := handle("auth/" + scheme.ID)
			answer := text(t, r)
			require.Equal(t, 401, r.Status, answer)
			require.Contains(t, answer, `"hint": "Send credentials of the scheme “`+scheme.Name, answer)
		})
	}
}

func checkRefusal(t *testing.T, scheme *core.Scheme, r *lab.Response) {
	t.Helper()
	answer := text(t, r)
	require.Equal(t, 401, r.Status, answer)
	require.Contains(t, answer, `"step": "`+scheme.Example.Step+`"`)
	require.Contains(t, answer, `"hint": "Change “`, "says what to change")
	require.Contains(t, answer, "lab/auth/"+scheme.ID+"/account")
	for id := range scheme.Example.Wrong {
		field, known := scheme.Field(id)
		require.True(t, known)
		require.Contains(t, answer, field.Label, "names the field that was wrong")
	}
	if scheme.Challenge != nil {
		require.NotEmpty(t, r.Header.Values("WWW-Authenticate"))
	}
}

func TestAuthUnknownScheme(t *testing.T) {
	for _, target := range []string{"auth/kerberos", "auth/kerberos/account", "auth/BASIC"} {
		r := handle(target)
		answer := text(t, r)
		require.Equal(t, 404, r.Status)
		require.Contains(t, answer, `"lab.unknown-scheme"`)
		require.Contains(t, answer, `"basic"`, "says which there are")
	}
}

func TestChallenge(t *testing.T) {
	lines := handle("auth/basic").Header.Values("WWW-Authenticate")
	require.Len(t, lines, 1)
	require.True(t, strings.HasPrefix(lines[0], `Basic realm="`), lines[0])
}

func TestHint(t *testing.T) {
	tests := []struct {
		name, scheme string
		header       core.Header
		hint         string
	}{
		{"nothing sent", "basic", nil, "Send credentials of the scheme “HTTP Basic”"},
		{"another scheme", "basic", core.Header{{Name: "Authorization", Value: "Bearer a"}}, "Send credentials of the scheme “HTTP Basic”"},
		{"sent twice", "basic", core.Header{{Name: "Authorization", Value: "Basic a"}, {Name: "Authorization", Value: "Basic b"}}, "once only"},
		{"a wrong password", "basic", core.Header{{Name: "Authorization", Value: "Basic QWxhZGRpbjp4"}}, "Change “Password” to the value printed at lab/auth/basic/account."},
		{"a broken form, which no field makes", "basic", core.Header{{Name: "Authorization", Value: "Basic ?"}}, "Compare your step “Write the bytes in base64”"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path, req := get("auth/" + test.scheme)
			req.Header = test.header
			answer := text(t, lab.New(testEnv()).Handle(path, req))
			_, said, _ := strings.Cut(answer, `"hint": "`)
			require.Contains(t, said, test.hint)
		})
	}
}
