// Settings: theme, the pinned clock and nonces, and the keyboard shortcuts. The theme is the only
// thing that is remembered.

import { byId, h, setValue } from "./dom.js";
import { applyTheme, storedTheme, themes } from "./opening.js";
import { pairTable } from "./pairs.js";
import { change, on, typed } from "./state.js";
import { t } from "./text.js";

// Each row is a text ID and the keys; the handlers are in app.js.
const shortcuts = [["send", "Ctrl+Enter"], ["cancel", "Esc"], ["url", "Alt+L"], ["tabsRequest", "Alt+1 … 5"], ["tabsResult", "Alt+Shift+1 … 4"], ["secrets", "Alt+S"], ["examples", "Alt+E"], ["tabs", "← →"]];

export function initSettings() {
  const dialog = h("dialog", { id: "settings-dialog", "aria-labelledby": "settings-title" },
    h("div", { class: "dialog-head" }, h("h2", { id: "settings-title" }, t("settings.button")), closeButton()),
    themeChoice(), clock(), nonces(), shortcutList());
  document.body.append(dialog);
  byId("settings").addEventListener("click", () => dialog.showModal());
  on("settings-wanted", (id) => { if (!dialog.open) dialog.showModal(); byId(id)?.focus(); });
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
  const draw = pairTable(byId("nonce-table"), { field: "nonces", rows: () => typed.nonces,
    edit: (i, column, text) => change((r) => { r.nonces[i][column] = text; }),
    add: (pairs) => change((r) => { r.nonces.push(...pairs); }),
    remove: (i) => change((r) => { r.nonces.splice(i, 1); }) });
  const drawClock = () => setValue(byId("now"), typed.now);
  on("replaced", () => { drawClock(); draw(); });
  on("typed", showPinned);
  drawClock();
  showPinned();
}

// What is pinned is easily forgotten, and then the result is wrong tomorrow.
function showPinned() {
  const button = byId("settings");
  const pinned = typed.now !== "" || typed.nonces.some(([name]) => name);
  if (pinned === "count" in button.dataset) return;
  if (pinned) button.dataset.count = "•";
  else delete button.dataset.count;
  button.ariaLabel = button.title = t(pinned ? "settings.pinned" : "settings.button");
}

export const closeButton = () => h("form", { method: "dialog" }, h("button", { class: "quiet", "data-close": "dialog" }, t("dialog.close")));

function themeChoice() {
  const chosen = storedTheme();
  return h("fieldset", {}, h("legend", {}, t("settings.theme")), h("div", { class: "choices" }, themes.map((name) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "theme", value: name, "data-theme-choice": name, checked: name === chosen, onchange: () => applyTheme(name) }), t(`theme.${name}`)))));
}

function clock() {
  return h("fieldset", {}, h("legend", {}, t("settings.clock")), h("p", { class: "hint", id: "now-help" }, t("settings.clockHelp")),
    h("div", { class: "control" }, h("input", { id: "now", class: "wire-type", "data-field": "now", placeholder: "2026-01-31T23:59:59Z", "aria-label": t("settings.clock"), "aria-describedby": "now-help error-now", spellcheck: "false", autocomplete: "off",
      oninput: (e) => change((r) => { r.now = e.target.value.trim(); }) }),
    h("button", { type: "button", class: "quiet", id: "pin-now", onclick: () => pin(new Date().toISOString().replace(/\.\d+/, "")) }, t("settings.pinNow")),
    h("button", { type: "button", class: "quiet", id: "unpin-now", onclick: () => pin("") }, t("settings.unpin"))),
    h("p", { class: "field-error", id: "error-now", "data-error-for": "now" }));
}

function pin(text) {
  setValue(byId("now"), text);
  change((r) => { r.now = text; });
}

const nonces = () => h("fieldset", {}, h("legend", {}, t("settings.nonces")), h("p", { class: "hint" }, t("settings.noncesHelp")), h("div", { id: "nonce-table" }));

const shortcutList = () => h("fieldset", {}, h("legend", {}, t("settings.shortcuts")), h("dl", { class: "shortcuts" }, shortcuts.map(([id, keys]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, t(`shortcut.${id}`))])));
