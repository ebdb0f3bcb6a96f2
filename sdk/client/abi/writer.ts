/**
 * Writes MessagePack, shortest form only: what a contract's strict decoder accepts.
 *
 * Source: MessagePack specification, "Formats".
 *
 * @module
 */
import { utf8 } from "#protocol/bytes.ts";

const FIRST_BYTES = 256;

export class Writer {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes room for `count` bytes and returns where they begin. */
  #take(count: number): number {
    const at = this.#length;
    this.#length = at + count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  #byte(value: number): void {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
  }

  #raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** A format byte and an unsigned number of 1, 2 or 4 bytes behind it. */
  #sized(format: number, width: 1 | 2 | 4, value: number): void {
    const at = this.#take(1 + width);
    this.#view.setUint8(at, format);
    if (width === 1) this.#view.setUint8(at + 1, value);
    else if (width === 2) this.#view.setUint16(at + 1, value);
    else this.#view.setUint32(at + 1, value);
  }

  nil(): void {
    this.#byte(0xc0);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /** @param value - From -2^63 to 2^64 - 1. */
  integer(value: bigint): void {
    if (value >= 0n) this.#unsigned(value);
    else this.#negative(value);
  }

  #unsigned(value: bigint): void {
    if (value <= 0x7fn) this.#byte(Number(value));
    else if (value <= 0xffn) this.#sized(0xcc, 1, Number(value));
    else if (value <= 0xffffn) this.#sized(0xcd, 2, Number(value));
    else if (value <= 0xffff_ffffn) this.#sized(0xce, 4, Number(value));
    else {
      const at = this.#take(9);
      this.#view.setUint8(at, 0xcf);
      this.#view.setBigUint64(at + 1, value);
    }
  }

  #negative(value: bigint): void {
    if (value >= -0x20n) this.#byte(Number(value) & 0xff);
    else if (value >= -0x80n) this.#sized(0xd0, 1, Number(value) & 0xff);
    else if (value >= -0x8000n) this.#sized(0xd1, 2, Number(value) & 0xffff);
    else if (value >= -0x8000_0000n) this.#sized(0xd2, 4, Number(value) >>> 0);
    else {
      const at = this.#take(9);
      this.#view.setUint8(at, 0xd3);
      this.#view.setBigInt64(at + 1, value);
    }
  }

  float32(value: number): void {
    const at = this.#take(5);
    this.#view.setUint8(at, 0xca);
    this.#view.setFloat32(at + 1, value);
  }

  float64(value: number): void {
    const at = this.#take(9);
    this.#view.setUint8(at, 0xcb);
    this.#view.setFloat64(at + 1, value);
  }

  text(value: string): void {
    const bytes = utf8(value);
    const { length } = bytes;
    if (length <= 31) this.#byte(0xa0 | length);
    else if (length <= 0xff) this.#sized(0xd9, 1, length);
    else if (length <= 0xffff) this.#sized(0xda, 2, length);
    else this.#sized(0xdb, 4, length);
    this.#raw(bytes);
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    if (length <= 0xff) this.#sized(0xc4, 1, length);
    else if (length <= 0xffff) this.#sized(0xc5, 2, length);
    else this.#sized(0xc6, 4, length);
    this.#raw(value);
  }

  /** The head of an array; its items follow. */
  array(length: number): void {
    if (length <= 15) this.#byte(0x90 | length);
    else if (length <= 0xffff) this.#sized(0xdc, 2, length);
    else this.#sized(0xdd, 4, length);
  }
}
