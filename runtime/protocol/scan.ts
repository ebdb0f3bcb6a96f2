/**
 * Strict scan of hostile MessagePack, before any of it is decoded.
 *
 * msgpackr accepts extensions (dates, errors, records) and trusts lengths. This scan lets through
 * only plain values: every length fits the input, nesting and item counts are bounded, nothing
 * trails. No message holds a map, so there are no keys to repeat or to poison a prototype with. It
 * allocates nothing that grows with the input.
 *
 * Source: MessagePack specification, "Formats".
 *
 * @module
 */
import { DECODE_DEPTH_MAX } from "#protocol/limits.ts";

/** Values in one message: the write set of one command can hold more than a million of them. */
const ITEMS_MAX = 8_000_000;

class Scan {
  offset = 0;
  items = 0;
  readonly #view: DataView;
  readonly #length: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#length = bytes.length;
  }

  #skip(length: number): boolean {
    this.offset += length;
    return this.offset <= this.#length;
  }

  /** Reads an unsigned length of 1, 2 or 4 bytes; -1 when the input ends first. */
  #size(width: number): number {
    const at = this.offset;
    if (!this.#skip(width)) return -1;
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #sized(width: number): boolean {
    const size = this.#size(width);
    return size >= 0 && this.#skip(size);
  }

  #values(count: number, depth: number): boolean {
    if (count < 0 || count > this.#length - this.offset) return false;
    for (let i = 0; i < count; i++) if (!this.value(depth + 1)) return false;
    return true;
  }

  value(depth: number): boolean {
    if (depth > DECODE_DEPTH_MAX || ++this.items > ITEMS_MAX || this.offset >= this.#length) {
      return false;
    }
    const first = this.#view.getUint8(this.offset++);
    if (first <= 0x7f || first >= 0xe0) return true;
    if (first <= 0x8f) return false; // a map
    if (first <= 0x9f) return this.#values(first & 0x0f, depth);
    if (first <= 0xbf) return this.#skip(first & 0x1f);
    switch (first) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return true;
      case 0xc4:
      case 0xd9:
        return this.#sized(1);
      case 0xc5:
      case 0xda:
        return this.#sized(2);
      case 0xc6:
      case 0xdb:
        return this.#sized(4);
      case 0xcc:
      case 0xd0:
        return this.#skip(1);
      case 0xcd:
      case 0xd1:
        return this.#skip(2);
      case 0xca:
      case 0xce:
      case 0xd2:
        return this.#skip(4);
      case 0xcb:
      case 0xcf:
      case 0xd3:
        return this.#skip(8);
      case 0xdc:
        return this.#values(this.#size(2), depth);
      case 0xdd:
        return this.#values(this.#size(4), depth);
      default:
        return false; // 0xc1 is never used; the rest are maps and extensions
    }
  }

  get finished(): boolean {
    return this.offset === this.#length;
  }
}

/**
 * Whether the bytes are exactly one plain MessagePack value.
 *
 * @param untrustedBytes - Any bytes, of any length.
 */
export function isPlainMessagePack(untrustedBytes: Uint8Array): boolean {
  const scan = new Scan(untrustedBytes);
  return scan.value(0) && scan.finished;
}
