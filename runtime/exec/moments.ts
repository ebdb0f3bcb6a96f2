/**
 * The whole replicated state as it was at one moment, for calls that wait and may read any contract.
 *
 * Each commit leaves a node with snapshots of the namespaces it is about to change, linked to the next
 * one. To take a moment is to keep a pointer to the newest node; nodes that nobody can reach are
 * collected as garbage.
 *
 * @module
 */
import type { StateReader } from "#host/state/reader.ts";

/** Gives the reader of a namespace, by its hexadecimal name. */
export type Readers = (name: string) => StateReader;

/** The newest node is empty and has no successor. */
interface Node {
  before: ReadonlyMap<string, StateReader> | undefined;
  next: Node | undefined;
}

export class Moments {
  readonly #snapshotOf: Readers;
  #newest: Node = { before: undefined, next: undefined };

  /** @param snapshotOf - Takes a snapshot of a namespace as it is now. */
  constructor(snapshotOf: Readers) {
    this.#snapshotOf = snapshotOf;
  }

  /** Must be called before every commit, with the names of the namespaces that it changes. */
  beforeCommit(names: Iterable<string>): void {
    const before = new Map<string, StateReader>();
    for (const name of names) before.set(name, this.#snapshotOf(name));
    const next: Node = { before: undefined, next: undefined };
    this.#newest.before = before;
    this.#newest.next = next;
    this.#newest = next;
  }

  /** Readers that keep seeing everything as it is now. */
  take(): Readers {
    const readers = new Map<string, StateReader>();
    let node = this.#newest;
    return (name) => {
      for (; node.before !== undefined && node.next !== undefined; node = node.next) {
        for (const [changed, reader] of node.before) {
          if (!readers.has(changed)) readers.set(changed, reader);
        }
      }
      const reader = readers.get(name) ?? this.#snapshotOf(name);
      readers.set(name, reader);
      return reader;
    };
  }
}
