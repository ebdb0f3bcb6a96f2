/**
 * Pages of a collection: what a walk in the order of the keys gives, a piece at a time.
 *
 * A cursor is the last key of a page as it is stored. It may go to a client and come back: whatever
 * bytes come, a walk stays between its own bounds.
 *
 * @module
 */
import { panic } from "./control";
import { state_scan } from "./imports";
import { copyOf, KEY } from "./key";
import { closeScratch, openScratch, RESULT } from "./memory";

/** Part of a collection, and where the next part begins. */
export class Page<T> {
  constructor(
    public items: T[],
    /** To be handed to the same method for the next page; null if this was the last one. */
    public next: Uint8Array | null,
  ) {}
}

/** One entry of a map. */
export class Entry<K, V> {
  constructor(
    public key: K,
    public value: V,
  ) {}
}

const BOUND_BYTES_MAX: u32 = 129;
/** Where a walk ends; it starts at {@link KEY}. */
const END: usize = memory.data(136, 8);
const CURSOR: usize = memory.data(136, 8);
const DESCENDING: u32 = 1;
const KEYS_ONLY: u32 = 2;

/** Order of two byte strings, shorter first when one begins the other. */
function compare(left: usize, leftLength: u32, right: usize, rightLength: u32): i32 {
  const order = memory.compare(left, right, min(leftLength, rightLength));
  return order != 0 ? order : <i32>leftLength - <i32>rightLength;
}

/** A walk over the keys that begin with a prefix, or a stretch of them. Nothing else must use {@link KEY} before {@link run}. */
export class Walk {
  private endLength: u32 = 0;
  private startLength: u32 = 0;
  /** The page that was taken: its items, and how many there are. */
  private items: usize = 0;
  count: i32 = 0;
  private hasMore: bool = false;

  /** @param prefixLength - Bytes at {@link KEY} that all keys of the walk begin with. */
  constructor(private prefixLength: u32) {
    this.startLength = prefixLength;
    this.endBehind(prefixLength);
  }

  /** Ends the walk where {@link KEY} points, before the key of this length. */
  endAt(length: u32): void {
    memory.copy(END, KEY, length);
    this.endLength = length;
  }

  /** Ends the walk behind every key that begins with what {@link KEY} holds. */
  endBehind(length: u32): void {
    memory.copy(END, KEY, length);
    // A prefix ends with a byte that is not the highest, or has one before.
    while (load<u8>(END + length - 1) == 0xff) length--;
    store<u8>(END + length - 1, load<u8>(END + length - 1) + 1);
    this.endLength = length;
  }

  /** Starts the walk at what {@link KEY} holds. */
  startAt(length: u32): void {
    this.startLength = length;
  }

  /** Takes a page, whose items are to be copied before {@link finish}. */
  run(limit: u32, cursor: Uint8Array | null, descending: bool, keysOnly: bool): void {
    if (limit == 0) panic("a page has at least one item");
    if (cursor !== null) this.goOn(cursor, descending);
    const options = (descending ? DESCENDING : 0) | (keysOnly ? KEYS_ONLY : 0);
    openScratch();
    state_scan(KEY, this.startLength, END, this.endLength, limit, options, RESULT);
    this.items = load<usize>(RESULT);
    this.count = load<i32>(RESULT, 4);
    this.hasMore = load<u8>(RESULT, 8) != 0;
  }

  /** Narrows the walk to what lies behind a cursor; never widens it. */
  private goOn(cursor: Uint8Array, descending: bool): void {
    const length = this.prefixLength + cursor.length;
    if (length >= BOUND_BYTES_MAX) panic("this is no cursor of the collection");
    memory.copy(CURSOR, KEY, this.prefixLength);
    memory.copy(CURSOR + this.prefixLength, cursor.dataStart, cursor.length);
    if (descending) {
      if (compare(CURSOR, length, END, this.endLength) < 0) {
        memory.copy(END, CURSOR, length);
        this.endLength = length;
      }
      return;
    }
    // The least key that comes after the cursor's.
    store<u8>(CURSOR + length, 0);
    if (compare(CURSOR, length + 1, KEY, this.startLength) > 0) {
      memory.copy(KEY, CURSOR, length + 1);
      this.startLength = length + 1;
    }
  }

  /** Where the key of an item lies, behind the prefix. */
  keyAt(index: i32): usize {
    return load<usize>(this.items + ((<usize>index) << 4)) + this.prefixLength;
  }

  keyLength(index: i32): u32 {
    return load<u32>(this.items + ((<usize>index) << 4), 4) - this.prefixLength;
  }

  valueAt(index: i32): usize {
    return load<usize>(this.items + ((<usize>index) << 4), 8);
  }

  valueLength(index: i32): u32 {
    return load<u32>(this.items + ((<usize>index) << 4), 12);
  }

  /** Ends the page, whose keys and values are gone then: the cursor of the next one, or null. */
  finish(): Uint8Array | null {
    const last = this.count - 1;
    const next = this.hasMore ? copyOf(this.keyAt(last), this.keyLength(last)) : null;
    closeScratch();
    return next;
  }
}
