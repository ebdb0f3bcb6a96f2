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
import { NO_BLOCK_TYPE, type Body } from "#host/vm/decode/body.ts";
import type { CoreModule, FunctionType } from "#host/vm/decode/module.ts";
import { op } from "#host/vm/decode/opcodes.ts";

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

/**
 * Bytes charged to the stack limit for one frame of the function whose body this is.
 *
 * @param codeBytes - Size of the body as uploaded.
 */
export function frameBytes(
  module: CoreModule,
  type: FunctionType,
  body: Body,
  codeBytes: number,
): number {
  const { params, results } = type;
  const values = params.length + results.length + body.localCount + maxHeight(module, body);
  return FRAME_BYTES + VALUE_BYTES * values + (codeBytes >> CODE_SHIFT);
}

/** Greatest operand height of a well-typed body; code that cannot be reached may be overestimated. */
function maxHeight(module: CoreModule, body: Body): number {
  const bases: number[] = [];
  let floor = 0;
  let height = 0;
  let max = 0;
  for (let index = 0; index < body.count; index++) {
    const code = body.opcode[index] ?? 0;
    const value = body.value[index] ?? 0;
    height += effect(module, code, value);
    if (code === op.block || code === op.loop || code === op.if) {
      bases.push(floor);
      floor = Math.max(floor, height - blockType(module, value).params);
    } else if (code === op.else || code === op.end) {
      const type = blockType(module, body.value[body.partner[index] ?? 0] ?? NO_BLOCK_TYPE);
      height = floor + (code === op.else ? type.params : type.results);
      if (code === op.end) floor = bases.pop() ?? 0;
    } else if (endsFlow(code)) {
      height = floor;
    }
    if (height < floor) height = floor;
    if (height > max) max = height;
  }
  return max;
}

function effect(module: CoreModule, code: number, value: number): number {
  if (code === op.call) return callEffect(module.types[module.functionTypes[value] ?? 0]);
  if (code === op.callIndirect) return callEffect(module.types[value]) - 1;
  if (code === op.memoryInit || code === op.memoryCopy || code === op.memoryFill) return -3;
  return code <= 0xff ? (effects[code] ?? 0) : 0;
}

function callEffect(type: FunctionType | undefined): number {
  return type === undefined ? 0 : type.results.length - type.params.length;
}

function endsFlow(code: number): boolean {
  return code === op.br || code === op.brTable || code === op.return || code === op.unreachable;
}

/** How many values a block takes and gives; value types are negated. */
function blockType(module: CoreModule, value: number): { params: number; results: number } {
  if (value < 0) return { params: 0, results: value === NO_BLOCK_TYPE ? 0 : 1 };
  const type = module.types[value];
  return { params: type?.params.length ?? 0, results: type?.results.length ?? 0 };
}
