/**
 * Names that a developer of JavaScript reaches for and contracts do not have, with what to use instead.
 *
 * @module
 */
export const absentNames: Readonly<Record<string, string>> = {
  any: "name the type, or write a generic class",
  bigint: "use u64, u128 or u256",
  Buffer: "use bytes, which is Uint8Array",
  document: "nothing is shown anywhere",
  fetch: "use http.get(url) or http.request(…)",
  globalThis: "keep what is to last in fields of the contract",
  JSON: "use Json.parse(…) to read, and a text in backquotes to write",
  localStorage: "keep it in a field of the contract",
  never: "use void",
  object: "name a class",
  performance: "use ctx.now(), in Unix seconds",
  Promise: "host functions return their results directly",
  Proxy: "write a class",
  queueMicrotask: "call the function",
  require: 'write import { … } from "./file"',
  setImmediate: 'use schedule.after(heights, "method")',
  setInterval: "put @every(heights) before a method",
  setTimeout: 'use schedule.after(heights, "method")',
  structuredClone: "copy the fields",
  TextDecoder: "use String.UTF8.decode(bytes.buffer)",
  TextEncoder: "use utf8(text)",
  undefined: "use null",
  unknown: "name the type, or write a generic class",
  WeakMap: "use a Map, or a Mapping in state",
  window: "nothing is shown anywhere",
};
