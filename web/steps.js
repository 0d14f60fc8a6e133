// The Steps tab: how each value came to be, from its inputs to its output.

import { byId, copyButton, fieldButton, h, memo, patch, refLink } from "./dom.js";
import { focusField } from "./fields.js";
import { cutSecrets, partRanges, secretRanges } from "./links.js";
import { lastBuilt, lastError } from "./live.js";
import { refusal, unbuilt } from "./refusal.js";
import { emit, on, view, waitsForChallenge } from "./state.js";
import { showTab } from "./tabs.js";
import { t } from "./text.js";
import { encoded, mask, shown } from "./values.js";

const readings = ["text", "hex", "base64"];
const longValue = 2000;
const opened = new Set(); // long values that a person asked to see whole
const stepOf = memo();
let differing = ""; // the step that the lab named
let checked = []; // the steps by which the last answer was checked

export function initSteps() {
  const panel = byId("panel-steps");
  for (const event of ["built", "refused", "core-lost", "secrets-shown", "step-selected", "reading-chosen"]) on(event, draw);
  on("step-chosen", (id) => select(view.step === id ? "" : id));
  on("step-wanted", go);
  on("typed", () => { differing = ""; checked = []; }); // they were about what was sent
  on("answered", (a) => { differing = ""; checked = (!a.changed && a.exchanges?.at(-1).steps) || []; });
  on("rejected", (step) => { differing = step; draw(); });
  panel.addEventListener("shown", draw);
}

function select(id) {
  view.step = id;
  emit("step-selected", id);
}

function go(id) {
  select(id);
  showTab("pane-result", "steps");
  const row = byId(`step-${id}`);
  row?.scrollIntoView({ block: "center" });
  row?.querySelector("button")?.focus({ preventScroll: true });
}

function draw() {
  const panel = byId("panel-steps");
  if (panel.hidden) return;
  const steps = lastBuilt()?.steps ?? [];
  const error = lastError();
  if (!lastBuilt()) return patch(panel, unbuilt());
  if (!steps.length) return patch(panel, error && refusal(error), h("p", { class: "empty" }, t(waitsForChallenge() ? "steps.unasked" : "steps.none")));
  const all = [...steps, ...checked];
  const list = (from, to) => h("ol", { class: error ? "steps stale" : "steps" }, all.slice(from, to).map((s, i) => stepOf(s.id, stamp(s, from + i), () => stepRow(s, from + i, all))));
  patch(panel, error && refusal(error), toolbar(), list(0, steps.length), checked.length ? [h("h2", {}, t("steps.checked")), list(steps.length)] : null);
}

function toolbar() {
  return h("div", { class: "caption" }, h("span", {}, t("steps.caption")),
    h("span", { class: "choices", role: "radiogroup", "aria-label": t("steps.readAs") }, readings.map((as) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "reading", value: as, "data-reading": as, checked: as === view.as, onchange: () => { view.as = as; emit("reading-chosen", as); } }), t(`reading.${as}`)))));
}

// All that a row shows; the mask of an input can depend on the step before, whose value it repeats.
const stamp = (s, i) => JSON.stringify([s, i, s.id === view.step, view.secrets, view.as, s.id === differing, opened.size]);

function stepRow(step, i, steps) {
  const chosen = step.id === view.step;
  return h("li", { id: `step-${step.id}`, class: chosen ? "step marked" : "step", "data-key": step.id, "data-step": step.id },
    h("div", { class: "step-head" }, h("span", { class: "number" }, String(i + 1)),
      h("button", { type: "button", class: "row title", "aria-pressed": String(chosen), title: t("steps.select"), onclick: () => emit("step-chosen", step.id) }, step.title),
      h("code", { class: "op" }, step.op)),
    step.id === differing ? h("p", { class: "callout error slim" }, t("steps.differs")) : null,
    (step.in ?? []).length ? h("dl", { class: "inputs" }, step.in.map((part) => [h("dt", {}, source(part, steps)), h("dd", {}, output(part.value, partRanges(part, step, steps), `${step.id} in ${part.name}`, isOctets(part, steps)))])) : null,
    h("div", { class: "out" }, h("span", { class: "vh" }, t("steps.output")), output(step.out, secretRanges(step, steps), `${step.id} out`, step.bytes), copyButton(() => step.out, t("steps.copy", { title: step.title }))),
    h("p", { class: "why" }, step.why, " ", refLink(step.ref)));
}

// source names an input and leads to where it came from.
function source(part, steps) {
  const [kind, ...rest] = (part.from ?? "").split(":");
  const id = rest.join(":");
  if (kind === "field") return fieldButton(id, part.name, focusField);
  if (kind === "step") return h("button", { type: "button", class: "link", "data-made-by": id, title: t("steps.origin", { n: steps.findIndex((s) => s.id === id) + 1 }), onclick: () => emit("step-wanted", id) }, part.name);
  if (kind === "request") return fieldButton(requestFields[id] ?? id, part.name, focusField);
  return h("span", { title: kind === "challenge" ? t("steps.challenge") : null }, part.name);
}

const requestFields = { target: "url", path: "url", query: "url", host: "url", header: "headers" };

// Of what is from a step, the step knows.
const isOctets = (part, steps) => part.bytes ?? steps.find((s) => part.from === `step:${s.id}` && part.value === s.out)?.bytes;

// output shows a value in the chosen reading. Hex of a half-hidden value would give the rest away
// by its place, so another reading hides the value whole.
function output(text, ranges, key, octets) {
  if (text === "") return h("code", { class: "value none" }, t("value.empty"));
  const hidden = ranges.length > 0 && !view.secrets;
  if (hidden && view.as !== "text") return h("code", { class: "value" }, mask());
  if (hidden) return h("code", { class: "value" }, cutSecrets(text, ranges).map((p, i, all) => (p.secret ? mask() : shown(p.text, i === all.length - 1))));
  const whole = encoded(text, view.as, octets);
  const some = opened.has(key) ? whole : whole.slice(0, longValue);
  return [h("code", { class: "value" }, view.as === "text" ? shown(some) : some),
    whole.length > some.length ? h("button", { type: "button", class: "link", onclick: () => { opened.add(key); draw(); } }, t("more.characters", { n: whole.length - some.length })) : null];
}
