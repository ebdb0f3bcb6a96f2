/**
 * The replicated state machine's data: namespaces of keys, a height, a digest and a time.
 *
 * Whatever a log entry changes is a write to a namespace, so deltas, snapshots and digests need to
 * know nothing about contracts or sessions.
 *
 * @module
 */
import { framed, toHex, u64 } from "#protocol/bytes.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { ContractState } from "#host/state/committed.ts";
import type { StateWrite } from "#host/state/reader.ts";
import type { SnapshotHeader } from "#seal/snapshot.ts";
import { encodeWrites, type Write } from "#seal/writes.ts";

export const DIGEST_BYTES = 32;
/** Namespace of sessions, contracts' records and code. Contracts' own state is under their address. */
export const SYSTEM_NAMESPACE: Uint8Array = new Uint8Array(32);

/** What executing one entry did, all of it public to the digest and nothing else. */
export interface Effects {
  readonly writes: readonly Write[];
  /** Encoded outcome; empty for entries that answer nobody. */
  readonly outcome: Uint8Array;
  readonly gasUsed: number;
}

export function effectsHash(primitives: Primitives, effects: Effects): Uint8Array {
  const { writes, outcome, gasUsed } = effects;
  return primitives.sha256(framed(labels.effects, encodeWrites(writes), outcome, u64(gasUsed)));
}

/** Digest after an entry: H(previous, entry, effects). */
export function nextDigest(
  primitives: Primitives,
  previous: Uint8Array,
  sealedEntry: Uint8Array,
  effects: Uint8Array,
): Uint8Array {
  const entryHash = primitives.sha256(sealedEntry);
  return primitives.sha256(framed(labels.digest, previous, entryHash, effects));
}

/** The writes of one namespace in the form of a delta. */
export function namespaced(namespace: Uint8Array, writes: readonly StateWrite[]): Write[] {
  return writes.map(([key, value]) => ({ namespace, key, value }));
}

export class Replica {
  readonly #stores = new Map<string, ContractState>();
  height = 0;
  digest: Uint8Array = new Uint8Array(DIGEST_BYTES);
  timeMs = 0;

  /** The state of one namespace; one that nobody has written to is empty and takes no room. */
  store(namespace: Uint8Array): ContractState {
    return this.#stores.get(toHex(namespace)) ?? new ContractState();
  }

  get system(): ContractState {
    return this.store(SYSTEM_NAMESPACE);
  }

  apply(writes: readonly Write[]): void {
    const groups = new Map<string, StateWrite[]>();
    for (const { namespace, key, value } of writes) {
      const name = toHex(namespace);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [[key, value]]);
      else group.push([key, value]);
    }
    for (const [name, group] of groups) {
      const store = this.#stores.get(name) ?? new ContractState();
      this.#stores.set(name, store);
      store.apply(group);
    }
  }

  /**
   * Everything there is, for a snapshot, in an order that depends on nothing else: two snapshots of one
   * height are cut alike, so that pieces of one may stand for those of the other.
   */
  *entries(): Iterable<Write> {
    const byName = [...this.#stores].sort(([left], [right]) => (left < right ? -1 : 1));
    for (const [name, store] of byName) {
      const namespace = Uint8Array.fromHex(name);
      for (const [key, value] of store.entries()) yield { namespace, key, value };
    }
  }

  header(): SnapshotHeader {
    return { height: this.height, digest: this.digest, timeMs: this.timeMs };
  }
}
