/**
 * Goal: what is decoded of a body follows from its bytes alone, in whatever forms they come.
 *
 * The arrays of a body are used again for the next one, so code before another could change what that
 * costs if anything left over were read.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { Body } from "#host/vm/decode/body.ts";
import { immediate, immediates, op } from "#host/vm/decode/opcodes.ts";
import { Reader } from "#host/vm/decode/reader.ts";

/** Instructions by form: one byte, small immediates, large ones, refused ones and broken ones. */
const units = [
  [[op.nop], [op.return], [0x6a], [op.localGet, 0], [op.localSet, 1], [op.i32Const, 5]],
  [
    [op.localGet, 0x80, 1],
    [op.globalGet, 0xff, 0xff, 3],
    [op.i32Const, 0xff, 0],
    [op.i32Const, 0x40],
  ],
  [[op.block, 0x40], [op.loop, 0x40], [op.if, 0x40], [op.if, 0x7f], [op.block, 3], [op.else]],
  [[op.end], [op.end], [op.end], [op.br, 0], [op.brIf, 1], [op.brIf, 0x80, 1]],
  [
    [op.brTable, 0, 0],
    [op.brTable, 2, 0, 1, 0],
    [op.call, 3],
    [op.call, 0x83, 1],
  ],
  [
    [op.callIndirect, 1, 0],
    [op.callIndirect, 0x81, 2, 0],
    [op.callIndirect, 1, 1],
  ],
  [
    [0x28, 2, 0],
    [0x28, 3, 0x90, 1],
    [0x28, 4, 0],
    [op.memorySize, 0],
    [op.memoryGrow, 1],
  ],
  [
    [op.i64Const, 9],
    [op.f32Const, 1, 2, 3, 4],
    [op.f64Const, 1, 2, 3, 4, 5, 6, 7, 8],
  ],
  [[op.prefix, 0x0b, 0], [op.prefix, 0], [op.prefix, 0x0a, 0, 0], [0xd0], [op.localGet, 0x80, 0]],
].flat();

const code = fc
  .array(fc.constantFrom(...units), { maxLength: 14 })
  .chain((parts) => fc.tuple(fc.constant(parts.flat()), fc.integer({ min: 0, max: 4 })))
  .map(([bytes, ends]) =>
    Uint8Array.from([0, ...bytes, ...Array.from({ length: ends }, () => op.end)]),
  );

/** A body that leaves something in every array. */
function used(): Body {
  const body = new Body();
  const most = [op.i32Const, 0x3f, op.if, 0x40, op.else, op.br, 0, op.brTable, 1, 0, 0, op.end];
  const bytes = Uint8Array.from([0, ...Array.from({ length: 20 }, () => most).flat(), op.end]);
  body.decode(new Reader(bytes, 0, bytes.length, "MODULE_MALFORMED"));
  return body;
}

/** All that the meter may ask about one instruction. */
function fieldsOf(body: Body, index: number): unknown[] {
  const { opcode, offset, value, partner, otherwise, target } = body;
  const own = opcode[index] ?? 0;
  const kind = immediates[own > 0xff ? op.prefix : own];
  const known: unknown[] = [own, offset[index]];
  const isConstant = own >= op.i32Const && own <= op.f64Const;
  if (isConstant || kind === immediate.index || kind === immediate.call) known.push(value[index]);
  if (kind === immediate.callIndirect || kind === immediate.label) known.push(value[index]);
  if (kind === immediate.block) known.push(value[index], partner[index]);
  if (kind === immediate.bracket) known.push(partner[index]);
  if (kind === immediate.label) known.push(target[index]);
  if (own === op.if) known.push(otherwise[index]);
  if (own === op.brTable) known.push(...body.targetsOf(index));
  return known;
}

/** What comes of bytes, behind which others follow that are none of the body's. */
function decoded(body: Body, bytes: Uint8Array, behind: readonly number[]): unknown[] {
  const file = Uint8Array.from([...bytes, ...behind]);
  try {
    body.decode(new Reader(file, 0, bytes.length, "MODULE_MALFORMED"));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [error.code, error.facts];
  }
  const { count, forks, loops, calls, offset } = body;
  const each = Array.from({ length: count }, (_, index) => fieldsOf(body, index));
  return [count, forks, loops, calls, offset[count], each];
}

describe("Body", () => {
  it("property: is the same whatever was decoded before it, and whatever lies behind it", () => {
    const behind = fc.constantFrom([], [0], [op.end, op.end], [0x7f, 0x80]);
    fc.assert(
      fc.property(code, behind, (bytes, rest) => {
        expect(decoded(used(), bytes, rest)).toEqual(decoded(new Body(), bytes, []));
      }),
      { numRuns: 2_000 },
    );
  });

  it("property: instructions mean the same at the end of a body, where no short form is taken", () => {
    const closed = code.map((bytes) => Uint8Array.from([...bytes, op.end]));
    // A byte more at the end lets the short form be taken of what stood too near to it.
    fc.assert(
      fc.property(closed, (bytes) => {
        const padded = Uint8Array.from([...bytes.slice(0, -1), op.nop, op.nop, op.nop, op.end]);
        const [short, long] = [decoded(used(), padded, []), decoded(used(), bytes, [])];
        // What is refused may go on into the bytes that are there now.
        if (typeof long[0] !== "number") return;
        const [count, forks, loops, calls, , each] = long;
        expect(short.slice(0, 4)).toEqual([count + 3, forks, loops, calls]);
        expect((short[5] as unknown[]).slice(0, count - 1)).toEqual(
          (each as unknown[]).slice(0, -1),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("counts an integer constant that is none as nothing", () => {
    const bytes = Uint8Array.from([0, op.i64Const, 9, op.f32Const, 1, 2, 3, 4, op.end]);
    const body = used();
    expect(body.value[0]).toBe(0x3f);
    body.decode(new Reader(bytes, 0, bytes.length, "MODULE_MALFORMED"));
    expect([body.value[0], body.value[1]]).toEqual([0, 0]);
  });
});
