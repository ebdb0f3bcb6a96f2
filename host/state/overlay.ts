/**
 * The writes of one call, kept apart from what lies below until the call has succeeded.
 *
 * Reverting is forgetting the overlay, so a call that traps in mid-write leaves no trace. Below lies
 * committed state, or the overlay of a call further up. The write set is bounded in bytes here, before
 * any of it reaches a seal.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { STATE_VALUE_BYTES_MAX } from "#protocol/limits.ts";
import { WriteBudget } from "#host/state/budget.ts";
import { compareKeys, keyBytes, keyText, type KeyText } from "#host/state/key.ts";
import { OrderedKeys } from "#host/state/ordered-keys.ts";
import type { StateReader, StateWrite } from "#host/state/reader.ts";
import type { Step, Stretch } from "#host/state/stretch.ts";
import { walkOver } from "#host/state/walk.ts";

export class Overlay implements StateReader {
  readonly #base: StateReader;
  readonly #budget: WriteBudget;
  readonly #writes = new Map<KeyText, Uint8Array | undefined>();
  /** The keys of the writes, from the first walk on. */
  #keys: OrderedKeys | undefined;
  #bytes = 0;

  /** @param budget - Shared by overlays that may be written together. */
  constructor(base: StateReader, budget: WriteBudget = new WriteBudget()) {
    this.#base = base;
    this.#budget = budget;
  }

  /** Bytes of all keys and values written so far, each key counted once. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keys that the next walk must put in order first, here and in the overlays below. */
  get unordered(): number {
    const below = this.#base instanceof Overlay ? this.#base.unordered : 0;
    return below + (this.#keys === undefined ? this.#writes.size : 0);
  }

  walk(stretch: Stretch): IterableIterator<Step> {
    this.#keys ??= new OrderedKeys(this.#writes.keys());
    return walkOver(stretch, this.#keys, this.#writes, this.#base.walk(stretch));
  }

  /**
   * Reads through: the call's own write if there is one, else the committed value.
   *
   * @throws {@link Fault} `STATE_KEY` if the key is empty or over its limit.
   */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.find(keyText(key));
  }

  find(text: KeyText): Uint8Array | undefined {
    const own = this.#writes.get(text);
    if (own !== undefined || this.#writes.has(text)) return own;
    return this.#base.find(text);
  }

  /**
   * Writes a value. The overlay keeps the array: hand over one that nobody else changes.
   *
   * @throws {@link Fault} `STATE_KEY` if the key is empty or over its limit.
   * @throws {@link Fault} `STATE_VALUE` if the value is over {@link STATE_VALUE_BYTES_MAX}.
   * @throws {@link Fault} `STATE_WRITE_SET` if the budget has no room for it.
   */
  set(key: Uint8Array, value: Uint8Array): void {
    this.put(keyText(key), value);
  }

  /** As {@link set}, by the key's text. */
  put(text: KeyText, value: Uint8Array): void {
    if (value.length > STATE_VALUE_BYTES_MAX) {
      throw new Fault("STATE_VALUE", { length: value.length, limit: STATE_VALUE_BYTES_MAX });
    }
    this.#write(text, value);
  }

  /**
   * Removes a key; removing one that is absent is allowed and still counts as a write.
   *
   * @throws {@link Fault} `STATE_KEY` if the key is empty or over its limit.
   * @throws {@link Fault} `STATE_WRITE_SET` if the budget has no room for it.
   */
  remove(key: Uint8Array): void {
    this.#write(keyText(key), undefined);
  }

  /** Takes over what an overlay above this one has written, which is forgotten there. */
  absorb(upper: Overlay): void {
    const writes = [...upper.#writes];
    upper.revert();
    // The same bytes were counted above, so there is room for them.
    for (const [text, value] of writes) this.#write(text, value);
  }

  /** Forgets every write. */
  revert(): void {
    this.#budget.spend(-this.#bytes);
    this.#bytes = 0;
    this.#writes.clear();
    this.#keys = undefined;
  }

  /** Every write in key order: the same calls give the same list on every worker. */
  writes(): StateWrite[] {
    const sorted = [...this.#writes].sort(([left], [right]) => compareKeys(left, right));
    return sorted.map(([text, value]) => [keyBytes(text), value]);
  }

  #write(text: KeyText, value: Uint8Array | undefined): void {
    const known = this.#writes.has(text);
    const before = known ? text.length + (this.#writes.get(text)?.length ?? 0) : 0;
    const added = text.length + (value?.length ?? 0) - before;
    this.#budget.spend(added);
    this.#bytes += added;
    if (!known) this.#keys?.add(text);
    this.#writes.set(text, value);
  }
}
