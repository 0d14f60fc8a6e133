// The options of fetch under Sending: what the browser adds, follows and keeps by itself, and how long
// it waits. The first choice of each is the default and is left out of calls and links.

import { byId, h, setValue } from "./dom.js";
import { change, on, typed } from "./state.js";
import { t } from "./text.js";

export const choices = {
  credentials: ["omit", "same-origin", "include"],
  redirect: ["follow", "error", "manual"],
  cache: ["no-store", "default", "reload", "no-cache", "force-cache"],
};

export function initOptions(root) {
  root.append(h("h2", { id: "fetch-heading" }), ...Object.keys(choices).map(choiceRow), timeoutRow());
  for (const event of ["replaced", "typed"]) on(event, draw);
  draw();
}

function draw() {
  for (const [name, [usual]] of Object.entries(choices)) setValue(byId(`fetch-${name}`), typed.fetch[name] ?? usual);
  setValue(byId("fetch-timeoutMs"), String(typed.fetch.timeoutMs ?? ""));
  const relayed = typed.via === "relay";
  byId("fetch-heading").textContent = t(relayed ? "fetch.labelRelay" : "fetch.label");
  byId("fetch-redirect-about").textContent = t(relayed ? "fetch.redirect.aboutRelay" : "fetch.redirect.about");
  for (const name of browsersOwn) byId(`fetch-${name}`).closest(".field").hidden = relayed;
}

const browsersOwn = ["credentials", "cache"]; // a relay has no cookies and keeps nothing

const choiceRow = (name) => row(name, h("select", { ...common(name), onchange: (e) => set(name, e.target.value, choices[name][0]) },
  choices[name].map((value, i) => h("option", { value }, i ? t(`fetch.${name}.${value}`) : t("fetch.usual", { value: t(`fetch.${name}.${value}`) })))));

// What is no number goes along as it is typed: the core says what is wrong with it.
const timeoutRow = () => row("timeoutMs", h("input", { ...common("timeoutMs"), class: "wire-type short", inputmode: "numeric", spellcheck: "false", autocomplete: "off",
  oninput: (e) => { const text = e.target.value.trim(); set("timeoutMs", Number.isFinite(Number(text)) && text ? Number(text) : text, ""); } }));

const common = (name) => ({ id: `fetch-${name}`, "data-field": `fetch.${name}`, "aria-describedby": `fetch-${name}-about error-fetch.${name}` });

const row = (name, control) => h("div", { class: "field" }, h("label", { for: `fetch-${name}` }, t(`fetch.${name}`)),
  h("div", { class: "control" }, control),
  h("p", { class: "hint", id: `fetch-${name}-about` }, t(`fetch.${name}.about`)),
  h("p", { class: "field-error", id: `error-fetch.${name}`, "data-error-for": `fetch.${name}` }));

function set(name, value, usual) {
  change((r) => {
    if (value === usual) delete r.fetch[name];
    else r.fetch[name] = value;
  });
}
