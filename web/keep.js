// The typed request over a reload in the same tab, without its secrets: those are written nowhere.
// A secret that is a public example's own is put back, since everybody has it. opening.js reads it.

import { keptKey, secretsOf } from "./opening.js";
import { withoutSecrets } from "./redact.js";
import { dropFiles, listed } from "./share.js";
import { callParams, fileBody, publicExamples, schemeOf } from "./state.js";
import { t } from "./text.js";

export function keep() {
  try {
    const { request, auth, env, fetch, challenge = [] } = callParams();
    const files = dropFiles(request) || fileBody() !== undefined;
    const safe = withoutSecrets({ request, auth });
    const example = exampleOf(auth, challenge);
    const emptied = without(safe.emptied, Object.keys(secretsOf(example)).map((id) => labelOf(auth.scheme, id)));
    if (files) emptied.push(t("body.file"));
    sessionStorage.setItem(keptKey, JSON.stringify({ request: safe.request, auth: safe.auth, env, fetch,
      example: example?.id, challenged: example !== undefined && isSame(challenge, example.challenge), emptied: listed(emptied) }));
  } catch {
    // Storage may be full or forbidden: then a reload starts anew.
  }
}

// A header may be called like a field that comes back.
function without(labels, back) {
  const left = [...labels];
  for (const label of back) if (left.includes(label)) left.splice(left.indexOf(label), 1);
  return left;
}

const labelOf = (scheme, id) => schemeOf(scheme).fields.find((f) => f.id === id).label;

// exampleOf is the example whose secrets are the typed ones, the one that answers the same challenge first.
function exampleOf({ scheme, values }, challenge) {
  const typedSecrets = secretsOf({ auth: { scheme, values } });
  if (!Object.keys(typedSecrets).length) return undefined;
  const same = publicExamples().filter((e) => e.auth.scheme === scheme && isSame(secretsOf(e), typedSecrets));
  return same.find((e) => isSame(challenge, e.challenge)) ?? same[0];
}

// The order of members is that of the scheme's fields on both sides.
const isSame = (a, b = []) => JSON.stringify(a) === JSON.stringify(b);
