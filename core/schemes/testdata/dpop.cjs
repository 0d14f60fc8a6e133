// Makes a proof for each request with npm's dpop, with a key of its own for each algorithm.
const { readFileSync } = require("node:fs");
const { generateKeyPair, generateProof, calculateThumbprint } = require("dpop");

const pairs = {};
async function judge(q) {
  const pair = await (pairs[q.Algorithm] ??= generateKeyPair(q.Algorithm));
  const proof = await generateProof(pair, q.HTU, q.Method, q.Nonce || undefined, q.Token || undefined);
  return { Proof: proof, JKT: await calculateThumbprint(pair.publicKey) };
}

Promise.all(JSON.parse(readFileSync(process.argv[2], "utf8")).map(judge))
  .then((answers) => process.stdout.write(JSON.stringify(answers)));
