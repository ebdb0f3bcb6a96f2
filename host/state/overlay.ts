/**
 * The writes of one call, kept apart from committed state until the call has succeeded.
 *
 * Reverting is forgetting the overlay, so a call that traps in mid-write leaves no trace. The
 * write set is bounded in bytes here, before any of it reaches a seal.
 *
 * @module
 */
import { Fault } from "#protocol/fault.ts";
import { STATE_VALUE_BYTES_MAX, WRITE_SET_BYTES_MAX } from "#protocol/limits.ts";
import { compareKeys, keyBytes, keyText, type KeyText } from "#host/state/key.ts";
import type { StateReader, StateWrite } from "#host/state/reader.ts";

export class Overlay implements StateReader {
  readonly #base: StateReader;
  readonly #writes = new Map<KeyText, Uint8Array | undefined>();
  #bytes = 0;

  constructor(base: StateReader) {
    this.#base = base;
  }

  /** Bytes of all keys and values written so far, each key counted once. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Reads through: the call's own write if there is one, else the committed value.
   *
   * @throws {@link Fault} `STATE_KEY` if the key is empty or over its limit.
   */
  get(key: Uint8Array): Uint8Array | undefined {
    const text = keyText(key);
    const own = this.#writes.get(text);
    if (own !== undefined || this.#writes.has(text)) return own;
    return this.#base.get(key);
  }

  /**
   * Writes a value. The overlay keeps the array: hand over one that nobody else changes.
   *
   * @throws {@link Fault} `STATE_KEY` if the key is empty or over its limit.
   * @throws {@link Fault} `STATE_VALUE` if the value is over {@link STATE_VALUE_BYTES_MAX}.
   * @throws {@link Fault} `STATE_WRITE_SET` if the call would write more than {@link WRITE_SET_BYTES_MAX}.
   */
  set(key: Uint8Array, value: Uint8Array): void {
    if (value.length > STATE_VALUE_BYTES_MAX) {
      throw new Fault("STATE_VALUE", { length: value.length, limit: STATE_VALUE_BYTES_MAX });
    }
    this.#write(keyText(key), value);
  }

  /**
   * Removes a key; removing one that is absent is allowed and still counts as a write.
   *
   * @throws {@link Fault} `STATE_KEY` if the key is empty or over its limit.
   * @throws {@link Fault} `STATE_WRITE_SET` if the call would write more than {@link WRITE_SET_BYTES_MAX}.
   */
  remove(key: Uint8Array): void {
    this.#write(keyText(key), undefined);
  }

  /** Every write in key order: the same calls give the same list on every worker. */
  writes(): StateWrite[] {
    const sorted = [...this.#writes].sort(([left], [right]) => compareKeys(left, right));
    return sorted.map(([text, value]) => [keyBytes(text), value]);
  }

  #write(text: KeyText, value: Uint8Array | undefined): void {
    const known = this.#writes.has(text);
    const before = known ? text.length + (this.#writes.get(text)?.length ?? 0) : 0;
    const bytes = this.#bytes - before + text.length + (value?.length ?? 0);
    if (bytes > WRITE_SET_BYTES_MAX) {
      throw new Fault("STATE_WRITE_SET", { length: bytes, limit: WRITE_SET_BYTES_MAX });
    }
    this.#bytes = bytes;
    this.#writes.set(text, value);
  }
}
