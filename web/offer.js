// Where the browser is what stands in the way: the page says that the relay would do it, and leads to the
// choice. It never makes it.

import { h } from "./dom.js";
import { emit, isLab, typed } from "./state.js";
import { t } from "./text.js";

// What fetch refuses and a relay sends; the other refusals no sender could do without.
const refusals = ["fetch.method-forbidden", "fetch.body-not-allowed", "fetch.mixed-content", "fetch.bad-port"];

export const relayWouldSend = (code) => typed.via === "fetch" && refusals.includes(code);

/** @param {string} why the ID of a text @param {object} [values] */
export function offer(why, values = {}) {
  return h("p", { class: "offer", "data-key": "offer", "data-offer": why }, t(why, values), " ", h("button", { type: "button", class: "link", "data-relay": true, onclick: () => emit("relay-wanted") }, t("field.via")));
}

// inPageLab: the lab of a page that no program serves is a part of the page, and no relay finds it.
export function inPageLab(url) {
  const absolute = URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : "";
  return isLab(absolute) && !document.querySelector("meta[name=authpad-lab]")?.content;
}
