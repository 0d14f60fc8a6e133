// Redirects that were followed in the open, one by one: which credentials each request carried, and what other
// clients would have done.

import { h } from "./dom.js";
import { isSecretName } from "./secrets.js";
import { t } from "./text.js";

const origin = (url) => (URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).origin : url);

// credentials are the names of the lines that let somebody in.
export const credentials = ({ headers }) => [...new Set(headers.map(([name]) => name).filter(isSecretName))];

/** hops draws the list, for exchanges with at least one redirect in the open; else null. */
export function hops(exchanges) {
  if (!exchanges.some((x) => x.why === "redirect")) return null;
  return h("section", { class: "hops", id: "hops", "data-key": "hops" }, h("h2", {}, t("hops.heading")),
    h("ol", {}, exchanges.map((x, i) => hop(x.request, x.why === "redirect" ? exchanges[i - 1].request : null))),
    crosses(exchanges) ? h("p", { class: "hint" }, t("hops.clients")) : null);
}

const crosses = (exchanges) => exchanges.some((x, i) => x.why === "redirect" && origin(x.request.url) !== origin(exchanges[i - 1].request.url));

function hop(request, before) {
  const sent = credentials(request);
  const left = before ? credentials(before).filter((name) => !sent.includes(name)) : [];
  const elsewhere = before && origin(request.url) !== origin(before.url);
  return h("li", { "data-elsewhere": elsewhere ? true : null }, h("p", {}, h("code", {}, request.method), " ", h("span", { class: "wire-type" }, origin(request.url)), elsewhere ? h("span", { class: "summary-note" }, ` ${t("hops.elsewhere")}`) : null),
    h("p", { class: "hint" }, sent.length ? t("hops.received", { names: sent.join(", ") }) : t("hops.nothing"), left.length ? [" ", h("strong", {}, t("hops.left", { names: left.join(", ") }))] : null,
      before && before.method !== request.method ? ` ${t("hops.method", { from: before.method, to: request.method })}` : null));
}
