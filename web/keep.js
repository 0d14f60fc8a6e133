// The typed request over a reload in the same tab, without its secrets: those are written nowhere.
// A secret that is the public example's own is put back, since everybody has it.

import { withoutSecrets } from "./redact.js";
import { dropFiles } from "./share.js";
import { callParams, catalogue, replace } from "./state.js";

const key = "authpad.typed";

export function keep() {
  try {
    const { request, auth, env } = callParams();
    dropFiles(request);
    const safe = withoutSecrets({ request, auth });
    sessionStorage.setItem(key, JSON.stringify({ request: safe.request, auth: safe.auth, env, example: exampleOf(request, auth) }));
  } catch {
    // Storage may be full or forbidden: then a reload starts anew.
  }
}

// exampleOf names the example whose secrets are the typed ones.
function exampleOf(request, auth) {
  const same = (e) => e.scheme === auth.scheme && e.request.url === request.url && Object.entries(e.auth.values).every(([id, v]) => auth.values[id] === v);
  return catalogue.examples.find(same)?.id;
}

// restore puts what was kept into the form; it says false where there is nothing.
export function restore() {
  const kept = take();
  if (!kept) return false;
  const example = catalogue.examples.find((e) => e.id === kept.example);
  replace(kept.request, example ? { ...kept.auth, values: { ...kept.auth.values, ...example.auth.values } } : kept.auth, kept.env);
  return true;
}

function take() {
  try {
    const text = sessionStorage.getItem(key);
    return text && JSON.parse(text);
  } catch {
    return null;
  }
}
