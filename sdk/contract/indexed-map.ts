/**
 * A map whose values are also found, in order, by what they contain.
 *
 * The class of the values says by what, in a method `index(by: Indexes)`. Every value lies under its key as in
 * a `Mapping`; each index holds, for each value, one key of state: the field's name, a one byte, the name of the
 * index, the indexed value, and the key. So entries that are equal in an index are in the order of their keys.
 *
 * @module
 */
import { panic } from "./control";
import { Indexes, indexPrefix } from "./indexes";
import { state_remove, state_set } from "./imports";
import { itemKey, KEY, putKey, putRaw, takeKey } from "./key";
import { partEnd, putPart, takePart } from "./key-parts";
import { walkWithin } from "./items";
import { Lookup } from "./lookup";
import { Entry, Page, Walk } from "./page";
import { find, loaded, remove, save } from "./state";

const NIL: usize = memory.data<u8>([0xc0]);

function indexesOf<V>(name: string, value: V): Indexes {
  const indexes = new Indexes(name);
  // @ts-ignore: the author gives the class this method
  if (isDefined(value.index)) {
    // @ts-ignore: as above
    value.index(indexes);
  } else {
    ERROR("the values of an IndexedMap need a method: index(by: Indexes): void");
  }
  return indexes;
}

/** Builds the whole key of an index and returns its length. */
function wholeKey<K>(begin: Uint8Array, key: K): u32 {
  return putKey<K>(putRaw(0, begin.dataStart, begin.length), key);
}

export class IndexedMap<K, V> extends Lookup<K, V> {
  constructor(name: string) {
    super(name);
  }

  set(key: K, value: V): void {
    const now = indexesOf<V>(this.name, value);
    const before = this.indexed(key);
    for (let i = 0; i < before.length; i++) {
      if (!now.has(before[i])) {
        state_remove(KEY, wholeKey<K>(before[i], key));
      }
    }
    for (let i = 0; i < now.begins.length; i++) {
      if (!Indexes.holds(before, now.begins[i])) {
        state_set(KEY, wholeKey<K>(now.begins[i], key), NIL, 1);
      }
    }
    save<V>(itemKey<K>(this.name, key), value);
  }

  delete(key: K): void {
    const before = this.indexed(key);
    for (let i = 0; i < before.length; i++) state_remove(KEY, wholeKey<K>(before[i], key));
    remove(itemKey<K>(this.name, key));
  }

  /** What the indexes hold for a key. */
  private indexed(key: K): Uint8Array[] {
    if (!find(itemKey<K>(this.name, key))) return [];
    return indexesOf<V>(this.name, loaded<V>()).begins;
  }

  /** The entries by an index: `I` is the type that the class gives it. */
  by<I>(index: string): Index<K, V, I> {
    return new Index<K, V, I>(this.name, index);
  }
}

/** The entries of a map in the order of one index. */
export class Index<K, V, I> {
  constructor(
    private name: string,
    private index: string,
  ) {}

  /** A page of all entries that the index holds. */
  entries(
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    const prefix = indexPrefix(this.name, this.index);
    return this.page(new Walk(prefix), limit, cursor, descending);
  }

  /** Of those whose indexed value is `value`. */
  equal(
    value: I,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    const prefix = indexPrefix(this.name, this.index);
    const walk = new Walk(prefix);
    const length = putPart<I>(prefix, value);
    walk.endBehind(length);
    walk.startAt(length);
    return this.page(walk, limit, cursor, descending);
  }

  /** Of those whose indexed value is `from` or more, and less than `to`. */
  range(
    from: I,
    to: I,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    const prefix = indexPrefix(this.name, this.index);
    const walk = new Walk(prefix);
    walk.endAt(putPart<I>(prefix, to));
    walk.startAt(putPart<I>(prefix, from));
    return this.page(walk, limit, cursor, descending);
  }

  /** Of those whose indexed value has the first `fields` fields of `like`. */
  within(
    like: I,
    fields: u32,
    limit: u32 = 100,
    cursor: Uint8Array | null = null,
    descending: bool = false,
  ): Page<Entry<K, V>> {
    const walk = walkWithin<I>(indexPrefix(this.name, this.index), like, fields);
    return this.page(walk, limit, cursor, descending);
  }

  private page(
    walk: Walk,
    limit: u32,
    cursor: Uint8Array | null,
    descending: bool,
  ): Page<Entry<K, V>> {
    walk.run(limit, cursor, descending, true);
    const entries = new Array<Entry<K, V>>();
    for (let i = 0; i < walk.count; i++) {
      const end = walk.keyAt(i) + walk.keyLength(i);
      takePart<I>(walk.keyAt(i), end);
      const key = takeKey<K>(partEnd(), <u32>(end - partEnd()));
      if (!find(itemKey<K>(this.name, key)))
        panic("an index of '" + this.name + "' is out of date");
      entries.push(new Entry<K, V>(key, loaded<V>()));
    }
    return new Page<Entry<K, V>>(entries, walk.finish());
  }
}
