// Every keystroke rebuilds the request. Answers that another keystroke has overtaken are dropped.

import { call, on as onCore, state } from "./core.js";
import { bodyLength, callParams, emit, fileBody, on } from "./state.js";

let asked = 0;
let timer = 0;
let last = null; // the newest answer: {built} or {error}

export const lastBuilt = () => last?.built ?? null;
export const lastError = () => last?.error ?? null; // of the newest answer; what was built before it is out of date

// A large body makes each build cost milliseconds: then a pause in the typing is awaited.
const largeBody = 256 * 1024;

export function initLive() {
  on("typed", () => {
    clearTimeout(timer);
    if (bodyLength() < largeBody) build();
    else timer = setTimeout(build, 150);
  });
  onCore("ready", build); // what was typed until then, once
  on("answered", build); // the server may have asked for something
}

async function build() {
  if (state.core !== "ready") return;
  const turn = ++asked;
  const answer = await call("build", callParams(), fileBody()).catch(() => null); // a crash is told by core.js
  if (!answer || turn !== asked) return;
  if (answer.error) {
    last = { built: last?.built, error: answer.error };
    emit("refused", answer.error);
    return;
  }
  last = { built: answer.ok };
  emit("built", answer.ok);
}
