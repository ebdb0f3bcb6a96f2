/**
 * What a host function costs beyond the empty call: hand-made code calls it in a loop, or does not.
 *
 * @module
 */
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import type { WorldImportKey } from "#host/vm/world.ts";
import { interleave, leastDifference, timeRun, warmUp } from "#test/bench/measure.ts";
import type { Row } from "#test/bench/row.ts";
import { Sandbox } from "#test/bench/vm/sandbox.ts";
import { admitContract, HEAP, RESULT } from "#test/support/contract.ts";
import { call, constant, get, i32, repeated, store32, type Code } from "#test/support/wasm.ts";

const ROUNDS = 201;
const WARM_MS = 150;
/** Local behind the four parameters: counts the iterations down. */
const LEFT = 4;
const KEY_BYTES = 16;
const VALUE_BYTES = 32;
const AREA = 4096;
const KEY: Code = [...constant(AREA), ...constant(KEY_BYTES)];
const VALUE: Code = [...constant(AREA + 64), ...constant(VALUE_BYTES)];
const TEXT: Code = [...constant(AREA + 128), ...constant(8)];

interface Measured {
  readonly key: WorldImportKey;
  readonly what: string;
  /** Pushes the arguments. */
  readonly args: Code;
  /** Calls within one run: events are few in a call. */
  readonly times: number;
  readonly boundMicroseconds?: number;
}

const measured: readonly Measured[] = [
  {
    key: "state.get",
    what: `${VALUE_BYTES} bytes at a key of ${KEY_BYTES}`,
    args: [...KEY, ...constant(RESULT)],
    times: 1_000,
    boundMicroseconds: 0.6,
  },
  {
    key: "state.set",
    what: `${VALUE_BYTES} bytes at a key of ${KEY_BYTES}`,
    args: [...KEY, ...VALUE],
    times: 1_000,
    boundMicroseconds: 0.8,
  },
  {
    key: "events.emit",
    what: `a name of 8, ${VALUE_BYTES} bytes`,
    args: [...TEXT, ...VALUE, ...constant(0)],
    times: 60,
  },
  { key: "logging.log", what: "a text of 8", args: [...constant(1), ...TEXT], times: 1_000 },
  { key: "context.caller", what: "32 bytes", args: constant(RESULT), times: 1_000 },
  {
    key: "context.random",
    what: "32 bytes in a command",
    args: [...TEXT, ...constant(32), ...constant(RESULT)],
    times: 1_000,
  },
  {
    key: "crypto.sha256",
    what: "1 KiB",
    args: [...constant(AREA), ...constant(1024), ...constant(RESULT)],
    times: 1_000,
  },
];

/** Keys are words from 1 up, each followed by zeros. */
function filledState(count: number): ContractState {
  const state = new ContractState();
  const overlay = new Overlay(state);
  for (let index = 1; index <= count; index++) {
    const key = new Uint8Array(KEY_BYTES);
    new DataView(key.buffer).setUint32(0, index, true);
    overlay.set(key, new Uint8Array(VALUE_BYTES).fill(7));
  }
  state.apply(overlay.writes());
  return state;
}

/** A command that writes the counter into the key `times` times, and does `step` after each. */
function looping(key: WorldImportKey, times: number, step: Code): Sandbox {
  const iteration = [...constant(AREA), ...get(LEFT), ...store32, ...step];
  const admitted = admitContract({
    imports: [key],
    locals: [[1, i32]],
    realloc: constant(HEAP),
    command: [...repeated(times, LEFT, iteration), ...constant(RESULT + 64)],
  });
  return new Sandbox(admitted, filledState(times));
}

async function measure({ key, what, args, times, boundMicroseconds }: Measured): Promise<Row> {
  const request = { method: "", args: new Uint8Array(0) };
  const runs = [looping(key, times, []), looping(key, times, [...args, ...call(0)])].map(
    (sandbox) => () => timeRun(() => sandbox.call("command", request)),
  );
  for (const run of runs) await warmUp(run, WARM_MS);
  const [empty = [], calling = []] = interleave(runs, ROUNDS);
  const row = {
    name: `${key} beyond the empty call: ${what}`,
    value: leastDifference(calling, empty) / times,
    unit: "µs",
  } as const;
  if (boundMicroseconds === undefined) return row;
  return { ...row, bound: { kind: "at most", value: boundMicroseconds } };
}

export async function hostFunctionRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const each of measured) rows.push(await measure(each));
  return rows;
}
