/**
 * What a call may read: the state as it was at one height.
 *
 * @module
 */
import type { KeyText } from "#host/state/key.ts";
import type { Step, Stretch } from "#host/state/stretch.ts";

export interface StateReader {
  /** The value of `key`, or undefined. The array belongs to the state: read it, never write to it. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** As {@link get}, by the key's text. */
  find(text: KeyText): Uint8Array | undefined;
  /** A walk over a stretch, which ends with the next write. Its arrays belong to the state too. */
  walk(stretch: Stretch): IterableIterator<Step>;
}

/** One change: a new value, or undefined for a removed key. */
export type StateWrite = readonly [key: Uint8Array, value: Uint8Array | undefined];
