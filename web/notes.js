// Notes: what a person should know of a request or of an exchange, the most urgent first.

import { fieldButton, h, icon, refLink } from "./dom.js";
import { focusField, labelOf } from "./fields.js";
import { aboutHop } from "./hops.js";
import { inPageLab, relayWouldSend } from "./offer.js";
import { typed } from "./state.js";
import { sentence, t } from "./text.js";

const order = ["error", "warn", "info"];

// notesOf are the notes of what was built: the core's, the browser's refusal, and the page's own.
export function notesOf({ notes = [], browser }) {
  const every = [...(browser?.blocked ? [{ ...browser.blocked, severity: "error" }] : []), ...notes, ...pageNotes(browser)];
  return every.filter((n, i) => every.findIndex((m) => m.code === n.code && m.field === n.field) === i)
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function pageNotes(browser) {
  const own = [];
  if (browser?.preflight) own.push({ code: "page.preflight", severity: "info", message: t("note.preflight", { reasons: reasonList(browser.preflight.reasons) }) });
  const note = (code, severity, field, text, values) => own.push({ code: `page.${code}`, severity, field, message: t(text, values) });
  if (typed.via === "relay") {
    if (inPageLab(typed.url)) note("relay-lab", "warn", "", "note.relayLab");
    return own;
  }
  if (typed.tls.choice !== "verify") note("tls", "warn", "tls", "note.tls");
  const dropped = [...new Set((browser?.dropped ?? []).map((d) => d.name))];
  if (relayWouldSend(browser?.blocked?.code)) note("relay", "info", "via", "note.relayBlocked");
  else if (dropped.length) note("relay", "info", "via", "note.relayDropped", { names: dropped.join(", ") });
  return own;
}

// As many as a person reads.
export function reasonList(reasons) {
  const most = 6;
  return reasons.slice(0, most).join("; ") + (reasons.length > most ? t("more.reasons", { n: reasons.length - most }) : "");
}

export const noteList = (list) => h("ul", {}, grouped(list));

// What CORS asks of the server is one matter: as many rows it would hide the notes that warn.
const isCORS = (n) => n.severity === "info" && /^(?:cors\.|page\.preflight$|fetch\.redirect-[as])/.test(n.code);

function grouped(list) {
  const cors = list.filter(isCORS);
  if (cors.length < 2) return list.map(noteRow);
  return [...list.filter((n) => !isCORS(n)).map(noteRow), h("li", { class: "note info", "data-key": "cors", "data-code": "page.cors" }, icon("info"),
    h("details", { id: "cors-notes" }, h("summary", {}, t("note.cors", { n: cors.length })), h("ul", {}, cors.map(noteRow))))];
}

function noteRow(n) {
  return h("li", { class: `note ${n.severity}`, "data-code": n.code, "data-key": `${n.code} ${n.field ?? ""}` }, icon(n.severity),
    h("div", {}, h("span", { class: "vh" }, t(`severity.${n.severity}`)), sentence(n.message), n.fix ? [" ", h("span", { class: "fix" }, sentence(n.fix))] : null,
      " ", n.field ? fieldButton(n.field, labelOf(n.field), focusField) : null, " ", refLink(n.ref)));
}

// exchangeNotes are those of what was sent. A server's HTTP version the browser tells too late for the core.
export function exchangeNotes(exchanges) {
  const list = exchanges.flatMap((x) => [...(x.notes ?? []), ...h2Note(x)]);
  const once = list.filter((n, i) => !aboutHop(n) && list.findIndex((m) => m.code === n.code) === i);
  return once.length ? h("div", { class: "notes", "data-key": "notes" }, noteList(once)) : null;
}

const h2Note = ({ response, notes = [] }) => (/^h[23]/.test(response?.protocol ?? "") && !notes.some((n) => n.code === "http.h2") ? [{ code: "http.h2", severity: "info", message: t("note.h2", { protocol: protocolName(response) }), ref: { doc: "RFC 9113", section: "8.3", url: "https://www.rfc-editor.org/rfc/rfc9113#section-8.3" } }] : []);

// protocolName is "HTTP/2" for "h2"; empty where nobody told.
export const protocolName = ({ protocol = "" }) => protocol.replace(/^h(\d)$/, "HTTP/$1").toUpperCase();
