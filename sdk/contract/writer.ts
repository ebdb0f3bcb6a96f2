/**
 * MessagePack out: every value in its one shortest form, so that equal values have equal bytes.
 *
 * Source: MessagePack specification, "Formats".
 *
 * @module
 */
import { panic } from "./control";
import { utf8Length, writeUtf8 } from "./utf8";

/** Nesting of any value; readers refuse more. */
export const DEPTH_MAX: u32 = 32;
const FIRST_BYTES: usize = 64;

export class Writer {
  pointer: usize = __new(FIRST_BYTES, idof<ArrayBuffer>());
  length: u32 = 0;
  private capacity: u32 = <u32>FIRST_BYTES;
  private depth: u32 = 0;

  /** Starts again where it is. */
  clear(): void {
    this.length = 0;
  }

  /** Makes room for `count` bytes and returns where they go. */
  private grow(count: u32): usize {
    const start = this.length;
    const end = start + count;
    if (end > this.capacity) {
      this.capacity = max(end, this.capacity << 1);
      this.pointer = __renew(this.pointer, this.capacity);
    }
    this.length = end;
    return this.pointer + start;
  }

  private byte(value: u32): void {
    store<u8>(this.grow(1), <u8>value);
  }

  /** One format byte and a big-endian number of `1 << logBytes` bytes. */
  private tagged(tag: u32, value: u64, logBytes: u32): void {
    const bytes: u32 = 1 << logBytes;
    const at = this.grow(1 + bytes);
    store<u8>(at, <u8>tag);
    const big = bswap<u64>(value << ((<u64>(8 - bytes)) << 3));
    if (logBytes == 0) store<u8>(at, <u8>big, 1);
    else if (logBytes == 1) store<u16>(at, <u16>big, 1);
    else if (logBytes == 2) store<u32>(at, <u32>big, 1);
    else store<u64>(at, big, 1);
  }

  nil(): void {
    this.byte(0xc0);
  }

  bool(value: bool): void {
    this.byte(0xc2 + <u32>value);
  }

  unsigned(value: u64): void {
    if (value < 0x80) this.byte(<u32>value);
    else if (value <= 0xff) this.tagged(0xcc, value, 0);
    else if (value <= 0xffff) this.tagged(0xcd, value, 1);
    else if (value <= 0xffff_ffff) this.tagged(0xce, value, 2);
    else this.tagged(0xcf, value, 3);
  }

  signed(value: i64): void {
    if (value >= 0) this.unsigned(<u64>value);
    else if (value >= -0x20) this.byte(<u32>value);
    else if (value >= -0x80) this.tagged(0xd0, <u64>value, 0);
    else if (value >= -0x8000) this.tagged(0xd1, <u64>value, 1);
    else if (value >= -0x8000_0000) this.tagged(0xd2, <u64>value, 2);
    else this.tagged(0xd3, <u64>value, 3);
  }

  f32(value: f32): void {
    this.tagged(0xca, reinterpret<u32>(value), 2);
  }

  f64(value: f64): void {
    this.tagged(0xcb, reinterpret<u64>(value), 3);
  }

  string(value: string): void {
    const length = utf8Length(value);
    if (length < 0x20) this.byte(0xa0 | length);
    else if (length <= 0xff) this.tagged(0xd9, length, 0);
    else if (length <= 0xffff) this.tagged(0xda, length, 1);
    else this.tagged(0xdb, length, 2);
    writeUtf8(value, this.grow(length));
  }

  /** Starts a byte string and returns where its `length` bytes go. */
  binary(length: u32): usize {
    if (length <= 0xff) this.tagged(0xc4, length, 0);
    else if (length <= 0xffff) this.tagged(0xc5, length, 1);
    else this.tagged(0xc6, length, 2);
    return this.grow(length);
  }

  /** Starts an array; {@link close} ends it. */
  open(length: u32): void {
    if (++this.depth > DEPTH_MAX) panic("a value is nested more than 32 deep");
    if (length < 0x10) this.byte(0x90 | length);
    else if (length <= 0xffff) this.tagged(0xdc, length, 1);
    else this.tagged(0xdd, length, 2);
  }

  close(): void {
    this.depth--;
  }
}
