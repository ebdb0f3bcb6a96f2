/**
 * A contract that does not build.
 *
 * @module
 */
import type { BuildInputs } from "./inputs.ts";
import { formatDiagnostic, type BuildDiagnostic } from "./diagnostic.ts";

export class BuildError extends Error {
  /** `HRM3NNN`: the code of the first mistake, `HRM3001` if it is the compiler's own. */
  readonly code: string;
  readonly diagnostics: readonly BuildDiagnostic[];
  /** What had been read until then, for watchers. */
  inputs: BuildInputs = new Map();

  constructor(diagnostics: readonly BuildDiagnostic[], options?: ErrorOptions) {
    super(diagnostics.map(formatDiagnostic).join("\n\n"), options);
    this.name = "BuildError";
    this.diagnostics = diagnostics;
    const first = diagnostics[0]?.code ?? "";
    this.code = first.startsWith("HRM") ? first : "HRM3001";
  }
}
