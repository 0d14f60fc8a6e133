// The Wire tab: the request as the server will see it. What the browser adds is greyed, what it drops
// is struck through with the reason; every value that a step made leads to that step.

import { byId, copyButton, fieldButton, h, memo, patch } from "./dom.js";
import { focusField } from "./fields.js";
import { segments } from "./links.js";
import { lastBuilt, lastError } from "./live.js";
import { notesOf, noteList } from "./notes.js";
import { refusal, unbuilt } from "./refusal.js";
import { headerRanges, startLineRanges, textRanges } from "./secrets.js";
import { emit, isLab, on, typed, view } from "./state.js";
import { markTab } from "./tabs.js";
import { sentence, t } from "./text.js";
import { byteCount, mask, shown } from "./values.js";

const lineLimit = 200;
const bodyLimit = 4096;
let all = false;
let hovered = "";
const part = memo(); // parts of the panel, drawn anew only where what they show has changed

export function initWire() {
  const panel = byId("panel-wire");
  for (const event of ["built", "refused", "step-selected", "secrets-shown"]) on(event, draw);
  on("step-hovered", (id) => { hovered = id; markHovered(); });
  panel.addEventListener("shown", draw);
  const hover = (id) => { if (id !== hovered) emit("step-hovered", id); };
  panel.addEventListener("pointerover", (e) => hover(e.target.closest("[data-step]")?.dataset.step ?? ""));
  panel.addEventListener("pointerleave", () => hover(""));
  panel.addEventListener("click", (e) => {
    const link = e.target.closest("a[data-step]");
    if (!link) return;
    e.preventDefault();
    emit("step-wanted", link.dataset.step);
  });
  on("core-lost", () => { if (!lastBuilt()) patch(panel, unbuilt()); });
  drawWaiting();
}

function drawWaiting() {
  patch(byId("panel-wire"), h("div", { class: "skeleton", "aria-hidden": "true" }, [60, 34, 72, 48, 55].map((n) => h("span", { class: `bone w${n}` }))), h("p", { class: "hint" }, t("loading.wire")));
}

function draw() {
  const panel = byId("panel-wire");
  if (panel.hidden) return;
  const built = lastBuilt();
  const error = lastError();
  if (!built) return error && patch(panel, unbuilt());
  patch(panel, error && refusal(error), pins(), wireText(built, error),
    h("div", { "data-key": "rest", class: error ? "stale" : null }, notes(built), trail(built.steps ?? [])));
  markHovered();
}

function pins() {
  const pinned = [typed.now && t("wire.clockPinned", { now: typed.now }), ...typed.nonces.filter(([n]) => n).map(([name]) => t("wire.noncePinned", { name }))].filter(Boolean);
  return pinned.length ? h("p", { class: "hint pins", id: "pins" }, pinned.join(" · "), " ", fieldButton("now", t("wire.unpin"), focusField)) : null;
}

function wireText(built, error) {
  const { lines, added } = headLines(built);
  onWire.clear();
  const some = all ? lines : lines.slice(0, lineLimit);
  const rows = some.map((line, i) => drawnLine(line, i, built.steps ?? [], some[i - 1]));
  const caption = isLab(built.request.url) ? "wire.captionLab" : "wire.caption";
  return h("div", { class: error ? "wire stale" : "wire", id: "wire" },
    part("caption", caption, () => h("div", { class: "caption" }, h("span", {}, t(caption)), copyButton(() => lastBuilt().request.text, t("wire.copy")))),
    h("ol", { class: "lines" }, rows, addedLines(added)),
    lines.length > some.length ? h("button", { type: "button", class: "quiet", onclick: () => { all = true; draw(); } }, t("more.lines", { n: lines.length - some.length })) : null,
    bodyRow(built));
}

// headLines are the lines of the request, and those that the browser adds below: [{start|name,value,by,added,dropped}].
function headLines({ request, browser }) {
  const [start] = request.text.split("\n", 1);
  const added = browser?.added ?? [];
  const dropped = new Map((browser?.dropped ?? []).map((d) => [d.name.toLowerCase(), d.reason]));
  const host = request.text.split("\n", 2)[1] ?? "";
  const by = typed.via === "relay" ? "relay" : "browser";
  const ofBrowser = added.filter(([n]) => n.toLowerCase() !== "host").map(([name, value]) => ({ name, value: ownValue(name.toLowerCase()) ?? value, by, added: true }));
  const mine = new Set(typed.headers.map(([n, v]) => lineKey(n, v)));
  const lines = request.headers.map(([name, value]) => ({ name, value, by: author(name, value, mine), dropped: dropped.get(name.toLowerCase()) }));
  const typesHost = lines.some((l) => l.name.toLowerCase() === "host" && !l.dropped);
  const hostLine = !typesHost && host.startsWith("Host: ") ? [{ name: "Host", value: host.slice(6), by, added: true }] : [];
  return { lines: [{ start, by: "you" }, ...hostLine, ...lines], added: ofBrowser };
}

// A browser adds a dozen lines, the same from one request to the next: at their length they would push the notes
// and the steps off the screen. Their names are in sight, the lines a press away.
const mostAdded = 3;

function addedLines(added) {
  if (added.length <= mostAdded) return added.map((line, i) => drawnLine(line, `added ${i}`, [], added[i - 1]));
  return part("added", added.flatMap(({ name, value }) => [name, value]).join("\n"), () => h("li", { class: "fold" }, h("details", { id: "added" },
    h("summary", {}, t("wire.added", { n: added.length }), " ", h("span", { class: "names" }, added.map((line) => line.name).join(", "))),
    h("ol", {}, added.map((line, i) => drawnLine(line, `added ${i}`, [], line))))));
}

// What only this browser knows of the lines that it adds; asking it costs more than the rest of a line.
const own = {
  "user-agent": () => navigator.userAgent,
  "accept-language": () => navigator.languages.map((l, i) => (i ? `${l};q=${Math.max(0.1, 1 - i / 10).toFixed(1)}` : l)).join(","),
  "sec-ch-ua": () => navigator.userAgentData?.brands.map((b) => `"${b.brand}";v="${b.version}"`).join(", "),
  "sec-ch-ua-mobile": () => navigator.userAgentData && (navigator.userAgentData.mobile ? "?1" : "?0"),
  "sec-ch-ua-platform": () => navigator.userAgentData && `"${navigator.userAgentData.platform}"`,
};

const known = new Map();

function ownValue(name) {
  if (!known.has(name)) known.set(name, own[name]?.());
  return known.get(name);
}

const lineKey = (name, value) => `${name.trim().toLowerCase()}:${value.trim()}`;

function author(name, value, mine) {
  if (mine.has(lineKey(name, value))) return "you";
  return name.toLowerCase() === "content-type" ? "body" : "scheme";
}

// The parts of its text say all of a line that changes with what is typed, but for what a person looks at.
function drawnLine(line, place, steps, previous) {
  const hide = line.start ? startLineRanges(line.start) : line.by === "you" ? headerRanges(line.name, line.value) : [];
  const options = { made: line.by === "scheme", hide };
  const parts = segments(line.start ?? line.value, line.added ? [] : steps, options);
  for (const id of parts.flatMap((p) => p.steps)) onWire.add(id);
  const same = line.by === previous?.by && !line.dropped && !previous.dropped;
  const stamp = [line.name, line.dropped, view.secrets, view.step, ...parts.flatMap((p) => [p.text, p.secret, p.steps])].join("\n");
  const text = part(`text ${place}`, stamp, () => lineText(line, value(parts, steps)));
  values[place] = line.value;
  return part(`line ${place}`, [line.name, line.by, line.added, line.dropped, same].join("\n"), () => lineRow(line, text, same, () => values[place]));
}

const onWire = new Set(); // the steps whose output stands in a line or in the body
const values = {}; // of the lines, as they are now

// A token has no place to break at: it fills its lines, and its name does not stand alone above it.
const solid = /\S{80}/;

function lineText(line, value) {
  const text = line.start ? value : [h("span", { class: "header-name" }, line.name), ": ", value];
  return h("span", { class: solid.test(line.start ?? line.value) ? "text solid" : "text" }, line.dropped ? h("s", {}, text) : text);
}

function lineRow(line, text, same, current) {
  if (line.start) return h("li", { class: "line start" }, text, h("span", { class: "by" }));
  return h("li", { class: line.dropped ? "line dropped" : line.added ? "line by-browser" : "line", "data-header": line.name.toLowerCase() }, text,
    h("span", { class: "by" }, h("span", { class: same ? "same" : null }, t(line.dropped ? "by.dropped" : `by.${line.by}`)), copyButton(current, t("wire.copyValue", { name: line.name }))),
    line.dropped ? h("span", { class: "reason" }, sentence(line.dropped)) : null);
}

function value(parts, steps) {
  const stops = new Set(); // of the Tab key: the first link to each step
  return parts.map((part, i) => {
    const content = part.secret && !view.secrets ? (parts[i - 1]?.secret && parts[i - 1].step === part.step ? null : mask()) : shown(part.text, i === parts.length - 1);
    if (!content || !part.step) return content;
    const step = steps.find((s) => s.id === part.step);
    const again = stops.size === stops.add(part.step).size;
    return h("a", { href: `#step-${part.step}`, tabindex: again ? "-1" : null, class: part.steps.includes(view.step) ? "made marked" : "made", "data-step": part.step, "data-steps": part.steps.join(" "),
      title: t("wire.madeBy", { title: step.title }) }, content);
  });
}

function bodyRow({ request, steps }) {
  if (!request.bodySize) return null;
  const at = request.text.indexOf("\n\n");
  const text = at < 0 ? "" : request.text.slice(at + 2, at + 2 + bodyLimit);
  const parts = segments(text, steps ?? [], { hide: textRanges(text) });
  for (const id of parts.flatMap((p) => p.steps)) onWire.add(id);
  return h("div", { class: "wire-body" }, h("pre", {}, value(parts, steps ?? [])), h("p", { class: "hint" }, aboutBody(request)));
}

function aboutBody({ bodySize, bodySha256 }) {
  const size = byteCount(bodySize);
  if (!bodySha256) return t("wire.bodyUnhashed", { size });
  return [t("wire.body", { size }), " ", h("code", { class: "hash" }, bodySha256), copyButton(() => bodySha256, t("wire.copyHash"))];
}

// The trail names every step beside the text it made, so that both can be seen at once.
function trail(steps) {
  if (!steps.length) return null;
  return part("trail", [view.step, onWire.has(view.step), ...steps.flatMap((s) => [s.id, s.title, s.op])].join("\n"), () => h("div", { class: "trail" }, h("h2", {}, t("wire.trail", { n: steps.length })),
    h("ol", {}, steps.map((s) => h("li", { "data-key": s.id, "data-step": s.id, class: s.id === view.step ? "marked" : null },
      h("button", { type: "button", class: "row", "data-trail": s.id, "aria-pressed": String(s.id === view.step), onclick: () => emit("step-chosen", s.id) }, s.title),
      h("code", { class: "op" }, s.op),
      h("button", { type: "button", class: "link", "aria-label": t("wire.openStep", { title: s.title }), onclick: () => emit("step-wanted", s.id) }, t("wire.open")),
      s.id === view.step ? unseen(s, steps) : null)))));
}

// unseen says where the output of a step went that marks nothing above.
function unseen({ id }, steps) {
  const user = steps.findIndex((s) => (s.in ?? []).some((p) => p.from === `step:${id}`));
  return onWire.has(id) || user < 0 ? null : h("p", { class: "hint" }, t("wire.unseen", { n: user + 1 }));
}

function notes(built) {
  const list = notesOf(built);
  const urgent = list.filter((n) => n.severity !== "info").length;
  markTab("pane-result", "wire", urgent ? t("wire.warnings", { n: urgent }) : "");
  return list.length ? part("notes", JSON.stringify(list), () => h("div", { class: "notes", id: "notes" }, h("h2", {}, t("wire.notes")), noteList(list))) : null;
}

let marked = false;

function markHovered() {
  if (hovered === "" && !marked) return;
  marked = hovered !== "";
  for (const el of byId("panel-wire").querySelectorAll("[data-steps], .trail [data-step]")) {
    const ids = el.dataset.steps?.split(" ") ?? [el.dataset.step];
    el.classList.toggle("hovered", hovered !== "" && ids.includes(hovered));
  }
}
