/**
 * A key-value collection in contract state. Nothing is loaded until a key is touched.
 *
 * @module
 */
import { panic } from "./control";
import { itemKey } from "./key";
import { find, loaded, remove, save } from "./state";

export class Mapping<K, V> {
  constructor(private name: string) {}

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

  set(key: K, value: V): void {
    save<V>(itemKey<K>(this.name, key), value);
  }

  delete(key: K): void {
    remove(itemKey<K>(this.name, key));
  }
}
