// A link that carries the typed request in its fragment, which no server ever sees, with every
// secret emptied.

import { byId, copyButton, h, patch } from "./dom.js";
import { withoutSecrets } from "./redact.js";
import { closeButton } from "./settings.js";
import { callParams, replace, schemeOf } from "./state.js";
import { t } from "./text.js";
import { base64 } from "./values.js";

const mark = "#r=";
const longest = 16 * 1024; // longer links break in mails and chats

export function initShare() {
  const dialog = h("dialog", { id: "share-dialog", "aria-labelledby": "share-title" });
  document.body.append(dialog);
  byId("share").addEventListener("click", () => {
    draw(dialog);
    dialog.showModal();
    byId("share-link")?.select();
  });
  dialog.addEventListener("click", (e) => { if (e.target === dialog) dialog.close(); });
}

function draw(dialog) {
  const { link, emptied } = shareLink();
  patch(dialog, h("div", { class: "dialog-head" }, h("h2", { id: "share-title" }, t("share.button")), closeButton()),
    h("p", {}, t("share.about")),
    link.length > longest ? h("p", { class: "callout warn slim" }, t("share.long")) : null,
    h("div", { class: "control top-aligned" }, h("textarea", { id: "share-link", "data-share-link": true, class: "wire-type", readonly: true, rows: "5", value: link, "aria-label": t("share.link") }), copyButton(() => shareLink().link)),
    h("p", { class: "hint", id: "share-emptied" }, emptied.length ? t("share.emptied", { list: unique(emptied).join(", ") }) : t("share.noSecrets")),
    h("p", { class: "hint" }, t("share.body")));
  byId("share-link").value = link;
}

// One secret can have two names, a label and a parameter.
const unique = (names) => names.filter((n, i) => names.findIndex((m) => m.toLowerCase() === n.toLowerCase()) === i);

export function shareLink() {
  const { request, auth, env } = callParams();
  dropFiles(request);
  const { emptied, ...safe } = withoutSecrets({ request, auth });
  const json = JSON.stringify({ v: 1, ...safe, ...(Object.keys(env).length && { env }) });
  const text = base64(new TextEncoder().encode(json)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return { link: location.href.replace(/#.*/, "") + mark + text, emptied };
}

// Files stay where they are.
export function dropFiles(request) {
  if (request.body?.base64) delete request.body;
  if (request.body?.multipart) request.body.multipart = request.body.multipart.map(({ base64: file, ...part }) => (file ? { ...part, value: "" } : part));
}

// openShared puts a shared request into the form. It says false where the link holds none.
export function openShared() {
  if (!location.hash.startsWith(mark)) return false;
  try {
    const text = atob(location.hash.slice(mark.length).replaceAll("-", "+").replaceAll("_", "/"));
    const { request, auth, env } = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    replace(checked(request), checkedAuth(auth), checkedEnv(env));
    history.replaceState(null, "", location.pathname + location.search); // it would undo later edits on a reload
    return true;
  } catch {
    return false;
  }
}

// A link comes from anywhere: only members of the right type are taken.
const str = (value) => (typeof value === "string" ? value : "");
const pairs = (list) => (Array.isArray(list) ? list.filter((p) => Array.isArray(p)).map(([n, v]) => [str(n), str(v)]) : []);
const texts = (object) => Object.fromEntries(Object.entries(object ?? {}).filter(([, v]) => typeof v === "string"));

function checked(r) {
  const { text, form, multipart } = r?.body ?? {};
  const body = typeof text === "string" ? { text } : form ? { form: pairs(form) } : Array.isArray(multipart) ? { multipart: multipart.map((p) => texts(p)) } : undefined;
  return { method: str(r?.method), url: str(r?.url), headers: pairs(r?.headers), body };
}

const checkedAuth = (a) => (schemeOf(str(a?.scheme)) ? { scheme: a.scheme, values: texts(a.values) } : { scheme: "none", values: {} });
const checkedEnv = (e) => ({ now: str(e?.now), nonces: texts(e?.nonces) });
