/**
 * What a world deploys: what `contract:NAME` imports and `hermetic build` makes.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { toHex } from "#protocol/bytes.ts";
import type { ProbeMap } from "#sdk/transform/probes/probe-map.ts";
import { abiOf } from "#sdk/client/artefact.ts";

export interface BuiltArtefact<A extends Abi = Abi> {
  /** The contract's class. */
  readonly name?: string;
  /** The component. */
  readonly wasm: Uint8Array;
  readonly abi: A;
  /** SHA-256 of the component, hex. */
  readonly codeHash?: string;
  /** Source map of the core module, for stack traces. */
  readonly map?: string;
  /** What the code counts, if it was built for coverage. */
  readonly probes?: ProbeMap;
  /** Path of the contract's file, so that stack traces lead to it. */
  readonly file?: string;
}

/** A built artefact, or the component's bytes alone. */
export type TestArtefact<A extends Abi = Abi> = BuiltArtefact<A> | Uint8Array;

/** @throws {@link HermeticError} `ARTEFACT_INVALID` for bytes that are no contract. */
export function builtArtefact<A extends Abi>(artefact: TestArtefact<A>): BuiltArtefact<A> {
  if ("wasm" in artefact) return artefact;
  // Bytes alone have no static type, so A is whatever the caller says it is.
  return { wasm: artefact, abi: abiOf(artefact) as A };
}

/** SHA-256 of the component, hex. */
export function codeHashOf({ wasm, codeHash }: BuiltArtefact): string {
  return codeHash ?? toHex(nodePrimitives.sha256(wasm));
}
