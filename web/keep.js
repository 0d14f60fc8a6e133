// The typed request over a reload in the same tab, without its secrets: those are written nowhere.
// A secret that is the public example's own is put back, since everybody has it. opening.js reads it.

import { keptKey } from "./opening.js";
import { withoutSecrets } from "./redact.js";
import { dropFiles } from "./share.js";
import { callParams, catalogue } from "./state.js";

export function keep() {
  try {
    const { request, auth, env, fetch } = callParams();
    dropFiles(request);
    const safe = withoutSecrets({ request, auth });
    sessionStorage.setItem(keptKey, JSON.stringify({ request: safe.request, auth: safe.auth, env, fetch, example: exampleOf(request, auth) }));
  } catch {
    // Storage may be full or forbidden: then a reload starts anew.
  }
}

// exampleOf names the example whose secrets are the typed ones.
function exampleOf(request, auth) {
  const same = (e) => e.scheme === auth.scheme && e.request.url === request.url && Object.entries(e.auth.values).every(([id, v]) => auth.values[id] === v);
  return catalogue.examples.find(same)?.id;
}
