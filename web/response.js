// The Response tab: what came back, what the status means, and what the browser kept from the page.

import { bodyOf, bodyView, release, tools } from "./bodyview.js";
import { announce, byId, copyButton, h, icon, patch } from "./dom.js";
import { explained } from "./failure.js";
import { messageOf } from "./fields.js";
import { handshake } from "./handshake.js";
import { segments } from "./links.js";
import { exchangeNotes, protocolName } from "./notes.js";
import { offer, relayWouldSend } from "./offer.js";
import { refusal } from "./refusal.js";
import { headerRanges, urlRanges } from "./secrets.js";
import { emit, isLab, on, view } from "./state.js";
import { has, sentence, t } from "./text.js";
import { byteCount, duration, mask, shown } from "./values.js";

const headerLimit = 200;
let answer = null;
let body = null;
let way = "";
let allHeaders = false;

export function initResponse() {
  drawEmpty();
  on("answered", receive);
  on("sending", () => setStale(true));
  on("secrets-shown", () => { if (answer) draw(); });
  on("timed", timed);
  on("typed", () => {
    if (!answer || answer.changed) return;
    answer.changed = true;
    byId("panel-response").prepend(changedNote());
  });
}

// The browser tells the times and the version of HTTP a moment after the answer.
function timed({ id, entry }) {
  const last = answer?.exchanges?.at(-1);
  if (answer?.params.id !== id || !byId("timing")) return;
  answer.timing.entry = entry;
  byId("timing").replaceWith(timingBar());
  if (!entry.nextHopProtocol || last.response.protocol) return;
  last.response.protocol = entry.nextHopProtocol;
  byId("protocol").textContent = versionOf(last.response);
  byId("answer-notes").replaceChildren(...notesOn(last));
  emit("protocol-known");
}

const versionOf = (response) => (protocolName(response) ? `${protocolName(response)} · ` : "");
const notesOn = (last) => [exchangeNotes([last])].filter(Boolean);

// An answer to what is no longer typed is easily taken for one to what is.
const changedNote = () => h("p", { class: "callout info slim", id: "answer-changed" }, icon("info"),
  t(answer.exchanges?.at(-1).response ? "response.changed" : "exchange.changed"));

function drawEmpty() {
  patch(byId("panel-response"), h("div", { class: "empty", id: "response-empty" }, h("p", {}, t("response.empty")), h("p", { class: "hint" }, t("response.emptyHint"))));
}

// What is on the screen while another answer is awaited is the one before: dimmed, it stays readable.
function setStale(stale) {
  const panel = byId("panel-response");
  panel.classList.toggle("awaiting", stale && answer !== null);
  panel.setAttribute("aria-busy", String(stale));
}

function receive(a) {
  setStale(false);
  if (a.crashed) return;
  release();
  answer = a;
  allHeaders = false;
  const last = a.exchanges?.at(-1);
  body = last?.response ? bodyOf(last.response, a.bytes) : null;
  way = body?.ways[0] ?? "";
  const held = byId("panel-response").contains(document.activeElement); // such as the button that sends again
  draw();
  if (held) byId("tab-response").focus();
  announce(answer.error ? `${t("response.refused")} ${messageOf(answer.error)}` : !last ? t("response.announceFailure") : last.failure ? verdictOf(last) : t("response.announce", { status: `${last.response.status} ${last.response.statusText}`, time: duration(last.ms) }));
}

function draw() {
  const panel = byId("panel-response");
  const last = answer.exchanges?.at(-1);
  if (!last && !answer.error) return drawEmpty();
  panel.replaceChildren(...[answer.changed && changedNote(), ...(answer.error ? [refusal(answer.error, "response.refused")] : [last.failure && failed(last), ...(last.response ? parts(last) : [])])].filter(Boolean));
}

const parts = (last) => [statusLine(last), rejection(last), droppedNote(last), h("div", { id: "answer-notes" }, notesOn(last)), timingBar(), savedNote(last), hiddenNote(last.response), headers(last.response), trailers(last.response), last.failure ? null : tlsPart(last), bodyPart(last)];

const verdictOf = ({ failure: { code }, ms }) => t(has(`failure.${code}`) ? `failure.${code}` : ms > 0 ? "failure.other" : "failure.blocked");

function failed(exchange) {
  const { failure, ms } = exchange;
  const told = h("div", { class: "callout error", id: "failure", "data-code": failure.code }, icon("error"), h("div", {},
    h("p", { class: "verdict" }, verdictOf(exchange)),
    h("p", {}, sentence(failure.message)), h("p", { class: "hint" }, h("code", {}, failure.code), ms > 0 ? ` · ${duration(ms)}` : null)));
  return h("div", {}, told, failure.code === "network" ? explained({ exchange, built: answer.built }) : null, relayWouldSend(failure.code) ? offer("note.relayBlocked") : null,
    failure.code.startsWith("relay.") ? h("p", {}, h("button", { type: "button", class: "outlined", id: "to-relay", onclick: () => emit("relay-wanted") }, t("relay.open"))) : null, tlsPart(exchange));
}

function tlsPart({ tls, failure }) {
  const report = failure?.tls ?? tls;
  return report ? handshake(report, !failure) : null;
}

function trailers({ trailers: list = [] }) {
  return list.length ? h("details", { class: "part-of", open: true }, h("summary", {}, t("response.trailers", { n: list.length })),
    h("dl", { class: "headers", id: "response-trailers" }, list.map(([n, v]) => [h("dt", {}, n), h("dd", {}, masked(v, headerRanges(n, v)))]))) : null;
}

function statusLine({ response: r, ms }) {
  const kind = r.status >= 400 ? "bad" : r.status >= 300 ? "other" : "good";
  const meaning = has(`status.${r.status}`) ? `status.${r.status}` : `status.${Math.floor(r.status / 100)}xx`;
  return h("div", { class: `status ${kind}` },
    h("p", { class: "verdict", id: "status", "data-status": r.status }, h("span", { class: "code" }, String(r.status)), " ", r.statusText),
    h("p", { class: "meaning" }, t(meaning)),
    h("p", { class: "hint" }, h("span", { id: "took", "data-ms": ms }, duration(ms)), " · ", h("span", { id: "protocol" }, versionOf(r)), h("span", { class: "wire-type", id: "answered-url" }, masked(r.url, urlRanges(r.url)))));
}

// masked hides what the steps made secret, and what its name tells to be one.
function masked(text, ranges) {
  if (view.secrets) return shown(text);
  const parts = segments(text, answer.built?.steps ?? [], { made: true, hide: ranges });
  return parts.map((p, i) => (p.secret ? (parts[i - 1]?.secret ? null : mask()) : shown(p.text, i === parts.length - 1)));
}

// Where the server refuses, a header that the browser left out is the first suspect.
function droppedNote({ response: r }) {
  const dropped = answer.built?.browser?.dropped ?? [];
  if (![400, 401, 403, 407].includes(r.status) || !dropped.length) return null;
  return h("div", { class: "callout warn", id: "dropped" }, icon("warn"), h("ul", {}, dropped.map((d) => h("li", {}, h("strong", {}, t("response.dropped", { name: d.name })), " ", sentence(d.reason)))), offer("offer.dropped"));
}

// The lab names the step at which the two sides part. Any server can write the same words, so whose
// they are is read from the address.
function rejection({ response: r }) {
  const told = readRejection();
  const ours = told !== null && isLab(r.url);
  emit("rejected", ours && !answer.changed ? told.step ?? "" : "");
  if (!told) return null;
  if (!ours) return told.message ? h("div", { class: "callout error", id: "told" }, icon("error"), h("p", {}, h("strong", {}, t("response.serverSays")), " ", sentence(String(told.message).slice(0, messageLimit)))) : null;
  return h("div", { class: "callout error", id: "rejection", "data-step": told.step, "data-code": told.code }, icon("error"), h("div", {},
    h("p", {}, h("strong", {}, t("response.rejected")), " ", sentence(told.message ?? "")),
    told.want || told.got ? h("dl", { class: "want" }, wanted("response.want", told.want), wanted("response.got", told.got)) : null,
    told.hint ? h("p", {}, withAccount(sentence(String(told.hint).slice(0, messageLimit)), r.url)) : null,
    toStep(told.step)));
}

const wanted = (label, text) => (text ? [h("dt", {}, t(label)), h("dd", {}, h("code", {}, shown(String(text))))] : null);

// The lab names the place where it prints the account: a press away.
function withAccount(hint, url) {
  const [before, place, after] = hint.split(/(lab\/auth\/[\w-]+\/account)/);
  const lab = url.indexOf("lab/auth/");
  return place && lab >= 0 ? [before, h("a", { id: "account", href: url.slice(0, lab) + place, target: "_blank", rel: "noreferrer" }, place), after] : hint;
}

// A scheme that was not chosen has no such step here.
function toStep(id) {
  const step = answer.built?.steps?.find((s) => s.id === id);
  return step ? h("p", {}, h("button", { type: "button", class: "link", id: "rejected-step", "data-step": id, onclick: () => emit("step-wanted", id) }, t("response.toStep", { title: step.title }))) : null;
}

const messageLimit = 1000;

function readRejection() {
  if (!body || body.ways[0] !== "json" || body.kept > 65536) return null;
  try {
    const { rejection: told, hint } = JSON.parse(body.text()) ?? {};
    return typeof told?.step === "string" || typeof told?.code === "string" ? { ...told, hint } : null;
  } catch {
    return null;
  }
}

// The phases as the browser measured them; where it keeps them from the page, what was seen from here.
// Together they are the exchange's time, the one that is named everywhere: what is left is the page's own.
function phases() {
  const { entry, waiting } = answer.timing;
  const { ms } = answer.exchanges.at(-1);
  if (!entry?.requestStart || entry.duration > ms) return [["waiting", Math.min(waiting, ms)], ["reading", Math.max(0, ms - waiting)]];
  const connected = Math.max(entry.connectEnd, entry.domainLookupEnd, entry.startTime);
  return [["lookup", entry.connectStart - entry.startTime], ["connect", connected - entry.connectStart],
    ["waiting", entry.responseStart - connected], ["reading", entry.responseEnd - entry.responseStart], ["page", ms - entry.duration]].filter(([, part]) => part > 0.05);
}

function timingBar() {
  const list = phases();
  const whole = list.reduce((sum, [, ms]) => sum + ms, 0);
  const bars = list.map(([name, ms]) => {
    const el = h("span", { class: `phase ${name}`, "data-ms": ms, title: `${t(`timing.${name}`)} ${duration(ms)}` });
    el.style.flexGrow = String(Math.max(ms, whole / 100));
    return el;
  });
  return h("div", { class: "timing", id: "timing" }, h("div", { class: "timing-bar", "aria-hidden": "true" }, bars),
    h("p", { class: "hint" }, list.map(([name, ms]) => h("span", { class: "phase-name" }, h("span", { class: `key ${name}` }), t(`timing.${name}`), " ", duration(ms), " "))),
    answer.timing.entry && !answer.timing.entry.requestStart ? h("p", { class: "hint" }, t("timing.hidden")) : null);
}

const savedNote = ({ failure }) => (answer.saved && !failure ? h("p", { class: "callout info slim", id: "saved" }, icon("check"), t("response.saved")) : null);

// A server that shows even its list of what it shows has thought of it.
const exposes = (r) => (r.headers ?? []).some(([n]) => n.toLowerCase() === "access-control-expose-headers");

const hiddenNote = (r) => (r.hidden && !exposes(r) ? h("div", { class: "callout info slim", id: "hidden-headers" }, icon("info"), h("div", {}, t("response.hidden"), offer("offer.hidden"))) : null);

function headers(r) {
  const list = r.headers ?? [];
  const some = allHeaders ? list : list.slice(0, headerLimit);
  return h("details", { class: "part-of", open: list.length <= 12 }, h("summary", {}, t("response.headers", { n: list.length })),
    h("dl", { class: "headers", id: "response-headers" }, some.map(([n, v]) => [h("dt", {}, n), h("dd", {}, h("span", {}, masked(v, /^signature$/i.test(n) ? [] : headerRanges(n, v))), copyButton(() => v, t("wire.copyValue", { name: n })))])),
    list.length > some.length ? h("button", { type: "button", class: "quiet", onclick: () => { allHeaders = true; draw(); } }, t("more.lines", { n: list.length - some.length })) : null);
}

function bodyPart(last) {
  if (!body.size) return h("div", { class: "part-of" }, h("h2", {}, t("response.body")), h("p", { class: "hint" }, t(last.failure ? "response.nothingCame" : "response.noBody")));
  const cutShort = last.response.truncated || body.kept < body.size;
  return h("div", { class: "part-of" },
    h("div", { class: "caption" }, h("h2", {}, t("response.body")), tools(body, fileName(last)), saveWhole()),
    cutShort ? h("p", { class: "callout warn slim", id: "truncated" }, icon("warn"), t(globalThis.showSaveFilePicker ? "response.truncated" : "response.truncatedHere", { kept: byteCount(body.kept), size: byteCount(body.size) })) : null,
    last.failure ? h("p", { class: "callout warn slim", id: "broke-off" }, icon("warn"), t("response.brokeOff")) : null,
    h("div", { class: "choices", role: "radiogroup", "aria-label": t("response.readAs") }, body.ways.map((w) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "body-way", value: w, "data-body-way": w, checked: w === way, onchange: () => { way = w; showBody(); } }), t(`way.${w}`)))),
    h("div", { id: "body-view" }, bodyNow()));
}

const bodyNow = () => bodyView(body, way, byId("panel-response").clientWidth < 640);
const showBody = () => byId("body-view").replaceChildren(bodyNow());

// Only plain characters: the server chose this name.
const fileName = ({ response }) => new URL(response.url, document.baseURI).pathname.split("/").pop().replace(/[^\w.-]/g, "_").slice(0, 100) || "response";

// saveWhole sends again and streams everything into a file, past the part that is kept for reading.
function saveWhole() {
  if (!globalThis.showSaveFilePicker) return null;
  return h("button", { type: "button", class: "quiet", id: "save-whole", title: t("response.saveTitle"), onclick: async () => {
    const file = await showSaveFilePicker({ suggestedName: fileName(answer.exchanges.at(-1)) }).catch(() => null);
    if (file) emit("save-wanted", await file.createWritable());
  } }, t("response.save"));
}
