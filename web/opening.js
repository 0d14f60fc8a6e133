// What the page opens with: the colours a person chose, and the request of a shared link, the one typed
// before a reload, or an example.

import { byId, h, icon, patch } from "./dom.js";
import { catalogue, on, publicExamples, replace, schemeOf, typed } from "./state.js";
import { t } from "./text.js";

export const themes = ["system", "light", "dark"];
const themeKey = "authpad.theme";

export function storedTheme() {
  try {
    return themes.find((name) => name === localStorage.getItem(themeKey)) ?? "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

export function applyTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(themeKey);
    else localStorage.setItem(themeKey, theme);
  } catch {
    // Then it lasts as long as the page.
  }
}

export const linkMark = "#r=";
export const linkVersion = 1;
export const keptKey = "authpad.typed";

// The first visit opens on something that works without an account, a server or a network.
export const firstExample = () => catalogue.examples.find((e) => e.scheme === "basic" && !e.wrong) ?? catalogue.examples[0];

export function open() {
  if (openShared() || restore()) return;
  const example = firstExample();
  if (example) replace(example.request, example.auth, example.env);
}

// restore puts what keep.js wrote into the form; it says false where there is nothing.
function restore() {
  const kept = take();
  if (!kept) return false;
  const example = publicExamples().find((e) => e.id === kept.example);
  const { scheme, values } = kept.auth ?? {};
  Object.assign(typed.values, kept.values);
  Object.assign(typed.tls, kept.tls);
  Object.assign(typed.proxy, kept.proxy);
  replace(kept.request, { scheme, values: { ...values, ...secretsOf(example) } }, kept.env, kept.fetch, [kept.challenge ?? ""]);
  if (kept.emptied) notify("info", t("reload.emptied", { list: kept.emptied }), t("reload.emptiedHint"));
  on("replaced", () => notify());
  return true;
}

// secretsOf are the values of an example that are secrets, as far as an example has any.
export function secretsOf(example) {
  const secret = (schemeOf(example?.auth.scheme)?.fields ?? []).filter((f) => f.secret && example.auth.values[f.id]);
  return Object.fromEntries(secret.map(({ id }) => [id, example.auth.values[id]]));
}

function take() {
  try {
    const text = sessionStorage.getItem(keptKey);
    return text && JSON.parse(text);
  } catch {
    return null;
  }
}

// openShared puts a shared request into the form. It says false where the link holds none.
export function openShared() {
  if (!location.hash.startsWith(linkMark)) return false;
  const readable = readShared();
  history.replaceState(null, "", location.pathname + location.search); // it would undo later edits on a reload
  if (readable) notify();
  else notify("warn", t("link.unreadable"), t("link.unreadableHint")); // what was typed before stays as it is
  return readable;
}

function readShared() {
  try {
    const text = atob(location.hash.slice(linkMark.length).replaceAll("-", "+").replaceAll("_", "/"));
    const { v, request, auth, env, fetch, challenge } = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    if (v !== linkVersion || typeof request?.url !== "string") return false;
    replace(checked(request), checkedAuth(auth), checkedEnv(env), checkedFetch(fetch), [str(challenge)]);
    return true;
  } catch {
    return false;
  }
}

// notify says what became of what was to be opened, until it is closed; without words it closes.
function notify(severity, verdict, hint) {
  patch(byId("notice"), verdict ? h("div", { class: `callout ${severity}` }, icon(severity), h("p", {}, h("strong", {}, verdict), " ", hint),
    h("button", { type: "button", class: "quiet icon", id: "notice-close", "aria-label": t("dialog.close"), title: t("dialog.close"), onclick: () => notify() }, icon("close"))) : null);
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
const checkedFetch = (f) => Object.fromEntries(["credentials", "redirect", "cache", "timeoutMs"].filter((name) => typeof f?.[name] === (name === "timeoutMs" ? "number" : "string")).map((name) => [name, f[name]]));
const checkedEnv = (e) => ({ now: str(e?.now), nonces: texts(e?.nonces) });
