// What the core asks of crypto.subtle at every keystroke: signing, verifying, hashing. The bytes lie in
// the module's memory and are copied once, by the browser. No rule of HTTP authentication is in here.

/**
 * @param {ArrayBuffer} memory the module's
 * @param {"sign"|"verify"|"digest"} method
 * @param {any} parameters the first argument of the method
 * @param {CryptoKey|undefined} key the second, if it takes one
 * @param {...number} places of its other arguments: address and size of each
 * @returns {Promise<[string, Uint8Array|undefined]>} the name of an exception, or "" and what came of it
 */
export async function compute(memory, method, parameters, key, ...places) {
  const args = key ? [parameters, key] : [parameters];
  for (let i = 0; i < places.length; i += 2) args.push(new Uint8Array(memory, places[i], places[i + 1]));
  try {
    const outcome = await crypto.subtle[method](...args); // called in this very turn: memory may move later
    return ["", method === "verify" ? Uint8Array.of(outcome ? 1 : 0) : new Uint8Array(outcome)];
  } catch (refused) {
    return [refused?.name || "Error", undefined];
  }
}
