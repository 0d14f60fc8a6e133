// Redirects that were followed in the open, one by one: which credentials each request carried, and what other
// clients would have done.

import { h } from "./dom.js";
import { noteList } from "./notes.js";
import { isSecretName } from "./secrets.js";
import { t } from "./text.js";

const origin = (url) => (URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).origin : url);

const credentials = ({ headers }) => [...new Set(headers.map(([name]) => name).filter(isSecretName))];

// aboutHop: such notes stand with their hop and nowhere else.
export const aboutHop = (note) => note.code.startsWith("redirect.") && note.code !== "redirect.followed";

/** hops draws the list, for exchanges with at least one redirect in the open; else null. */
export function hops(exchanges) {
  if (!exchanges.some((x) => x.why === "redirect")) return null;
  return h("section", { class: "hops", id: "hops", "data-key": "hops" }, h("h2", {}, t("hops.heading")),
    h("ol", {}, exchanges.map((x, i) => hop(x, x.why === "redirect" ? exchanges[i - 1].request : null))));
}

function hop({ request, response, notes = [] }, before) {
  const sent = credentials(request);
  const elsewhere = before && origin(request.url) !== origin(before.url);
  const own = notes.filter(aboutHop);
  return h("li", { "data-elsewhere": elsewhere ? true : null }, h("p", {}, h("code", {}, request.method), " ", h("span", { class: "wire-type" }, origin(request.url)), elsewhere ? h("span", { class: "summary-note" }, ` ${t("hops.elsewhere")}`) : null),
    h("p", { class: "hint" }, sent.length ? t("hops.received", { names: sent.join(", ") }) : t("hops.nothing"), response ? ` ${t("hops.answered", { status: response.status })}` : null),
    own.length ? h("div", { class: "notes" }, noteList(own)) : null);
}
