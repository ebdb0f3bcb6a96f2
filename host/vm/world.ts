/**
 * The WIT world `hermetic:contract` as core signatures: what a contract may import and must export.
 *
 * V8 checks types only between Wasm modules; towards JavaScript it coerces. Admission therefore
 * compares every import and export with this table, and nothing outside it is ever linked.
 *
 * @module
 */

/** `i` is an i32, `I` an i64. */
export interface Signature {
  readonly params: string;
  readonly results: string;
}

export interface WorldImport extends Signature {
  readonly module: string;
  readonly name: string;
}

/** Canonical ABI lowering: list and string are pointer and length, wide results go through a return pointer. */
export const worldImports = {
  "state.get": { module: "hermetic:contract/state@0.1.0", name: "get", params: "iii", results: "" },
  "state.set": {
    module: "hermetic:contract/state@0.1.0",
    name: "set",
    params: "iiii",
    results: "",
  },
  "state.remove": {
    module: "hermetic:contract/state@0.1.0",
    name: "remove",
    params: "ii",
    results: "",
  },
  "state.scan": {
    module: "hermetic:contract/state@0.1.0",
    name: "scan",
    params: "iiiiiii",
    results: "",
  },
  "context.caller": {
    module: "hermetic:contract/context@0.1.0",
    name: "caller",
    params: "i",
    results: "",
  },
  "context.self": {
    module: "hermetic:contract/context@0.1.0",
    name: "self",
    params: "i",
    results: "",
  },
  "context.now": {
    module: "hermetic:contract/context@0.1.0",
    name: "now",
    params: "",
    results: "I",
  },
  "context.height": {
    module: "hermetic:contract/context@0.1.0",
    name: "height",
    params: "",
    results: "I",
  },
  "context.random": {
    module: "hermetic:contract/context@0.1.0",
    name: "random",
    params: "iiii",
    results: "",
  },
  "events.emit": {
    module: "hermetic:contract/events@0.1.0",
    name: "emit",
    params: "iiiii",
    results: "",
  },
  "logging.log": {
    module: "hermetic:contract/logging@0.1.0",
    name: "log",
    params: "iii",
    results: "",
  },
  "control.fail": {
    module: "hermetic:contract/control@0.1.0",
    name: "fail",
    params: "iiii",
    results: "",
  },
  "control.panic": {
    module: "hermetic:contract/control@0.1.0",
    name: "panic",
    params: "iiiiii",
    results: "",
  },
  "control.refuse": {
    module: "hermetic:contract/control@0.1.0",
    name: "refuse",
    params: "i",
    results: "",
  },
  "secrets.get": {
    module: "hermetic:contract/secrets@0.1.0",
    name: "get",
    params: "iii",
    results: "",
  },
  "secrets.reference": {
    module: "hermetic:contract/secrets@0.1.0",
    name: "reference",
    params: "iii",
    results: "",
  },
  "http.fetch": {
    module: "hermetic:contract/http@0.1.0",
    name: "fetch",
    params: "iii",
    results: "",
  },
  "contracts.call": {
    module: "hermetic:contract/contracts@0.1.0",
    name: "call",
    params: "iiiiiiiiIi",
    results: "",
  },
  "contracts.instantiate": {
    module: "hermetic:contract/contracts@0.1.0",
    name: "instantiate",
    params: "iiiiiiiiiIi",
    results: "",
  },
  "contracts.upgrade": {
    module: "hermetic:contract/contracts@0.1.0",
    name: "upgrade",
    params: "iiiiiii",
    results: "",
  },
  "crypto.sha256": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "sha256",
    params: "iii",
    results: "",
  },
  "crypto.keccak256": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "keccak256",
    params: "iii",
    results: "",
  },
  "crypto.blake2b": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "blake2b",
    params: "iiiiii",
    results: "",
  },
  "crypto.verify": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "verify",
    params: "iiiiiii",
    results: "i",
  },
  "crypto.recover": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "recover",
    params: "iiiii",
    results: "",
  },
  "crypto.seal": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "seal",
    params: "iiiiiii",
    results: "",
  },
  "crypto.open": {
    module: "hermetic:contract/crypto@0.1.0",
    name: "open",
    params: "iiiiiii",
    results: "",
  },
  "keys.derive": {
    module: "hermetic:contract/keys@0.1.0",
    name: "derive",
    params: "iii",
    results: "",
  },
  "keys.public-key": {
    module: "hermetic:contract/keys@0.1.0",
    name: "public-key",
    params: "iiii",
    results: "",
  },
  "keys.sign": {
    module: "hermetic:contract/keys@0.1.0",
    name: "sign",
    params: "iiiiii",
    results: "",
  },
  "scheduler.plan": {
    module: "hermetic:contract/scheduler@0.1.0",
    name: "plan",
    params: "IIiiiiI",
    results: "I",
  },
  "scheduler.cancel": {
    module: "hermetic:contract/scheduler@0.1.0",
    name: "cancel",
    params: "I",
    results: "i",
  },
} as const;

export type WorldImportKey = keyof typeof worldImports;

/** Host functions that may have to wait: the engine links them as such. */
export const waitingImports: ReadonlySet<WorldImportKey> = new Set([
  "http.fetch",
  "contracts.call",
  "contracts.instantiate",
  "contracts.upgrade",
]);

/** Functions every contract exports. `init`, `command` and `query` take method and arguments. */
export const requiredExports = {
  cabi_realloc: { params: "iiii", results: "i" },
  init: { params: "iiii", results: "i" },
  command: { params: "iiii", results: "i" },
  query: { params: "iiii", results: "i" },
} as const;

/** Functions a contract may export: code without `migrate` changes nothing at an upgrade. `cabi_post_*` is never called, for an instance lives for one call. */
export const optionalExports = {
  _initialize: { params: "", results: "" },
  cabi_post_init: { params: "i", results: "" },
  cabi_post_command: { params: "i", results: "" },
  cabi_post_query: { params: "i", results: "" },
  migrate: { params: "iiii", results: "i" },
  cabi_post_migrate: { params: "i", results: "" },
} as const;

export const MEMORY_EXPORT = "memory";

/** Names that begin so belong to the instrumentation. */
export const RESERVED_PREFIX = "hermetic:";
