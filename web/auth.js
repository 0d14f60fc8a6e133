// The Auth tab: the menu of schemes and a form drawn from the scheme's own description.

import { byId, h, icon, patch, refLink } from "./dom.js";
import { catalogue, change, on, schemeOf, typed, valuesOf, waitsForChallenge } from "./state.js";
import { t } from "./text.js";

export function initAuth() {
  const menu = byId("scheme");
  menu.append(...catalogue.schemes.map((s) => h("option", { value: s.id }, s.name)));
  menu.addEventListener("change", () => {
    change((r) => { r.scheme = menu.value; });
    drawAnew();
  });
  on("replaced", drawAnew);
  on("refused", (error) => showHidden(error.field ?? ""));
  draw();
}

const fieldsOf = () => schemeOf(typed.scheme)?.fields ?? [];
const valueOf = (field) => valuesOf(typed.scheme)[field.id] ?? field.default ?? "";

// A field out of sight counts all the same: one that is to blame is shown.
let blamed = "";

// A page signs: what only a server needs is not asked for.
const isOurs = ({ id, help, toVerify }) => id === blamed || Boolean(help) || !toVerify;

const applies = ({ id, when }) => !when || id === blamed || when.values.includes(valueOf(fieldsOf().find((f) => f.id === when.field) ?? { id: when.field }));

function drawAnew() {
  blamed = "";
  draw();
}

function showHidden(field) {
  blamed = field;
  if (fieldsOf().some((f) => f.id === field) && !byId(`field-${field}`)) draw();
}

function draw() {
  const scheme = schemeOf(typed.scheme);
  const [usual, advanced] = [false, true].map((one) => fieldsOf().filter((f) => Boolean(f.advanced) === one && isOurs(f) && applies(f)));
  byId("scheme").value = typed.scheme;
  byId("scheme-summary").textContent = scheme?.summary ?? "";
  byId("scheme-refs").replaceChildren(...(scheme?.refs ?? []).map(refLink).filter(Boolean));
  // Another scheme's fields are other fields, even where the ids are the same.
  patch(byId("fields"), h("div", { "data-key": typed.scheme, class: "field-list" }, usual.map(fieldRow), advanced.length ? more(advanced) : null));
}

// What most people never change is a press away, and open where something in it was changed.
function more(fields) {
  const asks = waitsForChallenge();
  const changed = fields.some((f) => valueOf(f) !== (f.default ?? "")) || asks && typed.challenge !== "";
  return h("details", { "data-key": "advanced options", class: "advanced", open: changed },
    h("summary", {}, t("fields.advanced", { n: fields.length + Number(asks) })), fields.map(fieldRow), asks ? challengeRow() : null);
}

// What a browser hides of a 401 can be pasted; it is no value of the scheme's.
const challengeRow = () => row({ id: "challenge", kind: "multiline", label: t("field.challenge"), help: t("challenge.help") }, (field, id) =>
  h("textarea", { ...textual(field, id, typed.challenge), rows: "3", placeholder: t("challenge.placeholder"), oninput: (e) => change((r) => { r.challenge = e.target.value; }) }));

const fieldRow = (field) => row(field, (_, id) => (controls[field.kind] ?? textControl)(field, id, valueOf(field)));

function row(field, control) {
  const id = `field-${field.id}`;
  return h("div", { class: `field kind-${field.kind}`, "data-key": field.id },
    h("label", { for: id }, field.label ?? field.id),
    h("div", { class: "control" }, control(field, id)),
    h("p", { class: "hint", id: `help-${field.id}` }, field.help ?? ""),
    h("p", { class: "field-error", id: `error-${field.id}`, "data-error-for": field.id }));
}

const controls = {
  choice: (field, id, value) => h("select", { ...common(field, id), onchange: typedInto(field), value: null },
    (field.options ?? []).map((o) => h("option", { value: o.value, selected: o.value === value }, o.label ?? o.value))),
  toggle: (field, id, value) => h("input", { ...common(field, id), type: "checkbox", checked: value === "true",
    onchange: (e) => set(field, String(e.target.checked)) }),
  multiline: (field, id, value) => [h("textarea", { ...textual(field, id, value), rows: field.secret ? "5" : "3", class: field.secret ? "wire-type hidden-text" : "wire-type" }),
    field.secret ? h("div", { class: "beside" }, eye(field, id), fromFile(field, id)) : null],
  number: (field, id, value) => h("input", { ...textual(field, id, value), inputmode: "numeric" }),
  secret: secretControl,
};

const textControl = (field, id, value) => (field.secret ? secretControl : plainControl)(field, id, value);
const plainControl = (field, id, value) => h("input", { ...textual(field, id, value), type: "text" });

function secretControl(field, id, value) {
  return [h("input", { ...textual(field, id, value), type: "password", form: "secrets" }), eye(field, id)];
}

// What is hidden stays so until its eye is pressed, while it is typed too.
function eye(field, id) {
  const hidden = (box) => (box.localName === "textarea" ? box.classList.contains("hidden-text") : box.type === "password");
  const label = (open) => t(open ? "secret.hideField" : "secret.showField", { label: field.label });
  const press = (button) => {
    const box = byId(id);
    const open = hidden(box);
    if (box.localName === "textarea") box.classList.toggle("hidden-text", !open);
    else box.type = open ? "text" : "password";
    button.setAttribute("aria-pressed", String(open));
    button.title = button.ariaLabel = label(open);
    button.replaceChildren(icon(open ? "eyeOff" : "eye"));
  };
  return h("button", { type: "button", class: "quiet icon", "data-eye": field.id, "aria-pressed": "false", title: label(false), "aria-label": label(false),
    onclick: (event) => press(event.currentTarget) }, icon("eye"));
}

// Keys and lists of accounts are kept in files; the file is read here and sent nowhere.
const fromFile = (field, id) => h("label", { class: "quiet button" }, t("body.chooseFile"),
  h("input", { type: "file", class: "vh", "aria-label": t("fields.file", { label: field.label }), onchange: async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    byId(id).value = await file.text();
    set(field, byId(id).value);
  } }));

const common = (field, id) => ({ id, "data-field": field.id, "aria-describedby": `help-${field.id} error-${field.id}` });

const textual = (field, id, value) => ({ ...common(field, id), value, class: "wire-type", placeholder: field.placeholder || null,
  spellcheck: "false", autocapitalize: "off", autocomplete: "off", oninput: typedInto(field) });

const typedInto = (field) => (event) => set(field, event.target.value);

function set(field, text) {
  change(() => { valuesOf(typed.scheme)[field.id] = text; });
  if (fieldsOf().some((f) => f.when?.field === field.id)) draw();
}
