// Which names and which parts of a text are secrets. Nothing here parses: a text is looked at as it
// was typed, half of it too, and what is found is a list of ranges {from, to, label}. In doubt a
// value counts as a secret: to type one again is less than to give one away.

import { t } from "./text.js";

// Anywhere in a name. "author" and "authority" are no "auth".
const anywhere = /token|secret|passw|passphrase|passcode|pwd|auth(?!or(?!i[sz]))|jwt|assertion|credential|signature|session|sessid|cookie|saml|bearer|(?:api|access|private)[^a-z]?key/;
// As a word of its own, or as the end of one: "sessionKey", "dbpass".
const word = /(?:^|[^a-z])(?:sig|pw|pin|otp|totp|mfa|sid|hmac|creds?|ticket|dpop|wsse)(?=$|[^a-z0-9])|(?<!mon|tur|don|joc|whis|hoc|lac|hot)keys?(?=$|[^a-z])|(?<!by|com|sur|tres|over|under)pass(?=$|[^a-z])/;
const alone = /^(?:code|device_code|user_code|code_verifier)$/;
// What only speaks of a secret: "token_type", "max_tokens", "public_key", "Idempotency-Key".
const harmless = [
  /(?:token|auth|signature|assertion|session|credentials?|password|key|secret|jwt|cookie)[^a-z]*(?:type|method|version|timestamp|algorithm|alg|expires|expires[^a-z]?in|expiry|count|limit|length|endpoint|timeout|encoding|input|size|policy)$/,
  /(?:^|[^a-z])(?:public|idempotency|primary|foreign|partition|sort|cache|surrogate|routing)[^a-z]?keys?$/,
  /key[^a-z]?id$|^(?:max|min|num|total|prompt|completion)(?:[^a-z][a-z]+)*[^a-z]?tokens?$|tokeni[sz]|secretar/,
  /^(?:www|proxy)-authenticate$|^(?:proxy-)?authentication-info$|^dpop-nonce$/,
];

const maybe = (tests, ...names) => names.some((name) => tests.some((test) => test.test(name)));

export function isSecretName(name) {
  const plain = decodedName(name);
  const lower = plain.toLowerCase();
  const words = plain.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/([A-Z])([A-Z][a-z])/g, "$1-$2").toLowerCase();
  return maybe([anywhere, word, alone], lower, words) && !maybe(harmless, lower, words);
}

// A name can be percent-encoded, more than once, or be escaped as JSON does it.
function decodedName(name) {
  for (let turn = 0, before; turn < 3 && name !== before; turn++) {
    before = name;
    name = name.replace(/%([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi, (all, a, b) => String.fromCharCode(parseInt(a ?? b, 16)));
  }
  return name.trim();
}

// also is what the caller knows besides: names that count as secret here, and the secrets themselves.
const nothing = { names: [], values: [] };

const secretName = (name, also) => isSecretName(name) || (also.names.length > 0 && also.names.includes(decodedName(name).toLowerCase()));

const authority = /^\s*(?:[a-z][a-z0-9+.-]*:[\\/]*|[\\/]{2,})([^/?#\\]*)/i;

// urlRanges: credentials in front of the host, and the values of telling names in the path, the query
// and the fragment, where some servers put a token.
export function urlRanges(url, also = nothing, depth = 0) {
  const head = authority.exec(url);
  const start = head ? head[0].length - head[1].length : 0;
  const found = head ? userinfoRanges(head[1], start) : [];
  const path = start + (head?.[1].length ?? 0);
  const hash = indexOrEnd(url, "#", path);
  for (const { index, 0: piece } of url.slice(path).matchAll(/[?&#][^?&#]*|^[^?&#]+/g)) {
    found.push(...pieceRanges(url, path + index, piece, hash, also, depth));
  }
  return merged([...found, ...shapeRanges(url, also)]);
}

function indexOrEnd(text, mark, from) {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

// A name without a password, or with the one GitHub asks for, is often the token itself.
function userinfoRanges(text, start) {
  const at = text.lastIndexOf("@");
  if (at < 1) return [];
  const colon = text.slice(0, at).indexOf(":");
  const password = colon < 0 ? "" : text.slice(colon + 1, at);
  if (password === "" || password === "x-oauth-basic") return [{ from: start, to: start + at, label: t("secret.userinfo") }];
  return [{ from: start + colon + 1, to: start + at, label: t("secret.inURL") }];
}

function pieceRanges(url, at, piece, hash, also, depth) {
  const inPath = !/^[?&#]/.test(piece);
  for (const match of piece.matchAll(/(?:^[?&#]|;|^)([^=;]*)=/g)) {
    const name = inPath ? match[1].split("/").pop() : match[1];
    if (!secretName(name, also)) continue;
    const from = at + match.index + match[0].length;
    const rest = url.slice(from);
    // A "?" belongs to the value, and behind the first "#" another one does too.
    const to = inPath ? from + rest.search(/[/?&#]|$/) : at >= hash ? indexOrEnd(url, "&", from) : from + rest.search(/[&#]|$/);
    return to > from ? [{ from, to, label: decodedName(name) }] : [];
  }
  const equals = piece.indexOf("=");
  const from = equals < 0 ? 0 : equals + 1;
  const inside = depth < 3 ? nested(piece.slice(from), also, depth + 1) : null;
  return inside ? [{ from: at + from, to: at + piece.length, label: inside }] : [];
}

// A value that is a whole address, form or JSON again is a secret as a whole if there is one in it.
function nested(value, also, depth) {
  const plain = value.includes("%") ? decodedValue(value) : value;
  if (plain === value && !plain.includes("://")) return null;
  const found = /^\s*[[{]/.test(plain) ? jsonRanges(plain, also) : /[=@:]/.test(plain) ? urlRanges(plain, also, depth) : [];
  return found[0]?.label ?? null;
}

function decodedValue(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return decodedName(text);
  }
}

const credentials = /^\s*(?:basic|bearer|negotiate|ntlm|digest|token|hawk|dpop|apikey|aws4-\S+)\s+\S/i;

// What a server asks for begins like what a client sends, and is no secret.
const challenge = /^(?:www|proxy)-authenticate$/i;
// A proof that is good for one answer, and what a signature covers or is to cover.
const open = /^(?:server-authorization|(?:proxy-)?authentication-info|signature-input|accept-signature)$/i;

// headerRanges: a name may be a whole line that was pasted into its cell.
export function headerRanges(name, value, also = nothing) {
  if (open.test(name.trim())) return [];
  if (value && (secretName(name, also) || (credentials.test(value) && !challenge.test(name.trim())))) return [{ from: 0, to: value.length, label: name.trim() }];
  return textRanges(value, also);
}

// textRanges looks at a body of any kind: JSON, a form, XML, header lines, whatever has names.
export function textRanges(text, also = nothing) {
  if (!text) return [];
  const json = /^\s*[[{"]/.test(text);
  return merged([...(json ? jsonRanges(text, also) : [...plainRanges(text, also), ...markupRanges(text, also)]), ...shapeRanges(text, also)]);
}

const jsonToken = /"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|[{}[\],:]|[^\s{}[\],:"']+/gs;

// jsonRanges also reads what is close to JSON: names without quotes, a missing end. All that is inside
// an object or list under a secret name is secret.
function jsonRanges(text, also) {
  const found = [];
  const open = []; // is each container that is open a secret one, by its label
  let label = "";
  for (const { 0: token, index } of text.matchAll(jsonToken)) {
    if (token === "{" || token === "[") open.push(label || open.at(-1) || "");
    else if (token === "}" || token === "]") open.pop();
    if (token === ":") continue;
    if (/^[{}[\],]$/.test(token)) {
      label = "";
      continue;
    }
    const quoted = token[0] === '"' || token[0] === "'";
    const inner = quoted ? token.slice(1, token.length > 1 && token.at(-1) === token[0] ? -1 : undefined) : token;
    if (/^\s*:/.test(text.slice(index + token.length, index + token.length + 40))) {
      label = secretName(inner, also) ? decodedName(inner) : "";
      continue;
    }
    const why = label || open.at(-1) || (quoted ? insideString(inner, also) : "");
    if (why && inner && !/^(?:null|true|false)$/.test(token)) found.push({ from: index + (quoted ? 1 : 0), to: index + (quoted ? 1 : 0) + inner.length, label: why, quote: !quoted });
    if (quoted) label = ""; // words without quotes go on to the next mark
  }
  return found;
}

// A string can hold JSON, a form or an address again.
function insideString(text, also) {
  const plain = text.replace(/\\(["\\/])/g, "$1");
  if (!/[=@:]/.test(plain)) return "";
  return (/^\s*[[{]/.test(plain) ? jsonRanges(plain, also) : urlRanges(/[?#&]|:\/\//.test(plain) ? plain : "?" + plain, also, 1))[0]?.label ?? "";
}

const nameAndSign = /(?<![\w.%[\]$-]|<\/?)([\w.%[\]$-]{1,80})(["']?\s{0,8}[=:]\s{0,8})/g;

// plainRanges: what stands behind a telling name, to the end of the form field or of the line.
function plainRanges(text, also) {
  const found = [];
  const markup = text.trimStart()[0] === "<";
  for (const match of text.matchAll(nameAndSign)) {
    if (!secretName(match[1], also)) continue;
    let from = match.index + match[0].length;
    if (/[\r\n]/.test(match[2])) continue; // an empty value; the next line is another one's
    const quote = /["']/.test(text[from] ?? "") ? text[from] : "";
    if (quote) from++;
    const rest = text.slice(from);
    const to = from + rest.search(quote ? new RegExp(`(?<!\\\\)${quote}|$`) : markup ? /[&<>\r\n]|$/ : /[&\r\n]|$/);
    if (to > from) found.push({ from, to, label: decodedName(match[1]) });
  }
  for (const match of text.matchAll(/[a-z][a-z0-9+.-]*:\/\/([^\s/?#"'<>]*@)/gi)) found.push(...userinfoRanges(match[1], match.index + match[0].length - match[1].length));
  return found;
}

function markupRanges(text, also) {
  const found = [];
  for (const match of text.matchAll(/<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>(<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|[^<]+)/g)) {
    if (match[2].trim() === "" || !secretName(match[1], also)) continue;
    found.push({ from: match.index + match[0].length - match[2].length, to: match.index + match[0].length, label: match[1] });
  }
  return found;
}

// Texts that are secrets wherever they stand: a private key, a JWT, and tokens with a maker's own beginning.
const shape = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)|\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*|\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|(?:sk|rk)_(?:live|test)_|sk-|AIza)[\w-]{16,}/g;
const shortest = 8; // what is shorter turns up by chance

export function shapeRanges(text, also = nothing) {
  const found = Array.from(text.matchAll(shape), ({ 0: one, index }) => ({ from: index, to: index + one.length, label: one.startsWith("-----") ? t("secret.key") : one.slice(0, 4) + "…" }));
  for (const value of also.values) {
    if (value.length < shortest) continue;
    for (const form of new Set([value, encodeURIComponent(value.toWellFormed?.() ?? value), JSON.stringify(value).slice(1, -1)])) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) found.push({ from: at, to: at + form.length, label: t("secret.repeated") });
    }
  }
  return found;
}

// startLineRanges are those of the target in a line such as "GET /path?query HTTP/1.1".
export function startLineRanges(line) {
  const from = line.indexOf(" ") + 1;
  const end = line.lastIndexOf(" HTTP/");
  return urlRanges(line.slice(from, end < from ? undefined : end)).map((r) => ({ ...r, from: r.from + from, to: r.to + from }));
}

function merged(ranges) {
  const out = [];
  for (const r of ranges.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = out.at(-1);
    if (last && r.from < last.to) last.to = Math.max(last.to, r.to);
    else out.push({ ...r });
  }
  return out;
}
