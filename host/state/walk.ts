/**
 * Walks over a stretch of state in byte order, through any number of layers of writes.
 *
 * A walk is lazy and tells of removed keys too: whoever reads it pays for every step before it is
 * made, so that neither a long stretch nor one full of removed keys is ever walked for nothing.
 *
 * @module
 */
import type { KeyText } from "#host/state/key.ts";
import type { OrderedKeys } from "#host/state/ordered-keys.ts";
import type { Step, Stretch } from "#host/state/stretch.ts";

/**
 * A walk over writes and what lies below them; where both have a key, the write counts.
 *
 * @param keys - The keys of `writes` in order.
 */
export function* walkOver(
  stretch: Stretch,
  keys: OrderedKeys,
  writes: ReadonlyMap<KeyText, Uint8Array | undefined>,
  below: Iterator<Step>,
): IterableIterator<Step> {
  const own = keys.walk(stretch);
  let upper = own.next();
  let lower = below.next();
  for (;;) {
    if (upper.done === true) {
      if (lower.done === true) return;
      yield lower.value;
      lower = below.next();
      continue;
    }
    const key: KeyText = upper.value;
    if (lower.done !== true && lower.value[0] !== key) {
      const isLowerFirst = stretch.descending ? lower.value[0] > key : lower.value[0] < key;
      if (isLowerFirst) {
        yield lower.value;
        lower = below.next();
        continue;
      }
    } else if (lower.done !== true) {
      lower = below.next();
    }
    yield [key, writes.get(key)];
    upper = own.next();
  }
}
