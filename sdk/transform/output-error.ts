/**
 * An artefact that cannot be written: the contract is right, the place is not.
 *
 * @module
 */
export class OutputError extends Error {
  /** What was to be written, as it was asked for. */
  readonly path: string;

  /** @param cause - What the system said. */
  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${cause instanceof Error ? cause.message : "unknown"}`, { cause });
    this.name = "OutputError";
    this.path = path;
  }
}
