/**
 * One call in the sandbox: a fresh instance, a read and a write of state.
 *
 * @module
 */
import { join } from "node:path";
import { build } from "hermetic/build";
import { measure } from "mitata";
import { runCall } from "#host/functions/call.ts";
import type { CallEnvironment } from "#host/functions/environment.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { admit } from "#host/vm/admit.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import type { Row } from "#test/bench/row.ts";

const GAS = 100_000_000;

/** Runs in the microsecond range; p50, because the machine is shared. */
export async function run(): Promise<Row[]> {
  const entry = join(import.meta.dirname, "../contracts/store.ts");
  const { contracts } = await build({ entry });
  const component = contracts[0]?.wasm;
  if (component === undefined) throw new Error("the benchmark's contract was not built");
  const module = admit(component);
  const state = new ContractState();
  const environment = (mode: "command" | "query"): CallEnvironment => ({
    mode,
    caller: new Uint8Array(32).fill(1),
    self: new Uint8Array(32).fill(2),
    nowSeconds: 0n,
    height: 1n,
    random: (length) => new Uint8Array(length),
    primitives: nodePrimitives,
    contractSecret: () => new Uint8Array(32),
    state: new Overlay(state),
    secret: () => undefined,
    http: { kind: "replay", next: () => [] },
  });
  const args = Uint8Array.of(0x90);
  const bump = await measure(() => {
    const world = environment("command");
    const { end } = runCall(module, { method: "bump", args, gasLimit: GAS }, world);
    if (end.kind !== "returned") throw new Error(end.kind);
    state.apply(world.state.writes());
  });
  const read = await measure(() => {
    runCall(module, { method: "read", args, gasLimit: GAS }, environment("query"));
  });
  const bound = { kind: "at most", value: 60 } as const;
  return [
    {
      name: "fresh instance + call + get + set, p50",
      value: bump.p50 / 1000,
      unit: "µs",
      bound,
    },
    { name: "fresh instance + call + get + set, p99", value: bump.p99 / 1000, unit: "µs" },
    { name: "fresh instance + query + get, p50", value: read.p50 / 1000, unit: "µs" },
  ];
}
