/**
 * A set of keys in contract state.
 *
 * The size lies under the field's name, each member under its key with the value nil.
 *
 * @module
 */
import { keysPage, walkAll, walkRange, walkWithin } from "./items";
import { fieldKey, itemKey, itemsPrefix, KEY } from "./key";
import { Page } from "./page";
import { state_set } from "./imports";
import { find, loaded, remove, save } from "./state";

const NIL: usize = memory.data<u8>([0xc0]);

export class KeySet<K> {
  constructor(private name: string) {}

  get size(): i32 {
    return find(fieldKey(this.name)) ? loaded<u32>() : 0;
  }

  has(key: K): bool {
    return find(itemKey<K>(this.name, key));
  }

  /** Returns whether the key is new. */
  add(key: K): bool {
    if (this.has(key)) return false;
    state_set(KEY, itemKey<K>(this.name, key), NIL, 1);
    save<u32>(fieldKey(this.name), this.size + 1);
    return true;
  }

  /** Returns whether the key was there. */
  delete(key: K): bool {
    if (!this.has(key)) return false;
    remove(itemKey<K>(this.name, key));
    save<u32>(fieldKey(this.name), this.size - 1);
    return true;
  }

  /**
   * A page of the keys in their order.
   *
   * @param limit - Items of the page, 1 to 1000.
   * @param cursor - `next` of the page before.
   */
  keys(limit: u32 = 100, cursor: Uint8Array | null = null, descending: bool = false): Page<K> {
    return keysPage<K>(walkAll(this.name), limit, cursor, descending);
  }

  /** As {@link keys}, of those from `from` on and before `to`. */
  range(
    from: K,
    to: K,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<K> {
    return keysPage<K>(walkRange<K>(this.name, from, to), limit, cursor, descending);
  }

  /** As {@link keys}, of those that have the first `fields` fields of `like`. */
  within(
    like: K,
    fields: u32,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<K> {
    const walk = walkWithin<K>(itemsPrefix(this.name), like, fields);
    return keysPage<K>(walk, limit, cursor, descending);
  }
}
