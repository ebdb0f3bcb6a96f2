/**
 * A cursor over untrusted binary: every byte is checked to exist before it is read.
 *
 * Each number has one accepted encoding. Over-long LEB128 is refused, so two different files never
 * mean the same module by padding alone. The cursor knows what it is reading, so that a refusal says
 * which item of which section it met, and at which byte of the uploaded file that begins.
 *
 * @module
 */
import { Fault, type Facts } from "#protocol/fault.ts";
import type { FaultCode } from "#protocol/faults.ts";
import { MODULE_NAME_BYTES_MAX } from "#protocol/limits.ts";

/** From here on a byte of LEB128 has another behind it. */
export const CONTINUED = 0x80;
/** The bits of such a byte that are the number's. */
export const LOW_BITS = 0x7f;
/** From here on the one byte of a signed number is negative. */
export const SIGN = 0x40;
const NONE = -1;

export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;
  /** Where the item begins that is being read, if it is known. */
  mark: number = NONE;
  /** The section being read and the item of it, as the binary format numbers them. */
  section: number = NONE;
  index: number = NONE;
  readonly #code: FaultCode;
  readonly #base: number;

  /**
   * Reads `untrusted` from `start` to `end`; malformed input throws a fault of `code`.
   *
   * @param base - Where the bytes begin in the uploaded file: people count from its start.
   */
  constructor(untrusted: Uint8Array, start: number, end: number, code: FaultCode, base = 0) {
    this.#base = base;
    this.bytes = untrusted;
    this.offset = start;
    this.end = end;
    this.#code = code;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  /** Throws the reader's own fault; see {@link refuse}. */
  fail(facts: Facts = {}): never {
    return this.refuse(this.#code, facts);
  }

  /** Throws a fault that names the item being read, besides the given facts. */
  refuse(code: FaultCode, facts: Facts = {}): never {
    const offset = this.mark === NONE ? this.offset : this.mark;
    throw new Fault(code, {
      offset: this.#base + offset,
      ...(this.section === NONE ? {} : { section: this.section }),
      ...(this.index === NONE ? {} : { index: this.index }),
      ...facts,
    });
  }

  /** Refuses a count over its cap with a fact of the count's own name. @throws {@link Fault} `MODULE_LIMIT`. */
  limit(name: string, count: number, limit: number): void {
    if (this.exceeds(count, limit)) this.refuse("MODULE_LIMIT", { [name]: count, limit });
  }

  /** Whether a count is over its cap. */
  exceeds(count: number, limit: number): boolean {
    return count > limit;
  }

  /** Notes that item `index` begins here. */
  begin(index: number): void {
    this.index = index;
    this.mark = this.offset;
  }

  byte(): number {
    if (this.offset >= this.end) this.fail();
    // The bound was checked on the line above; `end` never exceeds the array.
    return this.bytes[this.offset++] as number;
  }

  /** Skips `length` bytes and returns where they began. */
  skip(length: number): number {
    const start = this.offset;
    if (length > this.end - start) this.fail({ length });
    this.offset = start + length;
    return start;
  }

  /** A reader of the next `length` bytes, which this one skips: the contents of `section`. */
  slice(length: number, section: number = NONE): Reader {
    const start = this.skip(length);
    const part = this.part(start, start + length);
    part.section = section;
    return part;
  }

  /** A reader of another part of the same bytes, by the same rules. */
  part(start: number, end: number): Reader {
    return new Reader(this.bytes, start, end, this.#code, this.#base);
  }

  /** An unsigned LEB128 number of at most 32 bits, shortest form. */
  u32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    // Two bytes hold nearly all that one does not.
    const second = this.offset < this.end ? (this.bytes[this.offset] ?? 0) : 0;
    if (second > 0 && second < 0x80) {
      this.offset++;
      return (first & 0x7f) | (second << 7);
    }
    let value = first & 0x7f;
    for (let scale = 0x80, index = 1; index < 5; index++, scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      if (byte === 0 || (index === 4 && byte > 0x0f)) this.fail();
      return value;
    }
    return this.fail();
  }

  /** A signed LEB128 number of at most 32 bits, shortest form. */
  i32(): number {
    let value = 0;
    let previous = 0;
    for (let index = 0; index < 5; index++) {
      const byte = this.byte();
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) {
        if (index > 0) this.#checkSign(byte, previous);
        if (index === 4) {
          if (byte > 0x07 && byte < 0x78) this.fail();
          return value;
        }
        return (byte & 0x40) === 0 ? value : value | (-1 << (7 * index + 7));
      }
      previous = byte;
    }
    return this.fail();
  }

  /** Skips a signed LEB128 number of at most 64 bits, shortest form. */
  skipI64(): void {
    let previous = 0;
    for (let index = 0; index < 10; index++) {
      const byte = this.byte();
      if (byte < 0x80) {
        if (index > 0) this.#checkSign(byte, previous);
        if (index === 9 && byte !== 0x00 && byte !== 0x7f) this.fail();
        return;
      }
      previous = byte;
    }
    this.fail();
  }

  /** A name of printable ASCII, at most {@link MODULE_NAME_BYTES_MAX} bytes. */
  name(): string {
    const length = this.u32();
    if (length > MODULE_NAME_BYTES_MAX) this.fail({ length, limit: MODULE_NAME_BYTES_MAX });
    let text = "";
    for (let index = 0; index < length; index++) {
      const byte = this.byte();
      if (byte < 0x20 || byte > 0x7e) this.fail();
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** Refuses a last byte that only repeats the sign of the byte before it. */
  #checkSign(byte: number, previous: number): void {
    const negative = (previous & 0x40) !== 0;
    if ((byte === 0x00 && !negative) || (byte === 0x7f && negative)) this.fail();
  }
}
