// The Auth tab: the menu of schemes and a form drawn from the scheme's own description.

import { byId, h, icon, patch, refLink } from "./dom.js";
import { catalogue, change, on, schemeOf, typed, valuesOf } from "./state.js";
import { t } from "./text.js";

export function initAuth() {
  const menu = byId("scheme");
  menu.append(...catalogue.schemes.map((s) => h("option", { value: s.id }, s.name)));
  menu.addEventListener("change", () => {
    change((r) => { r.scheme = menu.value; });
    draw();
  });
  on("replaced", draw);
  draw();
}

function draw() {
  const scheme = schemeOf(typed.scheme);
  byId("scheme").value = typed.scheme;
  byId("scheme-summary").textContent = scheme?.summary ?? "";
  byId("scheme-refs").replaceChildren(...(scheme?.refs ?? []).map(refLink).filter(Boolean));
  // Another scheme's fields are other fields, even where the ids are the same.
  patch(byId("fields"), h("div", { "data-key": typed.scheme, class: "field-list" }, (scheme?.fields ?? []).map(fieldRow)));
}

function fieldRow(field) {
  const id = `field-${field.id}`;
  const value = valuesOf(typed.scheme)[field.id] ?? field.default ?? "";
  return h("div", { class: `field kind-${field.kind}`, "data-key": field.id },
    h("label", { for: id }, field.label ?? field.id),
    h("div", { class: "control" }, (controls[field.kind] ?? textControl)(field, id, value)),
    h("p", { class: "hint", id: `help-${field.id}` }, field.help ?? ""),
    h("p", { class: "field-error", id: `error-${field.id}`, "data-error-for": field.id }));
}

const controls = {
  choice: (field, id, value) => h("select", { ...common(field, id), onchange: typedInto(field), value: null },
    (field.options ?? []).map((o) => h("option", { value: o.value, selected: o.value === value }, o.label ?? o.value))),
  toggle: (field, id, value) => h("input", { ...common(field, id), type: "checkbox", checked: value === "true",
    onchange: (e) => set(field, String(e.target.checked)) }),
  multiline: (field, id, value) => h("textarea", { ...textual(field, id, value), rows: "5", class: field.secret ? "wire-type hidden-text" : "wire-type" }),
  number: (field, id, value) => h("input", { ...textual(field, id, value), inputmode: "numeric" }),
  secret: secretControl,
};

const textControl = (field, id, value) => (field.secret ? secretControl : plainControl)(field, id, value);
const plainControl = (field, id, value) => h("input", { ...textual(field, id, value), type: "text" });

function secretControl(field, id, value) {
  const input = h("input", { ...textual(field, id, value), type: "password" });
  const label = () => t(byId(id)?.type === "text" ? "secret.hideField" : "secret.showField", { label: field.label });
  const eye = h("button", { type: "button", class: "quiet icon", "data-eye": field.id, "aria-pressed": "false", title: label(), "aria-label": label(),
    onclick: (event) => toggle(event.currentTarget) }, icon("eye"));
  function toggle(button) {
    const box = byId(id);
    const open = box.type === "password";
    box.type = open ? "text" : "password";
    button.setAttribute("aria-pressed", String(open));
    button.title = button.ariaLabel = label();
    button.replaceChildren(icon(open ? "eyeOff" : "eye"));
  }
  return [input, eye];
}

const common = (field, id) => ({ id, "data-field": field.id, "aria-describedby": `help-${field.id} error-${field.id}` });

const textual = (field, id, value) => ({ ...common(field, id), value, class: "wire-type", placeholder: field.placeholder || null,
  spellcheck: "false", autocapitalize: "off", autocomplete: "off", oninput: typedInto(field) });

const typedInto = (field) => (event) => set(field, event.target.value);

function set(field, text) {
  change(() => { valuesOf(typed.scheme)[field.id] = text; });
}
