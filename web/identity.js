// What a request through the relay shows of its sender: a client certificate, and the credentials for a proxy.
// All of it stays in memory.

import { h } from "./dom.js";
import { change, typed } from "./state.js";
import { t } from "./text.js";
import { fileButton, textPart } from "./tls.js";
import { base64 } from "./values.js";

const kinds = ["none", "pem", "pkcs12"];

export function clientPart() {
  const { client } = typed.tls;
  return h("section", { class: "identity", "data-key": "client" }, h("h2", {}, t("client.heading")),
    h("div", { class: "choices", role: "radiogroup", "aria-label": t("client.heading") }, kinds.map((id) => h("label", { class: "choice", "data-key": id },
      h("input", { type: "radio", name: "tls-client", value: id, "data-client": id, checked: id === client, onchange: () => change((r) => { r.tls.client = id; }) }), t(`client.${id}`)))),
    h("p", { class: "hint", "data-key": "about" }, t(`client.${client}.about`)),
    client === "pem" ? [textPart("clientCert", "-----BEGIN CERTIFICATE-----"), textPart("clientKey", "-----BEGIN PRIVATE KEY-----")] : client === "pkcs12" ? fileFields() : null);
}

function fileFields() {
  const { pkcs12, pkcs12Name, pkcs12Password } = typed.tls;
  return [h("div", { class: "field", "data-key": "pkcs12" }, h("span", { class: "label" }, t("tls.pkcs12.label")),
    h("div", { class: "control" }, fileButton(t("tls.pkcs12.label"), async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      change((r) => { r.tls.pkcs12 = base64(bytes); r.tls.pkcs12Name = file.name; });
    }), h("span", { id: "tls-pkcs12", tabindex: "-1", "data-field": "tls.pkcs12" }, pkcs12 ? pkcs12Name : t("client.noFile"))),
    h("p", { class: "field-error", id: "error-tls.pkcs12", role: "note" })),
  inputRow("tls", "pkcs12Password", pkcs12Password, { type: "password", form: "secrets" })];
}

export function proxyPart() {
  const { url, username, password } = typed.proxy;
  return h("details", { class: "identity", "data-key": "proxy", open: url !== "" }, h("summary", {}, t("proxy.heading")),
    h("p", { class: "hint" }, t("proxy.about")),
    inputRow("proxy", "url", url, { placeholder: "http://proxy.example:3128" }), inputRow("proxy", "username", username), inputRow("proxy", "password", password, { type: "password", form: "secrets" }));
}

const inputRow = (part, name, value, props = {}) => h("div", { class: "field", "data-key": name }, h("label", { for: `${part}-${name}` }, t(`${part}.${name}.label`)),
  h("div", { class: "control" }, h("input", { id: `${part}-${name}`, class: "wire-type", "data-field": `${part}.${name}`, "aria-describedby": `error-${part}.${name}`,
    spellcheck: "false", autocapitalize: "off", autocomplete: props.type ? "new-password" : "off", ...props, value, oninput: (e) => change((r) => { r[part][name] = e.target.value; }) })),
  h("p", { class: "field-error", id: `error-${part}.${name}`, role: "note" }));
