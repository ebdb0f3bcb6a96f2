/**
 * Arguments of a call whose method the build does not know: of code that is named by its hash alone.
 *
 * @module
 */
import { panic } from "./control";
import { encode } from "./codec";
import { Writer } from "./writer";

/** Most arguments that the first byte can count: MessagePack specification, "fixarray". */
const COUNT_MAX: u32 = 15;
const ARRAY: u8 = 0x90;

/** `new Arguments().add<u64>(5).add(owner)`: each in the type that the method declares. */
export class Arguments {
  private writer: Writer = new Writer();
  private count: u32 = 0;

  constructor() {
    this.writer.open(0);
  }

  add<T>(value: T): this {
    if (this.count == COUNT_MAX) panic("at most 15 arguments");
    encode<T>(this.writer, value);
    this.count++;
    store<u8>(this.writer.pointer, ARRAY | <u8>this.count);
    return this;
  }

  /** Where the encoded array lies. */
  get pointer(): usize {
    return this.writer.pointer;
  }

  get length(): u32 {
    return this.writer.length;
  }
}
