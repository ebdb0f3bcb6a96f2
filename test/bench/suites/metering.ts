/**
 * What metering costs: the same contract's code, bare on V8 and as the enclave runs it.
 *
 * Both variants are called in turns in one process, so that noise meets both.
 *
 * @module
 */
import { join } from "node:path";
import { pack } from "#protocol/codec.ts";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { build } from "hermetic/build";
import { admit } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import { GAS_EXPORT } from "#host/vm/meter/counters.ts";
import { median } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";

const ROUNDS = 31;
const GAS = 2n ** 62n;
const kernels = [
  { method: "fib", argument: 25 },
  { method: "sieve", argument: 1_000_000 },
  { method: "mix", argument: 1_000_000 },
  { method: "keccak", argument: 1_000 },
  { method: "sort", argument: 50_000 },
  { method: "matmul", argument: 120 },
  { method: "json", argument: 2_000 },
  { method: "interpret", argument: 1_000_000 },
  { method: "wide", argument: 1_000_000 },
  { method: "transfer", argument: 50_000 },
] as const;

/** What the metered module, which does not bring its own, is given. */
function newMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MEMORY_PAGES_MAX });
}

/** Every host function answers with zero: the kernels call none. */
function stubs(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.Memory | (() => number)>> = {};
  for (const { module: group, name, kind } of WebAssembly.Module.imports(module)) {
    const memory = kind === "memory";
    (imports[group] ??= {})[name] = memory ? newMemory() : () => 0;
  }
  return imports;
}

/** Microseconds of one call in a fresh instance. */
function timeCall(module: WebAssembly.Module, method: string, argument: number): number {
  const { exports } = new WebAssembly.Instance(module, stubs(module));
  const gas = exports[GAS_EXPORT];
  if (gas instanceof WebAssembly.Global) gas.value = GAS;
  const call = exports as unknown as Record<string, (...args: number[]) => number>; // the contract's world
  const memory = exports["memory"] as WebAssembly.Memory;
  call["_initialize"]?.();
  const name = call["cabi_realloc"]?.(0, 0, 2, method.length * 2) ?? 0;
  const args = pack([argument]);
  const place = call["cabi_realloc"]?.(0, 0, 1, args.length) ?? 0;
  for (let i = 0; i < method.length; i++) {
    new DataView(memory.buffer).setUint16(name + 2 * i, method.charCodeAt(i), true);
  }
  new Uint8Array(memory.buffer).set(args, place);
  const start = performance.now();
  call["query"]?.(name, method.length, place, args.length);
  return (performance.now() - start) * 1000;
}

export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/kernels.ts");
  const { contracts } = await build({ entry });
  const component = contracts[0]?.wasm;
  if (component === undefined) throw new Error("the kernels were not built");
  const core = parseComponent(component).core.slice();
  const bare = new WebAssembly.Module(core);
  const admitted = admit(component);
  const metered = admitted.module;
  const rows: Row[] = [];
  for (const { method, argument } of kernels) {
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const unmetered = timeCall(bare, method, argument);
      ratios.push(timeCall(metered, method, argument) / unmetered);
    }
    rows.push({
      name: `metered ÷ bare V8: ${method}(${argument})`,
      value: median(ratios),
      unit: "×",
    });
  }
  const logs = rows.map(({ value }) => Math.log(value));
  const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  rows.push({ name: "metered ÷ bare V8: geometric mean", value: mean, unit: "×" });
  const growth = admitted.codeBytes / core.length;
  rows.push({ name: "metered ÷ uploaded code bytes", value: growth, unit: "×" });
  return rows;
}
