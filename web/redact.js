// A request with every secret taken out, for links, for storage and for what is shown while hidden.

import { headerRanges, isSecretName, shapeRanges, textRanges, urlRanges } from "./secrets.js";
import { schemeOf } from "./state.js";

// withoutSecrets returns {request, auth, challenge, emptied}: copies with each secret replaced by placeholder,
// and the labels of what was replaced. What is kept stays as it was typed, to the byte.
export function withoutSecrets({ request, auth, challenge = "" }, placeholder = "") {
  const emptied = [];
  const also = knownFrom(auth);
  const cut = (text, ranges) => without(text, ranges, placeholder, emptied);
  const named = (name, value) => cut(value, value && (isSecretName(name) || also.names.includes(name.trim().toLowerCase())) ? [{ from: 0, to: value.length, label: name }] : textRanges(value, also));
  const headers = request.headers?.map(([n, v]) => [nameWithout(n, cut), cut(v, headerRanges(n, v, also))]);
  const body = bodyWithout(request.body, named, (text) => cut(text, textRanges(text, also)));
  return { request: { ...request, url: safeURL(cut(request.url, urlRanges(request.url, also)), placeholder), ...(headers && { headers }), ...(body && { body }) },
    auth: { ...auth, values: valuesWithout(auth, cut) }, challenge: cut(challenge, textRanges(challenge, also)), emptied };
}

// knownFrom tells what the scheme says about secrets: the name its key goes under, and their values.
function knownFrom({ scheme, values = {} }) {
  const fields = schemeOf(scheme)?.fields ?? [];
  const under = fields.some((f) => f.id === "name") && fields.some((f) => f.id === "in") ? values.name?.trim().toLowerCase() : "";
  return { names: under ? [under] : [], values: fields.filter((f) => f.secret).map((f) => values[f.id] ?? "") };
}

function without(text, ranges, placeholder, emptied) {
  let out = "";
  let from = 0;
  for (const r of ranges) {
    out += text.slice(from, r.from) + (r.quote ? JSON.stringify(placeholder) : placeholder);
    from = r.to;
    emptied.push(r.label);
  }
  return from ? out + text.slice(from) : text;
}

// A header line may stand in the cell of its name.
function nameWithout(name, cut) {
  const colon = name.indexOf(":");
  return colon < 0 ? cut(name, shapeRanges(name)) : name.replace(/:(\s*)([^]*)/, (all, space, value) => `:${space}${cut(value, headerRanges(name.slice(0, colon), value))}`);
}

// The parser of URLs overlooks tabs and more; what it still takes for a password is none to keep.
function safeURL(url, placeholder) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed?.password || parsed.password === encodeURIComponent(placeholder)) return url;
  parsed.password = "";
  return parsed.href;
}

function valuesWithout({ scheme, values }, cut) {
  const fields = schemeOf(scheme)?.fields ?? [];
  return Object.fromEntries(Object.entries(values ?? {}).map(([id, value]) => {
    const field = fields.find((f) => f.id === id);
    // A field that the scheme does not describe is taken for a secret.
    const secret = value && (!field || field.secret || field.kind === "secret");
    return [id, cut(value, secret ? [{ from: 0, to: value.length, label: field?.label ?? id }] : shapeRanges(value))];
  }));
}

function bodyWithout(body, named, text) {
  if (body?.form) return { form: body.form.map(([n, v]) => [n, named(n, v)]) };
  if (body?.multipart) return { multipart: body.multipart.map((p) => (p.value ? { ...p, value: named(p.name ?? "", p.value) } : p)) };
  if (body?.text) return { text: text(body.text) };
  return body;
}
