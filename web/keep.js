// The typed request over a reload in the same tab, without its secrets: those are written nowhere.
// A secret that is a public example's own is put back, since everybody has it. opening.js reads it.

import { keptKey, secretsOf } from "./opening.js";
import { withoutSecrets } from "./redact.js";
import { dropFiles, listed } from "./share.js";
import { callParams, fileBody, publicExamples, schemeOf, typed } from "./state.js";
import { t } from "./text.js";

export function keep() {
  try {
    const { request, auth, env, fetch, challenge = [] } = callParams();
    const files = dropFiles(request) || fileBody() !== undefined;
    const safe = withoutSecrets({ request, auth, challenge: typed.challenge });
    const example = exampleOf(auth, challenge);
    const emptied = without(safe.emptied, Object.keys(secretsOf(example)).map((id) => labelOf(auth.scheme, id)));
    if (files) emptied.push(t("body.file"));
    emptied.push(...Object.keys(typed.tls).filter((name) => typed.tls[name] && isSecretTLS(name)).map((name) => t(`tls.${name}.label`)), ...(typed.proxy.password ? [t("proxy.password.label")] : []));
    sessionStorage.setItem(keptKey, JSON.stringify({ request: safe.request, auth: safe.auth, env, fetch, challenge: safe.challenge,
      values: otherValues(auth.scheme), tls: keptTLS(), proxy: keptProxy(), example: example?.id, emptied: listed(emptied) }));
  } catch {
    // Storage may be full or forbidden: then a reload starts anew.
  }
}

// What the schemes hold that are not chosen: a person may come back to them.
const otherValues = (chosen) => Object.fromEntries(Object.entries(typed.values).filter(([id]) => id !== chosen)
  .map(([scheme, values]) => [scheme, withoutSecrets({ request: { url: "" }, auth: { scheme, values } }).auth.values]));

// A private key may stand in the field of a certificate, too.
const isSecretTLS = (name) => ["clientKey", "pkcs12", "pkcs12Password"].includes(name) || typed.tls[name].includes("PRIVATE KEY");

// That nothing is verified is chosen anew each time.
function keptTLS() {
  const safe = Object.fromEntries(Object.entries(typed.tls).filter(([name]) => !isSecretTLS(name)));
  return { ...safe, pkcs12Name: "", choice: safe.choice === "skip" ? "verify" : safe.choice };
}

const keptProxy = () => ({ url: withoutSecrets({ request: { url: typed.proxy.url }, auth: {} }).request.url, username: typed.proxy.username });

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
