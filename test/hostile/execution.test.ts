/**
 * ATTACKS B: what a running contract may try, and what each attempt must get.
 *
 * Numbers in test names are those of the lines of `ATTACKS.md`. A refused call is an outcome with
 * a typed fault and its gas charged; nothing here may throw.
 */
import { describe, expect, it } from "vitest";
import { LOG_BYTES_MAX } from "#protocol/limits.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { admitCore } from "#host/vm/admit.ts";
import { commandRandom } from "#exec/randomness.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import {
  admitContract,
  attempt,
  contractCore,
  ending,
  FIRST,
  GAS,
  HEAP,
  RESULT,
  returning,
  run,
} from "#test/support/contract.ts";
import {
  add,
  br,
  call,
  constant,
  constants,
  drop,
  i32,
  loop,
  repeated,
  store8,
  u32,
  unreachable,
  vector,
  type Code,
} from "#test/support/wasm.ts";

/** `context.random(length)` under the empty label, as the import of index `from`. */
function draw(length: number, from = 0): Code {
  return [...constant(0), ...constant(0), ...constant(length), ...constant(RESULT), ...call(from)];
}

describe("23: traps in mid-write", () => {
  const write = [...constants(0, 1, 0, 1), ...call(0)];
  const emit = [...constants(0, 0, 0, 0, 1), ...call(1)];
  const traps: Record<string, Code> = {
    unreachable: [unreachable],
    "division by zero": [...constant(1), ...constant(0), 0x6d, drop],
    "division overflow": [...constant(-0x8000_0000), ...constant(-1), 0x6d, drop],
    "conversion overflow": [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0xaa, drop],
    "out of bounds": [...constant(65_536), 0x28, 0, 0, drop],
    "wrapping offset": [...constant(-1), 0x28, 0, ...u32(0xffff_ffff), drop],
  };
  it.each(Object.entries(traps))("%s takes the whole limit, and events are dropped", (_, code) => {
    const admitted = admitContract({
      imports: ["state.set", "events.emit"],
      command: [...write, ...emit, ...code, ...constant(RESULT)],
    });
    const outcome = run(admitted);
    expect(ending(outcome)).toBe("TRAP");
    expect(outcome.gasUsed).toBe(GAS);
    expect(outcome.events).toEqual([]);
  });

  it("a bad indirect call traps: index past the table, null entry, wrong type", () => {
    for (const index of [0, 1, 2, -1]) {
      const admitted = admitContract({
        table: vector([[0x70, 0x00, 2]]),
        elements: [[0x00, ...constant(0), 0x0b, ...vector([u32(3)])]],
        functions: [{ code: [] }],
        command: [...constant(index), 0x11, FIRST, 0, ...constant(RESULT)],
      });
      expect(ending(run(admitted))).toBe("TRAP");
    }
  });
});

describe("25: a host that fails", () => {
  it("lets a bug of the environment out, not into the outcome, and drops the instance", () => {
    const admitted = admitContract({
      imports: ["context.random"],
      command: [...draw(1), ...constant(RESULT)],
    });
    const random = (): never => {
      throw new TypeError("broken source");
    };
    expect(() => run(admitted, { random })).toThrow(TypeError);
    expect(ending(run(admitted))).toBe("returned");
  });
});

describe("27: floods", () => {
  it("a million host calls are paid one by one", () => {
    expect(attempt(["context.now"], loop([...call(0), drop, ...br(0)]))).toBe("OUT_OF_GAS");
  });

  it("logs are cut at the byte cap and the call goes on; empty ones count too", () => {
    const log = (length: number): Code => [...constants(1, 0, length), ...call(0)];
    for (const [length, times] of [
      [0, 50_000],
      [1_000, 3_000],
      [30_000, 100],
    ] as const) {
      const admitted = admitContract({
        imports: ["logging.log"],
        locals: [[1, i32]],
        command: [...repeated(times, 4, log(length)), ...constant(RESULT)],
      });
      const outcome = run(admitted, {}, 1e9);
      expect(ending(outcome)).toBe("returned");
      const kept = outcome.logs.reduce((bytes, { text }) => bytes + text.length * 2 + 16, 0);
      expect(kept).toBeLessThanOrEqual(LOG_BYTES_MAX);
      expect(outcome.logs.length).toBeGreaterThan(0);
    }
  });

  it("copies out of contract memory are bounded in all, whatever gas there is", () => {
    const write = [...constants(0, 8, 0, 65_536), ...call(0)];
    const admitted = admitContract({
      imports: ["state.set"],
      command: [...loop([...write, ...br(0)]), ...constant(RESULT)],
    });
    const outcome = run(admitted, {}, Number.MAX_SAFE_INTEGER);
    expect(ending(outcome)).toBe("LIFT_BUDGET");
  });

  it("a huge panic text is cut, and so is the file name", () => {
    const panic = [...constants(0, 30_000, 0, 30_000, -1, 2), ...call(0)];
    const admitted = admitContract({
      imports: ["control.panic"],
      command: [...panic, ...constant(RESULT)],
    });
    const { end } = run(admitted);
    expect(end).toMatchObject({
      kind: "fault",
      fault: { code: "PANIC" },
      panic: { line: 0xffff_ffff, column: 2 },
    });
    if (end.kind !== "fault") throw new Error("unexpected");
    expect([end.panic?.text.length, end.panic?.file.length]).toEqual([1_024, 256]);
  });
});

describe("28: a query that tries to act", () => {
  it.each(["state.set", "state.remove", "events.emit"] as const)(
    "is refused %s, in _initialize too",
    (key) => {
      const count = { "state.set": 4, "state.remove": 2, "events.emit": 5 }[key];
      const act = [...Array.from({ length: count }, () => constant(2)).flat(), ...call(0)];
      const state = new Overlay(new ContractState());
      const late = admitContract({ imports: [key], query: [...act, ...constant(RESULT)] });
      expect(ending(run(late, { mode: "query", state }))).toBe("MODE_REFUSED");
      const early = admitContract({ imports: [key], initialize: act });
      expect(ending(run(early, { mode: "query", state }))).toBe("MODE_REFUSED");
      expect(ending(run(early, { mode: "command", state }))).toBe("returned");
    },
  );
});

describe("29: state in globals and memory", () => {
  it("is gone for the next caller: every call has a fresh instance", () => {
    const bump = [0x23, 0, ...constant(1), add, 0x24, 0];
    const admitted = admitContract({
      globals: [[i32, 1, ...constant(0), 0x0b]],
      command: [...bump, ...constant(64), 0x23, 0, ...store8, ...returning(64, 1)],
    });
    for (let round = 0; round < 5; round++) {
      expect(run(admitted).end).toEqual({ kind: "returned", value: Uint8Array.of(1) });
    }
  });
});

describe("30: only recorded inputs", () => {
  it("gives two runs with equal environments equal outcomes, gas and logs included", async () => {
    const core = contractCore({
      imports: ["context.caller", "context.now", "context.height", "context.random", "logging.log"],
      command: [
        ...[...constant(RESULT), ...call(0)],
        ...[...call(1), drop, ...call(2), drop],
        ...draw(100, 3),
        ...[...constant(0), ...constant(HEAP), ...constant(50), ...call(4)],
        ...constant(RESULT),
      ],
    });
    expect(run(admitCore(core))).toEqual(run(admitCore(core)));
    expect(run(admitCore(core)).end).toMatchObject({ kind: "returned" });
  });

  it("13: gives one bit pattern for every NaN that reaches memory or an integer", () => {
    const nan64 = [0x44, 1, 2, 3, 4, 5, 6, 0xf8, 0xff];
    const zero = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
    const nan32 = [0x43, 1, 2, 0xc0, 0xff];
    const sources64: Code[] = [
      nan64,
      [...zero, ...zero, 0xa3],
      [...zero, 0x9a, 0x9f, ...nan64, 0xa0],
      [...nan32, 0xbb],
    ];
    const escapes: Code[] = sources64.flatMap((nan) => [
      [...constant(64), ...nan, 0x39, 3, 0],
      [...constant(64), ...nan, 0xbd, 0x37, 3, 0],
    ]);
    const bits = (code: Code): string => {
      const admitted = admitContract({
        command: [...code, ...returning(64, 8)],
      });
      const { end } = run(admitted);
      return end.kind === "returned" ? end.value.toHex() : ending(run(admitted));
    };
    for (const code of escapes) expect(bits(code)).toBe("000000000000f87f");
    for (const nan of [nan32, [...nan64, 0xb6]]) {
      expect(bits([...constant(64), ...nan, 0x38, 2, 0])).toBe("0000c07f00000000");
      expect(bits([...constant(64), ...nan, 0xbc, 0x36, 2, 0])).toBe("0000c07f00000000");
    }
    const one = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
    expect(bits([...constant(64), ...one, ...nan64, 0xa6, 0x39, 3, 0])).toBe("000000000000f03f");
  });
});

describe("31: random", () => {
  it("is bounded per request, and asked from the environment of the call alone", () => {
    const random = (length: number): string => attempt(["context.random"], draw(length));
    expect(random(0)).toBe("returned");
    expect(random(1_024)).toBe("returned");
    expect(random(1_025)).toBe("REGION_TOO_LARGE");
    expect(random(-1)).toBe("OUT_OF_GAS");
  });

  it("27: pays for the hashes that it is made of, a microsecond each", () => {
    let hashes = 0;
    const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
      hashes++;
      return nodePrimitives.hmacSha256(key, message);
    };
    const turns = 100;
    const counted = { ...nodePrimitives, hmacSha256 };
    for (const length of [1, 32, 33, 1_024]) {
      hashes = 0;
      const seed = new Uint8Array(32);
      const random = commandRandom(counted, () => seed, seed);
      const drawing = admitContract({
        imports: ["context.random"],
        locals: [[1, i32]],
        command: [...repeated(turns, 4, draw(length)), ...constant(RESULT)],
      });
      const { gasUsed } = run(drawing, { random });
      expect(gasUsed).toBeGreaterThan(hashes * 1_000);
    }
  });
});
