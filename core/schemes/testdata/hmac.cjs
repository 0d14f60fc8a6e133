// Judges authpad's HMAC signatures: for each case what npm's "stripe" and "@octokit/webhooks-methods" send,
// what they say to what authpad sends, and the signature of an in-house API as node:crypto makes it. Run by
// hmac_peer_test.go.
const fs = require("node:fs");
const { createHash, createHmac } = require("node:crypto");
const { pathToFileURL } = require("node:url");
const Stripe = require("stripe");

// That module is an ES module, which import() does not look for in NODE_PATH.
const octokit = () => import(pathToFileURL(`${process.env.NODE_PATH}/@octokit/webhooks-methods/dist-node/index.js`).href);

const said = (check) => {
  try {
    return check() ? "" : "refused";
  } catch (error) {
    return error.message || "refused";
  }
};

const inHouse = (c) => {
  const hash = createHash("sha256").update(c.body).digest("hex");
  const text = [c.method, c.target, String(c.timestamp), hash].join("\n");
  return createHmac(c.algorithm.replace("-", ""), Buffer.from(c.key, c.keyEncoding === "text" ? "utf8" : c.keyEncoding)).update(text).digest(c.encoding);
};

const judge = (github) => async (c) => ({
  github: await github.sign(c.secret, c.body),
  githubRefused: (await github.verify(c.secret, c.body, c.github)) ? "" : "refused",
  stripe: Stripe.webhooks.generateTestHeaderString({ payload: c.body, secret: c.secret, timestamp: c.timestamp }),
  stripeRefused: said(() => Stripe.webhooks.signature.verifyHeader(c.body, c.stripe, c.secret, 300, undefined, c.timestamp * 1000)),
  inHouse: inHouse(c),
});

(async () => {
  const cases = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  process.stdout.write(JSON.stringify(await Promise.all(cases.map(judge(await octokit())))));
})();
