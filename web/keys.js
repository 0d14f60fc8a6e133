// What the core asks of crypto.subtle at every keystroke: signing, verifying, hashing. The bytes lie in
// the module's memory and are copied once, by the browser. No rule of HTTP authentication is in here.

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
