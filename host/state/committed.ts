/**
 * One contract's committed state: what every later call reads.
 *
 * Queries run beside commands, so a reader must keep seeing the state it began with. Each commit
 * leaves its old values in a node linked to the next one; a snapshot is a pointer to the newest
 * node, costs nothing to take, and undoes later commits only for the keys they touched. Nodes that
 * no snapshot can reach are collected as garbage.
 *
 * @module
 */
import { keyBytes, keyText, type KeyText } from "#host/state/key.ts";
import { OrderedKeys } from "#host/state/ordered-keys.ts";
import type { StateReader, StateWrite } from "#host/state/reader.ts";
import type { Step, Stretch } from "#host/state/stretch.ts";
import { walkOver } from "#host/state/walk.ts";

/** The values one commit replaced. The newest node is empty and has no successor. */
interface UndoNode {
  replaced: ReadonlyMap<KeyText, Uint8Array | undefined> | undefined;
  next: UndoNode | undefined;
}

export class ContractState implements StateReader {
  readonly #values = new Map<KeyText, Uint8Array>();
  /** The keys of all values. */
  readonly #keys = new OrderedKeys();
  #newest: UndoNode = { replaced: undefined, next: undefined };
  #bytes = 0;

  constructor(entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]> = []) {
    for (const [key, value] of entries) this.#put(keyText(key), value);
  }

  /** Number of keys. */
  get size(): number {
    return this.#values.size;
  }

  /** Bytes of all keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.find(keyText(key));
  }

  find(text: KeyText): Uint8Array | undefined {
    return this.#values.get(text);
  }

  *walk(stretch: Stretch): IterableIterator<Step> {
    for (const text of this.#keys.walk(stretch)) yield [text, this.#values.get(text)];
  }

  /** Commits the writes of one call. Arrays become the state's own. */
  apply(writes: Iterable<StateWrite>): void {
    const replaced = new Map<KeyText, Uint8Array | undefined>();
    for (const [key, value] of writes) {
      const text = keyText(key);
      if (!replaced.has(text)) replaced.set(text, this.#values.get(text));
      this.#put(text, value);
    }
    if (replaced.size === 0) return;
    const next: UndoNode = { replaced: undefined, next: undefined };
    this.#newest.replaced = replaced;
    this.#newest.next = next;
    this.#newest = next;
  }

  /** Every entry in key order. */
  *entries(): IterableIterator<[key: Uint8Array, value: Uint8Array]> {
    for (const text of this.#keys) {
      const value = this.#values.get(text);
      if (value !== undefined) yield [keyBytes(text), value];
    }
  }

  /** A reader that keeps seeing the state as it is now. */
  snapshot(): StateReader {
    return new Snapshot(this.#newest, this.#values, this);
  }

  #put(text: KeyText, value: Uint8Array | undefined): void {
    const before = this.#values.get(text);
    if (before !== undefined) this.#bytes -= text.length + before.length;
    if (value === undefined) {
      if (this.#values.delete(text)) this.#keys.delete(text);
      return;
    }
    if (before === undefined) this.#keys.add(text);
    this.#values.set(text, value);
    this.#bytes += text.length + value.length;
  }
}

/** The state at one node: later commits are undone from what they replaced, each one only once. */
class Snapshot implements StateReader {
  readonly #values: ReadonlyMap<KeyText, Uint8Array>;
  readonly #newest: StateReader;
  readonly #undone = new Map<KeyText, Uint8Array | undefined>();
  /** The keys of what is undone, from the first walk on. */
  #keys: OrderedKeys | undefined;
  #node: UndoNode;

  constructor(node: UndoNode, values: ReadonlyMap<KeyText, Uint8Array>, newest: StateReader) {
    this.#node = node;
    this.#values = values;
    this.#newest = newest;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.find(keyText(key));
  }

  find(text: KeyText): Uint8Array | undefined {
    this.#catchUp();
    const old = this.#undone.get(text);
    return old !== undefined || this.#undone.has(text) ? old : this.#values.get(text);
  }

  walk(stretch: Stretch): IterableIterator<Step> {
    this.#catchUp();
    this.#keys ??= new OrderedKeys(this.#undone.keys());
    return walkOver(stretch, this.#keys, this.#undone, this.#newest.walk(stretch));
  }

  /** Takes over what newer commits replaced, oldest first, and lets go of their nodes. */
  #catchUp(): void {
    for (;;) {
      const { replaced, next } = this.#node;
      if (replaced === undefined || next === undefined) return;
      for (const [text, value] of replaced) {
        if (this.#undone.has(text)) continue;
        this.#undone.set(text, value);
        this.#keys?.add(text);
      }
      this.#node = next;
    }
  }
}
