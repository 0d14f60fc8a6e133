// What the page is busy with: loading the core, sending, or telling that the core stopped.

import * as core from "./core.js";
import { announce, byId, h, icon, patch } from "./dom.js";
import { keep } from "./keep.js";
import { cancel, sending } from "./send.js";
import { emit, on } from "./state.js";
import { t } from "./text.js";
import { byteCount, duration } from "./values.js";

// Anything shorter than this needs no progress and no Cancel: they would only flicker.
const patience = 300;

export function initStatus() {
  core.on("loading", loading);
  core.on("ready", () => { byId("loading").hidden = true; patch(byId("alert")); });
  core.on("crashed", crashed);
  on("sending", begin);
  on("progress", drawProgress);
  on("answered", end);
  byId("cancel").addEventListener("click", cancel);
}

function loading({ received, total }) {
  const bar = byId("loading");
  bar.hidden = false;
  if (total) bar.value = Math.min(1, received / total);
}

function crashed(error) {
  byId("loading").hidden = true;
  emit("core-lost");
  const started = document.body.dataset.core === "ready";
  const restart = typeof core.restart === "function";
  patch(byId("alert"), h("div", { class: "callout error", id: "crashed" }, icon("error"), h("div", {},
    h("p", {}, h("strong", {}, t(started ? "crash.stopped" : "crash.notStarted")), " ", t(restart ? "crash.kept" : "crash.reload")),
    h("p", { class: "hint" }, h("code", {}, error?.message ?? ""))),
    h("button", { type: "button", class: "primary", id: "reload", onclick: restart ? startAgain : reload }, t(restart ? "crash.restartButton" : "crash.reloadButton"))));
}

// What is typed is the page's and outlives the core.
async function startAgain() {
  await core.restart().then(() => patch(byId("alert")), () => {});
}

function reload() {
  keep();
  location.reload();
}

let timer = 0;
let clock = 0;

function begin() {
  timer = setTimeout(() => {
    swap(true);
    drawProgress();
    clock = setInterval(drawProgress, 200);
  }, patience);
}

function end() {
  clearTimeout(timer);
  clearInterval(clock);
  swap(false);
  byId("activity")?.remove();
}

// Send and Cancel take turns in one place; the focus goes along.
function swap(busy) {
  const from = byId(busy ? "send" : "cancel");
  const to = byId(busy ? "cancel" : "send");
  const focused = document.activeElement === from;
  from.hidden = true;
  to.hidden = false;
  if (focused) to.focus();
}

function drawProgress() {
  const s = sending();
  if (!s || byId("send").hidden === false) return;
  const time = duration(performance.now() - s.started);
  const what = s.phase === "body" ? t(s.total ? "progress.bodyOf" : "progress.body", { received: byteCount(s.received), total: byteCount(s.total ?? 0) }) : t(`progress.${s.phase}`);
  if (!byId("activity")) {
    byId("pane-result").querySelector(".tabs").after(h("div", { id: "activity", class: "activity" }, h("progress", { "aria-label": t("progress.label") }), h("span", {})));
    announce(what);
  }
  const [bar, text] = byId("activity").children;
  if (s.total) bar.value = Math.min(1, s.received / s.total);
  else bar.removeAttribute("value");
  text.textContent = `${what} · ${time}`;
}
