// What a browser leaves unsaid when it says “Failed to fetch”: the causes that are possible for this
// request, the likely ones first, each with what to do. Only what is known without asking the server.

import { copyButton, h } from "./dom.js";
import { segments } from "./links.js";
import { offer } from "./offer.js";
import { urlRanges } from "./secrets.js";
import { sendCommand } from "./tls.js";
import { view } from "./state.js";
import { t } from "./text.js";

// causes returns [{id, values, lines}], best first; lines are header lines that the server must send.
export function causes({ url, browser, online = navigator.onLine, page = location }) {
  const target = URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI) : null;
  if (!target) return [];
  const foreign = target.origin !== page.origin;
  const place = nearness(target.hostname);
  const values = { host: target.host, origin: page.origin, path: target.pathname, place: t(`place.${place}`) };
  const cause = (id, lines = []) => ({ id, values, lines });
  const readable = [["Access-Control-Allow-Origin", page.origin]];
  return [
    !online && place !== "device" && cause("offline"),
    nearness(page.hostname) === "internet" && place !== "internet" && cause("local-network"),
    place === "device" && cause("not-running"),
    foreign && browser?.preflight && cause("preflight", browser.preflight.needs),
    foreign && cause(browser?.preflight ? "answer-cors" : "cors", readable),
    target.protocol === "https:" && cause("certificate"),
    place !== "device" && cause("unreachable"),
    page.protocol === "https:" && cause("mixed-redirect"),
    foreign && cause("blocker"),
  ].filter(Boolean);
}

// nearness is where a host is, as far as its name tells.
export function nearness(host) {
  if (host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\./.test(host)) return "device";
  return /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[f[cde])/.test(host) || host.endsWith(".local") ? "network" : "internet";
}

// explained draws the list and the two ways to learn more.
export function explained({ exchange, built }) {
  const list = causes({ url: exchange.request.url, browser: built?.browser });
  if (!list.length) return null;
  return h("section", { class: "causes", id: "causes" }, h("h2", {}, t("causes.title")),
    h("ol", {}, list.map(({ id, values, lines }) => h("li", { "data-cause": id }, h("p", {}, h("strong", {}, t(`cause.${id}`, values))), h("p", { class: "hint" }, t(`cause.${id}.do`, values)),
      lines.length ? h("div", { class: "needs" }, h("pre", {}, headerText(lines)), copyButton(() => headerText(lines), t("causes.copyLines"))) : null))),
    offer("offer.network"), newTab(exchange.request, built?.steps ?? []), native());
}

const headerText = (lines) => lines.map(([n, v]) => `${n}: ${v}`).join("\n");

// The browser's own error page says what a script may not know.
function newTab({ url }, steps) {
  const secret = segments(url, steps, { made: true, hide: urlRanges(url) }).some((p) => p.secret);
  const { href } = new URL(url, document.baseURI);
  return h("p", {}, h("a", { id: "open-tab", href, target: "_blank", rel: "noreferrer noopener" }, t("causes.newTab")), " ", h("span", { class: "hint" }, t("causes.newTabHint"), secret ? [" ", t("causes.newTabSecret")] : null));
}

function native() {
  return h("div", { class: "command" }, h("div", { class: "caption" }, h("span", {}, t("causes.command")), copyButton(() => sendCommand(true), t("tls.copy"))),
    h("pre", { id: "failure-command" }, sendCommand(view.secrets)), h("p", { class: "hint" }, t("causes.commandHint")));
}
