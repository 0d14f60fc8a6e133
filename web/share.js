// A link that carries the typed request in its fragment, which no server ever sees, with every
// secret emptied.

import { byId, copyButton, h, patch } from "./dom.js";
import { linkMark, linkVersion } from "./opening.js";
import { withoutSecrets } from "./redact.js";
import { closeButton } from "./settings.js";
import { callParams } from "./state.js";
import { t } from "./text.js";
import { base64 } from "./values.js";

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
    h("div", { class: "control top-aligned" }, h("textarea", { id: "share-link", "data-share-link": true, class: "wire-type", readonly: true, rows: "5", value: link, "aria-label": t("share.link") }), copyButton(() => shareLink().link, t("share.copy"))),
    h("p", { class: "hint", id: "share-emptied" }, emptied.length ? t("share.emptied", { list: listed(emptied) }) : t("share.noSecrets")),
    h("p", { class: "hint" }, t("share.body")));
  byId("share-link").value = link;
}

// One secret can have two names, a label and a parameter; names can be many, and long.
export function listed(names) {
  const once = names.filter((n, i) => names.findIndex((m) => m.toLowerCase() === n.toLowerCase()) === i).map((n) => (n.length > 40 ? n.slice(0, 40) + "…" : n));
  return once.slice(0, 20).join(", ") + (once.length > 20 ? t("more.reasons", { n: once.length - 20 }) : "");
}

export function shareLink() {
  const { request, auth, env, fetch, challenge = [] } = callParams();
  dropFiles(request);
  const { emptied, ...safe } = withoutSecrets({ request, auth, challenge: challenge.join("\n") });
  const json = JSON.stringify({ v: linkVersion, request: safe.request, auth: safe.auth, ...(safe.challenge && { challenge: safe.challenge }), ...(Object.keys(env).length && { env }), ...(Object.keys(fetch).length && { fetch }) });
  const text = base64(new TextEncoder().encode(json)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return { link: location.href.replace(/#.*/, "") + linkMark + text, emptied };
}

// Files stay where they are. What is returned says whether there were any.
export function dropFiles(request) {
  const { multipart } = request.body ?? {};
  if (multipart) request.body.multipart = multipart.map(({ base64: octets, file, ...part }) => (octets || file !== undefined ? { ...part, value: "" } : part));
  return (multipart ?? []).some((part) => part.base64 || part.file !== undefined);
}
