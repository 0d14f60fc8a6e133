// The entry: it draws the form and connects the parts of the screen. Everything else happens through
// events; see state.js. All that the form can do without is in later.js, which comes after the first
// picture is on the screen, and the core after that.

import { initAuth } from "./auth.js";
import { byId, icon } from "./dom.js";
import { applyTheme, open, openShared, storedTheme } from "./opening.js";
import { initRequest } from "./request.js";
import { emit, on, view } from "./state.js";
import { initTabs, showTab, shownTab } from "./tabs.js";
import { fillTexts, t } from "./text.js";

applyTheme(storedTheme());
fillTexts(document);
initTabs(byId("pane-request"), "auth");
initTabs(byId("pane-result"), "wire");
initReveal();
initAuth();
initRequest();
open();
document.body.dataset.form = "ready";
const later = painted().then(loadLater);

// A script may call at once: core.js takes over both names. Its own array may have other bytes by then.
globalThis.authpad = async (...call) => {
  const copy = structuredClone(call);
  await later;
  return globalThis.authpad(...copy);
};
globalThis.authpadReady = later.then(() => globalThis.authpadReady);
globalThis.authpadReady.catch(() => {}); // the page itself hears it from core.js

// A page in the background gets no frames, and a browser may hold them back: no long wait for them.
function painted() {
  return new Promise((done) => {
    if (document.hidden) return done();
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 500);
  });
}

// On a slow machine even the requests for what comes later would hold up the form.
function loadLater() {
  for (const link of document.querySelectorAll("link[rel=later]")) link.rel = { fetch: "preload", style: "stylesheet" }[link.as] ?? "modulepreload";
  return import("./later.js");
}

// A button that is pressed before what it opens is here is pressed once more then.
for (const button of ["examples", "share", "settings"].map(byId)) {
  const early = () => later.then(() => button.click());
  button.addEventListener("click", early);
  later.then(() => button.removeEventListener("click", early));
}

on("send-wanted", () => start());
on("save-wanted", (stream) => start(stream));
addEventListener("hashchange", openShared);

async function start(into) {
  const { send, sending } = await later;
  if (sending()) return;
  if (shownTab("pane-result") !== "exchange") showTab("pane-result", "response");
  send(into);
}

// After an answer the result is brought into view where the page is one column: once it is drawn, since
// an empty page cannot be scrolled as far.
on("answered", () => requestAnimationFrame(() => {
  const pane = byId("pane-result");
  if (pane.getBoundingClientRect().top > innerHeight * 0.6) pane.scrollIntoView({ block: "start" });
}));

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
  if (event.key === "Escape") return document.querySelector("dialog[open], :popover-open") ? null : emit("cancel-wanted"); // one press closes one thing
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
