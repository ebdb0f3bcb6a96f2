/**
 * Builds contracts once, and again when a file that went in has changed.
 *
 * @module
 */
import { compilerThread } from "#sdk/testing/vitest/compiler/compiler-thread.ts";
import type { BuiltContract } from "#sdk/transform/artefact.ts";
import { BuildError } from "#sdk/transform/build-error.ts";
import { areCurrent, type BuildInputs } from "#sdk/transform/inputs.ts";
import type { UnitTests } from "#sdk/transform/unit-tests.ts";

/** What comes of a file, and what it was made of. */
interface Made {
  readonly inputs: BuildInputs;
}

type Make<T extends Made> = (file: string) => Promise<T>;

/** How a build ended: what was made, or the author's mistakes, both for these inputs only. */
interface Ended<T> {
  readonly inputs: BuildInputs;
  readonly made?: T;
  readonly error?: BuildError;
}

export class Builds<T extends Made = BuiltContract> {
  readonly #kept = new Map<string, Promise<Ended<T>>>();
  readonly #make: Make<T>;

  /** @param make - Builds a file. */
  constructor(make: Make<T>) {
    this.#make = make;
  }

  /**
   * What a file makes as it is now, also if it changes while it is built.
   *
   * @throws {@link BuildError} with the author's own lines.
   */
  async get(file: string): Promise<T> {
    for (;;) {
      const building = this.#kept.get(file) ?? this.#begin(file);
      const { inputs, made, error } = await building;
      if (await areCurrent(inputs)) {
        if (made === undefined) throw error ?? new Error(`${file} was built to nothing`);
        return made;
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

  #begin(file: string): Promise<Ended<T>> {
    const building = endOf(file, this.#make);
    this.#kept.set(file, building);
    building.catch(() => this.#kept.delete(file));
    return building;
  }
}

async function endOf<T extends Made>(file: string, make: Make<T>): Promise<Ended<T>> {
  try {
    const made = await make(file);
    return { inputs: made.inputs, made };
  } catch (error) {
    if (error instanceof BuildError) return { inputs: error.inputs, error };
    throw error;
  }
}

/** Builds the one contract of a file, in a given way. */
export function contractBuilder({ coverage = false } = {}): Make<BuiltContract> {
  return (file) => compilerThread.make({ kind: "contract", file, coverage });
}

/** Compiles the unit tests of a file. */
export const makeUnits: Make<UnitTests> = (file) =>
  compilerThread.make({ kind: "units", file, coverage: false });
