/**
 * Gas by host/vm/SPEC.md §1, written from its tables and not from the product's.
 *
 * @module
 */
import { Trapped } from "#test/support/interpreter/values.ts";

const FREE = new Set([0x00, 0x01, 0x02, 0x03, 0x05, 0x0b]);
const INTEGER_DIVISION = new Set([0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82]);
const FLOAT_DIVISION_AND_ROOT = new Set([0x91, 0x95, 0x9f, 0xa3]);

/** The price of an instruction, apart from its length. */
export function priceOf(opcode: number): number {
  if (FREE.has(opcode)) return 0;
  if (INTEGER_DIVISION.has(opcode) || opcode === 0x11) return 8;
  if (FLOAT_DIVISION_AND_ROOT.has(opcode)) return 6;
  if (opcode === 0x0e) return 3;
  if (opcode === 0x10) return 4;
  if (opcode >= 0x28 && opcode <= 0x35) return 52;
  if (opcode >= 0x36 && opcode <= 0x3f) return 2;
  if (opcode === 0x40) return 100;
  if (opcode === 0xfc0c || opcode === 0xfc0e) return 100;
  if (opcode >= 0xfc08) return 10;
  if (opcode >= 0xfc00) return 4;
  return 1;
}

export class Gas {
  used = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  charge(gas: number): void {
    this.used += gas;
    if (this.used > this.#limit) throw new Trapped("OUT_OF_GAS");
  }

  /** Charges for entering a function with so many declared locals. */
  enter(locals: number): void {
    this.charge(Math.floor(locals / 4));
  }

  grow(pages: number): void {
    this.charge(24_576 * pages);
  }

  bulk(bytes: number): void {
    this.charge(Math.floor(bytes / 16));
  }

  entries(count: number): void {
    this.charge(64 * count);
  }
}
