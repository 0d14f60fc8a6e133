// Pairing with the relay, in the Sending tab: how it is started, the browser's permission, the code, and what
// has become of it.

import { announce, byId, copyButton, h, icon, patch } from "./dom.js";
import { nearness } from "./failure.js";
import { check, connectByWindow, forget, onRelay, pair, relay, relayAddress, setAddress } from "./relay.js";
import { on, typed } from "./state.js";
import { has, t } from "./text.js";

const own = document.querySelector("meta[name=authpad-relay]")?.content ?? ""; // the program that serves this page tells it
let address = relayAddress(own) || relay.address; // as it is typed
let code = "";
let problem = ""; // why the last try failed
let busy = false;
let permission = ""; // "", "prompt", "denied", "granted"

export function initPairing() {
  setAddress(address);
  onRelay(draw);
  for (const event of ["typed", "replaced"]) on(event, draw);
  byId("panel-tls").addEventListener("shown", () => { if (typed.via === "relay") check(); draw(); });
  on("answered", ({ exchanges }) => { if (/^relay\./.test(exchanges?.at(-1).failure?.code ?? "")) check(); });
  watchPermission();
}

// A page that came from elsewhere needs a permission to reach this computer; browsers call it by one of
// two names, and older ones know neither.
async function watchPermission() {
  if (nearness(location.hostname) === "device") return;
  for (const name of ["loopback-network", "local-network-access"]) {
    const status = await navigator.permissions?.query({ name }).catch(() => null);
    if (!status) continue;
    const tell = () => { permission = status.state; draw(); };
    status.onchange = tell;
    return tell();
  }
}

function draw() {
  if (byId("panel-tls").hidden) return;
  patch(byId("pairing"), typed.via === "relay" ? h("div", { class: "pairing", "data-state": relay.state }, relay.state === "paired" ? paired() : unpaired()) : null);
}

function paired() {
  return [h("div", { class: `callout ${relay.silent ? "warn" : "good"}`, id: "paired", role: "status" }, icon(relay.silent ? "warn" : "check"), h("div", {},
    h("p", {}, h("strong", {}, t(relay.silent ? "relay.silent" : "relay.paired", { address: relay.address }))),
    h("p", { class: "hint" }, t(relay.silent ? "relay.silentHint" : "relay.pairedHint"))),
  h("div", { class: "actions" }, relay.silent ? h("button", { type: "button", class: "outlined", id: "relay-look", onclick: check }, t("relay.look")) : null,
    h("button", { type: "button", class: "outlined", id: "relay-forget", onclick: end }, t("relay.forget")))),
  relay.bridge === "none" ? null : bridgeLine()];
}

async function end() {
  await forget();
  announce(t("relay.forgotten"));
}

function unpaired() {
  return [relay.state === "ended" ? h("div", { class: "callout warn", id: "relay-ended", "data-key": "ended" }, icon("warn"), h("p", {}, t("relay.ended"))) : null,
    h("p", { class: "hint", "data-key": "about" }, t("relay.about")),
    h("ol", { class: "pairing-steps", "data-key": "steps" }, h("li", {}, start()), permission && permission !== "granted" ? h("li", { "data-key": "permission" }, permissionPart()) : null, h("li", { "data-key": "code" }, codePart()))];
}

// start: whoever opened the page with “make run” has nothing to do.
function start() {
  if (own) return h("p", {}, t("relay.startOwn"));
  const command = `go run ./core/cmd/authpad serve --relay-only --allow-origin ${location.origin}`;
  return h("div", { class: "command" }, h("div", { class: "caption" }, h("span", {}, t("relay.start")), copyButton(() => command, t("relay.copy"))), h("pre", { id: "relay-command" }, command));
}

function permissionPart() {
  const denied = permission === "denied" || relay.bridge !== "none";
  return h("div", { id: "relay-permission", "data-permission": permission }, h("p", {}, t(denied ? "relay.denied" : "relay.prompt")),
    denied ? [h("p", {}, h("button", { type: "button", class: "outlined", id: "relay-window", onclick: connectByWindow }, t("relay.window"))), bridgeLine()]
      : h("p", { class: "hint" }, h("button", { type: "button", class: "link", id: "relay-window", onclick: connectByWindow }, t("relay.window")), " ", t("relay.windowHint")));
}

const bridgeLine = () => (relay.bridge === "none" ? null : h("p", { class: "hint", id: "relay-bridge", role: "status", "data-bridge": relay.bridge }, t(`relay.bridge.${relay.bridge}`),
  relay.state === "paired" && relay.bridge === "closed" ? [" ", h("button", { type: "button", class: "link", onclick: connectByWindow }, t("relay.window"))] : null));

function codePart() {
  const wrong = relayAddress(address) === "";
  return h("div", {}, h("p", {}, t("relay.enter")),
    row("address", h("input", { ...common("address"), value: address, inputmode: "url", oninput: (e) => typeAddress(e.target.value), onkeydown: pairOnEnter }), wrong ? t("relay.addressProblem") : ""),
    row("code", [h("input", { ...common("code"), class: "wire-type short", value: code, placeholder: "ABCD-2345", autocapitalize: "characters", oninput: (e) => { code = e.target.value; problem = ""; draw(); }, onkeydown: pairOnEnter }),
      h("button", { type: "button", class: "primary", id: "relay-pair", disabled: busy || wrong || code.trim() === "", onclick: tryCode }, t(busy ? "relay.pairing" : "relay.pair"))], problem && problemText()));
}

// Without the form around it: Enter in that sends.
const common = (name) => ({ id: `relay-${name}`, form: "", class: "wire-type", spellcheck: "false", autocomplete: "off", "aria-describedby": `error-relay-${name}` });

const row = (name, control, said) => h("div", { class: "field", "data-key": name }, h("label", { for: `relay-${name}` }, t(`relay.${name}`)),
  h("div", { class: "control" }, control), h("p", { class: "field-error", id: `error-relay-${name}`, role: "alert" }, said));

function typeAddress(text) {
  address = text;
  problem = "";
  const usable = relayAddress(text);
  if (usable) setAddress(usable);
  draw();
}

function pairOnEnter(event) {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  tryCode();
}

async function tryCode() {
  if (busy || !code.trim() || !relayAddress(address)) return;
  busy = true;
  draw();
  problem = await pair(code.trim());
  busy = false;
  if (!problem) code = "";
  announce(problem ? problemText() : t("relay.paired", { address: relay.address }));
  draw();
  if (problem) byId("relay-code")?.select();
}

function problemText() {
  const id = problem === "absent" && permission && permission !== "granted" && relay.bridge !== "open" ? "kept" : problem;
  return t(has(`relay.problem.${id}`) ? `relay.problem.${id}` : "relay.problem.other", { code: problem, address: relay.address, origin: location.origin });
}
