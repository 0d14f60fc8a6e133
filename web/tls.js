// The Sending tab: who sends, the browser or the relay; the options of fetch; how the server's certificate is
// checked, what this client shows of itself, and a proxy. What the browser cannot do of it the relay does, or a
// command.

import { byId, copyButton, h, patch } from "./dom.js";
import { clientPart, proxyPart } from "./identity.js";
import { initOptions } from "./options.js";
import { initPairing } from "./pairing.js";
import { withoutSecrets } from "./redact.js";
import { onRelay, relay } from "./relay.js";
import { auth, change, emit, env, on, proxy, request, tls, typed, view } from "./state.js";
import { showTab } from "./tabs.js";
import { t } from "./text.js";

const senders = ["fetch", "relay"];
const choices = ["verify", "ca", "pin", "skip"];

export function initTLS() {
  const panel = byId("panel-tls");
  const options = h("div", { class: "options" });
  panel.append(h("h2", {}, t("via.heading")), h("div", { id: "via" }), h("div", { id: "pairing" }), h("h2", {}, t("tls.heading")), h("div", { id: "tls" }), options);
  initPairing();
  initOptions(options);
  byId("request").querySelector(".bar").append(h("p", { class: "via-line", id: "via-line", hidden: true }));
  panel.addEventListener("shown", draw);
  for (const event of ["typed", "replaced", "secrets-shown"]) on(event, () => { drawLine(); if (!panel.hidden) draw(); });
  onRelay(drawLine);
  on("relay-wanted", () => { showTab("pane-request", "tls"); panel.querySelector("[data-via=relay]").focus(); panel.scrollTop = 0; });
  if (!panel.hidden) draw();
}

function draw() {
  patch(byId("via"), h("div", { class: "tls-choices", role: "radiogroup", "aria-label": t("via.heading") }, senders.map((id) =>
    option({ name: "via", "data-via": id, "data-field": id === "relay" ? "via" : null }, id, typed.via, (r) => { r.via = id; }))));
  const relayed = typed.via === "relay";
  patch(byId("tls"),
    h("div", { class: "tls-choices", role: "radiogroup", "aria-label": t("tls.label") }, choices.map((id) => option({ name: "tls", "data-tls": id }, id, typed.tls.choice, (r) => { r.tls.choice = id; }))),
    detail[typed.tls.choice]?.(), relayed ? [clientPart(), proxyPart()] : browserPart());
}

const option = (props, id, chosen, choose) => h("label", { class: "choice tall", "data-key": id },
  h("input", { type: "radio", ...props, value: id, checked: id === chosen, onchange: () => change(choose) }),
  h("span", {}, h("strong", {}, t(`${props.name}.${id}`)), h("span", { class: "hint" }, t(`${props.name}.${id}.about`))));

const detail = { ca: () => textPart("ca", "-----BEGIN CERTIFICATE-----", typed.tls.ca.trim() ? "" : t("tls.caMissing")), pin: pinField };

// textPart is a field for a PEM text, typed or read from a file.
export function textPart(name, placeholder, problem = "") {
  return h("div", { class: "field", "data-key": name }, h("label", { for: `tls-${name}` }, t(`tls.${name}.label`)),
    h("div", { class: "control top-aligned" },
      h("textarea", { ...common(name), rows: "3", class: name === "clientKey" && !view.secrets ? "wire-type hidden-text" : "wire-type", value: typed.tls[name], placeholder, oninput: (e) => change((r) => { r.tls[name] = e.target.value; }) }),
      fileButton(t("fields.file", { label: t(`tls.${name}.label`) }), async (file) => { const text = await file.text(); change((r) => { r.tls[name] = text; }); })),
    slot(name, problem));
}

const common = (name) => ({ id: `tls-${name}`, "data-field": `tls.${name}`, "aria-describedby": `error-tls.${name}`, spellcheck: "false", autocomplete: "off", autocapitalize: "off" });
const slot = (name, problem) => h("p", { class: "field-error", id: `error-tls.${name}`, role: "note" }, problem);

export const fileButton = (label, take) => h("label", { class: "quiet button" }, t("body.chooseFile"),
  h("input", { type: "file", class: "vh", "aria-label": label, onchange: (e) => { const [file] = e.target.files; e.target.value = ""; if (file) take(file); } }));

function pinField() {
  return h("div", { class: "field", "data-key": "pin" }, h("label", { for: "tls-fingerprint" }, t("tls.fingerprint")),
    h("div", { class: "control" }, h("input", { ...common("fingerprint"), class: "wire-type", value: typed.tls.fingerprint, placeholder: "9f86d081884c7d65…", oninput: (e) => change((r) => { r.tls.fingerprint = e.target.value; }) })),
    slot("fingerprint", fingerprintProblem(typed.tls.fingerprint)));
}

function fingerprintProblem(text) {
  const digits = text.replace(/[:\s]/g, "");
  return /^[0-9a-f]{64}$/i.test(digits) ? "" : t(text === "" ? "tls.fingerprintMissing" : "tls.fingerprintProblem");
}

// browserPart says what of the choice the browser does, and offers what does the rest.
function browserPart() {
  const { choice } = typed.tls;
  const able = choice === "verify";
  return [h("p", { class: "verdict-line", "data-key": "verdict" }, h("strong", {}, t(able ? "tls.browserCan" : "tls.browserCannot")), " ", t(`tls.${choice}.browser`)),
    able ? h("p", { class: "hint", "data-key": "own" }, t("tls.verify.own")) : [h("p", { "data-key": "offer" }, h("button", { type: "button", class: "outlined", id: "tls-offer", onclick: () => emit("relay-wanted") }, t("field.via")), " ", h("span", { class: "hint" }, t("tls.offer"))), command()]];
}

function command() {
  return h("div", { class: "command", "data-key": "command" },
    h("div", { class: "caption" }, h("span", {}, t("tls.command")), copyButton(() => sendCommand(true), t("tls.copy"))),
    h("pre", { id: "tls-command" }, sendCommand(view.secrets)),
    h("p", { class: "hint" }, t("tls.commandHint")));
}

// The line under the URL says at any time that it is not the browser that sends, and with what checks. Plain http has
// nothing to check.
function drawLine() {
  const line = byId("via-line");
  line.hidden = typed.via === "fetch";
  if (line.hidden) return;
  const secure = !/^http:/i.test(absolute(typed.url));
  line.classList.toggle("unsafe", secure && typed.tls.choice === "skip");
  patch(line, h("button", { type: "button", class: "link", id: "via-open", onclick: () => emit("relay-wanted") }, t("via.line")), " · ", relay.state === "paired" ? null : `${t("via.line.unpaired")} · `, t(`via.line.${secure ? typed.tls.choice : "plain"}`),
    secure && typed.tls.client !== "none" ? ` · ${t("via.line.client")}` : null, proxy() ? ` · ${t("via.line.proxy", { url: proxy().url })}` : null);
}

// sendCommand sends the same request natively, from the project's folder.
export function sendCommand(withSecrets) {
  const sending = { ...(["verify", "skip"].includes(typed.tls.choice) && { verify: typed.tls.choice !== "skip" }), ...tls() };
  const typedParams = { request: { ...request(), url: absolute(typed.url) }, auth: auth() };
  const params = withSecrets ? typedParams : withoutSecrets(typedParams, hidden);
  return `go run ./core/cmd/authpad call send <<'JSON'\n${compact({ request: params.request, auth: params.auth, env: env(), fetch: typed.fetch, tls: withSecrets ? sending : masked(sending), proxy: withSecrets ? proxy() : masked(proxy()) })}\nJSON`;
}

const hidden = "••••••••";
const kept = new Set(["verify", "ca", "fingerprint", "clientCert", "url", "username"]);
const masked = (values) => values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, kept.has(name) || !value ? value : hidden]));

// A header line or form field stays on one line.
function compact(params) {
  const text = JSON.stringify(params, null, 2);
  return text.replace(/\[\s+("[^"\\]*(?:\\.[^"\\]*)*"),\s+("[^"\\]*(?:\\.[^"\\]*)*")\s+\]/g, "[$1, $2]").replace(/\{\s+\}|\[\s+\]/g, (all) => all[0] + all.at(-1));
}

// A native client has no page that an address could be relative to.
function absolute(url) {
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : url;
}
