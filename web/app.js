// The entry: it draws the form and connects the parts of the screen. Everything else happens through
// events; see state.js. What shows results is in later.js and is loaded once the form is on the screen.

import { initAuth } from "./auth.js";
import { on as onCore, painted } from "./core.js";
import { byId, icon } from "./dom.js";
import { firstExample, initExamples } from "./examples.js";
import { keep, restore } from "./keep.js";
import { initRequest } from "./request.js";
import { initSettings } from "./settings.js";
import { initShare, openShared } from "./share.js";
import { emit, on, replace, view } from "./state.js";
import { initTabs, showTab, shownTab } from "./tabs.js";
import { fillTexts, t } from "./text.js";

fillTexts(document);
initTabs(byId("pane-request"), "auth");
initTabs(byId("pane-result"), "wire");
for (const init of [initReveal, initSettings, initAuth, initRequest, initExamples, initShare]) init();
open();
document.body.dataset.form = "ready";
onCore("ready", () => { document.body.dataset.core = "ready"; });
const later = painted.then(() => import("./later.js"));

function open() {
  if (openShared() || restore()) return;
  const example = firstExample();
  if (example) replace(example.request, example.auth, example.env);
}

on("send-wanted", () => start());
on("save-wanted", (stream) => start(stream));
addEventListener("hashchange", openShared);
addEventListener("pagehide", keep);

async function start(into) {
  const { send, sending } = await later;
  if (sending()) return;
  if (shownTab("pane-result") !== "exchange") showTab("pane-result", "response");
  send(into);
}

// After an answer the result is brought into view where the page is one column.
on("answered", () => {
  const pane = byId("pane-result");
  if (pane.getBoundingClientRect().top > innerHeight * 0.6) pane.scrollIntoView({ block: "start" });
});

function initReveal() {
  const button = byId("reveal");
  const draw = () => {
    button.setAttribute("aria-pressed", String(view.secrets));
    button.title = button.ariaLabel = t(view.secrets ? "secret.hideAll" : "secret.showAll");
    button.replaceChildren(icon(view.secrets ? "eyeOff" : "eye"));
  };
  button.addEventListener("click", () => {
    view.secrets = !view.secrets;
    draw();
    emit("secrets-shown", view.secrets);
  });
  draw();
}

// The keyboard. Digits are read from the key's place, since Alt changes what it types.
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    return void start();
  }
  if (event.key === "Escape") return emit("cancel-wanted");
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const act = shortcuts[event.code] ?? digit(event);
  if (!act) return;
  event.preventDefault();
  act();
});

const shortcuts = {
  KeyL: () => { byId("url").focus(); byId("url").select(); },
  KeyS: () => byId("reveal").click(),
  KeyE: () => byId("examples").click(),
};

function digit(event) {
  const n = /^Digit([1-9])$/.exec(event.code)?.[1];
  const pane = event.shiftKey ? "pane-result" : "pane-request";
  const tab = n && byId(pane).querySelectorAll("[role=tab]")[n - 1];
  return tab ? () => { showTab(pane, tab.dataset.tab); tab.focus(); } : null;
}
