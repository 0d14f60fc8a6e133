// What TLS saw of a server, as the relay reports it: version and cipher, the chain, which check failed, and
// what to do instead of turning verification off.

import { announce, copyButton, h, icon } from "./dom.js";
import { noteList } from "./notes.js";
import { change, emit } from "./state.js";
import { t } from "./text.js";

const checks = ["chain", "name", "validity", "fingerprint", "client-certificate"];

/**
 * handshake draws a report. Where a check failed it is open, and offers what a person can trust instead.
 * @param {object} report as core/api/encode.go writes it
 * @param {boolean} taken the answer was taken all the same, since a person asked for no check
 */
export function handshake(report, taken) {
  const failed = checks.includes(report.check);
  const about = [report.version, report.cipherSuite, report.serverName].filter(Boolean).join(" · ");
  return h("details", { class: "part-of handshake", id: "handshake", open: failed, "data-check": report.check },
    h("summary", {}, t(!failed ? "handshake.heading" : taken ? "handshake.taken" : "handshake.failed"), about ? h("span", { class: "summary-note" }, ` ${about}`) : null),
    failed ? h("p", {}, t(`handshake.check.${report.check}`, { name: report.serverName })) : null,
    report.check === "client-certificate" ? h("p", { class: "actions" }, h("button", { type: "button", class: "outlined", onclick: () => emit("relay-wanted") }, t("handshake.client"))) : null,
    report.notes?.length ? h("div", { class: "notes" }, noteList(report.notes)) : null,
    report.chain?.length ? [failed && report.check !== "client-certificate" ? instead(report) : null, h("ol", { class: "chain" }, report.chain.map((c, i) => link(c, i, report, failed)))] : null);
}

function link(c, i, { chain, check }, failed) {
  const role = i === 0 ? "server" : c.selfSigned ? "root" : "between";
  return h("li", { "data-fingerprint": c.fingerprint }, h("details", { open: failed && i === 0 },
    h("summary", {}, h("span", { class: "wire-type" }, commonName(c.subject)), h("span", { class: "summary-note" }, ` · ${t(`handshake.${chain.length === 1 && c.selfSigned ? "own" : role}`)}`)),
    h("dl", { class: "headers" }, [["subject", c.subject], ["issuer", c.issuer], ["names", (c.names ?? []).join(", ")], ["validity", validity(c)], ["key", c.key], ["fingerprint", c.fingerprint]]
      .filter(([, value]) => value).map(([name, value]) => [h("dt", {}, t(`handshake.${name}`)), h("dd", {}, h("span", { class: failed && faulty[check] === name && i === 0 ? "fault" : null }, value), name === "fingerprint" || name === "names" ? copyButton(() => value, t("handshake.copy", { name: t(`handshake.${name}`) })) : null)])),
    c.pem ? h("p", { class: "caption" }, h("span", {}, t("handshake.pem")), copyButton(() => c.pem, t("handshake.copyPEM"))) : null));
}

const faulty = { name: "names", validity: "validity", chain: "issuer", fingerprint: "fingerprint" };

const validity = ({ notBefore, notAfter }) => t("handshake.dates", { from: day(notBefore), to: day(notAfter) });
const day = (time) => time.replace("T", " ").replace(/:\d\dZ$/, " UTC");
const commonName = (subject) => /(?:^|,)CN=((?:[^,\\]|\\.)+)/.exec(subject)?.[1] ?? (subject || t("handshake.noName"));

// instead: a pin takes this one certificate, a CA all that it signs. The top of what came is the one to trust:
// that of a chain which ends at an unknown root, or a certificate which signed itself.
function instead({ chain, fingerprint, check }) {
  const top = chain.at(-1);
  const trusts = check === "chain" && top.pem && (chain.length > 1 || top.selfSigned);
  return h("div", { class: "callout info", id: "instead" }, icon("info"), h("div", {}, h("p", {}, t("handshake.instead")),
    h("p", { class: "actions" }, h("button", { type: "button", class: "outlined", id: "pin-this", onclick: () => trust((tls) => { tls.choice = "pin"; tls.fingerprint = fingerprint; }, "handshake.pinned") }, t("handshake.pin")),
      trusts ? h("button", { type: "button", class: "outlined", id: "trust-ca", onclick: () => trust((tls) => { tls.choice = "ca"; tls.ca = top.pem; }, "handshake.trusted") }, t("handshake.trust", { name: commonName(top.subject) })) : null),
    h("p", { class: "hint" }, t(trusts ? "handshake.insteadBoth" : "handshake.insteadPin"))));
}

function trust(edit, said) {
  change((r) => edit(r.tls));
  emit("relay-wanted");
  announce(t(said));
}
