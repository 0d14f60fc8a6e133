//go:build !js

package e2e

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/keys"
	"authpad/core/platform"
)

// Calls that need crypto.subtle. The browser itself judges what the core signed with it.

const signing = `(() => {
globalThis.made = async (algorithm, make, use) => {
	const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
	const pair = await crypto.subtle.generateKey(make, true, ["sign", "verify"]);
	const pem = async (label, format, key) => "-----BEGIN " + label + "-----\n" + base64(await crypto.subtle.exportKey(format, key)) + "\n-----END " + label + "-----\n";
	const text = (s) => Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
	return {
		algorithm, public: await pem("PUBLIC KEY", "spki", pair.publicKey), private: await pem("PRIVATE KEY", "pkcs8", pair.privateKey),
		async holds(token) {
			const [, message, signature] = token.match(/^Bearer (.*)\.(.*)$/);
			return crypto.subtle.verify(use, pair.publicKey, text(signature), new TextEncoder().encode(message));
		},
	};
};
globalThis.params = (key, part, url = "https://api.example/") => ({ request: { url }, auth: { scheme: "jwt", values: { algorithm: key.algorithm, key: key[part] } } });
globalThis.sent = ({ ok, error }) => ok ? ok.request.headers.find(([name]) => name === "Authorization")[1] : error.code;
})()`

// makers are the page's ways to a key of its own, by JOSE algorithm.
var makers = map[string]string{
	"RS256": `{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, { name: "RSASSA-PKCS1-v1_5" }`,
	"PS512": `{ name: "RSA-PSS", hash: "SHA-512", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, { name: "RSA-PSS", saltLength: 64 }`,
	"ES256": `{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }`,
	"ES384": `{ name: "ECDSA", namedCurve: "P-384" }, { name: "ECDSA", hash: "SHA-384" }`,
	"ES512": `{ name: "ECDSA", namedCurve: "P-521" }, { name: "ECDSA", hash: "SHA-512" }`,
	"EdDSA": `{ name: "Ed25519" }, { name: "Ed25519" }`,
}

func TestDoorSignsWithKeys(t *testing.T) {
	p, _ := openDoor(t, "")
	p.eval(signing, nil)
	for algorithm, maker := range makers {
		t.Run(algorithm, func(t *testing.T) {
			defer p.within(t)()
			require.Equal(t, "true true false", p.said(`(async () => {
				const key = await made("`+algorithm+`", `+maker+`);
				const token = sent(await door.call("build", params(key, "private")));
				const check = params(key, "public");
				check.request.headers = [["Authorization", token]];
				const right = await door.call("verify", check);
				check.request.headers = [["Authorization", token.slice(0, -8) + "AAAAAAAA"]];
				const wrong = await door.call("verify", check);
				return [await key.holds(token), right.ok?.valid ?? JSON.stringify(right), wrong.ok?.valid ?? JSON.stringify(wrong)].join(" ");
			})()`))
		})
	}
	require.Equal(t, "key.public", p.said(`made("ES256", `+makers["ES256"]+`).then((key) => door.call("build", params(key, "public"))).then(sent)`))
}

// Private keys that come without their public half, as the one does that SigV4A derives: it is found, shown and signed for.
func TestDoorFindsThePublicHalf(t *testing.T) {
	p, _ := openDoor(t, "")
	proofWith := func(algorithm, key string) string {
		return p.said(`door.call("build", ` + quotedJSON(t, map[string]any{"request": map[string]any{"url": "https://api.example/"},
			"auth": map[string]any{"scheme": "dpop", "values": map[string]any{"accessToken": "t", "algorithm": algorithm, "key": key}}}) +
			`).then(({ ok, error }) => ok ? ok.request.headers.find(([name]) => name === "DPoP")[1] : error.code)`)
	}
	for curve, algorithm := range map[string]string{"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"} {
		t.Run(curve, func(t *testing.T) {
			defer p.within(t)()
			for round := range 4 { // the two signs of y
				number := sha512.Sum512(fmt.Append(nil, "a key's number", round))
				size := map[string]int{"P-384": 48, "P-521": 64}[curve]
				private, err := keys.FromScalar(curve, number[:max(size, 32)])
				require.NoError(t, err)
				proof := strings.Split(proofWith(algorithm, base64.StdEncoding.EncodeToString(private.DER)), ".")
				require.Len(t, proof, 3, "%v", proof)
				header, err := base64.RawURLEncoding.DecodeString(proof[0])
				require.NoError(t, err)
				public, err := platform.Keys().Public(private)
				require.NoError(t, err)
				require.Contains(t, string(header), keys.JWK(public))
				signature, err := base64.RawURLEncoding.DecodeString(proof[2])
				require.NoError(t, err)
				valid, err := platform.Keys().Verify(algorithm, public, []byte(proof[0]+"."+proof[1]), signature)
				require.NoError(t, err)
				require.True(t, valid)
			}
		})
	}
	tooLarge, err := keys.FromScalar("P-256", bytes.Repeat([]byte{0xff}, 32))
	require.NoError(t, err)
	require.Equal(t, "key.mismatch", proofWith("ES256", base64.StdEncoding.EncodeToString(tooLarge.DER)))
}

func quotedJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// Calls that wait and calls that do not, all at once: each gets its own answer.
func TestDoorSignsManyAtOnce(t *testing.T) {
	p, _ := openDoor(t, "")
	p.eval(signing, nil)
	require.Equal(t, "60 60 60", p.said(`(async () => {
		const key = await made("ES256", `+makers["ES256"]+`);
		const all = Array.from({ length: 60 }, (_, i) => {
			const url = "https://api.example/" + i;
			return Promise.all([door.call("build", params(key, "private", url)), door.call("build", { request: { url }, auth: { scheme: "bearer", values: { token: "t" + i } } })]);
		});
		let own = 0, held = 0, plain = 0;
		for (const [i, [signed, bearer]] of (await Promise.all(all)).entries()) {
			own += signed.ok.request.url.endsWith("/" + i);
			held += await key.holds(sent(signed));
			plain += sent(bearer) === "Bearer t" + i;
		}
		return [own, held, plain].join(" ");
	})()`))
}

// Every keystroke builds anew, so that only the signing may be left to do.
func TestDoorImportsKeysOnce(t *testing.T) {
	p, _ := openDoor(t, "")
	p.eval(signing, nil)
	require.Equal(t, "importKey exportKey importKey sign, then sign sign sign", p.said(`(async () => {
		const key = await made("EdDSA", `+makers["EdDSA"]+`); // as PKCS#8 it lacks its public half
		let calls = [];
		for (const name of ["sign", "verify", "importKey", "exportKey", "generateKey", "digest"]) {
			const real = SubtleCrypto.prototype[name];
			SubtleCrypto.prototype[name] = function (...args) { calls.push(name); return real.apply(this, args); };
		}
		const build = () => door.call("build", params(key, "private"));
		await build();
		const first = calls.join(" ");
		calls = [];
		for (let i = 0; i < 3; i++) await build();
		return first + ", then " + calls.join(" ");
	})()`))
}

// More keys than are kept: each still signs for itself, and is imported again when it comes back.
func TestDoorForgetsKeys(t *testing.T) {
	p, _ := openDoor(t, "")
	p.eval(signing, nil)
	require.Equal(t, "24 of 24, imported 24", p.said(`(async () => {
		const keys = [];
		for (let i = 0; i < 12; i++) keys.push(await made("ES256", `+makers["ES256"]+`));
		let held = 0, imports = 0;
		const real = SubtleCrypto.prototype.importKey;
		SubtleCrypto.prototype.importKey = function (...args) { imports += args[0] === "pkcs8"; return real.apply(this, args); };
		for (const key of [...keys, ...keys]) held += await key.holds(sent(await door.call("build", params(key, "private"))));
		return held + " of 24, imported " + imports;
	})()`))
}

// Go's memory moves when it grows, and what crypto.subtle reads lies in it.
func TestDoorSignsWhileMemoryGrows(t *testing.T) {
	p, _ := openDoor(t, "")
	p.eval(signing, nil)
	require.Equal(t, "true true true true true", p.said(`(async () => {
		const key = await made("EdDSA", `+makers["EdDSA"]+`);
		const held = [];
		for (let mb = 1; mb <= 16; mb *= 2) {
			const grown = door.call("build", { request: { url: "https://api.example/", method: "POST" } }, new Uint8Array(mb << 20));
			held.push(await key.holds(sent(await door.call("build", params(key, "private")))));
			await grown;
		}
		return held.join(" ");
	})()`))
}

func TestKeysAfterACrash(t *testing.T) {
	p := open(t, startStatic(t, crashing(t)).URL)
	p.excuse = []string{"the core ran into a bug", "index out of range", "goroutine", "exit"} // the console says where
	p.ready()
	p.eval(`(() => { globalThis.door = { call: async (name, params) => JSON.parse((await authpad(name, JSON.stringify(params)))[0]) }; })()`, nil)
	p.eval(signing, nil)
	p.eval(`made("ES256", `+makers["ES256"]+`).then((key) => { globalThis.key = key; return null; })`, nil)
	const sign = `door.call("build", params(key, "private")).then(sent).then(key.holds)`
	require.Equal(t, "true", p.said(sign))
	// The crash comes while crypto.subtle is at work: what it brings, late, is for a core that is gone.
	require.Equal(t, "CoreCrashed CoreCrashed", p.said(`(() => {
		const sign = SubtleCrypto.prototype.sign, held = new Promise((go) => { globalThis.letGo = go; });
		SubtleCrypto.prototype.sign = async function (...args) { await held; return sign.apply(this, args); };
		const name = (call) => call.then(() => "no", (crash) => crash.name);
		return Promise.all([name(door.call("build", params(key, "private"))), name(authpad("crash-exit"))]).then((names) => names.join(" "));
	})()`))
	p.wait("an offer to reload", `document.querySelector("#crashed") && document.querySelector("#reload")`)
	p.press("#reload")
	p.wait("the new core has started", `!document.querySelector("#crashed")`)
	p.eval(`letGo()`, nil)
	require.Equal(t, "true", p.said(sign))
}

// What Go calls as an import must not throw through it: Go would stand still, and so would every call.
func TestDoorEndsWithAMistakeOfItsOwn(t *testing.T) {
	p, _ := openDoor(t, "")
	p.eval(signing, nil)
	require.Equal(t, "CoreCrashed, CoreCrashed", p.said(`(async () => {
		const key = await made("ES256", `+makers["ES256"]+`);
		SubtleCrypto.prototype.sign = () => { throw new Error("not as browsers do"); };
		const name = (call) => call.then(() => "answered", (crash) => crash.name);
		return [await name(door.call("build", params(key, "private"))), await name(door.call("version", {}))].join(", ");
	})()`))
}

// A large body is hashed where it lies, by the browser.
func TestDoorHashesLargeBodies(t *testing.T) {
	p, _ := openDoor(t, "")
	require.Equal(t, "true digest", p.said(`(async () => {
		const body = Uint8Array.from({ length: 3 << 20 }, (_, i) => i % 251);
		const sum = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", body))));
		const calls = [];
		for (const name of ["sign", "digest"]) {
			const real = SubtleCrypto.prototype[name];
			SubtleCrypto.prototype[name] = function (...args) { calls.push(name); return real.apply(this, args); };
		}
		const values = { algorithm: "hmac-sha256", key: "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", keyId: "1", contentDigest: "sha-256", components: '"content-digest"' };
		const { ok, error } = await door.call("build", { request: { url: "https://api.example/", method: "POST" }, auth: { scheme: "httpsig", values } }, body);
		if (error) return JSON.stringify(error);
		const [, digest] = ok.request.headers.find(([name]) => name === "Content-Digest");
		return [digest === "sha-256=:" + sum + ":", calls.join()].join(" ");
	})()`))
}
