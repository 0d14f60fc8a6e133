// A request with every secret taken out, for links, for storage and for what is shown while hidden.

import { schemeOf } from "./state.js";
import { isSecretHeader, isSecretParam } from "./values.js";

// withoutSecrets returns {request, auth, emptied}: copies with each secret replaced by placeholder,
// and the labels of what was replaced.
export function withoutSecrets({ request, auth }, placeholder = "") {
  const emptied = [];
  const swap = (label, value) => {
    if (!value) return value;
    emptied.push(label);
    return placeholder;
  };
  const headers = request.headers?.map(([n, v]) => [n, isSecretHeader(n) ? swap(n, v) : v]);
  const body = bodyWithout(request.body, swap);
  return { request: { ...request, url: urlWithout(request.url, swap), ...(headers && { headers }), ...(body && { body }) },
    auth: { ...auth, values: valuesWithout(auth, swap) }, emptied };
}

function valuesWithout({ scheme, values }, swap) {
  const fields = schemeOf(scheme)?.fields ?? [];
  return Object.fromEntries(Object.entries(values ?? {}).map(([id, value]) => {
    const field = fields.find((f) => f.id === id);
    // A field that the scheme does not describe is taken for a secret.
    return [id, !field || field.secret || field.kind === "secret" ? swap(field?.label ?? id, value) : value];
  }));
}

// The text is cut, not parsed: what is kept stays as it was typed.
function urlWithout(url, swap) {
  const slashes = url.indexOf("//");
  const start = slashes < 0 ? -1 : slashes + 2;
  const end = start < 0 ? -1 : start + url.slice(start).search(/[/?#\\]|$/);
  const at = start < 0 ? -1 : url.slice(start, end).lastIndexOf("@");
  if (at >= 0) url = url.slice(0, start) + userinfoWithout(url.slice(start, start + at), swap) + url.slice(start + at);
  return url.replace(/([?&])([^=&#]*)=([^&#]*)/g, (all, mark, name, value) => (isSecretParam(name) ? `${mark}${name}=${swap(name, value)}` : all));
}

function userinfoWithout(userinfo, swap) {
  const colon = userinfo.indexOf(":");
  return colon < 0 ? userinfo : userinfo.slice(0, colon + 1) + swap("password", userinfo.slice(colon + 1));
}

function bodyWithout(body, swap) {
  if (body?.form) return { form: body.form.map(([n, v]) => [n, isSecretParam(n) ? swap(n, v) : v]) };
  if (body?.multipart) return { multipart: body.multipart.map((p) => (isSecretParam(p.name) && p.value ? { ...p, value: swap(p.name, p.value) } : p)) };
  if (body?.text) return { text: textWithout(body.text, swap) };
  return body;
}

// In JSON the members with telling names can be found without parsing, even while it is half typed.
function textWithout(text, swap) {
  return text.replace(/"([\w-]{1,40})"(\s*:\s*)"([^"\\]*(?:\\.[^"\\]*)*)"/g, (all, name, colon, value) => (isSecretParam(name) ? `"${name}"${colon}"${swap(name, value)}"` : all));
}
