// Which step made which part of a text, and which part of it is secret. The outputs of the steps are
// looked for in the text itself, so what is marked is what is really there.

import { lastBuilt } from "./live.js";
import { startLineRanges, urlRanges } from "./secrets.js";

// segments cuts text into parts: [{text, step, steps, secret}]; step is the innermost one that made
// the part, steps are all of them. made says that the scheme wrote this text, not a person.
// hide are more ranges that are secret, such as those of secrets.js.
export function segments(text, steps, { made = false, secret = false, hide = [] } = {}) {
  const found = steps.flatMap((step, order) => occurrences(text, step.out, made).map((start) => ({ step, order, start, end: start + step.out.length })));
  const hidden = secret ? [[0, text.length]] : [...hide.map((r) => [r.from, r.to]), ...addressRanges(text), ...found.filter((f) => f.step.secret).flatMap((f) => shifted(secretRanges(f.step, steps), f.start))];
  const cuts = [...new Set([0, text.length, ...found.flatMap((f) => [f.start, f.end]), ...hidden.flat()])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => part(text, cuts[i], end, found, hidden));
}

function part(text, start, end, found, hidden) {
  const over = found.filter((f) => f.start <= start && f.end >= end)
    .sort((a, b) => a.end - a.start - (b.end - b.start) || b.order - a.order); // shortest, then newest
  return { text: text.slice(start, end), step: over[0]?.step.id ?? "", steps: over.map((f) => f.step.id),
    secret: hidden.some(([from, to]) => from <= start && to >= end) };
}

const shifted = (ranges, by) => ranges.map(([from, to]) => [from + by, to + by]);

// Fewer letters than this turn up by chance: they count only as a whole word, or where the scheme wrote.
const chance = 4;
const most = 50;

function occurrences(text, out, made) {
  const at = [];
  if (!out) return at;
  for (let i = text.indexOf(out); i >= 0 && at.length < most; i = text.indexOf(out, i + out.length)) {
    if (out.length >= chance || isWord(text, i, i + out.length) || (made && out.length > 1)) at.push(i);
  }
  return at;
}

function isWord(text, start, end) {
  const edge = (c) => c === undefined || !/[\p{L}\p{N}]/u.test(c);
  return edge(text[start - 1]) && edge(text[end]);
}

// secretRanges are the parts of a step's output to hide. What is only joined together, or set into a
// query, keeps its public parts readable ("Basic ••••"); everything else that is secret is hidden whole.
export function secretRanges(step, steps) {
  const whole = [[0, step.out.length]];
  if (!step.secret) return addressRanges(step.out);
  if (step.op === "set") return inQuery(step, steps);
  if (step.op !== "join") return whole;
  const secrets = (step.in ?? []).filter((p) => p.secret);
  if (!secrets.length) return whole;
  const ranges = secrets.filter((p) => p.value).flatMap((p) => inputRanges(p, step.out, steps));
  return ranges.length || secrets.every((p) => !p.value) ? ranges : whole;
}

// The other parameters of the query are the person's own, and hidden only where their names say so.
function inQuery(step, steps) {
  const own = (step.in ?? []).filter((p) => p.secret && p.value && p.from !== "request:url").flatMap((p) => inputRanges(p, step.out, steps));
  return own.length ? [...own, ...urlRanges(step.out).map((r) => [r.from, r.to])] : [[0, step.out.length]];
}

// A scheme may sign the address: where a secret of the query turns up in a value, it is hidden there too.
function addressRanges(text) {
  return addressSecrets().flatMap((one) => {
    const at = [];
    for (let i = text.indexOf(one); i >= 0; i = text.indexOf(one, i + one.length)) at.push([i, i + one.length]);
    return at;
  });
}

let known = { built: null, secrets: [] };

function addressSecrets() {
  const built = lastBuilt();
  if (built && built !== known.built) {
    const [line] = built.request.text.split("\n", 1);
    known = { built, secrets: startLineRanges(line).map((r) => line.slice(r.from, r.to)).filter((one) => one.length >= chance) };
  }
  return known.secrets;
}

// partRanges are the parts of a step's input to hide.
export function partRanges(part, step, steps) {
  if (!part.secret) return addressRanges(part.value);
  // A query that a parameter is set in keeps its public parts; a piece of the address, such as its password, keeps none.
  if (part.from === "request:url" && step.op === "set") return urlRanges(part.value).map((r) => [r.from, r.to]);
  const maker = part.from?.startsWith("step:") && steps.find((s) => s.id === part.from.slice(5) && s.out === part.value);
  return maker ? secretRanges(maker, steps) : [[0, part.value.length]];
}

// Every place where the input occurs is hidden: which of them is the real one cannot be known.
function inputRanges(input, out, steps) {
  const maker = input.from?.startsWith("step:") && steps.find((s) => s.id === input.from.slice(5) && s.out === input.value);
  const inner = maker ? secretRanges(maker, steps) : [[0, input.value.length]];
  const ranges = [];
  for (let i = out.indexOf(input.value); i >= 0; i = out.indexOf(input.value, i + 1)) ranges.push(...shifted(inner, i));
  return ranges;
}

// cutSecrets cuts a value at its secret ranges: [{text, secret}].
export function cutSecrets(text, ranges) {
  const cuts = [...new Set([0, text.length, ...ranges.flat()])].sort((a, b) => a - b);
  const parts = cuts.slice(1).map((end, i) => ({ text: text.slice(cuts[i], end), secret: ranges.some(([f, t]) => f <= cuts[i] && t >= end) }));
  return parts.filter((p, i) => !(p.secret && parts[i - 1]?.secret));
}
