/**
 * A set of keys in contract state.
 *
 * The size lies under the field's name, each member under its key with the value nil.
 *
 * @module
 */
import { fieldKey, itemKey, KEY } from "./key";
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
}
