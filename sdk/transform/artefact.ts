/**
 * What a build gives for one contract.
 *
 * @module
 */
import type { Abi } from "#protocol/abi.ts";
import type { ProbeMap } from "./probes/probe-map.ts";
import type { BuildDiagnostic } from "./diagnostic.ts";
import type { BuildInputs } from "./inputs.ts";

export interface BuiltContract {
  /** The contract's class. */
  readonly name: string;
  /** The contract's file. */
  readonly entry: string;
  /** The component, with the sections `hermetic:abi` and `hermetic:build`. */
  readonly wasm: Uint8Array;
  readonly abi: Abi;
  /** The ABI as a TypeScript module. */
  readonly abiTs: string;
  readonly abiJson: string;
  /** Source map of the core module: columns are byte offsets in it. */
  readonly map: string;
  /** SHA-256 of `wasm` in lower-case hexadecimal. */
  readonly codeHash: string;
  /** What builds, and is probably not meant. */
  readonly warnings: readonly BuildDiagnostic[];
  /** What the code counts, if it was built for that. */
  readonly probes?: ProbeMap;
  /** Every file that went into it, for watchers. */
  readonly sources: readonly string[];
  /** What it was made of, for whoever keeps it. */
  readonly inputs: BuildInputs;
  /** What was written; only with `outDir`. */
  readonly paths?: ArtefactPaths;
}

export interface ArtefactPaths {
  readonly wasm: string;
  readonly map: string;
  readonly abiTs: string;
  readonly abiJson: string;
}
