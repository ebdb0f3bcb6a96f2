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

/**
 * Parameters and results of each import, by group and name. Canonical ABI lowering: list and string are pointer
 * and length, wide results go through a return pointer.
 */
const signatures = {
  "state.get": ["iii", ""],
  "state.set": ["iiii", ""],
  "state.remove": ["ii", ""],
  "state.scan": ["iiiiiii", ""],
  "context.caller": ["i", ""],
  "context.self": ["i", ""],
  "context.now": ["", "I"],
  "context.height": ["", "I"],
  "context.random": ["iiii", ""],
  "events.emit": ["iiiii", ""],
  "logging.log": ["iii", ""],
  "control.fail": ["iiii", ""],
  "control.panic": ["iiiiii", ""],
  "control.refuse": ["i", ""],
  "secrets.get": ["iii", ""],
  "secrets.reference": ["iii", ""],
  "http.fetch": ["iii", ""],
  "contracts.call": ["iiiiiiiiIi", ""],
  "contracts.instantiate": ["iiiiiiiiiIi", ""],
  "contracts.upgrade": ["iiiiiii", ""],
  "crypto.sha256": ["iii", ""],
  "crypto.keccak256": ["iii", ""],
  "crypto.blake2b": ["iiiiii", ""],
  "crypto.verify": ["iiiiiii", "i"],
  "crypto.recover": ["iiiii", ""],
  "crypto.seal": ["iiiiiii", ""],
  "crypto.open": ["iiiiiii", ""],
  "keys.derive": ["iii", ""],
  "keys.public-key": ["iiii", ""],
  "keys.sign": ["iiiiii", ""],
  "scheduler.plan": ["IIiiiiI", "I"],
  "scheduler.cancel": ["I", "i"],
} as const;

export type WorldImportKey = keyof typeof signatures;

const PACKAGE = "hermetic:contract";
const VERSION = "0.1.0";

/** All that a contract may import. */
export const worldImports: Readonly<Record<WorldImportKey, WorldImport>> = Object.fromEntries(
  Object.entries(signatures).map(([key, [params, results]]) => {
    const [group, name = ""] = key.split(".");
    return [key, { module: `${PACKAGE}/${group}@${VERSION}`, name, params, results }];
  }),
) as Record<WorldImportKey, WorldImport>; // the same keys

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
