/**
 * What goes between vitest's main process and the thread that compiles.
 *
 * @module
 */
import type { BuiltContract } from "#sdk/transform/artefact.ts";
import type { BuildDiagnostic } from "#sdk/transform/diagnostic.ts";
import type { BuildInputs } from "#sdk/transform/inputs.ts";
import type { UnitTests } from "#sdk/transform/unit-tests.ts";

/** What each kind of file is made into. */
export interface Makes {
  readonly contract: BuiltContract;
  readonly units: UnitTests;
}

export interface Job {
  readonly kind: keyof Makes;
  /** Absolute path. */
  readonly file: string;
  /** Whether the code counts what runs. */
  readonly coverage: boolean;
}

export interface Order extends Job {
  readonly id: number;
}

/** How a job ended. Errors lose their class on the way, so mistakes go as what they are made of. */
export type Answer = { readonly id: number } & (
  | { readonly made: Makes[keyof Makes] }
  | { readonly mistakes: readonly BuildDiagnostic[]; readonly inputs: BuildInputs }
  | { readonly failure: unknown }
);
