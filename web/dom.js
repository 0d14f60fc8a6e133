// Building elements and patching them in place. Views are drawn anew on every keystroke; patch keeps
// the nodes that are still right, so that focus, caret, selection and scroll survive.

import { t } from "./text.js";

// h makes an element: h("p", {class: "why", onclick: fn}, "text", node, [nodes], null).
// Properties that begin with "on" are handlers; null, undefined and false leave an attribute out.
export function h(tag, props = {}, ...children) {
  return build(document.createElement(tag), props, children);
}

export function svg(tag, props = {}, ...children) {
  return build(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function build(el, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) Object.assign(el, { [name]: value, handled: true });
    else if (name === "value") setValue(el, value);
    else if (name === "checked") el.checked = true;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...nodes(children));
  return el;
}

function nodes(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
}

// setValue writes a control's text only where it differs: writing moves the caret.
export function setValue(el, value) {
  if (el.value !== value) el.value = value;
}

// memo remembers elements by key: make is called only where the stamp of what is shown has changed.
// Most of a view stays the same from one keystroke to the next, and building it costs the most.
export function memo() {
  const made = new Map();
  return (key, stamp, make) => {
    const known = made.get(key);
    if (known?.el.isConnected) {
      if (known.stamp !== stamp) update(known.el, make());
      known.stamp = stamp;
      return standIn(known.el);
    }
    const el = make();
    el.remembered = true;
    made.set(key, { stamp, el });
    return el;
  };
}

// A stand-in is put among the children of what is being built, so that the element itself can stay
// where it is in the page until patch comes to it.
function standIn(el) {
  const comment = document.createComment("");
  comment.standsFor = el;
  return comment;
}

// insert puts a new node into the page, and the elements that were stood in for with it.
function insert(parent, node, place) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) if (walker.currentNode.standsFor) found.push(walker.currentNode);
  for (const comment of found) comment.replaceWith(comment.standsFor);
  parent.insertBefore(node, place);
}

// patch makes parent's children equal to those given and reuses what is there: remembered elements as
// they are, others by data-key where both have one, by position and tag elsewhere.
export function patch(parent, ...children) {
  const byKey = new Map();
  for (const child of parent.children) if (child.dataset?.key && !child.remembered) byKey.set(child.dataset.key, child);
  let place = parent.firstChild;
  for (const child of nodes(children)) {
    const node = child.standsFor ?? asNode(child);
    const kept = match(node, parent, place, byKey);
    if (kept === place && kept) place = place.nextSibling;
    else if (kept) parent.insertBefore(kept, place);
    else insert(parent, node, place);
    if (kept && kept !== node) update(kept, node);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

const asNode = (child) => (child instanceof Node ? child : document.createTextNode(child));

function match(node, parent, place, byKey) {
  if (node.remembered) return node.parentNode === parent ? node : null;
  const key = node.dataset?.key;
  if (key) return byKey.get(key) ?? null;
  return place && place.nodeName === node.nodeName && !place.dataset?.key && !place.remembered ? place : null;
}

const handlers = ["onclick", "oninput", "onchange", "onkeydown", "onpaste", "onpointerenter", "onpointerleave", "onfocus", "onblur"];

function update(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // A person opened or closed it: that is theirs to keep.
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.handled || fresh.handled) updateHandlers(old, fresh);
  if ("value" in fresh && (old.localName === "input" || old.localName === "textarea") && old !== document.activeElement) setValue(old, fresh.value);
  if ("checked" in fresh && old.checked !== fresh.checked) old.checked = fresh.checked;
  patch(old, ...fresh.childNodes);
  if (old.localName === "select") setValue(old, fresh.value);
}

function updateHandlers(old, fresh) {
  for (const name of handlers) if (old[name] !== fresh[name]) old[name] = fresh[name];
  old.handled = true;
}

// keepFocus watches a part of the page: where what was pressed goes away with its pressing, the keyboard goes on
// from what is left around it, not from the top of the page.
export function keepFocus(root) {
  root.addEventListener("click", (event) => {
    const path = event.composedPath();
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body || path[0].isConnected && path[0].checkVisibility()) return;
      const around = path.find((el) => el.isConnected && el.matches?.("[role=tabpanel], dialog, section, header, body"));
      around?.querySelector(":is(a, button, input, select, textarea, [tabindex='0']):not([hidden], :disabled)")?.focus({ preventScroll: true });
    });
  }, true);
}

export const byId = (id) => document.getElementById(id);

const shapes = {
  copy: ["M5.5 5.5v-3h8v8h-3", "M2.5 5.5h8v8h-8z"],
  check: ["m3 8.5 3.5 3.5L13 4.5"],
  eye: ["M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z", "M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"],
  eyeOff: ["M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z", "m2.5 13.5 11-11"],
  close: ["m4 4 8 8", "m12 4-8 8"],
  info: ["M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z", "M8 7.5v4", "M8 4.7v.1"],
  warn: ["m8 2 6.5 11.5h-13z", "M8 6.5v3.5", "M8 11.7v.1"],
  error: ["M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z", "m5.7 5.7 4.6 4.6", "m10.3 5.7-4.6 4.6"],
};

export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    shapes[name].map((d) => svg("path", { d })));
}

// copyButton copies the whole of text() with one press, however little of it is shown.
export function copyButton(text, label = t("copy.button"), key = null) {
  return h("button", { type: "button", class: "quiet icon copy", title: label, "aria-label": label, "data-key": key,
    onclick: (event) => copy(event.currentTarget, text()) }, icon("copy"));
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text).then(() => confirmCopy(button), () => announce(t("copy.failed")));
}

function confirmCopy(button) {
  button.replaceChildren(icon("check"));
  announce(t("copy.done"));
  setTimeout(() => button.replaceChildren(icon("copy")), 1500);
}

// announce says a short sentence to a screen reader without moving the focus.
export function announce(text) {
  byId("announce").textContent = text;
}

// refLink links to the place in a specification that a step, a note or an error stands on.
export function refLink(ref) {
  if (!ref?.doc) return null;
  return ref.url ? h("a", { class: "ref", href: ref.url, target: "_blank", rel: "noreferrer" }, refLabel(ref)) : h("span", { class: "ref" }, refLabel(ref));
}

export const refLabel = (ref) => (!ref.section ? ref.doc : t(/^[\dA-Z][\d.]*$/.test(ref.section) ? "ref.section" : "ref.named", ref));

// fieldButton leads to an input of the form.
export function fieldButton(field, label, go) {
  return h("button", { type: "button", class: "link", "data-goto": field, onclick: () => go(field) }, label);
}
