/**
 * Goal: a memory that is used again must not be told from a new one, whatever the last call did to it.
 *
 * Method: contracts that write all over their memory, grow it, trap or fail, then a call that reads it all.
 */
import { describe, expect, it } from "vitest";
import { MemoryPool } from "#host/vm/memory-pool.ts";
import {
  admitContract,
  ending,
  environment,
  GAS,
  RESULT,
  run,
  word,
} from "#test/support/contract.ts";
import { runCall, runCallAsync } from "#host/functions/call.ts";
import { constant, drop, store8, unreachable } from "#test/support/wasm.ts";

const PAGE = 65_536;
const MEMORY_FILL = [0xfc, 0x0b, 0x00];
const MEMORY_GROW = [0x40, 0x00];
const MEMORY_SIZE = [0x3f, 0x00];

/** Writes 0xff to every byte. */
const scribble = [...constant(0), ...constant(0xff), ...constant(PAGE), ...MEMORY_FILL];
/** Returns the whole first page. The words that say so stand in it. */
const showAll = [...word(RESULT, 0), ...word(RESULT + 4, PAGE), ...constant(RESULT)];

/** A contract that scribbles in a command, in one of several manners, and shows its memory to a query. */
function scribbler(after: readonly number[], isResumable = false) {
  return admitContract({ command: [...scribble, ...after], query: showAll }, { isResumable });
}

function memoryOf(admitted: ReturnType<typeof scribbler>): Uint8Array {
  const { end } = run(admitted, { mode: "query" });
  if (end.kind !== "returned") throw new Error(end.kind);
  return end.value;
}

describe("memory of the next call", () => {
  const fresh = memoryOf(scribbler(constant(RESULT)));
  const manners: [string, number[], string][] = [
    ["returned", [...word(RESULT, 0), ...word(RESULT + 4, 0), ...constant(RESULT)], "returned"],
    ["trapped", [unreachable], "TRAP"],
    ["gave a bad result", [...constant(-1)], "MEMORY_OUT_OF_BOUNDS"],
    ["grew", [...constant(1), ...MEMORY_GROW, drop, unreachable], "TRAP"],
  ];

  it.each(manners)("is as new after a call that %s", (_, after, expected) => {
    const admitted = scribbler(after);
    expect(ending(run(admitted))).toBe(expected);
    expect(memoryOf(admitted)).toEqual(fresh);
  });

  it.each(manners)("is as new after a call that could wait and %s", async (_, after, expected) => {
    const admitted = scribbler(after, true);
    const asked = { method: "", args: new Uint8Array(0), gasLimit: GAS };
    expect(ending(await runCallAsync(admitted, asked, environment()))).toBe(expected);
    const { end } = await runCallAsync(admitted, asked, environment({ mode: "query" }));
    expect(end).toEqual({ kind: "returned", value: fresh });
  });

  it("is as new after a call that ran out of gas in the middle", () => {
    const admitted = scribbler(constant(RESULT));
    const request = { method: "", args: new Uint8Array(0), gasLimit: admitted.instanceGas + 2_000 };
    expect(ending(runCall(admitted, request, environment()))).toBe("OUT_OF_GAS");
    expect(memoryOf(admitted)).toEqual(fresh);
  });

  it("has its first size again after a call that grew it", () => {
    const size = [
      ...constant(64),
      ...MEMORY_SIZE,
      ...store8,
      ...word(RESULT, 64),
      ...word(RESULT + 4, 1),
    ];
    const admitted = admitContract({
      command: [...constant(3), ...MEMORY_GROW, drop, ...size, ...constant(RESULT)],
      query: [...size, ...constant(RESULT)],
    });
    expect(run(admitted).end).toEqual({ kind: "returned", value: Uint8Array.of(4) });
    const query = run(admitted, { mode: "query" });
    expect(query.end).toEqual({ kind: "returned", value: Uint8Array.of(1) });
    expect(run(admitted).gasUsed).toBe(run(admitted).gasUsed);
    expect(GAS).toBeGreaterThan(query.gasUsed);
  });
});

describe("MemoryPool", () => {
  it("wipes a memory the moment it is given back, and hands it out again", () => {
    const pool = new MemoryPool(1, 4);
    const memory = pool.take();
    const bytes = new Uint8Array(memory.buffer);
    bytes.fill(0xaa);
    pool.giveBack(memory);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(pool.take()).toBe(memory);
    expect(pool.take()).not.toBe(memory);
  });

  it("never hands out one that was grown", () => {
    const pool = new MemoryPool(1, 4);
    const memory = pool.take();
    memory.grow(1);
    pool.giveBack(memory);
    expect(pool.take()).not.toBe(memory);
  });

  it("keeps no large ones and no more than a few", () => {
    const large = new MemoryPool(5, 8);
    const memory = large.take();
    large.giveBack(memory);
    expect(large.take()).not.toBe(memory);
    const small = new MemoryPool(0, 1);
    const taken = Array.from({ length: 20 }, () => small.take());
    for (const one of taken) small.giveBack(one);
    const again = Array.from({ length: 20 }, () => small.take());
    expect(again.filter((one) => taken.includes(one))).toHaveLength(4);
  });
});
