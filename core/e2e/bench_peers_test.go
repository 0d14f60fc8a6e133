//go:build !js

package e2e

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// How long one build of a scheme takes beside the library that a web developer would take for it, in one page, in turns.
// The libraries come from npm and are bundled by Node: without both there is nothing to compare with.

// bundlePeers installs and bundles testdata/peers outside the source tree, and returns the script.
func bundlePeers(b *testing.B) string {
	b.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Skipf("%s is missing: there is nothing to compare with", tool)
		}
	}
	folder := b.TempDir()
	require.NoError(b, os.CopyFS(folder, os.DirFS("testdata/peers")))
	for _, line := range [][]string{
		{"npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"},
		{"node", "bundle.mjs", "out.js"},
	} {
		command := exec.Command(line[0], line[1:]...)
		command.Dir = folder
		out, err := command.CombinedOutput()
		require.NoError(b, err, "%s", out)
	}
	script, err := os.ReadFile(filepath.Join(folder, "out.js"))
	require.NoError(b, err)
	return string(script)
}

const peerSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

// peerAuth is what the core is asked for, for each entry of testdata/peers/peers.mjs.
func peerAuth(keys map[string]string) map[string]map[string]string {
	auth := map[string]map[string]string{
		"sigv4":   {"scheme": "sigv4", "accessKeyId": "AKIDEXAMPLE", "secretAccessKey": peerSecret, "region": "us-east-1", "service": "service"},
		"oauth1":  {"scheme": "oauth1", "consumerKey": "ck", "consumerSecret": "cs", "token": "tk", "tokenSecret": "ts"},
		"hawk":    {"scheme": "hawk", "id": "dh37fgj492je", "key": peerSecret},
		"httpsig": {"scheme": "httpsig", "algorithm": "hmac-sha256", "key": peerSecret, "keyId": "k", "components": `"@method" "@authority" "@path" "@query"`},
	}
	for _, algorithm := range []string{"HS256", "RS256", "ES256", "EdDSA"} {
		auth["jwt "+algorithm] = map[string]string{
			"scheme": "jwt", "algorithm": algorithm, "key": keys[algorithm], "claims": `{"sub":"1234567890","name":"John Doe"}`,
		}
	}
	return auth
}

// peerKeys makes a private key in PEM for each algorithm that wants one.
func peerKeys(b *testing.B) map[string]string {
	b.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(b, err)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(b, err)
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(b, err)
	keys := map[string]string{"HS256": peerSecret}
	for algorithm, key := range map[string]any{"RS256": rsaKey, "ES256": ecKey, "EdDSA": edKey} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(b, err)
		keys[algorithm] = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	return keys
}

// timePeers takes turns between the core, with and without steps, and each library; it returns µs a call, per group of
// calls, by contestant. Each call signs another address, as while a person types it.
const timePeers = `(async () => {
	const { authpad } = await import("./core.js");
	const [name, { scheme, ...values }] = %s;
	let last = 0;
	const params = (steps) => Array.from({ length: 20 }, () => JSON.stringify({
		request: { method: "GET", url: "https://example.amazonaws.com/data?a=1&b=" + last++ }, auth: { scheme, values },
		steps, fetch: { origin: "https://pad.example" },
	}));
	const [first] = await authpad("build", params(true)[0]);
	if (!first.startsWith('{"ok"')) throw new Error(name + ": " + first);
	const mine = async (texts) => { for (const text of texts) await authpad("build", text); };
	const theirs = (sign) => async (numbers) => { for (const i of numbers) await sign(i); };
	const contestants = { steps: [mine, () => params(true)], plain: [mine, () => params(false)] };
	for (const [who, sign] of Object.entries(peers[name])) contestants[who] = [theirs(sign), () => Array.from({ length: 20 }, () => last++)];
	const times = {};
	for (let round = -20; round < 60; round++) for (const [who, [run, prepare]] of Object.entries(contestants)) {
		const inputs = prepare();
		const started = performance.now();
		await run(inputs);
		if (round >= 0) (times[who] ??= []).push((performance.now() - started) / 20 * 1000);
	}
	return times;
})()`

func BenchmarkPeers(b *testing.B) {
	script, keys := bundlePeers(b), peerKeys(b)
	p := open(b, startStatic(b, dist(b)).URL)
	p.ready()
	p.run(network.Disable(), log.Disable(), audits.Disable())
	p.run(chromedp.Evaluate(script, nil))
	asymmetric, err := json.Marshal(map[string]string{"RS256": keys["RS256"], "ES256": keys["ES256"], "EdDSA": keys["EdDSA"]})
	require.NoError(b, err)
	p.eval(fmt.Sprintf("preparePeers(%s).then(() => 0)", asymmetric), nil)
	auth := peerAuth(keys)
	for _, name := range slices.Sorted(maps.Keys(auth)) {
		comparePeers(b, p, name, auth[name])
	}
}

func comparePeers(b *testing.B, p *tab, name string, auth map[string]string) {
	b.Helper()
	job, err := json.Marshal([]any{name, auth})
	require.NoError(b, err)
	times := map[string][]float64{}
	p.eval(fmt.Sprintf(timePeers, job), &times)
	fastest, best := "", 0.0
	for who, micros := range times {
		if median := quantile(micros, 0.5); who != "steps" && who != "plain" && (best == 0 || median < best) {
			fastest, best = who, median
		}
	}
	bars := [...]string{"≥ 1 x", "≥ 2 x"}
	if auth["algorithm"] == "RS256" || auth["algorithm"] == "ES256" || auth["algorithm"] == "EdDSA" {
		bars = [...]string{"≥ 0.95 x", "≥ 0.95 x"}
	}
	for i, kind := range []string{"steps", "plain"} {
		mine := quantile(times[kind], 0.5)
		report(fmt.Sprintf("build of %s, steps %t, speed against %s, medians", name, kind == "steps", fastest), bars[i],
			"%.2f x (%.0f / %.0f µs)", best/mine, mine, best)
	}
}

// timeHash takes turns between a build whose body is hashed and WebCrypto's own digest.
const timeHash = `(async () => {
	const { authpad } = await import("./core.js");
	const body = new Uint8Array(64 << 20).fill(97);
	const params = JSON.stringify({ request: { method: "PUT", url: "https://example.amazonaws.com/data" }, steps: false, auth: { scheme: "sigv4", values: {
		accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", region: "us-east-1", service: "service" } } });
	const times = { mine: [], theirs: [] };
	for (let i = 0; i < 7; i++) {
		let started = performance.now();
		await crypto.subtle.digest("SHA-256", body);
		times.theirs.push(performance.now() - started);
		started = performance.now();
		const [answer] = await authpad("build", params, body);
		if (!answer.startsWith('{"ok"')) throw new Error(answer);
		times.mine.push(performance.now() - started);
	}
	return times;
})()`

func BenchmarkHash(b *testing.B) {
	p := open(b, startStatic(b, dist(b)).URL)
	p.ready()
	var times struct{ Mine, Theirs []float64 }
	p.eval(timeHash, &times)
	mine, theirs := quantile(times.Mine, 0.5), quantile(times.Theirs, 0.5)
	report("build with a body of 64 MiB hashed, speed against WebCrypto alone", "≥ 0.95 x", "%.2f x (%.0f / %.0f ms)", theirs/mine, mine, theirs)
}
