/**
 * What the emitter is told: about the module once, and about each function it rewrites.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import type { Charges } from "#host/vm/meter/charges.ts";
import type { Added } from "#host/vm/meter/added.ts";
import type { Counters } from "#host/vm/meter/counters.ts";
import type { Helpers } from "#host/vm/meter/helpers.ts";
import type { Types } from "#host/vm/meter/types.ts";

/** How a function is called: what it takes behind its own parameters. */
export interface Callee {
  /** Its index in the metered module. */
  readonly index: number;
  /** Whether it takes the gas counter and gives it back behind its results. */
  readonly takesGas: boolean;
  /** Whether it takes the stack bytes left behind that. */
  readonly takesStack: boolean;
}

/** Facts about the module that every body needs. */
export interface EmitContext {
  readonly bytes: Uint8Array;
  readonly counters: Counters;
  readonly types: Types;
  readonly added: Added;
  readonly helpers: Helpers;
  /** How the function that the contract calls by `index` is called. */
  readonly callee: (index: number) => Callee;
}

/** One function to rewrite. */
export interface EmitFunction {
  readonly body: Body;
  readonly charges: Charges;
  /** Index of its type before it was rewritten. */
  readonly type: number;
  readonly takesGas: boolean;
  readonly takesStack: boolean;
  /** Whether it has length charges, or calls what is not known here. */
  readonly spends: boolean;
  /** Whether it may run often in one call of the contract. */
  readonly repeats: boolean;
  /** Bytes of the frame if the function is recursive, else 0. */
  readonly guardedBytes: number;
  /** Whether the float on top before an instruction keeps its bits; without it, none does. */
  readonly keepsNan: ((index: number) => boolean) | undefined;
}
