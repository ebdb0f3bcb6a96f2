import { describe, expect, it } from "vitest";
import {
  ARGUMENT_BYTES_MAX,
  EVENT_BYTES_MAX,
  EVENTS_MAX,
  NAME_LENGTH_MAX,
} from "#protocol/limits.ts";
import { runCall, runCallAsync } from "#host/functions/call.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { hostFunctionKeys } from "#host/functions/table.ts";
import type { ChainWatch } from "#host/functions/watch.ts";
import { admitCore } from "#host/vm/admit.ts";
import type { HostImport } from "#host/vm/instance.ts";
import {
  admitContract,
  contractCore,
  ending,
  environment,
  GAS,
  HEAP,
  RESULT,
  run,
  word,
} from "#test/support/contract.ts";
import {
  add,
  brIf,
  call,
  constant,
  get,
  i32,
  loop,
  set,
  tee,
  type Code,
} from "#test/support/wasm.ts";

const echoArgs: Code = [
  ...[...constant(RESULT), ...get(2), 0x36, 2, 0],
  ...[...constant(RESULT + 4), ...get(3), 0x36, 2, 0],
  ...constant(RESULT),
];
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("runCall()", () => {
  it("hands arguments in and the result out", () => {
    const admitted = admitContract({ command: echoArgs });
    const args = bytes(1, 2, 3, 255);
    const { end } = runCall(admitted, { method: "", args, gasLimit: GAS }, environment());
    expect(end).toEqual({ kind: "returned", value: args });
  });

  it("hands the method in as UTF-16", () => {
    const method: Code = [
      ...[...constant(RESULT), ...get(0), 0x36, 2, 0],
      ...[...constant(RESULT + 4), ...get(1), ...constant(1), 0x74, 0x36, 2, 0],
      ...constant(RESULT),
    ];
    const request = { method: "bß", args: bytes(), gasLimit: GAS };
    const { end } = runCall(admitContract({ command: method }), request, environment());
    expect(end).toEqual({ kind: "returned", value: bytes(0x62, 0, 0xdf, 0) });
  });

  it("enters the export that the mode names", () => {
    const answer = (value: number): Code => [
      ...word(64, value),
      ...word(RESULT, 64),
      ...word(RESULT + 4, 1),
      ...constant(RESULT),
    ];
    const admitted = admitContract({ init: answer(1), command: answer(2), query: answer(3) });
    const values = (["init", "command", "query"] as const).map(
      (mode) => run(admitted, { mode }).end,
    );
    expect(values).toEqual([1, 2, 3].map((value) => ({ kind: "returned", value: bytes(value) })));
  });

  it("refuses a method or arguments over their limits before it makes an instance", () => {
    const admitted = admitContract({});
    const refuse = (method: string, length: number): [string, number] => {
      const args = new Uint8Array(length);
      const outcome = runCall(admitted, { method, args, gasLimit: GAS }, environment());
      return [ending(outcome), outcome.gasUsed];
    };
    expect(refuse("m".repeat(NAME_LENGTH_MAX), 0)[0]).toBe("returned");
    expect(refuse("m".repeat(NAME_LENGTH_MAX + 1), 0)).toEqual(["METHOD_UNKNOWN", 0]);
    expect(refuse("", ARGUMENT_BYTES_MAX + 1)).toEqual(["ARGUMENTS_MALFORMED", 0]);
  });

  it("returns a typed failure with its fields, no events, and the gas it used", () => {
    const emit = [
      ...constant(0),
      ...constant(0),
      ...constant(0),
      ...constant(0),
      ...constant(0),
      ...call(1),
    ];
    const fail = [
      ...word(64, 0x0062_0061),
      ...word(72, 0xc0c0),
      ...constant(64),
      ...constant(2),
      ...constant(72),
      ...constant(2),
      ...call(0),
    ];
    const outcome = run(
      admitContract({
        imports: ["control.fail", "events.emit"],
        command: [...emit, ...fail, ...constant(RESULT)],
      }),
    );
    expect(outcome.end).toEqual({ kind: "failed", name: "ab", fields: bytes(0xc0, 0xc0) });
    expect(outcome.events).toEqual([]);
    expect(outcome.gasUsed).toBeLessThan(GAS);
  });

  it.each([
    [0, "METHOD_UNKNOWN"],
    [1, "ARGUMENTS_MALFORMED"],
    [2, "CALLER_REFUSED"],
  ])("turns refusal %i into %s, and charges what was used", (reason, code) => {
    const command = [...constant(reason), ...call(0), ...constant(RESULT)];
    const outcome = run(admitContract({ imports: ["control.refuse"], command }));
    expect(ending(outcome)).toBe(code);
    expect(outcome.gasUsed).toBeLessThan(GAS);
  });

  it("keeps events in order, with at most so many, so long and so named", () => {
    const emit = (units: number, length: number, isPublic: number): Code => [
      ...[
        ...constant(HEAP),
        ...constant(units),
        ...constant(0),
        ...constant(length),
        ...constant(isPublic),
        ...call(0),
      ],
    ];
    const once = (code: Code): ReturnType<typeof run> =>
      run(admitContract({ imports: ["events.emit"], command: [...code, ...constant(RESULT)] }));
    const { events } = once([...emit(1, 2, 0), ...emit(0, 0, 1), ...emit(0, 0, 7)]);
    expect(events).toEqual([
      { name: "\0", fields: bytes(0, 0), public: false },
      { name: "", fields: bytes(), public: true },
      { name: "", fields: bytes(), public: true },
    ]);
    expect(ending(once(emit(NAME_LENGTH_MAX, EVENT_BYTES_MAX, 1)))).toBe("returned");
    expect(ending(once(emit(NAME_LENGTH_MAX + 1, 0, 1)))).toBe("EVENTS_LIMIT");
    expect(ending(once(emit(0, EVENT_BYTES_MAX + 1, 1)))).toBe("EVENTS_LIMIT");
    const times = (count: number): string => {
      const repeat = [
        ...constant(count),
        ...set(4),
        ...loop([...emit(0, 0, 1), ...get(4), ...constant(-1), add, ...tee(4), ...brIf(0)]),
      ];
      return ending(
        run(
          admitContract({
            imports: ["events.emit"],
            locals: [[1, i32]],
            command: [...repeat, ...constant(RESULT)],
          }),
        ),
      );
    };
    expect(times(EVENTS_MAX)).toBe("returned");
    expect(times(EVENTS_MAX + 1)).toBe("EVENTS_LIMIT");
  });

  it("writes state into the overlay and reads it back, committing nothing itself", () => {
    const state = new ContractState([[bytes(0), bytes(5)]]);
    const overlay = new Overlay(state);
    const command = [
      ...[...constant(64), ...constant(1), ...constant(32), ...call(0)],
      ...[...constant(64), ...constant(1), ...constant(100), ...constant(3), ...call(1)],
      ...[...constant(101), ...constant(1), ...call(2)],
      ...[...word(RESULT, 32), ...word(RESULT + 4, 12), ...constant(RESULT)],
    ];
    const imports = ["state.get", "state.set", "state.remove"] as const;
    const outcome = run(admitContract({ imports, command }), { state: overlay });
    expect(outcome.end).toEqual({
      kind: "returned",
      value: bytes(1, 0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0),
    });
    expect(overlay.writes()).toEqual([[bytes(0), undefined]]);
    expect(state.get(bytes(0))).toEqual(bytes(5));
  });

  it("answers context and secrets from the environment", () => {
    const now = [
      ...constant(64),
      ...call(0),
      0x37,
      3,
      0,
      ...constant(72),
      ...call(1),
      0x37,
      3,
      0,
      ...word(RESULT, 64),
      ...word(RESULT + 4, 16),
      ...constant(RESULT),
    ];
    const { end } = run(
      admitContract({ imports: ["context.now", "context.height"], command: now }),
    );
    expect(end.kind === "returned" && new BigUint64Array(end.value.slice().buffer)).toEqual(
      BigUint64Array.of(1_700_000_000n, 7n),
    );
    const secret = [
      ...word(64, 0x0065_006b),
      ...word(68, 0x79),
      ...constant(64),
      ...constant(3),
      ...constant(32),
      ...call(0),
      ...word(RESULT, HEAP),
      ...word(RESULT + 4, 8),
      ...constant(RESULT),
    ];
    expect(run(admitContract({ imports: ["secrets.get"], command: secret })).end).toEqual({
      kind: "returned",
      value: bytes(0x6f, 0, 0x70, 0, 0x65, 0, 0x6e, 0),
    });
  });
});

describe("a call that is over", () => {
  it.each([
    ["returned", constant(RESULT)],
    ["TRAP", [0x00]],
  ])("%s: leaves its imports nothing that they could reach", (expected, code) => {
    const kept: HostImport[] = [];
    const watch: ChainWatch = {
      begin: () => ({
        link: (_key, linked) => {
          kept.push(linked);
          return linked;
        },
        ended: () => undefined,
      }),
      ended: () => undefined,
    };
    const imports = hostFunctionKeys;
    expect(ending(run(admitContract({ imports, command: code }), { watch }))).toBe(expected);
    expect(kept).toHaveLength(imports.length);
    for (const linked of kept as ((...args: number[]) => unknown)[]) {
      expect(() => linked(0, 0, 0, 0)).toThrow("REENTRY_REFUSED");
    }
  });
});

describe("runCallAsync()", () => {
  it("gives what runCall gives, for a contract without HTTP", async () => {
    const admitted = admitContract({ command: echoArgs });
    const request = { method: "", args: bytes(1), gasLimit: GAS };
    expect(await runCallAsync(admitted, request, environment())).toEqual(
      runCall(admitted, request, environment()),
    );
  });
});

describe("a fault's trace", () => {
  it("names offsets in the original module, innermost frame first, if the map was kept", () => {
    const parts = {
      command: [...call(5), ...constant(RESULT)],
      functions: [{ locals: [[2, i32]] as const, code: [...constant(1), ...set(0), 0x00] }],
    };
    const core = contractCore(parts);
    const { end } = run(admitCore(core, undefined, { offsetMap: true }));
    const trace = (end.kind === "fault" ? end.trace : undefined) ?? [];
    // 0x00 is `unreachable`, 0x10 is `call`: each frame points at the instruction it is in.
    expect(trace.map((offset) => core[offset])).toEqual([0x00, 0x10]);
    expect(run(admitCore(core)).end).not.toHaveProperty("trace");
  });
});
