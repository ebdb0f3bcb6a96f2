/**
 * Runs `command` of a resumable module in slices of a few gas, without leaving the stack between them.
 *
 * @module
 */
import type { AdmittedModule } from "#host/vm/admit.ts";
import { Fault } from "#protocol/fault.ts";
import { GasCounter } from "#host/vm/gas.ts";
import { GAS_EXPORT, STACK_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_IMPORT } from "#host/vm/meter/meter.ts";
import { SLICE_EXPORT } from "#host/vm/meter/slices.ts";
import { assemble } from "#test/support/wasm.ts";
import { ARGUMENTS } from "#test/support/reference/engine.ts";
import type { Limits, Outcome } from "#test/support/interpreter/machine.ts";

/** A function for a table that calls the import `h` `s`. */
const callerModule = new WebAssembly.Module(
  Uint8Array.from(
    assemble({
      imports: [{ module: "h", name: "s", params: "", results: "" }],
      functions: [{ code: [0x10, 0], export: "s" }],
    }),
  ),
);

export interface Sliced {
  readonly outcome: Outcome;
  /** Times that the code asked for more gas. */
  readonly asked: number;
}

export function executeSliced(
  admitted: AdmittedModule,
  { gas, stack }: Pick<Limits, "gas" | "stack">,
  sliceGas: number,
): Sliced {
  const memory = admitted.memories.take();
  const imports = { [MEMORY_IMPORT.module]: { [MEMORY_IMPORT.name]: memory } };
  const { exports } = new WebAssembly.Instance(admitted.module, imports);
  const counter = new GasCounter(exports[GAS_EXPORT] as WebAssembly.Global);
  const stackLeft = exports[STACK_EXPORT] as WebAssembly.Global;
  if (stack !== undefined) stackLeft.value = stack;
  counter.left = gas;
  counter.slice(sliceGas);
  let asked = 0;
  const more = (): void => {
    asked++;
    if (counter.left < 0) throw new Fault("OUT_OF_GAS");
    counter.slice(sliceGas);
  };
  const caller = new WebAssembly.Instance(callerModule, { h: { s: more } });
  (exports[SLICE_EXPORT] as WebAssembly.Table).set(0, caller.exports["s"]);
  let end: Outcome["end"] = "returned";
  let trap = "";
  let results: number[] = [];
  try {
    results = [(exports["command"] as (...args: number[]) => number)(...ARGUMENTS)];
  } catch (error) {
    if (error instanceof Fault) end = "OUT_OF_GAS";
    else if (error instanceof WebAssembly.RuntimeError) {
      end = (stackLeft.value as number) < 0 ? "STACK_OVERFLOW" : "TRAP";
      trap = error.message;
    } else throw error;
  }
  const outcome = {
    ...{ end, trap, results, gas: gas - counter.left },
    ...{ memory: new Uint8Array(memory.buffer.slice()), stack: Number(stackLeft.value) },
  };
  return { outcome, asked };
}
