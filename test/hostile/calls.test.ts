/**
 * ATTACKS B, between contracts: what one may try on another, and on the host through it.
 *
 * Numbers in test names are those of the lines of `ATTACKS.md`.
 */
import { describe, expect, it } from "vitest";
import { faults } from "#protocol/faults.ts";
import { CALL_DEPTH_MAX, CALLS_MAX, EVENTS_MAX, RESULT_BYTES_MAX } from "#protocol/limits.ts";
import { CALLER_GAS_PART, prices } from "#host/functions/prices.ts";
import { ending, HEAP, RESULT, returning, word } from "#test/support/contract.ts";
import { addressOf, AREA, calling, relay, Town } from "#test/support/town.ts";
import {
  br,
  call,
  constant,
  get,
  i32,
  loop,
  repeated,
  sub,
  unreachable,
  when,
  type Code,
} from "#test/support/wasm.ts";

const GAS = 500_000_000;
const [VICTIM, ATTACKER, HELPER] = [1, 2, 3];
const fault = (code: keyof typeof faults): string => `fault ${faults[code].number}`;
const endless: Code = [...loop(br(0)), unreachable];

/** Local 4 counts. */
const times = (count: number, code: Code): number[] => repeated(count, 4, code);
/** Ends the call unless the one before returned. */
const unlessAnswered: Code = [...constant(AREA), 0x2d, 0, 0, ...when([unreachable])];
const looping = { imports: ["contracts.call"], locals: [[1, i32]] } as const;

describe("26: depth and number of calls", () => {
  it("allows as many calls on top of each other as the limit, and not one more", () => {
    const tower = (height: number): string => {
      const town = new Town();
      for (let floor = 1; floor < height; floor++) {
        const command = [...calling(floor + 1), ...unlessAnswered, ...constant(RESULT)];
        const isLast = floor === height - 1;
        town.settle(floor, isLast ? relay(height) : { ...looping, command });
      }
      return ending(town.settle(height, {}).run(1, { gas: GAS }));
    };
    expect(tower(CALL_DEPTH_MAX)).toBe("returned");
    const town = new Town();
    for (let floor = 1; floor <= CALL_DEPTH_MAX; floor++) town.settle(floor, relay(floor + 1));
    // The last of them is refused, which every one above takes for an answer.
    town.settle(CALL_DEPTH_MAX + 1, { command: endless });
    expect(ending(town.run(1, { gas: GAS }))).toBe("returned");
    expect(town.run(1, { gas: GAS }).gasUsed).toBeLessThan(GAS / 100);
    town.settle(CALL_DEPTH_MAX, { ...looping, command: [...calling(9), ...returning(AREA, 24)] });
    expect(town.ask(CALL_DEPTH_MAX)).toBe(fault("OUT_OF_GAS"));
  });

  it("allows as many calls in all as the limit, failed ones included, and not one more", () => {
    const attempts = (count: number): string => {
      const town = new Town().settle(VICTIM, { command: [unreachable] });
      const many = times(count - 1, calling(VICTIM, { gas: 60_000 }));
      const command = [...many, ...calling(HELPER), ...returning(AREA, 24)];
      return town
        .settle(HELPER, {})
        .settle(ATTACKER, { ...looping, command })
        .ask(ATTACKER, { gas: GAS });
    };
    expect(attempts(CALLS_MAX)).toBe("returned 0 bytes");
    expect(attempts(CALLS_MAX + 1)).toBe(fault("CALLS_LIMIT"));
  });

  it("ends bombs of contracts that call themselves and each other", () => {
    const bomb = (next: number): Code => [...times(3, calling(next)), ...constant(RESULT)];
    const town = new Town();
    for (const name of [1, 2, 3]) {
      town.settle(name, { ...looping, command: bomb((name % 3) + 1) }, ["m"]);
    }
    const { end, gasUsed } = town.run(1, { gas: GAS });
    expect(end.kind).toBe("returned");
    // Sixty-four instances, and no more than a refusal for whatever was tried beyond.
    expect(gasUsed).toBeLessThan((CALLS_MAX + 200) * 100_000);
  });
});

describe("17 and 24: gas between contracts", () => {
  it("leaves a caller its part, whatever is burnt at any depth", () => {
    const town = new Town();
    for (let floor = 1; floor < CALL_DEPTH_MAX; floor++) town.settle(floor, relay(floor + 1));
    town.settle(CALL_DEPTH_MAX, { command: endless });
    const { end, gasUsed } = town.run(1, { gas: GAS });
    expect(end.kind).toBe("returned");
    const kept = (CALLER_GAS_PART - 1) / CALLER_GAS_PART;
    expect(gasUsed).toBeLessThan(GAS * (kept + 0.01));
    expect(gasUsed).toBeGreaterThan(GAS * kept ** (CALL_DEPTH_MAX - 1));
  });

  it("property: any limit is kept, and what a chain uses is never more than it was given", () => {
    const town = new Town().settle(VICTIM, { command: endless }).settle(ATTACKER, relay(VICTIM));
    for (const asked of [0, 1, 39_999, 2 ** 31, 2 ** 53, -1]) {
      const limited = new Town().settle(VICTIM, { command: endless });
      limited.settle(ATTACKER, relay(VICTIM, { gas: asked }));
      for (const gas of [0, 1, 50_000, 62_000, 100_000, 1_000_000]) {
        const { gasUsed } = limited.run(ATTACKER, { gas });
        expect(gasUsed).toBeLessThanOrEqual(gas);
      }
    }
    for (let gas = 40_000; gas < 200_000; gas += 7_919) {
      expect(town.run(ATTACKER, { gas }).gasUsed).toBeLessThanOrEqual(gas);
    }
  });

  it("charges for a call before it is looked at: a loop of refused calls ends", () => {
    const spin: Code = [...loop([...calling(99), ...br(0)]), unreachable];
    const town = new Town().settle(ATTACKER, { ...looping, command: spin });
    expect(ending(town.run(ATTACKER, { gas: GAS }))).toBe("OUT_OF_GAS");
    expect(GAS / prices["contracts.call"].fixed).toBeLessThan(100_000);
  });
});

describe("22: what is handed over", () => {
  it("pays for results of the greatest size, and holds one at a time", () => {
    const large = { memory: [0, 17], command: returning(0, RESULT_BYTES_MAX) };
    const town = new Town().settle(VICTIM, large);
    const command = [...times(CALLS_MAX, calling(VICTIM)), ...returning(AREA, 24)];
    town.settle(ATTACKER, { ...looping, memory: [0, 40], command });
    const before = process.memoryUsage().arrayBuffers;
    const { end, gasUsed } = town.run(ATTACKER, { gas: GAS });
    expect(end.kind).toBe("returned");
    expect(gasUsed).toBeGreaterThan(3 * CALLS_MAX * RESULT_BYTES_MAX);
    // Garbage until it is collected, but bounded by what was paid for.
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(grown).toBeLessThan(2 * CALLS_MAX * RESULT_BYTES_MAX);
  });

  it("refuses a result that is over the limit, or does not fit the caller", () => {
    const huge = { memory: [0, 17], command: returning(0, RESULT_BYTES_MAX + 1) };
    const town = new Town().settle(VICTIM, huge).settle(ATTACKER, relay(VICTIM));
    expect(town.ask(ATTACKER)).toBe(fault("RESULT_TOO_LARGE"));
    town.settle(VICTIM, { memory: [0, 17], command: returning(0, RESULT_BYTES_MAX) });
    // One page of memory, an allocator that does not care.
    expect(town.ask(ATTACKER)).toBe("MEMORY_OUT_OF_BOUNDS");
  });

  it("refuses pointers that lead out of memory, before anything of them is read", () => {
    const at = (
      target: number,
      method: number,
      units: number,
      args: number,
      length: number,
    ): Code => [
      ...[...constant(target), ...constant(32), ...constant(0)],
      ...[...constant(method), ...constant(units), ...constant(args), ...constant(length)],
      ...[...constant(0), 0x42, 0, ...constant(AREA), ...call(0), ...constant(RESULT)],
    ];
    const tried = (code: Code): string => {
      const town = new Town().settle(ATTACKER, { imports: ["contracts.call"], command: code });
      return ending(town.run(ATTACKER));
    };
    expect(tried(at(-1, 0, 0, 0, 0))).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(tried(at(0, -2, 32, 0, 0))).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(tried(at(0, 1, 1, 0, 0))).toBe("ABI_VIOLATION");
    expect(tried(at(0, 0, 65, 0, 0))).toBe("REGION_TOO_LARGE");
    expect(tried(at(0, 0, -1, 0, 0))).toBe("OUT_OF_GAS");
    expect(tried(at(0, 0, 0, -1, 2))).toBe("MEMORY_OUT_OF_BOUNDS");
    expect(tried(at(0, 0, 0, 0, RESULT_BYTES_MAX + 1))).toBe("REGION_TOO_LARGE");
    expect(tried([...calling(VICTIM), ...constant(RESULT)])).toBe("returned");
  });
});

describe("28: a query through other contracts", () => {
  /** Writes the byte 1 under key 1. */
  const write = (at: number): Code => [
    ...[...word(0, 1), ...word(4, 1), ...constant(0), ...constant(1)],
    ...[...constant(4), ...constant(1), ...call(at)],
  ];
  const emit = (at: number): Code => [
    ...[...constant(0), ...constant(1), ...constant(0), ...constant(1)],
    ...[...constant(1), ...call(at)],
  ];

  it("writes and emits nothing, however many queries lie in between", () => {
    for (const [key, code] of [
      ["state.set", write(0)],
      ["events.emit", emit(0)],
    ] as const) {
      const body = [...code, ...constant(RESULT)];
      const town = new Town().settle(VICTIM, { imports: [key], query: body, command: body });
      town.settle(HELPER, relay(VICTIM, { kind: 1 })).settle(ATTACKER, relay(HELPER, { kind: 1 }));
      for (const mode of ["query", "command"] as const) {
        const { end, events } = town.run(ATTACKER, { mode });
        expect([end.kind, events.length, town.stored(VICTIM, 1)]).toEqual([
          "returned",
          0,
          undefined,
        ]);
      }
      const direct = new Town().settle(VICTIM, { imports: [key], query: body, command: body });
      const climb = [...calling(VICTIM, { kind: 0 }), ...returning(AREA, 24)];
      direct.settle(HELPER, { imports: ["contracts.call"], query: climb });
      direct.settle(ATTACKER, {
        imports: ["contracts.call"],
        command: [...calling(HELPER, { kind: 1 }), ...returning(HEAP, 24)],
      });
      expect(direct.ask(ATTACKER)).toBe(fault("MODE_REFUSED"));
    }
  });

  it("brings no state of a reverted call back in a later one", () => {
    const town = new Town().settle(VICTIM, {
      imports: ["state.set"],
      command: [...write(0), unreachable],
      query: constant(RESULT),
    });
    const command = [...calling(VICTIM, { gas: 200_000 }), ...calling(VICTIM, { kind: 1 })];
    town.settle(ATTACKER, { ...looping, command: [...command, ...returning(AREA, 24)] });
    expect(town.ask(ATTACKER)).toBe("returned 0 bytes");
    expect(town.stored(VICTIM, 1)).toBeUndefined();
  });
});

describe("caller and events", () => {
  it("cannot be spoofed: each contract is itself, to whomever it speaks", () => {
    const who: Code = [...constant(RESULT), ...call(0), ...constant(RESULT)];
    const town = new Town().settle(VICTIM, { imports: ["context.caller"], command: who });
    const pass = {
      imports: ["contracts.call"],
      command: [...calling(VICTIM), ...returning(HEAP, 32)],
    } as const;
    town.settle(HELPER, pass);
    town.settle(ATTACKER, { ...pass, command: [...calling(HELPER), ...returning(HEAP, 32)] });
    const { end } = town.run(ATTACKER);
    expect(end).toEqual({ kind: "returned", value: addressOf(HELPER) });
  });

  it("carry the address of the contract that emitted, and no contract silences another", () => {
    const many = Array.from({ length: EVENTS_MAX }, () => [
      ...[...constant(0), ...constant(1), ...constant(0), ...constant(1)],
      ...[...constant(1), ...call(1)],
    ]).flat();
    const one = many.slice(0, many.length / EVENTS_MAX);
    const imports = ["contracts.call", "events.emit"] as const;
    const town = new Town().settle(HELPER, { imports, command: [...many, unreachable] });
    town.settle(ATTACKER, {
      imports,
      command: [...one, ...calling(HELPER, { gas: 1_000_000 }), ...constant(RESULT)],
    });
    town.settle(VICTIM, { imports, command: [...calling(ATTACKER), ...one, ...constant(RESULT)] });
    const emitted = town.run(VICTIM).events.map(({ contract }) => contract?.[0]);
    expect(emitted).toEqual([ATTACKER, undefined]);
  });
});

describe("18: stack between contracts", () => {
  it("counts what all calls of a chain hold together", () => {
    // Function 6 calls itself until the stack is full; one import and five functions come before it.
    const down: Code = call(6);
    const deep = { imports: ["contracts.call"], functions: [{ code: down }] } as const;
    const town = new Town().settle(VICTIM, { ...deep, command: [...call(6), ...constant(RESULT)] });
    town.settle(ATTACKER, relay(VICTIM));
    expect(town.ask(ATTACKER)).toBe(fault("STACK_OVERFLOW"));
    // With two contracts that each go as deep as they can, the second one has nothing left to go on.
    const far = { imports: ["contracts.call"], locals: [[1, i32]] } as const;
    const step = [...get(0), ...constant(1), sub, ...call(6)];
    const bottom = [...calling(VICTIM, { gas: 200_000 }), ...unlessAnswered];
    const tall = (depth: number): string => {
      const walk = { params: "i", code: [...get(0), ...when(step, bottom)] };
      const command = [...constant(depth), ...call(6), ...constant(RESULT)];
      const both = new Town().settle(ATTACKER, { ...far, functions: [walk], command });
      return ending(both.settle(VICTIM, {}).run(ATTACKER));
    };
    let depth = 0;
    for (let by = 2_048; by >= 1; by /= 2) if (tall(depth + by) !== "STACK_OVERFLOW") depth += by;
    expect([tall(depth - 100), tall(depth), tall(depth + 1)]).toEqual([
      "returned",
      "TRAP",
      "STACK_OVERFLOW",
    ]);
  });
});
