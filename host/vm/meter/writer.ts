/**
 * Writes Wasm binary: a growing buffer with the format's number encodings.
 *
 * @module
 */

export class Writer {
  #buffer = new Uint8Array(1024);
  length = 0;

  byte(value: number): this {
    this.#reserve(1);
    this.#buffer[this.length++] = value;
    return this;
  }

  bytes(...values: readonly number[]): this {
    for (const value of values) this.byte(value);
    return this;
  }

  /** Appends a stretch of another array. */
  copy(source: Uint8Array, start = 0, end: number = source.length): this {
    this.#reserve(end - start);
    this.#buffer.set(source.subarray(start, end), this.length);
    this.length += end - start;
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

  /** Forgets what was written and keeps the buffer. */
  clear(): void {
    this.length = 0;
  }

  /** What was written: a view, valid until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.view());
    this.#buffer = larger;
  }
}
