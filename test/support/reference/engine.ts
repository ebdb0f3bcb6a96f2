/**
 * Runs `command` of a metered contract without imports on the engine, outside the call machinery.
 *
 * What can serve again does, made as new: each later run of a module is one in a restored instance.
 *
 * @module
 */
import type { AdmittedModule } from "#host/vm/admit.ts";
import { GAS_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_IMPORT } from "#host/vm/meter/meter.ts";
import { RESTORE_EXPORT } from "#host/vm/meter/restoring.ts";
import type { Limits, Outcome } from "#test/support/interpreter/machine.ts";

/** Arguments that `command` gets from every machine: it reads none of them. */
export const ARGUMENTS = [0, 0, 0, 0];

interface Engine {
  readonly memory: WebAssembly.Memory;
  readonly exports: Readonly<Record<string, unknown>>;
}

const restored = new WeakMap<AdmittedModule, Engine>();

/** Runs the call with so much gas, and with so much stack if it is told; copies the memory if it is `seen`. */
export function execute(
  admitted: AdmittedModule,
  { gas, stack }: Pick<Limits, "gas" | "stack">,
  seen: "seen" | "unseen" = "seen",
): Outcome {
  const { memory, exports } = restored.get(admitted) ?? instantiate(admitted);
  restored.delete(admitted);
  const gasLeft = exports[GAS_EXPORT] as WebAssembly.Global;
  const stackLeft = exports[STACK_EXPORT] as WebAssembly.Global;
  gasLeft.value = BigInt(gas);
  if (stack !== undefined) stackLeft.value = stack;
  let end: Outcome["end"] = "returned";
  let trap = "";
  let results: number[] = [];
  try {
    results = [(exports["command"] as (...args: number[]) => number)(...ARGUMENTS)];
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    end = "TRAP";
    trap = error.message;
    if ((stackLeft.value as number) < 0) end = "STACK_OVERFLOW";
    else if ((gasLeft.value as bigint) < 0n) end = "OUT_OF_GAS";
  }
  const bytes = new Uint8Array(seen === "seen" ? memory.buffer.slice() : []);
  const outcome = {
    ...{ end, trap, results, gas: gas - Number(gasLeft.value) },
    ...{ memory: bytes, stack: Number(stackLeft.value) },
  };
  const restore = exports[RESTORE_EXPORT] as (() => void) | undefined;
  if (restore !== undefined && admitted.memories.restore(memory)) {
    restore();
    restored.set(admitted, { memory, exports });
  } else admitted.memories.giveBack(memory);
  return outcome;
}

function instantiate(admitted: AdmittedModule): Engine {
  const memory = admitted.memories.take();
  const imports = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory } };
  const { exports } = new WebAssembly.Instance(admitted.module, imports);
  if (admitted.isRestorable) admitted.memories.see(memory);
  return { memory, exports };
}
