// Fields by the names that errors, notes and steps give them: where they are, what they are called,
// and the message that stands under them.

import { announce, byId, h, patch, refLink } from "./dom.js";
import { emit, on, rowOf, schemeOf, typed } from "./state.js";
import { markTab, showTab } from "./tabs.js";
import { has, sentence, t } from "./text.js";

const places = { url: ["", "url"], method: ["", "method"], scheme: ["auth", "scheme"], headers: ["headers", ""], body: ["body", ""],
  params: ["params", ""], query: ["params", ""], tls: ["tls", ""], now: ["settings", "now"], nonces: ["settings", ""] };

const place = (field) => field === "method" && !byId("method-other").hidden ? ["", "method-other"] : /^(?:fetch|tls|proxy)\./.test(field) ? ["tls", field.replace(".", "-")] : places[field] ?? places[field.split(".")[0]] ?? ["auth", `field-${field}`];

export function labelOf(field) {
  const own = schemeOf(typed.scheme)?.fields?.find((f) => f.id === field);
  if (field.startsWith("fetch.")) return t(field);
  return own?.label ?? t(has(`${field}.label`) ? `${field}.label` : `field.${field.split(".")[0]}`);
}

// focusField brings the field into view and puts the caret into it.
export function focusField(field) {
  const [tab, id] = place(field);
  if (field === "via") return emit("relay-wanted");
  if (tab === "settings") return emit("settings-wanted", id);
  if (tab) showTab("pane-request", tab);
  const [, row] = rowOf(field).split(".");
  const panel = tab ? byId(`panel-${tab}`) : null;
  const input = byId(id) ?? panel?.querySelector(row ? `input[data-row="${row}"]` : "input:checked, input, textarea, select") ?? panel;
  unfold(input);
  input?.focus();
  input?.scrollIntoView({ block: "nearest" });
}

const unfold = (el) => el?.closest("details")?.setAttribute("open", "");

// messageOf is what an error says to a person. What JSON does not allow is said in the form's own words.
export const messageOf = (error) => (error.code === "json.type" && has(`${error.field}.problem`) ? t(`${error.field}.problem`) : sentence(error.message));

// Each error stands under its input, which says so to assistive technology.
export function initFieldErrors() {
  on("refused", show);
  on("built", () => show(null));
}

let shownAt = null;
let spoken = ""; // an error that stays from one keystroke to the next is told once

function show(error) {
  const field = rowOf(error?.field ?? "");
  const slot = error ? slotOf(field) : null;
  const text = error ? messageOf(error) : "";
  if (text && text !== spoken) announce(text);
  spoken = text;
  if (shownAt && shownAt.slot !== slot) clear(shownAt);
  shownAt = null;
  if (!error) return;
  const [tab] = place(field);
  const input = field ? inputOf(field, error.code) : null;
  unfold(slot);
  if (slot) patch(slot, h("span", {}, text), " ", h("code", {}, error.code), " ", refLink(error.ref));
  input?.setAttribute("aria-invalid", "true");
  const marked = tab && tab !== "settings" ? tab : "";
  if (marked) markTab("pane-request", marked, t("tab.error"));
  shownAt = { slot, input, marked };
}

function clear({ slot, input, marked }) {
  slot?.replaceChildren();
  input?.removeAttribute("aria-invalid");
  if (marked) markTab("pane-request", marked, "");
}

const slotOf = (field) => document.querySelector(`[data-error-for="${CSS.escape(field)}"]`) ?? document.querySelector(`[data-error-for="${CSS.escape(field.split(".")[0])}"]`);

// Of a row the name or the value is to blame.
const inputOf = (field, code) => (field === "method" ? byId(place(field)[1]) : document.querySelector(`[data-field="${CSS.escape(field)}"], [data-field="${CSS.escape(field)}.${code.endsWith(".name") ? "name" : "value"}"]`));
