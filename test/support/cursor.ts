/**
 * Reads the numbers of a module that is known to be well-formed; shares no code with the product's decoder.
 *
 * @module
 */
export class Cursor {
  at: number;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @throws RangeError behind the last byte. */
  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new RangeError("the module ends early");
    return byte;
  }

  leb(signed: boolean): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return signed ? BigInt.asIntN(Number(shift) + 7, value) : value;
    }
  }

  u32(): number {
    return Number(this.leb(false));
  }

  /** Reads a counted vector. */
  items<T>(item: (index: number) => T): T[] {
    const items: T[] = [];
    for (let left = this.u32(); left > 0; left--) items.push(item(items.length));
    return items;
  }

  /** Skips a counted run of bytes. */
  skipBytes(): void {
    const length = this.u32();
    this.at += length;
  }
}
