// The Response tab: what came back, what the status means, and what the browser kept from the page.

import { bodyOf, bodyView, release, tools } from "./bodyview.js";
import { announce, byId, copyButton, h, icon, patch } from "./dom.js";
import { focusField, messageOf } from "./fields.js";
import { emit, on } from "./state.js";
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
  on("timed", ({ id, entry }) => {
    if (answer?.params.id !== id || !byId("timing")) return;
    answer.timing.entry = entry;
    byId("timing").replaceWith(timingBar());
  });
}

function drawEmpty() {
  patch(byId("panel-response"), h("div", { class: "empty", id: "response-empty" }, h("p", {}, t("response.empty")), h("p", { class: "hint" }, t("response.emptyHint"))));
}

function receive(a) {
  if (a.crashed) return;
  release();
  answer = a;
  allHeaders = false;
  const last = a.exchanges?.at(-1);
  body = last?.response ? bodyOf(last.response, a.bytes) : null;
  way = body?.ways[0] ?? "";
  draw();
  announce(last?.response ? t("response.announce", { status: `${last.response.status} ${last.response.statusText}`, time: duration(a.timing.total) }) : t("response.announceFailure"));
}

function draw() {
  const panel = byId("panel-response");
  const last = answer.exchanges?.at(-1);
  if (answer.error) return panel.replaceChildren(refused(answer.error));
  if (!last) return drawEmpty();
  if (last.failure) return panel.replaceChildren(failed(last));
  panel.replaceChildren(...[statusLine(last), rejection(), timingBar(), savedNote(), hiddenNote(last.response), headers(last.response), bodyPart(last)].filter(Boolean));
}

function refused(e) {
  return h("div", { class: "callout error", "data-code": e.code }, icon("error"), h("div", {}, h("p", {}, h("strong", {}, t("response.refused")), " ", messageOf(e)),
    h("p", { class: "hint" }, h("code", {}, e.code), " ", e.field ? h("button", { type: "button", class: "link", onclick: () => focusField(e.field) }, t("response.toField")) : null)));
}

function failed({ failure, ms }) {
  return h("div", { class: "callout error", id: "failure", "data-code": failure.code }, icon("error"), h("div", {},
    h("p", { class: "verdict" }, t(has(`failure.${failure.code}`) ? `failure.${failure.code}` : ms > 0 ? "failure.other" : "failure.blocked")),
    h("p", {}, sentence(failure.message)), h("p", { class: "hint" }, h("code", {}, failure.code), ms > 0 ? ` · ${duration(ms)}` : null)));
}

function statusLine({ response: r, ms }) {
  const kind = r.status >= 400 ? "bad" : r.status >= 300 ? "other" : "good";
  const meaning = has(`status.${r.status}`) ? `status.${r.status}` : `status.${Math.floor(r.status / 100)}xx`;
  return h("div", { class: `status ${kind}` },
    h("p", { class: "verdict", id: "status", "data-status": r.status }, h("span", { class: "code" }, String(r.status)), " ", r.statusText),
    h("p", { class: "meaning" }, t(meaning)),
    h("p", { class: "hint" }, duration(ms), " · ", h("span", { class: "wire-type" }, r.url)));
}

// A lab, ours or another of its kind, names the step at which the two sides part.
function rejection() {
  const told = readRejection();
  emit("rejected", told?.step ?? "");
  if (!told) return null;
  return h("div", { class: "callout error", id: "rejection", "data-step": told.step, "data-code": told.code }, icon("error"), h("div", {},
    h("p", {}, h("strong", {}, t("response.rejected")), " ", sentence(told.message ?? "")),
    told.want || told.got ? h("dl", { class: "want" }, h("dt", {}, t("response.want")), h("dd", {}, h("code", {}, shown(String(told.want ?? "")))), h("dt", {}, t("response.got")), h("dd", {}, h("code", {}, shown(String(told.got ?? ""))))) : null,
    told.step ? h("p", {}, h("button", { type: "button", class: "link", id: "rejected-step", "data-step": told.step, onclick: () => emit("step-wanted", told.step) }, t("response.toStep", { step: told.step }))) : null));
}

function readRejection() {
  if (!body || body.ways[0] !== "json" || body.kept > 65536) return null;
  try {
    const told = JSON.parse(body.text())?.rejection;
    return typeof told?.step === "string" || typeof told?.code === "string" ? told : null;
  } catch {
    return null;
  }
}

// The phases as the browser measured them; where it keeps them from the page, what was seen from here.
function phases() {
  const { entry, total, waiting } = answer.timing;
  if (!entry?.requestStart) return [["waiting", waiting], ["reading", total - waiting]];
  const connected = Math.max(entry.connectEnd, entry.domainLookupEnd);
  return [["lookup", entry.connectStart - entry.startTime], ["connect", connected - entry.connectStart],
    ["waiting", entry.responseStart - Math.max(connected, entry.startTime)], ["reading", entry.responseEnd - entry.responseStart]].filter(([, ms]) => ms > 0.05);
}

function timingBar() {
  const list = phases();
  const whole = list.reduce((sum, [, ms]) => sum + ms, 0);
  const bars = list.map(([name, ms]) => {
    const el = h("span", { class: `phase ${name}`, title: `${t(`timing.${name}`)} ${duration(ms)}` });
    el.style.flexGrow = String(Math.max(ms, whole / 100));
    return el;
  });
  return h("div", { class: "timing", id: "timing" }, h("div", { class: "timing-bar", "aria-hidden": "true" }, bars),
    h("p", { class: "hint" }, list.map(([name, ms]) => h("span", { class: "phase-name" }, h("span", { class: `key ${name}` }), t(`timing.${name}`), " ", duration(ms), " "))),
    answer.timing.entry && !answer.timing.entry.requestStart ? h("p", { class: "hint" }, t("timing.hidden")) : null);
}

const savedNote = () => (answer.saved ? h("p", { class: "callout info slim", id: "saved" }, icon("check"), t("response.saved")) : null);

const hiddenNote = (r) => (r.hidden ? h("div", { class: "callout warn slim", id: "hidden-headers" }, icon("warn"), h("div", {}, t("response.hidden"))) : null);

function headers(r) {
  const list = r.headers ?? [];
  const some = allHeaders ? list : list.slice(0, headerLimit);
  return h("details", { class: "part-of", open: list.length <= 12 }, h("summary", {}, t("response.headers", { n: list.length })),
    h("dl", { class: "headers", id: "response-headers" }, some.map(([n, v]) => [h("dt", {}, n), h("dd", {}, n.toLowerCase() === "set-cookie" ? mask() : shown(v), copyButton(() => v, t("wire.copyValue", { name: n })))])),
    list.length > some.length ? h("button", { type: "button", class: "quiet", onclick: () => { allHeaders = true; draw(); } }, t("more.lines", { n: list.length - some.length })) : null);
}

function bodyPart(last) {
  if (!body.size) return h("div", { class: "part-of" }, h("h2", {}, t("response.body")), h("p", { class: "hint" }, t("response.noBody")), saveWhole());
  const cutShort = last.response.truncated || body.kept < body.size;
  return h("div", { class: "part-of" },
    h("div", { class: "caption" }, h("h2", {}, t("response.body")), tools(body, fileName(last)), saveWhole()),
    cutShort ? h("p", { class: "callout warn slim", id: "truncated" }, icon("warn"), t(globalThis.showSaveFilePicker ? "response.truncated" : "response.truncatedHere", { kept: byteCount(body.kept), size: byteCount(body.size) })) : null,
    h("div", { class: "choices", role: "radiogroup", "aria-label": t("response.readAs") }, body.ways.map((w) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "body-way", value: w, "data-body-way": w, checked: w === way, onchange: () => { way = w; showBody(); } }), t(`way.${w}`)))),
    h("div", { id: "body-view" }, bodyView(body, way)));
}

const showBody = () => byId("body-view").replaceChildren(bodyView(body, way));

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
