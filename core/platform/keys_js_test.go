package platform_test

import (
	"bytes"
	"testing"

	"github.com/hack-pad/safejs"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/platform"
)

// A page that came over plain http has no crypto.subtle.
func TestKeysOnAnInsecurePage(t *testing.T) {
	key, err := keys.Parse(rfc7515)
	require.NoError(t, err)
	crypto, err := safejs.Global().Get("crypto")
	require.NoError(t, err)
	object, err := safejs.Global().Get("Object")
	require.NoError(t, err)
	_, err = object.Call("defineProperty", crypto, "subtle", map[string]any{"value": safejs.Undefined(), "configurable": true})
	require.NoError(t, err)
	defer func() { require.NoError(t, crypto.Delete("subtle")) }()

	k := platform.Keys()
	for name, use := range map[string]func() error{
		"sign":     func() error { _, err := k.Sign("ES256", key, nil); return err },
		"verify":   func() error { _, err := k.Verify("ES256", key, nil, nil); return err },
		"generate": func() error { _, err := k.Generate("ES256", ""); return err },
		"hash":     func() error { _, err := k.Hash("SHA-256", nil); return err },
	} {
		t.Run(name, func(t *testing.T) {
			var wrong *keys.Error
			require.ErrorAs(t, use(), &wrong)
			require.Equal(t, "key.insecure-page", wrong.Code)
		})
	}
}

// More keys than are kept: each still signs with its own number.
func TestKeysImportsAreBounded(t *testing.T) {
	k := platform.Keys()
	message := []byte("a message")
	for range 2 {
		for i := range 40 {
			key, err := keys.FromScalar("P-256", []byte{byte(i + 1)})
			require.NoError(t, err)
			signature, err := k.Sign("ES256", key, message)
			require.NoError(t, err)
			requireVerdict(t, k, true, "ES256", key, message, signature)
			other, err := keys.FromScalar("P-256", []byte{byte(i + 2)})
			require.NoError(t, err)
			requireVerdict(t, k, false, "ES256", other, message, signature)
		}
	}
}

func TestRefusal(t *testing.T) {
	for name, code := range map[string]string{"DataError": "key.mismatch", "NotSupportedError": "key.unsupported", "OperationError": "key.refused", "": "key.refused"} {
		var wrong *keys.Error
		require.ErrorAs(t, platform.Refusal(name), &wrong)
		require.Equal(t, code, wrong.Code)
	}
}

// refusing is an engine whose imports all end in this exception.
func refusing(t *testing.T, name string) platform.Engine {
	return platform.Engine{Import: func(...any) (safejs.Value, error) {
		exception, err := safejs.MustGetGlobal("DOMException").New("", name)
		require.NoError(t, err)
		return safejs.MustGetGlobal("Promise").Call("reject", exception)
	}}
}

func TestAKeyWithoutItsPublicHalf(t *testing.T) {
	half, err := keys.FromScalar("P-256", []byte{7})
	require.NoError(t, err)
	tooLarge, err := keys.FromScalar("P-256", bytes.Repeat([]byte{0xff}, 32))
	require.NoError(t, err)
	whole, err := keys.Parse(rfc7515)
	require.NoError(t, err)
	for _, row := range []struct {
		name string
		key  core.Key
		keys core.Keys
		code string
	}{
		{"refused", half, platform.KeysBy(refusing(t, "OperationError")), "key.half-missing"},
		{"called wrong", half, platform.KeysBy(refusing(t, "DataError")), "key.half-missing"},
		{"of an unknown kind", half, platform.KeysBy(refusing(t, "NotSupportedError")), "key.unsupported"},
		{"that has both", whole, platform.KeysBy(refusing(t, "DataError")), "key.mismatch"},
		{"whose number is none", tooLarge, platform.Keys(), "key.mismatch"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := row.keys.Sign("ES256", row.key, nil)
			var wrong *keys.Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, row.code, wrong.Code, wrong.Message)
		})
	}
}
