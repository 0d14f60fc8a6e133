// Every keystroke rebuilds the request. Answers that another keystroke has overtaken are dropped.

import { call, on as onCore, state } from "./core.js";
import { bodyLength, callParams, emit, fileBody, on } from "./state.js";

let asked = 0;
let timer = 0;
let last = null; // the newest answer: {built} or {error}
let untold = 0; // an error that waits for a pause in the typing

export const lastBuilt = () => last?.built ?? null;
export const lastError = () => last?.error ?? null; // of the newest answer; what was built before it is out of date

// A large body makes each build cost milliseconds: then a pause in the typing is awaited.
const largeBody = 256 * 1024;

// What is being typed is wrong for a moment, such as "https://" before its host: a message that comes and goes would
// move the page under the hand. So the first one waits for a pause.
const pause = 400;
const isTyping = () => document.activeElement?.matches("textarea, input:not([type=checkbox], [type=radio])");

export function initLive() {
  on("typed", () => {
    clearTimeout(timer);
    clearTimeout(untold); // of a text that is another one now
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
  clearTimeout(untold);
  if (!answer.error) {
    last = { built: answer.ok };
    emit("built", answer.ok);
    return;
  }
  if (isTyping() && last?.built && !last.error) untold = setTimeout(refuse, pause, answer.error);
  else refuse(answer.error);
}

function refuse(error) {
  last = { built: last?.built, error };
  emit("refused", error);
}
