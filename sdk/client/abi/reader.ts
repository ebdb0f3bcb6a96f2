/**
 * Reads MessagePack values one by one, shortest form only.
 *
 * What a contract returned is as hostile as any input: every length is compared with the bytes that
 * are left before anything is made of it.
 *
 * Source: MessagePack specification, "Formats".
 *
 * @module
 */

/** Why the bytes are not what was expected, in a few words. Becomes an error where the path is known. */
export class Mismatch extends Error {}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(untrustedBytes: Uint8Array) {
    this.#bytes = untrustedBytes;
    const { buffer, byteOffset, byteLength } = untrustedBytes;
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  /** @throws {@link Mismatch} if bytes are left. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new Mismatch("has bytes behind its end");
  }

  /** Steps over `count` bytes and returns where they begin. */
  #take(count: number): number {
    const at = this.#offset;
    if (count > this.#bytes.length - at) throw new Mismatch("ends too early");
    this.#offset = at + count;
    return at;
  }

  #first(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** An unsigned number of 1, 2 or 4 bytes that would not fit a shorter form below `least`. */
  #size(width: number, least: number): number {
    const at = this.#take(width);
    const size =
      width === 1
        ? this.#view.getUint8(at)
        : width === 2
          ? this.#view.getUint16(at)
          : this.#view.getUint32(at);
    if (size < least) throw new Mismatch("is not in its shortest form");
    return size;
  }

  /** Whether nil comes next; steps over it if so. */
  nil(): boolean {
    if (this.#offset >= this.#bytes.length || this.#bytes[this.#offset] !== 0xc0) return false;
    this.#offset++;
    return true;
  }

  boolean(): boolean {
    const first = this.#first();
    if (first !== 0xc2 && first !== 0xc3) throw new Mismatch("is not a bool");
    return first === 0xc3;
  }

  integer(): bigint {
    const first = this.#first();
    if (first <= 0x7f) return BigInt(first);
    if (first >= 0xe0) return BigInt(first - 0x100);
    if (first >= 0xcc && first <= 0xcf) return this.#unsigned(1 << (first - 0xcc));
    if (first >= 0xd0 && first <= 0xd3) return this.#signed(1 << (first - 0xd0));
    throw new Mismatch("is not an integer");
  }

  #unsigned(width: number): bigint {
    if (width < 8) return BigInt(this.#size(width, width === 1 ? 0x80 : 2 ** (4 * width)));
    const value = this.#view.getBigUint64(this.#take(8));
    if (value <= 0xffff_ffffn) throw new Mismatch("is not in its shortest form");
    return value;
  }

  /** Positive numbers of these formats would fit the unsigned ones, which are the canonical ones. */
  #signed(width: number): bigint {
    const at = this.#take(width);
    const bits = BigInt(8 * width);
    let value = 0n;
    for (let i = 0; i < width; i++) value = (value << 8n) | BigInt(this.#view.getUint8(at + i));
    value = BigInt.asIntN(8 * width, value);
    const most = width === 1 ? -0x20n : -(1n << (bits / 2n - 1n));
    if (value >= most) throw new Mismatch("is not in its shortest form");
    return value;
  }

  float32(): number {
    if (this.#first() !== 0xca) throw new Mismatch("is not an f32");
    return this.#view.getFloat32(this.#take(4));
  }

  float64(): number {
    if (this.#first() !== 0xcb) throw new Mismatch("is not an f64");
    return this.#view.getFloat64(this.#take(8));
  }

  text(): string {
    const length = this.#textLength(this.#first());
    const at = this.#take(length);
    try {
      return decoder.decode(this.#bytes.subarray(at, at + length));
    } catch {
      throw new Mismatch("is not valid UTF-8");
    }
  }

  #textLength(first: number): number {
    if (first >= 0xa0 && first <= 0xbf) return first & 0x1f;
    if (first === 0xd9) return this.#size(1, 32);
    if (first === 0xda) return this.#size(2, 0x100);
    if (first === 0xdb) return this.#size(4, 0x1_0000);
    throw new Mismatch("is not a string");
  }

  /** A copy. */
  bytes(): Uint8Array {
    const length = this.#bytesLength(this.#first());
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  #bytesLength(first: number): number {
    if (first === 0xc4) return this.#size(1, 0);
    if (first === 0xc5) return this.#size(2, 0x100);
    if (first === 0xc6) return this.#size(4, 0x1_0000);
    throw new Mismatch("is not a byte string");
  }

  /** Number of items; every item has at least one byte, so it cannot exceed the bytes left. */
  array(): number {
    const length = this.#arrayLength(this.#first());
    if (length > this.#bytes.length - this.#offset) throw new Mismatch("ends too early");
    return length;
  }

  #arrayLength(first: number): number {
    if (first >= 0x90 && first <= 0x9f) return first & 0x0f;
    if (first === 0xdc) return this.#size(2, 16);
    if (first === 0xdd) return this.#size(4, 0x1_0000);
    throw new Mismatch("is not an array");
  }
}
