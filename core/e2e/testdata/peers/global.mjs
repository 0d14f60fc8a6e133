export { Buffer } from "buffer";
export const process = { env: {}, nextTick: (act, ...values) => queueMicrotask(() => act(...values)) };
export const global = globalThis;
