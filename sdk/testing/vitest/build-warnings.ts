/**
 * What builds and is probably not meant, said once for each build.
 *
 * @module
 */
import type { BuiltContract } from "#sdk/transform/artefact.ts";
import type { BuildDiagnostic } from "#sdk/transform/diagnostic.ts";

export class BuildWarnings {
  /** A contract is asked for by many tests, and built once. */
  readonly #told = new WeakSet<BuiltContract>();
  #say: (warning: BuildDiagnostic) => void = () => undefined;

  sayBy(say: (warning: BuildDiagnostic) => void): void {
    this.#say = say;
  }

  tell(contract: BuiltContract): void {
    if (this.#told.has(contract)) return;
    this.#told.add(contract);
    for (const warning of contract.warnings) this.#say(warning);
  }
}
