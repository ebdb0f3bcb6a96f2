/**
 * How much stack a function's frame takes, from its code alone.
 *
 * Engines keep locals and operands in frames of their own making, and tiers of one engine differ.
 * A baseline compiler keeps what the code names: 64 + 8 per value. An optimizing one also keeps what
 * the code computes more than once, 8 bytes for every 4 bytes of code at the worst: a quarter of the
 * code is counted, and the enclave's stack is twelve times what the limits add up to. So a limit on
 * the bytes counted here is met at the same instruction everywhere, before the engine's own.
 *
 * @module
 */
import type { Body } from "#host/vm/decode/body.ts";
import type { CoreModule } from "#host/vm/decode/module.ts";
import { NO_BLOCK_TYPE, op } from "#host/vm/decode/opcodes.ts";

const FRAME_BYTES = 64;
const VALUE_BYTES = 8;
/** Bytes of code for each byte counted. */
const CODE_SHIFT = 2;

/** Net effect on operand height of each one-byte opcode whose effect does not depend on a type. */
const effects: Int8Array = effectTable();

function effectTable(): Int8Array {
  const table = new Int8Array(256);
  const set = (first: number, last: number, effect: number): void => {
    table.fill(effect, first, last + 1);
  };
  for (const code of [op.if, op.brIf, op.brTable, op.drop, op.localSet, op.globalSet])
    table[code] = -1;
  for (const code of [op.localGet, op.globalGet, op.memorySize]) table[code] = 1;
  set(op.select, op.select, -2);
  set(0x36, 0x3e, -2);
  set(op.i32Const, op.f64Const, 1);
  set(0x46, 0x4f, -1);
  set(0x51, 0x66, -1);
  set(0x6a, 0x78, -1);
  set(0x7c, 0x8a, -1);
  set(0x92, 0x98, -1);
  set(0xa0, 0xa6, -1);
  return table;
}

/** Measures the frames of one module's functions. */
export class Frames {
  /** How many values each type takes and gives. */
  readonly #params: Int32Array;
  readonly #results: Int32Array;
  readonly #functionTypes: readonly number[];
  readonly #floors: number[] = [];

  constructor(module: CoreModule) {
    this.#params = Int32Array.from(module.types, ({ params }) => params.length);
    this.#results = Int32Array.from(module.types, ({ results }) => results.length);
    this.#functionTypes = module.functionTypes;
  }

  /**
   * Values that one frame of the function keeps at most: parameters, results, locals and operands.
   *
   * @param type - Index of the function's type.
   */
  values(type: number, body: Body): number {
    const values = (this.#params[type] ?? 0) + (this.#results[type] ?? 0) + body.localCount;
    return values + this.#maxHeight(body);
  }

  /** Greatest operand height of a well-typed body; code that cannot be reached may be overestimated. */
  #maxHeight(body: Body): number {
    const floors = this.#floors;
    const { opcode, count } = body;
    let depth = 0;
    let floor = 0;
    let height = 0;
    let max = 0;
    for (let index = 0; index < count; index++) {
      const code = opcode[index] ?? 0;
      if (code > op.callIndirect) {
        height += code <= 0xff ? (effects[code] ?? 0) : bulkEffect(code);
        if (height > max) max = height;
        else if (height < floor) height = floor;
        continue;
      }
      if (code === op.block || code === op.loop || code === op.if) {
        height += effects[code] ?? 0;
        floors[depth++] = floor;
        floor = Math.max(floor, height - this.#blockParams(body.value[index] ?? 0));
      } else if (code === op.else || code === op.end) {
        const type = body.value[body.partner[index] ?? 0] ?? NO_BLOCK_TYPE;
        height = floor + (code === op.else ? this.#blockParams(type) : this.#blockResults(type));
        if (code === op.end) floor = depth > 0 ? (floors[--depth] ?? 0) : 0;
      } else if (code === op.call || code === op.callIndirect) {
        height += this.#callEffect(code, body.value[index] ?? 0);
      } else if (code !== op.brIf) {
        if (code !== op.nop) height = floor;
      } else height--;
      if (height < floor) height = floor;
      if (height > max) max = height;
    }
    return max;
  }

  #callEffect(code: number, value: number): number {
    const type = code === op.call ? (this.#functionTypes[value] ?? 0) : value;
    const effect = (this.#results[type] ?? 0) - (this.#params[type] ?? 0);
    return code === op.call ? effect : effect - 1;
  }

  /** How many values a block takes and gives; value types are negated. */
  #blockParams(type: number): number {
    return type < 0 ? 0 : (this.#params[type] ?? 0);
  }

  #blockResults(type: number): number {
    if (type < 0) return type === NO_BLOCK_TYPE ? 0 : 1;
    return this.#results[type] ?? 0;
  }
}

/**
 * Bytes charged to the stack limit for one frame.
 *
 * @param codeBytes - Size of the body as uploaded.
 */
export function frameBytes(values: number, codeBytes: number): number {
  return FRAME_BYTES + VALUE_BYTES * values + (codeBytes >> CODE_SHIFT);
}

function bulkEffect(code: number): number {
  return code >= op.memoryInit && code !== op.dataDrop && code !== op.elemDrop ? -3 : 0;
}
