// The Exchange tab: everything that went over the wire, drawn as a sequence diagram. Each arrow opens
// what it carried. Before anything is sent it shows what would happen.

import { byId, copyButton, h, patch, svg } from "./dom.js";
import { segments } from "./links.js";
import { hops } from "./hops.js";
import { lastBuilt, lastError } from "./live.js";
import { exchangeNotes, protocolName, reasonList } from "./notes.js";
import { refusal, unbuilt } from "./refusal.js";
import { headerRanges, startLineRanges, textRanges, urlRanges } from "./secrets.js";
import { on, typed, view } from "./state.js";
import { has, t } from "./text.js";
import { duration, mask } from "./values.js";

const row = 44;
const top = 44;
const textLimit = 20000;
let answer = null;
let chosen = "";
let changed = false;

export function initExchange() {
  const panel = byId("panel-exchange");
  on("replaced", () => { answer = null; chosen = ""; }); // what was sent belongs to another request
  on("typed", () => { changed = answer !== null; });
  for (const event of ["built", "refused", "core-lost"]) on(event, draw);
  on("answered", (a) => { if (a.exchanges) { answer = a; changed = a.changed; chosen = ""; } draw(); });
  for (const event of ["secrets-shown", "protocol-known"]) on(event, draw);
  panel.addEventListener("shown", draw);
  new ResizeObserver(draw).observe(panel);
}

function innerWidthOf(panel) {
  const { paddingLeft, paddingRight } = getComputedStyle(panel);
  return Math.max(160, panel.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
}

function draw() {
  const panel = byId("panel-exchange");
  if (panel.hidden) return;
  const built = answer?.built ?? lastBuilt();
  if (!built) return patch(panel, unbuilt());
  if (!answer && lastError()) return patch(panel, refusal(lastError()));
  const arrows = answer ? sent(answer, built) : predicted(built);
  const open = arrows.find((a) => a.id === chosen);
  patch(panel, h("p", { class: "hint", id: "exchange-about", "data-key": "about" }, about(built), " ",
    answer && changed ? h("button", { type: "button", class: "link", id: "exchange-forget", onclick: () => { answer = null; draw(); } }, t("exchange.predict")) : null),
  arrows.length ? [diagram(arrows, innerWidthOf(panel)), open ? detail(open) : h("p", { class: "hint", "data-key": "open" }, t("exchange.open"))] : null,
  answer ? [hops(answer.exchanges), exchangeNotes(answer.exchanges)] : null);
}

// about says how far the drawing is known to be true.
function about(built) {
  if (!answer) return t(built.browser?.blocked ? "exchange.blocked" : "exchange.predicted");
  const last = answer.exchanges.at(-1);
  const what = t(nothingSent(last, built) ? "exchange.notSent" : !last.failure ? "exchange.sent" : last.response ? "exchange.broken" : answer.params.via === "relay" ? "exchange.failed" : "exchange.unknown");
  const dashed = !last.failure && answer.exchanges.some((x) => x.browser?.preflight) ? ` ${t("exchange.dashed")}` : "";
  return changed ? `${what}${dashed} ${t("exchange.changed")}` : what + dashed;
}

// What the rules of the browser forbid, or it refuses to take, never leaves the page.
const nothingSent = ({ failure }, built) => ["not-sent", "relay.unpaired", "relay.token", "relay.absent"].includes(failure?.code) || (failure && failure.code === built?.browser?.blocked?.code);

function requestLabel({ why, request }, { steps }) {
  const label = `${request.method} ${targetOf(request.url, steps)}`;
  return why === "answer" ? t("exchange.answering", { label }) : label;
}

// Arrows, top to bottom: {id, from, to, label, text, predicted, unsure, kind}. Lane 0 is the page. What
// is unsure may not have happened: a browser does not tell how far a failed request got.

function predicted(built) {
  if (built.browser?.blocked) return [];
  const host = hostOf(built.request.url);
  return [...preflight(built, host, 0), { id: "request-0", to: host, label: `${built.request.method} ${targetOf(built.request.url, built.steps)}`, text: built.request.text, predicted: true, steps: built.steps },
    { id: "response-0", from: host, label: t("exchange.awaited"), text: "", predicted: true }];
}

function sent({ exchanges }, built) {
  return exchanges.flatMap((x, i) => {
    if (nothingSent(x, built)) return [];
    const host = hostOf(x.request.url);
    const unsure = Boolean(x.failure && !x.response);
    return [...preflight({ ...x, steps: built.steps }, host, i, unsure),
      { id: `request-${i}`, to: host, label: requestLabel(x, built), why: x.why, text: x.request.text, steps: built.steps, unsure },
      ...redirect(x, i), reply(x, i)];
  });
}

function preflight({ browser, request, steps }, host, i, unsure = false) {
  const p = browser?.preflight;
  if (!p) return [];
  const needs = p.needs.map(([n, v]) => `${n}: ${v}`).join("\n");
  return [{ id: `preflight-${i}`, to: host, label: `OPTIONS ${targetOf(request.url, steps)}`, text: p.request, predicted: true, note: reasonList(p.reasons) },
    { id: `preflight-answer-${i}`, from: host, label: t(unsure ? "exchange.needsUnknown" : "exchange.needs", { n: p.needs.length }), text: needs, predicted: true }];
}

function redirect(x, i) {
  const to = x.response?.url;
  if (!to || to === x.request.url.replace(/#.*/, "")) return [];
  return [{ id: `redirect-${i}`, to: hostOf(to), label: t("exchange.redirected", { target: targetOf(to, answer.built?.steps) }), text: t("exchange.redirectText", { url: hide(to, answer.built?.steps ?? [], urlRanges(to)) }), kind: "followed" }];
}

function reply(x, i) {
  const { response: r, failure } = x;
  const head = r ? `${protocolName(r) || "HTTP"} ${r.status} ${r.statusText}\n${r.headers.map(([n, v]) => `${n}: ${v}`).join("\n")}\n` : "";
  if (failure) return { id: `response-${i}`, from: hostOf(r?.url || x.request.url), label: `${r ? `${r.status} · ` : ""}${failureText(failure)} · ${duration(x.ms)}`, text: (head && `${head}\n`) + failure.message, kind: "failed", unsure: !r };
  return { id: `response-${i}`, from: hostOf(r.url || x.request.url), label: `${r.status} ${r.statusText} · ${duration(x.ms)}`, text: head, kind: r.status >= 400 ? "refused" : "accepted" };
}

const failureText = ({ code }) => t(has(`failure.${code}`) ? `failure.${code}` : "failure.other").replace(/\.$/, "");

const parse = (url) => (URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI) : null);
const hostOf = (url) => parse(url)?.host ?? "?";

function targetOf(url, steps = []) {
  const parsed = parse(url);
  const target = parsed ? parsed.pathname + parsed.search : url;
  return hide(target, steps, urlRanges(target));
}

const hide = (text, steps, ranges) => (view.secrets ? text : segments(text, steps, { made: true, hide: ranges }).map((p) => (p.secret ? "••••" : p.text)).join("").replace(/(?:••••){2,}/g, "••••"));

function diagram(arrows, width) {
  const hosts = [...new Set(arrows.map((a) => a.to ?? a.from))];
  const lanes = ["", ...hosts];
  const inset = Math.min(40, width / 10);
  const x = (host) => (host === undefined ? inset : inset + (lanes.indexOf(host) * (width - 2 * inset)) / (lanes.length - 1));
  const height = top + arrows.length * row + 12;
  return svg("svg", { class: "sequence", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": t("exchange.label") },
    svg("defs", {}, ["sent", "ghost"].map(head)),
    lanes.map((host, i) => lane(x(i ? host : undefined), i ? host : t((answer ? answer.params.via : typed.via) === "relay" ? "exchange.relay" : "exchange.page"), height, i === 0 ? [0, "start"] : i === lanes.length - 1 ? [width, "end"] : [x(host), "middle"], width / lanes.length)),
    arrows.map((a, i) => arrow(a, x(a.from), x(a.to), top + i * row + 28, width)));
}

const head = (id) => svg("marker", { id: `head-${id}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, svg("path", { class: `head ${id}`, d: "M1 1l6 3-6 3" }));

// The outer names stand at the outer edges: a narrow screen has no room around its outer lanes.
function lane(x, name, height, [at, anchor], room) {
  return svg("g", { class: "lane" }, svg("line", { x1: x, y1: 28, x2: x, y2: height }), svg("text", { x: at, y: 16, "text-anchor": anchor }, cut(name, room / 7)));
}

function arrow(a, from, to, y, width) {
  const left = Math.min(from, to);
  const right = Math.max(from, to);
  const press = () => { chosen = chosen === a.id ? "" : a.id; draw(); };
  return svg("g", { class: ["arrow", (a.predicted || a.unsure) && "predicted", a.kind, a.id === chosen && "marked"].filter(Boolean).join(" "), "data-key": a.id, "data-arrow": a.id, role: "button", tabindex: "0",
    "aria-expanded": String(a.id === chosen), "aria-label": a.predicted ? t("exchange.predictedArrow", { label: a.label }) : a.label,
    onclick: press, onkeydown: (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); press(); } } },
  svg("rect", { class: "hit", x: 0, y: y - 26, width, height: row - 4, rx: 4 }),
  svg("line", { x1: from, y1: y, x2: to, y2: y, "marker-end": `url(#head-${a.predicted || a.unsure ? "ghost" : "sent"})` }),
  a.kind === "failed" ? svg("path", { class: "cross", d: `M${(left + right) / 2 - 5} ${y - 5}l10 10m0-10l-10 10` }) : null,
  svg("text", { x: (left + right) / 2, y: y - 7, "text-anchor": "middle" }, cut(a.label, (right - left - 16) / 7.9)));
}

const cut = (text, n) => (text.length <= n ? text : text.slice(0, Math.max(1, Math.floor(n) - 1)) + "…");

function detail(a) {
  return h("div", { class: "exchange-detail", id: "exchange-detail" },
    h("div", { class: "caption" }, h("span", {}, a.predicted ? t("exchange.predictedArrow", { label: a.label }) : a.label), a.text ? copyButton(() => a.text, t(a.kind === "followed" ? "copy.button" : "exchange.copy")) : null),
    a.why ? h("p", { class: "hint" }, t(`why.${a.why}`)) : null,
    a.note ? h("p", { class: "hint" }, t("exchange.preflight", { reasons: a.note })) : null,
    a.text ? h("pre", {}, a.text.slice(0, textLimit).split("\n", 300).map((line, i) => [lineNodes(line, a.steps ?? [], i === 0), "\n"])) : h("p", { class: "hint" }, t("exchange.nothing")));
}

function lineNodes(line, steps, isStart) {
  if (view.secrets) return line;
  const [name, value] = isStart ? ["", line] : cutName(line);
  const made = name !== "" && steps.some((s) => s.out === value);
  const ranges = isStart ? startLineRanges(value) : made ? [] : name ? headerRanges(name, value) : textRanges(value);
  const rest = segments(value, steps, { made: true, hide: ranges });
  return [name && `${name}: `, rest.map((p, i) => (p.secret ? (rest[i - 1]?.secret ? null : mask()) : p.text))];
}

// A line of a body has no name in front.
function cutName(line) {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+): (.*)$/.exec(line) ?? ["", "", line];
  return [name, value];
}
