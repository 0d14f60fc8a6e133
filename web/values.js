// How a value is shown: hidden while it is secret, with invisible characters made visible, as text,
// hex or base64. What is copied is always the value itself.

import { h } from "./dom.js";
import { t } from "./text.js";

const utf8 = new TextEncoder();

// In letters that every font has. Written with CSS, so that selecting and copying the text does not take the marks along.
const marks = new Map([["\n", "↵"], ["\r", "CR"], ["\t", "⇥"], ["\u00a0", "NBSP"]]);
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const invisible = /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufffc\ufffd]| +$| +(?=\n)|\p{L}\p{M}+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?/gu;

// shown returns nodes for text with everything invisible marked. Spaces at the end count only where
// the value ends there.
export function shown(text, ends = true) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(invisible)) {
    const mark = markOf(match[0]);
    if (!mark || (!ends && match[0][0] === " " && match.index + match[0].length === text.length)) continue;
    if (match.index > from) out.push(text.slice(from, match.index));
    out.push(mark);
    from = match.index + match[0].length;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}

function markOf(found) {
  if (found.trim() === "" && found[0] === " ") return h("span", { class: "inv space", title: t("invisible.space", { n: found.length }) }, found);
  if (marks.has(found)) return h("span", { class: "inv", "data-mark": marks.get(found), title: codePoints(found) }, found);
  if (found.length === 1) return h("span", { class: "inv code", "data-mark": codePoints(found), title: codePoints(found) }, found);
  if (found.normalize("NFC") === found) return null;
  return h("span", { class: "inv nfd", title: t("invisible.nfd", { points: codePoints(found) }) }, found);
}

const codePoints = (text) => [...text].map((c) => "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join(" ");

export const mask = () => h("span", { class: "mask", "aria-label": t("secret.hidden"), role: "img" }, "••••••••");

// encoded is text in the chosen way of reading: "text", "hex" or "base64". What is octets is written in
// hexadecimal digits; otherwise read, it is those octets and not their digits.
export function encoded(text, as, octets) {
  if (as === "text") return text;
  const bytes = octets ? Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16)) : utf8.encode(text);
  return as === "hex" ? hex(bytes) : base64(bytes);
}

export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");

export function base64(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function byteCount(n) {
  if (n < 1000) return t("bytes.b", { n });
  const units = ["kB", "MB", "GB", "TB"];
  let at = -1;
  do { n /= 1000; at++; } while (n >= 999.5 && at < units.length - 1);
  return t("bytes.unit", { n: n.toFixed(n < 10 ? 1 : 0), unit: units[at] });
}

export function duration(ms) {
  if (ms < 1000) return t("time.ms", { n: ms < 10 ? ms.toFixed(1) : Math.round(ms) });
  return t("time.s", { n: (ms / 1000).toFixed(1) });
}
