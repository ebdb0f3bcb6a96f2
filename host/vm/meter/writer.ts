/**
 * Writes Wasm binary: a growing buffer with the format's number encodings.
 *
 * @module
 */

/** Stretches up to this many bytes are copied one by one: a call costs more. */
const SHORT_BYTES = 24;

export class Writer {
  #buffer = new Uint8Array(1024);
  length = 0;

  byte(value: number): this {
    if (this.length === this.#buffer.length) this.#reserve(1);
    this.#buffer[this.length++] = value;
    return this;
  }

  bytes(...values: readonly number[]): this {
    for (const value of values) this.byte(value);
    return this;
  }

  /** Two bytes: an opcode and an immediate below 128, most often. */
  pair(first: number, second: number): this {
    if (this.length + 2 > this.#buffer.length) this.#reserve(2);
    this.#buffer[this.length] = first;
    this.#buffer[this.length + 1] = second;
    this.length += 2;
    return this;
  }

  /** Appends a stretch of another array. */
  copy(source: Uint8Array, start = 0, end: number = source.length): this {
    const count = end - start;
    if (this.length + count > this.#buffer.length) this.#reserve(count);
    if (count > SHORT_BYTES) {
      this.#buffer.set(source.subarray(start, end), this.length);
      this.length += count;
      return this;
    }
    for (let index = start; index < end; index++) {
      this.#buffer[this.length++] = source[index] ?? 0;
    }
    return this;
  }

  /** Unsigned LEB128 of a number below 2^32. */
  u32(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    return this.byte(rest);
  }

  /** Signed LEB128 of a safe integer: fits an i32 or an i64 constant alike. */
  signed(value: number): this {
    if (value >= -0x40 && value < 0x40) return this.byte(value & 0x7f);
    let rest = value;
    for (;;) {
      const low = ((rest % 0x80) + 0x80) % 0x80;
      rest = Math.floor(rest / 0x80);
      const sign = (low & 0x40) !== 0;
      if ((rest === 0 && !sign) || (rest === -1 && sign)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  /** ASCII text with its length before it. */
  name(text: string): this {
    this.u32(text.length);
    for (let index = 0; index < text.length; index++) this.byte(text.charCodeAt(index));
    return this;
  }

  /** Makes room for as many bytes, so that it need not be made step by step. */
  room(bytes: number): void {
    if (this.length + bytes > this.#buffer.length) this.#reserve(bytes);
  }

  /** Adds to a byte that was written. */
  raise(position: number, by: number): void {
    this.#buffer[position] = (this.#buffer[position] ?? 0) + by;
  }

  /** Takes back what was written from `length` on, and keeps the buffer. */
  cut(length = 0): void {
    this.length = length;
  }

  /** What was written: a view, valid until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  #reserve(bytes: number): void {
    const larger = new Uint8Array(Math.max(this.length + bytes, this.#buffer.length * 2));
    larger.set(this.view());
    this.#buffer = larger;
  }
}
