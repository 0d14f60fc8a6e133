// The Examples menu: one entry for each scheme, and a twin of it with a wrong credential.

import { byId, h } from "./dom.js";
import { firstExample } from "./opening.js";
import { catalogue, emit, replace, schemeOf } from "./state.js";
import { showTab } from "./tabs.js";
import { t } from "./text.js";

export function initExamples() {
  const button = byId("examples");
  const menu = h("div", { id: "examples-menu", class: "menu", role: "menu", popover: "auto", "aria-label": t("examples.button") }, catalogue.schemes.map(group), elsewhere());
  button.after(menu);
  button.addEventListener("click", () => menu.togglePopover());
  menu.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    menu.style.left = `${Math.max(8, Math.min(button.getBoundingClientRect().left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.querySelector("[role=menuitem]")?.focus();
  });
  menu.addEventListener("keydown", move);
}

function group(scheme) {
  const own = catalogue.examples.filter((e) => e.scheme === scheme.id);
  return h("div", { class: "menu-row", role: "none" }, own.map((e) => h("button", { type: "button", role: "menuitem", tabindex: "-1", class: e.wrong ? "wrong" : "right", "data-example": e.id, title: e.about,
    onclick: () => choose(e) }, e.wrong ? twinTitle(e) : e.title)));
}

// The twin stands beside its example, so the name that both begin with is only spoken.
function twinTitle({ scheme, title }) {
  const name = `${schemeOf(scheme)?.name}, `;
  return title.startsWith(name) ? [h("span", { class: "vh" }, name), title.slice(name.length)] : title;
}

// Where the page is served with a second lab, its address makes cross-origin requests real.
function elsewhere() {
  const lab = document.querySelector("meta[name=authpad-lab]")?.content;
  const basic = firstExample();
  if (!lab || !basic) return null;
  const example = { ...basic, id: "elsewhere", request: { ...basic.request, url: basic.request.url.replace(/^lab\//, lab) } };
  return h("div", { class: "menu-row", role: "none" }, h("button", { type: "button", role: "menuitem", tabindex: "-1", class: "right", "data-example": "elsewhere", title: t("examples.elsewhereAbout"), onclick: () => choose(example) }, t("examples.elsewhere", { title: basic.title })));
}

export function choose(example) {
  replace(example.request, example.auth, example.env);
  const menu = byId("examples-menu");
  if (menu?.matches(":popover-open")) menu.hidePopover();
  showTab("pane-request", "auth");
  byId("send").focus();
  emit("example-chosen", example);
}

const moves = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function move(event) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : moves[event.key] ? (at + moves[event.key] + items.length) % items.length : -1;
  if (next < 0) return;
  event.preventDefault();
  items[next].focus();
}
