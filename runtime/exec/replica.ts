/**
 * The replicated state machine's data: namespaces of keys, a height, a digest and a time.
 *
 * Whatever a log entry changes is a write to a namespace, so deltas, snapshots and digests need to
 * know nothing about contracts or sessions.
 *
 * @module
 */
import { framed, toHex, u64 } from "#protocol/bytes.ts";
import { Fault } from "#protocol/fault.ts";
import { STATE_BYTES_MAX, STATE_ENTRY_BYTES } from "#protocol/limits.ts";
import { labels } from "#crypto/labels.ts";
import type { Primitives } from "#crypto/primitives.ts";
import { ContractState } from "#host/state/committed.ts";
import type { StateReader, StateWrite } from "#host/state/reader.ts";
import type { SnapshotHeader } from "#seal/snapshot.ts";
import { encodeWrites, type Write } from "#seal/writes.ts";
import { History } from "#exec/history.ts";
import { Moments, type Readers } from "#exec/moments.ts";

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

const NO_KEY: Uint8Array = new Uint8Array(0);

/** The one write that removes a whole namespace, however large it is: no key is empty. */
export function emptied(namespace: Uint8Array): Write {
  return { namespace, key: NO_KEY, value: undefined };
}

function roomOf(store: ContractState): number {
  return store.bytes + store.size * STATE_ENTRY_BYTES;
}

function entryBytes(key: Uint8Array, value: Uint8Array | undefined): number {
  return value === undefined ? 0 : key.length + value.length + STATE_ENTRY_BYTES;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export class Replica {
  readonly #stores = new Map<string, ContractState>();
  height = 0;
  digest: Uint8Array = new Uint8Array(DIGEST_BYTES);
  timeMs = 0;
  /** Digests of the newest heights. */
  readonly history: History = new History(this);
  readonly #moments = new Moments((name) => this.#named(name).snapshot());
  readonly #bytesMax: number;
  /** The present height, while some of the next is applied. */
  #before: Readers | undefined;
  /** Room that all stores take together. */
  #bytes = 0;

  /** @param bytesMax - Room there is; less of it is for tests. */
  constructor(bytesMax: number = STATE_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** The state of one namespace; one that nobody has written to is empty and takes no room. */
  store(namespace: Uint8Array): ContractState {
    return this.#named(toHex(namespace));
  }

  #named(name: string): ContractState {
    return this.#stores.get(name) ?? new ContractState();
  }

  get system(): ContractState {
    return this.store(SYSTEM_NAMESPACE);
  }

  /** Whether some of the next height is applied already. */
  get isAhead(): boolean {
    return this.#before !== undefined;
  }

  /**
   * The state of one namespace at the present height, for all but those who make the next: it may change
   * with the next commit, or not.
   */
  present(namespace: Uint8Array): StateReader {
    return this.#before === undefined ? this.store(namespace) : this.#before(toHex(namespace));
  }

  get presentSystem(): StateReader {
    return this.present(SYSTEM_NAMESPACE);
  }

  /** Readers of all namespaces, by address, that keep seeing the state of the present height. */
  snapshot(): (namespace: Uint8Array) => StateReader {
    const readers = this.#before ?? this.#moments.take();
    return (namespace) => readers(toHex(namespace));
  }

  /** Applies a part of what the next height changes. Until it is complete, the present height is what it was. */
  applyAhead(writes: readonly Write[]): void {
    if (writes.length === 0) return;
    this.#before ??= this.#moments.take();
    this.apply(writes);
  }

  /** Applies the rest. The height itself is counted by who made it. */
  complete(writes: readonly Write[]): void {
    this.apply(writes);
    this.#before = undefined;
  }

  apply(writes: readonly Write[]): void {
    const groups = new Map<string, StateWrite[]>();
    const gone: string[] = [];
    for (const { namespace, key, value } of writes) {
      const name = toHex(namespace);
      if (key.length === 0) {
        groups.delete(name);
        gone.push(name);
        continue;
      }
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [[key, value]]);
      else group.push([key, value]);
    }
    this.#moments.beforeCommit([...gone, ...groups.keys()]);
    for (const name of gone) this.#empty(name);
    for (const [name, group] of groups) {
      const store = this.#stores.get(name) ?? new ContractState();
      this.#stores.set(name, store);
      this.#bytes -= roomOf(store);
      store.apply(group);
      this.#bytes += roomOf(store);
    }
  }

  #empty(name: string): void {
    const store = this.#stores.get(name);
    if (store === undefined) return;
    this.#bytes -= roomOf(store);
    this.#stores.delete(name);
  }

  /**
   * Checks that there is room for writes, each key of a namespace at most once. Those that free room
   * always pass.
   *
   * @throws {@link Fault} `STATE_FULL` if there is not.
   */
  checkRoom(writes: readonly Write[]): void {
    const written = sum(writes.map(({ key, value }) => entryBytes(key, value)));
    if (this.#bytes + written <= this.#bytesMax) return;
    let [store, namespace] = [this.system, SYSTEM_NAMESPACE];
    const replaced = sum(
      writes.map((write) => {
        if (write.namespace !== namespace) store = this.store(write.namespace);
        namespace = write.namespace;
        return entryBytes(write.key, store.get(write.key));
      }),
    );
    if (written > replaced && this.#bytes + written - replaced > this.#bytesMax) {
      throw new Fault("STATE_FULL", { limit: this.#bytesMax });
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
