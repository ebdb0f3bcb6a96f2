/**
 * MessagePack in, strictly: shortest forms only, lengths checked before anything is allocated,
 * nesting bounded, well-formed UTF-8, nothing trailing.
 *
 * Arguments come from the caller and are hostile: what does not fit refuses the call. Stored values
 * were written by this contract: what does not fit is a bug, mostly a field whose type has changed.
 *
 * Source: MessagePack specification, "Formats".
 *
 * @module
 */
import { ARGUMENTS_MALFORMED, panic, refuse } from "./control";
import { readUtf8 } from "./utf8";
import { DEPTH_MAX } from "./writer";

const NIL: u32 = 0xc0;

export class Reader {
  private end: usize;
  private depth: u32 = 0;

  constructor(
    private at: usize,
    length: u32,
    private isArguments: bool,
  ) {
    this.end = at + length;
  }

  /** Never returns. */
  fail(): void {
    if (this.isArguments) refuse(ARGUMENTS_MALFORMED);
    panic("a value does not have its declared type");
  }

  /** Steps over `count` bytes and returns where they start. */
  private take(count: u32): usize {
    const at = this.at;
    if (count > <u32>(this.end - at)) this.fail();
    this.at = at + count;
    return at;
  }

  private byte(): u32 {
    return load<u8>(this.take(1));
  }

  /** A big-endian number of `1 << logBytes` bytes. */
  private number(logBytes: u32): u64 {
    const at = this.take(1 << logBytes);
    if (logBytes == 0) return load<u8>(at);
    if (logBytes == 1) return bswap<u16>(load<u16>(at));
    if (logBytes == 2) return bswap<u32>(load<u32>(at));
    return bswap<u64>(load<u64>(at));
  }

  /** A length of `1 << logBytes` bytes that no shorter form could hold. */
  private size(logBytes: u32, least: u32): u32 {
    const size = <u32>this.number(logBytes);
    if (size < least) this.fail();
    return size;
  }

  isNil(): bool {
    if (this.at >= this.end || load<u8>(this.at) != NIL) return false;
    this.at++;
    return true;
  }

  bool(): bool {
    const tag = this.byte();
    if ((tag & 0xfe) != 0xc2) this.fail();
    return tag == 0xc3;
  }

  private positive(tag: u32): u64 {
    if (tag < 0x80) return tag;
    const logBytes = tag - 0xcc;
    if (logBytes > 3) this.fail();
    const value = this.number(logBytes);
    const least: u64 = logBytes == 0 ? 0x80 : (<u64>1) << ((<u64>4) << logBytes);
    if (value < least) this.fail();
    return value;
  }

  unsigned(most: u64): u64 {
    const value = this.positive(this.byte());
    if (value > most) this.fail();
    return value;
  }

  signed(least: i64, most: i64): i64 {
    const tag = this.byte();
    let value: i64;
    if (tag >= 0xe0) {
      value = <i64>(<i8>tag);
    } else if (tag >= 0xd0 && tag <= 0xd3) {
      const logBytes = tag - 0xd0;
      const unused = <i64>(64 - (8 << logBytes));
      value = ((<i64>this.number(logBytes)) << unused) >> unused;
      const bound: i64 = logBytes == 0 ? -0x20 : -((<i64>1) << ((4 << logBytes) - 1));
      if (value >= bound) this.fail();
    } else {
      const magnitude = this.positive(tag);
      if (magnitude > <u64>i64.MAX_VALUE) this.fail();
      value = <i64>magnitude;
    }
    if (value < least || value > most) this.fail();
    return value;
  }

  f32(): f32 {
    if (this.byte() != 0xca) this.fail();
    return reinterpret<f32>(<u32>this.number(2));
  }

  f64(): f64 {
    if (this.byte() != 0xcb) this.fail();
    return reinterpret<f64>(this.number(3));
  }

  string(): string {
    const tag = this.byte();
    let length: u32 = 0;
    if ((tag & 0xe0) == 0xa0) length = tag & 0x1f;
    else if (tag == 0xd9) length = this.size(0, 0x20);
    else if (tag == 0xda) length = this.size(1, 0x100);
    else if (tag == 0xdb) length = this.size(2, 0x1_0000);
    else this.fail();
    const text = readUtf8(this.take(length), length, false);
    if (text === null) this.fail();
    return text!;
  }

  /** The length of a byte string; its bytes come next by {@link region}. */
  binary(): u32 {
    const tag = this.byte();
    if (tag == 0xc4) return this.size(0, 0);
    if (tag == 0xc5) return this.size(1, 0x100);
    if (tag != 0xc6) this.fail();
    return this.size(2, 0x1_0000);
  }

  region(length: u32): usize {
    return this.take(length);
  }

  /** Where a byte string of exactly `length` bytes starts. */
  fixed(length: u32): usize {
    if (this.binary() != length) this.fail();
    return this.take(length);
  }

  /** Enters an array and returns its length; every item takes at least one byte. */
  open(): u32 {
    if (++this.depth > DEPTH_MAX) this.fail();
    const tag = this.byte();
    let length: u32 = 0;
    if ((tag & 0xf0) == 0x90) length = tag & 0x0f;
    else if (tag == 0xdc) length = this.size(1, 0x10);
    else if (tag == 0xdd) length = this.size(2, 0x1_0000);
    else this.fail();
    if (length > <u32>(this.end - this.at)) this.fail();
    return length;
  }

  /** Enters an array of exactly `length` items. */
  openExactly(length: u32): void {
    if (this.open() != length) this.fail();
  }

  close(): void {
    this.depth--;
  }

  /** Refuses bytes that nobody asked for. */
  finish(): void {
    if (this.at != this.end) this.fail();
  }
}
