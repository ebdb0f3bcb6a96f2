import { describe, expect, it } from "vitest";
import { EVENTS_MAX } from "#protocol/limits.ts";
import { Fault } from "#protocol/fault.ts";
import { faults } from "#protocol/faults.ts";
import { CALLER_GAS_PART, prices } from "#host/functions/prices.ts";
import {
  admitContract,
  ending,
  GAS,
  HEAP,
  RESULT,
  returning,
  word,
} from "#test/support/contract.ts";
import { addressOf, AREA, calling, relay, Town } from "#test/support/town.ts";
import { br, call, constant, loop, unreachable, type Code } from "#test/support/wasm.ts";

const [ANN, BOB, CAM] = [0xa, 0xb, 0xc];
const fault = (code: keyof typeof faults): string => `fault ${faults[code].number}`;
/** Writes the byte 1 under a one-byte key. */
const put = (key: number, at = 0): number[] => [
  ...[...word(0, key), ...word(4, 1)],
  ...[...constant(0), ...constant(1), ...constant(4), ...constant(1), ...call(at)],
];
const emit = (isPublic: number, at = 0): number[] => [
  ...[...constant(0), ...constant(1), ...constant(0), ...constant(1)],
  ...[...constant(isPublic), ...call(at)],
];
const fail = (at = 0): number[] => [
  ...[...constant(0), ...constant(1), ...constant(0), ...constant(5), ...call(at)],
];

const endless: Code = [...loop(br(0)), unreachable];

describe("contracts.call", () => {
  it("hands arguments in and the result out", () => {
    const echo: Code = [
      ...[...constant(RESULT), 0x20, 2, 0x36, 2, 0],
      ...[...constant(RESULT + 4), 0x20, 3, 0x36, 2, 0],
      ...constant(RESULT),
    ];
    const heard: Code = [...calling(BOB, { args: 11 }), ...returning(HEAP, 11)];
    const town = new Town().settle(BOB, { command: echo });
    town.settle(ANN, { imports: ["contracts.call"], command: heard, data: [] });
    expect(town.run(ANN).end).toEqual({ kind: "returned", value: new Uint8Array(11) });
  });

  it("names the calling contract as the caller, and each contract as itself", () => {
    const tell: Code = [...constant(RESULT), ...call(0), ...constant(RESULT)];
    for (const [key, told] of [
      ["context.caller", ANN],
      ["context.self", BOB],
    ] as const) {
      const town = new Town().settle(BOB, { imports: [key], command: tell });
      const command = [...calling(BOB), ...returning(HEAP, 32)];
      town.settle(ANN, { imports: ["contracts.call"], command });
      expect(town.run(ANN).end).toEqual({ kind: "returned", value: addressOf(told) });
    }
  });

  it("tells a typed error with its fields, and a fault by its number", () => {
    const town = new Town().settle(ANN, relay(BOB));
    town.settle(BOB, { imports: ["control.fail"], command: [...fail(), ...constant(RESULT)] });
    expect(town.ask(ANN)).toBe("error of 5 bytes");
    town.settle(BOB, { command: [unreachable] });
    expect(town.ask(ANN)).toBe(fault("TRAP"));
    expect(new Town().settle(ANN, relay(BOB)).ask(ANN)).toBe(fault("CONTRACT_UNKNOWN"));
  });

  it("keeps what the callee wrote if both return, and nothing of it if either fails", () => {
    const writer = (end: Code): Town =>
      new Town()
        .settle(BOB, { imports: ["state.set"], command: [...put(1), ...constant(RESULT)] })
        .settle(ANN, {
          imports: ["contracts.call", "state.set"],
          command: [...put(2, 1), ...calling(BOB), ...end],
        });
    const kept = writer(constant(RESULT));
    expect(kept.run(ANN).end.kind).toBe("returned");
    expect([kept.stored(ANN, 2), kept.stored(BOB, 1)]).toEqual([1, 1]);
    const lost = writer([unreachable]);
    expect(ending(lost.run(ANN))).toBe("TRAP");
    expect([lost.stored(ANN, 2), lost.stored(BOB, 1)]).toEqual([undefined, undefined]);
    const caught = writer(constant(RESULT));
    caught.settle(BOB, { imports: ["state.set"], command: [...put(1), unreachable] });
    expect(caught.run(ANN).end.kind).toBe("returned");
    expect([caught.stored(ANN, 2), caught.stored(BOB, 1)]).toEqual([1, undefined]);
  });

  it("gives a callee all gas but the caller's part, or what was asked for, and takes what was used", () => {
    const town = new Town().settle(BOB, { command: endless }).settle(ANN, relay(BOB));
    const { end, gasUsed } = town.run(ANN);
    expect(end.kind).toBe("returned");
    expect(gasUsed).toBeGreaterThan(GAS * (1 - 1 / CALLER_GAS_PART));
    expect(gasUsed).toBeLessThan(GAS);
    const some = new Town().settle(BOB, { command: endless });
    const before = some.settle(ANN, relay(CAM)).run(ANN).gasUsed;
    some.settle(ANN, relay(BOB, { gas: 50_000 }));
    const used = some.run(ANN).gasUsed - before;
    expect(used).toBeGreaterThanOrEqual(50_000);
    expect(used).toBeLessThan(60_000);
    some.settle(ANN, relay(BOB, { gas: Number.MAX_SAFE_INTEGER }));
    expect(some.run(ANN).end.kind).toBe("returned");
  });

  it("tells what code has run for apart from what a fault took, in instances that serve again too", () => {
    const town = new Town().settle(BOB, { command: [unreachable], query: returning(0, 0) });
    town.settle(ANN, relay(BOB));
    const alone = town.run(BOB);
    expect(alone.gasUsed).toBe(GAS);
    expect(alone.gasRun).toBeLessThan(GAS / 2);
    const caught = town.run(ANN);
    expect(caught.end.kind).toBe("returned");
    expect(caught.gasUsed).toBeGreaterThan(GAS * (1 - 1 / CALLER_GAS_PART));
    expect(caught.gasRun).toBeGreaterThan(alone.gasRun);
    expect(caught.gasRun).toBeLessThan(GAS / 2);
    expect(town.run(ANN)).toEqual(caught);
    const { gasUsed, gasRun } = town.run(BOB, { mode: "query" });
    expect(gasRun).toBe(gasUsed);
    const spent = new Town().settle(BOB, { command: endless }).run(BOB);
    expect(spent.gasRun).toBe(spent.gasUsed);
  });

  it("charges for code once a chain", () => {
    const once = relay(BOB);
    const twice = [...calling(BOB), ...(once.command ?? [])];
    const town = new Town()
      .settle(BOB, {})
      .settle(ANN, once)
      .settle(CAM, { ...once, command: twice });
    const [one, two] = [town.run(ANN).gasUsed, town.run(CAM).gasUsed];
    const own = prices["contracts.call"].fixed;
    expect(two - one).toBeGreaterThan(own);
    const module = admitContract({});
    expect(two - one).toBeLessThan(own + module.instanceGas + 500);
  });

  it("refuses a contract that is already under way, unless its method may be entered again", () => {
    const back = relay(ANN, { method: "b" });
    const town = new Town().settle(ANN, relay(BOB)).settle(BOB, back);
    const inner = { ...back, command: [...calling(ANN), ...returning(AREA, 24)] };
    expect(town.settle(BOB, inner).ask(ANN)).toBe("returned 24 bytes");
    // Bob returns the answer he got, and Ann what Bob returned.
    const quote: Code = [...calling(BOB), ...returning(HEAP, 24)];
    const seen = (reentrant?: string[]): string =>
      new Town()
        .settle(BOB, {
          ...back,
          command: [...calling(ANN, { method: "x" }), ...returning(AREA, 24)],
        })
        .settle(
          ANN,
          {
            imports: ["contracts.call"],
            // Called by another contract it returns at once: method "x".
            command: [
              ...[0x20, 0, 0x2f, 1, 0, ...constant("x".charCodeAt(0)), 0x46],
              ...[0x04, 0x40, ...constant(RESULT), 0x0f, 0x0b],
              ...quote,
            ],
          },
          reentrant,
        )
        .ask(ANN);
    expect(seen()).toBe(fault("CALL_REENTRANT"));
    expect(seen(["y"])).toBe(fault("CALL_REENTRANT"));
    expect(seen(["x"])).toBe("returned 0 bytes");
  });

  it("refuses a contract that calls itself, and one that is being made", () => {
    expect(new Town().settle(ANN, relay(ANN)).ask(ANN)).toBe(fault("CALL_REENTRANT"));
    const town = new Town().settle(ANN, relay(ANN), ["m"]);
    const code = relay(ANN).command ?? [];
    const migrate = { params: "iiii", results: "i", code, export: "migrate" };
    const migrating = { ...relay(ANN), functions: [migrate] };
    for (const mode of ["init", "migrate"] as const) {
      expect(town.settle(ANN, migrating, ["m"]).ask(ANN, { mode })).toBe(fault("CALL_REENTRANT"));
    }
  });

  it("lets a query only query, and a command do both", () => {
    const write: Code = [...put(1), ...constant(RESULT)];
    const town = new Town().settle(BOB, { imports: ["state.set"], command: write, query: write });
    town.settle(ANN, relay(BOB, { kind: 0 })).settle(CAM, relay(BOB, { kind: 1 }));
    expect(town.ask(ANN, { mode: "query" })).toBe(fault("MODE_REFUSED"));
    expect(town.ask(ANN)).toBe("returned 0 bytes");
    expect(town.ask(CAM)).toBe(fault("MODE_REFUSED"));
    expect(town.ask(CAM, { mode: "query" })).toBe(fault("MODE_REFUSED"));
    town.settle(BOB, {});
    expect(town.ask(CAM)).toBe("returned 0 bytes");
    expect(town.ask(CAM, { mode: "query" })).toBe("returned 0 bytes");
  });

  it("gives each contract its own secrets, and random bytes that go on from call to call", () => {
    const noLabel = [...constant(0), ...constant(0)];
    const draw: Code = [
      ...[...noLabel, ...constant(4), ...constant(RESULT), ...call(0)],
      ...constant(RESULT),
    ];
    const town = new Town().settle(BOB, { imports: ["context.random"], command: draw });
    const command = [...calling(BOB), ...calling(BOB), ...returning(HEAP, 4)];
    town.settle(ANN, { imports: ["contracts.call"], command });
    expect(town.run(ANN).end).toEqual({ kind: "returned", value: Uint8Array.of(2, 2, 2, 2) });
  });

  it("passes on public events only, with the contract that emitted them", () => {
    const both: Code = [...emit(1), ...emit(0), ...constant(RESULT)];
    const town = new Town().settle(BOB, { imports: ["events.emit"], command: both });
    const command = [...emit(0, 1), ...calling(BOB), ...emit(1, 1), ...constant(RESULT)];
    town.settle(ANN, { imports: ["contracts.call", "events.emit"], command });
    const seen = town.run(ANN).events.map((event) => [event.contract?.[0], event.public]);
    expect(seen).toEqual([
      [undefined, false],
      [BOB, true],
      [undefined, true],
    ]);
  });

  it("counts the events of all contracts together, and forgets those of calls that failed", () => {
    const half = Array.from({ length: EVENTS_MAX / 2 }, () => emit(0)).flat();
    const imports = ["events.emit"] as const;
    const town = new Town().settle(BOB, { imports, command: [...half, ...constant(RESULT)] });
    const one = calling(BOB, { gas: 500_000 });
    const twice = [...one, ...one];
    const relayed = { imports: ["contracts.call"], init: constant(RESULT) } as const;
    town.settle(ANN, { ...relayed, command: [...twice, ...returning(AREA, 24)] });
    town.settle(CAM, { ...relayed, command: [...twice, ...one, ...returning(AREA, 24)] });
    expect(town.ask(ANN)).toBe("returned 0 bytes");
    expect(town.ask(CAM)).toBe(fault("EVENTS_LIMIT"));
    town.settle(BOB, { imports, command: [...half, unreachable] });
    expect(town.ask(CAM)).toBe(fault("TRAP"));
  });

  it("refuses what is no call at all, without reading it", () => {
    const outcomes = [
      [...constant(0), ...constant(31), ...constant(0), ...constant(0), ...constant(0)],
      [...constant(0), ...constant(32), ...constant(2), ...constant(0), ...constant(0)],
    ].map((start) => {
      const rest = [...constant(0), ...constant(0), ...constant(0), 0x42, 0, ...constant(AREA)];
      const command = [...start, ...rest, ...call(0), ...constant(RESULT)];
      return ending(new Town().settle(ANN, { imports: ["contracts.call"], command }).run(ANN));
    });
    expect(outcomes).toEqual(["ABI_VIOLATION", "ABI_VIOLATION"]);
    const initialize = [...calling(BOB)];
    const early = new Town().settle(ANN, { imports: ["contracts.call"], initialize });
    expect(ending(early.run(ANN))).toBe("REENTRY_REFUSED");
  });
});

describe("contracts.call, live", () => {
  const answer = { ok: { status: 200, headers: [], body: Uint8Array.of(1) } };
  /** Asks for one thing and fails if it is not answered. */
  const ask: Code = [
    ...[...word(500, 600), ...word(504, 3), ...word(508, 600), ...word(512, 3)],
    ...[...word(516, 0), ...word(520, 0), ...word(524, 0)],
    ...[...constant(500), ...constant(1), ...constant(540), ...call(0)],
  ];
  const asking = { imports: ["http.fetch"], command: [...ask, ...constant(RESULT)] } as const;
  const town = (): Town =>
    new Town()
      .settle(CAM, asking)
      .settle(BOB, relay(CAM))
      .settle(ANN, {
        imports: ["contracts.call"],
        command: [...calling(BOB), ...returning(HEAP, 24)],
      });

  it("waits for the HTTP of a contract two calls down, with what it would be in replay", async () => {
    const seen: number[] = [];
    const live = await town().runAsync(ANN, {
      http: (contract) => ({
        kind: "live",
        fetch: async (requests, heldBytes = 0) => {
          await Promise.resolve();
          seen.push(contract, heldBytes);
          return requests.map(() => answer);
        },
      }),
    });
    const replay = town().run(ANN, {
      http: () => ({ kind: "replay", next: (requests) => requests.map(() => answer) }),
    });
    expect(live).toEqual(replay);
    expect(live.end.kind).toBe("returned");
    expect(seen[0]).toBe(CAM);
    // Three instances of one page each wait.
    expect(seen[1]).toBeGreaterThan(3 * 65_536);
  });

  it("holds what the whole chain has written while it waits, calls that have ended included", async () => {
    /** Bytes that wait where one contract has written so much and returned before another asks. */
    const waiting = async (bytes: number): Promise<number> => {
      let held = 0;
      const value = [...constant(0), ...constant(1), ...constant(1_024), ...constant(bytes)];
      const written = [...value, ...call(0), ...constant(RESULT)];
      const both = [...calling(BOB), ...calling(CAM), ...returning(HEAP, 24)];
      const town = new Town()
        .settle(CAM, asking)
        .settle(BOB, { imports: ["state.set"], command: written })
        .settle(ANN, { imports: ["contracts.call"], command: both });
      const fetch = (_: unknown, heldBytes = 0) => {
        held = heldBytes;
        return Promise.resolve([answer]);
      };
      await town.runAsync(ANN, { http: () => ({ kind: "live", fetch }) });
      return held;
    };
    expect((await waiting(40_000)) - (await waiting(10))).toBe(39_990);
  });

  it("ends all calls when what was recorded does not fit, whoever would catch it", async () => {
    const mismatch = (): never => {
      throw new Fault("HTTP_REPLAY_MISMATCH");
    };
    expect(town().ask(ANN, { http: () => ({ kind: "replay", next: mismatch }) })).toBe(
      "HTTP_REPLAY_MISMATCH",
    );
    const busy = { kind: "live", fetch: () => Promise.reject(new Fault("BUSY")) } as const;
    expect(ending(await town().runAsync(ANN, { http: () => busy }))).toBe("BUSY");
  });

  it("counts a stack for each call that may wait, and gives all of them back", async () => {
    const power = { kind: "live", fetch: () => Promise.resolve([answer]) } as const;
    const visit = (left: number) => ({ http: () => power, stacks: { left } });
    const [enough, short] = [visit(2), visit(1)];
    expect(ending(await town().runAsync(ANN, enough))).toBe("returned");
    expect(ending(await town().runAsync(ANN, short))).toBe("BUSY");
    expect([enough.stacks.left, short.stacks.left]).toEqual([2, 1]);
  });

  it("runs callees that never wait at once", async () => {
    const power = { kind: "live", fetch: () => Promise.reject(new Error("not asked")) } as const;
    const quick = new Town().settle(BOB, {}).settle(ANN, relay(BOB));
    const live = await quick.runAsync(ANN, { http: () => power });
    expect(live).toEqual(quick.run(ANN));
  });
});
