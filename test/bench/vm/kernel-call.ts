/**
 * One call of a kernel in a fresh instance: prepared, timed from entry to return, checked.
 *
 * @module
 */
import { pack, unpack } from "#protocol/codec.ts";
import { GAS_EXPORT } from "#host/vm/meter/counters.ts";
import { timeRun } from "#test/bench/measure.ts";
import type { Variant } from "#test/bench/vm/variants.ts";

const METHOD = "run";
/** More than any kernel needs, and what the host may set. */
const GAS = 2n ** 53n - 1n;

type Entry = (...args: number[]) => number;

export interface KernelResult {
  readonly microseconds: number;
  readonly value: unknown;
  /** 0 where nothing is metered. */
  readonly gas: number;
}

/** Every host function answers with zero: kernels call none. */
function imports({ module, newMemory }: Variant): WebAssembly.Imports {
  const linked: Record<string, Record<string, WebAssembly.Memory | (() => number)>> = {};
  for (const { module: group, name, kind } of WebAssembly.Module.imports(module)) {
    (linked[group] ??= {})[name] =
      kind === "memory" && newMemory !== undefined ? newMemory() : () => 0;
  }
  return linked;
}

/** Calls `run` with `argument`; what is timed is the call alone, not the instance. */
export function callKernel(variant: Variant, argument: number): KernelResult {
  const { exports } = new WebAssembly.Instance(variant.module, imports(variant));
  const counter = exports[GAS_EXPORT];
  const gas = counter instanceof WebAssembly.Global ? counter : undefined;
  if (gas !== undefined) gas.value = GAS;
  const call = exports as unknown as Record<"_initialize" | "cabi_realloc" | "query", Entry>; // checked at admission
  const memory = exports["memory"] as WebAssembly.Memory;
  call._initialize();
  const name = call.cabi_realloc(0, 0, 2, METHOD.length * 2);
  const args = pack([argument]);
  const place = call.cabi_realloc(0, 0, 1, args.length);
  for (let i = 0; i < METHOD.length; i++) {
    new DataView(memory.buffer).setUint16(name + 2 * i, METHOD.charCodeAt(i), true);
  }
  new Uint8Array(memory.buffer).set(args, place);
  let result = 0;
  const microseconds = timeRun(() => {
    result = call.query(name, METHOD.length, place, args.length);
  });
  const view = new DataView(memory.buffer);
  const bytes = new Uint8Array(
    memory.buffer,
    view.getUint32(result, true),
    view.getUint32(result + 4, true),
  );
  const used = gas === undefined ? 0 : Number(GAS - (gas.value as bigint));
  return { microseconds, value: unpack(bytes), gas: used };
}
