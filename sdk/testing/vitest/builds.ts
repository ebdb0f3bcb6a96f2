/**
 * Builds contracts once, and again when a file that went in has changed.
 *
 * @module
 */
import {
  areCurrent,
  build,
  BuildError,
  type BuildInputs,
  type BuildOptions,
  type BuiltContract,
} from "#sdk/transform/index.ts";

/** How a build ended: a contract, or the author's mistakes, both for these inputs only. */
interface Ended {
  readonly inputs: BuildInputs;
  readonly contract?: BuiltContract;
  readonly error?: BuildError;
}

type HowBuilt = Pick<BuildOptions, "coverage">;

export class Builds {
  readonly #options: HowBuilt;
  readonly #kept = new Map<string, Promise<Ended>>();

  constructor(options: HowBuilt = {}) {
    this.#options = options;
  }

  /**
   * The contract of a file as it is now, also if it changes while it is built.
   *
   * @throws {@link BuildError} with the author's own lines.
   */
  async get(file: string): Promise<BuiltContract> {
    for (;;) {
      const building = this.#kept.get(file) ?? this.#begin(file);
      const { inputs, contract, error } = await building;
      if (await areCurrent(inputs)) {
        if (contract === undefined) throw error ?? new Error(`${file} was built to nothing`);
        return contract;
      }
      if (this.#kept.get(file) === building) this.#kept.delete(file);
    }
  }

  /** Builds at once what a changed file is part of, and nothing else: its tests are about to ask. */
  async changed(changedFile: string): Promise<void> {
    for (const [file, building] of this.#kept) {
      const { inputs } = await building;
      if (inputs.has(changedFile)) await this.get(file).catch(() => undefined);
    }
  }

  #begin(file: string): Promise<Ended> {
    const building = endOf(file, this.#options);
    this.#kept.set(file, building);
    building.catch(() => this.#kept.delete(file));
    return building;
  }
}

async function endOf(file: string, options: HowBuilt): Promise<Ended> {
  try {
    const { contracts } = await build({ entry: file, ...options });
    const [contract] = contracts;
    if (contract === undefined) throw new Error(`${file} was built to nothing`);
    return { inputs: contract.inputs, contract };
  } catch (error) {
    if (error instanceof BuildError) return { inputs: error.inputs, error };
    throw error;
  }
}
