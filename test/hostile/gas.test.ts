/**
 * ATTACKS B: endless loops, deep recursion and greedy memory all stop at a deterministic price.
 *
 * Numbers in test names are those of the lines of `ATTACKS.md`. A refused call is an outcome with
 * a typed fault and its gas charged; nothing here may throw.
 */
import { describe, expect, it } from "vitest";
import { STACK_BYTES_MAX } from "#protocol/limits.ts";
import { runCall } from "#host/functions/call.ts";
import type { CallOutcome } from "#host/functions/outcome.ts";
import { compileKernel } from "#test/support/assembly.ts";
import { admitCore } from "#host/vm/admit.ts";
import { Instance } from "#host/vm/instance.ts";
import {
  admitContract,
  attempt,
  ending,
  environment,
  FIRST,
  GAS,
  MODES,
  RESULT,
  returning,
  run,
  word,
  type ContractParts,
} from "#test/support/contract.ts";
import {
  add,
  block,
  br,
  brIf,
  call,
  constant,
  constants,
  drop,
  get,
  i32,
  loop,
  repeated,
  store32,
  u32,
  vector,
  when,
  type Code,
  type FunctionPart,
} from "#test/support/wasm.ts";

describe("17: endless loops", () => {
  const loops: Record<string, Code> = {
    "an empty loop": loop(br(0)),
    "a conditional one": loop([...constant(1), ...brIf(0)]),
    "a loop in a loop": loop([...loop([...constant(0), ...brIf(0)]), ...br(0)]),
    "both arms": loop([...get(4), ...when(br(1), br(1))]),
    "a br_table": loop([...block([...constant(9), 0x0e, 1, 0, 1, 0]), ...br(0)]),
    "through an outer block": loop([...block([...constant(1), ...brIf(0)]), ...br(0)]),
    "with calls": loop([...call(FIRST), ...brIf(0), ...br(0)]),
    "with free instructions only": loop([0x01, 0x01, ...block([0x01]), ...br(0)]),
  };
  it.each(Object.entries(loops))("stops %s in every mode, for exactly the limit", (_, code) => {
    const parts = { locals: [[1, i32]] as const, functions: [{ results: "i", code: constant(1) }] };
    const body = [...code, ...constant(RESULT)];
    const admitted = admitContract({ ...parts, command: body, query: body, init: body });
    for (const mode of MODES) {
      const outcome = run(admitted, { mode });
      expect(ending(outcome)).toBe("OUT_OF_GAS");
      expect(outcome.gasUsed).toBe(GAS);
    }
  });

  it("stops a loop in _initialize and one in cabi_realloc", () => {
    expect(ending(run(admitContract({ initialize: loop(br(0)) })))).toBe("OUT_OF_GAS");
    expect(ending(run(admitContract({ realloc: [...loop(br(0)), ...constant(0)] })))).toBe(
      "OUT_OF_GAS",
    );
  });
});

describe("18: recursion", () => {
  const shapes: Record<string, ContractParts> = {
    direct: { functions: [{ code: call(FIRST) }] },
    mutual: { functions: [{ code: call(FIRST + 1) }, { code: call(FIRST) }] },
    "via the table": {
      table: vector([[0x70, 0x00, 1]]),
      elements: [[0x00, ...constant(0), 0x0b, ...vector([u32(FIRST)])]],
      functions: [{ code: [...constant(0), 0x11, ...u32(FIRST), 0x00] }],
    },
    "with a large frame": { functions: [{ locals: [[1_000, i32]], code: call(FIRST) }] },
    "not in tail position": {
      functions: [{ results: "i", code: [...call(FIRST), ...constant(1), add] }],
    },
  };
  it.each(Object.entries(shapes))("stops %s at the deterministic limit", (_, parts) => {
    const gives = parts.functions?.[0]?.results === "i" ? [drop] : [];
    const admitted = admitContract({
      ...parts,
      command: [...call(FIRST), ...gives, ...constant(RESULT)],
    });
    const first = run(admitted);
    expect(ending(first)).toBe("STACK_OVERFLOW");
    for (let round = 0; round < 50; round++) expect(run(admitted)).toEqual(first);
  });

  it("meets its own limit before the engine's, hot and cold, on both kinds of stack", async () => {
    const wide = Array.from({ length: 64 }, (_, index) => get(index)).flat();
    const zeros = Array.from({ length: 64 }, () => constant(0)).flat();
    const high = Array.from({ length: 500 }, () => get(0)).flat();
    const sums = Array.from({ length: 499 }, () => add);
    const drops = Array.from({ length: 16 }, () => drop);
    const costly: [Code, FunctionPart][] = [
      [call(FIRST), { code: call(FIRST) }],
      [[...zeros, ...call(FIRST)], { params: "i".repeat(64), code: [...wide, ...call(FIRST)] }],
      [call(FIRST), { locals: [[2_000, i32]], code: call(FIRST) }],
      [
        [...constant(0), ...call(FIRST), drop],
        { params: "i", results: "i", code: [...high, ...call(FIRST), ...sums] },
      ],
      [[...call(FIRST), ...drops], { results: "I".repeat(16), code: call(FIRST) }],
    ];
    for (const [enter, recursive] of costly) {
      const admitted = admitContract({
        functions: [recursive],
        command: [...enter, ...constant(RESULT)],
      });
      const started = (): Instance => {
        const instance = new Instance(admitted, () => () => 0, {
          next: () => Promise.resolve(),
          allocationGas: () => 0,
        });
        instance.gas.left = GAS * 10;
        instance.start();
        return instance;
      };
      // The engine's own limit would be a RangeError.
      for (let round = 0; round < 100; round++) {
        expect(() => started().invoke("command", "", new Uint8Array(0))).toThrow(
          WebAssembly.RuntimeError,
        );
      }
      await expect(started().invokeAsync("command", "", new Uint8Array(0))).rejects.toThrow(
        WebAssembly.RuntimeError,
      );
    }
  });

  it("reaches exactly the depth the limit allows, and not one more", () => {
    const down = [...get(0), ...when([...get(0), ...constant(-1), add, ...call(FIRST)])];
    const codeBytes = 1 + down.length + 1;
    const frame = 64 + 8 * (1 + 2) + Math.floor(codeBytes / 4);
    const deepest = Math.floor(STACK_BYTES_MAX / frame);
    const depth = (count: number): string =>
      attempt([], [...constant(count - 1), ...call(FIRST)], {
        functions: [{ params: "i", code: down }],
      });
    expect(depth(deepest)).toBe("returned");
    expect(depth(deepest + 1)).toBe("STACK_OVERFLOW");
  });

  it("gives the stack back on every way out of a function", () => {
    const ways: Code[] = [
      [0x0f],
      br(0),
      [...constant(1), ...brIf(0)],
      [...constant(0), 0x0e, 0, 0],
      block([0x0f]),
    ];
    for (const way of ways) {
      // Calls itself once, then leaves; a leak would end the loop by overflow.
      const code = [...get(0), ...when([...constant(0), ...call(FIRST)]), ...way];
      const often = repeated(20_000, 4, [...constant(1), ...call(FIRST)]);
      const parts = { locals: [[1, i32]] as const, functions: [{ params: "i", code }] };
      expect(attempt([], often, parts)).toBe("returned");
    }
  });

  it("costs the same at every tier: a cold call equals a hot one", async () => {
    const core = await compileKernel("recursion");
    const admitted = admitCore(core);
    const request = { method: "", args: Uint8Array.of(200), gasLimit: GAS * 100 };
    const cold = runCall(admitted, request, environment());
    for (let round = 0; round < 40; round++) {
      expect(runCall(admitted, request, environment())).toEqual(cold);
    }
  });
});

describe("19: memory", () => {
  const grow = (pages: number): Code => [...constant(pages), 0x40, 0];
  /** Runs `code`, which leaves an i32, and gives that i32. */
  const value = (code: Code): number => {
    const admitted = admitContract({
      command: [...constant(64), ...code, ...store32, ...returning(64, 4)],
    });
    const { end } = run(admitted, {}, 100_000_000);
    if (end.kind !== "returned") throw new Error(ending(run(admitted)));
    return new DataView(end.value.buffer).getInt32(0, true);
  };

  it("grows by one and to the limit, refuses one page more, and never less afterwards", () => {
    expect(value(grow(1))).toBe(1);
    expect(value(grow(255))).toBe(1);
    expect(value(grow(256))).toBe(-1);
    expect(value([...grow(255), drop, ...grow(1)])).toBe(-1);
    expect(value([...grow(300), drop, 0x3f, 0])).toBe(1);
  });

  it("charges growth by page before it happens, whatever number the contract names", () => {
    const cost = (pages: number): number =>
      run(admitContract({ command: [...grow(pages), drop, ...constant(RESULT)] })).gasUsed;
    expect(cost(10) - cost(0)).toBe(245_760);
    for (const pages of [-1, 0x7fff_ffff, -0x8000_0000]) {
      const outcome = run(admitContract({ command: [...grow(pages), drop, ...constant(RESULT)] }));
      expect(ending(outcome)).toBe("OUT_OF_GAS");
      expect(outcome.gasUsed).toBe(GAS);
    }
  });

  it("stops growth in a loop by gas, with memory bounded by its maximum", () => {
    expect(attempt([], loop([...grow(1), drop, ...br(0)]))).toBe("OUT_OF_GAS");
  });

  it("charges bulk operations by length before they act, for every u32", () => {
    const fill = (length: number): Code => [...constants(0, 0, length), 0xfc, 0x0b, 0];
    const cost = (length: number): number =>
      run(admitContract({ command: [...fill(length), ...constant(RESULT)] })).gasUsed;
    expect(cost(65_536) - cost(0)).toBe(4_096);
    const copy = [...constants(0, 8, -1), 0xfc, 0x0a, 0, 0];
    expect(attempt([], fill(-1))).toBe("OUT_OF_GAS");
    expect(attempt([], copy)).toBe("OUT_OF_GAS");
    expect(attempt([], fill(65_537))).toBe("TRAP");
  });

  it("charges table writes by entry before they act, and an instance for the table it begins with", () => {
    const entries = 100;
    const listed = vector(Array.from({ length: entries }, () => u32(FIRST)));
    const cost = (given: number, elements: Code[], code: Code = []): CallOutcome => {
      const table = vector([[0x70, 0, ...u32(given)]]);
      const functions = [{ code: [] }];
      const parts = { functions, table, elements, command: [...code, ...constant(RESULT)] };
      return run(admitContract(parts));
    };
    const passive = [0x01, 0x00, ...listed];
    const active = [0x00, ...constant(0), 0x0b, ...listed];
    const init = (length: number): Code => [...constants(0, 0, length), 0xfc, 0x0c, 0, 0];
    const copy = (length: number): Code => [...constants(0, 0, length), 0xfc, 0x0e, 0, 0];
    for (const write of [init, copy]) {
      const without = cost(entries, [passive], write(0)).gasUsed;
      expect(cost(entries, [passive], write(entries)).gasUsed - without).toBe(64 * entries);
      expect(ending(cost(entries, [passive], write(entries + 1)))).toBe("TRAP");
      expect(ending(cost(entries, [passive], write(-1)))).toBe("OUT_OF_GAS");
    }
    const dropped = [0xfc, 0x0d, 0, ...init(1)];
    expect(ending(cost(entries, [passive], dropped))).toBe("TRAP");
    expect(cost(entries + 1, []).gasUsed - cost(entries, []).gasUsed).toBe(16);
    const full = cost(entries, [active]).gasUsed;
    expect(full - cost(entries, [passive]).gasUsed).toBe(64 * entries);
  });
});

describe("24: gas limits", () => {
  it("brings any limit to an integer from 0 to 2^53 - 1", () => {
    const admitted = admitContract({});
    for (const limit of [0, -1, -(2 ** 63), Number.NaN, 0.9, 1]) {
      const outcome = run(admitted, {}, limit);
      expect(ending(outcome)).toBe("OUT_OF_GAS");
      expect(outcome.gasUsed).toBe(limit >= 1 ? 1 : 0);
    }
    for (const limit of [2 ** 53, 2 ** 63, Number.POSITIVE_INFINITY]) {
      expect(run(admitted, {}, limit).gasUsed).toBe(run(admitted).gasUsed);
    }
  });

  it("ends at the limit exactly: one gas less is out of gas, in code, host call and result", () => {
    const admitted = admitContract({
      imports: ["state.set", "context.now"],
      command: [
        ...[...constants(0, 8, 0, 100), ...call(0), ...call(1), drop],
        ...[...word(RESULT + 4, 50), ...constant(RESULT)],
      ],
    });
    const needed = run(admitted).gasUsed;
    expect(ending(run(admitted, {}, needed))).toBe("returned");
    for (let less = 1; less < 4_000; less += 7) {
      const outcome = run(admitted, {}, needed - less);
      expect(ending(outcome)).toBe("OUT_OF_GAS");
      expect(outcome.gasUsed).toBe(needed - less);
    }
  });

  it("has no way up: charges cannot overflow the counter", () => {
    const huge = [...constants(0, -1, 0, -1), ...call(0)];
    const admitted = admitContract({
      imports: ["state.set"],
      command: [...huge, ...constant(RESULT)],
    });
    expect(run(admitted).gasUsed).toBe(GAS);
    expect(ending(run(admitted, {}, Number.MAX_SAFE_INTEGER))).toBe("MEMORY_OUT_OF_BOUNDS");
  });
});
