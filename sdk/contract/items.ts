/**
 * Pages of keys and of entries of one collection.
 *
 * @module
 */
import { panic } from "./control";
import { itemsPrefix, putKey, takeKey } from "./key";
import { putFields } from "./key-parts";
import { Entry, Page, Walk } from "./page";
import { decodeStored } from "./state";

/** A walk over all items of a collection. */
export function walkAll(name: string): Walk {
  return new Walk(itemsPrefix(name));
}

/** A walk over the items from `from` on and before `to`. */
export function walkRange<K>(name: string, from: K, to: K): Walk {
  const prefix = itemsPrefix(name);
  const walk = new Walk(prefix);
  walk.endAt(putKey<K>(prefix, to));
  walk.startAt(putKey<K>(prefix, from));
  return walk;
}

/**
 * A walk over the keys that begin with the first `fields` fields of `like`.
 *
 * @param prefix - Bytes at the key's place that all keys of the walk begin with.
 */
export function walkWithin<K>(prefix: u32, like: K, fields: u32): Walk {
  const walk = new Walk(prefix);
  // @ts-ignore: the build gives every `@data` class this method
  if (isDefined(like.__keyFields)) {
    // @ts-ignore: as above
    const most: u32 = like.__keyFields();
    if (fields == 0 || fields > most) {
      panic("within() takes 1 to " + most.toString() + " fields of '" + nameof<K>() + "'");
    }
    const length = putFields<K>(prefix, like, fields);
    walk.endBehind(length);
    walk.startAt(length);
  } else {
    ERROR("within() is for keys of a @data class");
  }
  return walk;
}

export function keysPage<K>(
  walk: Walk,
  limit: u32,
  cursor: Uint8Array | null,
  descending: bool,
): Page<K> {
  walk.run(limit, cursor, descending, true);
  const keys = new Array<K>();
  for (let i = 0; i < walk.count; i++) keys.push(takeKey<K>(walk.keyAt(i), walk.keyLength(i)));
  return new Page<K>(keys, walk.finish());
}

export function entriesPage<K, V>(
  walk: Walk,
  limit: u32,
  cursor: Uint8Array | null,
  descending: bool,
): Page<Entry<K, V>> {
  walk.run(limit, cursor, descending, false);
  const entries = new Array<Entry<K, V>>();
  for (let i = 0; i < walk.count; i++) {
    const key = takeKey<K>(walk.keyAt(i), walk.keyLength(i));
    entries.push(new Entry<K, V>(key, decodeStored<V>(walk.valueAt(i), walk.valueLength(i))));
  }
  return new Page<Entry<K, V>>(entries, walk.finish());
}
