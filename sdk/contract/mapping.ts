/**
 * A key-value collection in contract state. Nothing is loaded until a key is touched.
 *
 * @module
 */
import { itemKey } from "./key";
import { Lookup } from "./lookup";
import { remove, save } from "./state";

export class Mapping<K, V> extends Lookup<K, V> {
  constructor(name: string) {
    super(name);
  }

  set(key: K, value: V): void {
    save<V>(itemKey<K>(this.name, key), value);
  }

  delete(key: K): void {
    remove(itemKey<K>(this.name, key));
  }
}
