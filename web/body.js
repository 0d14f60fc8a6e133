// The Body tab: none, text, form, multipart or a file, as the contract names them.

import { byId, h, icon, patch, setValue } from "./dom.js";
import { LARGE } from "./far.js";
import { pairTable } from "./pairs.js";
import { change, emit, fileOf, on, typed } from "./state.js";
import { t } from "./text.js";
import { base64, byteCount } from "./values.js";

const kinds = ["none", "text", "form", "multipart", "file"];
const types = ["text/plain", "application/json", "application/xml", "application/x-ndjson"];

export function initBody() {
  const panel = byId("panel-body");
  const radios = h("div", { class: "choices", role: "radiogroup", "aria-label": t("body.kind") }, kinds.map(kindRadio));
  const areas = { none: noneArea(), text: textArea(), form: formArea(), multipart: h("div"), file: fileArea() };
  for (const [kind, area] of Object.entries(areas)) area.dataset.body = kind;
  panel.append(radios, ...Object.values(areas), h("p", { class: "field-error", id: "error-body", "data-error-for": "body" }));
  const draw = () => {
    for (const kind of kinds) {
      areas[kind].hidden = typed.body.kind !== kind;
      radios.querySelector(`[value=${kind}]`).checked = typed.body.kind === kind;
    }
    drawText();
    areas.form.draw();
    drawParts(areas.multipart);
    drawFile();
  };
  on("replaced", draw);
  on("body-changed", draw);
  on("typed", drawType);
  draw();
}

const kindRadio = (kind) => h("label", { class: "choice" },
  h("input", { type: "radio", name: "body-kind", value: kind, "data-body-kind": kind,
    onchange: () => { change((r) => { r.body.kind = kind; }); emit("body-changed"); } }), t(`body.${kind}`));

const noneArea = () => h("div", {}, h("p", { class: "hint" }, t("body.noneHint")));

function textArea() {
  return h("div", {},
    h("label", { class: "labelled" }, t("body.type"),
      h("select", { id: "body-type", onchange: (e) => setType(e.target.value) }, types.map((type) => h("option", { value: type }, type)), h("option", { value: "" }, t("body.typeOwn")))),
    h("textarea", { id: "body-text", "data-field": "body", class: "wire-type", rows: "12", spellcheck: "false", "aria-label": t("body.text"),
      "aria-describedby": "error-body", oninput: (e) => change((r) => { r.body.text = e.target.value; }) }));
}

function drawText() {
  const box = byId("body-text");
  if (box.value !== typed.body.text) box.value = typed.body.text;
  drawType();
}

const typeHeader = () => typed.headers.find(([name]) => name.toLowerCase() === "content-type");

function drawType() {
  const type = typeHeader()?.[1];
  setValue(byId("body-type"), type === undefined ? types[0] : types.includes(type) ? type : "");
}

// The type is a header line like any other: choosing one writes it where it can be seen.
function setType(type) {
  if (type === "") return;
  change((r) => {
    const line = typeHeader();
    if (type === types[0]) r.headers = r.headers.filter((h) => h !== line);
    else if (line) line[1] = type;
    else r.headers.push(["Content-Type", type]);
  });
  emit("headers-changed");
}

function formArea() {
  const area = h("div");
  area.draw = pairTable(area, { field: "form", rows: () => typed.body.form,
    edit: (i, column, text) => change((r) => { r.body.form[i][column] = text; }),
    add: (pairs) => change((r) => { r.body.form.push(...pairs); }),
    remove: (i) => change((r) => { r.body.form.splice(i, 1); }) });
  return area;
}

function drawParts(area) {
  const parts = typed.body.multipart;
  patch(area, parts.map((part, i) => partRow(part, i, area)),
    h("button", { type: "button", class: "quiet", id: "add-part", onclick: () => { change((r) => { r.body.multipart.push({ name: "", value: "" }); }); drawParts(area); } }, t("body.addPart")));
}

function partRow(part, i, area) {
  const n = i + 1;
  const box = (key, placeholder, label) => h("input", { class: "wire-type", value: part[key] ?? "", placeholder: t(placeholder), "aria-label": t(label, { n }), spellcheck: "false",
    name: `multipart.${i}.${key}`, "data-field": `multipart.${i}.${key}`, oninput: (e) => change(() => { part[key] = e.target.value; }) });
  const isFile = (part.base64 ?? part.blob) !== undefined;
  return h("div", { class: "part" }, box("name", "pair.name", "pair.nameOf"),
    isFile ? h("span", { class: "wire-type" }, part.filename) : box("value", "pair.value", "pair.valueOf"),
    box("type", "body.partType", "body.partTypeOf"),
    h("label", { class: "quiet button" }, t("body.chooseFile"),
      h("input", { type: "file", name: `multipart.${i}.file`, class: "vh", "aria-label": t("body.partFile", { n }), onchange: (e) => choosePart(e.target.files[0], part, area) })),
    h("button", { type: "button", class: "quiet icon", "aria-label": t("body.removePart", { n }), title: t("pair.remove"),
      onclick: () => { change((r) => { r.body.multipart.splice(i, 1); }); drawParts(area); } }, icon("close")));
}

async function choosePart(file, part, area) {
  if (!file) return;
  const bytes = await smallBytes(file);
  change(() => { Object.assign(part, { value: undefined, base64: bytes ? base64(bytes) : undefined, blob: bytes ? undefined : file, filename: file.name, type: part.type || file.type }); });
  drawParts(area);
}

function fileArea() {
  return h("div", {},
    h("input", { type: "file", id: "body-file", "aria-label": t("body.file"), "aria-describedby": "error-body", onchange: (e) => chooseFile(e.target.files[0]) }),
    h("p", { class: "hint", id: "body-file-about" }));
}

async function chooseFile(file) {
  if (!file) return;
  const bytes = await smallBytes(file);
  change((r) => { r.body.file = fileOf(file.name, bytes ?? file); });
  drawFile();
}

// smallBytes are those of a file that can be shown; a large one stays with the browser.
async function smallBytes(file) {
  const octets = file.size < LARGE && (await file.arrayBuffer().catch(() => null)); // it may be gone, which the core says
  return octets ? new Uint8Array(octets) : undefined;
}

function drawFile() {
  const { file } = typed.body;
  byId("body-file-about").textContent = file ? t("body.fileChosen", { name: file.name, size: byteCount(file.size) }) : t("body.fileHint");
}
