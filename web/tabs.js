// Tabs after the ARIA pattern: one tab stop, arrow keys move and choose, Home and End jump.
// Adding a part of the screen is one button and one panel in index.html.

const groups = new Map(); // pane id → {tabs, panels}

export function initTabs(pane, initial) {
  const tabs = [...pane.querySelectorAll("[role=tab]")];
  const panels = new Map([...pane.querySelectorAll("[role=tabpanel]")].map((p) => [p.dataset.panel, p]));
  for (const tab of tabs) wire(pane.id, tab, panels.get(tab.dataset.tab));
  groups.set(pane.id, { tabs, panels });
  pane.querySelector("[role=tablist]").addEventListener("keydown", (event) => move(event, pane.id, tabs));
  showTab(pane.id, initial);
}

function wire(pane, tab, panel) {
  const name = tab.dataset.tab;
  tab.id = `tab-${name}`;
  panel.id = `panel-${name}`;
  panel.setAttribute("aria-labelledby", tab.id);
  tab.setAttribute("aria-controls", panel.id);
  tab.addEventListener("click", () => showTab(pane, name));
}

const steps = { ArrowRight: 1, ArrowLeft: -1, Home: "first", End: "last" };

function move(event, pane, tabs) {
  const step = steps[event.key];
  const at = tabs.indexOf(document.activeElement);
  if (step === undefined || at < 0) return;
  event.preventDefault();
  const next = step === "first" ? 0 : step === "last" ? tabs.length - 1 : (at + step + tabs.length) % tabs.length;
  showTab(pane, tabs[next].dataset.tab);
  tabs[next].focus();
}

// showTab brings a panel to the front and tells it that it can be seen.
export function showTab(pane, name) {
  const { tabs, panels } = groups.get(pane);
  for (const tab of tabs) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    panels.get(tab.dataset.tab).hidden = !chosen;
  }
  panels.get(name).dispatchEvent(new Event("shown"));
}

export function shownTab(pane) {
  return groups.get(pane).tabs.find((tab) => tab.getAttribute("aria-selected") === "true").dataset.tab;
}

// markTab puts a small mark with a spoken reason on a tab; empty text takes it away.
export function markTab(pane, name, text) {
  const tab = groups.get(pane).tabs.find((one) => one.dataset.tab === name);
  tab.classList.toggle("marked", text !== "");
  if (tab.title !== text) tab.title = text;
}
