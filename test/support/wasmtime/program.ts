/**
 * A random program under Wasmtime.
 *
 * @module
 */
import { GAS_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_EXPORT } from "#host/vm/world.ts";
import { ARGUMENTS } from "#test/support/reference/engine.ts";
import { GAS, PAGES_MAX } from "#test/support/reference/agreement.ts";
import type { Outcome } from "#test/support/interpreter/machine.ts";
import { constant, signed, u32 } from "#test/support/wasm.ts";
import { meteredAnatomy } from "#test/support/wasmtime/metered.ts";
import { standAlone } from "#test/support/wasmtime/surgery.ts";
import { runInWasmtime, RUN_EXPORT } from "#test/support/wasmtime/wizer.ts";

const I32 = 0x7f;
const RESULT_EXPORT = "result";

/** Runs `command` of a contract without imports; a run that trapped leaves no memory and no counters. Undefined if Wizer does not take the code. */
export function runProgram(core: Uint8Array): Outcome | undefined {
  const anatomy = meteredAnatomy(core, PAGES_MAX);
  const { exports, globals } = anatomy;
  const gasGlobal = u32(exports.get(GAS_EXPORT)?.index ?? 0);
  const command = u32(exports.get("command")?.index ?? 0);
  const refill = [0x42, ...signed(GAS), 0x24, ...gasGlobal];
  const args = ARGUMENTS.flatMap((value) => constant(value));
  const snapshot = runInWasmtime(
    standAlone(anatomy, {
      bodies: [],
      globals: [[I32, 1, ...constant(0), 0x0b]],
      run: [0x00, ...refill, ...args, 0x10, ...command, 0x24, ...u32(globals)],
      runExport: RUN_EXPORT,
      exportedGlobals: [[RESULT_EXPORT, globals]],
    }),
  );
  if ("unsupported" in snapshot) return undefined;
  if ("trap" in snapshot) {
    const nothing = { results: [], gas: 0, memory: new Uint8Array(0), stack: 0 };
    return { end: "TRAP", trap: snapshot.trap, ...nothing };
  }
  const value = (name: string): number =>
    Number((snapshot.exports[name] as WebAssembly.Global).value as number | bigint);
  return {
    ...{ end: "returned", results: [value(RESULT_EXPORT)], gas: GAS - value(GAS_EXPORT) },
    memory: new Uint8Array((snapshot.exports[MEMORY_EXPORT] as WebAssembly.Memory).buffer),
    stack: value(STACK_EXPORT),
  };
}
