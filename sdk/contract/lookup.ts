/**
 * What every map from keys to values can be asked, whatever else it keeps beside the values.
 *
 * @module
 */
import { panic } from "./control";
import { entriesPage, keysPage, walkAll, walkRange, walkWithin } from "./items";
import { itemKey, itemsPrefix } from "./key";
import { Entry, Page } from "./page";
import { find, loaded } from "./state";

export class Lookup<K, V> {
  constructor(protected name: string) {}

  has(key: K): bool {
    return find(itemKey<K>(this.name, key));
  }

  /** A copy of the value; a missing key fails the call. Store a changed copy with {@link set}. */
  get(key: K): V {
    if (!find(itemKey<K>(this.name, key))) panic("no such key in '" + this.name + "'");
    return loaded<V>();
  }

  /** A copy of the value, or null. Numbers cannot be null: use {@link getOr}. */
  find(key: K): V | null {
    if (!find(itemKey<K>(this.name, key))) return null;
    return loaded<V>();
  }

  getOr(key: K, otherwise: V): V {
    if (!find(itemKey<K>(this.name, key))) return otherwise;
    return loaded<V>();
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

  /** A page of keys with their values, in the order of the keys; as {@link keys}. */
  entries(
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    return entriesPage<K, V>(walkAll(this.name), limit, cursor, descending);
  }

  /** As {@link entries}, of the keys from `from` on and before `to`. */
  range(
    from: K,
    to: K,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    return entriesPage<K, V>(walkRange<K>(this.name, from, to), limit, cursor, descending);
  }

  /** As {@link entries}, of the keys that have the first `fields` fields of `like`. */
  within(
    like: K,
    fields: u32,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    const walk = walkWithin<K>(itemsPrefix(this.name), like, fields);
    return entriesPage<K, V>(walk, limit, cursor, descending);
  }
}
