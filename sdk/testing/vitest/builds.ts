/**
 * Builds contracts once, and again when a file that went in has changed.
 *
 * @module
 */
import { statSync } from "node:fs";
import { build, type BuiltContract } from "#sdk/transform/index.ts";

interface Kept {
  readonly building: Promise<BuiltContract>;
  /** Size and time of each file, once it is known which they are. */
  stamps: ReadonlyMap<string, string> | undefined;
}

export class Builds {
  readonly #kept = new Map<string, Kept>();

  /** @throws {@link BuildError} with the author's own lines. */
  async get(file: string): Promise<BuiltContract> {
    const known = this.#kept.get(file);
    if (known !== undefined && (known.stamps === undefined || isCurrent(known.stamps))) {
      return known.building;
    }
    const kept: Kept = { building: buildOne(file), stamps: undefined };
    this.#kept.set(file, kept);
    try {
      const built = await kept.building;
      kept.stamps = stampsOf(built.sources);
      return built;
    } catch (error) {
      if (this.#kept.get(file) === kept) this.#kept.delete(file);
      throw error;
    }
  }
}

async function buildOne(file: string): Promise<BuiltContract> {
  const { contracts } = await build({ entry: file });
  const [contract] = contracts;
  if (contract === undefined) throw new Error(`${file} was built to nothing`);
  return contract;
}

function stampsOf(files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file, stampOf(file)]));
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "absent" : `${stats.size} ${stats.mtimeMs}`;
}

function isCurrent(stamps: ReadonlyMap<string, string>): boolean {
  return [...stamps].every(([file, stamp]) => stampOf(file) === stamp);
}
