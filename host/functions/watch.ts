/**
 * Eyes on calls, for a test kit: what a contract asks of the host, and how each call of a chain ends.
 *
 * No worker has any: the enclave's entry point gives none. They change nothing that a contract can see,
 * and cost no gas.
 *
 * @module
 */
import type { CallOutcome } from "#host/functions/outcome.ts";
import type { GasCounter } from "#host/vm/gas.ts";
import type { HostImport } from "#host/vm/instance.ts";
import type { GuestMemory } from "#host/vm/memory.ts";
import type { WorldImportKey } from "#host/vm/world.ts";

/** A call as it begins. */
export interface BegunCall {
  /** 32-byte accounts: who calls, and what is called. */
  readonly caller: Uint8Array;
  readonly contract: Uint8Array;
  readonly mode: "init" | "migrate" | "command" | "query";
  readonly method: string;
  readonly args: Uint8Array;
  readonly gasLimit: number;
}

/** What is inside of a call; there from its first instruction on. */
export interface CallInside {
  readonly gas: GasCounter;
  readonly memory: GuestMemory;
}

/** Eyes on one call. */
export interface CallWatch {
  /** What is linked in the place of a host function; it must do the same. */
  link(key: WorldImportKey, linked: HostImport): HostImport;
  /** The call has ended; its memory is still there, if it had any. */
  ended(outcome: CallOutcome): void;
}

/** Eyes on a chain. One that is given up, to be run again where it can be suspended, is never ended. */
export interface ChainWatch {
  /** A call begins: the chain's first, or one that the call which has begun last makes. */
  begin(call: BegunCall, inside: CallInside): CallWatch;
  /** The first call has ended, and this is what has become of it. */
  ended(): void;
}

/** @returns Eyes on a chain that begins. */
export type Watch = () => ChainWatch;
