// The Sending tab: the options of fetch, how the server's certificate is to be checked, what a browser can do of it, and the
// command that does the rest.

import { byId, copyButton, h, patch } from "./dom.js";
import { initOptions } from "./options.js";
import { withoutSecrets } from "./redact.js";
import { auth, change, env, on, request, typed, view } from "./state.js";
import { t } from "./text.js";

const choices = ["verify", "skip", "pin"];

export function initTLS() {
  const panel = byId("panel-tls");
  const options = h("div", { class: "options" });
  panel.append(options, h("h2", {}, t("tls.heading")), h("div", { id: "tls" }));
  initOptions(options);
  panel.addEventListener("shown", draw);
  for (const event of ["typed", "replaced", "secrets-shown"]) on(event, () => { if (!panel.hidden) draw(); });
  if (!panel.hidden) draw();
}

function draw() {
  const { choice, fingerprint } = typed.tls;
  patch(byId("tls"),
    h("div", { class: "tls-choices", role: "radiogroup", "aria-label": t("tls.label") }, choices.map((id) => option(id, choice))),
    choice === "pin" ? pinField(fingerprint) : null,
    h("p", { class: "verdict-line" }, h("strong", {}, t(choice === "verify" ? "tls.browserCan" : "tls.browserCannot")), " ", t(`tls.${choice}.browser`)),
    choice === "verify" ? h("p", { class: "hint" }, t("tls.verify.own")) : command());
}

const option = (id, chosen) => h("label", { class: "choice tall" },
  h("input", { type: "radio", name: "tls", value: id, "data-tls": id, checked: id === chosen, onchange: () => change((r) => { r.tls.choice = id; }) }),
  h("span", {}, h("strong", {}, t(`tls.${id}`)), h("span", { class: "hint" }, t(`tls.${id}.about`))));

function pinField(value) {
  return h("div", { class: "field" }, h("label", { for: "tls-fingerprint" }, t("tls.fingerprint")),
    h("div", { class: "control" }, h("input", { id: "tls-fingerprint", class: "wire-type", value, spellcheck: "false", autocomplete: "off",
      "data-field": "tls.fingerprint", "aria-describedby": "error-tls.fingerprint", placeholder: "9f86d081884c7d65…", oninput: (e) => change((r) => { r.tls.fingerprint = e.target.value; }) })),
    h("p", { class: "field-error", id: "error-tls.fingerprint", role: "note" }, fingerprintProblem(value)));
}

function fingerprintProblem(text) {
  const digits = text.replace(/[:\s]/g, "");
  return text === "" || /^[0-9a-f]{64}$/i.test(digits) ? "" : t("tls.fingerprintProblem");
}

function command() {
  return h("div", { class: "command" },
    h("div", { class: "caption" }, h("span", {}, t("tls.command")), copyButton(() => sendCommand(true), t("tls.copy"))),
    h("pre", { id: "tls-command" }, sendCommand(view.secrets)),
    h("p", { class: "hint" }, t("tls.commandHint")));
}

// sendCommand sends the same request natively, from the project's folder.
export function sendCommand(withSecrets) {
  const { choice, fingerprint } = typed.tls;
  const tls = choice === "pin" ? { fingerprint: fingerprint.replace(/[:\s]/g, "").toLowerCase() } : { verify: choice !== "skip" };
  const typedParams = { request: { ...request(), url: absolute(typed.url) }, auth: auth() };
  const params = withSecrets ? typedParams : withoutSecrets(typedParams, "••••••••");
  return `go run ./core/cmd/authpad call send <<'JSON'\n${compact({ request: params.request, auth: params.auth, env: env(), fetch: typed.fetch, tls })}\nJSON`;
}

// A header line or form field stays on one line.
function compact(params) {
  const text = JSON.stringify(params, null, 2);
  return text.replace(/\[\s+("[^"\\]*(?:\\.[^"\\]*)*"),\s+("[^"\\]*(?:\\.[^"\\]*)*")\s+\]/g, "[$1, $2]").replace(/\{\s+\}|\[\s+\]/g, (all) => all[0] + all.at(-1));
}

// A native client has no page that an address could be relative to.
function absolute(url) {
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : url;
}
