// Sending, its progress and its end. The core does the work; this module keeps the one send there
// can be at a time and tells the page what happens: "sending", "progress", "answered".

import { call, on as onCore, sink } from "./core.js";
import { callParams, emit, fileBody, on } from "./state.js";

let current = null; // {id, started, phase, received, total, headersAt, changed}

export const sending = () => current;

export function initSend() {
  on("typed", () => { if (current) current.changed = true; });
  on("cancel-wanted", cancel);
  onCore("timing", ({ id, entry }) => emit("timed", { id, entry }));
  onCore("progress", (p) => {
    if (!current || p.id !== current.id) return;
    if (p.phase !== "connecting" && !current.headersAt) current.headersAt = performance.now();
    Object.assign(current, { phase: p.phase, received: p.received ?? 0, total: p.total ?? null });
    emit("progress", current);
  });
}

// send sends the typed request; into is a WritableStream that also gets the whole body.
export async function send(into = null) {
  if (current) return;
  const mine = (current = { id: crypto.randomUUID(), started: performance.now(), phase: "connecting", received: 0, total: null, changed: false });
  if (into) sink(mine.id, into);
  const params = { id: mine.id, ...callParams() };
  emit("sending", mine);
  const answer = await call("send", params, fileBody()).catch(() => null);
  current = null;
  emit("answered", { ...readAnswer(answer), params, changed: mine.changed, timing: timing(mine), saved: into !== null });
}

function readAnswer(answer) {
  if (!answer) return { crashed: true };
  if (answer.error) return { error: answer.error };
  return { ...answer.ok, bytes: answer.bytes ?? new Uint8Array() };
}

function timing({ started, headersAt }) {
  const total = performance.now() - started;
  return { total, waiting: headersAt ? headersAt - started : total };
}

export function cancel() {
  if (current) call("cancel", { id: current.id }).catch(() => {});
}
