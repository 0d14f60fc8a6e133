// What the core asks of crypto.subtle. At every keystroke that is signing, verifying, hashing: the bytes lie in the module's
// memory and are copied once, by the browser. No rule of HTTP authentication is in here.

/**
 * @param {() => ArrayBuffer} memory the module's
 * @param {(order: number, refused: string, octets?: Uint8Array) => void} tell takes the name of an exception, or "" and
 *   what came of an order; of "verify" that is one byte, 0 or 1
 */
export function works(memory, tell) {
  const kept = new Map(); // by number: a method and its first arguments
  let last = 0;
  return {
    /**
     * @param {"sign"|"verify"|"digest"} method
     * @param {...any} first its parameters, and a CryptoKey where it takes one
     * @returns {number} by which Go asks for it
     */
    keep(method, ...first) {
      kept.set(++last, { method, first });
      return last;
    },

    tell,

    forget: (number) => kept.delete(number),

    /** Does a work with the octets at one or two places. They are read in this very turn: memory may move later. */
    order(order, number, at, size, secondAt, secondSize) {
      const { method, first } = kept.get(number);
      const octets = [new Uint8Array(memory(), at >>> 0, size)]; // an import gets addresses signed
      if (method === "verify") octets.push(new Uint8Array(memory(), secondAt >>> 0, secondSize));
      crypto.subtle[method](...first, ...octets).then(
        (outcome) => tell(order, "", method === "verify" ? Uint8Array.of(outcome ? 1 : 0) : new Uint8Array(outcome)),
        (refused) => tell(order, refused?.name || "Error"),
      );
    },
  };
}

// ---- private keys on curves, where Firefox (153) differs: it takes none without its public half, and with any half

/**
 * crypto.subtle.importKey as Chromium has it: a private key on a curve of ECDSA may come without its public half, and one
 * whose half is another key's is refused.
 * @param {"pkcs8"|"spki"} format
 * @param {Uint8Array} octets
 * @param {object} algorithm
 * @param {boolean} extractable
 * @param {string[]} usages
 * @returns {Promise<CryptoKey>} rejected with a DOMException
 */
export async function importKey(format, octets, algorithm, extractable, usages) {
  if (format !== "pkcs8" || algorithm.name !== "ECDSA" || (await halvesAreCompared())) return crypto.subtle.importKey(format, octets, algorithm, extractable, usages);
  return crypto.subtle.importKey("jwk", await whole(octets, algorithm), algorithm, extractable, usages);
}

// By curve: the bytes of a number, and the base point (SEC 2, version 2, sections 2.4.2, 2.5.1 and 2.6.1).
const curves = {
  "P-256": { size: 32, base: { x: "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", y: "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU" } },
  "P-384": { size: 48, base: { x: "qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3", y: "NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f" } },
  "P-521": { size: 66, base: { x: "AMaFjga3BATpzZ4-y2YjlbRCnGSBOQU_tSH4KK9ga009uqFLXnfv51ko_h3BJ6L_qN4zSLPBhWpCm_l-fjHC5b1m", y: "ARg5KWp4mjvABFyKX7QsfRvZmPVESVebRGgXr70XJz5mLJfucple9CZAxVC5AT-tB2E1PHCGonLCQIi-lHaf0WZQ" } },
};

let compared; // asked once: 2 is not the number of the base point
const halvesAreCompared = () => (compared ??= crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", ...curves["P-256"].base, d: `${"A".repeat(42)}I` }, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]).then(() => false, () => true));

/** Makes a JWK with the half that belongs to the number, from PKCS#8 as core/keys writes it. */
async function whole(octets, algorithm) {
  const crv = algorithm.namedCurve;
  const { size } = curves[crv];
  let said = { kty: "EC", crv, d: base64url(octets.subarray(-size)) };
  if (octets.length > 3 * size) said = await crypto.subtle.exportKey("jwk", await crypto.subtle.importKey("pkcs8", octets, algorithm, true, ["sign"])); // it has a half
  const { x, y } = await halfOf(said.d, crv).catch(() => ({}));
  if (!x || (said.x && (said.x !== x || said.y !== y))) throw new DOMException("no public half belongs to this number, or another one", "DataError");
  return { kty: "EC", crv, d: said.d, x, y };
}

/**
 * The point d·G, by what such a browser does itself, so in the time that it takes for any d: d imported beside G, which
 * nobody compares. ECDH with G gives x; of the two points that have this x it is the one by which d's signature is right.
 */
async function halfOf(d, crv) {
  const { subtle } = crypto;
  const { base } = curves[crv];
  const [agree, prove] = ["ECDH", "ECDSA"].map((name) => ({ name, namedCurve: crv, hash: "SHA-256" }));
  const key = (jwk, algorithm, ...usages) => subtle.importKey("jwk", { kty: "EC", crv, ...base, ...jwk }, algorithm, false, usages);
  const x = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: await key({}, agree) }, await key({ d }, agree, "deriveBits"), null));
  const signature = await subtle.sign(prove, await key({ d }, prove, "sign"), x);
  for (const sign of [2, 3]) { // of y: SEC 1, section 2.3.3
    const point = await subtle.importKey("raw", Uint8Array.of(sign, ...x), prove, true, ["verify"]);
    if (await subtle.verify(prove, point, signature, x)) return subtle.exportKey("jwk", point);
  }
  return {};
}

const base64url = (octets) => btoa(String.fromCharCode(...octets)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
