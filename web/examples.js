// The Examples menu: one entry for each scheme, a twin of it with a wrong credential, and folded away what
// its specification prints.

import { byId, h, refLabel } from "./dom.js";
import { firstExample } from "./opening.js";
import { catalogue, emit, replace, schemeOf } from "./state.js";
import { showTab } from "./tabs.js";
import { t } from "./text.js";

export function initExamples() {
  const button = byId("examples");
  const menu = h("div", { id: "examples-menu", class: "menu", role: "menu", popover: "auto", "aria-label": t("examples.button") }, head(), catalogue.schemes.map(group), elsewhere());
  button.after(menu);
  menu.addEventListener("toggle", (event) => button.setAttribute("aria-expanded", String(event.newState === "open")));
  let closes = false; // the browser closes it when the button is pressed, before that is a click
  button.addEventListener("pointerdown", () => { closes = menu.matches(":popover-open"); });
  button.addEventListener("click", () => {
    menu.togglePopover(!closes && !menu.matches(":popover-open"));
    closes = false;
    if (!menu.matches(":popover-open")) return;
    menu.style.left = `${Math.max(8, Math.min(button.getBoundingClientRect().left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.querySelector("[role=menuitem]")?.focus();
  });
  menu.addEventListener("keydown", move);
}

// Eyes are told what the columns are; each entry says it by itself.
const head = () => h("div", { class: "menu-head", "aria-hidden": "true" }, h("span", {}, t("examples.accepted")), h("span", {}, t("examples.refused")));

function group(scheme) {
  const own = catalogue.examples.filter((e) => e.scheme === scheme.id);
  const list = published(scheme);
  return [h("div", { class: "menu-row", role: "none" }, own.map((e) => item(e, e.wrong ? "wrong" : "right", e.wrong ? twinTitle(e) : e.title)), list && fold(scheme, list)), list];
}

const item = (example, kind, ...label) => h("button", { type: "button", role: "menuitem", tabindex: "-1", class: kind, "data-example": example.id, title: example.about, onclick: () => choose(example) }, label);

// Clock and nonces are pinned to those of the publication: what comes out are its bytes.
function published({ id, name, vectors }) {
  if (!vectors.length) return null;
  return h("div", { role: "group", hidden: true, "aria-label": t("examples.published", { name }) },
    vectors.map((v) => item({ ...v, id: `${id}/${v.id}` }, "published", v.name, " ", h("span", {}, refLabel(v.source)))));
}

function fold({ id, name }, list) {
  const label = t("examples.published", { name });
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", class: "fold", "data-published": id, "aria-expanded": "false", "aria-label": label, title: label, onclick: (event) => {
    list.hidden = !list.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!list.hidden));
  } });
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
  const example = { ...basic, id: "elsewhere", about: t("examples.elsewhereAbout"), request: { ...basic.request, url: basic.request.url.replace(/^lab\//, lab) } };
  return h("div", { class: "menu-row", role: "none" }, item(example, "right", t("examples.elsewhere", { title: basic.title })));
}

export function choose(example) {
  replace(example.request, example.auth, example.env, {}, example.challenge);
  const menu = byId("examples-menu");
  if (menu?.matches(":popover-open")) menu.hidePopover();
  showTab("pane-request", "auth");
  byId("send").focus();
  emit("example-chosen", example);
}

// Up and down go by rows, left and right within one, a letter to the next name that begins with it.
function move(event) {
  if (event.key === "Tab") return event.currentTarget.hidePopover(); // the focus goes on from the button
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll(".menu-row, .published")].filter((el) => el.checkVisibility())
    .map((el) => (el.matches("button") ? [el] : [...el.children].filter((child) => child.role === "menuitem"))).filter((row) => row.length);
  const y = Math.max(0, rows.findIndex((row) => row.includes(document.activeElement)));
  const x = Math.max(0, rows[y].indexOf(document.activeElement));
  const next = event.key.length === 1 ? named(rows, y, event.key) : places[event.key]?.(rows, x, y);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

const at = (list, i) => list.at(i % list.length);
const places = {
  ArrowDown: (rows, x, y) => ((row) => row[x] ?? row.at(-1))(at(rows, y + 1)),
  ArrowUp: (rows, x, y) => ((row) => row[x] ?? row.at(-1))(at(rows, y - 1)),
  ArrowRight: (rows, x, y) => at(rows[y], x + 1),
  ArrowLeft: (rows, x, y) => at(rows[y], x - 1),
  Home: (rows) => rows[0][0],
  End: (rows) => rows.at(-1)[0],
};

const named = (rows, y, letter) => [...rows.slice(y + 1), ...rows.slice(0, y + 1)].find(([first]) => first.textContent.toLowerCase().startsWith(letter.toLowerCase()))?.[0];
