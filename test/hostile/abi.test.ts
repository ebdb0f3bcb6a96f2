/**
 * ATTACKS B: hostile pointers, lengths and allocators at the border between contract and host.
 *
 * Numbers in test names are those of the lines of `ATTACKS.md`. A refused call is an outcome with
 * a typed fault and its gas charged; nothing here may throw.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCall } from "#host/functions/call.ts";
import { hostFunctionKeys, hostFunctions } from "#host/functions/table.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { WorldImportKey } from "#host/vm/world.ts";
import {
  admitContract,
  attempt,
  ending,
  environment,
  GAS,
  HEAP,
  MODES,
  RESULT,
  run,
  word,
} from "#test/support/contract.ts";
import { call, constant, constants, drop, unreachable, type Code } from "#test/support/wasm.ts";

/** Parameters of the host function that has most. */
const PARAMETERS_MAX = Math.max(...hostFunctionKeys.map((key) => hostFunctions[key].params.length));

/** Whether all parameters are 32-bit. */
function isOfWords(key: WorldImportKey): boolean {
  return !hostFunctions[key].params.includes("I");
}

describe("20: the contract's allocator", () => {
  it("may not call the host while it allocates for the host", () => {
    const imports = ["context.now", "logging.log"] as const;
    const now = { imports, realloc: [...call(0), drop, ...constant(HEAP)] };
    expect(ending(run(admitContract(now)))).toBe("REENTRY_REFUSED");
    const log = {
      imports,
      realloc: [...constants(0, 0, 0), ...call(1), ...constant(HEAP)],
    };
    expect(ending(run(admitContract(log)))).toBe("REENTRY_REFUSED");
  });

  it("may not recurse through a host function that allocates", () => {
    const imports = ["context.caller"] as const;
    const enter = [...constant(RESULT), ...call(0)];
    const outcome = run(
      admitContract({
        imports,
        realloc: [...enter, ...constant(HEAP)],
        command: [...enter, ...constant(RESULT)],
      }),
    );
    expect(ending(outcome)).toBe("REENTRY_REFUSED");
    expect(outcome.gasUsed).toBe(GAS);
  });

  it("is checked: answers out of bounds, unaligned or negative are refused", () => {
    const answer = (pointer: number): string =>
      ending(
        runCall(
          admitContract({ realloc: constant(pointer) }),
          { method: "ab", args: Uint8Array.of(1), gasLimit: GAS },
          environment(),
        ),
      );
    expect(answer(65_532)).toBe("returned");
    expect(answer(65_534)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(answer(HEAP + 1)).toBe("ABI_VIOLATION");
    expect(answer(-4)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(ending(run(admitContract({ realloc: [unreachable] })))).toBe("TRAP");
  });
});

describe("21: pointers and lengths into host calls", () => {
  const one = [...constant(1)];
  const regions: [string, number, number][] = [
    ["wraps 2^32", -8, 16],
    ["is as long as 2^32 - 1", 0, -1],
    ["starts at 4 GiB", -1, 1],
    ["ends one byte past memory", 65_535, 2],
    ["starts past memory with no length", 65_537, 0],
  ];
  it.each(regions)("refuses a key whose region %s, and reads nothing", (_, pointer, length) => {
    const seen: unknown[] = [];
    const note = (key: unknown): undefined => void seen.push(key);
    const state = new Overlay({ get: note, find: note, *walk() {} });
    const region = [...constant(pointer), ...constant(length)];
    const parts = { imports: ["state.get", "state.set", "state.remove"] as const };
    const calls: Code[] = [
      [...region, ...constant(RESULT), ...call(0)],
      [...region, ...constant(0), ...one, ...call(1)],
      [...constant(0), ...one, ...region, ...call(1)],
      [...region, ...call(2)],
    ];
    for (const code of calls) {
      const admitted = admitContract({ ...parts, command: [...code, ...constant(RESULT)] });
      const outcome = run(admitted, { state }, 1e12);
      expect(ending(outcome)).toBe("MEMORY_OUT_OF_BOUNDS");
    }
    expect(seen).toEqual([]);
    expect(state.writes()).toEqual([]);
  });

  it("refuses return areas that are out of bounds or unaligned", () => {
    const area = (pointer: number): string =>
      attempt(["context.caller"], [...constant(pointer), ...call(0)]);
    expect(area(65_528)).toBe("returned");
    expect(area(65_532)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(area(-4)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(area(RESULT + 2)).toBe("ABI_VIOLATION");
  });

  it("accepts overlapping input and output: input is copied before output is written", () => {
    const code = [...constants(RESULT, 12, RESULT), ...call(0)];
    expect(attempt(["state.get"], code)).toBe("returned");
  });

  it("refuses enum and refusal discriminants that do not exist", () => {
    const log = (level: number): string =>
      attempt(["logging.log"], [...constants(level, 0, 0), ...call(0)]);
    expect(log(3)).toBe("returned");
    expect(log(4)).toBe("ABI_VIOLATION");
    expect(log(-1)).toBe("ABI_VIOLATION");
    expect(attempt(["control.refuse"], [...constant(3), ...call(0)])).toBe("ABI_VIOLATION");
    expect(attempt(["control.refuse"], [...constant(-1), ...call(0)])).toBe("ABI_VIOLATION");
  });

  it("refuses unaligned strings and lone surrogates where a name is meant", () => {
    const secret = (pointer: number, unit: number): string =>
      attempt(["secrets.get"], [...word(64, unit), ...constants(pointer, 1, RESULT), ...call(0)]);
    expect(secret(64, 0x61)).toBe("returned");
    expect(secret(65, 0x61)).toBe("ABI_VIOLATION");
    expect(secret(64, 0xd800)).toBe("ABI_VIOLATION");
    expect(secret(64, 0xdc00)).toBe("ABI_VIOLATION");
  });

  it("property: any i32 arguments to any host function give an outcome", () => {
    const anyI32 = fc.oneof(
      fc.integer(),
      fc.nat(70_000),
      fc.constantFrom(0, 1, 4, 16, 64, 65_528, 65_535, 65_536, -1, -4, 0x7fff_ffff, -0x8000_0000),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...hostFunctionKeys.filter((each) => isOfWords(each))),
        fc.array(anyI32, { minLength: PARAMETERS_MAX, maxLength: PARAMETERS_MAX }),
        fc.constantFrom(...MODES),
        (key, values, mode) => {
          const { params, results } = hostFunctions[key];
          const code = [
            ...constants(...values.slice(0, params.length)),
            ...call(0),
            ...(results === "" ? [] : [drop]),
            ...constant(RESULT),
          ];
          const outcome = run(
            admitContract({ imports: [key], command: code, query: code, init: code }),
            { mode },
          );
          expect(["returned", "failed", "fault"]).toContain(outcome.end.kind);
          expect(outcome.gasUsed).toBeLessThanOrEqual(GAS);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("22: results", () => {
  const result = (pointer: number, code: Code = []): string =>
    ending(run(admitContract({ command: [...code, ...constant(pointer)] })));

  it("refuses a result pointer out of bounds, negative or unaligned", () => {
    expect(result(65_528)).toBe("returned");
    expect(result(65_532)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(result(-4)).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(result(RESULT + 1)).toBe("ABI_VIOLATION");
  });

  it("refuses a result list out of bounds, and one over the limit before it is read", () => {
    expect(result(RESULT, [...word(RESULT, 65_000), ...word(RESULT + 4, 1_000)])).toBe(
      "MEMORY_OUT_OF_BOUNDS",
    );
    expect(result(RESULT, [...word(RESULT, -8), ...word(RESULT + 4, 16)])).toBe(
      "MEMORY_OUT_OF_BOUNDS",
    );
    expect(result(RESULT, word(RESULT + 4, -1))).toBe("RESULT_TOO_LARGE");
    expect(result(RESULT, word(RESULT + 4, 2 ** 20 + 1))).toBe("RESULT_TOO_LARGE");
  });

  it("never calls cabi_post: what it would do to the result cannot matter", () => {
    const admitted = admitContract({
      functions: [{ params: "i", code: [unreachable], export: "cabi_post_command" }],
    });
    expect(ending(run(admitted))).toBe("returned");
  });
});
