/**
 * Goal: an instance that serves again must not be told from a new one, whatever the call before it did.
 *
 * Method: contracts that change all that code can change, in every way a call can end, and then show what the next
 * call finds. How many instances were made is how often a memory was taken. The random modules of
 * `reference.test.ts` run in restored instances too, from their second run on.
 */
import { describe, expect, it, vi } from "vitest";
import { runCall, runCallAsync } from "#host/functions/call.ts";
import { LIFT_BYTES_MAX, LOG_BYTES_MAX } from "#protocol/limits.ts";
import type { CallMode } from "#host/functions/environment.ts";
import type { AdmitOptions, AdmittedModule } from "#host/vm/admit.ts";
import {
  admitContract,
  ending,
  environment,
  GAS,
  RESULT,
  returning,
  run,
  word,
  type ContractParts,
} from "#test/support/contract.ts";
import {
  call,
  constant,
  drop,
  get,
  i32,
  i64,
  repeated,
  unreachable,
  type Code,
} from "#test/support/wasm.ts";

const [F32, F64] = [0x7d, 0x7c];
const [END, GLOBAL_GET, GLOBAL_SET] = [0x0b, 0x23, 0x24];
const SHOWN = 64;
const empty = [...word(RESULT, 0), ...word(RESULT + 4, 0), ...constant(RESULT)];

/** Variables that begin with numbers long and short, and what they are set to and stored by. */
const variables = [
  { type: i32, initial: constant(-(2 ** 31)), other: constant(7), store: 0x36, bytes: 4 },
  {
    type: i64,
    initial: [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
    other: [0x42, 1],
    store: 0x37,
    bytes: 8,
  },
  { type: F32, initial: [0x43, 0, 0, 0, 0x80], other: [0x43, 1, 2, 3, 4], store: 0x38, bytes: 4 },
  {
    type: F64,
    initial: [0x44, 1, 2, 3, 4, 5, 6, 7, 8],
    other: [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
    store: 0x39,
    bytes: 8,
  },
];
const globals = [
  // One that cannot change stands before them, so that indexes and places differ.
  [i32, 0, ...constant(99), END],
  ...variables.map(({ type, initial }) => [type, 1, ...initial, END]),
];
const changed = variables.flatMap(({ other }, at) => [...other, GLOBAL_SET, at + 1]);
const shown = variables.flatMap(({ store }, at) => [
  ...[...constant(SHOWN + 8 * at), GLOBAL_GET, at + 1],
  ...[store, 0, 0],
]);
const showVariables = [...shown, ...returning(SHOWN, 8 * variables.length)];

/** Two segments, the second over a part of the first, and bytes that none fills between and behind them. */
const data = [
  [0, ...constant(100), END, 6, 1, 2, 3, 4, 5, 6],
  [0, ...constant(103), END, 2, 70, 80],
  [0, ...constant(300), END, 1, 9],
];
const scribble = [...constant(96), ...constant(0xee), ...constant(400), 0xfc, 0x0b, 0];
const showData = returning(96, 300);

const ends: readonly [string, Code, string][] = [
  ["returned", empty, "returned"],
  ["trapped", [unreachable], "TRAP"],
  ["gave a bad result", constant(-1), "MEMORY_OUT_OF_BOUNDS"],
  ["ran for ever", [0x03, 0x40, 0x0c, 0, END, ...empty], "OUT_OF_GAS"],
  ["called itself for ever", [...call(6), ...empty], "STACK_OVERFLOW"],
  [
    "failed",
    [...Array.from({ length: 4 }, () => constant(0)).flat(), ...call(0), ...empty],
    "failed",
  ],
];

interface Counted {
  readonly admitted: AdmittedModule;
  /** How many instances there have been. */
  readonly made: () => number;
}

function contract(parts: ContractParts, options?: AdmitOptions): Counted {
  const admitted = admitContract(parts, options);
  const take = vi.spyOn(admitted.memories, "take");
  return { admitted, made: () => take.mock.calls.length };
}

/** Results of a query before and after a command of each end. */
async function around(query: Code, act: Code, { end, isResumable }: Way) {
  const [, finish, expected] = end;
  const parts = {
    ...{ imports: ["control.fail"] as const, globals, data, query },
    functions: [{ code: call(6) }],
    command: [...act, ...finish],
  };
  const { admitted, made } = contract(parts, { isResumable });
  const request = { method: "", args: new Uint8Array(0), gasLimit: GAS };
  const run = (mode: CallMode) => runCallAsync(admitted, request, environment({ mode }));
  const before = await run("query");
  expect(ending(await run("command"))).toBe(expected);
  expect(ending(await run("init"))).toBe("returned");
  return { before, after: await run("query"), made: made() };
}

interface Way {
  readonly end: (typeof ends)[number];
  readonly isResumable: boolean;
}
const ways = ends.flatMap((end): [string, Way][] => [
  [end[0], { end, isResumable: false }],
  [`could be suspended and ${end[0]}`, { end, isResumable: true }],
]);

describe("an instance that serves again", () => {
  it.each(ways)("has its variables again after a call that %s", async (_, way) => {
    const { before, after, made } = await around(showVariables, changed, way);
    expect(before.end.kind).toBe("returned");
    expect(after).toEqual(before);
    expect(made).toBe(1);
  });

  it.each(ways)("has its memory again after a call that %s", async (_, way) => {
    const { before, after, made } = await around(showData, scribble, way);
    expect(before.end).toMatchObject({ kind: "returned" });
    expect(after).toEqual(before);
    expect(made).toBe(1);
  });

  it("gives each call in slices its own share for allocations", async () => {
    const { admitted, made } = contract(
      { realloc: [...repeated(200, 3, []), ...constant(1024)], command: empty },
      { isResumable: true },
    );
    const request = { method: "", args: new Uint8Array(0), gasLimit: GAS };
    const withShare = async (allocationGas: number): Promise<string> => {
      const pace = { sliceGas: 1_000_000, allocationGas, next: () => Promise.resolve() };
      return ending(await runCallAsync(admitted, request, environment({ pace })));
    };
    expect(await withShare(1_000_000)).toBe("returned");
    expect(await withShare(10)).toBe("OUT_OF_GAS");
    expect(await withShare(1_000_000)).toBe("returned");
    expect(made()).toBe(1);
  });

  it("holds nothing of a call as soon as that is over", () => {
    const admitted = admitContract({ data, command: [...scribble, ...empty] });
    const take = vi.spyOn(admitted.memories, "take");
    run(admitted, { mode: "query" });
    const [memory] = take.mock.results.map(({ value }) => value as WebAssembly.Memory);
    if (memory === undefined) throw new Error("no memory was taken");
    const fresh = Buffer.from(memory.buffer.slice(0));
    expect(fresh.subarray(100, 106)).toEqual(Buffer.of(1, 2, 3, 70, 80, 6));
    expect(ending(run(admitted))).toBe("returned");
    expect(Buffer.from(memory.buffer).equals(fresh)).toBe(true);
  });

  it("copies and logs no less than a new one", () => {
    const units = LOG_BYTES_MAX / 2;
    const log = [...constant(0), ...constant(1024), ...constant(units), ...call(0)];
    const { admitted, made } = contract({
      ...{ imports: ["logging.log"], memory: [0, 4] },
      command: [...log, ...log, ...returning(0, 100_000)],
    });
    const first = run(admitted, {}, Number.MAX_SAFE_INTEGER);
    expect(first.end.kind).toBe("returned");
    expect(first.logs).not.toEqual([]);
    const rounds = Math.ceil(LIFT_BYTES_MAX / 100_000);
    for (let round = 0; round < rounds; round++) {
      expect(run(admitted, {}, Number.MAX_SAFE_INTEGER)).toEqual(first);
    }
    expect(made()).toBe(1);
  });

  it("tells nothing of the panic, the events or the logs of the call before", () => {
    const zeros = (count: number): number[] =>
      Array.from({ length: count }, () => constant(0)).flat();
    const { admitted } = contract({
      imports: ["control.panic", "events.emit", "logging.log"],
      command: [...zeros(5), ...call(1), ...zeros(3), ...call(2), ...empty],
      init: [...zeros(6), ...call(0), unreachable],
      query: [unreachable],
    });
    expect(run(admitted).events).toHaveLength(1);
    expect(run(admitted, { mode: "init" }).end).toMatchObject({
      kind: "fault",
      panic: { text: "" },
    });
    const { end, events, logs } = run(admitted, { mode: "query" });
    expect([ending({ end, events, logs, gasUsed: 0, gasRun: 0 }), events, logs]).toEqual([
      "TRAP",
      [],
      [],
    ]);
    expect(end).not.toHaveProperty("panic");
    expect(run(admitted).logs).toHaveLength(1);
  });

  it("runs `_initialize` for each call", () => {
    const { admitted, made } = contract({
      globals,
      initialize: [...constant(5), GLOBAL_SET, 1],
      command: showVariables,
    });
    const first = run(admitted);
    expect(run(admitted)).toEqual(first);
    expect(made()).toBe(1);
  });
});

describe("an instance that does not serve again", () => {
  const table = [1, 0x70, 0, 4];
  const passive = [[1, 0, 1, 0]];
  const [init, dropElement, copy, dropData] = [12, 13, 14, 9];
  const three = [...constant(0), ...constant(0), ...constant(1)];
  /** How a second call meets what a first one left. */
  const lasting: readonly [string, Code, ContractParts][] = [
    ["fills its table", [...three, 0xfc, init, 0, 0], { table, elements: passive }],
    [
      "drops elements",
      [...three, 0xfc, init, 0, 0, 0xfc, dropElement, 0],
      { table, elements: passive },
    ],
    [
      "copies in its table",
      [...constant(2), ...constant(0), ...constant(1), 0xfc, copy, 0, 0],
      { table, elements: [[0, ...constant(0), END, 1, 0]] },
    ],
    [
      "drops data",
      [...three, 0xfc, 8, 0, 0, 0xfc, dropData, 0],
      { data: [[1, 1, 42]], extra: new Map([[9, [12, 1, 1]]]) },
    ],
  ];

  it.each(lasting)("is that of code that %s", (_, act, parts) => {
    const { admitted, made } = contract({ ...parts, command: [...act, ...empty] });
    expect(admitted.isRestorable).toBe(false);
    const first = run(admitted);
    expect(first.end.kind).toBe("returned");
    expect(run(admitted)).toEqual(first);
    expect(made()).toBe(2);
  });

  it("is one whose memory grew, or is large", () => {
    const grown = contract({ command: [...constant(1), 0x40, 0, drop, ...empty] });
    const large = contract({ memory: [0, 5] });
    for (const { admitted, made } of [grown, large]) {
      for (let round = 0; round < 3; round++) expect(ending(run(admitted))).toBe("returned");
      expect(made()).toBe(3);
    }
  });

  it("is one that is watched", () => {
    const { admitted, made } = contract({ command: empty });
    const watch = {
      begin: () => ({ link: (_: unknown, linked: never) => linked, ended: () => undefined }),
      ended: () => undefined,
    };
    for (let round = 0; round < 3; round++) run(admitted, { watch });
    expect(made()).toBe(3);
    run(admitted);
    run(admitted);
    expect(made()).toBe(4);
  });

  it("is one too many, if more calls overlapped than are likely to", async () => {
    const { admitted, made } = contract(
      {
        imports: ["http.fetch"],
        command: [...constant(0), ...constant(0), ...constant(64), ...call(0), ...empty],
      },
      { isResumable: true },
    );
    const request = { method: "", args: new Uint8Array(0), gasLimit: GAS };
    const http = { kind: "live", fetch: () => Promise.resolve([]) } as const;
    const overlap = async (): Promise<void> => {
      const calls = Array.from({ length: 10 }, () =>
        runCallAsync(admitted, request, environment({ http })),
      );
      for (const outcome of await Promise.all(calls)) expect(ending(outcome)).toBe("returned");
    };
    await overlap();
    expect(made()).toBe(10);
    await overlap();
    expect(made()).toBe(16);
  });

  it("is none that was refused before it ran", () => {
    const { admitted, made } = contract({ command: [...get(1), drop, ...empty] });
    const long = { method: "m".repeat(1_000), args: new Uint8Array(0), gasLimit: GAS };
    run(admitted);
    for (let round = 0; round < 3; round++) {
      expect(ending(runCall(admitted, long, environment()))).toBe("METHOD_UNKNOWN");
    }
    expect(ending(run(admitted))).toBe("returned");
    expect(made()).toBe(1);
  });
});
