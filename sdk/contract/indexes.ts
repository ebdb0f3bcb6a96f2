/**
 * By what a value of an `IndexedMap` is found.
 *
 * An index's name and an indexed value are written as parts of a key, so that nothing that follows can be taken for
 * a part of them.
 *
 * @module
 */
import { copyOf, fieldKey, KEY, putByte } from "./key";
import { putEscapedText, putPart } from "./key-parts";

/** Separates a field's name from its indexes; items have a zero there. */
const INDEXES: u8 = 1;

/** Builds what all keys of an index begin with and returns its length. */
export function indexPrefix(name: string, index: string): u32 {
  return putEscapedText(putByte(fieldKey(name), INDEXES), index);
}

/** Takes what a value is to be found by. */
export class Indexes {
  /** Everything of each index's key but the map's own key. */
  readonly begins: Uint8Array[] = [];

  constructor(private name: string) {}

  /**
   * Lets the value be found under `value` in the index of this name.
   *
   * A value may be found under several in one index, or under none: null is under none.
   */
  key<I>(index: string, value: I): void {
    if (isNullable<I>()) {
      if (changetype<usize>(value) == 0) return;
      this.put<NonNullable<I>>(index, changetype<NonNullable<I>>(changetype<usize>(value)));
    } else {
      this.put<I>(index, value);
    }
  }

  private put<I>(index: string, value: I): void {
    const length = putPart<I>(indexPrefix(this.name, index), value);
    const begin = copyOf(KEY, length);
    if (!this.has(begin)) this.begins.push(begin);
  }

  has(begin: Uint8Array): bool {
    return Indexes.holds(this.begins, begin);
  }

  static holds(begins: Uint8Array[], begin: Uint8Array): bool {
    for (let i = 0; i < begins.length; i++) {
      const each = begins[i];
      if (each.length != begin.length) continue;
      if (memory.compare(each.dataStart, begin.dataStart, begin.length) == 0) return true;
    }
    return false;
  }
}
