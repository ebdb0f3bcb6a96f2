/**
 * Linear memory of the reference interpreter: bytes, bounds and growth.
 *
 * @module
 */
import { Trapped, type Value } from "#test/support/interpreter/values.ts";

const PAGE = 65_536;

export class Memory {
  bytes: Uint8Array<ArrayBuffer>;
  readonly #pagesMax: number;

  constructor(pages: number, pagesMax: number) {
    this.bytes = new Uint8Array(pages * PAGE);
    this.#pagesMax = pagesMax;
  }

  get pages(): number {
    return this.bytes.length / PAGE;
  }

  grow(more: number): number {
    const before = this.pages;
    if (before + more > this.#pagesMax) return -1;
    const larger = new Uint8Array((before + more) * PAGE);
    larger.set(this.bytes);
    this.bytes = larger;
    return before;
  }

  /** Traps unless the region lies in memory. */
  check(address: number, length: number): void {
    if (address + length > this.bytes.length) {
      throw new Trapped("TRAP", "out of bounds memory access");
    }
  }

  load(opcode: number, address: number): Value {
    const view = this.#view(address, width(opcode));
    switch (opcode) {
      case 0x28:
        return view.getInt32(0, true);
      case 0x29:
        return view.getBigInt64(0, true);
      case 0x2a:
        return view.getFloat32(0, true);
      case 0x2b:
        return view.getFloat64(0, true);
      default:
        return narrow(view, opcode);
    }
  }

  store(opcode: number, address: number, value: Value): void {
    const view = this.#view(address, width(opcode));
    if (opcode === 0x38) this.#storeFloat(view, 4, value as number);
    else if (opcode === 0x39) this.#storeFloat(view, 8, value as number);
    else {
      const bits = BigInt(value);
      for (let index = 0; index < view.byteLength; index++) {
        view.setUint8(index, Number((bits >> BigInt(8 * index)) & 0xffn));
      }
    }
  }

  #storeFloat(view: DataView, bytes: 4 | 8, value: number): void {
    if (Number.isNaN(value)) {
      if (bytes === 4) view.setUint32(0, 0x7fc0_0000, true);
      else view.setBigUint64(0, 0x7ff8_0000_0000_0000n, true);
    } else if (bytes === 4) view.setFloat32(0, value, true);
    else view.setFloat64(0, value, true);
  }

  #view(address: number, length: number): DataView {
    this.check(address, length);
    return new DataView(this.bytes.buffer, address, length);
  }
}

/** Bytes that a load or store moves, by opcode from 0x28 on. */
function width(opcode: number): number {
  const widths = [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4];
  return widths[opcode - 0x28] ?? 0;
}

/** A load of less than the type's width: odd opcodes from 0x2c on extend with zeros. */
function narrow(view: DataView, opcode: number): Value {
  let bits = 0n;
  for (let index = 0; index < view.byteLength; index++) {
    bits |= BigInt(view.getUint8(index)) << BigInt(8 * index);
  }
  const signed = opcode % 2 === 0 ? BigInt.asIntN(8 * view.byteLength, bits) : bits;
  return opcode < 0x30 ? Number(signed) : signed;
}
