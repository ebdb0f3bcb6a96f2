/**
 * Whether the sources of contracts hold something else than when they were built.
 *
 * Looks at the files again and again. Events of the operating system would come sooner, but not all of
 * them come: an editor that saves by putting a new file in the place of the old one ends a watch on it.
 *
 * @module
 */
import { findEntries } from "#sdk/transform/entries.ts";
import type { BuildInputs } from "#sdk/transform/index.ts";
import { readSource } from "#sdk/transform/source-files.ts";

export class Sources {
  readonly #entry: string;
  /** What each file held before the last build; nothing for one that was not there. */
  readonly #seen = new Map<string, string | undefined>();

  /** @param entry - A contract's file, or a directory. */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Notes what the files hold, before a build reads them. */
  async note(): Promise<void> {
    for (const file of new Set([...this.#seen.keys(), ...(await this.#contracts())])) {
      this.#seen.set(file, await textOf(file));
    }
  }

  /** Adds files that a build has read besides. */
  add(inputs: BuildInputs): void {
    for (const [file, text] of inputs) if (!this.#seen.has(file)) this.#seen.set(file, text);
  }

  /** Whether a file that was noted holds something else, or a contract came to be. */
  async haveChanged(): Promise<boolean> {
    for (const file of await this.#contracts()) if (!this.#seen.has(file)) return true;
    for (const [file, text] of this.#seen) if ((await textOf(file)) !== text) return true;
    return false;
  }

  /** None while there is none, or while the directory itself is being replaced. */
  #contracts(): Promise<string[]> {
    return findEntries(this.#entry).catch(() => []);
  }
}

/** Nothing also for a file that cannot be read: the build says why. */
function textOf(file: string): Promise<string | undefined> {
  return readSource(file).catch(() => undefined);
}
