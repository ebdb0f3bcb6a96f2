/**
 * ATTACKS A: code that is small to upload and makes much work for the engine that compiles it.
 */
import { describe, expect, it } from "vitest";
import { Fault } from "#protocol/fault.ts";
import { MODULE_CALLS_MAX, MODULE_LOOPS_MAX, MODULE_MERGES_MAX } from "#protocol/limits.ts";
import { admitContract, RESULT, type ContractParts } from "#test/support/contract.ts";
import { constant, drop, i32, i64, vector, type Code } from "#test/support/wasm.ts";

/** The fault that refuses a contract, or "admitted". Anything else that is thrown fails the test. */
function ofParts(parts: ContractParts): string {
  try {
    admitContract(parts);
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "admitted";
}

const ofBody = (code: Code): string => ofParts({ command: [...code, ...constant(RESULT)] });
const repeat = (count: number, code: Code): number[] =>
  Array.from({ length: count }, () => code).flat();

describe("code that is costly to compile", () => {
  it("10: caps the loops and the calls of one function", () => {
    const loops = (count: number): string => ofBody(repeat(count, [0x03, 0x40, 0x0b]));
    expect(loops(MODULE_LOOPS_MAX)).toBe("admitted");
    expect(loops(MODULE_LOOPS_MAX + 1)).toBe("MODULE_LIMIT");
    const calls = (code: Code, count: number): string =>
      ofParts({
        table: vector([[0x70, 0x00, 1]]),
        functions: [{ code: [] }, { code: repeat(count, code) }],
      });
    for (const code of [
      [0x10, 5],
      [0x41, 0, 0x11, 5, 0],
    ]) {
      expect(calls(code, MODULE_CALLS_MAX)).toBe("admitted");
      expect(calls(code, MODULE_CALLS_MAX + 1)).toBe("MODULE_LIMIT");
    }
  });

  it("10: caps forks times values, however the values are kept and the ways fork", () => {
    const VALUES = 1_000;
    const keeping: Record<string, (code: Code) => ContractParts> = {
      locals: (code) => ({ functions: [{ locals: [[VALUES, i32]], code }] }),
      operands: (code) => ({
        functions: [{ code: [...repeat(VALUES, constant(0)), ...code, ...repeat(VALUES, [drop])] }],
      }),
      "locals of several functions": (code) => ({
        functions: Array.from({ length: 4 }, () => ({
          locals: [[VALUES / 4, i64]] as const,
          code,
        })),
      }),
    };
    const forks: Record<string, [count: number, code: Code]> = {
      br_if: [1, [0x02, 0x40, ...constant(0), 0x0d, 0, 0x0b]],
      "if and else": [2, [...constant(0), 0x04, 0x40, 0x05, 0x0b]],
      br: [1, [0x02, 0x40, 0x0c, 0, 0x0b]],
      br_table: [2, [0x02, 0x40, 0x02, 0x40, ...constant(0), 0x0e, 1, 0, 1, 0x0b, 0x0b]],
    };
    for (const [how, keep] of Object.entries(keeping)) {
      for (const [fork, [count, code]] of Object.entries(forks)) {
        const times = Math.floor(MODULE_MERGES_MAX / VALUES / count);
        const few = keep(repeat(Math.floor(times * 0.9), code));
        expect(ofParts(few), `${how}, ${fork}`).toBe("admitted");
        const many = keep(repeat(times + 1, code));
        expect(ofParts(many), `${how}, ${fork}`).toBe("MODULE_LIMIT");
      }
    }
  });
});
