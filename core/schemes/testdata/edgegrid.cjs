// Judges authpad's EdgeGrid by npm's "akamai-edgegrid": for each case the header that it signs. Run by
// edgegrid_peer_test.go.
const fs = require("node:fs");
const path = require("node:path");
const auth = require(path.join(path.dirname(require.resolve("akamai-edgegrid")), "src", "auth.js")); // it exports no more than a client

// The whole URL as the path: behind a host, a path that begins with “//” would be read as another host.
const sign = (c) => {
  const request = { path: c.url, method: c.method, headers: {}, body: c.body, headersToSign: Object.fromEntries(c.headersToSign ?? []) };
  return auth.generateAuth(request, c.clientToken, c.clientSecret, c.accessToken, c.url, 0, c.nonce, c.timestamp).headers.Authorization;
};

const cases = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
process.stdout.write(JSON.stringify(cases.map(sign)));
