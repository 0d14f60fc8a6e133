// The bar (method, URL, Send), the query parameters and the header lines.

import { byId, h, setValue } from "./dom.js";
import { pairTable } from "./pairs.js";
import { change, emit, on, typed } from "./state.js";
import { markTab } from "./tabs.js";
import { t } from "./text.js";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const other = "other";

const commonHeaders = ["Accept", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "Cookie", "If-Match",
  "If-None-Match", "Origin", "Range", "Referer", "User-Agent", "X-Api-Key", "X-Forwarded-For", "X-Request-Id"];

export function initRequest() {
  initBar();
  const params = pairTable(byId("panel-params"), { field: "params", rows: parameters, edit: editParam, add: addParams, remove: removeParam });
  const headers = pairTable(byId("panel-headers"), { field: "headers", names: commonHeaders, rows: () => typed.headers,
    edit: (i, column, text) => change((r) => { r.headers[i][column] = text; }),
    add: (pairs) => change((r) => { r.headers.push(...pairs); }),
    remove: (i) => change((r) => { r.headers.splice(i, 1); }) });
  byId("panel-headers").append(h("p", { class: "field-error", id: "error-headers", "data-error-for": "headers" }));
  byId("panel-params").append(h("p", { class: "hint" }, t("params.hint")));
  byId("panel-headers").append(h("p", { class: "hint" }, t("headers.hint")));
  const draw = () => { drawBar(); params(); headers(); drawCounts(); };
  on("replaced", draw);
  on("headers-changed", headers);
  on("typed", () => { if (!byId("panel-params").hidden) params(); drawCounts(); });
  byId("panel-params").addEventListener("shown", params);
  draw();
}

function initBar() {
  const method = byId("method");
  const named = byId("method-other");
  method.append(...methods.map((m) => h("option", { value: m }, m)), h("option", { value: other }, t("method.other")));
  method.addEventListener("change", () => {
    named.hidden = method.value !== other;
    if (named.hidden) return change((r) => { r.method = method.value; });
    setValue(named, typed.method);
    named.focus();
    named.select();
  });
  named.addEventListener("input", () => change((r) => { r.method = named.value; }));
  byId("url").addEventListener("input", (e) => change((r) => { r.url = e.target.value; }));
  for (const form of ["request", "secrets"]) {
    byId(form).addEventListener("submit", (event) => {
      event.preventDefault();
      emit("send-wanted");
    });
  }
}

function drawBar() {
  const known = methods.includes(typed.method);
  byId("method").value = known ? typed.method : other;
  byId("method-other").hidden = known;
  setValue(byId("method-other"), typed.method);
  setValue(byId("url"), typed.url);
}

function drawCounts() {
  setCount("params", parameters().length);
  setCount("headers", typed.headers.filter(([n, v]) => n || v).length);
  setCount("tls", Object.keys(typed.fetch).length || typed.tls.choice !== "verify" || typed.via !== "fetch" ? "•" : 0);
  setCount("body", typed.body.kind === "none" ? 0 : "•");
}

function setCount(name, n) {
  const tab = byId(`tab-${name}`);
  if (n && tab.dataset.count !== String(n)) tab.dataset.count = n;
  if (!n && "count" in tab.dataset) delete tab.dataset.count;
}

// The query is edited in the text of the URL itself: a piece that is not touched keeps every byte.

function queryParts() {
  const hash = typed.url.indexOf("#");
  const end = hash < 0 ? typed.url.length : hash;
  const mark = typed.url.indexOf("?");
  if (mark < 0 || mark >= end) return { before: typed.url.slice(0, end), pieces: [], after: typed.url.slice(end) };
  return { before: typed.url.slice(0, mark), pieces: typed.url.slice(mark + 1, end).split("&"), after: typed.url.slice(end) };
}

function writeQuery({ before, pieces, after }) {
  change((r) => { r.url = before + (pieces.length ? "?" + pieces.join("&") : "") + after; });
  setValue(byId("url"), typed.url);
}

function parameters() {
  const { pieces } = queryParts();
  return pieces.length === 1 && pieces[0] === "" ? [] : pieces.map((p) => { const [n, v] = cut(p); return [decoded(n), decoded(v ?? "")]; });
}

function cut(piece) {
  const at = piece.indexOf("=");
  return at < 0 ? [piece, null] : [piece.slice(0, at), piece.slice(at + 1)];
}

// A form reads "+" as a space; what is no percent-encoding is shown as it stands.
function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

const encodedName = (text) => encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%40", "@");

function editParam(i, column, text) {
  const parts = queryParts();
  const [name, value] = cut(parts.pieces[i]);
  parts.pieces[i] = column ? `${name}=${encodedName(text)}` : encodedName(text) + (value === null ? "" : "=" + value);
  writeQuery(parts);
}

function addParams(pairs) {
  const parts = queryParts();
  if (parts.pieces.length === 1 && parts.pieces[0] === "") parts.pieces = [];
  parts.pieces.push(...pairs.map(([n, v]) => encodedName(n) + (v ? "=" + encodedName(v) : "")));
  writeQuery(parts);
}

function removeParam(i) {
  const parts = queryParts();
  parts.pieces.splice(i, 1);
  writeQuery(parts);
}

// markRequestTab says on a tab that something in it needs attention.
export const markRequestTab = (name, text) => markTab("pane-request", name, text);
