/**
 * Calls of a contract in our host and, replayed without a host, under Wasmtime.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { MEMORY_PAGES_MAX } from "#protocol/limits.ts";
import { ARGUMENT_GAS_PER_BYTE, RESULT_GAS_PER_BYTE } from "#host/functions/prices.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { admit, type AdmittedModule } from "#host/vm/admit.ts";
import { parseComponent } from "#host/vm/component.ts";
import { GAS_EXPORT } from "#host/vm/meter/counters.ts";
import { MEMORY_EXPORT } from "#host/vm/world.ts";
import { powers, type Step } from "#test/support/oracle/steps.ts";
import { meteredAnatomy } from "#test/support/wasmtime/metered.ts";
import { record, type Recording } from "#test/support/wasmtime/recorded.ts";
import { replayOf, RESULT_EXPORT } from "#test/support/wasmtime/replayed.ts";
import type { Anatomy } from "#test/support/wasmtime/surgery.ts";
import { runInWasmtime, type Snapshot } from "#test/support/wasmtime/wizer.ts";
import { Cursor } from "#test/support/cursor.ts";

const GAS_LIMIT = 2_000_000_000;

/** What two engines can be compared by; after a trap, nothing but that it was one. */
export interface Left {
  readonly end: "returned" | "trapped";
  readonly gas?: number;
  readonly memory?: string;
  readonly result?: string;
}

export class ContractReplay {
  readonly #admitted: AdmittedModule;
  readonly #anatomy: Anatomy;
  readonly #state = new ContractState();

  constructor(component: Uint8Array) {
    this.#admitted = admit(component);
    this.#anatomy = meteredAnatomy(parseComponent(component).core, MEMORY_PAGES_MAX);
  }

  /** Runs a call in both. */
  call({ mode, method, args, caller }: Step): { readonly ours: Left; readonly theirs: Left } {
    const state = new Overlay(this.#state);
    const request = { method, args, gasLimit: GAS_LIMIT };
    const environment = { ...powers, mode, state, caller: Buffer.from(caller, "hex") };
    const recording = record(this.#admitted, this.#pages(), request, environment);
    const { end } = recording.outcome;
    if (end.kind === "returned" && mode !== "query") this.#state.apply(state.writes());
    const paid = this.#admitted.instanceGas + ARGUMENT_GAS_PER_BYTE * args.length;
    const replay = { mode, request, gas: GAS_LIMIT - paid };
    const snapshot = runInWasmtime(replayOf(this.#anatomy, recording, replay));
    return { ours: ourEnd(recording), theirs: theirEnd(snapshot) };
  }

  #pages(): { initial: number; maximum: number } {
    const cursor = new Cursor(Uint8Array.from(this.#anatomy.memory), 1);
    return { initial: cursor.u32(), maximum: cursor.u32() };
  }
}

function ourEnd({ outcome: { end, gasUsed }, memory }: Recording): Left {
  if (end.kind !== "returned") return { end: "trapped" };
  const gas = gasUsed - RESULT_GAS_PER_BYTE * end.value.length;
  return { end: "returned", gas, memory: hash(memory), result: hash(end.value) };
}

function theirEnd(snapshot: Snapshot): Left {
  if ("trap" in snapshot) return { end: "trapped" };
  if ("unsupported" in snapshot) throw new Error(`Wizer takes no ${snapshot.unsupported}`);
  const { exports } = snapshot;
  const memory = new Uint8Array((exports[MEMORY_EXPORT] as WebAssembly.Memory).buffer);
  const view = new DataView(memory.buffer);
  const area = Number((exports[RESULT_EXPORT] as WebAssembly.Global).value);
  const [address, length] = [view.getUint32(area, true), view.getUint32(area + 4, true)];
  const gas = GAS_LIMIT - Number((exports[GAS_EXPORT] as WebAssembly.Global).value);
  const result = hash(memory.subarray(address, address + length));
  return { end: "returned", gas, memory: hash(memory), result };
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
